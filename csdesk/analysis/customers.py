"""客户与订单: who buys, from where, for how much, who comes back and what is sent back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from csdesk.analysis import exports
from csdesk.analysis.assemble import page_result, step_page_table, trend_chart
from csdesk.analysis.cards import kpis_of
from csdesk.analysis.events import events_during
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Compare, Engine, Kpi, PageRequest, PageResult, PageTable, Run
from csdesk.analysis.pages import PAGES
from csdesk.analysis.planning.forecast_chart import CHART as FORECAST
from csdesk.analysis.planning.forecast_chart import forecast_chart
from csdesk.analysis.terms import declared, title_of
from csdesk.analysis.why_empty import why_empty
from csdesk.analysis.words import change_runs, spaced, span_words
from csdesk.charts import format as written
from csdesk.charts.build import Drawn, bars_spec, levels_spec, number, row_table
from csdesk.charts.spec import ChartSpec, Column, Format, Point, Series, TableSpec
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.model import MetricRow, MetricStatus, MetricValue, Unit

if TYPE_CHECKING:
    from csdesk.analysis.orders.buyers import NewOld, Spending
    from csdesk.analysis.orders.cohorts import Cohort, Cohorts
    from csdesk.analysis.orders.regions import Region, Regions

TITLE = PAGES["customers"].title
KPIS = (
    "paid_orders", "paid_amount", "avg_order_value", "repurchase_rate", "retention", "return_visit_rate",
    "refund_rate", "conversion_rate",
)  # fmt: skip
_SPLIT = ("paid_orders", "paid_amount", "order_buyers", "avg_order_value", "refund_rate")
_EXPORTS = (
    exports.TAOBAO_ORDERS, exports.DOUYIN_ORDERS, exports.TAOBAO_REFUNDS, exports.DOUYIN_REFUNDS, exports.SYCM_INQUIRY,
)  # fmt: skip
_OF_ORDERS = frozenset(KPIS) - {"return_visit_rate", "conversion_rate"}
_OF_BUYERS = frozenset({"avg_order_value", "repurchase_rate", "retention"})
_WHY_EMPTY = {
    "orders_trend": "没有分天的订单。从千牛或抖店导出订单，拖进来就有。",
    "conversion": "没有询单人数和付款人数。导出生意参谋的业绩询单或飞鸽的客服数据，拖进来就有。",
}
_MOST_COHORTS, _MOST_MONTHS = 12, 12
_MOST_PROVINCES = 12
_TOO_EARLY = "订单还不到两个月，看不出第一次买过之后谁又来买。"
_MASKED = "这些订单认不出买家（昵称带 * 或没有昵称），看不出谁又来买了。"
_NOBODYS = "订单不分客服：在上面选“全部客服”，就能看到。"
_NO_BUYERS = "还没有带买家昵称的订单，认不出谁又来买了。从千牛导出订单，拖进来就有。"


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    from csdesk.analysis.orders import buyers, cohorts, refunds, regions, visits  # noqa: PLC0415 - numpy

    cards = declared(KPIS)
    facts = Facts(engine, request, declared(_SPLIT), whole=cards, cards=cards)
    selection = request.selection
    orders = engine.table("order_head", selection)
    everything = engine.table("order_head", selection.during(None))
    days = {"retention": orders.windows.retention_days, "return_visit_rate": orders.windows.return_days}
    kpis = tuple(_waiting(kpi, days.get(kpi.metric, 0.0), selection) for kpi in kpis_of(facts, cards))
    matrix = cohorts.cohorts(everything, selection.period)
    new_old = buyers.new_old(orders, facts.trend.steps, facts.total.get("order_buyers"))
    spending = buyers.spending(orders)
    places = regions.regions(orders)
    compare = request.compare if facts.compared_period else Compare.NONE
    rates = tuple(kpi for kpi in kpis if kpi.metric in {"repurchase_rate", "refund_rate"})
    return page_result(
        "customers", TITLE, facts,
        kpis=kpis,
        lead=(*_lead(facts, new_old), *change_runs(rates, compare)),
        charts=tuple(
            replace(chart, empty=_NOBODYS) if chart.empty and selection.of_people and chart.id != FORECAST else chart
            for chart in (
                trend_chart(
                    facts, "customers.trend", "订单走势", ("paid_orders", "order_buyers"),
                    empty="还没有订单。从千牛或抖店导出订单，拖进来就有。",
                ),
                _spending_chart(spending),
                forecast_chart(request.forecast),
                _cohort_chart(matrix, _MASKED if orders.size else _NO_BUYERS),
                _region_chart(places),
            )
        ),
        tables=(
            step_page_table(facts, _SPLIT, table_id="customers.by_step"),
            PageTable("customers.by_region", "按省份", _region_table(places), places.note),
        ),
        subject="订单数据",
        exports=_EXPORTS,
        answers=why_empty((
            Answer("orders_trend", _trend(facts)),
            Answer("cohorts", matrix),
            Answer("repurchase", buyers.repurchase(orders, cohorts.came_back_within(everything, selection.period))),
            Answer("return_visit", visits.return_visit(
                facts.total.get("return_visit_rate"), days["return_visit_rate"]
            )),
            Answer("region", places),
            Answer("new_old", new_old),
            Answer("spending", spending),
            Answer("conversion", visits.conversion(
                facts.total.get("conversion_rate"), facts.before.get("conversion_rate")
            )),
            Answer("refunds", refunds.refunds(
                facts.trend.steps, engine.table("refund", selection), engine.table("order_line", selection)
            )),
        ), _WHY_EMPTY),
    )  # fmt: skip


def _waiting(kpi: Kpi, days: float, selection: Filter) -> Kpi:
    """A card without a number because nobody's window has closed, or because orders tell of no agent or no buyer."""
    if kpi.value.status is MetricStatus.NOT_PROVIDED and kpi.metric in _OF_ORDERS and selection.of_people:
        return replace(kpi, status_text="订单不分客服")
    if kpi.value.status is MetricStatus.NOT_PROVIDED and kpi.metric in _OF_BUYERS and kpi.value.notes:
        return replace(kpi, status_text="认不出买家，算不了")
    if not days or kpi.value.status is not MetricStatus.NO_DATA or not kpi.value.notes:
        return kpi
    return replace(kpi, status_text=f"都还没满 {days:g} 天")


