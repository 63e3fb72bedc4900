"""The engine against a second calculation that shares no code with it: sets of days, every combination tried.

Facts are drawn at random: daily, weekly and fortnightly reports of two sources for agents and the shop, with
parts missing and 延迟统计, and session rows over some of the days.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csdesk.metrics.model import By, MetricStatus
from tests.metrics.world import DELAYED, World

SPANS = [(day, day) for day in range(14)] + [(0, 6), (7, 13), (0, 13)]
AGENTS = (10, 11)
PRIORITY = ("chitu", "sycm")


@dataclass(frozen=True)
class Cell:
    """A drawn report: satisfied and received ratings, a response time and people, each perhaps missing."""

    source: str
    agent: int
    span: tuple[int, int]
    satisfied: int | None
    ratings: int | str | None
    response: float | None
    received: int | None

    @property
    def days(self) -> set[int]:
        return set(range(self.span[0], self.span[1] + 1))


@dataclass(frozen=True)
class SessionDay:
    """A drawn day of an agent's sessions."""

    agent: int
    day: int
    count: int
    good: int
    bad: int


maybe = st.none() | st.integers(0, 40)
cells = st.builds(
    Cell,
    source=st.sampled_from(PRIORITY),
    agent=st.sampled_from((0, *AGENTS)),
    span=st.sampled_from(SPANS),
    satisfied=maybe,
    ratings=maybe | st.just(DELAYED),
    response=st.none() | st.integers(1, 200).map(float),
    received=maybe,
)
drawn = st.lists(cells, max_size=24, unique_by=lambda cell: (cell.source, cell.agent, cell.span))
session_days = st.lists(
    st.builds(
        SessionDay, st.sampled_from(AGENTS), st.integers(0, 13), st.integers(0, 9), st.integers(0, 5), st.integers(0, 5)
    ),
    max_size=6, unique_by=lambda one: (one.agent, one.day),
)  # fmt: skip


def parts_of(cell: Cell, metric: str) -> tuple[float, float] | None:
    """Numerator and denominator by the catalogue's words; None where one is missing."""
    if metric == "received":
        return None if cell.received is None else (cell.received, 1)
    if metric == "satisfaction_rate":
        if cell.satisfied is None or cell.ratings is None or cell.ratings == DELAYED:
            return None
        return (cell.satisfied, float(cell.ratings)) if cell.satisfied <= float(cell.ratings) else None
    if cell.response is None or cell.received is None:
        return None
    return cell.response * cell.received, cell.received


def best(reports: list[Cell], window: set[int], free: set[int]) -> list[Cell]:
    """Of one source: every combination tried; most days, then most reports."""
    fitting = [cell for cell in reports if cell.days <= window and cell.days <= free]
    found: list[Cell] = []
    score = (0, 0)
    for size in range(1, len(fitting) + 1):
        for chosen in combinations(fitting, size):
            days = [day for cell in chosen for day in cell.days]
            if len(days) == len(set(days)) and (len(days), size) > score:
                found, score = list(chosen), (len(days), size)
    return found


def chosen_of(reports: list[Cell], window: set[int], free: set[int]) -> list[Cell]:
    """Of all sources: the one with most days first, the other on the days left."""
    found: list[Cell] = []
    left = list(PRIORITY)
    while left:
        options = [(best([cell for cell in reports if cell.source == source], window, free), source) for source in left]
        picked, source = max(options, key=lambda option: sum(len(cell.days) for cell in option[0]))
        left.remove(source)
        found += picked
        free = free - {day for cell in picked for day in cell.days}
    return found


def expected(
    metric: str,
    reports: Iterable[Cell],
    sessions: list[SessionDay],
    window: set[int],
    agents: tuple[int, ...],
    *,
    total: bool,
) -> tuple[float, float] | None:
    """(numerator, denominator) of a group, None if nothing counts. Sessions carry no response times here."""
    usable = [cell for cell in reports if parts_of(cell, metric) is not None]
    sums: list[tuple[float, float]] = []
    by_sessions: dict[int, set[int]] = {agent: set() for agent in agents}
    if metric != "avg_response_mean":
        for one in sessions:
            if one.agent in agents and one.day in window:
                by_sessions[one.agent].add(one.day)
                sums.append((one.count, 1) if metric == "received" else (one.good, one.good + one.bad))
    shop: list[Cell] = []
    if total:
        taken = set().union(*by_sessions.values())
        shop = chosen_of([cell for cell in usable if cell.agent == 0], window, window - taken)
    shop_days = {day for cell in shop for day in cell.days}
    counted = list(shop)
    for agent in agents:
        mine = [cell for cell in usable if cell.agent == agent]
        counted += chosen_of(mine, window, window - by_sessions[agent] - shop_days)
    sums += [parts for cell in counted if (parts := parts_of(cell, metric)) is not None]
    if not sums:
        return None
    return sum(top for top, _ in sums), sum(bottom for _, bottom in sums)


