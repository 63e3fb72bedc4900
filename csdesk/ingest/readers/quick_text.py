"""Large delimited files in parts: blocks of regular lines cut where they lie, all others by the csv module.

Rows, their numbers and the chunks they come in are the same either way
(:func:`csdesk.ingest.readers.delimited.delimited_rows`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

import numpy as np

from csdesk.ingest.readers.byte_table import cut
from csdesk.ingest.readers.delimited import rows_of_lines, text_parts
from csdesk.ingest.readers.emit import CHUNK_CELLS, CHUNK_ROWS, FIRST_ROWS, Part, list_parts
from csdesk.ingest.readers.sniff import Sniffed

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LINE = ord("\n")
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
    lines = _Lines(raw, len(_MARK) if found.encoding == "utf-8-sig" else 0)
    sent, size = 0, FIRST_ROWS
    while block := lines.take(size):
        table = cut(block, delimiter, encoding) if size > FIRST_ROWS else None
        if table is not None and table.height * table.width <= CHUNK_CELLS:
            yield Part(sent + 1, table.height, table.columns, progress(lines.used))
            sent += table.height
            continue
        rows = _rows(block, delimiter, encoding)
        if rows is None:  # some row spans lines: from here on line by line
            lines.give_back()
            break
        yield from list_parts(sent + 1, rows, progress(lines.used))
        sent += len(rows)
        size = CHUNK_ROWS
    if not lines.ended:
        raw.seek(lines.used)
        yield from text_parts(raw, encoding, delimiter, progress, sent)


def _rows(block: bytes, delimiter: str, encoding: str) -> list[list[str]] | None:
    """The rows of whole lines by the csv module, None where some row may span lines or lines end in another way."""
    if block.count(b"\r") != block.count(b"\r\n"):
        return None
    lines = block.decode(encoding, "replace").replace("\0", "").split("\n")
    lines.pop()
    return rows_of_lines([f"{line}\n" for line in lines], delimiter)


class _Lines:
    """A file's bytes in blocks of whole lines. ``used``: where the next block begins in the file."""

    def __init__(self, raw: IO[bytes], start: int) -> None:
        raw.seek(start)
        self._raw = raw
        self._held = b""
        self._at = 0
        self._breaks = _breaks(b"")
        self._next = 0
        self._at_end = False
        self._last = 0
        self.used = start

    @property
    def ended(self) -> bool:
        """Whether all was taken."""
        return self._at_end and self._at == len(self._held)

    def take(self, count: int) -> bytes:
        """The next lines, so many unless the file ends, the last one with a line end even where the file has none.

        Nothing at the end of the file, and where lines are so long that they had better be read one by one.
        """
        while len(self._breaks) - self._next < count and not self._at_end:
            if len(self._held) - self._at > _MOST_HELD:
                return b""
            self._read()
        left = len(self._breaks) - self._next
        if left >= count:
            stop = int(self._breaks[self._next + count - 1]) + 1
            self._next += count
        else:
            stop = len(self._held)
            self._next += left
        block = self._held[self._at : stop]
        self._last, self._at = len(block), stop
        self.used += len(block)
        return block if not block or block.endswith(b"\n") else block + b"\n"

    def give_back(self) -> None:
        """Undo the last :meth:`take`, at the end of all taking."""
        self.used -= self._last
        self._at_end = False

    def _read(self) -> None:
        more = self._raw.read(_READ)
        self._at_end = not more
        self._held = self._held[self._at :] + more
        self._at = self._next = 0
        self._breaks = _breaks(self._held)


def _breaks(data: bytes) -> NDArray[np.int64]:
    return np.flatnonzero(np.frombuffer(data, np.uint8) == _LINE)
