"""Wilson intervals against published numbers and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from csdesk.stats.intervals import Interval, wilson, wilson_many


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (5, 5, 0.5655, 1.0),
        (9, 10, 0.5958, 0.9821),
        (95, 100, 0.8882, 0.9785),
        (190, 200, 0.9104, 0.9726),
        (0, 5, 0.0, 0.4345),
    ],
)
def test_published_intervals(k: float, n: float, low: float, high: float) -> None:
    interval = wilson(k, n)
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@pytest.mark.parametrize("n", [1, 2, 7, 30, 411])
def test_equals_scipy(n: int) -> None:
    for k in {0, 1, n // 3, n - 1, n}:
        theirs = binomtest(k, n).proportion_ci(method="wilson")
        ours = wilson(k, n)
        assert ours is not None
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_ends_are_exact_at_none_and_all() -> None:
    none, every = wilson(0, 17), wilson(17, 17)
    assert none is not None
    assert every is not None
    assert none.low == 0.0
    assert every.high == 1.0


def test_fractional_counts_lie_between_their_neighbours() -> None:
    below, middle, above = wilson(8, 9), wilson(8.5, 9), wilson(9, 9)
    assert below is not None
    assert middle is not None
    assert above is not None
    assert below.low < middle.low < above.low


@pytest.mark.parametrize(("k", "n"), [(0, 0), (1, 0), (3, -1), (6, 5), (-1, 5)])
def test_no_interval(k: float, n: float) -> None:
    assert wilson(k, n) is None


def test_rounding_of_sums_is_no_excess() -> None:
    assert wilson(3.0000000001, 3) is not None


def test_arrays_equal_scalars() -> None:
    k = np.array([5, 9, 0, 6, 0, 12.5])
    n = np.array([5, 10, 5, 5, 0, 40])
    low, high = wilson_many(k, n)
    for index in range(len(k)):
        one = wilson(float(k[index]), float(n[index]))
        if one is None:
            assert np.isnan(low[index])
            assert np.isnan(high[index])
        else:
            assert Interval(float(low[index]), float(high[index])) == one
