"""What holds for the whole table: its kind, where its header is, platform, shop, days, and the mapping's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDateEdit, QFrame, QGridLayout, QLineEdit, QWidget

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.own.heads import SheetHead
from csdesk.ingest.own.mapping import NO_HEADER, HeaderPlace, header_text
from csdesk.ingest.own.rules import LONGEST_NAME
from csdesk.ingest.own.targets import TARGETS
from csdesk.ui.pages.data.mappings.presenter import MappingState
from csdesk.ui.theme import current_theme
from csdesk.ui.theme.calendar import prepare_calendar
from csdesk.ui.widgets.period_popup import plain_date, qt_date
from csdesk.ui.widgets.pieces import column, label, row

_HEADER_ROWS = 25
_LONGEST_LINE = 36


class TableSettings(QFrame):
    """A card of fields. Every change by the owner is a signal; :meth:`show_state` changes nothing by itself."""

    sheet_chosen = Signal(int)
    header_chosen = Signal(object)
    target_chosen = Signal(str)
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._state: MappingState | None = None
        self._showing = False
        self.target, self.sheet, self.header = QComboBox(), QComboBox(), QComboBox()
        self.two_rows = QCheckBox(self.tr("连同上一行（分组名）"))
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(self.tr("例如：外包团队日报"))
        self.platform, self.shop = QComboBox(), QComboBox()
        self.days = DaysChoice()
        self._days_title = label(self.tr("日期"), "small")
        self._build()
        self._connect()

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(18, 12, 18, 14)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        self.shop.setEditable(True)
        edit = self.shop.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(self.tr("不固定，看表里写的"))
            edit.setMaxLength(LONGEST_NAME)
        self._sheet_title = label(self.tr("工作表"), "small")
        header = QWidget()
        line = row(spacing=10)
        line.addWidget(self.header, 1)
        line.addWidget(self.two_rows)
        header.setLayout(line)
        fields: tuple[tuple[QWidget, QWidget, int], ...] = (
            (label(self.tr("这是什么表"), "small"), self.target, 3),
            (self._sheet_title, self.sheet, 2),
            (label(self.tr("表头在哪一行"), "small"), header, 5),
            (label(self.tr("列映射的名字"), "small"), self.name, 3),
            (label(self.tr("平台"), "small"), self.platform, 2),
            (label(self.tr("店铺"), "small"), self.shop, 5),
        )
        for place, (title, field, share) in enumerate(fields):
            line_at, at = divmod(place, 3)
            grid.addWidget(title, 2 * line_at, at)
            grid.addWidget(field, 2 * line_at + 1, at)
            grid.setColumnStretch(at, share)
            grid.setRowMinimumHeight(2 * line_at + 1, 30)
        days = row(spacing=10)
        days.addWidget(self._days_title)
        days.addWidget(self.days)
        days.addStretch(1)
        whole = column()
        whole.addLayout(grid)
        self._days = QWidget()
        holder = row(margins=(18, 0, 18, 12))
        holder.addLayout(days)
        self._days.setLayout(holder)
        whole.addWidget(self._days)
        self.setLayout(whole)
        for one in TARGETS:
            self.target.addItem(f"{one.title}：{one.hint}", one.id)
        self.platform.addItem(self.tr("看表里写的"), None)
        for platform in Platform:
            self.platform.addItem(platform.label, platform)
        for combo in (self.target, self.sheet, self.header, self.shop):
            combo.setMinimumContentsLength(10)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def _connect(self) -> None:
        self.target.activated.connect(lambda _at: self.target_chosen.emit(self.target.currentData()))
        self.sheet.activated.connect(self.sheet_chosen)
        self.header.activated.connect(self._header_taken)
        self.two_rows.clicked.connect(self._header_taken)
        self.name.textEdited.connect(self._take)
        self.platform.activated.connect(self._take)
        self.shop.editTextChanged.connect(self._take)
        self.days.changed.connect(self._take)

    def show_state(self, state: MappingState, shops: Sequence[str], yesterday: date) -> None:
        """Show these settings; ``shops`` to choose from."""
        self._showing = True
        self._state = state
        self.target.setCurrentIndex(self.target.findData(state.suggestion.target.id))
        self.sheet.clear()
        self.sheet.addItems([head.name or self.tr("表") for head in state.heads])
        if state.suggestion.head in state.heads:
            self.sheet.setCurrentIndex(state.heads.index(state.suggestion.head))
        self.sheet.setEnabled(len(state.heads) > 1)
        self._show_header(state.suggestion.head, state.suggestion.place, there=state.has_rows)
        self.name.setText(state.name)
        self.platform.setCurrentIndex(max(0, self.platform.findData(state.platform)))
        self.shop.clear()
        self.shop.addItems(list(shops))
        self.shop.setCurrentText(state.shop)
        self.days.show_period(state.period, yesterday)
        self.show_needs(state)
        self._showing = False

    def show_needs(self, state: MappingState) -> None:
        """Days are asked where the rows do not say them; a shop is not where a column does."""
        self._days.setVisible(not state.dated and state.has_rows)
        self.shop.setEnabled("shop" not in state.choices)

    def _show_header(self, head: SheetHead, place: HeaderPlace, *, there: bool) -> None:
        self.header.clear()
        for position, (number, cells) in enumerate(head.rows[:_HEADER_ROWS]):
            words = "、".join(text for cell in cells if (text := header_text(cell)))
            words = words if len(words) <= _LONGEST_LINE else words[:_LONGEST_LINE] + "…"
            self.header.addItem(self.tr("第 {number} 行：{words}").format(number=number, words=words), position)
        if place.position >= _HEADER_ROWS:
            number = head.rows[place.position][0]
            self.header.addItem(self.tr("第 {number} 行").format(number=number), place.position)
        self.header.addItem(self.tr("没有表头，列叫 A、B、C…"), -1)
        self.header.setCurrentIndex(self.header.findData(place.position))
        self.two_rows.setChecked(place.height == 2)
        self.two_rows.setEnabled(place.position > 0 and there)
        self.header.setEnabled(there)

    def _header_taken(self, *_what: object) -> None:
        position = self.header.currentData()
        height = 2 if self.two_rows.isChecked() and position > 0 else 1
        self.header_chosen.emit(HeaderPlace(position, height) if position >= 0 else NO_HEADER)

    def _take(self, *_what: object) -> None:
        if self._showing or self._state is None:
            return
        self._state.name = self.name.text()
        self._state.platform = self.platform.currentData()
        self._state.shop = self.shop.currentText().strip()
        self._state.period = self.days.period()
        self.changed.emit()


class DaysChoice(QWidget):
    """The days of a table that names none: looked for at the import, or said now (for this import alone)."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.how = QComboBox()
        self.how.addItems([self.tr("看文件名和表头上面，找不到再问"), self.tr("这个文件是这些天的")])
        self.first, self.last = _date_edit(), _date_edit()
        line = row(spacing=8)
        line.addWidget(self.how)
        self._between = label(self.tr("至"), "second")
        for widget in (self.first, self._between, self.last):
            line.addWidget(widget)
        line.addWidget(label(self.tr("表里没有对上日期列"), "hint"))
        self.setLayout(line)
        self.how.currentIndexChanged.connect(self._taken)
        self.first.dateChanged.connect(lambda chosen: self.last.setDate(max(self.last.date(), chosen)))
        self.first.dateChanged.connect(self._taken)
        self.last.dateChanged.connect(self._taken)

    def show_period(self, period: Period | None, yesterday: date) -> None:
        """Show these days, or that they are looked for."""
        for edit, day in (
            (self.first, period.first if period else yesterday),
            (self.last, period.last if period else yesterday),
        ):
            edit.blockSignals(True)
            edit.setMaximumDate(qt_date(max(yesterday, day)))
            edit.setDate(qt_date(day))
            edit.blockSignals(False)
        self.how.setCurrentIndex(0 if period is None else 1)
        self._show()

    def period(self) -> Period | None:
        """The days said, None where they are to be looked for."""
        if self.how.currentIndex() == 0:
            return None
        first, last = plain_date(self.first.date()), plain_date(self.last.date())
        return Period(min(first, last), max(first, last))

    def _taken(self, *_what: object) -> None:
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        for widget in (self.first, self._between, self.last):
            widget.setVisible(self.how.currentIndex() == 1)


def _date_edit() -> QDateEdit:
    edit = QDateEdit()
    edit.setCalendarPopup(True)
    prepare_calendar(edit.calendarWidget(), current_theme())
    edit.setDisplayFormat("yyyy-MM-dd")
    edit.setMinimumWidth(124)
    return edit
