"""Decides when an analysis page must be computed anew and what it then shows. No Qt."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Protocol

from csdesk.analysis.frame import Grain, PageRequest, PageResult
from csdesk.errors import CsdeskError
from csdesk.jobs import Job, Jobs, Task
from csdesk.ui.services import Services


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
        self._shown: tuple[PageRequest, int] | None = None
        self._asked: tuple[PageRequest, int] | None = None
        self._job: Job[PageResult] | None = None
        self._grain: Grain | None = None
        self.result: PageResult | None = None
        self.took_seconds = 0.0

    def want(self, request: PageRequest, version: int, *, force: bool = False) -> None:
        """Show the page for this request and data version; nothing is computed twice."""
        question = (replace(request, grain=self._grain), version)
        if not force and question == (self._asked if self._job else self._shown):
            return
        self.stop()
        self._asked = question
        started = time.monotonic()

        def compute(task: Task) -> PageResult:
            task.check()
            return self._services.page(self._page_id, question[0])

        def done(result: PageResult) -> None:
            if self._asked == question:
                self._job, self._shown, self.result = None, question, result
                self.took_seconds = time.monotonic() - started
                self._view.show_result(result)

        def fault(error: CsdeskError) -> None:
            if self._asked == question:
                self._job = None
                self._view.show_fault(error)

        def bug(_error: BaseException) -> None:
            if self._asked == question:
                self._job, self._shown = None, question
                self._view.show_waiting_over()

        self._view.show_waiting()
        self._job = self._jobs.read(compute, self._title).on_done(done).on_fault(fault).on_bug(bug)
        self._job.start()

    def choose_grain(self, grain: Grain | None) -> None:
        """Step of the trends from now on."""
        self._grain = grain

    def stop(self) -> None:
        """Give up what is under way."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def ready(self) -> bool:
        """Whether the newest question is answered on the screen."""
        return self._job is None and self._shown is not None
