"""Control charts: quiet when nothing happens, loud when something does; weekdays, promotions, small days."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.stats.control import count_chart, drift, rate_chart

DAYS = 120
WEEKDAY = np.arange(DAYS) % 7


def _shop(seed: int, *, rate: float = 0.93, size: float = 60.0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    n = random.poisson(size, DAYS)
    return random.binomial(n, rate), n


@pytest.mark.parametrize(("rate", "size"), [(0.93, 60.0), (0.5, 40.0), (0.985, 25.0), (0.05, 30.0)])
def test_quiet_where_nothing_happens(rate: float, size: float) -> None:
    alarms = [rate_chart(*_shop(seed, rate=rate, size=size), weekday=WEEKDAY).signals().mean() for seed in range(120)]
    assert np.mean(alarms) < 0.005


def test_counts_that_clump_are_ordinary_by_laney() -> None:
    random = np.random.default_rng(3)
    share, sigmas = [], []
    for _ in range(120):
        chart = count_chart(random.poisson(200 * random.gamma(25, 1 / 25, DAYS)), weekday=WEEKDAY)
        share.append(chart.signals().mean())
        sigmas.append(chart.sigma)
    assert np.mean(share) < 0.006
    assert np.mean(sigmas) == pytest.approx(np.sqrt(1 + 200 / 25), rel=0.1)


def test_a_bad_day_stands_out() -> None:
    k, n = _shop(3)
    k[90] = round(n[90] * 0.6)
    chart = rate_chart(k, n, weekday=WEEKDAY)
    assert chart.signals()[90]
    assert chart.value[90] < chart.low[90]
    assert chart.signals().sum() == 1


def test_slow_weekends_are_ordinary() -> None:
    random = np.random.default_rng(4)
    level = np.where(WEEKDAY >= 5, 90, 300)
    counts = random.poisson(level)
    plain, weekly = count_chart(counts), count_chart(counts, weekday=WEEKDAY)
    assert weekly.sigma < 1.4 < plain.sigma
    assert not weekly.signals().any()
    assert weekly.expected[WEEKDAY >= 5] == pytest.approx(90, rel=0.1)
    counts[117] = 150  # a Saturday far too busy, though quieter than any weekday
    assert count_chart(counts, weekday=WEEKDAY).signals()[117]


def test_promotions_do_not_say_what_is_ordinary() -> None:
    random = np.random.default_rng(5)
    counts = random.poisson(200, DAYS)
    promotion = np.zeros(DAYS, bool)
    promotion[60:70] = True
    counts[60:70] *= 5
    chart = count_chart(counts, ordinary=~promotion)
    assert chart.expected[0] == pytest.approx(200, rel=0.05)
    assert chart.signals()[60:70].all()


def test_a_drift_shows_before_any_single_day_does() -> None:
    random = np.random.default_rng(6)
    n = np.full(DAYS, 80)
    ordinary = np.arange(DAYS) < 100
    k = random.binomial(n, np.where(ordinary, 0.9, 0.84))
    chart = rate_chart(k, n, ordinary=ordinary)
    assert abs(drift(chart)[-1]) > 3
    assert np.abs(drift(chart)[30:100]).max() < 3.5


def test_days_without_ratings_and_too_few_days() -> None:
    chart = rate_chart([0, 9, 9], [0, 10, 10])
    assert np.isnan(chart.value[0])
    assert np.isnan(chart.z).all()
    assert not chart.signals().any()
    assert np.isnan(drift(chart)).all()
    k, n = _shop(8)
    n[10], k[10] = 0, 0
    assert np.isnan(rate_chart(k, n).z[10])
    assert not np.isnan(rate_chart(k, n).z[11])


def test_all_good_ratings_raise_nothing() -> None:
    n = np.full(40, 12)
    assert not rate_chart(n, n).signals().any()
