"""Has the forecast of a page worked out in the quiet lane, after the page is drawn. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from csdesk.analysis.frame import PageResult
from csdesk.analysis.planning.forecast import NOT_READY, Forecast
from csdesk.domain.filters import Filter
from csdesk.jobs import Job, Jobs, Task
from csdesk.ui.services import Services


class Ahead:
    """Looks ahead for one page; ``on_ready`` is called when there is something the page did not have when drawn."""

    def __init__(self, page_id: str, services: Services, jobs: Jobs, on_ready: Callable[[], None]) -> None:
        self._page_id, self._services, self._jobs, self._on_ready = page_id, services, jobs, on_ready
        self._job: Job[object] | None = None
        self._tried: tuple[int, Filter] | None = None

    def begin(self, result: PageResult) -> None:
        """Start what the drawn ``result`` lacks; once for its shops and these data, whatever comes of it."""
        planning = self._services.planning
        if result.empty is not None or not _lacking(result):
            return
        if planning.ready(result.selection):  # another page had it worked out meanwhile
            self._tell()
            return
        question = (self._services.data_version(), planning.reach(result.selection))
        if question == self._tried:
            return
        self.stop()
        self._tried = question

        def work(task: Task) -> object:
            return planning.forecast(question[1], task.check)

        self._job = self._jobs.quiet(work)
        self._job.on_done(lambda _forecast: self._over(question, ready=True))
        self._job.on_fault(lambda _fault: self._over(question))  # the page itself says what is wrong with the store
        self._job.on_cancelled(lambda: self._over(question)).on_bug(lambda _bug: self._over(question))
        self._job.start()

    def stop(self) -> None:
        """Give up what is under way."""
        if self._job is not None:
            self._job.cancel()
            self._job = None
            self._tried = None

    @property
    def busy(self) -> bool:
        """Whether something is being worked out."""
        return self._job is not None

    def _over(self, question: tuple[int, Filter], *, ready: bool = False) -> None:
        if question == self._tried:
            self._job = None
            if ready:
                self._tell()

    def _tell(self) -> None:
        if self._services.planning.drawn_on(self._page_id):
            self._on_ready()


def _lacking(result: PageResult) -> bool:
    found = next((answer.value for answer in result.answers if answer.id == "forecast"), None)
    return isinstance(found, Forecast) and found.state == NOT_READY
