"""Delimited text → rows, line by line, so that memory stays flat however long the file is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from csdesk.ingest.readers.emit import Emitter
from csdesk.ingest.readers.faults import ReadFault
from csdesk.ingest.readers.sniff import Sniffed

_FIELD_LIMIT = 1 << 20
_SWALLOWED_LINES = 200
"""A quoted cell with more lines than this is a quote somebody forgot to close."""


def read_delimited(path: Path, found: Sniffed, emitter: Emitter) -> None:
    """Send the rows of a delimited text file; raises ReadFault("empty") where there are none."""
    if found.text and not found.text.strict:
        guessed = found.encoding == "latin-1"
        emitter.note("文字编码认不准，请核对有没有乱码。" if guessed else "有少数字符无法识别，已用“\ufffd”代替。")
    size = max(1, found.size)
    with path.open("rb") as raw:
        text = io.TextIOWrapper(raw, encoding=found.encoding or "utf-8", errors="replace", newline="")
        rows = delimited_rows(text, found.delimiter or ",")
        emitter.sheet(path.stem, 0, rows, progress=lambda _: min(1.0, raw.tell() / size))
    if not emitter.filled:
        raise ReadFault("empty")


def delimited_rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Cut lines into rows.

    A quote that is never closed would swallow the rest of the file; from such a row on, quotes count
    as letters. ``="…"``, by which exports keep Excel from turning ids into numbers, is taken off.
    """
    csv.field_size_limit(_FIELD_LIMIT)
    source = iter(lines)
    current: list[str] = []
    for row in _quoted_rows(source, delimiter, current):
        yield _unwrap(row)
    if current:
        rest = chain(list(current), source)
        for row in csv.reader(_without_nul(rest), delimiter=delimiter, quoting=csv.QUOTE_NONE):
            yield _unwrap(row)


def _quoted_rows(source: Iterator[str], delimiter: str, current: list[str]) -> Iterator[list[str]]:
    """Rows with quotes obeyed; ends early, with the lines of the bad row in ``current``, at an open quote."""
    reader = csv.reader(_kept(_without_nul(source), current), delimiter=delimiter)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except (csv.Error, _OpenQuoteError):
            return
        if len(current) > 1 and sum(line.count('"') for line in current) % 2:
            return
        current.clear()
        yield row


class _OpenQuoteError(Exception):
    """A row ran over so many lines that its opening quote cannot have been meant as one."""


def _kept(lines: Iterator[str], current: list[str]) -> Iterator[str]:
    for line in lines:
        current.append(line)
        if len(current) > _SWALLOWED_LINES:
            raise _OpenQuoteError
        yield line


def _without_nul(lines: Iterable[str]) -> Iterator[str]:
    return (line.replace("\0", "") if "\0" in line else line for line in lines)


def _unwrap(row: list[str]) -> list[str]:
    for index, cell in enumerate(row):
        if cell.startswith('="') and cell.endswith('"'):
            row[index] = cell[2:-1]
    return row
