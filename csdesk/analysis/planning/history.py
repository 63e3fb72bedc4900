"""What came in day by day until now, as the forecast needs it: one series over the shops, holes left as holes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

import numpy as np

from csdesk.analysis.events import Event, events_during
from csdesk.analysis.terms import title_of
from csdesk.domain.filters import Filter
from csdesk.domain.holdings import ShopFact
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import By, MetricRow, MetricStatus
from csdesk.stats.forecast import WEEK, least_history

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METRIC = "received"
_COUNTS = ("received", "received_sessions", "received_buyers")
"""What is received, in the ways it may be counted: as the pages do, or in one way alone where that has more days."""
_LONGEST = 53 * WEEK
"""Older days say little about the next weeks."""
_LATEST = 4 * WEEK
_LEAST_SHARE = 0.7
"""A shop takes part if so many of the latest days are known, as many as it takes to judge a forecast."""


class Ask(Protocol):
    """The metric engine, as far as the history needs it."""

    def __call__(
        self, selection: Filter, by: By | None = None, metrics: Sequence[str] | None = None, /
    ) -> Sequence[MetricRow]:
        """Values of ``metrics`` for ``selection``, one row a group of ``by``."""


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """A named span, such as 双11, whose days are not like others."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class History:
    """Counts by day: ``values[k]`` is the day ``first`` + k, NaN where it is unknown or no ordinary day.

    ``special``: the promotions and holidays among the days, left out; ``missing``: days nothing is known of.
    ``counted``: in which way (接待人数, 会话数). ``notes``: Chinese remarks on what was left out besides.
    """

    first: date
    values: Floats
    shops: tuple[str, ...]
    counted: str = ""
    special: tuple[SpecialDays, ...] = ()
    missing: int = 0
    notes: tuple[str, ...] = ()
    counts: Floats = field(default_factory=lambda: np.empty(0))
    """The same days as they were, promotions and holidays with their numbers; NaN where nothing is known."""

    @property
    def last(self) -> date:
        """The last day there are data of."""
        return self.first + timedelta(days=len(self.values) - 1)

    @property
    def known(self) -> int:
        """How many days take part."""
        return int(np.isfinite(self.values).sum())


@dataclass(frozen=True, slots=True)
class _Shop:
    """A shop's days, counted in one way: ``way`` is 接待人数, 会话数 …"""

    shop: ShopFact
    days: dict[int, float]
    way: str

    def share_known(self, latest: int) -> float:
        """Of the latest days, how many are known."""
        wanted = least_history()
        return sum(latest - wanted < day <= latest for day in self.days) / wanted


def gather(ask: Ask, shops: Sequence[ShopFact], today: date, own: Sequence[Event] = ()) -> History | None:
    """The days of ``shops`` together; None where no day is known.

    A day counts where every shop has it. The running day is not over and does not count; neither do shops that
    stopped, have only begun, or have few days while others have a history. ``own``: the owner's events.
    """
    found = [one for one in (_read(ask, shop, to_epoch_day(today)) for shop in shops) if one.days]
    if not found:
        return None
    latest = max(max(one.days) for one in found)
    used = [one for one in found if one.share_known(latest) >= _LEAST_SHARE] or found
    first = max(latest - _LONGEST + 1, *(min(one.days) for one in used))
    last = min(max(one.days) for one in used)
    if last < first:
        return None
    values = np.array(
        [sum(one.days.get(day, np.nan) for one in used) for day in range(first, last + 1)], dtype=np.float64
    )
    missing = int(np.isnan(values).sum())
    platforms = {one.shop.platform for one in used}
    special = special_days(
        Period(from_epoch_day(first), from_epoch_day(last)), next(iter(platforms)) if len(platforms) == 1 else None, own
    )
    counts = values.copy()
    for span in special:
        values[to_epoch_day(span.first) - first : to_epoch_day(span.last) - first + 1] = np.nan
    left_out = [
        f"{one.shop.name}最近 {least_history()} 天里只有 {round(one.share_known(latest) * least_history())} 天"
        "有分天的数据，没算进去"
        for one in found
        if one not in used
    ]
    ways = sorted({one.way for one in used if one.way})
    return History(
        from_epoch_day(first), values, tuple(one.shop.name for one in used), "；".join(ways), special, missing,
        tuple(left_out), counts,
    )  # fmt: skip


def special_days(
    period: Period, platform: Platform | None = None, own: Sequence[Event] = ()
) -> tuple[SpecialDays, ...]:
    """Promotions, holidays and the owner's events inside ``period``, cut to it, by first day."""
    return tuple(
        SpecialDays(event.name, max(event.period.first, period.first), min(event.period.last, period.last))
        for event in events_during(period, platform=platform, own=own)
    )


def _read(ask: Ask, shop: ShopFact, today: int) -> _Shop:
    """The way of counting, of those the shop's data allow, that knows the most of the last year's days."""
    by_way: dict[str, dict[int, float]] = {}
    counted: dict[str, dict[int, tuple[float, str]]] = {metric: {} for metric in _COUNTS}
    for row in ask(Filter(shops=(shop.id,)), By.DAY, _COUNTS):
        day = to_epoch_day(date.fromisoformat(str(row.key)))
        for metric in _COUNTS:
            value = row.values[metric]
            if isinstance(value.value, int | float) and value.status is MetricStatus.OK and day < today:
                counted[metric][day] = (float(value.value), value.variant or title_of(metric))
    for days in counted.values():
        recent = Counter(days[day][1] for day in sorted(days)[-_LATEST:])
        if recent:
            way = recent.most_common(1)[0][0]
            alone = {day: count for day, (count, variant) in days.items() if variant == way}
            by_way[way] = max(by_way.get(way, {}), alone, key=len)
    if not by_way:
        return _Shop(shop, {}, "")
    latest = max(max(days) for days in by_way.values())
    best = max(by_way, key=lambda way: sum(latest - _LONGEST < day for day in by_way[way]))
    return _Shop(shop, by_way[best], best)
