"""The store: one SQLite file in WAL mode, one connection that writes, one reading connection for each thread."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Self

from csdesk.domain.drafts import sweep_drafts
from csdesk.errors import StoreUnavailable
from csdesk.store import batches, keys
from csdesk.store.faults import StoreFault, explained, explained_by_folder
from csdesk.store.folders import folder_notice
from csdesk.store.migrate import Step, all_steps, migrate

Connection = sqlite3.Connection
"""What :meth:`Store.reading` gives; rooms outside the store name its type by this."""

STORE_FILE = "csdesk.sqlite"
BACKUPS = "backups"

_BUSY_MS = 5000
_WRITER_CACHE_KIB = 64 * 1024
_READER_CACHE_KIB = 16 * 1024
_CANCEL_EVERY = 20_000  # SQLite's virtual machine steps: about a millisecond
_GONE = (
    "数据文件不在原来的地方了（文件夹被移走、改名，或所在的盘断开了），这次的改动没有写入。"
    "请把数据文件夹放回 {folder}，再重新打开本软件。"
)
_OLDEST_SQLITE = (3, 35, 0)


class Store:
    """The open data file of one data folder.

    All writing goes through :meth:`writing`, one at a time. ``notices`` are Chinese sentences the owner
    should see (network folder, lost key). Safe to use from several threads; :meth:`close` it at the end.
    """

    def __init__(self, data_dir: Path, steps: list[Step] | None = None) -> None:
        self.data_dir = data_dir
        self.path = data_dir / STORE_FILE
        self.backups = data_dir / BACKUPS
        self.notices: list[str] = []
        self._lock = threading.RLock()
        self._readers: dict[int, tuple[threading.Thread, sqlite3.Connection]] = {}
        self._readers_lock = threading.Lock()
        try:
            self._writer = self._open_writer(all_steps() if steps is None else steps)
        except StoreFault as fault:
            raise explained_by_folder(fault, data_dir) from fault
        self._opened = self.path.stat()
        self._note_surroundings()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def data_version(self) -> int:
        """Grows with every load and undo, by this process or another."""
        with self.reading() as conn:
            return batches.data_version(conn)

    @cached_property
    def buyer_key(self) -> bytes:
        """The key of the buyer hashes (made with the data folder); see :mod:`csdesk.store.keys`. Read at opening."""
        return keys.buyer_key(self.data_dir)

    @contextmanager
    def writing(self, cancel: threading.Event | None = None, *, keep: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction: committed at the end (with ``keep``), undone wholly by any exception.

        ``cancel`` ends a running statement within milliseconds (raises Cancelled). Raises StoreUnavailable
        when the file cannot be written here and now.
        """
        with self._lock, explained():
            conn = self._writer
            self._check_still_there()
            if cancel is not None:
                conn.set_progress_handler(cancel.is_set, _CANCEL_EVERY)
            conn.execute("BEGIN IMMEDIATE")
            try:
                yield conn
                conn.set_progress_handler(None, 0)
                self._check_still_there()
                conn.execute("COMMIT" if keep else "ROLLBACK")
                if not keep:
                    _shrink_log(conn)
            except BaseException:
                conn.set_progress_handler(None, 0)
                if conn.in_transaction:  # not where SQLite took all back itself, as it does with a statement cut short
                    conn.execute("ROLLBACK")
                _shrink_log(conn)
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's reading connection, all reads inside seeing one state of the store."""
        with explained():
            conn = self._reader()
            nested = conn.in_transaction  # then the outer one holds the snapshot
            if not nested:
                conn.execute("BEGIN")
            try:
                yield conn
            finally:
                if not nested:
                    conn.execute("ROLLBACK")

    def close(self) -> None:
        """Move everything into the one file and let go of it. Not while other threads still read."""
        with self._lock:
            with self._readers_lock:
                for _, conn in self._readers.values():
                    conn.close()
                self._readers.clear()
            try:
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error:  # already closed, disk full, read-only: what was committed is in the log
                pass
            finally:
                self._writer.close()

    def _check_still_there(self) -> None:
        """Raise StoreUnavailable where the file is gone: a system that lets it be moved while it is open would write
        into what nobody will ever find again.
        """
        try:
            found = self.path.stat()
        except OSError as error:
            raise StoreUnavailable(_GONE.format(folder=self.data_dir)) from error
        if found.st_ino and (found.st_dev, found.st_ino) != (self._opened.st_dev, self._opened.st_ino):
            raise StoreUnavailable(_GONE.format(folder=self.data_dir))

    def _reader(self) -> sqlite3.Connection:
        me = threading.current_thread()
        with self._readers_lock:
            known = self._readers.get(id(me))
            if known is not None and known[0] is me:
                return known[1]
            for key, (thread, conn) in list(self._readers.items()):
                if not thread.is_alive():
                    conn.close()
                    del self._readers[key]
            conn = _connect(self.path)
            conn.execute("PRAGMA query_only = ON")
            conn.execute(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")
            self._readers[id(me)] = (me, conn)
            return conn

    def _open_writer(self, steps: list[Step]) -> sqlite3.Connection:
        if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
            found = sqlite3.sqlite_version
            raise StoreUnavailable(f"本机的 SQLite 太旧（{found}），需要 3.35 以上。请安装新版 Python。")
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"无法使用数据文件夹 {self.data_dir}。请检查权限，或换一个文件夹。") from error
        for folder in (self.data_dir, self.backups):
            sweep_drafts(folder)
        with explained():
            conn = _connect(self.path)
            try:
                conn.execute("PRAGMA journal_mode = WAL")
                conn.execute("PRAGMA synchronous = FULL")
                conn.execute("PRAGMA foreign_keys = ON")
                conn.execute("PRAGMA secure_delete = ON")
                conn.execute(f"PRAGMA cache_size = -{_WRITER_CACHE_KIB}")
                migrate(conn, steps, self.backups)
                conn.execute("SELECT key FROM meta LIMIT 1").fetchone()
            except BaseException:
                conn.close()
                raise
        return conn

    def _note_surroundings(self) -> None:
        notice = folder_notice(self.data_dir)
        if notice:
            self.notices.append(notice)
        try:
            self._check_key()
        except BaseException:
            self.close()
            raise

    def _check_key(self) -> None:
        mark = keys.key_mark(self.buyer_key)
        with self.reading() as conn:
            known = conn.execute("SELECT value FROM meta WHERE key = 'buyer_key_mark'").fetchone()
        if known is None:
            with self.writing() as conn:
                conn.execute("INSERT OR IGNORE INTO meta (key, value) VALUES ('buyer_key_mark', ?)", (mark,))
        elif known[0] != mark:
            self.notices.append(
                "买家密钥文件 buyer.key 与数据不是一套：新导入的买家无法与以前的对上。请从备份里恢复原来的 buyer.key。"
            )


def _shrink_log(conn: sqlite3.Connection) -> None:
    """Give back what a large transaction that came to nothing has left in the log; not worth waiting for readers."""
    with contextlib.suppress(sqlite3.Error):
        conn.execute("PRAGMA busy_timeout = 0")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")


def open_store(data_dir: Path) -> Store:
    """Open (or make) the store of a data folder; raises StoreUnavailable with a Chinese sentence."""
    return Store(data_dir)


def _connect(path: Path) -> sqlite3.Connection:
    # check_same_thread: the writer is used under a lock, readers by one thread each; close() may come from another.
    conn = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    conn.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    return conn
