"""Orders, refunds, reviews and what is noted after a talk: files that agree with the sessions and with each other."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from csdesk.analysis.frame import Compare, PageRequest
from csdesk.bootstrap import Services
from csdesk.demo import generate
from csdesk.demo.cast import load_cast
from csdesk.demo.goods import load_goods
from csdesk.demo.orders import Order, simulate_orders
from csdesk.demo.simulate import simulate
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import Status
from csdesk.metrics.model import MetricStatus, MetricValue

AGENTS, DAYS, SEED = 3, 60, 5
LAST_DAY = date(2026, 11, 21)
WHOLE = Period(LAST_DAY - timedelta(days=DAYS - 1), LAST_DAY)
UNTIL = datetime(2026, 11, 21, 23, 59, 59)
PRIVATE = ("13800000000", "示例路", "示例买家", "示例密文", "demo@example.com")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return generate(tmp_path_factory.mktemp("demo"), agents=AGENTS, days=DAYS, seed=SEED, last_day=LAST_DAY)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    services = Services(tmp_path_factory.mktemp("data"))
    plans = services.add_demo(agents=AGENTS, days=DAYS, seed=SEED, last_day=LAST_DAY)
    assert [(plan.path, plan.message) for plan in plans if plan.status is not Status.IMPORTED or plan.problems] == []
    yield services
    services.close()


@pytest.fixture(scope="module")
def orders() -> dict[Platform, list[Order]]:
    cast = load_cast(AGENTS)
    return {
        shop.platform: simulate_orders(
            cast, load_goods(), simulate(cast, shop, WHOLE, SEED), UNTIL, random.Random(f"{SEED}/{shop.platform}/after")
        )
        for shop in cast.shops
    }


def rows(files: list[Path], word: str) -> list[dict[str, Any]]:
    """All rows of the files with ``word`` in the name, by header."""
    found: list[dict[str, Any]] = []
    for path in files:
        if word not in path.name:
            continue
        if path.suffix == ".csv":
            encoding = "gb18030" if word != "抖店订单" else "utf-8-sig"
            with path.open(encoding=encoding, newline="") as file:
                found += csv.DictReader(file)
        else:
            head, *rest = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
            found += [dict(zip(head, row, strict=True)) for row in rest]
    assert found, word
    return found


def listed(files: list[Path]) -> dict[str, dict[str, Any]]:
    return {row["订单编号"].strip('="'): row for row in rows(files, "ExportOrderList")}


def test_orders_are_those_the_sessions_led_to(files: list[Path]) -> None:
    orders = listed(files)
    paid = [row for row in rows(files, "会话明细") if row["订单编号"]]
    known = [row for row in paid if str(row["订单编号"]) in orders]
    assert len(known) == len(paid) > 300
    for row in known:
        order = orders[str(row["订单编号"])]
        assert float(order["买家实际支付金额"]) == pytest.approx(float(row["支付金额"]))
        assert order["买家会员名"] == row["买家昵称"]
        assert order["订单创建时间"] > str(row["开始时间"])


def test_lines_add_up_to_their_orders(files: list[Path]) -> None:
    sums: dict[str, float] = {}
    for line in rows(files, "千牛子订单"):
        sums[line["主订单编号"]] = sums.get(line["主订单编号"], 0.0) + line["买家实付金额"]
    orders = listed(files)
    assert sums.keys() == orders.keys()
    assert all(sums[key] == pytest.approx(float(row["买家实际支付金额"])) for key, row in orders.items())


def test_both_order_files_say_the_same(files: list[Path]) -> None:
    orders = listed(files)
    for row in rows(files, "千牛主订单"):
        same = orders[row["订单编号"]]
        assert row["买家实付金额"] == pytest.approx(float(same["买家实际支付金额"]))
        assert row["订单状态"].replace(",", "，") == same["订单状态"]
        assert (row["退款金额"] == "无退款申请") == (float(same["退款金额"]) == 0)


def test_refunds_and_reviews_belong_to_orders_and_come_after(files: list[Path]) -> None:
    orders = listed(files)
    for refund in rows(files, "退款单"):
        order = orders[refund["订单编号"]]
        assert 0 < refund["买家退款金额"] <= float(order["买家实际支付金额"])
        assert str(refund["退款的申请时间"]) > order["订单付款时间 "]
    reviews = rows(files, "评论数据")
    for review in reviews:
        written = review["时间"].removeprefix("初次评价: ")
        assert orders[review["订单编号"]]["确认收货时间"] < written <= str(UNTIL)
    assert {review["评分"] for review in reviews} == {"好评", "中评", "负面评价"}
    assert any(review["评价内容"] == "此用户没有填写评价。" for review in reviews)


def test_invitations_are_those_of_the_sessions(files: list[Path]) -> None:
    invited = {f"Y{row['会话ID']}": row["评分"] for row in rows(files, "会话明细") if row["是否邀评"] == "是"}
    written = rows(files, "邀评记录")
    told = [row for row in written if row["邀评编号"] in invited]
    assert len(told) > 300
    assert all(str(row["邀评时间"]) > "2026-11-19" for row in written if row not in told)  # no sessions exported yet
    assert all(float(row["评分"]) == float(invited[row["邀评编号"]]) for row in told if row["评分"] != "")


def test_buyers_come_back(files: list[Path]) -> None:
    buyers = [row["买家会员名"] for row in listed(files).values()]
    assert 0.05 < 1 - len(set(buyers)) / len(buyers) < 0.6


def whole(services: Services, platform: Platform) -> dict[str, MetricValue]:
    return services.metrics(Filter(WHOLE, platform))[0].values


@pytest.mark.parametrize("platform", [Platform.TAOBAO, Platform.DOUYIN])
def test_the_engine_counts_what_was_played(
    services: Services, orders: dict[Platform, list[Order]], platform: Platform
) -> None:
    found, played = whole(services, platform), orders[platform]
    paid = [order for order in played if order.paid is not None]
    reviews = [order.review for order in played if order.review is not None]
    assert found["paid_orders"].value == len(paid)
    assert found["paid_amount"].value == sum(order.paid_fen for order in paid)
    assert found["review_count"].value == len(reviews)
    assert found["negative_review_rate"].value == pytest.approx(sum(one.rating <= 2 for one in reviews) / len(reviews))
    assert found["nps"].value is not None
    assert found["complaints"].value
    assert found["accuracy_rate"].value is not None


def test_surveys_do_not_stand_in_for_ratings_that_platforms_count_differently(services: Services) -> None:
    found = services.metrics(Filter(WHOLE))[0].values["rating_distribution"]
    assert (found.value, found.status) == (None, MetricStatus.NOT_SUMMABLE)
    assert {part.key for part in found.parts} == {"taobao", "douyin"}


def test_a_median_nobody_reached_is_not_called_missing_data(services: Services) -> None:
    page = services.page("reviews", PageRequest(Filter(WHOLE), Compare.NONE))
    card = next(kpi for kpi in page.kpis if kpi.metric == "review_delay")
    assert (card.value.value, card.status_text) == (None, "写评价的还不到一半")


def test_nothing_personal_is_kept(services: Services, files: list[Path], tmp_path: Path) -> None:
    written = b"".join(path.read_bytes() for path in files if path.suffix == ".csv")
    assert any(word.encode("gb18030") in written for word in PRIVATE)
    with services.store.reading() as conn:
        kept = "\n".join(conn.iterdump())
    assert [word for word in PRIVATE if word in kept] == []


@pytest.mark.parametrize(("agents", "days"), [(1, 1), (2, 4)])
def test_short_examples_write_no_empty_tables(tmp_path: Path, agents: int, days: int) -> None:
    for path in generate(tmp_path, agents=agents, days=days, last_day=LAST_DAY):
        if path.suffix == ".xlsx":
            assert len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()) > 1, path.name
