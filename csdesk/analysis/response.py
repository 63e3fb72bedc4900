"""响应时间: how soon buyers are answered, when they wait, and whether that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from csdesk.analysis import exports
from csdesk.analysis.assemble import (
    agent_bars,
    agent_table,
    first_with_values,
    page_result,
    step_page_table,
    trend_chart,
)
from csdesk.analysis.attention import attention_of
from csdesk.analysis.cards import cards_of
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Compare, Engine, Kpi, PageRequest, PageResult, Run
from csdesk.analysis.pages import PAGES
from csdesk.analysis.planning.staffing_chart import staffing_chart
from csdesk.analysis.responding.hours import heat_cells, heat_chart, heat_words, peaks
from csdesk.analysis.responding.medians import judged_medians
from csdesk.analysis.responding.promotions import promotions
from csdesk.analysis.responding.waits import waits_of
from csdesk.analysis.terms import declared, title_of
from csdesk.analysis.trend_answer import trend_answer
from csdesk.analysis.why_empty import why_empty
from csdesk.analysis.words import change_runs, spaced, span_words
from csdesk.charts import format as written
from csdesk.charts.build import levels_spec, number
from csdesk.charts.spec import ChartSpec
from csdesk.metrics.model import By
from csdesk.stats.change import SMALL_SAMPLE

TITLE = PAGES["response"].title
_CARDS = (
    "first_response_mean", "first_response_median", "first_response_p90", "avg_response_mean", "avg_response_median",
    "avg_response_p90", "response_3min_rate", "sla_rate", "reply_rate",
)  # fmt: skip
_STEPS = (
    "received", "first_response_mean", "first_response_median", "avg_response_mean", "response_3min_rate", "sla_rate",
    "reply_rate",
)  # fmt: skip
_TABLE = (
    "received", "first_response_mean", "first_response_median", "first_response_p90", "avg_response_mean",
    "response_3min_rate", "sla_rate", "reply_rate",
)  # fmt: skip
_WATCHED = ("first_response_mean", "avg_response_mean", "response_3min_rate", "reply_rate")
_WHY = ("response_3min_rate", "reply_rate")
_BUCKETS = "response_buckets"
_NO_BANDS = "还没有每一次的响应时长。拖入带首次响应时长的会话明细，或聊天记录。"
_WHY_EMPTY = {"medians": _NO_BANDS, "trend": "没有分天、分周或分月的响应数据。"}
_MOST_OF_ALL = 0.9
"""Below this share of all receptions a median is said to speak of some of them only."""
_EXPORTS = (exports.SYCM_RECEPTION, exports.CHITU, exports.FEIGE, exports.SESSIONS)


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    cards, table = declared(_CARDS), declared(_TABLE)
    facts = Facts(
        engine,
        request,
        table,
        whole=(*cards, *declared((_BUCKETS,))),
        cards=cards,
        steps=declared(_STEPS),
        watched=_WATCHED,
    )
    kpis, medians = judged_medians(engine, facts, cards_of(facts, cards))
    compare = request.compare if facts.compared_period else Compare.NONE
    spoken = tuple(kpi for kpi in kpis if kpi.metric in {"first_response_median", "response_3min_rate", "sla_rate"})
    waits = waits_of(engine, request.selection)
    cells = heat_cells(waits)
    best = first_with_values(facts.people, ("first_response_median", "first_response_mean", "avg_response_mean"))
    return page_result(
        "response", TITLE, facts,
        kpis=kpis,
        lead=(*_lead(facts, kpis), *change_runs(spoken, compare)),
        charts=(
            trend_chart(
                facts, "response.trend", "响应时长走势",
                ("first_response_median", "first_response_mean", "avg_response_mean"),
            ),
            _bands(facts),
            heat_chart("response.heat", cells),
            staffing_chart(request.staffing(engine, request.selection) if request.staffing is not None else None),
            agent_bars(facts, "response.agents", best),
        ),
        tables=(
            agent_table(facts, table, muted_by="response_3min_rate", table_id="response.by_agent"),
            step_page_table(facts, declared(_STEPS), table_id="response.by_step"),
        ),
        subject="响应数据",
        exports=_EXPORTS,
        why=declared(_WHY),
        attention=attention_of(engine, request, _WATCHED),
        answers=why_empty(
            (
                _buckets(facts),
                Answer("heat_map", {"cells": cells, "in_time_seconds": waits.limits, "text": heat_words(cells)}),
                peaks(waits, request),
                promotions(engine, request, waits),
                medians,
                trend_answer(facts, declared(_STEPS)),
            ),
            _WHY_EMPTY,
        ),
    )  # fmt: skip


def _lead(facts: Facts, kpis: Sequence[Kpi]) -> tuple[Run, ...]:
    """The usual wait in words: the median where it is known, else the mean."""
    known = {kpi.metric: kpi for kpi in kpis if number(kpi.value) is not None}
    when = span_words(facts.request)
    if "first_response_median" in known:
        median = known["first_response_median"]
        runs = [Run(spaced(when, "一半的买家在")), Run(f" {median.text}", strong=True), Run("内得到首次响应")]
        if "first_response_p90" in known:
            runs += [Run("，九成在"), Run(f" {known['first_response_p90'].text}", strong=True), Run("内")]
        return (*runs, Run(f"{_sample(facts, median)}。"))
    for metric in ("first_response_mean", "avg_response_mean"):
        if metric in known:
            return (Run(f"{spaced(when, title_of(metric))}平均 "), Run(known[metric].text, strong=True), Run("。"))
    return (Run(f"{when}还没有首次响应和平均响应的数据。"),)


def _sample(facts: Facts, median: Kpi) -> str:
    """What is to be known about the sample: that it is small, or that it is not everybody."""
    n, received = median.value.n or 0.0, number(facts.total.get("received")) or 0.0
    if n < SMALL_SAMPLE:
        return f"（只有 {written.count(n)} 次，只供参考）"
    if n < received * _MOST_OF_ALL:
        return f"（按有逐条时长的 {written.count(n)} 次算，共接待 {written.count(received)}）"
    return ""


def _bands(facts: Facts) -> ChartSpec:
    value = facts.total.get(_BUCKETS)
    titles = list(value.counts) if value is not None else []
    roles = {title: f"level{min(at + 1, 5)}" for at, title in enumerate(titles)}
    counted = sum(value.counts.values()) if value is not None else 0
    chart = levels_spec(
        "response.buckets", "首次响应落在哪个区间", value,
        subtitle=f"{written.count(counted)} 次有首次响应的会话" if counted else "",
        empty=_NO_BANDS,
        key_title="区间", counted="次", roles=roles,
    )  # fmt: skip
    return replace(chart, metrics=(_BUCKETS,))


def _buckets(facts: Facts) -> Answer:
    """The bands with their counts and shares, of everybody and agent by agent."""
    value = facts.total.get(_BUCKETS)
    counts = dict(value.counts) if value is not None else {}
    rows = facts.split(By.AGENT, declared((_BUCKETS,))) if counts else ()
    return Answer(
        "buckets",
        {
            "counts": counts,
            "shares": dict(value.value) if value is not None and isinstance(value.value, dict) else {},
            "n": sum(counts.values()),
            "text": _bands_words(counts),
            "by_agent": [_of_agent(str(row.key), row.values[_BUCKETS].counts) for row in rows],
        },
    )


def _bands_words(counts: dict[str, float]) -> str:
    n = sum(counts.values())
    if not n:
        return _NO_BANDS
    said = "、".join(f"{title} {written.percent(count / n)}" for title, count in counts.items())
    return f"{written.count(n)} 次有首次响应的会话：{said}。"


def _of_agent(key: str, counts: dict[str, float]) -> dict[str, object]:
    n = sum(counts.values())
    shares = {title: count / n for title, count in counts.items()} if n else {}
    return {"key": key, "counts": dict(counts), "shares": shares, "n": n, "small": n < SMALL_SAMPLE}
