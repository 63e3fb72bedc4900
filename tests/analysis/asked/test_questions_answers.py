"""Volumes, solving and the matrix of agents and categories against sums written out by hand."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from csdesk.analysis.asked.matrix import agent_category
from csdesk.analysis.asked.volume import CategoryVolume, Solved
from csdesk.analysis.frame import PageRequest, PageResult
from csdesk.analysis.json import page_json
from csdesk.analysis.pages import compute_page
from csdesk.analysis.performance.strata import Strata, strata_of
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine
from csdesk.metrics.model import MetricRow
from csdesk.stats.change import newcombe
from csdesk.store.database import open_store
from tests.row_tables import rows_made
from tests.store.builders import DAY_SECONDS, FIRST_DAY, session_plan

Row = dict[str, Any]
NOW = range(FIRST_DAY + 60, FIRST_DAY + 70)
THEN = range(FIRST_DAY + 50, FIRST_DAY + 60)


def _rows(size: int = 900) -> list[Row]:
    chance = random.Random(4)
    found = []
    for number in range(size):
        day = chance.randrange(FIRST_DAY, FIRST_DAY + 70)
        agent, category = chance.choice(("小美", "小王", "小李")), chance.choice(("物流", "尺码", None))
        good = 0.3 if (agent, category) == ("小李", "尺码") else 0.9
        if day in NOW and category == "物流" and chance.random() < 0.5:
            category = "发票"
        found.append(
            {
                "session_key": str(number), "agent": agent, "category": category,
                "started_at": day * DAY_SECONDS + chance.randrange(DAY_SECONDS),
                "rating": chance.choice((None, 5 if chance.random() < good else 2)),
                "resolved": chance.choice((None, 0, 1, 1)),
            }
        )  # fmt: skip
    return found


ROWS = _rows()


def _page(first: int, last: int, tmp_path: Path) -> PageResult:
    with open_store(tmp_path / "data") as store:
        load(store, session_plan("甲.xlsx", ROWS, exported=datetime(2026, 6, 1)))
        with store.reading() as conn:
            request = PageRequest(Filter(Period(from_epoch_day(first), from_epoch_day(last))))
            return compute_page("questions", MetricEngine(conn), request)


def _of(days: range, category: str | None = None) -> list[Row]:
    inside = [row for row in ROWS if row["started_at"] // DAY_SECONDS in days and row["category"]]
    return [row for row in inside if category is None or row["category"] == category]


def test_shares_and_how_they_moved(tmp_path: Path) -> None:
    result = _page(NOW[0], NOW[-1], tmp_path)
    volume = result.answer("volume")
    assert isinstance(volume, Mapping)
    found: dict[str, CategoryVolume] = {one.category: one for one in volume["categories"]}
    assert set(found) == {"物流", "尺码", "发票"}
    for name, one in found.items():
        now, then = len(_of(NOW, name)), len(_of(THEN, name))
        assert (one.sessions, one.previous_sessions) == (now, then)
        assert one.difference == pytest.approx(now / len(_of(NOW)) - then / len(_of(THEN)))
        interval = newcombe(now, len(_of(NOW)), then, len(_of(THEN)))
        assert interval is not None
        assert (one.difference_low, one.difference_high) == pytest.approx((interval.low, interval.high))
        assert sum(one.trend) == now
    assert found["发票"].verdict == "up"
    assert volume["gone"] == []
    assert len(volume["steps"]) == 10
    solved = result.answer("fcr_by_category")
    assert isinstance(solved, tuple)
    for row in solved:
        assert isinstance(row, Solved)
        known = [one["resolved"] for one in _of(NOW, row.category) if one["resolved"] is not None]
        if row.category != "未分类":
            assert (row.resolution, row.judged) == (pytest.approx(sum(known) / len(known)), len(known))
    page_json(result, {})


def test_matrix_of_agents_and_categories(tmp_path: Path) -> None:
    table = _page(FIRST_DAY, NOW[-1], tmp_path).answer("agent_category")
    assert isinstance(table, Mapping)
    assert sorted(table["agents"]) == ["小李", "小王", "小美"]
    marked = []
    for down, agent in enumerate(table["agents"]):
        for across, category in enumerate(table["categories"]):
            mine = [row for row in ROWS if row["agent"] == agent and row["category"] == category]
            rated = [row["rating"] for row in mine if row["rating"]]
            cell = table["satisfaction"]
            assert table["sessions"][down][across] == len(mine)
            assert cell["n"][down][across] == len(rated)
            assert cell["k"][down][across] == sum(one >= 4 for one in rated)
            assert cell["small"][down][across] is (len(rated) < 30)
            verdicts = [row["resolved"] for row in mine if row["resolved"] is not None]
            assert table["resolution"]["k"][down][across] == sum(verdicts)
            if cell["mark"][down][across] == "below":
                marked.append((agent, category))
    assert marked == [("小李", "尺码")]


def test_who_had_no_question_is_in_no_row(tmp_path: Path) -> None:
    asked = {"day": 1, "agent": 1, "category": "物流", "rating": 5}
    rows = [asked, {**asked, "agent": 2, "category": None}]
    table = agent_category(strata_of(rows_made("session", rows)), [MetricRow("甲", {}, 1), MetricRow("乙", {}, 2)])
    assert table is not None
    assert table["agents"] == ["甲"]


def test_marks_are_quiet_in_a_team_of_equals() -> None:
    chance, raised, times = random.Random(2), 0, 60
    agents = [MetricRow(str(at), {}, at) for at in range(1, 9)]
    for _ in range(times):
        rows = [
            {"day": 1, "agent": chance.randrange(1, 9), "category": chance.choice("甲乙丙"),
             "rating": 5 if chance.random() < 0.95 else 1}
            for _ in range(1200)
        ]  # fmt: skip
        table = agent_category(strata_of(rows_made("session", rows)), agents)
        assert table is not None
        cells = table["satisfaction"]
        assert isinstance(cells, Mapping)
        raised += any(mark for row in cells["mark"] for mark in row)
    assert raised / times <= 0.1


def test_no_sessions_no_matrix() -> None:
    nothing: Strata | None = None
    assert agent_category(nothing, [MetricRow("甲", {}, 1)]) is None
    one = strata_of(rows_made("session", [{"day": 1, "agent": 1, "category": "物流", "rating": 5}]))
    table = agent_category(one, [MetricRow("甲", {}, 1), MetricRow("机器人", {}, 2, kind="robot")])
    assert table is not None
    assert table["agents"] == ["甲"]
    assert table["sessions"] == [[1]]
