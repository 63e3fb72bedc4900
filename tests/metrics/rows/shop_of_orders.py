"""Two shops' orders, lines, refunds and invitations made by dice, in a store and as plain rows."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from csdesk.domain.period import from_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.ingest.load import load
from csdesk.store.database import Store
from tests.store.builders import DAY_SECONDS, FIRST_DAY, record_plan, session_plan

Row = dict[str, Any]
MONDAY = date(2026, 2, 16)
SHOPS = (("甲旗舰店", Platform.TAOBAO), ("乙店", Platform.DOUYIN))
PRODUCTS = ("面膜", "水杯", "帽子", None)
PLACES = (("浙江省", "杭州市"), ("浙江省", "宁波市"), ("广东省", "广州市"), (None, None))


class Dice:
    """Rows of one shop over ``days`` days."""

    def __init__(self, seed: int, shop: str, days: int = 80, buyers: int = 25) -> None:
        self.chance = random.Random(seed)
        self.shop = shop
        self.days = days
        self.nicks = [f"{shop if at % 3 else '同一个人'}{at}" for at in range(buyers)]
        self.orders: list[Row] = []
        self.lines: list[Row] = []
        self.refunds: list[Row] = []
        self.invitations: list[Row] = []
        self.sessions: list[Row] = []

    def fill(self, size: int) -> Dice:
        for number in range(size):
            self._order(f"{self.shop}{number}")
        for number in range(size // 2):
            at = self._moment()
            self.invitations.append({"invite_id": f"i{number}", "agent": "小美", "sent_at": at, **self._buyer()})
            self.sessions.append(
                {"session_key": f"s{number}", "agent": "小王", "started_at": self._moment(),
                 "invited": self.chance.choice((1, 1, 0, None)), **self._buyer()}
            )  # fmt: skip
        return self

    def _order(self, number: str) -> None:
        chance = self.chance
        at = self._moment()
        paid = chance.random() < 0.85
        amount = chance.choice((0, 990, 2500, 12_345, 99_900))
        province, city = chance.choice(PLACES)
        self.orders.append(
            {"order_id": number, "agent": chance.choice((None, "小美", "小王")), "created_at": at - 600,
             "paid_at": at if paid else None, "paid_fen": amount if paid else 0,
             "refund_fen": chance.choice((None, None, None, 500)), "province": province, "city": city,
             **self._buyer()}
        )  # fmt: skip
        for part in range(chance.randrange(1, 3)):
            self.lines.append(
                {"order_id": number, "line_id": f"{number}-{part}", "title": chance.choice(PRODUCTS),
                 "paid_at": at if paid else None, "paid_fen": amount // 2 if paid else 0, "is_gift": int(part == 1),
                 "refund_fen": None, "refund_status": chance.choice((None, "无退款", "退款中", "退款关闭", "退款成功"))}
            )  # fmt: skip
        if chance.random() < 0.2:
            when = at + chance.randrange(-2, 9) * DAY_SECONDS  # some say they were asked for before the payment
            self.refunds.append(
                {"refund_id": f"r{number}", "order_id": number, "applied_at": when,
                 "finished_at": chance.choice((None, when + 5000)), "refund_fen": chance.choice((None, 100, 900)),
                 "status": chance.choice((None, "退款成功", "退款关闭", "退款中", "换货成功", "买家处理")),
                 "reason": chance.choice((None, "质量问题", "不想要了"))}
            )  # fmt: skip

    def _moment(self) -> int:
        return (FIRST_DAY + self.chance.randrange(self.days)) * DAY_SECONDS + self.chance.randrange(DAY_SECONDS)

    def _buyer(self) -> Row:
        nick = self.chance.choice(self.nicks)
        if self.chance.random() < 0.15:
            return {"buyer_key": None, "buyer_mask": "t**1"}
        return {"buyer_key": nick.encode(), "buyer_mask": f"{nick[0]}**"}

    def load(self, store: Store, platform: Platform) -> None:
        plans = {
            "订单.csv": {"order_head": self.orders, "order_line": self.lines},
            "退款.csv": {"refund": self.refunds},
            "邀评.csv": {"invitation": self.invitations},
        }
        for name, rows in plans.items():
            there = {kind: found for kind, found in rows.items() if found}
            if there:
                load(store, record_plan(
                    f"{self.shop}{name}", there, exported=datetime(2026, 7, 1), shop=self.shop, platform=platform
                ))  # fmt: skip
        if self.sessions:
            load(store, session_plan(
                f"{self.shop}会话.csv", self.sessions, exported=datetime(2026, 7, 1), shop=self.shop, platform=platform
            ))  # fmt: skip


def paid(order: Row) -> bool:
    return order["paid_at"] is not None and (order["paid_fen"] or 0) > 0


def moment(order: Row) -> int:
    return int(order["paid_at"] if order["paid_at"] is not None else order["created_at"])


def day_of(seconds: int) -> date:
    return from_epoch_day(seconds // DAY_SECONDS)


def refunded(dice: Dice) -> set[str]:
    """Numbers of orders of which anything was given back."""
    found = {order["order_id"] for order in dice.orders if order["refund_fen"]}
    found |= {line["order_id"] for line in dice.lines if line["refund_fen"] or line["refund_status"] == "退款成功"}
    return found | {row["order_id"] for row in dice.refunds if given_back(row)}


def products_held(all_dice: Iterable[Dice]) -> dict[tuple[str, str, str], tuple[int, bool]]:
    """(product, shop, order) of paid orders → the moment they were paid, whether that product was refunded."""
    held: dict[tuple[str, str, str], tuple[int, bool]] = {}
    for dice in all_dice:
        bought = [line for line in dice.lines if not line["is_gift"]]
        often = Counter(line["order_id"] for line in bought)
        done = {refund["order_id"] for refund in dice.refunds if given_back(refund)}
        for line in filter(paid, bought):
            back = line["refund_status"] == "退款成功" or (often[line["order_id"]] == 1 and line["order_id"] in done)
            one = (line["title"] or "未注明商品", dice.shop, line["order_id"])
            held[one] = (line["paid_at"], back or (one in held and held[one][1]))
    return held


def given_back(refund: Row) -> bool:
    """Whether money went back."""
    money, done, status = bool(refund["refund_fen"]), refund["finished_at"] is not None, refund["status"]
    return status == "退款成功" or (money and (not status or (done and status in SAID_OTHERWISE)))


SAID_OTHERWISE = ("换货成功", "买家处理")
"""States that neither say that money went back nor that it did not; with money and an end, it did."""


def days_between(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)
