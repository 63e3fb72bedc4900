"""The columns of a file as the preview shows them, giving nobody away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from csdesk.ingest import cells
from csdesk.ingest.detect import LayoutMatch
from csdesk.ingest.model import ColumnReading, RawCell, RawChunk
from csdesk.safety.masking import mask_nick, mask_text
from csdesk.safety.personal import is_cipher, is_personal


def without_private(reading: ColumnReading) -> ColumnReading:
    """A reading whose sample gives nobody away."""
    if reading.field is None and (is_personal(reading.header) or is_cipher(reading.sample)):
        return replace(reading, sample="***" if reading.sample else "", note="隐私，不保存")
    return replace(reading, sample=mask_text(reading.sample)) if reading.sample else reading


_HOW = {
    "id": "按文本读，不丢位数",
    "instant": "日期时间",
    "duration": "换算成秒",
    "boolean": "是/否",
    "rating": "1–5 分",
    "money": "金额（元）",
    "integer": "整数",
}


def session_readings(match: LayoutMatch, chunk: RawChunk) -> list[ColumnReading]:
    """The columns of a session file, with samples from its first rows."""
    rows = [row for number, row in chunk.rows() if number >= match.mapping.data_row]
    found: dict[int, ColumnReading] = {}
    for column in match.mapping.columns:
        sample = _sample(rows, column.index)
        note = _HOW.get(column.kind, "文字")
        if column.field == "buyer":
            sample, note = mask_nick(sample) if sample else "", "只存加密标识，不存原名"
        found[column.index] = ColumnReading(
            column.header, column.field, match.layout.fields[column.field].title, sample, note
        )
    for other in match.mapping.unmatched:
        sample = _sample(rows, other.index)
        if other.header or sample:
            found[other.index] = ColumnReading(other.header, None, "", sample, other.note)
    return [found[index] for index in sorted(found)]


def _sample(rows: Sequence[Sequence[RawCell]], index: int) -> str:
    return next((cells.show(row[index]) for row in rows if index < len(row) and cells.absent(row[index]) is None), "")
