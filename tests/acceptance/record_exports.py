"""Order, refund and review exports nobody has seen: real headers, random cuts of them, every quirk of the platforms."""

# ruff: noqa: E501  (words as the platforms write them)
from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.acceptance.files import write
from tests.ingest import record_tables as real

Row = dict[str, Any]
SHOPS = ("甲旗舰店", "乙专营店", "丙官方店")
STATES = (
    ("等待买家付款", False), ("买家已付款,等待卖家发货", True), ("买家已付款，等待卖家发货", True), ("卖家已发货，等待买家确认", True),
    ("交易成功", True), ("交易关闭", False),
)  # fmt: skip
PLACES = (
    "浙江省 杭州市 西湖区 ***",
    "广东省广州市天河区某路***(510000)",
    "上海 上海市 浦东新区 ***",
    "内蒙古自治区",
    "",
)


@dataclass(frozen=True)
class Layout:
    """Its header, the columns a file cannot do without, how a row is made, and how such files are written."""

    name: str
    header: Sequence[str]
    core: tuple[str, ...]
    make: Callable[[random.Random, int], Row]
    form: str
    file: str


def _when(pick: random.Random) -> datetime:
    return datetime(2025, 1, 1) + timedelta(seconds=pick.randint(0, 500 * 86_400))


def _yuan(pick: random.Random, amount: int) -> str:
    return pick.choice(
        (f"{amount / 100:.2f}", f"¥{amount / 100:,.2f}", f"{amount / 100:.2f}元", f"{amount / 100:,.2f}")
    )


