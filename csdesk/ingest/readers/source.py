"""Reading a file from the program's side: start the child, take its chunks, bound it, end it.

**How a stall is told from hard work.** Parsing a large honest workbook is one long call into a
library, with nothing to show for it until it ends. What can be seen from outside is how many bytes
the child has read of the file: parsers read as they go. So "progress" is a frame received or more
bytes read, and ten seconds without either end the child. A hostile file can be made to look busy,
so there is also an allowance of waiting in all, growing with the size on disk (``limits.patience``):
about eight seconds for a small file, which no honest small file needs. Only time spent waiting for
the child counts, never the time our own side takes.

A child that dies (a library's abort, the memory limit) before it sent any row is started once more
without the reader that killed it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Self

import csdesk
from csdesk.errors import Cancelled
from csdesk.ingest.model import RawChunk
from csdesk.ingest.readers.columns import unpack
from csdesk.ingest.readers.faults import ReadFault
from csdesk.ingest.readers.frames import Frame, read_frame, write_frame
from csdesk.ingest.readers.job import AssignedJob
from csdesk.ingest.readers.limits import ReadLimits, bytes_read_probe, memory_allowance, patience
from csdesk.ingest.readers.opened import explain_by_place, readable
from csdesk.ingest.readers.orders import order
from csdesk.ingest.readers.sniff import Sniffed, check_name, sniff
from csdesk.ingest.readers.worker import worker_command

__all__ = ["ChunkStream", "ReadFault", "ReadLimits", "Sniffed", "read_chunks", "sniff", "worker_command"]

_TICK = 0.1
_AHEAD = 4
_TEXTS = "csv"


def read_chunks(
    path: Path,
    *,
    limits: ReadLimits | None = None,
    cancel: threading.Event | None = None,
    on_progress: Callable[[float], None] | None = None,
) -> ChunkStream:
    """Stream the filled sheets of a file, hidden ones too, chunk by chunk in sheet order.

    The child starts at once, so whatever the caller does before asking for the first chunk costs no time.

    The first chunk of a sheet is short (64 rows), later ones have about 4096. Raises ReadFault
    (while iterating) when there is nothing to read, Cancelled when ``cancel`` is set. ``on_progress``
    gets the share done, 0 to 1. The child ends with the stream: use it in ``with`` or exhaust it. Rows can be cleaned
    by the child already, see :class:`~csdesk.ingest.model.RawChunk`.
    """
    return ChunkStream(path, limits or ReadLimits(), cancel, on_progress)


class ChunkStream(Iterator[RawChunk]):
    """The chunks of one file. ``notes`` (Chinese) and ``peak_mb`` (the child's memory) fill up while reading."""

    def __init__(
        self,
        path: Path,
        limits: ReadLimits,
        cancel: threading.Event | None,
        on_progress: Callable[[float], None] | None,
    ) -> None:
        self.path = path
        self.notes: list[str] = []
        self.kind = ""
        self.peak_mb = 0.0
        self._limits = limits
        self._cancel = cancel
        self._on_progress = on_progress
        self._waited = 0.0
        self._done = 0.0
        self._held = contextlib.ExitStack()
        self._fault: ReadFault | None = None
        self._child: _Child | None = None
        self._sent_rows = False
        self._skipped: list[str] = []
        self._question = 0
        try:
            check_name(path)
            self._file = self._held.enter_context(readable(path))
            self._size = self._file.stat().st_size
            self._child = self._start(self._skipped)
        except ReadFault as fault:
            self._fault = fault
        except OSError as error:  # no room for the child's error output, or no child
            self._fault = _no_child(error)

    @property
    def file(self) -> Path:
        """The file whose bytes are read: a copy where another program holds it open. Raises ReadFault."""
        self._raise_fault()
        return self._file

    def _raise_fault(self) -> None:
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise explain_by_place(fault, self.path)

    def __next__(self) -> RawChunk:
        self._raise_fault()
        try:
            self._answer(self._question, None)
            chunk = self._next_chunk()
        except ReadFault as fault:
            self.close()
            raise explain_by_place(fault, self.path) from None
        except BaseException:
            self.close()
            raise
        if chunk is None:
            self.close()
            raise StopIteration
        return chunk

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """End the child, however far it has come. Safe to call twice; nothing comes after it."""
        self._end_child()
        self._held.close()

    def _start(self, skipped: list[str]) -> _Child:
        return _Child(self._file, memory_allowance(self._limits, self._size), skipped)

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def _next_chunk(self) -> RawChunk | None:
        """The next chunk, None at the end; starts a second child where the first died before it sent any row."""
        while self._child is not None:
            frame = self._next_frame(self._child, self._size)
            if frame is None:
                self._start_again(self._child)
            elif frame[0] in ("rows", "clean"):
                self._sent_rows = True
                return self._chunk(frame)
            elif frame[0] == "done":
                self.peak_mb = float(frame[1])
                self._progress(1.0)
                return None
            else:
                self._take(frame, self._child)
        return None

    def _chunk(self, frame: Frame) -> RawChunk:
        match frame:
            case ("rows", sheet, number, first_row, columns, done, question):
                self._progress(float(done))
                self._question = int(question)
                ask = partial(self._answer, self._question) if question else None
                cells = [unpack(column) for column in columns]
                return RawChunk(_writable(sheet), int(number), int(first_row), cells, ask)
            case (_, sheet, number, first_row, span, columns, findings, done):
                from csdesk.ingest.readers.rows import unpack_rows  # noqa: PLC0415  (rows as they are do without)

                self._progress(float(done))
                cleaned = unpack_rows(span, columns, findings)
                return RawChunk(_writable(sheet), int(number), int(first_row), (), cleaned=cleaned)
        raise ValueError("unknown frame")

    def _answer(self, question: int, rules: object | None) -> bool:
        """Tell the child what to do with the sheet it asks about; False where that is no longer open."""
        if not question or question != self._question or self._child is None:
            return False
        self._question = 0
        self._child.tell(order(question, rules))
        return True

    def _take(self, frame: Frame, child: _Child) -> None:
        match frame:
            case ("beat", float() as done):
                self._progress(done)
            case ("kind", str() as kind, str() as reader):
                self.kind, child.reader = kind, reader
            case ("note", str() as text):
                self.notes.append(text)
            case ("fault", str() as kind, str() as message, str() as advice):
                raise ReadFault(kind, message, advice)

    def _start_again(self, dead: _Child) -> None:
        """Once more without the reader that killed the child; raises ReadFault where that makes no sense."""
        if self._sent_rows or not dead.reader or dead.reader in self._skipped:
            raise _fault_of_death(dead.errors(), self._size)
        self._skipped.append(dead.reader)
        self._end_child()
        self._child = self._start(self._skipped)

    def _progress(self, done: float) -> None:
        if self._on_progress and done >= self._done:
            self._done = min(1.0, done)
            self._on_progress(self._done)

    def _read_so_far(self, child: _Child, read: int, size: int) -> None:
        """Progress of a library that reads a workbook in one long call. Texts, sniffed at first, tell their own."""
        if child.reader not in ("", _TEXTS) and size:
            self._progress(0.7 * min(1.0, child.share_read(read, size)))

    def _next_frame(self, child: _Child, size: int) -> Frame | None:
        """Wait for the next frame; raises ReadFault("stalled") and Cancelled."""
        started = progressed = time.monotonic()
        seen = child.bytes_read()
        while True:
            if self._cancel is not None and self._cancel.is_set():
                raise Cancelled
            with contextlib.suppress(queue.Empty):
                frame = child.frames.get(timeout=_TICK)
                self._waited += time.monotonic() - started
                if self._waited > patience(self._limits, size):
                    raise ReadFault("stalled")
                return frame
            now = time.monotonic()
            read = child.bytes_read()
            if read is not None and read != seen:
                seen, progressed = read, now
                self._read_so_far(child, read, size)
            waited = self._waited + now - started
            if now - progressed > self._limits.stall_seconds or waited > patience(self._limits, size):
                raise ReadFault("stalled")


class _Child:
    """One reading process, its frames in a short queue, its error output in a temporary file."""

    def __init__(self, path: Path, memory: int, skipped: list[str]) -> None:
        self.reader = ""
        self.frames: queue.Queue[Frame | None] = queue.Queue(maxsize=_AHEAD)
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed in end())
        self._process = subprocess.Popen(
            worker_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            bufsize=0,
        )
        self._job = AssignedJob(self._process, memory)
        self.bytes_read = bytes_read_probe(self._process)
        self._ended = threading.Event()
        self._pump = threading.Thread(target=self._receive, daemon=True)
        self.tell(("read", str(path.absolute()), memory, list(skipped)))
        self._before = self.bytes_read() or 0
        self._pump.start()

    def tell(self, frame: Frame) -> None:
        """Send the child a message; one that is dead shows as the end of its frames."""
        with contextlib.suppress(OSError):
            write_frame(self._stdin, frame)

    @property
    def _stdin(self) -> int:
        assert self._process.stdin is not None  # noqa: S101  (opened as a pipe above)
        return self._process.stdin.fileno()

    def share_read(self, read: int, size: int) -> float:
        """Rough share of the file the child has taken in."""
        return max(0, read - self._before) / size

    def _receive(self) -> None:
        assert self._process.stdout is not None  # noqa: S101  (opened as a pipe above)
        source = self._process.stdout.fileno()
        frame: Frame | None = ()
        while frame is not None and not self._ended.is_set():
            try:
                frame = read_frame(source)
            except (OSError, ValueError, EOFError, TypeError):
                frame = None
            while not self._ended.is_set():
                with contextlib.suppress(queue.Full):
                    self.frames.put(frame, timeout=_TICK)
                    break

    def errors(self) -> bytes:
        """The last of what the child wrote to its error output."""
        self._process.wait()
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - 4096))
        return self._errors.read()

    def end(self) -> None:
        """Kill the process if it lives, and wait until it and the pump are gone."""
        self._ended.set()
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        self._pump.join()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._job.close()


