"""Control limits: quiet when nothing happens, loud when something does; weekdays, promotions, small days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from csdesk.stats.control import Ordinary, counts, drift, means, rate_p, rates, usual_count, usual_mean, usual_rate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DAYS, RECENT, SHOPS = 104, 14, 1500
WEEKDAY = np.arange(DAYS) % 7
LATELY = np.arange(DAYS) >= DAYS - RECENT
PAST = ~LATELY
ALL = np.ones(DAYS, bool)


def _sizes(random: np.random.Generator, size: float, shops: int = SHOPS) -> Floats:
    return random.poisson(size * np.where(WEEKDAY >= 5, 0.6, 1.0), (shops, DAYS)).astype(np.float64)


def _hits(random: np.random.Generator, n: Floats, rate: float, rho: float) -> Floats:
    """Ratings of a quiet shop: a rate that varies from day to day and is a little lower at weekends."""
    day = np.broadcast_to(np.where(WEEKDAY >= 5, rate - 0.02, rate), n.shape)
    if rho:
        day = random.beta(day * (1 / rho - 1), (1 - day) * (1 / rho - 1))
    return random.binomial(n.astype(int), day).astype(np.float64)


def _false_alarms(found: Ordinary, n: Floats) -> tuple[float, float]:
    """Share of shops with a day at p below .05 / 14, and with a drift at p below .01."""
    p = np.where(n[:, LATELY] >= 30, found.p[:, LATELY], 1.0)
    moved = drift(found, PAST, RECENT)
    return float((p.min(axis=1) < 0.05 / RECENT).mean()), float((moved.p < 0.01).mean())


@pytest.mark.parametrize(
    ("rate", "size", "rho"), [(0.93, 60, 0.0), (0.98, 45, 0.01), (0.5, 300, 0.02), (0.93, 80, 0.03), (0.9, 1000, 0.01)]
)
def test_rates_of_quiet_shops(rate: float, size: float, rho: float) -> None:
    random = np.random.default_rng(11)
    n = _sizes(random, size)
    days, drifts = _false_alarms(rates(_hits(random, n, rate, rho), n, WEEKDAY, PAST, LATELY), n)
    assert days < 0.05
    assert drifts < 0.02


@pytest.mark.parametrize(("size", "gamma", "log"), [(200, 0.0, 0.0), (200, 0.04, 0.0), (1000, 0.0, 0.25)])
def test_counts_of_quiet_shops(size: float, gamma: float, log: float) -> None:
    random = np.random.default_rng(12)
    level = size * np.where(WEEKDAY >= 5, 0.5, 1.0) * np.exp(log * random.standard_normal((SHOPS, DAYS)) - log**2 / 2)
    if gamma:
        level = level * random.gamma(1 / gamma, gamma, level.shape)
    x = random.poisson(level).astype(np.float64)
    days, drifts = _false_alarms(counts(x, WEEKDAY, PAST, LATELY), x)
    assert days < 0.05
    assert drifts < 0.02


def test_durations_of_quiet_shops() -> None:
    random = np.random.default_rng(13)
    n = _sizes(random, 60, shops=400)
    sums = np.array([np.exp(random.normal(3, 1, int(one))).sum() for one in n.ravel()]).reshape(n.shape)
    days, drifts = _false_alarms(means(sums / n, n, WEEKDAY, PAST, LATELY), n)
    assert days < 0.06
    assert drifts < 0.03


def test_days_that_hang_together_are_no_drift() -> None:
    random = np.random.default_rng(14)
    noise = random.normal(0, 0.15, (SHOPS, DAYS))
    for day in range(1, DAYS):
        noise[:, day] += 0.5 * noise[:, day - 1]
    x = random.poisson(300 * np.exp(noise)).astype(np.float64)
    assert _false_alarms(counts(x, WEEKDAY, PAST, LATELY), x)[1] < 0.03


def test_a_bad_day_stands_out_and_the_other_days_do_not() -> None:
    random = np.random.default_rng(3)
    n = _sizes(random, 60, shops=1)
    k = _hits(random, n, 0.93, 0.0)
    k[0, 98] = round(n[0, 98] * 0.6)
    found = rates(k, n, WEEKDAY, PAST, LATELY)
    assert found.p[0, 98] < 1e-5
    assert np.delete(found.p[0, LATELY], 98 - 90).min() > 0.01
    usual = usual_rate(found, 0, np.array([98]), n[0, [98]])
    assert k[0, 98] / n[0, 98] < usual.low < usual.expected < usual.high <= 1
    assert usual.expected == pytest.approx(0.93, abs=0.03)


def test_ten_points_less_at_sixty_ratings_a_day_is_a_drift_within_five_days() -> None:
    random = np.random.default_rng(4)
    found_by = []
    for days in (4, 5, 7):
        n = random.poisson(60, (800, DAYS)).astype(np.float64)
        k = random.binomial(n.astype(int), np.where(np.arange(DAYS) >= DAYS - days, 0.83, 0.93)).astype(np.float64)
        moved = drift(rates(k, n, WEEKDAY, PAST, LATELY), PAST, RECENT)
        found_by.append((moved.p < 0.0025).mean())
        if days == 7:
            started = DAYS - moved.start[moved.p < 0.0025]
            assert np.median(started) == pytest.approx(days, abs=1)
    assert found_by[0] > 0.6
    assert found_by[1] > 0.8
    assert found_by[2] > 0.95


def test_slow_weekends_are_ordinary_but_not_a_busy_saturday() -> None:
    random = np.random.default_rng(5)
    x = random.poisson(np.where(WEEKDAY >= 5, 90, 300), (1, DAYS)).astype(np.float64)
    assert counts(x, WEEKDAY, PAST, LATELY).p[:, LATELY].min() > 0.01
    x[0, 103 - 103 % 7 - 1] = 150  # the last Sunday: far too busy, though quieter than any weekday
    found = counts(x, WEEKDAY, PAST, LATELY)
    assert found.p[0, 103 - 103 % 7 - 1] < 1e-4
    low, high = usual_count(found, 0, np.array([103 - 103 % 7 - 1]))[1:]
    assert low < 90 < high < 150


def test_promotions_do_not_say_what_is_ordinary() -> None:
    random = np.random.default_rng(6)
    x = random.poisson(200, (1, DAYS)).astype(np.float64)
    promotion = (np.arange(DAYS) >= 40) & (np.arange(DAYS) < 50)
    x[0, promotion] *= 5
    found = counts(x, WEEKDAY, PAST & ~promotion, ALL)
    assert found.expected[0, 45] == pytest.approx(200, rel=0.05)
    assert found.p[0, promotion].max() < 1e-6


def test_a_slow_day_of_responses() -> None:
    random = np.random.default_rng(7)
    n = np.full((1, DAYS), 80.0)
    value = 20 * np.exp(random.normal(0, 0.1, (1, DAYS)))
    value[0, 100] = 45
    found = means(value, n, WEEKDAY, PAST, LATELY)
    assert found.p[0, 100] < 1e-4
    usual = usual_mean(found, 0, np.array([100]))
    assert 14 < usual.low < 20 < usual.high < 28
    n[0, 100] = 2  # two conversations say much less
    assert means(value, n, WEEKDAY, PAST, LATELY).p[0, 100] > 0.01


def test_several_days_together_are_known_more_exactly_than_one() -> None:
    random = np.random.default_rng(8)
    n = np.full((1, DAYS), 50.0)
    found = rates(_hits(random, n, 0.9, 0.0), n, WEEKDAY, PAST, LATELY)
    week = np.arange(95, 102)
    one, all_ = usual_rate(found, 0, week[:1], n[0, week[:1]]), usual_rate(found, 0, week, n[0, week])
    assert all_.high - all_.low < 0.55 * (one.high - one.low)
    bad = np.full(7, 38.0)
    assert rate_p(found, 0, week, bad, n[0, week]) < 1e-6 < rate_p(found, 0, week[:1], bad[:1], n[0, week[:1]])


def test_too_few_days_and_days_without_ratings() -> None:
    n = np.full((1, 30), 40.0)
    past = np.arange(30) < 20
    found = rates(n * 0.9, n, np.arange(30) % 7, past, ~past)
    assert found.degrees[0] == 0
    assert np.isnan(found.z).all()
    assert (found.p == 1).all()
    assert drift(found, past, 10).p[0] == 1
    n = np.full((1, DAYS), 40.0)
    n[0, 95] = 0
    found = rates(n * 0.9, n, WEEKDAY, PAST, LATELY)
    assert np.isnan(found.z[0, 95])
    assert found.p[0, 95] == 1


def test_a_series_without_an_ordinary_day_is_not_judged() -> None:
    x = np.full((2, DAYS), 30.0)
    x[1, :80] = np.nan
    found = counts(x, WEEKDAY, PAST & (np.arange(DAYS) < 70), LATELY)
    assert (found.p[1] == 1).all()
    assert np.isfinite(found.common).all()


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_all_good_or_none(share: float) -> None:
    n = np.full((1, DAYS), 40.0)
    k = n * share
    assert rates(k, n, WEEKDAY, PAST, LATELY).p.min() > 0.05
    k[0, 100] = 39 if share else 1
    assert rates(k, n, WEEKDAY, PAST, LATELY).p.min() > 0.01
    nothing = np.zeros((1, DAYS))
    assert counts(nothing, WEEKDAY, PAST, LATELY).p.min() > 0.05


def test_days_with_a_level_of_their_own_may_be_off_by_an_allowance() -> None:
    random = np.random.default_rng(9)
    n = np.full((1, DAYS), 200.0)
    k = random.binomial(200, 0.93, (1, DAYS)).astype(np.float64)
    allowance = np.where(np.arange(DAYS) >= 100, 0.05, 0.0)
    k[0, 99:104] = 176, 178, 196, 150, 186
    strict = rates(k, n, WEEKDAY, PAST, LATELY).p[0]
    lenient = rates(k, n, WEEKDAY, PAST, LATELY, allowance=allowance).p[0]
    assert lenient[90:100] == pytest.approx(strict[90:100])
    assert lenient[[100, 101, 103]].min() > 0.9
    assert strict[102] < lenient[102] < 1e-3
