"""Numbers out of single rows once more: plain loops over what happened, from the definitions alone.

Nothing of the program is used. A number is (value, numerator, denominator); None where there is none to give.
"""

# ruff: noqa: E501, C901  (a line a number, a case a number)
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from tests.acceptance.row_world import ROBOT, Row, Shop

Keep = Callable[[str, Shop, Row], bool]
"""(kind, shop, row) → whether the row belongs to the group asked for"""
Span = tuple[date, date]

HOURS_72, HOURS_48, DAYS_30 = timedelta(hours=72), timedelta(hours=48), timedelta(days=30)
WINDOWS = {"taobao": (time(8), time(23)), "douyin": (time(8), time(22, 59, 59))}
BANDS = ((60, "0–1 分钟"), (180, "1–3 分钟"), (300, "3–5 分钟"), (600, "5–10 分钟"), (None, "10 分钟以上"))
LEVELS = {5: "很满意", 4: "满意", 3: "一般", 2: "不满", 1: "很不满"}


@dataclass(frozen=True)
class Number:
    """What a number should be; ``top`` and ``bottom`` only where it is their quotient or a count."""

    value: Any
    top: Fraction | int | None = None
    bottom: Fraction | int | None = None


NOTHING = Number(None)


def share(flags: Sequence[bool | None]) -> Number:
    """Of the known ones the true ones."""
    known = [bool(flag) for flag in flags if flag is not None]
    return Number(Fraction(sum(known), len(known)), sum(known), len(known)) if known else NOTHING


def mean(values: Sequence[float | None]) -> Number:
    known = [Fraction(value) for value in values if value is not None]
    return Number(sum(known) / len(known), sum(known), len(known)) if known else NOTHING


def quantile(values: Sequence[float | None], q: Fraction) -> Number:
    known = sorted(Fraction(value) for value in values if value is not None)
    if not known:
        return NOTHING
    place = q * (len(known) - 1)
    low = int(place)
    high = min(low + 1, len(known) - 1)
    return Number(known[low] + (known[high] - known[low]) * (place - low))


def levels(names: Sequence[str | None]) -> Number:
    found = Counter(name for name in names if name is not None)
    size = sum(found.values())
    return Number({name: Fraction(count, size) for name, count in found.items()}) if size else NOTHING


def median_wait(waits: Sequence[tuple[timedelta, bool]]) -> Number:
    """Kaplan–Meier: the first time at which at most half are still waiting."""
    left = Fraction(1)
    for at in sorted({wait for wait, ended in waits if ended}):
        risk = sum(wait >= at for wait, _ in waits)
        left *= 1 - Fraction(sum(ended and wait == at for wait, ended in waits), risk)
        if left <= Fraction(1, 2):
            return Number(Fraction(at.total_seconds()))
    return NOTHING


class Calculator:
    """The numbers of some shops."""

    def __init__(self, shops: Sequence[Shop]) -> None:
        self.shops = shops
        for shop in shops:
            _mark_sessions(shop)
            _mark_orders(shop)
            _mark_invited(shop)
            _mark_reviews(shop)
            _mark_tickets(shop)

    def rows(self, kind: str, keep: Keep) -> Iterator[tuple[Shop, Row]]:
        for shop in self.shops:
            for row in getattr(shop, kind):
                if row.get("at") is not None and keep(kind, shop, row):
                    yield shop, row

    def number(self, metric: str, keep: Keep, curve: tuple[Keep, Span | None] | None = None) -> Number:
        """Sources in their order: sessions, what is a kind's own, tickets, surveys; the first that has a number.

        ``curve``: (the whole question, days of the group; None = an hour, a weekday) of a split along time: where the
        first source with any number in the question speaks, no later one is put in.
        """
        asked, ahead = False, False
        for kind, numbers in _SOURCES:
            found = numbers(self, metric, keep)
            if found is None:
                continue
            asked = True
            if found.value is not None:
                return NOTHING if ahead else found
            if curve is not None and not ahead:
                everything = numbers(self, metric, curve[0])
                ahead = everything is not None and everything.value is not None and self._speaks(kind, *curve)
        assert asked, metric
        return NOTHING

    def _speaks(self, kind: str, chosen: Keep, span: Span | None) -> bool:
        for shop in self.shops:
            days = [row["at"].date() for row in getattr(shop, kind)]
            if not days or shop not in {one for one, _ in self.rows(kind, chosen)}:
                continue
            if span is None or (min(days) <= span[1] and max(days) >= span[0]):
                return True
        return False


