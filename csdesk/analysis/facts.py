"""What a page needs from the engine, asked once: the whole, the time before, the trend, the groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from weakref import proxy

from csdesk.analysis.attention.window import asked_period
from csdesk.analysis.day_spread import DaySpreads
from csdesk.analysis.frame import Engine, Grain, PageRequest
from csdesk.analysis.terms import declared, unit_of
from csdesk.charts.build import Step, number
from csdesk.charts.format import short_day
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.metrics.daily import Daily, daily_of_rows
from csdesk.metrics.model import By, MetricRow, MetricStatus, MetricValue, Unit

_DAYS_BY_DAY = 62
_DAYS_BY_WEEK = 371
_LONGEST = 3660
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Trend:
    """Steps of equal grain without holes; ``values`` of a step are {} where nothing is known."""

    grain: Grain
    steps: tuple[Step, ...]

    def line(self, metric: str) -> tuple[float | None, ...]:
        """The metric's numbers, step by step; None where a step cannot stand beside the others."""
        return tuple(number(step.values.get(metric)) if step.comparable(metric) else None for step in self.steps)

    def filled(self, metrics: Sequence[str]) -> int:
        """How many steps have a value of at least one of ``metrics``."""
        return sum(any(number(step.values.get(metric)) is not None for metric in metrics) for step in self.steps)

    def told(self, metric: str, sources: Sequence[str]) -> int:
        """How many steps have a value of the metric out of one of these sources (of any where none is named)."""
        values = [step.values.get(metric) for step in self.steps]
        return sum(
            value is not None
            and number(value) is not None
            and (not sources or not {*sources}.isdisjoint(value.sources))
            for value in values
        )

    def open_days(self, metric: str) -> tuple[date, ...]:
        """Days whose number may still change, in order: steps that are open as a whole, the last one in part."""
        days: set[date] = set()
        for step in self.steps:
            value = step.values.get(metric)
            if value is not None and value.status is MetricStatus.PROVISIONAL:
                days.update(value.provisional_days or (step.first,))
        if self.steps and self.grain is not Grain.DAY and (last := self.steps[-1].values.get(metric)) is not None:
            days.update(last.provisional_days)
        return tuple(sorted(days))


