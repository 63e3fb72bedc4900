"""Parts every page is put together from: trends with marks, bars by agent, tables, notes, empty states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from csdesk.analysis.apart import (
    bars_apart,
    counted_apart,
    definitions_apart,
    lines_apart,
    platforms_differ,
    platforms_in,
    steps_apart,
)
from csdesk.analysis.cards import uneven, uneven_words
from csdesk.analysis.certainty import is_certain
from csdesk.analysis.comparison import comparison_answer
from csdesk.analysis.exports import suited
from csdesk.analysis.facts import Facts, Trend
from csdesk.analysis.frame import (
    Answer,
    Attention,
    EmptyState,
    ExportHint,
    Finding,
    Grain,
    Kpi,
    PageResult,
    PageTable,
    Run,
)
from csdesk.analysis.reasons import reasons
from csdesk.analysis.slices import SPLITS, slices_of
from csdesk.analysis.summary import explained, summary
from csdesk.analysis.terms import direction_of, title_of, unit_of
from csdesk.analysis.words import filter_sentence
from csdesk.charts import format as written
from csdesk.charts.build import Drawn, bars_spec, number, row_table, step_table, trend_spec
from csdesk.charts.spec import ChartSpec, Column, Mark, TableSpec
from csdesk.domain.period import Period
from csdesk.metrics.declaration import Direction, source_title
from csdesk.metrics.model import MetricRow, MetricStatus, Unit

_ROLES = ("series1", "series3", "series2", "series4", "series5")
_MOST_NOTES = 4
_MOST_UNEVEN = 3
KINDS = {"person": "客服", "robot": "机器人", "main": "主账号", "shared": "共用账号"}
_MOVED = {"up": "上升", "down": "下降"}


def drawn(metrics: Sequence[str]) -> tuple[Drawn, ...]:
    """The metrics as lines or columns, each with a colour of its own."""
    return tuple(
        Drawn(metric, title_of(metric), unit_of(metric), _ROLES[at % len(_ROLES)]) for at, metric in enumerate(metrics)
    )


def event_marks(facts: Facts) -> tuple[Mark, ...]:
    """Promotions and holidays as shaded steps; not on months, where they would shade everything."""
    trend = facts.trend
    if not trend.steps or trend.grain is Grain.MONTH:
        return ()
    marks = []
    shown = Period(trend.steps[0].first, trend.steps[-1].last)
    for event in facts.request.events_in(shown):
        touched = [at for at, step in enumerate(trend.steps) if event.period.overlaps(Period(step.first, step.last))]
        if touched:
            marks.append(Mark("event", event.name, touched[0], touched[-1]))
    return tuple(marks)


def target_marks(facts: Facts, metrics: Sequence[str]) -> tuple[Mark, ...]:
    """Dashed lines at the owner's targets, where there are any; a default is no line anybody set."""
    targets = ((metric, facts.request.targets.own(metric)) for metric in metrics)
    return tuple(
        Mark("target", f"{title_of(metric)}目标 {written.text_of(target.value, unit_of(metric))}", y=target.value)
        for metric, target in targets
        if target is not None
    )


def trend_chart(
    facts: Facts, chart_id: str, title: str, metrics: Sequence[str], *, subtitle: str = "", empty: str = ""
) -> ChartSpec:
    """The page's trend of ``metrics``, with events, targets and provisional spans."""
    trend = facts.trend
    apart = [metric for metric in metrics if platforms_differ(facts.total.get(metric))]
    lines = [item for item in drawn(metrics) if item.metric not in apart]
    lines += [item for metric in apart for item in lines_apart(metric, facts.total[metric])]
    said = subtitle or f"{trend.grain.label}{'，浅色带为 95% 区间' if unit_of(metrics[0]) is Unit.RATE else ''}"
    if facts.request.grain is None and trend.grain is not Grain.DAY and _shorter_than_usual(facts, trend):
        said += "；这些导出没有更细的数据"
    spec = trend_spec(
        chart_id, title, steps_apart(trend, apart), lines,
        subtitle=said,
        marks=(*event_marks(facts), *target_marks(facts, metrics)),
        footnote=f"{'、'.join(map(title_of, apart))}各平台口径不同，高低不能互相比。" if apart else "",
        empty=empty or _no_trend(facts, metrics),
    )  # fmt: skip
    return spec if spec.series else replace(spec, subtitle="")


