"""What a chart shows, before any pixel: numbers, words and roles. Plain Python, no Qt.

Colours are roles ("series1", "good", "muted"), resolved by the theme. Every spec carries the table
of the same numbers, which is what CSV and XLSX export.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal

Cell = str | float | int | date | None


class Format(StrEnum):
    """How numbers of an axis or column are written."""

    COUNT = "count"  # 1,234
    PERCENT = "percent"  # fractions as 95.3%
    SECONDS = "seconds"  # 80 as 1分20秒
    YUAN = "yuan"  # 分 as ¥1,234.50
    SCORE = "score"  # 4.87
    DATE = "date"  # 2026-11-22
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """A table column."""

    key: str
    title: str
    format: Format = Format.TEXT
    bar: bool = False  # draw an in-cell bar
    whole: bool = False  # never cut short where room is scarce, as dates


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table of plain values; ``muted`` are indices of rows drawn grey (small samples)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    muted: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Point:
    """A value with its interval. ``y`` None = gap. ``muted`` = small sample, ``provisional`` = 未定.

    ``role`` overrides the series' role for this mark (levels: level1 best … level5 worst, or good/bad).
    ``note`` is a second, quieter text beside the label (``n=402``, ``15.5%``). A gap (``y`` None) with a
    ``label`` shows that text in place of the mark (a funnel step a platform does not give: 抖店不提供).
    ``inner``: a narrower, less certain interval inside ``low`` … ``high`` (a trend draws it darker).
    """

    y: float | None
    low: float | None = None
    high: float | None = None
    n: float | None = None
    muted: bool = False
    provisional: bool = False
    label: str = ""  # text beside the mark; empty = the formatted value
    hint: str = ""  # the tooltip's detail beside title and value (counts, interval), one line
    role: str = ""
    note: str = ""
    inner: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Points in the order of ``ChartSpec.categories``; ``role`` is a theme role."""

    key: str
    title: str
    role: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something drawn behind or across the data.

    ``event``: a shaded span of categories with a label on top (双11); ``provisional``: 未定 span;
    ``target``: a dashed line at ``y``.
    """

    kind: Literal["event", "provisional", "target"]
    label: str
    first: int = 0
    last: int = 0
    y: float | None = None


ChartKind = Literal["trend", "bars", "grouped_bars", "funnel", "levels", "heatmap"]
"""trend: lines over time with bands · bars: horizontal bars with intervals, one series ·
grouped_bars: horizontal, several series · funnel: steps with the loss between ·
levels: distribution over ordered levels · heatmap: rows × columns."""


@dataclass(frozen=True, slots=True)
class ChartSpec:
    """A whole chart. ``categories`` are the x ticks (trend) or the bar names.

    ``days`` are the dates behind the categories of a trend. ``step_notes`` (funnel) stand between
    the steps. ``empty`` is the sentence shown instead of a chart when there is nothing to draw.
    ``method``: how the numbers were made, for the 口径 and the files, where they are no metric's alone.
    ``by_step``: a trend in the page's steps (day, week, month), which the owner may change.
    """

    id: str
    title: str
    kind: ChartKind
    subtitle: str = ""
    format: Format = Format.PERCENT
    categories: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    series: tuple[Series, ...] = ()
    marks: tuple[Mark, ...] = ()
    step_notes: tuple[str, ...] = ()
    y_range: tuple[float, float] | None = None
    footnote: str = ""
    empty: str = ""
    table: TableSpec = field(default_factory=lambda: TableSpec((), ()))
    metrics: tuple[str, ...] = ()  # whose numbers they are, where the table's columns do not say it by their keys
    method: str = ""
    by_step: bool = True
