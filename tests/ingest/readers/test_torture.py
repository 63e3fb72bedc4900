"""Spreadsheets from other projects' test suites: every one gets an answer, in time and in bounds."""

from __future__ import annotations

import csv
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest

from csdesk.ingest.readers.source import ReadFault, read_chunks

pytestmark = pytest.mark.slow

_SECONDS, _CHILD_MB = 10.0, 900.0


def _best_cells(entry: dict[str, str]) -> int:
    """The most cells any single reader found, -1 where none opened the file."""
    best = -1
    for answer in (entry["calamine"], entry["xlrd"], entry["openpyxl"]):
        if answer.startswith("ok") and "cells=" in answer:
            best = max(best, int(answer.split("cells=")[1].split()[0]))
    return best


class _Answer(NamedTuple):
    path: str
    filled: int
    fault: ReadFault | None
    seconds: float
    child_mb: float


def _answer(folder: Path, path: str) -> _Answer:
    started = time.monotonic()
    stream = read_chunks(folder / path)
    filled, fault = 0, None
    try:
        for chunk in stream:
            filled += sum(cell is not None for column in chunk.columns for cell in column)
    except ReadFault as found:
        fault = found
    return _Answer(path, filled, fault, time.monotonic() - started, stream.peak_mb)


def test_every_file_answers(shared_dir: Path) -> None:
    folder = shared_dir / "torture"
    with (folder / "INDEX.csv").open(encoding="utf-8", newline="") as index:
        entries = {entry["path"]: entry for entry in csv.DictReader(index)}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(pool.map(lambda path: _answer(folder, path), entries))
    assert [one.path for one in answers if one.seconds > _SECONDS] == []
    assert [one.path for one in answers if one.child_mb > _CHILD_MB] == []
    assert [one.path for one in answers if not one.fault and not one.filled] == [], "a silent empty answer"
    faults = [(one.path, one.fault) for one in answers if one.fault]
    assert [path for path, fault in faults if not re.search("[\u4e00-\u9fff]", fault.message)] == []
    assert [path for path, _ in faults if _best_cells(entries[path]) > 0] == [], "another reader finds cells in it"
    best_single = sum(re.match("ok.*cells=[1-9]", entry["calamine"]) is not None for entry in entries.values())
    assert sum(not one.fault for one in answers) > best_single
