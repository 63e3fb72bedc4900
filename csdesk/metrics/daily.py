"""Counts day by day, for everybody together and person by person, as arrays: what control charts are computed from.

The same reports and session rows count as in the engine's rows by day; nothing is known here of intervals or files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from csdesk.domain.period import from_epoch_day
from csdesk.metrics.days import Bools, Ints, from_bits, ints
from csdesk.metrics.declaration import SESSIONS, MetricDefinition
from csdesk.metrics.gather import Question
from csdesk.metrics.grouping import agent_keys, divide, shop_keys
from csdesk.metrics.model import By, MetricRow
from csdesk.metrics.sums import Floats, total
from csdesk.metrics.view import Needs, View
from csdesk.stats.change import SMALL_SAMPLE


@dataclass(frozen=True, slots=True)
class Person:
    """An agent: display name as rows by agent show it, and what it is (person, robot, main, shared)."""

    key: str
    kind: str = "person"


@dataclass(frozen=True, slots=True)
class DailyCounts:
    """One metric. Arrays over days, NaN where nothing counts; ``bottom`` is NaN throughout for plain counts.

    ``open``: days whose number may still change. ``top_by``/``bottom_by`` are (person, day). ``summable`` False: the
    platforms of the selection count differently, so there is no number for everybody. ``sessions``: session rows count.
    ``top_of``/``bottom_of`` are (shop, day). ``told`` (shop, day) and ``told_by`` (person, day) are sets of sources
    (of agents, of shops) as bits: days whose sources differ are not to be compared.
    """

    top: Floats
    bottom: Floats
    open: Bools
    top_by: Floats
    bottom_by: Floats
    top_of: Floats
    bottom_of: Floats
    told: Ints
    told_by: Ints
    summable: bool = True
    sessions: bool = False


@dataclass(frozen=True, slots=True)
class Daily:
    """Days without holes from ``first`` on; ``people`` and ``shops`` (names) in the order of the rows."""

    first: date
    days: int
    people: tuple[Person, ...]
    shops: tuple[str, ...]
    metrics: Mapping[str, DailyCounts]
    small: float = SMALL_SAMPLE
    """Numbers with fewer behind them are not judged."""


NOTHING = Daily(date(1970, 1, 1), 0, (), (), {})


@dataclass(frozen=True, slots=True)
class _Lanes:
    """Sums by lane and day of the view's axis, the sources they come from as bits; ``open`` by day."""

    top: Floats
    bottom: Floats
    told: Ints
    open: Bools
    sessions: bool


def daily_counts(view: View, metrics: Sequence[MetricDefinition]) -> Daily:
    """The days of a view's selection that anything speaks of, and all between them."""
    division = divide(view, By.DAY)
    if not division.rows:
        return NOTHING
    columns = view.columns
    question = Question(view, division)
    whole = bool((view.lanes_there & ~columns.is_agent).any())
    apart = Question(view, replace(division, totals=False)) if division.totals and whole else question
    names = _names(view)
    order = {person: row for row, person in enumerate(sorted(names, key=lambda person: names[person]))}
    row_of = ints([order.get(columns.person(lane), -1) for lane in range(len(columns.lanes))])
    row_of[~columns.is_agent] = -1
    platforms = {columns.facts.shops[columns.shops[shop]].platform for shop in view.shops_there}
    first, last = view.span
    span = slice(first, last + 1)
    nobody = np.zeros(len(columns.shops), dtype=np.int64)
    held: dict[tuple[Needs, bool], tuple[Ints, Ints, Floats]] = {}
    found = {}
    for metric in metrics:
        lanes = _by_lane(question, metric, held)
        mine = lanes if apart is question else _by_lane(apart, metric, held)
        shops = [_together(one, columns.shop_of_lane, len(columns.shops))[:, span] for one in (lanes.top, lanes.bottom)]
        found[metric.id] = DailyCounts(
            _together(shops[0], nobody, 1)[0],
            _together(shops[1], nobody, 1)[0],
            lanes.open[span],
            _together(mine.top, row_of, len(order))[:, span],
            _together(mine.bottom, row_of, len(order))[:, span],
            shops[0],
            shops[1],
            _sources(lanes.told, columns.shop_of_lane, len(columns.shops))[:, span],
            _sources(mine.told, row_of, len(order))[:, span],
            summable=metric.mixable or len(platforms) < 2,
            sessions=lanes.sessions,
        )
    kinds = columns.facts.kinds
    people = tuple(Person(names[person], kinds.get(person, "person")) for person in order)
    names_of_shops = shop_keys(columns.facts, columns.shops)
    shown = tuple(names_of_shops[shop] for shop in columns.shops)
    return Daily(from_epoch_day(view.base + first), last + 1 - first, people, shown, found)


