"""The program's mark: rising bars in a speech bubble, drawn, so that it is sharp at any size."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QLinearGradient, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QWidget

from csdesk.ui.look import Look


def paint_mark(painter: QPainter, side: float, first: QColor, second: QColor) -> None:
    """Draw the mark into the square from (0, 0) with this side."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    ground = QLinearGradient(QPointF(0, 0), QPointF(side, side))
    ground.setColorAt(0, first)
    ground.setColorAt(1, second)
    bubble = QPainterPath()
    bubble.addRoundedRect(QRectF(0, 0, side, side * 0.9), side * 0.27, side * 0.27)
    tail = QPainterPath(QPointF(side * 0.24, side * 0.82))
    tail.lineTo(side * 0.24, side)
    tail.lineTo(side * 0.48, side * 0.86)
    tail.closeSubpath()
    painter.fillPath(bubble.united(tail), QBrush(ground))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("white"))
    for number, height in enumerate((0.2, 0.33, 0.48)):
        bar = QRectF(side * (0.24 + number * 0.195), side * (0.69 - height), side * 0.13, side * height)
        painter.drawRoundedRect(bar, side * 0.05, side * 0.05)


class BrandMark(QWidget):
    """The mark at 24 px, in the theme's first and third series colours."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedSize(QSize(24, 24))
        look.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw it."""
        painter = QPainter(self)
        paint_mark(painter, 24, self._look.color("series1"), self._look.color("series3"))
