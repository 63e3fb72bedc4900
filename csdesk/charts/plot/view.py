"""The chart as a widget: painted once, tips over it, reachable by keyboard and read out by screen readers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from csdesk.charts.plot.canvas import painting
from csdesk.charts.plot.paint import is_empty, minimum_height, paint_chart, preferred_height
from csdesk.charts.plot.scene import Drawn, Hit
from csdesk.charts.plot.tip import draw_tip
from csdesk.charts.spec import ChartSpec
from csdesk.settings.theme import Theme, load_theme


class ChartView(QWidget):
    """Shows one ``ChartSpec``; transparent, so that the card behind gives the ground.

    Pointing shows the numbers behind a mark; with the keyboard, arrow keys walk through them, Enter picks, Esc leaves.
    ``picked(category index, series key)`` is sent on click and Enter; the key is "" where a place has all series.
    """

    picked = Signal(int, str)

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme or load_theme()
        self._spec: ChartSpec | None = None
        self._drawn = Drawn()
        self._cache: QPixmap | None = None
        self._current: int | None = None
        self._ring = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # -- what it shows --------------------------------------------------------------------------------------------

    def set_spec(self, spec: ChartSpec) -> None:
        """Show another chart."""
        self._spec = spec
        self.setMinimumHeight(minimum_height(spec))
        self.setAccessibleName(spec.title)
        self.setAccessibleDescription(_description(spec))
        self._forget()
        self.updateGeometry()

    def spec(self) -> ChartSpec | None:
        """What is shown, or None before the first ``set_spec``."""
        return self._spec

    def set_theme(self, theme: Theme) -> None:
        """Draw in other colours."""
        self._theme = theme
        self._forget()

    def theme(self) -> Theme:
        return self._theme

    def preferred_height(self) -> int:
        """The height at which nothing is squeezed or left out."""
        return preferred_height(self._spec) if self._spec else 160

    def hits(self) -> list[Hit]:
        """The places that can be pointed at, as last painted."""
        if self._cache is None:
            self._render()
        return self._drawn.hits

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        return QSize(420, self.preferred_height())

    # -- painting -------------------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._cache = None
        self._current = None
        self.update()

    def _render(self, ratio: float | None = None) -> QPixmap:
        """The chart at ``ratio`` device pixels a logical one (by default the screen's), cached."""
        ratio = ratio or self.devicePixelRatioF()
        if self._cache is None or self._cache.devicePixelRatio() != ratio:
            pixmap = QPixmap((self.size() * ratio).expandedTo(QSize(1, 1)))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            if self._spec is not None:
                with painting(pixmap) as painter:
                    self._drawn = paint_chart(painter, QRectF(self.rect()), self._spec, self._theme)
            self._cache = pixmap
        return self._cache

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        with painting(self) as painter:
            # Not the screen's ratio: the window may be painted into a larger picture.
            scale = painter.deviceTransform().m11()
            painter.drawPixmap(0, 0, self._render(max(1.0, scale)))
            if self._current is not None and self._current < len(self._drawn.hits):
                draw_tip(painter, QRectF(self.rect()), self._drawn.hits[self._current], self._theme)
            if self._ring:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(QColor(self._theme.color("accent")), 1.5))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        self._cache = None
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange}:
            self._forget()
        super().changeEvent(event)

    # -- pointing -------------------------------------------------------------------------------------------------

    def point_at(self, index: int | None) -> None:
        """Show the tip of hit ``index``; None hides it."""
        if index != self._current:
            self._current = index
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self.point_at(self._drawn.at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is Qt.MouseButton.LeftButton:
            self._pick(self._drawn.at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        self.point_at(None)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._ring = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        self._ring = False
        self.update()
        self.point_at(None)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        count = len(self._drawn.hits)
        forward = event.key() in {Qt.Key.Key_Right, Qt.Key.Key_Down}
        if count and (forward or event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Up}):
            start = -1 if forward else count
            current = start if self._current is None else self._current
            self.point_at((current + (1 if forward else -1)) % count)
            self.setAccessibleDescription(self._drawn.hits[self._current or 0].spoken())
        elif event.key() == Qt.Key.Key_Escape and self._current is not None:
            self.point_at(None)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._current is not None:
            self._pick(self._current)
        else:
            super().keyPressEvent(event)

    def _pick(self, index: int | None) -> None:
        if index is not None and index < len(self._drawn.hits):
            hit = self._drawn.hits[index]
            self.picked.emit(hit.category, hit.series)

    def hit_center(self, index: int) -> QPointF:
        """The middle of hit ``index`` in this widget's pixels."""
        return self.hits()[index].rect.center()


def _description(spec: ChartSpec) -> str:
    """What a screen reader says of the whole chart."""
    if is_empty(spec):
        return spec.empty
    names = "、".join(series.title for series in spec.series)
    span = f"{spec.categories[0]} 到 {spec.categories[-1]}" if len(spec.categories) > 1 else spec.categories[0]
    return "。".join(part for part in (spec.subtitle, f"{names},{span},共 {len(spec.categories)} 项", spec.footnote)
                    if part)
