"""总览: how the shop is doing, in one screen."""

from __future__ import annotations

from dataclasses import replace

from csdesk.analysis import exports
from csdesk.analysis.assemble import agent_bars, agent_table, page_result, step_page_table, trend_chart
from csdesk.analysis.attention import attention_of
from csdesk.analysis.cards import kpis_of
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Engine, Kpi, PageRequest, PageResult, Run
from csdesk.analysis.invites import rating_levels
from csdesk.analysis.pages import PAGES
from csdesk.analysis.peers import peers_answer
from csdesk.analysis.summary import summary_runs
from csdesk.analysis.targets_attention import target_attention
from csdesk.analysis.terms import declared, title_of
from csdesk.analysis.words import spaced, span_words
from csdesk.charts.spec import ChartSpec

TITLE = PAGES["overview"].title
KPIS = ("received", "first_response_mean", "invite_rate", "satisfaction_rate", "conversion_rate", "cs_sales")
_TABLE = (
    "received", "first_response_mean", "avg_response_mean", "response_3min_rate", "reply_rate", "invite_rate",
    "review_rate", "satisfaction_rate", "resolution_rate", "inquiry_buyers", "conversion_rate", "cs_sales",
)  # fmt: skip
_WATCHED = (
    "received", "first_response_mean", "avg_response_mean", "response_3min_rate", "invite_rate", "review_rate",
    "satisfaction_rate", "resolution_rate", "conversion_rate",
)  # fmt: skip
_EXPORTS = (exports.CHITU, exports.SYCM_REVIEWS, exports.SYCM_RECEPTION, exports.FEIGE, exports.SESSIONS)
_BESIDE = ("paid_orders", "paid_amount", "avg_order_value", "refund_rate", "review_count", "positive_review_rate")
"""The cards of a shop that has brought orders or reviews, and nothing yet that tells of its service."""
_NO_SERVICE = "还没有客服接待的数据：拖入会话明细或平台的客服报表，这里就有接待、响应和满意率。"
_SPOKEN = ("received", "first_response_mean", "satisfaction_rate", "conversion_rate", "cs_sales")


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    facts = Facts(
        engine, request, declared((*KPIS, *_TABLE)), whole=("rating_distribution",), cards=KPIS, watched=_WATCHED
    )
    kpis = kpis_of(facts, KPIS)
    beside = _beside(engine, request) if all(kpi.value.value is None for kpi in kpis) else None
    if beside is not None:
        kpis = beside[1]
    stepwise, columns = (facts, _TABLE) if beside is None else (beside[0], _BESIDE)
    result = page_result(
        "overview", TITLE, facts,
        kpis=kpis,
        lead=(*_lead(facts, kpis), *([] if beside is None else [Run(_NO_SERVICE)])),
        charts=(
            *(_trends(facts) if beside is None else _trends_beside(*beside)),
            agent_bars(facts, "overview.agents", "received"),
            rating_levels("overview.levels", facts.total),
        ),
        tables=(
            step_page_table(stepwise, columns, table_id="overview.by_step"),
            agent_table(facts, _TABLE, muted_by="satisfaction_rate", table_id="overview.by_agent"),
        ),
        subject="数据",
        exports=_EXPORTS,
        why=("satisfaction_rate",),
        bands=False,  # the first page to open does without the rows
        answers=(peers_answer(engine, request, facts.metrics),),
        attention=(*target_attention(facts), *attention_of(engine, request, _WATCHED, by_agent=True)),
    )  # fmt: skip
    return result if result.empty else replace(result, lead=(*result.lead, *summary_runs(result)))


def _trends(facts: Facts) -> tuple[ChartSpec, ChartSpec]:
    return (
        trend_chart(facts, "overview.received", "接待走势", ("received",)),
        trend_chart(facts, "overview.rates", "满意率与转化率走势", ("satisfaction_rate", "conversion_rate")),
    )


def _beside(engine: Engine, request: PageRequest) -> tuple[Facts, tuple[Kpi, ...]] | None:
    """Orders and reviews, with the cards of them that have a number; None without any."""
    facts = Facts(engine, request, declared(_BESIDE))
    known = tuple(kpi for kpi in kpis_of(facts, facts.metrics) if kpi.value.value is not None)
    return (facts, known) if known else None


def _trends_beside(facts: Facts, kpis: tuple[Kpi, ...]) -> tuple[ChartSpec, ChartSpec]:
    known = {kpi.metric for kpi in kpis}
    counted = "paid_orders" if "paid_orders" in known else "review_count"
    rates = tuple(metric for metric in ("positive_review_rate", "refund_rate") if metric in known)
    title = "与".join(map(title_of, rates)) or "好评率"
    return (
        trend_chart(facts, "overview.received", f"{title_of(counted)}走势", (counted,)),
        trend_chart(
            facts, "overview.rates", f"{title}走势", rates or ("positive_review_rate",),
            empty="还没有带星级的评价，也没有退款的数据。",
        ),
    )  # fmt: skip


def _lead(facts: Facts, kpis: tuple[Kpi, ...]) -> tuple[Run, ...]:
    """The period's figures in one sentence; only those that exist."""
    known = [kpi for kpi in kpis if kpi.metric in {*_SPOKEN, *_BESIDE} and kpi.value.value is not None]
    if not known:
        return ()
    runs: list[Run] = []
    for at, kpi in enumerate(known):
        opening = spaced(span_words(facts.request), kpi.title) if at == 0 else f"，{kpi.title}"
        runs += [Run(f"{opening} "), Run(kpi.text, strong=True)]
    return (*runs, Run("。"))
