"""What the 邀评 page tells of sessions and invitations, against the same counted by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csdesk.analysis.frame import PageRequest
from csdesk.analysis.invites import compute
from csdesk.analysis.inviting.cells import InviteSlice, by_category, by_hour, by_product
from csdesk.analysis.inviting.losses import invited_and_self, losses
from csdesk.analysis.inviting.selective import selective_invites
from csdesk.analysis.inviting.times import best_time, timings_of
from csdesk.analysis.json import plain
from csdesk.charts.build import FunnelStep
from csdesk.domain.filters import Filter
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine
from csdesk.metrics.model import By
from csdesk.metrics.rows.reduce import reduce
from csdesk.metrics.rows.rules import MedianWait
from csdesk.store.database import open_store
from tests.fake_engine import FakeEngine, rate
from tests.row_tables import rows_made
from tests.store.builders import DAY_SECONDS, FIRST_DAY, record_plan, session_plan

Row = dict[str, Any]
NOTHING = rows_made("invitation", [])


def talks(seed: int, size: int = 600) -> list[Row]:
    chance = random.Random(seed)
    return [
        {
            "day": 3, "at": float(3 * DAY_SECONDS + chance.randrange(DAY_SECONDS)),
            "category": chance.choice((None, "物流", "尺码")),
            "invited": chance.choice((None, 0.0, 1.0, 1.0)), "rated": chance.choice((None, 0.0, 0.0, 1.0)),
            "resolved": chance.choice((None, 0.0, 1.0)),
            "first_response": chance.choice((None, 5.0, 60.0, 61.0, 400.0)),
        }
        for _ in range(size)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_slices_by_hand(seed: int) -> None:
    rows = talks(seed)
    sessions = rows_made("session", rows)

    def check(found: tuple[InviteSlice, ...], key: Callable[[Row], Any]) -> None:
        known = [row for row in rows if row["invited"] is not None]
        assert {one.key for one in found} == {key(row) for row in known}
        for one in found:
            mine = [row for row in known if key(row) == one.key]
            asked = [row for row in mine if row["invited"]]
            told = [row for row in asked if row["rated"] is not None]
            assert (one.sessions, one.invited) == (len(mine), len(asked))
            assert (one.answered, one.rated) == (len(told), sum(row["rated"] for row in told))

    check(by_hour(sessions), lambda row: int(row["at"] % DAY_SECONDS // 3600))
    check(by_category(sessions), lambda row: row["category"] or "未分类")
    assert [one.key for one in by_category(sessions)][-1] == "未分类"
    assert by_product(FakeEngine([]), sessions, Filter()) == ()


def test_the_page_agrees_with_the_metrics(tmp_path: Path) -> None:
    chance = random.Random(8)
    rows = [
        {
            "session_key": f"S{at}", "agent": "小美",
            "started_at": FIRST_DAY * DAY_SECONDS + chance.randrange(5 * DAY_SECONDS),
            "invited": int(chance.random() < 0.6), "rated": int(chance.random() < 0.3),
            "category": chance.choice(("物流", "尺码")), "rating": None,
            "order_id": f"N{at % 50}", "resolved": int(chance.random() < 0.7), "first_response": 10.0,
        }
        for at in range(300)
    ]  # fmt: skip
    lines = [
        {"order_id": f"N{at}", "line_id": f"L{at}", "title": ("杯", "伞")[at % 2], "paid_at": FIRST_DAY * DAY_SECONDS}
        for at in range(40)
    ]
    with open_store(tmp_path) as store:
        load(store, session_plan("会话.xlsx", rows, exported=datetime(2026, 6, 1), chunk_rows=100))
        heads = [{"order_id": line["order_id"], "paid_at": line["paid_at"]} for line in lines]
        load(store, record_plan("订单.xlsx", {"order_head": heads}, exported=datetime(2026, 6, 1), chunk_rows=100))
        load(store, record_plan("商品.xlsx", {"order_line": lines}, exported=datetime(2026, 6, 1), chunk_rows=100))
        with store.reading() as conn:
            engine = MetricEngine(conn)
            result = compute(engine, PageRequest(Filter()))
            by = {"by_hour": By.HOUR, "by_category": By.CATEGORY}
            for answer, split in by.items():
                values = {row.key: row.values for row in engine(Filter(), split, ("invite_rate", "review_rate"))}
                for one in plain(result.answer(answer)):
                    assert (one["invited"], one["sessions"]) == (
                        values[one["key"]]["invite_rate"].numerator, values[one["key"]]["invite_rate"].denominator,
                    )  # fmt: skip
                    assert (one["rated"], one["answered"]) == (
                        values[one["key"]]["review_rate"].numerator, values[one["key"]]["review_rate"].denominator,
                    )  # fmt: skip
            products = {one["key"]: one["sessions"] for one in plain(result.answer("by_product"))}
            assert products == {"杯": 120, "伞": 120}
            assert [one["after"] for one in plain(result.answer("funnel_losses"))] == ["邀评", "收到评价", "满意"]
            assert plain(result.answer("selective_invites"))["status"] == "ok"
            (agent,) = plain(result.answer("by_agent"))
            assert (agent["key"], agent["received"], agent["invite_rate"]["numerator"]) == (
                "小美", 300, sum(row["invited"] for row in rows),
            )  # fmt: skip


def leaning(seed: int, asked: Callable[[str, bool], float], size: int = 900) -> list[Row]:
    """Sessions of two categories: 物流 is solved often, 退换 rarely; ``asked``: chance of an invitation."""
    random_numbers = np.random.default_rng(seed)
    rows = []
    for _ in range(size):
        category = "物流" if random_numbers.random() < 0.5 else "退换"
        solved = bool(random_numbers.random() < (0.9 if category == "物流" else 0.3))
        invited = float(random_numbers.random() < asked(category, solved))
        rows.append(
            {"day": 1, "category": category, "resolved": float(solved), "invited": invited, "first_response": 20.0}
        )
    return rows


def test_a_leaning_that_the_categories_explain_is_none() -> None:
    """物流 is asked more, solved or not: the plain rates differ, sessions alike do not."""
    verdicts = []
    for seed in range(40):
        found = selective_invites(
            rows_made("session", leaning(seed, lambda category, _solved: 0.8 if category == "物流" else 0.3))
        )
        look = found.looks[0]
        assert (look.first.rate or 0) - (look.second.rate or 0) > 0.15
        verdicts.append(look.verdict)
    assert verdicts.count("no_clear_difference") >= 35
    assert "看不出差别" in found.text or verdicts[-1] != "no_clear_difference"


def test_a_real_leaning_is_found_and_said_plainly() -> None:
    found = selective_invites(rows_made("session", leaning(1, lambda _category, solved: 0.7 if solved else 0.4)))
    look = found.looks[0]
    assert (look.by, look.verdict) == ("resolved", "more")
    assert look.difference == pytest.approx(0.3, abs=0.08)
    assert "个百分点" in found.text
    assert found.text.endswith("满意率说的主要是被邀请的会话，看的时候留意这一点。")
    assert len(found.looks) == 1  # every first answer was quick: nothing to compare there


def test_robots_that_invite_nobody_are_no_leaning_of_people() -> None:
    people = leaning(3, lambda _category, _solved: 0.6)
    robots = [
        {"day": 1, "agent": 9, "category": one["category"], "resolved": 0.0, "invited": 0.0, "first_response": 1.0}
        for one in people[:400]
    ]
    alone = selective_invites(rows_made("session", people))
    both = selective_invites(rows_made("session", [*people, *robots], robots={9}))
    assert both == alone
    assert selective_invites(rows_made("session", [*people, *robots])) != alone
    only = selective_invites(rows_made("session", robots, robots={9}))
    assert (only.status, only.text) == ("not_provided", "会话都是机器人接的，没有客服的邀评可看。")


def test_nobody_says_who_was_invited() -> None:
    assert selective_invites(rows_made("session", [{"day": 1, "resolved": 1.0}])).status == "not_provided"
    assert selective_invites(rows_made("session", [])).status == "not_provided"
    few = selective_invites(
        rows_made("session", [{"day": 1, "resolved": float(at % 2), "invited": 1.0} for at in range(8)])
    )
    assert [look.verdict for look in few.looks] == ["too_few"]
    alike = selective_invites(rows_made("session", [{"day": 1, "resolved": 1.0, "invited": 1.0} for _ in range(8)]))
    assert alike.text == "8 次会话的解决情况、响应快慢都一样，没有另一边可比，看不出邀评有没有偏向。"
    untold = selective_invites(rows_made("session", [{"day": 1, "invited": 1.0}]))
    assert untold.text == "会话明细里没有“是否解决”和“首次响应”，看不出邀评有没有偏向。"


def test_no_difference_is_never_said_beside_an_interval_without_zero() -> None:
    unsure = 0
    for seed in range(40):
        rows = leaning(seed, lambda _category, solved: 0.58 if solved else 0.5, 500)
        rows = [{**row, "first_response": 20.0 + 80 * (at % 2)} for at, row in enumerate(rows)]
        found = selective_invites(rows_made("session", rows))
        for look in found.looks:
            holds = look.low is None or look.high is None or look.low <= 0 <= look.high
            assert ("看不出差别" in look.text) <= holds
            unsure += "还不够确定" in look.text
    assert unsure


def test_points_are_written_as_points() -> None:
    total = {
        "satisfaction_rate.invited": rate("satisfaction_rate", 100, 100),
        "satisfaction_rate.self": rate("satisfaction_rate", 40, 50),
    }
    assert invited_and_self(total).text == (
        "邀请来的满意率 100%（n=100），自主的 80.0%（n=50）；差 20.0 个百分点（95% 区间 +10.5 至 +33.0 个百分点）。"
        "两组买家不同，高低不等于邀请的效果。"
    )


def asked_at(seed: int, chance: Callable[[int], float]) -> list[Row]:
    random_numbers = np.random.default_rng(seed)
    rows = []
    for number in range(1200):
        hour = 9 + number % 12
        sent = 5 * DAY_SECONDS + hour * 3600.0
        came = random_numbers.random() < chance(hour)
        rows.append({"day": 5, "at": sent, "sent_at": sent, "rated_at": sent + 600 + 40 * number if came else None})
    return rows


def test_the_better_hour_is_found_and_quiet_otherwise() -> None:
    wrong = 0
    for seed in range(60):
        found = best_time((), rows_made("invitation", asked_at(seed, lambda _hour: 0.3)), ())
        wrong += any(one.verdict in {"higher", "lower"} for one in found.by_hour)
    assert wrong <= 6  # at most 5 % of 60, and what chance adds to it
    found = best_time((), rows_made("invitation", asked_at(1, lambda hour: 0.6 if hour == 20 else 0.3)), ())
    assert (found.hours_from, found.best_hours) == ("invitations", (20,))
    assert found.text.startswith("20 点（")
    assert {one.hour: one.n for one in found.by_hour} == dict.fromkeys(range(9, 21), 100)


def test_waits_of_invitations() -> None:
    rows = asked_at(2, lambda _hour: 0.7)
    invitations = rows_made("invitation", rows)
    newest = max(max(row["sent_at"], row["rated_at"] or 0) for row in rows)
    waits = sorted(((row["rated_at"] or newest) - row["sent_at"], row["rated_at"] is None) for row in rows)
    share, left = 1.0, len(waits)
    median = None
    for wait, still in waits:
        share *= 1 if still else 1 - 1 / left
        left -= 1
        if share <= 0.5 and median is None:
            median = wait
    found = reduce(MedianWait("rating_wait", "rating_came"), invitations, np.zeros(len(rows), dtype=np.int64), 1)
    assert found.value is not None
    assert found.value[0] == median
    (curve,) = timings_of(invitations, None)
    assert (curve.origin, curve.curve.n, curve.curve.rated) == (
        "invited",
        1200,
        sum(row["rated_at"] is not None for row in rows),
    )
    assert curve.curve.median_days == pytest.approx(median / DAY_SECONDS)  # type: ignore[operator]
    (waiting,) = timings_of(rows_made("invitation", [{**row, "rated_at": None} for row in rows[:40]]), None)
    assert waiting.text == "从发出邀评算起，到现在一个评价也没有（40 个邀评）。"
    assert best_time((), NOTHING, (waiting,)).text.endswith("有评价的不到 30 个（0/40），看不出哪一天多。")


def test_no_invitations_and_no_sessions() -> None:
    found = best_time((), NOTHING, ())
    assert (found.by_hour, found.best_hours, found.day, found.text) == ((), (), None, "还没有逐条的邀评数据。")
    assert timings_of(NOTHING, None) == ()


def test_losses_and_gaps() -> None:
    steps = [
        FunnelStep("接待", 100),
        FunnelStep("邀评", 60),
        FunnelStep("收到评价", None, why="抖店不提供"),
        FunnelStep("满意", 0),
    ]
    first, second, third = losses(steps)
    assert (first.lost, first.share, first.share_of_first) == (40, 0.4, 0.4)
    assert (second.lost, second.why) == (None, "抖店不提供")
    assert third.lost is None
    assert losses([FunnelStep(name, 0) for name in "接邀收满"])[0].share is None


def test_invited_and_unasked() -> None:
    total = {
        "satisfaction_rate.invited": rate("satisfaction_rate", 92, 100),
        "satisfaction_rate.self": rate("satisfaction_rate", 96, 100),
    }
    found = invited_and_self(total)
    assert found.difference == pytest.approx(-0.04)
    assert (round(found.low or 0, 3), round(found.high or 0, 3)) == (-0.114, 0.030)
    assert "看不出差别" in found.text
    assert invited_and_self({}).verdict == "no_data"
    few = {**total, "satisfaction_rate.self": rate("satisfaction_rate", 5, 5)}
    assert invited_and_self(few).verdict == "too_few"
