"""The days that are looked at: the last ones of the selection against those before, special days apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from csdesk.analysis.events import Event, EventKind, events_during
from csdesk.analysis.frame import PageRequest
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.metrics.daily import Daily
from csdesk.stats.control import FEWEST_DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from csdesk.stats.control import Bools

T = TypeVar("T", np.float64, np.int64)
RECENT = 14
"""The last days, which are judged."""
BASELINE = 90
"""Days before them that say what is ordinary."""
_SPECIAL = frozenset({EventKind.PROMOTION, EventKind.HOLIDAY})
_MOST_LEAD, _AFTER = 14, 3
"""Days before (at most) and after a promotion that are named as such."""
_LONGEST_EVENT = 31
"""Days: what goes on for longer is ordinary."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days in a row: first the ordinary past, then the ``recent`` last ones. ``start`` is their place in ``daily``.

    ``special`` are the names of promotions and holidays by day ("" = none), ``near`` the promotion that an ordinary day
    lies close to (双11前 3 天); ``chosen`` the days of the selection; ``lacking`` those on which a source of receptions
    is missing.
    """

    daily: Daily
    start: int
    days: tuple[date, ...]
    recent: int
    special: tuple[str, ...]
    chosen: Bools
    lacking: Bools
    near: tuple[str, ...] = ()

    @property
    def weekday(self) -> NDArray[np.int64]:
        """0 = 周一."""
        return (self.days[0].weekday() + np.arange(len(self.days))) % 7

    @property
    def past(self) -> Bools:
        """The days before the recent ones."""
        return np.arange(len(self.days)) < len(self.days) - self.recent

    @property
    def plain(self) -> Bools:
        """Days that are neither promotion nor holiday."""
        return np.array([not name for name in self.special], dtype=np.bool_)

    def cut(self, values: NDArray[T]) -> NDArray[T]:
        """The window's days of an array over the days of ``daily``."""
        return values[..., self.start : self.start + len(self.days)]


def asked_period(selection: Filter) -> Period | None:
    """The days to ask the engine for; whole months, so that neighbouring selections ask the same."""
    if selection.period is None:
        return None
    last = selection.period.last
    first = (last - timedelta(days=RECENT + BASELINE - 1)).replace(day=1)
    return Period(first, (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1))


def window_of(daily: Daily, request: PageRequest) -> Window | None:
    """The window that ends with the selection's last day with data; None where the past is too short."""
    selection = request.selection
    known = np.zeros(daily.days, dtype=np.bool_)
    for counts in daily.metrics.values():
        known |= ~np.isnan(counts.top)
    until = daily.days if selection.period is None else (selection.period.last - daily.first).days + 1
    there = np.flatnonzero(known[: max(0, until)])
    if not len(there):
        return None
    first, last = int(there[0]), int(there[-1])
    recent = min(RECENT, last + 1 - first - FEWEST_DAYS)
    if recent < 1:
        return None
    start = max(first, last + 1 - recent - BASELINE)
    days = tuple(daily.first + timedelta(days=place) for place in range(start, last + 1))
    chosen = np.array([selection.period is None or day in selection.period for day in days], dtype=np.bool_)
    chosen &= np.arange(len(days)) >= len(days) - recent
    if not chosen.any():
        return None
    platform = selection.platform or request.only_platform
    special = special_days(days[0], days[-1], platform, request.events)
    near = near_promotions(days[0], days[-1], platform, request.events)
    return Window(daily, start, days, recent, special, chosen, _lacking(days, request), near)


def _lacking(days: tuple[date, ...], request: PageRequest) -> Bools:
    gaps = [gap.period for gap in request.missing if gap.counted and gap.concerns(request.selection)]
    return np.array([any(day in period for period in gaps) for day in days], dtype=np.bool_)


@lru_cache(maxsize=64)
def special_days(first: date, last: date, platform: Platform | None, own: tuple[Event, ...] = ()) -> tuple[str, ...]:
    """Names of the promotion or holiday of each day, "" = none; promotions before holidays."""
    names = [""] * ((last - first).days + 1)
    for event in sorted(
        events_during(Period(first, last), kinds=_SPECIAL, platform=platform, own=own),
        key=lambda one: one.kind is EventKind.PROMOTION,
    ):
        if event.period.days > _LONGEST_EVENT:
            continue
        for day in event.period:
            if first <= day <= last:
                names[(day - first).days] = event.name
    return tuple(names)


@lru_cache(maxsize=64)
def near_promotions(first: date, last: date, platform: Platform | None, own: tuple[Event, ...] = ()) -> tuple[str, ...]:
    """For each day the promotion it lies shortly before or after, in words; "" = none, or it is one itself.

    The days around a promotion move from year to year and are judged like all others: to name them is enough.
    """
    names = [""] * ((last - first).days + 1)
    around = Period(first - timedelta(days=_AFTER), last + timedelta(days=_MOST_LEAD))
    promotions = events_during(around, kinds=frozenset({EventKind.PROMOTION}), platform=platform, own=own)
    inside = {day for event in promotions for day in event.period}
    short = [event for event in promotions if event.period.days <= _LONGEST_EVENT]
    for event in short:
        for away in range(1, _AFTER + 1):
            _name(names, (event.period.last - first).days + away, f"{event.name}后 {away} 天")
    for event in reversed(short):  # what is to come says more than what was, the nearest most
        for away in range(1, min(event.lead, _MOST_LEAD) + 1):
            _name(names, (event.period.first - first).days - away, f"{event.name}前 {away} 天")
    return tuple("" if first + timedelta(days=at) in inside else name for at, name in enumerate(names))


def _name(names: list[str], at: int, name: str) -> None:
    if 0 <= at < len(names):
        names[at] = name
