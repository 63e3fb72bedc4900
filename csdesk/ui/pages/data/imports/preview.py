"""The import preview's state: which files wait, what was answered, what is being read or written. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from csdesk.errors import CsdeskError
from csdesk.ingest.model import Given, Plan, Status
from csdesk.ingest.twins import mark_twins
from csdesk.jobs import Job, Jobs, Progress, Task
from csdesk.ui.pages.data.imports.shops_of_plans import ask_where_unclear, loading_order
from csdesk.ui.pages.data.imports.words import file_title
from csdesk.ui.services import Services


class PreviewView(Protocol):
    """What the presenter tells the view."""

    def show_reading(self, step: str) -> None:
        """Files are being read."""

    def show_progress(self, progress: Progress) -> None:
        """How far reading or writing is."""

    def show_plans(self, plans: Sequence[Plan], selected: int) -> None:
        """What was understood."""

    def show_writing(self) -> None:
        """The import runs."""

    def leave(self) -> None:
        """Nothing waits any more."""

    def done(self, plans: Sequence[Plan], *, stopped: bool) -> None:
        """These were imported; ``stopped`` = the owner cancelled before the rest."""

    def explain(self, fault: CsdeskError) -> None:
        """It went wrong in a way the owner can mend."""


class PreviewPresenter:
    """Reads dropped files, takes answers, imports. Everything that touches files runs in the write lane."""

    def __init__(self, services: Services, jobs: Jobs, view: PreviewView) -> None:
        self._services, self._jobs, self._view = services, jobs, view
        self._given: dict[Path, Given] = {}
        self._job: Job[list[Plan]] | None = None
        self._counting: Job[None] | None = None
        self.plans: list[Plan] = []
        self.selected = 0
        self.writing = False

    @property
    def active(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.plans) or self._job is not None

    @property
    def busy(self) -> bool:
        """Whether files are being read or written."""
        return self._job is not None

    @property
    def counting(self) -> bool:
        """Whether the store is being asked which rows it has already."""
        return self._counting is not None

    def importable(self) -> list[Plan]:
        """The plans that would be written."""
        return [plan for plan in self.plans if plan.status is Status.IMPORTED]

    def take(self, paths: Sequence[Path]) -> None:
        """Read these files and add them to the preview."""
        if self.writing:
            return
        wanted = list(paths)
        self._read(
            lambda task: self._services.plan_files(wanted, Given(), cancel=task.cancel, on_progress=task.report),
            self._add,
            _reading_words(wanted),
        )

    def answer(self, plan: Plan, given: Given) -> None:
        """Read a file again with what the owner said about it; earlier answers stay."""
        before = self._given.get(plan.file, Given())
        together = replace(
            before, platform=given.platform or before.platform, shop=given.shop or before.shop,
            period=given.period or before.period,
        )  # fmt: skip
        self._given[plan.file] = together
        self._read(
            lambda task: self._services.plan_files([plan.file], together, cancel=task.cancel, on_progress=task.report),
            lambda plans: self._replace(plan, plans),
            "",
        )

    def read_again(self, plan: Plan, given: Given, others: Sequence[Plan]) -> None:
        """Read a file again, its columns having been mapped by hand (``given`` about it alone), and ``others``, which
        may be understood now too; earlier answers stay.
        """
        before = self._given.get(plan.file, Given())
        mapping, period = given.mapping or before.mapping, given.period or before.period
        self._given[plan.file] = replace(before, mapping=mapping, period=period)
        labels = {one.file: one.path for one in (plan, *others)}
        files = list(labels)

        def work(task: Task) -> list[Plan]:
            found: list[Plan] = []
            for number, file in enumerate(files):
                task.report(number / len(files))
                found += self._services.plan_files([file], self._given.get(file, Given()), cancel=task.cancel)
            return found

        def take(found: list[Plan]) -> None:
            for file in files:
                old = next((one for one in self.plans if one.file == file), None)
                if old is not None:
                    self._replace(replace(old, path=labels[file]), [one for one in found if one.file == file])
            self.selected = next((at for at, one in enumerate(self.plans) if one.file == plan.file), 0)

        self._read(work, take, "")

    def select(self, index: int) -> None:
        """Show another file's details."""
        self.selected = index
        self._view.show_plans(self.plans, self.selected)

    def drop(self, plan: Plan) -> None:
        """Do not import this file after all."""
        self.plans = [other for other in self.plans if other is not plan]
        self.selected = max(0, min(self.selected, len(self.plans) - 1))
        again = mark_twins(self.plans)
        if self.plans:
            self._view.show_plans(self.plans, self.selected)
            self._count(again)
        else:
            self.close()

    def import_all(self) -> None:
        """Write everything that can be written, one transaction a file."""
        wanted = loading_order(self.importable())
        if not wanted or self._job is not None:
            return
        self._stop_counting()
        finished: list[Plan] = []

        def work(task: Task) -> list[Plan]:
            for number, plan in enumerate(wanted):
                task.report(number / len(wanted), file_title(plan))
                self._services.load(plan, cancel=task.cancel, on_progress=_part(task, number, len(wanted)))
                finished.append(plan)
            task.report(1.0)
            self._services.after_writing()
            return finished

        def ended(*, stopped: bool) -> None:
            self._job, self.writing = None, False
            self.plans, self._given, self.selected = [], {}, 0
            self._view.done(finished, stopped=stopped)

        def fault(error: CsdeskError) -> None:
            self._job, self.writing = None, False
            self.plans = [plan for plan in self.plans if plan not in finished]
            if finished:
                self._view.done(finished, stopped=True)
            self._view.show_plans(self.plans, 0)
            self._view.explain(error)

        self.writing = True
        self._view.show_writing()
        self._job = self._jobs.write(work).on_done(lambda _plans: ended(stopped=False))
        self._job.on_cancelled(lambda: ended(stopped=True)).on_fault(fault).on_progress(self._view.show_progress)
        self._job.on_bug(lambda _bug: ended(stopped=True))
        self._job.start()

    def stop(self) -> None:
        """Cancel what runs; without anything running, leave the preview."""
        if self._job is not None:
            self._job.cancel()
        else:
            self.close()

    def close(self) -> None:
        """Forget all files. Nothing was written."""
        if self._job is not None and not self.writing:
            self._job.cancel()
        self._stop_counting()
        self.plans, self._given, self.selected = [], {}, 0
        self._view.leave()

    def _read(self, work: Callable[[Task], list[Plan]], take: Callable[[list[Plan]], None], step: str) -> None:
        def done(plans: list[Plan]) -> None:
            self._job = None
            take(plans)
            mark_twins(self.plans)
            self._view.show_plans(self.plans, self.selected)
            self._count([plan for plan in plans if plan.status is Status.IMPORTED])

        def stopped() -> None:
            self._job = None
            if self.plans:
                self._view.show_plans(self.plans, self.selected)
            else:
                self._view.leave()

        def fault(error: CsdeskError) -> None:
            stopped()
            self._view.explain(error)

        self._view.show_reading(step)
        self._job = self._jobs.write(work).on_done(done).on_cancelled(stopped).on_fault(fault)
        self._job.on_bug(lambda _bug: stopped()).on_progress(self._view.show_progress).start()

    def _count(self, plans: list[Plan]) -> None:
        """Find out what is new, changed and known already by writing it and taking it back."""
        if not plans:
            return
        self._stop_counting()

        def work(task: Task) -> None:
            for plan in plans:
                self._services.load(plan, cancel=task.cancel, dry_run=True)
                if plan.status is Status.DUPLICATE:  # all rows known: still worth a batch, so that undo stays right
                    plan.status = Status.IMPORTED

        def ended(*_result: object) -> None:
            self._counting = None
            if self.plans and self._job is None:
                self._view.show_plans(self.plans, self.selected)

        # What goes wrong here goes wrong again, and is told, when it is imported.
        self._counting = self._jobs.write(work).on_done(ended).on_fault(ended).on_bug(ended)
        self._counting.start()
        self._view.show_plans(self.plans, self.selected)

    def _stop_counting(self) -> None:
        if self._counting is not None:
            self._counting.cancel()
            self._counting = None

    def _add(self, plans: list[Plan]) -> None:
        """New files go first where they need an answer; a file dropped twice is shown once."""
        fresh = {(plan.path, plan.sha256) for plan in plans}
        kept = [plan for plan in self.plans if (plan.path, plan.sha256) not in fresh]
        order = {Status.NEEDS_INPUT: 0, Status.IMPORTED: 1, Status.FAILED: 2, Status.UNRECOGNISED: 3}
        ask_where_unclear([*kept, *plans])
        self.plans = kept + sorted(plans, key=lambda plan: order.get(plan.status, 4))
        self.selected = min(len(kept), max(0, len(self.plans) - 1))

    def _replace(self, old: Plan, plans: list[Plan]) -> None:
        for plan in plans:
            plan.path = old.path
        places = [index for index, plan in enumerate(self.plans) if plan.file == old.file]
        first = places[0] if places else len(self.plans)
        others = [plan for plan in self.plans if plan.file != old.file]
        self.plans = others[:first] + plans + others[first:]
        self.selected = min(first, max(0, len(self.plans) - 1))


def _part(task: Task, number: int, of: int) -> Callable[[float], None]:
    return lambda fraction: task.report((number + fraction) / of)


def _reading_words(paths: Sequence[Path]) -> str:
    return f"正在读 {paths[0].name}" if len(paths) == 1 else f"正在读 {len(paths)} 项"
