"""Numbers out of rows kept one by one, against sums written out by hand over the same rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.ingest.load import load, undo
from csdesk.metrics.engine import MetricEngine, compute
from csdesk.metrics.json import metrics_json
from csdesk.metrics.model import By, MetricStatus
from csdesk.metrics.rows.grouping import UNCATEGORISED
from csdesk.metrics.rows.reduce import quantiles, reduce
from csdesk.metrics.rows.rules import Levels, Share
from csdesk.store.database import Store, open_store
from tests.row_tables import rows_made
from tests.store.builders import DAY_SECONDS, FIRST_DAY, report_plan, session_plan

Row = dict[str, Any]
MONDAY = date(2026, 2, 16)
METRICS = ("first_response_median", "first_response_p90", "handle_time_median")


def chats(seed: int, size: int = 120) -> list[Row]:
    chance = random.Random(seed)
    rows = []
    for number in range(size):
        started = (FIRST_DAY + chance.randrange(20)) * DAY_SECONDS + chance.randrange(DAY_SECONDS)
        rows.append(
            {
                "session_key": f"{seed}-{number}",
                "agent": chance.choice(("小美", "小王", "小李")),
                "started_at": started,
                "ended_at": chance.choice((None, started + chance.randrange(1000))),
                "first_response": chance.choice((None, round(chance.expovariate(1 / 60), 1))),
                "category": chance.choice((None, "物流", "尺码")),
            }
        )
    return rows


TAOBAO, DOUYIN = chats(1), chats(2, 40)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with open_store(tmp_path_factory.mktemp("data")) as store:
        load(store, session_plan("甲.xlsx", TAOBAO, exported=datetime(2026, 4, 1)))
        plan = session_plan("乙.xlsx", DOUYIN, exported=datetime(2026, 4, 1), shop="乙店", platform=Platform.DOUYIN)
        load(store, plan)
        yield store


def day_of(row: Row) -> date:
    return from_epoch_day(row["started_at"] // DAY_SECONDS)


KEYS: dict[By | None, Callable[[Row], Any]] = {
    None: lambda row: None,
    By.AGENT: lambda row: row["agent"],
    By.DAY: lambda row: day_of(row).isoformat(),
    By.WEEK: lambda row: (day_of(row) - timedelta(days=day_of(row).weekday())).isoformat(),
    By.MONTH: lambda row: day_of(row).isoformat()[:7],
    By.HOUR: lambda row: row["started_at"] % DAY_SECONDS // 3600,
    By.WEEKDAY: lambda row: day_of(row).isoweekday(),
    By.CATEGORY: lambda row: row["category"] or UNCATEGORISED,
}


def expected(rows: list[Row], by: By | None, value: Callable[[Row], float | None], q: float) -> dict[Any, float]:
    found: dict[Any, list[float]] = {}
    for row in rows:
        number = value(row)
        if number is not None:
            found.setdefault(KEYS[by](row), []).append(number)
    return {key: float(np.quantile(values, q)) for key, values in found.items()}


@pytest.mark.parametrize("by", KEYS, ids=str)
@pytest.mark.parametrize("days", [None, (3, 9), (3, 3)])
def test_quantiles_of_every_split(store: Store, by: By | None, days: tuple[int, int] | None) -> None:
    period = None if days is None else Period(MONDAY + timedelta(days[0]), MONDAY + timedelta(days[1]))
    rows = [row for row in TAOBAO if period is None or day_of(row) in period]
    got = compute(store, Filter(period, Platform.TAOBAO), by, METRICS)
    numbers = {metric: {row.key: row.values[metric] for row in got} for metric in METRICS}
    for metric, value, q in (
        ("first_response_median", lambda row: row["first_response"], 0.5),
        ("first_response_p90", lambda row: row["first_response"], 0.9),
        ("handle_time_median", lambda row: row["ended_at"] and row["ended_at"] - row["started_at"], 0.5),
    ):
        want = expected(rows, by, value, q)
        found = {key: one.value for key, one in numbers[metric].items() if one.value is not None}
        assert found == pytest.approx(want, abs=1e-9)
    assert [row.key for row in got] == sorted((row.key for row in got), key=lambda key: (key == UNCATEGORISED, key))


def test_what_is_said_about_a_number(store: Store) -> None:
    (row,) = compute(store, Filter(), None, METRICS)
    value = row.values["first_response_median"]
    assert value.status is MetricStatus.OK
    assert value.sources == ("sessions",)
    assert value.files == ("乙.xlsx", "甲.xlsx")
    assert {part.key: part.numerator for part in value.parts} == {
        "taobao": sum(row["first_response"] is not None for row in TAOBAO),
        "douyin": sum(row["first_response"] is not None for row in DOUYIN),
    }
    assert value.covered[0].first == min(map(day_of, TAOBAO + DOUYIN))
    assert not value.small
    assert metrics_json([row], {}, None)["rows"][0]["metrics"]["first_response_median"]["status"] == "ok"


def test_by_shop_and_platform(store: Store) -> None:
    want = {
        "甲旗舰店": expected(TAOBAO, None, lambda row: row["first_response"], 0.5)[None],
        "乙店": expected(DOUYIN, None, lambda row: row["first_response"], 0.5)[None],
    }
    got = {row.key: row.values["first_response_median"].value for row in compute(store, Filter(), By.SHOP, METRICS)}
    assert got == pytest.approx(want)
    keys = [row.key for row in compute(store, Filter(), By.PLATFORM, (*METRICS, "received"))]
    assert keys == ["douyin", "taobao"]


def test_rows_and_reports_are_one_list(tmp_path: Path) -> None:
    """Days that only a report speaks of, days that only rows speak of, people of both."""
    with open_store(tmp_path) as store:
        report = [("小美", MONDAY + timedelta(days=40), {"received": 9})]
        load(store, report_plan("赤兔.xlsx", report, exported=datetime(2026, 4, 1)))
        batch = load_batch(store)
        engine = MetricEngine(store)
        rows = engine.compute(Filter(), By.DAY, ("received", "first_response_median"))
        assert rows[-1].key == (MONDAY + timedelta(days=40)).isoformat()
        assert rows[-1].values["received"].value == 9
        assert rows[-1].values["first_response_median"].value is None
        assert rows[0].values["received"].value
        only = engine.compute(Filter(), By.AGENT, ("first_response_median",))
        assert [row.key for row in only] == ["小李", "小王", "小美"]
        assert all(row.agent_id and row.kind == "person" for row in only)
        undo(store, batch)
        (whole,) = engine.compute(Filter(), None, ("first_response_median",))
        assert whole.values["first_response_median"].status is MetricStatus.NO_DATA
        assert engine.compute(Filter(), By.AGENT, ("first_response_median",)) == []


def load_batch(store: Store) -> int:
    plan = session_plan("会话.xlsx", TAOBAO, exported=datetime(2026, 4, 1))
    load(store, plan)
    assert plan.batch is not None
    return plan.batch


def test_an_agent_alone(store: Store) -> None:
    with store.reading() as conn:
        agent = conn.execute("SELECT id FROM agent WHERE name = '小美' AND shop_id = 1").fetchone()[0]
    (row,) = compute(store, Filter(agents=(agent,)), None, METRICS)
    mine = [one for one in TAOBAO if one["agent"] == "小美"]
    assert row.values["first_response_median"].value == pytest.approx(
        expected(mine, None, lambda one: one["first_response"], 0.5)[None]
    )


def test_a_wider_question_reads_the_rest(store: Store) -> None:
    """The first question holds some days only; a later one beyond them must not miss rows."""
    engine = MetricEngine(store)
    early = Filter(Period(MONDAY - timedelta(days=200), MONDAY - timedelta(days=190)))
    engine.compute(early, None, METRICS)
    assert engine.compute(Filter(), None, METRICS) == MetricEngine(store).compute(Filter(), None, METRICS)


def test_the_window_of_a_page_sees_one_state(store: Store) -> None:
    with store.reading() as conn:
        rows = MetricEngine(conn).table("session", Filter(None, Platform.DOUYIN))
        assert rows.size == len(DOUYIN)
        assert sorted(rows.number("first_response")[np.isfinite(rows.number("first_response"))]) == sorted(
            row["first_response"] for row in DOUYIN if row["first_response"] is not None
        )
        assert {rows.codes("category").texts[code] for code in rows.codes("category").code if code >= 0} == {
            "物流", "尺码"
        }  # fmt: skip
        assert list(rows.day) == sorted(rows.day)
        assert rows.whole.size == len(TAOBAO) + len(DOUYIN)


def test_linear_quantiles_by_group() -> None:
    chance = np.random.default_rng(3)
    values, group = chance.exponential(size=500), chance.integers(0, 7, 500)
    sizes = np.bincount(group, minlength=8)
    for q in (0.0, 0.1, 0.5, 0.9, 1.0):
        got = quantiles(values, group, sizes, q)
        for one in range(7):
            assert got[one] == pytest.approx(np.quantile(values[group == one], q), abs=1e-12)
        assert np.isnan(got[7])


def test_shares_and_levels_leave_out_what_is_not_known() -> None:
    rows = rows_made("session", [{"day": 1, "first_response": one, "handle": 2.0} for one in (None, 1, 4, 4, 90)])
    group = np.array([0, 0, 0, 1, -1])
    share = reduce(Share("first_response", "handle"), rows, group, 2)
    assert (share.there.tolist(), share.top.tolist()) == ([2, 1], [5.0, 4.0])
    assert share.bottom is not None
    assert share.bottom.tolist() == [4.0, 2.0]
    found = reduce(Levels("first_response", ("快", "慢"), (0.0, 4.0)), rows, group, 2)
    assert found.levels is not None
    assert {title: column.tolist() for title, column in found.levels.items()} == {"快": [1.0, 0.0], "慢": [1.0, 1.0]}
