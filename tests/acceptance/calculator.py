"""The numbers once more, straight from their definitions, out of what the files were made to say.

Slow and plain on purpose, and without a line of the program: rules as in the metric definitions, intervals from
SciPy where the counts are whole.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

LATE = "延迟统计"
LEVELS = (("很满意", 5), ("满意", 4), ("一般", 3), ("不满", 2), ("很不满", 1))
ORDER = ("chitu", "sycm", "feige")


@dataclass(frozen=True)
class Piece:
    """numerator and denominator (None: a plain count; a dict for distributions)."""

    top: float
    bottom: float | None
    levels: Mapping[str, float] | None = None


@dataclass(frozen=True)
class Lone:
    """A rate without a weight."""

    value: float


@dataclass
class Expected:
    """What a number should be."""

    value: Any
    top: float | None = None
    bottom: float | None = None
    status: str = "ok"


Group = Mapping[str, Any]


def got(g: Group, name: str) -> float | None:
    value = g.get(name)
    return None if value is None or value == LATE else float(value)


def all_of(g: Group, *names: str) -> list[float] | None:
    values = [got(g, name) for name in names]
    return None if None in values else values  # type: ignore[return-value]


def five(g: Group) -> list[float] | None:
    found = all_of(g, *(f"rated_{stars}" for _, stars in LEVELS))
    if found is None:
        split = [all_of(g, f"rated_{stars}.invited", f"rated_{stars}.self") for _, stars in LEVELS]
        found = None if None in split else [sum(pair) for pair in split]  # type: ignore[arg-type]
    return found


def ratings(g: Group) -> float | None:
    if (given := got(g, "ratings_received")) is not None:
        return given
    if (levels := five(g)) is not None:
        return sum(levels)
    for pair in (("ratings_received.invited", "ratings_received.self"), ("ratings_good", "ratings_bad")):
        if (found := all_of(g, *pair)) is not None:
            return sum(found)
    return None


def _near(exact: float, says: Callable[[float], float], rate: float) -> float:
    whole = float(round(exact))
    decimals = max(2, len(repr(rate).partition(".")[2]))
    return whole if whole > 0 and abs(says(whole) - rate) <= 0.5 / 10**decimals + 1e-12 else exact


def shown(g: Group) -> float | None:
    pair = all_of(g, "shown_rate", "received")
    if pair is not None:
        rate, received = pair
        return _near(rate * received, lambda n: n / received, rate) if received else 0.0
    rate, count = got(g, "participation_rate"), ratings(g)
    if rate and count is not None:
        return _near(count / rate, lambda n: count / n, rate)
    if rate is not None and got(g, "received") == 0:
        return 0.0
    return None


def ratio(top: float | None, bottom: float | None) -> Piece | None:
    return None if top is None or bottom is None else Piece(top, bottom)


def count(value: float | None) -> Piece | None:
    return None if value is None else Piece(value, None)


def weighted(g: Group, name: str, *weights: float | None) -> Piece | Lone | None:
    value = got(g, name)
    if value is None:
        return None
    weight = next((w for w in weights if w is not None), None)
    return Lone(value) if weight is None else Piece(value * weight, weight)


def first(*found: Piece | Lone | None) -> Piece | Lone | None:
    whole = [one for one in found if isinstance(one, Piece)]
    return whole[0] if whole else next((one for one in found if one is not None), None)


def sent(g: Group) -> float | None:
    return next((v for v in (got(g, "invites_sent.invited"), got(g, "invites_sent"), shown(g)) if v is not None), None)


def distribution(g: Group, platform: str) -> Piece | None:
    levels = five(g)
    if levels is not None:
        counts = dict(zip((name for name, _ in LEVELS), levels, strict=True))
    elif platform == "douyin" and (pair := all_of(g, "ratings_good", "ratings_bad")):
        counts = dict(zip(("好评", "差评"), pair, strict=True))
    else:
        return None
    return Piece(sum(counts.values()), sum(counts.values()), counts)


def piece(metric: str, platform: str, source: str, g: Group, others: Mapping[str, float]) -> Piece | Lone | None:  # noqa: C901  (one case a metric)
    """What a report says about a metric of one agent (or shop) and span; ``others``: weights of sibling reports."""
    dy = platform == "douyin"

    def weight(name: str) -> float | None:
        return got(g, name) if got(g, name) is not None else others.get(name)

    match metric:
        case "received":
            order = ("received_sessions", "received") if source == "feige" else ("received", "received_sessions")
            return count(next((got(g, n) for n in order if got(g, n) is not None), None))
        case "invites_sent":
            return None if dy else count(sent(g))
        case "invite_rate":
            if dy:
                return None
            rates = [
                ratio(v, got(g, "received")) for v in (got(g, "invites_sent.invited"), got(g, "invites_sent"), shown(g))
            ]
            return first(*rates, weighted(g, "shown_rate", got(g, "received")))
        case "ratings_received":
            return count(ratings(g))
        case "review_rate":
            if dy:
                return None
            return first(
                ratio(got(g, "ratings_received.invited"), got(g, "invites_sent.invited")),
                ratio(ratings(g), got(g, "invites_sent")), ratio(ratings(g), shown(g)),
                weighted(g, "return_rate", got(g, "invites_sent")), weighted(g, "participation_rate", shown(g)),
            )  # fmt: skip
        case "satisfaction_rate" if dy:
            good = all_of(g, "ratings_good", "ratings_bad")
            return first(ratio(good[0], sum(good)) if good else None, weighted(g, metric, ratings(g)))
        case "satisfaction_rate":
            good = all_of(g, "rated_5", "rated_4")
            levels = five(g)
            top = sum(good) if good else levels[0] + levels[1] if levels else None
            return first(ratio(top, ratings(g)), weighted(g, metric, ratings(g)))
        case "rating_distribution":
            return distribution(g, platform)
        case "first_response_mean":
            names = ("received_sessions", "received") if source == "feige" else ("received", "received_sessions")
            return weighted(g, "first_response", *(got(g, n) for n in names), *(others.get(n) for n in names))
        case "avg_response_mean":
            names = ("response_rounds", "received_sessions", "received")
            return weighted(g, "avg_response", *(got(g, n) for n in names), *(others.get(n) for n in names))
        case "response_3min_rate":
            return first(weighted(g, metric, weight("response_rounds"), weight("received_sessions")),
                         weighted(g, "response_3min_rate_sessions", weight("received_sessions")))  # fmt: skip
        case "reply_rate":
            both = all_of(g, "consulted", "unreplied")
            return first(ratio(both[0] - both[1], both[0]) if both else None, weighted(g, metric, weight("consulted")))
        case "inquiry_buyers":
            return count(got(g, metric))
        case "conversion_rate":
            top = "ordering_buyers" if dy else "paying_buyers"
            return first(ratio(got(g, top), got(g, "inquiry_buyers")), weighted(g, metric, weight("inquiry_buyers")))
        case "cs_sales":
            value = got(g, "sales_amount")
            return count(got(g, "final_paid_amount") if value is None and source == "sycm" else value)
    return None


METRICS = ("received", "invites_sent", "invite_rate", "ratings_received", "review_rate", "satisfaction_rate",
           "rating_distribution", "category_share", "resolution_rate", "first_response_mean", "avg_response_mean",
           "reply_rate", "response_3min_rate", "inquiry_buyers", "conversion_rate", "cs_sales")  # fmt: skip
COUNTS = ("received", "invites_sent", "ratings_received", "inquiry_buyers", "cs_sales")

# ---------------------------------------------------------------- sessions

NEEDS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "received": ((),), "invites_sent": (("invited",),), "invite_rate": (("invited",),),
    "ratings_received": (("rated",), ("rating",)), "review_rate": (("invited", "rated"), ("invited", "rating")),
    "satisfaction_rate": (("rating",),), "rating_distribution": (("rating",),), "category_share": (("category",),),
    "resolution_rate": (("resolved",),), "first_response_mean": (("first_response",),),
    "avg_response_mean": (("avg_response",),), "reply_rate": (("first_response",),),
    "response_3min_rate": (("first_response",),),
}  # fmt: skip


def from_sessions(metric: str, rows: Sequence[Mapping[str, Any]]) -> Piece:  # noqa: C901  (one case a metric)
    def known(name: str) -> list[Any]:
        return [row[name] for row in rows if row[name] is not None]

    def was_rated(row: Mapping[str, Any]) -> bool:
        return bool(row["rated"]) if "rated" in row["fields"] else row["rating"] is not None

    match metric:
        case "received":
            return Piece(len(rows), None)
        case "invites_sent":
            return Piece(sum(known("invited")), None)
        case "invite_rate":
            return Piece(sum(known("invited")), len(known("invited")))
        case "ratings_received":
            return Piece(sum(map(was_rated, rows)), None)
        case "review_rate":
            asked = [row for row in rows if row["invited"] and row["fields"] & {"rated", "rating"}]
            return Piece(sum(map(was_rated, asked)), len(asked))
        case "satisfaction_rate":
            return Piece(sum(r >= 4 for r in known("rating")), len(known("rating")))
        case "rating_distribution":
            found = Counter(known("rating"))
            return Piece(0, len(known("rating")), {name: found[stars] for name, stars in LEVELS})
        case "category_share":
            return Piece(0, len(known("category")), Counter(known("category")))
        case "resolution_rate":
            return Piece(sum(known("resolved")), len(known("resolved")))
        case "first_response_mean":
            return Piece(sum(known("first_response")), len(known("first_response")))
        case "avg_response_mean":
            return Piece(sum(known("avg_response")), len(known("avg_response")))
        case "reply_rate":
            told = [row for row in rows if "first_response" in row["fields"]]
            return Piece(sum((row["first_response"], row["avg_response"]) != (None, None) for row in told), len(told))
        case "response_3min_rate":
            told = [row for row in rows if "first_response" in row["fields"]]
            nobody = sum((row["first_response"], row["avg_response"]) == (None, None) for row in told)
            return Piece(sum(v <= 180 for v in known("first_response")), len(known("first_response")) + nobody)
    raise AssertionError(metric)


# ---------------------------------------------------------------- what counts

Span = tuple[date, date]


def days_of(span: Span) -> frozenset[date]:
    return frozenset(span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1))


def cover(spans: Sequence[Span]) -> list[Span]:
    """Of the non-overlapping sets the one with most days, then most spans: by trying (few) or day by day."""
    ordered = sorted(set(spans), key=lambda s: (s[1], s[0]))
    best: dict[int, tuple[int, int, tuple[Span, ...]]] = {0: (0, 0, ())}
    for number, span in enumerate(ordered, 1):
        without = best[number - 1]
        fits = max(k for k in range(number) if k == 0 or ordered[k - 1][1] < span[0])
        held = best[fits]
        taken = (held[0] + len(days_of(span)), held[1] + 1, (*held[2], span))
        best[number] = max(without, taken, key=lambda one: one[:2])
    return list(best[len(ordered)][2])


class Truth:
    """Everything the files say that are in force."""

    def __init__(self) -> None:
        self.cells: dict[tuple[str, str, str | None, Span, str], dict[str, Any]] = defaultdict(dict)
        self.sessions: dict[tuple[str, str], dict[str, Any]] = {}
        self.session_files: list[tuple[str, str, frozenset[str], Span, frozenset[str]]] = []

    def say(self, statements: Iterable[Any]) -> None:
        """Later words win, but 延迟统计 never over a number."""
        for one in statements:
            cell = self.cells[one.platform, one.shop, one.agent, (one.first, one.last), one.source]
            for name, value in one.values.items():
                if value != LATE or name not in cell:
                    cell[name] = value

    def add_sessions(self, rows: Sequence[Mapping[str, Any]], fields: frozenset[str]) -> None:
        """One file; of a session told twice the later word counts, column by column."""
        days = [row["started_at"].date() for row in rows]
        span = (min(days), max(days))
        by_shop: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in rows:
            key = (row["shop"], row["session_key"])
            old = self.sessions.get(key)
            new = {**(old or {}), **{k: v for k, v in row.items() if old is None or k in fields}}
            new["fields"] = fields | (old["fields"] if old else frozenset())
            self.sessions[key] = new
            by_shop[row["platform"], row["shop"]].add(row["agent"])
        for (platform, shop), agents in by_shop.items():
            self.session_files.append((platform, shop, frozenset(agents), span, fields))

    # ------------------------------------------------------------

    def shops(self) -> list[tuple[str, str]]:
        return sorted({key[:2] for key in self.cells} | {one[:2] for one in self.session_files})

    def agents(self, platform: str, shop: str) -> list[str]:
        named = {key[2] for key in self.cells if key[:2] == (platform, shop) and key[2] is not None}
        for one in self.session_files:
            if one[:2] == (platform, shop):
                named |= one[2]
        return sorted(named)

    def all_days(self) -> frozenset[date]:
        spans = [key[3] for key, cell in self.cells.items() if cell] + [one[3] for one in self.session_files]
        return frozenset().union(*map(days_of, spans))

    def session_days(self, metric: str, platform: str, shop: str, agent: str) -> frozenset[date]:
        if metric not in NEEDS:
            return frozenset()
        return frozenset().union(*(
            days_of(span) for p, s, agents, span, fields in self.session_files
            if (p, s) == (platform, shop) and agent in agents and any(set(need) <= fields for need in NEEDS[metric])
        ))  # fmt: skip

    def lane(  # noqa: C901  (the rules, in their order)
        self, metric: str, platform: str, shop: str, agent: str | None, window: frozenset[date], taken: frozenset[date]
    ) -> tuple[list[Piece], list[Lone], bool, frozenset[date]]:
        """Pieces that count, rates without weight, whether something is 延迟统计, the days used."""
        by_source: dict[str, dict[Span, Piece]] = defaultdict(dict)
        lone: dict[str, dict[Span, Lone]] = defaultdict(dict)
        for (p, s, a, span, source), g in self.cells.items():
            if (p, s, a) != (platform, shop, agent) or not days_of(span) <= window or days_of(span) & taken:
                continue
            others: dict[str, float] = {}
            for (p2, s2, a2, span2, source2), g2 in self.cells.items():
                if (p2, s2, a2, span2) == (p, s, a, span) and source2 != source:
                    others |= {n: got(g2, n) for n in g2 if got(g2, n) is not None}  # type: ignore[misc]
            found = piece(metric, platform, source, g, others)
            if isinstance(found, Piece):
                by_source[source][span] = found
            elif found is not None:
                lone[source][span] = found
        used: frozenset[date] = frozenset()
        chosen: list[Piece] = []
        left = dict(by_source)
        while left:
            options = {
                source: cover([span for span in spans if not days_of(span) & used]) for source, spans in left.items()
            }
            source = max(options, key=lambda one: (sum(len(days_of(s)) for s in options[one]), -ORDER.index(one)))
            for span in options[source]:
                chosen.append(left[source][span])
                used |= days_of(span)
            del left[source]
        alone: list[Lone] = []
        for source in sorted(lone, key=ORDER.index):
            spans = lone[source]
            for span in cover([span for span in spans if not days_of(span) & used]):
                alone.append(spans[span])
        return chosen, alone, False, used

    def total(
        self,
        metric: str,
        lanes: Sequence[tuple[str, str, Sequence[str]]],
        window: frozenset[date],
        whole_shops: bool,
        keep: Callable[[Mapping[str, Any]], bool] = lambda row: True,
        sessions_only: bool = False,
    ) -> Expected:
        pieces: list[tuple[str, Piece]] = []
        alone: list[Lone] = []
        for platform, shop, agents in lanes:
            by_agent = {agent: self.session_days(metric, platform, shop, agent) & window for agent in agents}
            covered = frozenset().union(*by_agent.values()) if by_agent else frozenset()
            if covered:
                rows = [
                    row for row in self.sessions.values()
                    if (row["platform"], row["shop"]) == (platform, shop) and row["agent"] in agents
                    and row["started_at"].date() in by_agent[row["agent"]] and keep(row)
                ]  # fmt: skip
                pieces.append((platform, from_sessions(metric, rows)))
            if sessions_only:
                continue
            shop_days: frozenset[date] = frozenset()
            if whole_shops:
                found, some, _, shop_days = self.lane(metric, platform, shop, None, window, covered)
                pieces += [(platform, one) for one in found]
                alone += some
            for agent in agents:
                found, some, _, _ = self.lane(metric, platform, shop, agent, window, by_agent[agent] | shop_days)
                pieces += [(platform, one) for one in found]
                alone += some
        return self._expected(metric, pieces, alone)

    def _expected(self, metric: str, pieces: Sequence[tuple[str, Piece]], alone: Sequence[Lone]) -> Expected:
        if not pieces:
            if len(alone) == 1:
                return Expected(alone[0].value, status="not_summable")
            return Expected(None, status="not_summable" if alone else "no_data|not_provided")
        platforms = {platform for platform, _ in pieces}
        found = [one for _, one in pieces]
        top = math.fsum(one.top for one in found)
        if metric in COUNTS:
            return Expected(top, top)
        bottom = math.fsum(one.bottom or 0.0 for one in found)
        levels: Counter[str] = Counter()
        for one in found:
            levels.update(one.levels or {})
        if (
            bottom
            and len(platforms) > 1
            and (
                metric == "conversion_rate"
                or (metric == "rating_distribution" and len({frozenset(one.levels or {}) for one in found}) > 1)
            )
        ):
            return Expected(None, status="not_summable")
        if not bottom:
            return Expected(None, top, bottom, "no_data")
        if metric in ("rating_distribution", "category_share"):
            return Expected({name: number / bottom for name, number in levels.items()}, None, bottom)
        return Expected(top / bottom, top, bottom)
