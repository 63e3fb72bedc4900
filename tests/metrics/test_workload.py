"""Workload: by hand, with overlapping files, with missing parts, with nothing; tickets and messages out of rows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from csdesk.domain.filters import Filter
from csdesk.ingest.load import load
from csdesk.metrics.engine import compute
from csdesk.metrics.model import By, MetricStatus
from csdesk.store.database import open_store
from tests.metrics.world import DOUYIN_SHOP, World
from tests.store.builders import DAY_SECONDS, FIRST_DAY, record_plan

IDS = ("workload", "workload_messages", "workload_tickets", "workload_online", "workload_per_hour")


def test_pace_by_hand() -> None:
    world = World()
    world.report("feige", 20, 0, shop=DOUYIN_SHOP, received_sessions=60, received=50, online_seconds=8 * 3600)
    world.report("feige", 20, 1, shop=DOUYIN_SHOP, received_sessions=20, received=18, online_seconds=2 * 3600)
    pace = world.value("workload_per_hour")
    assert pace.value == pytest.approx(80 / 10)
    assert (pace.numerator, pace.denominator) == (80 * 3600, 10 * 3600)
    assert world.value("workload_online").value == 10 * 3600
    assert world.value("workload").value == world.value("received").value == 80


def test_days_without_online_time_are_left_out_of_the_pace() -> None:
    world = World()
    world.report("chitu", 10, 0, received=40, online_seconds=4 * 3600)
    world.report("chitu", 10, 1, received=400)
    pace = world.value("workload_per_hour")
    assert pace.value == 10
    assert len(pace.left_out) == 1
    assert world.value("workload").value == 440


def test_a_week_and_its_days_count_once() -> None:
    world = World()
    for day in range(7):
        world.report("chitu", 10, day, received=10, messages=100, online_seconds=3600)
    world.report("chitu", 10, 0, 6, received=70, messages=700, online_seconds=7 * 3600)
    assert world.value("workload_messages").value == 700
    assert world.value("workload_per_hour").value == 10


def test_messages_of_reports_and_sessions() -> None:
    world = World()
    world.report("chitu", 10, 0, agent_messages=30, buyer_messages=25)
    assert world.value("workload_messages").value == 55
    world.cover(11, 0).sessions(11, 0, n=3, messages_n=3, messages_sum=41)
    found = world.by(By.AGENT, "workload_messages")
    assert (found["小美"].value, found["小王"].value) == (55, 41)


def test_nothing() -> None:
    for metric in IDS:
        assert World().value(metric).value is None


def test_tickets_and_chats_out_of_rows(tmp_path: Path) -> None:
    at = FIRST_DAY * DAY_SECONDS
    tickets = [
        {"ticket_id": str(at_), "agent": name, "opened_at": at} for at_, name in enumerate(["小美", "小美", "小王"])
    ]
    with open_store(tmp_path) as store:
        load(store, record_plan("工单.xlsx", {"ticket": tickets}, exported=datetime(2026, 4, 1)))
        rows = {row.key: row.values for row in compute(store, Filter(), By.AGENT, IDS)}
        assert {key: values["workload_tickets"].value for key, values in rows.items()} == {"小美": 2, "小王": 1}
        assert rows["小美"]["workload_online"].status in {MetricStatus.NO_DATA, MetricStatus.NOT_PROVIDED}
