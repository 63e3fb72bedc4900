"""How sure is the mean of ratings on a few levels: an interval that stays on the scale and does not shrink to nothing.

The mean as a share of the scale's length has Wilson's interval with as many trials as would give its variance:
ratings between the ends vary less than those at the ends alone, by the factor d = variance / (m·(1 − m)). One more
rating that varies as much as can be is counted in, so that a few ratings alike are not taken for certain.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from csdesk.stats.intervals import Interval, wilson


def mean_of_levels(counts: Mapping[float, float]) -> float | None:
    """The mean of levels by how often each was given; None without any."""
    n = math.fsum(counts.values())
    return math.fsum(level * count for level, count in counts.items()) / n if n > 0 else None


def levels_interval(
    counts: Mapping[float, float], scale: tuple[float, float], level: float = 0.95, spread: float = 1.0
) -> Interval | None:
    """The interval of :func:`mean_of_levels`; None without ratings.

    ``scale``: the lowest and highest level there is. ``spread``: how many times more the mean varies than by chance.
    """
    n, mean = math.fsum(counts.values()), mean_of_levels(counts)
    if mean is None:
        return None
    low, high = scale
    share = min(max((mean - low) / (high - low), 0.0), 1.0)
    most = share * (1 - share)
    variance = math.fsum(count * ((one - mean) / (high - low)) ** 2 for one, count in counts.items()) / n
    design = (n * min(variance / most, 1.0) + 1) / (n + 1) if most > 0 else 1.0
    trials = n / design / max(spread, 1.0)
    found = wilson(share * trials, trials, level)
    return None if found is None else Interval(low + found.low * (high - low), low + found.high * (high - low))
