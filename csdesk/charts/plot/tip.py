"""The tip over a chart: cross hair, dots on the lines, and a small card with the numbers."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from csdesk.charts.plot.canvas import RIGHT, Canvas
from csdesk.charts.plot.scene import Hit
from csdesk.settings.theme import Theme

_TEXT = 12.0
_LINE = 19.0
_PAD = 10.0


def draw_tip(painter: QPainter, bounds: QRectF, hit: Hit, theme: Theme) -> None:
    """Paint the tip of ``hit`` inside ``bounds``."""
    canvas = Canvas(painter, theme)
    painter.save()
    if hit.crosshair:
        top, bottom = hit.crosshair
        canvas.line(QPointF(hit.anchor.x(), top), QPointF(hit.anchor.x(), bottom), "text3", 1.0, dashes=(3, 3))
    for place, role in hit.dots:
        canvas.dot(place, canvas.color(role), 4.2)
    _card(canvas, _place(canvas, bounds, hit), hit)
    painter.restore()


def _name_width(canvas: Canvas, hit: Hit) -> float:
    return max((canvas.width(row.name, _TEXT) + (14 if row.role else 0) for row in hit.rows), default=0.0)


def _value_width(canvas: Canvas, hit: Hit) -> float:
    return max((canvas.width(row.value, _TEXT, bold=True) for row in hit.rows), default=0.0)


def _place(canvas: Canvas, bounds: QRectF, hit: Hit) -> QRectF:
    """A card beside the anchor, moved into ``bounds``."""
    detail = max((canvas.width(row.detail, 11.5) + 12 for row in hit.rows if row.detail), default=0.0)
    row = _name_width(canvas, hit) + 14 + _value_width(canvas, hit) + detail
    heads = canvas.width(hit.title, _TEXT, bold=True), canvas.width(hit.note, 11.5)
    width = min(max(row, *heads) + 2 * _PAD + 2, max(120.0, bounds.width() - 4))
    height = 2 * _PAD - 4 + _LINE * (len(hit.rows) + 1 + (1 if hit.note else 0))
    if hit.crosshair:
        x = hit.anchor.x() + 12
        if x + width > bounds.right() - 2:
            x = hit.anchor.x() - 12 - width
        if x < bounds.left() + 2:  # no room on either side: below the marks, or above where they lie low
            x = min(max(hit.anchor.x() - width / 2, bounds.left() + 2), bounds.right() - width - 2)
            lowest = max((place.y() for place, _ in hit.dots), default=hit.anchor.y())
            y = lowest + 12 if lowest + 12 + height < bounds.bottom() else bounds.top() + 2
        else:
            y = min(max(hit.anchor.y() - height / 2, bounds.top() + 2), bounds.bottom() - height - 2)
    else:
        x = hit.anchor.x() + 10
        y = hit.anchor.y() - height - 6
        if y < bounds.top() + 2:
            y = hit.rect.bottom() + 4
    x = min(max(x, bounds.left() + 2), bounds.right() - width - 2)
    y = max(bounds.top() + 2, min(y, bounds.bottom() - height - 2))
    return QRectF(x, y, width, height)


def _card(canvas: Canvas, place: QRectF, hit: Hit) -> None:
    shadow = QColor(canvas.theme.color("shadow"))
    shadow.setAlphaF(shadow.alphaF() * 0.5)
    canvas.box(place.adjusted(-1, 1, 1, 3), shadow, 8)
    canvas.box(place, "raised", 7)
    canvas.painter.setPen(QPen(canvas.color("border"), 1.0))
    canvas.painter.setBrush(QColor(0, 0, 0, 0))
    canvas.painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
    left, y = place.left() + _PAD, place.top() + _PAD - 3
    room = place.width() - 2 * _PAD
    canvas.text(QRectF(left, y, room, _LINE), hit.title, "text", _TEXT, bold=True)
    y += _LINE
    if hit.note:
        canvas.text(QRectF(left, y, room, _LINE), hit.note, "warn", 11.5)
        y += _LINE
    names, values = _name_width(canvas, hit), _value_width(canvas, hit)
    for row in hit.rows:
        shift = 0.0
        if row.role:
            canvas.box(QRectF(left, y + _LINE / 2 - 4, 8, 8), canvas.color(row.role), 2.5)
            shift = 14.0
        canvas.text(QRectF(left + shift, y, names - shift + 2, _LINE), row.name, "text2", _TEXT)
        canvas.text(QRectF(left + names + 12, y, values + 2, _LINE), row.value, "text", _TEXT, bold=True, align=RIGHT)
        start = left + names + 14 + values + 12
        canvas.text(QRectF(start, y, place.right() - _PAD - start + 2, _LINE), row.detail, "text2", 11.5)
        y += _LINE
