"""The page 响应时间: every answer against the same rows counted by hand."""

from __future__ import annotations

import json
import random
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csdesk.analysis.events import Event, EventKind, events_during
from csdesk.analysis.frame import Compare, PageRequest, PageResult
from csdesk.analysis.json import page_json
from csdesk.analysis.pages import PAGES
from csdesk.analysis.responding.hours import BusyHour, HourCell
from csdesk.analysis.responding.medians import MedianChange
from csdesk.analysis.responding.promotions import PromotionEffect
from csdesk.analysis.response import compute
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine
from csdesk.metrics.model import By
from csdesk.stats.medians import median_change, median_interval, sort
from csdesk.store.database import Store, open_store
from tests.fake_engine import Cell, FakeEngine
from tests.store.builders import DAY_SECONDS, record_plan, report_plan, session_plan

Row = dict[str, Any]
START = date(2026, 4, 1)
"""No platform's promotion is near."""
APRIL = Period(START, date(2026, 4, 30))
SALE = Event("店庆", Period(date(2026, 4, 20), date(2026, 4, 22)), EventKind.PROMOTION, own=True)


def sessions(seed: int = 3, days: int = 60) -> list[Row]:
    chance = random.Random(seed)
    rows = []
    for offset in range(-30, days - 30):
        day = START + timedelta(offset)
        busy = day in SALE.period
        for _ in range(chance.randrange(8, 14) * (3 if busy else 1)):
            moment = to_epoch_day(day) * DAY_SECONDS + chance.choice((9, 10, 10, 20)) * 3600 + chance.randrange(3600)
            wait = round(chance.expovariate(1 / (200 if busy else 60)), 1)
            rows.append(
                {
                    "session_key": f"{len(rows)}", "agent": chance.choice(("小美", "小王")), "started_at": moment,
                    "first_response": chance.choice((None, wait, wait, wait)), "avg_response": None,
                }
            )  # fmt: skip
    return rows


ROWS = sessions()


