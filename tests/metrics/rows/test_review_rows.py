"""Numbers of reviews out of a store, against the same written out by hand over the rows that went in."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine, compute
from csdesk.metrics.held import Held
from csdesk.metrics.model import By, MetricStatus
from csdesk.metrics.rows.windows import Windows
from csdesk.store.database import Store, open_store
from tests.store.builders import DAY_SECONDS, FIRST_DAY, record_plan

Row = dict[str, Any]
START = FIRST_DAY * DAY_SECONDS
DAYS = 60
RATES = {"positive_review_rate": "good", "neutral_review_rate": "fair", "negative_review_rate": "bad"}


def orders_and_reviews(seed: int, size: int = 400) -> tuple[list[Row], list[Row]]:
    """Orders of two months, some signed, some reviewed by the buyer, some by the system, some not (yet)."""
    chance = random.Random(seed)
    orders, reviews = [], []
    for number in range(size):
        paid = START + chance.randrange(DAYS * DAY_SECONDS)
        signed = chance.choice((None, *[paid + chance.randrange(6 * DAY_SECONDS)] * 6))
        status = "已关闭" if chance.random() < 0.05 else "已完成"
        price = chance.choice((0, 9900))
        orders.append(
            {"order_id": f"N{number}", "paid_at": paid, "signed_at": signed, "paid_fen": price, "status": status}
        )
        for _ in range(chance.choice((0, 0, 1, 1, 1, 2))):
            written = (signed or paid) + chance.randrange(-3600, 12 * DAY_SECONDS)
            rating = chance.choice((None, 1, 2, 3, 4, 5, 5, 5))
            replied = written + chance.randrange(120 * 3600) if chance.random() < 0.6 else None
            if written < START + DAYS * DAY_SECONDS:
                reviews.append(
                    {
                        "review_id": f"R{len(reviews)}", "order_id": f"N{number}" if chance.random() < 0.95 else None,
                        "title": chance.choice(("杯", "伞", None)), "written_at": written, "rating": rating,
                        "grade": chance.choice((None, "好评", "差评")) if rating is None else None,
                        "is_default": int(chance.random() < 0.2), "replied_at": replied,
                        "reply_text": "亲，抱歉" if replied or chance.random() < 0.1 else None,
                    }
                )  # fmt: skip
    return orders, reviews


ORDERS, REVIEWS = orders_and_reviews(4)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with open_store(tmp_path_factory.mktemp("data")) as store:
        load(store, record_plan("订单.xlsx", {"order_head": ORDERS}, exported=datetime(2026, 5, 1), chunk_rows=50))
        load(store, record_plan("评价.xlsx", {"review": REVIEWS}, exported=datetime(2026, 5, 1), chunk_rows=50))
        yield store


def level(review: Row) -> str | None:
    if review["rating"] is not None:
        return "bad" if review["rating"] <= 2 else "fair" if review["rating"] == 3 else "good"
    return {"好评": "good", "差评": "bad"}.get(review["grade"])


def key(by: By | None, row: Row, at: int) -> Any:
    day = from_epoch_day(at // DAY_SECONDS).isoformat()
    return {None: None, By.DAY: day, By.MONTH: day[:7], By.PRODUCT: row.get("title") or "未注明商品"}[by]


def within(period: Period | None, at: int) -> bool:
    return period is None or from_epoch_day(at // DAY_SECONDS) in period


def median_wait(waits: list[tuple[float, bool]]) -> float | None:
    """Kaplan–Meier, step by step."""
    share = 1.0
    for time in sorted({wait for wait, ended in waits if ended}):
        at_risk = sum(wait >= time for wait, _ in waits)
        share *= 1 - sum(wait == time and ended for wait, ended in waits) / at_risk
        if share <= 0.5 + 1e-12:
            return time
    return None


PERIODS = (None, Period(from_epoch_day(FIRST_DAY + 10), from_epoch_day(FIRST_DAY + 39)))


@pytest.mark.parametrize("by", [None, By.DAY, By.MONTH, By.PRODUCT], ids=str)
@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_shares(store: Store, by: By | None, period: Period | None) -> None:
    chosen = [row for row in REVIEWS if within(period, row["written_at"])]
    rows = {
        row.key: row.values
        for row in compute(store, Filter(period), by, ("review_count", *RATES, "review_distribution"))
    }
    keys = {key(by, row, row["written_at"]) for row in chosen}
    assert set(rows) == keys
    for one in keys:
        mine = [row for row in chosen if key(by, row, row["written_at"]) == one]
        rated = [row for row in mine if level(row)]
        assert rows[one]["review_count"].value == len(mine)
        for metric, wanted in RATES.items():
            got = rows[one][metric]
            assert (got.numerator or 0, got.denominator or 0) == (
                sum(level(row) == wanted for row in rated),
                len(rated),
            )
        distribution = rows[one]["review_distribution"].value
        assert distribution is None if not rated else sum(distribution.values()) == pytest.approx(1)  # type: ignore[union-attr]


def waits_of(origin: str, keep: Callable[[Row], bool]) -> list[tuple[Row, float, bool]]:
    end = (max(row["written_at"] for row in REVIEWS) // DAY_SECONDS + 1) * DAY_SECONDS
    found = []
    for order in ORDERS:
        start = order[origin]
        if start is None or start >= end or not keep(order):
            continue
        mine = [row for row in REVIEWS if row["order_id"] == order["order_id"]]
        own = [row["written_at"] for row in mine if not row["is_default"]]
        system = [row["written_at"] for row in mine if row["is_default"]]
        stop = min(own) if own else min([end, *system])
        found.append((order, max(0, stop - start), bool(own)))
    return found


@pytest.mark.parametrize("by", [None, By.DAY, By.MONTH], ids=str)
@pytest.mark.parametrize("period", PERIODS, ids=str)
def test_waits_for_a_review(store: Store, by: By | None, period: Period | None) -> None:
    metrics = ("review_delay", "review_delay_paid")
    rows = {row.key: row.values for row in compute(store, Filter(period), by, metrics)}
    for metric, origin, keep in (
        ("review_delay", "signed_at", lambda _order: True),
        ("review_delay_paid", "paid_at", lambda order: order["status"] != "已关闭" and order["paid_fen"] > 0),
    ):
        groups: dict[Any, list[tuple[float, bool]]] = {}
        for order, wait, ended in waits_of(origin, keep):
            if within(period, order["paid_at"]):
                groups.setdefault(key(by, order, order["paid_at"]), []).append((wait, ended))
        assert groups
        for one, waits in groups.items():
            got = rows[one][metric]
            assert (got.value, got.numerator) == (median_wait(waits), len(waits))
    value = rows[None]["review_delay"] if by is None else None
    if value is not None:
        assert value.variant == "从确认收货算起"
        assert value.n == len(
            [row for row in waits_of("signed_at", lambda _: True) if within(period, row[0]["paid_at"])]
        )


@pytest.mark.parametrize("hours", [24.0, 72.0])
def test_answers_to_bad_reviews(store: Store, hours: float) -> None:
    engine = MetricEngine(store, held=Held(windows=lambda: Windows(reply_hours=hours)))
    (row,) = engine.compute(Filter(), None, ("review_reply_rate", "review_reply_delay"))
    last = max(max(row["written_at"], row["replied_at"] or 0) for row in REVIEWS)
    bad = [row for row in REVIEWS if level(row) == "bad"]
    closed = [row for row in bad if row["written_at"] + hours * 3600 <= last]
    answered = [
        row for row in closed
        if row["reply_text"] and (row["replied_at"] is None or row["replied_at"] - row["written_at"] <= hours * 3600)
    ]  # fmt: skip
    rate = row.values["review_reply_rate"]
    assert (rate.numerator, rate.denominator) == (len(answered), len(closed))
    waits = [
        ((row["replied_at"] or last) - row["written_at"], row["replied_at"] is not None)
        for row in bad if row["replied_at"] is not None or not row["reply_text"]
    ]  # fmt: skip
    assert row.values["review_reply_delay"].value == median_wait(waits)


def test_payment_speaks_where_signing_is_not_told(tmp_path: Path) -> None:
    orders = [{"order_id": f"N{at}", "paid_at": START + at * 3600, "paid_fen": 100} for at in range(40)]
    reviews = [
        {"order_id": f"N{at}", "written_at": START + at * 3600 + 5 * DAY_SECONDS, "rating": 5} for at in range(30)
    ]
    with open_store(tmp_path) as store:
        load(store, record_plan("订单.xlsx", {"order_head": orders}, exported=datetime(2026, 5, 1)))
        (before,) = compute(store, Filter(), None, ("review_delay", "review_reply_rate"))
        assert before.values["review_delay"].value is None
        load(store, record_plan("评价.xlsx", {"review": reviews}, exported=datetime(2026, 5, 1)))
        (row,) = compute(store, Filter(), None, ("review_delay", "review_reply_rate"))
        delay = row.values["review_delay"]
        assert (delay.value, delay.n, delay.variant) == (5 * DAY_SECONDS, 40, "从付款算起（订单里没有确认收货时间）")
        assert row.values["review_reply_rate"].status is MetricStatus.NOT_PROVIDED
        assert row.values["review_reply_rate"].notes == ("评价文件里没有商家回复这一列",)


def test_no_bad_review_is_no_lack_of_the_file(tmp_path: Path) -> None:
    reviews = [{"review_id": f"R{at}", "written_at": START, "rating": 5, "reply_text": "好"} for at in range(3)]
    with open_store(tmp_path) as store:
        load(store, record_plan("评价.xlsx", {"review": reviews}, exported=datetime(2026, 5, 1)))
        (row,) = compute(store, Filter(), None, ("review_reply_rate",))
    value = row.values["review_reply_rate"]
    assert (value.value, value.status, value.notes) == (None, MetricStatus.NO_DATA, ("没有时限已过的差评",))


def test_half_has_not_reviewed_yet(tmp_path: Path) -> None:
    orders = [{"order_id": f"N{at}", "paid_at": START, "signed_at": START + 60} for at in range(40)]
    reviews = [{"order_id": f"N{at}", "written_at": START + 60 + DAY_SECONDS, "rating": 5} for at in range(19)]
    with open_store(tmp_path) as store:
        load(store, record_plan("订单.xlsx", {"order_head": orders}, exported=datetime(2026, 5, 1)))
        load(store, record_plan("评价.xlsx", {"review": reviews}, exported=datetime(2026, 5, 1)))
        (row,) = compute(store, Filter(), None, ("review_delay",))
        delay = row.values["review_delay"]
        assert (delay.value, delay.status) == (None, MetricStatus.NO_DATA)
        assert delay.notes == ("到目前写评价的不到一半，还没有中位数",)