def _lead(facts: Facts, new_old: NewOld) -> tuple[Run, ...]:
    """Orders, money, what a buyer spends, and how many of the buyers are new."""
    count, amount = number(facts.total.get("paid_orders")), number(facts.total.get("paid_amount"))
    if count is None and facts.request.selection.of_people:
        return (Run(_NOBODYS),)
    if count is None:
        return (Run("还没有订单。从千牛或抖店导出订单，拖进来就能看到谁在买、谁又来买了。"),)
    if not count:
        return (Run(spaced(span_words(facts.request), "没有已付款的订单。")),)
    runs = [
        Run(f"{spaced(span_words(facts.request), '付款')} "), Run(written.count(count), strong=True),
        Run(" 单，共 "), Run(written.text_of(amount, Unit.YUAN, compact=True), strong=True),
    ]  # fmt: skip
    value = number(facts.total.get("avg_order_value"))
    if value is not None:
        runs += [Run("，客单价 "), Run(written.text_of(value, Unit.YUAN), strong=True)]
    whole = new_old.whole
    if whole is not None and whole.new_share is not None and not whole.maybe_older:
        runs += [
            Run(f"。{written.count(whole.buyers)} 位买家里 "), Run(written.percent(whole.new_share), strong=True),
            Run(f" 是第一次买（按 {new_old.since} 以来的订单算）"),
        ]  # fmt: skip
    return (*runs, Run("。"))


def _trend(facts: Facts) -> list[dict[str, object]]:
    """The steps of the trend with the promotions and holidays in each."""
    found: list[dict[str, object]] = []
    for step in facts.trend.steps:
        events = events_during(
            Period(step.first, step.last), platform=facts.request.selection.platform, own=facts.request.events
        )
        found.append({
            "first": step.first,
            "last": step.last,
            "orders": number(step.values.get("paid_orders")),
            "amount_fen": number(step.values.get("paid_amount")),
            "buyers": number(step.values.get("order_buyers")),
            "events": [event.name for event in events],
        })  # fmt: skip
    return found


def _spending_chart(spending: Spending) -> ChartSpec:
    shares = {_band(band.from_fen, band.to_fen): band for band in spending.bands}
    value = MetricValue(
        "paid_orders", Unit.DISTRIBUTION, {name: band.share for name, band in shares.items()} or None,
        MetricStatus.OK if shares else MetricStatus.NO_DATA,
        counts={name: float(band.orders) for name, band in shares.items()},
    )  # fmt: skip
    top = next((one for one in spending.top if one.share == 0.2), None)
    said = "" if top is None else f"花得最多的两成买家付了 {written.percent(top.amount_share)} 的钱"
    spec = levels_spec(
        "customers.spending", "订单金额分布", value, subtitle=said, empty="还没有已付款的订单。"
    )  # fmt: skip
    points = tuple(
        replace(point, hint=f"{written.count(point.n)} 单", role="series1")
        for series in spec.series
        for point in series.points
    )
    table = replace(spec.table, columns=(Column("level", "每单金额（元）"), Column("count", "订单", Format.COUNT),
                                         *spec.table.columns[2:]))  # fmt: skip
    series = tuple(replace(one, points=points) for one in spec.series)
    return replace(spec, series=series, table=table, metrics=("paid_amount",))


