"""The small sheets in which a group or a shop's name is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QLineEdit, QWidget

from csdesk.domain.period import to_epoch_day
from csdesk.ui.theme import current_theme
from csdesk.ui.theme.calendar import prepare_calendar
from csdesk.ui.widgets.period_popup import plain_date, qt_date
from csdesk.ui.widgets.pieces import Popup, button, label, row

_EARLIEST = date(1990, 1, 1)
_USUAL_GROUPS = ("售前", "售后", "早班", "晚班")


class GroupPopup(Popup):
    """A group and its days. ``chosen``: (group, first epoch day, last or None); ``cleared``: (first, last or None)."""

    chosen = Signal(str, int, object)
    cleared = Signal(int, object)

    def __init__(
        self, parent: QWidget, who: str, groups: Sequence[str], days: tuple[date | None, date | None], today: date
    ) -> None:
        super().__init__(parent, padding=14)
        self.body.addWidget(label(self.tr("“{who}”的组").format(who=who), "strong", wrap=True))
        self.body.addSpacing(6)
        self.field = QComboBox()
        self.field.setEditable(True)
        self.field.addItems(list(dict.fromkeys((*groups, *_USUAL_GROUPS))))
        self.field.setCurrentText("")
        self.field.setMinimumWidth(300)
        edit = self.field.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(self.tr("组名，例如 售前、晚班"))
            edit.returnPressed.connect(self._confirm)
        self.body.addWidget(self.field)
        self.body.addSpacing(6)
        self.always = QCheckBox(self.tr("从一开始"))
        self.ever = QCheckBox(self.tr("以后一直是"))
        self.first, self.last = _date_edit(days[0] or today), _date_edit(days[1] or today)
        for words, edit_day, check in ((self.tr("从"), self.first, self.always), (self.tr("到"), self.last, self.ever)):
            line = row(spacing=8)
            line.addWidget(label(words, "second"))
            line.addWidget(edit_day)
            line.addWidget(check)
            line.addStretch(1)
            self.body.addLayout(line)
            self.body.addSpacing(4)
            check.toggled.connect(edit_day.setDisabled)
            check.setChecked(True)
        foot = row(margins=(0, 6, 0, 0))
        foot.addWidget(button(self.tr("这些天不分组"), "link", self._clear))
        foot.addStretch(1)
        foot.addWidget(button(self.tr("取消"), "quiet", self.close))
        self.confirm = button(self.tr("确定"), "primary", self._confirm)
        foot.addWidget(self.confirm)
        self.body.addLayout(foot)
        self.field.setFocus()

    def _days(self) -> tuple[int, int | None]:
        first = _EARLIEST if self.always.isChecked() else plain_date(self.first.date())
        last = None if self.ever.isChecked() else to_epoch_day(plain_date(self.last.date()))
        start = to_epoch_day(first)
        return (start, last) if last is None else (min(start, last), max(start, last))

    def _confirm(self) -> None:
        name = self.field.currentText().strip()
        if name:
            self.close()
            self.chosen.emit(name, *self._days())

    def _clear(self) -> None:
        self.close()
        self.cleared.emit(*self._days())


class NamePopup(Popup):
    """A shop's new name; ``chosen`` carries it."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent, padding=14)
        self.body.addWidget(label(self.tr("“{name}”改叫").format(name=name), "strong", wrap=True))
        self.body.addSpacing(6)
        self.field = QLineEdit(name)
        self.field.setMinimumWidth(280)
        self.field.selectAll()
        self.field.returnPressed.connect(self._confirm)
        self.body.addWidget(self.field)
        foot = row(margins=(0, 8, 0, 0))
        foot.addStretch(1)
        foot.addWidget(button(self.tr("取消"), "quiet", self.close))
        self.confirm = button(self.tr("改名"), "primary", self._confirm)
        foot.addWidget(self.confirm)
        self.body.addLayout(foot)
        self.field.setFocus()

    def _confirm(self) -> None:
        name = self.field.text().strip()
        if name:
            self.close()
            self.chosen.emit(name)


def _date_edit(day: date) -> QDateEdit:
    edit = QDateEdit(qt_date(day))
    edit.setCalendarPopup(True)
    prepare_calendar(edit.calendarWidget(), current_theme())
    edit.setDisplayFormat("yyyy-MM-dd")
    edit.setMinimumWidth(124)
    return edit