# ---------------------------------------------------------------- what rows mean beside the others of their shop


def _known_buyer(row: Row) -> str | None:
    nick = row["buyer"]
    return None if nick is None or "*" in nick or nick == "匿名买家" else nick


def _in_window(shop: Shop, at: datetime) -> bool:
    first, last = WINDOWS[shop.platform]
    return first <= at.time() <= last


def _mark_sessions(shop: Shop) -> None:
    newest = max((row["at"] for row in shop.sessions), default=None)
    for row in shop.sessions:
        buyer = _known_buyer(row)
        row["fcr"] = None
        if buyer is None or row["solved"] is None or row["at"] + HOURS_72 > newest:
            continue
        again = any(
            _known_buyer(other) == buyer and row["at"] < other["at"] <= row["at"] + HOURS_72 for other in shop.sessions
        )
        row["fcr"] = row["solved"] and not again


def _mark_orders(shop: Shop) -> None:
    refunded = {row["order"] for row in shop.refunds if row["done"]}
    for row in shop.orders:
        row["paid"] = row["paid_at"] is not None and row["amount"] > 0
        row["at"] = row["paid_at"] or row["created"]
        row["refunded"] = row["refund"] > 0 or row["id"] in refunded
    end = _end(row["at"] for row in shop.orders)
    paid = sorted((row for row in shop.orders if row["paid"] and _known_buyer(row)), key=lambda row: row["paid_at"])
    seen: set[str] = set()
    for place, row in enumerate(paid):
        buyer = _known_buyer(row)
        if buyer in seen:
            continue
        seen.add(buyer)
        if row["paid_at"] + DAYS_30 <= end:
            later = [other for other in paid[place + 1 :] if _known_buyer(other) == buyer]
            row["again"] = any(other["paid_at"] - row["paid_at"] <= DAYS_30 for other in later)


def _end(moments: Any) -> datetime:
    """The end of the last day of a file."""
    return datetime.combine(max(moments, default=datetime(2000, 1, 1)).date() + timedelta(days=1), time())


def _mark_invited(shop: Shop) -> None:
    if not shop.orders:
        return
    first, end = min(row["at"] for row in shop.orders).date(), _end(row["at"] for row in shop.orders)
    for row in [*shop.invitations, *(row for row in shop.sessions if row["invited"])]:
        buyer = _known_buyer(row)
        if buyer is None or row["at"] + DAYS_30 > end or row["at"].date() < first:
            continue
        row["returned"] = any(
            order["paid"] and _known_buyer(order) == buyer and row["at"] < order["paid_at"] <= row["at"] + DAYS_30
            for order in shop.orders
        )


def _mark_reviews(shop: Shop) -> None:
    newest = max((row["at"] for row in shop.reviews), default=None)
    for row in shop.reviews:
        row["grade"] = "好评" if row["stars"] >= 4 else "中评" if row["stars"] == 3 else "差评"
        row["answered"] = row["reply"] is not None if row["stars"] <= 2 and row["at"] + HOURS_72 <= newest else None
    if not shop.reviews:
        return
    start = datetime.combine(min(row["at"] for row in shop.reviews).date() - timedelta(days=7), time())
    end = _end(row["at"] for row in shop.reviews)
    for row in shop.orders:
        mine = [review for review in shop.reviews if review["order"] == row["id"]]
        own = min((review["at"] for review in mine if not review["default"]), default=end)
        system = min((review["at"] for review in mine if review["default"]), default=end)
        payable = row["paid"] and row["state"] != "交易关闭"
        for name, origin in (("signing", row["signed"]), ("payment", row["paid_at"] if payable else None)):
            if origin is None or not start <= origin < end:
                continue
            stop = own if own < end else system
            row[f"wait from {name}"] = (max(stop - origin, timedelta(0)), own < end)


