"""Control limits: is a day, or are the last days, out of the ordinary? Each of several numbers against its own past.

What is ordinary is learnt from days before the judged ones: a level, effects of the days of the week
(:mod:`csdesk.stats.weekdays`), and how much days vary more than chance alone would have it (overdispersion ρ of a
beta-binomial, κ of a negative binomial, by the moments of Pearson's χ²; a plain variance of logarithms for means).
Laney's correction does the same with a moving range; the whole variance is taken instead, because it also holds what
slow changes of level do. Limits are predictive: the uncertainty of level and spread is in them.

A day's ``p`` is the larger of two: the exact tail of the distribution and Student's t on the scale where chance has
the same size everywhere (arcsine, logarithm). A drift is judged on the last day by Roberts' EWMA (1959) of
standardised days, whose spread is widened by the days' own autocorrelation.

All arrays are (series, days), oldest day first; days without a value are NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from csdesk.stats.tails import (
    as_normal,
    beta_binomial,
    central,
    low_chi_square,
    negative_binomial,
    normal_two_sided,
    two_sided,
)
from csdesk.stats.weekdays import weekday_effects

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

FEWEST_DAYS = 21
"""Ordinary days needed to say what is ordinary."""
WEIGHT = 0.2
"""λ of the EWMA: a day counts for about the last nine."""
_CLIP = 3.5  # one wild day is no drift
_LOOK_CLOSER = 0.02  # p above which no exact tail is worth working out
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Ordinary:
    """What is ordinary for each series and day.

    ``expected`` in the value's own unit, ``scale`` the standard deviation of a day around it in that unit; ``p`` how
    rare a day is (1 where there is nothing to judge); ``z`` standardised days.
    """

    expected: Floats
    scale: Floats
    p: Floats
    z: Floats
    level_error: Floats
    """Standard error of the level in units of a day's own spread, by series and day."""
    wide: Floats
    """ρ, κ or the variance of a day's logarithm by series and day, with what is not known of them."""
    common: Floats
    """The part of ``wide`` that all days of a series share: what is not known of its level."""
    degrees: Floats
    """Degrees of freedom by series; 0 = too few ordinary days."""


def rates(
    k: Floats, n: Floats, weekday: Ints, ordinary: Bools, judged: Bools, *, allowance: Floats | None = None
) -> Ordinary:
    """``k`` of ``n`` by series and day; ``ordinary`` and ``judged`` are masks over days (or series and days).

    ``allowance`` by day: how far off a day's level may be without being out of the ordinary.
    """
    there = n > 0
    size = np.where(there, n, 1.0)
    hits = np.where(there, k, 0.0)
    base = there & ordinary
    score = np.where(there, np.arcsin(np.sqrt(np.clip((hits + 0.375) / (size + 0.75), 0, 1))), 0.0)
    chance = 0.25 / (size + 0.5)
    rho = np.zeros((len(k), 1))
    for _ in range(2):
        more = 1 + (size - 1) * rho
        angle, variance, level, trust = _levels(score, np.where(base, 1 / (chance * more), 0.0), weekday)
        weight = np.where(base, 1 / more, 0.0)
        for _ in range(2):  # sums of hits, not means of scores, decide the level: exact for small n too
            mean = np.sin(angle) ** 2
            slope = (weight * size * np.sin(2 * angle)).sum(axis=1, keepdims=True)
            total = (weight * (hits - size * mean)).sum(axis=1, keepdims=True)
            part = (weight * size * mean).sum(axis=1, keepdims=True) / np.maximum(
                (weight * size).sum(axis=1, keepdims=True), 1e-12
            )
            angle = np.clip(angle + (total + 0.5 - part) / np.maximum(slope, 1e-3), 1e-3, np.pi / 2 - 1e-3)
        mean = np.sin(angle) ** 2
        squares = np.where(base, (hits - size * mean) ** 2 / (size * mean * (1 - mean)), 0.0)
        degrees = base.sum(axis=1) - 1 - trust
        rho = _overdispersion(squares, np.where(base, size - 1, 0.0), degrees)
    sure = _overdispersion(squares, np.where(base, size - 1, 0.0), low_chi_square(degrees))
    enough = base.sum(axis=1) >= FEWEST_DAYS
    more = 1 + (size - 1) * rho
    spread = np.sqrt(size * mean * (1 - mean) * more)
    z = np.where(there & enough[:, None], (hits - size * mean) / spread, np.nan)
    margin = np.zeros(k.shape[1]) if allowance is None else allowance
    against = np.where(margin > 0, np.clip(hits / size, mean - margin, mean + margin), mean)
    against = np.clip(against, 1e-6, 1 - 1e-6)
    t = (score - np.where(margin > 0, np.arcsin(np.sqrt(against)), angle)) / np.sqrt(chance * more + variance)
    p = _student(t, degrees, there & judged & enough[:, None])
    wide = np.minimum(0.95, sure + 4 * variance)
    for series, day in np.argwhere(p < _LOOK_CLOSER).tolist():
        trials = max(1, round(float(size[series, day])))
        chances = beta_binomial(trials, float(against[series, day]), float(wide[series, day]))
        p[series, day] = max(p[series, day], two_sided(chances, min(trials, round(float(hits[series, day])))))
    return Ordinary(
        mean, spread / size, p, z, np.sqrt(variance / (chance * more)), wide, 4 * level, np.where(enough, degrees, 0)
    )


