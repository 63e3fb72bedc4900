"""导入与数据: its tabs, the ways to a section, and the room a section may ask for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from csdesk.ui.dialogs.palette import search, window_commands
from csdesk.ui.look import Look
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.data.data_page import DataPage
from csdesk.ui.pages.data.section import ScrollBody
from csdesk.ui.pages.data.sections import SECTIONS
from csdesk.ui.pages.registry import PAGES


def _data(window: MainWindow) -> DataPage:
    assert isinstance(window.page, DataPage)
    return window.page


@pytest.mark.parametrize("info", SECTIONS, ids=lambda info: info.id)
def test_a_click_on_its_tab_opens_a_section(qtbot: QtBot, window: MainWindow, info: object) -> None:
    window.go("data")
    page = _data(window)
    name = SECTIONS[SECTIONS.index(info)].id  # type: ignore[arg-type]
    qtbot.mouseClick(page.tabs[name], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.busy(), timeout=5000)
    assert page.current == name
    assert page.tabs[name].isChecked()
    assert page.section.isVisible()


def test_a_section_has_an_address_of_its_own(window: MainWindow) -> None:
    window.go("overview")
    window.go("data/imports")
    assert _data(window).current == "imports"
    with pytest.raises(KeyError):
        window.go("data/nowhere")


def test_the_palette_knows_the_sections(window: MainWindow) -> None:
    commands = window_commands(window, list(PAGES))
    search(commands, "drjl")[0].run()
    assert _data(window).current == "imports"


def test_the_preview_takes_the_whole_page(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.take_files([tmp_path / "a.xlsx"])
    page = _data(window)
    assert not page.head.isVisible()
    qtbot.waitUntil(lambda: not window.busy(), timeout=5000)
    assert window.page.escape()
    assert page.head.isVisible()


def test_a_body_scrolls_to_what_tab_reaches_but_not_when_a_button_is_switched_off(
    qtbot: QtBot, qapp: QApplication
) -> None:
    body = ScrollBody(Look(qapp, "light"))
    qtbot.addWidget(body)
    first, between, last = QPushButton("1"), QLabel(), QPushButton("2")
    between.setFixedHeight(2000)
    for widget in (first, between, last):
        body.lines.addWidget(widget)
    body.resize(400, 300)
    body.show()
    qtbot.waitExposed(body)
    first.setFocus()
    first.setEnabled(False)
    assert body.verticalScrollBar().value() == 0
    first.setEnabled(True)
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert body.verticalScrollBar().value() > 0
