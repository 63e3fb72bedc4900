"""Wilson score intervals for rates, in closed form because a page needs hundreds of them at once.

Formula: Wilson 1927, as in ``scipy.stats.binomtest(k, n).proportion_ci(method="wilson")``, which the tests
compare with; unlike it, counts may be fractional (a reported rate times its weight).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

_SLACK = 1e-9
"""Rounding errors of sums of reported rates do not make k exceed n."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A rate's interval; both ends lie within 0–1 (a difference's within −1–1)."""

    low: float
    high: float


@cache
def critical(level: float) -> float:
    """Two-sided normal quantile of a confidence level: 1.96 for 0.95."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def exceeds(k: float, n: float) -> bool:
    """Whether ``k`` is not a part of ``n``: negative, or larger by more than rounding."""
    return k < -_SLACK or k > n * (1 + _SLACK) + _SLACK


def wilson(k: float, n: float, level: float = 0.95) -> Interval | None:
    """Interval of the rate ``k / n``; None without trials (n ≤ 0) and for k outside 0..n."""
    if not n > 0 or exceeds(k, n):
        return None
    z = critical(level)
    rate = min(max(k / n, 0.0), 1.0)
    shrink = 1 + z * z / n
    centre = (rate + z * z / (2 * n)) / shrink
    half = z / shrink * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return Interval(
        0.0 if rate == 0.0 else max(0.0, centre - half),
        1.0 if rate == 1.0 else min(1.0, centre + half),
    )


def wilson_many(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """``wilson`` for arrays of one shape: (low, high), NaN where there is no interval."""
    import numpy as np  # noqa: PLC0415 - only the arrays need it

    hits = np.asarray(k, dtype=np.float64)
    trials = np.asarray(n, dtype=np.float64)
    z = critical(level)
    usable = (trials > 0) & (hits >= -_SLACK) & (hits <= trials * (1 + _SLACK) + _SLACK)
    size = np.where(usable, trials, 1.0)
    rate = np.clip(np.where(usable, hits, 0.0) / size, 0.0, 1.0)
    shrink = 1 + z * z / size
    centre = (rate + z * z / (2 * size)) / shrink
    half = z / shrink * np.sqrt(rate * (1 - rate) / size + z * z / (4 * size * size))
    low = np.where(rate == 0.0, 0.0, np.maximum(0.0, centre - half))
    high = np.where(rate == 1.0, 1.0, np.minimum(1.0, centre + half))
    return np.where(usable, low, np.nan), np.where(usable, high, np.nan)
