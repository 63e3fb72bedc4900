"""The catalogue: every number the program shows, declared once. Data only; the engine is generic.

A new number is a new entry here. Measure ids are those of ``resources/layouts/fields.toml``, the names of
sums those of ``csdesk.store.session_sums``.
"""

from __future__ import annotations

from collections.abc import Mapping

from csdesk.domain.platforms import Platform
from csdesk.metrics.declaration import ANY, Direction, MetricDefinition, SessionRule
from csdesk.metrics.definitions_response import (
    ANSWER_QUESTION_ROWS,
    AVG_RESPONSE_ROWS,
    AVG_RESPONSE_WINDOW,
    AVG_RESPONSE_WINDOW_ROWS,
    DISSATISFACTION_WINDOW,
    FIRST_RESPONSE_ROWS,
    FIRST_RESPONSE_WINDOW,
    FIRST_RESPONSE_WINDOW_ROWS,
    ROBOTS_NOTE,
    SATISFACTION_WINDOW,
    THREE_MINUTE_ROWS,
    THREE_MINUTE_WINDOW,
    THREE_MINUTE_WINDOW_ROWS,
    TURNS_NOTE,
    WINDOW_NOTE,
)
from csdesk.metrics.invited import SPLIT
from csdesk.metrics.model import Unit
from csdesk.metrics.order_definitions import AGENT_SALES, ORDER_VALUE
from csdesk.metrics.peer_definitions import PEERS
from csdesk.metrics.quantities import Quantity, quantity
from csdesk.metrics.row_definitions import FROM_ROWS
from csdesk.metrics.rules import Count, Levels, Ratio, Rule, Weighted
from csdesk.metrics.survey_definitions import (
    DISSATISFACTION_ROWS,
    DISTRIBUTION_ROWS,
    RATINGS_ROWS,
    RESOLUTION_ROWS,
    RESOLUTION_RULES,
    SATISFACTION_ROWS,
    SCORE_ROWS,
)
from csdesk.metrics.workload import WORKLOAD

Q = quantity
FEIGE = "feige"
DOUYIN = str(Platform.DOUYIN)

DERIVED: tuple[tuple[str, Quantity], ...] = (
    *((f"rated_{stars}", Q(f"rated_{stars}.invited+rated_{stars}.self")) for stars in (5, 4, 3, 2, 1)),
    (
        "ratings",
        Q(
            "ratings_received",
            "rated_5+rated_4+rated_3+rated_2+rated_1",
            "ratings_received.invited+ratings_received.self",
            "ratings_satisfied+ratings_neutral+ratings_dissatisfied",
            "ratings_good+ratings_neutral+ratings_bad",
            "ratings_good+ratings_bad",
        ),
    ),
    ("shown", Q("ratings_shown", "shown_rate*received", "ratings/participation_rate")),
)
"""Amounts worked out once for every report, in this order, where the report does not give them itself.

``ratings`` 收到评价: as given, else the sum of the five levels. ``shown`` 赤兔's 评价展示量:
展示率 × 接待人数, else 收到量 / 参与率.
"""

NONE_WITHOUT: tuple[tuple[str, str, str], ...] = (("shown", "received", "participation_rate"),)
"""(amount, base, rate): the amount is 0 where the rate is reported and the base is 0; 0 / 0 cannot say it."""

RECEIVED_WEIGHT = (Q("received"), Q("received_sessions"))
ROUNDS_WEIGHT = (Q("response_rounds"), Q("received_sessions"), Q("received"))
THREE_MINUTE_WEIGHT = (Q("response_rounds"), Q("received_sessions"))
FEIGE_WEIGHT = (Q("received_sessions"), Q("received"))
FEIGE_RATINGS = (Q("ratings_received"), Q("ratings_good+ratings_bad"))

_TAOBAO_REPORTS = "赤兔 自定义报表、生意参谋 客服绩效"
_RATING_EXPORTS = "赤兔 自定义报表（勾选服务满意度评价各列）、生意参谋 接待评价、飞鸽 客服数据、会话明细、满意度调查"
_SALES_EXPORTS = "生意参谋 业绩询单 或 自制报表-客服绩效、赤兔 自定义报表（勾选询单与付款列）、飞鸽 客服数据"
_WORK_EXPORTS = "赤兔 自定义报表、生意参谋 咨询接待、飞鸽 客服数据、会话明细"
_WILSON = "95% 区间用 Wilson 方法；各天、各客服先加总人数再相除，不平均比率"
_WEIGHTED_MEAN = "报表只给平均值，按权重加权；只有会话明细才有每一条的时长"


