"""总览, 满意度, 常见问题, 客服绩效: numbers, sentences, empty states."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from csdesk.analysis import agents, overview, questions, satisfaction
from csdesk.analysis.frame import FilterWords, PageRequest
from csdesk.analysis.pages import PAGES, compute_page
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.model import LeftOut, MetricPart, MetricRow
from tests.fake_engine import Cell, FakeEngine

WEEK = Period(date(2026, 11, 2), date(2026, 11, 8))
OF_ROWS_ALONE = {"reviews"}
"""Pages that tell nothing of sessions and reports; they have tests of their own."""
REQUEST = PageRequest(Filter(WEEK), words=FilterWords(period="近 7 天"))
DAY = {
    "received": 100, "invites": 60, "rated": 20, "ratings": 20, "happy": 19, "solved": 80, "judged": 100,
    "inquiries": 50, "paying": 20, "replied": 99, "sales": 123450,
}  # fmt: skip


def week(agent: str = "小美", counts: Mapping[str, float] = DAY, **more: object) -> list[Cell]:
    return [Cell(day, agent, dict(counts), response=20, **more) for day in WEEK]  # type: ignore[arg-type]


def test_overview_says_the_period_in_one_sentence() -> None:
    result = overview.compute(FakeEngine(week()), REQUEST)
    assert result.lead_text.startswith(
        "近 7 天接待量 700，首次响应 20秒，满意率 95.0%，询单转化率 40.0%，客服销售额 ¥8,641.50。"
    )
    assert [kpi.text for kpi in result.kpis] == ["700", "20秒", "60.0%", "95.0%", "40.0%", "¥8,641.50"]
    assert [p.y for p in result.chart("overview.received").series[0].points] == [100] * 7
    assert [s.title for s in result.chart("overview.rates").series] == ["满意率", "询单转化率"]
    assert result.chart("overview.agents").series[0].points[0].y == 700


def test_satisfaction_names_its_interval_and_how_many_rated() -> None:
    result = satisfaction.compute(FakeEngine(week()), REQUEST)
    assert result.lead_text.startswith(
        "近 7 天收到 140 个评价，满意率 95.0%（大致在 90.0% 到 97.6% 之间）；评价的人占接待的 20.0%。"
    )
    assert result.chart("satisfaction.trend").series[0].points[6].y == 0.95


def test_questions_from_the_category_column() -> None:
    cells = week(categories={"物流": 50.0, "尺码": 30.0}, unclassified=20)
    cells += week("阿杰", {"received": 40, "solved": 10, "judged": 20}, categories={"退换货": 20.0})
    result = questions.compute(FakeEngine(cells), REQUEST)
    share = result.chart("questions.share")
    assert share.categories == ("物流", "尺码", "退换货")
    assert [p.y for p in share.series[0].points] == [0.5, 0.3, 0.2]
    assert share.series[0].points[0].low == pytest.approx(0.463, abs=1e-3)
    assert share.subtitle == "没有类别的会话占 16.7%，不在占比里"
    assert result.lead_text.startswith("近 7 天问得最多的是物流（50.0%），其次是尺码（30.0%）；16.7% 的会话没有类别。")
    trend = result.chart("questions.trend")
    assert [s.title for s in trend.series] == ["物流", "尺码", "退换货"]
    assert trend.series[2].points[0].y == pytest.approx(0.2)
    assert result.chart("questions.resolution").categories[0] == "尺码"
    assert "问题解决率最低的是退换货（50.0%）" in result.lead_text


def test_questions_without_categories_are_empty_though_receptions_are_known() -> None:
    result = questions.compute(FakeEngine(week()), REQUEST)
    assert result.empty is not None
    assert result.empty.exports[0].name == "会话明细表"
    assert result.kpis[0].text == "700"


def test_many_categories_are_cut_and_counted() -> None:
    names = {f"类别{at:02}": 100.0 - at for at in range(20)}
    share = questions.compute(FakeEngine(week(categories=names)), REQUEST).chart("questions.share")
    assert len(share.categories) == 15
    assert share.subtitle.startswith("占比最高的 15 类，其余 5 类合计 ")
    assert len(share.table.rows) == 20


def test_agents_order_is_only_said_when_certain() -> None:
    cells = week("小美") + week("阿杰", {**DAY, "happy": 12}) + week("新人", {"received": 2, "ratings": 1, "happy": 1})
    result = agents.compute(FakeEngine(cells), REQUEST)
    assert result.lead_text == (
        "近 7 天共 3 位客服有接待。满意率最高的是小美（95.0%），最低的是阿杰（60.0%），两人的差距可信。"
        "另有 1 位样本不足 30，不参与比较。"
    )
    assert result.chart("agents.satisfaction").categories == ("小美", "阿杰", "新人")
    table = result.tables[0].table
    assert [row[0] for row in table.rows] == ["小美", "阿杰", "新人"]
    assert table.muted == frozenset({2})


def test_questions_asked_as_often_as_each_other_share_the_first_place() -> None:
    cells = week(categories={"物流": 30.0, "尺码": 30.0, "发票": 10.0})
    text = compute_page("questions", FakeEngine(cells), REQUEST).lead_text
    assert "问得最多的是尺码、物流（各 42.9%）" in text
    assert "其次" not in text


def test_questions_of_a_single_promotion_day() -> None:
    """Not one ordinary day says how much shares vary."""
    promotion = date(2026, 11, 11)
    cells = [Cell(day, "小美", dict(DAY), categories={"物流": 40.0, "尺码": 20.0})
             for day in (promotion, promotion - timedelta(days=1))]  # fmt: skip
    result = compute_page("questions", FakeEngine(cells), PageRequest(Filter(Period.of_day(promotion))))
    assert result.lead_text.startswith("2026-11-11 这一天问得最多的是物流（66.7%）")


def test_agents_alike_are_not_ranked_in_words() -> None:
    cells = week("小美") + week("阿杰", {**DAY, "happy": 18.8})
    text = agents.compute(FakeEngine(cells), REQUEST).lead_text
    assert "满意率最高和最低的客服之间看不出差别，名次不说明问题。" in text


def test_one_agent_is_not_compared() -> None:
    assert "够样本的不到两位，不作比较" in agents.compute(FakeEngine(week()), REQUEST).lead_text


class OnlyRobots(FakeEngine):
    """Everybody is a robot."""

    def __call__(self, *asked: Any, bare: bool = False) -> list[MetricRow]:
        rows = super().__call__(*asked, bare=bare)
        return [replace(row, kind="robot") for row in rows]


def test_a_shop_with_robots_alone_has_nobody_to_compare() -> None:
    result = agents.compute(OnlyRobots(week("店小蜜")), REQUEST)
    assert result.lead_text == "近 7 天没有客服有接待，只有机器人的数据。"
    assert result.answer("workload").text == "没有客服有接待，只有机器人、主账号或共用账号。"  # type: ignore[attr-defined]


def test_one_chosen_agent_is_not_said_to_be_too_few() -> None:
    chosen = replace(REQUEST, selection=replace(REQUEST.selection, agents=(1,)))
    assert agents.compute(FakeEngine(week()), chosen).lead_text == "近 7 天共 1 位客服有接待。"


def test_extremes_are_named_within_a_platform_only() -> None:
    class Apart(FakeEngine):
        def __call__(self, *asked: Any, bare: bool = False) -> list[MetricRow]:
            rows = super().__call__(*asked, bare=bare)
            side = {"小美": "chitu", "阿杰": "chitu", "可可": "feige", "青青": "feige"}
            return [
                replace(row, values={
                    metric: replace(value, sources=(side[str(row.key)],)) for metric, value in row.values.items()
                }) if str(row.key) in side else row
                for row in rows
            ]  # fmt: skip

    low = {**DAY, "happy": 10}
    cells = [*week("小美"), *week("阿杰"), *week("可可"), *week("青青", low)]
    text = agents.compute(Apart(cells), REQUEST).lead_text
    assert "淘宝的满意率最高和最低的客服之间看不出差别" in text
    assert "抖店的满意率最高的是可可（95.0%），最低的是青青（50.0%），两人的差距可信" in text


@pytest.mark.parametrize("seed", range(6))
def test_the_words_on_top_agree_with_the_ranking(seed: int) -> None:
    dice = random.Random(seed)
    names = ("小美", "阿杰", "可可", "青青", "木木")
    cells = [one for name in names for one in week(name, {**DAY, "happy": dice.choice((15, 16.5, 17.5, 18.5, 19.5))})]
    page = agents.compute(FakeEngine(cells), REQUEST)
    (ranking,) = [one for one in page.answer("ranking") if one.metric == "satisfaction_rate"]  # type: ignore[attr-defined]
    places = [one.place for one in ranking.places]
    assert ("两人的差距可信" in page.lead_text) == (len({*places}) > 1)
    assert ("都并列第 1" in ranking.text) == ("名次不说明问题" in page.lead_text)


def test_few_ratings_of_one_platform_are_not_held_against_everybody() -> None:
    def lead(parts: Mapping[str, tuple[str, ...]], days: Mapping[str, Period], left: tuple[LeftOut, ...] = ()) -> str:
        class Mixed(FakeEngine):
            def __call__(self, *asked: Any, bare: bool = False) -> list[MetricRow]:
                rows = super().__call__(*asked, bare=bare)
                return [replace(row, values={**row.values, **{
                    metric: replace(
                        row.values[metric], covered=(days.get(metric, WEEK),), left_out=left,
                        parts=tuple(MetricPart(key, 1.0, 1.0, 1.0, "") for key in keys),
                    )
                    for metric, keys in parts.items() if metric in row.values
                }}) for row in rows]  # fmt: skip

        return satisfaction.compute(Mixed(week()), REQUEST).lead_text

    both = ("taobao", "douyin")
    assert "评价的人占接待的 20.0%" in lead({"received": both, "satisfaction_rate": both}, {})
    assert "评价的人占接待的" not in lead({"received": both, "satisfaction_rate": ()}, {})
    late = (LeftOut("chitu", Period(WEEK.last, WEEK.last), "延迟统计，数值还没出"),)
    assert "评价的人占接待的" not in lead({"received": both, "satisfaction_rate": both}, {}, late)
    short = {"satisfaction_rate": Period(WEEK.first, WEEK.first)}
    assert "评价的人占接待的" not in lead({"received": both, "satisfaction_rate": both}, short)


def test_no_rating_at_all_is_said() -> None:
    none = {**DAY, "ratings": 0, "happy": 0, "rated": 0}
    assert "一个评价也没有收到，算不出满意率" in satisfaction.compute(FakeEngine(week(counts=none)), REQUEST).lead_text


def test_shop_totals_only_are_said_to_be_so() -> None:
    text = agents.compute(FakeEngine(week("")), REQUEST).lead_text
    assert text.startswith("只有全店合计，没有分客服的数据。")


def test_idle_agents_do_not_count_as_working() -> None:
    cells = week("小美") + week("挂机", {"received": 0})
    assert "共 1 位客服有接待" in agents.compute(FakeEngine(cells), REQUEST).lead_text


@pytest.mark.parametrize("page", list(PAGES))
def test_every_page_holds_its_catalogue_even_with_nothing(page: str) -> None:
    result = compute_page(page, FakeEngine([]), PageRequest())
    assert tuple(chart.id for chart in result.charts) == PAGES[page].charts
    assert result.empty is not None
    assert result.empty.exports
    assert all(chart.empty and not chart.series for chart in result.charts)
    assert all(kpi.text == "–" and kpi.status_text for kpi in result.kpis)


@pytest.mark.parametrize("page", [page for page in PAGES if page not in OF_ROWS_ALONE])
def test_every_page_answers_with_data_and_comparison(page: str) -> None:
    cells = week(categories={"物流": 50.0}) + [Cell(day, "小美", dict(DAY)) for day in WEEK.previous()]
    result = compute_page(page, FakeEngine(cells), REQUEST)
    assert result.empty is None
    assert result.lead_text.endswith("。")
    assert "没有差别" not in result.lead_text
    for chart in result.charts:
        assert bool(chart.series) != bool(chart.empty)
        assert all(len(series.points) == len(chart.categories) for series in chart.series)
