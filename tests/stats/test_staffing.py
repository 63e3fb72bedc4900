"""Erlang C against the published case, Erlang A against a simulation and its limit."""

from __future__ import annotations

import heapq
import math
import random

import numpy as np
import pytest

from csdesk.stats.staffing import Demand, Goal, erlang_a, erlang_c, staff, staff_many

CALLS = Demand(per_hour=200, handle_seconds=180)


def test_published_case() -> None:
    found = staff(CALLS, Goal(20, level=0.8, occupancy=0.85, shrinkage=0.3))
    assert found is not None
    assert (found.agents, found.rostered) == (14, 20)
    assert found.service.wait_chance == pytest.approx(0.17413, abs=5e-6)
    assert found.service.service_level == pytest.approx(0.88835, abs=5e-6)
    assert found.service.occupancy == pytest.approx(0.71429, abs=5e-6)


def test_an_agent_with_three_chats_is_three_positions() -> None:
    found = staff(CALLS, Goal(20), concurrency=3)
    assert found is not None
    assert found.agents == 5
    assert found.service.positions == 15


def test_overload_answers_nobody_in_time() -> None:
    assert erlang_c(CALLS, 10, 20).service_level == 0.0
    assert erlang_c(CALLS, 10, 20).wait_chance == 1.0


def test_nothing_to_do_needs_nobody() -> None:
    found = staff(Demand(0, 180), Goal(20))
    assert found is not None
    assert found.agents == 0


def test_a_goal_out_of_reach() -> None:
    assert staff(CALLS, Goal(20, level=1.1)) is None


def test_endless_patience_is_erlang_c() -> None:
    patient, endless = erlang_a(CALLS, 13, 20, 1e9), erlang_c(CALLS, 13, 20)
    assert patient.wait_chance == pytest.approx(endless.wait_chance, rel=1e-4)
    assert patient.service_level == pytest.approx(endless.service_level, rel=1e-4)
    assert patient.abandoned == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(("positions", "patience"), [(8, 120.0), (10, 60.0), (12, 300.0)])
def test_erlang_a_as_a_simulation(positions: int, patience: float) -> None:
    expected = erlang_a(CALLS, positions, 20, patience)
    waited, in_time, gone = _simulate(positions, patience, 20, 60_000)
    assert waited == pytest.approx(expected.wait_chance, abs=0.02)
    assert in_time == pytest.approx(expected.service_level, abs=0.02)
    assert gone == pytest.approx(expected.abandoned, abs=0.01)


def _simulate(positions: int, patience: float, within: float, number: int) -> tuple[float, float, float]:
    """First come first served with exponential times: (share that waits, answered within, gives up)."""
    dice = random.Random(5)
    free = [0.0] * positions
    now = 0.0
    waited = in_time = gone = 0
    for _ in range(number):
        now += dice.expovariate(CALLS.per_hour / 3600)
        start = max(now, free[0])
        waited += start > now
        if start - now > dice.expovariate(1 / patience):
            gone += 1
            continue
        heapq.heapreplace(free, start + dice.expovariate(1 / CALLS.handle_seconds))
        in_time += start - now <= within
    return waited / number, in_time / number, gone / number


def test_less_patience_less_waiting() -> None:
    shares = [erlang_a(CALLS, 11, 20, seconds).abandoned for seconds in (30, 120, 600)]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("concurrency", [1.0, 2.5, 3.0])
def test_many_hours_at_once_are_each_hour_by_itself(concurrency: float) -> None:
    dice = np.random.default_rng(2)
    per_hour = np.concatenate([[0.0, 0.3, 200.0], dice.uniform(0, 150, 60)])
    now = dice.integers(0, 14, len(per_hour)).astype(float)
    goal = Goal(20, level=0.8, occupancy=0.85)
    found = staff_many(per_hour, 180, goal, concurrency=concurrency, now=now)
    for at, chats in enumerate(per_hour):
        demand = Demand(float(chats), 180)
        alone = staff(demand, goal, concurrency=concurrency)
        assert alone is not None
        assert found.agents[at] == alone.agents
        assert found.service_level[at] == pytest.approx(alone.service.service_level, abs=1e-9)
        there = erlang_c(demand, math.floor(now[at] * concurrency), 20)
        assert found.service_now[at] == pytest.approx(there.service_level, abs=1e-9)


def test_many_hours_of_which_some_are_not_known() -> None:
    found = staff_many([np.nan, 100.0], 180, Goal(20), now=[2.0, np.nan])
    assert np.isnan(found.agents).tolist() == [True, False]
    assert np.isnan(found.service_level[0])
    assert found.service_now[1] == 0.0  # nobody is known to be there


def test_many_hours_out_of_reach() -> None:
    assert np.isnan(staff_many([10.0], 180, Goal(20, level=1.1)).agents).all()


@pytest.mark.parametrize("patience", [None, 20.0, 600.0])
def test_a_guess_changes_nothing_but_the_way(patience: float | None) -> None:
    for chats in (0.0, 3.0, 60.0, 200.0):
        demand = Demand(chats, 180)
        alone = staff(demand, Goal(20), concurrency=2.5, patience_seconds=patience)
        for guess in (0, 2, 5, 9):
            assert staff(demand, Goal(20), concurrency=2.5, patience_seconds=patience, guess=guess) == alone
    assert staff(CALLS, Goal(20, level=1.1), concurrency=100, guess=1) is None
