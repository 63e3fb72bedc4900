"""SQLite's errors as sentences for the owner, told apart by code, never by text."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from csdesk.errors import Cancelled, StoreUnavailable

_PRIMARY = 0xFF
_NEEDED_TO_OPEN = 1 << 18  # the write-ahead log and its index

_SENTENCES = {
    sqlite3.SQLITE_BUSY: "数据文件正被另一个程序使用。请关闭其他打开着的本软件窗口或命令，稍后再试。",
    sqlite3.SQLITE_LOCKED: "数据文件正被另一个程序使用。请关闭其他打开着的本软件窗口或命令，稍后再试。",
    sqlite3.SQLITE_FULL: "磁盘已满，数据没有写入。请清理磁盘空间后再试；已有数据不受影响。",
    sqlite3.SQLITE_READONLY: "数据文件是只读的，无法写入。请检查数据文件夹的权限，或换一个文件夹。",
    sqlite3.SQLITE_PERM: "没有权限使用数据文件。请检查数据文件夹的权限，或换一个文件夹。",
    sqlite3.SQLITE_CANTOPEN: "打不开数据文件。请检查数据文件夹是否存在、是否可以写入。",
    sqlite3.SQLITE_CORRUPT: "数据文件已损坏。请先把整个数据文件夹复制一份留存，再从 backups 文件夹里的备份恢复。",
    sqlite3.SQLITE_NOTADB: "这不是本软件的数据文件（可能已损坏或被替换）。请从 backups 文件夹里的备份恢复。",
    sqlite3.SQLITE_IOERR: "读写数据文件时磁盘出错。请检查磁盘是否已满、是否被拔出，或文件夹是否在网络盘、同步盘上。",
}


class StoreFault(StoreUnavailable):
    """:class:`StoreUnavailable` with the SQLite result code (primary), for tests and logs."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def explained_by_folder(fault: StoreFault, folder: Path) -> StoreFault:
    """The fault of opening a store, told more exactly where its folder shows what is behind it."""
    if fault.code not in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}:
        return fault
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return fault
    if free < _NEEDED_TO_OPEN:
        return StoreFault(_SENTENCES[sqlite3.SQLITE_FULL], sqlite3.SQLITE_FULL)
    if not os.access(folder, os.W_OK):
        return StoreFault(_SENTENCES[sqlite3.SQLITE_READONLY], sqlite3.SQLITE_READONLY)
    return fault


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the environment did to SQLite into StoreUnavailable, and interrupts into Cancelled.

    Anything else SQLite raises (bad SQL, broken constraint) is our bug and passes through.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:
            raise
        if code & _PRIMARY == sqlite3.SQLITE_INTERRUPT:
            raise Cancelled from error
        sentence = _SENTENCES.get(code & _PRIMARY)
        if sentence is None:
            raise
        raise StoreFault(sentence, code & _PRIMARY) from error
