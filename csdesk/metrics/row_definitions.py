"""Metrics that rows kept one by one give: a list a subject, one entry a number. Data only."""

from __future__ import annotations

from csdesk.metrics.declaration import Direction, MetricDefinition, RowRule
from csdesk.metrics.model import Unit
from csdesk.metrics.order_definitions import ORDERS
from csdesk.metrics.rows.rules import Quantile

_MEDIAN = "只有会话明细才有每一条的时长；分位数按线性插值（NumPy 的默认算法）"


def _quantile(of: str, what: str, q: float, fed_by: str) -> MetricDefinition:
    short, name = {0.5: ("median", "中位数"), 0.9: ("p90", "P90")}[q]
    words = "一半的会话不超过这个时长" if q == 0.5 else "九成的会话不超过这个时长"
    return MetricDefinition(
        f"{of}_{short}", f"{what}{name}", Unit.SECONDS, Direction.LOWER if of != "handle_time" else Direction.NEITHER,
        f"{what}从短到长排列，{words}", f"有{what}的会话",
        rows=(RowRule("session", Quantile({"handle_time": "handle"}.get(of, of), q), f"会话明细：{what}的{name}"),),
        fed_by=fed_by, method=_MEDIAN,
    )  # fmt: skip


RESPONSE: tuple[MetricDefinition, ...] = (
    _quantile("first_response", "首次响应时长", 0.5, "会话明细（首次响应列）"),
    _quantile("first_response", "首次响应时长", 0.9, "会话明细（首次响应列）"),
    _quantile("avg_response", "平均响应时长", 0.5, "会话明细（平均响应列）"),
    _quantile("avg_response", "平均响应时长", 0.9, "会话明细（平均响应列）"),
    _quantile("handle_time", "接待时长", 0.5, "会话明细（结束时间列）"),
)

FROM_ROWS: tuple[MetricDefinition, ...] = (*RESPONSE, *ORDERS)
