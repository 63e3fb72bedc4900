"""Order files in the store: overlaps, order of import and undo change nothing; sums equal an independent count."""

# ruff: noqa: E501  (rows as the platforms write them)
from __future__ import annotations

import random
import sqlite3
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from csdesk.ingest.load import StoreWorld, load, undo
from csdesk.ingest.model import Given, Status
from csdesk.store.check import check
from csdesk.store.database import Store
from tests.ingest.record_tables import DOUDIAN_74, QIANNIU_MAIN, table
from tests.ingest.tables import only, planned, write_csv

STATES = ("待发货", "已发货", "已完成", "已关闭")


def _doudian(count: int, seed: int) -> list[dict[str, Any]]:
    """Orders of one to three lines, lines of an order next to each other."""
    pick = random.Random(seed)
    rows = []
    for order in range(count):
        for line in range(pick.randint(1, 3)):
            paid = pick.random() < 0.9
            when = f"2026-03-{1 + order % 28:02d} {pick.randint(0, 23):02d}:10:00"
            rows.append({
                "主订单编号": f"\t69179267688{order:08d}", "子订单编号": f"\t69179267688{order:07d}{line}",
                "选购商品": f"商品{pick.randint(1, 5)}", "商品数量": pick.randint(1, 4), "订单提交时间": when,
                "订单应付金额": f"{pick.randint(0, 99999) / 100:.2f}", "支付完成时间": when if paid else "-",
                "订单状态": pick.choice(STATES) if paid else "待付款", "省": "浙江省", "收件人": "##密文",
                "售后状态": pick.choice(("-", "-", "退款成功", "售后关闭")) if paid else "-",
            })  # fmt: skip
    return rows


def _taobao(count: int, seed: int) -> list[dict[str, Any]]:
    pick = random.Random(seed)
    found = []
    for order in range(count):
        paid = pick.random() < 0.8
        amount = f"{pick.randint(1, 999999) / 100:.2f}"
        found.append({
            "订单编号": f"25181234567{order + 12345678:08d}", "订单状态": "交易成功" if paid else "交易关闭", "总金额": amount,
            "买家实付金额": amount if paid else "0.00", "订单创建时间": f"{2018 + order % 2}-05-{1 + order % 28:02d} 10:00:00",
            "订单付款时间": f"{2018 + order % 2}-05-{1 + order % 28:02d} 10:05:00" if paid else "",
            "退款金额": "无退款申请" if pick.random() < 0.7 else "1.50", "收货地址": "浙江省 杭州市 西湖区 ***",
        })  # fmt: skip
    return found


def _import(store: Store, path: Path) -> Any:
    plan = only(planned(path, Given(shop="甲店"), StoreWorld(store)))
    assert plan.status is Status.IMPORTED, plan.message
    load(store, plan, delays={})
    return plan


def _content(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """All that counts, without the numbers of batches."""
    found = {}
    with store.reading() as conn:
        for name in ("order_head", "order_line"):
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({name})")]
            kept = [one for one in columns if one not in ("id", "batch_id", "fields", "shop_id", "buyer_key")]
            found[name] = sorted(conn.execute(f"SELECT {', '.join(kept)} FROM {name}").fetchall(), key=str)
    return found


def _one(store: Store, query: str) -> tuple[Any, ...]:
    with store.reading() as conn:
        row: tuple[Any, ...] = conn.execute(query).fetchone()
    return row


@pytest.mark.parametrize("make", [_doudian, _taobao])
def test_overlapping_files_equal_the_merged_one_in_any_order(tmp_path: Path, make: Any) -> None:
    header = DOUDIAN_74 if make is _doudian else QIANNIU_MAIN
    first = header[0]
    rows = make(120, 5)
    ids = list(dict.fromkeys(row["主订单编号" if make is _doudian else first] for row in rows))
    key = "主订单编号" if make is _doudian else first
    parts = [set(ids[:60]), set(ids[40:90]), set(ids[80:])]
    files = [
        write_csv(tmp_path / f"订单 {number}.csv", table(header, *[row for row in rows if row[key] in part]))
        for number, part in enumerate(parts)
    ]
    whole = write_csv(tmp_path / "全部.csv", table(header, *rows))
    with Store(tmp_path / "whole") as store:
        plan = _import(store, whole)
        assert (plan.rows.read, plan.rows.inserted) == (len(rows), len(rows))
        expected = _content(store)
    assert len(expected["order_head"]) == len(ids)
    for number, order in enumerate(permutations(files)):
        with Store(tmp_path / f"part{number}") as store:
            batches = [_import(store, path).batch for path in order]
            assert _content(store) == expected
            again = only(planned(order[0], Given(shop="甲店"), StoreWorld(store)))
            assert again.status is Status.DUPLICATE
            for batch in batches[1:]:
                undo(store, batch)
            alone = _content(store)
            assert check(store) == []
        with Store(tmp_path / f"alone{number}") as store:
            _import(store, order[0])
            assert _content(store) == alone


def test_sums_to_the_fen(tmp_path: Path) -> None:
    rows = _doudian(800, 9)
    with Store(tmp_path / "data") as store:
        _import(store, write_csv(tmp_path / "订单.csv", table(DOUDIAN_74, *rows)))
        paid = [row for row in rows if row["支付完成时间"] != "-"]
        fen = sum(int(Decimal(row["订单应付金额"]) * 100) for row in paid)
        refunded = [row for row in paid if row["售后状态"] == "退款成功"]
        back = sum(int(Decimal(row["订单应付金额"]) * 100) for row in refunded)
        assert _one(store, "SELECT sum(paid_fen), sum(refund_fen), count(*) FROM order_line") == (fen, back, len(rows))
        orders = len({row["主订单编号"] for row in rows})
        assert _one(store, "SELECT sum(paid_fen), sum(refund_fen), count(*) FROM order_head") == (fen, back, orders)
        assert _one(store, "SELECT count(*) FROM order_head WHERE refund_fen IS NOT NULL") == (
            len({row["主订单编号"] for row in refunded}),
        )


def test_nothing_of_people_is_in_the_file(tmp_path: Path) -> None:
    row = {**_taobao(1, 1)[0], "收货地址": "浙江省 杭州市 西湖区 文三路99号", "商家备注": "联系薛某某 13800138000"}
    with Store(tmp_path / "data") as store:
        _import(store, write_csv(tmp_path / "a.csv", table(QIANNIU_MAIN, row)))
        database = store.path if hasattr(store, "path") else next((tmp_path / "data").glob("*.db"))
    dump = "\n".join(sqlite3.connect(database).iterdump())
    assert "杭州市" in dump
    assert not [word for word in ("文三路", "西湖区", "13800138000") if word in dump]
