"""What travels through the import: raw chunks, readings, the plan of a file and its report.

The plan is made before anything is written; :mod:`csdesk.ingest.load` carries it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform

RawCell = None | str | float | int | bool | datetime
"""A cell as the reader found it. Numbers come as float (int where the file says so), empty as None."""


@dataclass(frozen=True, slots=True)
class RawChunk:
    """Consecutive rows of one sheet, column by column.

    ``columns[c][r]`` is the cell in sheet row ``first_row + r`` (1-based, as Excel shows it) and
    sheet column ``c`` (0-based, A = 0). All columns have the same length. Leading empty rows and
    columns of the sheet are kept, so addresses are the owner's addresses.

    ``ask``: on the first chunk of a sheet that has more, until the next chunk is taken: called with
    :class:`csdesk.ingest.rowclean.RowRules` it has the reader clean the whole sheet by them, from this chunk on, and
    returns True. Such chunks come without ``columns``, what became of their rows is in ``cleaned``.
    """

    sheet: str
    sheet_index: int
    first_row: int
    columns: Sequence[Sequence[RawCell]]
    ask: Callable[[object], bool] | None = field(default=None, compare=False, repr=False)
    cleaned: CleanRows | None = None

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.columns[0]) if self.columns else 0

    def rows(self) -> Iterator[tuple[int, tuple[RawCell, ...]]]:
        """(sheet row, cells) one by one; for small tables and header search."""
        for offset, cells in enumerate(zip(*self.columns, strict=True)):
            yield self.first_row + offset, cells


class Status(StrEnum):
    """What became of a file; the words of the command line's JSON."""

    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    NEEDS_INPUT = "needs_input"
    UNRECOGNISED = "unrecognised"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(slots=True)
