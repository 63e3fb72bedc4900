"""What the window needs from the rest of the program, as a protocol. No Qt here.

:mod:`csdesk.bootstrap` provides the real thing; tests provide small fakes. Methods that may take
long are called in a lane of :class:`csdesk.jobs.Jobs`, never in the window's thread; ``facts``,
``ledger``, ``data_version`` and the settings are quick.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from csdesk.domain.holdings import DataFacts
from csdesk.ingest.ledger import LedgerEntry
from csdesk.ingest.model import Given, Plan, RowCounts
from csdesk.settings.store import Settings

if TYPE_CHECKING:
    from csdesk.analysis.coverage import CoverageBook
    from csdesk.analysis.frame import PageRequest, PageResult
    from csdesk.analysis.performance.weights import ScoreWeights
    from csdesk.analysis.planning.desk import Planning
    from csdesk.analysis.quality.desk import QualityDesk
    from csdesk.ingest.changes import Changes
    from csdesk.ingest.corrections import Corrections
    from csdesk.ingest.entry.book import EntryBook
    from csdesk.ingest.own.desk import MappingDesk
    from csdesk.ingest.watch.folder import WatchFolder
    from csdesk.metrics.window_book import WindowBook
    from csdesk.store.people import People

OnProgress = Callable[[float], None]


class Services(Protocol):
    """Everything the window may ask for."""

    @property
    def data_dir(self) -> Path:
        """The open data folder."""
        ...

    @property
    def settings(self) -> Settings:
        """The settings file of the data folder."""
        ...

    @property
    def mappings(self) -> MappingDesk:
        """Tables mapped by hand."""
        ...

    @property
    def watch(self) -> WatchFolder:
        """The folder new exports are taken from."""
        ...

    def data_version(self) -> int:
        """A number that grows with every change of the store; equal numbers mean equal data."""
        ...

    def facts(self) -> DataFacts:
        """What is there."""
        ...

    @property
    def people(self) -> People:
        """Everybody there is, and what the owner says of them and of shops; used in a lane."""
        ...

    @property
    def coverage(self) -> CoverageBook:
        """Which days are there, and what is missing; asked in a lane."""
        ...

    @property
    def windows(self) -> WindowBook:
        """How long things may take and still count."""
        ...

    @property
    def score_weights(self) -> ScoreWeights:
        """What counts how much in the composite score of agents."""
        ...

    def plan_files(
        self,
        paths: Sequence[Path],
        given: Given,
        *,
        cancel: threading.Event | None = None,
        on_progress: OnProgress | None = None,
    ) -> list[Plan]:
        """Read files and folders and say what would be written. Writes nothing."""
        ...

    def load(
        self,
        plan: Plan,
        *,
        cancel: threading.Event | None = None,
        on_progress: OnProgress | None = None,
        dry_run: bool = False,
    ) -> RowCounts:
        """Carry a plan out in one transaction; the batch id is left in ``plan.batch``.

        With ``dry_run`` everything is done and taken back, so that ``plan.rows`` holds the true counts.
        """
        ...

    def undo(self, batch: int) -> RowCounts:
        """Take one import back."""
        ...

    @property
    def corrections(self) -> Corrections:
        """The rows of imports that came back; asked and told in a lane."""
        ...

    @property
    def changes(self) -> Changes:
        """What imports changed; asked in a lane."""
        ...

    def ledger(self) -> Sequence[LedgerEntry]:
        """All imports, newest first."""
        ...

    def page(self, page_id: str, request: PageRequest) -> PageResult:
        """The result of an analysis page."""
        ...

    def take_notices(self) -> Sequence[str]:
        """Sentences the owner should see (trouble with the daily copy, a network folder), each once."""
        ...

    def after_writing(self) -> None:
        """Make today's copy of the store if there is none yet."""
        ...

    def add_demo(self, *, cancel: threading.Event | None = None, on_progress: OnProgress | None = None) -> object:
        """Make the example shop and import it by the ordinary door."""
        ...

    def remove_demo(self) -> None:
        """Take the example data back."""
        ...

    def save_template(self, path: Path, template: str = "sessions") -> None:
        """Write a blank workbook, see :func:`csdesk.ingest.templates.templates`."""
        ...

    @property
    def quality(self) -> QualityDesk:
        """What is missing, odd or contradictory; looked at in the quiet lane, decided on in the write lane."""
        ...

    @property
    def planning(self) -> Planning:
        """What will come in; worked out in the quiet lane."""
        ...

    @property
    def entry_book(self) -> EntryBook:
        """What is typed in by hand; asked and told in a lane."""
        ...

    def close(self) -> None:
        """Close the store."""
        ...
