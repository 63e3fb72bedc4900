"""Numbers of product reviews. Data only."""

from __future__ import annotations

from csdesk.metrics.declaration import Direction, MetricDefinition, RowRule
from csdesk.metrics.model import Unit
from csdesk.metrics.rows.rules import Count, Levels, MedianWait, Share

_FED_BY = "商品评价（抖店评价导出、评价采集表，或空白的评价模板）"
_WILSON = "95% 区间用 Wilson 方法；先加总个数再相除"
_DEFAULTS = "系统默认好评算在内；不算它们时是多少，见评价口碑页"
_UNRATED = "评价里没有评分，也没有好评、中评、差评"
_ORDERS = "订单（带订单编号、确认收货时间）和商品评价（带订单编号、评价时间）"
_KAPLAN_MEIER = (
    "Kaplan–Meier：还没评价的订单和系统默认评价的订单不丢掉，算到最后知道的那天为止（删失）；只看评价文件覆盖的时段"
)
_HALF = "到目前写评价的不到一半，还没有中位数"
_NO_LINK = "没有看得到结果的订单：订单要已确认收货（或付款）并带订单编号，评价也要盖到这些天"
_NO_ANSWERS = "评价文件里没有商家回复这一列"


def _share(level: str, title: str, which: str, direction: Direction) -> MetricDefinition:
    name = {"good": "positive", "fair": "neutral", "bad": "negative"}[level]
    return MetricDefinition(
        f"{name}_review_rate", f"{title}率", Unit.RATE, direction,
        f"{title}数 / 评价数", f"{title}（{which}）", "有评分的评价",
        rows=(RowRule("review", Share(level), f"{which} / 有评分的评价", _UNRATED),),
        fed_by=_FED_BY, method=_WILSON, note=_DEFAULTS,
    )  # fmt: skip


REVIEWS: tuple[MetricDefinition, ...] = (
    MetricDefinition(
        "review_count", "评价数量", Unit.COUNT, Direction.NEITHER, "商品评价条数之和", "商品评价",
        rows=(RowRule("review", Count(), "商品评价的条数"),), fed_by=_FED_BY, note="系统默认好评算在内",
    ),
    _share("good", "好评", "4–5 星，或写明好评", Direction.HIGHER),
    _share("fair", "中评", "3 星，或写明中评", Direction.LOWER),
    _share("bad", "差评", "1–2 星，或写明差评", Direction.LOWER),
    MetricDefinition(
        "review_distribution", "好中差评分布", Unit.DISTRIBUTION, Direction.NEITHER, "好评、中评、差评各占多少",
        "各档的评价数", "有评分的评价",
        rows=(RowRule(
            "review", Levels("level", ("好评", "中评", "差评"), (0.0, 1.0, 2.0)), "4–5 星好评，3 星中评，1–2 星差评",
            _UNRATED,
        ),),
        fed_by=_FED_BY, note=_DEFAULTS,
    ),
    MetricDefinition(
        "review_delay", "评价时效", Unit.SECONDS, Direction.NEITHER,
        "从确认收货到买家自己写下评价：一半的订单在这个时间之内", "看得到结果的订单",
        rows=(
            RowRule(
                "order_head", MedianWait("review_wait", "review_came", unreached=_HALF), "从确认收货算起", _NO_LINK
            ),
            RowRule(
                "order_head", MedianWait("review_wait_unsigned", "review_came_unsigned", unreached=_HALF),
                "从付款算起（订单里没有确认收货时间）", _NO_LINK,
            ),
        ),
        fed_by=_ORDERS, method=_KAPLAN_MEIER, note="订单按付款日归期",
    ),
    MetricDefinition(
        "review_delay_paid", "评价时效（从付款算）", Unit.SECONDS, Direction.NEITHER,
        "从付款到买家自己写下评价：一半的订单在这个时间之内", "看得到结果的订单",
        rows=(RowRule(
            "order_head", MedianWait("review_wait_paid", "review_came_paid", unreached=_HALF), "从付款算起",
            _NO_LINK,
        ),),
        fed_by=_ORDERS, method=_KAPLAN_MEIER, note="订单按付款日归期；已关闭的订单不能评价，不算",
    ),
    MetricDefinition(
        "review_reply_rate", "差评回复率", Unit.RATE, Direction.HIGHER, "时限内回复的差评 / 差评",
        "时限内（默认 72 小时）回复的差评", "时限已过的差评",
        rows=(RowRule(
            "review", Share("answered_in_time"), "时限内回复 / 时限已过的差评；没写回复时间的算已回复", _NO_ANSWERS,
            told="reply_told", none="没有时限已过的差评",
        ),),
        fed_by=_FED_BY, method=_WILSON, note="最近几天的差评时限未到，先不算",
    ),
    MetricDefinition(
        "review_reply_delay", "差评回复时效", Unit.SECONDS, Direction.LOWER,
        "从差评写下到商家回复：一半的差评在这个时间之内", "看得到结果的差评",
        rows=(RowRule(
            "review", MedianWait("answer_wait", "answer_came", unreached="到目前回复的不到一半，还没有中位数"),
            "从差评写下到回复", _NO_ANSWERS, told="reply_told", none="没有看得出回没回复的差评",
        ),),
        fed_by=_FED_BY, method="Kaplan–Meier：还没回复的差评不丢掉，算到最后知道的那天为止（删失）",
    ),
)  # fmt: skip
