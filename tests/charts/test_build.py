"""Charts out of metric values: marks, gaps, order, grey, and the table of the same numbers."""

from __future__ import annotations

from datetime import date

import pytest

from csdesk.charts.build import (
    MOST_BARS,
    Drawn,
    FunnelStep,
    Group,
    Step,
    bars_spec,
    funnel_spec,
    grouped_spec,
    levels_spec,
    trend_spec,
)
from csdesk.charts.spec import Format, Mark
from csdesk.metrics.model import MetricRow, MetricStatus, MetricValue, Unit
from tests.fake_engine import rate

REVIEW = Drawn("review_rate", "评价率")
RESPONSE = Drawn("first_response_mean", "首次响应", Unit.SECONDS)


def step(day: int, k: float | None, n: float = 100, *, provisional: bool = False) -> Step:
    at = date(2026, 11, day)
    if k is None:
        return Step(f"11-{day:02}", at, at, {})
    value = rate("review_rate", k, n)
    if provisional:
        value = MetricValue(
            value.metric, value.unit, value.value, MetricStatus.PROVISIONAL, k, n, n=n, low=value.low, high=value.high
        )
    return Step(f"11-{day:02}", at, at, {"review_rate": value})


def test_trend_has_gaps_intervals_and_open_spans() -> None:
    steps = [step(1, 20), step(2, None), step(3, 30, provisional=True), step(4, 32, provisional=True)]
    event = Mark("event", "双11", 0, 0)
    spec = trend_spec("t", "评价率", steps, (REVIEW,), marks=(event,))
    points = spec.series[0].points
    assert [p.y for p in points] == [0.2, None, 0.3, 0.32]
    assert points[0].low == pytest.approx(0.1334, abs=1e-4)
    assert points[0].high == pytest.approx(0.2888, abs=1e-4)
    assert points[0].hint == "20 / 100  95% 区间 13.3% 至 28.9%"
    assert spec.marks == (event, Mark("provisional", "未定", 2, 3))
    assert spec.days[3] == date(2026, 11, 4)
    assert spec.categories == ("11-01", "11-02", "11-03", "11-04")
    assert spec.y_range == (0.0, 0.5)


def test_trend_table_holds_the_same_numbers_with_counts() -> None:
    spec = trend_spec("t", "评价率", [step(1, 20), step(2, None)], (REVIEW,))
    titles = [column.title for column in spec.table.columns]
    assert titles == ["日期", "评价率", "评价率 分子", "评价率 分母（n）", "评价率 95%下限", "评价率 95%上限"]
    assert spec.table.rows[0][:4] == (date(2026, 11, 1), 0.2, 20, 100)
    assert spec.table.rows[1] == (date(2026, 11, 2), None, None, None, None, None)


def weeks(metric: str, unit: Unit, denominator: float | None) -> list[Step]:
    """A week of which two days are meant, and a whole one."""

    def value(y: float) -> MetricValue:
        return MetricValue(metric, unit, y, MetricStatus.OK, numerator=y, denominator=denominator, n=y)

    return [
        Step("07-25", date(2026, 7, 25), date(2026, 7, 26), {metric: value(200)}, whole=False),
        Step("07-27", date(2026, 7, 27), date(2026, 8, 2), {metric: value(700)}),
    ]


def test_a_week_with_few_days_says_why_it_is_low() -> None:
    spec = trend_spec("t", "接待", weeks("received", Unit.COUNT, None), (Drawn("received", "接待", Unit.COUNT),))
    assert spec.marks == (Mark("provisional", "只有 2 天", 0, 0),)
    assert [point.hint for point in spec.series[0].points] == ["只有 2 天", ""]


def test_a_mean_of_few_days_stands_beside_others() -> None:
    spec = trend_spec(
        "t", "客单价", weeks("avg_order_value", Unit.YUAN, 50), (Drawn("avg_order_value", "客单价", Unit.YUAN),)
    )
    assert spec.marks == ()


def test_trend_without_values_is_a_sentence() -> None:
    spec = trend_spec("t", "评价率", [step(1, None)], (REVIEW,), empty="画不出走势。")
    assert spec.series == ()
    assert spec.empty == "画不出走势。"


def test_high_rates_do_not_waste_the_lower_half() -> None:
    spec = trend_spec("t", "满意率", [step(1, 950, 1000), step(2, 940, 1000)], (REVIEW,))
    assert spec.y_range == (0.85, 1.0)


