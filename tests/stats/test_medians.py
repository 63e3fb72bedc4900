"""Medians of durations: quantiles as NumPy, coverage by simulation, histograms as the values themselves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csdesk.stats.change import Verdict
from csdesk.stats.medians import median_change, median_interval, sort


@settings(deadline=None)
@given(st.lists(st.floats(0, 5000), min_size=1, max_size=60), st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]))
def test_quantiles_as_numpy(values: list[float], share: float) -> None:
    assert sort(values).quantile(share) == pytest.approx(float(np.quantile(values, share)), abs=1e-9)


def test_a_histogram_is_its_values() -> None:
    values, counts = [3.0, 5.0, 8.0, 20.0], [4, 0, 7, 2]
    spread = np.repeat(values, counts)
    one, other = sort(values, counts), sort(spread)
    assert one.n == other.n == 13
    assert one.quantile(0.9) == other.quantile(0.9)
    assert median_interval(one) == median_interval(other)


@pytest.mark.parametrize("n", [8, 25, 60, 500, 4000])
def test_interval_covers_as_it_says(n: int) -> None:
    random = np.random.default_rng(n)
    rounds = 1500 if n <= 500 else 400
    inside = 0
    for _ in range(rounds):
        interval = median_interval(sort(random.exponential(1.0, n)))
        assert interval is not None
        inside += interval.low <= np.log(2) <= interval.high
    assert inside / rounds == pytest.approx(0.95, abs=0.02 if rounds > 1000 else 0.035)


def test_too_few_values_have_no_interval() -> None:
    assert median_interval(sort([1.0, 2.0, 3.0, 4.0, 5.0])) is None
    assert median_interval(sort(np.arange(6.0))) is not None
    assert median_interval(sort([])) is None


def test_difference_covers_as_it_says() -> None:
    random = np.random.default_rng(2)
    inside = wrong = 0
    rounds = 1500
    for _ in range(rounds):
        change = median_change(sort(random.lognormal(3, 1, 80)), sort(random.lognormal(3, 1, 60)))
        assert change.low is not None
        assert change.high is not None
        inside += change.low <= 0 <= change.high
        wrong += change.verdict in (Verdict.UP, Verdict.DOWN)
    assert inside / rounds == pytest.approx(0.95, abs=0.02)
    assert wrong == rounds - inside


def test_verdicts() -> None:
    slow, fast = np.linspace(50, 90, 100), np.linspace(10, 30, 100)
    assert median_change(sort(slow), sort(fast)).verdict is Verdict.UP
    assert median_change(sort(fast), sort(slow)).verdict is Verdict.DOWN
    assert median_change(sort(fast[:9]), sort(slow)).verdict is Verdict.TOO_FEW
    assert median_change(sort([]), sort(slow)).verdict is Verdict.NO_DATA
    same = median_change(sort([7.0] * 50), sort([7.0] * 50))
    assert (same.difference, same.verdict) == (0.0, Verdict.NO_CLEAR_CHANGE)