def _order(pick: random.Random, number: int) -> Row:
    state, paid = pick.choice(STATES)
    created = _when(pick)
    goods, postage = pick.randint(1, 300_000), pick.choice((0, 0, 800))
    cut = pick.randint(0, goods // 3)
    back = pick.randint(1, goods) if paid and pick.random() < 0.2 else None
    money = goods + postage - cut if paid else 0
    row = {
        "订单编号": f"{2_000_000_000_000_000_000 + number * 7919 + pick.randint(0, 7000)}", "买家会员名": pick.choice((f"买家{pick.randint(1, 60)}", "tb6***70", "匿名买家")),
        "买家应付货款": _yuan(pick, goods), "买家应付邮费": _yuan(pick, postage), "总金额": _yuan(pick, goods + postage), "买家实际支付金额": _yuan(pick, money),
        "订单状态": state, "收货地址": pick.choice(PLACES), "收货人姓名": "薛某", "联系手机": "'13800138000", "订单创建时间": created,
        "订单付款时间": created + timedelta(minutes=pick.randint(1, 600)) if paid else None, "宝贝标题": f"商品{pick.randint(1, 9)}，真皮", "宝贝总数量": pick.randint(1, 6),
        "店铺名称": pick.choice(SHOPS), "订单关闭原因": "订单未关闭", "退款金额": "无退款申请" if back is None and pick.random() < 0.5 else _yuan(pick, back or 0), "订单备注": pick.choice(("'null", "", "尽快")),
    }  # fmt: skip
    row |= {
        "买家实付金额": row["买家实际支付金额"],
        "商家备注": row["订单备注"],
        "订单付款时间 ": row["订单付款时间"],
        "收货地址 ": row["收货地址"],
        "宝贝标题 ": row["宝贝标题"],
    }
    return row


def _line(pick: random.Random, number: int) -> Row:
    order = _order(pick, number // 2)
    state, paid = pick.choice(STATES)
    amount = pick.randint(1, 90_000)
    refunded = paid and pick.random() < 0.2
    row = {**order, "订单状态": state, "主订单编号": f"{2_500_000_000_000_000_000 + number // 2}", "子订单编号": f"{2_500_000_000_000_000_000 + number // 2 * 1000 + number}",
           "购买数量": pick.randint(1, 4), "价格": _yuan(pick, amount), "标题": "杯", "商品属性": f"颜色:{number % 3}", "买家实际支付金额": _yuan(pick, amount if paid else 0),
           "退款状态": "退款成功" if refunded else "没有申请退款", "退款金额": _yuan(pick, amount) if refunded else "无退款申请", "店铺名称": SHOPS[0]}  # fmt: skip
    created = order["订单创建时间"]
    row |= {
        "订单付款时间": created + timedelta(minutes=3) if paid else None,
        "商品标题": "杯",
        "商品价格": row["价格"],
        "买家实付金额": row["买家实际支付金额"],
        "商品ID": f"88{number:010d}",
    }
    return row


def _detail(pick: random.Random, number: int) -> Row:
    return {
        **_line(pick, number),
        "订单编号": f"{2_600_000_000_000_000_000 + number // 3}",
        "商品属性": f"规格{number}",
    }


def _doudian(pick: random.Random, number: int) -> Row:
    paid, created = pick.random() < 0.85, _when(pick)
    state = pick.choice(("待发货", "已发货", "已完成", "已关闭")) if paid else "待付款"
    gift = paid and pick.random() < 0.1
    return {
        "主订单编号": f"\t69179267688{number // 2:08d}", "子订单编号": f"\t69279267688{number:08d}", "选购商品": f"\t商品{number % 7}", "商品规格": "1袋", "商品数量": pick.randint(1, 5),
        "商品ID": f"\t37{number:012d}", "商品单价": "28.90", "商品金额": "28.90", "订单应付金额": f"{0 if gift else pick.randint(1, 90_000) / 100:.2f}", "运费": "0.00", "收件人": "##密文密文", "收件人手机号": "$$密文密文",
        "省": "浙江省", "市": "杭州市", "区": "西湖区", "详细地址": "##密文密文", "订单提交时间": created, "支付完成时间": created + timedelta(seconds=40) if paid else "-", "订单状态": state,
        "售后状态": pick.choice(("-", "-", "退款成功", "售后关闭")) if paid else "-", "取消原因": "主品订单售后完成" if gift else "-", "商家备注": "-", "流量体裁": "数据将于第二天更新",
    }  # fmt: skip


def _refund(pick: random.Random, number: int) -> Row:
    when, done = _when(pick), pick.random() < 0.7
    amount = pick.randint(1, 80_000)
    return {
        "退款编号": f"9{number:017d}", "订单编号": f"{2_700_000_000_000_000_000 + number}", "退款的申请时间": when, "退款完结时间": when + timedelta(days=1) if done else None, "买家退款金额": _yuan(pick, amount),
        "退款状态": "退款成功" if done else "退款关闭", "是否需要退货": pick.choice(("是", "否")), "买家退款原因": "七天无理由", "售中或售后": pick.choice(("售中", "售后")), "部分退款/全部退款": pick.choice(("部分退款", "全部退款")), "卖家电话": "057188886666", "卖家真实姓名": "薛某",
        "售后单号": f"\t14{number:016d}", "订单号": f"\t69{number:017d}", "商品单号": f"\t68{number:017d}", "退商品金额（元）": f"{amount / 100:.2f}", "退运费金额（元）": pick.choice(("0.00", "8.00", "-")), "售后状态": "同意退款，退款成功" if done else "售后关闭",
        "售后申请时间": when, "售后完结时间": when + timedelta(days=1) if done else "-", "售后类型": pick.choice(("仅退款", "退货退款")),
    }  # fmt: skip


def _review(pick: random.Random, number: int) -> Row:
    when, stars = _when(pick), pick.randint(1, 5)
    default = pick.random() < 0.3
    return {
        "评价日期": when, "时间": pick.choice((f"{when:%Y年%m月%d日 %H:%M:%S}", f"初次评价: {when:%Y-%m-%d %H:%M:%S}", f"{when:%Y-%m-%d %H:%M:%S}")), "订单ID": f"69{number:017d}", "订单编号": pick.choice((f"69{number:017d}", f"订单编号：260527-{number:015d}")), "商品ID": f"3{number % 9:018d}",
        "商品名称": "杯", "商品评价得分": stars, "评分": pick.choice((stars, f"{stars}", {1: "负面评价", 2: "差评", 3: "中评", 4: "好评", 5: "好评"}[stars])), "评价内容": "系统默认好评!" if default else f"第{number}条，好用", "店铺": SHOPS[number % 3], "平台": "抖音", "用户昵称": f"u{number}",
    }  # fmt: skip


RPA = ["平台", "店铺", "时间", "订单编号", "商品名称", "评价内容", "评分"]
COLLECTED = ["评价日期", "订单ID", "商品ID", "商品名称", "商品评价得分", "评价内容", "用户昵称"]
TMALL = ["订单编号", "总金额", "买家实际支付金额", "收货地址 ", "订单创建时间", "订单付款时间 ", "退款金额"]
_ORDER = ("订单编号", "总金额", "订单创建时间", "订单状态", "宝贝总数量", "买家应付货款")
_SUB = ("子订单编号", "主订单编号", "订单创建时间", "订单付款时间", "订单状态", "购买数量", "退款金额", "退款状态")
LAYOUTS = (
    Layout("order", real.TAOBAO_2017, (*_ORDER, "买家实际支付金额", "订单付款时间 ", "店铺名称", "退款金额"), _order, "gbk ids", "ExportOrderList"),
    Layout("order", real.TAOBAO_2022, (*_ORDER, "买家实际支付金额", "订单付款时间", "店铺名称", "退款金额"), _order, "csv", "订单2022"),
    Layout("order", real.QIANNIU_MAIN, (*_ORDER, "买家实付金额", "订单付款时间", "退款金额"), _order, "xlsx", "千牛订单"),
    Layout("order", TMALL, tuple(TMALL), _order, "csv", "tmall_order_report"),
    Layout("line", real.TAOBAO_SUB_2022, (*_SUB, "买家实际支付金额"), _line, "csv", "子订单"),
    Layout("line", real.QIANNIU_SUB, (*_SUB, "买家实付金额", "商品标题"), _line, "xlsx", "千牛子订单"),
    Layout("detail", real.TAOBAO_DETAILS, tuple(real.TAOBAO_DETAILS), _detail, "gbk tail", "ExportOrderDetailList"),
    Layout("doudian", real.DOUDIAN_74, ("主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "订单提交时间", "支付完成时间", "订单状态", "售后状态", "取消原因"), _doudian, "csv", "1791430000_a"),
    Layout("doudian", real.DOUDIAN_75, ("主订单编号", "子订单编号", "选购商品", "商品数量", "订单应付金额", "订单提交时间", "支付完成时间", "订单状态", "售后状态", "取消原因"), _doudian, "csv", "1791430001_b"),
    Layout("refund", real.TAOBAO_REFUND, ("退款编号", "订单编号", "退款的申请时间", "买家退款金额", "退款状态", "售中或售后"), _refund, "xlsx", "退款单"),
    Layout("refund", real.DOUDIAN_REFUND, ("售后单号", "订单号", "商品单号", "退商品金额（元）", "退运费金额（元）", "售后状态", "售后申请时间"), _refund, "csv", "售后单"),
    Layout("review", COLLECTED, tuple(COLLECTED), _review, "xlsx", "抖店评价"),
    Layout("review", RPA, tuple(RPA), _review, "xlsx", "2026-06-07评论数据"),
)  # fmt: skip


def _cell(value: Any, form: str) -> Any:
    if isinstance(value, datetime) and form != "xlsx":
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "" if value is None and form != "xlsx" else value


def make(layout: Layout, pick: random.Random, folder: Path, count: int) -> Path:
    """One file of this layout: its core columns and some of the others, in any order."""
    others = [name for name in layout.header if name not in layout.core]
    header = [*layout.core, *pick.sample(others, pick.randint(0, len(others)))]
    pick.shuffle(header)
    if layout.form.startswith("gbk"):
        header = list(layout.header)
    rows = [layout.make(pick, number) for number in range(count)]
    if pick.random() < 0.4:
        rows += rows[: count // 10]  # written twice: the same number, the same row
    table = [[_cell(row.get(name, ""), layout.form) for name in header] for row in rows]
    if layout.form.startswith("gbk"):
        for line in table:
            line[0] = f'="{line[0]}"'
        tail = "," if "tail" in layout.form else ""
        lines = [",".join(f'"{name}"' for name in header)]
        lines += [",".join([line[0], *(f'"{cell}"' for cell in line[1:])]) + tail for line in table]
        path = folder / f"{layout.file}.csv"
        path.write_bytes(("\r\n".join(lines) + "\r\n").replace("¥", "￥").encode("gbk"))
        return path
    noisy = [name + pick.choice(("", "", " ")) if name == name.strip() else name for name in header]
    encoding = pick.choice(("utf-8-sig", "gb18030"))
    return write(folder, layout.file, layout.form, [noisy, *table], encoding=encoding)
