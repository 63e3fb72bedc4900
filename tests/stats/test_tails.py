"""Tails against SciPy, and the approximations of t and χ²."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from csdesk.stats.tails import (
    as_normal,
    beta_binomial,
    central,
    low_chi_square,
    negative_binomial,
    normal_two_sided,
    two_sided,
)


@pytest.mark.parametrize(("n", "mean", "rho"), [(40, 0.93, 0.0), (40, 0.93, 0.03), (300, 0.5, 0.2), (1, 0.1, 0.5)])
def test_beta_binomial(n: int, mean: float, rho: float) -> None:
    known = (stats.betabinom(n, mean * (1 / rho - 1), (1 - mean) * (1 / rho - 1)) if rho else stats.binom(n, mean)).pmf(
        np.arange(n + 1)
    )
    assert beta_binomial(n, mean, rho) == pytest.approx(known, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(("mean", "kappa"), [(200.0, 0.0), (200.0, 0.04), (3000.0, 0.3), (0.5, 1.0)])
def test_negative_binomial(mean: float, kappa: float) -> None:
    found = negative_binomial(mean, kappa, mean)
    known = stats.nbinom(1 / kappa, 1 / (1 + kappa * mean)) if kappa else stats.poisson(mean)
    assert found == pytest.approx(known.pmf(np.arange(len(found))), rel=1e-6, abs=1e-12)
    assert len(negative_binomial(mean, kappa, 9 * mean)) > 9 * mean


def test_two_sided_is_twice_the_smaller_tail() -> None:
    chances = beta_binomial(10, 0.5, 0.0)
    assert two_sided(chances, 1) == pytest.approx(22 / 1024)
    assert two_sided(chances, 9) == pytest.approx(22 / 1024)
    assert two_sided(chances, 5) == 1


def test_the_middle_leaves_no_more_than_it_says_outside() -> None:
    chances = beta_binomial(60, 0.9, 0.02)
    low, high = central(chances)
    assert chances[:low].sum() <= 0.025 < chances[: low + 1].sum()
    assert chances[high + 1 :].sum() <= 0.025 < chances[high:].sum()


@pytest.mark.parametrize("degrees", [5.0, 20.0, 80.0])
def test_student_and_chi_square(degrees: float) -> None:
    t = np.array([-4.5, -2.0, 0.0, 1.0, 3.5])
    exact = stats.norm.isf(stats.t(degrees).sf(t))
    assert as_normal(t, np.array(degrees)) == pytest.approx(exact, abs=0.02)
    assert low_chi_square(np.array(degrees)) == pytest.approx(stats.chi2(degrees).ppf(0.2), rel=0.01)
    assert normal_two_sided(t) == pytest.approx(2 * stats.norm.sf(abs(t)))
