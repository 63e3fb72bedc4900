"""The fields of an entry form: all are filled by the keyboard, and speak of themselves as text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QStringListModel, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QComboBox,
    QCompleter,
    QFrame,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QToolButton,
    QWidget,
)

from csdesk.ingest.entry.typed import Unreadable, read_day
from csdesk.ui.look import Look
from csdesk.ui.pinyin import matches, rank
from csdesk.ui.theme.calendar import prepare_calendar
from csdesk.ui.widgets.period_popup import plain_date, qt_date
from csdesk.ui.widgets.pieces import Popup, row

_MOST_SUGGESTIONS = 8
_WORDS_HEIGHT = 62


class LineField(QLineEdit):
    """A line of text."""

    edited = Signal()

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setAcceptDrops(False)  # files dropped here are for the window
        self.textEdited.connect(lambda _text: self.edited.emit())

    def filled(self) -> str:
        """What stands in it."""
        return self.text()

    def fill(self, text: str) -> None:
        """Put this in it."""
        self.setText(text)

    def settle(self) -> None:
        """The owner is done with this field."""


class WordsField(QPlainTextEdit):
    """Some lines of text; Tab goes on to the next field."""

    edited = Signal()

    def __init__(self, hint: str) -> None:
        super().__init__()
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setAcceptDrops(False)
        self.setFixedHeight(_WORDS_HEIGHT)
        self._filling = False
        self.textChanged.connect(self._changed)

    def filled(self) -> str:
        """What stands in it."""
        return self.toPlainText()

    def fill(self, text: str) -> None:
        """Put this in it."""
        self._filling = True
        self.setPlainText(text)
        self._filling = False

    def settle(self) -> None:
        """Nothing to settle."""

    def _changed(self) -> None:
        if not self._filling:
            self.edited.emit()


class ChoiceField(QFrame):
    """A row of choices: a key chooses (``keys`` choice → letters), arrows go on, Backspace takes it back."""

    edited = Signal()

    def __init__(self, choices: Sequence[str], keys: dict[str, str]) -> None:
        super().__init__()
        self.setObjectName("choiceField")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._choices, self._keys = tuple(choices), keys
        self._chosen = ""
        self._digits = ""
        line = row(margins=(3, 3, 3, 3), spacing=2)
        self.buttons: dict[str, QToolButton] = {}
        for choice in choices:
            made = QToolButton()
            made.setText(choice)
            made.setProperty("role", "choice")
            made.setCheckable(True)
            made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            made.setCursor(Qt.CursorShape.PointingHandCursor)
            made.clicked.connect(lambda _checked=False, choice=choice: self._click(choice))
            line.addWidget(made, 1)
            self.buttons[choice] = made
        self.setLayout(line)

    def filled(self) -> str:
        """The choice, "" while nothing is chosen."""
        return self._chosen

    def fill(self, text: str) -> None:
        """Choose this; anything that is no choice takes the choice back."""
        self._chosen = text if text in self._choices else ""
        for choice, made in self.buttons.items():
            made.setChecked(choice == self._chosen)

    def settle(self) -> None:
        """Digits typed before belong to nothing any more."""
        self._digits = ""

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """Digits typed before belong to nothing any more."""
        self._digits = ""
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Choose by key."""
        letter = event.text().casefold()
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            place = self._choices.index(self._chosen) + step if self._chosen else (0 if step > 0 else -1)
            self._take(self._choices[max(0, min(place, len(self._choices) - 1)) if self._chosen else place])
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._digits = ""
            self._take("")
        elif letter and (found := self._by_letter(letter)):
            self._take(found)
        else:
            super().keyPressEvent(event)

    def _by_letter(self, letter: str) -> str:
        two = self._digits + letter
        self._digits = letter if letter.isdigit() else ""
        if two != letter and two in self._choices:  # 1 and then 0: ten
            return two
        return next(
            (choice for choice in self._choices if letter == choice or letter in self._keys.get(choice, "")), ""
        )

    def _click(self, choice: str) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._take("" if choice == self._chosen else choice)

    def _take(self, choice: str) -> None:
        self.fill(choice)
        self.edited.emit()


