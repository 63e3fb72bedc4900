"""Workload: how much everybody did, in how much online time, and how evenly it is shared out; what came of it in sales.

Conversion is shown with the platform's own way of counting and never averaged over several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.apart import platform_of
from csdesk.charts import format as written
from csdesk.charts.build import number
from csdesk.metrics.model import MetricRow, MetricValue
from csdesk.stats.ranking import gini

if TYPE_CHECKING:
    from csdesk.metrics.rows.chosen import ChosenRows

METRICS = ("workload_messages", "workload_tickets", "workload_online", "workload_per_hour")


@dataclass(frozen=True, slots=True)
class Work:
    """What somebody did. ``received`` as his export counts (``received_as`` says how), ``share`` of all people's.

    ``online_seconds`` and ``per_hour`` only where his export has online time. ``conversion`` = ``converted`` /
    ``inquiries`` by ``conversion_as``. None: not known.
    """

    agent: str
    kind: str
    platform: str | None
    received: float | None
    received_as: str
    share: float | None
    messages: float | None
    tickets: float | None
    online_seconds: float | None
    per_hour: float | None
    conversion: float | None
    converted: float | None
    inquiries: float | None
    conversion_as: str
    sales_fen: int | None


@dataclass(frozen=True, slots=True)
class Workload:
    """The answer ``workload``. ``gini``: 0 all people receive the same, towards 1 one receives all.

    ``peak_hour``: the hour with the most sessions, ``peak_share`` its share; only from sessions one by one.
    """

    agents: tuple[Work, ...]
    people: int
    gini: float | None
    busiest: str | None
    busiest_share: float | None
    peak_hour: int | None
    peak_share: float | None
    text: str


def workload(rows: Sequence[MetricRow], more: Sequence[MetricRow], sessions: ChosenRows) -> Workload:
    """``rows`` of the page by agent, ``more`` with :data:`METRICS`."""
    beside = {_identity(row): row.values for row in more}
    whole = sum(number(row.values.get("received")) or 0.0 for row in rows if row.kind == "person")
    work = [_work(row, beside.get(_identity(row), {}), whole) for row in rows]
    work.sort(key=lambda one: (-(one.received or 0.0), one.agent))
    people = [one for one in work if one.kind == "person" and one.received]
    first = people[0] if people else None
    hour, share = _peak(sessions)
    return Workload(
        tuple(work), len(people), gini([one.received or 0.0 for one in people]) if len(people) > 1 else None,
        first.agent if first else None, first.share if first else None, hour, share,
        _words(people, hour, share, others=len(work) > len(people)),
    )  # fmt: skip


def _identity(row: MetricRow) -> int | str | None:
    return row.agent_id or row.key


def _work(row: MetricRow, more: Mapping[str, MetricValue], whole: float) -> Work:
    values = {**row.values, **more}
    received, conversion = values.get("received"), values.get("conversion_rate")
    count = number(received)
    platform = next((side for value in row.values.values() if (side := platform_of(value))), None)
    sales = number(values.get("cs_sales"))
    rated = number(conversion)
    return Work(
        str(row.key), row.kind, str(platform) if platform else None, count, received.variant if received else "",
        count / whole if row.kind == "person" and count is not None and whole > 0 else None,
        number(values.get("workload_messages")), number(values.get("workload_tickets")),
        number(values.get("workload_online")), number(values.get("workload_per_hour")), rated,
        conversion.numerator if conversion and rated is not None else None,
        conversion.denominator if conversion and rated is not None else None,
        conversion.variant if conversion and rated is not None else "", None if sales is None else round(sales),
    )  # fmt: skip


def _peak(sessions: ChosenRows) -> tuple[int | None, float | None]:
    hours = sessions.hour
    known = np.bincount(hours[hours >= 0], minlength=24) if sessions.size else np.zeros(24)
    total = int(known.sum())
    if not total:
        return None, None
    busiest = int(known.argmax())
    return busiest, float(known[busiest]) / total


def _words(people: Sequence[Work], hour: int | None, share: float | None, *, others: bool) -> str:
    if not people:
        return "没有客服有接待，只有机器人、主账号或共用账号。" if others else "没有分客服的接待量。"
    first = people[0]
    text = f"{first.agent}接待最多（{written.count(first.received)}，占 {written.percent(first.share)}）"
    if len(people) > 1:
        text += f"；平均分的话每人 {written.percent(1 / len(people))}"
    kinds = {one.received_as for one in people if one.received_as}
    text += "。" if len(kinds) < 2 else "；各导出的接待口径不同，只能大致比。"
    if hour is not None and share is not None:
        text += f"一天里 {hour} 点最忙，占会话的 {written.percent(share)}。"
    return text
