"""数据覆盖 in the window: what is told of a day, what a click opens, how far one can look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from csdesk.analysis.coverage import CoverageBook
from csdesk.bootstrap import Services
from csdesk.domain.period import to_epoch_day
from csdesk.ingest.load import load
from csdesk.ui.main_window import MainWindow
from csdesk.ui.pages.data.coverage.coverage_section import CoverageSection
from csdesk.ui.pages.data.coverage.presenter import HOW_COLUMN, Zoom, first_sight, lead, moved, sight_of
from tests.store.builders import report_plan

TODAY = date(2026, 3, 12)
Opener = Callable[..., MainWindow]


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Services]:
    services = Services(tmp_path / "data")
    services.__dict__["coverage"] = CoverageBook(services.store, lambda: TODAY)
    yield services
    services.close()


def bring(services: Services, name: str, days: list[date], shop: str = "甲店") -> int:
    rows = [("小美", day, {"received": 1.0}) for day in days]
    plan = report_plan(name, rows, exported=datetime(2026, 3, 12), shop=shop)
    load(services.store, plan, delays={})
    assert plan.batch is not None
    return plan.batch


def march(*days: int) -> list[date]:
    return [date(2026, 3, day) for day in days]


def opened(window: MainWindow, qtbot: QtBot) -> CoverageSection:
    window.go("data/coverage")
    section = window.page.section  # type: ignore[attr-defined]
    assert isinstance(section, CoverageSection)
    qtbot.waitUntil(section.ready, timeout=5000)
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: section.calendar.width() > 700, timeout=5000)
    return section


def spot(section: CoverageSection, day: date, row: int = 0) -> QPoint:
    return section.calendar.place_of(row, to_epoch_day(day)).toPoint()


def test_a_day_is_told_and_leads_to_its_import(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    bring(real, "一.xlsx", march(1, 2))
    wanted = bring(real, "二.xlsx", march(5, 6, 11))
    window = open_window(real)
    section = opened(window, qtbot)
    qtbot.mouseMove(section.calendar, spot(section, date(2026, 3, 5)))
    qtbot.waitUntil(lambda: "3 月 5 日 周四 · 赤兔：有数据，来自“二.xlsx”" in section.detail.text(), timeout=2000)
    qtbot.mouseClick(section.calendar, Qt.MouseButton.LeftButton, pos=spot(section, date(2026, 3, 5)))
    ledger = window.page.section.ledger  # type: ignore[attr-defined]
    (chosen,) = {index.row() for index in ledger.card.table.selectionModel().selectedIndexes()}
    assert ledger.entry_at(chosen).batch == wanted


def test_a_missing_day_says_where_to_export(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    bring(real, "一.xlsx", march(1, 3, 11))
    section = opened(open_window(real), qtbot)
    assert "缺 2 段" in "".join(run.text for run in lead(section.coverage))
    qtbot.mouseClick(section.calendar, Qt.MouseButton.LeftButton, pos=spot(section, date(2026, 3, 2)))
    assert section.popup is not None
    assert any("赤兔" in text for text in texts_of(section.popup))
    section.popup.close()
    table = section.gaps.table
    index = table.filter.index(0, HOW_COLUMN)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    assert "3 月 4–10 日缺 赤兔 数据" in texts_of(section.popup)
    section.popup.close()


def texts_of(widget: object) -> list[str]:
    assert isinstance(widget, QWidget)
    return [each.text() for each in widget.findChildren(QLabel)]


def test_the_keyboard_walks_and_turns(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    bring(real, "一.xlsx", [date(2026, 1, 30), *march(1, 11)])
    section = opened(open_window(real), qtbot)
    section.zoom(Zoom.MONTH)
    assert section.span.text() == "2026 年 3 月"
    calendar = section.calendar
    calendar.setFocus()
    qtbot.keyClick(calendar, Qt.Key.Key_Home)
    assert calendar.cursor_at == (0, to_epoch_day(date(2026, 3, 1)))
    qtbot.keyClick(calendar, Qt.Key.Key_Right)
    assert "3 月 2 日" in section.detail.text()
    assert "缺" in section.detail.text()
    qtbot.keyClick(calendar, Qt.Key.Key_PageUp)
    assert section.span.text() == "2026 年 2 月"
    qtbot.keyClick(calendar, Qt.Key.Key_PageUp)
    qtbot.keyClick(calendar, Qt.Key.Key_PageUp)
    assert section.span.text() == "2026 年 1 月", "not beyond the first day"
    assert not section.earlier.isEnabled()
    qtbot.mouseClick(section.later, Qt.MouseButton.LeftButton)
    assert section.span.text() == "2026 年 2 月"
    qtbot.keyClick(calendar, Qt.Key.Key_Minus)
    assert section.span.text() == "2026 年 1–3 月"
    qtbot.mouseClick(section.zooms[Zoom.ALL], Qt.MouseButton.LeftButton)
    assert section.span.text() == "2026-01 至 2026-03"
    assert [zoom for zoom, tab in section.zooms.items() if tab.property("active")] == [Zoom.ALL]


def test_one_shop_of_several(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    bring(real, "一.xlsx", march(1, 11))
    bring(real, "二.xlsx", march(3, 11), shop="乙店")
    section = opened(open_window(real), qtbot)
    assert [line for line in section.calendar.lines if isinstance(line, str)] == ["乙店 · 淘宝", "甲店 · 淘宝"]
    section.choose_shop("乙店")
    assert len(section.calendar.lines) == 1
    assert {gap.strip.shop for gap in section._shown_gaps} == {"乙店"}


def test_it_follows_imports_and_undo(real: Services, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(real)
    section = opened_empty(window, qtbot)
    assert (section.card.isVisible(), section.empty.isVisible()) == (False, True)
    batch = bring(real, "一.xlsx", march(11))
    section.refresh()
    qtbot.waitUntil(lambda: section.ready() and section.card.isVisible(), timeout=5000)
    assert section.sight.zoom is Zoom.MONTH
    assert not section.empty.isVisible()
    real.undo(batch)
    section.refresh()
    qtbot.waitUntil(lambda: section.ready() and not section.card.isVisible(), timeout=5000)


def opened_empty(window: MainWindow, qtbot: QtBot) -> CoverageSection:
    window.go("data/coverage")
    section = window.page.section  # type: ignore[attr-defined]
    assert isinstance(section, CoverageSection)
    qtbot.waitUntil(section.ready, timeout=5000)
    return section


def test_days_in_sight(real: Services) -> None:
    bring(real, "一.xlsx", [date(2023, 12, 30), *march(11)])
    coverage = real.coverage.calendar()
    year = first_sight(coverage)
    assert (year.zoom, year.label, year.days) == (Zoom.YEAR, "2026 年", 365)
    assert moved(year, -9, coverage).label == "2023 年"
    assert moved(year, 1, coverage) == year
    whole = sight_of(Zoom.ALL, TODAY, coverage)
    assert (whole.label, moved(whole, -1, coverage)) == ("2023-12 至 2026-03", whole)
    assert sight_of(Zoom.QUARTER, TODAY + timedelta(days=20), coverage).label == "2026 年 4–6 月"