class Facts:
    """The engine's answers for one request; every question is asked at most once, and only when needed.

    ``metrics`` are asked for the whole and for every split, ``whole`` for the whole only, ``cards`` (None =
    ``metrics``) for the span before, ``steps`` (None = ``metrics``) for the trend, ``watched`` (None = ``cards``) for
    the last months day by day: best what the page's attention asks for, so that it is asked once (``watched_rows``: out
    of rows kept one by one, which have no sums by day). With ``split_only`` the whole is not asked for ``metrics`` but
    for ``cards`` (and ``whole``) too.
    """

    def __init__(
        self,
        engine: Engine,
        request: PageRequest,
        metrics: Sequence[str],
        *,
        whole: Sequence[str] = (),
        cards: Sequence[str] | None = None,
        steps: Sequence[str] | None = None,
        watched: Sequence[str] | None = None,
        watched_rows: bool = False,
        split_only: bool = False,
    ) -> None:
        self.request = request
        self.metrics = tuple(metrics)
        self._cards = self.metrics if cards is None else tuple(cards)
        self._whole = tuple(dict.fromkeys((*(self._cards if split_only else self.metrics), *whole)))
        self._stepwise = self.metrics if steps is None else tuple(steps)
        self._watched_rows = watched_rows
        self.watched = declared(self._cards if watched is None else watched)
        self._splits: dict[tuple[By, bool], tuple[frozenset[str], Sequence[MetricRow]]] = {}
        """What was asked by split, of the selection and (True) of the span before."""
        self._engine = engine

    def ask(self, by: By | None = None) -> list[MetricRow]:
        """Rows of the page's metrics for the request's selection."""
        return list(self._engine(self.request.selection, by, self.metrics))

    def split(self, by: By, metrics: Sequence[str], *, before: bool = False) -> Sequence[MetricRow]:
        """Rows of some metrics, maybe bare ones, for the selection or for the span it is compared with."""
        if not before and set(metrics) <= set(self.metrics):
            asked = {By.AGENT: "by_agent", By.CATEGORY: "by_category"}.get(by, "")
            if asked in self.__dict__:
                return list(self.__dict__[asked])
        known, rows = self._splits.get((by, before), (frozenset(), ()))
        if not known.issuperset(metrics):
            selection = self.request.selection
            rows = self._engine(
                selection.during(self.compared_period) if before else selection, by, tuple(metrics), bare=True
            )
            self._splits[by, before] = frozenset(metrics), rows
        return rows

    def over(
        self,
        period: Period,
        by: By | None,
        metrics: Sequence[str],
        *,
        platform: Platform | None = None,
        bare: bool = False,
    ) -> Sequence[MetricRow]:
        """Rows of the same shops and people over another span, maybe of one platform alone."""
        selection = replace(self.request.selection.during(period), platform=platform or self.request.selection.platform)
        return self._engine(selection, by, tuple(metrics), bare=bare)

    @cached_property
    def spreads(self) -> DaySpreads:
        """How much the shop's days vary; to be asked while these facts are at hand."""
        facts = proxy(self)  # in a ring of references a page's answers would wait for a search for garbage
        return DaySpreads(self.request, lambda: facts.days, lambda: facts.trend)

    @cached_property
    def days(self) -> Daily:
        """Counts by day of the selection's last months and what lies before it."""
        asked = self.request.selection.during(asked_period(self.request.selection))
        if self._watched_rows:
            return daily_of_rows(self._engine(asked, By.DAY, self.watched, bare=True), self.watched)
        return self._engine.daily(asked, self.watched)

    @cached_property
    def total(self) -> Mapping[str, MetricValue]:
        """The whole selection."""
        return _only(self._engine(self.request.selection, None, self._whole))

    @cached_property
    def compared_period(self) -> Period | None:
        """The span before; None when nothing is compared or the selection has no period."""
        return self.request.compare.period(self.request.selection.period)

    @cached_property
    def before(self) -> Mapping[str, MetricValue]:
        """The same selection over the span before; {} when nothing is compared."""
        if self.compared_period is None:
            return {}
        return _only(self._engine(self.request.selection.during(self.compared_period), None, self._cards))

    @cached_property
    def shop_days(self) -> Mapping[str, Mapping[str, tuple[int, int]]]:
        """By sum among the cards (else of the receptions) and by shop the days with data, now and before.

        {} for a single shop, and where nothing is compared: then there is nothing the shops could differ in.
        """
        return {} if self.request.shops < _SEVERAL else self._days_of_each(By.SHOP)

    @cached_property
    def people_days(self) -> Mapping[str, Mapping[str, tuple[int, int]]]:
        """The same by person, of those told of on both sides, where some persons or groups are chosen.

        {} elsewhere: the whole of a shop is not put together out of its people where there is anything better.
        """
        selection = self.request.selection
        if not selection.groups and len(selection.agents) < _SEVERAL:
            return {}
        found = self._days_of_each(By.AGENT)
        return {metric: {who: days for who, days in mine.items() if all(days)} for metric, mine in found.items()}

    def _days_of_each(self, by: By) -> Mapping[str, Mapping[str, tuple[int, int]]]:
        """By sum and group the days with data, now and before; nobody is counted for days on which he did nothing."""
        if self.compared_period is None:
            return {}
        sums = [one for one in self._cards if unit_of(one) in {Unit.COUNT, Unit.YUAN}] or ["received"]
        selection = self.request.selection
        sides = [
            {str(row.key): row.values for row in self._engine(one, by, tuple(sums))}
            for one in (selection, selection.during(self.compared_period))
        ]
        now, then = sides
        return {
            metric: {key: (_days(now, key, metric), _days(then, key, metric)) for key in {**now, **then}}
            for metric in sums
        }

    @cached_property
    def by_agent(self) -> list[MetricRow]:
        """One row an agent."""
        return self.ask(By.AGENT)

    @cached_property
    def people(self) -> list[MetricRow]:
        """The agents to be ranked: people who received somebody (all people where receptions are unknown)."""
        people = [row for row in self.by_agent if row.kind == "person"]
        return [row for row in people if number(row.values.get("received")) != 0]

    @cached_property
    def not_people(self) -> list[MetricRow]:
        """Robots, main and shared accounts: in tables, never ranked."""
        return [row for row in self.by_agent if row.kind != "person"]

    @cached_property
    def by_category(self) -> list[MetricRow]:
        """One row a question category."""
        return self.ask(By.CATEGORY)

    @cached_property
    def trend(self) -> Trend:
        """The trend at the grain asked for, else at the finest that suits the span and has data.

        Exports that speak for whole weeks or months have no value on any day; then the next coarser
        grain that tells as much as the whole does is taken, else the finest with at least two values.
        """
        wanted = self.request.grain
        first = wanted or self._grain_of_span()
        trend = self._steps(first)
        if wanted or self._tells(trend):
            return trend
        tried = [trend]
        for grain in list(Grain)[list(Grain).index(first) + 1 :]:
            tried.append(self._steps(grain))
            if self._tells(tried[-1]):
                return tried[-1]
        return next((one for one in tried if one.filled(self._stepwise) >= 2), trend)

    def _tells(self, trend: Trend) -> bool:
        """Whether half of the metrics the whole has are there step by step, out of the same sources: a survey of a few
        buyers a day is no trend of what the platform counts by the week.
        """
        known = [metric for metric in self._stepwise if number(self.total.get(metric)) is not None]
        if not known:
            return trend.filled(self._stepwise) >= 2
        told = [metric for metric in known if trend.told(metric, self.total[metric].sources) >= 2]
        return 2 * len(told) >= len(known)

    @cached_property
    def _months(self) -> list[MetricRow]:
        return self._ask_steps(By.MONTH)

    def _ask_steps(self, by: By) -> list[MetricRow]:
        return list(self._engine(self.request.selection, by, self._stepwise))

    def _grain_of_span(self) -> Grain:
        period = self.request.selection.period
        if period is None:
            starts = [step_start(row) for row in self._months]
            days = (max(starts) - min(starts)).days + 31 if starts else 1
        else:
            days = period.days
        if days <= _DAYS_BY_DAY:
            return Grain.DAY
        return Grain.WEEK if days <= _DAYS_BY_WEEK else Grain.MONTH

    def _steps(self, grain: Grain) -> Trend:
        rows = self._months if grain is Grain.MONTH else self._ask_steps(grain.by)
        by_start = {step_start(row): row.values for row in rows}
        bounds = self.request.selection.period
        if bounds is None:
            if not by_start:
                return Trend(grain, ())
            bounds = Period(min(by_start), _step_end(max(by_start), grain))
        if bounds.days > _LONGEST and by_start:  # a span wider than any history: only where there is data
            bounds = Period(max(bounds.first, min(by_start)), min(bounds.last, _step_end(max(by_start), grain)))
        spans: list[Period] = []
        start = _start_of(bounds.first, grain)
        while start <= bounds.last:
            end = _step_end(start, grain)
            spans.append(Period(start, end))
            start = end + timedelta(days=1)
        label = _labels(spans, grain)
        return Trend(grain, tuple(_step(label(span), span, bounds, by_start) for span in spans))


