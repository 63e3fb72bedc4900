"""One door to all chart kinds: paint a spec with any ``QPainter``, and how high it wants to be."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from csdesk.charts.plot import bars, funnel, heatmap
from csdesk.charts.plot.bars import draw_bars, draw_grouped, draw_levels
from csdesk.charts.plot.canvas import CENTER, Canvas
from csdesk.charts.plot.funnel import draw_funnel
from csdesk.charts.plot.heatmap import draw_heatmap
from csdesk.charts.plot.scene import Drawn
from csdesk.charts.plot.trend import draw_trend
from csdesk.charts.spec import ChartKind, ChartSpec
from csdesk.settings.theme import Theme

NOTHING = "这段时间没有数据"
_DRAW: dict[ChartKind, Callable[[Canvas, QRectF, ChartSpec], Drawn]] = {
    "trend": draw_trend,
    "bars": draw_bars,
    "grouped_bars": draw_grouped,
    "funnel": draw_funnel,
    "levels": draw_levels,
    "heatmap": draw_heatmap,
}


def paint_chart(painter: QPainter, rect: QRectF, spec: ChartSpec, theme: Theme) -> Drawn:
    """Paint ``spec`` into ``rect`` (logical pixels), without title or background; vector on a vector device.

    Returns the places that can be pointed at. Where there is nothing to draw, the sentence that says so.
    """
    return draw_chart(Canvas(painter, theme), rect, spec)


def draw_chart(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """``paint_chart`` on a canvas that is there already."""
    painter = canvas.painter
    if is_empty(spec):
        _sentence(canvas, rect, spec.empty or NOTHING)
        return Drawn()
    painter.save()
    try:
        return _DRAW[spec.kind](canvas, rect, spec)
    finally:
        painter.restore()


def is_empty(spec: ChartSpec) -> bool:
    """Whether there is no value at all to draw."""
    if spec.empty or not spec.categories or not spec.series:
        return True
    return all(point.y is None for series in spec.series for point in series.points)


def preferred_height(spec: ChartSpec) -> int:
    """The height in logical pixels at which nothing is squeezed or left out."""
    if is_empty(spec):
        return 160
    return round(_NATURAL[spec.kind](spec))


_NATURAL: dict[ChartKind, Callable[[ChartSpec], float]] = {
    "trend": lambda spec: 240,
    "bars": bars.natural_height,
    "grouped_bars": bars.natural_height,
    "levels": bars.natural_height,
    "funnel": lambda spec: len(spec.categories) * (funnel.BAR + funnel.NOTE) - funnel.NOTE + 12,
    "heatmap": lambda spec: len(spec.series) * heatmap.ROW + heatmap.HEAD,
}


def minimum_height(spec: ChartSpec) -> int:
    """The height below which a chart no longer reads."""
    return min(preferred_height(spec), 150)


def _sentence(canvas: Canvas, rect: QRectF, text: str) -> None:
    room = min(rect.width() - 16, 420.0)
    if (whole := canvas.width(text, 13)) > room > 0:  # lines of about one length, no single word on the last
        room = min(room, whole / math.ceil(whole / room) + 30)
    height = canvas.paragraph_height(text, room, 13)
    if canvas.width(text, 13) <= room:
        canvas.text(rect, text, "text3", 13, align=CENTER)
        return
    canvas.paragraph(
        QRectF(rect.center().x() - room / 2, rect.center().y() - height / 2, room, height + 4), text, "text3", 13
    )
