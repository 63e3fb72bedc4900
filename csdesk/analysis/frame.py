"""The frame every page shares: what is asked (PageRequest) and what comes back (PageResult).

Plain frozen values, no Qt: the window draws them, the command line prints them, reports quote them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from csdesk.analysis.events import MARKED, Event, EventKind, events_during
from csdesk.charts.format import Part
from csdesk.charts.spec import ChartSpec, TableSpec
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import By, MetricRow, MetricValue
from csdesk.metrics.targets import Gap, Targets
from csdesk.stats.decomposition import Part as ReasonPart

if TYPE_CHECKING:
    from csdesk.analysis.planning.forecast import Forecast
    from csdesk.analysis.planning.staffing import Staffing
    from csdesk.metrics.daily import Daily
    from csdesk.metrics.rows.chosen import ChosenRows


class Engine(Protocol):
    """The metric engine with its store already bound."""

    def __call__(
        self, selection: Filter, by: By | None = None, metrics: Sequence[str] | None = None, /, *, bare: bool = False
    ) -> Sequence[MetricRow]:
        """Values of ``metrics`` (None = all) for ``selection``, one row a group of ``by``.

        ``bare``: their counts alone, for what is computed with and not shown.
        """

    def daily(self, selection: Filter, metrics: Sequence[str], /) -> Daily:
        """Counts of ``metrics`` day by day, for everybody together and person by person."""

    def table(self, kind: str, selection: Filter, /) -> ChosenRows:
        """The rows of a kind (session, order_head, review, …) that ``selection`` holds, as numpy columns."""


class Compare(StrEnum):
    """What a period is compared with; the words of the command line."""

    NONE = "none"
    PREVIOUS = "previous"
    LAST_YEAR = "last-year"

    @property
    def label(self) -> str:
        """Chinese name: 上期, 去年同期."""
        return {"none": "不对比", "previous": "上期", "last-year": "去年同期"}[self.value]

    def period(self, period: Period | None) -> Period | None:
        """The span to compare ``period`` with; None when there is none."""
        if period is None or self is Compare.NONE:
            return None
        return period.previous() if self is Compare.PREVIOUS else period.last_year()


class Grain(StrEnum):
    """Step of a trend."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def by(self) -> By:
        """The grouping of the metric engine."""
        return By(self.value)

    @property
    def label(self) -> str:
        """按天, 按周, 按月."""
        return {"day": "按天", "week": "按周", "month": "按月"}[self.value]


class Tone(StrEnum):
    """How a text is coloured. A change is GOOD or BAD only when it is certain."""

    NEUTRAL = "neutral"
    GOOD = "good"
    BAD = "bad"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a sentence; ``strong`` is set in bold."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class FilterWords:
    """Names for the filter sentence, as the filter bar shows them; empty = take them from the filter.

    ``period`` is the preset's name (近30天); ``shop`` and ``agent`` are display names ("" = all).
    """

    period: str = ""
    shop: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class MissingDays:
    """Days without data of a source that otherwise comes every day. ``source`` is its name on the screen (飞鸽).

    ``head`` names the shop where there are several, ``where`` the place to export from. ``counted``: the shop's
    receptions come from this source, so that they are not whole on these days.
    """

    source: str
    period: Period
    shop_id: int
    platform: Platform
    head: str = ""
    where: str = ""
    counted: bool = True

    def concerns(self, selection: Filter) -> bool:
        """Whether the shop is one of the selection's."""
        here = selection.platform is None or selection.platform is self.platform
        return here and (not selection.shops or self.shop_id in selection.shops)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What a page is asked to show. ``grain`` None = chosen by span; ``targets``: what numbers are held against.

    ``events``: the owner's own, of the shops selected. ``missing``: days that sources lack, of any period.
    ``only_platform``: the one platform those shops are on, None where there are several or nobody has looked.
    ``shops``: how many shops the selection is about.
    ``weights``: the owner's, of the composite score. ``forecast``: what will come in, None until it is worked out.
    ``staffing``: works out how many people the hours of the week take.
    """

    selection: Filter = field(default_factory=Filter)
    compare: Compare = Compare.PREVIOUS
    grain: Grain | None = None
    targets: Targets = field(default_factory=Targets)
    events: tuple[Event, ...] = ()
    missing: tuple[MissingDays, ...] = ()
    only_platform: Platform | None = None
    shops: int = 1
    weights: Mapping[str, float] = field(default_factory=dict)
    forecast: Forecast | None = None
    staffing: Callable[[Engine, Filter], Staffing] | None = None
    words: FilterWords = field(default_factory=FilterWords)

    def events_in(self, period: Period, kinds: frozenset[EventKind] = MARKED) -> tuple[Event, ...]:
        """Days of ``period`` that are not ordinary for the shops selected: own events and everybody's."""
        platform = self.selection.platform or self.only_platform
        return events_during(period, kinds=kinds, platform=platform, own=self.events)


