"""What is kept of a row that is not imported: its cells as the sheet shows them, masked, nothing personal."""

from __future__ import annotations

from collections.abc import Sequence

from csdesk.ingest import cells
from csdesk.ingest.headers import ColumnMapping, squeeze
from csdesk.ingest.layouts import Catalogue
from csdesk.ingest.model import RawCell
from csdesk.safety.masking import mask_nick, mask_text

MAX_REJECTED = 20_000
"""Rows kept of one table; beyond them only the number is kept: nobody corrects so many by hand."""
_LONGEST_CELL = 500


def private_columns(mapping: ColumnMapping, words: Catalogue) -> frozenset[int]:
    """The sheet columns (from 0) no word of which may be kept: phones, addresses, names of receivers, ..."""
    private = words.record_words.private
    return frozenset(index for index, header in enumerate(mapping.headers) if squeeze(header) in private)


def kept_cells(mapping: ColumnMapping, raw: Sequence[RawCell], private: frozenset[int]) -> dict[str, str]:
    """Header → text of a row in the order of the sheet; nicks and texts masked, ``private`` columns left out."""
    kept: dict[str, str] = {}
    fields = {column.index: column.field for column in mapping.columns}
    for index, header in enumerate(mapping.headers):
        if index in private or index >= len(raw) or not header:
            continue
        text = cells.show(raw[index], _LONGEST_CELL)
        name = header if header not in kept else f"{header} ({index + 1})"
        kept[name] = mask_nick(text) if fields.get(index) == "buyer" and text else mask_text(text)
    return kept
