"""Lanes of work: all writes in one thread one after another, all reads in another, and a quiet one nobody waits for.

``jobs.write(load_all).on_done(show).on_fault(explain).start()`` reads as a sentence. Callbacks go
through ``deliver``, which a window replaces by something that runs them in its own thread.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, TypeVar

from csdesk.errors import Cancelled, CsdeskError
from csdesk.jobs.progress import Progress, TimeLeft

T = TypeVar("T")
Deliver = Callable[[Callable[[], None]], None]

_log = logging.getLogger(__name__)
_REPORT_EVERY_SECONDS = 0.05


class Task:
    """What the working function sees of its job: the cancel event and where to report progress."""

    def __init__(self, on_report: Callable[[Progress], None]) -> None:
        self.cancel = threading.Event()
        self._on_report = on_report
        self._estimate: TimeLeft | None = None
        self._last_report = 0.0
        self._step = ""

    def report(self, fraction: float, step: str = "") -> None:
        """Say how far it is (0–1) and what is being done; raises Cancelled when the owner stopped it."""
        self.check()
        now = time.monotonic()
        if self._estimate is None:
            self._estimate = TimeLeft(now)
        fraction = min(1.0, max(0.0, fraction))
        seconds = self._estimate.update(now, fraction)
        changed = bool(step) and step != self._step
        self._step = step or self._step
        if changed or now - self._last_report >= _REPORT_EVERY_SECONDS or fraction >= 1.0:
            self._last_report = now
            self._on_report(Progress(fraction, self._step, seconds))

    def check(self) -> None:
        """Raise Cancelled if the owner stopped the job."""
        if self.cancel.is_set():
            raise Cancelled

    def stop(self) -> None:
        """Tell the work to stop: it ends at its next check."""
        self.cancel.set()


class Job(Generic[T]):
    """One operation, not yet running until :meth:`start`. Each ``on_…`` returns the job itself."""

    def __init__(self, lane: _Lane, work: Callable[[Task], T], title: str) -> None:
        self.title = title
        self.finished = threading.Event()
        self._lane = lane
        self._work = work
        self._task = Task(self._report)
        self._done: list[Callable[[T], None]] = []
        self._fault: list[Callable[[CsdeskError], None]] = []
        self._stopped: list[Callable[[], None]] = []
        self._bug: list[Callable[[BaseException], None]] = []
        self._progress: list[Callable[[Progress], None]] = []

    def on_done(self, callback: Callable[[T], None]) -> Job[T]:
        """Called with the result."""
        self._done.append(callback)
        return self

    def on_fault(self, callback: Callable[[CsdeskError], None]) -> Job[T]:
        """Called with a fault the owner can mend (UserFault, StoreUnavailable); without one it goes to the notices."""
        self._fault.append(callback)
        return self

    def on_cancelled(self, callback: Callable[[], None]) -> Job[T]:
        """Called when the owner stopped it. Nothing is shown."""
        self._stopped.append(callback)
        return self

    def on_bug(self, callback: Callable[[BaseException], None]) -> Job[T]:
        """Called with an error that is our fault, after it was logged and :attr:`Jobs.on_bug` told the owner."""
        self._bug.append(callback)
        return self

    def on_progress(self, callback: Callable[[Progress], None]) -> Job[T]:
        """Called now and then with how far it is."""
        self._progress.append(callback)
        return self

    def start(self) -> Job[T]:
        """Queue it in its lane."""
        self._lane.put(self)
        return self

    def cancel(self) -> None:
        """Stop it: a queued job never runs, a running one ends at its next check."""
        self._task.stop()

    @property
    def cancelled(self) -> bool:
        """Whether it was told to stop."""
        return self._task.cancel.is_set()

    def _report(self, progress: Progress) -> None:
        for callback in self._progress:
            self._lane.deliver(partial(callback, progress))

    def run(self) -> None:
        """Do the work here and now; only the lane calls this."""
        started = time.monotonic()
        try:
            self._task.check()
            result = self._work(self._task)
            self._task.check()
        except Cancelled:
            self._tell([*self._stopped])
        except CsdeskError as fault:
            if self.cancelled:  # an interrupted query may surface as a fault of its own
                self._tell([*self._stopped])
            else:
                self._tell_fault(fault)
        except BaseException as bug:  # noqa: BLE001  the boundary of the lane's thread: a bug must be heard, not end the lane
            if self.cancelled:
                self._tell([*self._stopped])
            else:
                _log.error("%s failed after %.2f s", self.title or "a job", time.monotonic() - started, exc_info=bug)
                told = [partial(callback, bug) for callback in self._bug]
                self._tell([partial(self._lane.on_bug, self.title, bug), *told])
        else:
            _log.debug("%s took %.2f s", self.title or "a job", time.monotonic() - started)
            self._tell([partial(callback, result) for callback in self._done])
        finally:
            self._lane.deliver(lambda: self._lane.ended(self))
            self.finished.set()

    def _tell(self, calls: Sequence[Callable[[], None]]) -> None:
        for call in calls:
            self._lane.deliver(call)

    def _tell_fault(self, fault: CsdeskError) -> None:
        if not self._fault:
            self._lane.deliver(lambda: self._lane.on_fault(fault))
        for callback in self._fault:
            self._lane.deliver(partial(callback, fault))


class _Lane:
    """One thread and its queue. The thread starts with the first job."""

    def __init__(self, name: str, jobs: Jobs) -> None:
        self._name = name
        self._jobs = jobs
        self._queue: queue.SimpleQueue[Job[object] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting: list[Job[object]] = []
        self._thread: threading.Thread | None = None
        self._closed = False

    def put(self, job: Job[object] | Job[T]) -> None:
        queued: Job[object] = job  # type: ignore[assignment]
        with self._lock:
            if self._closed:
                return
            self._waiting.append(queued)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"csdesk-{self._name}", daemon=True)
                self._thread.start()
        self._jobs.deliver(lambda: self._jobs.on_started(queued))
        self._queue.put(queued)

    def deliver(self, call: Callable[[], None]) -> None:
        self._jobs.deliver(call)

    def on_fault(self, fault: CsdeskError) -> None:
        self._jobs.on_fault(fault)

    def on_bug(self, title: str, bug: BaseException) -> None:
        self._jobs.on_bug(title, bug)

    def ended(self, job: object) -> None:
        self._jobs.on_ended(job)

    def busy(self) -> bool:
        with self._lock:
            return bool(self._waiting)

    def close(self, timeout: float) -> None:
        with self._lock:
            self._closed = True
            waiting = list(self._waiting)
            thread = self._thread
        for job in waiting:
            job.cancel()
        if thread is not None:
            self._queue.put(None)
            thread.join(timeout)

    def _run(self) -> None:
        while (job := self._queue.get()) is not None:
            try:
                job.run()
            finally:
                with self._lock:
                    self._waiting.remove(job)


class Jobs:
    """The lanes, and what happens to faults nobody took.

    ``deliver`` runs a callback; by default where it is called (the worker's thread), a window puts
    a bridge to its own thread there. ``on_started``/``on_ended`` let a status strip follow all jobs.
    """

    def __init__(self, deliver: Deliver | None = None) -> None:
        self.deliver: Deliver = deliver or (lambda call: call())
        self.on_fault: Callable[[CsdeskError], None] = lambda fault: _log.warning("%s", fault)
        self.on_bug: Callable[[str, BaseException], None] = lambda title, bug: None
        self.on_started: Callable[[object], None] = lambda job: None
        self.on_ended: Callable[[object], None] = lambda job: None
        self._write = _Lane("write", self)
        self._read = _Lane("read", self)
        self._quiet = _Lane("quiet", self)

    def write(self, work: Callable[[Task], T], title: str = "") -> Job[T]:
        """A job that changes the store. One at a time, in the order of their start."""
        return Job(self._write, work, title)

    def read(self, work: Callable[[Task], T], title: str = "") -> Job[T]:
        """A job that only reads. One at a time, beside the writes."""
        return Job(self._read, work, title)

    def quiet(self, work: Callable[[Task], T]) -> Job[T]:
        """A job that only reads and that nobody waits for: it may take long, and the window is not busy with it."""
        return Job(self._quiet, work, "")

    def busy(self) -> bool:
        """Whether anything the owner asked for is queued or running."""
        return self._write.busy() or self._read.busy()

    def close(self, timeout: float = 5.0) -> None:
        """Stop everything and wait for the threads (at most ``timeout`` seconds each)."""
        self._quiet.close(timeout)
        self._read.close(timeout)
        self._write.close(timeout)
