"""The reading child: opens one file and streams its rows to its standard output.

It runs apart because three of the libraries' failures cannot be caught in one's own process: a
Rust abort, a runaway allocation and an endless loop. It is told what to read in one frame on its
standard input and answers with frames:

- ``("kind", kind, reader)``: what the file is, which reader is trying it now;
- ``("rows", sheet, sheet index, first row, packed columns, share done, question)``: rows as they are; a question
  above 0 asks what to do with the sheet, of which there is more (see :mod:`csdesk.ingest.readers.orders`);
- ``("clean", sheet, sheet index, first row, rows, packed columns, findings, share done)``: rows cleaned as told;
- ``("beat", share done)``: still reading, nothing to send; ``("note", text)``: a word for the owner;
- last of all ``("done", peak memory in MB)`` or ``("fault", kind, message, advice)``.

Its standard input stays open for as long as the program wants it, for the answers; at its end the child ends too.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from pathlib import Path
from typing import Any

from csdesk.ingest.readers.emit import Emitter
from csdesk.ingest.readers.faults import ReadFault
from csdesk.ingest.readers.frames import Frame, read_frame, write_frame
from csdesk.ingest.readers.limits import bound_this_process, peak_memory_mb
from csdesk.ingest.readers.orders import Orders
from csdesk.ingest.readers.sniff import Sniffed, fault_of, sniff
from csdesk.ingest.readers.trouble import check_still_there, unreadable

WORKER_SWITCH = "--reader-worker"


def worker_command() -> list[str]:
    """How to start a child: the frozen program with a switch, else this interpreter with this module.

    From source the caller hands its module search path over in the environment (see
    :mod:`csdesk.ingest.readers.source`), so the child skips ``site``: a third of its start.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, WORKER_SWITCH]
    return [sys.executable, "-S", "-P", "-m", "csdesk.ingest.readers.worker"]


def main() -> int:
    """Run as the child: read the request, stream the answer. Returns the exit code."""
    answers = os.dup(1)
    requests = os.dup(0)
    _binary(answers, requests)
    os.dup2(2, 1)  # whatever a library prints must not fall among the frames
    request = read_frame(requests)
    if request is None or request[0] != "read":
        return 2
    _, name, memory, skipped = request
    bound_this_process(int(memory))
    gc.disable()  # one file, then the end: looking for garbage among millions of cells costs more than it frees
    orders = Orders()
    threading.Thread(target=_listen, args=(requests, orders), daemon=True).start()
    try:
        _answer(Path(str(name)), frozenset(skipped), answers, orders)
    except OSError:  # the program has gone or wants no more
        return 1
    return 0


def _binary(*descriptors: int) -> None:
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415  (Windows only)

        for descriptor in descriptors:
            msvcrt.setmode(descriptor, os.O_BINARY)


def _listen(requests: int, orders: Orders) -> None:
    """Take the program's answers; end with it."""
    while frame := read_frame(requests):
        orders.take(frame)
    os._exit(1)


def _answer(path: Path, skipped: frozenset[str], answers: int, orders: Orders) -> None:
    def send(frame: Frame) -> None:
        write_frame(answers, frame)

    try:
        read_into(path, Emitter(send, orders), send, skipped)
    except ReadFault as fault:
        send(("fault", fault.kind, fault.message, fault.advice))
    except MemoryError:
        send(("fault", "too_large", "", ""))
    except OSError as error:  # the disk went away under us; where it was the program that went, this raises too
        met = unreadable(error, path)
        send(("fault", met.kind, met.message, met.advice))
    else:
        send(("done", peak_memory_mb()))


def read_into(path: Path, emitter: Emitter, send: Any, skipped: frozenset[str] = frozenset()) -> None:
    """Find out what the file is and let the right readers send its rows; raises ReadFault."""
    try:
        found = sniff(path)
    except OSError as error:
        raise unreadable(error, path) from None
    fault = fault_of(found)
    if fault:
        raise fault
    if found.text is None:
        _read_workbook(path, found, emitter, send, skipped)
        return
    send(("kind", found.kind, found.kind))
    if found.kind == "csv":
        from csdesk.ingest.readers.delimited import read_delimited  # noqa: PLC0415  (what this file needs)

        read_delimited(path, found, emitter)
    else:
        from csdesk.ingest.readers.markup import read_markup  # noqa: PLC0415  (what this file needs)

        read_markup(path, found, emitter)


def _read_workbook(path: Path, found: Sniffed, emitter: Emitter, send: Any, skipped: frozenset[str]) -> None:
    from csdesk.ingest.readers.workbook import guard_archive, readers_for  # noqa: PLC0415  (what this file needs)

    guard_archive(path, found)
    opened = False
    for name, reader in readers_for(found.kind):
        if name in skipped:
            continue
        send(("kind", found.kind, name))
        try:
            reader(path, emitter)
        except (ReadFault, KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # noqa: BLE001  (libraries fed hostile bytes; PanicException is no Exception)
            _explain(name, error)
            continue
        opened = True
        if emitter.filled:
            return
    if emitter.filled:
        emitter.note("有的工作表已损坏，没有读出来。")
        return
    if not opened:
        check_still_there(path)
    raise ReadFault("empty" if opened else "damaged")


def _explain(reader: str, error: BaseException) -> None:
    """One line for the log; the parent keeps the child's error output."""
    sys.stderr.write(f"{reader}: {type(error).__name__}: {str(error)[:200]}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
