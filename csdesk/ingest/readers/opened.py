"""Getting at a file's bytes, through a copy where another program holds it open."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from csdesk.errors import UserFault
from csdesk.ingest.readers.faults import ReadFault
from csdesk.ingest.readers.placeholders import is_placeholder
from csdesk.ingest.readers.trouble import HELD_OPEN, IN_THE_CLOUD, unreadable

_TRIES = 4
_PAUSE_SECONDS = 0.25  # a program that saves holds its file for moments


@contextmanager
def readable(path: Path) -> Iterator[Path]:
    """The file itself, or a copy of it where another program holds it open (WPS and Excel on Windows).

    Raises ReadFault that says what is in the way.
    """
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        if getattr(error, "winerror", None) not in HELD_OPEN:
            raise unreadable(error, path) from None
    else:
        yield path
        return
    from csdesk.ingest.scratch import Scratch  # noqa: PLC0415  (rarely needed)

    try:
        scratch = Scratch()
    except UserFault as fault:
        raise ReadFault("unreadable", fault.message, fault.advice) from fault
    with scratch:
        copy = scratch.path / path.name  # the name tells shops and days, and is the sheet of a csv
        _copy_patiently(path, copy)
        yield copy


def _copy_patiently(path: Path, copy: Path) -> None:
    for attempt in range(_TRIES):
        try:
            copy_held(path, copy)
        except OSError as error:
            if getattr(error, "winerror", None) not in HELD_OPEN or attempt == _TRIES - 1:
                raise unreadable(error, path) from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def copy_held(path: Path, copy: Path) -> None:
    """Copy a file others have open; raises OSError. Windows' own copying asks for less than opening the file does."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  (Windows only)

        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        if not kernel32.CopyFileW(str(path), str(copy), True):
            raise ctypes.WinError(ctypes.get_last_error())
    else:
        shutil.copyfile(path, copy)


def explain_by_place(fault: ReadFault, path: Path) -> ReadFault:
    """The fault as it is, or what really lies behind it in a synced folder: the file is not here yet."""
    try:
        status = path.stat()
    except OSError:
        return fault
    if is_placeholder(status) and fault.kind in {"stalled", "unreadable", "damaged", "empty"}:
        return ReadFault("unreadable", *IN_THE_CLOUD)
    if fault.kind == "empty" and status.st_size == 0:
        from csdesk.store.folders import synced_part  # noqa: PLC0415  (rarely needed)

        if synced_part(path.parent):
            return ReadFault("partial_download", "这个文件在同步盘里还没有下载下来（大小是 0）。", IN_THE_CLOUD[1])
    return fault