@dataclass(frozen=True, slots=True)
class Change:
    """Now against before. ``difference`` in the metric's own unit, ``low``/``high`` its 95 % interval.

    ``verdict``: up | down | no_clear_change | too_few | no_data. ``text`` is the pill (``+3.1 pp``),
    ``note`` the words beside it (变化可信, 可能有变化, 看不出差别), ``tone`` colours the pill. ``detail`` is for
    the tooltip: sample and interval of the difference, or why it is not judged. ``spread``: how many times more a
    rate's days vary than chance (variances); its interval is that of as many times fewer trials. ``certain`` False: up
    or down by its own interval, but it does not stand out among all numbers of the page.
    """

    difference: float | None
    low: float | None
    high: float | None
    verdict: str
    text: str
    note: str
    tone: Tone
    detail: str = ""
    spread: float = 1.0
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Kpi:
    """One card. ``parts`` is the written value (``–`` when there is none; then ``status_text`` says why).

    ``status_text`` is empty or one of 还没有数据, 抖店不提供, 不可汇总, 未定 …; ``sparkline`` follows the
    page's trend (None = gap). Where the platforms count differently, ``parts`` holds their numbers side by side.
    ``target``: what the number is held against, where there is something.
    """

    metric: str
    title: str
    parts: tuple[Part, ...]
    value: MetricValue
    previous: MetricValue | None
    change: Change | None
    sparkline: tuple[float | None, ...] = ()
    status_text: str = ""
    target: Gap | None = None

    @property
    def text(self) -> str:
        """The written value in one piece."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class ExportHint:
    """An export that would feed a page: where it is found in the platform, and what to tick there."""

    name: str
    where: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class EmptyState:
    """Shown instead of cards and charts when a page has nothing to show."""

    title: str
    text: str
    exports: tuple[ExportHint, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence worth knowing and the numbers it rests on."""

    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """One split (agent, category, shop, hour_band) of a metric's change.

    ``difference`` = ``mix`` + ``rate``, both the sums of the parts, in the metric's own unit.
    """

    metric: str
    by: str
    difference: float
    mix: float
    rate: float
    parts: tuple[ReasonPart, ...]


@dataclass(frozen=True, slots=True)
class Attention:
    """Something the owner should look at.

    ``kind``: provisional | missing | unusual | drift | target; ``key`` names whom it is about (an agent, a shop;
    None = everybody), ``day`` when, ``text`` is the Chinese sentence, numbers included.
    """

    kind: str
    text: str
    metric: str | None = None
    key: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A further answer of a page, beside its cards and charts.

    ``id`` is its key in the JSON. ``value`` is a frozen dataclass, a mapping or a sequence of plain values (numbers,
    texts, dates, None), nested at will: rates as fractions, durations in seconds, money in 分 under names that end in
    ``_fen`` (written out as yuan).
    """

    id: str
    value: object


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table card of a page."""

    id: str
    title: str
    table: TableSpec
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class PageResult:
    """Everything a page shows.

    ``sentence`` is the filter written out; ``lead`` the one or two opening sentences; ``charts`` in
    the order of the page's catalogue entry. With ``empty`` set, ``kpis``, ``charts`` and ``tables``
    are still there (all without values) but need not be shown. ``provisional_days`` are days whose
    numbers may still change; ``notes`` are remarks about sources (left out, several platforms). ``reasons``
    take changes apart, ``attention`` says what to look at, ``answers`` are what only this page tells.
    """

    page: str
    title: str
    selection: Filter
    compare: Compare
    grain: Grain
    sentence: str
    lead: tuple[Run, ...]
    kpis: tuple[Kpi, ...]
    charts: tuple[ChartSpec, ...]
    tables: tuple[PageTable, ...] = ()
    empty: EmptyState | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    provisional_days: tuple[date, ...] = ()
    reasons: tuple[Reasons, ...] = ()
    attention: tuple[Attention, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def lead_text(self) -> str:
        """The lead without emphasis."""
        return "".join(run.text for run in self.lead)

    def answer(self, answer_id: str) -> object:
        """The value of the answer with this id; KeyError if the page has none of that name."""
        for answer in self.answers:
            if answer.id == answer_id:
                return answer.value
        raise KeyError(answer_id)

    def chart(self, chart_id: str) -> ChartSpec:
        """The chart with this id; KeyError if the page has none of that name."""
        for chart in self.charts:
            if chart.id == chart_id:
                return chart
        raise KeyError(chart_id)
