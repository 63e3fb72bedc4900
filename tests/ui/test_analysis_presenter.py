"""The presenter of the analysis pages, without a window: nothing twice, nothing outdated, never stuck."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from csdesk.analysis.frame import Compare, Grain, PageRequest, PageResult
from csdesk.errors import CsdeskError, UserFault
from csdesk.jobs import Jobs
from csdesk.ui.analysis_page.presenter import AnalysisPresenter
from tests.ui.fakes import FakeServices


class _View:
    def __init__(self) -> None:
        self.results: list[PageResult] = []
        self.faults: list[CsdeskError] = []
        self.over = 0

    def show_result(self, result: PageResult) -> None:
        self.results.append(result)

    def show_waiting(self) -> None:
        return

    def show_waiting_over(self) -> None:
        self.over += 1

    def show_fault(self, fault: CsdeskError) -> None:
        self.faults.append(fault)


class _Desk:
    """A presenter whose callbacks run only when the test says so."""

    def __init__(self, folder: Path) -> None:
        self.calls: list[Callable[[], None]] = []
        self.jobs = Jobs(self.calls.append)
        self.services, self.view = FakeServices(folder), _View()
        self.presenter = AnalysisPresenter("invites", "计算", self.services, self.jobs, self.view)

    def settle(self) -> None:
        """Wait for the lane, then deliver."""
        done = self.jobs.read(lambda task: None).start()
        assert done.finished.wait(5)
        while self.calls:
            self.calls.pop(0)()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[_Desk]:
    made = _Desk(tmp_path)
    yield made
    made.jobs.close()


def test_same_question_is_computed_once(desk: _Desk) -> None:
    desk.presenter.want(PageRequest(), 1)
    desk.settle()
    desk.presenter.want(PageRequest(), 1)
    desk.settle()
    assert len(desk.services.pages_asked) == 1
    desk.presenter.want(PageRequest(), 2)
    desk.settle()
    assert len(desk.view.results) == 2
    assert desk.presenter.ready()


def test_outdated_answer_is_never_shown(desk: _Desk) -> None:
    desk.presenter.want(PageRequest(compare=Compare.NONE), 1)
    desk.presenter.want(PageRequest(compare=Compare.PREVIOUS), 1)
    desk.settle()
    assert [result.compare for result in desk.view.results] == [Compare.PREVIOUS]


def test_grain_is_part_of_the_question(desk: _Desk) -> None:
    desk.presenter.want(PageRequest(), 1)
    desk.settle()
    desk.presenter.choose_grain(Grain.MONTH)
    desk.presenter.want(PageRequest(), 1)
    desk.settle()
    assert [request.grain for _page, request in desk.services.pages_asked] == [None, Grain.MONTH]


def test_fault_and_bug_do_not_leave_it_waiting(desk: _Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*args: object) -> PageResult:
        raise UserFault("数据文件被占用。")

    monkeypatch.setattr(desk.services, "page", locked)
    desk.presenter.want(PageRequest(), 1)
    desk.settle()
    assert [str(fault) for fault in desk.view.faults] == ["数据文件被占用。"]

    def broken(*args: object) -> PageResult:
        raise ZeroDivisionError

    monkeypatch.setattr(desk.services, "page", broken)
    desk.presenter.want(PageRequest(), 2)
    desk.settle()
    assert desk.view.over == 1
    assert desk.presenter.ready()


def test_cancelled_by_the_owner_is_over(desk: _Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    entered, hold = threading.Event(), threading.Event()

    def slow(*args: object) -> None:
        entered.set()
        hold.wait(5)

    monkeypatch.setattr(desk.services, "page", slow)
    desk.presenter.want(PageRequest(), 1)
    assert entered.wait(5)
    job = desk.presenter._job
    assert job is not None
    job.cancel()
    hold.set()
    desk.settle()
    assert desk.view.over == 1
    assert desk.view.results == []
