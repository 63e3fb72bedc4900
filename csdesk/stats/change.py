"""Did a number change? Newcombe's interval for rates, a quasi-Poisson one for counts.

Newcombe 1998, method 10: the interval of p₁ − p₂ from the two Wilson intervals. It is the same as
``statsmodels.stats.proportion.confint_proportions_2indep(method="newcomb")``, which the tests compare
with; importing statsmodels costs three seconds, so the closed form is used while the program runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from csdesk.stats.intervals import Interval, critical, wilson, wilson_many

USUAL_DAY_VARIATION = 0.2
"""Standard deviation of a day's traffic as a share of it, where a shop's own is not known."""
SMALL_SAMPLE = 30
"""Below this many observations nothing is concluded; the owner can change it."""


class Verdict(StrEnum):
    """What can be said about a change."""

    UP = "up"
    DOWN = "down"
    NO_CLEAR_CHANGE = "no_clear_change"
    TOO_FEW = "too_few"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Change:
    """``difference`` = now − before in the value's own unit, with its 95 % interval where there is one.

    ``low``/``high`` are None for numbers without a sample model (durations and money of reports).
    ``relative`` is now / before − 1 where before is above zero.
    """

    difference: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    relative: float | None = None


NOTHING = Change(None, None, None, Verdict.NO_DATA)


def newcombe(k1: float, n1: float, k2: float, n2: float, level: float = 0.95) -> Interval | None:
    """Interval of ``k1/n1 − k2/n2``; None where either side has no Wilson interval."""
    one, two = wilson(k1, n1, level), wilson(k2, n2, level)
    if one is None or two is None:
        return None
    p1, p2 = k1 / n1, k2 / n2
    difference = p1 - p2
    return Interval(
        difference - math.hypot(p1 - one.low, two.high - p2),
        difference + math.hypot(one.high - p1, p2 - two.low),
    )


def rate_changes(
    now: Sequence[tuple[float, float]], before: Sequence[tuple[float, float]], *, small: float = SMALL_SAMPLE,
    spread: float = 1.0,
) -> list[Change]:  # fmt: skip
    """:func:`rate_change` of many pairs of (k, n) at once."""
    if not now:
        return []
    (k1, n1), (k2, n2) = (
        tuple(tuple(one / spread for one in column) for column in zip(*side, strict=True)) for side in (now, before)
    )
    one, two = wilson_many(k1, n1), wilson_many(k2, n2)
    intervals = (side.tolist() for side in (*one, *two))
    return [
        _rate_change(pair, other, tuple(ends), small)
        for pair, other, *ends in zip(now, before, *intervals, strict=True)
    ]


def _rate_change(
    now: tuple[float, float], before: tuple[float, float], ends: tuple[float, ...], small: float
) -> Change:
    """The change of a rate with the ends of both Wilson intervals at hand; NaN where there is none."""
    (k1, n1), (k2, n2) = now, before
    if not n1 > 0 or not n2 > 0:
        return NOTHING
    p1, p2 = k1 / n1, k2 / n2
    low1, high1, low2, high2 = ends
    interval = None
    if not any(map(math.isnan, ends)):
        interval = Interval(
            p1 - p2 - math.hypot(p1 - low1, high2 - p2), p1 - p2 + math.hypot(high1 - p1, p2 - low2)
        )  # fmt: skip
    verdict = Verdict.TOO_FEW if min(n1, n2) < small else _verdict(interval)
    low, high = (interval.low, interval.high) if interval else (None, None)
    return Change(p1 - p2, low, high, verdict, _relative(p1, p2))


def rate_change(
    k1: float, n1: float, k2: float, n2: float, *, small: float = SMALL_SAMPLE, spread: float = 1.0
) -> Change:
    """Change of a rate from ``k2/n2`` (before) to ``k1/n1`` (now).

    ``spread``: variance of the counts over that of independent trials (:mod:`csdesk.stats.between_days`). The interval
    is Newcombe's of as many times fewer trials; the sample limit is about what was counted.
    """
    if not n1 > 0 or not n2 > 0:
        return NOTHING
    one, two = wilson(k1 / spread, n1 / spread), wilson(k2 / spread, n2 / spread)
    ends = tuple(end for side in (one, two) for end in ((side.low, side.high) if side else (math.nan, math.nan)))
    return _rate_change((k1, n1), (k2, n2), ends, small)


def count_change(
    now: float | None,
    before: float | None,
    *,
    small: float = SMALL_SAMPLE,
    dispersion: float = 1.0,
    stretch: float = 1.0,
) -> Change:
    """Change of a count over two spans.

    ``stretch`` is the length of the span now over that of the one before: the difference and its interval are those of
    the sums, the verdict is about what a day brings, for a month of 28 days is not worse than one of 31. Where the
    interval would say another thing than the verdict (the lengths of the months make the difference), it is left out.

    ``dispersion`` is the variance of the counts over their mean: 1 for events that come one by one (Poisson), more
    where busy and quiet days vary (:func:`csdesk.stats.control.dispersion`). The interval of a − b is symmetric,
    ± 1.96·√(dispersion·(a + b)): the two counts together tell the variance of their difference.
    """
    if now is None or before is None:
        return NOTHING
    difference = now - before
    half = critical(0.95) * math.sqrt(max(dispersion, 1.0) * max(now + before, 0.0))
    interval = Interval(difference - half, difference + half)
    moved, wide = now - stretch * before, math.sqrt(max(dispersion, 1.0) * max(now + stretch**2 * before, 0.0))
    alike = Interval(moved - critical(0.95) * wide, moved + critical(0.95) * wide)
    verdict = Verdict.TOO_FEW if min(now, before) < small else _verdict(alike)
    agreed = verdict is Verdict.TOO_FEW or _verdict(interval) is verdict
    low, high = (interval.low, interval.high) if agreed else (None, None)
    return Change(difference, low, high, verdict, _relative(now, before))


def likely_dispersion(a_day: float) -> float:
    """Variance over mean of counts of about ``a_day`` events a day where days cannot be told apart: an assumption."""
    return 1 + USUAL_DAY_VARIATION**2 * max(a_day, 0.0)


def plain_change(now: float | None, before: float | None) -> Change:
    """Change of a number whose spread is not known (durations and money out of reports): no verdict on it."""
    if now is None or before is None:
        return NOTHING
    return Change(now - before, None, None, Verdict.NO_CLEAR_CHANGE, _relative(now, before))


def _verdict(interval: Interval | None) -> Verdict:
    if interval is None:
        return Verdict.NO_DATA
    if interval.low > 0:
        return Verdict.UP
    return Verdict.DOWN if interval.high < 0 else Verdict.NO_CLEAR_CHANGE


def _relative(now: float, before: float) -> float | None:
    return now / before - 1 if before > 0 else None
