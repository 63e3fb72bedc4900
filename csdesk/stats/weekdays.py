"""What each day of the week is above the common level, shrunk by how much of that is chance.

DerSimonian & Laird's variance between groups, as in a random-effects meta-analysis: a shop whose weekdays do not differ
gets effects of nearly zero, one with quiet weekends nearly their means.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class WeekdayEffects(NamedTuple):
    """By series and weekday (0–6): ``effect`` on the series' own scale, its ``variance``, ``trust`` = 1 − shrinkage."""

    effect: Floats
    variance: Floats
    trust: Floats


def weekday_effects(off: Floats, weight: Floats, weekday: NDArray[np.int64]) -> WeekdayEffects:
    """Effects of each row of ``off`` (series, days): differences from the series' level, 0 where there is none.

    ``weight`` is 1 / variance as chance alone would have it, 0 for days that do not count; where days vary more than
    that, so do their means.
    """
    of_day = np.equal.outer(weekday, np.arange(7)).astype(np.float64)
    weights = weight @ of_day
    known = weights > 0
    means = ((weight * off) @ of_day) / np.where(known, weights, 1.0)
    kinds = known.sum(axis=1)
    within = (weight * (off - means @ of_day.T) ** 2).sum(axis=1) / np.maximum(1, (weight > 0).sum(axis=1) - kinds)
    spread = np.maximum(1.0, within)
    total = weights.sum(axis=1)
    scale = (total - (weights**2).sum(axis=1) / np.where(total > 0, total, 1.0)) / spread
    q = (weights * means**2).sum(axis=1) / spread
    degrees = kinds - 1
    between = np.where((degrees > 0) & (scale > 0), np.maximum(0.0, q - degrees) / np.where(scale > 0, scale, 1.0), 0.0)
    chance = spread[:, None] / np.where(known, weights, np.inf)
    trust = np.where(known, between[:, None] / np.where(known, between[:, None] + chance, 1.0), 0.0)
    return WeekdayEffects(trust * means, between[:, None] * (1 - trust), trust)
