"""A file held for as long as a process lives: the system lets go of it also when the process is killed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO


class HeldFile:
    """Says to every other process that this one is at work here. :meth:`close` (or the process' end) lets go."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self._file = file

    def close(self) -> None:
        """Let go. Safe to call twice; the file itself stays."""
        self._file.close()


def hold(path: Path) -> HeldFile | None:
    """Take hold of ``path`` (made if need be); None while another process holds it. Never waits.

    Raises OSError where the file cannot be opened or the file system knows no locks.
    """
    file = path.open("ab")
    try:
        if _lock(file):
            return HeldFile(path, file)
    except BaseException:
        file.close()
        raise
    file.close()
    return None


if sys.platform == "win32":

    def _lock(file: IO[bytes]) -> bool:
        import msvcrt  # noqa: PLC0415  (Windows only)

        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True

else:

    def _lock(file: IO[bytes]) -> bool:
        import fcntl  # noqa: PLC0415  (POSIX only)

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
