"""The funnel 接待 → 邀评 → 收到评价 → 满意, from counts that belong together.

Each rate of the engine joins only cells that have both its parts, so the funnel starts from the
receptions of those cells (the denominator of 邀评率), not from all receptions; what is left aside is
said below the chart. A step the exports do not give is a gap with its reason, never 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from csdesk.analysis.cards import status_text
from csdesk.analysis.facts import Facts
from csdesk.analysis.inviting.losses import losses
from csdesk.charts import format as written
from csdesk.charts.build import FunnelStep, funnel_spec, number
from csdesk.charts.spec import ChartSpec
from csdesk.metrics.model import MetricValue

_NEAR = 0.005


def invite_funnel(chart_id: str, facts: Facts) -> ChartSpec:
    """The funnel of the whole selection."""
    steps, notes = _steps(facts)
    chart = funnel_spec(
        chart_id, "从接待到满意", steps,
        subtitle=_worst(steps),
        footnote="".join(notes),
        empty="还没有接待和邀评的数据。从生意参谋导出“接待评价”，拖进来就有。",
    )  # fmt: skip
    return replace(chart, metrics=("received", "invites_sent", "ratings_received", "satisfaction_rate"))


def funnel_steps(facts: Facts) -> tuple[FunnelStep, ...]:
    """接待, 邀评, 收到评价, 满意 of the whole selection."""
    return _steps(facts)[0]


def _steps(facts: Facts) -> tuple[tuple[FunnelStep, ...], list[str]]:
    """The steps, and what is to be said below them."""
    reception, base_note = _reception(facts.total)
    rated, rated_note = _rated(facts)
    happy, happy_note = _happy(facts.total, rated.value)
    return (reception, _sent(facts), rated, happy), [note for note in (base_note, rated_note, happy_note) if note]


def _reception(total: Mapping[str, MetricValue]) -> tuple[FunnelStep, str]:
    received, rate = number(total.get("received")), total.get("invite_rate")
    if rate is None or number(rate) is None or rate.denominator is None:
        return FunnelStep("接待", received, why="还没有数据"), ""
    aside = receptions_aside(total)
    note = f"另有 {written.count(aside)} 位接待没有邀评数据，不在漏斗里。" if aside else ""
    return FunnelStep("接待", rate.denominator), note


def receptions_aside(total: Mapping[str, MetricValue]) -> float:
    """Receptions of which nobody knows whether they were invited, where they are more than a rounding."""
    rate = total.get("invite_rate")
    if rate is None or rate.denominator is None:
        return 0.0
    aside = (number(total.get("received")) or 0.0) - rate.denominator
    return aside if aside > rate.denominator * _NEAR else 0.0


def _sent(facts: Facts) -> FunnelStep:
    rate, sent = facts.total.get("invite_rate"), facts.total.get("invites_sent")
    if rate is not None and (share := number(rate)) is not None and rate.numerator is not None:
        return FunnelStep("邀评", rate.numerator, f"{written.percent(share)} 被邀请")
    if number(sent) is not None:
        return FunnelStep("邀评", number(sent))
    return FunnelStep("邀评", None, why=_why(sent, facts))


def _rated(facts: Facts) -> tuple[FunnelStep, str]:
    rate, received = facts.total.get("review_rate"), facts.total.get("ratings_received")
    if rate is not None and (share := number(rate)) is not None and rate.numerator is not None:
        step = FunnelStep("收到评价", rate.numerator, f"{written.percent(share)} 给了评价")
        aside = (number(received) or 0.0) - rate.numerator
        return step, (f"买家自主给的等另外 {written.count(aside)} 个评价不在漏斗里。" if aside >= 0.5 else "")
    if (count := number(received)) is not None:
        return FunnelStep("收到评价", count, "含买家自主给的评价"), ""
    return FunnelStep("收到评价", None, why=_why(received, facts)), ""


def _happy(total: Mapping[str, MetricValue], rated: float | None) -> tuple[FunnelStep, str]:
    """Satisfied among the ratings of the step before; by the overall rate where they are not told apart."""
    for metric in ("satisfaction_rate.invited", "satisfaction_rate"):
        rate = total.get(metric)
        share = number(rate)
        if rate is None or share is None or rated is None:
            continue
        note = f"{written.percent(share)} 满意"
        if rate.numerator is not None and rate.denominator is not None and _near(rate.denominator, rated):
            return FunnelStep("满意", rate.numerator, note), ""
        if metric == "satisfaction_rate":
            return FunnelStep("满意", rated * share, note), "“满意”按全部评价的满意率推算。"
    return FunnelStep("满意", None, why="还没有数据"), ""


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= max(0.5, other * _NEAR)


def _why(value: MetricValue | None, facts: Facts) -> str:
    if value is None:
        return "还没有数据"
    return status_text(value, facts.request.selection.platform) or "还没有数据"


def _worst(steps: Sequence[FunnelStep]) -> str:
    """The step that loses the largest share; empty where nobody is lost or fewer than two neighbours are known."""
    known = [(one.share, one.text) for one in losses(steps) if one.share is not None]
    if len(known) < 2:
        return ""
    share, words = max(known)
    if not share:
        return ""
    return f"流失最多的一步：{words}（{written.percent(share)}）"
