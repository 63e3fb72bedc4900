"""Intervals of a balance against a calculation of their own, and how often they hold what they promise."""

from __future__ import annotations

import math
import random

import pytest

from csdesk.stats.change import Verdict
from csdesk.stats.intervals import Interval
from csdesk.stats.promoters import balance_interval, interval_change, moved


def likely_balance_score(up: int, down: int, n: int, balance: float) -> float:
    """The score statistic with the likeliest share of the second kind searched for, not solved for."""
    between = n - up - down

    def likelihood(share: float) -> float:
        parts = ((up, share + balance), (down, share), (between, 1 - 2 * share - balance))
        return sum(count * math.log(max(part, 1e-300)) for count, part in parts if count)

    low, high = max(0.0, -balance), (1 - balance) / 2
    for _ in range(200):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (a, high) if likelihood(a) < likelihood(b) else (low, b)
    share = (low + high) / 2
    return (up - down - n * balance) / math.sqrt(n * (2 * share + balance * (1 - balance)))


@pytest.mark.parametrize(("up", "down", "n"), [(60, 25, 120), (9, 3, 14), (2, 40, 55), (30, 30, 80), (1, 0, 12)])
def test_ends_are_where_the_score_is_196(up: int, down: int, n: int) -> None:
    found = balance_interval(up, down, n)
    assert found is not None
    assert found.low < (up - down) / n < found.high
    assert likely_balance_score(up, down, n, found.low) == pytest.approx(1.959964, abs=1e-4)
    assert likely_balance_score(up, down, n, found.high) == pytest.approx(-1.959964, abs=1e-4)


def test_mirror_and_edges() -> None:
    one, other = balance_interval(30, 12, 70), balance_interval(12, 30, 70)
    assert one is not None
    assert other is not None
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
    assert balance_interval(0, 0, 0) is None
    assert balance_interval(5, 6, 10) is None
    everybody = balance_interval(8, 0, 8)
    assert everybody is not None
    assert everybody.high == 1
    assert 0 < everybody.low < 1
    nobody = balance_interval(0, 0, 40)
    assert nobody is not None
    assert nobody.low == pytest.approx(-nobody.high)
    single = balance_interval(0, 1, 1)
    assert single is not None
    assert single.low == -1
    assert single.high < 1


@pytest.mark.parametrize("shares", [(0.55, 0.2), (0.9, 0.03), (0.2, 0.5)])
def test_holds_the_truth_in_95_of_100(shares: tuple[float, float]) -> None:
    chance, held, times = random.Random(11), 0, 1500
    for _ in range(times):
        draws = [chance.random() for _ in range(60)]
        up = sum(draw < shares[0] for draw in draws)
        down = sum(draw > 1 - shares[1] for draw in draws)
        found = balance_interval(up, down, 60)
        held += found is not None and found.low <= shares[0] - shares[1] <= found.high
    assert 0.93 <= held / times <= 0.97


def test_change_between_two_spans() -> None:
    now, before = balance_interval(120, 30, 200), balance_interval(80, 70, 200)
    assert now is not None
    assert before is not None
    change = interval_change(0.45, now, 0.05, before, enough=True)
    assert change.verdict is Verdict.UP
    assert change.low is not None
    assert change.high is not None
    assert change.low < 0.4 < change.high
    assert interval_change(0.45, now, 0.05, before, enough=False).verdict is Verdict.TOO_FEW
    assert moved(0.5, Interval(0.5, 0.5), 0.2, Interval(0.2, 0.2)) == Interval(0.3, 0.3)


def test_days_that_vary_widen_a_change_around_its_difference() -> None:
    sides = 4.6, Interval(4.5, 4.7), 4.4, Interval(4.3, 4.5)
    plain, wide = interval_change(*sides, enough=True), interval_change(*sides, enough=True, spread=4.0)
    assert (plain.verdict, wide.verdict) == (Verdict.UP, Verdict.NO_CLEAR_CHANGE)
    assert plain.low is not None
    assert wide.low is not None
    assert plain.difference is not None
    assert plain.difference - wide.low == pytest.approx(2 * (plain.difference - plain.low))
