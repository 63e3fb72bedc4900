"""The catalogue's words as pages use them: short titles, units, direction, what exists."""

from __future__ import annotations

from collections.abc import Iterable

from csdesk.metrics.declaration import Direction
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.model import Unit

_SHORT: dict[str, str] = {
    "invites_sent": "邀评数",
    "review_rate": "评价率",
    "first_response_mean": "首次响应",
    "first_response_median": "首次响应中位数",
    "first_response_p90": "首次响应九成内",
    "avg_response_mean": "平均响应",
    "avg_response_median": "平均响应中位数",
    "avg_response_p90": "平均响应九成内",
    "response_3min_rate": "3分钟回复率",
    "resolution_rate": "问题解决率",
    "conversion_rate": "询单转化率",
    "cs_sales": "客服销售额",
    "ratings_received": "收到评价",
}
"""Names on cards, columns and lines, where the catalogue's are longer."""


def title_of(metric: str) -> str:
    """The metric's name on cards and in tables."""
    return _SHORT.get(metric) or METRICS[metric].name


def unit_of(metric: str) -> Unit:
    """The metric's unit."""
    return METRICS[metric].unit


def direction_of(metric: str) -> Direction:
    """Which way is better."""
    return METRICS[metric].direction if metric in METRICS else Direction.NEITHER


def declared(metrics: Iterable[str]) -> tuple[str, ...]:
    """Those of ``metrics`` the catalogue declares, each once, in order."""
    return tuple(dict.fromkeys(metric for metric in metrics if metric in METRICS))
