"""The left navigation: pages in groups, the drop hint and the theme switch at its foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from csdesk.ui.look import Look
from csdesk.ui.pages.page_info import GROUPS, PageInfo
from csdesk.ui.widgets.brand import BrandMark
from csdesk.ui.widgets.pieces import IconButton, column, label, row


class Navigation(QWidget):
    """Emits ``chosen`` with a page id; ``theme_toggled`` from the switch; ``choose_files`` from the hint."""

    chosen = Signal(str)
    theme_toggled = Signal()
    choose_files = Signal()

    def __init__(self, look: Look, pages: Sequence[PageInfo]) -> None:
        super().__init__()
        self.setObjectName("navigation")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(look.theme.size("navigation"))
        self._look = look
        self._buttons: dict[str, tuple[QToolButton, PageInfo]] = {}
        self._group = QButtonGroup(self)
        layout = column(margins=(12, 14, 12, 14), spacing=2)
        layout.addLayout(self._brand())
        for number, group in enumerate(GROUPS):
            layout.addSpacing(14 if number == 0 else 12)
            layout.addWidget(label(self._group_title(group), "group"))
            layout.addSpacing(4)
            for info in pages:
                if info.group == group:
                    layout.addWidget(self._entry(info))
        layout.addStretch(1)
        layout.addWidget(self._drop_hint())
        self.setLayout(layout)
        look.changed.connect(self._tint)
        self._tint()

    def mark(self, page_id: str) -> None:
        """Show which page is open."""
        button, _info = self._buttons[page_id]
        button.setChecked(True)
        self._tint()

    def _group_title(self, group: str) -> str:
        return {"分析": self.tr("分析"), "数据": self.tr("数据")}.get(group, group)

    def _brand(self) -> QHBoxLayout:
        line = row(margins=(6, 0, 0, 0), spacing=9)
        line.addWidget(BrandMark(self._look))
        name = QLabel(self.tr("客服数据台"))
        name.setObjectName("brand")
        line.addWidget(name, 1)
        self._theme_button = IconButton(self._look, "moon", self.tr("换成深色"), "text3", 16)
        self._theme_button.clicked.connect(self.theme_toggled)
        line.addWidget(self._theme_button)
        return line

    def _entry(self, info: PageInfo) -> QToolButton:
        entry = QToolButton()
        entry.setProperty("role", "nav")
        entry.setText(f"  {info.label}")
        entry.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        entry.setIconSize(QSize(18, 18))
        entry.setCheckable(True)
        entry.setFixedHeight(34)
        entry.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        entry.setCursor(Qt.CursorShape.PointingHandCursor)
        number = len(self._buttons) + 1
        entry.setToolTip(self.tr("Ctrl+{number}").format(number=number))
        entry.clicked.connect(lambda _checked=False, page=info.id: self.chosen.emit(page))
        self._group.addButton(entry)
        self._buttons[info.id] = (entry, info)
        return entry

    def _drop_hint(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("dropHint")
        inside = column(margins=(8, 10, 8, 10), spacing=2)
        for text in (self.tr("把表格拖到窗口任何地方"), self.tr("xlsx · xls · csv · zip")):
            line = label(text)
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            inside.addWidget(line)
        frame.setLayout(inside)
        frame.setCursor(Qt.CursorShape.PointingHandCursor)
        frame.setToolTip(self.tr("点这里选择文件（Ctrl+O）"))
        frame.mouseReleaseEvent = lambda _event: self.choose_files.emit()  # type: ignore[method-assign]
        return frame

    def _tint(self) -> None:
        for button, info in self._buttons.values():
            button.setIcon(self._look.icon(info.icon, "accent_text" if button.isChecked() else "text2"))
        dark = self._look.theme.dark
        self._theme_button.use("sun" if dark else "moon", self.tr("换成浅色") if dark else self.tr("换成深色"))
