"""Order metrics against the same numbers counted with plain loops over the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine
from csdesk.metrics.model import By, MetricStatus
from csdesk.store.database import open_store
from tests.metrics.rows.shop_of_orders import MONDAY, SHOPS, Dice, Row, day_of, moment, paid, products_held, refunded
from tests.store.builders import DAY_SECONDS, record_plan

WINDOW = 30 * DAY_SECONDS
METRICS = (
    "paid_orders", "paid_amount", "order_buyers", "avg_order_value", "repurchase_rate", "refund_rate", "retention",
    "churn", "return_visit_rate", "cs_sales",
)  # fmt: skip
DICE = [Dice(seed, shop).fill(size) for seed, (shop, _), size in ((5, SHOPS[0], 260), (6, SHOPS[1], 120))]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with open_store(tmp_path_factory.mktemp("orders")) as store:
        for dice, (_, platform) in zip(DICE, SHOPS, strict=True):
            dice.sessions = []  # they would answer on days without an invitation
            dice.load(store, platform)
        yield MetricEngine(store)


def rate(top: float, bottom: float) -> float | None:
    return top / bottom if bottom else None


def first_orders(dice: Dice) -> dict[bytes, Row]:
    found: dict[bytes, Row] = {}
    for order in sorted(filter(paid, dice.orders), key=moment):
        if order["buyer_key"]:
            found.setdefault(order["buyer_key"], order)
    return found


def ends(dice: Dice) -> int:
    return (max(map(moment, dice.orders)) // DAY_SECONDS + 1) * DAY_SECONDS


def comes_back(dice: Dice, buyer: bytes, at: int) -> bool:
    return any(
        paid(order) and order["buyer_key"] == buyer and at < moment(order) <= at + WINDOW for order in dice.orders
    )


def counted(all_dice: Iterable[Dice], inside: Callable[[int, Row], bool]) -> dict[str, float | None]:
    """Every metric over the rows that ``inside`` (moment, row) holds."""
    orders: list[tuple[Dice, Row]] = []
    firsts: list[tuple[Dice, Row]] = []
    invited: dict[tuple[str, bytes], list[bool]] = {}
    gone_back, sales = 0, 0
    for dice in all_dice:
        back = refunded(dice)
        mine = [order for order in dice.orders if paid(order) and inside(moment(order), order)]
        orders += [(dice, order) for order in mine]
        gone_back += sum(order["order_id"] in back for order in mine)
        sales += sum(order["paid_fen"] for order in mine if order["agent"])
        firsts += [(dice, one) for one in first_orders(dice).values() if inside(moment(one), one)]
        for row in dice.invitations:
            at, buyer = row["sent_at"], row["buyer_key"]
            if buyer and inside(at, row) and at + WINDOW <= ends(dice):
                invited.setdefault((dice.shop, buyer), []).append(comes_back(dice, buyer, at))
    buyers: dict[tuple[str, bytes], int] = {}
    money = 0
    for dice, order in orders:
        if order["buyer_key"]:
            key = (dice.shop, order["buyer_key"])
            buyers[key] = buyers.get(key, 0) + 1
            money += order["paid_fen"]
    closed = [(dice, one) for dice, one in firsts if moment(one) + WINDOW <= ends(dice)]
    kept = sum(comes_back(dice, one["buyer_key"], moment(one)) for dice, one in closed)
    return {
        "paid_orders": len(orders),
        "paid_amount": sum(order["paid_fen"] for _, order in orders),
        "order_buyers": len(buyers),
        "avg_order_value": rate(money, len(buyers)),
        "repurchase_rate": rate(sum(times > 1 for times in buyers.values()), len(buyers)),
        "refund_rate": rate(gone_back, len(orders)),
        "retention": rate(kept, len(closed)),
        "churn": rate(len(closed) - kept, len(closed)),
        "return_visit_rate": rate(sum(map(any, invited.values())), len(invited)),
        "cs_sales": sales,
    }


def assert_same(values: Any, want: dict[str, float | None]) -> None:
    for metric, number in want.items():
        found = values[metric].value
        if number is None or not (number or found):
            assert not found, metric
        else:
            assert found == pytest.approx(number, abs=1e-9), metric


SPANS = (None, (0, 79), (10, 40), (12, 12), (40, 60))


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("shops", [(0,), (1,), (0, 1)], ids=str)
def test_the_whole(engine: MetricEngine, span: tuple[int, int] | None, shops: tuple[int, ...]) -> None:
    period = None if span is None else Period(MONDAY + timedelta(span[0]), MONDAY + timedelta(span[1]))
    platform = SHOPS[shops[0]][1] if len(shops) == 1 else None
    (row,) = engine.compute(Filter(period, platform), None, METRICS)
    want = counted([DICE[at] for at in shops], lambda at, _: period is None or day_of(at) in period)
    assert_same(row.values, want)


KEYS: dict[By, Callable[[date], str]] = {
    By.DAY: lambda day: day.isoformat(),
    By.WEEK: lambda day: (day - timedelta(day.weekday())).isoformat(),
    By.MONTH: lambda day: day.isoformat()[:7],
}


@pytest.mark.parametrize("by", KEYS, ids=str)
def test_by_time(engine: MetricEngine, by: By) -> None:
    rows = {row.key: row.values for row in engine.compute(Filter(), by, METRICS)}
    for key, values in rows.items():
        assert_same(values, counted(DICE, lambda at, _, key=key: KEYS[by](day_of(at)) == key))  # type: ignore[misc]


def test_by_shop_adds_up(engine: MetricEngine) -> None:
    rows = {row.key: row.values for row in engine.compute(Filter(), By.SHOP, METRICS)}
    for dice in DICE:
        assert_same(rows[dice.shop], counted([dice], lambda at, row: True))
    (whole,) = engine.compute(Filter(), None, METRICS)
    for metric in METRICS:
        total = whole.values[metric]
        assert total.numerator == sum(values[metric].numerator or 0 for values in rows.values())
        assert [part.key for part in total.parts] == ["taobao", "douyin"]


def test_by_agent(engine: MetricEngine) -> None:
    rows = {row.key: row.values for row in engine.compute(Filter(None, SHOPS[0][1]), By.AGENT, METRICS)}
    for name in ("小美", "小王"):
        want = counted(DICE[:1], lambda _, row, name=name: row["agent"] == name)  # type: ignore[misc]
        del want["return_visit_rate"]
        assert_same(rows[name], want)


def test_by_product_orders_that_hold_it_are_counted_once(engine: MetricEngine) -> None:
    rows = {row.key: row.values for row in engine.compute(Filter(), By.PRODUCT, ("paid_orders", "refund_rate"))}
    held = products_held(DICE)
    for key, values in rows.items():
        mine = [back for (title, *_), (_, back) in held.items() if title == key]
        assert values["paid_orders"].value == values["refund_rate"].denominator == len(mine)
        assert values["refund_rate"].value == pytest.approx(sum(mine) / len(mine))
    assert set(rows) == {"面膜", "水杯", "帽子", "未注明商品"}


def test_a_refund_is_of_the_line_it_names(tmp_path: Path) -> None:
    """Else of the order's only line, else of the product it names; a product twice in an order is one order."""
    dice = Dice(1, "甲旗舰店")
    line = {"paid_at": moment_of(0), "paid_fen": 100, "refund_status": "无退款"}
    dice.orders = [{"order_id": order, "paid_at": moment_of(0), "paid_fen": 100} for order in "123"]
    dice.lines = [
        {**line, "order_id": order, "line_id": f"{order}{at}", "title": title, "product_id": title}
        for order, titles in (("1", "杯伞"), ("2", "杯"), ("3", "杯杯包")) for at, title in enumerate(titles)
    ]  # fmt: skip
    refund = {"applied_at": moment_of(1), "status": "退款成功", "line_id": None, "product_id": None}
    dice.refunds = [
        {**refund, "refund_id": "a", "order_id": "1", "line_id": "11"},
        {**refund, "refund_id": "b", "order_id": "2"},
        {**refund, "refund_id": "c", "order_id": "3", "product_id": "包"},
        {**refund, "refund_id": "d", "order_id": None, "line_id": "10"},
    ]
    with open_store(tmp_path) as store:
        dice.load(store, SHOPS[0][1])
        rows = MetricEngine(store).compute(Filter(), By.PRODUCT, ("paid_orders", "refund_rate"))
    told = {row.key: (row.values["refund_rate"].numerator, row.values["paid_orders"].value) for row in rows}
    assert told == {"杯": (2, 3), "伞": (1, 1), "包": (1, 1)}


