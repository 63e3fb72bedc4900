"""Promotions, holidays and make-up workdays."""

from __future__ import annotations

from datetime import date

import pytest

from csdesk.analysis.events import EventKind, events_during, is_workday
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform

ALL = frozenset(EventKind)


def _names(first: date, last: date, platform: Platform | None = None) -> list[str]:
    return [event.name for event in events_during(Period(first, last), platform=platform)]


def test_a_year_in_order() -> None:
    assert _names(date(2026, 1, 1), date(2026, 12, 31)) == [
        "元旦", "年货节", "春节", "38节", "清明", "劳动节", "618", "端午", "818", "99划算节", "中秋", "国庆节", "双11",
        "双12",
    ]  # fmt: skip


def test_the_spring_festival_of_2026_as_decreed() -> None:
    (feast,) = events_during(Period(date(2026, 2, 14), date(2026, 2, 28)), kinds=frozenset({EventKind.HOLIDAY}))
    assert feast.period == Period(date(2026, 2, 15), date(2026, 2, 23))
    moved = events_during(Period(date(2026, 2, 1), date(2026, 3, 1)), kinds=frozenset({EventKind.MAKE_UP_WORKDAY}))
    assert [event.period.first for event in moved] == [date(2026, 2, 14), date(2026, 2, 28)]


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # a Saturday made up
        (date(2026, 2, 16), False),  # a Monday of the feast
        (date(2026, 3, 7), False),
        (date(2026, 3, 9), True),
        (date(2027, 10, 1), False),  # not decreed yet: the statutory day itself
        (date(2027, 10, 8), True),
    ],
)
def test_workdays(day: date, works: bool) -> None:
    assert is_workday(day) is works


def test_platforms_have_days_of_their_own() -> None:
    summer = (date(2026, 8, 1), date(2026, 9, 30))
    assert "818" not in _names(*summer, platform=Platform.TAOBAO)
    assert "99划算节" not in _names(*summer, platform=Platform.DOUYIN)
    assert "双11" in _names(date(2026, 11, 11), date(2026, 11, 11), platform=Platform.DOUYIN)


def test_a_promotion_before_the_lunar_year_may_begin_in_the_old_one() -> None:
    found = [event for event in events_during(Period(date(2022, 12, 20), date(2023, 1, 20))) if event.name == "年货节"]
    assert [event.period for event in found] == [Period(date(2022, 12, 25), date(2023, 1, 9))]


def test_leap_day_is_an_ordinary_day() -> None:
    assert _names(date(2028, 2, 29), date(2028, 2, 29)) == []


def test_each_event_once() -> None:
    found = events_during(Period(date(2004, 1, 1), date(2030, 12, 31)), kinds=ALL)
    assert len(found) == len(set(found))
    assert sum(event.name == "双11" for event in found) == 27
