"""The difference of two rates among what is alike: pooled over strata after Mantel and Haenszel.

Difference: Greenland & Robins 1985. Its variance: Sato 1989, right for many sparse strata and for few large ones alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from csdesk.stats.intervals import critical

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Pooled:
    """``difference`` of the rates (first − second), its interval and two-sided p; ``strata`` that had both sides."""

    difference: float
    low: float
    high: float
    p: float
    strata: int


def pooled_difference(
    k1: ArrayLike, n1: ArrayLike, k2: ArrayLike, n2: ArrayLike, level: float = 0.95, *, spread: float = 1.0
) -> Pooled | None:
    """Stratum by stratum k1 of n1 against k2 of n2; None where no stratum has both sides, or nothing varies.

    ``spread``: how many times more days vary than chance (:mod:`csdesk.stats.between_days`).
    """
    import numpy as np  # noqa: PLC0415 - only the arrays need it

    hits, size, other_hits, other_size = (np.asarray(side, dtype=np.float64) for side in (k1, n1, k2, n2))
    both = (size > 0) & (other_size > 0)
    a, n, b, m = hits[both], size[both], other_hits[both], other_size[both]
    whole = n + m
    weight = float((n * m / whole).sum())
    if weight <= 0:
        return None
    difference = float(((a * m - b * n) / whole).sum()) / weight
    lean = (n**2 * b - m**2 * a + n * m * (m - n) / 2) / whole**2
    single = (a * (m - b) + b * (n - a)) / (2 * whole)
    variance = (difference * float(lean.sum()) + float(single.sum())) / weight**2
    if variance <= 0:
        return None
    error = math.sqrt(spread * variance)
    half = critical(level) * error
    return Pooled(
        difference, max(-1.0, difference - half), min(1.0, difference + half),
        math.erfc(abs(difference) / error / math.sqrt(2)), int(both.sum()),
    )  # fmt: skip
