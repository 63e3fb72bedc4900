"""The one place where everything is put together. Both doors build :class:`Services` here and pass it on."""

from __future__ import annotations

import argparse
import gc
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from csdesk import __version__
from csdesk.domain.filters import Filter
from csdesk.errors import Cancelled, StoreUnavailable, UserFault
from csdesk.ingest.model import Given, Plan, RowCounts, Staged, Status
from csdesk.ingest.scratch import Scratch
from csdesk.settings.held_file import HeldFile, hold
from csdesk.settings.options import SMALL_SAMPLE
from csdesk.settings.paths import default_data_dir
from csdesk.settings.store import Settings
from csdesk.store.database import Store, open_store

if TYPE_CHECKING:
    from csdesk.analysis.coverage import CoverageBook
    from csdesk.analysis.event_book import EventBook
    from csdesk.analysis.frame import PageRequest, PageResult
    from csdesk.analysis.performance.weights import ScoreWeights
    from csdesk.analysis.planning.desk import Planning
    from csdesk.analysis.planning.rules import StaffingRules
    from csdesk.analysis.quality.desk import QualityDesk
    from csdesk.domain.holdings import DataFacts
    from csdesk.ingest.archive import Item
    from csdesk.ingest.changes import Changes
    from csdesk.ingest.corrections import Corrections
    from csdesk.ingest.entry.book import EntryBook
    from csdesk.ingest.ledger import LedgerEntry
    from csdesk.ingest.own.desk import MappingDesk
    from csdesk.ingest.readers.source import ChunkStream
    from csdesk.ingest.watch.folder import WatchFolder
    from csdesk.metrics.engine import MetricEngine
    from csdesk.metrics.held import Held
    from csdesk.metrics.model import By, MetricRow
    from csdesk.metrics.target_book import TargetBook
    from csdesk.metrics.window_book import WindowBook
    from csdesk.safety.buyers import BuyerKeys
    from csdesk.store.backup import DailyCopies
    from csdesk.store.people import People

OnProgress = Callable[[float], None]


