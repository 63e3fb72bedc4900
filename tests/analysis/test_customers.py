"""客户与订单 on a store of orders made by dice: every answer against plain loops over the same rows."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from csdesk.analysis.frame import PageRequest, PageResult
from csdesk.analysis.json import page_json
from csdesk.analysis.orders.buyers import NewOld, Repurchase, Spending
from csdesk.analysis.orders.cohorts import Cohorts
from csdesk.analysis.orders.refunds import Refunds
from csdesk.analysis.orders.regions import Regions
from csdesk.analysis.orders.visits import ReturnVisit
from csdesk.analysis.pages import compute_page
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.engine import MetricEngine
from csdesk.store.database import open_store
from tests.fake_engine import Cell, FakeEngine
from tests.metrics.rows.shop_of_orders import (
    MONDAY,
    SHOPS,
    Dice,
    Row,
    day_of,
    moment,
    paid,
    products_held,
    refunded,
)
from tests.store.builders import DAY_SECONDS

DICE = [Dice(seed, shop, days=150, buyers=40).fill(300) for seed, (shop, _) in ((15, SHOPS[0]), (16, SHOPS[1]))]
SPAN = Period(MONDAY + timedelta(95), MONDAY + timedelta(140))
PERIODS = (None, SPAN)
both = pytest.mark.parametrize("period", PERIODS, ids=str)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MetricEngine]:
    with open_store(tmp_path_factory.mktemp("customers")) as store:
        for dice, (_, platform) in zip(DICE, SHOPS, strict=True):
            dice.load(store, platform)
        with store.reading() as conn:
            yield MetricEngine(conn)


def page(engine: MetricEngine, period: Period | None) -> PageResult:
    return compute_page("customers", engine, PageRequest(Filter(period)))


def all_paid() -> list[tuple[str, Row]]:
    """(shop, order) of the paid ones, in the order of time."""
    found = [(dice.shop, order) for dice in DICE for order in dice.orders if paid(order)]
    return sorted(found, key=lambda one: moment(one[1]))


def inside(period: Period | None) -> list[tuple[str, Row]]:
    return [(shop, order) for shop, order in all_paid() if period is None or day_of(moment(order)) in period]


def histories() -> dict[tuple[str, bytes], list[Row]]:
    found: dict[tuple[str, bytes], list[Row]] = {}
    for shop, order in all_paid():
        if order["buyer_key"]:
            found.setdefault((shop, order["buyer_key"]), []).append(order)
    return found


@both
def test_cohorts(engine: MetricEngine, period: Period | None) -> None:
    answer = page(engine, period).answer("cohorts")
    assert isinstance(answer, Cohorts)
    want: dict[str, dict[str, int]] = {}
    for orders in histories().values():
        months = {day_of(moment(order)).isoformat()[:7] for order in orders}
        row = want.setdefault(min(months), {})
        for month in months:
            row[month] = row.get(month, 0) + 1
    if period is not None:
        want = {month: row for month, row in want.items() if month <= period.last.isoformat()[:7]}
    assert [one.month for one in answer.cohorts] == sorted(want)
    for cohort in answer.cohorts:
        assert cohort.buyers == want[cohort.month][cohort.month]
        assert {cell.month: cell.buyers for cell in cohort.cells if cell.buyers} == want[cohort.month]
        assert cohort.cells[0].share == 1
        assert [cell.open for cell in cohort.cells] == [False] * (len(cohort.cells) - 1) + [True]
    assert answer.since == min(day_of(moment(order)) for dice in DICE for order in dice.orders)


@both
def test_how_often_and_after_how_long(engine: MetricEngine, period: Period | None) -> None:
    answer = page(engine, period).answer("repurchase")
    assert isinstance(answer, Repurchase)
    times = Counter((shop, order["buyer_key"]) for shop, order in inside(period) if order["buyer_key"])
    often = Counter(min(count, 5) for count in times.values())
    assert [one.count for one in answer.by_orders] == [often[number] for number in range(1, 6)]
    assert answer.buyers == len(times)
    assert answer.unknown_orders == sum(not order["buyer_key"] for _, order in inside(period))
    gaps = [
        (moment(later) - moment(earlier)) / DAY_SECONDS
        for orders in histories().values()
        for earlier, later in itertools.pairwise(orders)
        if period is None or day_of(moment(later)) in period
    ]
    assert answer.intervals.n == len(gaps)
    assert answer.intervals.median_days == pytest.approx(np.median(gaps))
    bounds = (0, 7, 30, 60, 90, 180, 9999)
    counts = [sum(low < gap <= high for gap in gaps) for low, high in itertools.pairwise(bounds)]
    assert [band.count for band in answer.intervals.bands] == counts


@both
@pytest.mark.parametrize("days", [30, 60, 90])
def test_windows_that_closed_in_the_span(engine: MetricEngine, period: Period | None, days: int) -> None:
    answer = page(engine, period).answer("repurchase")
    assert isinstance(answer, Repurchase)
    found = next(one for one in answer.within if one.days == days)
    ends = {
        dice.shop: (max(map(moment, dice.orders)) // DAY_SECONDS + 1) * DAY_SECONDS for dice in DICE
    }  # fmt: skip
    size = returned = 0
    for (shop, _), orders in histories().items():
        first = moment(orders[0])
        closing = day_of(first) + timedelta(days)
        if first + days * DAY_SECONDS > ends[shop] or (period is not None and closing not in period):
            continue
        size += 1
        returned += len(orders) > 1 and moment(orders[1]) - first <= days * DAY_SECONDS
    assert (found.buyers, found.returned) == (size, returned)


@both
def test_new_and_returning(engine: MetricEngine, period: Period | None) -> None:
    result = page(engine, period)
    answer = result.answer("new_old")
    assert isinstance(answer, NewOld)
    firsts = {key: day_of(moment(orders[0])) for key, orders in histories().items()}
    assert answer.whole is not None
    for step in (*answer.steps, answer.whole):
        mine = {
            (shop, order["buyer_key"]) for shop, order in inside(Period(step.first, step.last)) if order["buyer_key"]
        }  # fmt: skip
        new = {key for key in mine if step.first <= firsts[key] <= step.last}
        assert (step.buyers, step.new, step.returning) == (len(mine), len(new), len(mine) - len(new))
    assert sum(step.new for step in answer.steps) == answer.whole.new
    # Where the data begin with the span, everybody would be new.
    assert ("是第一次买" in result.lead_text) is not answer.whole.maybe_older


@both
def test_regions(engine: MetricEngine, period: Period | None) -> None:
    answer = page(engine, period).answer("region")
    assert isinstance(answer, Regions)
    back = {(dice.shop, number) for dice in DICE for number in refunded(dice)}
    orders = inside(period)
    placed = [one for one in orders if one[1]["province"]]
    assert (answer.orders, answer.with_place) == (len(orders), len(placed))
    for places, key in ((answer.provinces, "province"), (answer.cities, "city")):
        assert sum(place.orders for place in places) == len(placed)
        for place in places:
            mine = [(shop, one) for shop, one in placed if one[key] == (place.city or place.province)]
            assert place.orders == len(mine)
            assert place.share == pytest.approx(len(mine) / len(placed))
            assert place.amount_fen == sum(one["paid_fen"] for _, one in mine)
            assert place.buyers == len({(shop, one["buyer_key"]) for shop, one in mine if one["buyer_key"]})
            assert place.refunded == sum((shop, one["order_id"]) in back for shop, one in mine)


@both
def test_spending(engine: MetricEngine, period: Period | None) -> None:
    answer = page(engine, period).answer("spending")
    assert isinstance(answer, Spending)
    orders = inside(period)
    values = [order["paid_fen"] for _, order in orders]
    assert answer.orders == len(values)
    assert answer.mean_fen == pytest.approx(sum(values) / len(values))
    assert [one.value_fen for one in answer.quantiles] == pytest.approx(
        np.quantile(values, (0.1, 0.25, 0.5, 0.75, 0.9))
    )
    assert sum(band.orders for band in answer.bands) == len(values)
    for band in answer.bands:
        mine = [value for value in values if band.from_fen <= value < (band.to_fen or 10**12)]
        assert (band.orders, band.amount_fen) == (len(mine), sum(mine))
    spent: Counter[tuple[str, bytes]] = Counter()
    for shop, order in orders:
        if order["buyer_key"]:
            spent[shop, order["buyer_key"]] += order["paid_fen"]
    best = sorted(spent.values(), reverse=True)
    fifth = next(one for one in answer.top if one.share == 0.2)
    assert fifth.amount_fen == sum(best[: -(-len(best) // 5)])
    assert fifth.amount_share == pytest.approx(fifth.amount_fen / sum(best))


@both
def test_refunds(engine: MetricEngine, period: Period | None) -> None:
    answer = page(engine, period).answer("refunds")
    assert isinstance(answer, Refunds)
    rows = [
        (row, row["order_id"]) for dice in DICE for row in dice.refunds
        if period is None or day_of(row["applied_at"]) in period
    ]  # fmt: skip
    done = [row for row, _ in rows if given_back(row)]
    assert (answer.applied, answer.given_back) == (len(rows), len(done))
    assert answer.amount_fen == sum(row["refund_fen"] or 0 for row in done)
    reasons = Counter(row["reason"] or "没有写" for row in done)
    assert {one.name: one.count for one in answer.reasons} == reasons
    took = [(row["finished_at"] - row["applied_at"]) / DAY_SECONDS for row in done if row["finished_at"]]
    assert answer.took.n == len(took)
    assert answer.took.median_days == pytest.approx(np.median(took))
    held = products_held(DICE)
    for product in answer.products:
        mine = [back for (title, *_), (at, back) in held.items()
                if title == product.product and (period is None or day_of(at) in period)]  # fmt: skip
        assert product.lines == len(mine)
        assert product.refunded == sum(mine)
        assert product.higher in {False, None}
    assert sum(step.orders for step in answer.trend) == len(inside(period))


def given_back(row: Row) -> bool:
    money = bool(row["refund_fen"])
    finished = row["finished_at"] is not None and row["status"] in {"换货成功", "买家处理"}
    return row["status"] == "退款成功" or (money and (not row["status"] or finished))


@both
def test_the_json_holds_every_answer(engine: MetricEngine, period: Period | None) -> None:
    answer = page_json(page(engine, period), {})
    for key in (
        "orders_trend", "cohorts", "repurchase", "return_visit", "region", "new_old", "spending", "conversion",
        "refunds", "comparison",
    ):  # fmt: skip
        assert key in answer
    amounts = [step["amount"] for step in answer["orders_trend"] if step["amount"] is not None]
    total = next(kpi for kpi in answer["kpis"] if kpi["metric"] == "paid_amount")
    assert sum(round(float(one) * 100) for one in amounts) == round(float(total["value"]) * 100)


def test_a_leap_day_and_a_single_order(tmp_path: Path) -> None:
    dice = Dice(1, "甲旗舰店")
    at = (date(2024, 2, 29) - date(1970, 1, 1)).days * DAY_SECONDS + 60
    dice.orders = [{"order_id": "1", "paid_at": at, "paid_fen": 500, "buyer_key": b"a", "buyer_mask": "a**"}]
    with open_store(tmp_path) as store:
        dice.load(store, SHOPS[0][1])
        with store.reading() as conn:
            result = page(MetricEngine(conn), Period.of_day(date(2024, 2, 29)))
    matrix = result.answer("cohorts")
    assert isinstance(matrix, Cohorts)
    assert [(one.month, one.buyers, len(one.cells)) for one in matrix.cohorts] == [("2024-02", 1, 1)]
    assert matrix.cohorts[0].cells[0].open is False
    spending = result.answer("spending")
    assert isinstance(spending, Spending)
    assert spending.top[0].amount_share == 1
    assert next(kpi for kpi in result.kpis if kpi.metric == "retention").status_text == "都还没满 30 天"
    assert result.chart("customers.cohorts").empty.startswith("订单还不到两个月")
    assert result.answer("refunds").products == ()  # type: ignore[attr-defined]


def test_buyers_nobody_can_tell_apart_are_said_to_be_so(tmp_path: Path) -> None:
    dice = Dice(1, "甲旗舰店")
    at = (MONDAY - date(1970, 1, 1)).days * DAY_SECONDS + 60
    dice.orders = [{"order_id": "1", "paid_at": at, "paid_fen": 500, "buyer_key": None, "buyer_mask": "a**"}]
    with open_store(tmp_path) as store:
        dice.load(store, SHOPS[0][1])
        with store.reading() as conn:
            result = page(MetricEngine(conn), None)
    assert "认不出买家" in result.chart("customers.cohorts").empty
    said = {kpi.metric: kpi.status_text for kpi in result.kpis}
    assert {said[metric] for metric in ("avg_order_value", "repurchase_rate", "retention")} == {"认不出买家，算不了"}


def test_the_overview_of_a_shop_that_brought_orders_alone(tmp_path: Path) -> None:
    dice = Dice(1, "甲旗舰店")
    at = (MONDAY - date(1970, 1, 1)).days * DAY_SECONDS + 60
    dice.orders = [
        {"order_id": str(number), "paid_at": at, "paid_fen": 500, "buyer_key": b"a", "buyer_mask": "a**"}
        for number in range(3)
    ]
    with open_store(tmp_path) as store:
        dice.load(store, SHOPS[0][1])
        with store.reading() as conn:
            result = compute_page("overview", MetricEngine(conn), PageRequest(Filter()))
    assert result.empty is None
    assert {kpi.metric: kpi.text for kpi in result.kpis} == {
        "paid_orders": "3", "paid_amount": "¥15.00", "avg_order_value": "¥15.00"
    }  # fmt: skip
    assert result.chart("overview.received").title == "付款订单数走势"
    assert [point.y for point in result.chart("overview.received").series[0].points] == [3]
    assert result.tables[0].table.columns[1].title == "付款订单数"
    assert result.lead_text.startswith("全部数据里付款订单数 3，支付金额 ¥15.00，客单价 ¥15.00。还没有客服接待的数据")


def test_no_orders(tmp_path: Path) -> None:
    with open_store(tmp_path) as store, store.reading() as conn:
        result = page(MetricEngine(conn), SPAN)
    assert result.empty is not None
    assert [hint.name for hint in result.empty.exports][:2] == ["千牛 · 订单导出", "抖店 · 订单导出"]
    visit = result.answer("return_visit")
    assert isinstance(visit, ReturnVisit)
    assert (visit.rate, visit.status) == (None, "no_data")
    assert result.answer("conversion") == ()


def test_products_that_come_back_more_often_stand_out(tmp_path: Path) -> None:
    dice = Dice(1, "甲旗舰店")
    dice.lines = [
        {"order_id": str(number), "line_id": str(number), "title": "坏杯子" if number % 4 == 0 else "好杯子",
         "paid_at": MONDAY_AT + number, "paid_fen": 100, "is_gift": 0,
         "refund_status": "退款成功" if number % 8 == 0 or number % 50 == 1 else "无退款"}
        for number in range(400)
    ]  # fmt: skip
    with open_store(tmp_path) as store:
        dice.load(store, SHOPS[0][1])
        with store.reading() as conn:
            answer = page(MetricEngine(conn), None).answer("refunds")
    assert isinstance(answer, Refunds)
    assert {one.product: one.higher for one in answer.products} == {"坏杯子": True, "好杯子": False}


MONDAY_AT = (MONDAY - date(1970, 1, 1)).days * DAY_SECONDS


def test_inquiries_without_orders() -> None:
    cells = [Cell(day, "小美", {"inquiries": 50.0, "paying": 20.0}) for day in SPAN]
    result = compute_page("customers", FakeEngine(cells), PageRequest(Filter(SPAN)))
    assert result.empty is None
    assert result.lead_text.startswith("还没有订单。")
    assert next(kpi for kpi in result.kpis if kpi.metric == "conversion_rate").value.value == 0.4
    assert not any(chart.series for chart in result.charts)
