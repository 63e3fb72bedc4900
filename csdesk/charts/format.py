"""How numbers are written, everywhere: cards, axes, tooltips, tables, sentences and exports.

Chinese habits: 1,234 · 95.3% · 1分20秒 · ¥1,234.50 · 4.87 · 2026-11-22. A missing value is an en
dash, a negative one carries a real minus sign (U+2212), so that columns of figures line up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from csdesk.charts.spec import Cell, Format
from csdesk.domain.money import yuan_text
from csdesk.metrics.model import MetricValue, Unit

MISSING = "–"
MINUS = "\N{MINUS SIGN}"
_COMPACT_FROM = 1_000_000
_ROUGH_FROM = 1e5

FORMAT_OF_UNIT: dict[Unit, Format] = {
    Unit.COUNT: Format.COUNT,
    Unit.RATE: Format.PERCENT,
    Unit.SECONDS: Format.SECONDS,
    Unit.YUAN: Format.YUAN,
    Unit.SCORE: Format.SCORE,
    Unit.DISTRIBUTION: Format.PERCENT,
    Unit.RATIO: Format.SCORE,
    Unit.FIGURES: Format.TEXT,
}
"""The column or axis format of each unit of the metric engine."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a written value: figures large, units (``unit`` True) small beside them."""

    text: str
    unit: bool = False


def count(value: float | None, *, compact: bool = False) -> str:
    """``1,234``; with ``compact`` from a million on ``123.5万`` and ``3.4亿``."""
    return _joined(_count_parts(value, compact=compact))


def percent(value: float | None, digits: int = 1) -> str:
    """A fraction as ``95.3%``; exactly 0 and 1 lose their decimals."""
    if value is None or not math.isfinite(value):
        return MISSING
    if value in {0, 1}:
        digits = 0
    return f"{_signed(value * 100, digits)}%"


def duration(seconds: float | None) -> str:
    """``18秒``, ``1分20秒``, ``2分钟``, ``1小时5分``; below 10 s with one decimal where there is one."""
    return _joined(_duration_parts(seconds))


def yuan(fen: float | None, *, compact: bool = False) -> str:
    """分 as ``¥1,234.50``; with ``compact`` from a million yuan on ``¥123.5万``."""
    return _joined(_yuan_parts(fen, compact=compact))


def score(value: float | None) -> str:
    """``4.87``."""
    return MISSING if value is None or not math.isfinite(value) else _signed(value, 2)


def day(value: date | None) -> str:
    """``2026-11-22``."""
    return MISSING if value is None else value.isoformat()


def short_day(value: date) -> str:
    """``11-22``: for axes whose year is clear."""
    return f"{value:%m-%d}"


def points(difference: float | None, *, short: bool = False) -> str:
    """A difference of two fractions: ``+3.1 个百分点``, ``+3.1 pp`` when ``short``."""
    if difference is None or not math.isfinite(difference):
        return MISSING
    return f"{_plus(difference * 100, 1)} {'pp' if short else '个百分点'}"


def points_between(low: float | None, high: float | None) -> str:
    """The interval of such a difference: ``+3.3 至 +6.3 个百分点``."""
    return f"{points(low).removesuffix(' 个百分点')} 至 {points(high)}"


def relative(difference: float | None, base: float | None) -> str:
    """A change relative to ``base``: ``+4.2%``; missing without a base."""
    if difference is None or not base or not math.isfinite(difference):
        return MISSING
    return f"{_plus(difference / abs(base) * 100, 1)}%"


def signed_score(difference: float | None) -> str:
    """A difference of two scores or ratios: ``+0.07``."""
    return MISSING if difference is None or not math.isfinite(difference) else _plus(difference, 2)


def signed_duration(difference: float | None) -> str:
    """A difference of two durations: ``+4秒``, ``−1分5秒``."""
    text = duration(difference)
    return f"+{text}" if difference is not None and difference > 0 and text not in {"0秒", MISSING} else text


def parts(value: float | None, unit: Unit, *, compact: bool = True) -> tuple[Part, ...]:
    """A value in pieces for a KPI card: ``18`` + ``秒``, ``1,234``, ``123.5`` + ``万``."""
    if value is None or not math.isfinite(value):
        return (Part(MISSING),)
    match unit:
        case Unit.COUNT:
            return _count_parts(value, compact=compact)
        case Unit.SECONDS:
            return _duration_parts(value)
        case Unit.YUAN:
            return _yuan_parts(value, compact=compact)
        case Unit.SCORE | Unit.RATIO:
            return (Part(score(value)),)
        case _:
            return (Part(percent(value)),)


