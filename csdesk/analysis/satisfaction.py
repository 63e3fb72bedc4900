"""满意度: how satisfied those who rated are, over time and by agent."""

from __future__ import annotations

from csdesk.analysis import exports
from csdesk.analysis.assemble import agent_bars, agent_table, page_result, step_page_table, trend_chart
from csdesk.analysis.attention import attention_of
from csdesk.analysis.cards import kpis_of
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Compare, Engine, PageRequest, PageResult, Run
from csdesk.analysis.invites import rating_levels
from csdesk.analysis.missing_good import missing_good
from csdesk.analysis.pages import PAGES
from csdesk.analysis.peers import NO_PEERS, peers_answer
from csdesk.analysis.rating_shares import levels_answer
from csdesk.analysis.satisfied import surveys
from csdesk.analysis.satisfied.low_ratings import low_ratings
from csdesk.analysis.satisfied.score import LEVELS, judged_score
from csdesk.analysis.satisfied.speed import against_response
from csdesk.analysis.targets_attention import target_attention
from csdesk.analysis.terms import declared
from csdesk.analysis.trend_answer import trend_answer
from csdesk.analysis.why_empty import why_empty
from csdesk.analysis.words import change_runs, spaced, span_words
from csdesk.charts import format as written
from csdesk.charts.build import number
from csdesk.metrics.model import MetricValue

TITLE = PAGES["satisfaction"].title
_CARDS = ("satisfaction_rate", "dissatisfaction_rate", "satisfaction_score", "ratings_received", "resolution_rate")
_TABLE = (
    "received", "ratings_received", "satisfaction_rate", "dissatisfaction_rate", "satisfaction_score",
    "resolution_rate",
)  # fmt: skip
_WHY_EMPTY = {"trend": "没有分天、分周或分月的评价数据。", "peers": NO_PEERS}
_EXPORTS = (exports.SYCM_REVIEWS, exports.CHITU, exports.FEIGE, exports.SESSIONS)


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    cards = declared(_CARDS)
    table = declared(_TABLE)
    asked = declared(surveys.NUMBERS)
    facts = Facts(
        engine,
        request,
        declared((*cards, *table)),
        whole=("rating_distribution", *asked),
        cards=(*cards, *asked, LEVELS),
        watched=_CARDS,
    )
    kpis = judged_score(facts, kpis_of(facts, cards))
    compare = request.compare if facts.compared_period else Compare.NONE
    rates = tuple(kpi for kpi in kpis if kpi.metric in {"satisfaction_rate", "resolution_rate"})
    return page_result(
        "satisfaction", TITLE, facts,
        kpis=kpis,
        lead=(*_lead(facts), *change_runs(rates, compare)),
        charts=(
            trend_chart(facts, "satisfaction.trend", "满意率走势", ("satisfaction_rate",)),
            rating_levels("satisfaction.levels", facts.total),
            agent_bars(facts, "satisfaction.agents", "satisfaction_rate"),
        ),
        tables=(
            agent_table(facts, table, muted_by="satisfaction_rate", table_id="satisfaction.by_agent"),
            step_page_table(facts, table, table_id="satisfaction.by_step"),
        ),
        subject="满意度数据",
        exports=_EXPORTS,
        attention=(*target_attention(facts, _CARDS), *attention_of(engine, request, _CARDS)),
        why=("satisfaction_rate",),
        answers=why_empty(
            (
                missing_good(facts), levels_answer(facts.total.get("rating_distribution")), trend_answer(facts, table),
                peers_answer(engine, request, facts.metrics), *_answers(engine, facts),
            ),
            _WHY_EMPTY,
        ),
    )  # fmt: skip


def _answers(engine: Engine, facts: Facts) -> tuple[Answer, ...]:
    selection = facts.request.selection
    sessions, tickets = engine.table("session", selection), engine.table("ticket", selection)
    return (
        Answer("reasons", low_ratings(sessions, tickets)),
        Answer(
            "against_response", against_response(sessions, facts.spreads.of_rate(facts.total.get("satisfaction_rate")))
        ),
        Answer("surveys", surveys.surveys(facts, engine.table("survey_answer", selection))),
        Answer("complaints", surveys.complaints(facts, tickets)),
    )


def _lead(facts: Facts) -> tuple[Run, ...]:
    """The rate with its interval in words, and how many rated at all: few raters speak for few buyers."""
    rate, received = facts.total.get("satisfaction_rate"), number(facts.total.get("received"))
    share = number(rate)
    when = span_words(facts.request)
    if rate is None or share is None:
        none = number(facts.total.get("ratings_received")) == 0
        return (Run(f"{when}一个评价也没有收到，算不出满意率。" if none else f"{when}没有可以合计的满意率。"),)
    if rate.denominator is None:
        return (Run(f"{spaced(when, '满意率')} "), Run(written.percent(share), strong=True), Run("。"))
    runs = [
        Run(f"{spaced(when, '收到')} "),
        Run(written.count(rate.denominator), strong=True),
        Run(" 个评价，满意率 "),
        Run(written.percent(share), strong=True),
    ]
    if rate.low is not None and rate.high is not None:
        runs.append(Run(f"（大致在 {written.percent(rate.low)} 到 {written.percent(rate.high)} 之间）"))
    if received and received >= rate.denominator and _same_cells(rate, facts.total["received"]):
        runs.append(Run(f"；评价的人占接待的 {written.percent(rate.denominator / received)}"))
    return (*runs, Run("。"))


def _same_cells(rate: MetricValue, received: MetricValue) -> bool:
    """Whether both speak of the same days and platforms, so that one may be held against the other: not while a day's
    ratings are still to come.
    """
    days = [{day for span in value.covered for day in span} for value in (rate, received)]
    parts = [{part.key for part in value.parts if part.denominator or part.value} for value in (rate, received)]
    late = any(one.reason.startswith("延迟统计") for one in rate.left_out)
    return days[0] == days[1] and parts[0] == parts[1] and not late
