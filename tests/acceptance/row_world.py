"""Shops whose rows tell everything: what happened, and the files that say it."""

# ruff: noqa: E501  (a line a kind)
from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]
CATEGORIES = ("物流", "尺码", "售后", "发票", None)
PRODUCTS = (("88000000001", "真皮单肩包"), ("88000000002", "折叠伞"), ("88000000003", "保温杯"))
ROBOT = "店小蜜"


@dataclass(eq=False)
class Shop:
    """What happened in one shop, a list a kind; times as datetime, money in 分, None = nobody knows."""

    platform: str
    name: str
    agents: Sequence[str]
    sessions: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    refunds: list[Row] = field(default_factory=list)
    reviews: list[Row] = field(default_factory=list)
    invitations: list[Row] = field(default_factory=list)
    tickets: list[Row] = field(default_factory=list)
    surveys: list[Row] = field(default_factory=list)
    checks: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Size:
    """How many rows of each kind; ``days`` from ``first`` on."""

    first: datetime = datetime(2028, 1, 20)
    days: int = 41  # the last day is 29 February
    sessions: int = 260
    orders: int = 160


def _nick(rng: random.Random, masked: bool) -> str | None:
    if rng.random() < 0.06:
        return None
    if masked and rng.random() < 0.12:
        return rng.choice(("tb6***70", "张**", "匿名买家"))
    return f"buyer{rng.randrange(45):03d}"


def _moment(rng: random.Random, size: Size, *, edge: bool = True) -> datetime:
    at = size.first + timedelta(seconds=rng.randrange(size.days * 86_400))
    if edge and rng.random() < 0.05:
        clock = rng.choice(((8, 0, 0), (7, 59, 59), (22, 59, 59), (23, 0, 0), (23, 0, 1), (0, 0, 0)))
        at = at.replace(hour=clock[0], minute=clock[1], second=clock[2])
    return at


def make_shop(
    rng: random.Random, platform: str, name: str, agents: Sequence[str], kinds: Sequence[str], size: Size
) -> Shop:
    """A shop with rows of these kinds."""
    shop = Shop(platform, name, agents)
    for kind in kinds:
        _MAKERS[kind](rng, shop, size)
    return shop


def _sessions(rng: random.Random, shop: Shop, size: Size) -> None:
    for number in range(size.sessions):
        began = _moment(rng, size)
        invited, messages = rng.random() < 0.6, rng.randint(2, 40)
        rated = rng.random() < (0.5 if invited else 0.1)
        answered = rng.random() < 0.93
        shop.sessions.append({
            "at": began, "agent": rng.choice(shop.agents), "buyer": _nick(rng, True), "category": rng.choice(CATEGORIES),
            "ended": began + timedelta(seconds=rng.randint(20, 4000)) if rng.random() < 0.95 else None,
            "first": rng.choice((rng.randint(1, 90), rng.randint(1, 900), 60, 180, 300, 600)) if answered else None,
            "average": rng.randint(1, 400) if answered else None, "messages": messages, "buyer_messages": rng.randint(1, messages - 1),
            "moved": rng.random() < 0.1, "solved": rng.choice((True, True, True, False, None)), "invited": invited, "rated": rated,
            "rating": rng.choice((5, 5, 5, 4, 3, 2, 1)) if rated else None, "number": number,
        })  # fmt: skip


