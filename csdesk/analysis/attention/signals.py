"""Which days and whose last days are out of the ordinary, so seldom by chance that a quiet shop hears nothing.

All that is looked at on one page together gives a false alarm on fewer than one quiet page view in twenty: single days
share one part of these five per cent (Bonferroni over numbers and days), drifts another, agents a third
(Benjamini-Hochberg among all of them, which where nothing has changed is the chance of any alarm at all).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.attention.window import Window
from csdesk.analysis.terms import unit_of
from csdesk.metrics.daily import DailyCounts
from csdesk.metrics.model import Unit
from csdesk.stats import control
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.multiple import discoveries

if TYPE_CHECKING:
    from csdesk.stats.control import Bools, Drift, Floats, Ints, Ordinary, Usual

SINGLE_DAYS = 0.02
DRIFTS = 0.015
AGENTS_LATELY = 0.01
AGENTS_DAYS = 0.005
WEEK = 7
"""Days of an agent that are put together: most have too few ratings a day."""
_LATE_BY = {"review_rate": 3}
"""Days until session rows hold what belongs to them: buyers rate later."""
_FEWEST_TOGETHER = 3
_MOST_AGENTS = 5
_MOST_BESIDE = 2
"""Agents named beside the shop where both moved the same way."""
_LOOK_CLOSER = 0.02


@dataclass(frozen=True, slots=True)
class Signal:
    """Days off, by ``metric``; ``agent`` None = everybody's.

    ``first``..``last`` are places in the window, ``days`` how many of them count. ``value`` of these days together (of
    counts: a day), from ``top`` of ``bottom`` (None for counts). ``below``: lower than usual.
    """

    metric: str
    kind: str
    first: int
    last: int
    days: int
    value: float
    top: float
    bottom: float | None
    usual: Usual
    below: bool
    agent: str | None = None
    p: float = 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """Numbers of one kind, judged: one series each, of everybody (``agent`` None) or of an agent."""

    unit: Unit
    metric: tuple[str, ...]
    agent: tuple[str | None, ...]
    top: Floats
    bottom: Floats
    usable: Bools
    """Days that can be judged, by series."""
    plain: Bools
    """Days with a final number that is comparable, by series; of counts and durations no promotions and holidays."""
    found: Ordinary
    drift: Drift

    def days(self, row: int, first: int, last: int) -> Ints:
        """The days that count of a span, as places."""
        known = self.plain[row, first : last + 1] & (self.bottom[row, first : last + 1] > 0)
        if self.unit is Unit.COUNT:
            known = self.plain[row, first : last + 1] & ~np.isnan(self.top[row, first : last + 1])
        return first + np.flatnonzero(known)


def judge(window: Window, metrics: Sequence[str], agents: Sequence[str], small: float = SMALL_SAMPLE) -> list[Judged]:
    """The numbers of ``metrics``, and of ``agents`` person by person, by kind."""
    judged = []
    for unit in (Unit.RATE, Unit.COUNT, Unit.SECONDS):
        series = [
            one for metric in dict.fromkeys(metrics)
            if unit_of(metric) is unit and metric in window.daily.metrics
            for one in _series(window, metric, by_agent=metric in agents)
        ]  # fmt: skip
        if series:
            judged.append(_judge(window, unit, series, small))
    return judged


@dataclass(frozen=True, slots=True)
class _Series:
    metric: str
    agent: str | None
    top: Floats
    bottom: Floats
    final: Bools


def _series(window: Window, metric: str, *, by_agent: bool) -> list[_Series]:
    counts = window.daily.metrics[metric]
    final = _final(window, metric, counts)
    found = []
    if counts.summable:
        found.append(_Series(metric, None, window.cut(counts.top), window.cut(counts.bottom), final))
    if by_agent:
        found += [
            _Series(metric, person.key, window.cut(counts.top_by)[row], window.cut(counts.bottom_by)[row], final)
            for row, person in enumerate(window.daily.people)
            if person.kind == "person"
        ]
    return [one for one in found if (~np.isnan(one.top) & window.past).sum() >= control.FEWEST_DAYS]


def _final(window: Window, metric: str, counts: DailyCounts) -> Bools:
    final = ~counts.open[window.start : window.start + len(window.days)]
    if counts.sessions and (late := _LATE_BY.get(metric, 0)):
        newest = window.daily.days - 1 - int(np.argmax(~np.isnan(counts.top[::-1])))
        final &= np.arange(len(window.days)) + window.start <= newest - late
    return final


def _judge(window: Window, unit: Unit, series: Sequence[_Series], small: float) -> Judged:
    top, bottom = np.array([one.top for one in series]), np.array([one.bottom for one in series])
    final = np.array([one.final for one in series])
    plain = final & window.plain
    past = plain & window.past
    if unit is Unit.RATE:
        top = np.clip(np.where(np.isnan(bottom), np.nan, top), 0, np.nan_to_num(bottom))
        usable = final & window.chosen & (np.nan_to_num(bottom) >= small)
        found = control.rates(np.nan_to_num(top), np.nan_to_num(bottom), window.weekday, past, usable)
    elif unit is Unit.COUNT:
        usable = plain & window.chosen & ~np.isnan(top)
        found = control.counts(top, window.weekday, past, usable)
        usable &= found.expected >= small
    else:
        usable = plain & window.chosen & (np.nan_to_num(bottom) >= small)
        value = np.nan_to_num(top) / np.where(np.nan_to_num(bottom) > 0, bottom, 1.0)
        found = control.means(value, np.nan_to_num(bottom), window.weekday, past, usable)
    counted = final if unit is Unit.RATE else plain
    moved = control.drift(replace(found, z=np.where(counted, found.z, np.nan)), past, window.recent)
    return Judged(
        unit, tuple(one.metric for one in series), tuple(one.agent for one in series), top, bottom,
        usable & (found.degrees > 0)[:, None], counted, found, moved,
    )  # fmt: skip


def signals_of(window: Window, judged: Sequence[Judged], small: float = SMALL_SAMPLE) -> list[Signal]:
    """What is out of the ordinary: of everybody first, then of agents."""
    whole = [(one, row) for one in judged for row, agent in enumerate(one.agent) if agent is None]
    cells = sum(int(one.usable[row].sum()) for one, row in whole)
    found: list[Signal] = []
    for one, row in whole:
        drifting = _drift(window, one, row, DRIFTS / max(1, len(whole)), small)
        runs = _runs(one, row, one.usable[row] & (one.found.p[row] <= SINGLE_DAYS / max(1, cells)))
        if drifting is not None:
            runs = [run for run in runs if run.last < drifting.first or run.below is not drifting.below]
            found.append(drifting)
        found += runs
    return [*found, *_named(found, _of_agents(window, judged, small))]


def _runs(one: Judged, row: int, off: Bools) -> list[Signal]:
    """Days out of the ordinary, neighbours on the same side put together; days not judged do not part them."""
    found: list[Signal] = []
    before = -1
    for day in np.flatnonzero(one.usable[row]).tolist():
        if off[day]:
            signal = _together(one, row, (day, day), "unusual")
            if found and found[-1].last == before and found[-1].below is signal.below:
                signal = _together(one, row, (found.pop().first, day), "unusual")
            found.append(signal)
        before = day
    return found


def _drift(window: Window, one: Judged, row: int, limit: float, small: float) -> Signal | None:
    """A level that has moved by the last day that can be judged."""
    first, last = int(one.drift.start[row]), int(one.drift.last[row])
    days = one.days(row, first, last)
    if one.drift.p[row] > limit or len(days) < _FEWEST_TOGETHER or not window.chosen[last]:
        return None
    if one.unit is Unit.COUNT and one.found.expected[row, last] < small:
        return None
    if one.unit is not Unit.COUNT and float(one.bottom[row, days].sum()) < small:
        return None
    return _together(one, row, (first, last), "drift")


def _together(one: Judged, row: int, span: tuple[int, int], kind: str, p: float = 0.0) -> Signal:
    """The days of a span (places, both included) as one signal."""
    days = one.days(row, *span)
    top, bottom = float(one.top[row, days].sum()), None
    if one.unit is Unit.COUNT:
        value, usual = top / len(days), control.usual_count(one.found, row, days)
    else:
        bottom = float(one.bottom[row, days].sum())
        value = top / bottom
        if one.unit is Unit.RATE:
            usual = control.usual_rate(one.found, row, days, one.bottom[row, days])
        else:
            usual = control.usual_mean(one.found, row, days)
    return Signal(
        one.metric[row], kind, *span, len(days), value, top, bottom, usual, value < usual.expected,
        one.agent[row], p,
    )  # fmt: skip


def _of_agents(window: Window, judged: Sequence[Judged], small: float) -> list[Signal]:
    """Agents whose last week, or one of whose days, is out of their own ordinary."""
    rates = next((one for one in judged if one.unit is Unit.RATE), None)
    if rates is None or len({agent for agent in rates.agent if agent is not None}) < 2:
        return []
    rows = np.array([row for row, agent in enumerate(rates.agent) if agent is not None])
    weeks = _weeks(window, rates, rows, small)
    real = discoveries([week[3] for week in weeks], AGENTS_LATELY)
    found = [_together(rates, row, (first, last), "drift", p) for row, first, last, p in compress(weeks, real)]
    told = {(signal.metric, signal.agent, signal.below) for signal in found}
    places = rows[np.argwhere(rates.usable[rows])[:, 0]], np.argwhere(rates.usable[rows])[:, 1]
    p = rates.found.p[places]
    if len(p) and p.min() <= AGENTS_DAYS:
        for at in np.flatnonzero(discoveries(p.tolist(), AGENTS_DAYS)).tolist():
            row, day = int(places[0][at]), int(places[1][at])
            signal = _together(rates, row, (day, day), "unusual", float(p[at]))
            if (signal.metric, signal.agent, signal.below) not in told:
                found.append(signal)
    return sorted(found, key=lambda signal: signal.p)


def _weeks(window: Window, rates: Judged, rows: Ints, small: float) -> list[tuple[int, int, int, float]]:
    """(row, first, last, p) of each agent's last seven days with enough behind them."""
    final = rates.plain[rows] & window.chosen & (np.arange(len(window.days)) >= len(window.days) - window.recent)
    ends = np.where(final.any(axis=1), final.shape[1] - 1 - np.argmax(final[:, ::-1], axis=1), -1)
    weeks = []
    for row, last in zip(rows.tolist(), ends.tolist(), strict=True):
        first = max(last - WEEK + 1, len(window.days) - window.recent)
        days = rates.days(row, first, last) if last >= 0 and rates.found.degrees[row] else np.zeros(0, np.int64)
        n = rates.bottom[row, days]
        if len(days) < _FEWEST_TOGETHER or n.sum() < small:
            continue
        k, mean = rates.top[row, days], rates.found.expected[row, days]
        spread = float((n * mean * (1 - mean) * (1 + np.maximum(n - 1, 0) * rates.found.wide[row, days])).sum())
        z = float(k.sum() - (n * mean).sum()) / math.sqrt(max(spread, 1e-9))  # rough: those far off are worked out
        p = math.erfc(abs(z) / math.sqrt(2))
        weeks.append((row, first, last, control.rate_p(rates.found, row, days, k, n) if p < _LOOK_CLOSER else p))
    return weeks


def _named(whole: Sequence[Signal], agents: Sequence[Signal]) -> list[Signal]:
    """The agents worth naming: where nearly everybody moved with the shop, its own sentence says so."""
    moved = {(signal.metric, signal.below) for signal in whole}
    several = Counter((signal.metric, signal.below) for signal in agents)
    kept = [
        signal for signal in agents
        if (signal.metric, signal.below) not in moved or several[signal.metric, signal.below] <= _MOST_BESIDE
    ]  # fmt: skip
    return kept[:_MOST_AGENTS]