def test_sessions_tell_of_invited_buyers_too(tmp_path: Path) -> None:
    dice = Dice(9, "甲旗舰店").fill(150)
    dice.invitations = []
    with open_store(tmp_path) as store:
        dice.load(store, SHOPS[0][1])
        (row,) = MetricEngine(store).compute(Filter(), None, ("return_visit_rate",))
    found: dict[bytes, list[bool]] = {}
    for one in dice.sessions:
        if one["invited"] and one["buyer_key"] and one["started_at"] + WINDOW <= ends(dice):
            found.setdefault(one["buyer_key"], []).append(comes_back(dice, one["buyer_key"], one["started_at"]))
    value = row.values["return_visit_rate"]
    assert (value.numerator, value.denominator) == (sum(map(any, found.values())), len(found))
    assert value.sources == ("sessions",)
    assert "还没满天数" in value.notes[0]


def test_orders_that_name_nobody_do_not_say_who_came_back(tmp_path: Path) -> None:
    """A shop without a column of buyers has no rate; nor do days end a window that only such a file knows."""
    order = {"paid_at": moment_of(0), "paid_fen": 100}
    with open_store(tmp_path) as store:
        for (shop, platform), named in zip(SHOPS, (True, False), strict=True):
            dice = Dice(1, shop)
            buyer = {"buyer_key": b"a", "buyer_mask": "a**"}
            dice.invitations = [{"invite_id": "1", "agent": "小美", "sent_at": moment_of(-1), **buyer}]
            for first, known in ((-1, named), (40, False)):
                dice.orders = [{**order, "order_id": f"{first} {day}", "paid_at": moment_of(first + day),
                                **(buyer if known else {})} for day in (0, 20)]  # fmt: skip
                dice.load(store, platform)
        rows = MetricEngine(store).compute(Filter(), By.SHOP, ("return_visit_rate", "retention"))
    values = {row.key: row.values for row in rows}
    for metric in ("return_visit_rate", "retention"):
        assert values[SHOPS[0][0]][metric].denominator == 0
        assert values[SHOPS[1][0]][metric].status is MetricStatus.NOT_PROVIDED


