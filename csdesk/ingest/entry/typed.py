"""What a person types into a field → a value, or a sentence that says what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from csdesk.ingest import cells
from csdesk.ingest.cells import Reading, State

_NAMED_DAYS = {"今天": 0, "今": 0, "昨天": 1, "昨": 1, "前天": 2, "大前天": 3}
_MONTH_DAY = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_DAY_ALONE = re.compile(r"(\d{1,2})\s*[日号]?")
_CLOCK = re.compile(r"(\d{1,2})\s*[:.点时]\s*(\d{1,2})?(?:\s*[:分]\s*(\d{1,2})?)?")
_CLOCK_DIGITS = re.compile(r"(\d{1,2})(\d{2})()")
_EARLIEST = date(2000, 1, 1)
_LAST_YEAR_FROM = 180
_LONGEST_TEXT = 2000


class Unreadable(Exception):
    """``str()`` is the sentence to show beside the field."""


def read_day(text: str, today: date) -> date:
    """A day: 2026-11-22, 20261122, 11-22, 22, 今天, 昨天. A day to come is refused.

    A month and day that lie far ahead in this year are those of the year before.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in _NAMED_DAYS:
        return today - timedelta(days=_NAMED_DAYS[plain])
    day = _short_day(plain, today) or _full_day(plain)
    if day > today:
        raise Unreadable("日期还没到。")
    if day < _EARLIEST:
        raise Unreadable("日期太早了，请检查年份。")
    return day


def _short_day(text: str, today: date) -> date | None:
    month_day, alone = _MONTH_DAY.fullmatch(text), _DAY_ALONE.fullmatch(text)
    try:
        if month_day:
            day = date(today.year, int(month_day[1]), int(month_day[2]))
            far = (day - today).days > _LAST_YEAR_FROM
            return day.replace(year=today.year - 1) if far else day
        return today.replace(day=int(alone[1])) if alone else None
    except ValueError:
        raise Unreadable("没有这一天。") from None


def _full_day(text: str) -> date:
    found = cells.read_date(text)
    if found.state is not State.VALUE or re.fullmatch(r"[\d.]{1,7}", text):
        raise Unreadable("日期请写成 2026-11-22 这样，也可以写 11-22、昨天。")
    day: date = found.value
    return day


def read_clock(text: str) -> time:
    """A time of day: 9:30, 9:30:15, 0930, 9点30分."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _CLOCK.fullmatch(plain) or _CLOCK_DIGITS.fullmatch(plain)
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else (99, 0, 0)
    if hour > 23 or minute > 59 or second > 59:
        raise Unreadable("时间请写成 10:30 这样。")
    return time(hour, minute, second)


def moment_of(day: date, clock: str, now: datetime) -> datetime:
    """Day and time together; without a time it is now for today, and the day's beginning for a day gone by."""
    if not clock.strip():
        return now.replace(microsecond=0) if day == now.date() else datetime.combine(day, time(0))
    moment = datetime.combine(day, read_clock(clock))
    if moment > now:
        raise Unreadable("这个时间还没到。")
    return moment


def read_satisfaction(text: str) -> int:
    """1–5, or one of the five words."""
    return int(_value(cells.read_rating, text, "请填 1 到 5，5 最满意。"))


def read_nps(text: str) -> int:
    """0–10."""
    value = _value(cells.read_number, text, "请填 0 到 10 的整数。")
    if not float(value).is_integer() or not 0 <= value <= 10 or "%" in text or "％" in text:
        raise Unreadable("请填 0 到 10 的整数。")
    return int(value)


def read_yes_no(text: str) -> int:
    """是/否, 1/0, Y/N, 已/未."""
    return int(_value(cells.read_boolean, text, "请填 是 或 否。"))


def read_points(text: str, full: float) -> float:
    """Points from 0 to ``full``."""
    sentence = f"请填 0 到 {full:g} 的数。"
    value = float(_value(cells.read_number, text, sentence))
    if not 0 <= value <= full or "%" in text or "％" in text:
        raise Unreadable(sentence)
    return value


def read_id(text: str) -> str:
    """An id as text."""
    return str(_value(cells.read_id, text, "这个编号读不出来，请重新复制。"))


def read_words(text: str) -> str:
    """Free text, not endlessly long."""
    words = text.strip()
    if len(words) > _LONGEST_TEXT:
        raise Unreadable(f"太长了，最多 {_LONGEST_TEXT} 个字。")
    return words


def _value(read: Callable[[object], Reading], text: str, sentence: str) -> Any:
    found = read(unicodedata.normalize("NFKC", text).strip())
    if found.state is not State.VALUE:
        raise Unreadable(sentence)
    return found.value
