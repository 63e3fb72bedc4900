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