def daily_of_rows(rows: Sequence[MetricRow], metrics: Sequence[str], small: float = SMALL_SAMPLE) -> Daily:
    """Rows by day of numbers that rows kept one by one give: everybody together, from one source, final as they are."""
    if not rows:
        return NOTHING
    dates = [date.fromisoformat(str(row.key)) for row in rows]
    first = min(dates)
    size = (max(dates) - first).days + 1
    place = ints([(day - first).days for day in dates])
    nobody, found = np.zeros((0, size)), {}
    for metric in metrics:
        top, bottom = np.full(size, np.nan), np.full(size, np.nan)
        values = [row.values[metric] for row in rows]
        top[place] = [np.nan if value.numerator is None else value.numerator for value in values]
        bottom[place] = [np.nan if value.denominator is None else value.denominator for value in values]
        told = (~np.isnan(top)).astype(np.int64)
        found[metric] = DailyCounts(
            top, bottom, np.zeros(size, dtype=np.bool_), nobody, nobody, top[None], bottom[None], told[None],
            nobody.astype(np.int64),
        )  # fmt: skip
    return Daily(first, size, (), ("",), found, small)


def _names(view: View) -> dict[int, str]:
    columns = view.columns
    lanes = np.flatnonzero(view.lanes_there & columns.is_agent).tolist()
    return agent_keys(columns.facts, {(columns.lanes[lane][0], columns.person(lane)) for lane in lanes})


def _by_lane(
    question: Question, metric: MetricDefinition, held: dict[tuple[Needs, bool], tuple[Ints, Ints, Floats]]
) -> _Lanes:
    view = question.view
    shape = (len(view.columns.lanes), view.size)
    gathered = question.gather(metric, view.providers(metric))
    reports = question.reports[gathered.rows]
    sessions = _sessions(view, metric, held)
    lane = np.concatenate((question.lane[gathered.rows], sessions[0]))
    day = np.concatenate((question.first[gathered.rows], sessions[1]))
    top = np.concatenate((gathered.pieces.numerator[reports], sessions[2]))
    bottom = np.concatenate((gathered.pieces.denominator[reports], sessions[3]))
    source = np.full(len(lane), view.columns.sources.index(SESSIONS))
    source[: len(gathered.rows)] = question.source[gathered.rows]
    source = 2 * source + ~view.columns.is_agent[lane]  # a shop as a whole is told of otherwise than agent by agent
    keys, size = lane * view.size + day, shape[0] * shape[1]
    told = np.zeros(size, dtype=np.int64)
    for one in np.unique(source).tolist():
        told[keys[source == one]] |= 1 << one
    there = np.bincount(keys, minlength=size) > 0
    sums = [np.where(there, np.bincount(keys, weights, size), np.nan).reshape(shape) for weights in (top, bottom)]
    open_ = 0
    for bits in (*gathered.provisional, *gathered.delayed):
        open_ |= bits
    return _Lanes(sums[0], sums[1], told.reshape(shape), from_bits(open_, view.size), sessions=len(sessions[0]) > 0)


def _sessions(
    view: View, metric: MetricDefinition, held: dict[tuple[Needs, bool], tuple[Ints, Ints, Floats]]
) -> tuple[Ints, Ints, Floats, Floats]:
    """Lane, day, numerator and denominator of the session days that count for a metric."""
    rule, columns = metric.sessions, view.columns
    covered = view.session_days(rule)
    if rule is None or covered is None or rule.by_category:
        return ints([]), ints([]), np.zeros(0), np.zeros(0)
    key = (rule.needs, rule.people)
    if key not in held:
        first, last = view.span
        inside = np.zeros(view.size, dtype=np.bool_)
        inside[first : last + 1] = True
        lane, day = np.nonzero(covered & (view.held_by(rule) & view.wanted)[:, None] & inside)
        days = view.base + day
        exact = columns.day_sums.between(lane, np.zeros_like(lane), days, days)
        held[key] = lane, day, columns.day_sums.rounded(exact)
    lane, day, sums = held[key]
    top = total(rule.top, sums)
    for platform, other in rule.tops.items():
        theirs = [columns.facts.shops[shop].platform is platform for shop, _ in columns.lanes]
        top = np.where(np.array(theirs, dtype=np.bool_)[lane], total(other, sums), top)
    bottom = total(rule.bottom, sums) if rule.bottom else np.full(len(lane), np.nan)
    return lane, day, top, bottom


def _together(lanes: Floats, row_of: Ints, height: int) -> Floats:
    """Lanes added up by row (-1 = to none); NaN where none of them has anything, or one has no denominator."""
    found = np.full((height, lanes.shape[1]), np.nan)
    for row in range(height):
        mine = lanes[row_of == row]
        known = ~np.isnan(mine)
        found[row] = np.where(known.any(axis=0), np.where(known, mine, 0.0).sum(axis=0), np.nan)
    return found


def _sources(told: Ints, row_of: Ints, height: int) -> Ints:
    """Sources of lanes put together by row."""
    found = np.zeros((height, told.shape[1]), dtype=np.int64)
    for row in range(height):
        found[row] = np.bitwise_or.reduce(told[row_of == row], axis=0)
    return found