class Services:
    """What the window and the command line may ask for. The store is opened on first use.

    Safe to call from the window's lanes: reading methods use a connection per thread, writing ones
    go through the store's single writer.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._scratch: Scratch | None = None
        self._scratch_lock = threading.Lock()
        self._per_thread = threading.local()
        self._window: HeldFile | None = None
        self.notices: list[str] = []

    @property
    def data_dir(self) -> Path:
        """The data folder in use."""
        return self._data_dir

    @cached_property
    def settings(self) -> Settings:
        """The settings file of the data folder."""
        return Settings(self._data_dir)

    @cached_property
    def store(self) -> Store:
        """The open store; raises StoreUnavailable."""
        store = open_store(self._data_dir)
        self.notices += store.notices
        return store

    def take_notices(self) -> list[str]:
        """What the owner should hear and has not heard yet; each is handed out once."""
        told, self.notices = self.notices, []
        return told

    def _tell(self, notice: str) -> None:
        self.notices.append(notice)

    def be_the_window(self) -> None:
        """Hold the data folder as its window; in a second one say so, and leave watching to the first.

        Both may be used: the store takes one writer at a time and shows each reader a whole state.
        """
        try:
            self._data_dir.mkdir(parents=True, exist_ok=True)
            self._window = hold(self._data_dir / "window.lock")
        except OSError:  # a file system without locks, or nothing can be written: opening the store will say so
            self.watch.enabled = True
            return
        self.watch.enabled = self._window is not None
        if self._window is None:
            self.watch.elsewhere = True
            self.notices.append(
                "这份数据已经在另一个窗口里打开了。两边都能用，数据不会乱，一边导入，另一边几秒后也会看到。"
            )

    @cached_property
    def buyer_keys(self) -> BuyerKeys:
        """The keyed hash of buyers' nicks."""
        from csdesk.safety.buyers import BuyerKeys

        return BuyerKeys(self.store.buyer_key)

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return self.store.reading()

    @cached_property
    def mappings(self) -> MappingDesk:
        """Tables mapped by hand."""
        from csdesk.ingest.own.desk import MappingDesk

        return MappingDesk(self._data_dir, self._reading)

    def close(self) -> None:
        """Finish copies, close the store and remove unpacked archives. Safe to call twice."""
        if "_copies" in self.__dict__:
            self._copies.finish()
            del self.__dict__["_copies"]
        if "store" in self.__dict__:
            self.store.close()
            del self.__dict__["store"]
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None
        if self._window is not None:
            self._window.close()
            self._window = None

    # ---------------------------------------------------------------- import

    def plan_files(
        self,
        paths: Sequence[Path],
        given: Given,
        *,
        cancel: threading.Event | None = None,
        on_progress: OnProgress | None = None,
    ) -> list[Plan]:
        """Read files, folders and archives and say what would be written. Writes nothing."""
        from csdesk.ingest.archive import expand

        items = list(expand(paths, self._scratch_folder()))
        plans: list[Plan] = []
        for number, item in enumerate(items):
            plans += self._plan_item(item, given, cancel, _part(on_progress, number, len(items)))
        return plans

    def import_files(
        self,
        paths: Sequence[Path],
        given: Given,
        *,
        dry_run: bool = False,
        cancel: threading.Event | None = None,
        started: ChunkStream | None = None,
    ) -> Iterator[Plan]:
        """Plan and load one file after the other, so that each knows what the ones before brought.

        Files that leave their platform open come last; ``turn`` of a plan is the place of its file among those given.
        ``started``: a reader that is at work on one of the files already.
        """
        from csdesk.ingest.archive import expand
        from csdesk.ingest.turns import in_turn
        from csdesk.ingest.twins import tell_twin

        if not dry_run:
            self._before_change()
        tried: set[tuple[str, str]] = set()
        readers = [] if started is None else [started]

        def planned(item: Item) -> list[Plan]:
            reader = readers.pop() if readers and readers[0].path == item.file else None
            return self._plan_item(item, given, cancel, lazy=True, started=reader)

        for turn, plans in in_turn(list(expand(paths, self._scratch_folder())), planned):
            for plan in plans:
                plan.turn = turn
                if plan.status is Status.IMPORTED:
                    self._load_or_say(plan, cancel=cancel, dry_run=dry_run)
                    if dry_run and plan.status is Status.IMPORTED:
                        tell_twin(plan, tried)
                yield plan

    def _plan_item(
        self,
        item: Item,
        given: Given,
        cancel: threading.Event | None,
        on_progress: OnProgress | None = None,
        *,
        lazy: bool = False,
        demo: bool = False,
        started: ChunkStream | None = None,
    ) -> list[Plan]:
        if item.fault:
            return [Plan(path=item.label, file=item.file, sha256="", status=Status.FAILED, message=item.fault)]
        from csdesk.ingest.load import StoreWorld
        from csdesk.ingest.plan import plan_file

        world = StoreWorld(self.store, demo=demo)
        plans = plan_file(
            item.file,
            given,
            world,
            keys=self.buyer_keys,
            cancel=cancel,
            on_progress=on_progress,
            lazy=lazy,
            started=started,
            layouts=self.mappings.layouts(),
        )
        for plan in plans:
            plan.path = item.label
        return plans

    def _load_or_say(self, plan: Plan, *, cancel: threading.Event | None, dry_run: bool = False) -> None:
        """Load; what stops this file is written on its plan, so that the files after it still get their turn."""
        try:
            self.load(plan, cancel=cancel, dry_run=dry_run)
        except (UserFault, StoreUnavailable) as fault:
            plan.status = Status.FAILED
            plan.message = str(fault)

    def load(
        self,
        plan: Plan,
        *,
        cancel: threading.Event | None = None,
        on_progress: OnProgress | None = None,
        dry_run: bool = False,
        demo: bool = False,
    ) -> RowCounts:
        """Carry a plan out in one transaction; the batch id is left in ``plan.batch``.

        With ``dry_run`` everything is done and taken back, so that the counts are the true ones.
        """
        from csdesk.ingest.load import load

        if not dry_run:
            self._before_change()
        return load(self.store, plan, cancel=cancel, on_progress=on_progress, dry_run=dry_run, demo=demo)

    def undo(self, batch: int) -> RowCounts:
        """Take one import back."""
        from csdesk.ingest.load import undo

        self._before_change()
        return undo(self.store, batch)

    @cached_property
    def corrections(self) -> Corrections:
        """The rows that were not imported: saved to be corrected, or corrected and tried again."""
        from csdesk.ingest.corrections import Corrections

        return Corrections(self.store, lambda path: list(self.import_files([path], Given())))

    @cached_property
    def changes(self) -> Changes:
        """What an import changed of what was there before."""
        from csdesk.ingest.changes import Changes

        return Changes(self.store)

    def ledger(self) -> Sequence[LedgerEntry]:
        """All imports, newest first."""
        from csdesk.ingest import ledger

        with self.store.reading() as conn:
            return ledger.entries(conn, self.mappings.layouts())

    def check(self) -> list[tuple[str, str]]:
        """(kind, Chinese sentence) for everything wrong with the data file; empty when sound."""
        from csdesk.store.check import check

        return check(self.store)

    @cached_property
    def quality(self) -> QualityDesk:
        """What is missing, odd or contradictory in the data, and the owner's rules about odd values."""
        from csdesk.analysis.quality.desk import QualityDesk

        return QualityDesk(self.store, self._held)

    @cached_property
    def _copies(self) -> DailyCopies:
        """The daily copies of the store; trouble with them is a notice, not a failure."""
        from csdesk.store.backup import DailyCopies

        return DailyCopies(self.store, self._tell)

    def after_writing(self) -> None:
        """Start today's copy of the store if there is none yet."""
        self._copies.begin()

    def _before_change(self) -> None:
        """Before the day's first change the state until then is copied, while the work goes on."""
        self._copies.before_change()

    def save_template(self, path: Path, template: str = "sessions") -> None:
        """Write a blank workbook, see :func:`csdesk.ingest.templates.templates`."""
        from csdesk.ingest.templates import write_template

        write_template(path, template)

    @cached_property
    def entry_book(self) -> EntryBook:
        """What is typed in by hand."""
        from csdesk.ingest.entry.book import EntryBook

        return EntryBook(self.store, self.buyer_keys, self.settings, self._before_change)

    def _scratch_folder(self) -> Path:
        with self._scratch_lock:
            if self._scratch is None:
                self._scratch = Scratch()
            return self._scratch.path

    # ---------------------------------------------------------------- watched folder

    @cached_property
    def watch(self) -> WatchFolder:
        """The folder new exports are taken from."""
        from csdesk.ingest.watch.folder import WatchFolder

        return WatchFolder(
            self.settings,
            self._data_dir,
            plan_file=self._plan_quietly,
            import_files=lambda paths, cancel: list(self.import_files(paths, Given(), cancel=cancel)),
            live_contents=self._live_contents,
            mark=self._recognition_mark,
        )

    def _plan_quietly(self, path: Path, cancel: threading.Event | None) -> list[Plan]:
        """What a file would do, without its rows: nobody may ever ask for them."""
        from csdesk.ingest.archive import expand

        with Scratch() as scratch:
            plans = [plan for item in expand([path], scratch.path) for plan in self._plan_item(item, Given(), cancel)]
            for plan in plans:
                plan.staged = Staged()
        return plans

    def _live_contents(self) -> frozenset[str]:
        from csdesk.store import batches

        with self.store.reading() as conn:
            return batches.live_contents(conn)

    def _recognition_mark(self) -> str:
        """Changes with the program and with the owner's own mappings."""
        own = sorted((file.name, file.stat().st_mtime_ns) for file in (self._data_dir / "layouts").glob("*.toml"))
        return f"{__version__} {own}"

    # ---------------------------------------------------------------- example shop

    def add_demo(
        self,
        *,
        agents: int = 12,
        days: int = 120,
        seed: int = 7,
        last_day: date | None = None,
        cancel: threading.Event | None = None,
        on_progress: OnProgress | None = None,
    ) -> list[Plan]:
        """Make the example shop's files and import them by the ordinary door; returns their plans."""
        from csdesk.demo import generate
        from csdesk.ingest.archive import Item

        with Scratch() as scratch:
            files = generate(scratch.path, agents=agents, days=days, seed=seed, last_day=last_day or yesterday())
            done = []
            for number, file in enumerate(files):
                if cancel is not None and cancel.is_set():
                    raise Cancelled
                for plan in self._plan_item(Item(file.name, file), Given(), cancel, lazy=True, demo=True):
                    if plan.status is Status.IMPORTED:
                        self.load(plan, cancel=cancel, demo=True)
                    done.append(plan)
                if on_progress is not None:
                    on_progress((number + 1) / len(files))
            return done

    def remove_demo(self) -> None:
        """Take the example data back, wholly."""
        from csdesk.ingest.load import remove_demo

        remove_demo(self.store)

    # ---------------------------------------------------------------- numbers

    @cached_property
    def people(self) -> People:
        """Everybody there is, and what the owner says of them and of shops."""
        from csdesk.store.people import People

        return People(self.store, self._before_change)

    @cached_property
    def coverage(self) -> CoverageBook:
        """Which days are there, and what is missing."""
        from csdesk.analysis.coverage import CoverageBook

        return CoverageBook(self.store)

    @cached_property
    def events(self) -> EventBook:
        """Days the owner says are not ordinary."""
        from csdesk.analysis.event_book import EventBook

        return EventBook(self.store, self._before_change)

    @cached_property
    def targets(self) -> TargetBook:
        """What numbers ought to reach: defaults, published rules and the owner's word."""
        from csdesk.metrics.target_book import TargetBook

        return TargetBook(self.settings, self.facts, self.data_version)

    @cached_property
    def planning(self) -> Planning:
        """What will come in: worked out once for each data version, beside the pages."""
        from csdesk.analysis.planning.desk import Planning

        return Planning(
            self.metrics, self.facts, self.data_version, self.events.concerning,
            robots=self._robots, rules=self._staffing_rules,
        )  # fmt: skip

    def _staffing_rules(self) -> StaffingRules:
        from csdesk.analysis.planning.rules import rules_of

        return rules_of(self.settings)

    def _robots(self) -> frozenset[int]:
        """Agents (final persons) that are none."""
        from csdesk.store import agents

        with self.store.reading() as conn:
            return frozenset(one.person for one in agents.all_agents(conn) if one.kind == "robot")

    @cached_property
    def score_weights(self) -> ScoreWeights:
        """What counts how much in the composite score of agents."""
        from csdesk.analysis.performance.weights import ScoreWeights

        return ScoreWeights(self.settings)

    @cached_property
    def windows(self) -> WindowBook:
        """How long things may take and still count."""
        from csdesk.metrics.window_book import WindowBook

        return WindowBook(self.settings)

    def data_version(self) -> int:
        """Grows with every change of the store; equal numbers mean equal data."""
        return self.store.data_version

    def facts(self) -> DataFacts:
        """What is there at all."""
        from csdesk.store import holdings

        with self.store.reading() as conn:
            return holdings.facts(conn)

    def metrics(
        self, selection: Filter, by: By | None = None, metrics: Sequence[str] | None = None, *, bare: bool = False
    ) -> Sequence[MetricRow]:
        """Values by the one engine; see :mod:`csdesk.metrics.engine`."""
        with self.store.reading() as conn:
            return self._engine_on(conn).compute(selection, by, metrics, bare=bare)

    def _engine_on(self, conn: sqlite3.Connection) -> MetricEngine:
        """This thread's engine: it remembers results until the data change, and belongs to one connection."""
        from csdesk.metrics.engine import MetricEngine

        engine: MetricEngine | None = getattr(self._per_thread, "engine", None)
        if engine is None or self._per_thread.connection is not conn:
            engine = MetricEngine(conn, self.settings.get(SMALL_SAMPLE), self._held)
            self._per_thread.engine, self._per_thread.connection = engine, conn
        return engine

    @cached_property
    def _held(self) -> Held:
        """The facts in memory, shared by all threads; they depend on the data, and on windows set before."""
        from csdesk.metrics.held import Held

        return Held(windows=self.windows.in_force)

    def forget_results(self) -> None:
        """Drop this thread's remembered answers, as for a filter never asked before; for measurements.

        The facts in memory stay: they change with the data, not with the filter.
        """
        self._per_thread.__dict__.clear()

    def page(self, page_id: str, request: PageRequest) -> PageResult:
        """The result of an analysis page, all of it out of one state of the store.

        What the owner says of numbers and days is put into the request here.
        """
        from csdesk.analysis.pages import compute_page

        chosen = request.selection
        at = self.targets.platforms(chosen)
        told = replace(
            request,
            targets=self.targets.in_force(chosen),
            events=self.events.concerning(chosen),
            missing=self.coverage.missing(),
            only_platform=at[0] if len(at) == 1 else None,
            shops=self.targets.shops(chosen),
            weights=self.score_weights.own(),
            forecast=self.planning.shown(page_id, chosen),
            staffing=self.planning.staffing,
        )
        with self.store.reading() as conn:
            engine = self._engine_on(conn)
            result = compute_page(page_id, engine, told)
            ahead = self.planning.answers(engine, page_id, chosen)
        if page_id == "overview":
            from csdesk.analysis.coverage import coverage_answer

            ahead = (*ahead, coverage_answer(self.coverage.whole(), chosen))
        _settle(page_id)
        return replace(result, answers=(*result.answers, *ahead))


