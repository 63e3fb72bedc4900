"""A mapping the owner made by hand: which column of a table with this header is which field of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from csdesk.domain.platforms import Platform
from csdesk.ingest import cells
from csdesk.ingest.addresses import column_letters
from csdesk.ingest.headers import squeeze
from csdesk.ingest.model import RawCell
from csdesk.ingest.world import fingerprint_of

OWN_PREFIX = "own-"
PERCENT, FRACTION = "百分数", "小数"
"""Units of a rate, where the owner said how bare numbers are meant; "" leaves it to the column."""
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """One mapped column. ``at`` counts from 0; ``group`` is "" | "invited" | "self"; ``unit`` "" = as found."""

    at: int
    header: str
    field: str
    unit: str = ""
    group: str = ""

    @property
    def key(self) -> str:
        """The field with its group: what may be mapped only once."""
        return f"{self.field}.{self.group}" if self.group else self.field


@dataclass(frozen=True, slots=True)
class OwnMapping:
    """A table's columns as the owner mapped them.

    ``kind``, ``source`` and ``grain`` as in :class:`csdesk.ingest.layouts.Layout`. ``headers`` is the whole header,
    one text a column (:func:`header_texts`); ``header_rows`` how many rows it took, 0 for a table without one (then
    ``headers`` are made up and the mapping is used only where it is asked for). ``shop`` "" = not always the same.
    ``heads``: orders are summed up from these lines.
    """

    id: str
    name: str
    kind: str
    source: str
    grain: str
    headers: tuple[str, ...]
    columns: tuple[OwnColumn, ...]
    header_rows: int = 1
    platform: Platform | None = None
    shop: str = ""
    heads: bool = False

    @property
    def fingerprint(self) -> str:
        """The key of its header, as plans of such tables carry it."""
        return fingerprint_of(self.headers)

    def column(self, field: str) -> OwnColumn | None:
        """The column mapped to a field without group."""
        return next((column for column in self.columns if column.key == field), None)


@dataclass(frozen=True, slots=True)
class HeaderPlace:
    """Where a header is: ``position`` of its last row among the filled rows, -1 and height 0 for none at all."""

    position: int
    height: int = 1

    @property
    def data_from(self) -> int:
        """Position of the first row after it."""
        return self.position + 1


NO_HEADER = HeaderPlace(-1, 0)


def id_for(headers: Sequence[str], header_rows: int, name: str) -> str:
    """The id of a new mapping: one for each header; tables without one are told apart by their names."""
    return OWN_PREFIX + fingerprint_of(headers if header_rows else ("", name, *headers))[:12]


def header_text(cell: RawCell) -> str:
    """A header cell as text: NFKC, single spaces, at most 300 characters."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        cell = int(cell)
    text = cells.plain(str(cell).encode("utf-8", "replace").decode("utf-8"))
    return " ".join(text.split())[:_LONGEST].rstrip()


def header_texts(block: Sequence[Sequence[RawCell]]) -> tuple[str, ...]:
    """One text a column of a header of one or more rows; group words of merged cells stand before the label."""
    if not block:
        return ()
    width = max(len(row) for row in block)
    rows = [[header_text(cell) for cell in row] + [""] * (width - len(row)) for row in block]
    for upper in rows[:-1]:
        _spread(upper, rows[-1])
    texts = [" ".join(dict.fromkeys(row[index] for row in rows if row[index])) for index in range(width)]
    while texts and not texts[-1]:
        texts.pop()
    return tuple(texts)


def _spread(upper: list[str], lower: Sequence[str]) -> None:
    """A merged group cell has its text in the first column only; one merged downwards has nothing below it."""
    current = ""
    for index, text in enumerate(upper):
        if text:
            current = text if lower[index] else ""
        if not text and lower[index]:
            upper[index] = current


def letter_headers(width: int) -> tuple[str, ...]:
    """Names of the columns of a table without a header: A 列, B 列, …"""
    return tuple(f"{column_letters(index)} 列" for index in range(width))


def comparison(texts: Sequence[str]) -> tuple[str, ...]:
    """Headers in the form in which they are compared: width, case, spaces and punctuation do not matter."""
    return tuple(squeeze(text) or text for text in texts)