def _no_trend(facts: Facts, metrics: Sequence[str]) -> str:
    """Why there is nothing to draw: there is nothing at all, or nothing by the day."""
    if all(_nothing_of(facts, metric) for metric in metrics):
        return f"这段时间没有{'、'.join(map(title_of, metrics))}的数据。"
    return "没有分天的数据，画不出走势。按天导出报表，或拖入会话明细表。"


def _nothing_of(facts: Facts, metric: str) -> bool:
    """Whether files that could tell a number tell none, for anybody."""
    value = facts.total.get(metric)
    return value is not None and value.value is None and value.status is MetricStatus.NO_DATA and bool(value.sources)


def _shorter_than_usual(facts: Facts, trend: Trend) -> bool:
    period = facts.request.selection.period
    return period is not None and period.days <= 62 and trend.filled(facts.metrics) >= 2


def agent_bars(facts: Facts, chart_id: str, metric: str, *, title: str = "", empty: str = "") -> ChartSpec:
    """The agents by one metric, best first."""
    item = drawn((metric,))[0]
    best_low = direction_of(metric) is Direction.LOWER
    subtitle = "横线为 95% 区间，灰色样本不足 30，不参与排名" if item.unit is Unit.RATE else ""
    if best_low:
        subtitle = "短的在前" + (f"；{subtitle}" if subtitle else "")
    total = facts.total.get(metric)
    spec = bars_spec(
        chart_id, title or f"各客服的{item.title}", facts.people, item,
        key_title="客服", low_first=best_low, subtitle=subtitle,
        marks=target_marks(facts, (metric,)),
        empty=empty or _no_bars(facts, metric, item.title),
    )  # fmt: skip
    if not spec.series:
        return replace(spec, subtitle="")
    if counted_apart(total):
        spec = bars_apart(spec, facts.people, platforms_in(total))
        spec = replace(spec, footnote=f"只在同一平台里比（{definitions_apart(total)}）。{spec.footnote}")
    aside = [row for row in facts.not_people if number(row.values.get(metric))]
    if not aside:
        return spec
    names = "、".join(f"{row.key}（{KINDS[row.kind]}）" for row in aside)
    return replace(spec, footnote=f"{spec.footnote}不排名：{names}。")


def _no_bars(facts: Facts, metric: str, title: str) -> str:
    """Why nobody can be drawn."""
    if facts.not_people and not facts.people:
        return "只有机器人、主账号或共用账号，没有客服可比。"
    if facts.people and _nothing_of(facts, metric):
        return f"这段时间没有{title}的数据。"
    return f"还没有分客服的{title}。导出每位客服一行的报表，拖进来就有。"


def first_with_values(rows: Sequence[MetricRow], metrics: Sequence[str]) -> str:
    """The first metric any row has a value of; the very first when none has."""
    for metric in metrics:
        if any(number(row.values.get(metric)) is not None for row in rows):
            return metric
    return metrics[0]


def agent_table(facts: Facts, metrics: Sequence[str], *, muted_by: str, table_id: str) -> PageTable:
    """All the page's measures, one row an agent, most receptions first."""
    rows = sorted(facts.by_agent, key=lambda row: (-(number(row.values.get("received")) or 0.0), str(row.key)))
    table = row_table(rows, drawn(metrics), key_title="客服", muted_by=muted_by)
    if facts.not_people:
        table = TableSpec(
            (table.columns[0], Column("kind", "类型"), *table.columns[1:]),
            tuple((cells[0], KINDS[row.kind], *cells[1:]) for row, cells in zip(rows, table.rows, strict=True)),
            table.muted,
        )
    return PageTable(table_id, "按客服", _without_empty_columns(table), "灰色行样本不足 30，只供参考")


