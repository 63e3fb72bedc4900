"""Business days and export times from file names and from the lines above a table."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from csdesk.domain.period import Period
from csdesk.ingest import cells
from csdesk.ingest.model import RawCell

_COPY = re.compile(r"(?:\s*[((]\d{1,3}[))]|\s*-?\s*副本(?:\s*[((]\d+[))])?|\s*-\s*copy|\s+copy)+$", re.IGNORECASE)
_CLOCK = (
    r"(?:[ T_]*(?P<h>[01]?\d|2[0-3])[:_.\-点时](?P<m>[0-5]\d)(?:[:_.\-分](?P<s>[0-5]\d))?秒?(?!\d)"
    r"|[ T_-]?(?P<h2>[01]\d|2[0-3])(?P<m2>[0-5]\d)(?P<s2>[0-5]\d)(?!\d))?"
)
_FULL = re.compile(
    r"(?<!\d)(?P<y>20\d{2})(?:(?P<sep>[-/._])(?P<mo>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)"
    r"|年(?P<mo2>\d{1,2})月(?P<d2>\d{1,2})[日号]?)" + _CLOCK
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<y>20\d{2})(?P<mo>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d(?!\d{5}(?!\d)))" + _CLOCK
)
_MONTH = re.compile(r"(?<!\d)(20\d{2})(?:年(\d{1,2})月(?!\d)|[-_.](0[1-9]|1[0-2])(?![-_.]?\d))")
_SHORT = re.compile(r"(?<![\d年])(\d{1,2})月(\d{1,2})[日号]?")
_TO_SHORT = re.compile(r"^\s*(?:至|到|~|-{1,2}|—)\s*(?:(\d{1,2})月|(\d{1,2})[-./])?(\d{1,2})[日号]?(?![\d年:])")
_TO_COMPACT = re.compile(r"^[-~至到_](0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_LINK = re.compile(r"^[\s_~至到\-—–.,+&]*(?:to)?[\s_~至到\-—–.,+&]*$", re.IGNORECASE)
_LONGEST_SPAN = 3660
"""Days: no export speaks for more than ten years; such a span is a mistyped year."""
_LONGEST = 300  # characters looked at in a line
_EXPORT_WORDS = re.compile(r"导出|下载|生成|制表|更新时间|打印|采集|export", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dates:
    """What a text says: the business period, and the moment of export, where there are any."""

    period: Period | None = None
    exported_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    first: date
    last: date
    moment: datetime | None = None


def from_file_name(name: str, written: datetime | None = None) -> Dates:
    """Period and export time in a file name (with or without extension).

    A date with a clock time is the export time. ``written`` (the file's own time) gives the year of
    dates without one, if that makes them less than half a year old.
    """
    stem = unicodedata.normalize("NFKC", name)
    stem = re.sub(r"\.(?:xlsx?|xlsm|xlsb|csv|ods|et|txt|tsv|html?)$", "", stem.strip(), flags=re.IGNORECASE)
    return from_text(_COPY.sub("", stem), written)


def from_text(text: str, written: datetime | None = None) -> Dates:
    """As :func:`from_file_name` for a line of text."""
    text = cells.plain(text[:_LONGEST])
    tokens = _tokens(text)
    export = {id(token) for token in tokens if _is_export(text, token, tokens)}
    days = [token for token in tokens if token.moment is None and id(token) not in export]
    moments = [token for token in tokens if token not in days]
    exported = max((token.moment or datetime(*token.last.timetuple()[:3]) for token in moments), default=None)
    if not days and tokens and not export:
        # 2026-03-01 00:00 ~ 2026-03-07 23:59: a span written with clock times
        if len(moments) == 2 and _LINK.match(text[moments[0].end : moments[1].start]):
            return Dates(_span(moments[0], moments[1]))
        return Dates(None, exported)
    period = _period(text, days) or _without_year(text, days, written)
    return Dates(period if period and period.days <= _LONGEST_SPAN else None, exported)


def _is_export(text: str, token: _Token, tokens: Sequence[_Token]) -> bool:
    """Whether 导出, 下载 … stands right before the date, or right after the last one."""
    behind = max((other.end for other in tokens if other.end <= token.start), default=0)
    if _EXPORT_WORDS.search(text[max(behind, token.start - 10) : token.start]):
        return True
    return token is tokens[-1] and len(tokens) > 1 and bool(_EXPORT_WORDS.match(text[token.end :].lstrip(" _-")))


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for pattern in (_FULL, _COMPACT):
        for match in pattern.finditer(text):
            token = _day_token(match)
            if token and not any(token.start < other.end and other.start < token.end for other in found):
                found.append(token)
    for match in _MONTH.finditer(text):
        if not any(match.start() < other.end and other.start < match.end() for other in found):
            year, month = int(match[1]), int(match[2] or match[3])
            if 1 <= month <= 12:
                last = date(year, month, calendar.monthrange(year, month)[1])
                found.append(_Token(match.start(), match.end(), date(year, month, 1), last))
    return sorted(found, key=lambda token: token.start)


def _day_token(match: re.Match[str]) -> _Token | None:
    part = match.groupdict()
    try:
        day = date(int(part["y"]), int(part.get("mo") or part["mo2"]), int(part.get("d") or part["d2"]))
    except ValueError:
        return None
    moment = None
    hour, minute, second = (part[name] or part[name + "2"] for name in "hms")
    if hour:
        moment = datetime(day.year, day.month, day.day, int(hour), int(minute), int(second or 0))
    return _Token(match.start(), match.end(), day, day, moment)


def _span(one: _Token, other: _Token) -> Period:
    return Period(min(one.first, other.first), max(one.last, other.last))


def _period(text: str, days: Sequence[_Token]) -> Period | None:
    for one, other in pairwise(days):
        if _LINK.match(text[one.end : other.start]):
            return _span(one, other)
    if not days:
        return None
    first = days[0]
    short = _TO_SHORT.match(text[first.end :])
    compact = _TO_COMPACT.match(text[first.end :]) if text[first.start : first.end].isdigit() else None
    if (short or compact) and first.first == first.last:
        found = (compact[1], compact[2]) if compact else (short[1] or short[2], short[3]) if short else ("", "")
        month = int(found[0] or first.first.month)
        try:
            last = date(first.first.year + (month < first.first.month), month, int(found[1]))
        except ValueError:
            return Period(first.first, first.last)
        if first.first <= last and (last - first.first).days <= 366:
            return Period(first.first, last)
    return Period(first.first, first.last)


def _without_year(text: str, days: Sequence[_Token], written: datetime | None) -> Period | None:
    short = list(_SHORT.finditer(text))
    if days or not short or written is None:
        return None
    year = re.search(r"(?<!\d)(20\d{2})年?(?!\d)", text)
    found = [_dated(int(m[1]), int(m[2]), written, int(year[1]) if year else None) for m in short[:2]]
    first = found[0]
    if first is None:
        return None
    last = found[-1] if len(found) == 2 and _LINK.match(text[short[0].end() : short[1].start()]) else first
    if last is None or last < first:
        return None
    return Period(first, last)


def _dated(month: int, day: int, written: datetime, year: int | None) -> date | None:
    try:
        if year is not None:
            return date(year, month, day)
        found = date(written.year, month, day)
        if found > written.date():
            found = date(written.year - 1, month, day)
    except ValueError:
        return None
    return found if (written.date() - found) < timedelta(days=183) else None


def from_cells(rows: Iterable[Sequence[RawCell]]) -> Dates:
    """Period and export time in the lines above a header (统计时间:2026-03-01~2026-03-07)."""
    period: Period | None = None
    exported: datetime | None = None
    for row in rows:
        for line in (*(cell for cell in row if isinstance(cell, str)), _joined(row)):
            found = from_text(line)
            period = period or found.period
            exported = exported or (found.exported_at if _EXPORT_WORDS.search(line) else None)
    return Dates(period, exported)


def _joined(row: Sequence[RawCell]) -> str:
    parts = []
    for cell in row:
        if isinstance(cell, datetime):
            parts.append(str(cell.date()) if cell.time() == datetime.min.time() else f"{cell:%Y-%m-%d %H:%M:%S}")
        elif isinstance(cell, str):
            parts.append(cell)
    return " ".join(parts)


def of_cell(cell: RawCell, written: datetime | None = None) -> Period | None:
    """The day, month or span a date cell stands for, or None; ``written`` as in :func:`from_file_name`."""
    if isinstance(cell, str):
        text = cells.plain(cell[:_LONGEST])
        tokens = _tokens(text)
        if len(tokens) == 2:
            return _span(tokens[0], tokens[1])
        if len(tokens) == 1 and (tokens[0].first != tokens[0].last or _TO_SHORT.match(text[tokens[0].end :])):
            return _period(text, [_Token(tokens[0].start, tokens[0].end, tokens[0].first, tokens[0].last)])
    reading = cells.read_date(cell)
    if reading.state is cells.State.VALUE:
        return Period.of_day(reading.value)
    return _without_year(cells.plain(cell[:_LONGEST]), [], written) if isinstance(cell, str) else None


def has_year(cell: RawCell) -> bool:
    """Whether a cell that :func:`of_cell` understands names a year itself."""
    return not isinstance(cell, str) or of_cell(cell) is not None