class DayField(LineField):
    """A day, typed in any short form; ↑ and ↓ go a day on and back, the calendar is at the right."""

    def __init__(self, look: Look, today: date) -> None:
        super().__init__("")
        self._look, self._today = look, today
        self._action = self.addAction(look.icon("calendar", "text3"), QLineEdit.ActionPosition.TrailingPosition)
        self._action.setToolTip(self.tr("打开日历"))
        self._action.triggered.connect(lambda _checked=False: self.open_calendar())
        look.changed.connect(lambda: self._action.setIcon(look.icon("calendar", "text3")))
        self.fill(str(today))

    def begin(self, today: date) -> None:
        """It is this day now."""
        self._today = today

    def settle(self) -> None:
        """Write the day out in full where it can be read."""
        day = self._day()
        if day is not None:
            self.fill(str(day))

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """Write the day out in full."""
        self.settle()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """↑ the day after, ↓ the day before."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        day = self._day()
        if not step or day is None:
            super().keyPressEvent(event)
            return
        self.fill(str(min(self._today, day + timedelta(days=step))))
        self.edited.emit()

    def open_calendar(self) -> None:
        """Choose a day with the mouse; days to come cannot be chosen."""
        popup = Popup(self, padding=6)
        calendar = QCalendarWidget()
        prepare_calendar(calendar, self._look.theme)
        calendar.setMaximumDate(qt_date(self._today))
        calendar.setSelectedDate(qt_date(self._day() or self._today))
        popup.body.addWidget(calendar)

        def take() -> None:
            self.fill(str(plain_date(calendar.selectedDate())))
            self.edited.emit()
            popup.close()

        calendar.clicked.connect(lambda _day: take())
        popup.open_under(self)

    def _day(self) -> date | None:
        try:
            return read_day(self.text(), self._today)
        except Unreadable:
            return None


class AgentField(LineField):
    """A person: typing narrows the list, pinyin initials too; leaving the field takes the one that is marked."""

    def __init__(self, hint: str) -> None:
        super().__init__(hint)
        self._names: tuple[str, ...] = ()
        self._found = QStringListModel(self)
        completer = QCompleter(self._found, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(_MOST_SUGGESTIONS)
        self.popup = QListView()
        self.popup.setObjectName("suggestions")
        completer.setPopup(self.popup)
        completer.activated.connect(self._take)
        self.completions = completer
        completer.setWidget(self)
        self.textEdited.connect(self._suggest)

    def offer(self, names: Sequence[str]) -> None:
        """The people there are."""
        self._names = tuple(names)

    def suggestions(self, text: str) -> list[str]:
        """Whom what was typed may mean, the likeliest first; a whole name means itself."""
        wanted = text.strip()
        if not wanted or wanted in self._names:
            return [wanted] if wanted else []
        found = [name for name in self._names if matches(wanted, name)]
        return sorted(found, key=lambda name: (rank(wanted, name), len(name), name))

    def settle(self) -> None:
        """Take the likeliest of those that match, if it was not chosen otherwise."""
        self.popup.hide()
        found = self.suggestions(self.text())
        if found and found[0] != self.text():
            self._take(found[0])

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  Qt's name
        """Tab takes the one that is marked."""
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            marked = self.popup.currentIndex()
            if self.popup.isVisible() and marked.isValid():
                self._take(str(marked.data()))
            self.settle()
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """↓ opens the whole list."""
        popup = self.popup
        if event.key() == Qt.Key.Key_Down and not popup.isVisible():
            self._open(list(self._names) if not self.text().strip() else self.suggestions(self.text()))
            return
        super().keyPressEvent(event)

    def taking(self) -> bool:
        """Enter with the list open takes the one that is marked; whether it did."""
        popup = self.popup
        if not popup.isVisible():
            return False
        marked = popup.currentIndex()
        if marked.isValid():
            self._take(str(marked.data()))
        popup.hide()
        return True

    def _suggest(self, text: str) -> None:
        found = self.suggestions(text)
        self._open([] if found == [text.strip()] else found)

    def _open(self, names: list[str]) -> None:
        popup = self.popup
        self._found.setStringList(names[:50])
        if not names:
            popup.hide()
            return
        self.completions.complete()
        popup.setCurrentIndex(self._found.index(0))

    def _take(self, name: str) -> None:
        self.fill(name)
        self.popup.hide()
        self.edited.emit()


class ShopField(QComboBox):
    """One of the shops there are."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.activated.connect(lambda _place: self.edited.emit())

    def offer(self, labels: Sequence[str]) -> None:
        """The shops there are; the chosen one stays if it is among them."""
        if labels == [self.itemText(place) for place in range(self.count())]:
            return
        chosen = self.currentText()
        self.clear()
        self.addItems(list(labels))
        for place, text in enumerate(labels):
            self.setItemData(place, text, Qt.ItemDataRole.ToolTipRole)
        self.fill(chosen)

    def filled(self) -> str:
        """The chosen shop's label."""
        return self.currentText()

    def fill(self, text: str) -> None:
        """Choose this one; the first where it is not there."""
        self.setCurrentIndex(max(0, self.findText(text)) if self.count() else -1)

    def settle(self) -> None:
        """Nothing to settle."""


FormField = LineField | WordsField | ChoiceField | ShopField


class KeyHolder(QWidget):
    """Has the focus while an entry is being saved, and keeps what is typed for the next one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedSize(0, 0)
        self._kept: list[QKeyEvent] = []

    def event(self, event: QEvent) -> bool:
        """Keep keys, Tab too."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._kept.append(event.clone())
            return True
        return super().event(event)

    def take(self) -> list[QKeyEvent]:
        """What was typed meanwhile; it is forgotten here."""
        kept, self._kept = self._kept, []
        return kept