def agents(*values: tuple[str, float, float]) -> list[MetricRow]:
    return [MetricRow(name, {"review_rate": rate("review_rate", k, n)}) for name, k, n in values]


def test_bars_are_sorted_and_small_samples_last() -> None:
    rows = agents(("小美", 125, 402), ("新人", 6, 22), ("阿杰", 95, 318), ("空", 0, 0))
    spec = bars_spec("b", "各客服的评价率", rows, REVIEW, key_title="客服")
    assert spec.categories == ("小美", "阿杰", "新人")
    assert [p.muted for p in spec.series[0].points] == [False, False, True]
    assert spec.series[0].points[0].label == "31.1%"
    assert spec.series[0].points[0].note == "n=402"
    assert spec.footnote == "另有 1 位没有这项数据。"
    assert [row[0] for row in spec.table.rows] == ["小美", "阿杰", "新人", "空"]
    assert spec.table.muted == frozenset({2})


def test_shorter_is_better_for_times() -> None:
    def row(name: str, seconds: float) -> MetricRow:
        value = MetricValue("first_response_mean", Unit.SECONDS, seconds, MetricStatus.OK, n=100)
        return MetricRow(name, {"first_response_mean": value})

    spec = bars_spec("b", "首次响应", [row("慢", 40), row("快", 12)], RESPONSE, key_title="客服", low_first=True)
    assert spec.categories == ("快", "慢")
    assert spec.format is Format.SECONDS
    assert spec.series[0].points[0].label == "12秒"


def test_forty_agents_show_both_ends_and_all_in_the_table() -> None:
    rows = agents(*((f"客服{at:02}", 100 + at, 400) for at in range(40)))
    spec = bars_spec("b", "评价率", rows, REVIEW, key_title="客服")
    assert len(spec.categories) == MOST_BARS
    assert (spec.categories[0], spec.categories[-1]) == ("客服39", "客服00")
    assert len(spec.table.rows) == 40
    assert "中间 20 条见表格" in spec.footnote


def test_funnel_keeps_unknown_steps_as_gaps() -> None:
    steps = (
        FunnelStep("接待", 8642),
        FunnelStep("邀评", None, why="抖店不提供"),
        FunnelStep("收到评价", 1337, "24.8% 给了评价"),
    )
    spec = funnel_spec("f", "从接待到满意", steps)
    points = spec.series[0].points
    assert [p.y for p in points] == [8642, None, 1337]
    assert points[1].label == "抖店不提供"
    assert points[2].note == "15.5%"
    assert spec.step_notes == ("抖店不提供", "24.8% 给了评价")
    assert spec.table.rows[1] == ("邀评", None, None, None, "抖店不提供")


def test_levels_carry_counts_and_roles() -> None:
    counts: dict[str, float] = {"很满意": 1090, "满意": 244, "一般": 51, "不满": 26, "很不满": 14}
    total = sum(counts.values())
    shares = {name: count / total for name, count in counts.items()}
    value = MetricValue("rating_distribution", Unit.DISTRIBUTION, shares, MetricStatus.OK, counts=counts, n=total)
    spec = levels_spec("l", "评价分布", value)
    assert spec.categories == ("很满意", "满意", "一般", "不满", "很不满")
    assert [p.label for p in spec.series[0].points] == ["76.5%", "17.1%", "3.6%", "1.8%", "1.0%"]
    assert [p.role for p in spec.series[0].points] == ["level1", "level2", "level3", "level4", "level5"]
    assert spec.table.rows[0] == ("很满意", 1090, shares["很满意"])


def test_grouped_bars_have_one_series_a_group() -> None:
    invited, unasked = rate("satisfaction_rate", 1250, 1337), rate("satisfaction_rate", 70, 88)
    group = Group("满意率", {"invited": invited, "self": unasked})
    drawn = (Drawn("invited", "邀请"), Drawn("self", "自主", role="series2"))
    spec = grouped_spec("g", "邀请与自主", [group], drawn, key_title="指标")
    assert [s.title for s in spec.series] == ["邀请", "自主"]
    assert spec.series[1].points[0].y == pytest.approx(70 / 88)
    assert spec.table.rows[0][:4] == ("满意率", 1250 / 1337, 1250, 1337)


def test_grouped_bars_without_values_are_a_sentence() -> None:
    spec = grouped_spec("g", "邀请与自主", [], (Drawn("invited", "邀请"),), key_title="指标", empty="没有分开。")
    assert spec.empty == "没有分开。"
    assert spec.series == ()
