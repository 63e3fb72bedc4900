"""How much work was done, and in how much time. Data only.

工作量 itself is what was received; messages and tickets stand beside it, and the pace where an export has online time.
"""

from __future__ import annotations

from csdesk.metrics.declaration import ANY, Direction, MetricDefinition, RowRule, SessionRule
from csdesk.metrics.model import Unit
from csdesk.metrics.quantities import quantity as q
from csdesk.metrics.rows.rules import Count as RowCount
from csdesk.metrics.rules import Count, Ratio

_RECEIVED_EXPORTS = "赤兔 自定义报表、生意参谋 咨询接待、飞鸽 客服数据、会话明细"
_ONLINE_EXPORTS = "飞鸽 客服数据（在线总时长列）、京东 客服工作量（登录时长列）"
_FEIGE = (Count(q("received_sessions"), "接待会话量"), Count(q("received"), "接待人数"))

WORKLOAD: tuple[MetricDefinition, ...] = (
    MetricDefinition(
        "workload", "工作量", Unit.COUNT, Direction.NEITHER, "接待的人数或会话数（看来源）之和",
        "接待人数；飞鸽为接待会话量；会话明细为会话条数",
        rules={ANY: (Count(q("received"), "接待人数"), Count(q("received_sessions"), "接待会话量")), "feige": _FEIGE},
        sessions=SessionRule("n", label="会话数"),
        fed_by=_RECEIVED_EXPORTS, note="就是接待量；消息量、工单量、在线时长和每小时接待量另列", same_as="received",
    ),
    MetricDefinition(
        "workload_messages", "消息量", Unit.COUNT, Direction.NEITHER, "客服和买家的消息数之和", "消息数",
        rules={ANY: (Count(q("messages", "agent_messages+buyer_messages"), "消息数"),)},
        sessions=SessionRule("messages_sum", needs=(("messages",),), label="会话的消息数"),
        rows=(RowRule("message", RowCount(), "聊天记录：消息条数"),),
        fed_by="赤兔 自定义报表、生意参谋 咨询接待、会话明细（消息数列）、聊天记录",
    ),
    MetricDefinition(
        "workload_tickets", "工单量", Unit.COUNT, Direction.NEITHER, "工单的条数", "工单",
        rows=(RowRule("ticket", RowCount(), "工单：条数"),), fed_by="工单",
    ),
    MetricDefinition(
        "workload_online", "在线时长", Unit.SECONDS, Direction.NEITHER, "在线时长之和", "在线时长",
        rules={ANY: (Count(q("online_seconds"), "在线时长"),)}, fed_by=_ONLINE_EXPORTS,
        note="客服各自的在线时长相加",
    ),
    MetricDefinition(
        "workload_per_hour", "每小时接待量", Unit.RATIO, Direction.NEITHER, "接待量 / 在线小时数",
        "接待量 × 3600（每小时的秒数）", "在线秒数",
        rules={
            ANY: (Ratio(q("3600*received", "3600*received_sessions"), q("online_seconds"), "", "接待量", "在线时长"),),
            "feige": (
                Ratio(q("3600*received_sessions", "3600*received"), q("online_seconds"), "", "接待会话量", "在线时长"),
            ),
        },
        fed_by=_ONLINE_EXPORTS, note="只算报了在线时长的那些天",
    ),
)  # fmt: skip
