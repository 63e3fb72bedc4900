"""淘宝 and 千牛: ExportOrderList (.csv, GBK), orders and their lines of 2026 (.xlsx), refunds, collected reviews."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from csdesk.demo.cast import ShopCast
from csdesk.demo.orders import Order, Refund
from csdesk.demo.sheetfile import SheetCell, SheetRow, write_workbook
from csdesk.demo.wording import yuan
from csdesk.domain.period import Period

_LIST_HEADERS = (
    "订单编号", "买家会员名", "买家支付宝账号", "买家应付货款", "买家应付邮费", "买家支付积分", "总金额", "返点积分",
    "买家实际支付金额", "买家实际支付积分", "订单状态", "买家留言", "收货人姓名", "收货地址 ", "运送方式", "联系电话 ",
    "联系手机", "订单创建时间", "订单付款时间 ", "宝贝标题 ", "宝贝种类 ", "物流单号 ", "物流公司", "订单备注",
    "宝贝总数量", "店铺Id", "店铺名称", "订单关闭原因", "卖家服务费", "买家服务费", "发票抬头", "是否手机订单",
    "分阶段订单信息", "特权订金订单id", "是否上传合同照片", "是否上传小票", "是否代付", "定金排名", "修改后的sku",
    "修改后的收货地址", "异常信息", "天猫卡券抵扣", "集分宝抵扣", "是否是O2O交易", "新零售交易类型",
    "新零售导购门店名称", "新零售导购门店id", "新零售发货门店名称", "新零售发货门店id", "退款金额", "预约门店",
    "确认收货时间", "打款商家金额", "含应开票给个人的个人红包",
)  # fmt: skip
_ORDER_HEADERS = (
    "订单编号", "订单状态", "买家实付金额", "买家应付货款", "买家应付邮费", "总金额", "支付详情", "订单创建时间",
    "订单付款时间", "宝贝总数量", "退款金额", "发货时间", "确认收货时间", "确认收货打款金额", "商家编码", "商家备注",
    "订单关闭原因", "收货地址",
)  # fmt: skip
_LINE_HEADERS = (
    "子订单编号", "主订单编号", "商品标题", "商品价格", "购买数量", "外部系统编号", "商品属性", "订单状态", "商家编码",
    "支付单号", "买家应付货款", "买家实付金额", "退款状态", "退款金额", "订单创建时间", "订单付款时间", "发货时间",
    "物流单号", "物流公司", "应发货时间", "商品ID",
)  # fmt: skip
_REFUND_HEADERS = (
    "订单编号", "退款编号", "支付宝交易号", "订单付款时间", "商品编码", "退款完结时间", "买家实际支付金额", "宝贝标题",
    "买家退款金额", "手工退款/系统退款", "是否需要退货", "退款的申请时间", "超时时间", "退款状态", "货物状态",
    "退货物流信息", "发货物流信息", "客服介入状态", "卖家真实姓名", "卖家真实姓名新", "卖家退货地址", "卖家邮编",
    "卖家电话", "卖家手机", "退货物流单号", "退货物流公司", "买家退款原因", "买家退款说明", "买家退货时间", "责任方",
    "售中或售后", "商家备注", "完结时间", "部分退款/全部退款", "审核操作人", "举证超时", "是否零秒响应", "退款操作人",
    "退款原因标签", "业务类型", "是否帮他退款", "帮他退款操作账号",
)  # fmt: skip
_REVIEW_HEADERS = ("平台", "店铺", "时间", "订单编号", "商品名称", "评价内容", "评分")
_OPEN, _NO_REFUND = "订单未关闭", "无退款申请"
_CARRIER = "示例快递"
_LONGEST_LIST = 90


def write_order_lists(folder: Path, shop: ShopCast, orders: Sequence[Order], period: Period) -> list[Path]:
    """ExportOrderList: .csv in GBK, at most three months each, by the day the orders were made."""
    files = []
    first = period.first
    while first <= period.last:
        last = min(period.last, first + timedelta(days=_LONGEST_LIST - 1))
        path = folder / f"ExportOrderList{last + timedelta(days=1):%Y%m%d}0900.csv"
        rows = [_list_row(shop, order) for order in orders if first <= order.day <= last]
        if rows:
            with path.open("w", encoding="gb18030", newline="") as file:
                writer = csv.writer(file, quoting=csv.QUOTE_ALL)
                writer.writerow(_LIST_HEADERS)
                writer.writerows(rows)
            files.append(path)
        first = last + timedelta(days=1)
    return files


def _list_row(shop: ShopCast, order: Order) -> list[str]:
    paid = f"{order.paid_fen / 100:.2f}"
    filled = {
        "订单编号": f'="{order.id}"',
        "买家会员名": order.buyer,
        "买家支付宝账号": "demo@example.com",
        "买家应付货款": f"{order.payable_fen / 100:.2f}",
        "买家应付邮费": "0.00",
        "买家支付积分": "0",
        "总金额": f"{order.payable_fen / 100:.2f}",
        "返点积分": "0",
        "买家实际支付金额": paid,
        "买家实际支付积分": "0",
        "订单状态": _status(order),
        "收货人姓名": "示例买家",
        "收货地址 ": _address(order),
        "运送方式": "快递",
        "联系手机": "'13800000000",
        "订单创建时间": _text(order.created),
        "订单付款时间 ": _text(order.paid),
        "宝贝标题 ": "，".join(line.product.title for line in order.lines),
        "宝贝种类 ": str(len(order.lines)),
        "物流单号 ": f"No:DEMO{order.id[-8:]}" if order.shipped else "",
        "物流公司": _CARRIER if order.shipped else "",
        "宝贝总数量": str(sum(line.quantity for line in order.lines)),
        "店铺Id": "0",
        "店铺名称": shop.name,
        "订单关闭原因": _closed(order),
        "卖家服务费": "0",
        "买家服务费": "0元",
        "是否手机订单": "手机订单",
        "特权订金订单id": '=""',
        "是否上传合同照片": "否",
        "是否上传小票": "否",
        "是否代付": "否",
        "退款金额": f"{order.returned_fen / 100:.2f}",
        "确认收货时间": _text(order.signed),
        "打款商家金额": f"{paid}元" if order.signed else "0.00元",
    }
    return [filled.get(header, "") for header in _LIST_HEADERS]


def write_orders(folder: Path, shop: ShopCast, orders: Sequence[Order], period: Period) -> list[Path]:
    """千牛 2026, one row an order: no nick any more, 退款金额 as words where there is none."""
    rows: list[SheetRow] = [_order_row(order) for order in orders if order.day in period]
    return _written(folder / f"千牛主订单_{_span(shop, period)}.xlsx", "订单", _ORDER_HEADERS, rows)


def _order_row(order: Order) -> SheetRow:
    return (
        order.id,
        _status(order).replace("买家已付款，", "买家已付款,"),  # the comma is a narrow one in this status alone
        yuan(order.paid_fen),
        yuan(order.payable_fen),
        0,
        yuan(order.payable_fen),
        "支付宝" if order.paid else None,
        order.created,
        order.paid,
        sum(line.quantity for line in order.lines),
        yuan(order.returned_fen) if order.returned_fen else _NO_REFUND,
        order.shipped,
        order.signed,
        yuan(order.paid_fen - order.returned_fen) if order.signed else 0,
        None,
        None,
        _closed(order),
        _address(order),
    )


def write_lines(folder: Path, shop: ShopCast, orders: Sequence[Order], period: Period) -> list[Path]:
    """千牛 2026, one row a product of an order."""
    rows = [row for order in orders if order.day in period for row in _line_rows(order)]
    return _written(folder / f"千牛子订单_{_span(shop, period)}.xlsx", "子订单", _LINE_HEADERS, rows)


def _line_rows(order: Order) -> Iterator[SheetRow]:
    back = order.wholly_returned
    for line in order.lines:
        filled: dict[str, SheetCell] = {
            "子订单编号": line.id,
            "主订单编号": order.id,
            "商品标题": line.product.title,
            "商品价格": yuan(line.price_fen),
            "购买数量": line.quantity,
            "商品属性": f"商品规格:{line.sku}",
            "订单状态": _status(order),
            "买家应付货款": yuan(line.price_fen * line.quantity),
            "买家实付金额": yuan(line.paid_fen) if order.paid else 0,
            "退款状态": "退款成功" if back else "没有申请退款",
            "退款金额": yuan(line.paid_fen) if back else _NO_REFUND,
            "订单创建时间": order.created,
            "订单付款时间": order.paid,
            "发货时间": order.shipped,
            "物流公司": _CARRIER if order.shipped else None,
            "商品ID": line.product.id,
        }
        yield tuple(filled.get(header) for header in _LINE_HEADERS)


def write_refunds(folder: Path, shop: ShopCast, orders: Sequence[Order], period: Period) -> list[Path]:
    """退款单: 42 columns, one row a refund."""
    rows = [_refund_row(order, order.refund) for order in orders if order.refund is not None]
    return _written(folder / f"退款单_{_span(shop, period)}.xlsx", "退款单", _REFUND_HEADERS, rows)


def _refund_row(order: Order, refund: Refund) -> SheetRow:
    filled: dict[str, SheetCell] = {
        "订单编号": order.id,
        "退款编号": refund.id,
        "订单付款时间": order.paid,
        "商品编码": order.lines[0].product.id,
        "退款完结时间": refund.finished,
        "买家实际支付金额": yuan(order.paid_fen),
        "宝贝标题": order.lines[0].product.title,
        "买家退款金额": yuan(refund.fen),
        "手工退款/系统退款": "手工退款",
        "是否需要退货": "是" if refund.goods_back else "否",
        "退款的申请时间": refund.applied,
        "退款状态": "退款成功" if refund.finished else "买家已经申请退款，等待卖家同意",
        "客服介入状态": "客服介入" if refund.intervened else "未介入",
        "卖家退货地址": "示例省 示例市 示例路 1 号",
        "卖家电话": "13800000000",
        "买家退款原因": refund.reason,
        "售中或售后": "售后" if refund.sold_already else "售中",
        "完结时间": refund.finished,
        "部分退款/全部退款": "部分退款" if refund.partial else "全部退款",
        "是否零秒响应": "否",
    }
    return tuple(filled.get(header) for header in _REFUND_HEADERS)


def write_reviews(folder: Path, shop: ShopCast, orders: Sequence[Order], period: Period) -> list[Path]:
    """评论数据 as collectors write it: ``初次评价: …`` before the time, grades as words."""
    reviewed = sorted(
        ((order.review, order) for order in orders if order.review is not None), key=lambda pair: pair[0].written
    )
    rows: list[SheetRow] = [
        ("天猫", shop.name, f"初次评价: {review.written:%Y-%m-%d %H:%M:%S}", order.id, order.lines[0].product.title,
         review.text, _grade(review.rating))
        for review, order in reviewed
    ]  # fmt: skip
    path = folder / f"{period.last + timedelta(days=1)}评论数据.xlsx"
    return _written(path, "抓取数据汇总", _REVIEW_HEADERS, rows)


def _grade(rating: int) -> str:
    return "好评" if rating >= 4 else "中评" if rating == 3 else "负面评价"


def _written(path: Path, sheet: str, headers: Sequence[str], rows: Iterable[SheetRow]) -> list[Path]:
    """The file, unless there is nothing to write."""
    found = list(rows)
    if not found:
        return []
    write_workbook(path, sheet, [headers, *found])
    return [path]


def _span(shop: ShopCast, period: Period) -> str:
    return f"{shop.name}_{period.first}至{period.last}"


def _status(order: Order) -> str:
    if order.closed_reason or order.wholly_returned:
        return "交易关闭"
    if order.paid is None:
        return "等待买家付款"
    if order.signed is not None:
        return "交易成功"
    return "卖家已发货，等待买家确认" if order.shipped is not None else "买家已付款，等待卖家发货"


def _closed(order: Order) -> str:
    return order.closed_reason or ("退款" if order.wholly_returned else _OPEN)


def _address(order: Order) -> str:
    return f"{order.province} {order.city} 示例区 示例路 1 号(000000)"


def _text(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"