def one_shop(tmp_path: Path, orders: list[Row], **more: list[Row]) -> dict[str, Any]:
    dice = Dice(1, "甲旗舰店")
    dice.orders = [
        {"agent": None, "created_at": moment_of(0), "paid_at": moment_of(0), "paid_fen": 100, "buyer_key": b"a",
         "buyer_mask": "a**", "refund_fen": None, **order, "order_id": str(at)}
        for at, order in enumerate(orders)
    ]  # fmt: skip
    for name, rows in more.items():
        setattr(dice, name, rows)
    with open_store(tmp_path) as store:
        dice.load(store, SHOPS[0][1])
        (row,) = MetricEngine(store).compute(Filter(), None, METRICS)
        return dict(row.values)


def moment_of(day: int) -> int:
    return (20_500 + day) * DAY_SECONDS + 43_200


def test_masked_nicks_are_nobody_and_say_so(tmp_path: Path) -> None:
    values = one_shop(tmp_path, [{"buyer_key": None, "buyer_mask": "t**1"}, {"buyer_key": None, "buyer_mask": "t**1"}])
    assert values["paid_orders"].value == 2
    for metric in ("order_buyers", "avg_order_value", "repurchase_rate", "retention", "churn"):
        assert values[metric].status is MetricStatus.NOT_PROVIDED
        assert "认不出" in values[metric].notes[0]


def test_some_masked_nicks_are_left_out_with_a_word(tmp_path: Path) -> None:
    values = one_shop(tmp_path, [{}, {"paid_fen": 300}, {"buyer_key": None, "buyer_mask": "t**1", "paid_fen": 9}])
    assert values["avg_order_value"].value == 400
    assert values["avg_order_value"].notes == ("另有 1 单认不出买家（没有昵称或带 *），不在内",)
    assert values["repurchase_rate"].value == 1


def test_nothing_paid_is_not_a_sale(tmp_path: Path) -> None:
    values = one_shop(tmp_path, [{"paid_fen": 0}, {"paid_at": None, "paid_fen": 500}])
    assert values["paid_orders"].value == 0
    assert values["avg_order_value"].value is None
    assert values["refund_rate"].value is None
    assert values["refund_rate"].status is MetricStatus.NO_DATA


