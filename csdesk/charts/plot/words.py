"""The words of a chart: values, intervals, sample sizes, axis ticks."""

from __future__ import annotations

import math

from csdesk.charts import format as written
from csdesk.charts.plot.axis import Scale
from csdesk.charts.spec import Format, Point

MISSING = written.MISSING


def value_text(value: float | None, form: Format) -> str:
    """A value beside a mark: as in the tables, but large numbers in 万 and 亿."""
    if value is None:
        return MISSING
    if form is Format.COUNT:
        return written.count(value, compact=True)
    if form is Format.YUAN:
        return written.yuan(value, compact=True)
    return written.cell(value, form)


def point_text(point: Point, form: Format) -> str:
    """What stands beside a point: its own label or the value."""
    if not point.label and form is Format.YUAN and point.y is not None and 1e5 <= abs(point.y) < 1e8:
        return written.yuan(round(point.y / 100) * 100.0).removesuffix(".00")  # 分 only where they matter
    return point.label or value_text(point.y, form)


def tick_text(value: float, scale: Scale, form: Format) -> str:
    """A tick: no more digits than its neighbours need."""
    match form:
        case Format.PERCENT:
            digits = max(0, -math.floor(math.log10(scale.step * 100) + 1e-9))
            return f"{value * 100:.{digits}f}%".replace("-", written.MINUS)
        case Format.SCORE:
            digits = max(0, -math.floor(math.log10(scale.step) + 1e-9))
            return f"{value:.{digits}f}".replace("-", written.MINUS)
        case Format.COUNT:
            return _grouped(value)
        case Format.YUAN:
            return f"¥{_grouped(value / 100)}".replace(f"¥{written.MINUS}", f"{written.MINUS}¥")
        case _:
            return written.cell(value, form)


def _grouped(value: float) -> str:
    size, sign = abs(value), written.MINUS if value < 0 else ""
    for limit, divisor, unit in ((1e8, 1e8, "亿"), (1e5, 1e4, "万")):
        if size >= limit:
            return f"{sign}{size / divisor:,.4g}{unit}"
    return f"{sign}{size:,.0f}"


def interval_text(point: Point, form: Format) -> str:
    """``58.1%–66.2%``, or nothing."""
    if point.low is None or point.high is None:
        return ""
    return f"{value_text(point.low, form)} – {value_text(point.high, form)}"


def sample_text(n: float | None) -> str:
    """``n=402``, or nothing."""
    return "" if n is None else f"n={written.count(n, compact=True)}"


def detail_text(point: Point, form: Format) -> str:
    """Everything about a point beside its value: interval, sample size, what to mind."""
    parts = [interval_text(point, form), sample_text(point.n)]
    parts += ["样本少"] if point.muted else []
    parts += ["未定"] if point.provisional else []
    return "  ".join(part for part in parts if part)