@cache
def _settle(page_id: str) -> None:
    """Keep the modules a page brought along out of every later search for garbage, once for each page.

    A search through them takes as long as a third of an answer, and they stay to the end.
    """
    gc.freeze()


def _part(on_progress: OnProgress | None, number: int, of: int) -> OnProgress | None:
    if on_progress is None:
        return None
    return lambda fraction: on_progress((number + fraction) / of)


def yesterday() -> date:
    return date.today() - timedelta(days=1)


@contextmanager
def open_services(options: argparse.Namespace) -> Iterator[Services]:
    """Services for the command line's ``--data``, closed at the end."""
    services = Services(getattr(options, "data", None) or default_data_dir())
    try:
        yield services
    finally:
        services.close()
        for notice in services.notices:
            print(notice, file=sys.stderr)


def open_window(options: argparse.Namespace) -> int:
    """The window on the data folder of ``csdesk``'s command line, until it is closed."""
    data_dir: Path = options.data or default_data_dir()
    from csdesk.safety.logs import start_log

    start_log(data_dir)
    services = Services(data_dir)
    try:
        if options.selftest:
            from csdesk.ui.selftest import selftest

            return selftest(services, options.selftest)
        from csdesk.ui.app import run

        services.be_the_window()
        return run(services, files=options.files, demo=options.demo)
    finally:
        services.close()
