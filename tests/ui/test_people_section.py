"""客服与店铺 in the window: questions answered, people merged, grouped and renamed by real clicks, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from csdesk.bootstrap import Services
from csdesk.domain.filters import Filter
from csdesk.ingest.load import load
from csdesk.metrics.model import By
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.data.people.people_section import PeopleSection
from csdesk.ui.pages.data.people.popups import GroupPopup, NamePopup
from csdesk.ui.widgets.choice_popup import ChoicePopup
from csdesk.ui.widgets.table_card import TableCard
from tests.store.builders import report_plan

Opener = Callable[..., MainWindow]


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Services]:
    services = Services(tmp_path / "data")
    yield services
    services.close()


def bring(services: Services, name: str, people: dict[str, float], shop: str = "甲旗舰店") -> None:
    rows = [(person, date(2026, 3, 2), {"received": value}) for person, value in people.items()]
    load(services.store, report_plan(name, rows, exported=datetime(2026, 3, 20), shop=shop), delays={})


def received(services: Services, by: By = By.AGENT) -> dict[object, object]:
    return {row.key: row.values["received"].value for row in services.metrics(Filter(), by, ["received"])}


def opened(window: MainWindow, qtbot: QtBot) -> PeopleSection:
    window.resize(1280, 800)
    window.go("data/people")
    section = window.page.section  # type: ignore[attr-defined]
    assert isinstance(section, PeopleSection)
    settled(section, qtbot, window)
    return section


def settled(section: PeopleSection, qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: section.ready() and not window.busy(), timeout=5000)


def choose_rows(card: TableCard, *rows: int) -> None:
    card.table.clearSelection()
    for row in rows:
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        card.table.selectionModel().select(card.table.filter.index(row, 0), flags)


def press(qtbot: QtBot, widget: QWidget) -> None:
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def option(popup: QWidget | None, text: str) -> QPushButton:
    assert popup is not None
    return next(each for each in popup.findChildren(QPushButton) if text in each.text())


def undo_in_toast(window: MainWindow, qtbot: QtBot) -> None:
    toast = window.toasts.toasts[-1]
    press(qtbot, option(toast, "撤销"))


def test_a_question_is_answered_and_taken_back(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    bring(real, "一.xlsx", {"小美": 10, "小美2": 5, "阿杰": 3})
    before = received(real)
    window = open_window(real)
    section = opened(window, qtbot)
    yes, no = section.asks.buttons[0]
    assert (yes.text(), no.text()) == ("合并到“小美”", "是两个人")
    press(qtbot, yes)
    qtbot.waitUntil(lambda: bool(window.toasts.toasts), timeout=5000)
    settled(section, qtbot, window)
    assert received(real) == {"小美": 15, "阿杰": 3}
    assert not section.asks.isVisible()
    assert section.people.spec is not None
    assert section.people.spec.table.rows[0][:2] == ("小美", "小美2")
    undo_in_toast(window, qtbot)
    qtbot.waitUntil(lambda: received(real) == before, timeout=5000)
    settled(section, qtbot, window)
    assert section.asks.isVisible()


def test_no_means_two_people_until_asked_again(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    bring(real, "一.xlsx", {"小美": 10, "小美2": 5})
    window = open_window(real)
    section = opened(window, qtbot)
    press(qtbot, section.asks.buttons[0][1])
    qtbot.waitUntil(lambda: len(section.roster.refused) == 1 and section.ready(), timeout=5000)
    assert section.asks.buttons == []
    press(qtbot, section.asks.again)
    press(qtbot, option(section.popup, "小美2"))
    qtbot.waitUntil(lambda: section.ready() and len(section.asks.buttons) == 1, timeout=5000)


def test_people_are_merged_and_taken_apart_by_hand(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    bring(real, "一.xlsx", {"小美": 10, "阿杰": 3})
    window = open_window(real)
    section = opened(window, qtbot)
    assert not section.merge.isEnabled()
    choose_rows(section.people, 0, 1)
    press(qtbot, section.merge)
    assert isinstance(section.popup, ChoicePopup)
    press(qtbot, option(section.popup, "合并后叫“阿杰”"))
    qtbot.waitUntil(lambda: received(real) == {"阿杰": 13}, timeout=5000)
    settled(section, qtbot, window)
    choose_rows(section.people, 0)
    press(qtbot, section.separate)
    press(qtbot, option(section.popup, "“小美”单独算"))
    qtbot.waitUntil(lambda: received(real) == {"小美": 10, "阿杰": 3}, timeout=5000)
    settled(section, qtbot, window)


def test_a_group_with_dates(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    bring(real, "一.xlsx", {"小美": 10, "阿杰": 3})
    window = open_window(real)
    section = opened(window, qtbot)
    choose_rows(section.people, 0)
    press(qtbot, section.group)
    popup = section.popup
    assert isinstance(popup, GroupPopup)
    popup.field.setEditText("早班")
    popup.always.setChecked(False)
    popup.ever.setChecked(False)
    press(qtbot, popup.confirm)
    qtbot.waitUntil(lambda: received(real, By.GROUP) == {"早班": 10, "未分组": 3}, timeout=5000)
    settled(section, qtbot, window)
    assert section.spans.spec is not None
    assert section.spans.spec.table.rows == (("小美", "早班", date(2026, 3, 2), date(2026, 3, 2)),)
    choose_rows(section.spans, 0)
    press(qtbot, section.forget)
    qtbot.waitUntil(lambda: received(real, By.GROUP) == {"未分组": 13}, timeout=5000)
    settled(section, qtbot, window)
    undo_in_toast(window, qtbot)
    qtbot.waitUntil(lambda: received(real, By.GROUP) == {"早班": 10, "未分组": 3}, timeout=5000)
    settled(section, qtbot, window)


def test_who_is_no_person_is_grey(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    bring(real, "一.xlsx", {"小美": 10, "阿杰": 3})
    window = open_window(real)
    section = opened(window, qtbot)
    choose_rows(section.people, 1)
    press(qtbot, section.kind)
    press(qtbot, option(section.popup, "共用账号"))
    qtbot.waitUntil(lambda: bool(section.people.spec and section.people.spec.table.muted), timeout=5000)
    settled(section, qtbot, window)
    kinds = {row.key: row.kind for row in real.metrics(Filter(), By.AGENT, ["received"])}
    assert kinds == {"小美": "person", "阿杰": "shared"}


def test_shops_are_renamed_and_merged(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    bring(real, "一.xlsx", {"小美": 10})
    bring(real, "二.xlsx", {"小美": 10}, shop="乙店")
    window = open_window(real)
    section = opened(window, qtbot)
    choose_rows(section.shops, 0)
    press(qtbot, section.rename)
    assert isinstance(section.popup, NamePopup)
    section.popup.field.setText("大乙")
    press(qtbot, section.popup.confirm)
    qtbot.waitUntil(lambda: "大乙" in received(real, By.SHOP), timeout=5000)
    settled(section, qtbot, window)
    choose_rows(section.shops, 0, 1)
    press(qtbot, section.merge_shops)
    press(qtbot, option(section.popup, "合并后叫“甲旗舰店”"))
    qtbot.waitUntil(lambda: received(real, By.SHOP) == {"甲旗舰店": 10}, timeout=5000)
    settled(section, qtbot, window)
    undo_in_toast(window, qtbot)
    qtbot.waitUntil(lambda: received(real, By.SHOP) == {"大乙": 10, "甲旗舰店": 10}, timeout=5000)
    settled(section, qtbot, window)


def test_a_refused_name_is_said(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    bring(real, "一.xlsx", {"小美": 10})
    bring(real, "二.xlsx", {"小强": 10}, shop="乙店")
    window = open_window(real)
    section = opened(window, qtbot)
    section.do(lambda people: people.rename_shop(section.roster.shops[0].id, "甲旗舰店"))
    qtbot.waitUntil(lambda: bool(window.toasts.toasts), timeout=5000)
    assert any("已经有一家店叫" in each.text() for each in window.toasts.findChildren(QLabel))
    settled(section, qtbot, window)


def test_nobody_yet(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    section = opened(open_window(real), qtbot)
    assert not section.people.isVisible()
    assert not section.shops.isVisible()
    assert section.empty.isVisible()
