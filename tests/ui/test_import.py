"""Dropping files: overlay, preview, questions, import, undo; nothing is written before it is asked for."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QTextDocument
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from csdesk.domain.period import Period
from csdesk.errors import UserFault
from csdesk.ingest.model import Given, Plan, Status
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.data.data_page import DataPage
from csdesk.ui.pages.data.imports.imports_section import ImportsSection
from csdesk.ui.pages.data.imports.ledger_view import UNDO
from csdesk.ui.pages.data.imports.plan_details import ChangeButton
from csdesk.ui.pages.data.imports.questions import PeriodAnswer, Question
from csdesk.ui.widgets.drop_overlay import dropped_paths
from tests.ui.conftest import Opener
from tests.ui.fakes import FakeServices

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def _mime(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def _drop(window: MainWindow, *paths: Path) -> None:
    mime = _mime(*paths)
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, mime, _LEFT, _NONE)
    QApplication.sendEvent(window, enter)
    drop = QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, mime, _LEFT, _NONE)
    QApplication.sendEvent(window, drop)


def _plain(rich: str) -> str:
    document = QTextDocument()
    document.setHtml(rich)
    return document.toPlainText()


def _page(window: MainWindow) -> ImportsSection:
    assert isinstance(window.page, DataPage)
    section = window.page.section
    assert isinstance(section, ImportsSection)
    return section


@pytest.fixture
def preview(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> ImportsSection:
    """Four files dropped and read."""
    _drop(window, tmp_path / "a.xlsx", tmp_path)
    qtbot.waitUntil(lambda: not window.busy(), timeout=3000)
    return _page(window)


def test_overlay_shows_while_files_hang_over_the_window(window: MainWindow, tmp_path: Path) -> None:
    mime = _mime(tmp_path / "a.xlsx")
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, _LEFT, _NONE))
    assert window._overlay.isVisible()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window._overlay.isVisible()


def test_text_and_web_addresses_are_no_files(window: MainWindow) -> None:
    mime = QMimeData()
    mime.setText("hello")
    mime.setUrls([QUrl("https://example.com/a.xlsx")])
    assert dropped_paths(mime) == []
    event = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, _LEFT, _NONE)
    event.setAccepted(False)
    QApplication.sendEvent(window, event)
    assert not window._overlay.isVisible()


def test_drop_shows_the_preview_and_writes_nothing(preview: ImportsSection, services: FakeServices) -> None:
    assert preview.preview.isVisible()
    assert [row.accessibleName().rsplit(" ", 1)[1] for row in preview.preview.files.rows] == [
        "要确认", "可以导入", "不认识", "重复",
    ]  # fmt: skip
    assert services.loaded == []
    assert preview.preview.go.text() == "导入 1 个表"


def test_click_on_a_file_shows_its_details(qtbot: QtBot, preview: ImportsSection) -> None:
    qtbot.mouseClick(preview.preview.files.rows[1], _LEFT)
    words = [child.text() for child in preview.preview.details.findChildren(type(preview.preview._left))]
    assert "B11" in words
    assert "列对上了 4 / 5" in words
    assert any("读不出数字" in text for text in words)
    assert "不导入" in words


def test_question_is_asked_inline_and_answered_once(
    qtbot: QtBot, window: MainWindow, preview: ImportsSection, services: FakeServices
) -> None:
    question = preview.preview.details.findChild(Question)
    assert question is not None
    answer = question.answer
    assert isinstance(answer, PeriodAnswer)
    answer._set(date(2026, 11, 20))
    qtbot.mouseClick(answer.confirm, _LEFT)
    qtbot.waitUntil(lambda: not window.busy(), timeout=3000)
    assert services.given[-1] == Given(period=Period.parse("2026-11-20"))
    assert preview.preview.go.text() == "导入 2 个表"
    assert not any(child.isVisible() for child in preview.preview.details.findChildren(Question))


def test_the_keyboard_stays_in_the_preview_when_a_question_is_answered(
    qtbot: QtBot, window: MainWindow, preview: ImportsSection
) -> None:
    question = preview.preview.details.findChild(Question)
    assert question is not None
    question.answer.confirm.setFocus()  # type: ignore[union-attr]
    qtbot.mouseClick(question.answer.confirm, _LEFT)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: not window.busy(), timeout=3000)
    assert preview.isAncestorOf(QApplication.focusWidget() or window)


def test_long_names_of_shops_leave_room_for_the_other_facts(
    qtbot: QtBot, window: MainWindow, services: FakeServices, preview: ImportsSection, tmp_path: Path
) -> None:
    name = "很长很长" * 12 + "旗舰店"
    services.plans = [Plan("新的.xlsx", tmp_path / "e.xlsx", "e" * 64, Status.IMPORTED, layout_name="赤兔", shop=name)]
    window.resize(1280, 720)
    _drop(window, tmp_path / "e.xlsx")
    qtbot.waitUntil(lambda: not window.busy(), timeout=3000)
    preview.presenter.select(4)
    details = preview.preview.details
    qtbot.waitUntil(lambda: any(name in fact.toolTip() for fact in details.findChildren(ChangeButton)), timeout=3000)
    leave = next(made for made in details.findChildren(QPushButton) if made.isVisible() and made.text() == "不导入这个")
    assert leave.mapTo(details, leave.rect().topRight()).x() < details.width()


def test_import_loads_what_is_ready_and_offers_undo(
    qtbot: QtBot, window: MainWindow, preview: ImportsSection, services: FakeServices
) -> None:
    qtbot.mouseClick(preview.preview.go, _LEFT)
    qtbot.waitUntil(lambda: bool(window.toasts.toasts), timeout=3000)
    assert [plan.file.name for plan in services.loaded] == ["a.xlsx"]
    toast = window.toasts.toasts[0]
    assert toast.notice.text == "导入了 1 个表：新增 10 条，跳过重复 2 条，待修正 1 条。"
    assert preview.ledger.isVisible()
    action = next(made for made in toast.findChildren(QPushButton) if made.text() == "撤销")
    action.setFocus()
    qtbot.mouseClick(action, _LEFT)
    qtbot.waitUntil(lambda: services.undone == [101], timeout=3000)
    assert QApplication.focusWidget() is window  # no button that Enter would press next


def test_preview_asks_the_store_what_is_new(preview: ImportsSection, services: FakeServices) -> None:
    assert [plan.file.name for plan in services.counted] == ["a.xlsx"]
    assert "将写入 10 条新数据，跳过重复 34 条" in _plain(preview.preview._sentence.text())


def test_cancel_leaves_without_writing(qtbot: QtBot, preview: ImportsSection, services: FakeServices) -> None:
    qtbot.mouseClick(preview.preview.stop, _LEFT)
    assert preview.ledger.isVisible()
    assert services.loaded == []


def test_a_file_can_be_left_out(qtbot: QtBot, preview: ImportsSection) -> None:
    preview.presenter.select(1)
    preview.preview.details.dropped.emit(preview.presenter.plans[1])
    assert not preview.preview.go.isEnabled()
    assert len(preview.preview.files.rows) == 3


def test_reading_can_be_cancelled(qtbot: QtBot, window: MainWindow, services: FakeServices, tmp_path: Path) -> None:
    services.hold = threading.Event()
    _drop(window, tmp_path / "a.xlsx")
    page = _page(window)
    assert page.preview.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    services.hold.set()
    qtbot.waitUntil(page.ledger.isVisible, timeout=3000)
    assert page.presenter.plans == []
    assert window.toasts.toasts == []


def test_files_dropped_later_join_the_preview(
    qtbot: QtBot, window: MainWindow, preview: ImportsSection, services: FakeServices, tmp_path: Path
) -> None:
    fresh = Plan("新的.xlsx", tmp_path / "e.xlsx", "e" * 64, Status.IMPORTED, layout_name="赤兔名品 自定义报表")
    services.plans = [fresh]
    _drop(window, tmp_path / "e.xlsx")
    qtbot.waitUntil(lambda: not window.busy(), timeout=3000)
    assert len(preview.preview.files.rows) == 5
    _drop(window, tmp_path / "e.xlsx")
    qtbot.waitUntil(lambda: not window.busy(), timeout=3000)
    assert len(preview.preview.files.rows) == 5


def test_fault_while_writing_says_what_to_do_and_keeps_the_rest(
    qtbot: QtBot, window: MainWindow, preview: ImportsSection, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object, **more: object) -> None:
        raise UserFault("磁盘满了。", "删掉一些文件再导入。")

    monkeypatch.setattr(services, "load", full)
    qtbot.mouseClick(preview.preview.go, _LEFT)
    qtbot.waitUntil(lambda: bool(window.toasts.toasts), timeout=3000)
    assert window.toasts.toasts[0].notice.advice == "删掉一些文件再导入。"
    assert preview.preview.isVisible()
    assert preview.preview.go.text() == "导入 1 个表"


def test_the_line_pointed_at_is_seen_on_a_low_screen(qtbot: QtBot, window: MainWindow, services: FakeServices) -> None:
    services.entries = [replace(services.entries[0], batch=batch) for batch in range(40, 0, -1)]
    window.resize(1080, 640)
    window.go("data/imports/25")
    ledger = _page(window).ledger
    table = ledger.card.table

    def seen() -> bool:
        chosen = table.selectionModel().selectedRows()
        middle = table.visualRect(chosen[0]).center() if chosen else QPoint(-1, -1)
        on_page = table.viewport().mapTo(ledger.viewport(), middle)
        return table.viewport().rect().contains(middle) and ledger.viewport().rect().contains(on_page)

    qtbot.waitUntil(seen, timeout=3000)


def test_the_days_of_an_import_are_read_whole(qtbot: QtBot, window: MainWindow, services: FakeServices) -> None:
    month = Period.parse("2026-10-01..2026-10-31")
    services.entries = [replace(services.entries[0], file_name="很长的名字" * 20, period=month)]
    window.resize(1080, 640)
    window.go("data/imports")
    table = _page(window).ledger.card.table
    words = table.fontMetrics().horizontalAdvance("2026-10-01 至 2026-10-31")
    assert table.columnWidth(3) > words


def test_undo_in_the_ledger_asks_in_the_row_first(qtbot: QtBot, window: MainWindow, services: FakeServices) -> None:
    window.go("data")
    page = _page(window)
    assert page.ledger.card.table.shown().rows[0][0] == "客服数据 (3).xlsx"
    page.ledger.ask_undo(0)
    question = page.ledger.question
    assert question is not None
    assert services.undone == []
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert page.ledger.question is None
    page.ledger.ask_undo(0)
    assert page.ledger.question is not None
    qtbot.mouseClick(page.ledger.question.yes, _LEFT)
    qtbot.waitUntil(lambda: services.undone == [3], timeout=3000)


def test_template_is_saved(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.go("data")
    blank = _page(window).templates
    assert blank.offered[0].name == "会话明细"
    blank.save(blank.offered[-1], tmp_path / "我的模板")
    qtbot.waitUntil((tmp_path / "我的模板.xlsx").exists, timeout=3000)


def test_empty_store_has_no_ledger_card(open_window: Opener, tmp_path: Path) -> None:
    window = open_window(FakeServices(tmp_path, "empty"))
    window.go("data")
    assert not _page(window).ledger.card.isVisible()
    assert _page(window).ledger.zone.isVisible()


def test_click_on_undo_in_its_column_asks(qtbot: QtBot, window: MainWindow) -> None:
    window.go("data")
    ledger = _page(window).ledger
    table = ledger.card.table
    spot = table.visualRect(table.filter.index(1, UNDO)).center()
    qtbot.mouseClick(table.viewport(), _LEFT, pos=spot)
    assert ledger.question is not None
    undone = table.visualRect(table.filter.index(2, UNDO)).center()
    qtbot.mouseClick(table.viewport(), _LEFT, pos=undone)
    assert ledger.question is None
