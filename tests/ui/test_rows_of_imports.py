"""Rows that came back are corrected in the ledger and tried again; what an import changed is shown. On a real store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from csdesk.bootstrap import Services
from csdesk.ingest.changes import BatchChanges, Change, RowChanges, shown
from csdesk.ingest.load import StoreWorld, load
from csdesk.ingest.model import Plan, RowCounts, Status
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.data.data_page import DataPage
from csdesk.ui.pages.data.imports.imports_section import ImportsSection
from csdesk.ui.pages.data.imports.ledger_view import CHANGED, KEPT
from csdesk.ui.pages.data.imports.rows_presenter import outcome
from csdesk.ui.pages.data.imports.rows_table import FAULT_ROLE
from csdesk.ui.pages.data.imports.rows_view import changes_lead, changes_table
from tests.ingest.tables import headers, planned, write_xlsx
from tests.ui.conftest import Opener

CHITU = headers("客服昵称,接待人数,回复率,平均响应(秒)")
DAY = "2026-03-01至2026-03-01.xlsx"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Two reports of one day: of the first two rows came back, the second changed a number."""
    made = Services(tmp_path / "data")
    first = [["店:小美", 82, 0.9, 30], ["店:阿强", "八十", 0.9, 30], [None, 12, 0.9, 30]]
    for name, rows in (("a", first), ("b", [["店:小美", 83, 0.9, 30]])):
        path = write_xlsx(tmp_path / f"自定义报表_{name}_下单优先判定_{DAY}", ("Sheet1", [CHITU, *rows]))
        for plan in planned(path, world=StoreWorld(made.store)):
            load(made.store, plan)
    yield made
    made.close()


@pytest.fixture
def window(open_window: Opener, services: Services) -> MainWindow:
    return open_window(services)


@pytest.fixture
def section(qtbot: QtBot, window: MainWindow) -> ImportsSection:
    window.go("data/imports")
    qtbot.waitUntil(lambda: not window.busy(), timeout=5000)
    assert isinstance(window.page, DataPage)
    assert isinstance(window.page.section, ImportsSection)
    return window.page.section


def _cell(section: ImportsSection, view_row: int, column: int) -> QModelIndex:
    return section.ledger.card.table.filter.index(view_row, column)


def _open(qtbot: QtBot, section: ImportsSection, view_row: int, column: int) -> None:
    section.ledger.card.table.clicked.emit(_cell(section, view_row, column))
    qtbot.waitUntil(lambda: section._stack.currentWidget() is section.rows, timeout=5000)


def test_rows_are_corrected_and_tried_again(
    qtbot: QtBot, window: MainWindow, section: ImportsSection, services: Services
) -> None:
    assert _cell(section, 1, KEPT).data() == "2 行"
    _open(qtbot, section, 1, KEPT)
    source = section.rows.grid.source
    assert source.headers[:2] == ["客服昵称", "接待人数"]  # the columns at fault come first
    assert source.index(0, 3).data(FAULT_ROLE)
    assert not source.index(0, 2).data(FAULT_ROLE)
    assert source.setData(source.index(0, 3), "80")
    assert not source.index(0, 3).data(FAULT_ROLE)
    section.rows.retry.emit(dict(source.edits))
    qtbot.waitUntil(lambda: len(services.ledger()) == 3 and not window.busy(), timeout=10000)
    qtbot.waitUntil(lambda: source.rowCount() == 1, timeout=5000)  # the one still wrong
    assert source.index(0, 0).data().startswith("客服昵称")
    source.setData(source.index(0, 2), "小新")
    section.rows.retry.emit(dict(source.edits))
    qtbot.waitUntil(lambda: len(services.ledger()) == 4 and not window.busy(), timeout=10000)
    assert section._stack.currentWidget() is section.ledger
    assert "由" in str(_cell(section, 0, 1).data())
    assert _cell(section, 3, KEPT).data() == "2 行（改过）"


def test_typing_the_old_text_again_is_no_correction(qtbot: QtBot, section: ImportsSection) -> None:
    _open(qtbot, section, 1, KEPT)
    source = section.rows.grid.source
    source.setData(source.index(0, 3), "80")
    source.setData(source.index(0, 3), "八十")
    assert source.edits == {}
    assert not source.setData(source.index(0, 0), "没事")
    assert not source.flags(source.index(0, 1)) & Qt.ItemFlag.ItemIsEditable