def _fault_of_death(errors: bytes, size: int) -> ReadFault:
    """A dead child: out of memory on a large file, else a file that breaks its readers."""
    if b"memory allocation of" in errors and size > 20 << 20:
        return ReadFault("too_large")
    return ReadFault("damaged")


def _no_child(error: OSError) -> ReadFault:
    """Why the reading process could not be started."""
    from csdesk.ingest.scratch import is_full, no_room  # noqa: PLC0415  (rarely needed)

    if is_full(error):
        fault = no_room(error)
        return ReadFault("unreadable", fault.message, fault.advice)
    return ReadFault("unreadable", "读表的程序启动不了，可能是内存不够。", "请关掉一些别的程序再试。")


def _writable(sheet: object) -> str:
    """A sheet's name; that of a csv is its file's, which may hold letters no text can be written with."""
    return str(sheet).encode("utf-8", "replace").decode("utf-8")


def _environment() -> dict[str, str]:
    """The child finds modules where this process does, and the program also when it is not installed."""
    roots = [str(Path(csdesk.__file__).resolve().parents[1]), *sys.path]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, roots)),
        "RUST_BACKTRACE": "0",
        "OPENBLAS_NUM_THREADS": "1",  # numpy would keep memory for every processor ready, and the child has a limit
        "PYTHONUTF8": "1",
    }
