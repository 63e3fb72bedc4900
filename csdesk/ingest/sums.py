"""Do the summary rows of a report agree with the sum of its rows?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from csdesk.ingest import cells, layouts
from csdesk.ingest.columns import ColumnValues
from csdesk.ingest.headers import MappedColumn
from csdesk.ingest.model import RawCell
from csdesk.ingest.rowkinds import RowLabel


@dataclass(slots=True)
class SumCheck:
    """Sentences about sums that agree, (row, value, reason) for those that do not, and a word for the preview."""

    agreed: list[str] = field(default_factory=list)
    disagreed: list[tuple[int, RawCell, str]] = field(default_factory=list)
    note: str = ""


def check_sums(
    kind: str,
    column: MappedColumn,
    row_numbers: Sequence[int],
    read: ColumnValues,
    summaries: Sequence[tuple[int, RawCell, RowLabel]],
) -> SumCheck:
    """Compare each 汇总/合计 row with the rows above it (all rows, or those since the last such row).

    A column with delayed or unreadable cells is not checked. 全店… rows speak of more agents than may be
    listed, so only their agreement is reported.
    """
    result = SumCheck()
    values = read.values[: len(row_numbers)]
    if any(position < len(row_numbers) for position in (*read.delayed, *(p for p, _ in read.problems))):
        return result
    everything = sum(value for value in values if value is not None)
    since = 0
    for number, cell, label in summaries:
        if label.role not in (layouts.TOTAL, layouts.SHOP_TOTAL):
            continue
        reading = cells.read_money(cell, column.unit or "元") if kind == "money" else cells.read_number(cell)
        part = sum(
            value for row, value in zip(row_numbers, values, strict=True) if value is not None and since < row < number
        )
        since = number
        if reading.state is not cells.State.VALUE:
            continue
        tolerance = 0.51 if kind == "count" else 1.01 * max(1, len(values)) / 2
        if any(abs(reading.value - total) <= tolerance for total in (everything, part)):
            shown = _shown(kind, reading.value)
            result.agreed.append(f"{column.header}合计 {shown}，与“{label.word}”行一致。")
            result.note = f"合计 {shown} 与“{label.word}”行一致"
        elif label.role == layouts.TOTAL:
            reason = f"“{label.word}”行写的是 {_shown(kind, reading.value)}，各行相加是 {_shown(kind, everything)}"
            result.disagreed.append((number, cell, reason + "；请核对导出时是否选全了客服"))
    return result


def _shown(kind: str, value: float) -> str:
    if kind == "money":
        return f"{value / 100:,.2f}"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