def _sent_rules() -> tuple[Rule, ...]:
    return (
        Count(Q("invites_sent.invited"), "发出评价数（邀请）"),
        Count(Q("invites_sent"), "发出评价数（未分邀请/自主）"),
        Count(Q("shown"), "评价展示量", ("participation_rate",), "展示量（收到 0 个评价时推不出来）"),
    )


def _invite_rules() -> tuple[Rule, ...]:
    def of(top: str, label: str) -> Ratio:
        return Ratio(Q(top), Q("received"), label, "邀评数", "接待人数")

    return (
        of("invites_sent.invited", "发出评价数（邀请）/ 接待人数"),
        of("invites_sent", "发出评价数 / 接待人数"),
        of("shown", "评价展示量 / 接待人数"),
        Weighted("shown_rate", (Q("received"),), "评价展示率", "接待人数"),
        # 京东 counts what was received in conversations only.
        Ratio(Q("invites_sent"), Q("received_sessions"), "发出评价数 / 接待会话量", "邀评数", "接待会话量"),
        Weighted("send_rate.invited", (Q("received"),), "邀请-评价发送率 × 接待人数", "接待人数"),
        Weighted("send_rate", (Q("received"), Q("received_sessions")), "评价发送率 × 接待量", "接待量"),
    )


def _review_rules() -> tuple[Rule, ...]:
    def of(top: str, bottom: str, label: str) -> Ratio:
        return Ratio(Q(top), Q(bottom), label, "收到评价数", "邀评数")

    return (
        of("ratings_received.invited", "invites_sent.invited", "邀请-收到 / 邀请-发出"),
        Weighted("return_rate.invited", (Q("invites_sent.invited"),), "邀请-评价返回率", "邀请-发出"),
        of("ratings", "invites_sent", "收到 / 发出（未分邀请/自主）"),
        of("ratings", "shown", "收到 / 评价展示量"),
        Weighted("return_rate", (Q("invites_sent"),), "评价返回率", "发出评价数"),
        Weighted("participation_rate", (Q("shown"),), "评价参与率", "评价展示量"),
    )


def _paid_of_asked(counted: str, reported: str) -> tuple[Rule, ...]:
    return (
        Ratio(Q("paying_buyers"), Q("inquiry_buyers"), counted, "最终付款人数", "询单人数"),
        Weighted("conversion_rate", (Q("inquiry_buyers"),), reported, "询单人数"),
    )


_SATISFIED: Mapping[str, tuple[Rule, ...]] = {
    DOUYIN: (
        Ratio(Q("ratings_good"), Q("ratings_good+ratings_bad"), "抖店：好评 /（好评 + 差评）", "好评数", "差评数"),
        Ratio(Q("rated_5+rated_4"), Q("ratings"), "抖店：4–5 星 / 收到评价数", "4–5 星", "收到评价数", part=True),
        Weighted("satisfaction_rate", FEIGE_RATINGS, "抖店：报表满意率 × 有效评价数", "有效评价数"),
    ),
    ANY: (
        Ratio(
            Q("rated_5+rated_4"), Q("ratings"), "（很满意 + 满意）/ 收到评价数", "很满意与满意", "收到评价数", part=True
        ),
        Ratio(Q("ratings_satisfied"), Q("ratings"), "满意评价量 / 评价量", "满意评价量", "评价量", part=True),
        Ratio(Q("ratings_good"), Q("ratings"), "好评 / 评价量", "好评", "评价量", part=True),
        Weighted("satisfaction_rate", (Q("ratings"),), "报表满意率 × 收到评价数", "收到评价数"),
        Weighted("satisfaction_rate_sessions", (Q("ratings"),), "按会话计的好评率 × 收到评价数", "收到评价数"),
    ),
}
_DISSATISFIED: Mapping[str, tuple[Rule, ...]] = {
    DOUYIN: (
        Ratio(
            Q("ratings_bad"), Q("ratings_good+ratings_bad"), "抖店：差评（1–3 星）/ （好评 + 差评）", "差评数", "好评数"
        ),
        Ratio(
            Q("rated_3+rated_2+rated_1"), Q("ratings"), "抖店：1–3 星 / 收到评价数", "1–3 星", "收到评价数", part=True
        ),
        Weighted("dissatisfaction_rate", FEIGE_RATINGS, "抖店：报表不满意率（1–3 星） × 有效评价数", "有效评价数"),
    ),
    ANY: (
        Ratio(
            Q("rated_2+rated_1"), Q("ratings"), "（不满 + 很不满）/ 收到评价数", "不满与很不满", "收到评价数", part=True
        ),
        Ratio(Q("ratings_dissatisfied"), Q("ratings"), "三级评价：不满意 / 评价量", "不满意", "评价量", part=True),
        Ratio(Q("ratings_bad"), Q("ratings"), "差评 / 评价量", "差评", "评价量", part=True),
        Weighted("dissatisfaction_rate", (Q("ratings"),), "报表不满意率 × 收到评价数", "收到评价数"),
    ),
}
_FIVE_LEVELS = tuple((title, f"rated_{stars}") for title, stars in
                     (("很满意", 5), ("满意", 4), ("一般", 3), ("不满", 2), ("很不满", 1)))  # fmt: skip
