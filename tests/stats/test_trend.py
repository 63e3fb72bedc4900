"""Rates along an order, against the libraries."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.stats.trend import spearman, trend_z


def test_two_groups_are_cochran_mantel_haenszel() -> None:
    statsmodels = pytest.importorskip("statsmodels.stats.contingency_tables")
    k, n = np.array([[30.0, 50], [12, 9], [44, 20]]), np.array([[60.0, 70], [40, 20], [50, 30]])
    tables = [np.array([[a[0], b[0] - a[0]], [a[1], b[1] - a[1]]]) for a, b in zip(k, n, strict=True)]
    expected = statsmodels.StratifiedTable(tables).test_null_odds(correction=False).statistic
    found = trend_z(k, n, [0, 1])
    assert found is not None
    assert found**2 == pytest.approx(expected)


def test_trend_has_a_direction_and_needs_something_that_varies() -> None:
    falling = trend_z([[90, 80, 60]], [[100, 100, 100]], [0, 1, 2])
    assert falling is not None
    assert falling < -4
    assert trend_z([[100, 100]], [[100, 100]], [0, 1]) is None
    assert trend_z([[1, 0]], [[1, 0]], [0, 1]) is None


def test_spearman_is_scipys() -> None:
    stats = pytest.importorskip("scipy.stats")
    chance = np.random.default_rng(2)
    x = chance.integers(0, 40, 300)
    y = np.clip((x + chance.integers(-30, 30, 300)) // 10, 0, 4)
    table = np.zeros((40, 5))
    np.add.at(table, (x, y), 1)
    found = spearman(table)
    assert found is not None
    rho, interval = found
    assert rho == pytest.approx(stats.spearmanr(x, y).statistic)
    assert interval.low < rho < interval.high
    assert spearman(np.ones((1, 2))) is None
    assert spearman(np.array([[5.0], [6.0]])) is None
    assert spearman(np.eye(2) * 9) is not None
