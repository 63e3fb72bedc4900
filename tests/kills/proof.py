"""Starts the program, kills it at a random moment, and looks at everything it may have left."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from csdesk.bootstrap import Services
from csdesk.ingest.model import Given
from csdesk.store import batches
from csdesk.store.batches import Batch
from csdesk.store.check import check
from csdesk.store.database import Store
from csdesk.store.keys import KEY_FILE
from tests.store.builders import content

REPO = Path(__file__).resolve().parents[2]
_MARK = "CSDESK_KILL_PROOF"
_ORPHANS_GONE_SECONDS = 8.0
_STEADY = {"buyer.key", "csdesk.sqlite", "csdesk.sqlite-shm", "csdesk.sqlite-wal", "settings.json", "backups"}

Digests = dict[str, str]


class Victim:
    """Runs commands of the program in a world of its own: its temporary folder, its mark on every process."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.temp = folder / "temp"
        self.temp.mkdir(parents=True)
        self.mark = f"{os.getpid()}-{seed}-{folder.name}"
        places = {name: str(self.temp) for name in ("TMPDIR", "TEMP", "TMP")}
        self._environment = {**os.environ, **places, _MARK: self.mark, "QT_QPA_PLATFORM": "offscreen"}

    def start(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        """``python -m command``, in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", *command], cwd=REPO, env=self._environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, command: Sequence[str]) -> float:
        """Let it finish; returns the seconds it took."""
        began = time.monotonic()
        process = self.start(command)
        _, errors = process.communicate()
        assert process.returncode == 0, errors.decode(errors="replace")
        return time.monotonic() - began

    def kill(self, command: Sequence[str], seconds: float, log: Path | None = None) -> bool:
        """Kill it at a random moment of ``seconds``; False if it was quicker.

        With ``log``, the store's write-ahead log, the moment comes soon after that has grown: while it is written or
        just has been. Half the time with all its children, half the time alone, as a task manager or the system
        does: then the children must end by themselves. (Windows: TerminateProcess; the job object ends the children.)
        """
        process = self.start(command)
        moment = self.chance.uniform(0.0, seconds)
        if log is not None:
            _wait_until_grown(log, process)
            moment = self.chance.choice((0.0, 0.01, 0.1)) * moment
        try:
            process.wait(moment)
            quicker = True
        except subprocess.TimeoutExpired:
            quicker = False
        if not quicker and sys.platform != "win32" and self.chance.random() < 0.5:
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.communicate()
        return not quicker

    def wait_for_orphans(self) -> list[str]:
        """Processes of ours still alive after some seconds (seen on Linux; Windows ends them with their parent)."""
        until = time.monotonic() + _ORPHANS_GONE_SECONDS
        while (alive := self._alive()) and time.monotonic() < until:
            time.sleep(0.05)
        return alive

    def _alive(self) -> list[str]:
        found = []
        wanted = f"{_MARK}={self.mark}".encode()
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if wanted in (process / "environ").read_bytes().split(b"\0"):
                    found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
            except OSError:
                continue
        return found

    def leftovers(self) -> list[str]:
        """What lies in the temporary folder beyond one scratch folder, which the next import sweeps."""
        names = sorted(path.name for path in self.temp.iterdir())
        scratch = [name for name in names if name.startswith("csdesk-scratch-")]
        return [name for name in names if name not in scratch] + scratch[1:]


def _wait_until_grown(log: Path, process: subprocess.Popen[bytes]) -> None:
    before = _size(log)
    while process.poll() is None and _size(log) <= before:
        time.sleep(0.0005)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def digests(store: Store) -> Digests:
    """Everything the pages can see, one hash a table."""
    return {table: hashlib.sha256(repr(rows).encode()).hexdigest() for table, rows in content(store).items()}


def copies_are_whole(backups: Path) -> bool:
    """Whether every copy that has its name passes SQLite's own check."""
    for copy in backups.glob("*.sqlite"):
        with closing(sqlite3.connect(copy)) as conn:
            if conn.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                return False
    return True


@dataclass
class Tally:
    """What a run of kills met."""

    kills: int = 0
    quicker: int = 0
    before: int = 0
    after: int = 0
    between: int = 0
    actions: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {number}" for kind, number in sorted(self.actions.items()))
        return (
            f"{self.kills} kills ({kinds}): state before {self.before}, after {self.after}, "
            f"between two files of an archive {self.between}; finished before the kill: {self.quicker}"
        )


class ImportsAndUndos:
    """One store that is killed again and again, and one beside it that never is."""

    def __init__(self, folder: Path, files: Sequence[Path], seed: int) -> None:
        self.victim = Victim(folder, seed)
        self.tally = Tally()
        self._chance = self.victim.chance
        self._data, self._calm = folder / "data", Services(folder / "calm")
        self._files = list(files)
        self._known: dict[frozenset[str], Digests] = {frozenset(): digests(self._calm.store)}
        self._data.mkdir()
        shutil.copy(folder / "calm" / KEY_FILE, self._data)  # equal buyers, equal hashes
        self._usual, self._labels = self._measure(folder / "measured")
        self._live: dict[str, int] = {}

    def close(self) -> None:
        """Let go of the store beside."""
        self._calm.close()

    def kill_until(self, kills: int) -> None:
        """Go on until so many runs were killed; raises AssertionError at the first thing that is wrong."""
        while self.tally.kills < kills:
            if self._chance.random() < 0.3:  # then the next run makes the day's copy anew
                for copy in (self._data / "backups").glob("*.sqlite"):
                    copy.unlink()
            batch = self._chance.choice([*self._live.values(), None]) if self._live else None
            missing = [file for file in self._files if not self._labels[file] <= self._live.keys()]
            if missing and self._chance.random() < 0.25:
                self._go_on(self._chance.choice(missing))
            elif batch is not None and (not missing or self._chance.random() < 0.5):
                self._undo(batch)
            elif missing:
                self._import(self._chance.choice(missing))

    def _go_on(self, file: Path) -> None:
        """An import nobody kills, so that there is something to lose."""
        self.victim.run(["csdesk.cli", "--data", str(self._data), "import", str(file)])
        with Store(self._data) as store:
            self._live = _live(store)
        assert self._labels[file] <= self._live.keys()

    def _import(self, file: Path) -> None:
        command = ["csdesk.cli", "--data", str(self._data), "import", str(file)]
        before = frozenset(self._live)
        self._kill(f"import {file.suffix[1:]}", command, self._usual[file])
        self._examine(before, before | self._labels[file])

    def _undo(self, batch: int) -> None:
        label = next(label for label, number in self._live.items() if number == batch)
        file = next(file for file in self._files if label in self._labels[file])
        before = frozenset(self._live)
        self._kill("undo", ["csdesk.cli", "--data", str(self._data), "undo", str(batch)], self._usual[file])
        self._examine(before, before - {label})

    def _kill(self, kind: str, command: Sequence[str], seconds: float) -> None:
        log = self._data / "csdesk.sqlite-wal" if self._chance.random() < 0.4 else None
        if self.victim.kill(command, 1.3 * seconds, log):
            self.tally.kills += 1
            if self.tally.kills % 20 == 0:
                print(self.tally, flush=True)
            self.tally.actions[kind] = self.tally.actions.get(kind, 0) + 1
        else:
            self.tally.quicker += 1

    def _examine(self, before: frozenset[str], after: frozenset[str]) -> None:
        assert self.victim.wait_for_orphans() == []
        with Store(self._data) as store:
            assert check(store) == []
            self._live = _live(store)
            found = digests(store)
        now = frozenset(self._live)
        assert min(before, after) <= now <= max(before, after), (before, after, now)
        expected = self._undisturbed(now)
        assert found == expected, [table for table in found if found[table] != expected[table]]
        assert {path.name for path in self._data.iterdir()} <= _STEADY
        assert copies_are_whole(self._data / "backups")
        assert self.victim.leftovers() == []
        self.tally.before += now == before
        self.tally.after += now == after != before
        self.tally.between += now not in (before, after)

    def _undisturbed(self, live: frozenset[str]) -> Digests:
        """The same files imported without a kill."""
        known = self._known.get(live)
        if known is None:
            for file in self._files:
                if self._labels[file] & (live - _live(self._calm.store).keys()):
                    list(self._calm.import_files([file], Given()))
            for label, batch in _live(self._calm.store).items():
                if label not in live:
                    self._calm.undo(batch)
            assert _live(self._calm.store).keys() == live
            known = self._known[live] = digests(self._calm.store)
        return known

    def _measure(self, data: Path) -> tuple[dict[Path, float], dict[Path, frozenset[str]]]:
        """How long each import takes, and what it is called in the ledger."""
        seconds, labels, seen = {}, {}, set[str]()
        for file in self._files:
            seconds[file] = self.victim.run(["csdesk.cli", "--data", str(data), "import", str(file)])
            with Store(data) as store:
                now = {_label(line) for line in _ledger(store)}
            labels[file] = frozenset(now - seen)
            assert labels[file], f"{file.name} was not imported"
            seen |= now
        return seconds, labels


def _ledger(store: Store) -> list[Batch]:
    with store.reading() as conn:
        return batches.ledger(conn)


def _live(store: Store) -> dict[str, int]:
    """What is imported and not undone: label → batch."""
    return {_label(line): line.id for line in _ledger(store) if line.undone_at is None}


def _label(line: Batch) -> str:
    return f"{line.file_name}!{line.member}"
