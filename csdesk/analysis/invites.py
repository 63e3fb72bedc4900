"""邀评: from reception to a satisfied rating, where it is lost, and who does it well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from csdesk.analysis import exports
from csdesk.analysis.apart import platforms_differ
from csdesk.analysis.assemble import (
    agent_bars,
    agent_table,
    first_with_values,
    page_result,
    step_page_table,
    trend_chart,
)
from csdesk.analysis.attention import attention_of
from csdesk.analysis.cards import kpis_of
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Compare, Engine, PageRequest, PageResult
from csdesk.analysis.funnel import invite_funnel
from csdesk.analysis.invite_words import invite_lead
from csdesk.analysis.inviting.answers import WHY_EMPTY, invite_answers
from csdesk.analysis.missing_good import missing_good
from csdesk.analysis.pages import PAGES
from csdesk.analysis.rating_shares import levels_answer
from csdesk.analysis.targets_attention import target_attention
from csdesk.analysis.terms import declared, title_of
from csdesk.analysis.trend_answer import trend_answer
from csdesk.analysis.why_empty import why_empty
from csdesk.analysis.words import change_runs
from csdesk.charts import format as written
from csdesk.charts.build import Drawn, Group, grouped_spec, levels_spec, number
from csdesk.charts.spec import ChartSpec
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import MetricPart, MetricStatus, MetricValue

TITLE = PAGES["invites"].title
KPIS = ("received", "invite_rate", "review_rate", "satisfaction_rate", "first_response_mean")
_TABLE = (
    "received", "invites_sent", "invite_rate", "ratings_received", "review_rate", "satisfaction_rate",
    "first_response_mean",
)  # fmt: skip
_STEPS = ("received", "invites_sent", "invite_rate", "ratings_received", "review_rate", "satisfaction_rate")
_GROUPS = {"invited": "邀请", "self": "自主"}
_SPLIT = ("ratings_received", "satisfaction_rate", "dissatisfaction_rate")
_NO_LEVELS = "还没有评价的分档数据。导出带“很满意、满意、一般、不满、很不满”的报表，拖进来就有。"
_EXPORTS = (exports.SYCM_REVIEWS, exports.CHITU, exports.FEIGE, exports.SESSIONS)


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    split = tuple(f"{metric}.{group}" for metric in _SPLIT for group in _GROUPS)
    whole = declared(("rating_distribution", *split))
    facts = Facts(engine, request, declared((*KPIS, *_TABLE)), whole=whole, cards=KPIS)
    kpis = kpis_of(facts, KPIS)
    rates = tuple(kpi for kpi in kpis if kpi.metric in {"invite_rate", "review_rate", "satisfaction_rate"})
    compare = request.compare if facts.compared_period else Compare.NONE
    return page_result(
        "invites", TITLE, facts,
        kpis=kpis,
        lead=(*invite_lead(facts), *change_runs(rates, compare)),
        charts=(
            invite_funnel("invites.funnel", facts),
            _trend(facts),
            _agents(facts),
            rating_levels("invites.levels", facts.total),
            _groups(facts.total),
        ),
        tables=(
            agent_table(facts, _TABLE, muted_by="review_rate", table_id="invites.by_agent"),
            step_page_table(facts, _TABLE, table_id="invites.by_step"),
        ),
        subject="邀评数据",
        exports=_EXPORTS,
        attention=(*target_attention(facts, KPIS), *attention_of(engine, request, KPIS)),
        why=("invite_rate",),
        answers=why_empty(
            (
                missing_good(facts), levels_answer(facts.total.get("rating_distribution")), trend_answer(facts, _STEPS),
                *invite_answers(engine, facts),
            ),
            WHY_EMPTY,
        ),
    )  # fmt: skip


def _trend(facts: Facts) -> ChartSpec:
    metrics = ("invite_rate", "review_rate", "satisfaction_rate")
    with_values = [metric for metric in metrics if any(y is not None for y in facts.trend.line(metric))]
    title = "、".join(title_of(metric) for metric in (with_values or metrics)) + "走势"
    return trend_chart(facts, "invites.trend", title, metrics)


def _agents(facts: Facts) -> ChartSpec:
    """By the measure the exports can feed: 评价率, else 邀评率, else 满意率."""
    metric = first_with_values(facts.people, ("review_rate", "invite_rate", "satisfaction_rate"))
    return agent_bars(facts, "invites.agents", metric)


def rating_levels(chart_id: str, total: Mapping[str, MetricValue]) -> ChartSpec:
    """The distribution of ratings, with how many there are and where they came from."""
    value = total.get("rating_distribution")
    title, aside = "评价分布", ""
    if value is not None and platforms_differ(value):
        main, *others = sorted(value.parts, key=lambda part: -(part.denominator or 0))
        value = _of_platform(value, main)
        title = f"评价分布（{Platform(main.key).label}）"
        aside = "".join(f"{Platform(part.key).label}分档不同：{_shares(part)}。" for part in others)
    received = sum(value.counts.values()) if value is not None else 0
    chart = levels_spec(
        chart_id, title, value,
        subtitle=f"收到 {written.count(received)} 个评价" if received else "",
        footnote=aside or _split_words(total),
        empty=_NO_LEVELS,
    )  # fmt: skip
    return replace(chart, metrics=("rating_distribution",))


def _of_platform(value: MetricValue, part: MetricPart) -> MetricValue:
    """One platform's distribution out of several that cannot be put together."""
    shares = part.value if isinstance(part.value, dict) else {}
    counts = {level: share * (part.denominator or 0) for level, share in shares.items()}
    return replace(value, value=shares, counts=counts, n=part.denominator, status=MetricStatus.OK)


def _shares(part: MetricPart) -> str:
    shares = part.value if isinstance(part.value, dict) else {}
    return "、".join(f"{level} {written.percent(share)}" for level, share in shares.items())


def _split_words(total: Mapping[str, MetricValue]) -> str:
    words = [
        f"{title} {written.count(count)}"
        for group, title in _GROUPS.items()
        if (count := number(total.get(f"ratings_received.{group}"))) is not None
    ]
    return " · ".join(words)


def _groups(total: Mapping[str, MetricValue]) -> ChartSpec:
    """邀请 against 自主: how satisfied are those who were asked, and those who rated on their own."""
    groups = [
        Group(title_of(metric), {name: total[f"{metric}.{name}"] for name in _GROUPS if f"{metric}.{name}" in total})
        for metric in ("satisfaction_rate", "dissatisfaction_rate")
    ]
    known = [group for group in groups if any(number(value) is not None for value in group.values.values())]
    split = _split_words(total)
    chart = grouped_spec(
        "invites.groups", "邀请与自主", known,
        (Drawn("invited", "邀请", role="series1"), Drawn("self", "自主", role="series2")),
        key_title="指标",
        subtitle=f"收到评价：{split}" if split else "客服邀请来的评价，和买家自己给的评价",
        footnote="两组买家不同，高低不等于邀请的效果。" if known else "",
        empty="这些导出没有分开邀请和自主。生意参谋“接待评价”（35 列）里有。",
    )  # fmt: skip
    return replace(chart, metrics=("satisfaction_rate", "dissatisfaction_rate"))
