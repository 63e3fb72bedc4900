"""The columns of the owner's table, one line each: their name and samples left, our field, its unit and why right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QLineEdit, QSizePolicy, QWidget

from csdesk.ingest import cells
from csdesk.ingest.addresses import column_letters
from csdesk.ingest.own.guess import Column
from csdesk.ingest.own.targets import UNITS
from csdesk.safety.masking import mask_nick, mask_text
from csdesk.ui.pages.data.mappings.field_choice import FieldChoice
from csdesk.ui.pages.data.mappings.presenter import MappingState
from csdesk.ui.pinyin import matches
from csdesk.ui.widgets.pieces import ElidedLabel, column, label, row, scrolling

_SAMPLES = 4
_SEARCH_FROM = 10
_BATCH = 24
_UNIT_WIDTH = 112
_UNIT_WORDS = {
    ("duration", ""): "自动", ("duration", "分"): "分钟", ("duration", "时"): "小时",
    ("rate", ""): "自动", ("rate", "百分数"): "95 = 95%", ("rate", "小数"): "0.95 = 95%",
}  # fmt: skip


class ColumnRow(QFrame):
    """One column."""

    chosen = Signal(int, str)
    unit_chosen = Signal(int, str)

    def __init__(self, at: int, state: MappingState) -> None:
        super().__init__()
        self.setObjectName("columnRow")
        self.at = at
        self._seen = state.suggestion.columns[at]
        header = state.suggestion.headers[at]
        self.header = column_header(at, header)
        self._line = row(margins=(6, 7, 6, 7), spacing=12)
        left = column(spacing=1)
        name = ElidedLabel(self.header, "strong" if header else "second", Qt.TextElideMode.ElideRight)
        left.addWidget(name)
        left.addWidget(ElidedLabel(samples(self._seen, state.choices[at]), "small", Qt.TextElideMode.ElideRight))
        holder = QWidget()
        holder.setLayout(left)
        self.choice = FieldChoice(state.suggestion.fields, state.suggestion.spellings)
        self.choice.setAccessibleName(self.tr("“{header}”是什么").format(header=self.header))
        self.choice.chosen.connect(lambda key: self.chosen.emit(self.at, key))
        self.unit: QComboBox | None = None
        self._room = QWidget()
        self._room.setFixedWidth(_UNIT_WIDTH)
        self._why = label("", "hint", wrap=True)
        for widget, share in ((holder, 5), (self.choice, 4), (self._room, 0), (self._why, 4)):
            if share:
                policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
                policy.setHorizontalStretch(share)
                widget.setSizePolicy(policy)
            self._line.addWidget(widget, share, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(self._line)
        self.show_state(state)

    def show_state(self, state: MappingState) -> None:
        """Show what is chosen for this column."""
        key = state.choices[self.at]
        field = state.fields.get(key)
        self.choice.show_key(key, field.title if field else "", state.taken())
        self._show_units(field.kind if field else "", state.units[self.at])
        usable = not self._seen.private or (
            "地址" in self.header and any(f.kind == "address" for f in state.suggestion.fields)
        )
        self.choice.setEnabled(usable)
        guess = state.suggestion.guesses[self.at]
        if not usable:
            self._why.setText(self._seen.private)
        elif key:
            self._why.setText(guess.reason if key == guess.key else self.tr("您选的"))
        else:
            self._why.setText("")

    def _show_units(self, kind: str, unit: str) -> None:
        """A choice of units is made only where there is one: most columns have none, and it is a heavy widget."""
        units = UNITS.get(kind, ())
        if self.unit is None and len(units) < 2:
            return
        if self.unit is None:
            self.unit = QComboBox()
            self.unit.setFixedWidth(_UNIT_WIDTH)
            self.unit.setAccessibleName(self.tr("“{header}”的单位").format(header=self.header))
            self.unit.activated.connect(self._unit_taken)
            self._line.replaceWidget(self._room, self.unit)
            self._room.setParent(None)
            keep = self.unit.sizePolicy()
            keep.setRetainSizeWhenHidden(True)
            self.unit.setSizePolicy(keep)
            QWidget.setTabOrder(self.choice, self.unit)
        self.unit.setVisible(len(units) > 1)
        self.unit.clear()
        for one in units:
            self.unit.addItem(_UNIT_WORDS.get((kind, one), one), one)
        self.unit.setCurrentIndex(max(0, self.unit.findData(unit)))

    def _unit_taken(self, index: int) -> None:
        if self.unit is not None:
            self.unit_chosen.emit(self.at, self.unit.itemData(index) or "")


def column_header(at: int, header: str) -> str:
    """The name of a column; one that has none is called by its letter."""
    return header or f"（没有名字，{column_letters(at)} 列）"


def samples(seen: Column, field: str) -> str:
    """A few different values, giving nobody away."""
    if seen.private:
        return "***" if any(cell is not None for cell in seen.values) else ""
    found: list[str] = []
    for cell in seen.values[:200]:
        text = cells.show(cell, 24).strip()
        text = mask_nick(text) if field == "buyer" and text else mask_text(text)
        if text and text not in found:
            found.append(text)
        if len(found) == _SAMPLES:
            break
    return " · ".join(found)


class ColumnRows(QFrame):
    """All columns, with a search field where there are many."""

    chosen = Signal(int, str)
    unit_chosen = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.rows: dict[int, ColumnRow] = {}
        self._state: MappingState | None = None
        self._wanted: list[int] = []
        self._shown = 0
        lines = column(margins=(14, 12, 6, 8), spacing=6)
        head = row(margins=(6, 0, 12, 0), spacing=10)
        self._title = label("", "cardTitle")
        head.addWidget(self._title)
        head.addStretch(1)
        self.open_only = QCheckBox(self.tr("只看没对上的"))
        self.open_only.toggled.connect(self._narrow)
        self.field = QLineEdit()
        self.field.setProperty("role", "search")
        self.field.setPlaceholderText(self.tr("找一列（Ctrl+F）"))
        self.field.setClearButtonEnabled(True)
        self.field.setFixedWidth(150)
        self.field.setAcceptDrops(False)
        self.field.textChanged.connect(self._narrow)
        head.addWidget(self.open_only)
        head.addWidget(self.field)
        lines.addLayout(head)
        inside = QWidget()
        self._lines = column(margins=(0, 0, 6, 6))
        inside.setLayout(self._lines)
        area = scrolling(inside)
        area.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._area = area
        self._nothing = label(self.tr("没有这样的列。"), "hint")
        lines.addWidget(self._nothing)
        lines.addWidget(area, 1)
        self.setLayout(lines)
        self.setMinimumWidth(440)

    def show_state(self, state: MappingState) -> None:
        """Show the columns of this table."""
        for line in self.rows.values():
            line.hide()
            line.deleteLater()
        self.rows = {}
        self._state = state
        many = len(state.choices) >= _SEARCH_FROM
        for widget in (self.field, self.open_only):
            widget.blockSignals(True)
        self.field.clear()
        self.open_only.setChecked(False)
        for widget in (self.field, self.open_only):
            widget.blockSignals(False)
        self.field.setVisible(many)
        self.open_only.setVisible(many)
        self._narrow()
        self._count(state)

    def show_column(self, at: int, state: MappingState) -> None:
        """One column was mapped otherwise; the others only learn what is taken now."""
        taken = state.taken()
        for line in self.rows.values():
            if line.at == at:
                line.show_state(state)
            else:
                line.choice.taken_now(taken)
        self._count(state)

    def search(self) -> None:
        """Ctrl+F."""
        if self.field.isVisible():
            self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.field.selectAll()

    def _count(self, state: MappingState) -> None:
        mapped = sum(bool(key) for key in state.choices)
        text = self.tr("表里的列 → 我们的项目（对上了 {mapped} / {all}）")
        self._title.setText(text.format(mapped=mapped, all=len(state.choices)))

    # Lines are made as they are looked at: hundreds of columns would keep the window busy for seconds.

    def _narrow(self, *_what: object) -> None:
        """The lines that are searched for, from the top."""
        state = self._state
        if state is None:
            return
        text, open_only = self.field.text(), self.open_only.isChecked()
        self._wanted = [
            at
            for at, header in enumerate(state.suggestion.headers)
            if matches(text, column_header(at, header)) and not (open_only and state.choices[at])
        ]
        while self._lines.count():
            item = self._lines.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
        self._shown = 0
        self._lines.addStretch(1)
        self._nothing.setVisible(not self._wanted)
        self._area.verticalScrollBar().setValue(0)
        self._show_more()

    def _show_more(self) -> None:
        state = self._state
        if state is None:
            return
        for at in self._wanted[self._shown : self._shown + _BATCH]:
            line = self.rows.get(at)
            if line is None:
                line = ColumnRow(at, state)
                line.chosen.connect(self.chosen)
                line.unit_chosen.connect(self.unit_chosen)
                line.choice.reached.connect(self._reached)
                self.rows[at] = line
            self._lines.insertWidget(self._lines.count() - 1, line)
            line.show()
        self._shown = min(len(self._wanted), self._shown + _BATCH)

    def _scrolled(self, value: int) -> None:
        bar = self._area.verticalScrollBar()
        if self._shown < len(self._wanted) and value >= bar.maximum() - self._area.viewport().height():
            self._show_more()

    def _reached(self) -> None:
        """Walking with Tab brings the line into view, and more of them at the end."""
        line = self.sender()
        if isinstance(line, QWidget):
            self._area.ensureWidgetVisible(line, 0, 90)