_THREE_LEVELS = tuple((f"{title}（三级）", Q(f"ratings_{name}")) for title, name in
                      (("满意", "satisfied"), ("一般", "neutral"), ("不满意", "dissatisfied")))  # fmt: skip
_THREE_GRADES = tuple((title, Q(f"ratings_{name}")) for title, name in
                      (("好评", "good"), ("中评", "neutral"), ("差评", "bad")))  # fmt: skip
_FIVE_STARS = tuple((title, name.replace("rated", "rating")) for title, name in _FIVE_LEVELS)
_ALL_STARS = "rating_1+rating_2+rating_3+rating_4+rating_5"
_RATED = (("rated",), ("rating",))
_HAS_RATING = (("rating",),)


def _count(of: str, *sources: tuple[str, str, str]) -> Mapping[str, tuple[Rule, ...]]:
    """Rules of a plain count; ``sources`` are (source, measure, label) that differ."""
    return {ANY: (Count(Q(of)),), **{source: (Count(Q(measure), label),) for source, measure, label in sources}}


def _mean(value: str, weights: tuple[Quantity, ...], weight_name: str, feige: tuple[Quantity, ...]) -> Mapping[
    str, tuple[Rule, ...]
]:  # fmt: skip
    return {
        ANY: (Weighted(value, weights, "", weight_name),),
        FEIGE: (Weighted(value, feige, "", "接待会话量"),),
    }


