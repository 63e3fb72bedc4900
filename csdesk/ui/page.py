"""The base of all pages in the window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget


class Page(QWidget):
    """What the window may ask of a page; by default a page has nothing to search, print or export."""

    def refresh(self, *, force: bool = False) -> None:
        """Show what is current. Called when the page becomes visible and when data or filter change."""

    def open_part(self, part: str) -> None:
        """Open a part of this page by its id; raises KeyError."""
        raise KeyError(part)

    def search(self) -> None:
        """Ctrl+F: go to the page's search field."""

    def print_page(self) -> None:
        """Ctrl+P."""

    def export_page(self) -> None:
        """Ctrl+E."""

    def escape(self) -> bool:
        """Esc: close what is open; False if there was nothing."""
        return False

    def take_files(self, paths: Sequence[Path]) -> bool:
        """Files dropped on the window; True if this page deals with them."""
        del paths
        return False

    def show_demo_at_work(self, fraction: float | None) -> None:
        """The example data is being made (how far, 0–1), or no longer (None)."""

    def ready(self) -> bool:
        """Whether everything asked for is drawn (used when a picture of the page is taken)."""
        return True
