"""Low ratings, speed beside satisfaction, surveys and complaints against sums written out by hand."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from csdesk.analysis.frame import PageRequest
from csdesk.analysis.json import page_json
from csdesk.analysis.pages import compute_page
from csdesk.analysis.satisfied.low_ratings import low_ratings
from csdesk.analysis.satisfied.speed import EDGES, TITLES, against_response
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine
from csdesk.store.database import open_store
from tests.row_tables import rows_made
from tests.store.builders import DAY_SECONDS, FIRST_DAY, record_plan, session_plan

Row = dict[str, Any]
NO_TICKETS = rows_made("ticket", [])


def _sessions(size: int, slow_costs: float, seed: int = 3) -> list[Row]:
    """Hard questions are answered later and rated worse; ``slow_costs`` is what waiting itself takes off."""
    chance, rows = random.Random(seed), []
    for _ in range(size):
        category = chance.choice(("物流", "退换货", None))
        wait = round(chance.expovariate(1 / (150 if category == "退换货" else 40)))
        good = (0.7 if category == "退换货" else 0.95) - (slow_costs if wait >= 60 else 0)
        rating = chance.choice((4, 5)) if chance.random() < good else chance.choice((1, 2, 3))
        rows.append(
            {"day": 1, "category": category, "first_response": chance.choice((wait, wait, None)),
             "rating": chance.choice((rating, rating, None))}
        )  # fmt: skip
    return rows


def test_low_ratings_by_category() -> None:
    rows = _sessions(800, 0)
    found = low_ratings(rows_made("session", rows), NO_TICKETS)
    categories = found["categories"]
    assert isinstance(categories, tuple)
    running = 0
    everything = sum(row["rating"] in {1, 2} for row in rows)
    for one in categories:
        mine = [row["rating"] for row in rows if (row["category"] or "未分类") == one.category and row["rating"]]
        low = sum(rating <= 2 for rating in mine)
        running += low
        assert (one.low, one.rated) == (low, len(mine))
        assert one.share == pytest.approx(low / everything)
        assert one.cumulative == pytest.approx(running / everything)
    assert [one.low for one in categories] == sorted((one.low for one in categories), reverse=True)
    assert categories[0].category == "退换货"
    assert categories[0].verdict == "above"
    assert str(found["text"]).startswith(f"低分 {everything} 个，其中退换货 ")
    assert "低分占比高于其他类别的：退换货。" in str(found["text"])


def test_no_ratings_all_good_and_one_rating() -> None:
    none = low_ratings(rows_made("session", [{"day": 1, "category": "物流", "rating": None}]), NO_TICKETS)
    assert (none["low"], none["text"]) == (0, "还没有带评分的会话明细，不知道低分来自哪些问题。")
    good = low_ratings(rows_made("session", [{"day": 1, "category": "物流", "rating": 5}]), NO_TICKETS)
    assert good["text"] == "1 个评价里没有低分。"
    bad = low_ratings(rows_made("session", [{"day": 1, "category": "物流", "rating": 1}]), NO_TICKETS)
    assert bad["text"] == "低分 1 个，其中物流 1 个，占 100%。"


def test_speed_counts_by_hand() -> None:
    rows = _sessions(600, 0.1)
    found = against_response(rows_made("session", rows))
    known = [row for row in rows if row["rating"] and row["first_response"] is not None]
    assert found["n"] == len(known)
    bins = found["bins"]
    assert isinstance(bins, list)
    edges = (*EDGES, float("inf"))
    for at, one in enumerate(bins):
        mine = [row["rating"] for row in known if edges[at] <= row["first_response"] < edges[at + 1]]
        assert (one.title, one.n, one.satisfied) == (TITLES[at], len(mine), sum(rating >= 4 for rating in mine))
    categories = found["categories"]
    assert isinstance(categories, list)
    assert {one["category"] for one in categories} == {"物流", "退换货"}
    within = found["within"]
    assert isinstance(within, Mapping)
    cut = within["cut"]
    top = bottom = 0.0
    for category in ("物流", "退换货", None):
        sides = [
            [r["rating"] >= 4 for r in known if r["category"] == category and (r["first_response"] < cut) is quick]
            for quick in (True, False)
        ]  # fmt: skip
        (k1, n1), (k0, n0) = ((sum(side), len(side)) for side in sides)
        top += (k1 * n0 - k0 * n1) / (n1 + n0)
        bottom += n1 * n0 / (n1 + n0)
    assert within["difference"] == pytest.approx(top / bottom)


def test_hard_questions_are_not_taken_for_slow_answers() -> None:
    unrelated = against_response(rows_made("session", _sessions(4000, 0)))
    rho, within = unrelated["rho"], unrelated["within"]
    assert isinstance(rho, float)
    assert isinstance(within, Mapping)
    assert rho < -0.03  # over everything the slow are rated worse
    assert within["verdict"] == "no_clear_difference"  # but not within a kind of question
    assert "看不出差别" in str(unrelated["text"])
    related = against_response(rows_made("session", _sessions(4000, 0.2)))
    assert isinstance(related["within"], Mapping)
    assert related["within"]["verdict"] == "higher"
    assert related["within"]["trend_z"] < -3
    assert str(related["text"]).endswith("两者一起出现，不等于快慢造成的。")


def test_nothing_to_compare() -> None:
    assert against_response(rows_made("session", []))["rho"] is None
    one = against_response(rows_made("session", [{"day": 1, "first_response": 5, "rating": 5}]))
    assert one["n"] == 1
    assert "看不出" in str(one["text"])


def test_surveys_and_complaints_on_the_page(tmp_path: Path) -> None:
    def answer(day: int, nps: int, csat: int, source: str | None) -> Row:
        return {"answered_at": (FIRST_DAY + day) * DAY_SECONDS, "nps": nps, "csat": csat, "source": source}

    before = [answer(2, at % 11, 1 + at % 5, "问卷") for at in range(110)]
    now = [answer(12, 10 if at % 2 else 8, 5 if at % 4 else 2, "电话" if at % 2 else None) for at in range(80)]
    tickets = [
        {"ticket_id": str(at), "opened_at": (FIRST_DAY + 12) * DAY_SECONDS, "category": ("物流", "质量")[at % 3 == 0],
         "is_complaint": int(at % 2)}
        for at in range(12)
    ]  # fmt: skip
    chats = [
        {"session_key": f"{day}-{at}", "agent": "小美", "started_at": (FIRST_DAY + day) * DAY_SECONDS}
        for day in range(20) for at in range(5)
    ]  # fmt: skip
    with open_store(tmp_path / "data") as store:
        for name, plan in (
            ("问卷", record_plan("a.xlsx", {"survey_answer": before + now}, exported=datetime(2026, 6, 1))),
            ("工单", record_plan("b.xlsx", {"ticket": tickets}, exported=datetime(2026, 6, 1))),
            ("会话", session_plan("c.xlsx", chats, exported=datetime(2026, 6, 1))),
        ):
            assert name
            load(store, plan)
        with store.reading() as conn:
            request = PageRequest(Filter(Period(from_epoch_day(FIRST_DAY + 10), from_epoch_day(FIRST_DAY + 19))))
            result = compute_page("satisfaction", MetricEngine(conn), request)
    told = page_json(result, {})
    surveys, complaints = told["surveys"], told["complaints"]
    assert surveys["nps"]["value"] == pytest.approx(0.5)
    assert surveys["nps"]["previous"]["value"] == pytest.approx((20 - 70) / 110)
    assert surveys["nps"]["verdict"] == "up"
    assert surveys["nps"]["difference_low"] > 0
    assert (surveys["csat"]["n"], surveys["csat"]["satisfied"]) == (80, 60)
    assert surveys["csat"]["levels"] == {"5": 60, "4": 0, "3": 0, "2": 20, "1": 0}
    assert {one["source"]: one["n"] for one in surveys["by_source"]} == {"电话": 40, "未注明来源": 40}
    assert complaints["complaints"]["value"] == 6
    assert complaints["complaint_rate"]["value"] == pytest.approx(6 / 50)
    assert {one["category"]: one["complaints"] for one in complaints["categories"]} == {"物流": 4, "质量": 2}
    assert sum(one["tickets"] for one in told["reasons"]["tickets"]) == 12
