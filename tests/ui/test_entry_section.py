"""手工录入 by the keyboard, as an owner with a stack of paper fills it in; on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from csdesk.bootstrap import Services
from csdesk.ingest.load import load
from csdesk.settings.options import ENTRY_DRAFT
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.data.data_page import DataPage
from csdesk.ui.pages.data.entry.entry_section import EntrySection
from csdesk.ui.pages.data.entry.fields import AgentField, ChoiceField
from tests.store.builders import report_plan
from tests.ui.conftest import Opener

TODAY = date.today()


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """A data folder with one shop and its people."""
    made = Services(tmp_path / "data")
    rows = [(name, TODAY - timedelta(days=2), {"received": 5.0}) for name in ("小美", "阿强", "欧阳晓晓", "小鱼")]
    load(made.store, report_plan("a.xlsx", rows, exported=datetime(2026, 3, 1)), delays={})
    yield made
    made.close()


@pytest.fixture
def section(qtbot: QtBot, open_window: Opener, services: Services) -> EntrySection:
    return _section(qtbot, open_window(services))


def _section(qtbot: QtBot, window: MainWindow) -> EntrySection:
    window.go("data/entry")
    qtbot.waitUntil(lambda: not window.busy(), timeout=5000)
    assert isinstance(window.page, DataPage)
    found = window.page.section
    assert isinstance(found, EntrySection)
    return found


def _focused() -> QWidget:
    """What has the focus; a closed list leaves no active window behind where nothing manages windows."""
    (window,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow) and one.isVisible()]
    if not window.isActiveWindow():
        window.activateWindow()
        QApplication.processEvents()
    widget = window.focusWidget()
    assert widget is not None
    return widget


def _press(*keys: Qt.Key | str) -> None:
    """Type as a person does: keys go to the open list where there is one, else to what has the focus."""
    for key in keys:
        target = QApplication.activePopupWidget() or _focused()
        if isinstance(key, Qt.Key):
            QTest.keyClick(target, key)
            continue
        for letter in key:
            target = QApplication.activePopupWidget() or _focused()
            if letter.isascii():
                QTest.keyClick(target, letter)
            else:  # what an input method brings
                event = QInputMethodEvent()
                event.setCommitString(letter)
                QApplication.sendEvent(_focused(), event)


def _settle(qtbot: QtBot, section: EntrySection) -> None:
    qtbot.waitUntil(section.ready, timeout=5000)
    qtbot.waitUntil(section.form.save_button.isEnabled, timeout=5000)


def _switch(qtbot: QtBot, section: EntrySection, form: str) -> None:
    qtbot.mouseClick(section.form.tabs[form], Qt.MouseButton.LeftButton)
    _settle(qtbot, section)


TAB, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Return


def test_two_calls_in_a_row_without_the_mouse(qtbot: QtBot, section: EntrySection, services: Services) -> None:
    assert _focused() is section.form.cells["agent"].widget, "typing can begin at once"
    _press("xm", TAB, "昨天", TAB, "930", TAB, "tb1234567", TAB, "5", TAB, "y", TAB, "电话 13812345678 打通了", ENTER)
    _settle(qtbot, section)
    qtbot.waitUntil(lambda: len(section.card.model.spec.rows) == 1, timeout=5000)
    assert _focused() is section.form.cells["buyer"].widget
    assert section.form.filled()["agent"] == "小美"
    assert section.form.filled()["day"] == str(TODAY - timedelta(days=1)), "the day stays"
    assert section.form.filled()["comment"] == ""
    _press(TAB, "2", TAB, Qt.Key.Key_Right, TAB)
    QTest.keyClick(_focused(), ENTER, Qt.KeyboardModifier.ControlModifier)
    _settle(qtbot, section)
    qtbot.waitUntil(lambda: len(section.card.model.spec.rows) == 2, timeout=5000)
    newer, older = services.entry_book.recent("phone")
    assert (older.agent, older.values["csat"], older.values["resolved"]) == ("小美", 5, 1)
    assert older.values["comment"] == "电话 【手机号】 打通了"
    assert (newer.values["csat"], newer.values["resolved"], newer.values["buyer_mask"]) == (2, 1, None)


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(qtbot: QtBot, section: EntrySection) -> None:
    cells = section.form.cells
    tomorrow = str(TODAY + timedelta(days=1))
    _press("xm", TAB, Qt.Key.Key_End, *[Qt.Key.Key_Backspace] * 10, tomorrow, TAB, "99", ENTER)
    _settle(qtbot, section)
    assert cells["day"].said() == "日期还没到。"
    assert "10:30" in cells["clock"].said()
    assert _focused() is cells["day"].widget
    assert section.form.filled()["day"] == tomorrow
    assert section.presenter.form is not None
    _press("昨天")
    assert cells["day"].said() == "", "typing takes the fault away"


def test_people_are_found_by_initials_and_a_new_name_is_asked_about(
    qtbot: QtBot, section: EntrySection, services: Services
) -> None:
    agent = section.form.cells["agent"].widget
    assert isinstance(agent, AgentField)
    assert agent.suggestions("xx") == ["欧阳晓晓"]
    assert agent.suggestions("x")[0] in ("小美", "小鱼")
    _press("x")
    assert agent.popup.isVisible()
    _press(ENTER)
    assert agent.filled() in ("小美", "小鱼"), "Enter takes the marked one and does not save"
    assert services.entry_book.recent("phone") == []
    agent.selectAll()
    _press("新来的", TAB, TAB, TAB, TAB, "4", ENTER)
    _settle(qtbot, section)
    assert "名单里没有“新来的”" in section.form.cells["agent"].said()
    assert services.entry_book.recent("phone") == []
    _press(ENTER)
    _settle(qtbot, section)
    assert [row.agent for row in services.entry_book.recent("phone")] == ["新来的"]


def test_scores_are_keys(qtbot: QtBot, section: EntrySection) -> None:
    _switch(qtbot, section, "survey")
    nps, csat = section.form.cells["nps"].widget, section.form.cells["csat"].widget
    assert isinstance(nps, ChoiceField)
    nps.setFocus()
    _press("1")
    assert nps.filled() == "1"
    _press("0")
    assert nps.filled() == "10"
    _press("7", Qt.Key.Key_Left)
    assert nps.filled() == "6"
    _press(Qt.Key.Key_Backspace)
    assert nps.filled() == ""
    assert isinstance(csat, ChoiceField)
    csat.setFocus()
    _press("9")
    assert csat.filled() == ""
    qtbot.mouseClick(csat.buttons["4"], Qt.MouseButton.LeftButton)
    assert csat.filled() == "4"


def test_a_correction_a_deletion_and_their_way_back(qtbot: QtBot, section: EntrySection, services: Services) -> None:
    _press("xm", TAB, TAB, TAB, TAB, "5", ENTER)
    _settle(qtbot, section)
    qtbot.waitUntil(lambda: len(section.card.model.spec.rows) == 1, timeout=5000)
    section.form.cells["comment"].widget.fill("还没说完")
    section.card.table.selectRow(0)
    qtbot.mouseClick(section.edit_button, Qt.MouseButton.LeftButton)
    assert section.form.filled()["csat"] == "5"
    assert section.form.filled()["comment"] == ""
    section.form.cells["csat"].widget.setFocus()
    _press("1", ENTER)
    _settle(qtbot, section)
    qtbot.waitUntil(lambda: section.card.model.spec.rows[0][4] == 1, timeout=5000)
    assert section.form.filled()["comment"] == "还没说完", "what was half typed comes back"
    assert section.card.model.spec.rows[0][-1] == "改过"
    section.card.table.selectRow(0)
    QTest.keyClick(section.card.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: services.entry_book.recent("phone") == [], timeout=5000)
    qtbot.waitUntil(lambda: not section.card.isVisible(), timeout=5000)
    newest = services.ledger()[0]
    assert newest.file_name == "手工录入 · 删除电话回访 1 条"
    section._undo([newest.batch])
    qtbot.waitUntil(lambda: len(section.card.model.spec.rows) == 1 and section.card.isVisible(), timeout=5000)


def test_escape_leaves_a_correction(qtbot: QtBot, section: EntrySection) -> None:
    _press("xm", TAB, TAB, TAB, TAB, "5", ENTER)
    _settle(qtbot, section)
    qtbot.waitUntil(lambda: len(section.card.model.spec.rows) == 1, timeout=5000)
    assert not section.escape()
    section.card.table.selectRow(0)
    section.edit_chosen()
    assert section.escape()
    assert section.presenter.editing is None
    assert section.form.filled()["csat"] == ""


def test_a_half_typed_form_survives_other_pages_and_a_restart(
    qtbot: QtBot, open_window: Opener, services: Services
) -> None:
    window = open_window(services)
    section = _section(qtbot, window)
    _press("xm", TAB, TAB, TAB, "tb1234567", TAB, "3", TAB, TAB, "加微信 abc_12345")
    window.go("overview")
    assert _section(qtbot, window).form.filled()["buyer"] == "tb1234567"
    section.form.cells["comment"].widget.setFocus()
    _press("再说")
    window.close()
    kept = services.settings.get(ENTRY_DRAFT)
    assert kept["phone.csat"] == "3"
    assert "abc_12345" not in str(kept)
    assert "tb1234567" not in str(kept), "a buyer's name is never written down"
    again = _section(qtbot, open_window(services))
    assert again is not section
    assert (again.form.filled()["agent"], again.form.filled()["csat"]) == ("小美", "3")
    again.form.cells["csat"].widget.setFocus()
    _press(ENTER)
    _settle(qtbot, again)
    assert services.settings.get(ENTRY_DRAFT) == {}


def test_a_full_disk_is_said_and_the_form_stays(qtbot: QtBot, section: EntrySection, services: Services) -> None:
    services.after_writing()
    with services.store.writing() as conn:
        pages = conn.execute("PRAGMA page_count").fetchone()[0]
    services.store._writer.execute(f"PRAGMA max_page_count = {pages}")
    _press("xm", TAB, TAB, TAB, TAB, "4", TAB, TAB)
    section.form.cells["comment"].widget.fill("很好" * 990)
    _press(ENTER)
    _settle(qtbot, section)
    assert section.form.filled()["csat"] == "4"
    assert len(section.form.filled()["comment"]) == 1980
    assert "磁盘已满" in section.form._fault.text()
    services.store._writer.execute("PRAGMA max_page_count = 1000000")
    section.form.cells["csat"].widget.setFocus()
    _press(ENTER)
    _settle(qtbot, section)
    assert len(services.entry_book.recent("phone")) == 1


def test_a_sampled_conversation_shows_its_total_and_items_can_be_changed(
    qtbot: QtBot, section: EntrySection, services: Services
) -> None:
    _switch(qtbot, section, "check")
    section.form.cells["agent"].widget.setFocus()
    _press("aq", TAB, TAB, "S-1", TAB, "组长", TAB, "18", TAB, "20", TAB, "24")
    assert section.form._total.text() == "总分 88.57"
    assert section.presenter.use_items([]) != ""
    assert section.presenter.use_items(services.entry_book.items()[:2]) == ""
    section._take_items()
    assert [name for name in section.form.cells if name.startswith("item.")] == ["item.响应及时", "item.服务态度"]
    assert section.form._total.text() == "总分 95"
    section.form.cells["session"].widget.setFocus()
    _press(ENTER)
    _settle(qtbot, section)
    (row,) = services.entry_book.recent("check")
    assert (row.agent, row.values["total"], row.values["inspector"]) == ("阿强", 95.0, "组长")
    assert section.form.filled()["inspector"] == "组长", "who judges stays"


def test_typing_goes_on_while_an_entry_is_saved(qtbot: QtBot, section: EntrySection, services: Services) -> None:
    _press("xm", TAB, TAB, TAB, TAB, "5")
    QTest.keyClick(_focused(), ENTER)
    _press("tb99", TAB, "4")  # before the store has answered
    _settle(qtbot, section)
    assert section.form.filled()["buyer"] == "tb99"
    assert section.form.filled()["csat"] == "4"
    assert len(services.entry_book.recent("phone")) == 1
