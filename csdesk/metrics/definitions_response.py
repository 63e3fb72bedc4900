"""How soon buyers are answered and helped, out of rows: medians, bands, service level, solved at once. Data only."""

from __future__ import annotations

from csdesk.metrics.declaration import ANY, Direction, MetricDefinition, RowRule, SessionRule
from csdesk.metrics.model import Unit
from csdesk.metrics.quantities import quantity as Q  # noqa: N812  as in the catalogue
from csdesk.metrics.rows.rules import Bands, MedianWait, Quantile, Share
from csdesk.metrics.rules import Weighted

_WILSON = "95% 区间用 Wilson 方法"
_MEDIAN = "只有会话明细或聊天记录才有每一条的时长；分位数按线性插值（NumPy 的默认算法）"
_FIRST = "会话明细（首次响应列）、聊天记录"
_AVERAGE = "会话明细（平均响应列）、聊天记录"
_TURNS = "买家连续发的几条算一轮，从第一条等到客服的下一条；到当天结束没有回复的算没有回复，机器人的回复不算"
ROBOTS_NOTE = "机器人（如店小蜜）接待的会话不算，只算人工；是不是机器人可以在“客服与店铺”里改"
_WINDOW = "考核时段按平台公布的规则，随日期变（淘宝 8:00–23:00，抖店 8:00:00–22:59:59），按会话开始的时刻算"

_NO_BUYERS = "要有认得出的买家昵称（带星号的认不出是谁），而且满了 72 小时，才知道有没有再来"

_CHAT_FIRST = "聊天记录：每段对话每天第一轮的回复时长"
_CHAT_TURNS = "聊天记录：每一轮的回复时长"
_NO_TURNS = "聊天里认不出买家（昵称带 *），分不清哪几句是同一个人说的；或者买家一句都没有说"

FIRST_RESPONSE_ROWS = (RowRule("message", Share("first_reply"), _CHAT_FIRST, _NO_TURNS),)
AVG_RESPONSE_ROWS = (RowRule("message", Share("reply"), _CHAT_TURNS, _NO_TURNS),)
THREE_MINUTE_ROWS = (RowRule("message", Share("reply_180"), "聊天记录：3 分钟内由人回复的轮次 / 轮次", _NO_TURNS),)
ANSWER_QUESTION_ROWS = (RowRule("message", Share("of_agent", "from_buyer"), "聊天记录：客服消息数 / 买家消息数"),)

FIRST_RESPONSE_WINDOW_ROWS = (RowRule("message", Share("first_reply_window"), f"{_CHAT_FIRST}，考核时段内"),)
AVG_RESPONSE_WINDOW_ROWS = (RowRule("message", Share("reply_window"), f"{_CHAT_TURNS}，考核时段内"),)
THREE_MINUTE_WINDOW_ROWS = (
    RowRule("message", Share("reply_180_window"), "聊天记录：考核时段内 3 分钟内由人回复的轮次 / 轮次"),
)
FIRST_RESPONSE_WINDOW = SessionRule(
    "first_response_window_sum",
    "first_response_window_n",
    (("first_response",),),
    "考核时段内开始、有首次响应的会话",
    people=True,
)
AVG_RESPONSE_WINDOW = SessionRule(
    "avg_response_window_sum",
    "avg_response_window_n",
    (("avg_response",),),
    "考核时段内开始、有平均响应的会话",
    people=True,
)
THREE_MINUTE_WINDOW = SessionRule(
    "first_response_window_180", "first_response_window_n+unreplied_window", (("first_response",),),
    "近似：考核时段内首次响应不超过 180 秒的会话 / 会话（没有回复的算没做到）", people=True,
)  # fmt: skip
SATISFACTION_WINDOW = SessionRule(
    "rating_window_good", "rating_window_n", (("rating",),), "考核时段内开始、4–5 分 / 有评分的会话"
)
DISSATISFACTION_WINDOW = SessionRule(
    "rating_window_bad", "rating_window_n", (("rating",),), "考核时段内开始、1–2 分（抖店 1–3 分）/ 有评分的会话"
)
WINDOW_NOTE = _WINDOW
TURNS_NOTE = _TURNS


