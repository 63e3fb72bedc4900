"""Small tables written as the platforms write them, and a planner that reads them without a child process."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from csdesk.domain.platforms import Platform
from csdesk.ingest import plan as planning
from csdesk.ingest.model import Given, Plan, RawChunk, ReportCell, RowCounts
from csdesk.ingest.world import KnownShop
from csdesk.safety.buyers import BuyerKeys

KEYS = BuyerKeys(b"k" * 32)
Table = Sequence[Sequence[Any]]


def headers(*lines: str) -> list[str]:
    """The headers of comma-joined lines."""
    return ",".join(lines).split(",")


def write_xlsx(path: Path, *sheets: tuple[str, Table], percent: Sequence[str] = ()) -> Path:
    """A workbook; ``percent`` are cells (like B3 of the first sheet) formatted as 0.00%."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    for where in percent:
        book.worksheets[0][where].number_format = "0.00%"
    book.save(path)
    return path


def write_csv(path: Path, rows: Table, encoding: str = "utf-8-sig") -> Path:
    """A comma-separated file."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(["" if cell is None else cell for cell in row] for row in rows)
    return path


class World:
    """A known world made of lists."""

    def __init__(self, *shops: KnownShop) -> None:
        self._shops = shops
        self.batches: dict[tuple[str, str], int] = {}
        self.answers: dict[str, Given] = {}

    def shops(self, platform: Platform | None = None) -> list[KnownShop]:
        return [shop for shop in self._shops if platform in (None, shop.platform)]

    def duplicate(self, sha256: str, claim: str) -> int | None:
        return self.batches.get((sha256, claim))

    def rows_of(self, batch: int) -> RowCounts:
        return RowCounts(read=5, inserted=4, rejected=1)

    def answer(self, fingerprint: str) -> Given | None:
        return self.answers.get(fingerprint)


class _Stream:
    """Chunks of a file read in this process, closable like the real stream."""

    def __init__(self, chunks: Iterator[RawChunk], file: Path) -> None:
        self._chunks = chunks
        self.file = file
        self.notes: list[str] = []
        self.closed = False

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> _Stream:
        return self

    def __next__(self) -> RawChunk:
        return next(self._chunks)

    def close(self) -> None:
        self.closed = True


def _chunks(path: Path, size: int) -> Iterator[RawChunk]:
    if path.suffix == ".csv":
        text = path.read_bytes()
        try:
            decoded = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            decoded = text.decode("gb18030")
        rows: list[list[Any]] = [[cell or None for cell in row] for row in csv.reader(decoded.splitlines())]
        yield from _cut(path.stem, 0, rows, size)
        return
    book = CalamineWorkbook.from_path(str(path))
    for number, name in enumerate(book.sheet_names):
        rows = [
            [_cell(cell) for cell in row] for row in book.get_sheet_by_index(number).to_python(skip_empty_area=False)
        ]
        if rows:
            yield from _cut(name, number, rows, size)


def _cell(cell: Any) -> Any:
    if cell == "" and isinstance(cell, str):
        return None
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return datetime(cell.year, cell.month, cell.day)
    return cell


def _cut(name: str, number: int, rows: list[list[Any]], size: int) -> Iterator[RawChunk]:
    width = max(map(len, rows), default=0)
    rows = [row + [None] * (width - len(row)) for row in rows]
    start = 0
    while start < len(rows):
        part = rows[start : start + (64 if start == 0 else size)]
        yield RawChunk(name, number, start + 1, [list(column) for column in zip(*part, strict=True)])
        start += len(part)


def planned(path: Path, given: Given | None = None, world: Any = None, *, lazy: bool = False) -> list[Plan]:
    """The plans of a file, read in this process."""
    original = planning.read_chunks
    planning.read_chunks = lambda file, **_: _Stream(_chunks(file, 4096), file)  # type: ignore[assignment,return-value]
    try:
        return planning.plan_file(path, given or Given(), world or World(), keys=KEYS, lazy=lazy)
    finally:
        planning.read_chunks = original


def only(plans: Sequence[Plan]) -> Plan:
    """The one plan."""
    assert len(plans) == 1, [plan.layout for plan in plans]
    return plans[0]


def values(plan: Plan, agent: str | None = None) -> Mapping[str, float | None]:
    """Measure → value of one agent (None: the shop) of a plan."""
    return {cell.measure: cell.value for cell in cells_of(plan, agent)}


def cells_of(plan: Plan, agent: str | None = None) -> list[ReportCell]:
    """The staged cells of one agent."""
    return [cell for cell in plan.staged.reports if (cell.agent.name if cell.agent else None) == agent]


def agents(plan: Plan) -> list[str]:
    """Names of the agents in a plan, in order."""
    return list(dict.fromkeys(cell.agent.name for cell in plan.staged.reports if cell.agent))
