"""Promotion days and holidays, from data: what is marked behind a trend."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache

from csdesk.domain.period import Period
from csdesk.settings.paths import resource_path


@dataclass(frozen=True, slots=True)
class Event:
    """A named span of days, such as 双11."""

    name: str
    period: Period


@cache
def _calendar() -> tuple[tuple[tuple[str, str, str], ...], tuple[Event, ...]]:
    with resource_path("events", "promotions.toml").open("rb") as file:
        data = tomllib.load(file)
    yearly = tuple((str(entry["name"]), str(entry["first"]), str(entry["last"])) for entry in data.get("yearly", ()))
    dated = tuple(Event(str(entry["name"]), Period(entry["first"], entry["last"])) for entry in data.get("dated", ()))
    return yearly, dated


def events_during(period: Period) -> tuple[Event, ...]:
    """Events sharing a day with ``period``, by first day."""
    yearly, dated = _calendar()
    found = [event for event in dated if event.period.overlaps(period)]
    for year in range(period.first.year - 1, period.last.year + 1):
        for name, first, last in yearly:
            start = date.fromisoformat(f"{year}-{first}")
            end = date.fromisoformat(f"{year + (last < first)}-{last}")
            event = Event(name, Period(start, end))
            if event.period.overlaps(period):
                found.append(event)
    return tuple(sorted(found, key=lambda event: event.period))
