"""The beginning of a file's tables, enough to map their columns; and where the header probably is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from csdesk.ingest import cells
from csdesk.ingest.headers import Vocabulary, take_apart
from csdesk.ingest.model import RawCell, RawChunk
from csdesk.ingest.own.mapping import NO_HEADER, HeaderPlace, header_text
from csdesk.ingest.readers.source import read_chunks
from csdesk.ingest.sheets import is_filled
from csdesk.ingest.templates import OWN_SHEET

MOST_ROWS = 300
"""Rows kept of each table: what guesses and the preview go by."""
_MOST_SHEETS = 30
_MOST_CHUNKS = 60
_REACH = 40


@dataclass(frozen=True, slots=True)
class SheetHead:
    """The first filled rows of a table: (sheet row, cells), all of one width."""

    name: str
    rows: tuple[tuple[int, tuple[RawCell, ...]], ...]

    @property
    def width(self) -> int:
        """Number of columns."""
        return len(self.rows[0][1]) if self.rows else 0


def read_heads(path: Path, cancel: threading.Event | None = None) -> list[SheetHead]:
    """The beginnings of all tables of a file; raises ReadFault and Cancelled. Large files are not read to the end."""
    found: dict[int, tuple[str, list[tuple[int, tuple[RawCell, ...]]]]] = {}
    with read_chunks(path, cancel=cancel) as stream:
        for number, chunk in enumerate(stream):
            if chunk.sheet != OWN_SHEET:
                _take(chunk, found.setdefault(chunk.sheet_index, (chunk.sheet, []))[1])
            if number >= _MOST_CHUNKS or len(found) > _MOST_SHEETS:
                break
    return [SheetHead(name, _of_one_width(rows)) for name, rows in found.values() if rows]


def _take(chunk: RawChunk, rows: list[tuple[int, tuple[RawCell, ...]]]) -> None:
    if len(rows) < MOST_ROWS:
        rows += [pair for pair in chunk.rows() if is_filled(pair[1])][: MOST_ROWS - len(rows)]


def _of_one_width(rows: Sequence[tuple[int, tuple[RawCell, ...]]]) -> tuple[tuple[int, tuple[RawCell, ...]], ...]:
    width = 0
    for _, row in rows:
        width = max(width, 1 + max((at for at, cell in enumerate(row) if cell is not None and cell != ""), default=-1))
    return tuple((number, (row + (None,) * width)[:width]) for number, row in rows)


def guess_header(head: SheetHead, vocabularies: Sequence[Vocabulary]) -> HeaderPlace:
    """The row most like a header: words, most of them different, most columns filled, values below, known words."""
    best, place = 0.0, NO_HEADER
    for position in range(min(len(head.rows), _REACH)):
        score = _score(head, position, vocabularies)
        if score > best:
            best, place = score, HeaderPlace(position)
    if place.height and _has_groups(head, place.position):
        return HeaderPlace(place.position, 2)
    return place


def _score(head: SheetHead, position: int, vocabularies: Sequence[Vocabulary]) -> float:
    row = head.rows[position][1]
    filled = [cell for cell in row if header_text(cell)]
    words = [cell for cell in filled if is_word(cell)]
    if len(words) < 2 or len(words) < 0.7 * len(filled):
        return 0.0
    texts = [header_text(cell) for cell in words]
    different = len(set(texts)) / len(texts)
    if different < 0.3:
        return 0.0
    known = max(sum(voc.match(take_apart(cell)) is not None for cell in words) for voc in vocabularies)
    below = head.rows[position + 1][1] if position + 1 < len(head.rows) else ()
    values = sum(cell is not None and cell != "" and not is_word(cell) for cell in below)
    return (
        len(words) / max(1, head.width)
        + 0.2 * different
        + 0.8 * known / len(words)
        + (0.3 if values else 0.0)
        - 0.01 * position
    )


def is_word(cell: RawCell) -> bool:
    """Whether a cell is a text that is neither a number, a date, a duration nor a blank word."""
    if not isinstance(cell, str) or cells.absent(cell) is not None:
        return False
    if not any(char.isdigit() for char in cells.plain(cell)):
        return True
    readers = (cells.read_number, cells.read_datetime, cells.read_duration)
    return all(read(cell).state is not cells.State.VALUE for read in readers)


def _has_groups(head: SheetHead, position: int) -> bool:
    """Whether the row above names groups: fewer words with gaps between, over labels that repeat or are missing."""
    if position == 0:
        return False
    above = [header_text(cell) for cell in head.rows[position - 1][1]]
    labels = [header_text(cell) for cell in head.rows[position][1]]
    words = [text for text in above if text]
    shown = [text for text in labels if text]
    if len(words) < 2 or not all(is_word(cell) for cell in head.rows[position - 1][1] if header_text(cell)):
        return False
    repeats = len(set(shown)) < len(shown)
    holes = any(upper and not lower for upper, lower in zip(above, labels, strict=True))
    return (repeats and len(words) < len(shown)) or holes
