"""Findings about the data, ready for the page, the command line and export. Plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from csdesk.store.outlier_rules import Subject


@dataclass(frozen=True, slots=True)
class Loss:
    """A metric that does without ``rows`` rows because of what is missing."""

    metric: str
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Missing:
    """One column. ``rows`` in all, ``lacking`` of files without the column, ``empty`` cells, ``late`` 延迟统计.

    ``kind`` is a kind of record or "report", ``source`` its Chinese name; ``meaning`` says what an empty cell of the
    column usually says where it is no lack ("" where it is one); ``losses`` are the metrics that miss these rows.
    """

    kind: str
    source: str
    field: str
    title: str
    rows: int
    lacking: int = 0
    empty: int = 0
    late: int = 0
    meaning: str = ""
    losses: tuple[Loss, ...] = ()

    @property
    def share(self) -> float:
        """Share of the rows without a value."""
        return (self.lacking + self.empty + self.late) / self.rows if self.rows else 0.0


@dataclass(frozen=True, slots=True)
class OddExample:
    """Where an odd value stands: ``when``, ``who`` and ``value`` as the owner reads them; ``key`` finds the row."""

    when: str
    who: str
    value: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class BothWays:
    """A metric over all data: as imported (``keep``), with the values left out, and cut to the limit.

    None where the way does not exist; money in 分, durations in seconds, rates as fractions.
    """

    metric: str
    name: str
    keep: float | None
    exclude: float | None
    cap: float | None


@dataclass(frozen=True, slots=True)
class Odd:
    """Odd values of one sort: what, how many, where, and what the owner decided.

    ``actions`` may be empty: then no metric uses the values. ``decided`` is keep | exclude | cap, "" = not yet.
    """

    subject: Subject
    title: str
    source: str
    advice: str
    count: int
    examples: tuple[OddExample, ...] = ()
    actions: tuple[str, ...] = ()
    decided: str = ""
    limit: str = ""
    metrics: tuple[BothWays, ...] = ()

    @property
    def id(self) -> str:
        """A name for it that stays: for the command line and for remembering."""
        return ":".join(str(int(part) if isinstance(part, bool) else part) for part in self.subject.key)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Cells a file had that could not be used (a rating of 9, a negative time): they count as missing."""

    batch: int
    file: str
    column: str
    reason: str
    cells: int
    example: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One metric told differently by two sources for the same person and days. ``who`` is the shop or person.

    ``explained``: the definitions alone make one side the smaller one, as it is here; no reason for doubt.
    """

    metric: str
    name: str
    shop: str
    who: str
    days: str
    one_source: str
    one: str
    other_source: str
    other: str
    difference: str
    share: float | None
    reason: str
    explained: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sources held against each other: ``cells`` compared, ``equal`` of them agree within rounding."""

    one_source: str
    other_source: str
    cells: int
    equal: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Cells of one report that cannot both be right, so that a rate does without them. ``who`` is the shop or person.

    ``cells`` are the values as the file has them, ``text`` says what contradicts what.
    """

    metric: str
    name: str
    shop: str
    who: str
    days: str
    source: str
    files: tuple[str, ...]
    cells: str
    text: str


@dataclass(frozen=True, slots=True)
class SumCheckRow:
    """A summary row held against its rows when the file was imported."""

    batch: int
    file: str
    column: str
    agrees: bool
    text: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """An import that may belong to another shop, with the evidence in a sentence."""

    batch: int
    file: str
    shop: str
    other: str
    text: str


@dataclass(frozen=True, slots=True)
class Quality:
    """Everything found, for one data version; ``imports``: how many are not undone."""

    missing: tuple[Missing, ...] = ()
    odd: tuple[Odd, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    differences: tuple[Difference, ...] = ()
    compared: tuple[Compared, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    sums: tuple[SumCheckRow, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    imports: int = 0
