"""The forecast against the library, its score against sums by hand, its bands and its judgement on simulated shops."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from csdesk.stats.forecast import LEAST_DAYS, Backtest, Origin, backtest, last_week, project

Floats = NDArray[np.float64]
WEEKLY = np.array([1, 0.9, 0.95, 1.0, 1.1, 1.3, 1.2])


def shop(days: int, level: float, seed: int, *, season: bool = True, drift: float = 0.0) -> Floats:
    """Counts of a day, Poisson about a level with a weekly rhythm; ``drift``: daily steps of the level's logarithm."""
    dice = np.random.default_rng(seed)
    rhythm = np.resize(WEEKLY, days) if season else np.ones(days)
    walk = np.exp(np.cumsum(dice.normal(0, drift, days))) if drift else 1.0
    return dice.poisson(level * rhythm * walk).astype(np.float64)


def test_middle_and_spread_are_the_librarys() -> None:
    values = shop(90, 60, 1)
    found = project(values, 21)
    assert found is not None
    scaled = np.sqrt(values + 0.375)
    fit = ETSModel(pd.Series(scaled), error="add", seasonal="add", seasonal_periods=7).fit(disp=False)
    assert found.middle == pytest.approx(fit.forecast(21).to_numpy())
    # var of h days ahead = σ² (1 + Σ c_j²), c_j = α + γ [7 | j]; σ² = SSE / (n − 9), and 7σ²/n for the season itself
    alpha, gamma = fit.params.iloc[0], fit.params.iloc[1]
    steps = np.array([alpha + gamma * (j % 7 == 0) for j in range(1, 21)])
    growth = 1 + np.concatenate([[0.0], np.cumsum(steps**2)])
    common = float((fit.resid**2).sum()) / (90 - 9)
    assert found.spread == pytest.approx(np.sqrt(common * (growth + 7 / 90)), rel=1e-6)


def test_back_from_the_scale() -> None:
    found = project(shop(90, 60, 1), 3)
    assert found is not None
    assert found.median == pytest.approx(found.middle**2 - 0.375)
    assert (found.mean > found.median).all()
    low, high = found.band(0.95)
    narrow_low, narrow_high = found.band(0.8)
    assert (low < narrow_low).all()
    assert (narrow_high < high).all()
    assert high == pytest.approx((found.middle + 1.959964 * found.spread) ** 2 - 0.375, rel=1e-6)


def test_small_shops_never_go_below_nothing() -> None:
    found = project(shop(70, 0.5, 4), 14)
    assert found is not None
    low, high = found.band(0.95)
    assert low.min() == 0.0
    assert (high > found.median).all()


def test_too_little_to_fit() -> None:
    assert project(shop(LEAST_DAYS - 1, 60, 1), 7) is None
    assert project([], 7) is None
    assert project(np.full(200, np.nan), 7) is None
    holes = shop(90, 60, 1)
    holes[6 : 7 * 11 : 7] = np.nan  # but two of one weekday are unknown
    assert project(holes, 7) is None


def test_nothing_every_day_is_nothing_tomorrow() -> None:
    found = project(np.zeros(90), 7)
    assert found is not None
    assert found.median == pytest.approx(np.zeros(7))
    assert found.band(0.95)[1] == pytest.approx(np.zeros(7))


def test_the_same_week_over_and_over() -> None:
    week = np.array([10, 12, 11, 9, 14, 30, 25.0])
    found = project(np.resize(week, 93), 9)
    assert found is not None
    assert found.median == pytest.approx(np.resize(week[[2, 3, 4, 5, 6, 0, 1]], 9))
    judged = backtest(np.resize(week, 120))
    assert judged is not None
    assert not judged.better  # last week said it all


def test_unknown_days_change_little_and_are_no_zeros() -> None:
    values = shop(140, 80, 2)
    whole, holes = project(values, 14), values.copy()
    holes[[20, 21, 22, 60, 99, 100, 137, 138, 139]] = np.nan
    found = project(holes, 14)
    assert whole is not None
    assert found is not None
    assert np.abs(found.median - whole.median).max() < 8
    assert np.abs(found.spread / whole.spread - 1).max() < 0.25


def test_days_before_the_first_known_one_do_not_count() -> None:
    values = shop(100, 80, 2)
    late = np.concatenate([np.full(35, np.nan), values])
    found, whole = project(late, 7), project(values, 7)
    assert found is not None
    assert whole is not None
    assert found.median == pytest.approx(whole.median)


