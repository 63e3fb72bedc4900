"""Agents whose last week, or one of whose days, is out of their own ordinary.

Benjamini-Hochberg among all agents and rates: where nothing has changed, that is the chance of any alarm at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.attention.judging import Judged
from csdesk.analysis.attention.signals import FEWEST_TOGETHER, Signal, together
from csdesk.analysis.attention.window import Window
from csdesk.metrics.model import Unit
from csdesk.stats import control
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.multiple import discoveries
from csdesk.stats.tails import normal_two_sided

if TYPE_CHECKING:
    from csdesk.stats.control import Bools, Ints

LATELY = 0.01
SINGLE_DAYS = 0.005
WEEK = 7
"""Days of an agent that are put together: most have too few ratings a day."""
_MOST_AGENTS = 5
_MOST_BESIDE = 2
"""Agents named beside the shop where both moved the same way."""
_LOOK_CLOSER = 0.02


def agents_of(
    window: Window, judged: Sequence[Judged], whole: Sequence[Signal], small: float = SMALL_SAMPLE
) -> list[Signal]:
    """The agents worth naming, the rarest first; ``whole`` is what is told of everybody together."""
    rates = next((one for one in judged if one.unit is Unit.RATE), None)
    if rates is None or len({agent for agent in rates.agent if agent is not None}) < 2:
        return []
    rows = np.array([row for row, agent in enumerate(rates.agent) if agent is not None])
    weeks = _weeks(window, rates, rows, small)
    real = discoveries([week[3] for week in weeks], LATELY)
    found = [together(rates, row, (first, last), "drift", p) for row, first, last, p in compress(weeks, real)]
    told = {(signal.metric, signal.agent, signal.below) for signal in found}
    found += [one for one in _days(rates, rows) if (one.metric, one.agent, one.below) not in told]
    return _named(whole, sorted(found, key=lambda signal: signal.p))


def _days(rates: Judged, rows: Ints) -> list[Signal]:
    """Single days of agents with enough behind them."""
    at, days = np.nonzero(rates.usable[rows])
    p = rates.found.p[rows[at], days]
    if not len(p) or p.min() > SINGLE_DAYS:
        return []
    return [
        together(rates, int(rows[at[place]]), (int(days[place]), int(days[place])), "unusual", float(p[place]))
        for place in np.flatnonzero(discoveries(p.tolist(), SINGLE_DAYS)).tolist()
    ]


def _weeks(window: Window, rates: Judged, rows: Ints, small: float) -> list[tuple[int, int, int, float]]:
    """(row, first, last, p) of each agent's last seven days, where enough is behind them."""
    days = np.arange(len(window.days))
    recent = days >= len(days) - window.recent
    final = rates.plain[rows] & window.chosen & recent
    last = np.where(final.any(axis=1), len(days) - 1 - np.argmax(final[:, ::-1], axis=1), -1)
    first = np.maximum(last - WEEK + 1, len(days) - window.recent)
    there = _final(rates, rows) & (days >= first[:, None]) & (days <= last[:, None])
    n, k = np.where(there, rates.bottom[rows], 0.0), np.where(there, rates.top[rows], 0.0)
    mean, wide = rates.found.expected[rows], rates.found.wide[rows]
    spread = (n * mean * (1 - mean) * (1 + np.maximum(n - 1, 0) * wide)).sum(axis=1)
    z = (k - n * mean).sum(axis=1) / np.sqrt(np.maximum(spread, 1e-9))  # rough: those far off are worked out
    enough = (there.sum(axis=1) >= FEWEST_TOGETHER) & (n.sum(axis=1) >= small) & (rates.found.degrees[rows] > 0)
    weeks = []
    for place, p in zip(np.flatnonzero(enough).tolist(), normal_two_sided(z[enough]).tolist(), strict=True):
        row, mine = int(rows[place]), np.flatnonzero(there[place])
        exact = control.rate_p(rates.found, row, mine, k[place, mine], n[place, mine]) if p < _LOOK_CLOSER else p
        weeks.append((row, int(first[place]), int(last[place]), exact))
    return weeks


def _final(rates: Judged, rows: Ints) -> Bools:
    """Days of agents with a final number."""
    return np.asarray(rates.plain[rows] & (np.nan_to_num(rates.bottom[rows]) > 0))


def _named(whole: Sequence[Signal], agents: Sequence[Signal]) -> list[Signal]:
    """Where nearly everybody moved with the shop, the shop's own sentence says so."""
    moved = {(signal.metric, signal.below) for signal in whole}
    several = Counter((signal.metric, signal.below) for signal in agents)
    kept = [
        signal for signal in agents
        if (signal.metric, signal.below) not in moved or several[signal.metric, signal.below] <= _MOST_BESIDE
    ]  # fmt: skip
    return kept[:_MOST_AGENTS]