def counts(x: Floats, weekday: Ints, ordinary: Bools, judged: Bools) -> Ordinary:
    """Counts by series and day, NaN where there is none."""
    there = ~np.isnan(x)
    value = np.where(there, x, 0.0)
    base = there & ordinary
    score = np.sqrt(np.maximum(value, 0) + 0.375)
    kappa = np.zeros((len(x), 1))
    mean = np.broadcast_to(_average(value, base), x.shape)
    for _ in range(3):
        more = 1 + kappa * mean
        root, variance, level, trust = _levels(score, np.where(base, 4 / more, 0.0), weekday)
        mean = np.maximum(root**2 - 0.375, 0.05)
        weight = np.where(base, 1 / more, 0.0)
        total, fitted = ((weight * one).sum(axis=1, keepdims=True) for one in (value, mean))
        mean = mean * np.maximum(total, 0.5) / np.maximum(fitted, 1e-9)
        squares = np.where(base, (value - mean) ** 2 / mean, 0.0)
        degrees = base.sum(axis=1) - 1 - trust
        kappa = _overdispersion(squares, np.where(base, mean, 0.0), degrees)
    sure = _overdispersion(squares, np.where(base, mean, 0.0), low_chi_square(degrees))
    enough = base.sum(axis=1) >= FEWEST_DAYS
    more = 1 + kappa * mean
    spread = np.sqrt(mean * more)
    z = np.where(there & enough[:, None], (value - mean) / spread, np.nan)
    relative = 4 * variance / mean
    t = np.log((value + 0.5) / (mean + 0.5)) / np.sqrt(more / mean + relative)
    p = _student(t, degrees, there & judged & enough[:, None])
    wide = sure + relative
    for series, day in np.argwhere(p < _LOOK_CLOSER).tolist():
        seen = float(value[series, day])
        chances = negative_binomial(float(mean[series, day]), float(wide[series, day]), seen)
        p[series, day] = max(p[series, day], two_sided(chances, min(len(chances) - 1, round(seen))))
    return Ordinary(
        mean,
        spread,
        p,
        z,
        np.sqrt(relative * mean / more),
        wide,
        4 * level / np.maximum(_average(mean, base)[:, 0], 0.05),  # none without an ordinary day
        np.where(enough, degrees, 0),
    )


def means(value: Floats, n: Floats, weekday: Ints, ordinary: Bools, judged: Bools) -> Ordinary:
    """Means of ``n`` durations each, above zero: judged by their logarithms and how these vary between days."""
    there = (n > 0) & (value >= 0)
    base = there & ordinary
    score = np.log(np.where(there, value, 1.0) + 0.5)
    usual = _median_of(n, base)
    thin = np.maximum(1.0, usual[:, None] / np.where(there, n, 1.0))  # few durations: a less certain mean
    spread = np.ones((len(n), 1))
    for _ in range(2):
        middle, variance, level, trust = _levels(score, np.where(base, 1 / (spread * thin), 0.0), weekday)
        degrees = base.sum(axis=1) - 1 - trust
        squares = np.where(base, (score - middle) ** 2 / thin, 0.0).sum(axis=1)
        spread = np.maximum(squares / np.maximum(degrees, 1), 1e-6)[:, None]
    sure = np.maximum(squares / np.maximum(low_chi_square(degrees), 1e-9), 1e-6)[:, None]
    enough = base.sum(axis=1) >= FEWEST_DAYS
    z = np.where(there & enough[:, None], (score - middle) / np.sqrt(spread * thin), np.nan)
    t = (score - middle) / np.sqrt(sure * thin + variance)
    p = _student(t, degrees, there & judged & enough[:, None])
    wide = sure * thin + variance
    expected = np.exp(middle) - 0.5
    scale = np.exp(middle) * np.sqrt(spread * thin)
    return Ordinary(
        expected, scale, p, z, np.sqrt(variance / (spread * thin)), wide, level, np.where(enough, degrees, 0)
    )


