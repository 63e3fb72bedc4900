"""Do 95 % intervals hold the truth in 93 to 97 of 100 cases? Shops drawn at random, whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.stats.change import Verdict, count_change, likely_dispersion, newcombe
from csdesk.stats.control import counts, dispersion
from csdesk.stats.intervals import wilson_many
from csdesk.stats.medians import median_change, median_interval, sort

DRAWS = 4000
DAYS = 60
WEEKDAY = np.arange(DAYS) % 7
LATER = np.arange(DAYS) >= DAYS // 2


@pytest.mark.parametrize(("rate", "n"), [(0.95, 200), (0.93, 1800), (0.6, 80), (0.3, 45)])
def test_wilson(rate: float, n: int) -> None:
    k = np.random.default_rng(1).binomial(n, rate, DRAWS)
    low, high = wilson_many(k, np.full(DRAWS, n))
    assert 0.93 <= ((low <= rate) & (rate <= high)).mean() <= 0.97


@pytest.mark.parametrize(
    ("now", "before", "n1", "n2"), [(0.95, 0.95, 200, 180), (0.9, 0.94, 400, 900), (0.5, 0.6, 60, 45)]
)
def test_difference_of_rates(now: float, before: float, n1: int, n2: int) -> None:
    random = np.random.default_rng(2)
    held = 0
    for one, other in zip(random.binomial(n1, now, DRAWS), random.binomial(n2, before, DRAWS), strict=True):
        interval = newcombe(float(one), n1, float(other), n2)
        assert interval is not None
        held += interval.low <= now - before <= interval.high
    assert 0.93 <= held / DRAWS <= 0.97


@pytest.mark.parametrize("size", [30, 81])
def test_medians_of_durations(size: int) -> None:
    random = np.random.default_rng(6)
    held = moved = 0
    for _ in range(500):
        now = sort(random.lognormal(3, 1, size))
        interval = median_interval(now)
        change = median_change(now, sort(random.lognormal(2.7, 1, size + 10)))
        assert interval is not None
        assert change.low is not None
        assert change.high is not None
        held += interval.low <= np.exp(3) <= interval.high
        moved += change.low <= np.exp(3) - np.exp(2.7) <= change.high
    assert 0.925 <= held / 500 <= 0.98  # 500 draws alone make ± 2 points
    assert 0.925 <= moved / 500 <= 0.98


def _traffic(random: np.random.Generator, shops: int, clump: float, change: float, weekday: float = 0.6) -> np.ndarray:
    level = 150 * np.where(WEEKDAY >= 5, weekday, 1.0) * np.where(LATER, 1 + change, 1.0)
    level = level * (random.gamma(1 / clump, clump, (shops, DAYS)) if clump else 1.0)
    return random.poisson(level, (shops, DAYS)).astype(np.float64)


@pytest.mark.parametrize("change", [0.0, 0.15])
@pytest.mark.parametrize("clump", [0.0, 0.02, 0.1])
def test_difference_of_counts_by_the_shops_own_dispersion(clump: float, change: float) -> None:
    x = _traffic(np.random.default_rng(3), 2500, clump, change)
    ordinary = np.ones(x.shape, bool)
    spread = dispersion(counts(x, WEEKDAY, ordinary, ~ordinary), ordinary, LATER)
    level = 150 * np.where(WEEKDAY >= 5, 0.6, 1.0)
    true = level[LATER].sum() * (1 + change) - level[~LATER].sum()
    made = [
        count_change(float(now), float(before), dispersion=float(one))
        for now, before, one in zip(x[:, LATER].sum(axis=1), x[:, ~LATER].sum(axis=1), spread, strict=True)
    ]
    held = np.mean([one.low is not None and one.high is not None and one.low <= true <= one.high for one in made])
    assert 0.93 <= held <= 0.975, "the autocorrelation that chance shows makes them a little wider"


def test_quiet_shops_whose_traffic_clumps_are_not_said_to_change() -> None:
    x = _traffic(np.random.default_rng(4), 1500, 0.08, 0.0, weekday=1.0)
    ordinary = np.ones(x.shape, bool)
    spread = dispersion(counts(x, WEEKDAY, ordinary, ~ordinary), ordinary, LATER)
    sums = x[:, LATER].sum(axis=1), x[:, ~LATER].sum(axis=1)
    moved = {Verdict.UP, Verdict.DOWN}
    own = [count_change(*one[:2], dispersion=one[2]).verdict in moved for one in zip(*sums, spread, strict=True)]
    poisson = [count_change(*one).verdict in moved for one in zip(*sums, strict=True)]
    assert np.mean(own) < 0.05
    assert np.mean(poisson) > 0.3, "what is guarded against"
    likely = [count_change(*one, dispersion=likely_dispersion(150)).verdict in moved for one in zip(*sums, strict=True)]
    assert np.mean(likely) < 0.2


def test_a_change_of_level_is_no_dispersion_and_days_that_hang_together_are() -> None:
    random = np.random.default_rng(5)
    ordinary = np.ones((300, DAYS), bool)

    def spread(x: np.ndarray) -> np.ndarray:
        return dispersion(counts(x, WEEKDAY, ordinary, ~ordinary), ordinary, LATER)

    quiet, risen = spread(_traffic(random, 300, 0.0, 0.0)), spread(_traffic(random, 300, 0.0, 0.5))
    assert np.median(risen) == pytest.approx(np.median(quiet), rel=0.2)
    noise = random.normal(0, 0.1, (300, DAYS))
    apart = spread(random.poisson(150 * np.exp(noise)).astype(np.float64))
    for day in range(1, DAYS):
        noise[:, day] = 0.6 * noise[:, day - 1] + 0.8 * noise[:, day]
    assert np.median(spread(random.poisson(150 * np.exp(noise)).astype(np.float64))) > 1.4 * np.median(apart)


def test_too_few_days_have_no_dispersion_of_their_own() -> None:
    x, there = np.full((1, 20), 50.0), np.ones((1, 20), bool)
    assert np.isnan(dispersion(counts(x, np.arange(20) % 7, there, ~there), there, np.arange(20) > 9)).all()
    assert likely_dispersion(100) == pytest.approx(5)
