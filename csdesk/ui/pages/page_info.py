"""What the window knows of a page: its name, its place in the navigation and how to build it. Cheap to import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from csdesk.ui.context import Context
    from csdesk.ui.page import Page

GROUPS = ("分析", "数据")


@dataclass(frozen=True, slots=True)
class PageInfo:
    """One page. ``build`` may import what is heavy; it is called when the page is first shown.

    ``filtered`` pages answer to the filter bar; others hide it.
    """

    id: str
    title: str
    icon: str
    group: str
    build: Callable[[Context], Page]
    filtered: bool = True
    metrics: tuple[str, ...] = ()
    """Names of the numbers found there, for the command palette."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Parts that can be opened by themselves: id → title."""
    modules: tuple[str, ...] = ()
    """What ``build`` imports, to be read beside the window before it is needed."""

    def read_ahead(self) -> None:
        """Import the modules; in any thread."""
        for module in self.modules:
            import_module(module)

    @property
    def label(self) -> str:
        """The title in the language of the window."""
        return QCoreApplication.translate("pages", self.title)
