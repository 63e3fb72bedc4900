"""How much more rates vary from day to day than chance; what intervals widened by it hold."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.stats.between_days import common_spread, rate_spread
from csdesk.stats.change import Verdict, newcombe, rate_change

DAYS, SPAN = 104, 30
WEEKDAY = np.arange(DAYS) % 7
LATER = np.arange(DAYS) >= DAYS - SPAN
BEFORE = ~LATER & (np.arange(DAYS) >= DAYS - 2 * SPAN)


def _shops(
    seed: int,
    shops: int,
    rho: float,
    *,
    level: float = 0.93,
    a_day: float = 60,
    later: float = 0.0,
    weekend: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Hits and trials by shop and day: rates of days vary by ``rho``, the last month's level by ``later``."""
    random = np.random.default_rng(seed)
    n = random.poisson(a_day * np.where(WEEKDAY >= 5, 0.7, 1.0) * random.gamma(50, 1 / 50, (shops, DAYS))).astype(float)
    p = random.beta(level * (1 / rho - 1), (1 - level) * (1 / rho - 1), n.shape) if rho else np.full(n.shape, level)
    p = np.clip(p + LATER * later + (WEEKDAY >= 5) * weekend, 0, 1)
    return random.binomial(n.astype(int), p).astype(float), n


@pytest.mark.parametrize(("rho", "a_day"), [(0.0, 60), (0.005, 60), (0.01, 25), (0.03, 60), (0.03, 8)])
def test_widened_intervals_hold_the_truth_in_93_to_97_of_100(rho: float, a_day: float) -> None:
    k, n = _shops(1, 1200, rho, a_day=a_day)
    spread = rate_spread(k, n, WEEKDAY, LATER)
    held = plain = 0
    for one, trials, wide in zip(k, n, spread, strict=True):
        sides = one[LATER].sum(), trials[LATER].sum(), one[BEFORE].sum(), trials[BEFORE].sum()
        change = rate_change(*sides, spread=wide)
        assert change.low is not None
        assert change.high is not None
        held += change.low <= 0 <= change.high
        alone = newcombe(*sides)
        assert alone is not None
        plain += alone.low <= 0 <= alone.high
    assert 0.93 <= held / 1200 <= 0.97
    if rho == 0.03 and a_day == 60:
        assert plain / 1200 < 0.8, "what is guarded against"


def test_a_shop_whose_days_do_not_hang_together_keeps_the_plain_interval() -> None:
    spread = rate_spread(*_shops(2, 500, 0.0), WEEKDAY, LATER)
    assert (spread == 1).mean() >= 0.87
    one = int(np.flatnonzero(spread == 1)[0])
    k, n = (side[one] for side in _shops(2, 500, 0.0))
    sides = k[LATER].sum(), n[LATER].sum(), k[BEFORE].sum(), n[BEFORE].sum()
    change, plain = rate_change(*sides, spread=spread[one]), newcombe(*sides)
    assert plain is not None
    assert (change.low, change.high) == (plain.low, plain.high)


def test_it_is_the_variance_of_sums() -> None:
    spread = rate_spread(*_shops(3, 400, 0.03, level=0.6), WEEKDAY, LATER)
    assert np.median(spread) == pytest.approx(1 + 0.03 * 57, rel=0.15)


def test_a_change_of_level_and_weekdays_are_no_spread() -> None:
    moved = rate_spread(*_shops(4, 300, 0.0, later=-0.2), WEEKDAY, LATER)
    weekends = rate_spread(*_shops(5, 300, 0.0, level=0.8, weekend=-0.25), WEEKDAY, LATER)
    assert (moved == 1).mean() > 0.85
    assert np.median(weekends) < 1.1


def test_days_that_follow_each_other_alike_weigh_more() -> None:
    random = np.random.default_rng(6)
    noise = random.normal(0, 0.06, (200, DAYS))
    n = np.full(noise.shape, 60.0)
    apart = rate_spread(random.binomial(60, np.clip(0.7 + noise, 0, 1)).astype(float), n, WEEKDAY, LATER)
    for day in range(1, DAYS):
        noise[:, day] = 0.7 * noise[:, day - 1] + 0.71 * noise[:, day]
    along = rate_spread(random.binomial(60, np.clip(0.7 + noise, 0, 1)).astype(float), n, WEEKDAY, LATER)
    assert np.median(along) > 1.5 * np.median(apart)


def test_too_few_days_nothing_and_all_good() -> None:
    k, n = _shops(7, 1, 0.2)
    assert rate_spread(k, n, WEEKDAY, LATER)[0] > 3
    few = np.where(np.arange(DAYS) < 20, n, 0)
    assert rate_spread(np.minimum(k, few), few, WEEKDAY, LATER).tolist() == [1]
    for good in (n, np.zeros_like(n)):
        assert rate_spread(good, n, WEEKDAY, LATER).tolist() == [1]
    assert rate_spread(np.zeros_like(n), np.zeros_like(n), WEEKDAY, LATER).tolist() == [1]
    assert common_spread(*np.zeros((2, 1, 0, DAYS)), WEEKDAY, LATER).tolist() == [1]
    assert common_spread(*np.zeros((2, 1, 3, 0)), WEEKDAY[:0], LATER[:0]).tolist() == [1]


def test_many_people_share_one_factor() -> None:
    quiet = np.array([_shops(seed, 6, 0.0, a_day=3) for seed in range(60)])
    hanging = np.array([_shops(seed, 6, 0.05, a_day=12) for seed in range(20)])
    assert np.mean(common_spread(*quiet.swapaxes(0, 1), WEEKDAY, LATER) == 1) >= 0.8
    together = common_spread(*hanging.swapaxes(0, 1), WEEKDAY, LATER)
    assert np.median(together) == pytest.approx(1 + 0.05 * 11, rel=0.15)
    one = common_spread(*hanging[:1].swapaxes(0, 1), WEEKDAY, LATER)
    assert together[0] == pytest.approx(one[0], rel=1e-12)


def test_the_sample_limit_is_about_what_was_counted() -> None:
    change = rate_change(90, 100, 80, 100, spread=10.0)
    assert change.verdict is Verdict.NO_CLEAR_CHANGE
    assert change.difference == pytest.approx(0.1)
    assert rate_change(29, 29, 80, 100, spread=1.0).verdict is Verdict.TOO_FEW
