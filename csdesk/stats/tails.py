"""Tails of counts that vary more than chance: beta-binomial and negative binomial, in closed form with NumPy alone.

Terms follow from one another by their ratios (Johnson, Kemp & Kotz, Univariate Discrete Distributions, 2005), so no
gamma function is needed and no SciPy, whose import would cost a page's first answer. The tests compare with
``scipy.stats.betabinom`` and ``nbinom``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_LEAST_SPREAD = 1e-9
_MOST_TERMS = 200_000


def beta_binomial(n: int, mean: float, rho: float) -> Floats:
    """P(K = 0..n) of ``n`` ratings whose rate varies around ``mean``: variance n·m·(1 − m)·(1 + (n − 1)·rho)."""
    k = np.arange(n)
    if rho < _LEAST_SPREAD:
        steps = np.log((n - k) / (k + 1)) + math.log(mean / (1 - mean))
    else:
        a, b = mean * (1 / rho - 1), (1 - mean) * (1 / rho - 1)
        steps = np.log((n - k) / (k + 1)) + np.log((a + k) / (b + n - k - 1))
    return _normed(steps)


def negative_binomial(mean: float, kappa: float, at_least: float) -> Floats:
    """P(X = 0..m) of counts with variance mean + kappa·mean², m well beyond the bulk and beyond ``at_least``."""
    far = mean + 14 * math.sqrt(mean + kappa * mean**2) + 40 * kappa * mean + 30
    x = np.arange(min(int(max(far, at_least * 1.3 + 10)), _MOST_TERMS))
    if kappa < _LEAST_SPREAD:
        return _normed(math.log(mean) - np.log(x + 1))
    size = 1 / kappa
    return _normed(np.log((x + size) / (x + 1)) + math.log(mean / (size + mean)))


def two_sided(chances: Floats, value: int) -> float:
    """Twice the smaller tail from ``value`` on, at most 1: how rare a value as far off as this is."""
    below = float(chances[: value + 1].sum())
    above = float(chances[value:].sum())
    return min(1.0, 2 * min(below, above))


def central(chances: Floats, level: float = 0.95) -> tuple[int, int]:
    """The values that leave at most (1 − level) / 2 outside on either side."""
    below = np.cumsum(chances)
    tail = (1 - level) / 2
    return int(np.searchsorted(below, tail, side="right")), int(np.searchsorted(below, 1 - tail, side="left"))


def normal_two_sided(z: Floats) -> Floats:
    """2·P(Z > |z|)."""
    return np.array([math.erfc(abs(one) / math.sqrt(2)) for one in np.ravel(z).tolist()]).reshape(np.shape(z))


def as_normal(t: Floats, degrees: Floats) -> Floats:
    """Student's t on the normal scale, Wallace 1959: right to 0.02 from 3 degrees of freedom on."""
    degrees = np.maximum(degrees, 1.0)
    size = np.sqrt(degrees * np.log1p(t**2 / degrees)) * (8 * degrees + 1) / (8 * degrees + 3)
    return np.asarray(np.copysign(size, t))


def low_chi_square(degrees: Floats, z: float = -0.8416) -> Floats:
    """χ² quantile by Wilson & Hilferty 1931, at the normal quantile ``z`` (20 % by default)."""
    degrees = np.maximum(degrees, 1.0)
    part = 2 / (9 * degrees)
    return np.asarray(degrees * np.maximum(0.0, 1 - part + z * np.sqrt(part)) ** 3)


def _normed(steps: Floats) -> Floats:
    """Chances from the logarithms of the ratios of neighbours."""
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    chances = np.exp(logs - logs.max())
    return np.asarray(chances / chances.sum())
