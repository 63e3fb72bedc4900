"""What every page is handed: services, job lanes, look, notices, the filter and the way to other pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from csdesk.jobs import Jobs
from csdesk.ui.filter_model import FilterModel
from csdesk.ui.folder_watch import FolderWatch
from csdesk.ui.look import Look
from csdesk.ui.notices import NoticeBoard
from csdesk.ui.services import Services


@dataclass(frozen=True, slots=True)
class Context:
    """Handed to each page by the window.

    ``go`` shows another page by id, or a part of it (``data/quality``); ``take_files`` starts the import
    preview for these paths; ``choose_files`` asks for them; ``data_changed`` tells all pages that the
    store was written to.
    """

    services: Services
    jobs: Jobs
    look: Look
    notices: NoticeBoard
    filter: FilterModel
    go: Callable[[str], None]
    take_files: Callable[[Sequence[Path]], None]
    choose_files: Callable[[], None]
    load_demo: Callable[[], None]
    remove_demo: Callable[[], None]
    data_changed: Callable[[], None]
    folder_watch: FolderWatch
