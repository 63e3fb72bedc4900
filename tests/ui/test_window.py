"""The window as its owner uses it: navigation, keys, filter, theme, notices, example data."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from csdesk.analysis.frame import Compare, Grain, Tone
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.metrics.definitions import METRICS
from csdesk.settings.options import COMPARE, PERIOD_PRESET, THEME, WINDOW_GEOMETRY
from csdesk.ui.analysis_page.page import AnalysisPage
from csdesk.ui.dialogs.palette import Palette
from csdesk.ui.main_window import MainWindow
from csdesk.ui.notices import Notice, NoticeBoard
from csdesk.ui.pages.registry import PAGES
from csdesk.ui.selection import Preset
from csdesk.ui.widgets.choice_popup import ChoicePopup
from csdesk.ui.widgets.definition_popup import DefinitionPopup
from csdesk.ui.widgets.empty_state import EmptyPanel
from csdesk.ui.widgets.period_popup import PeriodPopup
from csdesk.ui.widgets.pieces import label, new_menu
from tests.ui.conftest import Opener
from tests.ui.fakes import FakeServices


def _settled(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: not window.busy(), timeout=5000)


def _analysis(window: MainWindow) -> AnalysisPage:
    assert isinstance(window.page, AnalysisPage)
    return window.page


def test_navigation_has_the_pages_that_exist_and_no_other(window: MainWindow) -> None:
    assert [info.title for info in PAGES] == [
        "总览",
        "邀评",
        "满意度",
        "响应时间",
        "常见问题",
        "客服绩效",
        "评价口碑",
        "客户与订单",
        "导入与数据",
    ]
    assert set(window.navigation._buttons) == {info.id for info in PAGES}


@pytest.mark.usefixtures("window")
def test_opening_makes_the_copy_the_command_line_left_due(services: FakeServices) -> None:
    assert services.copies_asked == 1


@pytest.mark.parametrize("number", range(1, 7))
def test_ctrl_number_goes_to_the_page(qtbot: QtBot, window: MainWindow, number: int) -> None:
    qtbot.keyClick(window, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.ControlModifier)
    assert window.current == PAGES[number - 1].id
    assert PAGES[number - 1].title in window.windowTitle()


def test_click_in_the_navigation_opens_the_page(qtbot: QtBot, window: MainWindow) -> None:
    button, _info = window.navigation._buttons["invites"]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    _settled(qtbot, window)
    assert _analysis(window).view.charts["invites.funnel"].isVisible()


def test_pages_are_built_when_first_shown_and_computed_once(
    qtbot: QtBot, window: MainWindow, services: FakeServices
) -> None:
    assert [page for page, _request in services.pages_asked] == ["overview"]
    window.go("invites")
    _settled(qtbot, window)
    window.go("overview")
    window.go("invites")
    _settled(qtbot, window)
    assert [page for page, _request in services.pages_asked] == ["overview", "invites"]


def test_hidden_page_waits_until_it_is_seen_after_a_change(
    qtbot: QtBot, window: MainWindow, services: FakeServices
) -> None:
    window.go("invites")
    _settled(qtbot, window)
    services.version += 1
    window.data_changed()
    _settled(qtbot, window)
    assert [page for page, _request in services.pages_asked].count("overview") == 1
    window.go("overview")
    _settled(qtbot, window)
    assert [page for page, _request in services.pages_asked].count("overview") == 2


def test_f5_computes_again(qtbot: QtBot, window: MainWindow, services: FakeServices) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F5)
    _settled(qtbot, window)
    assert len(services.pages_asked) == 2


def test_what_the_command_line_imports_is_seen_soon(qtbot: QtBot, window: MainWindow, services: FakeServices) -> None:
    asked = len(services.pages_asked)
    window._listen_around()
    assert len(services.pages_asked) == asked
    services.version += 1
    window._listen_around()
    qtbot.waitUntil(lambda: len(services.pages_asked) > asked and not window.busy(), timeout=3000)
    asked = len(services.pages_asked)
    window._listen_around()
    assert len(services.pages_asked) == asked


def test_filter_choice_reaches_the_page_and_is_remembered(
    qtbot: QtBot, window: MainWindow, services: FakeServices
) -> None:
    window.filter.choose(
        replace(window.filter.selection, preset=Preset.LAST_7, compare=Compare.LAST_YEAR, platform=Platform.TAOBAO)
    )
    _settled(qtbot, window)
    request = services.pages_asked[-1][1]
    assert request.selection.period is not None
    assert request.selection.period.days == 7
    assert request.selection.platform is Platform.TAOBAO
    assert request.compare is Compare.LAST_YEAR
    assert services.settings.get(PERIOD_PRESET) == "last7"
    assert services.settings.get(COMPARE) == "last-year"
    assert "近 7 天" in window.bar.period.text()
    assert "淘宝/天猫" in window.status.words.text()


def test_period_popup_takes_a_preset_by_click(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(window.bar.period, Qt.MouseButton.LeftButton)
    popup = window.bar.findChild(PeriodPopup)
    assert popup is not None
    option = next(child for child in popup.findChildren(QPushButton) if child.text() == "上月")
    qtbot.mouseClick(option, Qt.MouseButton.LeftButton)
    assert window.filter.selection.preset is Preset.LAST_MONTH


def test_agents_are_chosen_in_their_popup(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(window.bar.agent, Qt.MouseButton.LeftButton)
    popup = window.bar.findChild(ChoicePopup)
    assert popup is not None
    popup._checks["1"].click()
    popup._checks["2"].click()
    popup._confirm()
    assert window.filter.selection.agents == (1, 2)
    assert "小美、阿杰" in window.bar.agent.text()
    qtbot.mouseClick(window.bar.reset, Qt.MouseButton.LeftButton)
    assert window.filter.selection.agents == ()


def test_grain_switch_asks_for_weeks(qtbot: QtBot, window: MainWindow, services: FakeServices) -> None:
    window.go("invites")
    _settled(qtbot, window)
    card = _analysis(window).view.charts["invites.trend"]
    qtbot.mouseClick(card.grain._buttons["week"], Qt.MouseButton.LeftButton)
    _settled(qtbot, window)
    assert services.pages_asked[-1][1].grain is Grain.WEEK


def test_theme_toggle_changes_charts_and_is_remembered(
    qtbot: QtBot, window: MainWindow, services: FakeServices
) -> None:
    window.go("invites")
    _settled(qtbot, window)
    qtbot.mouseClick(window.navigation._theme_button, Qt.MouseButton.LeftButton)
    assert services.settings.get(THEME) == "dark"
    assert _analysis(window).view.charts["invites.trend"].chart.theme().dark


def test_palette_finds_by_pinyin_initials(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window.findChild(Palette)
    assert palette is not None
    qtbot.keyClicks(palette.input, "myl")
    assert palette._found[0].text == "满意率"
    qtbot.keyClick(palette.input, Qt.Key.Key_Return)
    assert window.current == "satisfaction"


def test_escape_takes_the_newest_notice_away(qtbot: QtBot, window: MainWindow) -> None:
    window.notices.post(Notice("甲", lasting=True))
    window.notices.post(Notice("乙", lasting=True))
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert [toast.notice.text for toast in window.toasts.toasts] == ["甲"]


def test_notices_wait_for_a_window() -> None:
    board, shown = NoticeBoard(), []
    board.fault(UserFault("磁盘满了。", "删掉一些文件再试。"))
    board.attach(shown.append)
    board.post(Notice("好了"))
    assert [(notice.text, notice.advice, notice.tone) for notice in shown] == [
        ("磁盘满了。", "删掉一些文件再试。", Tone.BAD), ("好了", "", Tone.NEUTRAL),
    ]  # fmt: skip


def test_bug_in_a_job_becomes_a_notice_not_a_crash(
    qtbot: QtBot, window: MainWindow, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(task: object) -> None:
        raise ZeroDivisionError

    window.jobs.read(broken, "算总览").start()
    qtbot.waitUntil(lambda: bool(window.toasts.toasts), timeout=3000)
    assert "算总览没有做完" in window.toasts.toasts[0].notice.text
    assert "ZeroDivisionError" in caplog.text


def test_example_data_comes_and_goes_with_one_click(qtbot: QtBot, open_window: Opener, tmp_path: Path) -> None:
    services = FakeServices(tmp_path, "empty")
    window = open_window(services)
    assert not window.banner.isVisible()
    empty = _analysis(window).view.empty
    assert empty.isVisible()
    qtbot.mouseClick(empty.demo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.banner.isVisible, timeout=3000)
    _settled(qtbot, window)
    assert not empty.isVisible()
    qtbot.mouseClick(window.banner.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.banner.isVisible(), timeout=3000)
    _settled(qtbot, window)
    assert empty.isVisible()


def test_geometry_is_remembered(qtbot: QtBot, open_window: Opener, services: FakeServices) -> None:
    first = open_window(services)
    first.resize(1080, 650)
    first.close()
    assert services.settings.get(WINDOW_GEOMETRY)
    assert open_window(services).size().toTuple() == (1080, 650)


def test_closing_frees_the_threads_even_while_work_runs(qtbot: QtBot, window: MainWindow) -> None:
    entered = threading.Event()

    def endless(task: object) -> None:
        entered.set()
        task.cancel.wait(30)  # type: ignore[attr-defined]

    window.jobs.write(endless, "很久").start()
    assert entered.wait(3)
    window.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("csdesk-")]


def test_running_work_shows_progress_and_can_be_cancelled(qtbot: QtBot, window: MainWindow) -> None:
    stopped = threading.Event()

    def slow(task: object) -> None:
        for step in range(10_000):
            task.report(step / 10_000, "第一步")  # type: ignore[attr-defined]
            if task.cancel.wait(0.005):  # type: ignore[attr-defined]
                break

    window.jobs.write(slow, "很久").on_cancelled(stopped.set).start()
    qtbot.waitUntil(window.status._bar.isVisible, timeout=3000)
    qtbot.mouseClick(window.status._cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(stopped.is_set, timeout=3000)
    qtbot.waitUntil(lambda: not window.status._bar.isVisible(), timeout=3000)
    assert window.toasts.toasts == []


def test_definition_card_opens_from_a_number(qtbot: QtBot, window: MainWindow) -> None:
    window.go("invites")
    _settled(qtbot, window)
    card = _analysis(window).view.kpis[1]
    qtbot.mouseClick(card.info, Qt.MouseButton.LeftButton)
    popup = window.findChild(DefinitionPopup)
    assert popup is not None
    assert popup.isVisible()
    words = " ".join(child.text() for child in popup.findChildren(type(label())))
    assert "口径 · 邀评率" in words
    assert "公式" in words
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()


def test_search_finds_rows_and_copy_takes_what_is_shown(qtbot: QtBot, window: MainWindow) -> None:
    window.go("invites")
    _settled(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    card = _analysis(window).view.tables["agents"]
    qtbot.keyClicks(card.field, "aj")
    assert card.table.filter.rowCount() == 1
    card.table.copy()
    assert QGuiApplication.clipboard().text().splitlines()[1].startswith("阿杰\t318\t29.8%")


def test_sorting_puts_missing_values_last_both_ways(qtbot: QtBot, window: MainWindow) -> None:
    window.go("invites")
    _settled(qtbot, window)
    table = _analysis(window).view.tables["agents"].table
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        table.sortByColumn(3, order)
        names = [row[0] for row in table.shown().rows]
        assert names[-1] == "小鱼"


def test_column_widths_are_remembered(qtbot: QtBot, open_window: Opener, services: FakeServices) -> None:
    first = open_window(services)
    first.go("invites")
    _settled(qtbot, first)
    _analysis(first).view.tables["agents"].table.setColumnWidth(0, 333)
    first.close()
    second = open_window(services)
    second.go("invites")
    _settled(qtbot, second)
    assert _analysis(second).view.tables["agents"].table.columnWidth(0) == 333


def test_charts_and_tables_open_the_definitions_of_their_numbers(qtbot: QtBot, window: MainWindow) -> None:
    window.go("invites")
    _settled(qtbot, window)
    page = _analysis(window)
    menu = new_menu(page)
    page._add_definitions(menu, ["reply_rate"])
    menu.actions()[0].trigger()
    popup = page.findChildren(DefinitionPopup)[-1]
    texts = [each.text() for each in popup.findChildren(QLabel)]
    assert f"口径 · {METRICS['reply_rate'].name}" in texts
    assert METRICS["reply_rate"].formula in texts
    popup.close()


def test_what_can_be_done_without_data_is_seen_on_a_low_screen(empty_window: MainWindow) -> None:
    empty_window.resize(1280, 720)
    panel = next(one for one in empty_window.page.findChildren(EmptyPanel) if one.isVisible())
    assert panel.choose.mapTo(empty_window, panel.choose.rect().bottomLeft()).y() < 640