def _band(low: int, high: int | None) -> str:
    return f"{low // 100:,} 以上" if high is None else f"{low // 100:,}–{high // 100:,}"


def _cohort_chart(matrix: Cohorts, nobody: str) -> ChartSpec:
    shown = [one for one in matrix.cohorts if len(one.cells) > 1][-_MOST_COHORTS:]
    width = min(max((len(one.cells) - 1 for one in shown), default=0), _MOST_MONTHS)
    head = (Column("month", "首单月份"), Column("order_buyers", "首单买家", Format.COUNT))
    months = [Column(f"after{step}", f"第 {step} 个月", Format.PERCENT) for step in range(1, width + 1)]
    return ChartSpec(
        "customers.cohorts", "首单之后每个月还有多少人来买", "heatmap",
        subtitle="占当月首单买家的比例；末一格没过完，灰的样本不足 30" if shown else "",
        categories=tuple(column.title for column in months),
        series=tuple(
            Series(one.month, f"{one.month}（{written.count(one.buyers)}）", "series1", _cells(one, width))
            for one in shown
        ),
        footnote=f"首单只按 {matrix.since} 以来的订单算。" if shown else "",
        empty="" if shown else _TOO_EARLY if matrix.cohorts else nobody,
        table=TableSpec(
            (*head, *months),
            tuple(
                (one.month, one.buyers, *(cell.share for cell in one.cells[1 : width + 1]),
                 *[None] * (width + 1 - len(one.cells)))
                for one in shown
            ),
        ),
        metrics=("retention",),
    )  # fmt: skip


def _cells(cohort: Cohort, width: int) -> tuple[Point, ...]:
    return tuple(
        Point(
            cell.share, n=cohort.buyers, muted=cohort.small, provisional=cell.open,
            label=written.percent(cell.share),
            hint=f"{cell.month}：{written.count(cell.buyers)} / {written.count(cohort.buyers)} 位"
            f"{'（这个月还没过完）' if cell.open else ''}",
        )
        for cell in cohort.cells[1 : width + 1]
    )  # fmt: skip


def _region_rows(places: Regions) -> list[MetricRow]:
    return [MetricRow(one.province, _region_values(one)) for one in places.provinces]


def _region_values(one: Region) -> dict[str, MetricValue]:
    def told(metric: str, value: float | None) -> MetricValue:
        status = MetricStatus.NO_DATA if value is None else MetricStatus.OK
        return MetricValue(metric, _UNITS[metric], value, status)

    rate = MetricValue(
        "refund_rate", Unit.RATE, one.refund_rate,
        MetricStatus.NO_DATA if one.refund_rate is None else MetricStatus.OK,
        one.refunded, one.refund_known, n=one.refund_known, low=one.refund_low, high=one.refund_high, small=one.small,
    )  # fmt: skip
    return {
        "paid_orders": told("paid_orders", one.orders),
        "paid_amount": told("paid_amount", one.amount_fen),
        "order_buyers": told("order_buyers", one.buyers or None),
        "refund_rate": rate,
    }


_UNITS = {"paid_orders": Unit.COUNT, "paid_amount": Unit.YUAN, "order_buyers": Unit.COUNT}
_COLUMNS = tuple(
    Drawn(metric, title_of(metric), unit)
    for metric, unit in (*_UNITS.items(), ("refund_rate", Unit.RATE))
)  # fmt: skip


def _region_chart(places: Regions) -> ChartSpec:
    rows = _region_rows(places)
    covered = "" if places.coverage in {None, 1.0} else f"{written.percent(places.coverage)} 的订单有省份"
    spec = bars_spec(
        "customers.regions", "各省的订单", rows[:_MOST_PROVINCES], _COLUMNS[0],
        key_title="省份", subtitle=covered, counter="个",
        empty="订单里没有省份。导出订单时带上收货地址，只留下省和市。",
    )  # fmt: skip
    rest = len(rows) - _MOST_PROVINCES
    footnote = f"{spec.footnote}其余 {rest} 个见表格。" if rest > 0 else spec.footnote
    return replace(spec, footnote=footnote, table=row_table(rows, _COLUMNS, key_title="省份"))


def _region_table(places: Regions) -> TableSpec:
    return row_table(_region_rows(places), _COLUMNS, key_title="省份", muted_by="refund_rate")
