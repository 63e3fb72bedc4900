"""What a new owner meets in the first minutes: searching for nothing, example data, files put in twice, notices."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from csdesk.analysis.frame import PageTable, Tone
from csdesk.charts.spec import Cell, Column, Format, TableSpec
from csdesk.domain.holdings import DataFacts
from csdesk.ingest.model import Plan, RowCounts, Status
from csdesk.ui.analysis_page.page import AnalysisPage
from csdesk.ui.dialogs.palette import Command, Palette
from csdesk.ui.look import Look
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.data.data_page import DataPage
from csdesk.ui.pages.data.imports import words
from csdesk.ui.pages.data.imports.imports_section import ImportsSection
from csdesk.ui.services import OnProgress
from csdesk.ui.widgets.pieces import Popup, label, new_menu
from csdesk.ui.widgets.table_card import TableCard
from tests.ui.conftest import Opener
from tests.ui.fakes import FakeServices


def test_the_palette_says_that_nothing_was_found(qtbot: QtBot, window: MainWindow, qapp: QApplication) -> None:
    palette = Palette(window, Look(qapp, "light"), [Command("邀评", "", "table", lambda: None)])
    qtbot.addWidget(palette)
    palette.show()
    assert not palette.nothing.isVisible()
    palette.input.setText("没有这样的词")
    assert palette.nothing.isVisible()
    assert palette.nothing.text().startswith("没有找到")
    assert not palette.list.isVisible()
    palette.input.setText("邀")
    assert palette.list.isVisible()
    assert not palette.nothing.isVisible()


def test_popups_look_right_where_nothing_composes_windows(qtbot: QtBot, window: MainWindow) -> None:
    popup = Popup(window)
    qtbot.addWidget(popup)
    popup.body.addWidget(label("口径 · 邀评率"))
    popup.resize(200, 120)
    popup.show()
    assert not popup.testAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    assert not popup.mask().contains(popup.rect().topLeft())
    assert not popup.mask().contains(popup.rect().bottomRight())
    assert popup.mask().contains(popup.rect().center())


def test_menus_have_no_square_corners(qtbot: QtBot, window: MainWindow) -> None:
    menu = new_menu(window)
    menu.addAction("存为 PNG…")
    menu.popup(window.mapToGlobal(window.rect().center()))
    assert not menu.mask().contains(menu.rect().topLeft())
    assert menu.mask().contains(menu.rect().center())
    menu.close()


class SlowDemo(FakeServices):
    """Makes its example data when it is told to."""

    def __init__(self, folder: Path, kind: str) -> None:
        super().__init__(folder, kind)
        self.go_on = threading.Event()

    def add_demo(self, *, cancel: threading.Event | None = None, on_progress: OnProgress | None = None) -> None:
        if on_progress is not None:
            on_progress(0.4)
        self.go_on.wait(5)
        super().add_demo(cancel=cancel, on_progress=on_progress)


def test_the_button_for_example_data_shows_that_they_are_made(
    qtbot: QtBot, open_window: Opener, tmp_path: Path
) -> None:
    services = SlowDemo(tmp_path, "empty")
    window = open_window(services)
    overview = window.page
    assert isinstance(overview, AnalysisPage)
    button = overview.view.empty.demo
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.isEnabled()
    assert button.text().startswith("正在准备示例数据…")
    qtbot.waitUntil(lambda: "40%" in button.text())
    window.go("data")
    data = _imports(window)
    helpers = [made for made in data.ledger.findChildren(QPushButton) if "正在准备" in made.text()]
    assert len(helpers) == 1
    assert not helpers[0].isEnabled()
    services.go_on.set()
    qtbot.waitUntil(helpers[0].isEnabled, timeout=5000)
    assert helpers[0].text() == "清除示例数据"
    assert button.text() == "打开示例数据"
    assert button.isEnabled()


def _imports(window: MainWindow) -> ImportsSection:
    assert isinstance(window.page, DataPage)
    assert isinstance(window.page.section, ImportsSection)
    return window.page.section


def twice(plan: Plan) -> list[Plan]:
    return [plan, replace(plan, path="两个表.zip!表.xlsx", file=plan.file.with_name("m.xlsx"), claim=plan.claim)]


def test_a_table_put_in_loose_and_in_an_archive_is_written_once(
    qtbot: QtBot, window: MainWindow, services: FakeServices
) -> None:
    services.plans = twice(services.plans[0])
    window.take_files([Path("a.xlsx"), Path("两个表.zip")])
    presenter = _imports(window).presenter
    qtbot.waitUntil(lambda: not presenter.busy and len(presenter.plans) == 2, timeout=5000)
    qtbot.waitUntil(lambda: not presenter.counting, timeout=5000)
    first, second = presenter.plans
    assert presenter.importable() == [first]
    assert second.status is Status.DUPLICATE
    assert "同一个表" in words.file_line(second)
    assert words.totals(presenter.plans) == RowCounts(read=27, inserted=10, duplicate=14, rejected=1, summary=2)
    assert "1 个重复放进来" in "".join(run.text for run in words.lead(presenter.plans))
    presenter.drop(first)
    assert presenter.importable() == [second]
    assert not second.twin_of


def test_what_the_program_noticed_is_shown(qtbot: QtBot, window: MainWindow, services: FakeServices) -> None:
    services.notices.append("今天的备份没有做成：磁盘满了。")
    window.refresh()
    qtbot.waitUntil(lambda: bool(window.toasts.toasts), timeout=5000)
    toast = window.toasts.toasts[0]
    assert toast.notice.text == "今天的备份没有做成：磁盘满了。"
    assert toast.notice.tone is Tone.WARN
    assert toast.notice.lasting
    assert not services.notices


def test_chinese_lists_have_no_stray_blanks() -> None:
    lead = "".join(run.text for run in words.ledger_lead((), DataFacts()))
    assert "从赤兔、生意参谋、飞鸽导出后" in lead


def wide(columns: int) -> PageTable:
    """A table of rates with titles as long as the real ones."""
    titles = ("首次响应", "3分钟回复率", "邀评率", "满意率")
    made = tuple(Column(f"c{at}", titles[at % 4], Format.PERCENT, bar=at % 5 == 0) for at in range(columns - 1))
    row: tuple[Cell, ...] = ("小美", *[0.5] * (columns - 1))
    return PageTable("w", "按客服", TableSpec((Column("key", "客服"), *made), (row,) * 9))


def test_fourteen_columns_fit_into_the_usual_window(qtbot: QtBot, qapp: QApplication) -> None:
    card = TableCard(Look(qapp, "light"))
    qtbot.addWidget(card)
    card.resize(1196, 600)
    card.show()
    card.show_table(wide(14))
    table = card.table
    assert table.horizontalHeader().length() <= table.viewport().width()
    table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    words_width = table.fontMetrics().horizontalAdvance("3分钟回复率")
    assert table.columnWidth(2) >= words_width + 2 * 10 + 12  # an arrow beside its title
