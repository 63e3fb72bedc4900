"""Intervals of a balance: the share of one kind of answers less the share of another, out of the same sample.

The net promoter score is one. Tango 1998: the score interval of a difference of two shares of one multinomial (there
of paired proportions, which is the same). Not symmetric, stays within −1..1, and holds its level also for few answers
and for balances near the ends, where the usual ± 1.96·s/√n does not.
"""

from __future__ import annotations

import math

from csdesk.stats.change import Change, Verdict
from csdesk.stats.intervals import Interval, critical

_STEPS = 60


def balance_interval(up: float, down: float, n: float, level: float = 0.95) -> Interval | None:
    """Interval of (up − down) / n; None without answers and for counts that are no parts of them."""
    if not n > 0 or up < 0 or down < 0 or up + down > n * (1 + 1e-9):
        return None
    z, balance = critical(level), (up - down) / n
    return Interval(
        -1.0 if down >= n else _end(up, down, n, z, (-1.0, balance)),
        1.0 if up >= n else _end(up, down, n, -z, (balance, 1.0)),
    )


def moved(now: float, interval: Interval, before: float, earlier: Interval) -> Interval:
    """Interval of ``now − before`` out of those of both: MOVER, Zou & Donner 2008 (Newcombe's is the one of rates)."""
    difference = now - before
    return Interval(
        difference - math.hypot(now - interval.low, earlier.high - before),
        difference + math.hypot(interval.high - now, before - earlier.low),
    )


def interval_change(
    now: float, interval: Interval, before: float, earlier: Interval, *, enough: bool, spread: float = 1.0
) -> Change:
    """Change of a number that has an interval on both sides; not judged where there is not ``enough``.

    ``spread``: how many times more its days vary than chance (:mod:`csdesk.stats.between_days`).
    """
    alone, difference = moved(now, interval, before, earlier), now - before
    found = alone
    if spread > 1:
        found = Interval(*(difference + (end - difference) * math.sqrt(spread) for end in (alone.low, alone.high)))
    verdict = Verdict.UP if found.low > 0 else Verdict.DOWN if found.high < 0 else Verdict.NO_CLEAR_CHANGE
    relative = now / before - 1 if before > 0 else None
    return Change(now - before, found.low, found.high, verdict if enough else Verdict.TOO_FEW, relative)


def _end(up: float, down: float, n: float, z: float, between: tuple[float, float]) -> float:
    """Where the score statistic, which falls as the assumed balance rises, is ``z``."""
    low, high = between
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _score(up, down, n, middle) > z:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _score(up: float, down: float, n: float, balance: float) -> float:
    """How far the balance found is from an assumed one, in standard errors under that."""
    b = -up - down + (2 * n - up + down) * balance
    c = -down * balance * (1 - balance)
    likely = (math.sqrt(max(b * b - 8 * n * c, 0.0)) - b) / (4 * n)
    spread = n * (2 * likely + balance * (1 - balance))
    distance = up - down - n * balance
    if spread <= 0:
        return math.copysign(math.inf, distance) if distance else 0.0
    return distance / math.sqrt(spread)
