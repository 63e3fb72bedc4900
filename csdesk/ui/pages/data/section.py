"""What the data page knows of a section, and the base its sections are built on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from csdesk.analysis.frame import EmptyState, Run
from csdesk.ui.look import Look
from csdesk.ui.page import Page
from csdesk.ui.widgets.empty_state import EmptyPanel
from csdesk.ui.widgets.pieces import column
from csdesk.ui.widgets.rich_text import RichLine

if TYPE_CHECKING:
    from csdesk.ui.context import Context


class Section(Page):
    """A page inside the data page, which it may fill (``fill``) for a task of its own, such as the import preview."""

    filling = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.fills = False

    def open_detail(self, detail: str) -> None:
        """Point at something in the section (``data/imports/12``: the import 12) when it is next shown."""

    def fill(self, *, whole: bool) -> None:
        """Ask for the whole page, or for the head with the tabs again."""
        self.fills = whole
        self.filling.emit(whole)


@dataclass(frozen=True, slots=True)
class SectionInfo:
    """One section. ``build`` may import what is heavy; it is called when the section is first shown."""

    id: str
    title: str
    build: Callable[[Context], Section]

    @property
    def label(self) -> str:
        """The title in the language of the window."""
        return QCoreApplication.translate("pages", self.title)


class CalmScroll(QScrollArea):
    """A body that scrolls up and down, by the owner's hand or key and never by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pageScroll")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802  Qt's name
        """Scroll to what Tab reaches; stay where the reader is when what held the focus is hidden or switched off."""
        held = self.focusWidget()
        gone = held is not None and not (held.isVisible() and held.isEnabled())
        place = self.verticalScrollBar().value()
        moved = super().focusNextPrevChild(forward)
        if gone:
            self.verticalScrollBar().setValue(place)
        return moved


class ScrollBody(CalmScroll):
    """The scrolling body most sections have: a lead sentence, then what is put into ``lines`` from the top down."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        pad, gap = look.theme.size("page_padding"), look.theme.size("gap")
        body = QWidget()
        body.setObjectName("pageBody")
        outer = column(margins=(pad, 12, pad, pad), spacing=12)
        self._lead = RichLine(look, "pageLead")
        outer.addWidget(self._lead)
        self.lines = column(spacing=gap)
        outer.addLayout(self.lines)
        outer.addStretch(1)
        body.setLayout(outer)
        self.setWidget(body)

    def show_lead(self, runs: Sequence[Run]) -> None:
        """Say this above everything; nothing to say takes no room."""
        self._lead.set_runs(runs)
        self._lead.setVisible(bool(runs))


def first_steps(context: Context, state: EmptyState) -> EmptyPanel:
    """What a section shows before the first import: what to export, choosing files, the example data."""
    panel = EmptyPanel(context.look)
    panel.show_state(state)
    panel.choose_files.connect(context.choose_files)
    panel.load_demo.connect(context.load_demo)
    return panel


def section_of(sections: Sequence[SectionInfo], wanted: str) -> SectionInfo:
    """The section with this id; raises KeyError."""
    return {info.id: info for info in sections}[wanted]
