"""Files still being written: their names say who writes them, so that what a killed program left can be swept."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import sys
from pathlib import Path

_LONGEST = 180  # bytes of the target's name: together with the rest below the 255 a file system takes
_DRAFT = re.compile(r"\.(.*)\.(\d+)\.[0-9a-f]{8}\.part(?:-journal|-wal|-shm)?")


def draft_of(path: Path) -> Path:
    """A new name in the folder of ``path`` under which to write what is to replace it."""
    return path.with_name(f".{_stem(path.name)}.{os.getpid()}.{secrets.token_hex(4)}.part")


def sweep_drafts(folder: Path, name: str = "") -> None:
    """Remove the drafts (of the file ``name``, or all) whose writers do not live any more. Trouble is none of ours."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in list(entries):
            match = _DRAFT.fullmatch(entry.name)
            if match and name in ("", match[1]) and not _lives(int(match[2])):
                with contextlib.suppress(OSError):
                    Path(entry.path).unlink()


def sweep_drafts_of(path: Path) -> None:
    """Remove what killed programs left of ``path``."""
    sweep_drafts(path.parent, _stem(path.name))


def _stem(name: str) -> str:
    return os.fsencode(name)[:_LONGEST].decode("utf-8", "ignore")


if sys.platform == "win32":

    def _lives(process: int) -> bool:
        import ctypes  # noqa: PLC0415  (Windows only)

        limited_information, denied, still_active = 0x1000, 5, 259
        kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel32.OpenProcess.restype = ctypes.c_void_p
        handle = kernel32.OpenProcess(limited_information, False, process)
        if not handle:
            return ctypes.get_last_error() == denied
        code = ctypes.c_ulong()
        kernel32.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
        kernel32.CloseHandle(ctypes.c_void_p(handle))
        return code.value == still_active

else:

    def _lives(process: int) -> bool:
        try:
            os.kill(process, 0)
        except PermissionError:
            return True
        except (ProcessLookupError, OverflowError):
            return False
        return True