def _days(rows: Mapping[str, Mapping[str, MetricValue]], shop: str, metric: str) -> int:
    value = rows.get(shop, {}).get(metric)
    return 0 if value is None else len({day for span in value.covered for day in span})


def step_start(row: MetricRow) -> date:
    """First day of a row by day, week or month (keys 2026-02-25, its Monday, 2026-02)."""
    key = str(row.key)
    return date.fromisoformat(key if len(key) == 10 else f"{key}-01")


def _step(label: str, span: Period, bounds: Period, values: Mapping[date, Mapping[str, MetricValue]]) -> Step:
    first, last = max(span.first, bounds.first), min(span.last, bounds.last)
    return Step(label, first, last, values.get(span.first, {}), whole=(first, last) == (span.first, span.last))


def _only(rows: Sequence[MetricRow]) -> Mapping[str, MetricValue]:
    return rows[0].values if rows else {}


def _start_of(day: date, grain: Grain) -> date:
    if grain is Grain.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if grain is Grain.MONTH else day


def _step_end(start: date, grain: Grain) -> date:
    if grain is Grain.DAY:
        return start
    if grain is Grain.WEEK:
        return start + timedelta(days=6)
    return (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _labels(spans: Sequence[Period], grain: Grain) -> Callable[[Period], str]:
    """Axis labels: the year stands only where the span holds more than one."""
    years = {span.first.year for span in spans} | {span.last.year for span in spans}
    if grain is Grain.MONTH:
        return lambda span: f"{span.first:%Y-%m}"
    if len(years) > 1:
        return lambda span: span.first.isoformat()
    return lambda span: short_day(span.first)
