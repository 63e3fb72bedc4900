"""Rows of a report that could not be used wholly, kept as they can be corrected and read again by themselves.

What a cell means may follow from its whole column: 0.5 is half a percent among 98.8 and 97.1. Where a cell read
alone would say something else than in its table, its meaning is written out (0.5%, 75秒), so that the few rows of a
correction give the numbers the whole table would have given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from csdesk.ingest import cells
from csdesk.ingest.columns import read_column
from csdesk.ingest.headers import ColumnMapping, MappedColumn
from csdesk.ingest.layouts import FieldInfo, catalogue
from csdesk.ingest.model import RawCell, RejectedRow
from csdesk.ingest.rejected import MAX_REJECTED, private_columns, tidy_cells

_GROUP_WORDS = {"invited": "邀请", "self": "自主"}
_BY_COLUMN = frozenset(("rate", "ratio", "duration"))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: the first thing found. ``header`` "" = the row as such."""

    header: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column of numbers as it was read: ``values`` by position of the data row."""

    mapped: MappedColumn
    info: FieldInfo
    values: Sequence[Any]


def rejected_rows(
    sheet: str,
    faults: Mapping[int, Fault],
    source: Mapping[int, Sequence[RawCell]],
    *,
    mapping: ColumnMapping,
    columns: Sequence[ReadColumn],
    filled: Mapping[int, Mapping[str, str]],
) -> list[RejectedRow]:
    """The rows of ``faults`` (sheet row → what is wrong) with their cells, in the order of the sheet.

    ``source``: sheet row → cells, in the order of the columns' values; ``filled``: sheet row → field → text that stands
    in a merged cell above.
    """
    positions = {row: place for place, row in enumerate(source)}
    private = private_columns(mapping, catalogue())
    headers = _headers(mapping)
    found = []
    for row in sorted(faults)[:MAX_REJECTED]:
        raw = list(source[row])
        for column in columns:
            raw[column.mapped.index] = _by_itself(column, raw[column.mapped.index], positions[row])
        for name, text in filled.get(row, {}).items():
            place = mapping.column(name)
            if place is not None and cells.absent(raw[place.index]) is not None:
                raw[place.index] = text
        fault = faults[row]
        found.append(RejectedRow(sheet, row, fault.header, fault.reason, tidy_cells(headers, raw, private)))
    return found


def grouped_header(column: MappedColumn) -> str:
    """A header that tells its group by itself (邀请-发出评价数): the row of groups above it is not kept."""
    word = _GROUP_WORDS.get(column.group, "")
    return f"{word}-{column.header}" if word and word not in column.header else column.header


def _headers(mapping: ColumnMapping) -> list[str]:
    headers = list(mapping.headers)
    for column in mapping.columns:
        headers[column.index] = grouped_header(column)
    return headers


def _by_itself(column: ReadColumn, cell: RawCell, position: int) -> RawCell:
    """The cell, or its meaning written out where alone it would mean something else."""
    value = column.values[position]
    if value is None or column.info.kind not in _BY_COLUMN:
        return cell
    shown = cells.show(cell, 500)
    alone = read_column(column.info.kind, [shown], column.mapped.unit, low=column.info.low).values[0]
    if alone is not None and abs(alone - value) <= 1e-12 * max(1.0, abs(value)):
        return cell
    number = Decimal(repr(value))
    if column.info.kind == "duration":
        return f"{number.normalize():f}秒"
    return f"{(number * 100).normalize():f}%"
