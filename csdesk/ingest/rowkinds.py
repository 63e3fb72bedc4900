"""What a row of a report is: a person, a summary, a peer figure, the header again, a note, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from csdesk.ingest import cells
from csdesk.ingest.headers import ColumnMapping, is_repeated_header
from csdesk.ingest.layouts import SHOP_ROW, Catalogue
from csdesk.ingest.model import RawCell


class RowKind(Enum):
    """See the module."""

    DATA = "data"
    SUMMARY = "summary"
    PEER = "peer"
    HEADER = "header"
    NOTE = "note"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class RowLabel:
    """Kind of a row; for summaries and peers also the role and the word that gave it away."""

    kind: RowKind
    role: str = ""
    word: str = ""


_DATA, _EMPTY = RowLabel(RowKind.DATA), RowLabel(RowKind.EMPTY)
_AFTER = re.compile(r"[((].*$|[::]\s*$|共?\d+[人位名].*$")
_NOTE = re.compile(r"^(?:注|说明|备注|数据来源|数据说明|统计说明|温馨提示|提示|以上|免责|\*)")
_ENTITIES = ("agent", "account", "date", "team", "shop")


def label_row(row: Sequence[RawCell], mapping: ColumnMapping, known: Catalogue) -> RowLabel:
    """Label one row below the header."""
    texts = [(index, cells.plain(cell)) for index, cell in enumerate(row) if isinstance(cell, str) and cell.strip()]
    if not texts and all(cell is None or cell == "" for cell in row):
        return _EMPTY
    if is_repeated_header(row, mapping):
        return RowLabel(RowKind.HEADER)
    label = _summary(texts, mapping, known)
    if label is not None:
        return label
    filled = sum(1 for cell in row if cell is not None and cell != "")
    if filled == 1 and texts and (_NOTE.match(texts[0][1]) or len(texts[0][1]) > 40):
        return RowLabel(RowKind.NOTE, word=texts[0][1])
    return _DATA


def _summary(texts: Sequence[tuple[int, str]], mapping: ColumnMapping, known: Catalogue) -> RowLabel | None:
    """The label stands in a column of names, in the first filled cell, or, if it is unmistakable, anywhere."""
    own = {column.index for column in mapping.columns if column.field in _ENTITIES}
    for position, (index, text) in enumerate(texts):
        role = known.row_role(text) or known.row_role(_AFTER.sub("", text))
        if role == SHOP_ROW and mapping.column("agent") is None:
            continue
        if role and (index in own or position == 0 or len(cells.plain(text)) >= 4):
            peer = role.startswith("peer")
            return RowLabel(RowKind.PEER if peer else RowKind.SUMMARY, role, text)
    return None