def day_of(row: Row) -> date:
    return from_epoch_day(row["started_at"] // DAY_SECONDS)


def inside(period: Period) -> list[Row]:
    return [row for row in ROWS if day_of(row) in period]


def waits(rows: list[Row]) -> list[float]:
    return [row["first_response"] for row in rows if row["first_response"] is not None]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with open_store(tmp_path_factory.mktemp("data")) as store:
        load(store, session_plan("会话.xlsx", ROWS, exported=datetime(2026, 8, 1), chunk_rows=200))
        yield store


@pytest.fixture(scope="module")
def page(store: Store) -> PageResult:
    with store.reading() as conn:
        return compute(MetricEngine(conn), PageRequest(Filter(APRIL), Compare.PREVIOUS, events=(SALE,)))


def test_hours_of_the_week(page: PageResult) -> None:
    answer = page.answer("heat_map")
    assert isinstance(answer, dict)
    cells: tuple[HourCell, ...] = answer["cells"]
    assert answer["in_time_seconds"] == {"taobao": 180}
    by_cell: dict[tuple[int, int], list[Row]] = {}
    for row in inside(APRIL):
        key = (day_of(row).isoweekday(), row["started_at"] % DAY_SECONDS // 3600)
        by_cell.setdefault(key, []).append(row)
    assert {(cell.weekday, cell.hour) for cell in cells} == set(by_cell)
    for cell in cells:
        mine = by_cell[cell.weekday, cell.hour]
        known = waits(mine)
        assert (cell.sessions, cell.n, cell.judged) == (len(mine), len(known), len(mine))
        assert cell.median == pytest.approx(np.median(known))
        assert cell.in_time == pytest.approx(sum(wait <= 180 for wait in known) / len(mine))
        assert cell.small == (len(known) < 30)
    chart = page.chart("response.heat")
    assert [len(series.points) for series in chart.series] == [12] * 7
    assert chart.categories[0] == "9点"


def test_the_busiest_hours_and_days(page: PageResult) -> None:
    answer = page.answer("peaks")
    assert isinstance(answer, dict)
    hours = Counter(row["started_at"] % DAY_SECONDS // 3600 for row in inside(APRIL))
    busiest: BusyHour = answer["hours"][0]
    assert (busiest.hour, busiest.sessions) == hours.most_common(1)[0]
    assert busiest.per_day == pytest.approx(busiest.sessions / 30)
    days = Counter(day_of(row) for row in inside(APRIL))
    assert [one.sessions for one in answer["days"]] == sorted(days.values(), reverse=True)[:5]
    top = answer["days"][0]
    assert top.sessions == days[top.day]
    assert top.events == ("店庆",)
    assert top.median == pytest.approx(np.median(waits([row for row in inside(APRIL) if day_of(row) == top.day])))
    assert f"{busiest.hour}–{busiest.hour + 1} 点" in answer["text"]


def test_a_promotion_against_ordinary_days(page: PageResult) -> None:
    answer = page.answer("promotions")
    assert isinstance(answer, dict)
    assert answer["baseline"] == (START - timedelta(28), APRIL.last)
    (effect,) = answer["events"]
    assert isinstance(effect, PromotionEffect)
    special = {day for event in events_during(Period(date(2026, 3, 1), APRIL.last)) for day in event.period}
    assert date(2026, 4, 6) in special  # 清明
    weekdays = {day.weekday() for day in SALE.period}
    from_to = Period(START - timedelta(28), APRIL.last)
    ordinary = [
        day for day in from_to
        if day.weekday() in weekdays and day not in SALE.period and day not in special
    ]  # fmt: skip
    mine = [row for row in ROWS if day_of(row) in SALE.period]
    others = [row for row in ROWS if day_of(row) in ordinary]
    assert (effect.days, effect.sessions) == (3, len(mine))
    assert effect.ordinary_days == len(ordinary)
    per_weekday = {
        weekday: [sum(day_of(row) == day for row in others) for day in ordinary if day.weekday() == weekday]
        for weekday in weekdays
    }
    assert effect.ordinary_per_day == pytest.approx(np.mean([np.mean(counts) for counts in per_weekday.values()]))
    made = median_change(sort(waits(mine)), sort(waits(others)))
    assert (effect.difference, effect.low, effect.high) == pytest.approx((made.difference, made.low, made.high))
    assert effect.verdict == "up"
    assert effect.in_time == pytest.approx(sum(wait <= 180 for wait in waits(mine)) / len(mine))
    assert effect.text in answer["text"]
    assert f"平常日子（{len(ordinary)} 天）" in effect.text
    assert "差的 95% 区间 +" in effect.text
    assert "因为" not in answer["text"]


def test_medians_are_judged(page: PageResult) -> None:
    now, before = waits(inside(APRIL)), waits(inside(Period(date(2026, 3, 1), date(2026, 3, 31))))
    made, interval = median_change(sort(now), sort(before)), median_interval(sort(now))
    assert interval is not None
    (answer,) = page.answer("medians")  # type: ignore[misc]
    assert isinstance(answer, MedianChange)
    assert (answer.low, answer.high) == pytest.approx((interval.low, interval.high))
    assert (answer.difference, answer.difference_low) == pytest.approx((made.difference, made.low))
    kpi = next(kpi for kpi in page.kpis if kpi.metric == "first_response_median")
    assert kpi.change is not None
    assert kpi.change.verdict == str(made.verdict)
    assert kpi.value.low == pytest.approx(interval.low)
    assert "差的 95% 区间" in kpi.change.detail
    assert "大促" in kpi.change.detail
    mean = next(kpi for kpi in page.kpis if kpi.metric == "first_response_mean")
    assert mean.change is not None
    assert "看中位数" in mean.change.detail


def test_bands_by_agent(page: PageResult) -> None:
    answer = page.answer("buckets")
    assert isinstance(answer, dict)
    assert sum(answer["counts"].values()) == len(waits(inside(APRIL))) == answer["n"]
    for one in answer["by_agent"]:
        known = waits([row for row in inside(APRIL) if row["agent"] == one["key"]])
        assert next(iter(one["counts"].values())) == sum(wait < 60 for wait in known)
        assert one["n"] == len(known)
    assert page.chart("response.buckets").series[0].points[0].role == "level1"


def test_the_answer_is_plain_json(page: PageResult) -> None:
    found = json.loads(json.dumps(page_json(page, {})))
    assert {"buckets", "heat_map", "peaks", "promotions", "medians", "trend"} <= set(found)
    assert found["charts"] == list(PAGES["response"].charts)
    assert len(found["trend"]) == 30
    assert found["trend"][0]["first_response_median"] is not None


def test_nothing_at_all() -> None:
    page = compute(FakeEngine([]), PageRequest())
    assert page.empty is not None
    assert page.answer("peaks")["hours"] == ()  # type: ignore[index]
    only = compute(FakeEngine([Cell(APRIL.first, counts={"received": 9, "replied": 8})]), PageRequest(Filter(APRIL)))
    assert only.lead_text.startswith("2026年4月还没有首次响应和平均响应的数据。")
    assert page.chart("response.heat").empty


@pytest.mark.parametrize("period", [None, APRIL])
def test_only_a_report(tmp_path: Path, period: Period | None) -> None:
    with open_store(tmp_path) as store:
        cells = [("小美", START, {"first_response": 25.0, "received": 40.0})]
        load(store, report_plan("赤兔.xlsx", cells, exported=datetime(2026, 8, 1)))
        with store.reading() as conn:
            page = compute(MetricEngine(conn), PageRequest(Filter(period)))
    assert page.empty is None
    assert "25秒" in page.lead_text
    assert page.answer("medians") == ()
    assert page.chart("response.heat").empty
    assert page.chart("response.trend").title


def test_only_chats(tmp_path: Path) -> None:
    at = to_epoch_day(START) * DAY_SECONDS + 10 * 3600
    lines = [
        {"message_key": f"{talk}{turn}", "agent": "小美", "sent_at": at + talk * 60 + wait, "from_buyer": 1 - turn,
         "session_key": f"t{talk}"}
        for talk in range(40) for turn, wait in ((0, 0), (1, 30))
    ]  # fmt: skip
    with open_store(tmp_path) as store:
        load(store, record_plan("聊天.txt", {"message": lines}, exported=datetime(2026, 8, 1), chunk_rows=80))
        with store.reading() as conn:
            page = compute(MetricEngine(conn), PageRequest(Filter(APRIL)))
    (cell,) = page.answer("heat_map")["cells"]  # type: ignore[index]
    assert (cell.weekday, cell.hour, cell.sessions, cell.median, cell.in_time) == (3, 10, 40, 30.0, 1.0)
    (median,) = [one for one in page.answer("medians") if one.metric == "first_response_median"]  # type: ignore[attr-defined]
    assert (median.value, median.n) == (30.0, 40)


def test_a_single_session_concludes_nothing(tmp_path: Path) -> None:
    row = {**ROWS[0], "started_at": to_epoch_day(date(2028, 2, 29)) * DAY_SECONDS, "first_response": 5.0}
    with open_store(tmp_path) as store:
        load(store, session_plan("会话.xlsx", [row], exported=datetime(2028, 8, 1)))
        with store.reading() as conn:
            engine = MetricEngine(conn)
            page = compute(engine, PageRequest(Filter(Period.of_day(date(2028, 2, 29)))))
            assert engine(Filter(), By.HOUR, ("sla_rate",))[0].values["sla_rate"].value == 1
    (median,) = page.answer("medians")  # type: ignore[misc]
    assert (median.value, median.low, median.verdict) == (5.0, None, "no_data")
    assert "内（只有 1 次，只供参考）。" in page.lead_text
    assert page.answer("peaks")["text"] == "会话不到 30 次（1 次），看不出什么时候最忙。"  # type: ignore[index]
    assert page.findings == ()


def test_slow_and_quick_days_widen_what_is_said_of_medians(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    rows = []
    for offset in range(-30, 30):
        day = START + timedelta(offset)
        level = 60 * float(np.exp(chance.normal(0, 0.4)))
        for wait in chance.exponential(level, 25).round(1).tolist():
            moment = to_epoch_day(day) * DAY_SECONDS + 36_000
            rows.append(
                {"session_key": f"{len(rows)}", "agent": "小美", "started_at": moment, "first_response": wait}
            )  # fmt: skip
    with open_store(tmp_path) as store:
        load(store, session_plan("会话.xlsx", rows, exported=datetime(2026, 8, 1), chunk_rows=500))
        with store.reading() as conn:
            page = compute(MetricEngine(conn), PageRequest(Filter(APRIL), Compare.PREVIOUS, events=(SALE,)))
    (answer,) = page.answer("medians")  # type: ignore[misc]
    sides = [
        sort([row["first_response"] for row in rows if (row["started_at"] >= to_epoch_day(START) * DAY_SECONDS) is now])
        for now in (True, False)
    ]
    plain = median_change(*sides)
    assert answer.difference == pytest.approx(plain.difference)
    assert plain.difference is not None
    assert plain.low is not None
    kpi = next(kpi for kpi in page.kpis if kpi.metric == "first_response_median")
    assert kpi.change is not None
    assert kpi.change.spread > 2
    assert answer.difference - answer.difference_low == pytest.approx(
        np.sqrt(kpi.change.spread) * (plain.difference - plain.low)
    )
    effect = page.answer("promotions")["events"][0]  # type: ignore[index]
    mine = [day_of(row) in SALE.period for row in rows]
    weekdays = {day.weekday() for day in SALE.period}
    special = {day for event in events_during(Period(date(2026, 3, 1), APRIL.last)) for day in event.period}
    alone = median_change(
        sort([row["first_response"] for row, sale in zip(rows, mine, strict=True) if sale]),
        sort([
            row["first_response"] for row, sale in zip(rows, mine, strict=True)
            if not sale and day_of(row).weekday() in weekdays and day_of(row) not in special
            and day_of(row) >= START - timedelta(28)
        ]),
    )  # fmt: skip
    assert alone.high is not None
    assert alone.low is not None
    assert effect.difference == pytest.approx(alone.difference)
    assert effect.high - effect.low > 1.4 * (alone.high - alone.low)