def _orders(rng: random.Random, shop: Shop, size: Size) -> None:
    for number in range(size.orders):
        created = _moment(rng, size, edge=False)
        paid_at = created + timedelta(minutes=rng.randint(0, 300)) if rng.random() < 0.88 else None
        amount = 0 if paid_at is None or rng.random() < 0.04 else rng.randint(100, 60_000)
        closed = rng.random() < 0.08
        signed = (
            paid_at + timedelta(hours=rng.randint(20, 200)) if paid_at and not closed and rng.random() < 0.7 else None
        )
        state = (
            "交易关闭"
            if closed
            else "交易成功"
            if signed
            else "买家已付款，等待卖家发货"
            if paid_at
            else "等待买家付款"
        )
        shop.orders.append({
            "id": f"35153131{number:06d}7311", "buyer": _nick(rng, True), "created": created, "paid_at": paid_at, "amount": amount,
            "signed": signed, "state": state, "refund": rng.randint(1, max(amount, 2)) if amount and rng.random() < 0.1 else 0,
        })  # fmt: skip
    for number, order in enumerate(rng.sample(shop.orders, size.orders // 8)):
        if not order["amount"]:
            continue
        asked = order["created"] + timedelta(hours=rng.randint(-2, 90))  # now and then before the payment
        done = rng.random() < 0.7
        shop.refunds.append(
            {
                "id": f"9{number:013d}7311",
                "order": order["id"],
                "asked": asked,
                "done": done,
                "amount": rng.randint(1, order["amount"]),
            }
        )


def _reviews(rng: random.Random, shop: Shop, size: Size) -> None:
    of_orders = [order["id"] for order in shop.orders if order["paid_at"] and rng.random() < 0.6]
    for number, order in enumerate(of_orders + [None] * 40):
        product = rng.choice(PRODUCTS)
        known = next((one for one in shop.orders if one["id"] == order), None)
        written = (
            (known["signed"] or known["paid_at"]) + timedelta(hours=rng.randint(-3, 300))
            if known
            else _moment(rng, size, edge=False)
        )
        if written >= size.first + timedelta(days=size.days):
            continue
        text = "此用户没有填写评价。" if rng.random() < 0.25 else f"第{number}条，用着不错"
        shop.reviews.append({
            "id": f"739{number:012d}", "order": order, "at": written, "product": product[1], "product_id": product[0], "stars": rng.choice((5, 5, 4, 3, 2, 1)),
            "text": text, "default": text.startswith("此用户"), "reply": rng.choice(("谢谢", None)),
        })  # fmt: skip


def _invitations(rng: random.Random, shop: Shop, size: Size) -> None:
    for number in range(70):
        at = _moment(rng, size, edge=False)
        shop.invitations.append(
            {"id": f"Y{number:06d}", "at": at, "agent": rng.choice(shop.agents), "buyer": _nick(rng, True)}
        )


def _tickets(rng: random.Random, shop: Shop, size: Size) -> None:
    for number in range(80):
        at = _moment(rng, size, edge=False)
        solved = at + timedelta(minutes=rng.randint(1, 8000)) if rng.random() < 0.75 else None
        shop.tickets.append({
            "id": f"T{number:06d}", "at": at, "agent": rng.choice(shop.agents), "solved": solved, "category": rng.choice(CATEGORIES),
            "state": "已完结" if solved else rng.choice(("待处理", "处理中")), "complaint": rng.random() < 0.2,
        })  # fmt: skip


def _surveys(rng: random.Random, shop: Shop, size: Size) -> None:
    for number in range(90):
        shop.surveys.append({
            "id": f"D{number:06d}", "at": _moment(rng, size, edge=False), "agent": rng.choice(shop.agents), "csat": rng.choice((5, 5, 4, 3, 2, 1, None)),
            "nps": rng.choice((*range(11), None)), "solved": rng.choice((True, True, False, None)),
        })  # fmt: skip


def _checks(rng: random.Random, shop: Shop, size: Size) -> None:
    for number in range(50):
        shop.checks.append(
            {
                "id": f"C{number:06d}",
                "at": _moment(rng, size, edge=False),
                "agent": rng.choice(shop.agents),
                "total": rng.choice((100, 80, 79, 60, 95)),
            }
        )


_MAKERS = {
    "sessions": _sessions,
    "orders": _orders,
    "reviews": _reviews,
    "invitations": _invitations,
    "tickets": _tickets,
    "surveys": _surveys,
    "checks": _checks,
}


def _yes(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"


def _money(fen: int) -> str:
    return f"{fen / 100:.2f}"


def _tables(shop: Shop) -> dict[str, tuple[list[str], list[list[Any]]]]:
    last = len(shop.sessions)
    return {
        "会话明细": (
            ["会话ID", "店铺", "客服", "买家昵称", "开始时间", "结束时间", "首次响应时长(秒)", "平均响应时长(秒)", "消息数", "买家消息数", "是否转接", "咨询分类", "是否解决", "是否邀评", "是否评价", "评分"],
            [[f"S{shop.name}{s['number']:05d}", shop.name, s["agent"], s["buyer"], s["at"], s["ended"], s["first"], s["average"], s["messages"], s["buyer_messages"],
              _yes(s["moved"]), s["category"], _yes(s["solved"]), _yes(s["invited"]), _yes(s["rated"]), s["rating"]] for s in shop.sessions[:last]],
        ),
        "订单": (
            ["订单编号", "买家会员名", "买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额", "订单状态", "订单创建时间", "订单付款时间", "宝贝标题", "宝贝总数量", "店铺名称", "退款金额", "确认收货时间"],
            [[o["id"], o["buyer"], _money(o["amount"] or 500), "0.00", _money(o["amount"] or 500), _money(o["amount"]), o["state"], o["created"], o["paid_at"], "杯", 1, shop.name,
              _money(o["refund"]) if o["refund"] else "无退款申请", o["signed"]] for o in shop.orders],
        ),
        "退款单": (
            ["退款编号", "订单编号", "退款的申请时间", "买家退款金额", "退款状态", "售中或售后", "部分退款/全部退款", "店铺名称"],
            [[r["id"], r["order"], r["asked"], _money(r["amount"]), "退款成功" if r["done"] else "退款关闭", "售后", "部分退款", shop.name] for r in shop.refunds],
        ),
        "商品评价": (
            ["评价ID", "店铺", "订单编号", "商品ID", "商品名称", "评价时间", "评分", "评价内容", "商家回复"],
            [[r["id"], shop.name, r["order"], r["product_id"], r["product"], r["at"], r["stars"], r["text"], r["reply"]] for r in shop.reviews],
        ),
        "邀评记录": (
            ["邀评编号", "店铺", "客服", "买家昵称", "邀评时间"],
            [[i["id"], shop.name, i["agent"], i["buyer"], i["at"]] for i in shop.invitations],
        ),
        "工单": (
            ["工单编号", "店铺", "客服", "创建时间", "完结时间", "工单分类", "工单状态", "是否投诉"],
            [[t["id"], shop.name, t["agent"], t["at"], t["solved"], t["category"], t["state"], _yes(t["complaint"])] for t in shop.tickets],
        ),
        "满意度调查": (
            ["答卷编号", "店铺", "客服", "提交时间", "满意度(1-5)", "推荐意愿(0-10)", "是否解决"],
            [[d["id"], shop.name, d["agent"], d["at"], d["csat"], d["nps"], _yes(d["solved"])] for d in shop.surveys],
        ),
        "抽检": (
            ["抽检编号", "店铺", "客服", "抽检日期", "总分"],
            [[c["id"], shop.name, c["agent"], c["at"], c["total"]] for c in shop.checks],
        ),
    }  # fmt: skip


def write(shop: Shop, folder: Path) -> list[Path]:
    """Its files, one a kind that has rows."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for title, (header, rows) in _tables(shop).items():
        if not rows:
            continue
        path = folder / f"{title} {shop.name}.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            lines = [
                [
                    f"{cell:%Y-%m-%d %H:%M:%S}" if isinstance(cell, datetime) else "" if cell is None else cell
                    for cell in row
                ]
                for row in rows
            ]
            csv.writer(file).writerows([header, *lines])
        found.append(path)
    return found
