"""评价口碑: what the page says of reviews that went into a store, and of few or none."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csdesk.analysis import reviews
from csdesk.analysis.frame import Compare, PageRequest, PageResult
from csdesk.analysis.json import plain
from csdesk.analysis.pages import PAGES
from csdesk.analysis.reply_queue import ReplyQueue, Unanswered, queue_table, reply_queue
from csdesk.analysis.review_products import by_product
from csdesk.analysis.review_timing import SIGNED, Split, best_day, timing
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine
from csdesk.metrics.targets import Target, Targets
from csdesk.stats.survival import kaplan_meier, log_rank
from csdesk.store.database import open_store
from tests.fake_engine import FakeEngine
from tests.row_tables import rows_made
from tests.store.builders import DAY_SECONDS, FIRST_DAY, record_plan, session_plan

Row = dict[str, Any]
NOON = FIRST_DAY * DAY_SECONDS + 43_200


@contextmanager
def page(folder: Path, records: dict[str, list[Row]], sessions: list[Row] | None = None) -> Iterator[PageResult]:
    with open_store(folder) as store:
        for kind, rows in records.items():
            load(store, record_plan(f"{kind}.xlsx", {kind: rows}, exported=datetime(2026, 6, 1), chunk_rows=100))
        if sessions:
            load(store, session_plan("会话.xlsx", sessions, exported=datetime(2026, 6, 1), chunk_rows=100))
        with store.reading() as conn:
            yield reviews.compute(MetricEngine(conn), PageRequest(Filter()))


def shop(seed: int = 1, size: int = 300) -> tuple[dict[str, list[Row]], list[Row]]:
    chance = random.Random(seed)
    orders, written, sessions = [], [], []
    for number in range(size):
        paid = NOON + number * 7200
        signed = paid + 3 * DAY_SECONDS
        orders.append({"order_id": f"N{number}", "paid_at": paid, "signed_at": signed, "paid_fen": 9900})
        if chance.random() < 0.5:
            sessions.append(
                {
                    "session_key": f"S{number}", "agent": "小美", "started_at": paid - 600, "order_id": f"N{number}",
                    "invited": int(chance.random() < 0.5), "category": chance.choice(("物流", "尺码")),
                }
            )  # fmt: skip
        if chance.random() < 0.7:
            bad = chance.random() < 0.1
            written.append(
                {
                    "review_id": f"R{number}", "order_id": f"N{number}", "title": chance.choice(("杯", "伞")),
                    "written_at": signed + int(chance.expovariate(1 / 3) * DAY_SECONDS), "rating": 1 if bad else 5,
                    "is_default": int(not bad and chance.random() < 0.3),
                    "reply_text": "抱歉" if bad and chance.random() < 0.5 else None,
                }
            )  # fmt: skip
    return {"order_head": orders, "review": written}, sessions


def test_a_shop(tmp_path: Path) -> None:
    records, sessions = shop()
    written = records["review"]
    with page(tmp_path, records, sessions) as result:
        assert result.empty is None
        assert [chart.id for chart in result.charts] == list(PAGES["reviews"].charts)
        assert all(chart.series for chart in result.charts)
        bad = [row for row in written if row["rating"] == 1]
        waiting = [row for row in bad if not row["reply_text"]]
        queue = plain(result.answer("reply_queue"))
        assert (queue["bad"], queue["count"], len(queue["items"])) == (len(bad), len(waiting), len(waiting))
        oldest = min(waiting, key=lambda row: row["written_at"])
        assert (queue["items"][0]["review"], queue["items"][0]["order"]) == (oldest["review_id"], oldest["order_id"])
        defaults = plain(result.answer("default_reviews"))
        assert defaults["count"] == sum(row["is_default"] for row in written)
        assert defaults["n_without"] == len(written) - defaults["count"]
        assert defaults["negative_rate_without"] == pytest.approx(len(bad) / defaults["n_without"])
        items = plain(result.answer("by_product"))["items"]
        assert {item["product"]: item["n"] for item in items} == {
            name: sum(row["title"] == name for row in written) for name in ("杯", "伞")
        }
        assert {item["verdict"] for item in items} == {"no_clear_difference"}
        delay = plain(result.answer("delay"))
        assert delay["origin"] == "signed"
        assert [group["by"] for group in delay["groups"]] == ["invited", "category"]
        sizes = {curve["key"]: curve["n"] for curve in delay["groups"][0]["curves"]}
        assert (
            sizes["邀过评"] + sizes["没邀评"]
            == delay["groups"][1]["curves"][0]["n"] + delay["groups"][1]["curves"][1]["n"]
        )
        assert "条还没回复" in result.lead_text
        assert result.chart("reviews.levels").series[0].points[0].role == "good"


def test_no_word_of_a_review_is_told(tmp_path: Path) -> None:
    row = {"review_id": "R1", "written_at": NOON, "rating": 1, "text": "太差了", "reply_text": None, "order_id": "N1"}
    with page(tmp_path, {"review": [row]}) as result:
        assert "太差了" not in str(result)
        assert plain(result.answer("reply_queue"))["count"] == 1
        assert plain(result.answer("delay"))["text"].startswith("还算不出多久写评价")
        assert result.kpis[1].status_text == "样本不足，只供参考"


def test_nothing_at_all(tmp_path: Path) -> None:
    with page(tmp_path, {}) as result:
        assert result.empty is not None
        assert result.empty.title == "还没有商品评价"
    assert reviews.compute(FakeEngine([]), PageRequest(Filter(), Compare.NONE)).empty is not None


def test_all_good_and_no_answers_told() -> None:
    rows = rows_made("review", [{"day": 1, "rating": 5.0, "product": "杯"} for _ in range(40)])
    assert reply_queue(rows).text == "没有差评。"
    assert by_product(rows).items[0].verdict == "no_clear_difference"
    bad = rows_made("review", [{"day": 1, "rating": 1.0, "written_at": 86_400.0}])
    assert (reply_queue(bad).status, reply_queue(bad).bad) == ("not_provided", 1)
    defaults = reviews.default_reviews(rows_made("review", [{"day": 1, "rating": 5.0, "is_default": 1.0}]))
    assert (defaults.share, defaults.n_without, defaults.positive_rate_without) == (1.0, 0, None)


def test_answers_are_counted_where_files_tell_them() -> None:
    one = {"day": 1, "rating": 1.0, "written_at": 86_400.0}
    told = [{**one, "reply_told": 1.0, "replied": replied} for replied in (0.0, 1.0)]
    silent = [{**one, "reply_told": 0.0, "replied": 0.0}] * 3
    rows = rows_made("review", [*told, *silent])
    queue = reply_queue(rows)
    assert (queue.bad, queue.told, queue.count) == (5, 2, 1)
    assert queue.text.startswith("5 条差评里有 2 条看得出回没回复，其中 1 条还没回复，")


def test_no_review_at_all_has_its_own_words() -> None:
    none = rows_made("review", [])
    assert (reply_queue(none).text, by_product(none).text) == ("没有评价。", "没有评价。")


def test_orders_no_review_fits_are_said_to_be_so() -> None:
    never = {
        "review_wait": lambda rows: np.full(rows.size, 9.0 * DAY_SECONDS),
        "review_came": lambda rows: np.zeros(rows.size),
    }
    found = timing(rows_made("order_head", [{"day": 1}] * 40, measures=never), SIGNED)
    assert found is not None
    assert found.text == "从确认收货算起，到现在一个评价也没有（40 个订单）。评价里要有订单编号，才对得上订单。"


@pytest.mark.parametrize("review", ["R1", None])
def test_review_numbers_have_a_column_where_files_give_them(review: str | None) -> None:
    waiting = Unanswered(review, "N1", "杯", 1, date(2026, 3, 1), 80.0, late=True)
    table = queue_table(ReplyQueue("ok", "", 72.0, 1, 1, 1, (waiting,)))
    titles = [column.title for column in table.columns]
    assert ("评价编号" in titles) == (review is not None)
    assert dict(zip(titles, table.rows[0], strict=True))["星级"] == 1


def test_the_one_bad_product_is_found() -> None:
    def many(product: str, bad: int, good: int) -> list[Row]:
        return [{"day": 1, "product": product, "rating": 1.0 if at < bad else 5.0} for at in range(bad + good)]

    rows = [*many("坏", 20, 80), *many("少", 3, 5)]
    for at in range(20):
        rows += many(f"好{at}", 2, 98)
    found = by_product(rows_made("review", rows))
    worst = found.items[0]
    assert (worst.product, worst.n, worst.bad, worst.verdict) == ("坏", 100, 20, "more_bad")
    assert worst.others == pytest.approx(43 / 2008)
    verdicts = {item.product: item.verdict for item in found.items}
    assert verdicts["少"] == "too_few"
    assert {verdicts[f"好{at}"] for at in range(20)} == {"no_clear_difference"}
    assert found.text.startswith("差评率比其他商品高、不像是偶然的：坏（20/100，20.0%）")


@pytest.mark.parametrize("seed", range(3))
def test_curves_are_those_of_kaplan_and_meier(seed: int) -> None:
    random_numbers = np.random.default_rng(seed)
    waits = random_numbers.exponential(6, 400) * DAY_SECONDS
    ended = random_numbers.random(400) < 0.7
    group = random_numbers.integers(0, 2, 400)
    rows = rows_made(
        "order_head",
        [{"day": 1, "wait": float(wait), "came": float(end)} for wait, end in zip(waits, ended, strict=True)],
        measures={"review_wait": lambda rows: waits[: rows.size], "review_came": lambda rows: ended[: rows.size] * 1.0},
    )
    found = timing(rows, SIGNED, [Split("group", "组", group, ("甲", "乙"))])
    assert found is not None
    days = np.floor(waits / DAY_SECONDS)
    curve = kaplan_meier(days, ended)
    assert [step.rated for step in found.curve.steps] == pytest.approx(1 - curve.survival)
    assert [step.waiting for step in found.curve.steps] == list(curve.at_risk)
    assert found.curve.by_day[7] == pytest.approx(1 - curve.at(6))
    assert found.curve.median_days == pytest.approx(kaplan_meier(waits, ended).quantile(0.5) / DAY_SECONDS)  # type: ignore[operator]
    want = log_rank([(days[group == one], ended[group == one]) for one in (0, 1)])
    assert found.groups[0].p == pytest.approx(want)


def test_the_best_day_only_where_it_stands_out() -> None:
    def curve(waits: list[int]) -> Any:
        known = np.array(waits, dtype=float) * DAY_SECONDS + 60
        measures = {
            "review_wait": lambda rows: known[: rows.size],
            "review_came": lambda rows: (known[: rows.size] < 20 * DAY_SECONDS) * 1.0,
        }
        rows = rows_made("order_head", [{"day": 1} for _ in waits], measures=measures)
        found = timing(rows, SIGNED)
        assert found is not None
        return found.curve

    even = [day for day in range(20) for _ in range(round(1000 * 0.9**day * 0.1))] + [20] * 120
    assert best_day(curve(even)) is None
    step = best_day(curve([*([3] * 300), *even]))
    assert step is not None
    assert step.day == 3


def test_a_target_of_good_reviews(tmp_path: Path) -> None:
    """172 good, 12 bad: 56 good ones are missing to 95 %."""
    rows = [{"review_id": f"R{at}", "written_at": NOON, "rating": 5 if at < 172 else 1} for at in range(184)]
    target = Target("positive_review_rate", Fraction(95, 100), "自己定的", own=True)
    request = PageRequest(Filter(), targets=Targets({"positive_review_rate": target}))
    with open_store(tmp_path) as store:
        load(store, record_plan("评价.xlsx", {"review": rows}, exported=datetime(2026, 6, 1), chunk_rows=100))
        with store.reading() as conn:
            result = reviews.compute(MetricEngine(conn), request)
    (entry,) = plain(result.answer("missing_good"))["platforms"]
    assert (entry["month"]["good"], entry["month"]["bad"], entry["month"]["missing"]) == (172, 12, 56)
    assert "好评率 93.5%（172/184）" in result.attention[0].text


def test_another_period_counts_its_own_reviews(tmp_path: Path) -> None:
    records, _ = shop()
    with open_store(tmp_path) as store:
        load(
            store,
            record_plan("评价.xlsx", {"review": records["review"]}, exported=datetime(2026, 6, 1), chunk_rows=100),
        )
        period = Period(from_epoch_day(FIRST_DAY + 5), from_epoch_day(FIRST_DAY + 9))
        inside = [row for row in records["review"] if from_epoch_day(row["written_at"] // DAY_SECONDS) in period]
        with store.reading() as conn:
            result = reviews.compute(MetricEngine(conn), PageRequest(Filter(period)))
        assert result.kpis[0].value.value == len(inside)
        assert plain(result.answer("reply_queue"))["bad"] == sum(row["rating"] == 1 for row in inside)
