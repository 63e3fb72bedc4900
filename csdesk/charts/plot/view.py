"""The chart as a widget: painted once, tips over it, reachable by keyboard, read to the blind, zoomed in time."""

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
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from csdesk.charts.plot.canvas import CENTER, Canvas, painting
from csdesk.charts.plot.paint import is_empty, minimum_height, paint_chart, preferred_height
from csdesk.charts.plot.scene import Drawn, Hit
from csdesk.charts.plot.tip import draw_tip
from csdesk.charts.plot.trend import TrendPlot
from csdesk.charts.spec import ChartSpec
from csdesk.settings.theme import Theme, load_theme

_NOTCH = 120.0  # a wheel's step in Qt's eighths of a degree
_CLOSER = 0.8  # what one step leaves of the time in sight
_DRAG = 6.0  # a shorter way of the mouse is a click
_ZOOM_KEYS = {Qt.Key.Key_Plus: _CLOSER, Qt.Key.Key_Equal: _CLOSER, Qt.Key.Key_Minus: 1 / _CLOSER}
_BACK = "双击或按 Esc 看全部"


class ChartView(QWidget):
    """Shows one ``ChartSpec``; transparent, so that the card behind gives the ground.

    Pointing shows the numbers behind a mark; with the keyboard, arrow keys walk through them, Enter picks, Esc leaves.
    ``picked(category index, series key)`` is sent on click and Enter; the key is "" where a place has all series.

    The time of a trend can be zoomed: drag over a span, turn the wheel with Ctrl (without, the page scrolls) or press
    + and -; Shift and the wheel move along; a double click or Esc shows all again. Values rescale to what is in sight.
    Zoom is a way of looking: what is exported is always the whole chart.
    """

    picked = Signal(int, str)

    def __init__(self, theme: Theme | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme or load_theme()
        self._spec: ChartSpec | None = None
        self._drawn = Drawn()
        self._plot: TrendPlot | None = None
        self._press: QPointF | None = None
        self._drag: tuple[float, float] | None = None
        self._cache: QPixmap | None = None
        self._current: int | None = None
        self._ring = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # -- what it shows --------------------------------------------------------------------------------------------

    def set_spec(self, spec: ChartSpec) -> None:
        """Show another chart."""
        seen = self._plot.shown if self._plot and self._plot.zoomed and self._same_time(spec) else None
        if self._plot is not None:
            self._plot.stage.close()
        self._spec, self._plot = spec, self._new_plot(spec)
        if self._plot and seen:
            self._plot.shown = seen
        self.setCursor(Qt.CursorShape.CrossCursor if self._zoomable() else Qt.CursorShape.ArrowCursor)
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
        if self._spec is not None:
            self.set_spec(self._spec)

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

    def _new_plot(self, spec: ChartSpec) -> TrendPlot | None:
        if spec.kind != "trend" or is_empty(spec):
            return None
        with painting(QPixmap(1, 1)) as painter:
            plot = TrendPlot(Canvas(painter, self._theme), spec)
        plot.stage.setParent(self)  # goes when the widget goes
        return plot

    def _same_time(self, spec: ChartSpec) -> bool:
        return self._spec is not None and (spec.kind, spec.categories) == (self._spec.kind, self._spec.categories)

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
                    self._drawn = self._paint(painter, self._spec)
            self._cache = pixmap
        return self._cache

    def _paint(self, painter: QPainter, spec: ChartSpec) -> Drawn:
        whole = QRectF(self.rect())
        if self._plot is None:
            return paint_chart(painter, whole, spec, self._theme)
        canvas = Canvas(painter, self._theme)
        self._plot.lay_out(canvas, whole)
        drawn = self._plot.paint(canvas)
        if self._plot.zoomed:
            area, width = self._plot.area, canvas.width(_BACK, 11.5) + 16
            place = QRectF(area.right() - width, area.top() + 3, width, 20)
            canvas.box(place, "raised", 6)
            canvas.text(place, _BACK, "text2", 11.5, align=CENTER)
        return drawn

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        with painting(self) as painter:
            # Not the screen's ratio: the window may be painted into a larger picture.
            scale = painter.deviceTransform().m11()
            painter.drawPixmap(0, 0, self._render(max(1.0, scale)))
            if self._drag is not None and self._plot is not None:
                left, right = sorted(self._drag)
                area, shade = self._plot.area, QColor(self._theme.color("accent"))
                shade.setAlphaF(0.14)
                painter.fillRect(QRectF(left, area.top(), right - left, area.height()), shade)
            elif self._current is not None and self._current < len(self._drawn):
                draw_tip(painter, QRectF(self.rect()), self._drawn.hit(self._current), self._theme)
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

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is Qt.MouseButton.LeftButton:
            self._press = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        spot = event.position()
        if self._press is not None and self._plot is not None and self._zoomable():
            if self._drag is not None or abs(spot.x() - self._press.x()) >= _DRAG:
                area = self._plot.area
                self._drag = (self._press.x(), min(max(spot.x(), area.left()), area.right()))
                self.update()
        else:
            self.point_at(self._drawn.at(spot))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is not Qt.MouseButton.LeftButton or self._press is None:
            return
        drag, self._press, self._drag = self._drag, None, None
        if drag is None:
            self._pick(self._drawn.at(event.position()))
        elif self._plot is not None:
            self._plot.show(*drag)
            self._moved()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.button() is Qt.MouseButton.LeftButton:
            self.reset_zoom()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        turned, across = event.angleDelta().y(), event.angleDelta().x()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not across:
            turned, across = 0, turned
        wanted = bool(across or event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not wanted or not self._zoomable() or ((across or turned < 0) and not self.zoomed()):
            event.ignore()
            return
        if turned:
            self.zoom(_CLOSER ** (turned / _NOTCH), event.position().x())
        elif across and self._plot is not None:
            self._plot.pan(-across / _NOTCH * self.width() / 10)
            self._moved()
        event.accept()

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

    def event(self, event: QEvent) -> bool:
        """Where a tip or a part of the time is shown, Esc is the chart's, not the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._steps_back(event):
            event.accept()
            return True
        return super().event(event)

    def _steps_back(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and (self._current is not None or self.zoomed())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        count = len(self._drawn)
        forward = event.key() in {Qt.Key.Key_Right, Qt.Key.Key_Down}
        if count and (forward or event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Up}):
            start = -1 if forward else count
            current = start if self._current is None else self._current
            self.point_at((current + (1 if forward else -1)) % count)
            self._reveal()
            self.setAccessibleDescription(self._drawn.hit(self._current or 0).spoken())
        elif self._steps_back(event):
            self.point_at(None)
            self.reset_zoom()
        elif event.key() in _ZOOM_KEYS and self._zoomable():
            self.zoom(_ZOOM_KEYS[Qt.Key(event.key())])
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._current is not None:
            self._pick(self._current)
        else:
            super().keyPressEvent(event)

    def _pick(self, index: int | None) -> None:
        if index is not None and index < len(self._drawn):
            hit = self._drawn.hit(index)
            self.picked.emit(hit.category, hit.series)

    # -- zoom -----------------------------------------------------------------------------------------------------

    def zoomed(self) -> bool:
        """Whether only a part of a trend's time is shown."""
        return self._plot is not None and self._plot.zoomed

    def zoom(self, factor: float, at: float | None = None) -> None:
        """Show ``factor`` times the time in sight, what lies at pixel ``at`` (or is pointed at) staying in place."""
        if self._plot is not None and self._zoomable():
            self._render()
            if at is None:
                pointed = self._current is not None
                at = self._drawn.hit(self._current or 0).anchor.x() if pointed else self._plot.area.center().x()
            self._plot.zoom(factor, at)
            self._moved()

    def reset_zoom(self) -> None:
        """Show the whole time again."""
        if self._plot is not None and self._plot.zoomed:
            self._plot.reset()
            self._moved()

    def _zoomable(self) -> bool:
        return self._plot is not None and self._plot.zoomable

    def _moved(self) -> None:
        """Another part is in sight: paint again, the tip follows."""
        self._cache = None
        self._render()
        if self._current is not None and self._drawn.hit(self._current).rect.isEmpty():
            self._current = None
        self.update()

    def _reveal(self) -> None:
        """Bring what the keyboard points at into sight."""
        if self._plot is not None and self._current is not None and self._plot.reveal(self._current):
            self._moved()

    def hit_center(self, index: int) -> QPointF:
        """The middle of hit ``index`` in this widget's pixels."""
        return self.hits()[index].rect.center()


def _description(spec: ChartSpec) -> str:
    """What a screen reader says of the whole chart."""
    if is_empty(spec):
        return spec.empty
    names = "、".join(series.title for series in spec.series)
    span = f"{spec.categories[0]} 到 {spec.categories[-1]}" if len(spec.categories) > 1 else spec.categories[0]
    return "。".join(
        part for part in (spec.subtitle, f"{names}，{span}，共 {len(spec.categories)} 项", spec.footnote) if part
    )
