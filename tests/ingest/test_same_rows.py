"""The same order in several kinds of files: one head, each line once, whatever comes first and whatever is undone."""

# ruff: noqa: E501  (rows as the platforms write them)
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.filters import Filter
from csdesk.ingest.changes import Changes
from csdesk.ingest.load import StoreWorld, load, undo
from csdesk.ingest.model import Given, Status
from csdesk.store import records
from csdesk.store.check import check
from csdesk.store.database import Store
from csdesk.store.kinds import KINDS
from tests.ingest.record_tables import QIANNIU_MAIN, QIANNIU_SUB, TAOBAO_DETAILS, table
from tests.ingest.tables import only, planned, write_csv
from tests.store.builders import at, content, record_plan, report_plan, session, session_plan

ORDER = "3515313147329357900"
DETAILS = [
    {"订单编号": f'="{ORDER}"', "标题": "刀", "价格": "239.00", "购买数量": "1", "商品属性": "颜色分类：20片", "订单状态": "交易成功"},
    {"订单编号": f'="{ORDER}"', "标题": "锅", "价格": "99.00", "购买数量": "2", "商品属性": "", "订单状态": "交易成功"},
    {"订单编号": '="3515313147329357800"', "标题": "刀", "价格": "239.00", "购买数量": "1", "订单状态": "交易成功"},
]  # fmt: skip
LINES = [
    {"子订单编号": "3515313147329357901", "主订单编号": ORDER, "商品标题": "刀", "商品价格": "239.00", "购买数量": "1",
     "买家实付金额": "230.00", "退款状态": "没有申请退款", "订单状态": "交易成功", "订单创建时间": "2026-03-01 10:00:00",
     "订单付款时间": "2026-03-01 10:05:00"},
    {"子订单编号": "3515313147329357902", "主订单编号": ORDER, "商品标题": "锅", "商品价格": "99.00", "购买数量": "2",
     "买家实付金额": "190.00", "退款状态": "退款成功", "退款金额": "190.00", "订单状态": "交易成功",
     "订单创建时间": "2026-03-01 10:00:00", "订单付款时间": "2026-03-01 10:05:00"},
]  # fmt: skip
HEAD = {"订单编号": ORDER, "订单状态": "卖家已发货，等待买家确认", "买家实付金额": "412.50", "买家应付货款": "437.00",
        "总金额": "437.00", "订单创建时间": "2026-03-01 10:00:00", "订单付款时间": "2026-03-01 10:05:00",
        "宝贝总数量": "3", "退款金额": "无退款申请"}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return [
        write_csv(tmp_path / "ExportOrderDetailList2017.csv", table(TAOBAO_DETAILS, *DETAILS), "gb18030"),
        write_csv(tmp_path / "宝贝报表.csv", table(QIANNIU_SUB, *LINES)),
        write_csv(tmp_path / "订单报表.csv", table(QIANNIU_MAIN, HEAD)),
    ]


def _import(store: Store, path: Path, exported: datetime | None = None) -> Any:
    plan = only(planned(path, Given(shop="甲店"), StoreWorld(store)))
    assert plan.status is Status.IMPORTED, plan.message
    plan.exported_at = exported or plan.exported_at
    load(store, plan)
    return plan


def _lines(store: Store) -> list[Any]:
    with store.reading() as conn:
        found = records.rows(conn, KINDS["order_line"], Filter(), ("order_id", "line_id", "title", "quantity"))
        return sorted((row[2:] for row in found), key=str)


