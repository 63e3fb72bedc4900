"""Who is really better? Agents' rates shrunk to the common one by how little is known, and adjusted for their work.

Shrinkage: a beta-binomial whose prior is fitted to all agents by moments (Kleinman 1973). Ranks come with ranges from
draws of the posteriors, so that agents who cannot be told apart are seen to tie. Fair comparison: indirect
standardisation, the rate an agent would have if each kind of work had gone as it does for all. Funnel: Spiegelhalter
2005, exact binomial limits by the Wilson interval turned round.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.stats.intervals import Interval, critical

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DRAWS = 4000
_NARROWEST = 1e6  # prior observations when agents differ by nothing but chance


@dataclass(frozen=True, slots=True)
class Shrunk:
    """An agent's rate as far as it is known: posterior mean and interval, and the range of ranks (1 = highest).

    ``tie`` numbers the groups, from the top, inside which nobody is told apart from the group's best.
    """

    rate: float
    interval: Interval
    rank: int
    rank_low: int
    rank_high: int
    tie: int


@dataclass(frozen=True, slots=True)
class Prior:
    """The spread of rates between agents: as if each had ``size`` ratings at rate ``mean`` before the first own one."""

    mean: float
    size: float


def fit_prior(counts: Sequence[tuple[float, float]]) -> Prior | None:
    """The beta distribution of the agents' true rates from their (k, n), by moments; None with nothing to fit."""
    known = [(k, n) for k, n in counts if n > 0]
    total = math.fsum(n for _k, n in known)
    if not known:
        return None
    mean = math.fsum(k for k, _n in known) / total
    if len(known) < 2 or mean in (0.0, 1.0):
        return Prior(mean, _NARROWEST)
    # Between-agent variance by moments: observed weighted spread less what chance makes of it.
    spread = math.fsum(n * (k / n - mean) ** 2 for k, n in known)
    chance = (len(known) - 1) * mean * (1 - mean)
    scale = total - math.fsum(n * n for _k, n in known) / total
    between = (spread - chance) / (scale - (len(known) - 1)) if scale > len(known) - 1 else 0.0
    if between <= 0:
        return Prior(mean, _NARROWEST)
    return Prior(mean, min(_NARROWEST, max(1.0, mean * (1 - mean) / between - 1)))


def shrink(counts: Sequence[tuple[float, float]], *, level: float = 0.95, seed: int = 1) -> list[Shrunk] | None:
    """All agents' (k, n) judged together, in the given order, always by the same draws; None with nothing to judge."""
    prior = fit_prior(counts)
    if prior is None:
        return None
    k, n = (np.array(side, dtype=np.float64) for side in zip(*counts, strict=True))
    a = np.maximum(prior.mean * prior.size + k, 1e-9)
    b = np.maximum((1 - prior.mean) * prior.size + n - k, 1e-9)
    draws = np.random.default_rng(seed).beta(a, b, (_DRAWS, len(k)))
    tail = (1 - level) / 2
    low, high = np.quantile(draws, (tail, 1 - tail), axis=0)
    ranks = (-draws).argsort(axis=1).argsort(axis=1) + 1
    rank_low, rank_high = np.quantile(ranks, (tail, 1 - tail), axis=0, method="nearest")
    mean = a / (a + b)
    order = (-mean).argsort(kind="stable")
    place = np.empty(len(k), dtype=np.int64)
    place[order] = np.arange(1, len(k) + 1)
    ties = _ties(draws, order, level)
    return [
        Shrunk(
            float(mean[i]), Interval(float(low[i]), float(high[i])), int(place[i]), int(rank_low[i]), int(rank_high[i]),
            int(ties[i]),
        )
        for i in range(len(k))
    ]  # fmt: skip


def _ties(draws: NDArray[np.float64], order: NDArray[np.int64], level: float) -> NDArray[np.int64]:
    """From the top down: a new group begins with the first agent who is worse than the group's best for certain."""
    groups = np.zeros(draws.shape[1], dtype=np.int64)
    head, group = order[0], 1
    for agent in order:
        if (draws[:, agent] < draws[:, head]).mean() > (1 + level) / 2:
            head, group = agent, group + 1
        groups[agent] = group
    return groups


def funnel(n: float, rate: float, level: float = 0.95) -> tuple[float, float]:
    """Where the rate of ``n`` ratings lies by chance alone when the true rate is ``rate``: (low, high) within 0–1."""
    half = critical(level) * math.sqrt(rate * (1 - rate) / n)
    return max(0.0, rate - half), min(1.0, rate + half)


@dataclass(frozen=True, slots=True)
class Standardised:
    """An agent beside what anybody would have had with the same work: counts, the adjusted rate and its interval."""

    observed: float
    expected: float
    rate: float
    interval: Interval | None


def standardise(
    own: Mapping[str, tuple[float, float]], everyone: Mapping[str, tuple[float, float]], *, level: float = 0.95
) -> Standardised | None:
    """Indirect standardisation of (k, n) by kind of work; None where the agent has no work or nothing can be expected.

    adjusted rate = observed / expected · rate of everyone; its interval takes the expected as known and the observed as
    a sum of Bernoulli trials, on the logit of the observed share.
    """
    kinds = [(k, n, everyone[kind]) for kind, (k, n) in own.items() if n > 0 and kind in everyone]
    total_n = math.fsum(n for _k, n in everyone.values())
    if not kinds or total_n <= 0:
        return None
    common = math.fsum(k for k, _n in everyone.values()) / total_n
    observed = math.fsum(k for k, _n, _all in kinds)
    n = math.fsum(n for _k, n, _all in kinds)
    expected = math.fsum(n * all_k / all_n for _k, n, (all_k, all_n) in kinds if all_n > 0)
    if expected <= 0:
        return None
    scale = common / expected
    variance = math.fsum(n * (all_k / all_n) * (1 - all_k / all_n) for _k, n, (all_k, all_n) in kinds if all_n > 0)
    share = min(max((observed + 0.5) / (n + 1), 1e-9), 1 - 1e-9)
    interval = None
    if variance > 0:
        half = critical(level) * math.sqrt(variance) / (n * share * (1 - share))
        middle = math.log(share / (1 - share))
        low, high = (1 / (1 + math.exp(-(middle + side * half))) for side in (-1, 1))
        interval = Interval(max(0.0, low * n * scale), high * n * scale)
    return Standardised(observed, expected, observed * scale, interval)
