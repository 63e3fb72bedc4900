"""The 邀评 page: numbers, sentences, and what it says when something is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from csdesk.analysis.frame import Compare, FilterWords, Grain, PageRequest, PageResult, Tone
from csdesk.analysis.invites import compute
from csdesk.charts.spec import Mark
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.metrics.targets import Target, Targets
from tests.fake_engine import Cell, FakeEngine

NOVEMBER = Period(date(2026, 10, 23), date(2026, 11, 21))
LEVELS = {"很满意": 36.0, "满意": 8.0, "一般": 2.0, "不满": 1.0, "很不满": 1.0}
DAY = {
    "received": 288, "invites": 180, "rated": 45, "ratings": 48, "happy": 44, "happy_invited": 42,
    "rated_self": 3, "happy_self": 2,
}  # fmt: skip


def shop(period: Period, counts: Mapping[str, float] = DAY, agent: str = "小美") -> list[Cell]:
    return [Cell(day, agent, dict(counts), dict(LEVELS), response=18) for day in period]


def asked(period: Period | None = NOVEMBER, **changes: object) -> PageRequest:
    return replace(PageRequest(Filter(period), words=FilterWords(period="近 30 天")), **changes)  # type: ignore[arg-type]


def page(cells: list[Cell], request: PageRequest | None = None, **engine: object) -> PageResult:
    return compute(FakeEngine(cells, **engine), request or asked())  # type: ignore[arg-type]


def test_lead_counts_out_of_a_hundred() -> None:
    result = page(shop(NOVEMBER))
    assert result.lead_text == (
        "近 30 天每 100 位接待的买家，客服邀请了 62 位评价，16 位给了评价，其中 15 位满意。"
        "上期没有可比的数据，看不出变化。"
    )
    assert [run.text for run in result.lead if run.strong] == ["62", "16", "15"]


def test_lead_says_whom_it_leaves_out_and_that_nobody_was_asked() -> None:
    unknown = [replace(one, counts={"received": 50}) for one in shop(NOVEMBER, agent="阿杰")]
    assert (
        "其中 15 位满意（另有 1,500 位接待的买家没有邀评数据，不在内）。" in page([*shop(NOVEMBER), *unknown]).lead_text
    )
    nobody = page(shop(NOVEMBER, {"received": 100, "invites": 0, "rated": 0, "ratings": 0, "happy": 0}))
    assert nobody.lead_text.startswith("近 30 天 3,000 位接待的买家里，客服一位也没有邀请，评价率无从算起。")


def test_rounding_does_not_make_everybody_satisfied() -> None:
    counts = {**DAY, "happy_invited": 44.7}
    assert "15.6 位给了评价，其中 15.5 位满意" in page(shop(NOVEMBER, counts)).lead_text


def test_filter_is_written_out() -> None:
    assert page(shop(NOVEMBER)).sentence == (
        "近 30 天（2026-10-23 至 2026-11-21），全部平台，全部店铺，全部客服；与上期（2026-09-23 至 2026-10-22）对比。"
    )


def test_certain_change_is_coloured_and_said() -> None:
    before = {**DAY, "invites": 170}
    result = page(shop(NOVEMBER) + shop(NOVEMBER.previous(), before))
    invite = result.kpis[1]
    assert (invite.metric, invite.text) == ("invite_rate", "62.5%")
    assert invite.change is not None
    assert (invite.change.text, invite.change.verdict, invite.change.note) == ("+3.5 pp", "up", "变化可信")
    assert invite.change.tone is Tone.GOOD
    assert "邀评率比上期高 3.5 个百分点" in result.lead_text
    assert "满意率看不出差别" in result.lead_text
    assert "没有差别" not in result.lead_text
    assert "和上期比" not in result.lead_text
    assert result.findings[0].text == "邀评率上升 +3.5 个百分点，变化可信"
    assert result.findings[0].evidence.startswith("5,400/8,640 对 5,100/8,640")


def test_worse_is_bad_and_counts_stay_uncoloured() -> None:
    before = {**DAY, "invites": 200, "received": 300}
    result = page(shop(NOVEMBER) + shop(NOVEMBER.previous(), before))
    received, invite = result.kpis[0].change, result.kpis[1].change
    assert received is not None
    assert (received.text, received.note, received.tone) == ("−4.0%", "上期 9,000", Tone.NEUTRAL)
    assert invite is not None
    assert (invite.verdict, invite.tone) == ("down", Tone.BAD)


def test_unclear_change_names_its_sample() -> None:
    result = page(shop(NOVEMBER) + shop(NOVEMBER.previous()))
    change = result.kpis[3].change
    assert change is not None
    assert change.note == "看不出差别"
    assert change.detail.partition("；")[0] == "样本 1,440 对 1,440，差的 95% 区间 −2.0 至 +2.0 个百分点"
    assert change.tone is Tone.NEUTRAL
    assert "。和上期比，邀评率、评价率、满意率看不出差别。" in result.lead_text


def test_small_samples_are_not_judged() -> None:
    tiny: dict[str, float] = {"received": 20, "invites": 10, "rated": 2, "ratings": 2, "happy": 2}
    day, before = date(2026, 11, 21), date(2026, 11, 20)
    result = page([Cell(day, counts=tiny), Cell(before, counts=tiny)], asked(Period.of_day(day)))
    change = result.kpis[3].change
    assert change is not None
    assert (change.verdict, change.note) == ("too_few", "样本不足 30，不判断")
    assert result.kpis[3].status_text == "样本不足，只供参考"
    assert "样本不足，不作判断" in result.lead_text


def test_sums_over_fewer_days_are_not_compared() -> None:
    short = Period(date(2026, 10, 1), date(2026, 10, 12))
    result = page(shop(NOVEMBER) + shop(short))
    received, invite = result.kpis[0].change, result.kpis[1].change
    assert received is not None
    assert (received.text, received.verdict, received.note) == ("", "no_data", "和上期的天数不同")
    assert invite is not None
    assert invite.verdict == "no_clear_change"


def test_means_without_spread_are_shown_not_judged() -> None:
    slower = [replace(cell, response=22) for cell in shop(NOVEMBER.previous())]
    change = page(shop(NOVEMBER) + slower).kpis[4].change
    assert change is not None
    assert change.text == "−4秒"
    assert change.note == "上期 22秒"
    assert change.detail.startswith("报表只有平均值")
    assert change.tone is Tone.NEUTRAL


def test_funnel_counts_invited_ratings_only() -> None:
    chart = page(shop(NOVEMBER)).chart("invites.funnel")
    assert [p.y for p in chart.series[0].points] == [8640, 5400, 1350, 1260]
    assert chart.step_notes == ("62.5% 被邀请", "25.0% 给了评价", "93.3% 满意")
    assert chart.subtitle == "流失最多的一步：邀请之后没有评价（75.0%）"
    assert chart.footnote == "买家自主给的等另外 90 个评价不在漏斗里。"


def test_where_nobody_is_lost_no_step_is_the_worst() -> None:
    day = date(2026, 11, 21)
    one: dict[str, float] = {"received": 1, "invites": 1, "rated": 1, "ratings": 1, "happy": 1}
    assert page([Cell(day, counts=one)], asked(Period.of_day(day))).chart("invites.funnel").subtitle == ""


def test_funnel_without_split_says_how_satisfied_were_counted() -> None:
    counts = {key: value for key, value in DAY.items() if key not in {"happy_invited", "happy_self", "rated_self"}}
    chart = page(shop(NOVEMBER, counts)).chart("invites.funnel")
    assert chart.series[0].points[3].y == pytest.approx(1350 * 44 / 48)
    assert "按全部评价的满意率推算" in chart.footnote


def test_funnel_leaves_receptions_without_invite_data_aside() -> None:
    others = [Cell(day, "抖店客服", {"received": 100}) for day in NOVEMBER]
    chart = page(shop(NOVEMBER) + others).chart("invites.funnel")
    assert chart.series[0].points[0].y == 8640
    assert chart.footnote.startswith("另有 3,000 位接待没有邀评数据，不在漏斗里。")


def test_platform_without_invites_is_said_not_zero() -> None:
    counts: dict[str, float] = {"received": 100, "ratings": 40, "happy": 38}
    engine = FakeEngine(
        [Cell(day, counts=counts) for day in NOVEMBER],
        not_provided=("invites_sent", "invite_rate", "review_rate"), sources=("feige",),
    )  # fmt: skip
    request = asked(selection=Filter(NOVEMBER, Platform.DOUYIN))
    result = compute(engine, request)
    assert result.empty is None
    assert (result.kpis[1].text, result.kpis[1].status_text) == ("–", "抖店不提供")
    assert result.lead_text.startswith(
        "近 30 天收到 1,200 个评价，满意率 95.0%。邀评数抖店不提供，邀评率和评价率算不出来。"
    )
    funnel = result.chart("invites.funnel")
    assert [p.y for p in funnel.series[0].points] == [3000, None, 1200, 1140]
    assert funnel.series[0].points[1].label == "抖店不提供"
    assert result.chart("invites.agents").title == "各客服的满意率"


def test_trend_by_day_has_points_events_and_open_days() -> None:
    cells = [replace(cell, provisional=cell.day > date(2026, 11, 18)) for cell in shop(NOVEMBER)]
    result = page(cells)
    chart = result.chart("invites.trend")
    assert result.grain is Grain.DAY
    assert len(chart.categories) == 30
    assert chart.categories[0] == "10-23"
    assert chart.series[0].points[2].y == 0.625
    assert [s.title for s in chart.series] == ["邀评率", "评价率", "满意率"]
    assert chart.marks == (Mark("event", "双11", 19, 19), Mark("provisional", "未定", 27, 29))
    assert result.provisional_days == (date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 21))
    assert result.kpis[1].status_text == "含 3 天未定"
    bar = result.chart("invites.agents").series[0].points[0]
    assert not bar.provisional
    assert bar.hint.endswith("含 3 天未定")


def test_days_without_data_are_gaps() -> None:
    cells = [cell for cell in shop(NOVEMBER) if cell.day != date(2026, 10, 25)]
    assert page(cells).chart("invites.trend").series[0].points[2].y is None


def test_target_is_a_line_only_where_there_is_one() -> None:
    target = Target("invite_rate", Fraction(65, 100), "自己定的", own=True)
    chart = page(shop(NOVEMBER), asked(targets=Targets({"invite_rate": target}))).chart("invites.trend")
    assert Mark("target", "邀评率目标 65.0%", y=0.65) in chart.marks
    assert all(mark.kind != "target" for mark in page(shop(NOVEMBER)).chart("invites.trend").marks)


def test_weeks_and_months_on_request() -> None:
    weekly = page(shop(NOVEMBER), asked(grain=Grain.WEEK)).chart("invites.trend")
    assert weekly.categories == ("10-19", "10-26", "11-02", "11-09", "11-16")
    assert weekly.days[0] == date(2026, 10, 23)
    monthly = page(shop(NOVEMBER), asked(grain=Grain.MONTH)).chart("invites.trend")
    assert monthly.categories == ("2026-10", "2026-11")
    assert monthly.series[0].points[1].n == 288 * 21


def test_long_spans_are_drawn_by_week_then_month() -> None:
    quarter = Period(date(2026, 8, 1), date(2026, 10, 31))
    assert page(shop(quarter), asked(quarter)).grain is Grain.WEEK
    years = Period(date(2024, 1, 1), date(2026, 10, 31))
    assert page(shop(years), asked(years)).grain is Grain.MONTH
    assert page(shop(years), asked(None)).grain is Grain.MONTH


def test_agents_are_ranked_with_small_samples_last() -> None:
    cells = shop(NOVEMBER, agent="阿杰")
    cells += shop(NOVEMBER, {**DAY, "rated": 60}, agent="非常非常长的客服名字一号二号三号")
    cells.append(Cell(date(2026, 11, 20), "新人-小白", {"received": 30, "invites": 22, "rated": 20}))
    chart = page(cells).chart("invites.agents")
    assert chart.title == "各客服的评价率"
    assert chart.categories == ("非常非常长的客服名字一号二号三号", "阿杰", "新人-小白")
    assert [p.muted for p in chart.series[0].points] == [False, False, True]


def test_one_day_one_agent() -> None:
    day = date(2026, 11, 11)
    result = page(shop(Period.of_day(day)), asked(Period.of_day(day), words=FilterWords()))
    assert result.lead_text.startswith("2026-11-11 这一天每 100 位")
    assert result.kpis[0].sparkline == ()
    assert len(result.chart("invites.agents").categories) == 1
    assert result.chart("invites.trend").marks == (Mark("event", "双11", 0, 0),)


def test_levels_and_groups() -> None:
    result = page(shop(NOVEMBER))
    levels = result.chart("invites.levels")
    assert levels.subtitle == "收到 1,440 个评价"
    assert levels.series[0].points[0].y == 0.75
    assert levels.footnote == "邀请 1,350 · 自主 90"
    groups = result.chart("invites.groups")
    assert groups.categories == ("满意率",)
    assert [s.points[0].label for s in groups.series] == ["93.3%", "66.7%"]
    assert groups.subtitle == "收到评价：邀请 1,350 · 自主 90"


def test_groups_are_a_sentence_where_the_export_has_none() -> None:
    counts: dict[str, float] = {"received": 100, "invites": 60, "rated": 15, "ratings": 15, "happy": 14}
    groups = page(shop(NOVEMBER, counts)).chart("invites.groups")
    assert groups.series == ()


def test_tables_hold_agents_and_days() -> None:
    by_agent, by_day = page(shop(NOVEMBER)).tables
    assert (by_agent.title, by_day.title) == ("按客服", "按天")
    assert by_agent.table.rows[0][:4] == ("小美", 8640, 5400, 0.625)
    assert len(by_day.table.rows) == 30
    assert by_day.table.rows[0][0] == date(2026, 10, 23)


def test_nothing_at_all_names_the_export_to_drop() -> None:
    result = page([], PageRequest())
    assert result.empty is not None
    assert result.empty.title == "还没有邀评数据"
    assert result.empty.exports[0].name == "生意参谋 · 接待评价"
    assert all(chart.empty for chart in result.charts)
    assert result.tables == ()


def test_empty_state_fits_the_platform() -> None:
    result = page([], asked(selection=Filter(NOVEMBER, Platform.DOUYIN)))
    assert result.empty is not None
    assert result.empty.title == "这个范围里没有邀评数据"
    assert [hint.name for hint in result.empty.exports] == ["飞鸽 · 客服数据", "会话明细表"]


def test_all_data_is_not_compared() -> None:
    result = page(shop(NOVEMBER), PageRequest())
    assert all(kpi.change is None for kpi in result.kpis)
    assert result.sentence == "全部数据，全部平台，全部店铺，全部客服。"
    assert result.lead_text.startswith("全部数据里每 100 位")


def test_last_year_is_compared_on_request() -> None:
    cells = shop(NOVEMBER) + shop(NOVEMBER.last_year(), {**DAY, "invites": 150})
    result = page(cells, asked(compare=Compare.LAST_YEAR))
    assert "邀评率比去年同期高" in result.lead_text


def test_no_question_is_asked_twice() -> None:
    engine = FakeEngine(shop(NOVEMBER) + shop(NOVEMBER.previous()))
    compute(engine, asked())
    assert len(engine.asked) == len(set(engine.asked)) == 11  # whole, days and agents; whole and splits before


def test_weekly_exports_fall_back_to_weeks() -> None:
    class Weekly(FakeEngine):
        def __call__(self, selection, by=None, metrics=None, /, *, bare=False):  # type: ignore[no-untyped-def]
            rows = super().__call__(selection, by, metrics, bare=bare)
            return [] if by is not None and by.value == "day" else rows

    result = compute(Weekly(shop(NOVEMBER)), asked())
    assert result.grain is Grain.WEEK
    assert "没有更细的数据" in result.chart("invites.trend").subtitle


def test_span_between_two_years_writes_years() -> None:
    period = Period(date(2025, 12, 20), date(2026, 1, 5))
    chart = page(shop(period), asked(period, words=FilterWords())).chart("invites.trend")
    assert chart.categories[0] == "2025-12-20"
    assert timedelta(days=16) == chart.days[-1] - chart.days[0]
