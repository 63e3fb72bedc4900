"""Which days and whose last days are out of the ordinary, so seldom by chance that a quiet shop hears nothing.

All that is looked at on one page together gives a false alarm on fewer than one quiet page view in twenty: single days
share one part of these five per cent (Bonferroni over numbers and days), drifts another (over numbers), agents the rest
(:mod:`csdesk.analysis.attention.people`). Simulated quiet shops hear of something on 2 to 4 of 100 page views.

What is heard of: at 60 ratings a day, a satisfaction ten points lower is told as a drift within five days in 8 of 10
shops, within seven in 95 of 100; a single day of 60 ratings 20 points lower by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.attention.judging import Judged
from csdesk.analysis.attention.window import Window
from csdesk.metrics.model import Unit
from csdesk.stats import control
from csdesk.stats.change import SMALL_SAMPLE

if TYPE_CHECKING:
    from csdesk.stats.control import Bools, Usual

SINGLE_DAYS = 0.02
DRIFTS = 0.015
FEWEST_TOGETHER = 3
"""Days that make a level."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Days off, by ``metric``; ``agent`` None = everybody's (``only``: of these shops).

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
    only: tuple[str, ...] = ()


def signals_of(window: Window, judged: Sequence[Judged], small: float = SMALL_SAMPLE) -> list[Signal]:
    """What is out of the ordinary of everybody together."""
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
    return found


def _runs(one: Judged, row: int, off: Bools) -> list[Signal]:
    """Days out of the ordinary, neighbours on the same side put together; days not judged do not part them."""
    found: list[Signal] = []
    before = -1
    for day in np.flatnonzero(one.usable[row]).tolist():
        if off[day]:
            signal = together(one, row, (day, day), "unusual")
            if found and found[-1].last == before and found[-1].below is signal.below:
                signal = together(one, row, (found.pop().first, day), "unusual")
            found.append(signal)
        before = day
    return found


def _drift(window: Window, one: Judged, row: int, limit: float, small: float) -> Signal | None:
    """A level that has moved by the last day that can be judged."""
    first, last = int(one.drift.start[row]), int(one.drift.last[row])
    days = one.days(row, first, last)
    if one.drift.p[row] > limit or len(days) < FEWEST_TOGETHER or not window.chosen[last]:
        return None
    if one.unit is Unit.COUNT and one.found.expected[row, last] < small:
        return None
    if one.unit is not Unit.COUNT and float(one.bottom[row, days].sum()) < small:
        return None
    return together(one, row, (first, last), "drift")


def together(one: Judged, row: int, span: tuple[int, int], kind: str, p: float = 0.0) -> Signal:
    """The days of a span (places, both included) as one signal."""
    days = one.days(row, *span, level=kind == "drift")
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
        one.agent[row], p, one.only[row],
    )  # fmt: skip
