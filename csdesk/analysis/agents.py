"""客服绩效: everybody's measures side by side; small samples are shown, not ranked."""

from __future__ import annotations

from csdesk.analysis import exports
from csdesk.analysis.apart import homes_of, platforms_in
from csdesk.analysis.assemble import KINDS, agent_bars, agent_table, page_result
from csdesk.analysis.attention import attention_in
from csdesk.analysis.cards import kpis_of
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Engine, PageRequest, PageResult, Run
from csdesk.analysis.missing_good import missing_good_by_agent
from csdesk.analysis.pages import PAGES
from csdesk.analysis.peers import NO_PEERS, peers_answer
from csdesk.analysis.performance.answers import performance_answers
from csdesk.analysis.performance.findings import people_findings
from csdesk.analysis.performance.weights import weighted
from csdesk.analysis.terms import declared, title_of
from csdesk.analysis.why_empty import why_empty
from csdesk.analysis.words import spaced, span_words
from csdesk.charts import format as written
from csdesk.charts.build import number, ranked
from csdesk.metrics.model import MetricRow, MetricValue
from csdesk.stats.change import newcombe

TITLE = PAGES["agents"].title
KPIS = ("received", "first_response_mean", "reply_rate", "invite_rate", "satisfaction_rate", "conversion_rate")
_TABLE = (
    "received", "first_response_mean", "avg_response_mean", "response_3min_rate", "reply_rate", "invites_sent",
    "invite_rate", "ratings_received", "review_rate", "satisfaction_rate", "resolution_rate", "inquiry_buyers",
    "conversion_rate", "cs_sales",
)  # fmt: skip
_NOBODY = "没有分客服的数据，或只有机器人、主账号和共用账号。"
_WHY_EMPTY = {
    "ranking": _NOBODY,
    "funnel_plot": "没有一位客服有带次数的比率，画不出来。",
    "fair_comparison": _NOBODY,
    "agent_cards": _NOBODY,
    "peers": NO_PEERS,
}
_WATCHED = (*KPIS, "review_rate", "resolution_rate", "response_3min_rate")
_EXPORTS = (exports.CHITU, exports.SYCM_AGENTS, exports.FEIGE, exports.SESSIONS)


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    scored = tuple(one.metric for one in weighted(request.weights) if one.weight > 0)
    facts = Facts(
        engine, request, declared((*KPIS, *_TABLE, *scored)), cards=KPIS, steps=KPIS, watched=_WATCHED, split_only=True
    )
    told = performance_answers(facts, engine)
    return page_result(
        "agents", TITLE, facts,
        kpis=kpis_of(facts, KPIS),
        lead=_lead(facts),
        charts=(
            agent_bars(facts, "agents.invites", "invite_rate"),
            agent_bars(facts, "agents.satisfaction", "satisfaction_rate"),
            agent_bars(facts, "agents.response", "first_response_mean"),
            agent_bars(facts, "agents.conversion", "conversion_rate"),
        ),
        tables=(agent_table(facts, _TABLE, muted_by="satisfaction_rate", table_id="agents.by_agent"),),
        subject="分客服的数据",
        exports=_EXPORTS,
        attention=attention_in(facts.days, request, KPIS, by_agent=True),
        why=("satisfaction_rate",),
        answers=why_empty(
            (missing_good_by_agent(facts), *told, peers_answer(engine, request, facts.metrics)), _WHY_EMPTY
        ),
        findings=people_findings(told),
    )  # fmt: skip


def _lead(facts: Facts) -> tuple[Run, ...]:
    """How many people worked, and whether the best and the last can be told apart at all."""
    working = [row for row in facts.people if (number(row.values.get("received")) or 0) > 0]
    if not facts.by_agent:
        return (Run("只有全店合计，没有分客服的数据。导出每位客服一行的报表，拖进来就有。"),)
    if not facts.people:
        others = "、".join(dict.fromkeys(KINDS[row.kind] for row in facts.not_people))
        nobody = f"没有客服有接待{f'，只有{others}的数据' if others else ''}"
        return (Run(f"{span_words(facts.request)}{nobody}。"),)
    count = len(working) or len(facts.people)
    runs: list[Run] = [
        Run(f"{spaced(span_words(facts.request), '共')} "),
        Run(str(count), strong=True),
        Run(" 位客服有接待。" if working else " 位客服有数据。"),
    ]
    if len(facts.request.selection.agents) == 1:
        return tuple(runs)
    compared = list(working or facts.people)
    sides: dict[str, list[MetricRow]] = {}
    among = platforms_in(facts.total.get("satisfaction_rate"))
    for row, side in zip(compared, homes_of(compared, among), strict=True):
        sides.setdefault(f"{side.short}的" if side else "", []).append(row)
    if len(sides.keys() - {""}) < 2:
        return (*runs, *_spread(compared, "satisfaction_rate"))
    for whose, rows in sides.items():  # platforms count differently: only within one
        runs += _spread(rows, "satisfaction_rate", whose)
    return tuple(runs)


def _spread(rows: list[MetricRow], metric: str, side: str = "") -> tuple[Run, ...]:
    """First and last by a rate; their order is a finding only when their intervals lie apart."""
    title = f"{side}{title_of(metric)}"
    big = [
        row for row in ranked(rows, metric)
        if number(row.values.get(metric)) is not None and not row.values[metric].small
    ]  # fmt: skip
    few = sum(1 for row in rows if (value := row.values.get(metric)) is not None and value.small)
    aside = f"另有 {few} 位样本不足 30，不参与比较。" if few else ""
    if len(big) < 2:
        return (Run(f"{title}够样本的不到两位，不作比较。{aside if big else ''}"),)
    first, last = big[0], big[-1]
    high, low = first.values[metric], last.values[metric]
    names = (
        Run(f"{title}最高的是"), Run(f"{first.key}（{written.percent(number(high))}）", strong=True),
        Run("，最低的是"), Run(f"{last.key}（{written.percent(number(low))}）", strong=True),
    )  # fmt: skip
    apart = _apart(high, low, len(big))
    if apart is None:
        return (*names, Run(f"。{aside}"))
    if apart:
        return (*names, Run(f"，两人的差距可信。{aside}"))
    return (Run(f"{title}最高和最低的客服之间"), Run("看不出差别", strong=True), Run(f"，名次不说明问题。{aside}"))


def _apart(high: MetricValue, low: MetricValue, among: int) -> bool | None:
    """Whether the extremes of ``among`` agents differ for certain; None where counts are unknown.

    The pair was picked because it is extreme, so the level is corrected for all pairs (Bonferroni).
    """
    k1, n1, k2, n2 = high.numerator, high.denominator, low.numerator, low.denominator
    if k1 is None or n1 is None or k2 is None or n2 is None:
        return None
    interval = newcombe(k1, n1, k2, n2, level=1 - 0.05 / (among * (among - 1) / 2))
    return interval.low > 0 if interval else None
