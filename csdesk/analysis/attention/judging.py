"""The numbers of a page, each held against its own past: how rare each day is, and how far each level has moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.attention.steady import steady_people, steady_whole
from csdesk.analysis.attention.window import Window
from csdesk.analysis.terms import unit_of
from csdesk.metrics.daily import DailyCounts
from csdesk.metrics.model import Unit
from csdesk.stats import control
from csdesk.stats.change import SMALL_SAMPLE

if TYPE_CHECKING:
    from csdesk.stats.control import Bools, Drift, Floats, Ints, Ordinary

SPECIAL_ALLOWANCE = 0.05
"""How far rates of promotions and holidays may be off without a word: such days have a level of their own."""
_LATE_BY = {"review_rate": 3}
"""Days until session rows hold what belongs to them: buyers rate later."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Numbers of one kind, judged: one series each, of everybody (``agent`` None) or of an agent."""

    unit: Unit
    metric: tuple[str, ...]
    agent: tuple[str | None, ...]
    only: tuple[tuple[str, ...], ...]
    """Shops meant by everybody, where these are not all of the selection."""
    top: Floats
    bottom: Floats
    usable: Bools
    """Days that can be judged, by series."""
    plain: Bools
    """Days with a final number that make a level, by series: no promotions and holidays."""
    found: Ordinary
    drift: Drift

    def days(self, row: int, first: int, last: int, *, level: bool = True) -> Ints:
        """The days that count of a span, as places; ``level`` False: those that can be judged by themselves."""
        span = slice(first, last + 1)
        known = (self.plain if level else self.usable)[row, span]
        there = ~np.isnan(self.top[row, span]) if self.unit is Unit.COUNT else self.bottom[row, span] > 0
        return first + np.flatnonzero(known & there)


def judge(window: Window, metrics: Sequence[str], agents: Sequence[str], small: float = SMALL_SAMPLE) -> list[Judged]:
    """The numbers of ``metrics``, and of ``agents`` person by person, by kind."""
    judged, past = [], window.past
    for unit in (Unit.RATE, Unit.COUNT, Unit.SECONDS):
        series = [
            one for metric in dict.fromkeys(metrics)
            if unit_of(metric) is unit and metric in window.daily.metrics
            for one in _series(window, metric, past, by_agent=metric in agents)
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
    only: tuple[str, ...]


def _series(window: Window, metric: str, past: Bools, *, by_agent: bool) -> list[_Series]:
    counts = window.daily.metrics[metric]
    final = final_days(window, metric, counts)
    found = []
    if counts.summable:
        whole = steady_whole(window, counts, exactly=unit_of(metric) is Unit.COUNT)
        found.append(_Series(metric, None, whole.top, whole.bottom, final, whole.only))
    if by_agent:
        tops, bottoms = steady_people(window, counts)
        found += [
            _Series(metric, person.key, tops[row], bottoms[row], final, ())
            for row, person in enumerate(window.daily.people)
            if person.kind == "person"
        ]
    return [one for one in found if (~np.isnan(one.top) & past).sum() >= control.FEWEST_DAYS]


def final_days(window: Window, metric: str, counts: DailyCounts) -> Bools:
    """Days of the window whose number will not change any more."""
    final = ~counts.open[window.start : window.start + len(window.days)]
    if counts.sessions and (late := _LATE_BY.get(metric, 0)):
        newest = window.daily.days - 1 - int(np.argmax(~np.isnan(counts.top[::-1])))
        final &= np.arange(len(window.days)) + window.start <= newest - late
    return final


def _judge(window: Window, unit: Unit, series: Sequence[_Series], small: float) -> Judged:
    top, bottom = np.array([one.top for one in series]), np.array([one.bottom for one in series])
    final = np.array([one.final for one in series])
    plain = final & window.plain
    if unit is Unit.COUNT:
        plain &= ~window.lacking
    past = plain & window.past
    if unit is Unit.RATE:
        top = np.clip(np.where(np.isnan(bottom), np.nan, top), 0, np.nan_to_num(bottom))
        usable = final & window.chosen & (np.nan_to_num(bottom) >= small)
        allowance = np.where(window.plain, 0.0, SPECIAL_ALLOWANCE)
        found = control.rates(
            np.nan_to_num(top), np.nan_to_num(bottom), window.weekday, past, usable, allowance=allowance
        )
    elif unit is Unit.COUNT:
        usable = plain & window.chosen & ~np.isnan(top)
        found = control.counts(top, window.weekday, past, usable)
        usable &= found.expected >= small
    else:
        usable = plain & window.chosen & (np.nan_to_num(bottom) >= small)
        value = np.nan_to_num(top) / np.where(np.nan_to_num(bottom) > 0, bottom, 1.0)
        found = control.means(value, np.nan_to_num(bottom), window.weekday, past, usable)
    moved = control.drift(replace(found, z=np.where(plain, found.z, np.nan)), past, window.recent)
    return Judged(
        unit, tuple(one.metric for one in series), tuple(one.agent for one in series),
        tuple(one.only for one in series), top, bottom,
        usable & (found.degrees > 0)[:, None], plain, found, moved,
    )  # fmt: skip