def world_of(reports: list[Cell], sessions: list[SessionDay]) -> World:
    world = World()
    for cell in reports:
        world.report(
            cell.source, cell.agent, *cell.span, rated_5=cell.satisfied, rated_4=None if cell.satisfied is None else 0,
            ratings_received=cell.ratings, avg_response=cell.response, received=cell.received,
        )  # fmt: skip
    for one in sessions:
        columns = frozenset({"agent", "started_at", "rating"})
        world.cover(one.agent, one.day, columns=columns)
        if one.count:
            world.sessions(one.agent, one.day, n=one.count, rating_5=one.good, rating_1=one.bad)
        elif one.good or one.bad:
            world.sessions(one.agent, one.day, rating_5=one.good, rating_1=one.bad)
    return world


def check(
    found: tuple[float | None, float | None, float | None], wanted: tuple[float, float] | None, metric: str
) -> None:
    value, top, bottom = found
    if wanted is None:
        assert value is None
    elif metric == "received":
        assert value == wanted[0]
    else:
        assert top == pytest.approx(wanted[0])
        assert bottom == pytest.approx(wanted[1])
        assert value == (pytest.approx(wanted[0] / wanted[1]) if wanted[1] else None)


@pytest.mark.parametrize("metric", ["received", "satisfaction_rate", "avg_response_mean"])
@settings(max_examples=120, deadline=None)
@given(reports=drawn, sessions=session_days)
def test_whole_agents_and_time(metric: str, reports: list[Cell], sessions: list[SessionDay]) -> None:
    # a weight may come from the other source of the same span: not what this test is about
    spans = {}
    for cell in reports:
        spans.setdefault((cell.agent, cell.span), cell)
    reports = list(spans.values()) if metric == "avg_response_mean" else reports
    world = world_of(reports, sessions)
    every = set(range(-7, 21))

    def one(by: By | None) -> dict[object, tuple[float | None, float | None, float | None]]:
        return {
            row.key: (number.value, number.numerator, number.denominator)  # type: ignore[misc]
            for row in world.rows(by, metric)
            for number in [row.values[metric]]
            if number.status is not MetricStatus.NOT_SUMMABLE
        }

    whole, by_agent, by_day, by_week = one(None), one(By.AGENT), one(By.DAY), one(By.WEEK)
    if whole:
        check(whole[None], expected(metric, reports, sessions, every, AGENTS, total=True), metric)
    for agent, name in ((10, "小美"), (11, "小王")):
        found = by_agent.get(name)
        if found is not None:
            check(found, expected(metric, reports, sessions, every, (agent,), total=False), metric)
    for offset in range(14):
        found = by_day.get(f"2026-02-{16 + offset}" if offset < 13 else "2026-03-01")
        if found is not None:
            check(found, expected(metric, reports, sessions, {offset}, AGENTS, total=True), metric)
    for key, first in (("2026-02-16", 0), ("2026-02-23", 7)):
        found = by_week.get(key)
        if found is not None:
            check(found, expected(metric, reports, sessions, set(range(first, first + 7)), AGENTS, total=True), metric)


@settings(max_examples=20, deadline=None)
@given(reports=drawn, sessions=session_days, seed=st.integers(0, 99))
def test_the_order_of_facts_never_shows(reports: list[Cell], sessions: list[SessionDay], seed: int) -> None:
    shuffled, days = list(reports), list(sessions)
    random.Random(seed).shuffle(shuffled)
    random.Random(seed).shuffle(days)
    for by in (None, By.AGENT, By.WEEK, By.SOURCE):
        assert world_of(reports, sessions).rows(by) == world_of(shuffled, days).rows(by)
