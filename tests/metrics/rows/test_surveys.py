"""Surveys, tickets and sampled conversations against sums written out by hand."""

from __future__ import annotations

import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.ingest.load import load
from csdesk.metrics.engine import compute
from csdesk.metrics.model import By, MetricStatus, MetricValue
from csdesk.stats.promoters import balance_interval
from csdesk.store.database import Store, open_store
from tests.row_tables import rows_made
from tests.store.builders import DAY_SECONDS, FIRST_DAY, record_plan, session_plan

Row = dict[str, Any]
LATER = datetime(2026, 4, 1)


def answers(seed: int, size: int) -> list[Row]:
    chance = random.Random(seed)
    return [
        {
            "answer_id": f"{seed}-{at}",
            "agent": chance.choice(("小美", "小王")),
            "answered_at": (FIRST_DAY + chance.randrange(10)) * DAY_SECONDS + chance.randrange(DAY_SECONDS),
            "csat": chance.choice((None, 1, 2, 3, 4, 4, 5, 5)),
            "nps": chance.choice((None, *range(11))),
            "resolved": chance.choice((None, 0, 1, 1)),
        }
        for at in range(size)
    ]


def tickets(seed: int, size: int) -> list[Row]:
    chance = random.Random(seed)
    rows = []
    for at in range(size):
        opened = (FIRST_DAY + at * 10 // size) * DAY_SECONDS + chance.randrange(DAY_SECONDS)
        rows.append(
            {
                "ticket_id": f"{seed}-{at}", "agent": chance.choice(("小美", "小王")), "opened_at": opened,
                "solved_at": chance.choice((None, opened + 3600)), "status": chance.choice(("处理中", "已完结")),
                "is_complaint": chance.choice((None, 0, 1)),
            }
        )  # fmt: skip
    return rows


def chats(size: int) -> list[Row]:
    chance = random.Random(5)
    return [
        {"session_key": f"s{at}", "agent": chance.choice(("小美", "小王")),
         "started_at": (FIRST_DAY + chance.randrange(10)) * DAY_SECONDS + 40_000}
        for at in range(size)
    ]  # fmt: skip


TAOBAO, DOUYIN, TICKETS, CHATS = answers(1, 90), answers(2, 30), tickets(3, 40), chats(200)
CHECKS: list[Row] = [
    {"check_id": str(at), "agent": "小美", "checked_at": FIRST_DAY * DAY_SECONDS, "total": total, "items": items}
    for at, (total, items) in enumerate([
        (95.0, None), (80.0, "[]"), (79.99, None), (None, None),
        (95.0, json.dumps([["回答准确", 20, 30]], ensure_ascii=False)),
        (60.0, json.dumps([["回答准确", 30, 30], ["态度", 1, 20]], ensure_ascii=False)),
    ])
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with open_store(tmp_path_factory.mktemp("data")) as store:
        load(store, record_plan("甲.xlsx", {"survey_answer": TAOBAO, "quality_check": CHECKS}, exported=LATER))
        load(store, record_plan("工单.xlsx", {"ticket": TICKETS}, exported=LATER))
        load(store, session_plan("会话.xlsx", CHATS, exported=LATER))
        plan = record_plan(
            "乙.xlsx", {"survey_answer": DOUYIN}, exported=LATER, shop="乙店", platform=Platform.DOUYIN
        )  # fmt: skip
        load(store, plan)
        yield store


def whole(store: Store, metric: str, **more: Any) -> MetricValue:
    return compute(store, Filter(**more), None, [metric])[0].values[metric]


def test_net_promoter_score(store: Store) -> None:
    known = [row["nps"] for row in (*TAOBAO, *DOUYIN) if row["nps"] is not None]
    up, down = sum(one >= 9 for one in known), sum(one <= 6 for one in known)
    found = whole(store, "nps")
    assert found.value == pytest.approx((up - down) / len(known), abs=1e-12)
    assert (found.numerator, found.denominator, found.n) == (up - down, len(known), len(known))
    interval = balance_interval(up, down, len(known))
    assert interval is not None
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    by_day = {row.key: row.values["nps"].value for row in compute(store, Filter(), By.DAY, ["nps"])}
    for day in range(10):
        mine = [r["nps"] for r in (*TAOBAO, *DOUYIN)
                if r["nps"] is not None and r["answered_at"] // DAY_SECONDS == FIRST_DAY + day]  # fmt: skip
        expected = sum((one >= 9) - (one <= 6) for one in mine) / len(mine)
        assert by_day[from_epoch_day(FIRST_DAY + day).isoformat()] == pytest.approx(expected)


def test_satisfaction_of_surveys_where_nothing_else_tells(store: Store) -> None:
    known = [(row["csat"], False) for row in TAOBAO if row["csat"]] + [(r["csat"], True) for r in DOUYIN if r["csat"]]
    n = len(known)
    assert whole(store, "ratings_received").value == n
    assert whole(store, "satisfaction_rate").value == pytest.approx(sum(one >= 4 for one, _ in known) / n)
    bad = sum(one <= (3 if douyin else 2) for one, douyin in known)
    assert whole(store, "dissatisfaction_rate").value == pytest.approx(bad / n)
    assert whole(store, "satisfaction_score").value == pytest.approx(sum(one for one, _ in known) / n)
    levels = whole(store, "rating_distribution")
    assert list(levels.counts) == ["很满意", "满意", "一般", "不满", "很不满"]
    assert list(levels.counts.values()) == [sum(one == stars for one, _ in known) for stars in (5, 4, 3, 2, 1)]
    assert whole(store, "satisfaction_rate").sources == ("surveys",)


def test_solved_out_of_tickets(store: Store) -> None:
    closed = sum(row["solved_at"] is not None or row["status"] == "已完结" for row in TICKETS)
    found = whole(store, "resolution_rate")
    assert (found.numerator, found.denominator) == (closed, len(TICKETS))
    assert found.sources == ("tickets",)


def test_accuracy_of_sampled_conversations(store: Store) -> None:
    found = whole(store, "accuracy_rate")
    assert (found.numerator, found.denominator) == (3, 5)  # 95, 80 and full points of the item on it


def test_complaints_over_what_was_received_in_the_shops_with_tickets(store: Store) -> None:
    complaints = sum(row["is_complaint"] == 1 for row in TICKETS)
    found = whole(store, "complaint_rate")
    assert (found.numerator, found.denominator) == (complaints, len(CHATS))
    assert found.variant == "投诉 / 接待量"
    assert found.sources == ("tickets", "sessions")
    by_agent = {row.key: row.values["complaint_rate"] for row in compute(store, Filter(), By.AGENT, ["complaint_rate"])}
    for agent in ("小美", "小王"):
        mine = sum(row["is_complaint"] == 1 for row in TICKETS if row["agent"] == agent)
        assert by_agent[agent].numerator == mine
        assert by_agent[agent].denominator == sum(row["agent"] == agent for row in CHATS)
    days = compute(store, Filter(), By.DAY, ["complaint_rate"])
    assert sum(row.values["complaint_rate"].numerator or 0 for row in days) == complaints
    per_order = whole(store, "complaints_per_1000_orders")
    assert per_order.status is MetricStatus.NO_DATA
    by_category = compute(store, Filter(), By.CATEGORY, ["complaint_rate", "received"])
    assert all(row.values["complaint_rate"].value is None for row in by_category)


def test_complaints_by_orders_where_nothing_was_received(tmp_path: Path) -> None:
    orders = [
        {"order_id": str(at), "paid_at": (FIRST_DAY + at % 30) * DAY_SECONDS, "paid_fen": 100} for at in range(400)
    ]
    late = [{**row, "opened_at": row["opened_at"] + 18 * DAY_SECONDS} for row in TICKETS]
    with open_store(tmp_path) as store:
        load(store, record_plan("甲.xlsx", {"order_head": orders}, exported=LATER))
        load(store, record_plan("工单.xlsx", {"ticket": late}, exported=LATER))
        found, rate = (whole(store, name) for name in ("complaints_per_1000_orders", "complaint_rate"))
        inside = Filter(Period(from_epoch_day(FIRST_DAY + 18), from_epoch_day(FIRST_DAY + 29)))
        same = compute(store, inside, None, ["complaint_rate"])[0].values["complaint_rate"]
    complaints = sum(row["is_complaint"] == 1 for row in TICKETS)
    counted = sum(row["paid_at"] // DAY_SECONDS >= FIRST_DAY + 18 for row in orders)
    assert found.value == pytest.approx(1000 * complaints / counted)
    assert rate.variant == "投诉 / 付款订单数（没有接待量）"
    assert rate.left_out
    assert "只算" in rate.left_out[0].reason
    assert same.value == pytest.approx(rate.value)


def test_blank_complaints_of_a_file_with_the_column_are_none() -> None:
    rows = rows_made("ticket", [{"day": 1, "is_complaint": None}, {"day": 2, "is_complaint": 1}])
    assert rows.number("complaint").tolist() == [0, 1]
    unknown = rows_made("ticket", [{"day": 1, "category": "物流"}])
    assert unknown.number("complaint").tolist() != [0]
