"""Did a duration change? Medians of what was measured, with intervals from order statistics.

Values may come one by one or as a histogram (value, how often); the result is the same. One median: the interval of
Hettmansperger & Sheather 1986, which interpolates between order statistics to hold its level. Two medians: Price &
Bonett 2002, whose standard error of a median is the distance of two order statistics around it. A bootstrap would
take too long for a page.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from csdesk.stats.change import NOTHING, SMALL_SAMPLE, Change, Verdict
from csdesk.stats.intervals import Interval, critical

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Sorted:
    """Distinct values ascending, with how many values are at or below each."""

    values: NDArray[np.float64]
    until: NDArray[np.int64]

    @property
    def n(self) -> int:
        """How many values there are."""
        return int(self.until[-1]) if len(self.until) else 0

    def order(self, place: int) -> float:
        """The ``place``-th smallest value, from 1."""
        return float(self.values[int(np.searchsorted(self.until, place))])

    def quantile(self, share: float) -> float | None:
        """Linear quantile, NumPy's default; None of nothing."""
        if not self.n:
            return None
        spot = share * (self.n - 1)
        below = math.floor(spot)
        low = self.order(below + 1)
        high = self.order(min(below + 2, self.n))
        return low + (high - low) * (spot - below)


def sort(values: ArrayLike, counts: ArrayLike | None = None) -> Sorted:
    """Values, or a histogram of them, made ready; NaN are left out."""
    value = np.asarray(values, dtype=np.float64)
    count = np.ones(len(value), np.int64) if counts is None else np.asarray(counts, dtype=np.int64)
    kept = ~np.isnan(value) & (count > 0)
    distinct, place = np.unique(value[kept], return_inverse=True)
    number = np.bincount(place, weights=count[kept], minlength=len(distinct)).astype(np.int64)
    return Sorted(distinct, np.cumsum(number))


def median_interval(data: Sorted, level: float = 0.95) -> Interval | None:
    """Interval of the median; None where there are too few values for the level (fewer than 6 for 95 %)."""
    n = data.n
    if n < 2:
        return None
    depth = _depth(n, level)
    if depth < 1:
        return None
    outer, inner = _cover(n, depth), _cover(n, depth + 1)
    part = (outer - level) / (outer - inner) if outer > inner else 0.0
    weight = (n - depth) * part / (depth + (n - 2 * depth) * part)
    return Interval(
        (1 - weight) * data.order(depth) + weight * data.order(depth + 1),
        (1 - weight) * data.order(n - depth + 1) + weight * data.order(n - depth),
    )


def median_change(
    now: Sorted, before: Sorted, *, small: float = SMALL_SAMPLE, level: float = 0.95, spread: float = 1.0
) -> Change:
    """Change of the median from ``before`` to ``now``, in the values' unit.

    ``spread``: how many times more the share above the median varies between days than chance
    (:mod:`csdesk.stats.between_days`); that is what the median hangs on.
    """
    first, second = now.quantile(0.5), before.quantile(0.5)
    if first is None or second is None:
        return NOTHING
    difference = first - second
    relative = first / second - 1 if second > 0 else None
    errors = [_standard_error(data) for data in (now, before)]
    if min(now.n, before.n) < small or None in errors:
        return Change(difference, None, None, Verdict.TOO_FEW, relative)
    half = critical(level) * math.sqrt(spread) * math.hypot(*(error or 0.0 for error in errors))
    low, high = difference - half, difference + half
    verdict = Verdict.UP if low > 0 else Verdict.DOWN if high < 0 else Verdict.NO_CLEAR_CHANGE
    return Change(difference, low, high, verdict, relative)


def _standard_error(data: Sorted) -> float | None:
    n = data.n
    place = round((n + 1) / 2 - math.sqrt(n))
    if place < 1:
        return None
    z = critical(_cover(n, place))
    return (data.order(n - place + 1) - data.order(place)) / (2 * z)


def _depth(n: int, level: float) -> int:
    """The largest depth d at which the d-th values from both ends still cover the median often enough; 0: none."""
    if n <= 400:
        depth = 0
        while depth + 1 <= n // 2 and _cover(n, depth + 1) >= level:
            depth += 1
        return depth
    depth = math.floor((n - critical(level) * math.sqrt(n)) / 2)
    while _cover(n, depth) < level:
        depth -= 1
    while _cover(n, depth + 1) >= level:
        depth += 1
    return depth


def _cover(n: int, depth: int) -> float:
    """Chance that the median lies between the ``depth``-th values from both ends."""
    if depth < 1:
        return 1.0
    if n > 3000:  # the normal approximation with its continuity correction is right to five digits here
        return math.erf((n - 2 * depth + 1) / math.sqrt(2 * n))
    return 1 - 2 * float(_below(n)[depth])


@lru_cache(maxsize=64)
def _below(n: int) -> NDArray[np.float64]:
    """Chance that fewer than k of n values lie below the median, for k = 0..n."""
    k = np.arange(1, n + 1)
    ways = np.concatenate(([0.0], np.cumsum(np.log(n - k + 1) - np.log(k))))
    return np.concatenate(([0.0], np.cumsum(np.exp(ways - n * math.log(2)))))
