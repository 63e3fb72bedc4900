"""What is kept of a row that is not imported: its cells as the sheet shows them, masked, nothing personal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from csdesk.ingest import cells
from csdesk.ingest.headers import ColumnMapping, squeeze
from csdesk.ingest.layouts import Catalogue
from csdesk.ingest.model import RawCell
from csdesk.safety.masking import mask_nick, mask_text
from csdesk.safety.personal import is_cipher, is_personal

MAX_REJECTED = 20_000
"""Rows kept of one table; beyond them only the number is kept: nobody corrects so many by hand."""
_LONGEST_CELL = 500
_EXACT = 1e15


def private_columns(mapping: ColumnMapping, words: Catalogue) -> frozenset[int]:
    """The sheet columns (from 0) no word of which may be kept: phones, addresses, names of receivers, ..."""
    private = words.record_words.private
    kinds = {column.index: column.kind for column in mapping.columns}
    return frozenset(
        index
        for index, header in enumerate(mapping.headers)
        if squeeze(header) in private or kinds.get(index) == "address" or (index not in kinds and is_personal(header))
    )


def kept_cells(mapping: ColumnMapping, raw: Sequence[RawCell], private: frozenset[int]) -> dict[str, str]:
    """Header → text of a row in the order of the sheet; nicks and texts masked, ``private`` columns left out."""
    buyers = frozenset(column.index for column in mapping.columns if column.field == "buyer")
    return tidy_cells(mapping.headers, raw, private, buyers)


def tidy_cells(
    headers: Sequence[str], raw: Sequence[RawCell], private: frozenset[int], buyers: frozenset[int] = frozenset()
) -> dict[str, str]:
    """Header → text of a row; a header met before gets its column's number (``备注 (7)``), columns without one go.

    Texts are masked, and the cells of ``buyers`` (columns from 0) to first and last letter; ``private`` ones and
    ciphers are left out.
    """
    kept: dict[str, str] = {}
    for index, header in enumerate(headers):
        if index in private or index >= len(raw) or not header:
            continue
        text = _written(raw[index])
        if is_cipher(text):
            continue
        name = header if header not in kept else f"{header} ({index + 1})"
        kept[name] = mask_nick(text) if index in buyers and text else mask_text(text)
    return kept


def _written(cell: RawCell) -> str:
    """A cell as the owner would type it: whole numbers without a point, days without a time."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT:
        return f"{cell:.0f}"
    if isinstance(cell, datetime) and cell.time() == time(0):
        return str(cell.date())
    return cells.show(cell, _LONGEST_CELL)
