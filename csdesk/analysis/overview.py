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
from csdesk.analysis.terms import declared
from csdesk.analysis.words import spaced, span_words

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
    spoken: tuple[str, ...] = _SPOKEN
    if all(kpi.value.value is None for kpi in kpis) and (others := _beside(engine, request)):
        kpis, spoken = others, _BESIDE
    result = page_result(
        "overview", TITLE, facts,
        kpis=kpis,
        lead=(*_lead(facts, kpis, spoken), *([Run(_NO_SERVICE)] if spoken == _BESIDE else [])),
        charts=(
            trend_chart(facts, "overview.received", "接待走势", ("received",)),
            trend_chart(facts, "overview.rates", "满意率与转化率走势", ("satisfaction_rate", "conversion_rate")),
            agent_bars(facts, "overview.agents", "received"),
            rating_levels("overview.levels", facts.total),
        ),
        tables=(
            step_page_table(facts, _TABLE, table_id="overview.by_step"),
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


def _beside(engine: Engine, request: PageRequest) -> tuple[Kpi, ...]:
    """Cards of orders and reviews, those that have a number."""
    metrics = declared(_BESIDE)
    found = kpis_of(Facts(engine, request, metrics), metrics)
    return tuple(kpi for kpi in found if kpi.value.value is not None)


def _lead(facts: Facts, kpis: tuple[Kpi, ...], spoken: tuple[str, ...]) -> tuple[Run, ...]:
    """The period's figures in one sentence; only those that exist."""
    known = [kpi for kpi in kpis if kpi.metric in spoken and kpi.value.value is not None]
    if not known:
        return ()
    runs: list[Run] = []
    for at, kpi in enumerate(known):
        opening = spaced(span_words(facts.request), kpi.title) if at == 0 else f"，{kpi.title}"
        runs += [Run(f"{opening} "), Run(kpi.text, strong=True)]
    return (*runs, Run("。"))
