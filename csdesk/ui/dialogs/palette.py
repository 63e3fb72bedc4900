"""Ctrl+K: go anywhere and do anything by a few letters, pinyin initials too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from csdesk.ui.look import Look
from csdesk.ui.pages.page_info import PageInfo
from csdesk.ui.pinyin import rank
from csdesk.ui.widgets.pieces import RoundedCorners, column, hairline, label, row

if TYPE_CHECKING:
    from csdesk.ui.main_window import MainWindow

_WIDTH = 540
_SHOWN = 9
_RADIUS = 12


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do: its words, a remark, an icon and what happens."""

    text: str
    remark: str
    icon: str
    run: Callable[[], None]


def search(commands: Sequence[Command], query: str) -> list[Command]:
    """The commands that fit, best first; all of them for an empty query."""
    found = [(rank(query, command.text), place, command) for place, command in enumerate(commands)]
    return [command for quality, _place, command in sorted(found, key=lambda entry: entry[:2]) if quality < 3]


class Palette(QDialog):
    """The sheet with its input and list; Enter does the chosen one, Esc closes."""

    def __init__(self, window: QWidget, look: Look, commands: Sequence[Command]) -> None:
        super().__init__(window, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Dialog)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("palette")
        self._look, self._commands, self._found = look, commands, list(commands)
        self.input = QLineEdit()
        self.input.setObjectName("paletteInput")
        self.input.setPlaceholderText(self.tr("去哪一页、看哪个数、做什么？可用拼音首字母，例如 myl"))
        self.input.textChanged.connect(self._search)
        self.input.installEventFilter(self)
        self.list = QListWidget()
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda _item: self._run())
        self.nothing = label(self.tr("没有找到。换个词试试，拼音首字母也行。"), "hint")
        self.nothing.setContentsMargins(10, 8, 10, 8)
        lines: QVBoxLayout = column(margins=(10, 8, 10, 10), spacing=4)
        lines.addWidget(self.input)
        lines.addWidget(hairline())
        lines.addWidget(self.list)
        lines.addWidget(self.nothing)
        self.setLayout(lines)
        self.setFixedWidth(_WIDTH)
        RoundedCorners(self, _RADIUS)
        self._search("")
        self.move(window.mapToGlobal(QPoint((window.width() - _WIDTH) // 2, 96)))
        self.input.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  Qt's name
        """Arrow keys and Enter from within the input."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down.value: 1, Qt.Key.Key_Up.value: -1}
            if event.key() in steps:
                count = max(1, self.list.count())
                self.list.setCurrentRow((self.list.currentRow() + steps[event.key()]) % count)
                return True
            if event.key() in {Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value}:
                self._run()
                return True
        return super().eventFilter(watched, event)

    def _search(self, query: str) -> None:
        self._found = search(self._commands, query)
        self.list.clear()
        for command in self._found:
            item = QListWidgetItem(self._look.icon(command.icon), command.text)
            self.list.addItem(item)
            line = row(margins=(0, 0, 10, 0))
            line.addStretch(1)
            line.addWidget(label(command.remark, "hint"))
            holder = QWidget()
            holder.setLayout(line)
            holder.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self.list.setItemWidget(item, holder)
        self.nothing.setVisible(not self._found)
        self.list.setVisible(bool(self._found))
        self.list.setCurrentRow(0)
        self.list.setFixedHeight(min(_SHOWN, len(self._found)) * 36 + 8)
        self.adjustSize()

    def _run(self) -> None:
        chosen = self.list.currentRow()
        self.accept()
        if 0 <= chosen < len(self._found):
            self._found[chosen].run()


def window_commands(window: MainWindow, pages: Sequence[PageInfo]) -> list[Command]:
    """Pages first, then the numbers on them, then actions."""
    commands = [
        Command(
            info.label,
            window.tr("页面 · Ctrl+{number}").format(number=number),
            info.icon,
            partial(window.go, info.id),
        )
        for number, info in enumerate(pages, 1)
    ]
    commands += [
        Command(
            QCoreApplication.translate("pages", title),
            window.tr("在{page}").format(page=page.label),
            page.icon,
            partial(window.go, f"{page.id}/{part}"),
        )
        for page in pages
        for part, title in page.parts.items()
    ]
    commands += [
        Command(name, window.tr("指标 · 在{page}").format(page=page.label), "table", partial(window.go, page.id))
        for page in pages
        for name in page.metrics
    ]
    return [
        *commands,
        Command(window.tr("选择文件导入"), "Ctrl+O", "import", window.choose_files),
        Command(window.tr("打印这一页"), "Ctrl+P", "print", window.print_page),
        Command(window.tr("导出这一页"), "Ctrl+E", "export", window.export_page),
        Command(window.tr("深色 / 浅色"), "", "moon", window.toggle_theme),
        Command(window.tr("打开示例数据"), "", "play", window.load_demo),
        Command(window.tr("清除示例数据"), "", "trash", window.remove_demo),
        Command(window.tr("重新计算"), "F5", "refresh", window.refresh),
    ]
