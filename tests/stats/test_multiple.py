"""Benjamini–Hochberg against a published row of p-values and SciPy; the score test against SciPy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, false_discovery_control

from csdesk.stats.multiple import adjusted, discoveries, two_rates_p


def test_published_row() -> None:
    found = discoveries([0.50, 0.01, 0.001, 0.69, 0.02, 0.05, 0.0025])
    assert found == [False, True, True, False, True, False, True]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_as_scipy(values: list[float]) -> None:
    assert adjusted(values) == pytest.approx(list(false_discovery_control(values)), abs=1e-12)


def test_nothing_compared() -> None:
    assert discoveries([]) == []


@pytest.mark.parametrize(("k1", "n1", "k2", "n2"), [(95, 100, 80, 100), (3, 40, 9, 35), (400, 1000, 402, 998)])
def test_two_rates_as_scipy(k1: int, n1: int, k2: int, n2: int) -> None:
    theirs = chi2_contingency([[k1, n1 - k1], [k2, n2 - k2]], correction=False).pvalue
    assert two_rates_p(k1, n1, k2, n2) == pytest.approx(theirs, rel=1e-9)


def test_two_rates_at_the_edges() -> None:
    assert two_rates_p(0, 0, 1, 2) is None
    assert two_rates_p(5, 5, 7, 7) == 1.0
    assert two_rates_p(6, 5, 1, 2) is None
