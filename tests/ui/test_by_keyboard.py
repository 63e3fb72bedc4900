"""The window without a mouse: tables, charts, popups, searches."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from csdesk.ui.analysis_page.page import AnalysisPage
from csdesk.ui.main_window import MainWindow
from csdesk.ui.widgets.chart_card import ChartCard
from csdesk.ui.widgets.choice_popup import Choice, ChoicePopup
from csdesk.ui.widgets.table_card import TableCard


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> AnalysisPage:
    window.activateWindow()
    found = window.page
    assert isinstance(found, AnalysisPage)
    return found


def card_of(page: AnalysisPage) -> TableCard:
    return max(page.view.tables.values(), key=lambda card: card.model.rowCount())


def trend_of(page: AnalysisPage) -> ChartCard:
    return next(card for card in page.view.charts.values() if card.spec is not None and card.spec.kind == "trend")


def test_tab_leaves_a_table(page: AnalysisPage, qtbot: QtBot) -> None:
    table = card_of(page).table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    assert table.currentIndex().row() == 0  # who comes by the keyboard sees where they are
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert table.currentIndex().row() == 1
    qtbot.keyClick(table, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is not table


def test_a_table_is_sorted_by_the_keyboard(page: AnalysisPage, qtbot: QtBot) -> None:
    table = card_of(page).table
    table.setFocus(Qt.FocusReason.TabFocusReason)
    table.setCurrentIndex(table.filter.index(0, 1))
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    down = [row[1] for row in table.shown().rows if row[1] is not None]
    assert down == sorted(down, reverse=True)
    qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [row[1] for row in table.shown().rows if row[1] is not None] == down[::-1]
    tip = table.source.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "Alt+↓" in tip


def test_esc_in_a_chart_goes_back_there_and_only_then_to_the_window(page: AnalysisPage, qtbot: QtBot) -> None:
    chart = trend_of(page).chart
    chart.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(chart, Qt.Key.Key_Plus)
    qtbot.keyClick(chart, Qt.Key.Key_Right)
    assert chart.zoomed()
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert not chart.zoomed()
    assert QApplication.focusWidget() is chart
    qtbot.keyClick(chart, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is not chart


def test_esc_in_a_search_empties_it_and_enter_goes_to_what_was_found(page: AnalysisPage, qtbot: QtBot) -> None:
    card = card_of(page)
    page.view.ensureWidgetVisible(card)
    card.focus_search()
    qtbot.keyClicks(card.field, "zzz")
    assert card.table.filter.rowCount() == 0
    qtbot.keyClick(card.field, Qt.Key.Key_Escape)
    assert card.field.text() == ""
    assert QApplication.focusWidget() is card.field
    qtbot.keyClick(card.field, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is card.table


def test_buttons_of_cards_say_whose_they_are(page: AnalysisPage) -> None:
    kpi = page.view.kpis[0]
    assert kpi.kpi is not None
    assert kpi.info.accessibleName() == f"口径：{kpi.kpi.title}"
    card = card_of(page)
    assert card.spec is not None
    assert card.table.accessibleName() == card.spec.title
    assert card._dots is not None
    assert card._dots.accessibleName().startswith(card.spec.title)


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def popup_of(owner: QWidget, *, multiple: bool) -> tuple[ChoicePopup, list[set[str]]]:
    choices = [Choice(f"k{at}", name) for at, name in enumerate(("小美", "阿杰", "豆豆", *["夏夏"] * 7))]
    popup = ChoicePopup(owner, choices, {"k1"}, multiple=multiple, everything="全部")
    got: list[set[str]] = []
    popup.chosen.connect(got.append)
    popup.open_under(owner)
    return popup, got


def test_the_arrows_go_through_a_list_from_what_is_chosen(owner: QWidget, qtbot: QtBot) -> None:
    popup, got = popup_of(owner, multiple=False)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    start = popup.focusWidget()
    assert isinstance(start, QPushButton)
    assert start.text() == "阿杰"
    qtbot.keyClick(start, Qt.Key.Key_Down)
    there = popup.focusWidget()
    assert there is not None
    qtbot.keyClick(there, Qt.Key.Key_Return)
    assert got == [{"k2"}]


def test_enter_takes_the_one_that_was_searched_for(owner: QWidget, qtbot: QtBot) -> None:
    popup, got = popup_of(owner, multiple=True)
    search = popup.focusWidget()
    assert search is not None
    qtbot.keyClicks(search, "dd")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    assert got == [{"k2"}]


def test_enter_takes_what_is_ticked(owner: QWidget, qtbot: QtBot) -> None:
    popup, got = popup_of(owner, multiple=True)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert got == [{"k1"}]
