"""The child's side of the stream: rows in, packed chunks out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, zip_longest
from typing import Any

from csdesk.ingest.readers.columns import pack
from csdesk.ingest.readers.frames import Frame

FIRST_ROWS = 64
"""The first chunk is short: header rows spoil the packing of the columns they head."""
CHUNK_ROWS = 4096
_CHUNK_CELLS = 1_000_000


class Emitter:
    """Collects the rows of the sheets and sends them as chunks.

    ``filled`` counts the columns sent that hold anything, so that 0 means the file was empty;
    ``done_sheets`` names the sheets that gave something.
    """

    def __init__(self, send: Callable[[Frame], None]) -> None:
        self._send = send
        self.filled = 0
        self.done_sheets: set[str] = set()

    def sheet(
        self,
        name: str,
        index: int,
        rows: Iterable[Sequence[Any]],
        *,
        first_column: int = 0,
        progress: Callable[[int], float] | None = None,
    ) -> None:
        """Send one sheet whose first row is row 1; ``first_column`` empty columns stand before it.

        ``progress`` tells, from the number of rows sent, which share of the file is done.
        """
        source = iter(rows)
        sent, filled_before = 0, self.filled
        size = FIRST_ROWS
        while chunk := list(islice(source, size)):
            done = progress(sent + len(chunk)) if progress else -1.0
            for part in _in_bounds(chunk):
                self._chunk((name, index, sent + 1), part, first_column, done)
                sent += len(part)
            size = CHUNK_ROWS
        if self.filled > filled_before:
            self.done_sheets.add(name)

    def note(self, text: str) -> None:
        """Tell the owner something that does not stop the reading."""
        self._send(("note", text))

    def _chunk(self, place: tuple[str, int, int], rows: list[Sequence[Any]], first_column: int, done: float) -> None:
        columns = [pack(cells) for cells in transpose(rows)]
        filled = sum(1 for column in columns if column[0] != "n")
        if not filled:
            self._send(("beat", done))
            return
        self.filled += filled
        height = len(rows)
        if first_column:
            columns = [("n", height)] * first_column + columns
        self._send(("rows", *place, columns, done))


def transpose(rows: list[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Rows of possibly different lengths → columns, filled up with empty text."""
    if len(set(map(len, rows))) == 1:
        return zip(*rows, strict=True)
    return zip_longest(*rows, fillvalue="")


def _in_bounds(rows: list[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    """Split a chunk until no part is unreasonably wide: one row of 100,000 fields must not widen all."""
    if len(rows) == 1 or len(rows) * max(map(len, rows)) <= _CHUNK_CELLS:
        yield rows
        return
    middle = len(rows) // 2
    yield from _in_bounds(rows[:middle])
    yield from _in_bounds(rows[middle:])