def test_cells_of_a_spreadsheet_are_pasted(qtbot: QtBot, section: ImportsSection) -> None:
    _open(qtbot, section, 1, KEPT)
    grid = section.rows.grid
    grid.setCurrentIndex(grid.source.index(0, 2))
    grid.paste("小强\t80\r\n小新\t12\r\n多出来的一行\t1\r\n")
    assert grid.source.edits == {(0, "客服昵称"): "小强", (0, "接待人数"): "80", (1, "客服昵称"): "小新"}
    grid.selectAll()
    QGuiApplication.clipboard().setText(grid.selected_text())
    assert "小新\t12" in QGuiApplication.clipboard().text()


def test_what_an_import_changed_is_listed(qtbot: QtBot, section: ImportsSection) -> None:
    assert _cell(section, 0, CHANGED).data() == "1"
    _open(qtbot, section, 0, CHANGED)
    assert section.rows.card.spec is not None
    assert section.rows.card.spec.table.rows == (("报表", "小美 2026-03-01", "店", "接待人数", "82", "83"),)
    assert section.escape()
    assert section._stack.currentWidget() is section.ledger


def test_the_menu_of_a_line_offers_what_there_is(section: ImportsSection) -> None:
    texts = {action.text(): action.isEnabled() for action in section.ledger.menu_of(1).actions()}
    assert texts == {"退回的 2 行…": True, "退回的行存成表格…": True, "改了什么…": False, "撤销…": True}


def test_the_rows_are_saved_to_be_corrected(
    qtbot: QtBot, section: ImportsSection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "退回的行.xlsx"
    monkeypatch.setattr(section.exporter, "ask_path", lambda _title, _kind: target)
    section.ledger.save_rejected.emit(1)
    qtbot.waitUntil(target.exists, timeout=5000)


def test_rows_of_a_previewed_file_are_saved_before_its_import(
    qtbot: QtBot, section: ImportsSection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / f"自定义报表_c_下单优先判定_{DAY}", ("Sheet1", [CHITU, ["店:小美", "很多", 0.9, 30]]))
    (plan,) = planned(path)
    target = tmp_path / "要改的.csv"
    monkeypatch.setattr(section.exporter, "ask_path", lambda _title, _kind: target)
    section.preview.details.save_rejected.emit(plan)
    qtbot.waitUntil(target.exists, timeout=5000)
    assert "很多" in target.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("counts", "status", "words", "good"),
    [
        ({"inserted": 3}, Status.IMPORTED, "3 行都导入了", True),
        ({"inserted": 2, "rejected": 1}, Status.IMPORTED, "还有 1 行读不出", False),
        ({"rejected": 2}, Status.FAILED, "没有一行能导入", False),
        ({"duplicate": 2}, Status.DUPLICATE, "没有新的数据", False),
    ],
)
def test_what_became_of_corrected_rows(counts: dict[str, int], status: Status, words: str, good: bool) -> None:
    plan = Plan("a.csv", Path("a.csv"), "", status, message="没有一行能导入。", rows=RowCounts(**counts))
    told = outcome([plan])
    assert words in told[0]
    assert told[2] is good
    assert not outcome([])[2]


def test_changes_say_how_many_are_not_listed() -> None:
    line = RowChanges("会话", "店", "S1", (Change("评分", "5", "1"), Change("咨询分类", "物流", "退款")))
    changes = BatchChanges(1, "a.csv", 30, (("评分", 30), ("咨询分类", 2)), (line,))
    told: Any = "".join(run.text for run in changes_lead(changes))
    assert "改了 30 行：评分 30 处、咨询分类 2 处" in told
    assert "前 1 行" in told
    assert len(changes_table(changes).rows) == 2
    assert "没有改动" in changes_lead(BatchChanges(1, "a", 0, (), ()))[0].text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("avg_response", 99999999.0, "99,999,999 秒"),
        ("avg_response", 37.5, "37.5 秒"),
        ("message_count", 1234567.0, "1,234,567"),
    ],
)
def test_large_numbers_are_told_to_the_last_digit(name: str, value: float, text: str) -> None:
    assert shown(name, value) == text
