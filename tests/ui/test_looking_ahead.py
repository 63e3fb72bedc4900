"""The window has the forecast worked out in the quiet lane once a page is drawn, and draws it when it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from csdesk.analysis.frame import PageRequest, PageResult
from csdesk.domain.filters import Filter
from csdesk.domain.platforms import Platform
from csdesk.jobs import Jobs
from csdesk.ui.analysis_page.ahead import Ahead
from csdesk.ui.main_window import MainWindow
from tests.ui.fakes import FakeServices


class _Desk:
    """Callbacks run only when the test says so."""

    def __init__(self, folder: Path) -> None:
        self.calls: list[Callable[[], None]] = []
        self.jobs = Jobs(self.calls.append)
        self.services = FakeServices(folder)
        self.services.planning.missing = True
        self.told = 0
        self.ahead = Ahead("customers", self.services, self.jobs, self._ready)

    def _ready(self) -> None:
        self.told += 1

    def page(self, selection: Filter | None = None) -> PageResult:
        return self.services.page("customers", PageRequest(selection or Filter()))

    def settle(self) -> None:
        done = self.jobs.quiet(lambda task: None).start()
        assert done.finished.wait(5)
        while self.calls:
            self.calls.pop(0)()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[_Desk]:
    made = _Desk(tmp_path)
    yield made
    made.jobs.close()


def test_what_the_page_lacks_is_worked_out_and_told(desk: _Desk) -> None:
    desk.ahead.begin(desk.page(Filter(agents=(3,), platform=Platform.TAOBAO)))
    assert desk.ahead.busy
    desk.settle()
    assert desk.services.planning.asked == [Filter(platform=Platform.TAOBAO)]
    assert desk.told == 1
    assert not desk.ahead.busy
    desk.ahead.begin(desk.page())
    desk.settle()
    assert len(desk.services.planning.asked) == 1


def test_what_another_page_had_worked_out_meanwhile_is_told_at_once(desk: _Desk) -> None:
    drawn = desk.page()
    desk.services.planning.missing = False
    desk.ahead.begin(drawn)
    assert (desk.told, desk.services.planning.asked) == (1, [])


def test_what_failed_is_not_tried_again_until_the_data_change(desk: _Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(selection: Filter, check: Callable[[], None]) -> None:
        desk.services.planning.asked.append(selection)
        raise ZeroDivisionError

    monkeypatch.setattr(desk.services.planning, "forecast", broken)
    for version in (1, 1, 2):
        desk.services.version = version
        desk.ahead.begin(desk.page())
        desk.settle()
    assert len(desk.services.planning.asked) == 2
    assert desk.told == 0
    assert not desk.ahead.busy


def test_other_shops_chosen_meanwhile_come_instead(desk: _Desk) -> None:
    desk.ahead.begin(desk.page(Filter(shops=(1,))))
    desk.ahead.begin(desk.page(Filter(shops=(2,))))
    desk.settle()
    assert desk.services.planning.asked[-1] == Filter(shops=(2,))
    assert desk.told == 1


def test_the_overview_is_not_drawn_again_for_it(desk: _Desk) -> None:
    Ahead("overview", desk.services, desk.jobs, desk._ready).begin(desk.page())
    desk.settle()
    assert len(desk.services.planning.asked) == 1
    assert desk.told == 0


def test_the_page_is_drawn_again_when_it_is_there(qtbot: QtBot, window: MainWindow, services: FakeServices) -> None:
    services.planning.missing = True
    window.go("customers")
    qtbot.waitUntil(lambda: [page for page, _request in services.pages_asked].count("customers") == 2, timeout=5000)
    qtbot.waitUntil(lambda: not window.busy(), timeout=5000)


def test_an_empty_page_looks_nowhere(tmp_path: Path) -> None:
    services = FakeServices(tmp_path, "empty")
    services.planning.missing = True
    jobs = Jobs()
    Ahead("customers", services, jobs, lambda: None).begin(services.page("customers", PageRequest()))
    jobs.close()
    assert services.planning.asked == []
