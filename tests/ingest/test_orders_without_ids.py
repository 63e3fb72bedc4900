"""Orders whose numbers were taken out: told by buyer, time and amount, so that every cut of a table says the same."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.period import Period
from csdesk.ingest.load import StoreWorld, load, undo
from csdesk.ingest.model import Given, Status
from csdesk.store.database import Store
from tests.ingest.tables import only, planned, write_csv, write_xlsx

FULL = ["买家会员名", "买家实际支付金额", "宝贝总数量", "宝贝标题 ", "订单付款时间"]
FEW = ["", "买家会员名", "买家实际支付金额", "订单付款时间"]


def _orders(year: int, count: int) -> list[list[Any]]:
    """Rows of a year: some unpaid (no time), some written twice, some alike but for the title."""
    pick = random.Random(year)
    rows: list[list[Any]] = []
    for number in range(count):
        when = datetime(year, 1, 1) + timedelta(minutes=pick.randint(0, 525_000))
        paid = pick.random() < 0.8
        amount = pick.randint(1, 99_999) / 100
        rows.append([f"{year}买家{number % 40}", amount, pick.randint(1, 5), f"商品{number}", when if paid else None])
        if number % 17 == 0:
            rows.append(list(rows[-1]))
        if number % 23 == 0:
            rows.append([*rows[-1][:3], "另一件", rows[-1][4]])
    return rows


def _totals(store: Store) -> tuple[Any, ...]:
    query = """SELECT count(*), sum(paid_fen), count(DISTINCT buyer_key), count(day),
               (SELECT group_concat(d || ':' || s) FROM (SELECT day AS d, sum(paid_fen) AS s FROM order_head
                GROUP BY day ORDER BY day)) FROM order_head"""
    with store.reading() as conn:
        row: tuple[Any, ...] = conn.execute(query).fetchone()
    return row


def _import(store: Store, path: Path) -> Any:
    plan = only(planned(path, Given(shop="甲店"), StoreWorld(store)))
    assert plan.status is Status.IMPORTED, plan.message
    load(store, plan, delays={})
    return plan


def test_two_years_equal_the_merged_file_with_fewer_columns(tmp_path: Path) -> None:
    one, two = _orders(2018, 150), _orders(2019, 170)
    merged = [[number, row[0], row[1], row[4]] for number, row in enumerate(one + two)]
    files = [
        write_xlsx(tmp_path / "2018.xlsx", ("sheet1", [FULL, *one])),
        write_xlsx(tmp_path / "2019.xlsx", ("Sheet1", [FULL, *two])),
        write_xlsx(tmp_path / "all.xlsx", ("Sheet1", [FEW, *merged])),
    ]
    fen = sum(round(row[1] * 100) for row in one + two)
    with Store(tmp_path / "merged") as store:
        plan = _import(store, files[2])
        expected = _totals(store)
        assert plan.rows.inserted == len(merged)
        assert any("看上去一样" in repair.kind for repair in plan.repairs)
    assert expected[:2] == (len(merged), fen)
    assert expected[3] == sum(row[4] is not None for row in one + two)
    for number, order in enumerate(permutations(files)):
        with Store(tmp_path / f"data{number}") as store:
            batches = [_import(store, path).batch for path in order]
            assert _totals(store) == expected
            undo(store, batches[order.index(files[2])])
            assert _totals(store) == expected


def test_a_summary_row_among_the_buyers_is_no_order(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [FULL, ["小明", 5, 1, "杯", "2018-05-01 10:00:00"], ["合计", 5, 1, "", ""]])
    plan = only(planned(path))
    assert (plan.rows.read, plan.rows.summary, plan.rows.rejected) == (2, 1, 0)


UNDATED: list[list[Any]] = [
    ["买家会员名", "买家实际支付金额", "收货人姓名", "宝贝标题"],
    ["小明", 5, "王某", "杯"],
    ["小红", 6, "李某", "碗"],
]


def test_orders_without_time_ask_for_the_day(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "1月.xlsx", ("Sheet1", UNDATED))
    plan = only(planned(path))
    assert (plan.status, [need.kind for need in plan.needs]) == (Status.NEEDS_INPUT, ["period"])
    with Store(tmp_path / "day") as store:
        day = Period.of_day(date(2018, 1, 9))
        load(store, only(planned(path, Given(shop="甲店", period=day))), delays={})
        assert _totals(store)[:2] == (2, 1100)
        assert _totals(store)[3] == 2
    named = write_xlsx(tmp_path / "订单_2018-01-01至2018-01-31.xlsx", ("Sheet1", UNDATED))
    plan = only(planned(named))
    assert (plan.status, plan.period_from) == (Status.IMPORTED, "file_name")
    with Store(tmp_path / "span") as store:
        load(store, plan, delays={})
        other = write_xlsx(tmp_path / "订单_2018-02-01至2018-02-28.xlsx", ("Sheet1", UNDATED))
        load(store, only(planned(other, world=StoreWorld(store))), delays={})
        assert _totals(store)[:4] == (4, 2200, 2, 0)  # the same people bought the same in February again


def _book(path: Path, *names: str) -> Path:
    few: list[list[Any]] = [FULL, ["小明", 5, 1, "杯", "2018-05-01 10:00:00"]]
    more: list[list[Any]] = [
        [*FULL, "订单状态", "收货地址"],
        ["小明", 5, 1, "杯", "2018-05-01 10:00:00", "交易成功", "浙江省 杭州市 西湖区 ***"],
    ]
    return write_xlsx(path, *[(name, few if number % 2 else more) for number, name in enumerate(names)])


def test_sheets_named_after_shops(tmp_path: Path) -> None:
    plans = planned(_book(tmp_path / "1月.xlsx", "明日", "莫寒", "白桦"))
    assert [plan.shop for plan in plans] == ["明日", "莫寒", "白桦"]
    assert all("工作表名" in plan.message for plan in plans)
    rows = [chunk.columns["shop"] for plan in plans for kind in plan.staged.records.values() for chunk in kind]
    assert rows == [["明日"], ["莫寒"], ["白桦"]]


@pytest.mark.parametrize(
    "names", [("已付款", "待发货"), ("Sheet1", "Sheet2"), ("三月", "四月"), ("明日",), ("订单明细", "明日")]
)
def test_other_sheets_are_no_shops(tmp_path: Path, names: tuple[str, ...]) -> None:
    plans = planned(_book(tmp_path / "1月.xlsx", *names))
    assert {plan.shop_assumed for plan in plans} == {True}
