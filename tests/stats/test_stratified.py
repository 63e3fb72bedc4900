"""The pooled difference of two rates: one stratum is the plain difference; intervals hold what they promise."""

from __future__ import annotations

import math

import numpy as np
import pytest

from csdesk.stats.stratified import pooled_difference


def test_one_stratum_is_the_plain_difference() -> None:
    made = pooled_difference([56], [70], [48], [80])
    assert made is not None
    assert made.difference == pytest.approx(0.2)
    wald = math.sqrt(0.8 * 0.2 / 70 + 0.6 * 0.4 / 80)
    assert (made.high - made.low) / 2 == pytest.approx(1.959964 * wald, rel=0.02)
    assert made.strata == 1


def test_two_strata_by_hand() -> None:
    """Weights n·m / (n + m): 24 and 30; differences 0.2 and 0.1."""
    made = pooled_difference([20, 30, 7], [40, 50, 9], [18, 37.5, 0], [60, 75, 0])
    assert made is not None
    assert made.difference == pytest.approx((24 * 0.2 + 30 * 0.1) / 54)
    assert made.strata == 2


def test_nothing_to_compare() -> None:
    assert pooled_difference([], [], [], []) is None
    assert pooled_difference([3], [5], [0], [0]) is None
    assert pooled_difference([5], [5], [7], [7]) is None


@pytest.mark.parametrize("difference", [0.0, 0.15])
def test_intervals_cover(difference: float) -> None:
    """Twelve strata of few sessions with rates of their own."""
    random = np.random.default_rng(5)
    base = random.uniform(0.2, 0.7, 12)
    n, m = random.integers(5, 60, 12), random.integers(5, 60, 12)
    covered = 0
    for _ in range(2000):
        made = pooled_difference(random.binomial(n, base + difference), n, random.binomial(m, base), m)
        assert made is not None
        covered += made.low <= difference <= made.high
    assert 0.935 <= covered / 2000 <= 0.965


def test_days_that_vary_widen_the_interval() -> None:
    counts = [40.0, 30.0], [50.0, 40.0], [30.0, 25.0], [50.0, 40.0]
    plain, wide = pooled_difference(*counts), pooled_difference(*counts, spread=4.0)
    assert plain is not None
    assert wide is not None
    assert wide.difference == plain.difference
    assert wide.difference - wide.low == pytest.approx(2 * (plain.difference - plain.low))
    assert wide.p > plain.p