def _quantile(of: str, what: str, q: float, fed_by: str, turns: str = "") -> MetricDefinition:
    short, name = {0.5: ("median", "中位数"), 0.9: ("p90", "P90")}[q]
    words = "一半的会话不超过这个时长" if q == 0.5 else "九成的会话不超过这个时长"
    column = {"handle_time": "handle"}.get(of, f"person_{of}")
    rules = [RowRule("session", Quantile(column, q), f"会话明细：{what}的{name}")]
    if turns:
        said = _CHAT_FIRST if turns == "first_reply" else _CHAT_TURNS
        rules.append(RowRule("message", Quantile(turns, q), f"{said}的{name}", _NO_TURNS))
    return MetricDefinition(
        f"{of}_{short}", f"{what}{name}", Unit.SECONDS, Direction.LOWER if of != "handle_time" else Direction.NEITHER,
        f"{what}从短到长排列，{words}", f"有{what}的会话",
        rows=tuple(rules), fed_by=fed_by, method=_MEDIAN, note=ROBOTS_NOTE if of != "handle_time" else "",
    )  # fmt: skip


RESPONSE: tuple[MetricDefinition, ...] = (
    _quantile("first_response", "首次响应时长", 0.5, _FIRST, "first_reply"),
    _quantile("first_response", "首次响应时长", 0.9, _FIRST, "first_reply"),
    _quantile("avg_response", "平均响应时长", 0.5, _AVERAGE, "reply"),
    _quantile("avg_response", "平均响应时长", 0.9, _AVERAGE, "reply"),
    _quantile("handle_time", "接待时长", 0.5, "会话明细（结束时间列）"),
    MetricDefinition(
        "response_buckets", "响应区间分布", Unit.DISTRIBUTION, Direction.NEITHER,
        "首次响应落在每个区间的会话 / 有首次响应的会话", "落在区间里的会话", "有首次响应的会话",
        rows=(
            RowRule("session", Bands("person_first_response"), "会话明细：首次响应时长"),
            RowRule("message", Bands("first_reply"), _CHAT_FIRST, _NO_TURNS),
        ),
        fed_by=_FIRST, note="区间含左端、不含右端，边界可以改；没有回复的会话不在分布里；"
        f"{ROBOTS_NOTE}",
    ),
    MetricDefinition(
        "sla_rate", "服务水平达成率", Unit.RATE, Direction.HIGHER, "目标时间内首次响应的会话 / 会话",
        "目标时间内首次响应的会话（没有回复算没达到）", "首次响应有记录的会话",
        rows=(
            RowRule("session", Share("answered_in_time"), "会话明细：目标时间内首次响应 / 会话"),
            RowRule("ticket", Share("solved_in_time"), "工单：期限内解决 / 已解决或已过期限的工单"),
        ),
        fed_by="会话明细（首次响应列）、工单", method=_WILSON,
        note="目标时间分平台，可以改；默认按平台统计的线：淘宝、抖店、拼多多、快手 180 秒，京东 30 秒；工单 48 小时；"
        f"{ROBOTS_NOTE}",
    ),
    MetricDefinition(
        "resolution_time_median", "解决时长中位数", Unit.SECONDS, Direction.LOWER,
        "从开始到解决的时长，一半在这之内；还没解决的按“至少等了这么久”算，不丢掉", "有结论的会话或工单",
        rows=(
            RowRule("session", MedianWait("handle", "resolved"), "会话明细：开始到结束，没解决的算没等到头"),
            RowRule("ticket", MedianWait("solving_time", "solved"), "工单：提交到解决，没解决的算没等到头"),
        ),
        fed_by="会话明细（结束时间、是否解决列）、工单", method="Kaplan–Meier 中位数；一半以上没有解决时给不出",
    ),
    MetricDefinition(
        "fcr", "一次解决率", Unit.RATE, Direction.HIGHER,
        "解决了、买家 72 小时内没有再来的会话 / 有结论且满 72 小时的会话", "解决了且没有再来的会话",
        "有结论、满 72 小时、认得出买家的会话",
        rules={ANY: (
            Weighted("first_contact_resolution_rate", (Q("received_after_sales"),),
            "报表：售后一次解决率 × 接待售后人数", "接待售后人数"),
        )},
        delay_days=3,
        rows=(
            RowRule("session", Share("solved_at_once"), "会话明细：解决了且没有再来 / 有结论的会话", _NO_BUYERS),
            RowRule("session", Share("not_back"), "近似：没有“是否解决”列，只看买家有没有再来", _NO_BUYERS),
        ),
        rows_first=True,
        fed_by="会话明细（买家昵称、是否解决列）、赤兔 自定义报表（售后一次解决率）", method=_WILSON,
        note="再来 = 同一买家在同一店铺又开始一次会话，从这次开始的时刻起算；小时数可以改；带星号的昵称认不出人，不算",
    ),
)  # fmt: skip
