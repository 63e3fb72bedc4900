"""Who is really better? Agents' rates shrunk to the common one by how little is known, and adjusted for their work.

Shrinkage: a beta-binomial whose prior is fitted to all agents by moments (Kleinman 1973); places with their ranges are
in :mod:`csdesk.stats.ranking`. Fair comparison: indirect standardisation, the rate an agent would have if each kind of
work had gone as it does for all. Funnel: Spiegelhalter 2005, limits by the Wilson interval turned round, widened where
agents differ from each other by more than chance.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.stats.intervals import Interval, critical, wilson

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_ENOUGH_AGENTS = 10
_MEDIAN_OF_Z = 0.6744897501960817  # of |z| when z is standard normal


@dataclass(frozen=True, slots=True)
class Shrunk:
    """An agent's rate as far as it is known: posterior mean and interval."""

    rate: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Prior:
    """The spread of rates between agents: as if each had ``size`` ratings at rate ``mean`` before the first own one."""

    mean: float
    size: float


def fit_prior(counts: Sequence[tuple[float, float]]) -> Prior | None:
    """The beta distribution of the agents' true rates from their (k, n), by moments; None with nothing to fit.

    How much of the spread is chance is itself a guess from few agents: the share is taken (N − 3) / (N − 1) times what
    the moments say and never above that (Morris 1983), so that agents who happen to look alike are not taken for alike.
    """
    known = [(k, n) for k, n in counts if n > 0]
    total = math.fsum(n for _k, n in known)
    if not known:
        return None
    mean = math.fsum(k for k, _n in known) / total
    agents = len(known)
    if agents <= 3:
        return Prior(mean, 1.0)
    chance = mean * (1 - mean)
    spread = math.fsum(n * (k / n - mean) ** 2 for k, n in known)
    by_chance = (agents - 3) / (agents - 1) * min(1.0, (agents - 1) * chance / spread if spread > 0 else 1.0)
    typical = (total - math.fsum(n * n for _k, n in known) / total) / (agents - 1)
    return Prior(mean, max(1.0, typical * by_chance / (1 - by_chance)))


def shrink(counts: Sequence[tuple[float, float]], *, level: float = 0.95) -> list[Shrunk] | None:
    """All agents' (k, n) judged together, in the given order; None with nothing to judge.

    The interval is Wilson's of the posterior's counts, which is the beta quantiles' to the eye and costs nothing; the
    counts are lessened by what the fit of the prior leaves open, 2 / (N − 3) · (weight of the prior · distance to the
    mean)² (Morris 1983).
    """
    prior = fit_prior(counts)
    if prior is None:
        return None
    agents = sum(n > 0 for _k, n in counts)
    found = []
    for k, n in counts:
        size = prior.size + n
        rate = (prior.mean * prior.size + k) / size
        moved = prior.size / size * (k / n - prior.mean) if n > 0 else 0.0
        left_open = 2 / (agents - 3) * moved**2 if agents > 3 else 0.0
        chance = rate * (1 - rate)
        known = 1 / (1 / size + left_open / chance) if chance > 0 else size
        found.append(Shrunk(rate, wilson(rate * known, known, level) or Interval(0.0, 1.0)))
    return found


def funnel(n: float, rate: float, level: float = 0.95, spread: float = 1.0) -> tuple[float, float]:
    """Where the rate of ``n`` ratings lies by chance alone when the true rate is ``rate``: (low, high) within 0–1.

    ``spread`` widens the limits by :func:`overdispersion`.
    """
    half = critical(level) * spread * math.sqrt(rate * (1 - rate) / n)
    return max(0.0, rate - half), min(1.0, rate + half)


def overdispersion(counts: Sequence[tuple[float, float]], rate: float) -> float:
    """How many times wider agents spread around ``rate`` than chance would have it; at least 1.

    Robust, so that the agent who stands out does not widen the limits that should show it: the median of |z| over its
    expectation, taken only where it exceeds what chance gives so many agents (its standard error is about
    1.17 / √agents), and not at all for fewer than ten.
    """
    known = [(k, n) for k, n in counts if n > 0]
    if len(known) < _ENOUGH_AGENTS or not 0 < rate < 1:
        return 1.0
    z = sorted(abs(k / n - rate) * math.sqrt(n / (rate * (1 - rate))) for k, n in known)
    middle = len(z) // 2
    median = z[middle] if len(z) % 2 else (z[middle - 1] + z[middle]) / 2
    spread = median / _MEDIAN_OF_Z
    return spread if spread > 1 + critical(0.9) * 1.17 / math.sqrt(len(z)) else 1.0


@dataclass(frozen=True, slots=True)
class Standardised:
    """An agent beside what anybody would have had with the same work.

    ``rate`` is the adjusted rate, observed / expected · rate of everyone, with its interval; ``z`` how many standard
    errors the observed count lies from the expected one if he were like the others; ``shared`` the part of his work
    that is of kinds others do too (alone in a kind, he can only be compared with himself).
    """

    n: float
    observed: float
    expected: float
    rate: float
    interval: Interval
    z: float
    shared: float


def standardise(
    k: Floats, n: Floats, *, level: float = 0.95, spread: float = 1.0
) -> list[Standardised | None]:  # fmt: skip
    """Indirect standardisation of counts, agents × kinds of work; None for who has no work or nothing to expect.

    The expected are what everyone's rates (his own among them) give for his mixture of work. The interval takes them as
    known and the observed as a sum of Bernoulli trials with a rate for each kind, on the logit of the observed share;
    ``z`` allows for his own part in everyone's rates: Var(O − E) = Σ n·p·(1 − p)·(1 − n / N). ``spread``: how many
    times more people's days vary than chance (:mod:`csdesk.stats.between_days`); both variances are as much larger.
    """
    all_k, all_n = k.sum(axis=0), n.sum(axis=0)
    total = float(all_n.sum())
    if total <= 0:
        return [None] * len(n)
    p = np.divide(all_k, all_n, out=np.zeros_like(all_n), where=all_n > 0)
    part = np.divide(n, all_n, out=np.zeros_like(n), where=all_n > 0)
    alone = n * (p * (1 - p))
    shared = np.where(n < all_n, n, 0.0)
    columns = (n, k, n * p, alone, alone * (1 - part), shared)
    rows = np.stack([column.sum(axis=1) for column in columns], axis=1)
    return [_standardised(row.tolist(), float(all_k.sum()) / total, level, spread) for row in rows]


def _standardised(sums: list[float], common: float, level: float, spread: float) -> Standardised | None:
    n, observed, expected, within, apart, shared = sums
    if n <= 0 or expected <= 0:
        return None
    scale = common / expected
    share = (observed + 0.5) / (n + 1)
    mixed = expected * (1 - expected / n)
    variance = spread * n * share * (1 - share) * (within / mixed if mixed > 0 else 1.0)
    half = critical(level) * math.sqrt(variance) / (n * share * (1 - share))
    middle = math.log(share / (1 - share))
    low, high = (n * scale / (1 + math.exp(-(middle + side * half))) for side in (-1, 1))
    rate = observed * scale
    z = (observed - expected) / math.sqrt(spread * apart) if apart > 1e-9 else 0.0
    return Standardised(n, observed, expected, rate, Interval(min(low, rate), max(high, rate)), z, shared / n)
