"""Groups of people in the numbers: with dates, under every split, for reports and session rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.filters import UNGROUPED, Filter
from csdesk.domain.period import Period, to_epoch_day
from csdesk.ingest.load import load, undo
from csdesk.ingest.model import AgentRef, Plan, ReportCell
from csdesk.metrics.engine import MetricEngine, compute
from csdesk.metrics.json import metrics_json
from csdesk.metrics.model import By
from csdesk.store import agents, records
from csdesk.store.database import Store, open_store
from csdesk.store.kinds import SESSION
from csdesk.store.people import People
from tests.store.builders import report_plan, session, session_plan

MONDAY = date(2026, 2, 16)
DAY = to_epoch_day(MONDAY)
SPLITS = (None, By.AGENT, By.DAY, By.WEEK, By.MONTH, By.SHOP, By.PLATFORM, By.SOURCE, By.CATEGORY, By.WEEKDAY, By.HOUR)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def daily(name: str, days: range, people: tuple[str, ...] = ("小美", "小王", "阿强")) -> Plan:
    """Everybody receives 10 + his place on the first day, one more each day; all but one of two ratings are good."""
    rows = [
        (person, MONDAY + timedelta(days=day), {"received": 10.0 + place + day, "rated_5": 1.0, "rated_3": 1.0,
                                                "rated_4": 0.0, "rated_2": 0.0, "rated_1": 0.0})
        for day in days for place, person in enumerate(people)
    ]  # fmt: skip
    return report_plan(name, rows, exported=datetime(2026, 3, 20))


def chats(name: str, days: range) -> Plan:
    rows: list[dict[str, Any]] = [
        session(f"{person}{day}", person, day, rating=5, category="物流" if day % 2 else "退货", first_response=10.0)
        for day in days for person in ("小美", "小王")
    ]  # fmt: skip
    return session_plan(name, rows, exported=datetime(2026, 3, 21))


def ids(store: Store) -> dict[str, int]:
    with store.reading() as conn:
        return {one.name: one.id for one in agents.all_agents(conn)}


def received(store: Store, by: By | None = None, **chosen: Any) -> dict[Any, float | None]:
    return {row.key: row.values["received"].value for row in compute(store, Filter(**chosen), by, ["received"])}  # type: ignore[misc]


def answers(engine: MetricEngine, selection: Filter, by: By | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = metrics_json(engine.compute(selection, by), {}, by)["rows"]
    return rows


def test_a_group_equals_its_people_under_every_split(store: Store) -> None:
    load(store, daily("日报.xlsx", range(10)), delays={})
    load(store, chats("会话.xlsx", range(3, 6)), delays={})
    known = ids(store)
    people = People(store)
    people.assign([known["小美"], known["阿强"]], "早班", DAY - 500, None)
    engine = MetricEngine(store)
    for period in (None, Period(MONDAY, MONDAY + timedelta(days=6))):
        for by in SPLITS:
            by_group = answers(engine, Filter(period, groups=("早班",)), by)
            by_people = answers(engine, Filter(period, agents=tuple(sorted((known["小美"], known["阿强"])))), by)
            assert by_group == by_people, by
            others = answers(engine, Filter(period, groups=(UNGROUPED,)), by)
            assert others == answers(engine, Filter(period, agents=(known["小王"],)), by), by


def test_rows_of_groups_add_up_to_everybody(store: Store) -> None:
    load(store, daily("日报.xlsx", range(4)), delays={})
    known = ids(store)
    People(store).assign([known["小美"]], "早班", DAY + 1, DAY + 2)
    People(store).assign([known["小美"], known["小王"]], "晚班", DAY + 3, None)
    assert received(store, By.GROUP) == {"早班": 11 + 12, "晚班": 13 + 14, UNGROUPED: 10 + 11 + 12 + 13 + 54}
    assert received(store, By.AGENT, groups=("早班", "晚班")) == {"小美": 11 + 12 + 13, "小王": 14}
    assert received(store, By.DAY, groups=("早班",)) == {"2026-02-17": 11, "2026-02-18": 12}
    assert received(store, By.AGENT) == {"小美": 46, "小王": 50, "阿强": 54}
    everything = received(store, groups=("早班", "晚班", UNGROUPED))[None]
    assert everything == sum(value or 0 for value in received(store, By.GROUP).values())
    assert received(store, groups=("早班",), agents=(known["小王"],)) == {None: None}


def test_sessions_are_cut_on_the_day(store: Store) -> None:
    load(store, chats("会话.xlsx", range(6)), delays={})
    known = ids(store)
    People(store).assign([known["小美"]], "早班", DAY + 2, DAY + 3)
    selection = Filter(groups=("早班",))
    assert received(store, None, groups=("早班",)) == {None: 2}
    assert received(store, By.HOUR, groups=("早班",)) == {12: 2}
    assert received(store, By.CATEGORY, groups=("早班",)) == {"物流": 1, "退货": 1}
    with store.reading() as conn:
        assert records.count(conn, SESSION, selection) == 2, "rows read one by one agree"
        mine = MetricEngine(conn).table("session", Filter(groups=(UNGROUPED,)))
        assert mine.agent.tolist().count(known["小美"]) == 4


def test_a_report_over_two_groups_is_named_and_counts_for_none(store: Store) -> None:
    week = report_plan("周.xlsx", [("小美", MONDAY, {"received": 0.0})], exported=datetime(2026, 3, 20))
    week.staged.reports = [
        ReportCell(2, "甲旗舰店", AgentRef("小美"), Period(MONDAY, MONDAY + timedelta(days=6)), "received", 70.0, False)
    ]
    load(store, week, delays={})
    people = People(store)
    people.assign([ids(store)["小美"]], "早班", DAY, None)
    assert received(store, By.GROUP) == {"早班": 70}
    people.assign([ids(store)["小美"]], "晚班", DAY + 3, None)
    rows = compute(store, Filter(), By.GROUP, ["received"])
    assert [(row.key, row.values["received"].value) for row in rows] == [("早班", None), ("晚班", None)]
    assert all("拆不开" in row.values["received"].left_out[0].reason for row in rows)
    assert compute(store, Filter(groups=("早班",)), By.DAY, ["received"]) == []
    assert received(store) == {None: 70}, "without groups it counts as ever"


def test_merging_people_moves_numbers_and_taking_back_restores_them(store: Store) -> None:
    first, second = daily("一.xlsx", range(3), ("小美", "小美2")), daily("二.xlsx", range(3, 5), ("小美", "小美2"))
    load(store, first, delays={})
    known, people = ids(store), People(store)
    people.assign([known["小美2"]], "晚班", DAY, None)
    before = received(store, By.AGENT), received(store, By.GROUP)
    version = store.data_version
    change = people.merge([known["小美2"]], known["小美"])
    assert store.data_version > version
    assert received(store, By.AGENT) == {"小美": 33 + 36}
    assert received(store, By.GROUP) == {"晚班": 69}, "what was said of an account holds for its person"
    load(store, second, delays={})
    assert received(store, By.AGENT) == {"小美": 69 + 13 + 14 + 14 + 15}, "files that come later stay merged"
    assert second.batch is not None
    undo(store, second.batch)
    assert received(store, By.AGENT) == {"小美": 69}
    change.undo()
    assert (received(store, By.AGENT), received(store, By.GROUP)) == before


def test_kinds_reach_the_rows_at_once(store: Store) -> None:
    load(store, daily("一.xlsx", range(1)), delays={})
    engine, people = MetricEngine(store), People(store)

    def kinds() -> dict[Any, str]:
        return {row.key: row.kind for row in engine.compute(Filter(), By.AGENT, ["received"])}

    change = people.set_kind([ids(store)["小王"]], "shared")
    assert kinds() == {"小美": "person", "小王": "shared", "阿强": "person"}
    change.undo()
    assert set(kinds().values()) == {"person"}
