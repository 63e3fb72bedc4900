"""Intervals of means of ratings: their level on simulated ratings, their ends, and the awkward cases."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.stats.intervals import wilson
from csdesk.stats.levels import levels_interval, mean_of_levels

STARS = np.arange(1.0, 6.0)


@pytest.mark.parametrize(
    "chances", [(0.02, 0.03, 0.06, 0.15, 0.74), (0.2, 0.2, 0.2, 0.2, 0.2), (0.05, 0.0, 0.0, 0.0, 0.95)]
)
@pytest.mark.parametrize("n", [60, 400])
def test_intervals_hold_their_level(chances: tuple[float, ...], n: int) -> None:
    random = np.random.default_rng(7)
    truth, held = float(STARS @ np.array(chances)), 0
    for counts in random.multinomial(n, chances, size=600):
        interval = levels_interval(dict(zip(STARS.tolist(), counts.tolist(), strict=True)), (1, 5))
        assert interval is not None
        held += interval.low <= truth <= interval.high
    assert 0.925 <= held / 600 <= 0.985


def test_two_levels_are_a_rate() -> None:
    interval, rate = levels_interval({1.0: 10, 5.0: 90}, (1, 5)), wilson(90, 100)
    assert interval is not None
    assert rate is not None
    assert (interval.low, interval.high) == pytest.approx((1 + 4 * rate.low, 1 + 4 * rate.high), abs=1e-12)


def test_a_few_ratings_alike_are_not_certain() -> None:
    assert levels_interval({}, (1, 5)) is None
    assert mean_of_levels({}) is None
    for star in (5.0, 4.0, 1.0):
        one, many = levels_interval({star: 1}, (1, 5)), levels_interval({star: 1000}, (1, 5))
        assert one is not None
        assert many is not None
        assert 1 <= one.low <= star <= one.high <= 5
        assert one.high - one.low > 1
        assert many.high - many.low < 0.1
    wide = levels_interval({5.0: 70, 1.0: 30}, (1, 5), spread=4)
    narrow = levels_interval({5.0: 70, 1.0: 30}, (1, 5))
    assert wide is not None
    assert narrow is not None
    assert (wide.high - wide.low) / (narrow.high - narrow.low) == pytest.approx(2, rel=0.05)
