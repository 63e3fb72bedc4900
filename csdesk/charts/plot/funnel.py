"""A funnel: how many are left at each step, and what was lost between."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF

from csdesk.charts import format as written
from csdesk.charts.plot.canvas import LEFT, Canvas
from csdesk.charts.plot.scene import Drawn, Hit, TipRow
from csdesk.charts.plot.words import detail_text, point_text, value_text
from csdesk.charts.spec import ChartSpec, Point

BAR = 31.0
NOTE = 22.0
_TEXT = 12.0
_VALUE = 12.5
_TWO_LINES = 27.0  # a bar this high has its share under its value


def draw_funnel(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """Steps from top to bottom, bars from one left edge, value and share of the first step at their ends."""
    series, count = spec.series[0], len(spec.categories)
    points = [series.points[i] if i < len(series.points) else Point(None) for i in range(count)]
    first = points[0].y or 0.0
    largest = max((point.y or 0.0 for point in points), default=0.0)
    names = min(max(canvas.width(name, 12.5) for name in spec.categories) + 1, rect.width() * 0.3)
    left = rect.left() + names + 16
    bar, note = _heights(rect.height(), count)
    known = [point_text(point, spec.format) for point in points if point.y is not None]
    labels = max(canvas.width(text, _VALUE, bold=True) for text in known)
    labels += 0 if bar >= _TWO_LINES else 8 + canvas.width("100%", _TEXT)
    room = max(24.0, rect.right() - left - max(labels, 40.0) - 12)
    used = count * bar + (count - 1) * note
    top = rect.top() + max(0.0, min(18.0, (rect.height() - used) / 2))
    drawn = Drawn()
    for index, point in enumerate(points):
        y = top + index * (bar + note)
        width = room * (point.y or 0.0) / largest if largest > 0 else 0.0
        place = QRectF(left, y, max(3.0, width), bar)
        canvas.text(QRectF(rect.left(), y, names, bar), spec.categories[index], "text2", 12.5)
        if point.y is None:
            canvas.text(QRectF(left, y, rect.right() - left, bar), point.label or "没有数据", "text3", _TEXT)
        else:
            canvas.box(place, canvas.mixed(series.role, "surface", 1.0 - 0.5 * index / max(1, count - 1)), 4)
            label = QRectF(place.right() + 9, y, rect.right() - place.right() - 9, bar)
            _label(canvas, label, point, spec, first)
        row = TipRow(
            series.title, value_text(point.y, spec.format), _share_words(point, first, spec.categories[0]), series.role
        )
        extra = detail_text(point, spec.format)
        rows = (row, TipRow("", extra)) if extra and point.low is not None else (row,)
        strip = QRectF(rect.left(), y, rect.width(), bar)
        drawn.add(Hit(strip, QPointF(place.center().x(), y), spec.categories[index], rows, index, series.key))
        if index < len(spec.step_notes) and index + 1 < count and note >= 14:
            words = spec.step_notes[index]
            if not words or (points[index + 1].y is None and words == points[index + 1].label):
                continue  # the reason already stands in place of the bar
            words = words if words.startswith("↓") else f"↓ {words}"
            canvas.text(QRectF(left, y + bar, rect.right() - left, note), words, "text2", _TEXT, align=LEFT)
    return drawn


def _heights(height: float, count: int) -> tuple[float, float]:
    """Bar and gap heights: the usual ones, stretched a little or squeezed to what there is."""
    usual = count * BAR + (count - 1) * NOTE
    scale = min(1.35, max(0.35, height / usual))
    bar = min(42.0, BAR * scale)
    note = NOTE * min(scale, 1.2)
    return (bar, note) if note >= 14 else (max(8.0, (height - (count - 1) * 6.0) / count), 6.0)


def _label(canvas: Canvas, place: QRectF, point: Point, spec: ChartSpec, first: float) -> None:
    value = point_text(point, spec.format)
    share = point.note or (written.percent(point.y / first) if point.y is not None and first > 0 else "")
    middle = place.center().y()
    if place.height() >= _TWO_LINES and share:
        canvas.text(QRectF(place.left(), middle - 16, place.width(), 17), value, "text", _VALUE, bold=True)
        canvas.text(QRectF(place.left(), middle - 0.5, place.width(), 16), share, "text2", _TEXT)
        return
    canvas.text(QRectF(place.left(), middle - 9, place.width(), 18), value, "text", _VALUE, bold=True)
    shift = canvas.width(value, _VALUE, bold=True) + 8
    canvas.text(QRectF(place.left() + shift, middle - 9, place.width() - shift, 18), share, "text2", _TEXT)


def _share_words(point: Point, first: float, name: str) -> str:
    return f"占{name} {written.percent(point.y / first)}" if point.y is not None and first > 0 else ""
