"""One cell → a value, missing, delayed, or a problem; and what was mended on the way.

Every ``read_*`` function takes a raw cell of any type, never raises, and returns a :class:`Reading`.
Columns, where one cell alone cannot decide (rates, Excel day fractions), are in :mod:`csdesk.ingest.columns`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import Enum
from typing import Any

from csdesk.safety.masking import mask_text

_MASKED = 2000  # characters looked at before a long text is cut


class State(Enum):
    """What a cell turned out to be."""

    VALUE = "value"
    MISSING = "missing"
    DELAYED = "delayed"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Reading:
    """The meaning of one cell. ``repair`` names what was mended ("" if nothing), ``reason`` why it is a problem.

    ``form`` says how a number was written where the column must decide later:
    "bare" | "percent" | "unit" | "clock" (a time or a duration cell).
    """

    state: State
    value: Any = None
    repair: str = ""
    reason: str = ""
    form: str = "bare"


MISSING = Reading(State.MISSING)
MISSING_ERROR = Reading(State.MISSING, repair="公式出错的格当作空")
DELAYED = Reading(State.DELAYED)

REPAIR_FULL_WIDTH = "全角数字转成半角"
REPAIR_THOUSANDS = "去掉千分位逗号"
REPAIR_UNIT = "去掉数字后的单位"
REPAIR_MONEY = "去掉货币符号"
REPAIR_BRACKETS = "括号里的数字当作负数"
REPAIR_ZONE = "带时区的时间换成北京时间"
REPAIR_WAN = "“万”“亿”换算成数字"
REPAIR_SERIAL = "Excel 日期序号转成日期"
REPAIR_DATE_TEXT = "文字日期转成日期"
REPAIR_PREFIX = "去掉前缀文字"
REPAIR_ID = "去掉编号外的引号、等号或制表符"

_MISSING_WORDS = frozenset(
    [
        "", "'", "/", "\\", ".", "·", "暂无数据", "暂无", "无数据", "暂无统计", "无", "空", "空白",
        "无退款申请", "未统计", "不适用", "暂无评价", "未评价", "暂未评价", "未评分", "未评",
        "null", "'null", "none", "nan", "n/a", "na", "nil",
        "nat", "<na>", "\\n",
    ]
)  # fmt: skip
_DELAYED_WORDS = frozenset(
    [
        "延迟统计", "数据将于第二天更新", "延迟更新", "统计中", "数据统计中", "计算中", "数据计算中",
        "数据延迟", "待统计", "数据更新中",
    ]
)  # fmt: skip
_ERRORS = frozenset(
    ["#n/a", "#n/a!", "#div/0!", "#value!", "#ref!", "#name?", "#num!", "#null!", "#getting_data", "#spill!"]
)
_DASHES = str.maketrans(dict.fromkeys("—–―−‐‑‒﹣－ー─", "-"))
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u00ad"))

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_UNITS = "人民币|¥|人次|人|个|条|次|件|笔|单|元|分钟|分|天|日|字|句|轮|位|小时|时|秒|s|rmb|cny|yuan"
_TRAILING_UNIT = re.compile(rf"(?:{_UNITS})$", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\(([^()+-]+)\)")
"""How bookkeepers write what is less than nothing: (5.00)."""
_CURRENCY = re.compile(r"^([+-]?)(?:¥|\$|rmb|cny|人民币)", re.IGNORECASE)


def plain(text: str) -> str:
    """NFKC, without zero-width characters and BOM, dashes made one, outer white space and ``="…"`` off."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_ZERO_WIDTH)).translate(_DASHES)
    return unquoted(text)


def unquoted(text: str) -> str:
    """Text without outer white space and without the ``="…"`` by which old csv exports protect it."""
    text = text.strip()
    while len(text) >= 3 and text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    return text


def absent(cell: object) -> Reading | None:
    """MISSING or DELAYED where the cell holds no value, else None. None of the blank words is ever 0."""
    if cell is None:
        return MISSING
    if isinstance(cell, float):
        return MISSING if math.isnan(cell) else None
    if not isinstance(cell, str):
        return None
    return _absent_text(plain(cell))