def _mark_tickets(shop: Shop) -> None:
    newest = max((moment for row in shop.tickets for moment in (row["at"], row["solved"]) if moment), default=None)
    for row in shop.tickets:
        waited = (row["solved"] or newest) - row["at"]
        row["waited"] = (waited, row["solved"] is not None)
        row["in time"] = waited <= HOURS_48 if row["solved"] else False if waited > HOURS_48 else None


# ---------------------------------------------------------------- numbers


def _session_number(self: Calculator, metric: str, keep: Keep) -> Number | None:
    found = list(self.rows("sessions", keep))
    rows = [row for _, row in found]
    windowed = [row for shop, row in found if _in_window(shop, row["at"])]

    def bad(shop: Shop, row: Row) -> bool | None:
        return None if row["rating"] is None else row["rating"] <= (3 if shop.platform == "douyin" else 2)

    def good(row: Row) -> bool | None:
        return None if row["rating"] is None else row["rating"] >= 4

    people = [row for row in rows if row["agent"] != ROBOT]
    in_hours = [row for row in windowed if row["agent"] != ROBOT]

    def quick(row: Row) -> bool:
        return row["first"] is not None and row["first"] <= 180

    match metric:
        case "consulted" | "received" | "received_sessions" | "workload":
            return Number(len(rows), len(rows)) if rows else NOTHING
        case "invites_sent" | "ratings_received" | "workload_messages" if not rows:
            return NOTHING
        case "invites_sent":
            return Number(sum(row["invited"] for row in rows))
        case "invite_rate":
            return share([row["invited"] for row in rows])
        case "ratings_received":
            return Number(sum(row["rated"] for row in rows))
        case "review_rate":
            return share([row["rated"] for row in rows if row["invited"]])
        case "satisfaction_rate":
            return share([good(row) for row in rows])
        case "satisfaction_rate_window":
            return share([good(row) for row in windowed])
        case "dissatisfaction_rate":
            return share([bad(shop, row) for shop, row in found])
        case "dissatisfaction_rate_window":
            return share([bad(shop, row) for shop, row in found if _in_window(shop, row["at"])])
        case "satisfaction_score":
            return mean([row["rating"] for row in rows])
        case "rating_distribution":
            return levels([LEVELS.get(row["rating"]) for row in rows])
        case "first_response_mean":
            return mean([row["first"] for row in people])
        case "first_response_mean_window":
            return mean([row["first"] for row in in_hours])
        case "first_response_median":
            return quantile([row["first"] for row in people], Fraction(1, 2))
        case "first_response_p90":
            return quantile([row["first"] for row in people], Fraction(9, 10))
        case "avg_response_mean":
            return mean([row["average"] for row in people])
        case "avg_response_mean_window":
            return mean([row["average"] for row in in_hours])
        case "avg_response_median":
            return quantile([row["average"] for row in people], Fraction(1, 2))
        case "avg_response_p90":
            return quantile([row["average"] for row in people], Fraction(9, 10))
        case "response_buckets":
            known = [row["first"] for row in people if row["first"] is not None]
            return levels([next(name for end, name in BANDS if end is None or value < end) for value in known])
        case "response_3min_rate":
            return share([quick(row) for row in people])
        case "response_3min_rate_window":
            return share([quick(row) for row in in_hours])
        case "reply_rate":
            return share([row["first"] is not None for row in rows])
        case "handle_time_mean":
            return mean([_seconds(row) for row in rows])
        case "handle_time_median":
            return quantile([_seconds(row) for row in rows], Fraction(1, 2))
        case "sla_rate":
            return share([quick(row) for row in people])
        case "resolution_rate":
            return share([row["solved"] for row in rows])
        case "resolution_time_median":
            return median_wait(
                [
                    (row["ended"] - row["at"], row["solved"])
                    for row in rows
                    if row["ended"] and row["solved"] is not None
                ]
            )
        case "fcr":
            return share([row["fcr"] for row in rows])
        case "answer_question_ratio":
            asked = sum(row["buyer_messages"] for row in rows)
            told = sum(row["messages"] - row["buyer_messages"] for row in rows)
            return Number(Fraction(told, asked), told, asked) if asked else NOTHING
        case "transfer_rate":
            return share([row["moved"] for row in rows])
        case "workload_messages":
            return Number(sum(row["messages"] for row in rows))
        case "category_share":
            return levels([row["category"] for row in rows])
    return None


