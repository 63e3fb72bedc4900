"""What a mapping makes of the first rows of a table, by the very readers of the import. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from csdesk.ingest import cells
from csdesk.ingest.columns import read_column
from csdesk.ingest.headers import ColumnMapping, MappedColumn
from csdesk.ingest.layouts import Catalogue, Layout
from csdesk.ingest.model import Problem, RawCell, RawChunk, RowCounts
from csdesk.ingest.own.heads import SheetHead
from csdesk.ingest.own.lookup import column_mapping, texts_at
from csdesk.ingest.own.mapping import HeaderPlace, OwnMapping, letter_headers
from csdesk.ingest.own.rules import faults
from csdesk.ingest.own.targets import column_titles, own_layout
from csdesk.ingest.record_columns import cleaner_of
from csdesk.ingest.records import RecordContext, StagedRecords, record_rule
from csdesk.ingest.reports import read_report
from csdesk.ingest.sessions import SessionContext, session_rule, stage_sessions
from csdesk.safety.buyers import BuyerKeys
from csdesk.safety.masking import mask_text

SHOWN_ROWS = 6
_SHOWN_PROBLEMS = 40
_EPOCH = datetime(1970, 1, 1)
_UNREADABLE = "读不出"


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of trying a mapping.

    ``titles`` and ``rows`` are the mapped columns as they would be kept (texts; ``numbers`` the sheet rows).
    ``faults`` keep it from being saved; ``problems`` are cells and rows that would not be imported. ``counts``: of
    the rows tried (None while there are faults).
    """

    titles: tuple[str, ...]
    numbers: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]
    faults: tuple[str, ...]
    problems: tuple[str, ...] = ()
    counts: RowCounts | None = None
    more_problems: int = 0

    @property
    def summary(self) -> str:
        """One sentence: what would become of the rows tried."""
        if self.counts is None:
            return ""
        counts = self.counts
        good = counts.read - counts.rejected - counts.summary
        words = f"试读前 {counts.read} 行：{good} 行能导入"
        words += f"，{counts.rejected} 行不能" if counts.rejected else ""
        words += f"，{counts.summary} 行是合计、均值" if counts.summary else ""
        number = len(self.problems) + self.more_problems
        words += f"；有 {number} 处问题" if number else ""
        return words + "。"


def headers_at(head: SheetHead, place: HeaderPlace) -> tuple[str, ...]:
    """The header texts at a place, made-up ones where there is none."""
    return texts_at(head.rows, place.position, place.height) if place.height else letter_headers(head.width)


def column_values(head: SheetHead, place: HeaderPlace, width: int, known: Catalogue) -> list[list[RawCell]]:
    """The cells below the header, column by column, without rows of sums and means."""
    rows = [row for _, row in head.rows[place.data_from :]]
    rows = [row for row in rows if not any(isinstance(cell, str) and known.row_role(cell) for cell in row[:4])]
    return [[row[index] for row in rows] for index in range(width)]


def try_out(mapping: OwnMapping, head: SheetHead, place: HeaderPlace, known: Catalogue) -> Trial:
    """Convert the first rows and say what would go wrong. ``mapping`` may still be incomplete."""
    wrong = faults(mapping, known)
    layout = own_layout(mapping, known)
    usable = [one for one in mapping.columns if one.field in layout.fields and 0 <= one.at < len(mapping.headers)]
    layout = replace(layout, own=replace(mapping, columns=tuple(usable)))
    columns = column_mapping(layout, usable, headers_at(head, place), head.rows, place)
    body = [pair for pair in head.rows if pair[0] >= columns.data_row]
    shown = body[:SHOWN_ROWS]
    texts = [_texts(column, [row[column.index] for _, row in shown], layout, known) for column in columns.columns]
    ordered = sorted(usable, key=lambda one: one.at)
    trial = Trial(
        tuple(column_titles(ordered, dict(layout.fields))),
        tuple(number for number, _ in shown),
        tuple(tuple(column[at] for column in texts) for at in range(len(shown))),
        tuple(wrong),
    )
    if wrong or not body:
        return trial
    counts, problems, number = _run(layout, columns, body, head.name, known)
    told = tuple(dict.fromkeys(map(_sentence, problems)))
    return replace(
        trial,
        counts=counts,
        problems=told[:_SHOWN_PROBLEMS],
        more_problems=max(0, number - min(len(told), _SHOWN_PROBLEMS)),
    )


