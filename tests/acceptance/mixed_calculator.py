"""Numbers of a mixed world, from the definitions alone: plain loops over the rows of a selection.

Nothing of the program is used. A :class:`Number` says value, numerator and denominator; ``value`` None = there is none.
"""

# ruff: noqa: E501, C901  (a line a number, a case a number)
from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from tests.acceptance.mixed_world import DOUYIN, FLAGSHIP, ROBOT, Row, World
from tests.acceptance.spans import time_key

Pick = Callable[[str, Row], bool]
WINDOWS = {"taobao": (time(8), time(23)), "douyin": (time(8), time(22, 59, 59))}
LEVELS = {5: "很满意", 4: "满意", 3: "一般", 2: "不满", 1: "很不满"}


@dataclass(frozen=True)
class Settings:
    """What the owner may set."""

    answer_within: dict[str, int]
    edges: tuple[int, ...] = (60, 180, 300, 600)
    return_hours: float = 72
    ticket_hours: float = 48
    reply_hours: float = 72
    return_days: float = 30
    retention_days: float = 30
    check_pass: float = 80


DEFAULTS = Settings({"taobao": 180, "douyin": 180})


@dataclass(frozen=True)
class Number:
    value: Any
    top: Fraction | int | None = None
    bottom: Fraction | int | None = None
    kind: str = ""


NOTHING = Number(None)


def share(flags: Iterable[bool | None]) -> Number:
    known = [bool(flag) for flag in flags if flag is not None]
    return Number(Fraction(sum(known), len(known)), sum(known), len(known)) if known else NOTHING


def mean(values: Iterable[float | None]) -> Number:
    known = [Fraction(value) for value in values if value is not None]
    return Number(sum(known) / len(known), sum(known), len(known)) if known else NOTHING


def quantile(values: Iterable[float | None], q: Fraction) -> Number:
    known = sorted(Fraction(value) for value in values if value is not None)
    if not known:
        return NOTHING
    low = int(q * (len(known) - 1))
    high = min(low + 1, len(known) - 1)
    return Number(known[low] + (known[high] - known[low]) * (q * (len(known) - 1) - low))


def spread(names: Iterable[str | None]) -> Number:
    found = Counter(name for name in names if name is not None)
    size = sum(found.values())
    return Number({name: Fraction(count, size) for name, count in found.items()}) if size else NOTHING


def half_waited(waits: Sequence[tuple[timedelta, bool]]) -> Number:
    left = Fraction(1)
    for at in sorted({wait for wait, over in waits if over}):
        left *= 1 - Fraction(sum(over and wait == at for wait, over in waits), sum(wait >= at for wait, _ in waits))
        if left <= Fraction(1, 2):
            return Number(Fraction(at.total_seconds()))
    return Number(None, len(waits))  # known, and too few have ended


def who(row: Row) -> tuple[str, str] | None:
    """A buyer is one of his shop; a nick with a star names nobody."""
    nick = row["buyer"]
    return None if nick is None or "*" in nick else (row["shop"], nick)


def day_after(moments: Iterable[datetime]) -> datetime:
    return datetime.combine(max(moments).date() + timedelta(days=1), time())


