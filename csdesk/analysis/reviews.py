"""评价口碑: good, fair and bad product reviews, which products, which wait for an answer, and how soon they come."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from csdesk.analysis import exports
from csdesk.analysis.assemble import page_result, step_page_table, trend_chart
from csdesk.analysis.attention import attention_in
from csdesk.analysis.cards import kpis_of
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Compare, Engine, Kpi, PageRequest, PageResult, PageTable, Run
from csdesk.analysis.missing_good import missing_good
from csdesk.analysis.order_talks import talk_splits
from csdesk.analysis.pages import PAGES
from csdesk.analysis.reply_queue import ReplyQueue, queue_table, reply_queue
from csdesk.analysis.review_products import Products, by_product, product_table
from csdesk.analysis.review_timing import NO_TIMING, PAID, SIGNED, Timing, timing
from csdesk.analysis.targets_attention import target_attention
from csdesk.analysis.terms import title_of
from csdesk.analysis.words import change_runs, span_words
from csdesk.charts import format as written
from csdesk.charts.build import Drawn, bars_spec, levels_spec, number
from csdesk.charts.spec import ChartSpec
from csdesk.domain.filters import Filter
from csdesk.metrics.model import MetricRow, MetricStatus, MetricValue, Unit
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.review_rows import BAD, GOOD
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson

TITLE = PAGES["reviews"].title
KPIS = ("review_count", "positive_review_rate", "negative_review_rate", "review_reply_rate", "review_delay")
_RATES = ("positive_review_rate", "neutral_review_rate", "negative_review_rate")
_TABLE = ("review_count", *_RATES)
_WATCHED = ("negative_review_rate",)
_BY_DAY = ("positive_review_rate", *_WATCHED)
_EXPORTS = (exports.REVIEWS, exports.REVIEWED_ORDERS)
_MOST_PRODUCTS = 12
_NO_REVIEWS = "还没有商品评价。把评价文件拖进来就有。"


@dataclass(frozen=True, slots=True)
class DefaultReviews:
    """Reviews the system wrote because the buyer did not: they count as the good ones the platform makes of them.

    ``…_without``: the rates over what buyers wrote themselves, of ``n_without`` rated reviews.
    """

    count: int
    share: float | None
    n_without: int
    positive_rate_without: float | None
    negative_rate_without: float | None
    text: str


def compute(engine: Engine, request: PageRequest) -> PageResult:
    """The page for ``request``."""
    facts = Facts(
        engine,
        request,
        _TABLE,
        whole=("review_distribution", "review_reply_rate", "review_delay"),
        cards=KPIS,
        watched=_BY_DAY,
        watched_rows=True,
    )
    compare = request.compare if facts.compared_period else Compare.NONE
    reviews = engine.table("review", request.selection)
    queue, products, defaults = reply_queue(reviews), by_product(reviews), default_reviews(reviews)
    delay = order_timing(engine, request.selection)
    kpis = tuple(_explained(kpi, delay) for kpi in kpis_of(facts, KPIS))
    rates = tuple(kpi for kpi in kpis if kpi.metric in {"positive_review_rate", "negative_review_rate"})
    return page_result(
        "reviews", TITLE, facts,
        kpis=kpis,
        lead=(*_lead(facts, queue), *change_runs(rates, compare)),
        charts=(
            trend_chart(facts, "reviews.trend", "差评率、中评率走势", ("negative_review_rate", "neutral_review_rate"),
                        empty=_NO_REVIEWS),
            trend_chart(facts, "reviews.good", "好评率走势", ("positive_review_rate",), empty=_NO_REVIEWS),
            _levels(facts, defaults),
            _products(products),
            _delay(delay),
        ),
        tables=(
            PageTable("reviews.queue", "等回复的差评", queue_table(queue), queue.text),
            PageTable("reviews.by_product", "按商品", product_table(products), products.text),
            step_page_table(facts, _TABLE, table_id="reviews.by_step"),
        ),
        subject="商品评价",
        exports=_EXPORTS,
        nothing=not reviews.size,
        attention=(*target_attention(facts, KPIS), *attention_in(facts.days, request, _WATCHED)),
        why=("negative_review_rate",),
        answers=(
            missing_good(facts, "positive_review_rate"),
            Answer("default_reviews", defaults),
            Answer("by_product", products),
            Answer("reply_queue", queue),
            Answer("delay", delay or NO_TIMING),
        ),
    )  # fmt: skip


def _explained(kpi: Kpi, delay: Timing | None) -> Kpi:
    """No bad review to answer, or no median where fewer than half have written yet: unlike what an empty card says."""
    if kpi.metric == "review_reply_rate" and kpi.value.status is MetricStatus.NO_DATA and kpi.value.notes:
        return replace(kpi, status_text="没有过了时限的差评")
    if kpi.metric != "review_delay" or kpi.value.value is not None or delay is None:
        return kpi
    return replace(kpi, status_text="写评价的还不到一半")


def default_reviews(reviews: ChosenRows) -> DefaultReviews:
    """What the system wrote, and what is left without it."""
    by_system, levels = reviews.number("by_system") == 1, reviews.number("level")
    count, size = int(by_system.sum()), reviews.size
    own = levels[~by_system & np.isfinite(levels)]
    n = len(own)
    good, bad = (int((own == level).sum()) for level in (GOOD, BAD))
    if not count:
        return DefaultReviews(0, 0.0 if size else None, n, good / n if n else None, bad / n if n else None,
                              "没有系统默认评价。" if size else "")  # fmt: skip
    left = f"买家自己写的 {n:,} 条里好评率 {good / n:.1%}、差评率 {bad / n:.1%}" if n else "买家自己一条也没写"
    text = f"{count:,} 条（{count / size:.1%}）是系统默认评价，按平台的算法计入；{left}。"
    return DefaultReviews(count, count / size, n, good / n if n else None, bad / n if n else None, text)


def order_timing(engine: Engine, selection: Filter) -> Timing | None:
    """How soon the orders of the selection are reviewed: from signing, where no file tells of it from payment."""
    orders = engine.table("order_head", selection)
    splits = talk_splits(engine, orders, selection)
    return timing(orders, SIGNED, splits) or timing(orders, PAID, splits)


def _lead(facts: Facts, queue: ReplyQueue) -> tuple[Run, ...]:
    total = facts.total
    count, rate = number(total.get("review_count")), total.get("positive_review_rate")
    if not count:
        return ()
    runs = [Run(f"{span_words(facts.request)}收到 "), Run(written.count(count), strong=True), Run(" 条商品评价")]
    share = number(rate)
    if rate is not None and share is not None:
        runs += [Run("，好评率 "), Run(written.percent(share), strong=True)]
        if rate.low is not None and rate.high is not None:
            runs.append(Run(f"（大致在 {written.percent(rate.low)} 到 {written.percent(rate.high)} 之间）"))
    runs.append(Run("。"))
    if queue.status == "ok" and queue.count:
        runs += [Run(f"{queue.asked} "), Run(written.count(queue.count), strong=True),
                 Run(" 条还没回复。")]  # fmt: skip
    return tuple(runs)


def _levels(facts: Facts, defaults: DefaultReviews) -> ChartSpec:
    value = facts.total.get("review_distribution")
    received = sum(value.counts.values()) if value is not None else 0
    chart = levels_spec(
        "reviews.levels", "好评、中评、差评", value,
        subtitle=f"{written.count(received)} 条有评分的评价" if received else "",
        footnote=defaults.text if defaults.count else "", empty=_NO_REVIEWS,
    )  # fmt: skip
    return replace(chart, metrics=("review_distribution",))


def _products(products: Products) -> ChartSpec:
    """The products with most bad reviews, by their share of bad ones."""
    rows = [
        MetricRow(one.product, {"negative_review_rate": _rate("negative_review_rate", one.bad, one.n)})
        for one in products.items[:_MOST_PRODUCTS]
        if one.bad
    ]
    share = Drawn("negative_review_rate", title_of("negative_review_rate"), role="bad")
    return bars_spec(
        "reviews.products", "差评多的商品", rows, share,
        key_title="商品", counter="个商品", subtitle="差评率；横线为 95% 区间，灰色样本不足 30",
        empty="没有差评，或评价里没有商品名称。" if products.count or products.unnamed else _NO_REVIEWS,
    )  # fmt: skip


def _delay(found: Timing | None) -> ChartSpec:
    """The share reviewed within so many days."""
    rows: list[MetricRow] = []
    if found is not None:
        ends = {step.day: step for step in found.curve.steps}
        for mark, share in found.curve.by_day.items():
            if share is None:
                continue
            last = ends.get(max((day for day in ends if day < mark), default=-1))
            value = MetricValue(
                "review_delay", Unit.RATE, share, MetricStatus.OK, n=found.curve.n, small=found.curve.small,
                low=last.low if last else None, high=last.high if last else None,
            )  # fmt: skip
            rows.append(MetricRow(f"{mark} 天内", {"review_delay": value}))
    chart = bars_spec(
        "reviews.delay", "多久写评价", rows, Drawn("review_delay", "有评价的订单"), key_title="时间", low_first=True,
        counter="项", subtitle=f"{found.title}，买家自己写的评价" if found else "",
        empty="要同时有订单和评价，两边都带订单编号和时间，才算得出多久写评价。",
    )  # fmt: skip
    return replace(chart, metrics=("review_delay",))


def _rate(metric: str, k: int, n: int) -> MetricValue:
    interval = wilson(k, n)
    return MetricValue(
        metric, Unit.RATE, k / n, MetricStatus.OK, k, n, n=n, small=n < SMALL_SAMPLE,
        low=interval.low if interval else None, high=interval.high if interval else None,
    )  # fmt: skip
