"""Shops whose owner has given his word: people and shops merged, groups with dates, rules; what happened, and its files."""

# ruff: noqa: E501  (a line a kind)
from __future__ import annotations

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from openpyxl import Workbook

Row = dict[str, Any]
FLAGSHIP, SECOND, OLD, DOUYIN = "云间小铺旗舰店", "云间二店", "二号店旧名", "抖音小店A"
ROBOT = "店小蜜"
PLATFORM = {FLAGSHIP: "taobao", SECOND: "taobao", OLD: "taobao", DOUYIN: "douyin"}
TEAM = {
    FLAGSHIP: ("小美", "阿华", "美美", ROBOT),
    SECOND: ("小美", "大刘"),
    OLD: ("大刘", "小周"),
    DOUYIN: ("Zoe 陈", "07"),
}
PRODUCTS = (("88000000001", "真皮单肩包"), ("88000000002", "折叠伞"), ("88000000003", "保温杯"))
CATEGORIES = ("物流", "尺码", "售后", None)
KINDS = ("session", "order", "refund", "review", "invitation", "ticket", "survey", "check")


@dataclass
class World:
    """``rows`` by kind as they count in the end (merged people and shops by their final names)."""

    first: date
    days: int
    rows: dict[str, list[Row]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    files: list[tuple[str, Path]] = field(default_factory=list)
    undone: list[tuple[str, Path]] = field(default_factory=list)
    words: list[list[str]] = field(default_factory=list)
    spans: list[tuple[str, str, str, date, date]] = field(default_factory=list)
    """(shop, person, group, first, last): who was in which group"""

    def group(self, row: Row) -> str | None:
        day = row["at"].date()
        for shop, person, name, first, last in self.spans:
            if (shop, person) == (row["shop"], row.get("person")) and first <= day <= last:
                return name
        return None


class Maker:
    """Plays a world and writes it."""

    def __init__(
        self, seed: int, folder: Path, *, days: int = 34, first: date = date(2026, 6, 20), size: int = 90
    ) -> None:
        self.rng = random.Random(seed)
        self.folder = folder
        self.size = size
        self.world = World(first, days)

    def moment(self) -> datetime:
        at = datetime.combine(self.world.first, datetime.min.time()) + timedelta(
            seconds=self.rng.randrange(self.world.days * 86_400)
        )
        if self.rng.random() < 0.06:
            hour, minute, second = self.rng.choice(
                ((8, 0, 0), (7, 59, 59), (22, 59, 59), (23, 0, 0), (23, 0, 1), (0, 0, 0), (23, 59, 59))
            )
            at = at.replace(hour=hour, minute=minute, second=second)
        return at

    def nick(self) -> str | None:
        chance = self.rng.random()
        return (
            None
            if chance < 0.05
            else self.rng.choice(("tb6***70", "张**"))
            if chance < 0.12
            else f"buyer{self.rng.randrange(26):02d}"
        )

    def make(self) -> World:
        for shop in PLATFORM:
            if shop != SECOND:
                self.sessions(shop)
            if shop in (FLAGSHIP, SECOND, DOUYIN):
                self.orders(shop)
                self.reviews(shop)
                self.tickets(shop)
            if shop in (FLAGSHIP, SECOND):
                self.people(shop)
        self.owner()
        for kind in ("session", "invitation", "ticket", "survey", "check", "order"):
            for row in (row for row in self.world.rows[kind] if row.get("agent")):
                row["person"] = {"美美": "小美"}.get(row["agent"], row["agent"])
        for rows in self.world.rows.values():
            for row in rows:
                row["shop"] = SECOND if row["shop"] == OLD else row["shop"]
                row["platform"] = PLATFORM[row["shop"]]
        return self.world

    # ------------------------------------------------------------ what happened

    def sessions(self, shop: str) -> None:
        pick: random.Random = self.rng
        mine: list[Row] = []
        for number in range(self.size):
            at, messages, invited = self.moment(), pick.randint(2, 30), pick.random() < 0.6
            rated = pick.random() < (0.5 if invited else 0.1)
            answered = pick.random() < 0.92
            mine.append({
                "shop": shop, "key": f"S{shop[:2]}{number:05d}", "at": at, "agent": pick.choice(TEAM[shop]), "buyer": self.nick(), "category": pick.choice(CATEGORIES),
                "ended": at + timedelta(seconds=pick.randint(20, 4000)) if pick.random() < 0.95 else None, "first": pick.choice((pick.randint(1, 90), pick.randint(1, 900), 60, 180, 181, 300, 600)) if answered else None,
                "average": pick.randint(1, 400) if answered else None, "messages": messages, "asked": pick.randint(1, messages - 1), "moved": pick.random() < 0.1,
                "solved": None if shop == OLD else pick.choice((True, True, True, False, None)), "invited": invited, "rated": rated, "rating": pick.choice((5, 5, 5, 4, 3, 2, 1)) if rated else None,
            })  # fmt: skip
        odd: tuple[Row, ...] = ({"first": 0}, {"first": 50_000}, {"average": 60_000}, {"seconds": 108_000})
        for one in pick.sample([row for row in mine if row["first"]], 6):  # what a rule may leave out or cut
            fault = dict(pick.choice(odd))
            if "seconds" in fault:
                fault = {"ended": one["at"] + timedelta(seconds=fault["seconds"])}
            one.update(fault)
        for one in pick.sample(mine, 6):  # somebody who comes again at the very edge of the window
            again = dict(
                one,
                key=one["key"] + "R",
                at=one["at"] + pick.choice((timedelta(hours=72), timedelta(hours=72, seconds=1), timedelta(0))),
                ended=None,
            )
            if again["at"].date() < self.world.first + timedelta(days=self.world.days):
                mine.append(again)
        self.world.rows["session"] += mine
        header = [
            "会话ID",
            "店铺",
            "客服",
            "买家昵称",
            "开始时间",
            "结束时间",
            "首次响应时长(秒)",
            "平均响应时长(秒)",
            "消息数",
            "买家消息数",
            "是否转接",
            "咨询分类",
            "是否解决",
            "是否邀评",
            "是否评价",
            "评分",
        ]
        table = [[s["key"], shop, s["agent"], s["buyer"], s["at"], s["ended"], s["first"], s["average"], s["messages"], s["asked"], yes(s["moved"]), s["category"], yes(s["solved"]),
                  yes(s["invited"]), yes(s["rated"]), s["rating"]] for s in mine]  # fmt: skip
        if shop == OLD:
            table, header = [line[:12] + line[13:] for line in table], header[:12] + header[13:]
        mine.sort(key=lambda row: row["at"])
        self.save(shop, "会话明细", header, table)
        wrong = [list(line) for line in pick.sample(table, len(table) // 4)]
        for line in wrong:
            line[6], line[-1], line[-2] = 999, 1, "是"
        wrong += [[f"U{line[0]}", *line[1:]] for line in wrong[:5]]
        self.save(shop, "会话明细 错的", header, wrong, undone=True)

    def orders(self, shop: str) -> None:
        pick: random.Random = self.rng
        mine: list[Row] = []
        for number in range(self.size):
            created = self.moment()
            paid_at = created + timedelta(minutes=pick.randint(0, 300)) if pick.random() < 0.9 else None
            lines: list[Row] = []
            for place in range(pick.choice((1, 1, 1, 2, 3))):
                product = pick.choice(PRODUCTS)
                amount = 0 if paid_at is None or pick.random() < 0.04 else pick.randint(100, 30_000)
                lines.append(
                    {
                        "id": f"35253131{number:06d}{place}7311",
                        "product": product[1],
                        "product_id": product[0],
                        "amount": amount,
                        "refund": bool(amount) and pick.random() < 0.1,
                    }
                )
            closed = pick.random() < 0.06
            signed = (
                paid_at + timedelta(hours=pick.randint(20, 200))
                if paid_at and not closed and pick.random() < 0.7
                else None
            )
            mine.append({
                "shop": shop, "id": f"35153131{number:06d}7311", "created": created, "paid_at": paid_at, "lines": lines, "signed": signed, "closed": closed,
                "buyer": self.nick() if shop == FLAGSHIP else None, "agent": pick.choice((*TEAM[shop], None)) if shop == FLAGSHIP else None, "amount": sum(line["amount"] for line in lines), "at": paid_at or created, "lined": shop != FLAGSHIP or pick.random() < 0.7,
            })  # fmt: skip
        self.world.rows["order"] += mine
        refunds = []
        for number, order in enumerate(pick.sample(mine, self.size // 8)):
            line = pick.choice(order["lines"])
            refunds.append({"shop": shop, "id": f"9{number:013d}7311", "order": order["id"], "line": line["id"], "at": order["at"] + timedelta(hours=pick.randint(1, 90)),
                            "done": pick.random() < 0.7, "amount": pick.randint(1, 500)})  # fmt: skip
        self.world.rows["refund"] += refunds
        self.write_orders(shop, mine, refunds)
        if shop == SECOND:  # its files do not tell of signing
            for order in mine:
                order["signed"] = None

    def write_orders(self, shop: str, mine: Sequence[Row], refunds: Sequence[Row]) -> None:
        lines = [(order, line) for order in mine if order["lined"] for line in order["lines"]]
        if shop == DOUYIN:
            header = [
                "主订单编号",
                "子订单编号",
                "选购商品",
                "商品规格",
                "商品数量",
                "商品ID",
                "订单应付金额",
                "订单提交时间",
                "支付完成时间",
                "订单完成时间",
                "订单状态",
                "售后状态",
                "取消原因",
                "收件人",
                "收件人手机号",
                "省",
                "市",
            ]
            self.save(shop, "1791430000_a", header, [
                [f"\t{o['id']}", f"\t{line['id']}", f"\t{line['product']}", "\t1袋", 1, f"\t{line['product_id']}", money(line["amount"] if o["paid_at"] else 990), o["created"], o["paid_at"] or "-", o["signed"] or "-",
                 state(o, "已完成", "已关闭", "待发货", "待付款"), "退款成功" if line["refund"] else "-", "", "##密文", "$$密文", "浙江省", "杭州市"] for o, line in lines])  # fmt: skip
            self.save(shop, "售后单", ["售后单号", "订单号", "商品单号", "退商品金额（元）", "售后状态", "售后申请时间", "售后类型", "同意售后申请时间"], [
                [f"\t{r['id']}", f"\t{r['order']}", f"\t{r['line']}", money(r["amount"]), "同意退款，退款成功" if r["done"] else "售后关闭", r["at"], "仅退款", r["at"]] for r in refunds])  # fmt: skip
            return
        states = ("交易成功", "交易关闭", "买家已付款，等待卖家发货", "等待买家付款")
        header = [
            "子订单编号",
            "主订单编号",
            "标题",
            "价格",
            "购买数量",
            "商品属性",
            "订单状态",
            "商家编码",
            "支付单号",
            "买家应付货款",
            "买家实际支付金额",
            "退款状态",
            "退款金额",
            "订单创建时间",
            "订单付款时间",
            "商品ID",
        ]
        self.save(shop, f"宝贝报表 {shop}", header, [
            [line["id"], o["id"], line["product"], "9.90", 1, "", state(o, *states), "", "", money(line["amount"]), money(line["amount"]), "退款成功" if line["refund"] else "没有申请退款",
             money(min(line["amount"], 77)) if line["refund"] else "无退款申请", o["created"], o["paid_at"], line["product_id"]] for o, line in lines], book=True)  # fmt: skip
        self.save(shop, f"退款单 {shop}", ["订单编号", "退款编号", "退款的申请时间", "买家退款金额", "退款状态", "售中或售后", "部分退款/全部退款", "是否需要退货"], [
            [r["order"], r["id"], r["at"], money(r["amount"]), "退款成功" if r["done"] else "退款关闭", "售后", "部分退款", "否"] for r in refunds])  # fmt: skip
        if shop == FLAGSHIP:
            header = [
                "订单编号",
                "买家会员名",
                "买家应付货款",
                "买家应付邮费",
                "总金额",
                "买家实际支付金额",
                "订单状态",
                "订单创建时间",
                "订单付款时间 ",
                "宝贝标题 ",
                "宝贝总数量",
                "店铺名称",
                "退款金额",
                "确认收货时间",
                "客服",
            ]
            self.save(shop, "ExportOrderList", header, [
                [o["id"], o["buyer"], money(o["amount"] or 500), "0.00", money(o["amount"] or 500), money(o["amount"]), state(o, *states), o["created"], o["paid_at"], "，".join(line["product"] for line in o["lines"]),
                 len(o["lines"]), shop, "1.00" if any(line["refund"] for line in o["lines"]) else "0.00", o["signed"], o["agent"]] for o in mine], gbk=True)  # fmt: skip

    def reviews(self, shop: str) -> None:
        pick: random.Random = self.rng
        mine: list[Row] = []
        own = [order for order in self.world.rows["order"] if order["shop"] == shop and order["paid_at"]]
        for number, order in enumerate([*pick.sample(own, len(own) // 2), *[None] * 20]):
            product = pick.choice(order["lines"])["product"] if order else pick.choice(PRODUCTS)[1]
            at = (
                (order["signed"] or order["paid_at"]) + timedelta(hours=pick.randint(0, 200))
                if order
                else self.moment()
            )
            if at.date() >= self.world.first + timedelta(days=self.world.days):
                continue
            text = "此用户没有填写评价。" if pick.random() < 0.2 else f"第{number}条，用着不错"
            reply = pick.random() < 0.6
            mine.append({"shop": shop, "id": f"739{number:012d}", "order": order["id"] if order else None, "at": at, "product": product, "stars": pick.choice((5, 5, 4, 3, 2, 1, 1)), "text": text,
                         "replied": at + timedelta(hours=pick.choice((1, 5, 71, 72, 73, 100)), minutes=pick.randint(0, 1)) if reply else None, "default": text.startswith("此用户")})  # fmt: skip
        self.world.rows["review"] += mine
        names = {name: id_ for id_, name in PRODUCTS}
        self.save(shop, f"商品评价 {shop}", ["评价ID", "店铺", "订单编号", "商品ID", "商品名称", "评价时间", "评分", "评价内容", "商家回复", "回复时间"], [
            [r["id"], shop, r["order"], names[r["product"]], r["product"], r["at"], r["stars"], r["text"], "谢谢" if r["replied"] else None, r["replied"]] for r in mine])  # fmt: skip

    def tickets(self, shop: str) -> None:
        pick: random.Random = self.rng
        mine: list[Row] = []
        for number in range(self.size // 2):
            at = self.moment()
            solved = (
                at + timedelta(minutes=pick.choice((pick.randint(1, 8000), 2880, 2881)))
                if pick.random() < 0.75
                else None
            )
            mine.append({"shop": shop, "id": f"T{shop[:2]}{number:05d}", "at": at, "agent": pick.choice(TEAM[shop]), "solved": solved, "category": pick.choice(CATEGORIES), "complaint": pick.random() < 0.25})  # fmt: skip
        self.world.rows["ticket"] += mine
        self.save(shop, f"工单 {shop}", ["工单编号", "店铺", "客服", "创建时间", "完结时间", "工单分类", "工单状态", "是否投诉"], [
            [t["id"], shop, t["agent"], t["at"], t["solved"], t["category"], "已完结" if t["solved"] else pick.choice(("待处理", "处理中")), yes(t["complaint"])] for t in mine])  # fmt: skip

    def people(self, shop: str) -> None:
        """Surveys, sampled conversations, invitations."""
        pick, half = self.rng, self.size // 2
        surveys: list[Row] = [{"shop": shop, "id": f"D{shop[:2]}{number:05d}", "at": self.moment(), "agent": pick.choice(TEAM[shop]), "csat": pick.choice((5, 5, 4, 3, 2, 1, None)), "nps": pick.choice((*range(11), None)),
                    "solved": pick.choice((True, True, False, None))} for number in range(half)]  # fmt: skip
        surveys = [row for row in surveys if (row["csat"], row["nps"]) != (None, None)]
        checks = [
            {
                "shop": shop,
                "id": f"C{shop[:2]}{number:05d}",
                "at": self.moment(),
                "agent": pick.choice(TEAM[shop]),
                "total": pick.choice((100, 80, 79, 60, 95)),
            }
            for number in range(half)
        ]
        invited = [
            {
                "shop": shop,
                "id": f"Y{shop[:2]}{number:05d}",
                "at": self.moment(),
                "agent": pick.choice(TEAM[shop]),
                "buyer": self.nick(),
            }
            for number in range(half)
        ]
        self.world.rows["survey"] += surveys
        self.world.rows["check"] += checks
        self.world.rows["invitation"] += invited
        self.save(
            shop,
            f"满意度调查 {shop}",
            ["答卷编号", "店铺", "客服", "提交时间", "满意度(1-5)", "推荐意愿(0-10)", "是否解决"],
            [[d["id"], shop, d["agent"], d["at"], d["csat"], d["nps"], yes(d["solved"])] for d in surveys],
        )
        self.save(
            shop,
            f"抽检 {shop}",
            ["抽检编号", "店铺", "客服", "抽检日期", "总分"],
            [[c["id"], shop, c["agent"], c["at"], c["total"]] for c in checks],
        )
        self.save(
            shop,
            f"邀评记录 {shop}",
            ["邀评编号", "店铺", "客服", "买家昵称", "邀评时间"],
            [[i["id"], shop, i["agent"], i["buyer"], i["at"]] for i in invited],
        )

    def owner(self) -> None:
        """His word, in the order it must be given."""
        world, pick = self.world, self.rng
        last = world.first + timedelta(days=world.days + 30)
        middle, late = (world.first + timedelta(days=pick.randrange(3, world.days - 3)) for _ in range(2))
        early = date(1990, 1, 1)
        world.words += [["shops", "merge", OLD, SECOND], ["agents", "merge", f"{FLAGSHIP}:美美", f"{FLAGSHIP}:小美"]]
        world.spans += [
            (FLAGSHIP, "小美", "售前", early, middle - timedelta(days=1)), (FLAGSHIP, "小美", "售后", middle, last), (FLAGSHIP, "阿华", "售前", early, last),
            (SECOND, "大刘", "售后", late, last), (DOUYIN, "07", "售前", early, late),
        ]  # fmt: skip
        for shop, person, name, begins, ends in world.spans:
            limits = [
                *(["--from", f"{begins}"] if begins != early else []),
                *(["--to", f"{ends}"] if ends != last else []),
            ]
            world.words.append(["agents", "group", f"{shop}:{person}", name, *limits])

    def save(
        self,
        shop: str,
        title: str,
        header: list[str],
        table: list[list[Any]],
        *,
        book: bool = False,
        gbk: bool = False,
        undone: bool = False,
    ) -> None:
        folder = self.folder / shop
        folder.mkdir(parents=True, exist_ok=True)
        if book:
            path = folder / f"{title}.xlsx"
            sheet = Workbook()
            page = sheet.active
            assert page is not None
            for line in [header, *table]:
                page.append(line)
            sheet.save(path)
        else:
            path = folder / f"{title}.csv"
            lines = [
                [
                    f"{cell:%Y-%m-%d %H:%M:%S}" if isinstance(cell, datetime) else "" if cell is None else cell
                    for cell in line
                ]
                for line in table
            ]
            with path.open("w", encoding="gbk" if gbk else "utf-8-sig", newline="") as file:
                csv.writer(file).writerows([header, *lines])
        (self.world.undone if undone else self.world.files).append((shop, path))


def state(order: Row, done: str, closed: str, paid: str, waiting: str) -> str:
    return closed if order["closed"] else done if order["signed"] else paid if order["paid_at"] else waiting


def yes(value: bool | None) -> str:
    return "" if value is None else "是" if value else "否"


def money(fen: int) -> str:
    return f"{fen / 100:.2f}"
