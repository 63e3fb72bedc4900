"""What tells a file of rows to correct: three columns of our own around the original ones.

``原因`` and ``原行号`` stand first; ``退回标记`` stands last (hidden in a workbook), the same words in every row: which
import the rows came from and how it was read. It is plain cell text, so it outlives saving in WPS, in another format,
and rows that are deleted, sorted or copied into another file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import RawCell, RawChunk

REASON, ROW_NUMBER, MARK = "原因", "原行号", "退回标记"
_WORD = "CSDesk退回"
_JOINT = "|"
_FIELDS = 8
_EPOCH = datetime(1970, 1, 1)
_HEADER_WITHIN = 10
_NUMBERED = re.compile(r"^(.+) \(\d+\)$")
_DEFUSED = re.compile(r"^(?:'(?=[=+\-@\t＝＋－＠])|\t)")


@dataclass(frozen=True, slots=True)
class Origin:
    """The import that rows to correct came from. ``batch`` 0: it was not imported; ``shop`` "": the rows say it."""

    batch: int
    sha256: str
    layout: str
    platform: Platform | None
    shop: str
    period: Period | None
    exported_at: datetime | None

    def mark(self) -> str:
        """The cell of the column 退回标记."""
        parts = (
            _WORD,
            str(self.batch),
            self.sha256[:16],
            self.layout,
            str(self.platform or ""),
            self.shop.replace(_JOINT, "｜"),
            f"{self.period.first}..{self.period.last}" if self.period else "",
            f"{self.exported_at:%Y-%m-%dT%H:%M:%S}" if self.exported_at else "",
        )
        return _JOINT.join(parts)


def read_mark(cell: RawCell) -> Origin | None:
    """The origin a cell of 退回标记 tells of, None for any other text."""
    parts = cell.strip().split(_JOINT) if isinstance(cell, str) else []
    if len(parts) != _FIELDS or parts[0] != _WORD or not parts[1].isdigit():
        return None
    _, batch, sha256, layout, platform, shop, span, exported = parts
    try:
        first, _, last = span.partition("..")
        return Origin(
            int(batch),
            sha256,
            layout,
            Platform(platform) if platform else None,
            shop.replace("｜", _JOINT),
            Period(date.fromisoformat(first), date.fromisoformat(last)) if span else None,
            datetime.fromisoformat(exported) if exported else None,
        )
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class CorrectionSheet:
    """One sheet of corrected rows: where they came from, and how to see the original table in it."""

    origin: Origin
    header_row: int
    own: frozenset[int]

    def original(self, chunk: RawChunk) -> RawChunk:
        """The chunk as the platform would have written it: our own columns empty, the others as they were called."""
        columns: list[list[RawCell]] = [
            [None] * chunk.height if index in self.own else [_restored(cell) for cell in column]
            for index, column in enumerate(chunk.columns)
        ]
        place = self.header_row - chunk.first_row
        if 0 <= place < chunk.height:
            seen: set[str] = set()
            for column in columns:
                cell = column[place]
                if isinstance(cell, str):
                    numbered = _NUMBERED.match(cell)
                    column[place] = numbered[1] if numbered and numbered[1] in seen else cell
                    seen.add(cell)
        return replace(chunk, columns=columns)


def correction_sheet(chunk: RawChunk) -> CorrectionSheet | None:
    """Whether a sheet, by its first chunk, holds corrected rows."""
    for number, row in chunk.rows():
        if number >= chunk.first_row + _HEADER_WITHIN:
            return None
        words = {cell.strip(): index for index, cell in enumerate(row) if isinstance(cell, str)}
        if MARK in words:
            own = frozenset(words[word] for word in (REASON, ROW_NUMBER, MARK) if word in words)
            marks = (read_mark(cell) for cell in chunk.columns[words[MARK]])
            origin = next((mark for mark in marks if mark is not None), None)
            return CorrectionSheet(origin, number, own) if origin else None
    return None


def _restored(cell: RawCell) -> RawCell:
    """A cell without what keeps spreadsheets from running or rounding it."""
    return _DEFUSED.sub("", cell) if isinstance(cell, str) and cell[:1] in "'\t" else cell


def moment(seconds: int) -> datetime:
    """Epoch seconds of the shop's clock as a moment."""
    return _EPOCH + timedelta(seconds=seconds)


def shown_reason(column: str, reason: str) -> str:
    """The cell of the column 原因."""
    return f"{column}：{reason}" if column else reason
