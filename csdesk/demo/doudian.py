"""抖店: orders (74 columns, .csv with BOM and tabs), 售后 (50 columns) and 评价."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from csdesk.demo.cast import ShopCast
from csdesk.demo.orders import Order, Refund
from csdesk.demo.sheetfile import SheetCell, SheetRow, write_workbook
from csdesk.demo.wording import yuan
from csdesk.domain.period import Period

_ORDER_HEADERS = (
    "主订单编号", "子订单编号", "选购商品", "商品规格", "商品数量", "商品ID", "商家编码", "商品单价", "订单应付金额",
    "运费", "优惠总金额", "平台优惠", "商家优惠", "达人优惠", "商家改价", "支付优惠", "红包抵扣", "支付方式", "手续费",
    "收件人", "收件人手机号", "省", "市", "区", "街道", "详细地址", "是否修改过地址", "地址修改时段", "买家留言",
    "订单提交时间", "旗帜颜色", "商家备注", "订单完成时间", "支付完成时间", "APP渠道", "流量来源", "订单状态",
    "承诺发货时间", "订单类型", "鲁班落地页ID", "达人ID", "达人昵称", "所属门店ID", "售后状态", "取消原因",
    "预约发货时间", "仓库ID", "仓库名称", "序列号", "是否安心购", "广告渠道", "流量类型", "流量体裁", "流量渠道",
    "发货主体", "发货主体明细", "发货时间", "降价类优惠", "平台实际承担优惠金额", "商家实际承担优惠金额",
    "达人实际承担优惠金额", "预计送达时间", "是否平台仓自流转", "车型", "商品69码", "发货SN码", "发货IMEI码1",
    "发货IMEI码2", "预约送达时间", "建议发货时间（起）", "建议发货时间（止）", "物流SN码", "物流IMEI码1", "物流IMEI码2",
)  # fmt: skip
_REFUND_HEADERS = (
    "售后单号", "订单号", "商品单号", "商品名称", "商品ID", "应付金额（元）", "商品运费（元）", "支付优惠（元）",
    "商品税费（元）", "商品发货状态", "售后类型", "退商品金额（元）", "退运费金额（元）", "退支付优惠（元）",
    "退税费金额（元）", "售后状态", "售后申请时间", "退款方式", "是否已上传退款凭证", "售后原因", "售后原因标签",
    "退货物流单号", "退货异常", "退货发货时间", "退货物流公司", "自动处理截止时间", "同意售后申请时间",
    "商家退款时间", "用户到账时间", "售后关闭时间", "商家退货地址", "商家退货联系人姓名", "商家退货联系人电话",
    "仲裁状态", "纠纷责任方", "是否极速退款", "是否拒签后退款", "发货物流单号", "发货物流状态", "换货物流单号",
    "退货物流状态", "售后完结时间", "订单备注", "用户售后说明", "售后备注", "操作人", "协商记录", "换货商品信息",
    "商家编码", "门店名称",
)  # fmt: skip
_REVIEW_HEADERS = (
    "评价日期", "订单ID", "商品ID", "商品名称", "商品规格", "商品评价得分", "评价内容", "用户昵称", "追评内容",
    "商家是否回复", "回复内容",
)  # fmt: skip
_NONE = "-"


def write_orders(folder: Path, shop: ShopCast, orders: Sequence[Order], period: Period) -> list[Path]:
    """订单: ids and texts behind a tab, ``-`` where there is nothing, receivers as ciphertext."""
    if not orders:
        return []
    path = folder / f"抖店订单_{shop.name}_{period.first}至{period.last}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_ORDER_HEADERS)
        for order in orders:
            writer.writerows(_order_rows(order))
    return [path]


def _order_rows(order: Order) -> Iterator[list[str]]:
    closed = order.closed_reason or ("已退款" if order.wholly_returned else "")
    for line in order.lines:
        list_fen = line.price_fen * line.quantity
        filled = {
            "主订单编号": f"\t{order.id}",
            "子订单编号": f"\t{line.id}",
            "选购商品": f"\t{line.product.title}",
            "商品规格": f"\t{line.sku}",
            "商品数量": str(line.quantity),
            "商品ID": f"\t{line.product.id}",
            "商品单价": f"{line.price_fen / 100:.2f}",
            "订单应付金额": f"{line.paid_fen / 100:.2f}",
            "运费": "0.00",
            "优惠总金额": f"{(list_fen - line.paid_fen) / 100:.2f}",
            "商家优惠": f"{(list_fen - line.paid_fen) / 100:.2f}",
            "支付方式": "微信支付" if order.paid else _NONE,
            "收件人": "##示例密文",
            "收件人手机号": "$$示例密文",
            "省": order.province,
            "市": order.city,
            "区": "示例区",
            "街道": "示例街道",
            "详细地址": "##示例密文",
            "订单提交时间": _text(order.created),
            "商家备注": _NONE,
            "订单完成时间": _text(order.signed),
            "支付完成时间": _text(order.paid),
            "APP渠道": "抖音",
            "流量来源": "商品卡",
            "订单状态": _status(order, closed),
            "售后状态": "退款成功" if order.wholly_returned else _NONE,
            "取消原因": closed,
            "流量体裁": "数据将于第二天更新" if order.signed is None else "其他",
            "发货时间": _text(order.shipped),
        }
        yield [filled.get(header, "") for header in _ORDER_HEADERS]


def _status(order: Order, closed: str) -> str:
    if closed:
        return "已关闭"
    if order.paid is None:
        return "待支付"
    if order.signed is not None:
        return "已完成"
    return "已发货" if order.shipped is not None else "待发货"


def write_refunds(folder: Path, shop: ShopCast, orders: Sequence[Order], period: Period) -> list[Path]:
    """售后: one row a refund."""
    rows = [_refund_row(order, order.refund) for order in orders if order.refund is not None]
    return _written(folder / f"抖店售后_{shop.name}_{period.first}至{period.last}.xlsx", _REFUND_HEADERS, rows)


def _refund_row(order: Order, refund: Refund) -> SheetRow:
    line = order.lines[0]
    filled: dict[str, SheetCell] = {
        "售后单号": refund.id,
        "订单号": order.id,
        "商品单号": line.id,
        "商品名称": line.product.title,
        "商品ID": line.product.id,
        "应付金额（元）": yuan(order.paid_fen),
        "商品发货状态": "已发货" if refund.sold_already else "未发货",
        "售后类型": "退货退款" if refund.goods_back else "仅退款",
        "退商品金额（元）": yuan(refund.fen),
        "退运费金额（元）": 0,
        "售后状态": "同意退款，退款成功" if refund.finished else "售后处理中",
        "售后申请时间": _text(refund.applied),
        "售后原因": refund.reason,
        "商家退款时间": _text(refund.finished),
        "商家退货地址": "##示例密文",
        "商家退货联系人电话": "$$示例密文",
        "仲裁状态": "仲裁完成" if refund.intervened else "无仲裁",
        "售后完结时间": _text(refund.finished),
    }
    return tuple(filled.get(header) for header in _REFUND_HEADERS)


def write_reviews(folder: Path, shop: ShopCast, orders: Sequence[Order], period: Period) -> list[Path]:
    """评价: stars, the seller's answers, nicks as the page masks them."""
    reviewed = sorted(
        ((order.review, order) for order in orders if order.review is not None), key=lambda pair: pair[0].written
    )
    rows: list[SheetRow] = []
    for review, order in reviewed:
        line = order.lines[0]
        rows.append((
            _text(review.written), order.id, line.product.id, line.product.title, line.sku, review.rating,
            review.text, f"{order.buyer[0]}***{order.buyer[-1]}", review.append or None,
            "是" if review.reply else "否", review.reply or None,
        ))  # fmt: skip
    return _written(folder / f"抖店评价_{shop.name}_{period.first}至{period.last}.xlsx", _REVIEW_HEADERS, rows)


def _written(path: Path, headers: Sequence[str], rows: Sequence[SheetRow]) -> list[Path]:
    if not rows:
        return []
    write_workbook(path, "Sheet1", [headers, *rows])
    return [path]


def _text(moment: datetime | None) -> str:
    return _NONE if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"
