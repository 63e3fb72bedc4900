"""A heat map: series are rows, categories are columns, colour and words say the value."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF

from csdesk.charts.plot.bars import readable_on
from csdesk.charts.plot.canvas import CENTER, RIGHT, Canvas, mix
from csdesk.charts.plot.scene import Drawn, Hit, TipRow
from csdesk.charts.plot.words import detail_text, point_text, value_text
from csdesk.charts.spec import ChartSpec, Point

ROW = 30.0
HEAD = 22.0
_TEXT = 12.0


def draw_heatmap(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """Cells from light (lowest) to deep (highest); a cell without data stays empty."""
    columns, rows = len(spec.categories), len(spec.series)
    names = min(max(canvas.width(series.title, _TEXT) for series in spec.series) + 1, rect.width() * 0.3)
    left, top = rect.left() + names + 10, rect.top() + HEAD
    width, height = (rect.right() - left) / columns, min((rect.bottom() - top) / rows, 46.0)
    values = [point.y for series in spec.series for point in series.points if point.y is not None]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    widest = max(canvas.width(name, _TEXT) for name in spec.categories) + 8
    every = max(1, math.ceil(min(widest, 72.0) / width))
    for index in range(0, columns, every):
        middle, room = left + (index + 0.5) * width, max(width, width * every - 4)
        place = QRectF(middle - room / 2, rect.top(), room, HEAD - 4)
        canvas.text(place, spec.categories[index], "text2", _TEXT, align=CENTER)
    texts = [point_text(point, spec.format) for series in spec.series for point in series.points]
    written = max((canvas.width(text, 11.5) for text in texts), default=0.0) + 6 <= width and height >= 16
    drawn = Drawn()
    for order, series in enumerate(spec.series):
        y = top + order * height
        canvas.text(QRectF(rect.left(), y, names, height), series.title, "text2", _TEXT, align=RIGHT)
        for index in range(columns):
            point = series.points[index] if index < len(series.points) else Point(None)
            cell = QRectF(left + index * width, y, width, height).adjusted(1, 1, -1, -1)
            _cell(canvas, cell, point, spec, (low, high), written=written)
            shown = value_text(point.y, spec.format) if point.y is not None else "没有数据"
            row = TipRow(spec.categories[index], shown, point.hint or detail_text(point, spec.format))
            drawn.add(Hit(cell, QPointF(cell.center().x(), cell.top()), series.title, (row,), index,
                                  series.key))
    return drawn


def _cell(canvas: Canvas, cell: QRectF, point: Point, spec: ChartSpec, span: tuple[float, float], *,
          written: bool) -> None:
    if point.y is None:
        canvas.box(cell, canvas.color("track", 0.5), 3)
        return
    low, high = span
    share = (point.y - low) / (high - low) if high > low else 0.5
    fill = mix(canvas.color("heat_low"), canvas.color("heat_high"), share)
    if point.muted:
        fill = mix(canvas.color("surface"), canvas.color("muted"), 0.6)
    canvas.box(cell, fill, 3)
    if written:
        canvas.text(cell, point_text(point, spec.format), size=11.5, align=CENTER, color=readable_on(fill))