class Usual(NamedTuple):
    """Where some days taken together would lie: ``expected``, and from ``low`` to ``high`` 95 % of ordinary ones."""

    expected: float
    low: float
    high: float


def usual_rate(found: Ordinary, series: int, days: Ints, n: Floats) -> Usual:
    """Of the rate of all ``n`` (by day) together; ``days`` are places."""
    chances, trials, expected = _rate_together(found, series, days, n)
    low, high = central(chances)
    return Usual(expected, low / trials, high / trials)


def rate_p(found: Ordinary, series: int, days: Ints, k: Floats, n: Floats) -> float:
    """How rare it is that ``k`` of ``n`` of these days together are as far off as they are; two-sided."""
    chances, trials, _ = _rate_together(found, series, days, n)
    return two_sided(chances, min(trials, round(float(k.sum()))))


def usual_count(found: Ordinary, series: int, days: Ints) -> Usual:
    """Of the mean count of the days."""
    mean, wide = found.expected[series, days], found.wide[series, days]
    total = float(mean.sum())
    shared = (total**2 - float((mean**2).sum())) * float(found.common[series])
    kappa = (float((wide * mean**2).sum()) + shared) / total**2
    low, high = central(negative_binomial(total, kappa, total))
    return Usual(total / len(days), low / len(days), high / len(days))


def usual_mean(found: Ordinary, series: int, days: Ints) -> Usual:
    """Of the mean duration of the days, each counting alike."""
    middle = float(np.log(found.expected[series, days] + 0.5).mean())
    shared = len(days) * (len(days) - 1) * float(found.common[series])
    half = _Z95 * float(np.sqrt(found.wide[series, days].sum() + shared)) / len(days)
    low, expected, high = (max(0.0, float(np.exp(one) - 0.5)) for one in (middle - half, middle, middle + half))
    return Usual(expected, low, high)


def _rate_together(found: Ordinary, series: int, days: Ints, n: Floats) -> tuple[Floats, int, float]:
    """(chances of 0..trials hits, trials, expected rate) of several days: one beta-binomial of the same variance."""
    mean, total = found.expected[series, days], float(n.sum())
    expected = float((n * mean).sum()) / total
    pairs = float((n * np.maximum(n - 1, 0) * found.wide[series, days]).sum())
    pairs += float(total**2 - (n**2).sum()) * float(found.common[series])
    trials = max(1, round(total))
    return beta_binomial(trials, expected, pairs / max(total * (total - 1), 1.0)), trials, expected


@dataclass(frozen=True, slots=True)
class Drift:
    """How far the level of each series has moved by ``last``, its last day with a value.

    ``z`` of the EWMA and its two-sided ``p`` (1 where there is nothing to judge). ``start``: the day from which on the
    days, taken together, lie furthest on that side.
    """

    z: Floats
    p: Floats
    start: Ints
    last: Ints


