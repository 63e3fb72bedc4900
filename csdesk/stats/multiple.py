"""Many comparisons at once: which of them stand out when all are looked at together.

Benjamini & Hochberg 1995, the step-up rule for the false discovery rate; the same as
``scipy.stats.false_discovery_control``, which the tests compare with.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from csdesk.stats.intervals import exceeds


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values in the given order: smallest false discovery rate at which each would be called a finding."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place], reverse=True)
    found = [0.0] * len(p_values)
    lowest = 1.0
    for rank, place in zip(range(len(p_values), 0, -1), order, strict=True):
        lowest = min(lowest, p_values[place] * len(p_values) / rank)
        found[place] = lowest
    return found


def discoveries(p_values: Sequence[float], rate: float = 0.05) -> list[bool]:
    """Which comparisons are findings at this false discovery rate."""
    return [value <= rate for value in adjusted(p_values)]


def two_rates_p(k1: float, n1: float, k2: float, n2: float) -> float | None:
    """Two-sided p of equal rates by the score test with a pooled rate (Pearson's χ² without correction).

    None where a side has no trials or its count is not a part of them; 1 where both rates are all or nothing.
    """
    if not (n1 > 0 and n2 > 0) or exceeds(k1, n1) or exceeds(k2, n2):
        return None
    pooled = (k1 + k2) / (n1 + n2)
    spread = pooled * (1 - pooled) * (1 / n1 + 1 / n2)
    if spread <= 0:
        return 1.0
    return math.erfc(abs(k1 / n1 - k2 / n2) / math.sqrt(2 * spread))


ENOUGH_EXPECTED = 10.0
"""From so many expected counts in every cell on, the score test keeps its level; below, it finds too much."""


def rates_p(k1: float, n1: float, k2: float, n2: float) -> float | None:
    """Two-sided p of equal rates: :func:`two_rates_p` where the counts are large enough, else Fisher's exact test.

    The exact p is twice the smaller tail. None as in :func:`two_rates_p`.
    """
    rough = two_rates_p(k1, n1, k2, n2)
    if rough is None:
        return None
    pooled = (k1 + k2) / (n1 + n2)
    if min(pooled, 1 - pooled) * min(n1, n2) >= ENOUGH_EXPECTED:
        return rough
    whole = [round(one) for one in (k1, n1, k2, n2)]
    return _fisher(*whole)


def _fisher(k1: int, n1: int, k2: int, n2: int) -> float:
    """Twice the smaller tail of the hypergeometric distribution of ``k1``, at most 1."""
    hits, total = k1 + k2, n1 + n2
    lowest, highest = max(0, hits - n2), min(n1, hits)
    whole = _log_choose(total, n1)

    def tail(steps: range) -> float:
        chances = (math.exp(_log_choose(hits, x) + _log_choose(total - hits, n1 - x) - whole) for x in steps)
        return math.fsum(chances)

    lower_is_short = k1 - lowest <= highest - k1
    here = tail(range(k1, k1 + 1))
    short = tail(range(lowest, k1 + 1)) if lower_is_short else tail(range(k1, highest + 1))
    return min(1.0, 2 * min(short, max(0.0, 1 - short) + here))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
