"""The lanes: order, cancel, faults, bugs, and that closing frees the threads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator

import pytest

from csdesk.errors import Cancelled, CsdeskError, UserFault
from csdesk.jobs import Job, Jobs, Progress, Task


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    lanes = Jobs()
    yield lanes
    lanes.close()


def _wait(job: Job[object] | Job[int] | Job[None]) -> None:
    assert job.finished.wait(5)


def test_result_reaches_on_done(jobs: Jobs) -> None:
    seen: list[int] = []
    _wait(jobs.read(lambda task: 41 + 1).on_done(seen.append).start())
    assert seen == [42]


def test_writes_run_one_after_another_in_order(jobs: Jobs) -> None:
    running, overlaps, order = threading.Semaphore(1), [], []

    def work(number: int) -> int:
        if not running.acquire(blocking=False):
            overlaps.append(number)
        order.append(number)
        running.release()
        return number

    all_jobs = [jobs.write(lambda task, n=n: work(n)).start() for n in range(20)]  # type: ignore[misc]
    for job in all_jobs:
        _wait(job)
    assert order == list(range(20))
    assert overlaps == []


def test_read_does_not_wait_for_write(jobs: Jobs) -> None:
    hold = threading.Event()
    write = jobs.write(lambda task: hold.wait(5)).start()
    _wait(jobs.read(lambda task: 1).start())
    hold.set()
    assert write.finished.wait(5)


def test_user_fault_goes_to_on_fault_only(jobs: Jobs) -> None:
    faults: list[CsdeskError] = []
    done: list[object] = []

    def work(task: Task) -> object:
        raise UserFault("文件打不开。", "请换一个。")

    _wait(jobs.write(work).on_done(done.append).on_fault(faults.append).start())
    assert [str(fault) for fault in faults] == ["文件打不开。请换一个。"]
    assert done == []


def test_unclaimed_fault_goes_to_the_notices(jobs: Jobs) -> None:
    faults: list[CsdeskError] = []
    jobs.on_fault = faults.append

    def work(task: Task) -> object:
        raise UserFault("磁盘满了。")

    _wait(jobs.write(work).start())
    assert len(faults) == 1


def test_cancelled_is_never_a_fault(jobs: Jobs) -> None:
    faults: list[CsdeskError] = []
    stopped: list[bool] = []
    jobs.on_fault = faults.append

    def work(task: Task) -> object:
        raise Cancelled

    _wait(jobs.write(work).on_fault(faults.append).on_cancelled(lambda: stopped.append(True)).start())
    assert faults == []
    assert stopped == [True]


def test_running_job_stops_at_its_next_report(jobs: Jobs) -> None:
    entered, stopped = threading.Event(), threading.Event()

    def work(task: Task) -> None:
        entered.set()
        for step in range(1_000_000):
            task.report(step / 1_000_000)

    job = jobs.write(work).on_cancelled(stopped.set).start()
    assert entered.wait(5)
    job.cancel()
    assert stopped.wait(5)


def test_queued_job_that_is_cancelled_never_runs(jobs: Jobs) -> None:
    hold, ran = threading.Event(), []
    first = jobs.read(lambda task: hold.wait(5)).start()
    second = jobs.read(lambda task: ran.append(1)).start()
    second.cancel()
    hold.set()
    assert first.finished.wait(5)
    _wait(second)
    assert ran == []


def test_bug_is_logged_and_the_lane_lives_on(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    bugs: list[str] = []
    jobs.on_bug = lambda title, bug: bugs.append(f"{title}: {bug!r}")

    def work(task: Task) -> object:
        raise ValueError("oops")

    with caplog.at_level(logging.ERROR):
        _wait(jobs.write(work, "算总览").start())
    assert bugs == ["算总览: ValueError('oops')"]
    assert "ValueError: oops" in caplog.text
    seen: list[int] = []
    _wait(jobs.write(lambda task: 1).on_done(seen.append).start())
    assert seen == [1]


def test_progress_is_delivered(jobs: Jobs) -> None:
    seen: list[Progress] = []

    def work(task: Task) -> None:
        task.report(0.5, "读取 a.xlsx")
        task.report(1.0)

    _wait(jobs.write(work).on_progress(seen.append).start())
    assert [report.fraction for report in seen] == [0.5, 1.0]
    assert seen[-1].step == "读取 a.xlsx"


def test_deliver_is_used_for_every_callback() -> None:
    calls: list[object] = []
    jobs = Jobs(deliver=calls.append)
    seen: list[int] = []
    job = jobs.read(lambda task: 7).on_done(seen.append).start()
    _wait(job)
    assert seen == []
    for call in calls:
        call()  # type: ignore[operator]
    assert seen == [7]
    jobs.close()


def test_close_ends_the_threads() -> None:
    jobs = Jobs()
    _wait(jobs.write(lambda task: 1).start())
    entered = threading.Event()

    def endless(task: Task) -> None:
        entered.set()
        task.cancel.wait(30)

    jobs.read(endless).start()
    assert entered.wait(5)
    jobs.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("csdesk-")]


def test_the_quiet_lane_holds_nobody_back_and_is_closed_with_the_others() -> None:
    jobs = Jobs()
    begun, go_on = threading.Event(), threading.Event()

    def slow(task: Task) -> None:
        begun.set()
        task.cancel.wait(10)
        go_on.set()

    jobs.quiet(slow).start()
    assert begun.wait(5)
    assert not jobs.busy()
    read = jobs.read(lambda _task: 1).start()
    assert read.finished.wait(5)
    jobs.close()
    assert go_on.is_set()
