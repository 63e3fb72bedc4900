"""Metrics out of orders, refunds and invitations. Data only.

Paid = has a payment time and an amount above 0, whatever its later status; dated by payment. An order is refunded if
any of its lines is, part or whole.
"""

from __future__ import annotations

from csdesk.metrics.declaration import Direction, MetricDefinition, RowRule
from csdesk.metrics.model import Unit
from csdesk.metrics.rows.rules import Buyers, BuyerShare, Count, PerBuyer, RepeatBuyers, Share

_ORDERS = "订单表（淘宝/千牛 订单导出、抖店 订单导出）"
_WITH_BUYERS = "带买家昵称的订单表（淘宝/千牛 订单导出；抖店的订单导出没有买家一列）"
_WILSON = "95% 区间用 Wilson 方法；各组先加总再相除，不平均比率"
_PAID = "已付款订单：有付款时间、金额大于 0，不管后来的状态；按付款时间算日子"
_BUYER = "买家按店铺认：同一个人在两家店各算一位。昵称带 * 或没有昵称的认不出是谁，不在内"
_NOBODY = "这些订单里没有认得出的买家：昵称带 * 或没有昵称一列，认不出是不是同一个人"
_NO_PAYMENT = "这些订单没有付款时间和金额，不知道付没付款"
_BY_PRODUCT = ("product",)
_REFUNDS_COME = 15
"""Days after the payment within which most refunds have come: seven days to send back, and the way there."""


def _order_rule(reduce: Count | Share | Buyers | PerBuyer | RepeatBuyers | BuyerShare, label: str) -> RowRule:
    return RowRule("order_head", reduce, label, _NO_PAYMENT if isinstance(reduce, Count) else _NOBODY)


AGENT_SALES: tuple[RowRule, ...] = (
    RowRule(
        "order_head",
        Count("agent_amount"),
        "订单：写了客服的已付款订单金额（未减退款）",
        "订单里没有客服一列",
        near=True,
    ),
)
ORDER_VALUE: tuple[RowRule, ...] = (
    _order_rule(PerBuyer("paid_amount", "paid"), "订单：已付款金额（未减退款）/ 付款买家数"),
)

ORDERS: tuple[MetricDefinition, ...] = (
    MetricDefinition(
        "paid_orders", "付款订单数", Unit.COUNT, Direction.HIGHER, "已付款的主订单数", "已付款订单",
        rows=(
            RowRule("order_head", Count("paid"), "已付款的主订单", _NO_PAYMENT, near=True),
            RowRule("order_line", Count("paid_once"), "含该商品的已付款订单（不含赠品）", _NO_PAYMENT, _BY_PRODUCT),
        ),
        fed_by=_ORDERS, note=_PAID,
    ),
    MetricDefinition(
        "paid_amount", "支付金额", Unit.YUAN, Direction.HIGHER, "已付款订单的金额之和，未减退款", "支付金额",
        rows=(
            RowRule("order_head", Count("paid_amount"), "已付款订单的金额", _NO_PAYMENT, near=True),
            RowRule("order_line", Count("paid_amount"), "该商品订单行的金额", _NO_PAYMENT, _BY_PRODUCT),
        ),
        fed_by=_ORDERS, note=_PAID,
    ),
    MetricDefinition(
        "order_buyers", "付款买家数", Unit.COUNT, Direction.HIGHER, "有已付款订单的买家，去重", "付款买家",
        rows=(_order_rule(Buyers("paid"), "订单里去重的付款买家"),),
        fed_by=_WITH_BUYERS, note=f"{_BUYER}；跨天去重，各天相加会多于合计",
    ),
    MetricDefinition(
        "repurchase_rate", "复购率", Unit.RATE, Direction.HIGHER, "付款两次及以上的买家 / 付款买家",
        "时段内有 2 个及以上已付款订单的买家", "时段内的付款买家",
        rows=(_order_rule(RepeatBuyers("paid"), "时段内付款 2 次及以上 / 付款买家"),),
        fed_by=_WITH_BUYERS, method=_WILSON, note=f"{_BUYER}；时段越长，复购率自然越高，只和一样长的时段比",
        inferred=True,
    ),
    MetricDefinition(
        "retention", "保留率", Unit.RATE, Direction.HIGHER, "首单后 30 天内再付款的买家 / 首单满 30 天的买家",
        "首单后 30 天内又付款的买家", "时段内第一次付款、而且满了 30 天的买家",
        rows=(_order_rule(BuyerShare("again", "买家的首单还没满天数，不计入"), "按首单所在的日子分群"),),
        fed_by=_WITH_BUYERS, method=_WILSON, inferred=True,
        note=f"30 天可在设置里改。首单指已导入数据里的第一单，更早的订单不知道。{_BUYER}",
    ),
    MetricDefinition(
        "churn", "流失率", Unit.RATE, Direction.LOWER, "首单后 30 天内没有再付款的买家 / 首单满 30 天的买家",
        "首单后 30 天内没有再付款的买家", "时段内第一次付款、而且满了 30 天的买家",
        rows=(_order_rule(BuyerShare("gone", "买家的首单还没满天数，不计入"), "按首单所在的日子分群"),),
        fed_by=_WITH_BUYERS, method=_WILSON, inferred=True,
        note=f"= 1 − 保留率。30 天可在设置里改。首单指已导入数据里的第一单，更早的订单不知道。{_BUYER}",
    ),
    MetricDefinition(
        "return_visit_rate", "回访率", Unit.RATE, Direction.HIGHER,
        "邀评后 30 天内又付款的买家 / 邀评满 30 天的买家",
        "邀评之后 30 天内有已付款订单的买家", "被邀评、而且满了 30 天的买家",
        rows=tuple(
            RowRule(
                kind, BuyerShare("returned", "买家邀评后还没满天数，不计入"), label,
                "要有带买家的邀评（邀评记录，或会话明细的“是否邀评”）和同一家店带买家的订单；"
                "昵称带 * 的认不出是谁，不能算",
            )
            for kind, label in (("invitation", "邀评记录 + 订单"), ("session", "会话明细（已邀评）+ 订单"))
        ),
        fed_by=f"邀评记录或会话明细（买家、是否邀评列），加上{_WITH_BUYERS}",
        method=_WILSON, note=f"30 天可在设置里改。按邀评的日子算。{_BUYER}", inferred=True,
    ),
    MetricDefinition(
        "refund_rate", "退款率", Unit.RATE, Direction.LOWER, "退过款的订单 / 已付款订单",
        "任一商品退过款（部分或全部）的已付款订单", "已付款订单",
        rows=(
            RowRule(
                "order_head", Share("refunded_paid", "paid"), "退过款的订单 / 已付款订单",
                "订单里没有退款金额，也没有导入退款表，不知道退没退", near=True,
                settles=_REFUNDS_COME,
            ),
            RowRule(
                "order_line", Share("refunded_once", "paid_once"), "退过该商品的订单 / 含该商品的已付款订单",
                "订单行里没有退款状态，退款表里也没有子订单编号", _BY_PRODUCT, settles=_REFUNDS_COME,
            ),
        ),
        fed_by=f"{_ORDERS}、淘宝/千牛 退款、抖店 售后", method=_WILSON, inferred=True,
        note="按订单付款的日子算，不按退款的日子；申请中、已关闭、换货和补寄不算退款；"
        "最近 15 天付款的订单还会有退款，这个数还会升",
    ),
)  # fmt: skip
