"""What was found in the watched folder before, kept in the data folder so that nothing is offered twice."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from csdesk.ingest.watch.listing import Stamp
from csdesk.settings.files import write_atomically

FILE_NAME = "watch.json"
_MOST_GONE = 2000
_log = logging.getLogger(__name__)


class Verdict(StrEnum):
    """What became of a file: there before the folder was watched; offered; known already; not for us."""

    BEFORE = "before"
    OFFERED = "offered"
    KNOWN = "known"
    NOT_CERTAIN = "not_certain"


@dataclass(frozen=True, slots=True)
class Remembered:
    """``contents``: SHA-256 of its tables' bytes (an archive has one for each member); empty where nobody looked."""

    stamp: Stamp
    verdict: Verdict
    contents: tuple[str, ...] = ()


class WatchMemory:
    """File name → what is remembered, for one folder. A damaged or unwritable file costs memory, never the program."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME
        self.folder = ""
        self.is_new = True
        self._mark = ""
        self._files: dict[str, Remembered] = {}
        self._changed = False
        self._read()

    def begin(self, folder: str) -> None:
        """Watch ``folder`` from now on; what lies there at the first look was there before."""
        if folder != self.folder:
            self._files.clear()
        self.folder, self.is_new, self._changed = folder, True, True

    def recognise_with(self, mark: str) -> None:
        """``mark`` names what the program can recognise; with another one, what was not certain is read again."""
        if mark != self._mark:
            kept = {n: f for n, f in self._files.items() if f.verdict is not Verdict.NOT_CERTAIN}
            self._files, self._mark, self._changed = kept, mark, True

    def knows(self, name: str, stamp: Stamp) -> bool:
        """Whether this very file was dealt with."""
        known = self._files.get(name)
        return known is not None and known.stamp == stamp

    def knows_contents(self, contents: Iterable[str]) -> bool:
        """Whether the same bytes were offered or imported before, under any name."""
        wanted = set(contents)
        said = {Verdict.OFFERED, Verdict.KNOWN}
        return bool(wanted) and any(f.verdict in said and wanted <= set(f.contents) for f in self._files.values())

    def keep(self, name: str, known: Remembered) -> None:
        """Remember a file; the newest come last."""
        self._files.pop(name, None)
        self._files[name] = known
        self._changed = True

    def offered(self, present: dict[str, Stamp]) -> dict[str, Remembered]:
        """What was offered and still lies there unchanged."""
        return {
            name: known
            for name, known in self._files.items()
            if known.verdict is Verdict.OFFERED and present.get(name) == known.stamp
        }

    def settle(self, present: Iterable[str]) -> None:
        """The first look is over: forget what need not be known of files that are gone, and save."""
        self._changed = self._changed or self.is_new
        self.is_new = False
        there = set(present)
        gone = [name for name, known in self._files.items() if name not in there]
        idle = [name for name in gone if not self._files[name].contents]
        for name in {*idle, *gone[:-_MOST_GONE]}:
            del self._files[name]
            self._changed = True
        self.save()

    def save(self) -> None:
        """Write what has changed; where the folder cannot be written it holds for this run."""
        if not self._changed:
            return
        files = {
            name: [known.stamp.size, known.stamp.changed, str(known.verdict), list(known.contents)]
            for name, known in self._files.items()
        }
        said = {"folder": self.folder, "new": self.is_new, "mark": self._mark, "files": files}
        try:
            write_atomically(self._path, json.dumps(said, ensure_ascii=True, indent=0).encode("ascii"))
        except OSError as error:
            _log.warning("the memory of the watched folder was not saved: %s", error)
            return
        self._changed = False

    def _read(self) -> None:
        try:
            said = json.loads(self._path.read_bytes())
            files = {
                str(name): Remembered(Stamp(int(size), int(changed)), Verdict(verdict), tuple(map(str, contents)))
                for name, (size, changed, verdict, contents) in said["files"].items()
            }
            folder, is_new, mark = str(said["folder"]), bool(said["new"]), str(said["mark"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            _log.warning("the memory of the watched folder cannot be read and starts anew: %s", error)
            return
        self.folder, self.is_new, self._mark, self._files = folder, is_new, mark, files
