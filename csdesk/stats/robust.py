"""How far is too far: a limit for amounts that a few wild values cannot move."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

FEWEST = 30
"""Below so many amounts nothing is called far off."""
_DEVIATIONS = 6.0
_TIMES = 10.0
_TO_SIGMA = 1.4826  # median absolute deviation of a normal distribution → its standard deviation
_MEAN_TO_SIGMA = 1.2533  # the same for the mean absolute deviation
_LEAST_SPREAD = 0.05


def far_above(values: Sequence[float], counts: Sequence[int] | None = None) -> float | None:
    """The limit above which an amount is far off; None where there are too few (positive) amounts to say.

    On the logarithms, as amounts are skewed: median + 6 robust standard deviations, the modified z-score of
    Iglewicz and Hoaglin, *How to Detect and Handle Outliers* (ASQC 1993), whose mean absolute deviation serves where
    more than half of the amounts are equal. Never below 10 times the median. ``counts``: how often each value comes.
    """
    weights = np.ones(len(values), dtype=np.int64) if counts is None else np.asarray(counts, dtype=np.int64)
    amounts = np.asarray(values, dtype=np.float64)
    positive = amounts > 0
    amounts, weights = np.log(amounts[positive]), weights[positive]
    if weights.sum() < FEWEST:
        return None
    middle = _median(amounts, weights)
    apart = np.abs(amounts - middle)
    spread = _TO_SIGMA * _median(apart, weights)
    if spread == 0:
        spread = _MEAN_TO_SIGMA * float(np.average(apart, weights=weights))
    return math.exp(middle + max(_DEVIATIONS * max(spread, _LEAST_SPREAD), math.log(_TIMES)))


def _median(
    values: np.ndarray[tuple[int], np.dtype[np.float64]], weights: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> float:
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    half = below[-1] / 2
    low = int(np.searchsorted(below, half, side="left"))
    high = int(np.searchsorted(below, half, side="right"))
    return float((values[order[low]] + values[order[min(high, len(order) - 1)]]) / 2)
