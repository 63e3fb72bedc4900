"""Windows for tests: gc held back while Qt runs, no thread left behind."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from csdesk.ui.app import open_main_window
from csdesk.ui.look import Look
from csdesk.ui.main_window import MainWindow
from tests.ui.fakes import FakeServices

Opener = Callable[..., MainWindow]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says what a screen would do that it does not: no fault of ours."""
    for item in items:
        if "/tests/ui/" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture(autouse=True)
def collected_after() -> Iterator[None]:
    """Widgets freed by the garbage collector inside event processing crash: collect between tests only."""
    gc.disable()
    yield
    gc.enable()
    gc.collect()


@pytest.fixture
def services(tmp_path: Path) -> FakeServices:
    """A shop with data."""
    return FakeServices(tmp_path)


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication) -> Iterator[Opener]:
    """Opens windows, and closes them with their threads."""
    opened: list[MainWindow] = []

    def open_(services: FakeServices, theme: str = "light") -> MainWindow:
        window = open_main_window(services, Look(qapp, theme))
        qtbot.addWidget(window)
        opened.append(window)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: not window.busy(), timeout=5000)
        return window

    yield open_
    for window in opened:
        window.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("csdesk-")]


@pytest.fixture
def window(open_window: Opener, services: FakeServices) -> MainWindow:
    """An open window on a shop with data."""
    return open_window(services)


@pytest.fixture
def empty_window(open_window: Opener, tmp_path: Path) -> MainWindow:
    """An open window before the first import."""
    return open_window(FakeServices(tmp_path, "empty"))
