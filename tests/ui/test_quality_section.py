"""数据质量 as the owner uses it: sees what is odd, decides, takes it back; on a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from csdesk.analysis.quality.frame import Quality
from csdesk.bootstrap import Services
from csdesk.domain.filters import Filter
from csdesk.ingest.load import load
from csdesk.ui.pages.data.data_page import DataPage
from csdesk.ui.pages.data.quality import tables
from csdesk.ui.pages.data.quality.quality_section import QualitySection
from tests.store.builders import report_plan, session, session_plan
from tests.ui.conftest import Opener


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    """Sessions, two of them answered after a day, and a report that tells other numbers."""
    made = Services(tmp_path / "data")
    rows = [
        {**session(f"session{n}"), "first_response": 90_000.0 if n < 2 else 10.0, "category": None if n else "物流"}
        for n in range(12)
    ]
    load(made.store, session_plan("会话.xlsx", rows, exported=datetime(2026, 3, 1)), delays={})
    report = report_plan("赤兔.xlsx", [("小美", date(2026, 2, 16), {"received": 14.0})], exported=datetime(2026, 3, 1))
    load(made.store, report, delays={})
    yield made
    made.close()


@pytest.fixture
def section(qtbot: QtBot, open_window: Opener, services: Services) -> QualitySection:
    window = open_window(services)
    window.go("data/quality")
    assert isinstance(window.page, DataPage)
    found = window.page.section
    assert isinstance(found, QualitySection)
    qtbot.waitUntil(lambda: bool(found.odd.lines), timeout=5000)
    qtbot.waitUntil(found.ready, timeout=5000)
    return found


def mean(services: Services) -> float:
    value = services.metrics(Filter(), None, ["first_response_mean"])[0].values["first_response_mean"].value
    assert isinstance(value, float)
    return value


def segment(section: QualitySection, text: str) -> QToolButton:
    (line,) = section.odd.lines
    assert line.switch is not None
    (found,) = [one for one in line.switch.findChildren(QToolButton) if one.text() == text]
    return found


def test_a_rule_is_set_by_a_click_and_taken_back_by_another(
    qtbot: QtBot, section: QualitySection, services: Services
) -> None:
    before = mean(services)
    QTest.mouseClick(segment(section, "不计入"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(section.odd.lines) and section.odd.lines[0].odd.decided == "exclude", timeout=5000)
    assert mean(services) == 10.0
    assert segment(section, "不计入").isChecked()
    (back,) = [one for one in section.odd.lines[0].findChildren(QPushButton) if one.text() == "收回规则"]
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(section.odd.lines) and section.odd.lines[0].odd.decided == "", timeout=5000)
    assert mean(services) == before
    assert section.odd.isEnabled()


def test_tables_stand_where_there_is_something_to_show(section: QualitySection) -> None:
    shown = {name for name, card in section.cards.items() if card.isVisibleTo(section)}
    assert shown == {"both_ways", "examples", "cross", "missing"}
    cross = section.cards["cross"].table.shown()
    assert [(row[0], row[3], row[4]) for row in cross.rows] == [("接待量", "会话明细 12", "赤兔 14")]
    examples = section.cards["examples"].table.shown()
    assert {row[4] for row in examples.rows} == {"25小时"}


def test_a_tile_leads_to_its_card(qtbot: QtBot, section: QualitySection) -> None:
    bar = section.body.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0, timeout=5000)
    section.strip.opened.emit(tables.CROSS)
    assert bar.value() > 0


def test_before_the_first_import_the_section_says_what_to_do(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    empty = Services(tmp_path / "none")
    try:
        window = open_window(empty)
        window.go("data/quality")
        assert isinstance(window.page, DataPage)
        section = window.page.section
        assert isinstance(section, QualitySection)
        qtbot.waitUntil(section.empty.isVisible, timeout=5000)
        assert not section.strip.isVisible()
    finally:
        window.close()
        empty.close()


def test_sound_data_are_called_sound() -> None:
    quality = Quality()
    assert {tile.tone for tile in tables.tiles(quality)} <= {"good", "neutral"}
    assert "放心" in "".join(run.text for run in tables.lead(quality))


def test_columns_whose_gaps_cost_nothing_are_grey(section: QualitySection) -> None:
    spec = section.cards["missing"].table.shown()
    category = next(place for place, row in enumerate(spec.rows) if row[1] == "咨询分类")
    assert category not in spec.muted
    assert "问题类别占比 少 11 行" in str(spec.rows[category][-1])
    comment = next(place for place, row in enumerate(spec.rows) if row[1] == "评价内容")
    assert comment in spec.muted
