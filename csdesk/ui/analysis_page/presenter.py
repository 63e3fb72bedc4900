"""Decides when an analysis page must be computed anew and what it then shows. No Qt."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Protocol

from csdesk.analysis.frame import Grain, PageRequest, PageResult
from csdesk.errors import CsdeskError
from csdesk.jobs import Job, Jobs, Task
from csdesk.ui.services import Services

Question = tuple[PageRequest, int]
"""What was asked for, and the data version it was asked of."""


class AnalysisView(Protocol):
    """What the presenter tells the view."""

    def show_result(self, result: PageResult) -> None:
        """Draw it."""

    def show_waiting(self) -> None:
        """A new result is under way; what is shown stays."""

    def show_waiting_over(self) -> None:
        """Nothing new comes after all; what is shown stays."""

    def show_fault(self, fault: CsdeskError) -> None:
        """It could not be computed."""


class AnalysisPresenter:
    """Asks for the page in the read lane; an answer to an outdated question is never shown."""

    def __init__(self, page_id: str, title: str, services: Services, jobs: Jobs, view: AnalysisView) -> None:
        self._title = title
        self._page_id, self._services, self._jobs, self._view = page_id, services, jobs, view
        self._shown: Question | None = None
        self._asked: Question | None = None
        self._job: Job[PageResult] | None = None
        self._grain: Grain | None = None
        self.result: PageResult | None = None

    def want(self, request: PageRequest, version: int, *, force: bool = False) -> None:
        """Show the page for this request and data version; nothing is computed twice."""
        question = (replace(request, grain=self._grain), version)
        if not force and question == (self._asked if self._job else self._shown):
            return
        self.stop()
        self._asked = question
        self._view.show_waiting()
        self._job = self._jobs.read(partial(self._compute, question[0]), self._title)
        self._job.on_done(partial(self._done, question)).on_fault(partial(self._fault, question))
        self._job.on_cancelled(partial(self._over, question)).on_bug(partial(self._bug, question))
        self._job.start()

    def _compute(self, request: PageRequest, task: Task) -> PageResult:
        task.check()
        return self._services.page(self._page_id, request)

    def _done(self, question: Question, result: PageResult) -> None:
        if self._asked == question:
            self._job, self._shown, self.result = None, question, result
            self._view.show_result(result)

    def _fault(self, question: Question, fault: CsdeskError) -> None:
        if self._asked == question:
            self._job = None
            self._view.show_fault(fault)

    def _bug(self, question: Question, _error: BaseException) -> None:
        if self._asked == question:
            self._job, self._shown = None, question
            self._view.show_waiting_over()

    def _over(self, question: Question) -> None:
        """Cancelled by the owner, not because something newer was asked."""
        if self._asked == question and self._job is not None and self._job.cancelled:
            self._job = None
            self._view.show_waiting_over()

    def outdated(self) -> None:
        """Compute anew when next asked, whatever the question."""
        self._shown = None

    def choose_grain(self, grain: Grain | None) -> None:
        """Step of the trends from now on."""
        self._grain = grain

    def stop(self) -> None:
        """Give up what is under way."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def ready(self) -> bool:
        """Whether the newest question has its answer, be it a fault."""
        return self._job is None and self._asked is not None
