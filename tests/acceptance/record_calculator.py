"""Order, refund and review files once more: read with csv or openpyxl by the names of their columns, summed exactly.

Plain on purpose, and without a line of the program. Rows with the same number are one record.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

Row = dict[str, Any]
PAID_STATES = ("待发货", "已发货", "已完成")
GRADES = {"负面评价": "差评", "差评": "差评", "中评": "中评", "好评": "好评"}


def read(path: Path) -> list[Row]:
    """The rows of a file as column name → cell."""
    if path.suffix == ".csv":
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig") if raw.startswith(b"\xef\xbb\xbf") else raw.decode("gb18030")
        table: list[list[Any]] = list(csv.reader(io.StringIO(text)))
    else:
        sheet = load_workbook(path, data_only=True).worksheets[0]
        table = [list(row) for row in sheet.iter_rows(values_only=True)]
    names = [str(name or "").strip() for name in table[0]]
    return [dict(zip(names, row, strict=False)) for row in table[1:]]


def text(cell: Any) -> str:
    return re.sub(r'^="(.*)"$', r"\1", str("" if cell is None else cell).strip()).removeprefix("订单编号：")


def fen(cell: Any) -> int | None:
    found = re.sub(r"[¥￥,元]", "", text(cell))
    return int(Decimal(found) * 100) if re.fullmatch(r"\d+(?:\.\d+)?", found) else None


def moment(cell: Any) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    parts = [int(part) for part in re.findall(r"\d+", text(cell))]
    return datetime(*parts) if len(parts) == 6 else None  # type: ignore[arg-type]


def _first(row: Row, *names: str) -> Any:
    return next((row[name] for name in names if name in row), None)


def _told(kind: str, row: Row) -> tuple[str, str, datetime | None, dict[str, int], str]:
    """(shop, key, its moment, amounts, state) of a row."""
    shop = text(_first(row, "店铺名称", "店铺"))
    created, paid_at = moment(row.get("订单创建时间")), moment(row.get("订单付款时间"))
    if kind == "order":
        paid = fen(_first(row, "买家实际支付金额", "买家实付金额")) or 0
        amounts = {"paid": paid, "payable": fen(row["总金额"]) or 0, "refund": fen(row["退款金额"]) or 0}
        amounts["quantity"] = int(row.get("宝贝总数量") or 0)
        return shop, text(row["订单编号"]), paid_at or created, amounts, text(row.get("订单状态"))
    if kind == "line":
        paid = fen(_first(row, "买家实际支付金额", "买家实付金额")) or 0
        amounts = {"paid": paid, "refund": fen(row["退款金额"]) or 0, "quantity": int(row["购买数量"])}
        return "", text(row["子订单编号"]), paid_at or created, amounts, text(row["退款状态"])
    if kind == "detail":
        key = "/".join(text(row[name]) for name in ("订单编号", "标题", "商品属性"))
        return "", key, None, {"price": fen(row["价格"]) or 0, "quantity": int(row["购买数量"])}, ""
    if kind == "doudian":
        done = moment(row["支付完成时间"])
        paid = (fen(row["订单应付金额"]) or 0) if done else 0
        back = paid if text(row["售后状态"]) == "退款成功" else 0
        gift = int(text(row["取消原因"]) == "主品订单售后完成")
        amounts = {"paid": paid, "refund": back, "quantity": int(row["商品数量"]), "gifts": gift}
        return "", text(row["子订单编号"]), done or moment(row["订单提交时间"]), amounts, text(row["订单状态"])
    if kind == "refund":
        taobao = "退款编号" in row
        money = (
            fen(row["买家退款金额"])
            if taobao
            else (fen(row["退商品金额（元）"]) or 0) + (fen(row["退运费金额（元）"]) or 0)
        )
        when = moment(_first(row, "退款的申请时间", "售后申请时间"))
        state = "退款成功" if "退款成功" in text(_first(row, "退款状态", "售后状态")) else "退款关闭"
        return shop, text(_first(row, "退款编号", "售后单号")), when, {"refund": money or 0}, state
    stars = text(_first(row, "商品评价得分", "评分"))
    grade = GRADES.get(stars) or ("好评" if int(stars) > 3 else "中评" if int(stars) == 3 else "差评")
    default = int(text(row["评价内容"]) == "系统默认好评!")
    key = text(_first(row, "订单ID", "订单编号"))
    return shop, key, moment(_first(row, "评价日期", "时间")), {"default": default}, grade


def totals(kind: str, path: Path) -> tuple[dict[tuple[str, str], Counter[str]], Counter[str]]:
    """((shop, day) → sums and numbers of rows, states)."""
    sums: dict[tuple[str, str], Counter[str]] = {}
    states: Counter[str] = Counter()
    seen: set[str] = set()
    for row in read(path):
        shop, key, when, amounts, state = _told(kind, row)
        if key in seen and kind != "detail":
            continue
        seen.add(key)
        entry = sums.setdefault((shop, str(when.date()) if when else ""), Counter())
        entry.update(amounts)
        entry["rows"] += 1
        states[state] += 1
    return sums, states