def _head(store: Store) -> dict[str, Any]:
    names = ("order_id", "paid_fen", "payable_fen", "refund_fen", "quantity", "status")
    with store.reading() as conn:
        (row,) = records.rows(conn, KINDS["order_head"], Filter(), names)
        return dict(zip(names, row[2:], strict=True))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_lines_with_and_without_numbers_are_counted_once(
    order: tuple[int, ...], store: Store, files: list[Path]
) -> None:
    for index in order:
        _import(store, files[index])
    assert _lines(store) == [
        ("3515313147329357800", None, "刀", 1),
        (ORDER, "3515313147329357901", "刀", 1),
        (ORDER, "3515313147329357902", "锅", 2),
    ]
    with store.reading() as conn:
        assert records.count(conn, KINDS["order_line"], Filter()) == 3
    assert check(store) == []
    undo(store, order.index(1) + 1)  # without the numbered lines the others speak again
    assert [row[:2] for row in _lines(store)] == [("3515313147329357800", None), (ORDER, None), (ORDER, None)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize("newest", [1, 2])
def test_the_orders_own_amounts_beat_sums_of_lines(
    order: tuple[int, ...], newest: int, store: Store, files: list[Path]
) -> None:
    for index in order:
        _import(store, files[index], datetime(2026, 3, 20 if index == newest else 10))
    told = _head(store)
    assert (told["paid_fen"], told["payable_fen"], told["quantity"]) == (41250, 43700, 3)
    assert told["refund_fen"] == (19000 if newest == 1 else None)  # 无退款申请 is older, or newer, than the lines
    assert told["status"] == ("已完成" if newest == 1 else "已发货")
    before = content(store)
    batch = order.index(2) + 1
    undo(store, batch)
    assert _head(store)["paid_fen"] == 42000
    _import(store, files[2], datetime(2026, 3, 20 if newest == 2 else 10))
    with store.reading() as conn:
        (again,) = conn.execute("SELECT paid_fen, status FROM order_head")
    assert again == (41250, told["status"])
    assert {name: rows for name, rows in content(store).items() if name == "order_head"} == {
        name: rows for name, rows in before.items() if name == "order_head"
    }


def test_an_unpaid_order_does_not_keep_nothing_as_its_amount(store: Store) -> None:
    head = {"order_id": "o1", "paid_fen": 0, "status": "待付款", "created_at": at(0)}
    own = record_plan("订单.xlsx", {"order_head": [head]}, exported=datetime(2026, 3, 1))
    line = {"order_id": "o1", "line_id": "l1", "paid_fen": 990, "created_at": at(0)}
    total = {"order_id": "o1", "paid_fen": 990, "status": "待发货", "created_at": at(0)}
    lines = record_plan("明细.xlsx", {"order_line": [line], "order_head": [total]}, exported=datetime(2026, 3, 2))
    lines.staged.record_rows = "order_line"
    own.staged.record_rows = "order_head"
    for plan in (own, lines):
        load(store, plan)
    assert (_head(store)["paid_fen"], _head(store)["status"]) == (990, "待发货")


def test_refunds_with_and_without_numbers_are_counted_once(store: Store) -> None:
    march = datetime(2026, 3, 1)
    plain = [{"order_id": "o1", "line_id": "l1", "refund_fen": 100, "applied_at": at(0)},
             {"order_id": "o1", "line_id": "l2", "refund_fen": 200, "applied_at": at(0)},
             {"order_id": "o2", "line_id": "l9", "refund_fen": 900, "applied_at": at(0)}]  # fmt: skip
    numbered = [{"refund_id": "r1", "order_id": "o1", "line_id": "l1", "refund_fen": 100, "applied_at": at(0)}]
    load(store, record_plan("退款.xlsx", {"refund": plain}, exported=march))
    load(store, record_plan("退款单.xlsx", {"refund": numbered}, exported=march))
    with store.reading() as conn:
        found = list(records.rows(conn, KINDS["refund"], Filter(), ("refund_id", "line_id", "refund_fen")))
    assert sorted((row[2:] for row in found), key=str) == [("r1", "l1", 100), (None, "l2", 200), (None, "l9", 900)]


# ---------------------------------------------------------------- what an import changed


def test_changes_name_columns_and_say_before_and_after(store: Store) -> None:
    march, later = datetime(2026, 3, 1), datetime(2026, 3, 5)
    load(store, session_plan("会话.xlsx", [session("a", rating=5), session("b", rating=4)], exported=march))
    load(store, session_plan("会话 新.xlsx", [session("a", rating=1), session("c", rating=2)], exported=later))
    told = Changes(store).of(2)
    assert (told.rows, told.columns) == (1, (("评分", 1),))
    ((row,), (change,)) = told.first, told.first[0].changes
    assert (row.what, row.shop, row.name) == ("会话", "甲旗舰店", "a")
    assert (change.column, change.before, change.after) == ("评分", "5", "1")
    assert Changes(store).of(1).rows == 0


def test_changes_of_a_report_are_told_by_person_and_day(store: Store) -> None:
    day = date(2026, 2, 16)
    march, later = datetime(2026, 3, 1), datetime(2026, 3, 5)
    rows: list[Any] = [("小美", day, {"received": 5.0, "reply_rate": None}), ("阿强", day, {"received": 7.0})]
    load(store, report_plan("赤兔.xlsx", rows, exported=march), delays={"reply_rate": 3})
    rows = [("小美", day, {"received": 6.0, "reply_rate": 0.985}), ("阿强", day, {"received": 7.0})]
    load(store, report_plan("赤兔 新.xlsx", rows, exported=later), delays={"reply_rate": 3})
    told = Changes(store).of(2)
    assert told.rows == 1
    assert told.first[0].name == "小美 2026-02-16"
    assert {(one.column, one.before, one.after) for one in told.first[0].changes} == {
        ("接待人数", "5", "6"), ("回复率", "延迟统计", "98.5%"),
    }  # fmt: skip


def test_an_older_export_changes_nothing(store: Store) -> None:
    load(store, session_plan("会话.xlsx", [session("a", rating=5)], exported=datetime(2026, 3, 5)))
    load(store, session_plan("会话 旧.xlsx", [session("a", rating=1)], exported=datetime(2026, 3, 1)))
    assert Changes(store).of(2).rows == 0


def test_changes_leave_out_what_was_undone(store: Store) -> None:
    for number, rating in enumerate((5, 3, 1), start=1):
        load(
            store, session_plan(f"会话{number}.xlsx", [session("a", rating=rating)], exported=datetime(2026, 3, number))
        )
    undo(store, 2)
    (row,) = Changes(store).of(3).first
    assert [(one.before, one.after) for one in row.changes] == [("5", "1")]
