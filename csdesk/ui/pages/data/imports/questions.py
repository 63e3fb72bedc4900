"""Questions only the owner can answer, asked inside the preview: which days, which shop, which platform."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDateEdit, QFrame, QWidget

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import Given, Need
from csdesk.ui.theme import current_theme
from csdesk.ui.theme.calendar import prepare_calendar
from csdesk.ui.widgets.period_popup import plain_date, qt_date
from csdesk.ui.widgets.pieces import Popup, button, column, label, row


class PeriodAnswer(QWidget):
    """Two dates and 确定; ``answered`` carries a Given. ``last`` is yesterday, the newest day a report can have."""

    answered = Signal(object)

    def __init__(self, suggested: Period | None, last: date) -> None:
        super().__init__()
        start = suggested or Period.of_day(last)
        self.first, self.last = _date_edit(start.first, last), _date_edit(start.last, last)
        self.first.dateChanged.connect(lambda chosen: self.last.setDate(max(self.last.date(), chosen)))
        self.confirm = button(self.tr("就是这些天"), "primary", self._answer)
        line = row(spacing=8)
        line.addWidget(self.first)
        line.addWidget(label(self.tr("至"), "second"))
        line.addWidget(self.last)
        for words, days in ((self.tr("昨天"), 0), (self.tr("前天"), 1)):
            day = last - timedelta(days=days)
            line.addWidget(button(words, "quiet", lambda day=day: self._set(day)))  # type: ignore[misc]
        line.addWidget(self.confirm)
        line.addStretch(1)
        self.setLayout(line)

    def _set(self, day: date) -> None:
        self.first.setDate(qt_date(day))
        self.last.setDate(qt_date(day))

    def _answer(self) -> None:
        first, last = plain_date(self.first.date()), plain_date(self.last.date())
        self.answered.emit(Given(period=Period(min(first, last), max(first, last))))


class ShopAnswer(QWidget):
    """A name to choose or write, and 确定."""

    answered = Signal(object)

    def __init__(self, choices: tuple[str, ...], current: str) -> None:
        super().__init__()
        self.field = QComboBox()
        self.field.setEditable(True)
        self.field.addItems(list(choices))
        self.field.setCurrentText(current or (choices[0] if choices else ""))
        self.field.setMinimumWidth(220)
        edit = self.field.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(self.tr("店铺名字"))
            edit.returnPressed.connect(self._answer)
        line = row(spacing=8)
        line.addWidget(self.field)
        self.confirm = button(self.tr("就是这家店"), "primary", self._answer)
        line.addWidget(self.confirm)
        line.addStretch(1)
        self.setLayout(line)

    def _answer(self) -> None:
        name = self.field.currentText().strip()
        if name:
            self.answered.emit(Given(shop=name))


class PlatformAnswer(QWidget):
    """One button a platform."""

    answered = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        line = row(spacing=8)
        for platform in Platform:
            line.addWidget(button(platform.label, "quiet", partial(self.answered.emit, Given(platform=platform))))
        line.addStretch(1)
        self.setLayout(line)


class Question(QFrame):
    """A question on a tinted ground with its answer."""

    answered = Signal(object)

    def __init__(self, need: Need, answer: PeriodAnswer | ShopAnswer | PlatformAnswer) -> None:
        super().__init__()
        self.setObjectName("question")
        self.answer = answer
        lines = column(margins=(14, 12, 14, 12), spacing=8)
        lines.addWidget(label(need.question, "strong", wrap=True))
        lines.addWidget(answer)
        lines.addWidget(label(self.tr("回答一次就记住了，下次同样的表不再问。"), "hint"))
        answer.answered.connect(self.answered)
        self.setLayout(lines)


def question_for(need: Need, shops: tuple[str, ...], last: date) -> Question:
    """The question with the field that answers it."""
    if need.kind == "period":
        return Question(need, PeriodAnswer(None, last))
    if need.kind == "platform":
        return Question(need, PlatformAnswer())
    return Question(need, ShopAnswer(need.choices or shops, ""))


class ChangePopup(Popup):
    """The same fields under ▾, for changing what was found by itself."""

    answered = Signal(object)

    def __init__(self, parent: QWidget, title: str, answer: PeriodAnswer | ShopAnswer) -> None:
        super().__init__(parent, padding=14)
        self.answer = answer
        self.body.addWidget(label(title, "strong"))
        self.body.addSpacing(6)
        self.body.addWidget(answer)
        answer.answered.connect(self._take)

    def _take(self, given: object) -> None:
        self.close()
        self.answered.emit(given)


def _date_edit(day: date, latest: date) -> QDateEdit:
    edit = QDateEdit(qt_date(day))
    edit.setCalendarPopup(True)
    prepare_calendar(edit.calendarWidget(), current_theme())
    edit.setDisplayFormat("yyyy-MM-dd")
    edit.setMaximumDate(qt_date(latest))
    edit.setMinimumWidth(124)
    return edit