def test_windows_still_open_are_no_answer(tmp_path: Path) -> None:
    values = one_shop(tmp_path, [{}, {"paid_at": moment_of(20), "created_at": moment_of(20)}])
    assert values["retention"].status is MetricStatus.NO_DATA
    assert values["retention"].notes == ("1 位买家的首单还没满天数，不计入",)


def test_a_month_without_files_closes_no_window(tmp_path: Path) -> None:
    dice = Dice(1, "甲旗舰店")
    order = {"agent": None, "paid_fen": 100, "buyer_mask": "a**", "refund_fen": None}
    with open_store(tmp_path) as store:
        for first in (0, 70):
            dice.orders = [
                {**order, "order_id": f"{first}-{day}", "buyer_key": b"%d" % day, "paid_at": moment_of(first + day),
                 "created_at": moment_of(first + day)}
                for day in (0, 35)
            ]  # fmt: skip
            dice.shop = "甲旗舰店"
            dice.load(store, SHOPS[0][1])
        (row,) = MetricEngine(store).compute(Filter(), None, ("retention",))
        assert (row.values["retention"].numerator, row.values["retention"].denominator) == (0, 1)


def test_refunds_nobody_told_of_are_not_zero(tmp_path: Path) -> None:
    dice = Dice(1, "甲旗舰店")
    dice.orders = [{"order_id": "1", "paid_at": moment_of(0), "paid_fen": 100}]
    with open_store(tmp_path) as store:
        dice.load(store, SHOPS[0][1])
        (row,) = MetricEngine(store).compute(Filter(), None, ("refund_rate", "order_buyers"))
        assert row.values["refund_rate"].status is MetricStatus.NOT_PROVIDED
        assert row.values["refund_rate"].notes == ("订单里没有退款金额，也没有导入退款表，不知道退没退",)
        dice.orders = []
        dice.refunds = [{"refund_id": "r", "order_id": "1", "applied_at": moment_of(-1), "status": "退款成功"}]
        dice.load(store, SHOPS[0][1])
        (row,) = MetricEngine(store).compute(Filter(), None, ("refund_rate",))
        assert row.values["refund_rate"].value == 1


def test_no_orders_at_all(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        (row,) = MetricEngine(store).compute(Filter(), None, METRICS)
        assert {value.status for value in row.values.values()} == {MetricStatus.NO_DATA}


def test_a_platform_that_names_no_buyers_says_so(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        for (shop, platform), buyer in zip(SHOPS, (b"a", None), strict=True):
            dice = Dice(1, shop)
            dice.orders = [{"order_id": "1", "paid_at": moment_of(0), "paid_fen": 100, "buyer_key": buyer,
                            "buyer_mask": "a**"}]  # fmt: skip
            dice.load(store, platform)
        rows = MetricEngine(store).compute(Filter(), By.PLATFORM, ("order_buyers", "paid_orders"))
        values = {row.key: row.values for row in rows}
    assert values["taobao"]["order_buyers"].value == 1
    assert values["douyin"]["order_buyers"].status is MetricStatus.NOT_PROVIDED
    assert "认不出" in values["douyin"]["order_buyers"].notes[0]
    assert values["douyin"]["paid_orders"].value == 1


def test_a_file_with_numbers_takes_back_what_one_without_said(tmp_path: Path) -> None:
    """A refund told by its order alone gives way to one told by 退款编号, whichever came first."""
    dice = Dice(1, "甲旗舰店")
    dice.orders = [{"order_id": "1", "paid_at": moment_of(0), "paid_fen": 100}]
    dice.refunds = [{"order_id": "1", "applied_at": moment_of(1), "status": "退款成功"}]
    with open_store(tmp_path) as store:
        dice.load(store, SHOPS[0][1])
        (row,) = MetricEngine(store).compute(Filter(), None, ("refund_rate",))
        assert row.values["refund_rate"].value == 1
        dice.orders = []
        dice.refunds = [{"order_id": "1", "refund_id": "r", "applied_at": moment_of(1), "status": "退款关闭"}]
        load(store, record_plan(
            "退款报表.csv", {"refund": dice.refunds}, exported=datetime(2026, 7, 2), shop=dice.shop
        ))  # fmt: skip
        (row,) = MetricEngine(store).compute(Filter(), None, ("refund_rate",))
        assert row.values["refund_rate"].value == 0