def _seconds(row: Row) -> float | None:
    return None if row["ended"] is None else (row["ended"] - row["at"]).total_seconds()


def _buyers(found: Sequence[tuple[Shop, Row]]) -> Counter[tuple[str, str]]:
    return Counter((shop.name, buyer) for shop, row in found if (buyer := _known_buyer(row)) is not None)


def _buyer_share(found: Sequence[tuple[Shop, Row]], flag: str, wanted: bool = True) -> Number:
    told = [(shop.name, _known_buyer(row), row[flag] is wanted) for shop, row in found if row.get(flag) is not None]
    everybody = {one[:2] for one in told}
    return share([any(yes for *who, yes in told if tuple(who) == buyer) for buyer in everybody])


def _order_number(self: Calculator, metric: str, keep: Keep) -> Number | None:
    found = list(self.rows("orders", keep))
    paid = [(shop, row) for shop, row in found if row["paid"]]
    known = _buyers(paid)
    match metric:
        case "paid_orders" | "paid_amount" if not found:
            return NOTHING
        case "paid_orders":
            return Number(len(paid))
        case "paid_amount":
            return Number(f"{sum(row['amount'] for _, row in paid) / 100:.2f}")
        case "order_buyers":
            return Number(len(known)) if any(_known_buyer(row) for _, row in found) else NOTHING
        case "repurchase_rate":
            return share([count >= 2 for count in known.values()])
        case "avg_order_value":
            total = sum(row["amount"] for _, row in paid if _known_buyer(row))
            return Number(f"{_half_even(Fraction(total, len(known))) / 100:.2f}") if known else NOTHING
        case "retention":
            return _buyer_share(found, "again")
        case "churn":
            return _buyer_share(found, "again", wanted=False)
        case "return_visit_rate":
            return _buyer_share(list(self.rows("invitations", keep)), "returned")
        case "refund_rate":
            return share([row["refunded"] for _, row in paid])
        case "review_delay":
            return median_wait([row["wait from signing"] for _, row in found if "wait from signing" in row])
        case "review_delay_paid":
            return median_wait([row["wait from payment"] for _, row in found if "wait from payment" in row])
    return None


def _half_even(value: Fraction) -> int:
    return round(value)


def _review_number(self: Calculator, metric: str, keep: Keep) -> Number | None:
    rows = [row for _, row in self.rows("reviews", keep)]
    match metric:
        case "review_count":
            return Number(len(rows)) if rows else NOTHING
        case "positive_review_rate":
            return share([row["grade"] == "好评" for row in rows])
        case "neutral_review_rate":
            return share([row["grade"] == "中评" for row in rows])
        case "negative_review_rate":
            return share([row["grade"] == "差评" for row in rows])
        case "review_distribution":
            return levels([row["grade"] for row in rows])
        case "review_reply_rate":
            return share([row["answered"] for row in rows])
    return None


