"""A verified, rotating copy of the store, made by itself on each day the data changed.

The platforms forget after 31 days: this file is the only history. The copies lie in ``backups`` beside the
store; the key of the buyers' hashes is copied with them.
"""

from __future__ import annotations

import errno
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from csdesk.domain.drafts import draft_of
from csdesk.errors import StoreUnavailable
from csdesk.store import batches
from csdesk.store.database import Store
from csdesk.store.faults import explained
from csdesk.store.keys import KEY_FILE
from csdesk.store.migrate import verified_copy

DAILIES = 7
WEEKLIES = 4
_ROOM_FACTOR = 2
_FULL = "磁盘空间不够，今天的备份没有做成。请清理磁盘空间；数据本身不受影响。"
_NAME = re.compile(r"csdesk-(\d{4}-\d{2}-\d{2})-v(\d+)\.sqlite")


@dataclass(frozen=True, slots=True)
class Copy:
    """One daily copy; ``version`` is the data version it holds."""

    path: Path
    day: date
    version: int


class DueCopy:
    """A daily copy that is due, of the store as it was when this was made, whatever is written meanwhile.

    :meth:`make` (once, in any thread) makes it and lets go of the store.
    """

    def __init__(self, store: Store, conn: sqlite3.Connection, target: Path) -> None:
        self._store = store
        self._conn = conn
        self._target = target

    def make(self) -> Path:
        """The new copy's path. It passed SQLite's integrity check before it took its name; then the last 7 days and
        4 further weeks are kept. Raises StoreUnavailable with a sentence when the disk is full or the store damaged;
        existing copies stay.
        """
        try:
            _copy(self._store, self._conn, self._target)
        finally:
            self._conn.close()
        for old in _superfluous(copies(self._store)):
            old.path.unlink(missing_ok=True)
        return self._target


def due_copy(store: Store, today: date | None = None) -> DueCopy | None:
    """Take hold of the store's present state for today's copy; None if there is one, or one of the same data.

    Holds back no reader and no writer. Raises StoreUnavailable.
    """
    today = today or date.today()
    existing = copies(store)
    if any(copy.day == today for copy in existing):
        return None
    with explained():
        conn = sqlite3.connect(store.path, isolation_level=None, check_same_thread=False)
        try:
            conn.execute("BEGIN")
            version = batches.data_version(conn)  # the first read: from here on this connection sees one state
        except BaseException:
            conn.close()
            raise
    if version == 0 or any(copy.version == version for copy in existing):
        conn.close()
        return None
    return DueCopy(store, conn, store.backups / f"csdesk-{today.isoformat()}-v{version}.sqlite")


class DailyCopies:
    """Makes the copies that are due in a thread of its own, while the work goes on.

    Trouble stops nobody: ``tell`` gets it as a sentence.
    """

    def __init__(self, store: Store, tell: Callable[[str], None]) -> None:
        self._store = store
        self._tell = tell
        self._threads: list[threading.Thread] = []
        self._begun_on: date | None = None

    def begin(self) -> None:
        """Start today's copy if there is none yet and none being made."""
        if any(thread.is_alive() for thread in self._threads):
            return
        try:
            due = due_copy(self._store)
        except StoreUnavailable as trouble:
            self._tell(str(trouble))
            return
        if due is not None:
            thread = threading.Thread(target=self._make, args=(due,), name="daily copy")
            self._threads.append(thread)
            thread.start()

    def before_change(self) -> None:
        """Start the copy of the state before the day's first change."""
        today = date.today()
        if self._begun_on != today:
            self._begun_on = today
            self.begin()

    def finish(self) -> None:
        """Wait for the copies that are being made."""
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _make(self, due: DueCopy) -> None:
        try:
            due.make()
        except StoreUnavailable as trouble:
            self._tell(str(trouble))


def _copy(store: Store, conn: sqlite3.Connection, target: Path) -> None:
    try:
        target.parent.mkdir(exist_ok=True)  # no parents: a data folder that has gone is not made anew
        if shutil.disk_usage(target.parent).free < _ROOM_FACTOR * store.path.stat().st_size:
            raise StoreUnavailable(_FULL)
        with explained():
            verified_copy(conn, target)
        _copy_key(store, target.parent)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StoreUnavailable(_FULL) from error
        raise StoreUnavailable(f"备份没有做成：无法写入 {target.parent}。请检查文件夹权限。") from error


def copies(store: Store) -> list[Copy]:
    """The daily copies there are, newest first."""
    if not store.backups.is_dir():
        return []
    found = [
        Copy(path, date.fromisoformat(match[1]), int(match[2]))
        for path in store.backups.iterdir()
        if (match := _NAME.fullmatch(path.name))
    ]
    return sorted(found, key=lambda copy: (copy.day, copy.version), reverse=True)


def _superfluous(existing: list[Copy]) -> list[Copy]:
    """What is neither one of the newest 7 nor the newest of one of the 4 weeks before them."""
    kept = existing[:DAILIES]
    weeks: dict[date, Copy] = {}
    for copy in existing[DAILIES:]:
        weeks.setdefault(copy.day - timedelta(days=copy.day.weekday()), copy)
    kept += list(weeks.values())[:WEEKLIES]
    return [copy for copy in existing if copy not in kept]


def _copy_key(store: Store, folder: Path) -> None:
    source, target = store.data_dir / KEY_FILE, folder / KEY_FILE
    if source.exists() and (not target.exists() or target.read_bytes() != source.read_bytes()):
        draft = draft_of(target)
        shutil.copy2(source, draft)  # keeps the mode 0600
        draft.replace(target)
