"""What a sampled conversation is judged by: names and full points, changed in a small sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from csdesk.ingest.entry.items import DEFAULT_ITEMS, MOST_ITEMS, CheckItem
from csdesk.ui.look import Look
from csdesk.ui.widgets.pieces import IconButton, Popup, button, clear, column, label, row

_NAME_WIDTH, _POINTS_WIDTH = 190, 72


class ItemsPopup(Popup):
    """Rows of name and points. ``use`` takes the items and returns what is wrong with them, "" if it closed."""

    def __init__(
        self, parent: QWidget, look: Look, items: Sequence[CheckItem], use: Callable[[Sequence[CheckItem]], str]
    ) -> None:
        super().__init__(parent, padding=16)
        self._look, self._use = look, use
        self.rows: list[tuple[QLineEdit, QLineEdit]] = []
        self.body.addWidget(label(self.tr("抽检项目与满分"), "cardTitle"))
        self.body.addWidget(label(self.tr("总分 = 得分之和 ÷ 打了分的项目满分之和 × 100。"), "hint"))
        self.body.addWidget(label(self.tr("已经录入的不变，仍按当时的项目算。"), "hint"))
        self.body.addSpacing(8)
        self._lines = column(spacing=6)
        self.body.addLayout(self._lines)
        self._fault = label("", "fault", wrap=True)
        self._fault.hide()
        self.body.addWidget(self._fault)
        self.body.addSpacing(8)
        self._sum = label("", "hint")
        foot = row(spacing=8)
        self._more = button(self.tr("加一项"), "quiet", self._add)
        foot.addWidget(self._more)
        foot.addWidget(button(self.tr("恢复默认"), "quiet", lambda: self._show(DEFAULT_ITEMS)))
        foot.addWidget(self._sum)
        foot.addStretch(1)
        self.done = button(self.tr("就用这些"), "primary", self._confirm)
        foot.addWidget(self.done)
        self.body.addLayout(foot)
        self._show(items)

    def items(self) -> list[CheckItem]:
        """As it stands; points that are no number count as 0."""
        return [CheckItem(name.text().strip(), _number(points.text())) for name, points in self.rows]

    def _show(self, items: Sequence[CheckItem]) -> None:
        clear(self._lines)
        self.rows = []
        for item in items:
            self._append(item.name, f"{item.full:g}")
        self._settle()

    def _append(self, name: str, points: str) -> None:
        line = row(spacing=8)
        words, number = QLineEdit(name), QLineEdit(points)
        words.setFixedWidth(_NAME_WIDTH)
        words.setPlaceholderText(self.tr("项目名字"))
        number.setFixedWidth(_POINTS_WIDTH)
        number.setPlaceholderText(self.tr("满分"))
        number.textChanged.connect(lambda _text: self._settle())
        for field in (words, number):
            field.returnPressed.connect(self._confirm)
        entry = (words, number)
        self.rows.append(entry)
        drop = IconButton(self._look, "trash", self.tr("去掉这一项"), "text3", 16)
        drop.clicked.connect(lambda _checked=False: self._drop(entry))
        line.addWidget(words)
        line.addWidget(number)
        line.addWidget(label(self.tr("分"), "second"))
        line.addWidget(drop)
        line.addStretch(1)
        holder = QWidget()
        line.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(line)
        self._lines.addWidget(holder)

    def _add(self) -> None:
        self._append("", "10")
        self._settle()
        self.rows[-1][0].setFocus()

    def _drop(self, entry: tuple[QLineEdit, QLineEdit]) -> None:
        left = [item for item, one in zip(self.items(), self.rows, strict=True) if one is not entry]
        self._show(left)

    def _settle(self) -> None:
        total = sum(item.full for item in self.items())
        self._sum.setText(self.tr("合计 {total:g} 分").format(total=total))
        self._more.setEnabled(len(self.rows) < MOST_ITEMS)
        self.adjustSize()

    def _confirm(self) -> None:
        fault = self._use(self.items())
        self._fault.setText(fault)
        self._fault.setVisible(bool(fault))
        if fault:
            self.adjustSize()
        else:
            self.close()


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
