"""Figures of peers as metrics. Data only; :mod:`csdesk.metrics.peers` finds them."""

from __future__ import annotations

from csdesk.metrics.declaration import Direction, MetricDefinition
from csdesk.metrics.model import Unit

PEERS: tuple[MetricDefinition, ...] = tuple(
    MetricDefinition(
        peer, name, Unit.FIGURES, Direction.NEITHER, f"平台导出里的{words}，原样列出，带日期，从不计算", peer=peer,
        fed_by="生意参谋 的报表（末尾的同行同层两行；自定义时间段没有）、店铺 DSR 评分（行业均值）",
        note="每个数字取和所选时段有重合的最近一份。同行由平台按店铺层级挑选，本软件没有也不推算行业数字",
    )
    for peer, name, words in (
        ("peer_average", "同行同层均值", "同行同层均值或行业均值"), ("peer_top", "同行同层优秀", "同行同层优秀"),
    )
)  # fmt: skip
"""Never computed: what the platform gave, with its days."""
