"""Horizontal bars: one series with intervals, several series side by side, and a distribution over levels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from csdesk.charts.plot.axis import Scale, bar_scale
from csdesk.charts.plot.canvas import CENTER, RIGHT, Canvas, mix
from csdesk.charts.plot.scene import Drawn, Hit, TipRow
from csdesk.charts.plot.trend import draw_legend
from csdesk.charts.plot.words import detail_text, point_text, sample_text, tick_text, value_text
from csdesk.charts.spec import ChartSpec, Point, Series

ROW = 28.0          # usual distance of bars
ROW_MIN = 17.0      # below this, the last bars are left out and counted
ROW_MAX = 40.0
GROUP_ROW = 17.0    # one bar of a group
GROUP_GAP = 12.0
AXIS = 24.0
LEGEND = 24.0
_TEXT = 12.0
_LEVEL_ROLES = ("level1", "level2", "level3", "level4", "level5")


@dataclass(frozen=True, slots=True)
class Columns:
    """Name column, bars, the scale of the bars, the right edge for labels, and whether n is written in them."""

    names_left: float
    names_width: float
    left: float
    width: float
    scale: Scale
    right: float
    with_n: bool

    def x(self, value: float) -> float:
        return self.left + self.scale.share(value) * self.width


def natural_height(spec: ChartSpec) -> float:
    """The height at which bars have their usual distance."""
    count, several = len(spec.categories), len(spec.series)
    head = _head(spec)
    if spec.kind == "grouped_bars":
        return count * (several * GROUP_ROW + GROUP_GAP) + LEGEND + AXIS + head
    if spec.kind == "levels":
        return several * 44 + LEGEND + 4 if several > 1 else count * 36 + 4
    return count * ROW + AXIS + 4 + head


def draw_bars(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """One bar a category: rounded, whisker for the interval, value and n at its end, small samples grey."""
    series = spec.series[0]
    columns = _columns(canvas, rect, spec, [series], with_n=True)
    area = rect.adjusted(0, 2 + _head(spec), 0, -AXIS)
    top, shown, row = _rows(area, len(spec.categories))
    drawn = Drawn(left_out=len(spec.categories) - shown)
    _behind(canvas, columns, spec, QRectF(rect.left(), top, rect.width(), shown * row), left_out=drawn.left_out)
    for index in range(shown):
        middle = top + (index + 0.5) * row
        _name(canvas, columns, spec.categories[index], middle, row)
        hit = _bar(canvas, columns, spec, series, index, middle=middle, thick=min(16.0, row * 0.56))
        drawn.add(_across(hit, rect, middle, row))
    return drawn


def draw_grouped(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """Several bars a category, names of the series on top."""
    draw_legend(canvas, QRectF(rect.left(), rect.top(), rect.width(), 18), [(s.title, s.role) for s in spec.series])
    columns = _columns(canvas, rect, spec, spec.series, with_n=True)
    usual = len(spec.series) * GROUP_ROW + GROUP_GAP
    smallest = len(spec.series) * 11.0 + 6
    area = rect.adjusted(0, LEGEND + _head(spec), 0, -AXIS)
    top, shown, group = _rows(area, len(spec.categories), usual=usual, smallest=smallest, largest=usual * 1.5)
    drawn = Drawn(left_out=len(spec.categories) - shown)
    _behind(canvas, columns, spec, QRectF(rect.left(), top, rect.width(), shown * group), left_out=drawn.left_out)
    step = min((group - 6) / len(spec.series), GROUP_ROW * 1.3)
    for index in range(shown):
        middle = top + (index + 0.5) * group
        _name(canvas, columns, spec.categories[index], middle, group)
        for order, series in enumerate(spec.series):
            y = middle + (order - (len(spec.series) - 1) / 2) * step
            hit = _bar(canvas, columns, spec, series, index, middle=y, thick=min(12.0, step * 0.72))
            drawn.add(_across(hit, rect, y, step))
    return drawn


def draw_levels(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """A distribution over ordered levels, best first: one bar a level, or one stacked bar a series."""
    if len(spec.series) > 1:
        return _draw_stacked(canvas, rect, spec)
    series = spec.series[0]
    columns = _columns(canvas, rect, spec, [series], with_n=True)
    top, shown, row = _rows(rect.adjusted(0, 2, 0, -2), len(spec.categories), usual=36, largest=44)
    drawn = Drawn(left_out=len(spec.categories) - shown)
    for index in range(shown):
        middle = top + (index + 0.5) * row
        _name(canvas, columns, spec.categories[index], middle, row)
        color = _level(canvas, spec, series, index)
        hit = _bar(canvas, columns, spec, series, index, middle=middle, thick=min(18.0, row * 0.5), color=color)
        drawn.add(_across(hit, rect, middle, row))
    return drawn


def _level(canvas: Canvas, spec: ChartSpec, series: Series, index: int) -> QColor:
    role = series.points[index].role if index < len(series.points) else ""
    return canvas.color(role) if role else level_color(canvas, index, len(spec.categories))


def level_color(canvas: Canvas, index: int, count: int) -> QColor:
    """The colour of level ``index`` of ``count``, good to bad."""
    place = index * 4 / max(1, count - 1)
    low = min(int(place), 3)
    first, second = canvas.color(_LEVEL_ROLES[low]), canvas.color(_LEVEL_ROLES[low + 1])
    return mix(first, second, place - low)


# -- shared parts -----------------------------------------------------------------------------------------------------


def _columns(
    canvas: Canvas, rect: QRectF, spec: ChartSpec, series: Sequence[Series], *, with_n: bool,
) -> Columns:
    """Room for the names, and the widest bars whose labels still end inside ``rect``; without n where it is tight."""
    widest = max((canvas.width(name, _TEXT) for name in spec.categories), default=0.0)
    names = min(widest + 1, max(48.0, min(170.0, rect.width() * 0.34)))
    left = rect.left() + names + 12
    room = rect.right() - left
    scale = _scale(spec, series, room)
    width = _bars_width(canvas, spec, series, scale, room, with_n=with_n)
    if with_n and width < room * 0.38:
        with_n = False
        width = _bars_width(canvas, spec, series, scale, room, with_n=False)
    return Columns(rect.left(), names, left, max(20.0, width), scale, rect.right(), with_n)


def _scale(spec: ChartSpec, series: Sequence[Series], room: float) -> Scale:
    points = [point for one in series for point in one.points if point.y is not None]
    values = [edge for p in points for edge in (p.y, p.low, p.high) if edge is not None]
    values += [mark.y for mark in spec.marks if mark.kind == "target" and mark.y is not None]
    return bar_scale(values, spec.format, max(1, min(5, int(room / 75))), spec.y_range)


def _bars_width(
    canvas: Canvas, spec: ChartSpec, series: Sequence[Series], scale: Scale, room: float, *, with_n: bool,
) -> float:
    """How long the longest bar may be so that every label ends inside the room."""
    width = room - 6
    for point in (point for one in series for point in one.points):
        end = scale.share(max(point.y or 0.0, point.high or 0.0, 0.0))
        if end > 0:
            width = min(width, (room - 10 - _label_width(canvas, point, spec, with_n=with_n)) / end)
    return width


def _label_width(canvas: Canvas, point: Point, spec: ChartSpec, *, with_n: bool) -> float:
    if point.y is None:
        return canvas.width(point.label or "没有数据", _TEXT)
    width = canvas.width(point_text(point, spec.format), _TEXT, bold=True)
    note = _note(point, with_n=with_n)
    return width + (8 + canvas.width(note, 11.5) if note else 0)


def _note(point: Point, *, with_n: bool) -> str:
    parts = [(point.note or sample_text(point.n)) if with_n else "", "未定" if point.provisional else ""]
    return " ".join(part for part in parts if part)


def _rows(area: QRectF, count: int, *, usual: float = ROW, smallest: float = ROW_MIN,
          largest: float = ROW_MAX) -> tuple[float, int, float]:
    """Top of the first row, how many rows are shown, and their distance."""
    if count * smallest <= area.height():
        row = min(largest, max(smallest, area.height() / max(1, count)))
        row = min(row, usual) if count > 1 and row > usual and count * usual > area.height() * 0.6 else row
        return area.top(), count, row
    shown = max(1, int((area.height() - 16) / smallest))
    return area.top(), min(shown, count), smallest


def _head(spec: ChartSpec) -> float:
    """Room above the bars for the names of targets."""
    return 18.0 if any(mark.kind == "target" and mark.label for mark in spec.marks) else 0.0


def _name(canvas: Canvas, columns: Columns, name: str, middle: float, row: float) -> None:
    place = QRectF(columns.names_left, middle - row / 2, columns.names_width, row)
    canvas.text(place, name, "text2", _TEXT, align=RIGHT)


def _behind(canvas: Canvas, columns: Columns, spec: ChartSpec, area: QRectF, *, left_out: int) -> None:
    """Grid, axis and targets behind the bars; the count of bars that found no room."""
    ticks = [tick_text(tick, columns.scale, spec.format) for tick in columns.scale.ticks]
    widest = max((canvas.width(text, _TEXT) for text in ticks), default=0.0) + 10
    distance = columns.width * columns.scale.step / (columns.scale.high - columns.scale.low)
    every = max(1, math.ceil(widest / distance))
    below = area.bottom() + (18 if left_out else 3)
    if left_out:
        place = QRectF(columns.left, area.bottom() + 1, columns.right - columns.left, 17)
        canvas.text(place, f"还有 {left_out} 项,见表格", "text3", 11.5)
    for index, (tick, text) in enumerate(zip(columns.scale.ticks, ticks, strict=True)):
        x = columns.x(tick)
        canvas.line(QPointF(x, area.top()), QPointF(x, area.bottom()), "grid")
        if index % every == 0:
            canvas.text(QRectF(x - 45, below, 90, 18), text, "text2", _TEXT, align=CENTER)
    for mark in spec.marks:
        if mark.kind == "target" and mark.y is not None:
            x = columns.x(mark.y)
            canvas.line(QPointF(x, area.top() - 2), QPointF(x, area.bottom()), "target", 1.2, dashes=(5, 4))
            width = canvas.width(mark.label, 11.5) + 2
            start = min(max(x - width / 2, columns.left), columns.right - width)
            canvas.text(QRectF(start, area.top() - 19, width, 16), mark.label, "text2", 11.5, align=CENTER)


def _bar(
    canvas: Canvas, columns: Columns, spec: ChartSpec, series: Series, index: int, *, middle: float, thick: float,
    color: QColor | None = None,
) -> Hit:
    point = series.points[index] if index < len(series.points) else Point(None)
    name, form = spec.categories[index], spec.format
    zero = columns.x(min(max(columns.scale.low, 0.0), columns.scale.high))
    if point.y is None:
        words = point.label or ("未定" if point.provisional else "没有数据")
        canvas.text(QRectF(zero + 6, middle - 9, columns.right - zero - 6, 18), words, "text3", _TEXT)
        row = TipRow(series.title, words, point.hint, series.role)
        return Hit(QRectF(zero, middle - thick / 2, 8, thick), QPointF(zero, middle), name, (row,), index, series.key)
    end = columns.x(min(max(point.y, columns.scale.low), columns.scale.high))
    bar = QRectF(min(zero, end), middle - thick / 2, max(2.0, abs(end - zero)), thick)
    fill = canvas.color("muted") if point.muted else color or canvas.mixed(point.role or series.role, "surface", 0.9)
    if point.provisional:
        canvas.box(bar, mix(canvas.color("surface"), fill, 0.35), 3)
        canvas.hatch(bar, fill, 3)
    else:
        canvas.box(bar, fill, 3)
    edge = max(end, zero)
    if point.low is not None and point.high is not None:
        _whisker(canvas, columns.x(point.low), columns.x(point.high), middle, thick)
        edge = max(edge, columns.x(point.high))
    _bar_label(canvas, columns, point, spec, QRectF(edge + 8, middle - 9, columns.right - edge - 8, 18))
    row = TipRow(series.title, value_text(point.y, form), point.hint or detail_text(point, form), series.role)
    anchor = QPointF(min(end, columns.left + columns.width), middle - thick / 2)
    return Hit(bar, anchor, name, (row,), index, series.key)


def _whisker(canvas: Canvas, low: float, high: float, middle: float, thick: float) -> None:
    cap = min(3.0, thick / 4)
    canvas.line(QPointF(low, middle), QPointF(high, middle), "whisker", 1.2)
    for x in (low, high):
        canvas.line(QPointF(x, middle - cap), QPointF(x, middle + cap), "whisker", 1.2)


def _bar_label(canvas: Canvas, columns: Columns, point: Point, spec: ChartSpec, place: QRectF) -> None:
    value, note = point_text(point, spec.format), _note(point, with_n=columns.with_n)
    width = canvas.width(value, _TEXT, bold=True)
    if _head(spec):  # a target's line may run here: the words stay readable
        whole = min(place.width(), width + (8 + canvas.width(note, 11.5) if note else 0) + 4)
        canvas.box(QRectF(place.left() - 3, place.top() + 1, whole + 3, 16), "surface", 3)
    canvas.text(place, value, "text2" if point.muted else "text", _TEXT, bold=True)
    canvas.text(place.adjusted(width + 8, 0, 0, 0), note, "text3", 11.5)


def _across(hit: Hit, rect: QRectF, middle: float, row: float) -> Hit:
    """The same hit, found on its whole row."""
    strip = QRectF(rect.left(), middle - row / 2, rect.width(), row)
    return Hit(strip, hit.anchor, hit.title, hit.rows, hit.category, hit.series)


def _draw_stacked(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """One 100 % bar a series, cut into the levels."""
    x = rect.left()
    for index, name in enumerate(spec.categories):
        canvas.box(QRectF(x, rect.top() + 5, 8, 8), _level(canvas, spec, spec.series[0], index), 2.5)
        width = canvas.width(name, _TEXT) + 2
        canvas.text(QRectF(x + 13, rect.top(), width, 18), name, "text2", _TEXT)
        x += width + 26
    area = rect.adjusted(0, LEGEND, 0, -2)
    names = min(max(canvas.width(s.title, _TEXT) for s in spec.series) + 1, rect.width() * 0.3)
    left = rect.left() + names + 12
    top, shown, row = _rows(area, len(spec.series), usual=40, largest=52)
    drawn = Drawn(left_out=len(spec.series) - shown)
    for order, series in enumerate(spec.series[:shown]):
        middle = top + (order + 0.5) * row
        place = QRectF(rect.left(), middle - row / 2, names, row)
        canvas.text(place, series.title, "text2", _TEXT, align=RIGHT)
        bar = QRectF(left, middle - min(11.0, row * 0.3), rect.right() - left, min(22.0, row * 0.6))
        for hit in _stack(canvas, spec, series, bar):
            drawn.add(hit)
    return drawn


def _stack(canvas: Canvas, spec: ChartSpec, series: Series, bar: QRectF) -> list[Hit]:
    total = sum(point.y or 0.0 for point in series.points)
    if total <= 0:
        canvas.box(bar, "track", 4)
        canvas.text(bar, "没有数据", "text3", _TEXT, align=CENTER)
        return [Hit(bar, bar.center(), series.title, (TipRow("", "没有数据"),), 0, series.key)]
    hits: list[Hit] = []
    x, count = bar.left(), len(spec.categories)
    for index, point in enumerate(series.points[:count]):
        width = bar.width() * (point.y or 0.0) / total
        piece = QRectF(x, bar.top(), max(0.0, width - 1.5), bar.height())
        color = _level(canvas, spec, series, index)
        canvas.box(piece, color, 3)
        text = point_text(point, spec.format)
        if canvas.width(text, 11.5, bold=True) + 8 <= piece.width():
            canvas.text(piece, text, size=11.5, bold=True, align=CENTER, color=readable_on(color))
        row = TipRow(spec.categories[index], value_text(point.y, spec.format), detail_text(point, spec.format))
        hits.append(Hit(piece, QPointF(piece.center().x(), piece.top()), series.title, (row,), index, series.key))
        x += width
    return hits


def readable_on(color: QColor) -> QColor:
    """Dark or white words, whichever reads better on ``color``."""
    light = 0.299 * color.red() + 0.587 * color.green() + 0.114 * color.blue()
    return QColor("#12161D") if light > 140 else QColor("#FFFFFF")
