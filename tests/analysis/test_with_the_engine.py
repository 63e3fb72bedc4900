"""The pages on the real metric engine, over reports and session rows written by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from csdesk.analysis.frame import Grain, PageRequest, PageResult
from csdesk.analysis.pages import PAGES, compute_page
from csdesk.charts.notes import metrics_of
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.model import By, MetricRow
from tests.fake_engine import FakeEngine
from tests.metrics.world import DELAYED, DOUYIN_SHOP, MONDAY, World

WEEK = Period(MONDAY + timedelta(days=7), MONDAY + timedelta(days=13))


def taobao() -> World:
    """Two weeks of 接待评价 by day and one 赤兔 report an agent and week; the last day is 延迟统计."""
    world = World()
    for day in range(14):
        last = day == 13
        world.report(
            "sycm", 0, day, received=100, first_response=20,
            invites_sent__invited=DELAYED if last else 60 + (day > 6) * 10,
            ratings_received__invited=DELAYED if last else 15, ratings_received__self=DELAYED if last else 2,
            ratings_received=DELAYED if last else 17,
            **{f"rated_{5 - at}__invited": DELAYED if last else n for at, n in enumerate((10, 4, 1, 0, 0))},
            **{f"rated_{5 - at}__self": DELAYED if last else n for at, n in enumerate((1, 0, 0, 0, 1))},
        )  # fmt: skip
    for first in (0, 7):
        world.report("chitu", 10, first, first + 6, received=400, participation_rate=0.25, shown_rate=0.6, rated_5=50,
                     rated_4=8, rated_3=1, rated_2=1, rated_1=0)  # fmt: skip
        world.report("chitu", 11, first, first + 6, received=30, participation_rate=0.25, shown_rate=0.6, rated_5=4,
                     rated_4=1, rated_3=0, rated_2=0, rated_1=0)  # fmt: skip
    return world


def both_platforms() -> World:
    world = taobao()
    for day in range(14):
        world.report("feige", 20, day, shop=DOUYIN_SHOP, received_sessions=50, ratings_good=18, ratings_bad=2)
    return world


class Built(FakeEngine):
    """The real engine's rows over facts that are made anew for every question."""

    def __init__(self, build: Callable[[], World]) -> None:
        super().__init__([])
        self._build = build

    def __call__(
        self, selection: Filter, by: By | None = None, metrics: Sequence[str] | None = None, /, *, bare: bool = False
    ) -> list[MetricRow]:
        del bare
        world = self._build()
        if selection.period is not None:
            first, last = selection.period.first - MONDAY, selection.period.last - MONDAY
            world.during(first.days, last.days)
        return world.rows(by, *(metrics or ()))


def page(name: str, build: Callable[[], World], period: Period | None = WEEK) -> PageResult:
    return compute_page(name, Built(build), PageRequest(Filter(period)))


def test_invites_of_a_review_export() -> None:
    result = page("invites", taobao)
    assert result.empty is None
    kpis = {kpi.metric: kpi for kpi in result.kpis}
    assert kpis["invite_rate"].value.value == pytest.approx(420 / 600)
    assert kpis["invite_rate"].change is not None
    assert kpis["invite_rate"].change.verdict == "up"
    funnel = result.chart("invites.funnel")
    assert [p.y for p in funnel.series[0].points] == [600, 420, 90, 84]
    trend = result.chart("invites.trend")
    assert result.grain is Grain.DAY
    assert trend.series[0].points[0].y == pytest.approx(0.7)
    assert trend.series[0].points[6].y is None
    assert [mark.kind for mark in trend.marks if mark.kind == "provisional"] == ["provisional"]
    agents = result.chart("invites.agents")
    assert agents.categories == ("小美", "小王")
    assert [p.muted for p in agents.series[0].points] == [False, True]
    groups = result.chart("invites.groups")
    assert groups.series[1].points[0].y == pytest.approx(6 / 12)
    assert result.lead_text.startswith("02-23 至 03-01 这 7 天每 100 位接待的买家，客服邀请了 70 位评价，15 位给了评价")


def test_a_week_cut_by_the_span_is_no_dip_in_the_line_of_a_card() -> None:
    span = Period(WEEK.first - timedelta(days=2), WEEK.last)
    result = compute_page("overview", Built(taobao), PageRequest(Filter(span), grain=Grain.WEEK))
    kpis = {kpi.metric: kpi for kpi in result.kpis}
    assert kpis["received"].value.value == 900
    assert kpis["received"].sparkline == ()  # one whole week is no line
    marks = result.chart("overview.received").marks
    assert [(mark.label, mark.first) for mark in marks if mark.kind == "provisional"] == [("只有 2 天", 0)]


def test_robots_are_shown_but_never_ranked() -> None:
    def with_robot() -> World:
        world = taobao()
        world.report("chitu", 12, 7, 13, received=900, participation_rate=0.3, shown_rate=0.6, rated_5=160,
                     rated_4=1, rated_3=0, rated_2=0, rated_1=1)  # fmt: skip
        world.facts.names[12] = "店小蜜"
        world.facts.kinds[12] = "robot"
        return world

    result = page("invites", with_robot)
    chart = result.chart("invites.agents")
    assert chart.categories == ("小美", "小王")
    assert chart.footnote == "不排名：店小蜜（机器人）。"
    table = result.tables[0].table
    assert table.columns[1].title == "类型"
    assert table.rows[0][:2] == ("店小蜜", "机器人")


