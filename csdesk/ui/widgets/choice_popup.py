"""A list to choose one or several from, searchable when it is long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QScrollArea, QSizePolicy, QWidget

from csdesk.ui.pinyin import matches
from csdesk.ui.widgets.pieces import Popup, button, column, hairline, label, row, scrolling

_SEARCH_FROM = 9
_ROW_HEIGHT = 31
_MOST_ROWS = 11


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry: its key, its words, and a remark in grey."""

    key: str
    text: str
    remark: str = ""


class ChoicePopup(Popup):
    """Emits ``chosen`` with a set of keys: at once for a single choice, on 确定 for several (empty = all)."""

    chosen = Signal(object)

    def __init__(
        self, parent: QWidget, choices: Sequence[Choice], current: set[str], *, multiple: bool, everything: str = ""
    ) -> None:
        super().__init__(parent)
        self._choices = choices
        self._checks: dict[str, QCheckBox] = {}
        self._rows: list[tuple[Choice, QWidget]] = []
        self._everything: QCheckBox | None = None
        self._search: QLineEdit | None = None
        if multiple:
            self._build_multiple(current, everything)
        else:
            for choice in choices:
                self.body.addWidget(self._option(choice, checked=choice.key in current))

    def _option(self, choice: Choice, *, checked: bool) -> QPushButton:
        option = QPushButton(choice.text)
        option.setProperty("role", "option")
        option.setCheckable(True)
        option.setChecked(checked)
        option.setMinimumWidth(150)
        option.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        option.clicked.connect(lambda _checked=False: self._take({choice.key}))
        return option

    def _build_multiple(self, current: set[str], everything: str) -> None:
        self.setMinimumWidth(264)
        if len(self._choices) >= _SEARCH_FROM:
            search = QLineEdit()
            search.setProperty("role", "search")
            search.setPlaceholderText(self.tr("搜索，可用拼音首字母"))
            search.textChanged.connect(self._narrow)
            search.setAccessibleName(search.placeholderText())
            self._search = search
            self.body.addWidget(search)
            self.body.addSpacing(4)
            search.setFocus()
        self._everything = QCheckBox(everything)
        self._everything.setChecked(not current)
        self._everything.clicked.connect(self._choose_all)
        holder = row(margins=(8, 4, 8, 4))
        holder.addWidget(self._everything)
        self.body.addLayout(holder)
        self.body.addWidget(hairline())
        self.body.addWidget(self._list(current))
        foot = row(margins=(0, 6, 0, 0))
        foot.addStretch(1)
        foot.addWidget(button(self.tr("取消"), "quiet", self.close))
        foot.addWidget(button(self.tr("确定"), "primary", self._confirm))
        self.body.addLayout(foot)

    def _list(self, current: set[str]) -> QScrollArea:
        inside, lines = QWidget(), column(margins=(0, 4, 0, 4))
        for choice in self._choices:
            holder = QWidget()
            holder.setFixedHeight(_ROW_HEIGHT)
            line = row(margins=(8, 0, 8, 0))
            check = QCheckBox(choice.text)
            check.setChecked(choice.key in current)
            check.clicked.connect(self._one_clicked)
            self._checks[choice.key] = check
            line.addWidget(check, 1)
            if choice.remark:
                line.addWidget(label(choice.remark, "hint"))
            holder.setLayout(line)
            lines.addWidget(holder)
            self._rows.append((choice, holder))
        lines.addStretch(1)
        inside.setLayout(lines)
        area = scrolling(inside)
        area.setFixedHeight(min(len(self._choices), _MOST_ROWS) * _ROW_HEIGHT + 10)
        return area

    def _narrow(self, text: str) -> None:
        for choice, holder in self._rows:
            holder.setVisible(matches(text, choice.text))

    def _choose_all(self) -> None:
        for check in self._checks.values():
            check.setChecked(False)
        if self._everything is not None:
            self._everything.setChecked(True)

    def _one_clicked(self) -> None:
        if self._everything is not None:
            self._everything.setChecked(not any(check.isChecked() for check in self._checks.values()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter takes what is ticked, or the one that was searched for."""
        on_button = isinstance(self.focusWidget(), QPushButton)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._checks and not on_button:
            found = [choice.key for choice, holder in self._rows if holder.isVisible()]
            if self._search is not None and self._search.text() and len(found) == 1:
                self._take({found[0]})
            else:
                self._confirm()
            return
        super().keyPressEvent(event)

    def _confirm(self) -> None:
        keys = {key for key, check in self._checks.items() if check.isChecked()}
        self._take(set() if len(keys) == len(self._checks) else keys)

    def _take(self, keys: set[str]) -> None:
        self.close()
        self.chosen.emit(keys)
