"""Small building blocks: labels by role, pills, buttons, eliding labels, hairlines, popups."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QBitmap, QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from csdesk.ui.look import Look, restyle

_POPUP_RADIUS = 10  # as in the style sheet
_POPUP_GAP = 4
_MENU_RADIUS = 8


def label(text: str = "", role: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A plain-text label whose ``role`` the style sheet knows."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


class Pill(QLabel):
    """A short word on a tinted ground."""

    def __init__(self, text: str = "", tone: str = "neutral") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "pill")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)

    def show_as(self, text: str, tone: str) -> None:
        """Change both word and colour."""
        self.setText(text)
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            restyle(self)


def button(text: str, role: str, on_click: Callable[[], object] | None = None) -> QPushButton:
    """A push button: ``primary``, ``quiet``, ``danger`` or ``link``."""
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if on_click is not None:
        made.clicked.connect(lambda _checked=False: on_click())
    return made


class IconButton(QToolButton):
    """A flat button with a themed line icon."""

    def __init__(self, look: Look, name: str, hint: str, role: str = "text2", size: int = 18) -> None:
        super().__init__()
        self._look, self._name, self._color = look, name, role
        self.setProperty("role", "icon")
        self.setToolTip(hint)
        self.setAccessibleName(hint)
        self.setIconSize(QSize(size, size))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look.changed.connect(self._repaint_icon)
        self._repaint_icon()

    def use(self, name: str, hint: str | None = None) -> None:
        """Another icon (and hint)."""
        self._name = name
        if hint is not None:
            self.setToolTip(hint)
            self.setAccessibleName(hint)
        self._repaint_icon()

    def _repaint_icon(self) -> None:
        self.setIcon(self._look.icon(self._name, self._color))


class ElidedLabel(QLabel):
    """One line that ends in … where it does not fit, with the whole text as tool tip."""

    def __init__(self, text: str = "", role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._mode = mode
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """May shrink to a few characters."""
        return QSize(40, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  Qt's name
        """Another width, another cut."""
        super().resizeEvent(event)
        self._take_tip()

    def setText(self, text: str) -> None:  # noqa: N802  Qt's name
        """Show another text."""
        super().setText(text)
        self._take_tip()
        self.update()

    def _take_tip(self) -> None:
        """Give the tool tip only where something is cut off."""
        self.setToolTip("" if self.shown_text() == self.text() else self.text())

    def shown_text(self) -> str:
        """The text cut to the width there is."""
        return self.fontMetrics().elidedText(self.text(), self._mode, self.contentsRect().width())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  Qt's name
        """Draw the text cut to the width there is."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        where = int(self.alignment() | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(self.contentsRect(), where, self.shown_text())


class ClauseLabel(ElidedLabel):
    """One line that drops whole clauses from its end before it cuts a word; the tool tip has all of it.

    ``short`` is what to say where not even the first clause fits.
    """

    def __init__(self, text: str = "", role: str = "") -> None:
        self.short = ""
        super().__init__(text, role, Qt.TextElideMode.ElideRight)

    def shown_text(self) -> str:
        """What of the text stands there: as many clauses as fit, else the short words, else cut."""
        room = self.contentsRect().width()
        text = self.text()
        while self.fontMetrics().horizontalAdvance(text) > room and (clause := text.rpartition("，")[0]):
            text = clause
        if self.short and self.fontMetrics().horizontalAdvance(text) > room:
            text = self.short
        return self.fontMetrics().elidedText(text, self._mode, room)


