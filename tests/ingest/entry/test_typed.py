"""What is typed into a field: short forms read, nonsense refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from csdesk.ingest.entry import typed
from csdesk.ingest.entry.items import DEFAULT_ITEMS, CheckItem, items_from, texts_of, total_of
from csdesk.ingest.entry.typed import Unreadable

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 14, 30, 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("今天", TODAY), ("昨天", date(2026, 11, 21)), ("前天", date(2026, 11, 20)), ("22", TODAY),
        ("3日", date(2026, 11, 3)),
        ("11-21", date(2026, 11, 21)), ("11.5", date(2026, 11, 5)), ("11月5日", date(2026, 11, 5)),
        ("２０２６－１１－０１", date(2026, 11, 1)), ("20261101", date(2026, 11, 1)), ("2026/3/1", date(2026, 3, 1)),
    ],
)  # fmt: skip
def test_days(text: str, day: date) -> None:
    assert typed.read_day(text, TODAY) == day


def test_a_month_far_ahead_is_of_last_year_a_near_one_has_not_come() -> None:
    assert typed.read_day("12-30", date(2027, 1, 5)) == date(2026, 12, 30)
    with pytest.raises(Unreadable, match="还没到"):
        typed.read_day("11-23", TODAY)


@pytest.mark.parametrize(
    ("text", "word"),
    [("2026-11-23", "还没到"), ("23", "还没到"), ("31", "没有这一天"), ("2-30", "没有这一天"), ("1999-01-01", "太早"),
     ("后天", "写成"), ("2026", "写成"), ("明年", "写成"), ("45000", "写成")],
)  # fmt: skip
def test_days_that_are_refused(text: str, word: str) -> None:
    with pytest.raises(Unreadable, match=word):
        typed.read_day(text, TODAY)


def test_time_of_day_and_the_moment() -> None:
    for text in ("9:30", "0930", "930", "9：30", "9点30分", "9.30"):
        assert typed.moment_of(TODAY, text, NOW) == datetime(2026, 11, 22, 9, 30)
    assert typed.moment_of(TODAY, "9:30:15", NOW) == datetime(2026, 11, 22, 9, 30, 15)
    assert typed.moment_of(TODAY, "", NOW) == NOW
    assert typed.moment_of(date(2026, 11, 1), " ", NOW) == datetime(2026, 11, 1)
    for text, word in (("14:31", "还没到"), ("25:00", "10:30"), ("现在", "10:30"), ("9:60", "10:30")):
        with pytest.raises(Unreadable, match=word):
            typed.moment_of(TODAY, text, NOW)


@pytest.mark.parametrize(
    ("read", "good", "bad"),
    [
        (typed.read_satisfaction, {"5": 5, "４": 4, "很满意": 5, "不满意": 2, "3分": 3}, ["0", "6", "4.5", "好极了"]),
        (typed.read_nps, {"0": 0, "10": 10, "９": 9}, ["11", "-1", "7.5", "50%", "很愿意"]),
        (typed.read_yes_no, {"是": 1, "否": 0, "y": 1, "N": 0, "1": 1, "0": 0, "已解决": 1, "未解决": 0},
         ["也许", "2"]),
        (lambda text: typed.read_points(text, 20), {"20": 20, "0": 0, "17.5": 17.5}, ["20.5", "-1", "90%", "满分"]),
    ],
)  # fmt: skip
def test_scores(read: Callable[[str], Any], good: dict[str, float], bad: list[str]) -> None:
    assert {text: read(text) for text in good} == good
    for text in bad:
        with pytest.raises(Unreadable, match="请填"):
            read(text)


def test_the_total_counts_only_what_was_judged() -> None:
    points = {item.name: item.full for item in DEFAULT_ITEMS}
    assert total_of(points, DEFAULT_ITEMS) == 100
    assert total_of({"响应及时": 10, "问题解决": 30}, DEFAULT_ITEMS) == 80
    assert total_of({"响应及时": 1, "服务态度": 0, "问题解决": 0}, DEFAULT_ITEMS) == 1.43
    assert total_of({}, DEFAULT_ITEMS) is None


def test_items_survive_the_settings_and_nonsense_there_gives_the_usual_ones() -> None:
    items = (CheckItem("态度=热情", 12.5), CheckItem("记录", 30))
    assert items_from(texts_of(items)) == items
    assert items_from(["态度", "=5", "x=0", "y=abc"]) == DEFAULT_ITEMS
    for wrong in ((), (CheckItem(" ", 5),), (CheckItem("a", 5), CheckItem("a", 6)), (CheckItem("a", 0),)):
        with pytest.raises(Exception, match="项"):
            texts_of(wrong)
