"""The coverage calendar in sentences and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from csdesk.analysis.coverage import Coverage, CoverageBook, coverage_answer, coverage_json, span_words
from csdesk.analysis.json import plain
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.ingest.load import load
from csdesk.store.database import Store
from tests.store.builders import at, record_plan, report_plan

TODAY = date(2026, 3, 12)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        yield opened


def report(store: Store, name: str, days: Sequence[date], *, shop: str = "甲店", value: float | None = 1.0) -> None:
    rows = [("小美", day, {"received": value}) for day in days]
    plan = report_plan(name, rows, exported=datetime(2026, 3, 12), shop=shop, platform=Platform.DOUYIN)
    plan.source, plan.layout = "feige", "feige_2026"
    load(store, plan, delays={})


def calendar(store: Store) -> Coverage:
    return CoverageBook(store, lambda: TODAY).calendar()


def march(*days: int) -> list[date]:
    return [date(2026, 3, day) for day in days]


def test_a_gap_is_said_with_the_place_to_export_from(store: Store) -> None:
    report(store, "一.xlsx", march(1, 2, 3, 7, 8, 9, 10, 11))
    (gap,) = calendar(store).gaps
    assert gap.text == "3 月 4–6 日缺 飞鸽 数据"
    assert gap.where == "飞鸽后台 → 数据 → 客服数据 → 导出", "of the kind of table this shop brought"


def test_several_shops_are_named_and_the_newest_gap_is_first(store: Store) -> None:
    report(store, "一.xlsx", march(1, 3, 11))
    report(store, "二.xlsx", march(9, 11), shop="乙店")
    assert [gap.text for gap in calendar(store).gaps] == [
        "乙店：3 月 10 日缺 飞鸽 数据", "甲店：3 月 4–10 日缺 飞鸽 数据", "甲店：3 月 2 日缺 飞鸽 数据",
    ]  # fmt: skip


def test_what_was_not_final_says_when_to_export_again(store: Store) -> None:
    day = TODAY - timedelta(days=1)
    plan = report_plan("赤兔.xlsx", [("小美", day, {"satisfaction_rate": None, "received": 3.0})],
                       exported=datetime(2026, 3, 12))  # fmt: skip
    load(store, plan)
    (gap,) = calendar(store).gaps
    assert gap.kind == "provisional"
    assert gap.text == "3 月 11 日的 赤兔 数据导出时还没定，等 3 天再导出一次"
    later = CoverageBook(store, lambda: TODAY + timedelta(days=3)).calendar()
    assert "3 月 11 日的 赤兔 数据导出时还没定，现在再导出一次就是最终数" in [gap.text for gap in later.gaps]


def test_a_source_no_longer_kept_is_one_sentence(store: Store) -> None:
    report(store, "一.xlsx", [date(2025, 11, 3)])
    load(store, record_plan("订单.csv", {"order_head": [{"order_id": "1", "created_at": at(22)}]}, shop="甲店",
                            platform=Platform.DOUYIN, exported=datetime(2026, 3, 11)))  # fmt: skip
    gaps = [gap for gap in calendar(store).gaps if gap.strip.source == "feige"]
    assert [(gap.kind, gap.text) for gap in gaps] == [("stopped", "2025 年 11 月 3 日之后没有再导入 飞鸽 数据")]


def test_states_of_days_and_what_brought_them(store: Store) -> None:
    report(store, "一.xlsx", march(1, 2, 4))
    report(store, "二.xlsx", march(4))
    (strip,) = calendar(store).strips
    states = [strip.state(to_epoch_day(day)) for day in [date(2026, 2, 28), *march(1, 3, 4, 11, 12)]]
    assert states == ["outside", "present", "missing", "present", "missing", "outside"]
    assert [one.name for one in strip.brought_by(to_epoch_day(date(2026, 3, 1)))] == ["一.xlsx"]


def test_json(store: Store) -> None:
    report(store, "一.xlsx", march(1, 2, 4, 11))
    answer = coverage_json(CoverageBook(store, lambda: TODAY).calendar(Filter()))
    (source,) = answer["sources"]  # type: ignore[misc]
    assert (source["shop"], source["platform"], source["source"]) == ("甲店", "douyin", "feige")
    assert source["days"]["present"] == [
        ["2026-03-01", "2026-03-02"], ["2026-03-04", "2026-03-04"], ["2026-03-11", "2026-03-11"],
    ]  # fmt: skip
    assert source["days"]["missing"] == [["2026-03-03", "2026-03-03"], ["2026-03-05", "2026-03-10"]]
    assert answer["gaps"][0] == {  # type: ignore[index]
        "text": "3 月 5–10 日缺 飞鸽 数据", "kind": "missing", "shop": "甲店", "source": "feige",
        "from": "2026-03-05", "to": "2026-03-10", "where": "飞鸽后台 → 数据 → 客服数据 → 导出",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 4), date(2026, 3, 4), "3 月 4 日"),
        (date(2026, 2, 27), date(2026, 3, 2), "2 月 27 日–3 月 2 日"),
        (date(2025, 3, 4), date(2025, 3, 6), "2025 年 3 月 4–6 日"),
        (date(2025, 12, 30), date(2026, 1, 2), "2025 年 12 月 30 日–2026 年 1 月 2 日"),
    ],
)
def test_spans_in_words(first: date, last: date, words: str) -> None:
    assert span_words(first, last, TODAY) == words


def test_nothing_imported(store: Store) -> None:
    found = calendar(store)
    assert (found.strips, found.gaps, found.first) == ((), (), None)


def test_missing_days_for_the_pages_without_those_given_up(store: Store) -> None:
    report(store, "一.xlsx", march(1, 2, 3, 7, 8, 9, 10, 11))
    book = CoverageBook(store, lambda: TODAY)
    (gap,) = book.missing()
    assert (gap.source, gap.period) == ("飞鸽", Period(date(2026, 3, 4), date(2026, 3, 6)))
    assert gap.counted
    assert (gap.head, gap.where, gap.platform) == ("", "飞鸽后台 → 数据 → 客服数据 → 导出", Platform.DOUYIN)
    assert book.missing() is book.missing()
    report(store, "二.xlsx", march(4, 5), shop="甲店")
    assert [gap.period for gap in book.missing()] == [Period.of_day(date(2026, 3, 6))]
    report(store, "三.xlsx", march(1, 11), shop="乙店")
    assert [gap.head for gap in book.missing()] == ["乙店：", "甲店："]


def test_a_source_given_up_long_ago_is_not_missed(store: Store) -> None:
    report(store, "老.xlsx", [date(2025, 11, day) for day in range(1, 9)])
    rows = [("小美", day, {"received": 1.0}) for day in march(10, 11)]
    load(store, report_plan("新.xlsx", rows, exported=datetime(2026, 3, 12), shop="甲店", platform=Platform.DOUYIN))
    assert "飞鸽" not in {gap.source for gap in CoverageBook(store, lambda: TODAY).missing()}


def test_the_overview_tells_the_calendar_of_its_shops(store: Store) -> None:
    report(store, "一.xlsx", march(1, 3, 11))
    report(store, "二.xlsx", march(9, 11), shop="乙店")
    book = CoverageBook(store, lambda: TODAY)
    whole = book.whole()
    assert book.whole() is whole
    told = plain(coverage_answer(whole, Filter()).value)
    assert [one["source"] for one in told["sources"]] == [strip.source for strip in whole.strips]
    assert told["gaps"] == [gap.text for gap in whole.gaps]
    strip = whole.strips[0]
    assert told["sources"][0]["days"] == coverage_json(whole)["sources"][0]["days"]  # type: ignore[index]
    one = plain(coverage_answer(whole, Filter(shops=(strip.shop_id,))).value)
    assert {source["shop"] for source in one["sources"]} == {strip.shop}
    nothing = plain(coverage_answer(whole, Filter(shops=(99,))).value)
    assert (nothing["sources"], nothing["text"]) == ([], "还没有数据。")
    quiet = plain(coverage_answer(whole, Filter(Period.of_day(date(2020, 1, 1)))).value)
    assert (quiet["gaps"], quiet["text"]) == ([], "没有缺的天。")
