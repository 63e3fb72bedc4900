"""A Windows Job Object around the reading child."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import Any


class _BasicLimits(ctypes.Structure):
    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class _ExtendedLimits(ctypes.Structure):
    _fields_ = (
        ("BasicLimitInformation", _BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class AssignedJob:
    """On Windows a Job Object holding the child: bounds its memory and kills it when we end.

    Elsewhere it does nothing; the child bounds itself (:func:`bound_this_process`).
    """

    _LIMIT_PROCESS_MEMORY = 0x100
    _LIMIT_DIE_ON_FAULT = 0x400
    _KILL_ON_CLOSE = 0x2000
    _EXTENDED_INFORMATION = 9

    def __init__(self, child: subprocess.Popen[bytes], memory: int) -> None:
        self._job: int | None = None
        if sys.platform == "win32":
            self._assign(child, memory)

    def _assign(self, child: subprocess.Popen[bytes], memory: int) -> None:
        kernel32: Any = getattr(ctypes, "windll").kernel32  # noqa: B009  (absent from stubs elsewhere)
        kernel32.CreateJobObjectW.restype = ctypes.c_void_p
        job = kernel32.CreateJobObjectW(None, None)
        if not job:
            return
        bounds = _ExtendedLimits()
        bounds.BasicLimitInformation.LimitFlags = (
            self._LIMIT_PROCESS_MEMORY | self._LIMIT_DIE_ON_FAULT | self._KILL_ON_CLOSE
        )
        bounds.ProcessMemoryLimit = memory
        kernel32.SetInformationJobObject(
            ctypes.c_void_p(job), self._EXTENDED_INFORMATION, ctypes.byref(bounds), ctypes.sizeof(bounds)
        )
        kernel32.AssignProcessToJobObject(ctypes.c_void_p(job), ctypes.c_void_p(int(getattr(child, "_handle", 0))))
        self._job = job

    def close(self) -> None:
        """Let go of the job; whatever still runs in it ends."""
        if self._job is not None:
            getattr(ctypes, "windll").kernel32.CloseHandle(ctypes.c_void_p(self._job))  # noqa: B009
            self._job = None
