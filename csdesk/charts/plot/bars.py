"""Horizontal bars: one series with intervals, several series side by side, and a distribution over levels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from csdesk.charts.plot.axis import Scale, bar_scale
from csdesk.charts.plot.canvas import CENTER, RIGHT, Canvas, mix
from csdesk.charts.plot.scene import Drawn, Hit, TipRow
from csdesk.charts.plot.stage import Axis, Bars, Guide, Ink, Stage, Tick, Whiskers, floats
from csdesk.charts.plot.trend import draw_legend
from csdesk.charts.plot.words import detail_text, point_text, sample_text, tick_text, value_text
from csdesk.charts.spec import ChartSpec, Mark, Point, Series

ROW = 28.0  # usual distance of bars
ROW_MIN = 17.0  # below this, the last bars are left out and counted
ROW_MAX = 44.0
LEVEL_MAX = 84.0
GROUP_ROW = 17.0  # one bar of a group
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

    def end(self, value: float) -> float:
        """Where a bar of ``value`` ends, inside the scale."""
        return self.x(min(max(value, self.scale.low), self.scale.high))

    @property
    def zero(self) -> float:
        """Where bars begin."""
        return self.end(0.0)


def natural_height(spec: ChartSpec) -> float:
    """The height at which bars have their usual distance."""
    count, several = len(spec.categories), len(spec.series)
    head = _head(spec)
    if spec.kind == "grouped_bars":
        return count * (several * GROUP_ROW + GROUP_GAP) + LEGEND + AXIS + head
    if spec.kind == "levels":
        return several * 44 + LEGEND + 4 if several > 1 else count * 36 + 4
    return count * ROW + AXIS + 4 + head


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a chart: top of the first, how many have room, their distance, how many have not."""

    top: float
    shown: int
    step: float
    left_out: int

    def middle(self, index: int) -> float:
        return self.top + (index + 0.5) * self.step


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: category ``index`` of ``series``, where it lies, how thick, in which colour."""

    series: Series
    index: int
    middle: float
    thick: float
    fill: QColor

    @property
    def point(self) -> Point:
        points = self.series.points
        return points[self.index] if self.index < len(points) else Point(None)


def draw_bars(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """One bar a category: rounded, whisker for the interval, value and n at its end, small samples grey."""
    series = spec.series[0]
    columns = _columns(canvas, rect, spec, [series], with_n=True)
    rows = _rows(rect.adjusted(0, 2 + _head(spec), 0, -AXIS), len(spec.categories))
    bars = [
        Bar(series, index, rows.middle(index), min(16.0, rows.step * 0.56), _fill(canvas, series, index))
        for index in range(rows.shown)
    ]
    return _draw_rows(canvas, rect, spec, columns, rows=rows, bars=bars, strip=rows.step)


def draw_grouped(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """Several bars a category, names of the series on top."""
    draw_legend(canvas, QRectF(rect.left(), rect.top(), rect.width(), 18), [(s.title, s.role) for s in spec.series])
    columns = _columns(canvas, rect, spec, spec.series, with_n=True)
    count = len(spec.series)
    usual = count * GROUP_ROW + GROUP_GAP
    area = rect.adjusted(0, LEGEND + _head(spec), 0, -AXIS)
    rows = _rows(area, len(spec.categories), smallest=count * 11.0 + 6, largest=usual * 1.5)
    step = min((rows.step - 6) / count, GROUP_ROW * 1.3)
    bars = [
        Bar(
            series,
            index,
            rows.middle(index) + (order - (count - 1) / 2) * step,
            min(12.0, step * 0.72),
            _fill(canvas, series, index),
        )
        for index in range(rows.shown)
        for order, series in enumerate(spec.series)
    ]
    return _draw_rows(canvas, rect, spec, columns, rows=rows, bars=bars, strip=step)


def draw_levels(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """A distribution over ordered levels, best first: one bar a level, or one stacked bar a series."""
    if len(spec.series) > 1:
        return _draw_stacked(canvas, rect, spec)
    series = spec.series[0]
    columns = _columns(canvas, rect, spec, [series], with_n=True)
    rows = _rows(rect.adjusted(0, 2, 0, -2), len(spec.categories), largest=LEVEL_MAX)
    bars = [
        Bar(
            series,
            index,
            rows.middle(index),
            min(20.0, rows.step * 0.5),
            _fill(canvas, series, index, _level(canvas, spec, series, index)),
        )
        for index in range(rows.shown)
    ]
    return _draw_rows(canvas, rect, spec, columns, rows=rows, bars=bars, strip=rows.step, scaled=False)


def _fill(canvas: Canvas, series: Series, index: int, color: QColor | None = None) -> QColor:
    point = series.points[index] if index < len(series.points) else Point(None)
    if point.muted:
        return canvas.color("muted")
    return color or canvas.mixed(point.role or series.role, "surface", 0.9)


def _level(canvas: Canvas, spec: ChartSpec, series: Series, index: int) -> QColor:
    role = series.points[index].role if index < len(series.points) else ""
    return canvas.color(role) if role else level_color(canvas, index, len(spec.categories))


def level_color(canvas: Canvas, index: int, count: int) -> QColor:
    """The colour of level ``index`` of ``count``, good to bad."""
    place = index * 4 / max(1, count - 1)
    low = min(int(place), 3)
    first, second = canvas.color(_LEVEL_ROLES[low]), canvas.color(_LEVEL_ROLES[low + 1])
    return mix(first, second, place - low)


# -- the plot ---------------------------------------------------------------------------------------------------------


def _draw_rows(
    canvas: Canvas,
    rect: QRectF,
    spec: ChartSpec,
    columns: Columns,
    *,
    rows: Rows,
    bars: Sequence[Bar],
    strip: float,
    scaled: bool = True,
) -> Drawn:
    """Everything but legends, on a stage: values across, rows downwards. A bar is found on its ``strip``."""
    stage = rows_stage(canvas, spec, columns, rows, bars, scaled=scaled)
    stage.addItem(Ink(stage, lambda ink: _labels(ink, columns, spec, rows, bars)))
    stage.show(canvas, rect)
    stage.close()
    drawn = Drawn(left_out=rows.left_out)
    for bar in bars:
        place = QRectF(rect.left(), bar.middle - strip / 2, rect.width(), strip)
        drawn.add(_hit(columns, spec, bar, place))
    return drawn


def rows_stage(
    canvas: Canvas,
    spec: ChartSpec,
    columns: Columns,
    rows: Rows,
    bars: Sequence[Bar],
    *,
    scaled: bool = True,
) -> Stage:
    """The stage with grid, targets, bars, whiskers and axes; ``scaled`` draws grid and values."""
    scale = columns.scale
    stage = Stage(canvas, y_down=True)
    area = QRectF(columns.left, rows.top, columns.width, rows.shown * rows.step)
    stage.arrange(area, (scale.low, scale.high), (0.0, float(rows.shown)))
    if scaled:
        stage.view.addItem(Ink(stage, lambda ink: _grid(ink, columns, area)))
        for mark in _targets(spec):
            stage.view.addItem(Guide(stage, mark.y or 0.0, canvas.pen(canvas.color("target"), 1.2, (5, 4)), 90))
    known = [bar for bar in bars if bar.point.y is not None]
    zero = min(max(scale.low, 0.0), scale.high)
    y = np.array([(bar.middle - rows.top) / rows.step for bar in known])
    thick = np.array([bar.thick / rows.step for bar in known])
    ends = np.clip(floats([bar.point.y for bar in known]), scale.low, scale.high)
    if known:
        corners, sizes = (np.minimum(ends, zero), y - thick / 2), (np.abs(ends - zero), thick)
        stage.view.addItem(
            Bars(stage, [bar.fill for bar in known], corners, sizes, hatched=[bar.point.provisional for bar in known])
        )
    low, high = floats([bar.point.low for bar in known]), floats([bar.point.high for bar in known])
    held = np.isfinite(low) & np.isfinite(high)
    if held.any():
        whiskers = Whiskers(stage, canvas.pen(canvas.color("whisker"), 1.2), y[held], low[held], high[held])
        whiskers.caps = min(3.0, known[0].thick / 4)
        stage.view.addItem(whiskers)
    stage.stack()
    Axis(stage, "left").arrange(
        QRectF(columns.names_left, rows.top, columns.names_width, area.height()),
        [Tick(index + 0.5, name) for index, name in enumerate(spec.categories[: rows.shown])],
    )
    if scaled:
        below = area.bottom() + (19 if rows.left_out else 4)
        Axis(stage, "bottom").arrange(QRectF(columns.left, below, columns.width, 16), _ticks(canvas, columns, spec))
    return stage


def _targets(spec: ChartSpec) -> list[Mark]:
    return [mark for mark in spec.marks if mark.kind == "target" and mark.y is not None]


def _grid(canvas: Canvas, columns: Columns, area: QRectF) -> None:
    for tick in columns.scale.ticks:
        x = columns.x(tick)
        canvas.line(QPointF(x, area.top()), QPointF(x, area.bottom()), "grid")


def _ticks(canvas: Canvas, columns: Columns, spec: ChartSpec) -> list[Tick]:
    """The ticks whose words have room."""
    scale = columns.scale
    words = [tick_text(tick, scale, spec.format) for tick in scale.ticks]
    widest = max((canvas.width(text, _TEXT) for text in words), default=0.0) + 10
    every = max(1, math.ceil(widest / (columns.width * scale.step / (scale.high - scale.low))))
    return [Tick(tick, text) for tick, text in list(zip(scale.ticks, words, strict=True))[::every]]


def _labels(canvas: Canvas, columns: Columns, spec: ChartSpec, rows: Rows, bars: Sequence[Bar]) -> None:
    """Words at the ends of the bars, above the targets, and the count of bars that found no room."""
    for mark in _targets(spec):
        width = canvas.width(mark.label, 11.5) + 2
        start = min(max(columns.x(mark.y or 0.0) - width / 2, columns.left), columns.right - width)
        canvas.text(QRectF(start, rows.top - 19, width, 16), mark.label, "text2", 11.5, align=CENTER)
    if rows.left_out:
        place = QRectF(columns.left, rows.top + rows.shown * rows.step + 1, columns.right - columns.left, 17)
        canvas.text(place, f"还有 {rows.left_out} 项，见表格", "text3", 11.5)
    for bar in bars:
        point = bar.point
        if point.y is None:
            place = QRectF(columns.zero + 6, bar.middle - 9, columns.right - columns.zero - 6, 18)
            canvas.text(place, _missing(point), "text3", _TEXT)
            continue
        edge = max(columns.end(point.y), columns.zero)
        if point.low is not None and point.high is not None:
            edge = max(edge, columns.x(point.high))
        _bar_label(canvas, columns, point, spec, QRectF(edge + 8, bar.middle - 9, columns.right - edge - 8, 18))


def _missing(point: Point) -> str:
    return point.label or ("未定" if point.provisional else "没有数据")


def _hit(columns: Columns, spec: ChartSpec, bar: Bar, place: QRectF) -> Hit:
    point, series, top = bar.point, bar.series, bar.middle - bar.thick / 2
    title = spec.categories[bar.index]
    if point.y is None:
        row = TipRow(series.title, _missing(point), point.hint, series.role)
        return Hit(place, QPointF(columns.zero, bar.middle), title, (row,), bar.index, series.key)
    form = spec.format
    row = TipRow(series.title, value_text(point.y, form), point.hint or detail_text(point, form), series.role)
    anchor = QPointF(min(columns.end(point.y), columns.left + columns.width), top)
    return Hit(place, anchor, title, (row,), bar.index, series.key)


# -- shared parts -----------------------------------------------------------------------------------------------------


def _columns(
    canvas: Canvas,
    rect: QRectF,
    spec: ChartSpec,
    series: Sequence[Series],
    *,
    with_n: bool,
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
    canvas: Canvas,
    spec: ChartSpec,
    series: Sequence[Series],
    scale: Scale,
    room: float,
    *,
    with_n: bool,
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


def _rows(
    area: QRectF,
    count: int,
    *,
    smallest: float = ROW_MIN,
    largest: float = ROW_MAX,
) -> Rows:
    """Rows that fill ``area`` as far as ``largest`` goes; where not even the smallest fit, the last are left out."""
    if count * smallest <= area.height():
        row = min(largest, max(smallest, area.height() / max(1, count)))
        return Rows(area.top(), count, row, 0)
    shown = min(count, max(1, int((area.height() - 16) / smallest)))
    return Rows(area.top(), shown, smallest, count - shown)


def _head(spec: ChartSpec) -> float:
    """Room above the bars for the names of targets."""
    return 18.0 if any(mark.kind == "target" and mark.label for mark in spec.marks) else 0.0


def _bar_label(canvas: Canvas, columns: Columns, point: Point, spec: ChartSpec, place: QRectF) -> None:
    value, note = point_text(point, spec.format), _note(point, with_n=columns.with_n)
    width = canvas.width(value, _TEXT, bold=True)
    if _head(spec):  # a target's line may run here: the words stay readable
        whole = min(place.width(), width + (8 + canvas.width(note, 11.5) if note else 0) + 4)
        canvas.box(QRectF(place.left() - 3, place.top() + 1, whole + 3, 16), "surface", 3)
    canvas.text(place, value, "text2" if point.muted else "text", _TEXT, bold=True)
    canvas.text(place.adjusted(width + 8, 0, 0, 0), note, "text3", 11.5)


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
    rows = _rows(area, len(spec.series), largest=52)
    drawn = Drawn(left_out=rows.left_out)
    for order, series in enumerate(spec.series[: rows.shown]):
        middle, row = rows.middle(order), rows.step
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
