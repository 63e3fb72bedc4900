"""A metric engine over counts written down in a test: day by day and agent by agent, no store."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.daily import NOTHING, Daily
from csdesk.metrics.model import By, MetricRow, MetricStatus, MetricValue, Unit
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.stats.intervals import wilson
from tests.row_tables import rows_made

LEVELS = ("很满意", "满意", "一般", "不满", "很不满")
COUNTS = {
    "received": "received", "invites_sent": "invites", "ratings_received": "ratings", "inquiry_buyers": "inquiries",
}  # fmt: skip
RATES = {
    "invite_rate": ("invites", "received"),
    "review_rate": ("rated", "invites"),
    "satisfaction_rate": ("happy", "ratings"),
    "satisfaction_rate.invited": ("happy_invited", "rated"),
    "satisfaction_rate.self": ("happy_self", "rated_self"),
    "resolution_rate": ("solved", "judged"),
    "conversion_rate": ("paying", "inquiries"),
    "reply_rate": ("replied", "received"),
}
COUNTS_OF_GROUPS = {"ratings_received.invited": "rated", "ratings_received.self": "rated_self"}


@dataclass(frozen=True)
class Cell:
    """What one agent did on one day; a key that is absent was not in the export."""

    day: date
    agent: str = "小美"
    counts: dict[str, float] = field(default_factory=dict)
    levels: dict[str, float] = field(default_factory=dict)
    categories: dict[str, float] = field(default_factory=dict)
    unclassified: float = 0
    provisional: bool = False
    response: float | None = None


class FakeEngine:
    """Answers like the real one: counts first, a cell joins a rate only with both its parts."""

    def __init__(self, cells: Iterable[Cell], *, not_provided: Sequence[str] = (), sources: Sequence[str] = ()) -> None:
        self.cells = list(cells)
        self.not_provided = set(not_provided)
        self.sources = tuple(sources)
        self.asked: list[tuple[Filter, By | None]] = []

    def __call__(
        self, selection: Filter, by: By | None = None, metrics: Sequence[str] | None = None, /, *, bare: bool = False
    ) -> list[MetricRow]:
        del bare
        self.asked.append((selection, by))
        inside = [cell for cell in self.cells if selection.period is None or cell.day in selection.period]
        groups: dict[str | None, list[Cell]] = {}
        for cell in inside:
            for key in _keys(cell, by):
                groups.setdefault(key, []).append(cell)
        if by is None:
            groups.setdefault(None, [])
        wanted = metrics or (*COUNTS, *RATES)
        return [
            MetricRow(key, {metric: self._value(metric, cells) for metric in wanted})
            for key, cells in sorted(groups.items(), key=lambda item: str(item[0]))
        ]

    def daily(self, selection: Filter, metrics: Sequence[str], /) -> Daily:
        """No past to learn from."""
        del selection, metrics
        return NOTHING

    def table(self, kind: str, selection: Filter, /) -> ChosenRows:
        """No rows of any kind."""
        del selection
        return rows_made(kind, [])

    def _value(self, metric: str, cells: list[Cell]) -> MetricValue:
        if metric in self.not_provided:
            return MetricValue(metric, _unit(metric), None, MetricStatus.NOT_PROVIDED, sources=self.sources)
        value = _value(metric, cells)
        days = tuple(sorted({cell.day for cell in cells if cell.provisional}))
        covered = tuple(Period.of_day(day) for day in sorted({cell.day for cell in cells}))
        if days and all(cell.provisional for cell in cells):
            value = replace(value, status=MetricStatus.PROVISIONAL)
        return replace(value, provisional_days=days, sources=self.sources, covered=covered)


def _keys(cell: Cell, by: By | None) -> tuple[str | None, ...]:
    match by:
        case By.DAY:
            return (cell.day.isoformat(),)
        case By.WEEK:
            return ((cell.day - timedelta(days=cell.day.weekday())).isoformat(),)
        case By.MONTH:
            return (f"{cell.day:%Y-%m}",)
        case By.AGENT:
            return (cell.agent,) if cell.agent else ()
        case By.CATEGORY:
            return tuple(cell.categories)
        case _:
            return (None,)


def _unit(metric: str) -> Unit:
    if metric in RATES or metric.endswith("_rate"):
        return Unit.RATE
    if metric in {"rating_distribution", "category_share"}:
        return Unit.DISTRIBUTION
    if metric.endswith("_mean"):
        return Unit.SECONDS
    return Unit.YUAN if metric == "cs_sales" else Unit.COUNT


def _value(metric: str, cells: list[Cell]) -> MetricValue:
    nothing = MetricValue(metric, _unit(metric), None, MetricStatus.NO_DATA)
    counted = {**COUNTS, **COUNTS_OF_GROUPS, "cs_sales": "sales"}
    if metric in counted:
        known = [cell.counts[counted[metric]] for cell in cells if counted[metric] in cell.counts]
        return replace(nothing, value=sum(known), n=sum(known), status=MetricStatus.OK) if known else nothing
    if metric in RATES:
        top, bottom = RATES[metric]
        both = [cell.counts for cell in cells if top in cell.counts and bottom in cell.counts]
        return rate(metric, sum(c[top] for c in both), sum(c[bottom] for c in both)) if both else nothing
    if metric == "first_response_mean":
        timed = [(cell.response, cell.counts.get("received", 1)) for cell in cells if cell.response is not None]
        weight = sum(n for _, n in timed)
        mean = sum(seconds * n for seconds, n in timed) / weight if weight else None
        return replace(nothing, value=mean, n=weight, status=MetricStatus.OK) if timed else nothing
    if metric in {"rating_distribution", "category_share"}:
        return _distribution(nothing, cells)
    return nothing


def _distribution(nothing: MetricValue, cells: list[Cell]) -> MetricValue:
    ratings = nothing.metric == "rating_distribution"
    counts: dict[str, float] = {}
    for cell in cells:
        for name, count in (cell.levels if ratings else cell.categories).items():
            counts[name] = counts.get(name, 0) + count
    total = sum(counts.values())
    if not total:
        return nothing
    without = sum(cell.unclassified for cell in cells)
    extra = {} if ratings else {"unclassified": without / (total + without)}
    shares = {name: count / total for name, count in counts.items()}
    return replace(nothing, value=shares, counts=counts, n=total, status=MetricStatus.OK, extra=extra)


def rate(metric: str, k: float, n: float) -> MetricValue:
    """A rate as the engine gives it."""
    if not n:
        return MetricValue(metric, Unit.RATE, None, MetricStatus.NO_DATA, numerator=k, denominator=0)
    interval = wilson(k, n)
    assert interval is not None
    return MetricValue(
        metric, Unit.RATE, k / n, MetricStatus.OK, k, n, n=n, low=interval.low, high=interval.high, small=n < 30
    )
