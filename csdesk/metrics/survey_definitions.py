"""Numbers of surveys, tickets and sampled conversations. Data only."""

from __future__ import annotations

from csdesk.metrics.declaration import ANY, Direction, MetricDefinition, Quotient, RowRule
from csdesk.metrics.model import Unit
from csdesk.metrics.quantities import quantity as q
from csdesk.metrics.rows.rules import Balance, Levels, Share
from csdesk.metrics.rows.rules import Count as RowCount
from csdesk.metrics.rules import Count, Ratio, Weighted

_WILSON = "95% 区间用 Wilson 方法"
_NO_CSAT = "调查里没有满意度一题"
_NO_VERDICT = "调查里没有“是否解决”一题"
_NO_STATUS = "工单里没有完结时间，也没有状态"
_NO_COMPLAINTS = "工单里没有“是否投诉”一列"
_COMPLAINTS_FROM = "工单（是否投诉列）、拼多多 客服数据（投诉数列）"


def _survey(reduce: RowCount | Share | Levels, label: str) -> RowRule:
    return RowRule("survey_answer", reduce, f"满意度调查：{label}", _NO_CSAT)


RATINGS_ROWS = (_survey(RowCount("rated"), "答了满意度的份数"),)
SATISFACTION_ROWS = (_survey(Share("satisfied"), "4–5 分 / 答了满意度的份数"),)
DISSATISFACTION_ROWS = (_survey(Share("dissatisfied"), "1–2 分（抖店 1–3 分）/ 答了满意度的份数"),)
SCORE_ROWS = (_survey(Share("csat"), "满意度的平均"),)
DISTRIBUTION_ROWS = (
    _survey(
        Levels("below_best", ("很满意", "满意", "一般", "不满", "很不满"), (0.0, 1.0, 2.0, 3.0, 4.0)), "满意度 5–1 分"
    ),
)
RESOLUTION_ROWS = (
    RowRule("ticket", Share("closed"), "工单：已完结 / 全部工单（处理中的算还没解决）", _NO_STATUS),
    RowRule("survey_answer", Share("resolved"), "满意度调查：答“已解决” / 答了这一题的份数", _NO_VERDICT),
)
RESOLUTION_RULES = {
    ANY: (
        Ratio(q("resolved"), q("ratings"), "报表：解决量 / 收到评价数", "解决量", "收到评价数", alone=True, part=True),
        Weighted("resolution_rate", (q("ratings"),), "报表解决率 × 收到评价数", "收到评价数"),
    )
}

_BY_RECEIVED = Quotient("complaints", "received", "投诉 / 接待量")
_BY_ORDERS = Quotient("complaints", "paid_orders", "投诉 / 付款订单数（没有接待量）")

_COMPLAINTS_BY_PRODUCT = (
    RowRule(
        "order_line",
        Share("complained_once", "paid_once"),
        "有投诉的订单 / 含该商品的已付款订单，按付款的日子算",
        "要有写了订单编号和“是否投诉”的工单，才知道投诉的是哪件商品",
        ("product",),
    ),
)

SURVEYS: tuple[MetricDefinition, ...] = (
    MetricDefinition(
        "nps", "净推荐值", Unit.RATIO, Direction.HIGHER, "打 9–10 分的占比 − 打 0–6 分的占比，从 −1 到 1",
        "打 9–10 分的份数 − 打 0–6 分的份数", "答了推荐意愿的份数",
        rows=(RowRule("survey_answer", Balance("stand"), "满意度调查：推荐意愿（0–10）", "调查里没有推荐意愿一题"),),
        fed_by="满意度调查（推荐意愿 0–10 一题）", method="95% 区间用 Tango 的得分方法（两类占比之差）",
        signed=True,
    ),
    MetricDefinition(
        "accuracy_rate", "服务准确率", Unit.RATE, Direction.HIGHER, "判为正确的抽检会话 / 抽检会话",
        "判为正确的抽检会话", "抽检会话",
        rows=(RowRule(
            "quality_check", Share("correct"), "抽检：有“准确”或“正确”一项的，该项满分算正确；没有的看总分",
            "抽检里没有得分",
        ),),
        fed_by="抽检", method=_WILSON, note="看总分时 80 分及以上算正确，分数线可以改", inferred=True,
    ),
    MetricDefinition(
        "complaints", "投诉数", Unit.COUNT, Direction.LOWER, "投诉的工单数；报表为投诉数之和", "投诉",
        rules={ANY: (Count(q("complaints"), "报表：投诉数"),)},
        rows=(RowRule("ticket", RowCount("complaint"), "工单：是否投诉为是", _NO_COMPLAINTS),),
        delay_days=3, fed_by=_COMPLAINTS_FROM,
    ),
    MetricDefinition(
        "complaint_rate", "投诉率", Unit.RATE, Direction.LOWER, "投诉数 / 接待量；没有接待量时 / 付款订单数", "投诉数",
        "接待量（口径里写明用的是哪一个）",
        rules={ANY: (
            Ratio(
                q("complaints"), q("received", "received_sessions"), "报表：投诉数 / 接待量", "投诉数", "接待量",
                alone=True,
            ),
            Weighted("complaint_rate", (q("received"), q("received_sessions")), "报表投诉率 × 接待量", "接待量"),
        )},
        quotients=(_BY_RECEIVED, _BY_ORDERS), rows=_COMPLAINTS_BY_PRODUCT, delay_days=3,
        fed_by=f"{_COMPLAINTS_FROM}，加上接待量或订单", method=_WILSON, inferred=True,
        note="投诉和接待量来自不同的文件时，只算有工单的店铺；按分类时，工单和会话里叫法一样的分类才相除",
    ),
    MetricDefinition(
        "complaints_per_1000_orders", "千单投诉数", Unit.RATIO, Direction.LOWER, "1000 × 投诉数 / 付款订单数",
        "投诉数 × 1000", "付款订单数",
        quotients=(Quotient("complaints", "paid_orders", "1000 × 投诉 / 付款订单数", 1000.0),),
        delay_days=3, fed_by=f"{_COMPLAINTS_FROM}，加上订单", method=_WILSON, inferred=True,
    ),
)  # fmt: skip
