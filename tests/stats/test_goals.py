"""Good ratings missing, the rolling window, chances and sample sizes against published figures and brute force."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom

from csdesk.stats.goals import (
    all_good_needed,
    bad_allowed,
    chance,
    good_missing,
    ratings_to_see,
    rolling,
    smallest_change,
)
from csdesk.stats.intervals import wilson


def test_published_figures() -> None:
    assert good_missing(172, 12, 0.95) == 56
    assert good_missing(0, 1, 0.9) == 9
    assert round(chance(172, 12, 0.95, 100), 4) == 0.0648
    assert all_good_needed(0.9) == 35
    assert ratings_to_see(0.95, 0.9) == 435


@given(st.integers(0, 300), st.integers(0, 40), st.sampled_from(["0.8", "0.9", "0.95", "0.985"]))
def test_missing_is_the_least_number_that_will_do(good: int, bad: int, target: str) -> None:
    missing = good_missing(good, bad, target)
    assert missing is not None
    p = Fraction(target)

    def reached(more: int) -> bool:
        return good + bad + more > 0 and Fraction(good + more, good + bad + more) >= p

    assert reached(missing)
    assert missing == 0 or not reached(missing - 1)


def test_perfection_is_lost_with_one_bad_rating() -> None:
    assert good_missing(99, 1, 1) is None
    assert good_missing(99, 0, 1) == 0
    assert good_missing(0, 0, 0.95) == 1


@given(st.integers(1, 400), st.integers(0, 20))
def test_bad_ratings_there_is_room_for(good: int, bad: int) -> None:
    room = bad_allowed(good, bad, 0.95)
    if room >= 0:
        assert Fraction(good, good + bad + room) >= Fraction(95, 100)
    assert Fraction(good, good + bad + room + 1) < Fraction(95, 100)


def test_the_window_empties_as_days_go() -> None:
    found = rolling([(100, 40, 2), (110, 9, 0), (110, 0, 1), (60, 99, 0)], today=120, target=0.95)
    assert [(left.day, left.good, left.bad) for left in found] == [(120, 49, 3), (130, 9, 1), (140, 0, 0)]
    assert found[0].missing == good_missing(49, 3, 0.95)
    assert found[1].missing == 10


@pytest.mark.parametrize(("good", "bad", "more"), [(10, 3, 12), (0, 0, 5), (172, 12, 100), (5402, 610, 9000)])
def test_chance_as_scipy(good: int, bad: int, more: int) -> None:
    needed = next(k for k in range(more + 2) if Fraction(good + k, good + bad + more) >= Fraction(9, 10))
    theirs = betabinom(more, good + 0.5, bad + 0.5).sf(needed - 1)
    assert chance(good, bad, 0.9, more) == pytest.approx(theirs, rel=1e-9)


def test_chance_when_it_is_settled() -> None:
    assert chance(100, 0, 0.9, 5) == 1.0
    assert chance(10, 10, 0.95, 3) == 0.0
    assert chance(0, 0, 0.9, 0) == 0.0


def test_all_good_is_what_wilson_says() -> None:
    for bound in (0.8, 0.9, 0.95):
        n = all_good_needed(bound)
        enough, short = wilson(n, n), wilson(n - 1, n - 1)
        assert enough is not None
        assert short is not None
        assert short.low < bound <= enough.low


def test_more_ratings_show_smaller_changes() -> None:
    assert smallest_change(0.95, 435) < smallest_change(0.95, 100)


def test_chances_come_true_as_often_as_they_say() -> None:
    """Shops of many rates, 120 ratings so far and 80 to come: of chances about c a share about c is reached."""
    dice = np.random.default_rng(5)
    rates = dice.beta(0.5, 0.5, 6000) * 0.3 + 0.7  # where targets are set
    good, later = dice.binomial(120, rates), dice.binomial(80, rates)
    said = np.array([chance(int(k), 120 - int(k), "0.9", 80) for k in good])
    reached = (good + later) * 10 >= 9 * 200
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 0.8), (0.8, 1.01)):
        inside = (said >= low) & (said < high)
        assert inside.sum() > 100
        assert abs(said[inside].mean() - reached[inside].mean()) < 0.06
