"""Cleaned rows on their way from the reading child to the program.

Only plain values travel (see :mod:`csdesk.ingest.readers.frames`), in the forms of
:mod:`csdesk.ingest.readers.values`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from csdesk.ingest.model import CleanRows, Findings, Problem, RawCell, RawChunk, RejectedRow, RowCounts
from csdesk.ingest.readers.columns import pack, unpack
from csdesk.ingest.readers.values import pack_values, unpack_values
from csdesk.ingest.rowclean import RowCleaning, RowRules

Packed = tuple[Any, ...]


class SheetCleaning:
    """In the child: the rows of one sheet, cleaned by the program's rules. ``texts``: all its cells are texts."""

    def __init__(self, rules: RowRules, *, texts: bool = False) -> None:
        self._texts = texts
        self._cleaning = RowCleaning(rules)
        self._wanted = {rule.column.index for rule in rules.columns}

    def chunk(self, sheet: str, index: int, first_row: int, columns: Sequence[Sequence[Any]]) -> Packed:
        """(rows, columns, findings) of a chunk; ``columns`` as the reader library gave them."""
        readable = list(columns)
        if not self._texts:
            readable = [_readable(cells) if at in self._wanted else _Unread(cells) for at, cells in enumerate(columns)]
        cleaned = self._cleaning.clean(RawChunk(sheet, index, first_row, readable))
        rows = cleaned.rows
        span = (rows.start, rows.stop) if isinstance(rows, range) else list(rows)
        packed = {name: pack_values(values) for name, values in cleaned.values.items()}
        return span, packed, _plain(self._cleaning.hand_over())


def unpack_rows(span: Any, columns: dict[str, Packed], findings: Packed) -> CleanRows:
    """What :meth:`SheetCleaning.chunk` packed."""
    rows = range(*span) if isinstance(span, tuple) else list(span)
    return CleanRows(rows, {name: unpack_values(column) for name, column in columns.items()}, _findings(findings))


class _Unread(Sequence[RawCell]):
    """A column nobody reads; single cells of it are shown with rows that are set aside."""

    def __init__(self, cells: Sequence[Any]) -> None:
        self._cells = cells

    def __len__(self) -> int:
        return len(self._cells)

    def __getitem__(self, index: Any) -> Any:
        return _readable(self._cells[index]) if isinstance(index, slice) else unpack(pack([self._cells[index]]))[0]

    def __iter__(self) -> Iterator[RawCell]:
        return iter(_readable(self._cells))


def _readable(cells: Sequence[Any]) -> Sequence[Any]:
    """Texts as they are (an empty one is no cell), all else in the form the program would get it in."""
    return cells if set(map(type, cells)) == {str} else unpack(pack(cells))


def _plain(found: Findings) -> Packed:
    counts = found.counts
    return (
        (counts.read, counts.rejected, counts.summary),
        found.problem_count,
        [(one.sheet, one.cell, one.column, one.value, one.reason) for one in found.problems],
        [(one.sheet, one.row, one.column, one.reason, one.cells) for one in found.rejected],
        [(kind, *about) for kind, about in found.repairs.items()],
    )


def _findings(plain: Packed) -> Findings:
    (read, rejected, summary), problem_count, problems, rows, repairs = plain
    return Findings(
        RowCounts(read, rejected=rejected, summary=summary),
        problem_count,
        [Problem(*one) for one in problems],
        [RejectedRow(*one) for one in rows],
        {kind: (count, example) for kind, count, example in repairs},
    )