class SearchField(QLineEdit):
    """Esc empties it first; Enter and the down key, ``left``, go on to what was found."""

    left = Signal()

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.setProperty("role", "search")
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setClearButtonEnabled(True)

    def event(self, event: QEvent) -> bool:
        """With words in it Esc is its own, not the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._empties(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Esc, Enter, down; all else as in any field."""
        if self._empties(event):
            self.clear()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down}:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _empties(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and bool(self.text())


def hairline() -> QFrame:
    """A thin horizontal line."""
    line = QFrame()
    line.setObjectName("line")
    return line


def column(*, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 0) -> QVBoxLayout:
    """A vertical layout with these margins."""
    made = QVBoxLayout()
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    return made


def row(*, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 8) -> QHBoxLayout:
    """A horizontal layout with these margins."""
    made = QHBoxLayout()
    made.setContentsMargins(*margins)
    made.setSpacing(spacing)
    return made


def scrolling(inside: QWidget) -> QScrollArea:
    """What is inside on the ground of whatever is around it, scrolling up and down where it is too tall."""
    area = QScrollArea()
    area.setProperty("plain", True)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inside)
    return area


def clear(layout: QLayout) -> None:
    """Take everything out of a layout; the widgets die when Qt is back in its loop."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)


class RoundedCorners(QObject):
    """Cuts the corners off a window of its own, in every size.

    A mask, not a translucent ground: where nothing composes windows (a bare X server, remote desktops) what is
    translucent is black.
    """

    def __init__(self, window: QWidget, radius: int) -> None:
        super().__init__(window)
        self._window, self._radius = window, radius
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """A new size, a new shape."""
        if event.type() == QEvent.Type.Resize and watched is self._window:
            shape = QBitmap(self._window.size())
            shape.fill(Qt.GlobalColor.color0)
            painter = QPainter(shape)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(Qt.GlobalColor.color1)
            painter.drawRoundedRect(self._window.rect(), self._radius, self._radius)
            painter.end()
            self._window.setMask(shape)
        return super().eventFilter(watched, event)


def new_menu(parent: QWidget) -> QMenu:
    """An empty menu in the rounded shape of the style sheet."""
    menu = QMenu(parent)
    RoundedCorners(menu, _MENU_RADIUS)
    return menu


class Popup(QWidget):
    """A rounded sheet under a button that closes by itself; Esc closes it too."""

    closed = Signal()

    def __init__(self, parent: QWidget, *, padding: int = 8) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("popupGround")
        self.sheet = QFrame(self)
        self.sheet.setObjectName("popup")
        RoundedCorners(self, _POPUP_RADIUS)
        outer = column()
        outer.addWidget(self.sheet)
        self.setLayout(outer)
        self.body = column(margins=(padding, padding, padding, padding), spacing=2)
        self.sheet.setLayout(self.body)

    def open_under(self, anchor: QWidget) -> None:
        """Show below ``anchor``, kept on its screen."""
        self.adjustSize()
        spot = anchor.mapToGlobal(QPoint(0, anchor.height() + _POPUP_GAP))
        screen = anchor.screen() or QGuiApplication.primaryScreen()
        area = screen.availableGeometry()
        x = max(area.left(), min(spot.x(), area.right() - self.width() - _POPUP_GAP))
        y = spot.y()
        if y + self.height() > area.bottom():
            y = max(area.top(), anchor.mapToGlobal(QPoint(0, 0)).y() - self.height() - _POPUP_GAP)
        self.move(x, y)
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Esc closes, the arrows go from one choice to the next, Enter presses, as in a menu."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        inside = self.focusWidget()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and isinstance(inside, QPushButton):
            inside.click()
            return
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self._step(forward=event.key() == Qt.Key.Key_Down)
            return
        super().keyPressEvent(event)

    def _step(self, *, forward: bool) -> None:
        """First to what is chosen now, from there up or down."""
        inside = self.focusWidget()
        if inside is not None and inside is not self:
            self.focusNextPrevChild(forward)
            return
        options = [each for each in self.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()]
        start = next((each for each in options if each.isChecked()), options[0] if options else None)
        if start is not None:
            start.setFocus(Qt.FocusReason.TabFocusReason)

    def hideEvent(self, event: QEvent) -> None:  # noqa: N802  Qt's name
        """Tell whoever opened it."""
        super().hideEvent(event)  # type: ignore[arg-type]
        self.closed.emit()
