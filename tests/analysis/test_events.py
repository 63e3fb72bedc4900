"""Promotion days come from data and fall on the right dates of every year."""

from __future__ import annotations

from datetime import date

from csdesk.analysis.events import events_during
from csdesk.domain.period import Period


def names(first: date, last: date) -> list[tuple[str, date]]:
    return [(event.name, event.period.first) for event in events_during(Period(first, last))]


def test_yearly_events_recur() -> None:
    assert names(date(2026, 11, 1), date(2026, 12, 31)) == [
        ("双11", date(2026, 11, 11)), ("双12", date(2026, 12, 12)),
    ]  # fmt: skip
    assert ("618", date(2025, 6, 16)) in names(date(2025, 6, 18), date(2025, 6, 18))


def test_dated_events_stand_where_the_moon_put_them() -> None:
    assert names(date(2026, 2, 1), date(2026, 2, 28)) == [("春节", date(2026, 2, 16))]


def test_quiet_days_have_none() -> None:
    assert names(date(2026, 4, 1), date(2026, 5, 31)) == []
