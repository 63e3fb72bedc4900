"""Large delimited files in parts: blocks of regular rows cut where they lie, all others by the csv module.

Rows, their numbers and the chunks they come in are the same either way
(:func:`csdesk.ingest.readers.delimited.delimited_rows`).
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import IO

import numpy as np

from csdesk.ingest.readers.byte_table import cut
from csdesk.ingest.readers.delimited import FIELD_LIMIT, OpenQuoteError, WatchedLines, text_parts, unwrap
from csdesk.ingest.readers.emit import CHUNK_CELLS, CHUNK_ROWS, FIRST_ROWS, Part, list_parts
from csdesk.ingest.readers.sniff import Sniffed

_LINE, _QUOTE = b'\n"'
_READ = 1 << 21
_MOST_HELD = 1 << 26
_MARK = b"\xef\xbb\xbf"
_DELIMITERS = {"utf-8": ",\t;|", "utf-8-sig": ",\t;|", "gb18030": ",\t;"}
"""Bytes below 0x30 and ``;`` are no part of a longer character in these encodings; ``|`` can be one in GB 18030."""


def can_be_quick(found: Sniffed) -> bool:
    """Whether encoding and separator are such that cells can be cut out of the bytes."""
    strict = found.text is not None and found.text.strict
    return strict and (found.delimiter or ",") in _DELIMITERS.get(found.encoding or "", "")


def quick_parts(raw: IO[bytes], found: Sniffed, progress: Callable[[int], float]) -> Iterator[Part]:
    """The rows of an open text file for which :func:`can_be_quick` holds; ``progress`` gets the bytes used up."""
    encoding, delimiter = (found.encoding or "").removesuffix("-sig"), found.delimiter or ","
    blocks = _Blocks(raw, len(_MARK) if found.encoding == "utf-8-sig" else 0)
    sent, size = 0, FIRST_ROWS
    while not blocks.ended:
        begin = blocks.used
        block = blocks.take(size)
        table = cut(block, delimiter, encoding) if block and size > FIRST_ROWS else None
        if table is not None and table.height * table.width <= CHUNK_CELLS:
            yield Part(sent + 1, table.height, table.columns, progress(blocks.used))
            sent += table.height
            continue
        blocks.give_back()
        rows = _row_by_row(blocks, size, delimiter, encoding)
        if rows is None:  # a quote never closed, or lines that end in another way: from here on line by line
            raw.seek(begin)
            yield from text_parts(raw, encoding, delimiter, progress, sent)
            return
        yield from list_parts(sent + 1, rows, progress(blocks.used)) if rows else ()
        sent += len(rows)
        size = CHUNK_ROWS


def _row_by_row(blocks: _Blocks, size: int, delimiter: str, encoding: str) -> list[list[str]] | None:
    """The next rows by the csv module, each from whole lines; None where quotes cannot be obeyed for all of them."""
    csv.field_size_limit(FIELD_LIMIT)
    lines = WatchedLines([], (line.decode(encoding, "replace") for line in blocks.lines()))
    reader = csv.reader(lines, delimiter=delimiter)
    rows: list[list[str]] = []
    while len(rows) < size:
        lines.current.clear()
        try:
            row = next(reader, None)
        except (csv.Error, OpenQuoteError, _OtherLineEndError):
            return None
        if len(lines.current) > 1 and sum(line.count('"') for line in lines.current) % 2:
            return None
        if row is None:
            break
        rows.append(unwrap(row))
    return rows


class _OtherLineEndError(Exception):
    """A line that ends before its line feed, in a carriage return alone."""


class _Blocks:
    """A file's bytes in blocks of whole rows. ``used``: where the next block begins in the file."""

    def __init__(self, raw: IO[bytes], start: int) -> None:
        raw.seek(start)
        self._raw = raw
        self._held = b""
        self._at = 0
        self._ends: list[int] | None = None
        self._next = 0
        self._at_end = False
        self._last = 0
        self.used = start

    @property
    def ended(self) -> bool:
        """Whether all was taken."""
        return self._at_end and self._at == len(self._held)

    def take(self, count: int) -> bytes:
        """The next rows, so many unless the file ends, the last one with a line end even where the file has none.

        Rows as they are where all quotes open and close cells. Nothing at the end of the file, and where rows are so
        long that something is wrong.
        """
        self._last = 0
        while len(ends := self._row_ends()) < self._next + count and not self._at_end:
            if len(self._held) - self._at > _MOST_HELD:
                return b""
            self._read()
        self._next += count
        block = self._held[self._at : ends[self._next - 1] if self._next <= len(ends) else len(self._held)]
        self._moved(len(block))
        return block if not block or block.endswith(b"\n") else block + b"\n"

    def give_back(self) -> None:
        """Undo the last :meth:`take`; what comes next are :meth:`lines`."""
        self._moved(-self._last)
        self._ends = None

    def lines(self) -> Iterator[bytes]:
        """Line by line, as far as one asks. Raises _OtherLineEndError."""
        while not self.ended:
            stop = self._held.find(b"\n", self._at) + 1
            if not stop and not self._at_end:
                self._read()
                continue
            line = self._held[self._at : stop or len(self._held)]
            if line.count(b"\r") != line.endswith(b"\r\n"):
                raise _OtherLineEndError
            self._moved(len(line))
            self._ends = None
            if line:
                yield line

    def _moved(self, count: int) -> None:
        self._last = count
        self._at += count
        self.used += count

    def _read(self) -> None:
        more = self._raw.read(_READ)
        self._at_end = not more
        self._held = self._held[self._at :] + more
        self._at, self._ends = 0, None

    def _row_ends(self) -> list[int]:
        """Where rows of what is held end, from the next one on."""
        if self._ends is None:
            data = np.frombuffer(self._held, np.uint8, offset=self._at)
            marks = np.flatnonzero((data == _LINE) | (data == _QUOTE))
            quotes = data[marks] == _QUOTE
            outside = np.cumsum(quotes) & 1 == 0
            self._ends = (marks[~quotes & outside] + (self._at + 1)).tolist()
            self._next = 0
        return self._ends
