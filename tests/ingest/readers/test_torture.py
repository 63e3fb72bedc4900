"""Spreadsheets from other projects' test suites: every one gets an answer, in time and in bounds."""

from __future__ import annotations

import csv
import resource
import time
from pathlib import Path

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


def test_every_file_answers(shared_dir: Path) -> None:
    folder = shared_dir / "torture"
    with (folder / "INDEX.csv").open(encoding="utf-8", newline="") as index:
        entries = list(csv.DictReader(index))
    slow, big, lost, wordless = [], [], [], []
    opened = 0
    for entry in entries:
        started = time.monotonic()
        stream = read_chunks(folder / entry["path"])
        filled = 0
        try:
            for chunk in stream:
                filled += sum(cell is not None for column in chunk.columns for cell in column)
        except ReadFault as fault:
            if not any("\u4e00" <= letter <= "\u9fff" for letter in fault.message):
                wordless.append(entry["path"])
            if _best_cells(entry) > 0:
                lost.append((entry["path"], fault.kind))
        else:
            opened += 1
            assert filled, f"a silent empty answer: {entry['path']}"
        if time.monotonic() - started > _SECONDS:
            slow.append(entry["path"])
        if stream.peak_mb > _CHILD_MB:
            big.append(entry["path"])
    assert (slow, big, wordless, lost) == ([], [], [], [])
    best_single = sum(entry["calamine"].startswith("ok") and "cells=0" not in entry["calamine"] for entry in entries)
    assert opened > best_single
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024 < _CHILD_MB
