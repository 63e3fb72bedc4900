"""The figures whose exports are written down. Invented numbers and fixed dates: the same every day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from csdesk.analysis.frame import PageTable
from csdesk.charts.spec import ChartSpec, Column, Format, Mark, Point, Series, TableSpec

Source = ChartSpec | PageTable
START = date(2026, 2, 1)
NOTES = ("2026-02-01 至 2026-02-28，淘宝/天猫，全部店铺，全部客服。", "评价率：收到评价 ÷ 邀评人数。")
AGENTS = ("小美", "阿杰", "豆豆", "=新人")


def _point(value: float | None, n: int = 300, *, muted: bool = False, provisional: bool = False) -> Point:
    if value is None:
        return Point(None)
    return Point(value, max(0.0, value - 0.04), min(1.0, value + 0.04), n, muted, provisional)


def _trend() -> ChartSpec:
    days = tuple(START + timedelta(days=number) for number in range(28))
    invited = [None if number in {4, 5} else 0.60 + 0.01 * (number % 5) for number in range(28)]
    rated = [0.24 + 0.005 * (number % 3) for number in range(28)]
    return ChartSpec(
        "invites.trend", "邀评率、评价率走势", "trend", "按天，浅色带为 95% 区间",
        categories=tuple(f"{day:%m-%d}" for day in days), days=days,
        series=(
            Series("invite_rate", "邀评率", "series1",
                   tuple(_point(value, provisional=number > 25) for number, value in enumerate(invited))),
            Series("review_rate", "评价率", "series3", tuple(_point(value) for value in rated)),
        ),
        marks=(Mark("target", "目标 65%", y=0.65), Mark("event", "年货节", 9, 12), Mark("provisional", "未定", 26, 27)),
        footnote="来源：赤兔名品 自定义报表。",
        table=TableSpec(
            (Column("day", "日期", Format.DATE), Column("invite_rate", "邀评率", Format.PERCENT),
             Column("review_rate", "评价率", Format.PERCENT)),
            tuple(zip(days, invited, rated, strict=True)),
        ),
    )  # fmt: skip


def _agents() -> ChartSpec:
    rates = (0.312, 0.287, 0.25, 0.27)
    points = tuple(_point(rate, 400, muted=number == 3) for number, rate in enumerate(rates))
    return ChartSpec(
        "invites.agents",
        "各客服的评价率",
        "bars",
        "横线为 95% 区间，灰色的样本不足 30",
        categories=AGENTS,
        series=(Series("review_rate", "评价率", "series1", points),),
        table=TableSpec(
            (Column("agent", "客服"), Column("review_rate", "评价率", Format.PERCENT)),
            tuple(zip(AGENTS, rates, strict=True)),
            frozenset({3}),
        ),
    )


def _funnel() -> ChartSpec:
    steps, values = ("接待", "邀评", "收到评价", "满意"), (8642, 5393, 1337, 1250)
    return ChartSpec(
        "invites.funnel",
        "从接待到满意",
        "funnel",
        format=Format.COUNT,
        categories=steps,
        series=(Series("count", "数量", "series1", tuple(Point(float(value)) for value in values)),),
        step_notes=("62.4% 被邀请", "24.8% 给了评价", "93.5% 满意"),
        table=TableSpec(
            (Column("step", "步骤"), Column("count", "数量", Format.COUNT)), tuple(zip(steps, values, strict=True))
        ),
    )


def _levels() -> ChartSpec:
    names, shares = ("很满意", "满意", "一般", "不满", "很不满"), (0.765, 0.171, 0.036, 0.018, 0.01)
    return ChartSpec(
        "invites.levels",
        "评价分布",
        "levels",
        categories=names,
        series=(Series("all", "全部", "series1", tuple(Point(share, n=1000 * share) for share in shares)),),
        table=TableSpec(
            (Column("level", "级别"), Column("share", "占比", Format.PERCENT)), tuple(zip(names, shares, strict=True))
        ),
    )


def _groups() -> ChartSpec:
    return ChartSpec(
        "invites.groups",
        "邀请与自主",
        "grouped_bars",
        categories=("评价率", "满意率"),
        series=(
            Series("invited", "邀请", "series1", (_point(0.25), _point(0.93))),
            Series("self", "自主", "series2", (_point(0.03), _point(None))),
        ),
        table=TableSpec(
            (Column("name", "指标"), Column("invited", "邀请", Format.PERCENT), Column("self", "自主", Format.PERCENT)),
            (("评价率", 0.25, 0.03), ("满意率", 0.93, None)),
        ),
    )


def _hours() -> ChartSpec:
    names = "一二三四五六日"
    counts = [[None if hour < 7 else float(hour * day) for hour in range(24)] for day in range(1, 8)]
    return ChartSpec(
        "response.hours",
        "各时段咨询量",
        "heatmap",
        format=Format.COUNT,
        categories=tuple(f"{hour}时" for hour in range(24)),
        series=tuple(
            Series(name, f"周{name}", "series1", tuple(Point(count) for count in row))
            for name, row in zip(names, counts, strict=True)
        ),
        table=TableSpec(
            (Column("day", "星期"), Column("hours", "咨询人数", Format.COUNT)),
            tuple((f"周{name}", sum(count or 0 for count in row)) for name, row in zip(names, counts, strict=True)),
        ),
    )


def _nothing() -> ChartSpec:
    return ChartSpec("invites.nothing", "评价走势", "trend", empty="还没有评价数据。把“接待评价”拖进来。")


_COLUMNS = (
    Column("agent", "客服"), Column("account", "账号"), Column("received", "接待人数", Format.COUNT, bar=True),
    Column("review_rate", "评价率", Format.PERCENT, bar=True), Column("first", "首次响应", Format.SECONDS),
    Column("sales", "客服销售额", Format.YUAN), Column("score", "服务体验分", Format.SCORE),
    Column("last", "最后接待日", Format.DATE),
)  # fmt: skip


def _table(rows: int) -> PageTable:
    cells = [
        ("小美", "云间小铺:小美", 1234, 0.248123, 18.25, 12_345_678, 4.875, date(2026, 2, 28)),
        ("=HYPERLINK(1)", "123456789012345678", None, None, None, None, None, None),
        ("豆豆", "云间小铺:豆豆", 5, 1.0, 3725.0, -500, float("nan"), date(2026, 2, 3)),
    ]
    cells += [(f"客服{row:03}", f"云间小铺:客服{row:03}", 2 * row, row / 600, 10.0 + row, 100 * row, 4.0,
               START + timedelta(days=row % 28)) for row in range(3, rows)]  # fmt: skip
    return PageTable("agents", "各客服的数字", TableSpec(_COLUMNS, tuple(cells), frozenset({2})), "灰色的样本不足 30")


SOURCES: dict[str, Source] = {
    "trend": _trend(), "agents": _agents(), "funnel": _funnel(), "levels": _levels(), "groups": _groups(),
    "hours": _hours(), "nothing": _nothing(), "table": _table(3), "long-table": _table(500),
}  # fmt: skip
"""By the name of their files."""

FORMATS: dict[str, Sequence[str]] = {
    **dict.fromkeys(SOURCES, ("csv", "xlsx", "svg", "pdf", "png")),
    "nothing": ("svg", "pdf", "png"),
    "long-table": ("svg", "pdf", "png"),
}
"""What is written down of each."""
