"""客服绩效: everybody's measures side by side; small samples are shown, not ranked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from csdesk.analysis import exports
from csdesk.analysis.assemble import KINDS, agent_bars, agent_table, page_result
from csdesk.analysis.attention import attention_in
from csdesk.analysis.cards import kpis_of
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Engine, PageRequest, PageResult, Run
from csdesk.analysis.missing_good import missing_good_by_agent
from csdesk.analysis.pages import PAGES
from csdesk.analysis.peers import NO_PEERS, peers_answer
from csdesk.analysis.performance.answers import performance_answers
from csdesk.analysis.performance.findings import people_findings
from csdesk.analysis.performance.places import COMPOSITE, TOO_FEW, Ranking
from csdesk.analysis.performance.weights import weighted
from csdesk.analysis.terms import declared, title_of
from csdesk.analysis.why_empty import why_empty
from csdesk.analysis.words import spaced, span_words
from csdesk.charts import format as written
from csdesk.charts.build import number
from csdesk.domain.platforms import Platform
from csdesk.stats.change import SMALL_SAMPLE

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
_SPOKEN = "satisfaction_rate"
_PAIR = 2
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
        lead=_lead(facts, told),
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


def _lead(facts: Facts, told: Sequence[Answer]) -> tuple[Run, ...]:
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
    for text, strong in _spread(told):
        runs.append(Run(text, strong=strong))
    return tuple(runs)


def _spread(told: Sequence[Answer]) -> Iterator[tuple[str, bool]]:
    """First and last by satisfaction within each platform, as the ranking has them; (text, strong)."""
    found = next((one.value for one in told if one.id == "ranking"), ())
    all_: list[Ranking] = [one for one in found if isinstance(one, Ranking)] if isinstance(found, tuple) else []
    for whole in all_:
        if whole.metric != COMPOSITE:
            continue
        mine = next((one for one in all_ if one.metric == _SPOKEN and one.platform == whole.platform), None)
        side = f"{Platform(whole.platform).short}的" if whole.platform else ""
        yield from _spread_of(mine, f"{side}{title_of(_SPOKEN)}")


def _spread_of(ranking: Ranking | None, title: str) -> Iterator[tuple[str, bool]]:
    places = ranking.places if ranking else ()
    few = sum(one.reason == TOO_FEW for one in ranking.unranked) if ranking else 0
    aside = f"另有 {few} 位样本不足 {SMALL_SAMPLE}，不参与比较。" if few else ""
    if len(places) < _PAIR:
        yield f"{title}够样本的不到两位，不作比较。{aside if places else ''}", False
    else:
        first, last = (pick(places, key=lambda one: one.value or 0.0) for pick in (max, min))
        if first.place < last.place:
            yield f"{title}最高的是", False
            yield f"{first.agent}（{written.percent(first.value)}）", True
            yield "，最低的是", False
            yield f"{last.agent}（{written.percent(last.value)}）", True
            yield f"，两人的差距可信。{aside}", False
        else:
            yield f"{title}最高和最低的客服之间", False
            yield "看不出差别", True
            yield f"{'，名次不说明问题' if places[-1].place == 1 else ''}。{aside}", False
