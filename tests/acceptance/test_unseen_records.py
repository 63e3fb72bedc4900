"""Unseen order, refund and review exports, read back from the store, equal the second reading to the 分 and the row."""

# ruff: noqa: E501  (a line a layout)
from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from csdesk import cli
from csdesk.domain.filters import Filter
from csdesk.domain.period import from_epoch_day
from csdesk.store import records
from csdesk.store.database import Store
from csdesk.store.kinds import KINDS
from tests.acceptance.record_calculator import totals
from tests.acceptance.record_exports import LAYOUTS, Layout, make

_READ = {
    "order": ("order_head", {"paid": "paid_fen", "payable": "payable_fen", "refund": "refund_fen", "quantity": "quantity"}, "status"),
    "line": ("order_line", {"paid": "paid_fen", "refund": "refund_fen", "quantity": "quantity"}, "refund_status"),
    "detail": ("order_line", {"price": "price_fen", "quantity": "quantity"}, ""),
    "doudian": ("order_line", {"paid": "paid_fen", "refund": "refund_fen", "quantity": "quantity", "gifts": "is_gift"}, "status"),
    "refund": ("refund", {"refund": "refund_fen"}, "status"),
    "review": ("review", {"default": "is_default"}, "grade"),
}  # fmt: skip
_STATES = {
    "等待买家付款": "待付款", "买家已付款,等待卖家发货": "待发货", "买家已付款，等待卖家发货": "待发货", "卖家已发货，等待买家确认": "已发货",
    "交易成功": "已完成", "交易关闭": "已关闭", "没有申请退款": "无退款",
}  # fmt: skip


def _stored(layout: Layout, data: Path) -> tuple[dict[tuple[str, str], Counter[str]], Counter[str]]:
    kind, columns, state = _READ[layout.name]
    sums: dict[tuple[str, str], Counter[str]] = {}
    states: Counter[str] = Counter()
    wanted = (*columns.values(), *([state] if state else ()))
    with Store(data) as store, store.reading() as conn:
        names = dict(conn.execute("SELECT id, name FROM shop").fetchall())
        for shop, day, *values in records.rows(conn, KINDS[kind], Filter(), wanted):
            entry = sums.setdefault((names[shop], str(from_epoch_day(day)) if day is not None else ""), Counter())
            entry.update({name: value or 0 for name, value in zip(columns, values, strict=False)})
            entry["rows"] += 1
            states[(values[-1] or "") if state else ""] += 1
    return sums, states


def compare(layout: Layout, seed: int, folder: Path) -> list[str]:
    """What differs between the program's reading and the second one."""
    folder.mkdir()
    path = make(layout, random.Random(f"{seed} {layout.file}"), folder, 60)
    assert cli.main(["--data", str(folder / "data"), "import", str(path), "--json"]) == 0
    expected, told = totals(layout.name, path)
    found, states = _stored(layout, folder / "data")
    if {shop for shop, _ in expected} == {""}:
        found = {("", day): entry for (_, day), entry in found.items()}
    wrong = [
        f"{key}: {found.get(key)} not {+entry}"
        for key, entry in expected.items()
        if +found.get(key, Counter()) != +entry
    ]
    wrong += [f"{key}: {found[key]} is too much" for key in found.keys() - expected.keys()]
    told = Counter({_STATES.get(name, name): 0 for name in told}) + Counter()
    for name, number in totals(layout.name, path)[1].items():
        told[_STATES.get(name, name)] += number
    return wrong if states == told else [*wrong, f"{states} not {told}"]


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.file for layout in LAYOUTS])
def test_unseen_records(layout: Layout, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(layout, 3, tmp_path / "files") == [], capsys.readouterr().out[-1500:]
    capsys.readouterr()
    assert cli.main(["--data", str(tmp_path / "files" / "data"), "check", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
