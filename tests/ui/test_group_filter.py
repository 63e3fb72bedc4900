"""客服组 in the filter bar: chosen by clicks, said in the sentences, and the bar fits narrow windows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from csdesk.analysis.frame import PageRequest
from csdesk.analysis.words import filter_sentence
from csdesk.bootstrap import Services
from csdesk.domain.filters import UNGROUPED, Filter
from csdesk.domain.holdings import DataFacts
from csdesk.domain.period import to_epoch_day
from csdesk.ingest.load import load
from csdesk.ui.main_window import MainWindow
from csdesk.ui.selection import Selection, group_words, request_of, with_known_only
from csdesk.ui.widgets.choice_popup import ChoicePopup
from tests.store.builders import report_plan

Opener = Callable[..., MainWindow]
DAY = date(2026, 3, 2)


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Services]:
    services = Services(tmp_path / "data")
    rows = [(person, DAY, {"received": value}) for person, value in (("小美", 10.0), ("阿杰", 3.0), ("豆豆", 1.0))]
    load(services.store, report_plan("一.xlsx", rows, exported=datetime(2026, 3, 20)), delays={})
    yield services
    services.close()


def group(services: Services, who: str, name: str) -> None:
    services.people.assign([services.people.account_id(who)], name, to_epoch_day(DAY), None)


def test_groups_are_offered_where_there_are_any(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    assert real.facts().groups == ()
    window = open_window(real)
    assert not window.bar.group.isVisible()
    group(real, "小美", "早班")
    group(real, "阿杰", "晚班")
    assert real.facts().groups == ("早班", "晚班", UNGROUPED)
    assert {one.name: one.team for one in real.facts().agents} == {"小美": "早班", "阿杰": "晚班", "豆豆": ""}
    window.filter.learn(real.facts())
    window.go("agents")
    qtbot.waitUntil(lambda: not window.busy(), timeout=5000)
    qtbot.mouseClick(window.bar.group, Qt.MouseButton.LeftButton)
    popup = window.bar.findChild(ChoicePopup)
    assert popup is not None
    popup._checks["早班"].click()
    confirm = next(each for each in popup.findChildren(QPushButton) if each.text() == "确定")
    qtbot.mouseClick(confirm, Qt.MouseButton.LeftButton)
    assert window.filter.selection.groups == ("早班",)
    assert window.filter.request().selection.groups == ("早班",)
    assert "早班" in window.bar.group.text()
    qtbot.waitUntil(lambda: not window.busy(), timeout=5000)
    assert "客服组 早班" in window.status.words.text()
    qtbot.mouseClick(window.bar.reset, Qt.MouseButton.LeftButton)
    assert window.filter.selection.groups == ()


def test_the_bar_fits_the_window(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    group(real, "小美", "早班")
    window = open_window(real)
    window.go("agents")
    window.filter.learn(replace(real.facts(), groups=("名字很长很长的一个客服组", "另一个名字很长的客服组")))
    window.filter.choose(replace(window.filter.selection, groups=("名字很长很长的一个客服组",)))
    for width in (1700, 1100, 1700):
        window.resize(width, 700)
        qtbot.waitUntil(lambda width=width: window.width() == width, timeout=3000)
        bar = window.bar
        assert bar.export.geometry().right() <= bar.width()
        assert bar.needed() <= bar.width()
        chips = (bar.period, bar.compare, bar.group, bar.agent)
        qtbot.waitUntil(lambda chips=chips: all(chip.width() >= chip.sizeHint().width() for chip in chips))  # type: ignore[misc]
    assert window.bar.group.text().startswith("客服组 名字很长很长的一个客服")


def test_words_and_choices() -> None:
    facts = DataFacts(first_day=DAY, last_day=DAY, groups=("早班", "晚班", UNGROUPED))
    chosen = Selection(groups=("早班", "夜班"))
    assert with_known_only(chosen, facts).groups == ("早班",)
    assert group_words(Selection()) == ""
    assert group_words(Selection(groups=("早班", "晚班"))) == "早班、晚班"
    assert group_words(Selection(groups=facts.groups)) == "3 个组"
    request = request_of(Selection(groups=("早班",)), facts, DAY)
    assert request.selection.groups == ("早班",)
    assert filter_sentence(PageRequest(Filter(groups=("早班", "晚班"))), None).endswith("全部客服，客服组 早班、晚班。")