def _absent_text(text: str) -> Reading | None:
    word = text.casefold()
    if word in _MISSING_WORDS or not word.strip("-' \t*%"):
        return MISSING
    if word in _DELAYED_WORDS or word.startswith("延迟统计"):
        return DELAYED
    return MISSING_ERROR if word in _ERRORS else None


def problem(reason: str) -> Reading:
    """A cell that could not be used, and why (Chinese)."""
    return Reading(State.PROBLEM, reason=reason)


def show(cell: object, limit: int = 60) -> str:
    """A raw cell as short text for previews and problems. Before it is cut it is masked: half a phone is one too."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return f"{cell:.0f}"  # as the owner sees it in the sheet
    text = " ".join(str(cell).split())
    return text if len(text) <= limit else mask_text(text[:_MASKED])[: limit - 1] + "…"


# ---------------------------------------------------------------- numbers


def _decimal(text: str) -> tuple[Decimal | None, str]:
    """(number, repair) of a text already ``plain`` and without inner spaces."""
    repair = ""
    if _GROUPED.fullmatch(text):
        text, repair = text.replace(",", ""), REPAIR_THOUSANDS
    if not _NUMBER.fullmatch(text):
        return None, ""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None, ""
    if not number.is_finite() or number.adjusted() > 30:
        return None, ""
    return number, repair


def _scaled(text: str) -> tuple[Decimal | None, str]:
    """As :func:`_decimal`, with trailing 万/亿 and unit words allowed."""
    number, repair = _decimal(text)
    if number is not None:
        return number, repair
    body = _TRAILING_UNIT.sub("", text)
    for suffix, factor in (("亿", 100_000_000), ("万", 10_000), ("w", 10_000), ("k", 1_000)):
        if body.casefold().endswith(suffix):
            number, _ = _decimal(body[: -len(suffix)])
            return (None, "") if number is None else (number * factor, REPAIR_WAN)
    number, repair = _decimal(body)
    return number, (repair or REPAIR_UNIT) if number is not None else ""


def _number_text(cell: str) -> tuple[Decimal | None, str, str]:
    """(number, repair, form) of any text cell; form is "percent" where it ends in %."""
    text = "".join(plain(cell).lstrip("'").split())
    form, repair = "bare", ""
    bracketed = _IN_BRACKETS.fullmatch(text)
    if bracketed:
        text, repair = f"-{bracketed[1]}", REPAIR_BRACKETS
    if text.endswith("%"):
        text, form = text[:-1], "percent"
    unsigned = _CURRENCY.sub(r"\1", text)
    if unsigned != text:
        text, repair = unsigned, repair or REPAIR_MONEY
    number, mended = _scaled(text)
    repair = repair or mended
    if number is not None and not repair and not cell.isascii():
        repair = REPAIR_FULL_WIDTH
    return number, repair, form


def read_number(cell: object) -> Reading:  # noqa: PLR0911  (one line a cell type)
    """A count or plain number as float; ``form`` "percent" tells that it was written with %."""
    gone = absent(cell)
    if gone is not None:
        return gone
    if isinstance(cell, bool):
        return problem("这里应是数字")
    if isinstance(cell, int | float):
        return _finite(float(cell)) if abs(cell) < 1e300 else problem("数字太大")
    if isinstance(cell, Decimal):
        return _finite(float(cell))
    if isinstance(cell, str):
        number, repair, form = _number_text(cell)
        if number is None:
            return problem("读不出数字")
        return Reading(State.VALUE, float(number) + 0.0, repair, form=form)  # -0 is 0
    return problem("这里应是数字，却是日期或时间")


def _finite(number: float) -> Reading:
    return Reading(State.VALUE, number) if math.isfinite(number) else problem("读不出数字")


def read_money(cell: object, unit: str = "元") -> Reading:
    """Money as integer 分, half up, exact: ``"28.90"`` → 2890. A header unit 万元 or 分 is honoured."""
    gone = absent(cell)
    if gone is not None:
        return gone
    repair = ""
    if isinstance(cell, str):
        found, repair, form = _number_text(cell)
        if found is None or form == "percent":
            return problem("读不出金额")
        number = found
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        if not math.isfinite(cell) or abs(cell) > 1e15:
            return problem("金额太大")
        number = Decimal(str(cell))
    else:
        return problem("这里应是金额")
    factor = {"万元": 1_000_000, "万": 1_000_000, "分": 1}.get(unit, 100)
    if abs(number) > Decimal(10) ** 15:
        return problem("金额太大")
    return Reading(State.VALUE, int((number * factor).to_integral_value(ROUND_HALF_UP)), repair)


# ---------------------------------------------------------------- durations

UNIT_SECONDS = {"秒": 1.0, "分": 60.0, "时": 3600.0, "天": 86400.0, "毫秒": 0.001}
"""Seconds in each header unit, see :func:`csdesk.ingest.headers.unit_of`."""

_N = r"(\d+(?:\.\d+)?)"
_WORDED = re.compile(
    rf"(?:{_N}(?:天|日|days?|d),?)?(?:{_N}(?:小时|个小时|时|hours?|hrs?|h))?(?:{_N}(?:分钟|分|mins?|min|m|′|'))?"
    rf"(?:{_N}(?:秒钟|秒|secs?|s|″|′′|\"|''))?(?:{_N}(?:毫秒|ms))?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(\d+)(?:天|日|days?|d),?)?(\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?", re.IGNORECASE)
_SERIAL_ZERO = datetime(1899, 12, 31)
_GROUP_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def read_duration(cell: object, unit: str = "秒") -> Reading:
    """A duration in seconds. Bare numbers are in ``unit``; ``form`` "bare" lets the column decide otherwise."""
    gone = absent(cell)
    if gone is not None:
        return gone
    if isinstance(cell, str):
        return _duration_text(cell, unit)
    if isinstance(cell, bool):
        return problem("这里应是时长")
    if isinstance(cell, int | float):
        seconds = cell * UNIT_SECONDS.get(unit, 1.0)
        return Reading(State.VALUE, float(seconds)) if math.isfinite(seconds) else problem("读不出时长")
    return _duration_cell(cell)


def _duration_cell(cell: object) -> Reading:
    if isinstance(cell, timedelta):
        return Reading(State.VALUE, round(cell.total_seconds(), 3), form="clock")
    if isinstance(cell, time):
        seconds = cell.hour * 3600 + cell.minute * 60 + cell.second + cell.microsecond / 1e6
        return Reading(State.VALUE, round(seconds, 3), form="clock")
    if isinstance(cell, datetime) and cell.year <= 1904:
        zero = _zero_of(cell)
        return Reading(State.VALUE, round((cell.replace(tzinfo=None) - zero).total_seconds(), 3), form="clock")
    return problem("这里应是时长，却是日期")


def _zero_of(cell: datetime) -> datetime:
    """What a duration shown as a date is counted from: day 0 of either date system, the 29th February 1900 that Excel
    believes in between."""
    if cell.year == 1904:
        return datetime(1904, 1, 1)
    if cell < _SERIAL_ZERO:
        return _SERIAL_ZERO - timedelta(days=1)
    return _SERIAL_ZERO if cell < datetime(1900, 3, 1) else _SERIAL_ZERO - timedelta(days=1)


def _duration_text(cell: str, unit: str) -> Reading:
    text = "".join(plain(cell).split()).lstrip("'")
    clock = _CLOCK.fullmatch(text)
    if clock:
        return _from_clock(clock)
    number, repair = _decimal(text)
    if number is not None:
        return Reading(State.VALUE, float(number) * UNIT_SECONDS.get(unit, 1.0), repair)
    worded = _WORDED.fullmatch(_GROUP_COMMA.sub("", text))
    if worded and any(worded.groups()):
        parts = zip(worded.groups(), (86400, 3600, 60, 1, 0.001), strict=True)
        seconds = sum(float(part) * size for part, size in parts if part)
        return Reading(State.VALUE, round(float(seconds), 6), form="unit")
    return problem("读不出时长")


def _from_clock(match: re.Match[str]) -> Reading:
    days, first, second, third = match.groups()
    # 01:20 is minutes and seconds: response times are short
    big, small, rest = (first, second, third) if third is not None else ("0", first, second)
    seconds = int(big) * 3600 + int(small) * 60 + float(rest)
    if int(second) > 59 or (third is not None and float(third) >= 60):
        return problem("读不出时长")
    return Reading(State.VALUE, seconds + int(days or 0) * 86400.0, form="clock")


# ---------------------------------------------------------------- dates

_DAY = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*日?")
_DAY_COMPACT = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?:(\d{2})(\d{2})(\d{2}))?(?!\d)"
)
_DAY_SHORT = re.compile(r"^(1[3-9]|[2-9]\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)\s*日?")
_DAY_OF_NO_YEAR = re.compile(r"^(\d{1,2})月(\d{1,2})日")
_ZONE = re.compile(r"(?<=\d)\s*(?:(Z)|([+-])(\d{2}):?(\d{2}))$", re.IGNORECASE)
_BEIJING = timedelta(hours=8)
_DAY_US = re.compile(r"^(\d{1,2})[-/](\d{1,2})[-/](\d{2}|\d{4})(?!\d)")
_CLOCK_TIME = re.compile(
    r"(上午|下午|晚上|凌晨|早上|中午|am|pm)?\s*(\d{1,2})\s*[:时点]\s*(\d{1,2})(?:\s*[:分]\s*(\d{1,2})(?:[.,]\d+)?)?\s*秒?分?(am|pm)?",
    re.IGNORECASE,
)
_SERIAL_FIRST, _SERIAL_LAST = 20_000.0, 80_000.0  # 1954 .. 2119


def read_datetime(cell: object, *, date1904: bool = False) -> Reading:
    """A moment on the shop's clock as datetime (whole seconds, no zone).

    ``form`` is "bare" where only a day was given.
    """
    gone = absent(cell)
    if gone is not None:
        return gone
    if isinstance(cell, datetime):
        moment = _whole_second(cell.replace(tzinfo=None))
        return _in_reach(moment, "", "clock" if moment.time() != time(0) else "bare")
    if isinstance(cell, date):
        return _in_reach(datetime(cell.year, cell.month, cell.day), "", "bare")
    if isinstance(cell, str):
        return _datetime_text(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _datetime_number(float(cell), date1904)
    return problem("读不出日期")


def read_date(cell: object, *, date1904: bool = False) -> Reading:
    """A business day as date; a time of day is dropped."""
    found = read_datetime(cell, date1904=date1904)
    if found.state is not State.VALUE:
        return found
    return Reading(State.VALUE, found.value.date(), found.repair)


def _whole_second(moment: datetime) -> datetime:
    if not moment.microsecond:
        return moment
    try:
        return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    except OverflowError:
        return moment.replace(microsecond=0)


def _in_reach(moment: datetime, repair: str, form: str) -> Reading:
    if not 1990 <= moment.year <= 2100:
        return problem("日期不在 1990–2100 年")
    return Reading(State.VALUE, moment, repair, form=form)


def _datetime_number(number: float, date1904: bool) -> Reading:
    if not math.isfinite(number):
        return problem("读不出日期")
    if _SERIAL_FIRST <= number < _SERIAL_LAST:
        zero = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 30)
        moment = _whole_second(zero + timedelta(days=number))
        return _in_reach(moment, REPAIR_SERIAL, "bare" if number.is_integer() else "clock")
    if number.is_integer() and number > 0:
        if 19_900_101 <= number <= 21_001_231 or 19_900_101_000_000 <= number <= 21_001_231_235_959:
            return _datetime_text(f"{number:.0f}")
        if 1e9 <= number < 3e9 or 1e12 <= number < 3e12:
            seconds = number if number < 1e12 else number / 1000
            moment = datetime(1970, 1, 1) + timedelta(seconds=int(seconds) + 8 * 3600)
            return _in_reach(moment, "时间戳按北京时间读", "clock")
    return problem("读不出日期")


def _datetime_text(cell: str) -> Reading:
    text = plain(cell).lstrip("'")
    if len(text) == 19 and text[4] == "-" and text[10] in " T" and text[11:13].isdigit():
        try:
            return _in_reach(datetime.fromisoformat(text), REPAIR_FULL_WIDTH if cell[:1] > "9" else "", "clock")
        except ValueError:
            pass  # 24:00:00, or no such day
    number, _ = _decimal(text)
    if number is not None and (len(text) < 8 or "." in text or len(text) in (10, 13)):
        return _datetime_number(float(number), False)
    try:
        return _datetime_parts(text)
    except (ValueError, OverflowError):
        return problem("没有这一天或这个时刻")


def _datetime_parts(text: str) -> Reading:
    match = _DAY.search(text)
    compact = None if match else _DAY_COMPACT.search(text)
    short = None if match or compact else _DAY_SHORT.match(text)
    american = None if match or compact or short else _DAY_US.match(text)
    found = match or compact or short or american
    if found is None:
        return problem("日期没有写年份，请写成 2026-03-04 这样" if _DAY_OF_NO_YEAR.match(text) else "读不出日期")
    if american:
        month, day_of_month, year = (int(part) for part in american.groups())
        year += 2000 if year < 100 else 0
    else:
        year, month, day_of_month = (int(part) for part in found.groups()[:3])
        year += 2000 if short else 0
    day = datetime(year, month, day_of_month)
    if compact and compact.group(4):
        moment = day.replace(hour=int(compact[4]), minute=int(compact[5]), second=int(compact[6]))
        return _in_reach(moment, REPAIR_DATE_TEXT, "clock")
    before = text[: found.start()].strip()
    clock = _CLOCK_TIME.search(text, found.end())
    repair = REPAIR_PREFIX if before else "" if text[4:5] == "-" else REPAIR_DATE_TEXT
    if clock is None:
        return _in_reach(day, repair, "bare")
    moment = day + _time_of_day(clock)
    zone = _ZONE.search(text, clock.end(4) if clock[4] else clock.end(3))
    if zone is None or (ahead := _ahead(zone)) == _BEIJING:
        return _in_reach(moment, repair, "clock")
    return _in_reach(moment - ahead + _BEIJING, REPAIR_ZONE, "clock")


def _ahead(zone: re.Match[str]) -> timedelta:
    """How far a time zone is ahead of Greenwich."""
    if zone[1]:
        return timedelta(0)
    ahead = timedelta(hours=int(zone[3]), minutes=int(zone[4]))
    return ahead if zone[2] == "+" else -ahead


def _time_of_day(clock: re.Match[str]) -> timedelta:
    word = (clock[1] or clock[5] or "").casefold()
    hour, minute, second = int(clock[2]), int(clock[3]), int(clock[4] or 0)
    if word in ("下午", "晚上", "pm") and hour < 12:
        hour += 12
    elif word in ("上午", "凌晨", "早上", "am") and hour == 12:
        hour = 0
    if (hour, minute, second) == (24, 0, 0):
        return timedelta(days=1)
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(clock[0])
    return timedelta(hours=hour, minutes=minute, seconds=second)


# ---------------------------------------------------------------- ids, words

_FORMULA_TEXT = re.compile(r'^="?(.*?)"?$', re.DOTALL)
_ID_PREFIX = re.compile(
    r"^(?:(?:主|子|商品)?订单(?:编号|号|id)?|(?:售后|退款|工单)?(?:单号|编号|id)|(?:会话|商品|评价)id|no\.?)\s*:\s*",
    re.IGNORECASE,
)
_SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?e\+?\d{1,2}$", re.IGNORECASE)
DAMAGED_ID = "编号的后几位丢了：文件在 WPS 或 Excel 里打开过并保存。请从后台重新导出，不要用表格软件另存"


def read_id(cell: object) -> Reading:  # noqa: C901, PLR0911  (one line a cell type)
    """An order or session id as text; a float too large to be exact is a problem, never guessed.

    A text that ends in zeros may have been a float before: only its column can tell.
    """
    gone = absent(cell)
    if gone is not None:
        return gone
    if isinstance(cell, bool):
        return problem("读不出编号")
    if isinstance(cell, int | float):
        if not float(cell).is_integer():
            return problem("读不出编号")
        return Reading(State.VALUE, f"{cell:.0f}") if abs(cell) < 1e15 else problem(DAMAGED_ID)
    if not isinstance(cell, str):
        return problem("读不出编号")
    text = plain(cell)
    inner = _FORMULA_TEXT.sub(r"\1", text) if text.startswith("=") else text.strip("'\"`\t ")
    bare = _ID_PREFIX.sub("", inner).strip()
    if not bare or _absent_text(bare) is not None:
        return MISSING
    if _SCIENTIFIC.match(bare):
        return problem(DAMAGED_ID)
    if bare.endswith(".0") and bare[:-2].isdigit():
        bare = bare[:-2]
    if not _LIKE_ID.fullmatch(bare) and mask_text(bare) != bare:
        return problem(PRIVATE_ID)
    if bare == cell.strip() and "\t" not in cell:
        return Reading(State.VALUE, bare)
    return Reading(State.VALUE, bare, REPAIR_PREFIX if _ID_PREFIX.match(inner) else REPAIR_ID)


PRIVATE_ID = "这里应是编号，却有手机号之类的个人信息，不保存"
_LIKE_ID = re.compile(r"[\w.;,-]+", re.ASCII)
_YES = frozenset(["是", "1", "1.0", "y", "yes", "true", "t", "有", "√", "✓", "✔", "对", "on", "转接", "评价", "邀评"])
_NO = frozenset(["否", "0", "0.0", "n", "no", "false", "f", "无", "没有", "×", "✗", "x", "不是", "off", "不"])


def read_boolean(cell: object) -> Reading:
    """是/否, 1/0, Y/N, 已…/未…, 有/无 as 1 or 0."""
    if isinstance(cell, bool):
        return Reading(State.VALUE, int(cell))
    if isinstance(cell, int | float) and cell in (0, 1):
        return Reading(State.VALUE, int(cell))
    if isinstance(cell, str):
        word = plain(cell).casefold()
        if word in _YES or word.startswith(("已", "是")):
            return Reading(State.VALUE, 1)
        if word in _NO or word.startswith(("未", "否", "没")):
            return Reading(State.VALUE, 0)
    return absent(cell) or problem("这里应是“是”或“否”")


_LEVELS = {
    "非常满意": 5, "很满意": 5, "好评": 5,
    "满意": 4, "基本满意": 4, "比较满意": 4, "较满意": 4,
    "一般": 3, "中评": 3,
    "不满意": 2, "不满": 2, "不太满意": 2, "较不满意": 2,
    "非常不满意": 1, "很不满意": 1, "很不满": 1, "非常不满": 1, "差评": 1,
}  # fmt: skip
_STARS = re.compile(r"([1-5一二三四五])(?:\.0+)?(?:星级?|分|颗星)?(?:/5|好评|中评|差评)?")


def read_rating(cell: object) -> Reading:  # noqa: PLR0911  (one line a cell type)
    """A rating 1–5 from a number, 5星, ★★★★☆ or the five words."""
    gone = absent(cell)
    if gone is not None:
        return gone
    if isinstance(cell, str):
        word = "".join(plain(cell).split())
        if word in _LEVELS:
            return Reading(State.VALUE, _LEVELS[word])
        if word.strip("★☆⭐") == "":
            stars = word.count("★") + word.count("⭐")
            return Reading(State.VALUE, stars) if 1 <= stars <= 5 else problem("评分应是 1–5")
        match = _STARS.fullmatch(word)
        if match:
            return Reading(State.VALUE, "一二三四五".find(match[1]) + 1 or int(match[1]))
        return problem("评分应是 1–5")
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell in (1, 2, 3, 4, 5):
        return Reading(State.VALUE, int(cell))
    return problem("评分应是 1–5")


def read_text(cell: object) -> Reading:
    """Text with outer white space off; numbers as the owner sees them."""
    if cell is None:
        return MISSING
    if isinstance(cell, str):
        text = unquoted(cell.translate(_ZERO_WIDTH))
        return Reading(State.VALUE, text) if text and absent(text) is None else MISSING
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return MISSING
        return Reading(State.VALUE, f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else repr(cell))
    return Reading(State.VALUE, str(cell))