def test_only_days_nothing_speaks_for_are_noted() -> None:
    notes = page("invites", taobao).notes
    assert notes == ("生意参谋 2026-03-01 没有计入（延迟统计，数值还没出）：邀评率、评价率、满意率。",)


def test_two_platforms_are_not_mixed_silently() -> None:
    result = page("invites", both_platforms)
    funnel = result.chart("invites.funnel")
    assert funnel.series[0].points[0].y == 600
    assert "另有" in funnel.footnote
    assert any("平台" in note for note in result.notes)


@pytest.mark.parametrize("name", list(PAGES))
@pytest.mark.parametrize("period", [WEEK, None, Period.of_day(MONDAY), Period.of_day(MONDAY + timedelta(days=13))])
def test_every_page_on_every_span(name: str, period: Period | None) -> None:
    result = page(name, both_platforms, period)
    assert result.lead_text.endswith("。")
    assert tuple(chart.id for chart in result.charts) == PAGES[name].charts


def test_categories_of_session_rows() -> None:
    def sessions() -> World:
        world = World()
        for day in range(14):
            world.cover(10, day)
            world.sessions(10, day, "物流", n=60, resolved_known=60, resolved=30)
            world.sessions(10, day, "尺码", n=40, resolved_known=40, resolved=38)
            world.sessions(10, day, "", n=25)
        return world

    result = page("questions", sessions)
    share = result.chart("questions.share")
    assert share.categories == ("物流", "尺码")
    assert [p.y for p in share.series[0].points] == pytest.approx([0.6, 0.4])
    assert share.subtitle == "没有类别的会话占 20.0%，不在占比里"
    assert result.chart("questions.trend").series[0].points[3].y == pytest.approx(0.6)
    assert "问题解决率最低的是物流（50.0%）" in result.lead_text


def selling() -> World:
    """Two platforms whose conversion rates mean something else; 小丽 works on the second one."""
    world = both_platforms()
    world.facts.names[20] = "小丽"
    for day in range(14):
        world.report("sycm", 10, day, inquiry_buyers=50, paying_buyers=20)
        world.report("sycm", 11, day, inquiry_buyers=2, paying_buyers=1)
        world.report("feige", 20, day, shop=DOUYIN_SHOP, inquiry_buyers=30, ordering_buyers=18)
    return world


def test_a_card_shows_what_platforms_count_differently_side_by_side() -> None:
    conversion = next(kpi for kpi in page("overview", selling).kpis if kpi.metric == "conversion_rate")
    assert conversion.text == "淘宝 40.4% · 抖店 60.0%"
    assert [part.unit for part in conversion.parts] == [True, False, True, False]
    assert (conversion.status_text, conversion.sparkline) == ("各平台口径不同，不合计", ())


def test_a_trend_has_a_line_a_platform_where_they_count_differently() -> None:
    rates = page("overview", selling).chart("overview.rates")
    assert [series.title for series in rates.series] == ["满意率", "淘宝询单转化率", "抖店询单转化率"]
    assert rates.series[2].points[0].y == pytest.approx(0.6)
    assert rates.series[2].points[0].low is not None
    assert rates.footnote == "询单转化率各平台口径不同，高低不能互相比。"
    assert len({series.role for series in rates.series}) == 3


def test_agents_are_ranked_within_their_platform_where_they_count_differently() -> None:
    chart = page("agents", selling).chart("agents.conversion")
    assert chart.categories == ("小美", "小王", "小丽")
    assert [(p.role, p.note, p.muted) for p in chart.series[0].points] == [
        ("series1", "n=350 淘宝", False), ("series1", "n=14 淘宝", True), ("series2", "n=210 抖店", False),
    ]  # fmt: skip
    assert chart.footnote.startswith("只在同一平台里比（淘宝：最终付款 / 询单；抖店：下单 / 询单）。")


def test_levels_of_the_larger_platform_with_a_word_on_the_other() -> None:
    chart = page("invites", both_platforms).chart("invites.levels")
    assert chart.title == "评价分布（抖店）"
    assert chart.categories == ("好评", "差评")
    assert chart.series[0].points[0].y == pytest.approx(0.9)
    assert chart.footnote.startswith("淘宝/天猫分档不同：很满意 ")


def test_days_of_a_week_settle_by_themselves() -> None:
    result = page("invites", taobao)
    assert result.provisional_days == (WEEK.last,)
    assert next(kpi for kpi in result.kpis if kpi.metric == "invite_rate").status_text == "含 1 天未定"


@pytest.mark.parametrize("name", list(PAGES))
def test_every_chart_and_table_says_whose_numbers_it_shows(name: str) -> None:
    result = page(name, both_platforms)
    for chart in result.charts:
        if not chart.empty:
            assert chart.metrics or metrics_of(chart.table), chart.id
            assert set(chart.metrics) <= set(METRICS)
    for table in result.tables:
        assert metrics_of(table.table), table.id
