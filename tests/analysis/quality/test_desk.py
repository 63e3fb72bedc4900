"""What is found in small stores made for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from csdesk.analysis.quality.desk import QualityDesk
from csdesk.analysis.quality.json import quality_json, warnings
from csdesk.domain.filters import Filter
from csdesk.errors import UserFault
from csdesk.ingest.load import load, undo
from csdesk.ingest.model import AgentRef, Plan, Problem, SumOutcome
from csdesk.metrics.engine import compute
from csdesk.store.database import Store, open_store
from tests.store.builders import at, record_plan, report_plan, session, session_plan

DAY = date(2026, 2, 16)
LATER = datetime(2026, 3, 10)


def sycm(plan: Plan) -> Plan:
    """The same table as 生意参谋 would export it."""
    plan.source = "sycm"
    return plan


def loaded(folder: Path, *plans: Plan) -> Store:
    store = open_store(folder)
    for plan in plans:
        load(store, plan, delays={})
    return store


def chats(name: str = "会话.xlsx", count: int = 40, **changes: Any) -> Plan:
    rows = [
        {**session(f"session{number:04}", "小美"), "first_response": 5.0 + number % 9, "avg_response": 9.0,
         "category": "物流" if number % 4 else None, "rating": 5 if number % 2 else None}
        for number in range(count)
    ]  # fmt: skip
    for number, row in enumerate(changes.pop("rows", [])):
        rows[number].update(row)
    return session_plan(name, rows, exported=LATER, **changes)


def test_one_consistent_file_gives_nothing_to_look_at(tmp_path: Path) -> None:
    with loaded(tmp_path, report_plan("赤兔.xlsx", [("小美", DAY, {"received": 9.0})], exported=LATER)) as store:
        quality = QualityDesk(store).look()
        assert warnings(quality) == []
        assert (quality.odd, quality.differences, quality.missing) == ((), (), ())


def test_empty_cells_cost_metrics_rows_and_unrated_sessions_cost_none(tmp_path: Path) -> None:
    with loaded(tmp_path, chats()) as store:
        missing = {one.field: one for one in QualityDesk(store).look().missing}
        category = missing["category"]
        assert (category.title, category.rows, category.empty, category.lacking) == ("咨询分类", 40, 10, 0)
        assert [(loss.metric, loss.rows) for loss in category.losses] == [("category_share", 10)]
        assert missing["rating"].meaning == "买家没有评价"
        assert missing["rating"].losses == ()
        assert {loss.metric for loss in missing["resolved"].losses} == {"resolution_rate"}
        assert missing["resolved"].lacking == missing["resolved"].losses[0].rows == 40


def test_a_rating_column_serves_for_the_rated_one(tmp_path: Path) -> None:
    with loaded(tmp_path, chats()) as store:
        missing = {one.field: one for one in QualityDesk(store).look().missing}
        assert "ratings_received" not in {loss.metric for loss in missing["rated"].losses}
        assert "invites_sent" in {loss.metric for loss in missing["invited"].losses}


def test_empty_cells_of_reports_by_what_the_file_could_have_given(tmp_path: Path) -> None:
    rows: list[tuple[str | None, date, dict[str, float | None]]] = [
        ("小美", DAY, {"received": 9.0, "satisfaction_rate": 0.9, "ratings_received": 10.0}),
        ("小王", DAY, {"received": 9.0, "satisfaction_rate": None, "ratings_received": 10.0}),
        ("阿强", DAY, {"received": 9.0, "ratings_received": 10.0}),
    ]
    with loaded(tmp_path, report_plan("赤兔.xlsx", rows, exported=LATER)) as store:
        (one,) = QualityDesk(store).look().missing
        assert (one.source, one.title, one.rows, one.empty, one.late) == ("赤兔", "客户满意率", 3, 1, 1)
        assert [(loss.metric, loss.rows) for loss in one.losses] == [("satisfaction_rate", 2)]


def test_odd_values_are_found_with_examples_and_decided_on(tmp_path: Path) -> None:
    odd_rows = [{"first_response": 0.0}, {"first_response": 50_000.0}, {"first_response": 90_000.0}]
    with loaded(tmp_path, chats(rows=odd_rows)) as store:
        desk = QualityDesk(store)
        found = {one.id: one for one in desk.look().odd}
        zero, long = found["session:first_response:zero:0::0"], found["session:first_response:long:0::0"]
        assert (zero.count, zero.title, zero.actions) == (1, "首次响应时长是 0 秒", ("keep", "exclude"))
        assert (long.count, long.limit, long.actions) == (2, "12小时", ("keep", "exclude", "cap"))
        assert [one.value for one in long.examples] == ["25小时", "13小时53分"]
        assert (long.examples[0].who, long.examples[0].when) == ("小美", "2026-02-16 12:00")
        ways = {one.metric: one for one in long.metrics}["first_response_mean"]
        before = compute(store, Filter(), None, ["first_response_mean"])[0].values["first_response_mean"].value
        assert ways.keep == before
        desk.decide(long.id, "cap")
        after = compute(store, Filter(), None, ["first_response_mean"])[0].values["first_response_mean"].value
        assert after == ways.cap
        decided = {one.id: one for one in desk.look().odd}[long.id]
        assert decided.decided == "cap"
        assert {one.metric: one for one in decided.metrics}["first_response_mean"] == ways
        desk.decide(long.id, None)
        again = compute(store, Filter(), None, ["first_response_mean"])[0].values["first_response_mean"].value
        assert again == before


def test_decisions_that_cannot_be_are_refused(tmp_path: Path) -> None:
    with loaded(tmp_path, chats(rows=[{"first_response": 0.0}])) as store:
        desk = QualityDesk(store)
        with pytest.raises(UserFault, match="没有了"):
            desk.decide("session:first_response:long:0::0", "cap")
        with pytest.raises(UserFault, match="不能这样"):
            desk.decide("session:first_response:zero:0::0", "cap")


def test_a_decision_stays_in_the_list_when_nothing_is_left_of_its_values(tmp_path: Path) -> None:
    plan = chats(rows=[{"first_response": 0.0}])
    with loaded(tmp_path, plan) as store:
        desk = QualityDesk(store)
        desk.decide("session:first_response:zero:0::0", "exclude")
        assert plan.batch is not None
        undo(store, plan.batch)
        (left,) = desk.look().odd
        assert (left.count, left.decided) == (0, "exclude")
        desk.decide(left.id, None)
        assert desk.look().odd == ()


def test_dates_in_the_future_and_amounts_far_off_in_orders(tmp_path: Path) -> None:
    orders: list[dict[str, Any]] = [
        {"order_id": f"order{number:04}", "created_at": at(0), "paid_at": at(1), "paid_fen": 1990 + 10 * number}
        for number in range(60)
    ]
    orders[3]["paid_fen"] = 99_000_000
    orders[4]["paid_at"] = at(90_000)
    orders[5]["paid_at"] = at(0) - 3600
    with loaded(tmp_path, record_plan("订单.xlsx", {"order_head": orders}, exported=LATER)) as store:
        found = {(one.subject.field, one.subject.fault): one for one in QualityDesk(store).look().odd}
        assert {key: one.count for key, one in found.items()} == {
            ("paid_fen", "far"): 1, ("", "future"): 1, ("paid_at", "backwards"): 1,
        }  # fmt: skip
        assert found["paid_fen", "far"].examples[0].value == "¥990,000.00"
        assert found["paid_fen", "far"].examples[0].key == "order0003"
        assert all(one.actions == () for one in found.values())


def test_two_sources_are_compared_within_their_rounding(tmp_path: Path) -> None:
    def told(name: str, first: float, rate: float, received: float) -> Plan:
        values: dict[str, float | None] = {
            "received": received, "first_response": first, "satisfaction_rate": rate, "ratings_received": 40.0,
        }  # fmt: skip
        return report_plan(name, [("小美", DAY, values)], exported=LATER)

    plans = (told("赤兔.xlsx", 12.4, 0.95, 30.0), sycm(told("生意参谋.xlsx", 12.0, 0.9512, 33.0)))
    with loaded(tmp_path, *plans) as store:
        quality = QualityDesk(store).look()
        assert {one.metric for one in quality.differences} == {"received", "received_buyers"}
        one = quality.differences[0]
        assert (one.one_source, one.one, one.other_source, one.other) == ("赤兔", "30", "生意参谋", "33")
        assert (one.difference, one.who, one.days) == ("+3", "小美", "2026-02-16")
        assert [(each.cells, each.cells - each.equal) for each in quality.compared] == [(5, 2)]
        (warning, _) = warnings(quality)
        assert warning["kind"] == "cross_check"
        assert warning["severity"] == "warning"


def test_provisional_numbers_and_other_days_are_not_compared(tmp_path: Path) -> None:
    one = report_plan("赤兔.xlsx", [("小美", DAY, {"received": 30.0})], exported=LATER)
    other = sycm(report_plan("参谋.xlsx", [("小美", date(2026, 2, 17), {"received": 40.0})], exported=LATER))
    early = sycm(report_plan("参谋早.xlsx", [("小美", DAY, {"received": 20.0})], exported=datetime(2026, 2, 16, 9)))
    with loaded(tmp_path, one, other, early) as store:
        quality = QualityDesk(store).look()
        assert (quality.differences, quality.compared) == ((), ())


def test_session_rows_are_held_against_reports_where_they_cover_the_days(tmp_path: Path) -> None:
    report = report_plan("赤兔.xlsx", [("小美", DAY, {"received": 44.0, "ratings_received": 20.0})], exported=LATER)
    with loaded(tmp_path, chats(), report) as store:
        differences = {one.metric: one for one in QualityDesk(store).look().differences}
        assert (differences["received"].one, differences["received"].other) == ("40", "44")
        assert "ratings_received" not in differences


def test_fewer_people_than_sessions_are_no_reason_for_doubt(tmp_path: Path) -> None:
    report = report_plan("赤兔.xlsx", [("小美", DAY, {"received": 31.0})], exported=LATER)
    with loaded(tmp_path, chats(), report) as store:
        quality = QualityDesk(store).look()
        assert [(one.metric, one.explained) for one in quality.differences] == [("received", True)]
        assert "去重" in quality.differences[0].reason
        assert warnings(quality) == []


def test_ratings_given_unasked_are_no_reason_for_doubt(tmp_path: Path) -> None:
    def told(name: str, ratings: float, rate: float) -> Plan:
        return report_plan(
            name, [("小美", DAY, {"ratings_received": ratings, "satisfaction_rate": rate})], exported=LATER
        )

    with loaded(tmp_path, told("赤兔.xlsx", 40.0, 0.95), sycm(told("参谋.xlsx", 47.0, 0.85))) as store:
        quality = QualityDesk(store).look()
        assert {(one.metric, one.explained) for one in quality.differences} == {
            ("ratings_received", True), ("satisfaction_rate", True),
        }  # fmt: skip
        assert all("自己去评" in one.reason for one in quality.differences)
        assert warnings(quality) == []


def test_fewer_ratings_elsewhere_than_the_cards_brought_in_are_doubtful(tmp_path: Path) -> None:
    def told(name: str, ratings: float) -> Plan:
        return report_plan(name, [("小美", DAY, {"ratings_received": ratings})], exported=LATER)

    with loaded(tmp_path, told("赤兔.xlsx", 47.0), sycm(told("参谋.xlsx", 40.0))) as store:
        (one,) = QualityDesk(store).look().differences
        assert not one.explained


def test_machines_are_not_compared(tmp_path: Path) -> None:
    def told(value: float) -> Plan:
        plan = report_plan(f"{value}.xlsx", [("店小蜜", DAY, {"received": value})], exported=LATER)
        plan.staged.agents["店小蜜"] = AgentRef("店小蜜", kind="robot")
        return plan

    with loaded(tmp_path, told(5.0), sycm(told(9.0))) as store:
        assert QualityDesk(store).look().compared == ()


def test_failed_sum_checks_and_unreadable_cells_are_kept_until_undone(tmp_path: Path) -> None:
    plan = report_plan("赤兔.xlsx", [("小美", DAY, {"received": 9.0})], exported=LATER)
    plan.sums = [SumOutcome("接待人数", "B9", "接待人数：“汇总”行写的是 7，各行相加是 9。", agrees=False)]
    plan.problems = [Problem("", "C3", "评分", "9", "评分应是 1–5")]
    with loaded(tmp_path, plan) as store:
        desk = QualityDesk(store)
        (warning,) = warnings(desk.look())
        assert (warning["kind"], warning["batch"]) == ("sum_check", 1)
        assert [(one.column, one.cells) for one in desk.look().unreadable] == [("评分", 1)]
        undo(store, 1)
        assert warnings(desk.look()) == []
        assert desk.look().unreadable == ()


TEAM = ("小美", "小王", "阿强")


def team(name: str, shop: str, day: int, more: float = 0.0) -> Plan:
    rows: list[tuple[str | None, date, dict[str, float | None]]] = [
        (
            agent,
            date(2026, 2, day),
            {"received": 9.0 + at_ + more, "messages": 70.0 + at_ + more, "consulted": 12 + more},
        )
        for at_, agent in enumerate(TEAM)
    ]
    return report_plan(name, rows, exported=LATER, shop=shop)


def other_team(plan: Plan) -> Plan:
    for position, cell in enumerate(plan.staged.reports):
        if cell.agent is not None:
            plan.staged.reports[position] = replace(cell, agent=replace(cell.agent, name=f"乙{cell.agent.name}"))
    return plan


def test_people_of_another_shop_make_an_import_suspect(tmp_path: Path) -> None:
    plans = (team("甲.xlsx", "甲店", 16), other_team(team("乙.xlsx", "乙店", 16)), team("错.xlsx", "乙店", 17))
    with loaded(tmp_path, *plans) as store:
        (suspect,) = QualityDesk(store).look().suspects
        assert (suspect.file, suspect.shop, suspect.other) == ("错.xlsx", "乙店", "甲店")
        assert "3 位客服有 3 位" in suspect.text


def test_people_who_serve_both_shops_do_not(tmp_path: Path) -> None:
    with loaded(tmp_path, team("甲.xlsx", "甲店", 16), team("乙.xlsx", "乙店", 16, more=5.0)) as store:
        assert QualityDesk(store).look().suspects == ()


def test_the_same_numbers_in_two_shops_make_the_later_import_suspect(tmp_path: Path) -> None:
    with loaded(tmp_path, team("甲.xlsx", "甲店", 16), team("乙.xlsx", "乙店", 16)) as store:
        (suspect,) = QualityDesk(store).look().suspects
        assert (suspect.file, suspect.other) == ("乙.xlsx", "甲店")
        assert "完全一样" in suspect.text


def test_orders_of_another_shop_make_an_import_suspect(tmp_path: Path) -> None:
    orders = [{"order_id": f"3344556677{number:04}", "created_at": at(0), "paid_fen": 1990} for number in range(9)]
    plans = (
        record_plan("甲.xlsx", {"order_head": orders}, exported=LATER, shop="甲店"),
        record_plan("乙.xlsx", {"order_head": orders[:4]}, exported=LATER, shop="乙店"),
    )
    with loaded(tmp_path, *plans) as store:
        (suspect,) = QualityDesk(store).look().suspects
        assert "4 个订单或会话编号" in suspect.text
        assert suspect.file == "乙.xlsx"


def test_the_work_is_done_once_for_a_data_version(tmp_path: Path) -> None:
    with loaded(tmp_path, chats()) as store:
        desk = QualityDesk(store)
        steps: list[float] = []
        first = desk.look(steps.append)
        assert steps == sorted(steps)
        assert desk.look() is first
        load(store, chats("又.xlsx", 41), delays={})
        assert desk.look() is not first
        assert set(quality_json(first)) == {
            "missing",
            "outliers",
            "unreadable",
            "compared",
            "contradictions",
            "sum_checks",
        }
