"""Taking imports back from the window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from csdesk.jobs import Job, Jobs, Task
from csdesk.ui.services import Services


def undo_imports(services: Services, jobs: Jobs, batches: Sequence[int]) -> Job[int]:
    """A job, not yet started, that takes these imports back, the newest first, and gives their number."""

    def work(_task: Task) -> int:
        for batch in sorted(batches, reverse=True):
            services.undo(batch)
        return len(batches)

    return jobs.write(work, QCoreApplication.translate("undo", "正在撤销"))
