"""Which day is out of the ordinary? Control charts for rates and counts, and an EWMA for slow drifts.

Points are compared on a scale where chance has the same size everywhere: the arcsine of Anscombe 1948 for rates, his
square root for counts, which stay honest for small n and rates near 0 or 1. Days of the week are taken out by their
own levels, shrunk to the common one as far as they differ by chance (DerSimonian & Laird's variance between groups).
Laney's correction (2002) widens the limits by the spread between neighbouring days, σ_z = mean moving range / 1.128,
when days vary more than chance alone would have them; limits are never narrower than chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

SIGMAS = 3.0
_D2 = 1.128  # mean range of two normal values, in standard deviations
_LEAST_POINTS = 8  # with fewer days there is nothing ordinary to compare with


@dataclass(frozen=True, slots=True)
class ControlChart:
    """One entry a day, in the value's own unit; NaN where a day has no value or there are too few days to judge by.

    ``z`` is the distance from ``expected`` in units of the ordinary spread between days (Laney's σ_z is in it): beyond
    ±3 a day is out of the ordinary.
    """

    value: Floats
    expected: Floats
    low: Floats
    high: Floats
    z: Floats
    sigma: float
    """Laney's σ_z: 1 = days vary as chance alone would have it."""

    def signals(self, sigmas: float = SIGMAS) -> NDArray[np.bool_]:
        """Days out of the ordinary."""
        return np.abs(self.z) > sigmas


def rate_chart(
    k: ArrayLike, n: ArrayLike, *, weekday: ArrayLike | None = None, ordinary: ArrayLike | None = None
) -> ControlChart:
    """p′-chart of ``k / n`` by day, oldest first.

    ``weekday`` (0–6) takes the day of the week out; ``ordinary`` marks the days that say what is ordinary (no
    promotion, final numbers), all by default.
    """
    hits, trials = np.asarray(k, dtype=np.float64), np.asarray(n, dtype=np.float64)
    there = trials > 0
    size = np.where(there, trials, 1.0)
    score = np.where(there, np.arcsin(np.sqrt(np.clip((hits + 0.375) / (size + 0.75), 0, 1))), np.nan)
    error = 0.5 / np.sqrt(size + 0.5)
    level, expected_score, sigma = _levels(score, error, weekday, ordinary)
    wide = SIGMAS * sigma * np.hypot(error, level)
    return ControlChart(
        np.where(there, hits / size, np.nan),
        np.sin(expected_score) ** 2,
        np.sin(np.clip(expected_score - wide, 0, np.pi / 2)) ** 2,
        np.sin(np.clip(expected_score + wide, 0, np.pi / 2)) ** 2,
        (score - expected_score) / (sigma * np.hypot(error, level)),
        sigma,
    )


def count_chart(
    counts: ArrayLike, *, weekday: ArrayLike | None = None, ordinary: ArrayLike | None = None
) -> ControlChart:
    """u′-chart of counts by day; NaN where a day has none to judge. See :func:`rate_chart`."""
    count = np.asarray(counts, dtype=np.float64)
    score = np.sqrt(count + 0.375)
    error = np.full(len(count), 0.5)
    level, expected_score, sigma = _levels(score, error, weekday, ordinary)
    wide = SIGMAS * sigma * np.hypot(error, level)
    return ControlChart(
        count,
        np.maximum(expected_score**2 - 0.375, 0),
        np.maximum(np.maximum(expected_score - wide, 0) ** 2 - 0.375, 0),
        np.maximum((expected_score + wide) ** 2 - 0.375, 0),
        (score - expected_score) / (sigma * np.hypot(error, level)),
        sigma,
    )


def drift(chart: ControlChart, weight: float = 0.2) -> Floats:
    """EWMA of the days' z, in units of its own spread: beyond ±3 the level has moved; empty days count for nothing.

    Roberts 1959: e = λ·z + (1 − λ)·e, whose variance after m days is λ / (2 − λ) · (1 − (1 − λ)^2m).
    """
    found = np.full(len(chart.z), np.nan)
    mean, days = 0.0, 0
    for place, z in enumerate(chart.z):
        if np.isnan(z):
            continue
        mean, days = weight * float(np.clip(z, -4, 4)) + (1 - weight) * mean, days + 1
        found[place] = mean / np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * days)))
    return found


def _levels(
    score: Floats, error: Floats, weekday: ArrayLike | None, ordinary: ArrayLike | None
) -> tuple[Floats, Floats, float]:
    """(standard error of the level, level, Laney's σ_z) for every day; all NaN where too few days are ordinary."""
    usable = ~np.isnan(score) & (np.ones(len(score), bool) if ordinary is None else np.asarray(ordinary, dtype=bool))
    if usable.sum() < _LEAST_POINTS:
        nothing = np.full(len(score), np.nan)
        return nothing, nothing, float("nan")
    weight = 1 / error**2
    centre = float(np.average(score[usable], weights=weight[usable]))
    level = np.full(len(score), centre)
    if weekday is not None:
        level += _by_weekday(score - centre, weight, np.asarray(weekday), usable)
    z = ((score - level) / error)[usable]
    sigma = max(1.0, float(np.abs(np.diff(z)).mean() / _D2))
    return np.full(len(score), 1 / np.sqrt(weight[usable].sum())), level, sigma


def _by_weekday(off: Floats, weight: Floats, weekday: NDArray[np.int64], usable: NDArray[np.bool_]) -> Floats:
    """What each day of the week is above the common level, shrunk by how much of that is chance."""
    days = weekday[usable]
    weights = np.bincount(days, weights=weight[usable], minlength=7)
    known = weights > 0
    means = np.bincount(days, weights=(weight * off)[usable], minlength=7) / np.where(known, weights, 1)
    degrees = int(known.sum()) - 1
    if degrees < 1:
        return np.zeros(len(off))
    within = (weight * (off - means[weekday]) ** 2)[usable].sum() / max(1, len(days) - degrees - 1)
    spread = max(1.0, float(within))  # days may vary more than chance alone; then so do their means
    q = float((weights * means**2)[known].sum()) / spread
    scale = float(weights[known].sum() - (weights[known] ** 2).sum() / weights[known].sum()) / spread
    between = max(0.0, (q - degrees) / scale) if scale > 0 else 0.0
    trust = between / (between + spread / np.where(known, weights, np.inf))
    return np.asarray((trust * means)[weekday], dtype=np.float64)