def rough_text(value: float | None, unit: Unit) -> str:
    """Where there is little room: money and counts from ten thousand on as ``¥53.5万``, money in whole yuan."""
    if value is None or unit not in {Unit.YUAN, Unit.COUNT}:
        return text_of(value, unit)
    size = value / 100 if unit is Unit.YUAN else value
    mark = "¥" if unit is Unit.YUAN else ""
    if abs(size) < _ROUGH_FROM:
        return f"{MINUS if round(size) < 0 else ''}{mark}{abs(round(size)):,}"
    return f"{MINUS if size < 0 else ''}{mark}{_joined(_compact_parts(abs(size)))}"


def text_of(value: float | None, unit: Unit, *, compact: bool = False) -> str:
    """A metric's value as one piece of text."""
    return _joined(parts(value, unit, compact=compact))


def metric_text(value: MetricValue, *, compact: bool = False) -> str:
    """A metric as one piece of text, whatever its unit; a distribution as ``很满意 75.0%、满意 16.7%``."""
    if value.unit is Unit.FIGURES:
        return "、".join(f"{one.title} {text_of(one.value, one.unit)}" for one in value.figures) or MISSING
    if isinstance(value.value, dict):
        return "、".join(f"{level} {percent(share)}" for level, share in value.value.items()) or MISSING
    return text_of(value.value, value.unit, compact=compact)


def cell(value: Cell, style: Format) -> str:
    """A table cell as it is shown. Text stays as it is; a missing value is ``–``."""
    if value is None:
        return MISSING
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return day(value)
    return _CELLS[style](value)


def period_text(first: date, last: date) -> str:
    """``2026-10-23 至 2026-11-21`` or the single day."""
    return day(first) if first == last else f"{day(first)} 至 {day(last)}"


def _plain(value: float) -> str:
    return f"{value:g}"


_CELLS: dict[Format, Callable[[float], str]] = {
    Format.COUNT: count,
    Format.PERCENT: percent,
    Format.SECONDS: duration,
    Format.YUAN: yuan,
    Format.SCORE: score,
    Format.DATE: _plain,
    Format.TEXT: _plain,
}


def _joined(pieces: tuple[Part, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def _signed(value: float, digits: int) -> str:
    """Grouped figures with a real minus sign, and never a negative nothing."""
    text = f"{abs(value):,.{digits}f}"
    return MINUS + text if value < 0 and any(figure in "123456789" for figure in text) else text


def _plus(value: float, digits: int) -> str:
    text = _signed(value, digits)
    return f"+{text}" if value > 0 and any(figure in "123456789" for figure in text) else text


def _count_parts(value: float | None, *, compact: bool) -> tuple[Part, ...]:
    if value is None or not math.isfinite(value):
        return (Part(MISSING),)
    if compact and abs(value) >= _COMPACT_FROM:
        return _compact_parts(value)
    return (Part(_signed(round(value), 0)),)


def _yuan_parts(fen: float | None, *, compact: bool) -> tuple[Part, ...]:
    if fen is None or not math.isfinite(fen):
        return (Part(MISSING),)
    sign = MINUS if round(fen) < 0 else ""
    if compact and abs(fen) >= _COMPACT_FROM * 100:
        return (Part(f"{sign}¥", unit=True), *_compact_parts(abs(fen) / 100))
    whole, _, cents = yuan_text(abs(fen)).partition(".")
    return (Part(f"{sign}¥", unit=True), Part(f"{int(whole):,}.{cents}"))


def _compact_parts(value: float) -> tuple[Part, ...]:
    # 99,999,500 would read 10,000.0万: what rounds up to an 亿 is written as one.
    divisor, unit = (1e8, "亿") if abs(value) >= 1e8 - 500 else (1e4, "万")
    return (Part(_signed(value / divisor, 1)), Part(unit, unit=True))


def _duration_parts(seconds: float | None) -> tuple[Part, ...]:
    if seconds is None or not math.isfinite(seconds):
        return (Part(MISSING),)
    size = abs(seconds)
    tenths = round(size, 1)
    figures = [(f"{tenths:g}", "秒")] if tenths < 10 else _clock(size)
    sign = MINUS if seconds < 0 and tenths > 0 else ""
    if len(figures) == 1 and figures[0][1] == "分":
        figures = [(figures[0][0], "分钟")]  # alone, 1分 could be a point of a score
    pieces = chain.from_iterable((Part(number), Part(unit, unit=True)) for number, unit in figures)
    return (Part(sign + figures[0][0]), *tuple(pieces)[1:]) if sign else tuple(pieces)


def _clock(seconds: float) -> list[tuple[str, str]]:
    """Whole units, at most two of them; from an hour on seconds no longer matter, from two days on minutes."""
    whole = round(seconds)
    if whole >= 2 * 86_400:
        days, hours = divmod(round(seconds / 3600), 24)
        return [(f"{number:,}", unit) for number, unit in ((days, "天"), (hours, "小时")) if number]
    if whole >= 3600:
        whole = round(seconds / 60) * 60
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    named = [(hours, "小时"), (minutes, "分"), (left, "秒")]
    return [(f"{number:,}", unit) for number, unit in named if number]