def test_last_week() -> None:
    values = np.arange(21.0)
    assert last_week(values, 9).tolist() == [14, 15, 16, 17, 18, 19, 20, 14, 15]
    values[[14, 7]] = np.nan
    assert last_week(values, 3).tolist() == [0, 15, 16]
    assert np.isnan(last_week([1.0, 2.0], 7)).tolist() == [True] * 5 + [False] * 2


def test_the_score_by_hand() -> None:
    values = shop(100, 40, 3)
    values[[50, 90]] = np.nan
    found = backtest(values, horizon=14, step=7, most=3 + 1)
    assert found is not None
    assert [one.known for one in found.origins] == [65, 72, 79, 86]
    errors, naive, inside = [], [], []
    for known in (65, 72, 79, 86):
        past = values[:known]
        ahead = project(past, 14)
        assert ahead is not None
        low, high = ahead.band(0.8)
        for step in range(14):
            true = values[known + step]
            if np.isnan(true):
                continue
            same = known + step - 7
            while same >= known or np.isnan(values[same]):
                same -= 7
            errors.append(abs(true - ahead.median[step]))
            naive.append(abs(true - values[same]))
            inside.append(low[step] <= true <= high[step])
    assert len(errors) == sum(one.scored for one in found.origins) == 4 * 14 - 2
    assert found.error == pytest.approx(np.mean(errors))
    assert found.naive_error == pytest.approx(np.mean(naive))
    assert found.mase == pytest.approx(np.mean(errors) / np.mean(naive))
    assert found.within[0.8] == pytest.approx(np.mean(inside))


def test_no_past_to_be_judged_on() -> None:
    assert backtest(shop(LEAST_DAYS + 14 + 20, 60, 1)) is None  # three origins
    assert backtest(shop(LEAST_DAYS + 14 + 21, 60, 1)) is not None


def test_better_means_less_wrong_than_last_week() -> None:
    def judged(error: float, naive: float) -> bool:
        return Backtest((Origin(70, 14, error, naive),), 14, error, naive, {}).better

    assert judged(3, 4)
    assert not judged(4, 4)
    assert not judged(0, 0)


@pytest.mark.parametrize("season", [True, False], ids=["weekly rhythm", "no rhythm"])
def test_a_steady_shop_is_foreseen_better_than_by_last_week(season: bool) -> None:
    for seed in range(3):
        found = backtest(shop(130, 50, seed, season=season), most=6)
        assert found is not None
        assert found.better
        assert found.mase < 0.95  # last week errs by two days' chance, the level by hardly more than one's


def test_where_last_week_is_all_that_can_be_known() -> None:
    """Every weekday wanders by itself: nothing is better than its last value, and the model does not shine."""
    dice = np.random.default_rng(8)
    found = []
    for _ in range(6):
        wander = 400 + np.cumsum(dice.normal(0, 40, (20, 7)), axis=0)
        one = backtest(np.maximum(wander, 0).round().ravel(), most=6)
        assert one is not None
        found.append(one)
    assert np.mean([one.mase for one in found]) > 0.9
    assert not all(one.better for one in found)


@pytest.mark.parametrize(("level", "drift"), [(60, 0.0), (5, 0.0), (80, 0.03)], ids=["steady", "small", "drifting"])
def test_bands_hold_what_they_promise(level: float, drift: float) -> None:
    within = {0.8: [], 0.95: []}  # type: dict[float, list[float]]
    for seed in range(30):
        values = shop(98, level, seed, drift=drift)
        found = project(values[:84], 14)
        assert found is not None
        for share, shares in within.items():
            low, high = found.band(share)
            shares.append(float(((low <= values[84:]) & (values[84:] <= high)).mean()))
    # 420 days that hang together within a shop: about 30–100 independent ones
    assert 0.72 < np.mean(within[0.8]) < 0.88
    assert 0.91 < np.mean(within[0.95]) < 0.98


def test_bands_that_missed_the_past_are_widened_until_they_would_have_held_it() -> None:
    growing = np.floor(10 * 10 ** (np.arange(140) / 139))  # without any scatter that could warn
    found = backtest(growing, most=6)
    assert found is not None
    assert found.within[0.95] < 0.8
    assert found.widening > 1.5
    held = total = 0
    for one in found.origins:
        ahead = project(growing[: one.known], 14)
        assert ahead is not None
        low, high = ahead.widened(found.widening).band(0.95)
        true = growing[one.known : one.known + 14]
        held, total = held + int(((low <= true) & (true <= high)).sum()), total + 14
    assert 0.93 <= held / total <= 0.97


def test_bands_that_held_the_past_stay() -> None:
    for seed in range(3):
        found = backtest(shop(130, 50, seed), most=6)
        assert found is not None
        assert found.widening == 1
