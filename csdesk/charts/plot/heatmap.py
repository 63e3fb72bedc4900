"""A heat map: series are rows, categories are columns, colour and words say the value."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor

from csdesk.charts.plot.bars import readable_on
from csdesk.charts.plot.canvas import CENTER, Canvas, mix
from csdesk.charts.plot.scene import Drawn, Hit, TipRow
from csdesk.charts.plot.stage import Axis, Bars, Ink, Stage, Tick
from csdesk.charts.plot.words import detail_text, point_text
from csdesk.charts.spec import ChartSpec, Point

ROW = 30.0
HEAD = 22.0
_USUAL, _TALLEST = 46.0, 92.0  # a few rows take the room of the card, but stay wider than tall
_TEXT = 12.0


def draw_heatmap(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """Cells from light (lowest) to deep (highest); a cell without data stays empty."""
    columns, rows = len(spec.categories), len(spec.series)
    names = min(max(canvas.width(series.title, _TEXT) for series in spec.series) + 1, rect.width() * 0.3)
    left, top = rect.left() + names + 10, rect.top() + HEAD
    width = (rect.right() - left) / columns
    height = min((rect.bottom() - top) / rows, max(_USUAL, min(_TALLEST, width * 0.6)))
    points = [
        series.points[index] if index < len(series.points) else Point(None)
        for series in spec.series
        for index in range(columns)
    ]
    fills = _fills(canvas, points)
    stage = Stage(canvas, y_down=True)
    stage.arrange(QRectF(left, top, width * columns, height * rows), (0.0, float(columns)), (0.0, float(rows)))
    at = np.arange(columns * rows, dtype=np.float64)
    cells = Bars(stage, fills, (at % columns, at // columns), (np.ones_like(at), np.ones_like(at)), inset=1.0)
    stage.view.addItem(cells)
    Axis(stage, "left").arrange(
        QRectF(rect.left(), top, names, height * rows),
        [Tick(row + 0.5, series.title) for row, series in enumerate(spec.series)],
    )
    widest = max(canvas.width(name, _TEXT) for name in spec.categories) + 8
    every = max(1, math.ceil(min(widest, 72.0) / width))
    room = max(width, width * every - 4)
    Axis(stage, "top").arrange(
        QRectF(left, rect.top() + 1, width * columns, 16),
        [Tick(i + 0.5, spec.categories[i], room=room) for i in range(0, columns, every)],
    )
    texts = [point_text(point, spec.format) if point.y is not None else "" for point in points]
    places = cells.places()
    if height >= 16 and max((canvas.width(text, 11.5) for text in texts), default=0.0) + 6 <= width:
        stage.addItem(Ink(stage, lambda ink: _words(ink, places, texts, fills)))
    stage.show(canvas, rect)
    stage.close()
    return Drawn(len(points), lambda index: _hit(spec, index, points[index], places[index]))


def _fills(canvas: Canvas, points: list[Point]) -> list[QColor]:
    values = [point.y for point in points if point.y is not None]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    pale, deep, none = canvas.color("heat_low"), canvas.color("heat_high"), canvas.color("track", 0.5)
    grey = mix(canvas.color("surface"), canvas.color("muted"), 0.6)
    return [
        none
        if point.y is None
        else grey
        if point.muted
        else mix(pale, deep, (point.y - low) / (high - low) if high > low else 0.5)
        for point in points
    ]


def _words(canvas: Canvas, places: list[QRectF], texts: list[str], fills: list[QColor]) -> None:
    for place, text, fill in zip(places, texts, fills, strict=True):
        canvas.text(place, text, size=11.5, align=CENTER, color=readable_on(fill))


def _hit(spec: ChartSpec, index: int, point: Point, cell: QRectF) -> Hit:
    row, column = divmod(index, len(spec.categories))
    series = spec.series[row]
    shown = point_text(point, spec.format) if point.y is not None else "没有数据"
    line = TipRow(spec.categories[column], shown, point.hint or detail_text(point, spec.format))
    return Hit(cell, QPointF(cell.center().x(), cell.top()), series.title, (line,), column, series.key)
