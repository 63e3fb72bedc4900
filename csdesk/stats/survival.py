"""When does it happen? Kaplan–Meier curves for waits some of which are not over yet, and the log-rank test.

Kaplan & Meier 1958; pointwise intervals by Greenwood's variance on the log(−log) scale (Kalbfleisch & Prentice), so
that they stay within 0–1. In closed form because importing statsmodels takes seconds; the tests compare with
``statsmodels.duration.survfunc``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from csdesk.stats.intervals import critical

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Curve:
    """Steps of a survival curve at the times of events; arrays of one length, times ascending.

    ``survival`` is the share still waiting just after each time, ``low``/``high`` its 95 % interval (NaN where there is
    none), ``at_risk`` how many still waited just before it, ``events`` how many ended then. ``n`` counts all subjects.
    """

    times: NDArray[np.float64]
    survival: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    n: int

    def at(self, time: float) -> float:
        """Share still waiting after ``time``."""
        place = int(self.times.searchsorted(time, side="right"))
        return float(self.survival[place - 1]) if place else 1.0

    def quantile(self, share: float) -> float | None:
        """First time by which at least ``share`` have ended (0.5 = the median); None where they never have."""
        reached = (self.survival <= 1 - share + 1e-12).nonzero()[0]
        return float(self.times[reached[0]]) if len(reached) else None


def kaplan_meier(waits: ArrayLike, ended: ArrayLike, level: float = 0.95) -> Curve:
    """The curve of ``waits`` (any unit, ≥ 0); ``ended`` is false where the wait went on when last looked at."""
    import numpy as np  # noqa: PLC0415 - only the arrays need it

    wait = np.asarray(waits, dtype=np.float64)
    event = np.asarray(ended, dtype=bool)
    times, place = np.unique(wait, return_inverse=True)
    ends = np.bincount(place, weights=event, minlength=len(times))
    return counted_curve(times, np.bincount(place, minlength=len(times)), ends, level)


def counted_curve(times: ArrayLike, leaving: ArrayLike, ending: ArrayLike, level: float = 0.95) -> Curve:
    """:func:`kaplan_meier` of a histogram: by time (ascending) how many waits were that long and how many ended."""
    import numpy as np  # noqa: PLC0415 - only the arrays need it

    time = np.asarray(times, dtype=np.float64)
    leaves = np.asarray(leaving, dtype=np.int64)
    ends = np.asarray(ending, dtype=np.int64)
    n = int(leaves.sum())
    at_risk = n - (np.cumsum(leaves) - leaves)
    real = ends > 0
    time, ends, at_risk = time[real], ends[real], at_risk[real]
    survival = np.asarray(np.cumprod(1 - ends / at_risk), dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(ends / (at_risk * (at_risk - ends)))
        log_s = np.log(survival)
        half = critical(level) * np.sqrt(greenwood) / np.abs(log_s)
        low, high = survival ** np.exp(half), survival ** np.exp(-half)
    none = (survival <= 0) | (survival >= 1)
    low[none] = high[none] = np.nan
    return Curve(time, survival, low, high, at_risk, ends, n)


def quantiles_by_group(
    waits: NDArray[np.float64], ended: NDArray[np.bool_], group: NDArray[np.int64], height: int, share: float = 0.5
) -> NDArray[np.float64]:
    """:meth:`Curve.quantile` of every group 0..``height`` − 1 at once, NaN where so many never ended.

    The rows must come group by group and, within one, by wait; ``ended`` first among equal waits.
    """
    import numpy as np  # noqa: PLC0415 - only the arrays need it

    found = np.full(height, np.nan)
    if not len(waits):
        return found
    sizes = np.bincount(group, minlength=height)
    start = np.cumsum(sizes) - sizes
    ends = np.flatnonzero(ended)
    of = group[ends]
    at_risk = (start + sizes)[of] - ends
    # One factor an event: within one time they multiply to 1 − events / at risk. The last one's is 0, kept off −∞.
    log_s = np.cumsum(np.log(np.maximum(1 - 1 / at_risk, 1e-12)))
    until = np.concatenate(([0.0], log_s))  # over all events before each place
    log_s -= until[np.searchsorted(ends, start)][of]
    reached = np.flatnonzero(log_s <= math.log(1 - share) + 1e-9)
    first = np.ones(len(reached), dtype=np.bool_)
    first[1:] = of[reached[1:]] != of[reached[:-1]]
    found[of[reached[first]]] = waits[ends[reached[first]]]
    return found


def log_rank(groups: Sequence[tuple[ArrayLike, ArrayLike]]) -> float | None:
    """p of the same curve in all groups of (waits, ended), by the log-rank test; None with no event or one group."""
    import numpy as np  # noqa: PLC0415 - only the arrays need it

    waits = [np.asarray(wait, dtype=np.float64) for wait, _ended in groups]
    ends = [np.asarray(ended, dtype=bool) for _wait, ended in groups]
    if not groups:
        return None
    times, place = np.unique(np.concatenate(waits), return_inverse=True)
    parts = np.split(place, np.cumsum([len(wait) for wait in waits])[:-1])
    leaving = [np.bincount(part, minlength=len(times)) for part in parts]
    ending = [np.bincount(part, end, len(times)) for part, end in zip(parts, ends, strict=True)]
    return counted_log_rank(leaving, ending)


def counted_log_rank(leaving: ArrayLike, ending: ArrayLike) -> float | None:
    """:func:`log_rank` of histograms over the same ascending times: groups down, times across."""
    import numpy as np  # noqa: PLC0415 - only the arrays need it

    leaves = np.asarray(leaving, dtype=np.float64)
    events = np.asarray(ending, dtype=np.float64)
    at_risk = leaves[:, ::-1].cumsum(axis=1)[:, ::-1]
    real = events.sum(axis=0) > 0
    if len(leaves) < 2 or not real.any():
        return None
    events, at_risk = events[:, real], at_risk[:, real]
    total, died = at_risk.sum(axis=0), events.sum(axis=0)
    share = at_risk / total
    surplus = (events - share * died).sum(axis=1)[:-1]
    weight = died * np.where(total > 1, (total - died) / np.maximum(total - 1, 1), 0.0)
    kept = share[:-1]
    spread = np.diag((kept * weight).sum(axis=1)) - (kept * weight) @ kept.T
    chi2 = float(surplus @ np.linalg.pinv(spread) @ surplus)
    degrees = int(np.linalg.matrix_rank(spread))
    return _chi2_tail(chi2, degrees) if degrees and math.isfinite(chi2) else None


def _chi2_tail(chi2: float, degrees: int) -> float:
    """P(χ² > chi2) for whole degrees of freedom, by the recurrence of the incomplete gamma function."""
    half = max(0.0, chi2) / 2
    if half == 0:
        return 1.0
    order = 0.5 if degrees % 2 else 1.0
    tail = math.erfc(math.sqrt(half)) if degrees % 2 else math.exp(-half)
    while order < degrees / 2:
        tail += math.exp(order * math.log(half) - half - math.lgamma(order + 1))
        order += 1
    return tail