def _sentence(problem: Problem) -> str:
    where = " ".join(part for part in (problem.cell, f"“{problem.column}”" if problem.column else "") if part)
    value = f" 写着“{problem.value}”" if problem.value else ""
    return f"{where}{value}：{problem.reason}"


def _run(
    layout: Layout,
    columns: ColumnMapping,
    body: Sequence[tuple[int, tuple[RawCell, ...]]],
    sheet: str,
    known: Catalogue,
) -> tuple[RowCounts, list[Problem], int]:
    """(counts, problems kept, problems in all) of a real reading of the rows."""
    if layout.kind == "report":
        table = read_report(sheet, body, layout, columns)
        return table.counts, table.problems, len(table.problems)
    chunk = _chunk(sheet, body)
    keys = BuyerKeys(bytes(32))
    if layout.kind == "sessions":
        sessions = stage_sessions([chunk], columns, SessionContext(keys, words=known))
        _exhaust(sessions)
        return sessions.rows.counts, sessions.rows.problems, sessions.rows.problem_count
    staged = StagedRecords([chunk], columns, layout, RecordContext(keys, words=known))
    _exhaust(staged)
    return staged.rows.counts, staged.rows.problems, staged.rows.problem_count


def _exhaust(chunks: Iterable[object]) -> None:
    for _ in chunks:
        pass


def _chunk(sheet: str, body: Sequence[tuple[int, tuple[RawCell, ...]]]) -> RawChunk:
    """The rows as a reader would send them, empty ones filled in again."""
    first, last = body[0][0], body[-1][0]
    width = len(body[0][1])
    columns: list[list[RawCell]] = [[None] * (last - first + 1) for _ in range(width)]
    for number, row in body:
        for index, cell in enumerate(row):
            columns[index][number - first] = cell
    return RawChunk(sheet, 0, first, columns)


# ---------------------------------------------------------------- single cells


def _texts(column: MappedColumn, raw: Sequence[RawCell], layout: Layout, known: Catalogue) -> list[str]:
    """The cells of one column as they would be kept."""
    info = layout.fields[column.field]
    if layout.kind == "report":
        if not info.is_measure:
            return [mask_text(cells.show(cell)) for cell in raw]
        found = read_column(info.kind, raw, column.unit, low=info.low)
        values: Sequence[Any] = found.values
        bad = {position for position, _ in found.problems}
    else:
        mapped = replace(column, kind=info.kind)
        rule = session_rule(mapped) if layout.kind == "sessions" else record_rule(mapped, layout, known)
        clean = cleaner_of(rule, BuyerKeys(bytes(32))).clean(list(raw))
        values, bad = list(clean.values), {position for position, _ in clean.problems}
    show = _SHOW.get("buyer" if column.field == "buyer" else info.kind, str)
    return [
        _UNREADABLE if position in bad else "" if value is None else show(value)
        for position, value in enumerate(values)
    ]


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:g} 秒"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (f"{hours} 小时 " if hours else "") + f"{minutes} 分 {rest} 秒"


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


_SHOW: dict[str, Callable[[Any], str]] = {
    "count": _number,
    "integer": _number,
    "number": _number,
    "score": _number,
    "ratio": _number,
    "money": lambda fen: f"{fen / 100:,.2f} 元",
    "rate": lambda value: f"{value * 100:.2f}%",
    "duration": _duration,
    "instant": lambda seconds: f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}",
    "boolean": lambda value: "是" if value else "否",
    "buyer": lambda pair: str(pair[1] or "（加密）"),
    "address": lambda place: " ".join(part for part in place if part),
    "grade": lambda star: " ".join(str(part) for part in star if part),
}
