"""A reader's stream of chunks, sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from csdesk.ingest.headers import ColumnMapping
from csdesk.ingest.model import RawCell, RawChunk
from csdesk.ingest.templates import OWN_EXPORT_MARK, OWN_SHEET

Rows = list[tuple[int, tuple[RawCell, ...]]]
"""(sheet row, cells)"""


def whole_sheet(first: RawChunk, stream: Iterator[RawChunk], *, wanted: bool) -> tuple[Rows, RawChunk | None]:
    """The filled rows of a sheet, padded to one width (none if it is not wanted), and the next sheet's first chunk."""
    rows: Rows = []
    chunk: RawChunk | None = first
    while chunk is not None and chunk.sheet_index == first.sheet_index:
        if wanted:
            rows += chunk.rows()
        chunk = next(stream, None)
    width = max((len(row) for _, row in rows), default=0)
    return [(number, row + (None,) * (width - len(row))) for number, row in rows if is_filled(row)], chunk


def is_filled(row: Sequence[RawCell]) -> bool:
    """Whether any cell of a row holds anything."""
    return any(cell is not None and cell != "" for cell in row)


def has_rows(chunk: RawChunk, mapping: ColumnMapping) -> bool:
    """Whether a chunk has a row below the header."""
    return any(number >= mapping.data_row and is_filled(row) for number, row in chunk.rows())


def until_rows(
    chunk: RawChunk, mapping: ColumnMapping, stream: Iterator[RawChunk]
) -> tuple[RawChunk, Iterator[RawChunk]]:
    """The sheet's first chunk with a row below the header (else its last), and the rest of the stream."""
    while not has_rows(chunk, mapping):
        following = next(stream, None)
        if following is None:
            return chunk, iter(())
        if following.sheet_index != chunk.sheet_index:
            return chunk, chain((following,), stream)
        chunk = following
    return chunk, stream


def end_stream(stream: Iterator[RawChunk]) -> None:
    """End the reader early where the stream can be ended."""
    close = getattr(stream, "close", None)
    if close is not None:
        close()


def is_own_export(chunk: RawChunk) -> bool:
    """Whether a sheet's first chunk is the 说明 of a workbook the program exported."""
    if chunk.sheet != OWN_SHEET or not chunk.columns or chunk.first_row != 1:
        return False
    corner = chunk.columns[0][0]
    return isinstance(corner, str) and corner.strip().startswith(OWN_EXPORT_MARK)
