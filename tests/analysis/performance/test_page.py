"""The page's answers out of a store: against counting by hand over the same rows, and on awkward selections."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from csdesk.analysis.agents import compute
from csdesk.analysis.frame import PageRequest, PageResult
from csdesk.analysis.json import page_json
from csdesk.analysis.performance.strata import SHIFTS
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine
from csdesk.store.database import Store, open_store
from tests.store.builders import DAY_SECONDS, report_plan, session_plan

LEAP = date(2024, 2, 29)
FIRST = (LEAP - date(1970, 1, 1)).days - 9
Row = dict[str, Any]


def chats(size: int = 1500) -> list[Row]:
    """Three people; 小美 has most of the hard questions."""
    chance = random.Random(12)
    rows = []
    for number in range(size):
        agent = chance.choice(("小美", "阿杰", "云朵"))
        hard = chance.random() < (0.8 if agent == "小美" else 0.2)
        started = (FIRST + chance.randrange(20)) * DAY_SECONDS + chance.randrange(DAY_SECONDS)
        good = chance.random() < (0.7 if hard else 0.95)
        rows.append(
            {
                "session_key": str(number), "agent": agent, "started_at": started,
                "first_response": chance.choice((None, round(chance.expovariate(1 / 30), 1))),
                "category": "售后" if hard else chance.choice(("售前", None)),
                "rating": chance.choice((None, 5, 4)) if good else chance.choice((None, 1, 3)),
                "resolved": chance.choice((None, 0, 1, 1)), "messages": chance.randrange(2, 30),
            }
        )  # fmt: skip
    return rows


ROWS = chats()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("data")) as store:
        load(store, session_plan("会话.xlsx", ROWS, exported=datetime(2024, 4, 1), chunk_rows=500))
        online = {"received": 40, "online_seconds": 8 * 3600}
        load(store, report_plan("赤兔.xlsx", [("小美", LEAP, online)], exported=datetime(2024, 4, 1)))
        yield store


def page(store: Store, selection: Filter) -> PageResult:
    with store.reading() as conn:
        return compute(MetricEngine(conn), PageRequest(selection))


def day_of(row: Row) -> int:
    return int(row["started_at"]) // DAY_SECONDS


def kind_of(row: Row) -> tuple[str | None, str]:
    hour = row["started_at"] % DAY_SECONDS // 3600
    return row["category"], next(title for title, first, end in SHIFTS if first <= hour < end)


@pytest.mark.parametrize("span", [(0, 19), (4, 12)])
def test_fair_comparison_against_counting(store: Store, span: tuple[int, int]) -> None:
    first, last = (date.fromordinal(date(1970, 1, 1).toordinal() + FIRST + day) for day in span)
    answer: Any = page(store, Filter(Period(first, last))).answer("fair_comparison")
    inside = [row for row in ROWS if span[0] <= day_of(row) - FIRST <= span[1]]
    for made, outcome in ((answer[0], "rating"), (answer[1], "resolved")):
        rows = [(row, row[outcome] >= (4 if outcome == "rating" else 1)) for row in inside if row[outcome] is not None]
        rates = {
            kind: sum(good for row, good in rows if kind_of(row) == kind)
            / sum(kind_of(row) == kind for row, _good in rows)
            for kind in {kind_of(row) for row, _good in rows}
        }
        common = sum(good for _row, good in rows) / len(rows)
        assert made.rate == pytest.approx(common, abs=1e-12)
        assert {one.agent for one in made.agents} == {"小美", "阿杰", "云朵"}
        for one in made.agents:
            mine = [(row, good) for row, good in rows if row["agent"] == one.agent]
            wanted = sum(rates[kind_of(row)] for row, _good in mine)
            assert (one.n, one.observed) == (len(mine), sum(good for _row, good in mine))
            assert one.expected == pytest.approx(wanted, abs=1e-9)
            assert one.adjusted == pytest.approx(one.observed / wanted * common, abs=1e-9)


def test_work_that_differs_is_not_taken_for_people_who_differ(store: Store) -> None:
    made: Any = page(store, Filter()).answer("fair_comparison")[0]  # type: ignore[index]
    mei = next(one for one in made.agents if one.agent == "小美")
    assert (mei.plain_verdict, mei.verdict) == ("below", "no_clear_difference")
    assert [case.kind for case in made.misleading if "小美" in case.agents] == ["explained"]


def test_workload_out_of_rows_and_reports(store: Store) -> None:
    found: Any = page(store, Filter()).answer("workload")
    mei = next(one for one in found.agents if one.agent == "小美")
    mine = [row for row in ROWS if row["agent"] == "小美"]
    assert (mei.received, mei.messages) == (len(mine), sum(row["messages"] for row in mine))
    assert (mei.online_seconds, mei.per_hour) == (8 * 3600, 5)
    hours = [row["started_at"] % DAY_SECONDS // 3600 for row in ROWS]
    assert found.peak_share == pytest.approx(max(map(hours.count, range(24))) / len(hours))


@pytest.mark.parametrize("selection", [Filter(), Filter(Period.of_day(LEAP)), Filter(Period.of_day(date(2030, 1, 1)))])
def test_answers_are_whole_on_every_span(store: Store, selection: Filter) -> None:
    result = page(store, selection)
    assert json.dumps(page_json(result, {}), ensure_ascii=False, allow_nan=False)
    people = {one.agent for one in result.answer("scores").agents}  # type: ignore[attr-defined]
    assert people == {card.agent for card in result.answer("agent_cards")}  # type: ignore[attr-defined]
    assert bool(people) == (selection.period is None or selection.period.first < date(2030, 1, 1))


def test_a_shop_without_sessions(tmp_path: Path) -> None:
    days = [("小美", LEAP, {"received": 100, "ratings_received": 1, "rated_5": 1, "rated_4": 0, "rated_3": 0,
                            "rated_2": 0, "rated_1": 0})]  # fmt: skip
    with open_store(tmp_path) as store:
        load(store, report_plan("赤兔.xlsx", days, exported=datetime(2024, 4, 1)))
        result = page(store, Filter())
        assert [one.status for one in result.answer("fair_comparison")] == ["no_rows"]  # type: ignore[attr-defined]
        (score,) = result.answer("scores").agents  # type: ignore[attr-defined]
        assert score.status == "too_few"
        assert result.answer("funnel_plot")[0].agents[0].position == "too_few"  # type: ignore[index]
