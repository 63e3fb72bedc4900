"""常见问题: what buyers ask about, by the category column of the owner's own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from csdesk.analysis import exports
from csdesk.analysis.asked.hot import hot
from csdesk.analysis.asked.matrix import agent_category
from csdesk.analysis.asked.volume import solved, volumes
from csdesk.analysis.assemble import drawn, event_marks, page_result
from csdesk.analysis.attention import attention_of
from csdesk.analysis.cards import kpis_of
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Compare, Engine, PageRequest, PageResult, PageTable, Run
from csdesk.analysis.pages import PAGES
from csdesk.analysis.performance.strata import strata_of
from csdesk.analysis.terms import declared, title_of
from csdesk.analysis.words import change_runs, spaced, span_words
from csdesk.charts import format as written
from csdesk.charts.build import Drawn, Step, bars_spec, number, ranked, row_table, trend_spec
from csdesk.charts.spec import ChartSpec
from csdesk.metrics.model import By, MetricRow, MetricStatus, MetricValue, Unit, origin_of
from csdesk.stats.change import newcombe
from csdesk.stats.intervals import wilson

TITLE = PAGES["questions"].title
_CARDS = ("received", "resolution_rate", "fcr", "transfer_rate", "satisfaction_rate")
_MEASURES = ("resolution_rate", "satisfaction_rate", "first_response_mean")
_EXPORTS = (exports.SESSIONS,)
_SHARE = "category_share"
_MOST_CATEGORIES = 15
_MOST_ALIKE = 3
_ROLES = ("series1", "series2", "series3", "series4")
_NO_CATEGORIES = "还没有带“咨询分类”的会话明细。保存空白模板，填上分类后拖进来就有。"


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    cards = declared(_CARDS)
    facts = Facts(
        engine, request, declared((*cards, _SHARE, *_MEASURES)), cards=declared((*cards, _SHARE)), watched=_CARDS
    )
    kpis = kpis_of(facts, cards)
    rows = category_rows(facts)
    compare = request.compare if facts.compared_period else Compare.NONE
    rates = tuple(kpi for kpi in kpis if kpi.metric == "resolution_rate")
    share = Drawn(_SHARE, title_of(_SHARE))
    return page_result(
        "questions", TITLE, facts,
        kpis=kpis,
        lead=(*_lead(facts, rows), *change_runs(rates, compare)),
        charts=(_shares(facts, rows, share), _trend(facts, rows), _resolution(rows)),
        tables=(
            PageTable(
                "questions.by_category", "按类别",
                row_table(rows, (*drawn(("received",)), share, *drawn(declared(_MEASURES))), key_title="类别"),
                _unclassified_words(facts),
            ),
        ),
        subject="问题类别数据",
        exports=_EXPORTS,
        attention=attention_of(engine, request, _CARDS),
        why=("resolution_rate",),
        nothing=not rows,
        answers=_answers(engine, facts, rows) if rows else (),
    )  # fmt: skip


def _answers(engine: Engine, facts: Facts, rows: Sequence[MetricRow]) -> tuple[Answer, ...]:
    selection = facts.request.selection
    covered = facts.total[_SHARE].covered
    strata = strata_of(engine.table("session", selection))
    return (
        Answer("volume", volumes(facts, rows)),
        Answer("fcr_by_category", solved(rows)),
        Answer("agent_category", agent_category(strata, engine(selection, By.AGENT, ("received",)))),
        Answer("hot", hot(engine, facts.request, max((span.last for span in covered), default=None))),
    )


def category_rows(facts: Facts) -> list[MetricRow]:
    """One row a category, commonest first: its share as a rate with interval, and the other measures."""
    total = facts.total.get(_SHARE)
    names = total.value if total is not None and isinstance(total.value, dict) else {}
    if total is None or not names:
        return []
    measures = {str(row.key): row.values for row in facts.by_category}
    rows = [MetricRow(name, {**measures.get(name, {}), _SHARE: share_of(total, name)}) for name in names]
    return ranked(rows, _SHARE)


def share_of(distribution: MetricValue, category: str) -> MetricValue:
    """One category out of a distribution, as a rate with its Wilson interval."""
    shares = distribution.value if isinstance(distribution.value, dict) else {}
    everything = sum(distribution.counts.values())
    if not everything:
        return MetricValue(_SHARE, Unit.RATE, shares.get(category), distribution.status)
    mine = distribution.counts.get(category, 0.0)
    interval = wilson(mine, everything)
    return distribution.told_later(
        partial(origin_of, distribution), unit=Unit.RATE, value=mine / everything, status=MetricStatus.OK,
        numerator=mine, denominator=everything, n=everything,
        low=interval.low if interval else None, high=interval.high if interval else None,
    )  # fmt: skip


def _share(row: MetricRow) -> float | None:
    return number(row.values.get(_SHARE))


def unclassified(facts: Facts) -> float | None:
    """Share of sessions without a category, out of all sessions whose files have that column."""
    found = (facts.total.get(_SHARE), *(row.values.get(_SHARE) for row in facts.by_category[:1]))
    known = [value.extra["unclassified"] for value in found if value is not None and "unclassified" in value.extra]
    return known[0] if known else None


def _unclassified_words(facts: Facts) -> str:
    share = unclassified(facts)
    return "" if share is None else f"没有类别的会话占 {written.percent(share)}，不在占比里"


def _shares(facts: Facts, rows: Sequence[MetricRow], share: Drawn) -> ChartSpec:
    shown, rest = rows[:_MOST_CATEGORIES], rows[_MOST_CATEGORIES:]
    said = [_unclassified_words(facts)]
    if rest:
        others = written.percent(sum(_share(row) or 0.0 for row in rest))
        said.insert(0, f"占比最高的 {len(shown)} 类，其余 {len(rest)} 类合计 {others}")
    spec = bars_spec(
        "questions.share", title_of(_SHARE), shown, share,
        key_title="类别", subtitle="；".join(part for part in said if part), counter="类", empty=_NO_CATEGORIES,
    )  # fmt: skip
    return replace(spec, table=row_table(rows, (share,), key_title="类别", detail=True))


def _trend(facts: Facts, rows: Sequence[MetricRow]) -> ChartSpec:
    """Shares of the commonest categories, step by step."""
    top = [str(row.key) for row in rows[: len(_ROLES)]]
    steps = [
        Step(step.label, step.first, step.last, {name: share_of(step.values[_SHARE], name) for name in top})
        if _SHARE in step.values and isinstance(step.values[_SHARE].value, dict)
        else Step(step.label, step.first, step.last, {})
        for step in facts.trend.steps
    ]
    lines = tuple(Drawn(name, name, role=_ROLES[at]) for at, name in enumerate(top)) or (Drawn(_SHARE, "类别"),)
    chart = trend_spec(
        "questions.trend", "主要类别走势", steps, lines,
        subtitle=f"占比最高的 {len(top)} 类，{facts.trend.grain.label}，浅色带为 95% 区间" if top else "",
        marks=event_marks(facts) if top else (),
        empty=_NO_CATEGORIES,
    )  # fmt: skip
    return replace(chart, metrics=("category_share",))


def _resolution(rows: Sequence[MetricRow]) -> ChartSpec:
    """The commonest categories by resolution rate."""
    return bars_spec(
        "questions.resolution", "各类别的解决率", rows[:_MOST_CATEGORIES], drawn(("resolution_rate",))[0],
        key_title="类别", subtitle="横线为 95% 区间，灰色样本不足 30", counter="类",
        empty="还没有带“是否解决”的会话明细。在会话明细模板里填上，拖进来就有。",
    )  # fmt: skip


def _lead(facts: Facts, rows: Sequence[MetricRow]) -> tuple[Run, ...]:
    """The commonest questions, and the one least often solved."""
    if not rows:
        return ()
    most = [row for row in rows if _share(row) == _share(rows[0])]
    names, each = "、".join(str(row.key) for row in most[:_MOST_ALIKE]), "各 " if len(most) > 1 else ""
    more = f"等 {len(most)} 类" if len(most) > _MOST_ALIKE else ""
    runs: list[Run] = [
        Run(spaced(span_words(facts.request), "问得最多的是")),
        Run(f"{names}{more}（{each}{written.percent(_share(rows[0]))}）", strong=True),
    ]
    if len(rows) > len(most) == 1:
        runs += [Run("，其次是"), Run(f"{rows[1].key}（{written.percent(_share(rows[1]))}）", strong=True)]
    if (left := unclassified(facts)) is not None and left > 0:
        runs.append(Run(f"；{written.percent(left)} 的会话没有类别"))
    return (*runs, Run("。"), *_weakest(rows))


def _weakest(rows: Sequence[MetricRow]) -> tuple[Run, ...]:
    """The category solved least often, where it differs for certain from all the others together."""
    metric = "resolution_rate"
    enough = [
        row for row in rows if number(value := row.values.get(metric)) is not None and value and not value.small
    ]  # fmt: skip
    if len(enough) < 2:
        return ()
    worst, *others = ranked(enough, metric, low_first=True)
    if not _below(worst.values[metric], [row.values[metric] for row in others]):
        return ()
    figure = f"{worst.key}（{written.percent(number(worst.values[metric]))}）"
    return (Run(f"{title_of(metric)}最低的是"), Run(figure, strong=True), Run("。"))


def _below(one: MetricValue, others: Sequence[MetricValue]) -> bool:
    """Whether ``one`` is lower than the rest for certain; corrected for having been picked as the lowest."""
    if one.numerator is None or one.denominator is None:
        return False
    top = sum(value.numerator or 0.0 for value in others)
    bottom = sum(value.denominator or 0.0 for value in others)
    interval = newcombe(one.numerator, one.denominator, top, bottom, level=1 - 0.05 / (len(others) + 1))
    return interval is not None and interval.high < 0
