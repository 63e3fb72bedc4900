"""Counts by day against the engine's own rows by day and by agent: the same reports and sessions count."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day
from csdesk.metrics.columns import Columns
from csdesk.metrics.daily import NOTHING, Daily, daily_counts
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.engine import rows_of
from csdesk.metrics.model import By, MetricStatus
from csdesk.metrics.view import View
from tests.metrics.world import DELAYED, DOUYIN_SHOP, MONDAY, World

IDS = ("received", "satisfaction_rate", "first_response_mean", "invite_rate", "conversion_rate")
WANTED = [METRICS[name] for name in IDS]


def _world(seed: int) -> World:
    """Daily and weekly reports of two sources, of agents and of the shop, sessions, two platforms."""
    random = np.random.default_rng(seed)
    world = World({10: "小美", 11: "小王", 20: "小丽"})
    for agent in (0, 10, 11):
        for day in range(14):
            if random.random() < 0.6:
                n, r = int(random.integers(20, 60)), int(random.integers(0, 12))
                late = random.random() < 0.1
                world.report(
                    "chitu", agent, day, received=n, rated_5=r, rated_4=1, rated_3=0, rated_2=0, rated_1=1,
                    first_response=float(random.integers(5, 60)), inside_delay=late,
                )  # fmt: skip
            if random.random() < 0.2:
                world.report("sycm", agent, day, received=int(random.integers(20, 60)), ratings_received=DELAYED)
    world.report("sycm", 10, 0, 6, received=300, inquiry_buyers=100, paying_buyers=40)
    world.cover(11, 3, 8)
    for day in range(3, 9):
        world.sessions(
            11, day, n=int(random.integers(20, 40)), rating_5=int(random.integers(0, 9)), rating_1=1,
            invited=5, invited_known=20, first_response_sum=float(random.random() * 500), first_response_n=20,
        )  # fmt: skip
    for day in range(14):
        world.report("feige", 20, day, shop=DOUYIN_SHOP, received_sessions=30, ratings_good=9, ratings_bad=1)
    return world


def _day(daily: Daily, key: object) -> int:
    return (date.fromisoformat(str(key)) - daily.first).days


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("inside", [None, (2, 11)])
def test_as_the_engine_counts(seed: int, inside: tuple[int, int] | None) -> None:
    columns = Columns(_world(seed).facts)
    period = None if inside is None else Period(*(MONDAY + timedelta(days=day) for day in inside))
    view = View(columns, Filter(period))
    daily = daily_counts(view, WANTED)
    seen = 0
    for row in rows_of(View(columns, Filter(period)), By.DAY, WANTED):
        at = _day(daily, row.key)
        for name in IDS:
            value, counts = row.values[name], daily.metrics[name]
            if value.status in {MetricStatus.NO_DATA, MetricStatus.NOT_PROVIDED} or value.numerator is None:
                continue
            seen += 1
            assert counts.top[at] == pytest.approx(value.numerator, abs=1e-9)
            if value.denominator is not None:
                assert counts.bottom[at] == pytest.approx(value.denominator, abs=1e-9)
            assert counts.open[at] == bool(value.provisional_days)
    assert seen > 15
    people = [person.key for person in daily.people]
    assert people == sorted(people)


@pytest.mark.parametrize("seed", range(4))
def test_person_by_person(seed: int) -> None:
    columns = Columns(_world(seed).facts)
    daily = daily_counts(View(columns), WANTED)
    for offset in range(14):
        day = MONDAY + timedelta(days=offset)
        rows = rows_of(View(columns, Filter(Period.of_day(day))), By.AGENT, WANTED)
        by_key = {str(row.key): row.values["satisfaction_rate"] for row in rows}
        for at, person in enumerate(daily.people):
            value = by_key.get(person.key)
            bottom = daily.metrics["satisfaction_rate"].bottom_by[at, (day - daily.first).days]
            if value is None or value.denominator is None:
                assert np.isnan(bottom)
            else:
                assert bottom == pytest.approx(value.denominator, abs=1e-9)


def test_platforms_that_cannot_be_put_together() -> None:
    world = World().report("sycm", 10, 0, inquiry_buyers=9, paying_buyers=4)
    world.report("feige", 20, 0, shop=DOUYIN_SHOP, inquiry_buyers=9, ordering_buyers=4, received_sessions=30)
    daily = daily_counts(View(Columns(world.facts)), WANTED)
    assert not daily.metrics["conversion_rate"].summable
    assert daily.metrics["received"].summable
    assert daily.first == from_epoch_day(world.day)


def test_nothing_at_all() -> None:
    assert daily_counts(View(Columns(World().facts)), WANTED) is NOTHING


def test_shops_and_sources_are_told_apart() -> None:
    world = World({10: "小美", 11: "小王", 20: "小丽"})
    for day in range(4):
        world.report("chitu", 0 if day == 3 else 10, day, received=50)
        world.report("feige", 20, day, shop=DOUYIN_SHOP, received_sessions=30)
    world.cover(10, 1, 1)
    world.sessions(10, 1, n=40)
    daily = daily_counts(View(Columns(world.facts)), [METRICS["received"]])
    counts = daily.metrics["received"]
    assert daily.shops == ("立邦漆旗舰店", "立邦抖店")
    assert counts.top_of.tolist() == [[50, 40, 50, 50], [30, 30, 30, 30]]
    assert counts.top.tolist() == [80, 70, 80, 80]
    first, second = counts.told.tolist()
    assert first[0] == first[2]
    assert len(set(first)) == 3, "reports of an agent, session rows, reports of the shop as a whole"
    assert len(set(second)) == 1
    assert set(second).isdisjoint(first)
    person = [one.key for one in daily.people].index("小美")
    assert counts.told_by[person].tolist()[:3] == first[:3]
    assert counts.told_by[person, 3] == 0