def drift(found: Ordinary, ordinary: Bools, recent: int) -> Drift:
    """EWMA of the standardised days of each series; the drift is looked for in the last ``recent`` days."""
    z = np.clip(found.z, -_CLIP, _CLIP)
    there = ~np.isnan(z)
    plain = np.where(there, z, 0.0)
    since = np.cumsum(there[:, ::-1], axis=1)[:, ::-1] - 1  # days with a value after this one
    mean = (plain * WEIGHT * (1 - WEIGHT) ** since).sum(axis=1)
    along = _autocorrelation(plain, there & ordinary) * (1 - WEIGHT)
    known = there[:, -recent:]
    error = np.where(known, found.level_error[:, -recent:] ** 2, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    size = np.sqrt(WEIGHT / (2 - WEIGHT) * (1 + along) / (1 - along) + error)
    score = np.where((found.degrees > 0) & known.any(axis=1), mean / size, 0.0)
    gone = np.cumsum(plain[:, ::-1], axis=1)[:, :recent] * np.sign(score)[:, None]
    days = np.maximum(np.cumsum(there[:, ::-1], axis=1)[:, :recent], 1)
    back = np.argmax(gone / np.sqrt(days), axis=1)
    ends = z.shape[1] - 1
    p = normal_two_sided(as_normal(score, found.degrees))
    return Drift(score, p, ends - back, ends - np.argmax(there[:, ::-1], axis=1))


def dispersion(found: Ordinary, ordinary: Bools, later: Bools) -> Floats:
    """Variance over mean of the counts that ``found`` was made of, by series; at least 1, NaN where days are too few.

    For sums over many days: days that hang together count as fewer (their autocorrelation is in it). ``later`` days may
    have another level than those before; that is no dispersion.
    """
    there = ~np.isnan(found.z) & ordinary
    off, mean = np.where(there, found.z * found.scale, 0.0), np.where(there, found.expected, 0.0)
    for part in (~later, later):
        total = (mean * part).sum(axis=1, keepdims=True)
        off = (
            off
            - np.where(total > 0, (off * part).sum(axis=1, keepdims=True) / np.maximum(total, 1e-9), 0.0) * mean * part
        )
    root = np.where(there, off / np.sqrt(np.maximum(found.expected, 1e-9)), 0.0)
    along = _autocorrelation(root, there)
    size = (root**2).sum(axis=1) / np.maximum(found.degrees - 1, 1)
    return np.where(found.degrees > 0, np.maximum(1.0, size * (1 + along) / (1 - along)), np.nan)


def _levels(score: Floats, weight: Floats, weekday: Ints) -> tuple[Floats, Floats, Floats, Floats]:
    """Weighted means and weekdays.

    (level by series and day, its variance, the part of that which all days share, weekday effects in use by series).
    """
    total = weight.sum(axis=1, keepdims=True)
    centre = (weight * score).sum(axis=1, keepdims=True) / np.where(total > 0, total, 1.0)
    effects = weekday_effects(np.where(weight > 0, score - centre, 0.0), weight, weekday)
    common = 1 / np.where(total > 0, total, np.inf)
    used = np.maximum(0.0, effects.trust.sum(axis=1) - effects.trust.max(axis=1, initial=0.0))
    return centre + effects.effect[:, weekday], effects.variance[:, weekday] + common, common[:, 0], used


def _overdispersion(squares: Floats, size: Floats, target: Floats) -> Floats:
    """The ρ ≥ 0 for which Σ squares / (1 + size·ρ) is ``target``, by series (a column), by Newton's method."""
    rho = np.zeros((len(squares), 1))
    for _ in range(20):  # decreasing and convex: from 0 the steps never go too far
        inside = 1 + size * rho
        too_much = (squares / inside).sum(axis=1) - target
        slope = (squares * size / inside**2).sum(axis=1)
        step = np.where((too_much > 1e-6) & (slope > 1e-12), too_much / np.maximum(slope, 1e-12), 0.0)
        if not step.any():
            break
        rho += step[:, None]
    return rho


def _student(t: Floats, degrees: Floats, where: Bools) -> Floats:
    """Two-sided p by series and day, 1 outside ``where``."""
    p = np.ones(t.shape)
    p[where] = normal_two_sided(as_normal(t, np.broadcast_to(degrees[:, None], t.shape))[where])
    return p


def _autocorrelation(z: Floats, where: Bools) -> Floats:
    """Of neighbouring days, by series; 0 where it is not above 0."""
    both = where[:, 1:] & where[:, :-1]
    pairs = np.where(both, z[:, 1:] * z[:, :-1], 0.0).sum(axis=1) / np.maximum(both.sum(axis=1), 1)
    size = np.where(where, z**2, 0.0).sum(axis=1) / np.maximum(where.sum(axis=1), 1)
    return np.asarray(np.clip(pairs / np.where(size > 0, size, 1.0), 0.0, 0.9))


def _average(value: Floats, where: Bools) -> Floats:
    total = np.where(where, value, 0.0).sum(axis=1, keepdims=True)
    return np.asarray(total / np.maximum(where.sum(axis=1, keepdims=True), 1))


def _median_of(n: Floats, where: Bools) -> Floats:
    """Median of the usable entries of each row, 1 where there is none."""
    return np.array([float(np.median(row[mask])) if mask.any() else 1.0 for row, mask in zip(n, where, strict=True)])
