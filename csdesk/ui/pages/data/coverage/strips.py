"""The calendar itself: one strip of days for each source, painted; pointer and keyboard tell and choose a day."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from csdesk.analysis.coverage import Coverage, SourceCalendar
from csdesk.domain.period import from_epoch_day, to_epoch_day
from csdesk.ui.look import Look
from csdesk.ui.pages.data.coverage.presenter import Sight, Zoom, day_words

_AXIS, _ROW, _HEAD = 34, 26, 28
_BAR = 16
_NAMES, _NARROW_NAMES = 168, 120
_CELLS_FROM = 9.0
"""Pixels a day needs to be drawn as a cell of its own; below, days run together."""


class CalendarStrips(QWidget):
    """All strips of a coverage for the days in sight.

    ``told`` carries the words of the day under pointer or cursor ("" = none); ``chosen`` the strip and day of a click
    or Enter; ``turned`` asks for the days before (-1) or after (1); ``zoomed`` for fewer (-1) or more (1) days.
    """

    told = Signal(str)
    chosen = Signal(object, int)
    turned = Signal(int)
    zoomed = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._coverage = Coverage()
        self._sight = Sight(Zoom.MONTH, 0, 0)
        self.lines: list[SourceCalendar | str] = []
        """What the rows are: shop names and strips."""
        self.cursor_at: tuple[int, int] | None = None
        """Row and day the keyboard is at."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("数据覆盖日历"))
        look.changed.connect(self.update)

    def show_days(self, coverage: Coverage, strips: Sequence[SourceCalendar], sight: Sight) -> None:
        """Show these strips over these days."""
        self._coverage, self._sight = coverage, sight
        several = len({strip.shop for strip in strips}) > 1
        self.lines, shop = [], ""
        for strip in strips:
            if several and strip.shop != shop:
                self.lines.append(f"{strip.shop} · {strip.platform.short}")
                shop = strip.shop
            self.lines.append(strip)
        if self.cursor_at is not None:
            row, day = self.cursor_at
            there = row < len(self.lines) and isinstance(self.lines[row], SourceCalendar)
            self.cursor_at = (row, min(max(day, sight.first), sight.last)) if there else None
        self.setFixedHeight(self._top(len(self.lines)) + 8)
        self.update()

    # -- places -----------------------------------------------------------------------------------------------------

    @property
    def _left(self) -> float:
        return _NAMES if self.width() > 900 else _NARROW_NAMES

    @property
    def _step(self) -> float:
        return max(0.01, (self.width() - self._left - 4) / max(1, self._sight.days))

    def _top(self, row: int) -> int:
        return _AXIS + sum(_HEAD if isinstance(line, str) else _ROW for line in self.lines[:row])

    def place_of(self, row: int, day: int) -> QPointF:
        """The middle of a day's cell."""
        return QPointF(self._left + (day - self._sight.first + 0.5) * self._step, self._top(row) + _ROW / 2)

    def at(self, spot: QPointF) -> tuple[int, int] | None:
        """Row and day under a point; None beside the strips."""
        day = self._sight.first + int((spot.x() - self._left) // self._step)
        if spot.x() < self._left or day > self._sight.last:
            return None
        for row, line in enumerate(self.lines):
            top = self._top(row)
            if isinstance(line, SourceCalendar) and top <= spot.y() < top + _ROW:
                return row, day
        return None

    def words_at(self, place: tuple[int, int] | None) -> str:
        """What is said of a place."""
        line = self.lines[place[0]] if place is not None else ""
        if place is None or isinstance(line, str):
            return ""
        return day_words(line, place[1], self._coverage.today)

    # -- painting ---------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw what is in the exposed part."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._axis(painter)
        for row, line in enumerate(self.lines):
            top = self._top(row)
            if top > event.rect().bottom() or top + _HEAD < event.rect().top():
                continue
            if isinstance(line, str):
                self._words(painter, QRectF(0, top + 4, self.width(), _HEAD - 4), line, "text", bold=True)
                continue
            self._words(painter, QRectF(0, top, self._left - 12, _ROW), line.title, "text2")
            self._strip(painter, line, top + (_ROW - _BAR) / 2)
        self._today(painter)
        if self.cursor_at is not None and self.hasFocus():
            self._cursor(painter, *self.cursor_at)

    def _words(self, painter: QPainter, rect: QRectF, text: str, role: str, *, bold: bool = False) -> None:
        font = self._look.font("base" if bold else "small", bold=bold)
        painter.setFont(font)
        painter.setPen(self._look.color(role))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)

    def _strip(self, painter: QPainter, strip: SourceCalendar, top: float) -> None:
        for spans, state in (
            (strip.empty, "empty"), (strip.present, "present"), (strip.provisional, "provisional"),
            (strip.missing, "missing"),
        ):  # fmt: skip
            for first, last in spans:
                if last >= self._sight.first and first <= self._sight.last:
                    self._span(painter, max(first, self._sight.first), min(last, self._sight.last), state, top)

    def _span(self, painter: QPainter, first: int, last: int, state: str, top: float) -> None:
        if self._step >= _CELLS_FROM:
            gap = 1.5 if self._step >= 16 else 1.0
            for day in range(first, last + 1):
                left = self._left + (day - self._sight.first) * self._step
                draw_state(painter, self._look, state, QRectF(left + gap, top, self._step - 2 * gap, _BAR), 3)
            return
        left = self._left + (first - self._sight.first) * self._step
        width = max((last - first + 1) * self._step, 2.5 if state == "missing" else 1.0)
        draw_state(painter, self._look, state, QRectF(left, top, width, _BAR), 2 if width > 6 else 0)

    def _axis(self, painter: QPainter) -> None:
        font = self._look.font("small")
        painter.setFont(font)
        bottom = self._top(len(self.lines))
        metrics = QFontMetricsF(font)
        cells = self._step >= _CELLS_FROM
        last_end = self._left - 20
        for day in range(self._sight.first, self._sight.last + 1):
            shown = from_epoch_day(day)
            left = self._left + (day - self._sight.first) * self._step
            if shown.day == 1:
                if self._step >= 0.4 or shown.month == 1:
                    painter.setPen(self._look.color("grid"))
                    painter.drawLine(QPointF(left, _AXIS - 6), QPointF(left, bottom))
                text = f"{shown.year} 年 {shown.month} 月" if shown.month == 1 or cells else f"{shown.month} 月"
                if self._step * 366 < 130:
                    text = f"{shown.year}" if shown.month == 1 else ""
                fits = left + 3 + metrics.horizontalAdvance(text) <= self.width()
                if text and fits and left >= last_end + 8:
                    painter.setPen(self._look.color("text3"))
                    painter.drawText(QPointF(left + 3, 12 if cells else 20), text)
                    last_end = left + 3 + metrics.horizontalAdvance(text)
            if cells and (self._step >= 18 or shown.day in (1, 5, 10, 15, 20, 25)):
                weekend = shown.weekday() >= 5
                painter.setPen(self._look.color("text3" if weekend else "text2"))
                box = QRectF(left - 6, 15, self._step + 12, 14)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(shown.day))

    def _today(self, painter: QPainter) -> None:
        today = to_epoch_day(self._coverage.today) if self._coverage.strips else self._sight.last + 1
        if self._sight.first <= today <= self._sight.last:
            left = self._left + (today - self._sight.first) * self._step
            painter.setPen(QPen(self._look.color("accent"), 1.2, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(left, _AXIS - 4), QPointF(left, self._top(len(self.lines))))

    def _cursor(self, painter: QPainter, row: int, day: int) -> None:
        middle, width = self.place_of(row, day), max(self._step, 5.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._look.color("text"), 1.8))
        painter.drawRoundedRect(QRectF(middle.x() - width / 2, middle.y() - _BAR / 2 - 2, width, _BAR + 4), 3, 3)

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """As high as its strips."""
        return QSize(640, self._top(len(self.lines)) + 8)

    # -- pointer and keys -------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Tell the day."""
        place = self.at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if place else Qt.CursorShape.ArrowCursor)
        self.told.emit(self.words_at(place))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Tell the cursor's day again."""
        del event
        self.told.emit(self.words_at(self.cursor_at if self.hasFocus() else None))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Choose the day."""
        place = self.at(event.position())
        if place is not None and event.button() == Qt.MouseButton.LeftButton:
            self.cursor_at = place
            self._choose()
            self.update()

    def event(self, event: QEvent) -> bool:
        """The tool tip says the day too."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(self.at(QPointF(event.pos()))), self)
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802  Qt's name
        """Ctrl zooms, Shift goes along; a plain wheel scrolls the page."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        if turn and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(-1 if turn > 0 else 1)
        elif turn and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.turned.emit(-1 if turn > 0 else 1)
        else:
            event.ignore()
            return
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Arrows move the cursor, Enter chooses, PageUp and PageDown turn, + and - zoom."""
        rows = [row for row, line in enumerate(self.lines) if not isinstance(line, str)]
        key = event.key()
        if not rows:
            super().keyPressEvent(event)
            return
        row, day = self.cursor_at or (rows[0], self._sight.last)
        place = rows.index(row) if row in rows else 0
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right:
                day += -1 if key == Qt.Key.Key_Left else 1
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                place = min(max(place + (-1 if key == Qt.Key.Key_Up else 1), 0), len(rows) - 1)
            case Qt.Key.Key_Home:
                day = self._sight.first
            case Qt.Key.Key_End:
                day = self._sight.last
            case Qt.Key.Key_PageUp | Qt.Key.Key_PageDown:
                self.turned.emit(-1 if key == Qt.Key.Key_PageUp else 1)
                return
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal | Qt.Key.Key_Minus:
                self.zoomed.emit(1 if key == Qt.Key.Key_Minus else -1)
                return
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.cursor_at = (rows[place], day)
                self._choose()
                return
            case _:
                super().keyPressEvent(event)
                return
        if day < self._sight.first or day > self._sight.last:
            self.turned.emit(-1 if day < self._sight.first else 1)
            day = min(max(day, self._sight.first), self._sight.last)
        self.cursor_at = (rows[place], day)
        self.told.emit(self.words_at(self.cursor_at))
        self.update()

    def _choose(self) -> None:
        if self.cursor_at is not None:
            row, day = self.cursor_at
            self.told.emit(self.words_at(self.cursor_at))
            self.chosen.emit(self.lines[row], day)


def draw_state(painter: QPainter, look: Look, state: str, rect: QRectF, radius: float) -> None:
    """One stretch of days; told apart by form as well as colour."""
    painter.setPen(Qt.PenStyle.NoPen)
    if state == "missing":
        painter.setBrush(look.color("bad"))
        middle = rect.center().y()
        painter.drawRoundedRect(QRectF(rect.left(), middle - 2.5, rect.width(), 5), min(radius, 2), min(radius, 2))
        return
    if state == "empty":
        painter.setBrush(look.color("track"))
    elif state == "present":
        painter.setBrush(look.color("series1"))
    else:
        painter.setBrush(look.color("surface"))
        painter.drawRoundedRect(rect, radius, radius)
        tint = QColor(look.color("series1"))
        tint.setAlphaF(0.28)
        painter.setBrush(tint)
        painter.drawRoundedRect(rect, radius, radius)
        painter.setBrush(QBrush(look.color("series1"), Qt.BrushStyle.BDiagPattern))
    painter.drawRoundedRect(rect, radius, radius)