def step_page_table(facts: Facts, metrics: Sequence[str], *, table_id: str) -> PageTable:
    """All the page's measures, one row a step of the trend; steps without any value are left out."""
    steps = [s for s in facts.trend.steps if any(number(s.values.get(metric)) is not None for metric in metrics)]
    return PageTable(table_id, facts.trend.grain.label, _without_empty_columns(step_table(steps, drawn(metrics))))


def _without_empty_columns(table: TableSpec) -> TableSpec:
    """A column nobody has a value in says nothing; the first column always stays."""
    kept = [
        at for at in range(len(table.columns))
        if at == 0 or not table.rows or any(row[at] is not None for row in table.rows)
    ]  # fmt: skip
    return TableSpec(
        tuple(table.columns[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in table.rows), table.muted
    )


def findings_of(kpis: Sequence[Kpi]) -> tuple[Finding, ...]:
    """The certain changes among rates, with the counts they rest on."""
    found = []
    for kpi in kpis:
        change, before = kpi.change, kpi.previous
        if change is None or before is None or change.low is None or not is_certain(kpi):
            continue
        if kpi.value.unit is not Unit.RATE:
            continue
        now_counts = f"{written.count(kpi.value.numerator)}/{written.count(kpi.value.denominator)}"
        old_counts = f"{written.count(before.numerator)}/{written.count(before.denominator)}"
        found.append(
            Finding(
                f"{kpi.title}{_MOVED[change.verdict]} {written.points(change.difference)}，变化可信",
                f"{now_counts} 对 {old_counts}，差的 95% 区间 {written.points_between(change.low, change.high)}",
            )
        )
    return tuple(found)


def notes_of(kpis: Sequence[Kpi], within: Period | None) -> tuple[str, ...]:
    """What to know about the sources: platforms put together, and days that are missing and why."""
    notes: list[str] = []
    rates = [kpi for kpi in kpis if kpi.value.unit is Unit.RATE and number(kpi.value) is not None]
    mixed = [kpi.title for kpi in rates if len(kpi.value.parts) > 1]
    if mixed:
        notes.append(f"{'、'.join(mixed)}合并了几个平台，各平台口径不同，请分平台看。")
    for (source, reason), (spans, titles) in _really_missing(kpis, within).items():
        notes.append(f"{source_title(source)} {_spans_words(spans)} 没有计入（{reason}）：{'、'.join(titles)}。")
    if len(notes) > _MOST_NOTES:
        notes[_MOST_NOTES:] = [f"另有 {len(notes) - _MOST_NOTES} 条，见各数字的口径卡。"]
    return tuple(notes)


def _uneven(facts: Facts) -> tuple[str, ...]:
    """Shops or persons with fewer days of data on one side: what all of them together changed by holds that too."""
    for metric in (*facts.shop_days, *facts.people_days):
        if apart := uneven(facts, metric):
            than, one_by_one = facts.request.compare.label, "分客服" if facts.people_days else "分店"
            words = uneven_words(dict([*apart.items()][:_MOST_UNEVEN]), than)
            more = f"等 {len(apart)} 位" if len(apart) > _MOST_UNEVEN else ""
            return (f"{title_of(metric)}：{words}{more}；合计和{than}的差别里含这一点，请{one_by_one}看。",)
    return ()


def _really_missing(
    kpis: Sequence[Kpi], within: Period | None
) -> dict[tuple[str, str], tuple[list[Period], list[str]]]:
    """What was left out although nothing else speaks for any of its days, by (source, reason): spans and cards.

    A report that gave way to a better one for the same days is no loss, and stays on the 口径 card.
    """
    found: dict[tuple[str, str], tuple[list[Period], list[str]]] = {}
    for kpi in kpis:
        if not kpi.value.left_out:
            continue
        days = {day for span in kpi.value.covered for day in span}
        for left in kpi.value.left_out:
            mine = [day for day in left.period or () if within is None or day in within]
            if left.period is None or not days.isdisjoint(mine):
                continue
            spans, titles = found.setdefault((left.source, left.reason), ([], []))
            if left.period not in spans:
                spans.append(left.period)
            if kpi.title not in titles:
                titles.append(kpi.title)
    return found


def _spans_words(spans: Sequence[Period]) -> str:
    first, last = min(span.first for span in spans), max(span.last for span in spans)
    text = written.period_text(first, last)
    return text if len(spans) == 1 else f"{text} 之间 {len(spans)} 份"


def page_result(
    page: str,
    title: str,
    facts: Facts,
    *,
    kpis: Sequence[Kpi],
    lead: Sequence[Run],
    charts: Sequence[ChartSpec],
    tables: Sequence[PageTable],
    subject: str,
    exports: tuple[ExportHint, ...],
    nothing: bool | None = None,
    why: Sequence[str] = (),
    bands: bool = True,
    answers: Sequence[Answer] = (),
    attention: Sequence[Attention] = (),
    findings: Sequence[Finding] = (),
) -> PageResult:
    """Put the page together; without a single value it is empty and says what to drop.

    ``subject`` is what is missing then, in words (邀评数据); ``nothing`` decides it where the cards cannot.
    ``why``: the rates whose change is taken apart, with ``bands`` by the hour too. ``answers`` and ``findings``: what
    only this page tells.
    """
    request = facts.request
    if nothing is None:
        nothing = all(kpi.value.value is None for kpi in kpis) and all(not chart.series for chart in charts)
    empty = _empty(subject, facts, exports) if nothing else None
    taken_apart = () if nothing else reasons(facts, why, bands=bands)
    by_slice = () if nothing or not why else slices_of(facts, why, SPLITS if bands else SPLITS[:-1])
    sentences = () if nothing else summary(facts, kpis, taken_apart, by_slice, attention)
    return PageResult(
        page, title, request.selection, request.compare, facts.trend.grain,
        sentence=filter_sentence(request, facts.compared_period),
        lead=(Run(f"{empty.title}。{empty.text}"),) if empty else tuple(lead),
        kpis=tuple(kpis),
        charts=tuple(charts),
        tables=tuple(table for table in tables if table.table.rows),
        empty=empty,
        findings=(*findings_of(kpis), *explained(facts, kpis, taken_apart, by_slice), *findings),
        notes=() if nothing else (*_uneven(facts), *notes_of(kpis, request.selection.period)),
        provisional_days=tuple(sorted({day for kpi in kpis for day in facts.trend.open_days(kpi.metric)})),
        reasons=taken_apart,
        attention=tuple(attention),
        answers=(
            comparison_answer(request), Answer("summary_sentences", sentences),
            *((Answer("slices", by_slice),) if why else ()), *answers,
        ),
    )  # fmt: skip


def _empty(subject: str, facts: Facts, exports: tuple[ExportHint, ...]) -> EmptyState:
    hints = suited(exports, facts.request.selection.platform)
    if facts.request.selection == type(facts.request.selection)():
        return EmptyState(f"还没有{subject}", "把下面任意一种导出的文件拖进窗口，这一页就有内容。", hints)
    if facts.request.selection.of_people:
        return EmptyState(
            f"这个范围里没有{subject}", "上面选了客服，这些数据可能不分客服：改选“全部客服”，或者换一个时间段。", hints
        )
    return EmptyState(
        f"这个范围里没有{subject}", "换一个时间段或放宽上面的筛选；要补数据，把下面任意一种导出拖进窗口。", hints
    )