class RowCounts:
    """Rows of the source: read = inserted + updated + duplicate + rejected + summary."""

    read: int = 0
    inserted: int = 0
    updated: int = 0
    duplicate: int = 0
    rejected: int = 0
    summary: int = 0

    def add(self, other: RowCounts) -> None:
        """Add another sheet's or part's counts in place."""
        for name in ("read", "inserted", "updated", "duplicate", "rejected", "summary"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of thing mended while reading: how often, and the first example with its cell."""

    kind: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell (or row) that could not be used, with its address in the owner's file."""

    sheet: str
    cell: str
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class SumOutcome:
    """A summary row held against the sum of its rows: ``agrees``, and a Chinese sentence with both numbers."""

    column: str
    cell: str
    sentence: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """One column of the preview: what it is called there, what we take it for, a sample, how it is read.

    ``field`` is None for a column that is not imported; ``note`` then says why
    (不认识 / 隐私,不保存 / 可由其他列算出). ``tone`` is "" | "good" | "warn".
    """

    header: str
    field: str | None
    title: str
    sample: str
    note: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ReportCell:
    """One number of a report. ``agent`` is None for the shop as a whole.

    ``row`` numbers the source row, so that rows (not cells) can be counted.
    """

    row: int
    shop: str
    agent: AgentRef | None
    period: Period
    measure: str
    value: float | None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class AgentRef:
    """An agent as a file names it; the store finds or makes the person."""

    name: str
    account: str | None = None
    team: str | None = None
    kind: str = "person"


@dataclass(frozen=True, slots=True)
class BenchmarkCell:
    """A peer figure: ``peer`` is "peer_average" or "peer_top"."""

    shop: str
    peer: str
    period: Period
    measure: str
    value: float


@dataclass(slots=True)
class SessionChunk:
    """Cleaned session rows, column by column; all lists have the same length.

    ``columns`` maps a column of the ``session`` table (shop and agent as text under "shop" and
    "agent", buyer_key/buyer_mask already hashed, comment masked) to values; a column the file does
    not have is absent. ``rows`` are the sheet rows.
    """

    rows: Sequence[int]
    columns: dict[str, list[Any]]


@dataclass(slots=True)
class RecordChunk:
    """Cleaned rows of one kind of :data:`csdesk.store.kinds.KINDS`, column by column, like :class:`SessionChunk`.

    ``columns`` maps the kind's columns to values (money in 分, instants in epoch seconds, booleans 0/1, unknown =
    None), shop and agent as text under "shop" and "agent"; a column the file does not have is absent, and the same
    columns come in all chunks of a kind. The key column may be absent too where the kind has key recipes: the loader
    makes the keys then. A row whose key cannot be made must not come here; it is a rejected row.
    """

    kind: str
    rows: Sequence[int]
    columns: dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row that was not imported, kept so that it can be corrected: the cells masked, personal columns left out.

    ``column`` is the header of the cell that is at fault ("" if it is the row), ``cells`` header → text in the
    order of the sheet.
    """

    sheet: str
    row: int
    column: str
    reason: str
    cells: dict[str, str]


@dataclass(slots=True)
class Findings:
    """What was found out about rows: ``counts`` read, rejected, summary; ``repairs`` kind → (how often, example)."""

    counts: RowCounts = field(default_factory=RowCounts)
    problem_count: int = 0
    problems: list[Problem] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    repairs: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(slots=True)
class CleanRows:
    """Rows of a sheet that stay: their numbers, and field → values; buyers as (key, display form).

    ``values`` may be of :mod:`csdesk.ingest.readers.values`.
    ``found``: what a reader that did the cleaning found out about these rows and those it dropped.
    """

    rows: Sequence[int]
    values: dict[str, Any]
    found: Findings = field(default_factory=Findings)


@dataclass(slots=True)
class Staged:
    """Everything a plan would write. ``sessions`` and ``records`` may be large and are consumed once.

    ``records``: by kind; each iterable may yield chunks of other kinds too (an order file read once gives heads and
    lines), the chunk's own ``kind`` counts. Rows are counted for the first kind of ``records``, unless
    ``record_rows`` names another. ``rejected`` may be filled while the rows are consumed.
    """

    reports: list[ReportCell] = field(default_factory=list)
    benchmarks: list[BenchmarkCell] = field(default_factory=list)
    sessions: Iterable[SessionChunk] = ()
    session_fields: frozenset[str] = frozenset()
    agents: dict[str, AgentRef] = field(default_factory=dict)
    """More about agents by display name, for sessions and reports alike."""
    records: dict[str, Iterable[RecordChunk]] = field(default_factory=dict)
    record_rows: str = ""
    rejected: list[RejectedRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Need:
    """A question only the owner can answer: ``kind`` is "period" | "shop" | "platform"."""

    kind: str
    question: str
    choices: tuple[str, ...] = ()


@dataclass(slots=True)
class Plan:
    """What one table (a file, a sheet of a workbook or a member of an archive) would do to the store.

    ``path`` is how it is reported (``a.zip!b.csv`` for members). ``period_from`` says where the
    period was found: "content" | "file_name" | "given" | "remembered" | "". ``sum_checks`` are
    sentences about summary rows that agree; disagreement is a problem. ``leans``: the platform was taken from what is
    known, as neither the file nor the owner says it. ``turn``: the place of the file among those imported together.
    """

    path: str
    file: Path
    sha256: str
    status: Status
    message: str = ""
    layout: str | None = None
    layout_name: str = ""
    source: str = ""
    platform: Platform | None = None
    shop: str | None = None
    shop_assumed: bool = False
    leans: bool = False
    period: Period | None = None
    period_from: str = ""
    exported_at: datetime | None = None
    rows: RowCounts = field(default_factory=RowCounts)
    repairs: list[Repair] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    columns: list[ColumnReading] = field(default_factory=list)
    sum_checks: list[str] = field(default_factory=list)
    needs: list[Need] = field(default_factory=list)
    staged: Staged = field(default_factory=Staged)
    batch: int | None = None
    provisional_days: tuple[date, ...] = ()
    claim: str = ""
    fingerprint: str = ""
    sheet: str = ""
    """The sheet of a workbook that has several tables, "" where the plan stands for the whole file."""
    written_at: datetime | None = None
    """When the file was last changed: decides between versions whose ``exported_at`` is the same."""
    said: Given | None = None
    """What the owner said about the file; the loader remembers it for files with the same headers."""
    corrects: int | None = None
    """The batch whose rejected rows these are, corrected by the owner."""
    corrected_sha: str = ""
    """Begin of the hash of that batch's file: another data file may have another batch of this number."""
    sums: list[SumOutcome] = field(default_factory=list)
    """Summary rows held against their rows: what ``sum_checks`` and ``problems`` say, for the ledger to keep."""
    twin_of: str = ""
    """``path`` of a plan before it, in the same preview, for the very same table: that one is written."""
    turn: int = 0
    stop_reading: Callable[[], None] | None = field(default=None, repr=False, compare=False)
    """Ends the reader that rows may still come from."""

    def drop(self) -> None:
        """The rows will not be asked for: their reader need not wait."""
        if self.stop_reading is not None:
            self.stop_reading()


@dataclass(frozen=True, slots=True)
class Given:
    """What the owner said about the files: from the command line or the preview."""

    platform: Platform | None = None
    shop: str | None = None
    period: Period | None = None
    mapping: str | None = None
