"""A word-sized line: the shape of a number over time, for cards and table cells."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from csdesk.charts.plot.canvas import Canvas, painting
from csdesk.settings.theme import Theme, load_theme


def paint_sparkline(
    painter: QPainter,
    rect: QRectF,
    values: Sequence[float | None],
    theme: Theme,
    role: str = "series1",
) -> None:
    """Paint ``values`` (None = gap) over the whole of ``rect``, the last one as a dot."""
    known = [value for value in values if value is not None]
    if not known:
        return
    canvas = Canvas(painter, theme)
    inner = rect.adjusted(3, 4, -4, -4)
    low, high = min(known), max(known)
    color = canvas.color(role)

    def place(index: int, value: float) -> QPointF:
        x = inner.left() + inner.width() * (index / (len(values) - 1) if len(values) > 1 else 0.5)
        share = (value - low) / (high - low) if high > low else 0.5
        return QPointF(x, inner.bottom() - share * inner.height())

    run: list[QPointF] = []
    for index, value in enumerate([*values, None]):
        if value is not None:
            run.append(place(index, value))
            continue
        if len(run) > 1:
            bottom = rect.bottom()
            canvas.polygon([QPointF(run[0].x(), bottom), *run, QPointF(run[-1].x(), bottom)], canvas.color(role, 0.10))
            canvas.polyline(run, color, 1.5)
        run = []
    last = next(index for index in range(len(values) - 1, -1, -1) if values[index] is not None)
    canvas.dot(place(last, values[last] or 0.0), color, 2.4)


class Sparkline(QWidget):
    """``paint_sparkline`` as a widget; set its words with ``setToolTip`` and ``setAccessibleName``."""

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None, role: str = "series1") -> None:
        super().__init__(parent)
        self._theme = theme or load_theme()
        self._role = role
        self._values: tuple[float | None, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_values(self, values: Sequence[float | None]) -> None:
        """Values in the order of time; None = gap."""
        self._values = tuple(values)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        return QSize(96, 30)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        with painting(self) as painter:
            paint_sparkline(painter, QRectF(self.rect()), self._values, self._theme, self._role)
