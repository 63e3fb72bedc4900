"""Answers every page needs: the trend in numbers, ratings level by level, and why a list is empty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from csdesk.analysis import agents, invites, response, satisfaction
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Grain, PageRequest
from csdesk.analysis.json import page_json
from csdesk.analysis.pages import compute_page
from csdesk.analysis.rating_shares import levels_answer
from csdesk.analysis.trend_answer import trend_answer
from csdesk.analysis.why_empty import why_empty
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.model import By, MetricPart, MetricRow, MetricStatus, MetricValue, Unit
from tests.fake_engine import Cell, FakeEngine

WEEKS = Period(date(2026, 11, 2), date(2026, 11, 15))
COUNTS = {"received": 100, "ratings": 20, "happy": 19}


def cells(**more: Any) -> list[Cell]:
    return [Cell(day, counts=dict(COUNTS), **more) for day in WEEKS]


def test_trend_step_by_step_with_its_samples() -> None:
    request = PageRequest(Filter(WEEKS), grain=Grain.WEEK)
    facts = Facts(FakeEngine(cells()), request, ("received", "satisfaction_rate", "invite_rate"))
    first, second = trend_answer(facts, ("satisfaction_rate", "invite_rate")).value  # type: ignore[misc]
    assert first == {
        "first": WEEKS.first, "last": date(2026, 11, 8), "satisfaction_rate": 0.95, "n": {"satisfaction_rate": 140},
    }  # fmt: skip
    assert second["last"] == WEEKS.last
    assert trend_answer(facts, ("invite_rate",)).value == []


def test_a_survey_of_a_few_is_no_trend_of_what_the_platform_counts_by_the_week() -> None:
    class Weekly(FakeEngine):
        """Reports by the week; day by day only a survey speaks."""

        def __call__(self, *asked: Any, bare: bool = False) -> list[MetricRow]:
            rows = super().__call__(*asked, bare=bare)
            source = "surveys" if len(asked) > 1 and asked[1] is By.DAY else "feige"
            return [
                replace(row, values={metric: replace(one, sources=(source,)) for metric, one in row.values.items()})
                for row in rows
            ]

    assert Facts(Weekly(cells()), PageRequest(Filter(WEEKS)), ("satisfaction_rate",)).trend.grain is Grain.WEEK
    asked = PageRequest(Filter(WEEKS), grain=Grain.DAY)
    assert Facts(Weekly(cells()), asked, ("satisfaction_rate",)).trend.grain is Grain.DAY
    assert Facts(FakeEngine(cells()), PageRequest(Filter(WEEKS)), ("satisfaction_rate",)).trend.grain is Grain.DAY


def test_levels_of_one_platform_and_of_two() -> None:
    counts = {"很满意": 15.0, "满意": 4.0, "一般": 1.0, "不满": 0.0, "很不满": 0.0}
    value = MetricValue(
        "rating_distribution", Unit.DISTRIBUTION, {level: count / 20 for level, count in counts.items()},
        MetricStatus.OK, counts=counts, n=20,
    )  # fmt: skip
    one: Any = levels_answer(value).value
    assert one["platforms"][0]["counts"] == counts
    assert one["text"] == "20 个评价，很满意 75.0%、满意 20.0%、一般 5.0%、不满 0%、很不满 0%。"
    parts = (
        MetricPart("taobao", {"很满意": 1.0}, None, 8.0, ""),
        MetricPart("douyin", {"好评": 0.75, "差评": 0.25}, None, 4.0, ""),
    )
    both: Any = levels_answer(
        replace(value, value=None, status=MetricStatus.NOT_SUMMABLE, counts={}, parts=parts)
    ).value
    assert [entry["counts"] for entry in both["platforms"]] == [{"很满意": 8.0}, {"好评": 3.0, "差评": 1.0}]
    assert both["text"] == "淘宝：8 个评价，很满意 100%；抖店：4 个评价，好评 75.0%、差评 25.0%。"
    nothing: Any = levels_answer(None).value
    assert nothing == {"platforms": [], "text": "还没有评价的分档数据。"}


def test_reasons_for_what_is_empty_alone() -> None:
    found = why_empty((Answer("one", ()), Answer("two", (1,)), Answer("three", {})), {"one": "没有", "two": "没有"})
    assert [one.id for one in found] == ["one", "two", "three", "why_empty"]
    assert found[-1].value == {"one": "没有"}


@pytest.mark.parametrize("page", [invites, satisfaction, response, agents])
def test_no_list_is_empty_without_its_reason(page: Any) -> None:
    made = page_json(page.compute(FakeEngine([]), PageRequest(Filter(WEEKS))), {})
    promised = {
        "page",
        "filter",
        "kpis",
        "decompositions",
        "attention",
        "findings",
        "charts",
        "notes",
        "summary_sentences",
    }
    silent = [
        key for key, value in made.items()
        if value in ([], {}) and key not in {*promised, "why_empty", "slices"} and key not in made["why_empty"]
    ]  # fmt: skip
    assert silent == []
    assert all(reason.endswith("。") for reason in made["why_empty"].values())


class TwoShops(FakeEngine):
    """One shop for each name of an agent."""

    def __call__(self, *asked: Any, bare: bool = False) -> list[MetricRow]:
        if len(asked) > 1 and asked[1] is By.SHOP:
            return super().__call__(asked[0], By.AGENT, *asked[2:], bare=bare)
        return super().__call__(*asked, bare=bare)


def test_sums_of_several_shops_are_compared_only_where_each_has_as_many_days() -> None:
    both = [*WEEKS.previous(), *WEEKS]
    old = [Cell(day, "旗舰店", counts=dict(COUNTS)) for day in both]
    whole = [*old, *(Cell(day, "二号店", counts=dict(COUNTS)) for day in both)]
    part = [*old, *(Cell(day, "二号店", counts=dict(COUNTS)) for day in WEEKS)]
    request = PageRequest(Filter(WEEKS), shops=2)

    def received(cells: list[Cell], asked: PageRequest = request) -> tuple[Any, tuple[str, ...]]:
        page = invites.compute(TwoShops(cells), asked)
        return page.kpis[0].change, page.notes

    change, notes = received(whole)
    assert (change.verdict, change.low is None) == ("no_clear_change", False)
    assert notes == ()
    change, notes = received(part)
    assert (change.verdict, change.low, change.note) == ("no_data", None, "和上期的天数不同")
    assert change.detail.startswith("二号店这段有 14 天的数据，上期 0 天")
    assert notes == ("接待量：二号店这段有 14 天的数据，上期 0 天；合计和上期的差别里含这一点，请分店看。",)
    assert received([one for one in whole if one.day in WEEKS])[1] == ()  # nothing before at all: no shop stands out
    change, notes = received(part, replace(request, shops=1))  # nobody asks shop by shop then
    assert change.verdict == "up"
    timed = [replace(one, response=20) for one in part]
    (note, *_rest) = response.compute(TwoShops(timed), request).notes
    assert "二号店" in note


def test_a_chart_without_anything_says_what_there_is_none_of() -> None:
    unrated = [Cell(day, counts={**COUNTS, "ratings": 0, "happy": 0}) for day in WEEKS]
    request = PageRequest(Filter(WEEKS))
    page = satisfaction.compute(FakeEngine(unrated, sources=("sessions",)), request)
    for chart in ("satisfaction.trend", "satisfaction.agents"):
        assert page.chart(chart).empty == "这段时间没有满意率的数据。"
        assert page.chart(chart).subtitle == ""  # nothing is drawn that it could explain
    untold = satisfaction.compute(FakeEngine([Cell(day, counts={"received": 9}) for day in WEEKS]), request)
    assert untold.chart("satisfaction.trend").empty.startswith("没有分天的数据")
    assert untold.chart("satisfaction.agents").empty.startswith("还没有分客服的满意率")

    class Robots(FakeEngine):
        def __call__(self, *asked: Any, bare: bool = False) -> list[MetricRow]:
            return [replace(row, kind="robot") for row in super().__call__(*asked, bare=bare)]

    robots = satisfaction.compute(Robots(cells()), request)
    assert robots.chart("satisfaction.agents").empty == "只有机器人、主账号或共用账号，没有客服可比。"


def test_sums_of_a_group_are_compared_only_where_each_of_its_people_has_as_many_days() -> None:
    both = [*WEEKS.previous(), *WEEKS]
    idle = [Cell(day, "小白", counts={"received": 0.0}) for day in both]  # the whole is told of on all days
    whole = [*idle, *(Cell(day, "小美", counts=dict(COUNTS)) for day in both)]
    part = [*idle, *(Cell(day, "小美", counts=dict(COUNTS)) for day in [*both[9:14], *WEEKS])]
    request = PageRequest(Filter(WEEKS, groups=("早班",)))

    def received(cells: list[Cell], asked: PageRequest = request) -> tuple[Any, tuple[str, ...]]:
        page = invites.compute(FakeEngine(cells), asked)
        return page.kpis[0].change, page.notes

    assert received(whole)[0].low is not None
    assert received(whole)[1] == ()
    change, notes = received(part)
    assert (change.verdict, change.low, change.note) == ("no_data", None, "和上期的天数不同")
    assert notes[0] == "接待量：小美这段有 14 天的数据，上期 5 天；合计和上期的差别里含这一点，请分客服看。"
    new = [*idle, *(Cell(day, "小美", counts=dict(COUNTS)) for day in WEEKS)]
    assert received(new)[1] == ()  # who came new has nothing before


def test_orders_are_nobodys() -> None:
    """With a person chosen the page of orders says how to see them, not that there are none."""
    cells = [Cell(day, "小美", {"inquiries": 50.0, "paying": 20.0}) for day in WEEKS]
    engine = FakeEngine(cells, not_provided=("paid_orders", "paid_amount", "refund_rate", "repurchase_rate"))
    page = compute_page("customers", engine, PageRequest(Filter(WEEKS, agents=(1,))))
    assert page.lead_text.startswith("订单不分客服：在上面选“全部客服”，就能看到。")
    assert page.chart("customers.trend").empty == "订单不分客服：在上面选“全部客服”，就能看到。"
    assert {kpi.status_text for kpi in page.kpis if kpi.metric in {"paid_orders", "refund_rate"}} == {"订单不分客服"}
    empty = compute_page("reviews", FakeEngine([]), PageRequest(Filter(WEEKS, agents=(1,)))).empty
    assert empty is not None
    assert "改选“全部客服”" in empty.text
