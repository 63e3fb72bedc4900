"""导入与数据 as a page of the window: a head with tabs, and the section that is open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QStackedWidget, QToolButton

from csdesk.ui.context import Context
from csdesk.ui.page import Page
from csdesk.ui.pages.data.section import Section, SectionInfo, section_of
from csdesk.ui.pages.data.sections import SECTIONS
from csdesk.ui.widgets.pieces import column, row


class DataPage(Page):
    """Builds a section when it is first opened and hands on whatever the window asks."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("page")
        self._context = context
        self._sections: dict[str, Section] = {}
        self._demo_fraction: float | None = None
        self.current = ""
        self.tabs: dict[str, QToolButton] = {}
        self.head = self._build_head()
        self._stack = QStackedWidget()
        lines = column()
        lines.addWidget(self.head)
        lines.addWidget(self._stack, 1)
        self.setLayout(lines)
        self._show(SECTIONS[0])

    @property
    def section(self) -> Section:
        """The section that is open."""
        return self._sections[self.current]

    def open_part(self, part: str) -> None:
        """Open this section, and after a slash something in it; raises KeyError."""
        name, _slash, detail = part.partition("/")
        self._show(section_of(SECTIONS, name))
        if detail:
            self.section.open_detail(detail)

    def refresh(self, *, force: bool = False) -> None:
        """Show the open section as things are now."""
        self.section.refresh(force=force)

    def take_files(self, paths: Sequence[Path]) -> bool:
        """The first section deals with files, but for mappings somebody gave."""
        if paths and all(path.suffix.lower() == ".toml" for path in paths):
            self._context.go("data/mappings")
            return self.section.take_files(paths)
        self._show(SECTIONS[0])
        return self.section.take_files(paths)

    def search(self) -> None:
        """Ctrl+F."""
        self.section.search()

    def print_page(self) -> None:
        """Ctrl+P."""
        self.section.print_page()

    def export_page(self) -> None:
        """Ctrl+E."""
        self.section.export_page()

    def escape(self) -> bool:
        """Esc."""
        return self.section.escape()

    def show_demo_at_work(self, fraction: float | None) -> None:
        """The sections built later hear of it too."""
        self._demo_fraction = fraction
        for section in self._sections.values():
            section.show_demo_at_work(fraction)

    def ready(self) -> bool:
        """Whether the open section is drawn."""
        return self.section.ready()

    def _build_head(self) -> QFrame:
        head = QFrame()
        head.setObjectName("pageHead")
        pad = self._context.look.theme.size("page_padding")
        lines = column(margins=(pad, 18, pad, 0), spacing=6)
        title = QLabel(self.tr("导入与数据"))
        title.setObjectName("pageTitle")
        lines.addWidget(title)
        across = row(spacing=22)
        group = QButtonGroup(self)
        for info in SECTIONS:
            tab = QToolButton()
            tab.setProperty("role", "tab")
            tab.setText(info.label)
            tab.setCheckable(True)
            tab.setCursor(Qt.CursorShape.PointingHandCursor)
            tab.clicked.connect(lambda _checked=False, name=info.id: self._context.go(f"data/{name}"))
            group.addButton(tab)
            across.addWidget(tab)
            self.tabs[info.id] = tab
        across.addStretch(1)
        lines.addLayout(across)
        head.setLayout(lines)
        return head

    def _show(self, info: SectionInfo) -> None:
        if info.id not in self._sections:
            section = info.build(self._context)
            section.filling.connect(lambda filling, name=info.id: self._give_room(name, filling=filling))
            section.show_demo_at_work(self._demo_fraction)
            self._sections[info.id] = section
            self._stack.addWidget(section)
        self.current = info.id
        self.tabs[info.id].setChecked(True)
        self._stack.setCurrentWidget(self.section)
        self.head.setVisible(not self.section.fills)

    def _give_room(self, name: str, *, filling: bool) -> None:
        if name == self.current:
            self.head.setVisible(not filling)
