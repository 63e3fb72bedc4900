"""What takes long is done beside the window."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.page_info import PageInfo
from csdesk.ui.pages.registry import PAGES
from tests.ui.fakes import FakeServices


def test_what_pages_are_made_of_is_read_in_other_threads(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, bool]] = []

    def read(info: PageInfo) -> None:
        seen.append((info.id, threading.current_thread() is threading.main_thread()))

    monkeypatch.setattr(PageInfo, "read_ahead", read)
    window = open_window(FakeServices(tmp_path))
    assert window.current == PAGES[0].id
    qtbot.waitUntil(lambda: len(seen) == len(PAGES))
    assert seen == [(info.id, False) for info in PAGES]


def test_a_module_that_cannot_be_read_ahead_does_not_keep_the_page_away(
    open_window: Callable[..., MainWindow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_info: PageInfo) -> None:
        raise ImportError("gone")

    monkeypatch.setattr(PageInfo, "read_ahead", read)
    window = open_window(FakeServices(tmp_path))
    assert window.current == PAGES[0].id


@pytest.mark.parametrize("info", PAGES, ids=[info.id for info in PAGES])
def test_the_modules_of_a_page_are_there(info: PageInfo) -> None:
    assert info.modules
    info.read_ahead()


def test_another_theme_is_no_other_style(
    window: MainWindow, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new style polishes every widget, and the style sheet then does it again."""
    set_: list[object] = []
    monkeypatch.setattr(QApplication, "setStyle", lambda *given: set_.append(given))
    window.toggle_theme()
    window.toggle_theme()
    assert not set_
    assert qapp.style() is not None
