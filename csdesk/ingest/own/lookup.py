"""Finding the tables that were mapped by hand before: by their header, whatever stands above it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from csdesk.ingest.headers import ColumnMapping, MappedColumn, UnmatchedColumn, rows_to_skip
from csdesk.ingest.layouts import Layout
from csdesk.ingest.model import RawCell
from csdesk.ingest.own.mapping import (
    NO_HEADER,
    HeaderPlace,
    OwnColumn,
    OwnMapping,
    comparison,
    header_texts,
    letter_headers,
)

Rows = Sequence[tuple[int, Sequence[RawCell]]]
Found = tuple[Layout, ColumnMapping, str]
"""(layout, what its columns are, why: Chinese)"""

REACH = 60
"""Rows from the top among which the header is looked for."""
_LEFT_OUT = "您没有选这一列，不导入"
_NO_HEADER = "没有表头"


def find_own(rows: Rows, own: Sequence[Layout]) -> Found | None:
    """The own layout whose whole header stands in one of the first rows: same columns, in any order if certain."""
    by_header: dict[tuple[int, tuple[str, ...]], Layout] = {}
    for layout in own:
        if layout.own is not None and layout.own.header_rows:
            by_header[layout.own.header_rows, _any_order(layout.own.headers)] = layout
    heights = sorted({height for height, _ in by_header})
    for position in range(min(len(rows), REACH)):
        for height in heights:
            if height > position + 1:
                break
            texts = texts_at(rows, position, height)
            known = by_header.get((height, _any_order(texts)))
            columns = _columns(known.own, texts) if known is not None and known.own is not None else None
            if known is not None and columns is not None:
                return (
                    known,
                    column_mapping(known, columns, texts, rows, HeaderPlace(position, height)),
                    "和您上次对过的列一样",
                )
    return None


def force_own(rows: Rows, layout: Layout) -> Found | None:
    """The table as ``layout`` even if its header differs: by the row with most of its columns, needed ones included."""
    own = layout.own
    if own is None:
        return None
    if not own.header_rows:
        width = max((len(row) for _, row in rows), default=0)
        if any(column.at >= width for column in own.columns):
            return None
        return layout, column_mapping(layout, own.columns, letter_headers(width), rows, NO_HEADER), "您指定了这个列映射"
    best: tuple[int, int, list[OwnColumn], tuple[str, ...]] | None = None
    for position in range(own.header_rows - 1, min(len(rows), REACH)):
        texts = texts_at(rows, position, own.header_rows)
        present = _present(own, texts, by_place=True)
        if _enough(layout, present) and (best is None or len(present) > best[0]):
            best = (len(present), position, present, texts)
    if best is None:
        return None
    _, position, columns, texts = best
    return (
        layout,
        column_mapping(layout, columns, texts, rows, HeaderPlace(position, own.header_rows)),
        "您指定了这个列映射",
    )


def column_mapping(
    layout: Layout, columns: Sequence[OwnColumn], texts: Sequence[str], rows: Rows, place: HeaderPlace
) -> ColumnMapping:
    """The columns as the readers want them, of a table with its header at ``place`` among ``rows``."""
    mapped = [
        MappedColumn(one.at, texts[one.at], one.field, layout.fields[one.field].kind, one.unit, one.group)
        for one in sorted(columns, key=lambda one: one.at)
    ]
    taken = {column.index for column in mapped}
    left = [
        UnmatchedColumn(index, text, _LEFT_OUT if text else _NO_HEADER)
        for index, text in enumerate(texts)
        if index not in taken
    ]
    mapping = ColumnMapping(mapped, left, headers=tuple(texts))
    if place.height:
        used = [number for number, _ in rows[place.position - place.height + 1 : place.data_from]]
        mapping.header_rows = (*used, *rows_to_skip(rows, place.position, mapping))
    return mapping


def texts_at(rows: Rows, position: int, height: int) -> tuple[str, ...]:
    """The header of ``height`` rows that ends at ``rows[position]``."""
    return header_texts([row for _, row in rows[position - height + 1 : position + 1]])


def _any_order(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(text for text in comparison(texts) if text))


def _columns(own: OwnMapping, texts: Sequence[str]) -> list[OwnColumn] | None:
    """The mapped columns where they stand now; None where that is not certain."""
    here, before = comparison(texts), comparison(own.headers)
    if here == before:
        return list(own.columns)
    found = _present(own, texts, by_place=False)
    return found if len(found) == len(own.columns) else None


def _present(own: OwnMapping, texts: Sequence[str], *, by_place: bool) -> list[OwnColumn]:
    """The mapped columns whose header stands exactly once here and stood once there; ``by_place``: or at its place."""
    here, before = comparison(texts), comparison(own.headers)
    counts, once = Counter(here), Counter(before)
    found = []
    for column in own.columns:
        key = before[column.at]
        if key and counts[key] == 1 and once[key] == 1:
            at = here.index(key)
            found.append(OwnColumn(at, texts[at], column.field, column.unit, column.group))
        elif by_place and key and column.at < len(here) and here[column.at] == key:
            found.append(OwnColumn(column.at, texts[column.at], column.field, column.unit, column.group))
    return found


def _enough(layout: Layout, columns: Sequence[OwnColumn]) -> bool:
    fewest = min(2, len(layout.own.columns)) if layout.own is not None else 2
    return len(columns) >= fewest and layout.required <= {column.field for column in columns}
