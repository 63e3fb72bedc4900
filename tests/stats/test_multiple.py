"""Benjamini–Hochberg against a published row of p-values and SciPy; the score test against SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, false_discovery_control, hypergeom

from csdesk.stats.multiple import adjusted, discoveries, rates_p, two_rates_p


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


@pytest.mark.parametrize(
    ("k1", "n1", "k2", "n2"), [(3, 30, 20, 970), (0, 40, 9, 60), (0, 5, 0, 7), (5, 5, 30, 31), (2, 9, 2, 9)]
)
def test_few_counts_exactly(k1: int, n1: int, k2: int, n2: int) -> None:
    chance = hypergeom(n1 + n2, k1 + k2, n1)
    want = min(1.0, 2 * min(chance.cdf(k1), chance.sf(k1 - 1)))
    assert rates_p(k1, n1, k2, n2) == pytest.approx(want, rel=1e-9)


def test_many_counts_by_the_score() -> None:
    assert rates_p(95, 100, 800, 1000) == two_rates_p(95, 100, 800, 1000)
    assert rates_p(5, 0, 1, 2) is None


def test_quiet_slices_find_nothing() -> None:
    """Forty slices of one rare thing, nothing different: something is called a finding in at most 5 % of the rounds."""
    random = np.random.default_rng(11)
    sizes = random.integers(30, 120, 40)
    wrong = 0
    for _ in range(200):
        k = random.binomial(sizes, 0.03)
        p_values = [
            rates_p(int(a), int(n), int(k.sum() - a), int(sizes.sum() - n)) or 1.0
            for a, n in zip(k, sizes, strict=True)
        ]
        wrong += any(discoveries(p_values))
    assert wrong <= 15  # 5 % of 200, and what chance adds to it
