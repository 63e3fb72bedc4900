"""Bounds on the reading child: memory, life time, and how its progress is seen from outside."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import subprocess

_MEGABYTE = 1024 * 1024
_PR_SET_PDEATHSIG = 1
_SIGKILL = 9


class ReadLimits(NamedTuple):
    """``memory_mb`` bounds the child's address space, ``stall_seconds`` the time without progress."""

    memory_mb: int = 900
    stall_seconds: float = 10.0


def memory_allowance(limits: ReadLimits, size: int) -> int:
    """Bytes of memory the child may take for a file of ``size`` bytes on disk.

    A large honest workbook needs more than the ordinary bound: about ten times its size once it is
    unpacked into cells. The size on disk is what counts, never what an archive claims, so that a
    small hostile file gets no more than any other.
    """
    return limits.memory_mb * _MEGABYTE + max(0, size - 30 * _MEGABYTE) * 16


def patience(limits: ReadLimits, size: int) -> float:
    """Seconds of waiting a file of ``size`` bytes is worth in all.

    Small files get a fixed answer time a little under the stall limit, so that a hostile one which
    keeps "making progress" ends too; every further megabyte earns four seconds, more than ten times
    what a slow machine needs.
    """
    return 0.8 * limits.stall_seconds + 4.0 * max(0.0, size / _MEGABYTE - 1.0)


def bound_this_process(memory: int) -> None:
    """In the child: take the memory limit and end with the parent (POSIX; Windows: see csdesk.ingest.readers.job)."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  (POSIX only)

    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        _, hard = resource.getrlimit(kind)
        wanted = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        try:
            resource.setrlimit(kind, (wanted, hard))
        except (ValueError, OSError):  # macOS refuses some of them
            continue
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  (Linux only)

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)


def peak_memory_mb() -> float:
    """Largest resident size of this process since it started, in MB; 0 where the system does not say.

    On Linux not from getrusage: that counts the parent's size at the moment of the fork as well.
    """
    try:
        status = Path("/proc/self/status").read_text("ascii", errors="replace")
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    except (OSError, IndexError, ValueError):
        return 0.0


def bytes_read_probe(child: subprocess.Popen[bytes]) -> Callable[[], int | None]:
    """A function telling how many bytes the child has read so far, None where that cannot be seen.

    This is the honest sign of progress while a library parses in one long call: parsers read the
    file as they go, and a parser running in circles reads nothing.
    """
    if sys.platform == "win32":
        return _windows_probe(child)
    counters = Path(f"/proc/{child.pid}/io")

    def probe() -> int | None:
        try:
            first = counters.read_text("ascii").split("\n", 1)[0]
        except OSError:
            return None
        return int(first.partition(":")[2])

    return probe


def _windows_probe(child: subprocess.Popen[bytes]) -> Callable[[], int | None]:
    import ctypes  # noqa: PLC0415  (Windows only)

    handle = int(getattr(child, "_handle", 0))
    kernel32: Any = getattr(ctypes, "windll").kernel32  # noqa: B009  (absent from stubs elsewhere)

    def probe() -> int | None:
        counters = (ctypes.c_ulonglong * 6)()  # IO_COUNTERS: operations r/w/o, then bytes r/w/o
        if not kernel32.GetProcessIoCounters(ctypes.c_void_p(handle), ctypes.byref(counters)):
            return None
        return int(counters[3])

    return probe
