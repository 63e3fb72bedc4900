"""Rows of every kind as the pages read them, what their files left out, and which days are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.ingest.load import load, undo
from csdesk.ingest.model import AgentRef, RejectedRow
from csdesk.store import agents, presence, records, rejected_rows
from csdesk.store.check import check
from csdesk.store.database import Store
from csdesk.store.kinds import KINDS, ORDER_HEAD, ORDER_LINE, SESSION, TICKET
from tests.store.builders import FIRST_DAY, at, record_plan, report_plan, session, session_plan

EARLY, LATE = datetime(2026, 3, 1), datetime(2026, 3, 2)
ALL = Filter()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        yield opened
        assert check(opened) == []


def test_the_tables_are_what_the_kinds_declare(store: Store) -> None:
    sql_names = {"agent_id": "INTEGER", "day": "INTEGER"}
    with store.reading() as conn:
        for kind in KINDS.values():
            row = {name: sql for _, name, sql, *_ in conn.execute(f"PRAGMA table_info({kind.name})")}
            word = {name: sql for _, name, sql, *_ in conn.execute(f"PRAGMA table_info({kind.name}_version)")}
            said = {name: sql_names.get(name) or kind.columns[name] for name in kind.stored}
            assert {name: row[name] for name in said} == said
            assert {name: word[name] for name in said} == said
            rest = {"id", "shop_id", kind.key, "fields", "versions", "batch_id"}
            assert set(row) == set(said) | rest
            assert set(word) == {*said, kind.ref, "batch_id", "fields"}
            assert len(kind.fields) < 62, "a mask is one SQLite integer"


def test_the_bits_of_a_mask_never_change() -> None:
    assert SESSION.fields[:3] == ("agent", "started_at", "ended_at")
    assert SESSION.mask({"buyer_mask"}) == 1 << 17
    assert ORDER_HEAD.fields[:6] == ("agent", "status", "created_at", "paid_at", "shipped_at", "signed_at")


@pytest.mark.parametrize("newer_first", [False, True])
def test_the_day_of_an_order_follows_from_what_all_files_say(store: Store, newer_first: bool) -> None:
    paid = {"order_id": "1", "created_at": at(0), "paid_at": at(2), "paid_fen": 500}
    done = {"order_id": "1", "created_at": at(0), "status": "已完成"}
    plans = [
        record_plan("旧.xlsx", {"order_head": [paid]}, exported=EARLY),
        record_plan("新.xlsx", {"order_head": [done]}, exported=LATE),
    ]
    for plan in reversed(plans) if newer_first else plans:
        load(store, plan, delays={})
    with store.reading() as conn:
        found = records.rows(conn, ORDER_HEAD, ALL, ("order_id", "paid_fen", "status")).fetchall()
    assert [row[1:] for row in found] == [(FIRST_DAY + 2, "1", 500, "已完成")]
    assert plans[0].batch is not None
    undo(store, plans[0].batch)
    with store.reading() as conn:
        assert [row[1:] for row in records.rows(conn, ORDER_HEAD, ALL, ("paid_fen",))] == [(FIRST_DAY, None)]


def test_heads_and_lines_of_one_file_are_one_batch_counted_by_the_first_kind(store: Store) -> None:
    rows: dict[str, list[dict[str, Any]]] = {
        "order_line": [{"order_id": "1", "line_id": str(n), "title": "杯子", "quantity": n} for n in range(3)],
        "order_head": [{"order_id": "1", "created_at": at(0)}],
    }
    plan = record_plan("订单.xlsx", rows, exported=EARLY)
    assert (load(store, plan, delays={}).inserted, plan.rows.read) == (3, 3)
    again = record_plan("订单 又.xlsx", rows, exported=EARLY)
    assert load(store, again, delays={}).duplicate == 3
    assert plan.period == Period(date(2026, 2, 16), date(2026, 2, 16))
    with store.reading() as conn:
        assert records.count(conn, ORDER_LINE, ALL) == 3
        assert records.count(conn, ORDER_LINE, Filter(period=plan.period)) == 0, "these lines have no day"
        assert records.coverage(conn, ORDER_LINE, ALL) == []
        assert [row[2:4] for row in records.coverage(conn, ORDER_HEAD, ALL)] == [(FIRST_DAY, FIRST_DAY)] * 2


def test_rows_without_an_id_are_told_apart_the_same_way_in_every_file(store: Store) -> None:
    line = {"order_id": "1", "title": "杯子", "sku": "红", "quantity": 1}
    for name, rows in (("甲.xlsx", [line, line, {**line, "sku": "绿"}]), ("乙.xlsx", [line, line])):
        load(store, record_plan(name, {"order_line": rows}, exported=EARLY, chunk_rows=1), delays={})
    with store.reading() as conn:
        found = records.rows(conn, ORDER_LINE, ALL, ("sku", "line_key")).fetchall()
    assert sorted(row[2] for row in found) == ["红", "红", "绿"]
    assert all(re.fullmatch(r"~[0-9a-f]{24}", row[3]) for row in found)


def test_rows_nothing_tells_apart_are_rejected_not_fatal(store: Store) -> None:
    tickets: list[dict[str, Any]] = [{"ticket_id": key, "opened_at": at(0)} for key in ("1", None, "", "2")]
    plan = record_plan("工单.xlsx", {"ticket": tickets}, exported=EARLY)
    counts = load(store, plan, delays={})
    assert (counts.read, counts.inserted, counts.rejected) == (4, 2, 2)
    answers: list[dict[str, Any]] = [{"source": "电话", "answered_at": moment} for moment in (None, at(0))]
    load(store, record_plan("问卷.xlsx", {"survey_answer": answers}, exported=EARLY), delays={})
    assert plan.batch is not None
    with store.reading() as conn:
        assert [(row.row, row.reason) for row in rejected_rows.of_batch(conn, plan.batch)] == [
            (3, "没有编号，分不清是哪一条。"),
            (4, "没有编号，分不清是哪一条。"),
        ]
        assert records.count(conn, KINDS["survey_answer"], ALL) == 1


def test_agents_of_rows_are_people_and_may_be_unknown(store: Store) -> None:
    tickets: list[dict[str, Any]] = [
        {"ticket_id": "1", "agent": "甲旗舰店:小美", "opened_at": at(0)},
        {"ticket_id": "2", "agent": None, "opened_at": at(0)},
    ]
    plan = record_plan("工单.xlsx", {"ticket": tickets}, exported=EARLY)
    plan.staged.agents["甲旗舰店:小美"] = AgentRef("小美", team="售后")
    load(store, plan, delays={})
    with store.reading() as conn:
        (agent,) = agents.all_agents(conn)
        assert (agent.name, agent.team) == ("小美", "售后")
        assert [row[2] for row in records.rows(conn, TICKET, ALL, ("agent_id",))] == [agent.id, None]
        assert records.count(conn, TICKET, Filter(agents=(agent.id,))) == 1
    assert plan.batch is not None
    undo(store, plan.batch)
    with store.reading() as conn:
        assert agents.all_agents(conn) == []


def test_missing_values_tell_absent_columns_from_empty_cells(store: Store) -> None:
    load(store, session_plan("一.xlsx", [session("a", rating=5), session("b", rating=None)], exported=EARLY), delays={})
    load(store, session_plan("二.xlsx", [session("c")], exported=EARLY), delays={})
    with store.reading() as conn:
        found = {field: counts for field, *counts in records.missing_values(conn, SESSION, ALL)}
    assert found["rating"] == [3, 1, 1]
    assert found["agent"] == [3, 0, 0]
    assert found["channel"] == [3, 3, 0]


def test_rejected_rows_are_kept_until_their_import_is_undone(store: Store) -> None:
    bad = RejectedRow("订单", 7, "付款金额", "不是金额", {"订单编号": "9", "付款金额": "约二十"})
    order = {"order_id": "1", "created_at": at(0)}
    plan = record_plan("订单.xlsx", {"order_head": [order]}, exported=EARLY, rejected=[bad])
    load(store, plan, delays={})
    assert plan.batch is not None
    with store.reading() as conn:
        (kept,) = rejected_rows.of_batch(conn, plan.batch)
        assert (kept.sheet, kept.row, kept.column, kept.reason, kept.cells) == (
            bad.sheet, bad.row, bad.column, bad.reason, bad.cells,
        )  # fmt: skip
        assert rejected_rows.counts(conn) == [(plan.batch, "付款金额", "不是金额", 1)]
    undo(store, plan.batch)
    with store.reading() as conn:
        assert rejected_rows.counts(conn) == []


def test_days_present_empty_and_missing(store: Store) -> None:
    day = [date(2026, 2, 16 + n) for n in range(8)]
    reports: list[tuple[str | None, date, dict[str, float | None]]] = [
        ("小美", day[0], {"received": 5.0}),
        ("小美", day[3], {"received": 5.0, "rated_5": None}),
    ]
    load(store, report_plan("赤兔.xlsx", reports, exported=LATE), delays={})
    load(store, session_plan("会话.xlsx", [session("a", day=1), session("b", day=5)], exported=LATE), delays={})
    with store.reading() as conn:
        chitu, sessions = presence.source_days(conn, ALL)
        (late, _) = presence.source_days(conn, Filter(period=Period(day[2], day[7])))
    relative = {
        entry.source: tuple(sorted(number - FIRST_DAY for number in days) for days in
                            (entry.present, entry.provisional, entry.empty, entry.missing))
        for entry in (chitu, sessions)
    }  # fmt: skip
    assert relative == {
        "chitu": ([0, 3], [3], [], [1, 2, 4, 5]),
        "session": ([1, 5], [], [2, 3, 4], []),
    }
    assert [number - FIRST_DAY for number in late.missing] == [2, 4, 5]
    assert {number - FIRST_DAY for number in late.present} == {3}


def test_a_mistyped_year_brings_no_days_in_between(store: Store) -> None:
    rows = [session("a", day=0), session("b", day=20), session("c", day=9000)]
    load(store, session_plan("会话.xlsx", rows, exported=EARLY), delays={})
    with store.reading() as conn:
        (entry,) = presence.source_days(conn, ALL, FIRST_DAY + 30)
        assert entry.brought == [(FIRST_DAY, FIRST_DAY + 20, 1), (FIRST_DAY + 9000, FIRST_DAY + 9000, 1)]
    assert entry.present == {FIRST_DAY, FIRST_DAY + 20, FIRST_DAY + 9000}
    assert max(entry.empty) == FIRST_DAY + 19
    undo(store, 1)
    with store.reading() as conn:
        assert presence.source_days(conn, ALL, FIRST_DAY + 30) == []


def test_orders_without_a_day_go_with_their_file_though_it_speaks_for_two_spans(store: Store) -> None:
    rows = [
        {"order_id": "1", "paid_at": at(0)},
        {"order_id": "2", "paid_at": at(9000)},
        {"order_id": "3", "paid_at": None},
    ]
    load(store, record_plan("单.xlsx", {"order_head": rows}, exported=EARLY), delays={})
    undo(store, 1)
    with store.reading() as conn:
        assert conn.execute("SELECT count(*) FROM order_head").fetchone() == (0,)
