"""Days that are not ordinary: promotions from data, public holidays and make-up workdays from a kept library."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.settings.paths import resource_path

_DAY = timedelta(days=1)
_LEAD = 3


class EventKind(StrEnum):
    """What makes the days special."""

    PROMOTION = "promotion"
    HOLIDAY = "holiday"
    MAKE_UP_WORKDAY = "make_up_workday"
    OTHER = "other"


KIND_TITLES = {
    EventKind.PROMOTION: "大促",
    EventKind.HOLIDAY: "节假日",
    EventKind.MAKE_UP_WORKDAY: "调休上班",
    EventKind.OTHER: "其他",
}
"""What the kinds are called."""

MARKED = frozenset({EventKind.PROMOTION, EventKind.HOLIDAY, EventKind.OTHER})
"""What is drawn behind a trend: a make-up workday is seen in nobody's numbers."""


@dataclass(frozen=True, slots=True)
class Event:
    """A named span of days, such as 双11; ``platforms`` is empty where it is everybody's. ``own``: the owner's.

    ``lead``: days before it in which shops may be busy with it already.
    """

    name: str
    period: Period
    kind: EventKind
    platforms: frozenset[Platform] = frozenset()
    own: bool = False
    lead: int = _LEAD

    def concerns(self, platform: Platform | None) -> bool:
        """Whether shops of this platform take part (None: shops of any)."""
        return platform is None or not self.platforms or platform in self.platforms


def events_during(
    period: Period,
    *,
    kinds: frozenset[EventKind] = MARKED,
    platform: Platform | None = None,
    own: Iterable[Event] = (),
) -> tuple[Event, ...]:
    """Events sharing a day with ``period``, by first day; ``own``: those of the owner (``PageRequest.events``)."""
    years = range(period.first.year - 1, period.last.year + 2)
    found = {
        event
        for event in (*own, *(event for year in years for event in _events_of(year)))
        if event.kind in kinds and event.concerns(platform) and event.period.overlaps(period)
    }
    return tuple(sorted(found, key=lambda event: (event.period, event.name)))


def is_workday(day: date) -> bool:
    """Whether offices work: weekdays that are no holiday, and make-up workdays."""
    inside = {event.kind for event in _events_of(day.year) if event.period.holds(Period.of_day(day))}
    if EventKind.MAKE_UP_WORKDAY in inside:
        return True
    return day.weekday() < 5 and EventKind.HOLIDAY not in inside


@cache
def _events_of(year: int) -> tuple[Event, ...]:
    """All events that begin in ``year``."""
    data = _data()
    return (*_promotions(data, year), *(_announced(year) or _statutory(data, year)))


@cache
def _data() -> dict[str, Any]:
    with resource_path("events", "calendar.toml").open("rb") as file:
        return tomllib.load(file)


def _promotions(data: Mapping[str, Any], year: int) -> Iterator[Event]:
    for entry in data["promotion"]:
        platforms = frozenset(Platform(name) for name in entry.get("platforms", ()))
        for period in _spans(entry, data["lunar"]["new_year"], year):
            yield Event(entry["name"], period, EventKind.PROMOTION, platforms, lead=entry.get("lead", _LEAD))


def _spans(entry: Mapping[str, Any], new_years: list[date], year: int) -> Iterator[Period]:
    if "before_new_year" in entry:
        first, last = (timedelta(days=days) for days in entry["before_new_year"])
        yield from (Period(day - first, day - last) for day in new_years if (day - first).year == year)
    elif isinstance(entry["first"], date):
        if entry["first"].year == year:
            yield Period(entry["first"], entry["last"])
    else:
        yield Period(date.fromisoformat(f"{year}-{entry['first']}"), date.fromisoformat(f"{year}-{entry['last']}"))


def _announced(year: int) -> tuple[Event, ...]:
    """Holidays and make-up workdays as the State Council set them; nothing for years the library does not know."""
    import chinese_calendar  # noqa: PLC0415  on first use

    names = {holiday.value: holiday.chinese for holiday in chinese_calendar.Holiday}
    found = []
    for kind, days in (
        (EventKind.HOLIDAY, chinese_calendar.holidays),
        (EventKind.MAKE_UP_WORKDAY, chinese_calendar.workdays),
    ):
        inside = sorted((day, names[name]) for day, name in days.items() if day.year == year)
        found += [Event(name, period, kind) for name, period in _runs(inside)]
    return tuple(found)


def _runs(days: list[tuple[date, str]]) -> Iterator[tuple[str, Period]]:
    """Days in a row under one name, as spans."""
    start = 0
    for place in range(1, len(days) + 1):
        if place == len(days) or days[place][1] != days[start][1] or days[place][0] - days[place - 1][0] != _DAY:
            yield days[start][1], Period(days[start][0], days[place - 1][0])
            start = place


def _statutory(data: Mapping[str, Any], year: int) -> Iterator[Event]:
    for entry in data["holiday"]:
        for period in _spans(entry, [], year):
            yield Event(entry["name"], period, EventKind.HOLIDAY)
