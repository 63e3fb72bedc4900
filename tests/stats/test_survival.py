"""Kaplan–Meier and log-rank against a worked example and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from csdesk.stats.survival import kaplan_meier, log_rank

WAITS = [3, 5, 6, 7, 8, 10, 12, 12]
ENDED = [1, 0, 1, 1, 0, 1, 1, 0]


def test_worked_example() -> None:
    curve = kaplan_meier(WAITS, ENDED)
    assert curve.at(2.9) == 1.0
    assert [round(curve.at(time), 5) for time in (3, 6, 7)] == [0.875, 0.72917, 0.58333]
    assert curve.quantile(0.5) == 10
    assert curve.n == 8
    assert list(curve.at_risk) == [8, 6, 5, 3, 2]


@pytest.mark.parametrize("seed", range(6))
def test_as_statsmodels(seed: int) -> None:
    random = np.random.default_rng(seed)
    waits = random.integers(0, 25, 120)
    ended = random.random(120) < 0.6
    theirs = SurvfuncRight(waits, ended)
    curve = kaplan_meier(waits, ended)
    assert curve.times == pytest.approx(theirs.surv_times)
    assert curve.survival == pytest.approx(theirs.surv_prob)
    inside = (curve.survival > 0) & (curve.survival < 1)
    log_s = np.log(curve.survival[inside])
    spread = theirs.surv_prob_se[inside] / (curve.survival[inside] * np.abs(log_s))
    assert curve.low[inside] == pytest.approx(curve.survival[inside] ** np.exp(1.959963984540054 * spread))
    other = random.integers(0, 30, 90)
    also = random.random(90) < 0.7
    groups = np.repeat([0, 1], [120, 90])
    _chi2, p = survdiff(np.concatenate([waits, other]), np.concatenate([ended, also]), groups)
    assert log_rank([(waits, ended), (other, also)]) == pytest.approx(p, rel=1e-8)


def test_three_groups_as_statsmodels() -> None:
    random = np.random.default_rng(9)
    waits = random.exponential([[2.0], [3.0], [2.2]], (3, 60))
    ended = random.random((3, 60)) < 0.8
    _chi2, p = survdiff(waits.ravel(), ended.ravel(), np.repeat([0, 1, 2], 60))
    assert log_rank(list(zip(waits, ended, strict=True))) == pytest.approx(p, rel=1e-8)


def test_nothing_happened() -> None:
    curve = kaplan_meier([4.0, 5.0], [0, 0])
    assert curve.at(100) == 1.0
    assert curve.quantile(0.5) is None
    assert log_rank([([4.0], [0]), ([5.0], [0])]) is None
    empty = kaplan_meier([], [])
    assert (empty.n, empty.at(1)) == (0, 1.0)


def test_all_at_once_leaves_no_interval() -> None:
    curve = kaplan_meier([2, 2, 2], [1, 1, 1])
    assert curve.at(2) == 0.0
    assert np.isnan(curve.low).all()
