"""The watched folder in the window: one notice, one click, undo; automatic; lost and back; the strip."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from csdesk.ui.main_window import MainWindow
from csdesk.ui.notices import Notice
from csdesk.ui.pages.data.data_page import DataPage
from csdesk.ui.pages.data.imports.imports_section import ImportsSection
from csdesk.ui.pages.data.imports.watch_strip import WatchStrip
from csdesk.ui.widgets.toasts import Toast
from tests.ui.conftest import Opener
from tests.ui.fakes import FakeServices

Put = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "下载"
    made.mkdir()
    return made


@pytest.fixture
def put(folder: Path) -> Put:
    def write(name: str, text: str = "") -> Path:
        (folder / name).write_text(text or name, encoding="utf-8")
        return folder / name

    return write


@pytest.fixture
def window(open_window: Opener, services: FakeServices, folder: Path, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window that watches 下载; files are complete at the second look."""
    monkeypatch.setattr("csdesk.ingest.watch.folder.STILL_SECONDS", 0.0)
    monkeypatch.setattr("csdesk.ui.folder_watch._AFTER_EVENT_MS", 20)
    services.watch.enabled = True
    services.watch.choose(folder)
    return open_window(services)


def _toasts(window: MainWindow) -> list[Toast]:
    return window.toasts.toasts


def _notices(window: MainWindow) -> list[Notice]:
    return [toast.notice for toast in _toasts(window)]


def _wait_for_notice(qtbot: QtBot, window: MainWindow, word: str) -> Toast:
    def there() -> bool:
        return any(word in notice.text for notice in _notices(window))

    qtbot.waitUntil(there, timeout=5000)
    return next(toast for toast in reversed(_toasts(window)) if word in toast.notice.text)


def _strip(window: MainWindow) -> WatchStrip:
    window.go("data")
    assert isinstance(window.page, DataPage)
    assert isinstance(window.page.section, ImportsSection)
    return window.page.section.watching


def test_what_comes_is_offered_in_one_notice_and_imported_with_one_click(
    qtbot: QtBot, window: MainWindow, services: FakeServices, put: Put
) -> None:
    put("a.xlsx")
    put("strange.csv", "strange")
    toast = _wait_for_notice(qtbot, window, "“下载”里有 1 个新的导出")
    assert toast.notice.advice == "赤兔名品 自定义报表 · 云间小铺旗舰店 · 2026-11-20 · 13 行"
    put("b.xlsx")
    toast = _wait_for_notice(qtbot, window, "有 2 个新的导出")
    assert len([n for n in _notices(window) if "新的导出" in n.text]) == 1
    assert toast.notice.advice.splitlines() == ["赤兔名品 自定义报表 · 2026-11-20"] * 2
    assert services.loaded == []
    toast._act()
    done = _wait_for_notice(qtbot, window, "从“下载”导入了 2 个表")
    assert {Path(plan.path).name for plan in services.loaded} == {"a.xlsx", "b.xlsx"}
    assert services.copies_asked
    done._act()
    _wait_for_notice(qtbot, window, "撤销了 2 个表")
    assert services.undone == [102, 101]


def test_later_means_the_strip_keeps_it(qtbot: QtBot, window: MainWindow, services: FakeServices, put: Put) -> None:
    path = put("a.xlsx")
    toast = _wait_for_notice(qtbot, window, "新的导出")
    strip = _strip(window)
    assert strip.waiting.isVisible()
    assert strip.waiting.text() == "1 个还没导入"
    toast.leave()
    assert window.folder_watch._offered == []
    put("b.xlsx")
    toast = _wait_for_notice(qtbot, window, "有 1 个新的导出")  # not two: the first was put off
    window.toasts.drop_newest()  # Esc is the same as later
    assert window.folder_watch._offered == []
    assert strip.waiting.text() == "2 个还没导入"
    services.plans = services.plans[:1]
    strip.waiting.click()
    section = window.page.section  # type: ignore[attr-defined]
    assert section.presenter.active
    qtbot.waitUntil(lambda: not window.busy(), timeout=3000)
    assert path in services.watch.waiting


def test_automatic_import_asks_nothing_and_can_be_undone(
    qtbot: QtBot, window: MainWindow, services: FakeServices, put: Put
) -> None:
    strip = _strip(window)
    strip.automatic.click()
    assert services.watch.automatic
    put("a.xlsx")
    done = _wait_for_notice(qtbot, window, "导入了 1 个表")
    assert done.notice.action == "撤销"
    assert not any("新的导出" in notice.text for notice in _notices(window))
    assert not strip.waiting.isVisible()


def test_what_needs_an_answer_after_all_is_shown_in_the_preview(
    qtbot: QtBot, window: MainWindow, services: FakeServices, put: Put
) -> None:
    put("a.xlsx", "asks")
    _wait_for_notice(qtbot, window, "新的导出")._act()
    toast = _wait_for_notice(qtbot, window, "有 1 个表没有导入")
    assert toast.notice.advice == "哪家店？"
    toast._act()
    assert isinstance(window.page, DataPage)
    assert window.page.section.fills
    qtbot.waitUntil(lambda: not window.busy(), timeout=3000)


def test_a_lost_folder_is_said_once_and_found_again(qtbot: QtBot, window: MainWindow, folder: Path, put: Put) -> None:
    strip = _strip(window)
    qtbot.waitUntil(lambda: window.folder_watch._events.directories() == [str(folder)], timeout=3000)
    aside = folder.rename(folder.with_name("拔出"))
    window.folder_watch.look()  # the slow look: of this the system tells nobody
    _wait_for_notice(qtbot, window, "“下载”打不开了")
    assert strip.title.text() == "“下载”现在打不开"
    with qtbot.waitSignal(window.folder_watch.changed):
        window.folder_watch.look()
    assert len([n for n in _notices(window) if "打不开了" in n.text]) == 1
    aside.rename(folder)
    put("a.xlsx")
    window.folder_watch.look()
    _wait_for_notice(qtbot, window, "新的导出")
    assert strip.title.text() == "正在监视“下载”"


def test_the_strip_chooses_and_stops(
    qtbot: QtBot, open_window: Opener, services: FakeServices, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("csdesk.ui.pages.data.imports.watch_strip.suggested_folder", lambda: folder)
    services.watch.enabled = True
    window = open_window(services)
    strip = _strip(window)
    assert (strip.suggest.text(), strip.stop.isVisible(), strip.automatic.isVisible()) == ("监视“下载”", False, False)
    with qtbot.waitSignal(window.folder_watch.changed):
        strip.suggest.click()
    assert services.watch.folder == folder
    assert strip.title.text() == "正在监视“下载”"
    assert (strip.suggest.isVisible(), strip.stop.isVisible(), strip.automatic.isVisible()) == (False, True, True)
    strip.stop.click()
    assert services.watch.folder is None
    assert strip.title.text() == "监视一个文件夹"


def test_a_choice_that_cannot_be_kept_is_said(
    window: MainWindow, services: FakeServices, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("csdesk.settings.store.write_atomically", full)
    window.folder_watch.stop()
    assert "没有存下来" in _notices(window)[-1].text
    window.folder_watch.choose(folder / "gone")
    assert "不是文件夹" in _notices(window)[-1].text


def test_a_second_window_says_who_watches(open_window: Opener, services: FakeServices, folder: Path) -> None:
    services.watch.choose(folder)
    services.watch.elsewhere = True
    window = open_window(services)
    assert _strip(window).title.text() == "另一个窗口正在监视“下载”"
    assert not window.folder_watch._slow.isActive()
