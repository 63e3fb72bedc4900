"""What happens on the quality section: reading once for each data version, deciding, taking back. No widgets here."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QCoreApplication

from csdesk.analysis.quality.frame import Odd, Quality
from csdesk.errors import CsdeskError
from csdesk.jobs import Job, Jobs, Task
from csdesk.ui.services import Services


def tr(text: str) -> str:
    """The sentence in the language of the window."""
    return QCoreApplication.translate("quality", text)


class QualityView(Protocol):
    """What the presenter needs to show."""

    def show_quality(self, quality: Quality) -> None:
        """Show these findings."""
        ...

    def show_reading(self, fraction: float | None) -> None:
        """The findings are being worked out (how far, 0–1); None: no longer."""
        ...

    def decided(self, odd: Odd, action: str | None) -> None:
        """A rule was set or taken back; all pages have other numbers now."""
        ...

    def show_fault(self, fault: CsdeskError) -> None:
        """Something the owner can mend stood in the way."""
        ...


class QualityPresenter:
    """Between the section and the quality desk."""

    def __init__(self, services: Services, jobs: Jobs, view: QualityView) -> None:
        self._services, self._jobs, self._view = services, jobs, view
        self._version = -1
        self._job: Job[tuple[int, Quality]] | None = None
        self._again = False
        self.deciding = False

    @property
    def busy(self) -> bool:
        """Whether something is being read or written."""
        return self._job is not None or self.deciding

    def refresh(self, *, force: bool = False) -> None:
        """Work the findings out if the data are others than those shown."""
        if self._job is not None:
            self._again = True
            return
        if force:
            self._version = -1
        services, shown = self._services, self._version

        def read(task: Task) -> tuple[int, Quality]:
            version = services.data_version()
            if version == shown:
                return version, Quality()
            return version, services.quality.look(lambda done: task.report(done, tr("正在检查数据质量")), task.cancel)

        # Not in the lane of the pages: with a million rows it takes seconds, and they must not wait for it.
        self._job = self._jobs.quiet(read)
        self._job.on_progress(lambda progress: self._view.show_reading(progress.fraction))
        self._job.on_done(self._done).on_cancelled(self._ended).on_fault(self._failed)
        self._job.on_bug(lambda _bug: self._ended())
        self._job.start()

    def decide(self, odd: Odd, action: str | None) -> None:
        """Set a rule, or take it back (None)."""
        if self.deciding:
            return
        self.deciding = True
        services = self._services

        def write(task: Task) -> None:
            del task
            services.quality.decide(odd.id, action)
            services.after_writing()

        job = self._jobs.write(write, tr("正在应用规则"))
        job.on_done(lambda _nothing: self._decided(odd, action)).on_cancelled(self._not_decided)
        job.on_fault(self._refused).on_bug(lambda _bug: self._not_decided())
        job.start()

    def _decided(self, odd: Odd, action: str | None) -> None:
        self.deciding = False
        self._view.decided(odd, action)

    def _refused(self, fault: CsdeskError) -> None:
        self._view.show_fault(fault)
        self._not_decided()

    def _failed(self, fault: CsdeskError) -> None:
        self._view.show_fault(fault)
        self._ended()

    def _not_decided(self) -> None:
        """It could not be written: show what holds."""
        self.deciding = False
        self.refresh(force=True)

    def _done(self, found: tuple[int, Quality]) -> None:
        version, quality = found
        shown = self._version
        self._version = version
        self._ended()
        if version != shown:
            self._view.show_quality(quality)

    def _ended(self) -> None:
        self._job = None
        self._view.show_reading(None)
        if self._again:
            self._again = False
            self.refresh()