class Judge:
    """The numbers of a world. What rows mean beside others of their shop is marked once, before anything is chosen."""

    def __init__(self, world: World, settings: Settings = DEFAULTS) -> None:
        self.world, self.settings = world, settings
        for shop in {row["shop"] for rows in world.rows.values() for row in rows}:
            mine = {kind: [row for row in rows if row["shop"] == shop] for kind, rows in world.rows.items()}
            self._sessions(mine["session"])
            self._orders(shop, mine)
            self._reviews(mine)
            self._tickets(mine["ticket"])
        single = {(order["shop"], order["lines"][0]["id"]) for order in world.rows["order"] if len(order["lines"]) == 1}
        # files of 淘宝 refunds name the order alone: of its line where there is but one
        done = {
            (row["shop"], row["line"])
            for row in world.rows["refund"]
            if row["done"] and (row["shop"] == DOUYIN or (row["shop"], row["line"]) in single)
        }
        self.lines = [
            {"shop": order["shop"], "platform": order["platform"], "at": order["at"], "order": order["shop"] + order["id"], "product": line["product"], "amount": line["amount"],
             "paid": order["paid_at"] is not None and line["amount"] > 0, "refunded": line["refund"] or (order["shop"], line["id"]) in done}
            for order in world.rows["order"] if order["lined"] for line in order["lines"]
        ]  # fmt: skip

    # ------------------------------------------------------------ marks

    def _sessions(self, rows: list[Row]) -> None:
        if not rows:
            return
        newest, hours = max(row["at"] for row in rows), timedelta(hours=self.settings.return_hours)
        of_buyer = defaultdict(list)
        for row in rows:
            of_buyer[who(row)].append(row["at"])
        proxy = all(row["solved"] is None for row in rows)
        for row in rows:
            row["fcr"], row["proxy"] = None, proxy
            if who(row) is None or (row["solved"] is None and not proxy) or row["at"] + hours > newest:
                continue
            again = any(row["at"] < other <= row["at"] + hours for other in of_buyer[who(row)])
            row["fcr"] = bool(row["solved"] or proxy) and not again

    def _orders(self, shop: str, mine: dict[str, list[Row]]) -> None:
        orders = mine["order"]
        if not orders:
            return
        done = [row for row in mine["refund"] if row["done"]]
        end = day_after(row["at"] for row in orders)
        bought = defaultdict(list)
        for row in orders:
            row["paid"] = row["paid_at"] is not None and row["amount"] > 0
            row["refunded"] = any(line["refund"] for line in row["lines"]) or any(
                one["order"] == row["id"] for one in done
            )
            if row["paid"] and who(row):
                bought[who(row)].append(row["paid_at"])
        for row in orders:
            row["again"] = None
            times = sorted(bought.get(who(row), []))
            days = timedelta(days=self.settings.retention_days)
            if row["paid"] and times and row["paid_at"] == times[0] and row["paid_at"] + days <= end:
                row["again"] = len(times) > 1 and times[1] - times[0] <= days
        window, first = timedelta(days=self.settings.return_days), min(row["at"] for row in orders).date()
        for row in [*mine["invitation"], *(row for row in mine["session"] if row["invited"])]:
            row["returned"] = None
            if shop == FLAGSHIP and who(row) and row["at"] + window <= end and row["at"].date() >= first:
                row["returned"] = any(row["at"] < at <= row["at"] + window for at in bought.get(who(row), []))

    def _reviews(self, mine: dict[str, list[Row]]) -> None:
        reviews, limit = mine["review"], timedelta(hours=self.settings.reply_hours)
        if not reviews:
            return
        newest = max(at for row in reviews for at in (row["at"], row["replied"]) if at)
        for row in reviews:
            row["grade"] = "好评" if row["stars"] >= 4 else "中评" if row["stars"] == 3 else "差评"
            bad = row["grade"] == "差评"
            late = row["replied"] is not None and row["replied"] > newest
            row["answered"] = None
            if bad and row["at"] + limit <= newest:
                row["answered"] = row["replied"] is not None and row["replied"] - row["at"] <= limit
            row["reply wait"] = (
                None
                if not bad
                else (newest - row["at"], False)
                if row["replied"] is None
                else (row["replied"] - row["at"], True)
            )
            del late
        start = datetime.combine(min(row["at"] for row in reviews).date() - timedelta(days=7), time())
        end = day_after(row["at"] for row in reviews)
        for row in mine["order"]:
            told = [review for review in reviews if review["order"] == row["id"]]
            own = min((review["at"] for review in told if not review["default"]), default=end)
            system = min((review["at"] for review in told if review["default"]), default=end)
            for name, origin in (
                ("signed", row["signed"]),
                ("paid_at", row["paid_at"] if row["paid"] and not row["closed"] else None),
            ):
                row[f"wait {name}"] = None
                if origin is not None and start <= origin < end:
                    row[f"wait {name}"] = (max((own if own < end else system) - origin, timedelta(0)), own < end)

    def _tickets(self, rows: list[Row]) -> None:
        newest = max((at for row in rows for at in (row["at"], row["solved"]) if at), default=None)
        limit = timedelta(hours=self.settings.ticket_hours)
        for row in rows:
            assert newest is not None
            waited = (row["solved"] or newest) - row["at"]
            row["wait"] = (waited, row["solved"] is not None)
            row["in time"] = waited <= limit if row["solved"] else False if waited > limit else None

    # ------------------------------------------------------------ numbers

    def rows(self, kind: str) -> list[Row]:
        return self.lines if kind == "line" else self.world.rows[kind]

    def number(self, metric: str, pick: Pick, curve: tuple[Pick, tuple[date, date] | None] | None = None) -> Number:
        """The first kind of rows that gives a number.

        ``curve`` (the whole question, the days of the group; None = an hour, a weekday): along time a kind that gives
        other points is not stood in for by another where its files speak.
        """
        for kind, numbers in _SOURCES:
            rows = [row for row in self.rows(kind) if pick(kind, row)]
            found = numbers(self, metric, rows) if rows else None
            if found is not None and (found.value is not None or found.top):
                return replace(found, kind=kind)
            if curve is not None:
                everything = [row for row in self.rows(kind) if curve[0](kind, row)]
                whole = numbers(self, metric, everything) if everything else None
                if (
                    whole is not None
                    and (whole.value is not None or whole.top)
                    and self._speaks(kind, everything, curve[1])
                ):
                    return NOTHING
        return NOTHING

    def _speaks(self, kind: str, chosen: list[Row], span: tuple[date, date] | None) -> bool:
        if span is None:
            return True
        for shop in {row["shop"] for row in chosen}:
            days = [row["at"].date() for row in self.rows(kind) if row["shop"] == shop]
            if min(days) <= span[1] and max(days) >= span[0]:
                return True
        return False

    def complaints(
        self,
        metric: str,
        pick: Pick,
        asked: Pick,
        wide: Pick,
        *,
        named: bool,
        clock: bool,
        span: tuple[date, date] | None,
    ) -> Number:
        """Complaints of shops with tickets, over what these received, or by 1,000 of their orders.

        ``asked``: the whole question; ``wide``: the same of whoever it was; ``named``: by name, which tells nothing where no name stands on any;
        ``clock``: by hours or weekdays, of which a shop without an order had none. Of days (``span``) it is not known,
        but for days that files of sessions speak for.
        """
        known = [row for row in self.rows("ticket") if wide("ticket", row)]
        kind = "session" if metric == "complaint_rate" else "order"
        top, bottom = 0, 0
        for shop in {row["shop"] for row in known}:
            mine = [row for row in self.rows(kind) if row["shop"] == shop]
            if not any(wide(kind, row) and row.get("paid", True) for row in mine):
                continue
            told = [row for row in mine if pick(kind, row)]
            if (
                told
                or (clock and any(asked(kind, row) for row in mine))
                or (kind == "session" and self._speaks(kind, mine, span))
            ):
                top += sum(
                    row["complaint"] for row in self.rows("ticket") if row["shop"] == shop and pick("ticket", row)
                )
                bottom += sum(row.get("paid", True) for row in told)
        if not bottom or (named and not any(row["complaint"] for row in known)):
            return NOTHING
        if kind == "session" and top > bottom:
            return NOTHING  # more complaints than talks: the two do not speak of the same, and no rate is above 1
        times = 1 if kind == "session" else 1000
        return Number(Fraction(top * times, bottom), top * times, bottom)

    def _of_session(self, metric: str, rows: list[Row]) -> Number | None:
        windowed = [
            row for row in rows if WINDOWS[row["platform"]][0] <= row["at"].time() <= WINDOWS[row["platform"]][1]
        ]
        people = [row for row in rows if row["agent"] != ROBOT]  # 人工: what a robot held is no response time
        in_hours = [row for row in windowed if row["agent"] != ROBOT]
        known = [row for row in people if row["first"] is not None]
        seconds = [None if row["ended"] is None else (row["ended"] - row["at"]).total_seconds() for row in rows]

        def good(some: list[Row]) -> Number:
            return share(None if row["rating"] is None else row["rating"] >= 4 for row in some)

        def bad(some: list[Row]) -> Number:
            return share(
                None if row["rating"] is None else row["rating"] <= (3 if row["platform"] == "douyin" else 2)
                for row in some
            )

        def quick(some: list[Row], limit: int) -> Number:
            return share(row["first"] is not None and row["first"] <= limit for row in some if not row.get("unknown"))

        match metric:
            case "consulted" | "received" | "received_sessions" | "workload":
                return Number(len(rows), len(rows))
            case "invites_sent":
                return Number(sum(row["invited"] for row in rows))
            case "ratings_received.invited" | "ratings_received.self":
                return Number(sum(row["rated"] for row in rows if row["invited"] is metric.endswith("invited")))
            case "satisfaction_rate.invited" | "satisfaction_rate.self":
                return good([row for row in rows if row["invited"] is metric.endswith("invited")])
            case "dissatisfaction_rate.invited" | "dissatisfaction_rate.self":
                return bad([row for row in rows if row["invited"] is metric.endswith("invited")])
            case "invite_rate":
                return share(row["invited"] for row in rows)
            case "ratings_received":
                return Number(sum(row["rated"] for row in rows))
            case "review_rate":
                return share(row["rated"] for row in rows if row["invited"])
            case "satisfaction_rate":
                return good(rows)
            case "satisfaction_rate_window":
                return good(windowed)
            case "dissatisfaction_rate":
                return bad(rows)
            case "dissatisfaction_rate_window":
                return bad(windowed)
            case "satisfaction_score":
                return mean(row["rating"] for row in rows)
            case "rating_distribution":
                return spread(LEVELS.get(row["rating"]) for row in rows)
            case "first_response_mean":
                return mean(row["first"] for row in people)
            case "first_response_mean_window":
                return mean(row["first"] for row in in_hours)
            case "first_response_median":
                return quantile((row["first"] for row in people), Fraction(1, 2))
            case "first_response_p90":
                return quantile((row["first"] for row in people), Fraction(9, 10))
            case "avg_response_mean":
                return mean(row["average"] for row in people)
            case "avg_response_mean_window":
                return mean(row["average"] for row in in_hours)
            case "avg_response_median":
                return quantile((row["average"] for row in people), Fraction(1, 2))
            case "avg_response_p90":
                return quantile((row["average"] for row in people), Fraction(9, 10))
            case "handle_time_mean":
                return mean(seconds)
            case "handle_time_median":
                return quantile(seconds, Fraction(1, 2))
            case "response_buckets":
                edges = self.settings.edges
                found = Counter(sum(row["first"] >= edge for edge in edges) for row in known)
                return (
                    Number({place: Fraction(count, len(known)) for place, count in found.items()}) if known else NOTHING
                )
            case "response_3min_rate":
                return quick(people, 180)
            case "response_3min_rate_window":
                return quick(in_hours, 180)
            case "reply_rate":
                return share(
                    (row["first"], row["average"]) != (None, None)
                    for row in rows
                    if row["average"] is not None or not row.get("unknown")
                )
            case "sla_rate":
                return share(
                    row["first"] is not None and row["first"] <= self.settings.answer_within[row["platform"]]
                    for row in people
                    if not row.get("unknown")
                )
            case "resolution_rate":
                return share(row["solved"] for row in rows)
            case "resolution_time_median":
                return half_waited(
                    [
                        (row["ended"] - row["at"], row["solved"])
                        for row in rows
                        if row["ended"] and row["solved"] is not None
                    ]
                )
            case "fcr":
                return share(row["fcr"] for row in rows if not row["proxy"])
            case "answer_question_ratio":
                asked = sum(row["asked"] for row in rows)
                told = sum(row["messages"] for row in rows) - asked
                return Number(Fraction(told, asked), told, asked) if asked else NOTHING
            case "transfer_rate":
                return share(row["moved"] for row in rows)
            case "workload_messages":
                return Number(sum(row["messages"] for row in rows))
            case "category_share":
                return spread(row["category"] for row in rows)
        return None

    def _of_order(self, metric: str, rows: list[Row]) -> Number | None:
        paid = [row for row in rows if row["paid"]]
        buyers = Counter(who(row) for row in paid if who(row))
        match metric:
            case "paid_orders":
                return Number(len(paid))
            case "paid_amount":
                return Number(f"{sum(row['amount'] for row in paid) / 100:.2f}")
            case "cs_sales":
                named = [row for row in rows if "person" in row]
                return Number(f"{sum(row['amount'] for row in named if row['paid']) / 100:.2f}") if named else NOTHING
            case "order_buyers":
                return Number(len(buyers)) if any(who(row) for row in rows) else NOTHING
            case "repurchase_rate":
                return share(count >= 2 for count in buyers.values())
            case "avg_order_value":
                total = sum(row["amount"] for row in paid if who(row))
                return Number(f"{round(Fraction(total, len(buyers))) / 100:.2f}") if buyers else NOTHING
            case "retention" | "churn":
                told = {who(row): row["again"] for row in rows if row["again"] is not None}
                return share(again is (metric == "retention") for again in told.values())
            case "refund_rate":
                return share(row["refunded"] for row in paid)
            case "review_delay":
                return half_waited([row["wait signed"] for row in rows if row.get("wait signed")])
            case "review_delay_paid":
                return half_waited([row["wait paid_at"] for row in rows if row.get("wait paid_at")])
        return None

    def _of_line(self, metric: str, rows: list[Row]) -> Number | None:
        """By product, where an order counts once for each product it holds; a line is refunded by itself."""
        paid: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row["paid"]:
                paid[row["order"]].append(row)
        match metric:
            case "paid_orders":
                return Number(len(paid))
            case "paid_amount":
                return Number(f"{sum(row['amount'] for some in paid.values() for row in some) / 100:.2f}")
            case "refund_rate":
                return share(any(row["refunded"] for row in some) for some in paid.values())
        return None

    def _of_invitation(self, metric: str, rows: list[Row]) -> Number | None:
        if metric != "return_visit_rate":
            return None
        told = [(who(row), row["returned"]) for row in rows if row.get("returned") is not None]
        return share(any(yes for buyer, yes in told if buyer == one) for one in {buyer for buyer, _ in told})

    def _of_invited(self, metric: str, rows: list[Row]) -> Number | None:
        return self._of_invitation(metric, rows)

    def _of_unsigned(self, metric: str, rows: list[Row]) -> Number | None:
        """Where nobody tells of signing, the curve from payment."""
        told = {row["shop"] for row in self.rows("order") if row["signed"]}
        waits = [row["wait paid_at"] for row in rows if row["shop"] not in told and row.get("wait paid_at")]
        return half_waited(waits) if metric == "review_delay" and waits else None

    def _of_proxy(self, metric: str, rows: list[Row]) -> Number | None:
        """A proxy is not averaged with what is known."""
        return share(row["fcr"] for row in rows if row["proxy"]) if metric == "fcr" else None

    def _of_review(self, metric: str, rows: list[Row]) -> Number | None:
        match metric:
            case "review_count":
                return Number(len(rows))
            case "positive_review_rate" | "neutral_review_rate" | "negative_review_rate":
                wanted = {"positive": "好评", "neutral": "中评", "negative": "差评"}[metric.split("_", maxsplit=1)[0]]
                return share(row["grade"] == wanted for row in rows)
            case "review_distribution":
                return spread(row["grade"] for row in rows)
            case "review_reply_rate":
                return share(row["answered"] for row in rows)
            case "review_reply_delay":
                return half_waited([row["reply wait"] for row in rows if row["reply wait"]])
        return None

    def _of_ticket(self, metric: str, rows: list[Row]) -> Number | None:
        match metric:
            case "workload_tickets":
                return Number(len(rows))
            case "complaints":
                return Number(sum(row["complaint"] for row in rows))
            case "resolution_rate":
                return share(row["solved"] is not None for row in rows)
            case "sla_rate":
                return share(row["in time"] for row in rows)
            case "resolution_time_median":
                return half_waited([row["wait"] for row in rows])
        return None

    def _of_survey(self, metric: str, rows: list[Row]) -> Number | None:
        match metric:
            case "nps":
                said = [row["nps"] for row in rows if row["nps"] is not None]
                top = sum((score >= 9) - (score <= 6) for score in said)
                return Number(Fraction(top, len(said)), top, len(said)) if said else NOTHING
            case "ratings_received":
                return Number(sum(row["csat"] is not None for row in rows))
            case "satisfaction_rate":
                return share(None if row["csat"] is None else row["csat"] >= 4 for row in rows)
            case "dissatisfaction_rate":
                return share(
                    None if row["csat"] is None else row["csat"] <= (3 if row["platform"] == "douyin" else 2)
                    for row in rows
                )
            case "satisfaction_score":
                return mean(row["csat"] for row in rows)
            case "rating_distribution":
                return spread(LEVELS.get(row["csat"]) for row in rows)
            case "resolution_rate":
                return share(row["solved"] for row in rows)
        return None

    def _of_check(self, metric: str, rows: list[Row]) -> Number | None:
        return share(row["total"] >= self.settings.check_pass for row in rows) if metric == "accuracy_rate" else None


