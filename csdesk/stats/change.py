"""Did a number change? Newcombe's interval for rates, a Poisson interval for counts.

Newcombe 1998, method 10: the interval of p₁ − p₂ from the two Wilson intervals. It is the same as
``statsmodels.stats.proportion.confint_proportions_2indep(method="newcomb")``, which the tests compare
with; importing statsmodels costs three seconds, so the closed form is used while the program runs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from csdesk.stats.intervals import Interval, critical, wilson

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


def rate_change(k1: float, n1: float, k2: float, n2: float, *, small: float = SMALL_SAMPLE) -> Change:
    """Change of a rate from ``k2/n2`` (before) to ``k1/n1`` (now)."""
    if not n1 > 0 or not n2 > 0:
        return NOTHING
    now, before = k1 / n1, k2 / n2
    interval = newcombe(k1, n1, k2, n2)
    low, high = (interval.low, interval.high) if interval else (None, None)
    verdict = Verdict.TOO_FEW if min(n1, n2) < small else _verdict(interval)
    return Change(now - before, low, high, verdict, _relative(now, before))


def count_change(now: float | None, before: float | None, *, small: float = SMALL_SAMPLE) -> Change:
    """Change of a count over two spans of the same length.

    Judged by the square-root transform of Poisson counts, 2(√a − √b) ~ N(0, √2): events that come in
    clumps vary more than that, so the verdict is given for counts of people and sessions only.
    """
    if now is None or before is None:
        return NOTHING
    step = 2 * (math.sqrt(max(now, 0.0)) - math.sqrt(max(before, 0.0)))
    difference = now - before
    if min(now, before) < small:
        verdict = Verdict.TOO_FEW
    elif abs(step) <= critical(0.95) * math.sqrt(2):
        verdict = Verdict.NO_CLEAR_CHANGE
    else:
        verdict = Verdict.UP if step > 0 else Verdict.DOWN
    return Change(difference, None, None, verdict, _relative(now, before))


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