CATALOGUE = (
    MetricDefinition(
        "received", "接待量", Unit.COUNT, Direction.NEITHER,
        "接待的人数或会话数（看来源）之和", "接待人数；飞鸽为接待会话量；会话明细为会话条数",
        rules={
            ANY: (Count(Q("received"), "接待人数"), Count(Q("received_sessions"), "接待会话量")),
            FEIGE: (Count(Q("received_sessions"), "接待会话量"), Count(Q("received"), "接待人数")),
        },
        sessions=SessionRule("n", label="会话数"),
        fed_by=_WORK_EXPORTS, note="不同来源口径不同：人数按买家去重，会话数不去重",
    ),
    MetricDefinition(
        "received_buyers", "接待人数", Unit.COUNT, Direction.NEITHER, "接待人数之和", "接待人数",
        rules=_count("received"), fed_by=_TAOBAO_REPORTS, note="跨天相加，同一买家在不同天各算一次",
    ),
    MetricDefinition(
        "received_sessions", "接待会话数", Unit.COUNT, Direction.NEITHER, "接待会话数之和", "会话数",
        rules=_count("received_sessions"), sessions=SessionRule("n"), fed_by="飞鸽 客服数据、会话明细",
    ),
    MetricDefinition(
        "consulted", "咨询人数", Unit.COUNT, Direction.NEITHER, "咨询人数之和", "咨询人数",
        rules=_count("consulted"), sessions=SessionRule("n", label="会话数（未按买家去重）"),
        fed_by="生意参谋 咨询接待、赤兔 自定义报表、会话明细",
    ),
    MetricDefinition(
        "invites_sent", "邀评数", Unit.COUNT, Direction.HIGHER, "发出的评价邀请数之和",
        "生意参谋：邀请-发出评价数；赤兔：评价展示量；会话明细：是否邀评为是的会话",
        rules={ANY: _sent_rules(), DOUYIN: ()},
        sessions=SessionRule("invited", needs=(("invited",),), label="已邀评会话"), delay_days=3,
        fed_by="生意参谋 接待评价、赤兔 自定义报表（勾选评价展示率或参与率）、会话明细（是否邀评列）",
        note="飞鸽的客服导出没有邀评列；赤兔的展示量 = 展示率 × 接待人数，没有展示率时 = 收到评价数 / 参与率",
    ),
    MetricDefinition(
        "invite_rate", "邀评率", Unit.RATE, Direction.HIGHER, "邀评数 / 接待量", "邀评数", "接待量",
        rules={ANY: _invite_rules(), DOUYIN: ()},
        sessions=SessionRule("invited", "invited_known", (("invited",),), "已邀评 / 知道是否邀评的会话"),
        delay_days=3,
        fed_by="生意参谋 接待评价、赤兔 自定义报表（勾选评价展示率或参与率）、会话明细（是否邀评列）",
        method=_WILSON, inferred=True,
    ),
    MetricDefinition(
        "ratings_received", "收到评价数", Unit.COUNT, Direction.HIGHER, "收到的评价数之和（邀请与自主）",
        "收到评价数",
        rules=_count("ratings"), sessions=SessionRule("rated", needs=_RATED, label="有评价的会话"), delay_days=3,
        fed_by=_RATING_EXPORTS, note="报表没有收到评价数一列时，用五级评价之和", rows=RATINGS_ROWS,
    ),
    MetricDefinition(
        "review_rate", "评价率", Unit.RATE, Direction.HIGHER, "邀请后收到的评价数 / 邀评数",
        "邀请-收到评价数；分不出时为收到评价数", "邀请-发出评价数；赤兔为评价展示量",
        rules={ANY: _review_rules(), DOUYIN: ()},
        sessions=SessionRule(
            "invited_rated", "invited_rated_known", (("invited", "rated"), ("invited", "rating")),
            "邀评且评价 / 已邀评"
        ),
        delay_days=3,
        fed_by="生意参谋 接待评价、赤兔 自定义报表（勾选参与率与各级评价）、会话明细（是否邀评、是否评价列）",
        method=_WILSON, note="分母从不用接待人数；买家自主评价能分出时不算在内",
    ),
    MetricDefinition(
        "satisfaction_rate", "满意率", Unit.RATE, Direction.HIGHER,
        "淘宝：（很满意 + 满意）/ 收到评价数；抖店：好评 /（好评 + 差评）；会话明细：4–5 分 / 有评分的会话",
        "很满意 + 满意（抖店为好评）", "收到评价数",
        rules=_SATISFIED,
        sessions=SessionRule("rating_4+rating_5", _ALL_STARS, _HAS_RATING, "4–5 分 / 有评分的会话"),
        delay_days=3, fed_by=_RATING_EXPORTS, method=_WILSON, note="一般不算满意", rows=SATISFACTION_ROWS,
    ),
    MetricDefinition(
        "satisfaction_rate_window", "满意率（考核时段）", Unit.RATE, Direction.HIGHER,
        "考核时段内的满意评价 / 收到评价数", "好评数", "有效评价数",
        rules={ANY: (Weighted("satisfaction_rate_window", FEIGE_RATINGS, "工作时间满意率 × 有效评价数（全天）",
        "有效评价数"),)},
        delay_days=3, fed_by="飞鸽 客服数据（工作时间满意率列）、会话明细",
        method=_WILSON, note=f"{WINDOW_NOTE}；报表不给考核时段的评价数，权重用全天有效评价数",
        sessions=SATISFACTION_WINDOW,
    ),
    MetricDefinition(
        "dissatisfaction_rate", "不满意率", Unit.RATE, Direction.LOWER,
        "淘宝：（不满 + 很不满）/ 收到评价数；抖店：1–3 星 / 有效评价数", "不满 + 很不满（抖店为 1–3 星）",
        "收到评价数",
        rules=_DISSATISFIED,
        sessions=SessionRule(
            "rating_1+rating_2", _ALL_STARS, _HAS_RATING, "1–2 分（抖店 1–3 分）/ 有评分的会话",
            tops={Platform.DOUYIN: "rating_1+rating_2+rating_3"},
        ),
        delay_days=3, fed_by=_RATING_EXPORTS, method=_WILSON,
        note="淘宝的一般既不算满意也不算不满意，所以不等于 1 − 满意率", rows=DISSATISFACTION_ROWS,
    ),
    MetricDefinition(
        "dissatisfaction_rate_window", "不满意率（考核时段）", Unit.RATE, Direction.LOWER,
        "考核时段内 1–3 星 / 有效评价数", "1–3 星评价", "有效评价数",
        rules={ANY: (
            Weighted("dissatisfaction_rate_window", FEIGE_RATINGS, "工作时间不满意率 × 有效评价数（全天）",
            "有效评价数"),
        )},
        delay_days=3, fed_by="飞鸽 客服数据（工作时间不满意率列）、会话明细",
        method=_WILSON, note=f"{WINDOW_NOTE}；报表不给考核时段的评价数，权重用全天有效评价数",
        sessions=DISSATISFACTION_WINDOW,
    ),
    MetricDefinition(
        "satisfaction_score", "满意度得分", Unit.SCORE, Direction.HIGHER, "五级评价按 5、4、3、2、1 分的平均",
        "各级评价数 × 分数之和", "五级评价数之和",
        rules={ANY: (Ratio(
            Q("5*rated_5+4*rated_4+3*rated_3+2*rated_2+1*rated_1"), Q("rated_5+rated_4+rated_3+rated_2+rated_1"),
            "五级评价", "五级评价", "五级评价",
        ),)},
        sessions=SessionRule(
            "5*rating_5+4*rating_4+3*rating_3+2*rating_2+1*rating_1", _ALL_STARS, _HAS_RATING, "评分的平均"
        ),
        delay_days=3, fed_by="赤兔 自定义报表（五级评价列）、生意参谋 接待评价、会话明细（评分列）",
        method="各级人数加总后再平均", rows=SCORE_ROWS,
    ),
    MetricDefinition(
        "rating_distribution", "评价分布", Unit.DISTRIBUTION, Direction.NEITHER, "各级评价数 / 各级评价数之和",
        "每一级的评价数", "各级评价数之和",
        rules={
            DOUYIN: (
                Levels(tuple((title, Q(name)) for title, name in _FIVE_LEVELS), "五级评价"),
                Levels((("好评", Q("ratings_good")), ("差评", Q("ratings_bad"))), "抖店：好评、差评"),
            ),
            ANY: (
                Levels(tuple((title, Q(name)) for title, name in _FIVE_LEVELS), "五级评价"),
                Levels(_THREE_LEVELS, "三级评价"),
                Levels(_THREE_GRADES, "好评、中评、差评"),
            ),
        },
        sessions=SessionRule(_ALL_STARS, _ALL_STARS, _HAS_RATING, "评分 5–1", _FIVE_STARS),
        delay_days=3, fed_by=_RATING_EXPORTS, rows=DISTRIBUTION_ROWS,
    ),
    MetricDefinition(
        "category_share", "问题类别占比", Unit.DISTRIBUTION, Direction.NEITHER, "该类别的会话数 / 已分类的会话数",
        "该类别的会话数", "已分类的会话数",
        sessions=SessionRule("n", "n", (("category",),), "会话明细的咨询分类列", by_category=True),
        fed_by="会话明细（咨询分类列）", note="未分类的占比单独列出",
    ),
    MetricDefinition(
        "resolution_rate", "问题解决率", Unit.RATE, Direction.HIGHER, "已解决 / 有结论的会话", "已解决的会话",
        "有结论的会话",
        rules=RESOLUTION_RULES,
        sessions=SessionRule("resolved", "resolved_known", (("resolved",),), "已解决 / 有结论的会话"),
        delay_days=3, fed_by="会话明细（是否解决列）、工单、带解决率或解决量的客服报表、满意度调查", method=_WILSON,
        rows=RESOLUTION_ROWS, note="报表的解决率按收到评价数加权",
    ),
    MetricDefinition(
        "first_response_mean", "平均首次响应时长", Unit.SECONDS, Direction.LOWER, "Σ 首次响应时长 / 接待量",
        "首次响应时长 × 接待量", "接待量（会话明细为有首次响应的会话）",
        rules=_mean("first_response", RECEIVED_WEIGHT, "接待人数", FEIGE_WEIGHT),
        sessions=SessionRule("first_response_sum", "first_response_n", (("first_response",),), "有首次响应的会话",
            people=True),
        fed_by=_WORK_EXPORTS, method=_WEIGHTED_MEAN,
        rows=FIRST_RESPONSE_ROWS, note=ROBOTS_NOTE,
    ),
    MetricDefinition(
        "first_response_mean_window", "平均首次响应时长（考核时段）", Unit.SECONDS, Direction.LOWER,
        "考核时段内 Σ 首次响应时长 / 接待量", "首次响应时长 × 接待量", "接待量",
        rules={ANY: (Weighted("first_response_window", FEIGE_WEIGHT, "工作时间首响 × 接待会话量（全天）",
        "接待会话量"),)},
        fed_by="飞鸽 客服数据（工作时间首响时长列）、会话明细", method=_WEIGHTED_MEAN,
        note=f"{WINDOW_NOTE}；报表不给考核时段的会话量，权重用全天接待会话量；{ROBOTS_NOTE}",
        sessions=FIRST_RESPONSE_WINDOW, rows=FIRST_RESPONSE_WINDOW_ROWS,
    ),
    MetricDefinition(
        "avg_response_mean", "平均响应时长", Unit.SECONDS, Direction.LOWER,
        "Σ 回复时长 / 轮次（没有轮次时用会话量，再没有用接待人数）",
        "平均响应时长 × 权重", "轮次，否则会话量，否则接待人数",
        rules=_mean("avg_response", ROUNDS_WEIGHT, "轮次、会话量或接待人数", ROUNDS_WEIGHT),
        sessions=SessionRule("avg_response_sum", "avg_response_n", (("avg_response",),), "有平均响应的会话",
            people=True),
        fed_by=_WORK_EXPORTS, method=_WEIGHTED_MEAN,
        note=f"飞鸽：未回复的一轮记 600 秒。聊天记录：{TURNS_NOTE}。{ROBOTS_NOTE}",
        rows=AVG_RESPONSE_ROWS,
    ),
    MetricDefinition(
        "avg_response_mean_window", "平均响应时长（考核时段）", Unit.SECONDS, Direction.LOWER,
        "考核时段内 Σ 回复时长 / 轮次", "平均响应时长 × 权重", "轮次，否则会话量，否则接待人数",
        rules={ANY: (Weighted("avg_response_window", ROUNDS_WEIGHT, "工作时间平响 × 接待会话量（全天）",
        "接待会话量"),)},
        fed_by="飞鸽 客服数据（工作时间平响时长列）、会话明细", method=_WEIGHTED_MEAN,
        note=f"{WINDOW_NOTE}；报表不给考核时段的会话量，权重用全天接待会话量；{ROBOTS_NOTE}",
        sessions=AVG_RESPONSE_WINDOW, rows=AVG_RESPONSE_WINDOW_ROWS,
    ),
    MetricDefinition(
        "response_3min_rate", "3分钟人工回复率", Unit.RATE, Direction.HIGHER, "3 分钟内人工回复的轮次 / 轮次",
        "3 分钟内回复的轮次", "轮次，否则会话量",
        rules={ANY: (
            Weighted("response_3min_rate", THREE_MINUTE_WEIGHT, "报表 3分钟回复率 × 轮次或会话量", "轮次或会话量"),
            Weighted("response_3min_rate_sessions", (Q("received_sessions"),), "按会话计的 3分钟回复率 × 会话量",
            "会话量"),
        )},
        sessions=SessionRule(
            "first_response_180", "first_response_n+unreplied", (("first_response",),),
            "近似：首次响应不超过 180 秒的会话 / 会话（没有回复的算没做到）",
            people=True,
        ),
        fed_by="飞鸽 客服数据、生意参谋 咨询接待、聊天记录；会话明细只能近似", method=_WILSON,
        note=ROBOTS_NOTE, rows=THREE_MINUTE_ROWS, rows_before_sessions=True,
    ),
    MetricDefinition(
        "response_3min_rate_window", "3分钟人工回复率（考核时段）", Unit.RATE, Direction.HIGHER,
        "考核时段内 3 分钟内人工回复的轮次 / 轮次", "3 分钟内回复的轮次", "轮次，否则会话量",
        rules={ANY: (Weighted(
            "response_3min_rate_window", THREE_MINUTE_WEIGHT, "工作时间 3分钟回复率 × 会话量（全天）", "轮次或会话量"
        ),)},
        fed_by="飞鸽 客服数据（工作时间3分钟回复率列）、聊天记录；会话明细只能近似", method=_WILSON,
        note=f"{WINDOW_NOTE}；报表不给考核时段的会话量，权重用全天会话量；{ROBOTS_NOTE}",
        sessions=THREE_MINUTE_WINDOW, rows=THREE_MINUTE_WINDOW_ROWS, rows_before_sessions=True,
    ),
    MetricDefinition(
        "reply_rate", "回复率", Unit.RATE, Direction.HIGHER, "（咨询人数 − 未回复人数）/ 咨询人数",
        "咨询人数 − 未回复人数", "咨询人数",
        rules={ANY: (
            Ratio(
                Q("consulted-unreplied"), Q("consulted"), "（咨询 − 未回复）/ 咨询", "未回复人数", "咨询人数",
                part=True,
            ),
            Weighted("reply_rate", (Q("consulted"),), "报表回复率 × 咨询人数", "咨询人数"),
        )},
        sessions=SessionRule(
            "reply_known-unreplied", "reply_known", (("first_response",),), "有响应时长的会话 / 会话"
        ),
        fed_by="生意参谋 咨询接待、赤兔 自定义报表、会话明细（首次响应列）", method=_WILSON,
    ),
    MetricDefinition(
        "handle_time_mean", "平均接待时长", Unit.SECONDS, Direction.NEITHER, "Σ 接待时长 / 接待量",
        "平均接待时长 × 接待量", "接待量",
        rules=_mean("handle_time", RECEIVED_WEIGHT, "接待人数", FEIGE_WEIGHT),
        sessions=SessionRule("handle_sum", "handle_n", (("ended_at",),), "结束时间 − 开始时间"),
        fed_by="赤兔 自定义报表、生意参谋 咨询接待、会话明细（结束时间列）", method=_WEIGHTED_MEAN,
    ),
    MetricDefinition(
        "answer_question_ratio", "答问比", Unit.RATIO, Direction.NEITHER, "客服消息数 / 买家消息数", "客服消息数",
        "买家消息数",
        rules={ANY: (
            Ratio(Q("agent_messages"), Q("buyer_messages"), "", "客服消息数", "买家消息数"),
            Weighted("answer_question_ratio", (Q("buyer_messages"),), "报表答问比 × 买家消息数", "买家消息数"),
        )},
        sessions=SessionRule(
            "both_messages_agent", "both_messages_buyer", (("messages", "buyer_messages"),),
            "（消息数 − 买家消息数）/ 买家消息数"
        ),
        rows=ANSWER_QUESTION_ROWS,
        fed_by="赤兔 自定义报表、生意参谋 咨询接待、会话明细（消息数、买家消息数列）、聊天记录",
    ),
    MetricDefinition(
        "transfer_rate", "转出率", Unit.RATE, Direction.LOWER, "转出 / 接待量", "转出人数或会话", "接待量",
        rules={
            ANY: (Ratio(Q("transferred_out"), Q("received", "received_sessions"), "", "转出人数", "接待人数"),),
            FEIGE: (Ratio(Q("transferred_out"), Q("received_sessions", "received"), "", "转出会话量", "接待会话量"),),
        },
        sessions=SessionRule("transferred", "transferred_known", (("transferred",),), "已转接 / 知道是否转接的会话"),
        fed_by="赤兔 自定义报表、飞鸽 客服数据、会话明细（是否转接列）", method=_WILSON, inferred=True,
    ),
    MetricDefinition(
        "inquiry_buyers", "询单人数", Unit.COUNT, Direction.NEITHER, "询单人数之和", "询单人数",
        rules=_count("inquiry_buyers"), delay_days=3, fed_by=_SALES_EXPORTS,
    ),
    MetricDefinition(
        "ordering_buyers", "下单人数", Unit.COUNT, Direction.HIGHER, "下单人数之和", "下单人数",
        rules=_count("ordering_buyers"), fed_by="飞鸽 客服数据、生意参谋 客服绩效（下单人数列）",
    ),
    MetricDefinition(
        "paying_buyers", "付款人数", Unit.COUNT, Direction.HIGHER, "付款人数之和",
        "淘宝：最终付款人数；抖店：支付人数",
        rules=_count("paying_buyers"), delay_days=4, fed_by=_SALES_EXPORTS,
    ),
    MetricDefinition(
        "conversion_rate", "询单转化率", Unit.RATE, Direction.HIGHER,
        "淘宝：最终付款人数 / 询单人数；抖店：下单人数 / 询单人数",
        "淘宝：最终付款人数；抖店：下单人数", "询单人数",
        rules={
            DOUYIN: (
                Ratio(Q("ordering_buyers"), Q("inquiry_buyers"), "抖店：下单 / 询单", "下单人数", "询单人数"),
                Weighted("conversion_rate", (Q("inquiry_buyers"),), "抖店：报表转化率 × 询单人数", "询单人数"),
            ),
            str(Platform.TAOBAO): _paid_of_asked("淘宝：最终付款 / 询单", "淘宝：报表转化率 × 询单人数"),
            ANY: _paid_of_asked("付款 / 询单", "报表转化率 × 询单人数"),
        },
        delay_days=4, fed_by=_SALES_EXPORTS, method=_WILSON, mixable=False,
        note="两个平台的转化口径不同，不合成一个数",
    ),
    MetricDefinition(
        "cs_sales", "客服销售额", Unit.YUAN, Direction.HIGHER, "客服销售额之和", "销售额（看来源）",
        rules={
            "chitu": (Count(Q("sales_amount"), "赤兔：销售额"),),
            "sycm": (
                Count(Q("sales_amount"), "生意参谋：销售额"),
                Count(Q("final_paid_amount"), "生意参谋：询单最终付款金额"),
            ),
            FEIGE: (Count(Q("sales_amount"), "飞鸽：客服询单支付额（2024 版为客服销售额）"),),
            ANY: (Count(Q("sales_amount"), "客服销售额"),),
        },
        delay_days=4, fed_by=f"{_SALES_EXPORTS}；带客服一列的订单表", rows=AGENT_SALES,
    ),
    MetricDefinition(
        "avg_order_value", "客单价", Unit.YUAN, Direction.HIGHER, "支付金额 / 支付买家数", "支付金额", "支付买家数",
        rules={
            DOUYIN: (
                Ratio(Q("sales_amount"), Q("paying_buyers"), "抖店：支付额 / 支付人数", "支付额", "支付人数"),
                Weighted("avg_order_value", (Q("paying_buyers"),), "报表客单价 × 支付人数", "支付人数"),
            ),
            ANY: (
                Ratio(Q("sales_amount"), Q("sales_buyers"), "销售额 / 销售人数", "销售额", "销售人数"),
                Ratio(Q("final_paid_amount"), Q("paying_buyers"), "最终付款金额 / 最终付款人数", "付款金额",
                "付款人数"),
                Weighted("avg_order_value", (Q("sales_buyers"), Q("paying_buyers")), "报表客单价 × 销售人数",
                "销售人数"),
            ),
        },
        delay_days=4, fed_by="订单表；生意参谋 客单价客服、赤兔 自定义报表、飞鸽 客服数据", inferred=True,
        rows=ORDER_VALUE, rows_first=True,
    ),
)  # fmt: skip

METRICS: dict[str, MetricDefinition] = {
    entry.id: entry for entry in (*CATALOGUE, *SPLIT, *WORKLOAD, *FROM_ROWS, *PEERS)
}
"""The catalogue by id, in the order it is shown."""

DISTINCT = tuple(entry for entry in METRICS.values() if not entry.same_as)
"""The catalogue without second names."""