def _ticket_number(self: Calculator, metric: str, keep: Keep) -> Number | None:
    rows = [row for _, row in self.rows("tickets", keep)]
    match metric:
        case "accuracy_rate":
            return share([row["total"] >= 80 for _, row in self.rows("checks", keep)])
        case "workload_tickets":
            return Number(len(rows)) if rows else NOTHING
        case "complaints":
            return Number(sum(row["complaint"] for row in rows)) if rows else NOTHING
        case "resolution_rate":
            return share([row["state"] == "已完结" for row in rows])
        case "sla_rate":
            return share([row["in time"] for row in rows])
        case "resolution_time_median":
            return median_wait([row["waited"] for row in rows])
    return None


def _survey_number(self: Calculator, metric: str, keep: Keep) -> Number | None:
    found = [(shop, row) for shop, row in self.rows("surveys", keep) if (row["csat"], row["nps"]) != (None, None)]
    scores = [row["csat"] for _, row in found]
    match metric:
        case "nps":
            said = [row["nps"] for _, row in found if row["nps"] is not None]
            top = sum((score >= 9) - (score <= 6) for score in said)
            return Number(Fraction(top, len(said)), top, len(said)) if said else NOTHING
        case "ratings_received":
            return Number(sum(score is not None for score in scores)) if scores else NOTHING
        case "satisfaction_rate":
            return share([None if score is None else score >= 4 for score in scores])
        case "dissatisfaction_rate":
            return share([
                None if row["csat"] is None else row["csat"] <= (3 if shop.platform == "douyin" else 2)
                for shop, row in found
            ])  # fmt: skip
        case "satisfaction_score":
            return mean(scores)
        case "rating_distribution":
            return levels([LEVELS.get(score) for score in scores])
        case "resolution_rate":
            return share([row["solved"] for _, row in found])
    return None


def _session_return(self: Calculator, metric: str, keep: Keep) -> Number | None:
    return _buyer_share(list(self.rows("sessions", keep)), "returned") if metric == "return_visit_rate" else None


_SOURCES: Sequence[tuple[str, Callable[[Calculator, str, Keep], Number | None]]] = (
    ("sessions", _session_number), ("invitations", _order_number), ("sessions", _session_return),
    ("reviews", _review_number), ("tickets", _ticket_number), ("surveys", _survey_number),
)  # fmt: skip


def dates(shops: Sequence[Shop]) -> list[date]:
    """Every day something happened on."""
    found: set[date] = set()
    for shop in shops:
        for kind in ("sessions", "orders", "reviews", "invitations", "tickets", "surveys", "checks"):
            found |= {row["at"].date() for row in getattr(shop, kind)}
    return sorted(found)


METRICS: Mapping[str, Sequence[str]] = {
    "sessions": (
        "consulted", "received", "received_sessions", "workload", "invites_sent", "invite_rate", "ratings_received", "review_rate",
        "satisfaction_rate", "satisfaction_rate_window", "dissatisfaction_rate", "dissatisfaction_rate_window", "satisfaction_score",
        "rating_distribution", "first_response_mean", "first_response_mean_window", "first_response_median", "first_response_p90",
        "avg_response_mean", "avg_response_mean_window", "avg_response_median", "avg_response_p90", "response_buckets", "response_3min_rate",
        "response_3min_rate_window", "reply_rate", "handle_time_mean", "handle_time_median", "fcr", "answer_question_ratio", "transfer_rate",
        "workload_messages", "category_share", "sla_rate", "resolution_rate", "resolution_time_median",
    ),
    "orders": (
        "paid_orders", "paid_amount", "order_buyers", "repurchase_rate", "retention", "churn", "return_visit_rate", "refund_rate",
        "avg_order_value", "review_delay", "review_delay_paid",
    ),
    "reviews": ("review_count", "positive_review_rate", "neutral_review_rate", "negative_review_rate", "review_distribution", "review_reply_rate"),
    "tickets": ("workload_tickets", "complaints"),
    "surveys": ("nps",),
    "checks": ("accuracy_rate",),
}  # fmt: skip
"""By the kind of row that gives them first."""
