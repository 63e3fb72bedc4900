"""What all tables kept row by row have in common: which rows stay, and what is told about the others.

Rows come in chunks, column by column; nothing is done for a single cell that is not odd. The rules are plain data,
so that the reading child can do the work (:mod:`csdesk.ingest.readers.rows`): it has the cells at hand and a
processor of its own, and what is private goes no further. Here and there it is the same :class:`RowCleaning`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from typing import Any

from csdesk.ingest import cells
from csdesk.ingest.addresses import cell_address
from csdesk.ingest.headers import ColumnMapping, MappedColumn, squeeze
from csdesk.ingest.model import CleanRows, Findings, Problem, RawChunk, RejectedRow, Repair, RowCounts
from csdesk.ingest.readers.columns import TextCells
from csdesk.ingest.readers.values import TextValues, Values
from csdesk.ingest.record_columns import cleaner_of
from csdesk.ingest.rejected import MAX_REJECTED, kept_cells
from csdesk.ingest.row_columns import CleanColumn, Cleaner
from csdesk.safety.buyers import BuyerKeys
from csdesk.safety.masking import mask_text

MAX_PROBLEMS = 1000
"""Problems kept with their cells; beyond them only the number is kept."""
REPAIR_HEADER = "重复的表头行已跳过"


@dataclass(frozen=True)
class ColumnRule:
    """How one column is read: ``kind`` as in :func:`~csdesk.ingest.record_columns.cleaner_of`.

    ``words``: the table of a column of fixed words.
    """

    column: MappedColumn
    kind: str
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RowRules:
    """All that is needed to clean the rows of one sheet, as plain data.

    ``needs``: groups of fields; a row without one field of every group is rejected. ``names``: the fields where a
    summary row would say 合计. ``labels``: what summary rows are called (comparison form). ``private``: columns no
    word of which may be kept.
    """

    mapping: ColumnMapping
    columns: tuple[ColumnRule, ...]
    needs: Sequence[Sequence[str]]
    keys: BuyerKeys
    labels: frozenset[str]
    names: Sequence[str] = ()
    private: frozenset[int] = frozenset()
    date1904: bool = False


class RowCleaning:
    """The rows of one sheet on their way, and what was found out about them.

    ``counts`` has read, rejected and summary filled in.
    """

    def __init__(self, rules: RowRules) -> None:
        self.rules = rules
        self._found = Findings()
        self._kept_problems = self._kept_rejected = 0
        self._chosen: list[tuple[MappedColumn, Cleaner]] = []

    @property
    def counts(self) -> RowCounts:
        """Rows read, rejected and passed over as summaries."""
        return self._found.counts

    @property
    def problems(self) -> list[Problem]:
        """Cells that could not be used, the first :data:`MAX_PROBLEMS`."""
        return self._found.problems

    @property
    def problem_count(self) -> int:
        """Number of cells that could not be used."""
        return self._found.problem_count

    @property
    def rejected(self) -> list[RejectedRow]:
        """Rows set aside, the first :data:`~csdesk.ingest.rejected.MAX_REJECTED`."""
        return self._found.rejected

    @property
    def repairs(self) -> list[Repair]:
        """What was mended, each kind once with its number and first example."""
        return [Repair(kind, count, example) for kind, (count, example) in self._found.repairs.items()]

    def repaired(self, kind: str, count: int, example: str) -> None:
        """Count something mended; the first example is kept."""
        before, first = self._found.repairs.get(kind, (0, example))
        self._found.repairs[kind] = (before + count, first)

    def hand_over(self) -> Findings:
        """What was found since the last time, to be merged by the other side."""
        found, self._found = self._found, Findings()
        return found

    # ---------------------------------------------------------------- chunks

    def rows(self, chunks: Iterable[RawChunk]) -> Iterator[CleanRows]:
        """The rows that stay, chunk by chunk; cleaned by the reader itself where it can."""
        for chunk in chunks:
            if chunk.ask is not None and chunk.ask(self.rules):
                continue  # it comes again, cleaned
            cleaned = _listed(self.clean(chunk)) if chunk.cleaned is None else self._merged(chunk.cleaned)
            if cleaned.rows:
                yield cleaned

    def _merged(self, cleaned: CleanRows) -> CleanRows:
        found, mine = cleaned.found, self._found
        mine.counts.add(found.counts)
        mine.problem_count += found.problem_count
        mine.problems += found.problems
        mine.rejected += found.rejected
        for kind, (count, example) in found.repairs.items():
            self.repaired(kind, count, example)
        return cleaned

    def clean(self, chunk: RawChunk) -> CleanRows:
        """The rows of a chunk that stay: their numbers in the sheet, and field → values."""
        skip = max(0, self.rules.mapping.data_row - chunk.first_row)
        height = chunk.height - skip
        if height <= 0:
            return CleanRows((), {})
        if not self._chosen:
            self._chosen = [(rule.column, _cleaner(rule, self.rules)) for rule in self.rules.columns]
        clean: dict[str, CleanColumn] = {}
        for column, cleaner in self._chosen:
            raw = chunk.columns[column.index] if column.index < len(chunk.columns) else [None] * chunk.height
            clean[column.field] = cleaner.clean(raw[skip:] if skip else raw)
        first_row = chunk.first_row + skip
        keep = self._keep(chunk, first_row, skip, clean)
        self._note_findings(chunk, skip, clean, keep)
        rows: Sequence[int] = range(first_row, first_row + height)
        values: dict[str, Any] = {name: found.values for name, found in clean.items()}
        if keep is not None:
            rows = list(compress(rows, keep))
            values = {name: list(compress(found, keep)) for name, found in values.items()}
        return CleanRows(rows, values)

    def _keep(self, chunk: RawChunk, first_row: int, skip: int, clean: dict[str, CleanColumn]) -> list[bool] | None:
        """Which rows stay; None when all do. Counts the others as summary or rejected, blank ones not at all."""
        height = chunk.height - skip
        bad: set[int] = set()
        for group in self.rules.needs:
            known = [clean[name].values for name in group if name in clean]
            lacking = set(_absent(known[0])) if known else set(range(height))
            for values in known[1:]:
                lacking &= set(_absent(values))
            bad |= lacking
        bad |= self._labelled(chunk, skip, clean)
        self.counts.read += height
        if not bad:
            return None
        keep = [True] * height
        for position in sorted(bad):
            keep[position] = False
            self._judge(chunk, first_row + position, [column[skip + position] for column in chunk.columns], clean)
        return keep

    def _labelled(self, chunk: RawChunk, skip: int, clean: dict[str, CleanColumn]) -> set[int]:
        """Rows whose id or name is the label of a summary row, or the header once more."""
        found: set[int] = set()
        headers = {column.field: squeeze(column.header) for column in self.rules.mapping.columns}
        for name in self.rules.names:
            if name in clean:
                values = clean[name].values if name != "buyer" else self._nicks(chunk, skip)
                if isinstance(values, TextValues) and values.joined.isascii():
                    continue
                odd = {
                    text for text in set(values) if isinstance(text, str) and text and not text[0].isascii()
                }  # fmt: skip
                labels = {text for text in odd if self._is_label(text) or squeeze(text) == headers[name]}
                if labels:
                    found |= {position for position, text in enumerate(values) if text in labels}
        return found

    def _nicks(self, chunk: RawChunk, skip: int) -> Sequence[Any]:
        """The buyers' cells as they stand: cleaned, nobody could see a 合计 among them any more."""
        index = next(column.index for column, _ in self._chosen if column.field == "buyer")
        if index >= len(chunk.columns):
            return ()
        nicks = chunk.columns[index]
        lines = nicks.lines() if isinstance(nicks, TextCells) and not skip else None
        return list(nicks)[skip:] if lines is None else lines

    def _is_label(self, text: str) -> bool:
        return squeeze(text) in self.rules.labels

    def _judge(self, chunk: RawChunk, row: int, raw: list[Any], clean: dict[str, CleanColumn]) -> None:
        texts = [str(cell).strip() for cell in raw if cell is not None and str(cell).strip()]
        if not texts:
            self.counts.read -= 1
        elif any(self._is_label(text) for text in texts[:3]):
            self.counts.summary += 1
        elif self._is_header(raw):
            self.counts.read -= 1
            self.repaired(REPAIR_HEADER, 1, f"第 {row} 行")
        else:
            self.counts.rejected += 1
            self._reject(chunk, row, raw, clean)

    def _is_header(self, raw: list[Any]) -> bool:
        wanted = {name for group in self.rules.needs for name in group}
        columns = self.rules.mapping.columns
        named = [column for column in columns if column.index < len(raw) and column.field in wanted]
        return bool(named) and all(
            isinstance(raw[column.index], str) and squeeze(raw[column.index]) == squeeze(column.header)
            for column in named
        )

    def _reject(self, chunk: RawChunk, row: int, raw: list[Any], clean: dict[str, CleanColumn]) -> None:
        """One problem for each group of needed cells that is missing; the row itself is kept to be corrected."""
        first: tuple[str, str] | None = None
        for group in self.rules.needs:
            columns = [column for name in group for column, _ in self._chosen if column.field == name]
            cells_of = [raw[column.index] if column.index < len(raw) else None for column in columns]
            reasons = [
                clean[column.field].reason_of(cell) for column, cell in zip(columns, cells_of, strict=True)
            ]  # fmt: skip
            if columns and not all(reasons):
                continue
            column, cell = (columns[0], cells_of[0]) if columns else (None, None)
            reason = reasons[0] if reasons else "表里没有这一列"
            for other, found, why in zip(columns, cells_of, reasons, strict=True):
                if cells.absent(found) is None:  # what stands there and cannot be read says more than an empty cell
                    column, cell, reason = other, found, why
                    break
            self.problem(chunk.sheet, row, column, cell, f"{reason}，整行没有导入")
            first = first or (column.header if column else "", reason)
        if self._kept_rejected < MAX_REJECTED:
            self._kept_rejected += 1
            header, reason = first or ("", "这一行读不出")
            kept = kept_cells(self.rules.mapping, raw, self.rules.private)
            self.rejected.append(RejectedRow(chunk.sheet, row, header, reason, kept))

    def _note_findings(
        self, chunk: RawChunk, skip: int, clean: dict[str, CleanColumn], keep: list[bool] | None
    ) -> None:
        first_row = chunk.first_row + skip
        for column, _ in self._chosen:
            found = clean[column.field]
            if not found.problems and not found.repairs:
                continue
            raw = chunk.columns[column.index]
            for position, reason in found.problems:
                if keep is None or keep[position]:
                    cell = raw[skip + position]
                    self.problem(chunk.sheet, first_row + position, column, cell, reason)
            for kind, (count, position) in found.repairs.items():
                shown = "" if column.index in self.rules.private else mask_text(cells.show(raw[skip + position]))
                where = cell_address(column.index, first_row + position)
                self.repaired(kind, count, f"{where}: {shown}" if shown else where)

    def problem(self, sheet: str, row: int, column: MappedColumn | None, cell: Any, reason: str) -> None:
        """A cell (or, without a column, a row) that could not be used."""
        self._found.problem_count += 1
        if self._kept_problems >= MAX_PROBLEMS:
            return
        self._kept_problems += 1
        index = column.index if column else 0
        secret = column is not None and (column.field == "buyer" or index in self.rules.private)
        shown = "" if secret else mask_text(cells.show(cell))
        where = cell_address(index, row)
        self.problems.append(Problem(sheet, where, column.header if column else "", shown, reason))


def _listed(cleaned: CleanRows) -> CleanRows:
    for name, values in cleaned.values.items():
        cleaned.values[name] = list(values)
    return cleaned


def _cleaner(rule: ColumnRule, rules: RowRules) -> Cleaner:
    return cleaner_of(rule, rules.keys, date1904=rules.date1904)


def _absent(values: Sequence[Any]) -> Iterator[int]:
    if values.complete if isinstance(values, Values) else None not in values:
        return iter(())
    return (position for position, value in enumerate(values) if value is None)
