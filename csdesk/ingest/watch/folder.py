"""The watched folder: files that have come to rest are read once, and what is understood with certainty is offered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from csdesk.domain.period import Period
from csdesk.errors import Cancelled, StoreUnavailable, UserFault
from csdesk.ingest.model import Plan, Status
from csdesk.ingest.watch.listing import Stamp, can_be_opened, is_worth_reading, list_exports, stamp_of
from csdesk.ingest.watch.memory import Remembered, Verdict, WatchMemory
from csdesk.settings.options import WATCH_AUTOMATIC, WATCH_FOLDER
from csdesk.settings.store import Settings
from csdesk.store.folders import is_network

STILL_SECONDS = 3.0
"""A file whose size and time have not changed for so long is complete."""
_YESTERDAY = 24 * 3600.0
_TRIES = 3
_RETRY_SECONDS = 30.0
_FINE = frozenset({Status.IMPORTED, Status.DUPLICATE, Status.SKIPPED})

PlanFile = Callable[[Path, threading.Event | None], list[Plan]]
ImportFiles = Callable[[Sequence[Path], threading.Event | None], list[Plan]]
LiveContents = Callable[[], Collection[str]]


@dataclass(frozen=True, slots=True)
class NewExport:
    """A file that is understood with certainty: its tables' names, the shop, the days and how many rows."""

    path: Path
    tables: tuple[str, ...]
    shop: str
    period: Period | None
    rows: int


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found.

    ``new`` is to be offered (or imported) and never comes again. ``again_in``: seconds after which to look again,
    for files still arriving; None when all is at rest. ``more``: complete files are left, each look reads one.
    ``lost``: the folder has just gone away.
    ``waiting``: files offered before that are not imported yet. ``events``: whether the system tells of changes
    there (not on network drives, which are looked at now and then).
    """

    new: tuple[NewExport, ...] = ()
    again_in: float | None = None
    more: bool = False
    lost: bool = False
    waiting: tuple[Path, ...] = ()
    present: bool = False
    events: bool = False


class _Tried(NamedTuple):
    times: int
    last: float


class WatchFolder:
    """Logic and memory of watching. :meth:`look` runs in one thread at a time; the rest is quick, in any thread.

    ``plan_file`` says what a file would do to the store, ``import_files`` does it, ``live_contents`` tells the
    SHA-256 of everything imported and not undone, ``mark`` names what can be recognised at all.
    """

    def __init__(
        self,
        settings: Settings,
        data_dir: Path,
        *,
        plan_file: PlanFile,
        import_files: ImportFiles,
        live_contents: LiveContents,
        mark: Callable[[], str] = str,
        today: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._plan_file = plan_file
        self._import_files = import_files
        self._live_contents = live_contents
        self._mark = mark
        self._today = today
        self._memory = WatchMemory(data_dir)
        self._lock = threading.Lock()
        self._arriving: dict[str, tuple[Stamp, float]] = {}
        self._tried: dict[str, _Tried] = {}
        self._lost = False
        self.waiting: tuple[Path, ...] = ()
        self.enabled = False
        """On in the first window on the data folder alone: one is enough to offer what comes."""
        self.elsewhere = False
        """Whether another window on the same data watches."""

    @property
    def folder(self) -> Path | None:
        """The watched folder, None when nothing is watched."""
        chosen = self._settings.get(WATCH_FOLDER)
        return Path(chosen) if chosen else None

    @property
    def automatic(self) -> bool:
        """Whether what is certain is imported without asking."""
        return self._settings.get(WATCH_AUTOMATIC)

    @property
    def is_lost(self) -> bool:
        """Whether the folder was away at the last look."""
        return self._lost

    def choose(self, folder: Path) -> None:
        """Watch this folder. What has lain there for more than a day is taken as known.

        Raises UserFault if it is no folder, OSError if the choice cannot be kept.
        """
        folder = folder.absolute()
        if not folder.is_dir():
            raise UserFault(f"“{folder.name}”不是文件夹，或者打不开。", "请另选一个文件夹。")
        self._settings.set(WATCH_FOLDER, str(folder))
        with self._lock:
            self._forget_moment()
            self._memory.begin(str(folder))
            self._memory.save()

    def stop(self) -> None:
        """Watch nothing any more. Raises OSError if that cannot be kept."""
        self._settings.set(WATCH_FOLDER, "")
        with self._lock:
            self._forget_moment()

    def set_automatic(self, automatic: bool) -> None:
        """Import what is certain without asking, or ask. Raises OSError if that cannot be kept."""
        self._settings.set(WATCH_AUTOMATIC, automatic)

    def look(self, now: float, cancel: threading.Event | None = None) -> Look:
        """See what has come, and read one new file. ``now``: seconds of a clock that only goes forward.

        Raises Cancelled; a store that cannot be used leaves the files for the next look.
        """
        folder = self.folder
        if folder is None or not self.enabled:
            return Look()
        try:
            present = list_exports(folder)
        except OSError:
            return self._away(folder)
        with self._lock:
            ready = self._ready(folder, present, now)
        name = next((name for name in ready if can_be_opened(folder / name)), None)  # else somebody still holds it
        found = self._examine(folder, name, present[name], now, cancel) if name is not None else None
        with self._lock:
            if folder != self.folder:  # another one was chosen meanwhile
                return Look()
            self._memory.settle(present)
            self._note_waiting(folder, present)
            more = name is not None and name != ready[-1]
            arriving = self._arriving.keys() - ready - self._tried.keys()
            again = 0.0 if more else STILL_SECONDS if arriving else None
            events = not is_network(folder)
            return Look((found,) if found else (), again, more, waiting=self.waiting, present=True, events=events)

    def bring(self, paths: Sequence[Path], cancel: threading.Event | None = None) -> list[Plan]:
        """Import these files by the ordinary door; each plan says what became of it."""
        plans = self._import_files(paths, cancel)
        gone = set(paths)
        self.waiting = tuple(path for path in self.waiting if path not in gone)
        return plans

    def _away(self, folder: Path) -> Look:
        with self._lock:
            if folder != self.folder:
                return Look()
            first = not self._lost
            self._forget_moment()
            self._lost = True
            return Look(lost=first)

    def _forget_moment(self) -> None:
        self._arriving.clear()
        self._tried.clear()
        self._lost = False
        self.waiting = ()

    def _ready(self, folder: Path, present: dict[str, Stamp], now: float) -> list[str]:
        """Files nobody has dealt with that have not changed for a while, the oldest first."""
        self._lost = False
        if self._memory.folder != str(folder):
            self._memory.begin(str(folder))
        self._memory.recognise_with(self._mark())
        if self._memory.is_new:
            self._know_the_old(present)
        fresh = {name: stamp for name, stamp in present.items() if not self._memory.knows(name, stamp)}
        self._arriving = {name: seen for name, seen in self._arriving.items() if name in fresh}
        ready = []
        for name, stamp in fresh.items():
            seen = self._arriving.get(name)
            if seen is None or seen[0] != stamp:
                self._arriving[name] = (stamp, now)
            elif now - seen[1] >= STILL_SECONDS and self._may_try(name, now):
                ready.append(name)
        return sorted(ready, key=lambda name: (fresh[name].changed, name))

    def _may_try(self, name: str, now: float) -> bool:
        tried = self._tried.get(name)
        return tried is None or now - tried.last >= _RETRY_SECONDS

    def _know_the_old(self, present: dict[str, Stamp]) -> None:
        """At the first look: what was changed since yesterday is looked at, everything older is known."""
        since = (self._today() - _YESTERDAY) * 1e9
        for name, stamp in present.items():
            if stamp.changed < since and not self._memory.knows(name, stamp):
                self._memory.keep(name, Remembered(stamp, Verdict.BEFORE))

    def _examine(
        self, folder: Path, name: str, stamp: Stamp, now: float, cancel: threading.Event | None
    ) -> NewExport | None:
        """Read a file that has come to rest; None unless it is to be offered."""
        path, before = folder / name, self._tried.get(name, _Tried(0, now))
        self._tried[name] = _Tried(before.times + 1, now)  # first: what breaks the reading must not do so for ever
        try:
            plans = self._plan_file(path, cancel) if before.times < _TRIES and is_worth_reading(path) else []
        except StoreUnavailable:
            self._tried[name] = _Tried(before.times, now)  # not the file's fault
            return None
        except Cancelled:
            self._tried.pop(name)
            raise
        with self._lock:
            if folder != self.folder or stamp_of(path) != stamp:
                return None
            contents = tuple(sorted({plan.sha256 for plan in plans if plan.sha256}))
            if plans and not contents and before.times + 1 < _TRIES:
                return None  # it could not even be read: perhaps later
            verdict = self._verdict(plans, contents)
            self._memory.keep(name, Remembered(stamp, verdict, contents))
            self._arriving.pop(name, None)
            self._tried.pop(name, None)
        return _offer(path, plans) if verdict is Verdict.OFFERED else None

    def _verdict(self, plans: Sequence[Plan], contents: tuple[str, ...]) -> Verdict:
        if not is_certain(plans):
            return Verdict.NOT_CERTAIN
        new = any(plan.status is Status.IMPORTED for plan in plans)
        return Verdict.OFFERED if new and not self._memory.knows_contents(contents) else Verdict.KNOWN

    def _note_waiting(self, folder: Path, present: dict[str, Stamp]) -> None:
        offered = self._memory.offered(present)
        if offered:
            live = self._live_contents()
            offered = {name: known for name, known in offered.items() if not set(known.contents) <= set(live)}
        self.waiting = tuple(folder / name for name in offered)


def is_certain(plans: Sequence[Plan]) -> bool:
    """Whether every table of a file is understood without a question: known layout, nothing strange beside it."""
    if not plans or any(plan.status not in _FINE or plan.needs for plan in plans):
        return False
    tables = [plan for plan in plans if plan.status in {Status.IMPORTED, Status.DUPLICATE}]
    return bool(tables) and all(plan.layout for plan in tables)


def _offer(path: Path, plans: Sequence[Plan]) -> NewExport:
    tables = [plan for plan in plans if plan.status is Status.IMPORTED]
    shops = dict.fromkeys(plan.shop for plan in tables if plan.shop)
    periods = [plan.period for plan in tables if plan.period is not None]
    span = Period(min(p.first for p in periods), max(p.last for p in periods)) if periods else None
    rows = sum(plan.rows.read - plan.rows.summary for plan in tables)
    names = dict.fromkeys(plan.layout_name for plan in tables)
    return NewExport(path, tuple(names), "、".join(shops), span, rows)
