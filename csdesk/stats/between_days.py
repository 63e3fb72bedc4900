"""How much more a rate varies from day to day than chance alone: what its change over two spans is held against.

Ratings of one day hang together (a parcel service that fails, an agent's bad morning, a buyer who rates twice), so
that a month holds less than its count of ratings says. The factor is Pearson's χ² over its degrees of freedom
(McCullagh & Nelder 1989, 4.5), of sums instead of days, since sums are what is compared; days that follow each other
alike widen it by their autocorrelation. A count divided by it is the count of independent trials that would vary as
much (the design effect of Kish 1965), which any interval of a rate takes.

Where chance alone would show a factor like it in one shop of ten or more, there is none: 1 exactly. So the interval of
a shop whose days do not hang together is the plain one. Factors too small to be seen leave a 95 % interval of at least
93 %.

All arrays are (series, days), NaN-free: 0 trials where there is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.stats.weekdays import weekday_effects

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

FEWEST_DAYS = 21
"""Days with trials that it takes to say how much they vary."""
_SEEN = 1.2816
"""One-sided normal quantile of 90 %."""
_MOST_ALONG = 0.9


@dataclass(frozen=True, slots=True)
class _Days:
    """How far days are off their level, weekdays taken out (``off``), and the variance chance gives them (``own``)."""

    off: Floats
    own: Floats
    fourth: Floats
    """Σ variance of off², by series, if days were independent trials."""
    counts: Bools
    degrees: Floats


def rate_spread(k: Floats, n: Floats, weekday: NDArray[np.int64], later: Bools) -> Floats:
    """Variance of the sum of ``k`` over what independent trials have, by series; 1 where no more is to be seen.

    ``n``: trials, 0 on days that do not count. ``weekday``: 0–6 by day; weekdays are taken out. ``later`` days may have
    another level than those before: that is no spread.
    """
    return common_spread(k[:, None], n[:, None], weekday, later)


def common_spread(k: Floats, n: Floats, weekday: NDArray[np.int64], later: Bools) -> Floats:
    """:func:`rate_spread` of (groups, series, days): one factor a group, each series around its own level."""
    groups, _series, days = k.shape
    if not k.size:
        return np.ones(groups)
    found = _days(k.reshape(-1, days), n.reshape(-1, days), weekday, later)
    return _factor(found, groups)


def _days(k: Floats, n: Floats, weekday: NDArray[np.int64], later: Bools) -> _Days:
    mean = np.zeros(n.shape)
    for part in (later, ~later):
        trials = (n * part).sum(axis=1, keepdims=True)
        mean += np.where(part, (k * part).sum(axis=1, keepdims=True) / np.maximum(trials, 1e-9), 0.0)
    chance = np.clip(mean * (1 - mean), 0.0, None)
    counts = (n > 0) & (chance > 0)
    size = np.where(counts, n, 1.0)
    effects = weekday_effects(
        np.where(counts, k / size - mean, 0.0), np.where(counts, size / np.where(counts, chance, 1.0), 0.0), weekday
    )
    off = np.where(counts, k - n * (mean + effects.effect[:, weekday]), 0.0)
    own = np.where(counts, n * chance, 0.0)
    used = np.maximum(0.0, effects.trust.sum(axis=1) - effects.trust.max(axis=1, initial=0.0))
    levels = (counts & later).any(axis=1).astype(np.int64) + (counts & ~later).any(axis=1)
    degrees = np.maximum(counts.sum(axis=1) - levels - used, 0.0)
    fourth = (2 * own**2 + own * (1 - 6 * chance)).sum(axis=1)
    return _Days(off, own, np.maximum(fourth, 0.0), counts, degrees)


def _factor(found: _Days, groups: int) -> Floats:
    """The factor of each group of series that follow each other."""
    series = len(found.off) // groups if groups else 0
    there = found.counts.reshape(groups, series, found.counts.shape[1])
    fourth, degrees = (one.reshape(groups, series).sum(axis=1) for one in (found.fourth, found.degrees))
    own, squares = (one.reshape(there.shape).sum(axis=(1, 2)) for one in (found.own, found.off**2))
    scale = np.where(own > 0, own, 1.0)
    factor = squares / scale * there.sum(axis=(1, 2)) / np.maximum(degrees, 1.0)
    enough = there.any(axis=1).sum(axis=1) >= FEWEST_DAYS
    seen = enough & (degrees > 0) & (factor > 1 + _SEEN * np.sqrt(fourth) / scale)
    if not seen.any():
        return np.ones(groups)
    along = _along(found, there)
    return np.asarray(np.where(seen, factor * (1 + along) / (1 - along), 1.0))


def _along(found: _Days, there: Bools) -> Floats:
    """Autocorrelation of neighbouring days, by group; 0 where chance alone would show as much."""
    off = (found.off / np.sqrt(np.where(found.counts, found.own, 1.0))).reshape(there.shape)
    both = there[..., 1:] & there[..., :-1]
    pairs = np.maximum(both.sum(axis=(1, 2)), 1)
    together = np.where(both, off[..., 1:] * off[..., :-1], 0.0).sum(axis=(1, 2)) / pairs
    size = (off**2).sum(axis=(1, 2)) / np.maximum(there.sum(axis=(1, 2)), 1)
    along = together / np.where(size > 0, size, 1.0)
    return np.asarray(np.where(along > _SEEN / np.sqrt(pairs), np.clip(along, 0.0, _MOST_ALONG), 0.0))
