"""How far is it to a target rate, and how likely is it to get there?

Exact fractions where people count ratings one by one: 95 % of 184 is no matter for floating point.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist

import numpy as np

from csdesk.stats.intervals import critical


def share_of(target: float | str | Fraction) -> Fraction:
    """A target as an exact fraction: 0.95 means 95/100, not the float beside it."""
    return target if isinstance(target, Fraction) else Fraction(str(target))


def good_missing(good: int, bad: int, target: float | str | Fraction) -> int | None:
    """Good ratings in a row until good / all ≥ target: max(0, ⌈p·d / (1 − p) − s⌉).

    None where no number will do: a target of 100 % with a bad rating.
    """
    p = share_of(target)
    if p >= 1:
        return None if bad else 0 if good else 1
    missing = math.ceil(p * bad / (1 - p) - good)
    return max(0, missing) if good + bad else max(1, missing)


def bad_allowed(good: int, bad: int, target: float | str | Fraction) -> int:
    """Bad ratings in a row that keep good / all ≥ target; negative where it is already missed: one per bad too many."""
    p = share_of(target)
    if p <= 0:
        raise ValueError("a target of 0 allows everything")
    return math.floor(good * (1 - p) / p) - bad


@dataclass(frozen=True, slots=True)
class Leaving:
    """What the rolling window holds from ``day`` on if no rating comes: counts, and good ratings missing then."""

    day: int
    good: int
    bad: int
    missing: int | None


def rolling(
    days: Iterable[tuple[int, int, int]], today: int, target: float | str | Fraction, window: int = 30
) -> list[Leaving]:
    """The window of ``window`` days ending ``today`` and how it empties: today, then each day something leaves.

    ``days``: (epoch day, good, bad) in any order.
    """
    inside = [(d, g, b) for d, g, b in days if today - window < d <= today and (g or b)]
    moments = sorted({today, *(day + window for day, _g, _b in inside)})
    found = []
    for moment in moments:
        left = [(g, b) for day, g, b in inside if moment - window < day]
        s, d = sum(g for g, _b in left), sum(b for _g, b in left)
        found.append(Leaving(moment, s, d, good_missing(s, d, target)))
    return found


def chance(good: float, bad: float, target: float | str | Fraction, to_come: int) -> float:
    """Chance that good / all ≥ target after ``to_come`` more ratings like those before.

    Beta-binomial with Beta(good + ½, bad + ½), the posterior of Jeffreys' prior.
    """
    p = share_of(target)
    needed = math.ceil(p * (Fraction(good) + Fraction(bad) + to_come) - Fraction(good))
    if needed <= 0:
        return 1.0 if good + bad + to_come else 0.0
    return _beta_binomial_tail(needed, to_come, good + 0.5, bad + 0.5) if needed <= to_come else 0.0


def _beta_binomial_tail(k: int, n: int, a: float, b: float) -> float:
    """P(X ≥ k): the first probability by log-gamma, the others by the ratio of neighbours."""
    first = (
        math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        + math.lgamma(k + a) + math.lgamma(n - k + b) - math.lgamma(n + a + b)
        + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    )  # fmt: skip
    j = np.arange(k, n, dtype=float)
    steps = np.log((n - j) * (j + a)) - np.log((j + 1) * (n - j - 1 + b))
    return min(1.0, float(np.exp(first + np.concatenate(([0.0], np.cumsum(steps)))).sum()))


def all_good_needed(bound: float, level: float = 0.95) -> int:
    """Ratings, all of them good, until the Wilson interval's lower end reaches ``bound``: ⌈z²·b / (1 − b)⌉."""
    return math.ceil(critical(level) ** 2 * bound / (1 - bound))


def ratings_to_see(before: float, after: float, *, level: float = 0.95, power: float = 0.8) -> int:
    """Ratings needed in each period to see a change between two rates (two-sided, pooled normal formula)."""
    z, w = critical(level), NormalDist().inv_cdf(power)
    middle = (before + after) / 2
    spread = z * math.sqrt(2 * middle * (1 - middle)) + w * math.sqrt(before * (1 - before) + after * (1 - after))
    return math.ceil((spread / (before - after)) ** 2)


def smallest_change(rate: float, n: float, *, level: float = 0.95, power: float = 0.8) -> float:
    """The smallest change of ``rate`` that ``n`` trials in each period would show, by the normal formula."""
    return (critical(level) + NormalDist().inv_cdf(power)) * math.sqrt(2 * rate * (1 - rate) / n)