_SOURCES: Sequence[tuple[str, Callable[[Judge, str, list[Row]], Number | None]]] = (
    ("session", Judge._of_session), ("order", Judge._of_order), ("line", Judge._of_line), ("invitation", Judge._of_invitation), ("session", Judge._of_invited), ("session", Judge._of_proxy), ("order", Judge._of_unsigned),
    ("review", Judge._of_review), ("ticket", Judge._of_ticket), ("survey", Judge._of_survey), ("check", Judge._of_check),
)  # fmt: skip


def key_of(world: World, by: str | None, kind: str, row: Row, names: dict[tuple[str, str], str]) -> Any:
    """The group of a row; None where rows of the kind have none (but for the whole)."""
    at: datetime = row["at"]
    match by:
        case None:
            return None
        case "day" | "week" | "month" | "weekday" | "hour":
            return time_key(by, at)
        case "shop" | "platform":
            return row[by]
        case "agent":
            return names.get((row["shop"], row["person"]), "") if "person" in row else ""
        case "group":
            return (world.group(row) or "未分组") if "person" in row else ""
        case "category":
            return (row["category"] or "未分类") if kind in ("session", "ticket") else ""
        case "source":
            return {
                "session": "sessions",
                "order": "orders",
                "review": "reviews",
                "ticket": "tickets",
                "survey": "surveys",
                "check": "checks",
                "invitation": "invitations",
                "line": "",
            }[kind]
        case "product":
            return row["product"] if kind in ("review", "line") else ""
    raise AssertionError(by)


def within(first: date, last: date) -> Pick:
    return lambda kind, row: first <= row["at"].date() <= last
