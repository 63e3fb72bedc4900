"""Single rows of an import: those that came back, corrected and tried again, and what it changed. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from csdesk.errors import CsdeskError
from csdesk.ingest.model import Plan, RowCounts, Status
from csdesk.jobs import Jobs
from csdesk.ui.services import Services

if TYPE_CHECKING:
    from csdesk.ingest.changes import BatchChanges
    from csdesk.ingest.corrections import RejectedTable


class RowsView(Protocol):
    """What shows them."""

    def show_rejected(self, table: RejectedTable) -> None:
        """The rows of an import that came back."""
        ...

    def show_changes(self, changes: BatchChanges) -> None:
        """What an import changed."""
        ...

    def show_trying(self) -> None:
        """The corrected rows are being imported."""
        ...

    def show_tried(self, plans: Sequence[Plan]) -> None:
        """What became of the corrected rows."""
        ...

    def show_saved(self, path: Path) -> None:
        """The rows were saved to be corrected."""
        ...

    def explain(self, fault: CsdeskError) -> None:
        """Something went wrong."""
        ...


class RowsPresenter:
    """One import at a time: ``batch``."""

    def __init__(self, services: Services, jobs: Jobs, view: RowsView) -> None:
        self._services = services
        self._jobs = jobs
        self._view = view
        self.batch = 0
        self.trying = False

    def open_rejected(self, batch: int) -> None:
        """Show the rows of an import that came back."""
        self.batch = batch
        self._jobs.read(lambda _task: self._services.corrections.table(batch)).on_done(
            self._view.show_rejected
        ).on_fault(self._view.explain).start()

    def open_changes(self, batch: int) -> None:
        """Show what an import changed."""
        self.batch = batch
        self._jobs.read(lambda _task: self._services.changes.of(batch)).on_done(self._view.show_changes).on_fault(
            self._view.explain
        ).start()

    def retry(self, edits: Mapping[tuple[int, str], str]) -> None:
        """Import the rows again with the owner's words."""
        if self.trying:
            return
        self.trying = True
        self._view.show_trying()
        batch, words = self.batch, dict(edits)

        def done(plans: Sequence[Plan]) -> None:
            self.trying = False
            self._view.show_tried(plans)

        def failed(fault: CsdeskError) -> None:
            self.trying = False
            self._view.explain(fault)

        def stumbled(_bug: BaseException) -> None:
            self.trying = False
            self._view.show_tried([])

        self._jobs.write(lambda _task: self._services.corrections.retry(batch, words)).on_done(done).on_fault(
            failed
        ).on_bug(stumbled).start()

    def save(self, path: Path) -> None:
        """Save the rows that came back, to be corrected in a spreadsheet program."""
        batch = self.batch
        self._write(path, lambda: self._services.corrections.content(batch, path.suffix))

    def save_plan(self, plan: Plan, path: Path) -> None:
        """The same for a file that is not imported yet."""
        self._write(path, lambda: self._services.corrections.content_of(plan, path.suffix))

    def _write(self, path: Path, content: Callable[[], bytes]) -> None:
        def work(_task: object) -> Path:
            from csdesk.charts.saving import save_file  # noqa: PLC0415

            save_file(path, content())
            return path

        self._jobs.read(work).on_done(self._view.show_saved).on_fault(self._view.explain).start()


def outcome(plans: Sequence[Plan]) -> tuple[str, str, bool]:
    """(what became of corrected rows, what to do next, whether all went well), in the owner's words."""
    counts = RowCounts()
    for plan in plans:
        counts.add(plan.rows)
    taken = counts.inserted + counts.updated
    still = counts.rejected
    if any(plan.status is Status.FAILED for plan in plans) or not plans:
        words = next((plan.message for plan in plans if plan.message), "没有导入成功。")
        return words, "请改一改标红的格子再试。", False
    if not taken and not still:
        return "没有新的数据：这些行和已经导入的一样。", "请先改标红的格子，再试一次。", False
    if not taken:
        return f"{still} 行还是读不出。", "请看每行的原因，改好再试一次。", False
    if still:
        return f"{taken} 行导入了，还有 {still} 行读不出。", "剩下的列在这里，可以接着改。", False
    return f"{taken} 行都导入了。", "导入记录里多了一行，可以撤销。", True
