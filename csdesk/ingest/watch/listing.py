"""What lies in the watched folder that may be an export, told by names, sizes and times alone."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import NamedTuple

from csdesk.ingest.readers.placeholders import is_placeholder
from csdesk.ingest.readers.sniff import LOCK_PREFIXES, PARTIAL_SUFFIXES

ENDINGS = frozenset({".xlsx", ".xls", ".xlsm", ".xlsb", ".et", ".ods", ".csv", ".txt", ".zip"})
_MOST_BYTES = 400 << 20
_MOST_UNPACKED = 800 << 20
_MOST_TEXT = 20 << 20  # a longer .txt is a log, not a chat somebody copied


class Stamp(NamedTuple):
    """A file's size in bytes and time of last change in ns: while both stay, it is the same file."""

    size: int
    changed: int


def list_exports(folder: Path) -> dict[str, Stamp]:
    """Name → stamp of the files directly in ``folder`` that may be exports and are not visibly half there.

    Reads no file. Raises OSError when the folder cannot be listed.
    """
    with os.scandir(folder) as found:
        entries = [entry for entry in found if not entry.name.startswith((*LOCK_PREFIXES, "."))]
    names = {entry.name.casefold() for entry in entries}
    listed: dict[str, Stamp] = {}
    for entry in entries:
        if os.path.splitext(entry.name)[1].casefold() not in ENDINGS or _is_arriving(entry.name.casefold(), names):  # noqa: PTH122
            continue
        try:
            if not entry.is_file():
                continue
            status = entry.stat()
        except OSError:
            continue  # gone again meanwhile
        if 0 < status.st_size <= _limit(entry.name) and not is_placeholder(status):
            listed[entry.name] = Stamp(status.st_size, status.st_mtime_ns)
    return listed


def _is_arriving(name: str, names: set[str]) -> bool:
    """Whether a browser still writes it under another name beside it."""
    return any(name + suffix in names for suffix in PARTIAL_SUFFIXES)


def _limit(name: str) -> int:
    return _MOST_TEXT if name.casefold().endswith(".txt") else _MOST_BYTES


def stamp_of(path: Path) -> Stamp | None:
    """The file's stamp now; None if it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return Stamp(status.st_size, status.st_mtime_ns)


def can_be_opened(path: Path) -> bool:
    """Whether the file can be read at this moment."""
    try:
        with path.open("rb") as file:
            return bool(file.read(1))
    except OSError:
        return False


def is_worth_reading(path: Path) -> bool:
    """False for archives that hold no table or are huge: nobody asked for them to be unpacked."""
    if path.suffix.casefold() != ".zip":
        return True
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return False
    tables = [member for member in members if Path(member.filename).suffix.casefold() in ENDINGS]
    return bool(tables) and sum(member.file_size for member in members) <= _MOST_UNPACKED
