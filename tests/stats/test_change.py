"""Verdicts on changes against published numbers and statsmodels."""

from __future__ import annotations

import warnings

import pytest

from csdesk.stats.change import Verdict, count_change, newcombe, plain_change, rate_change, rate_changes


def test_published_newcombe() -> None:
    interval = newcombe(56, 70, 48, 80)
    assert interval is not None
    assert (round(interval.low, 4), round(interval.high, 4)) == (0.0524, 0.3339)


def test_92_against_96_of_100_is_no_clear_change() -> None:
    change = rate_change(92, 100, 96, 100)
    assert change.difference == pytest.approx(-0.04)
    assert change.low == pytest.approx(-0.114, abs=0.0005)
    assert change.high == pytest.approx(0.030, abs=0.0005)
    assert change.verdict is Verdict.NO_CLEAR_CHANGE


def test_equals_statsmodels() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415
    for k1, n1, k2, n2 in [(56, 70, 48, 80), (1, 30, 9, 31), (500, 1000, 480, 1000), (29, 30, 30, 30)]:
        low, high = confint_proportions_2indep(k1, n1, k2, n2, method="newcomb", compare="diff")
        ours = newcombe(k1, n1, k2, n2)
        assert ours is not None
        assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        ((190, 200), (150, 200), Verdict.UP),
        ((150, 200), (190, 200), Verdict.DOWN),
        ((29, 29), (10, 100), Verdict.TOO_FEW),
        ((90, 100), (1, 29), Verdict.TOO_FEW),
        ((0, 0), (10, 100), Verdict.NO_DATA),
        ((10, 100), (0, 0), Verdict.NO_DATA),
        ((120, 100), (50, 100), Verdict.NO_DATA),
    ],
)
def test_verdicts(now: tuple[float, float], before: tuple[float, float], verdict: Verdict) -> None:
    assert rate_change(*now, *before).verdict is verdict


def test_counts() -> None:
    assert count_change(1000, 800).verdict is Verdict.UP
    assert count_change(800, 1000).verdict is Verdict.DOWN
    assert count_change(1000, 990).verdict is Verdict.NO_CLEAR_CHANGE
    assert count_change(12, 900).verdict is Verdict.TOO_FEW
    assert count_change(None, 3).verdict is Verdict.NO_DATA
    assert count_change(1200, 1000).relative == pytest.approx(0.2)


def test_numbers_without_spread_get_no_direction() -> None:
    change = plain_change(80.0, 40.0)
    assert change.verdict is Verdict.NO_CLEAR_CHANGE
    assert (change.difference, change.relative) == (40.0, 1.0)
    assert plain_change(80.0, 0.0).relative is None


def test_many_changes_at_once_are_the_single_ones() -> None:
    now = [(56.0, 70.0), (5.0, 5.0), (0.0, 40.0), (3.0, 0.0), (9.5, 9.0), (100.0, 200.0)]
    before = [(48.0, 80.0), (3.0, 4.0), (40.0, 40.0), (3.0, 4.0), (3.0, 40.0), (0.0, 200.0)]
    assert rate_changes([], []) == []
    for found, one, other in zip(rate_changes(now, before), now, before, strict=True):
        single = rate_change(*one, *other)
        assert found.verdict is single.verdict
        assert (found.low is None) == (single.low is None)
        if single.low is not None:
            assert (found.difference, found.low, found.high) == pytest.approx(
                (single.difference, single.low, single.high), abs=1e-12
            )


def test_counts_of_spans_of_different_length_are_judged_by_the_day() -> None:
    shorter = count_change(2800, 3100, stretch=28 / 31)
    assert shorter.difference == -300
    assert shorter.verdict is Verdict.NO_CLEAR_CHANGE
    assert count_change(2800, 3100).verdict is Verdict.DOWN
    assert count_change(2800, 2800, stretch=28 / 31).verdict is Verdict.UP


def test_the_interval_of_a_count_never_contradicts_its_verdict() -> None:
    assert (count_change(2800, 3100, stretch=28 / 31).low, count_change(2800, 2800, stretch=28 / 31).high) == (
        None,
    ) * 2
    for now in range(2000, 4000, 37):
        made = count_change(now, 3100, stretch=28 / 31)
        if made.low is not None and made.high is not None:
            assert (made.low <= 0 <= made.high) == (made.verdict is Verdict.NO_CLEAR_CHANGE)
    assert count_change(4000, 3100, stretch=28 / 31).low is not None
