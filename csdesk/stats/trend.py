"""Whether a rate runs along with an order.

Mantel's extension of the pooled comparison for ordered groups within strata (1963); Spearman's ρ of a table of counts
with midranks for ties, and the interval of Bonett & Wright (2000).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from csdesk.stats.intervals import Interval, critical

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


def trend_z(k: ArrayLike, n: ArrayLike, scores: ArrayLike) -> float | None:
    """Mantel's statistic of a rate's trend over ordered groups (across), within strata (down); normal without one.

    None where nothing varies. Squared it is the Cochran–Mantel–Haenszel χ² for two groups.
    """
    hits, trials, x = (np.asarray(one, dtype=np.float64) for one in (k, n, scores))
    whole, all_hits = trials.sum(axis=1), hits.sum(axis=1)
    kept = whole > 1
    hits, trials, whole, all_hits = hits[kept], trials[kept], whole[kept], all_hits[kept]
    if not len(whole):
        return None
    excess = ((hits - trials * (all_hits / whole)[:, None]) * x).sum()
    spread = whole * (trials * x**2).sum(axis=1) - (trials * x).sum(axis=1) ** 2
    variance = float((all_hits * (whole - all_hits) / (whole**2 * (whole - 1)) * spread).sum())
    return float(excess) / math.sqrt(variance) if variance > 0 else None


def spearman(table: ArrayLike, level: float = 0.95) -> tuple[float, Interval] | None:
    """ρ of two ordered things counted in a table, and its interval.

    None for fewer than four, and where one of them is constant.
    """
    counts = np.asarray(table, dtype=np.float64)
    n = float(counts.sum())
    if n < 4:
        return None
    rows, columns = (_midranks(counts.sum(axis=axis)) - (n + 1) / 2 for axis in (1, 0))
    both = float((counts * np.outer(rows, columns)).sum())
    spread = float((counts.sum(axis=1) * rows**2).sum() * (counts.sum(axis=0) * columns**2).sum())
    if spread <= 0:
        return None
    rho = max(-1.0, min(1.0, both / math.sqrt(spread)))
    if abs(rho) >= 1:
        return rho, Interval(rho, rho)
    half = critical(level) * math.sqrt((1 + rho**2 / 2) / (n - 3))
    return rho, Interval(math.tanh(math.atanh(rho) - half), math.tanh(math.atanh(rho) + half))


def _midranks(sizes: Floats) -> Floats:
    """The rank each of the values of a class has, ties shared."""
    until = np.cumsum(sizes)
    return np.asarray(until - (sizes - 1) / 2)
