"""Charts to draw in tests: every kind, and the awkward ones."""

from __future__ import annotations

from datetime import date, timedelta

from csdesk.charts.spec import ChartSpec, Column, Format, Mark, Point, Series, TableSpec

START = date(2026, 10, 23)


def point(value: float, n: float = 300, *, muted: bool = False, provisional: bool = False) -> Point:
    return Point(value, max(0.0, value - 0.04), min(1.0, value + 0.04), n, muted, provisional)


def trend(count: int = 30, *, gaps: tuple[int, ...] = (), step: int = 1) -> ChartSpec:
    days = tuple(START + timedelta(days=index * step) for index in range(count))
    invited = tuple(
        Point(None) if i in gaps else point(0.6 + 0.01 * (i % 5), provisional=i >= count - 2) for i in range(count)
    )
    rated = tuple(Point(None) if i in gaps else point(0.24 + 0.005 * (i % 3)) for i in range(count))
    marks = [Mark("target", "目标 65%", y=0.65)]
    if count > 20:
        marks += [Mark("event", "双11", 19, 19), Mark("provisional", "未定", count - 2, count - 1)]
    return ChartSpec(
        "invites.trend",
        "邀评率与评价率",
        "trend",
        "按天,浅色带为 95% 区间",
        categories=tuple(f"{day:%m-%d}" for day in days),
        days=days,
        series=(Series("invite_rate", "邀评率", "series1", invited), Series("review_rate", "评价率", "series3", rated)),
        marks=tuple(marks),
        footnote="来源:赤兔名品 自定义报表。",
        table=TableSpec(
            (Column("day", "日期", Format.DATE), Column("rate", "邀评率", Format.PERCENT)),
            tuple((day, invited[i].y) for i, day in enumerate(days)),
        ),
    )


def bars(names: tuple[str, ...] = ("小美", "阿杰", "豆豆", "新人-小白")) -> ChartSpec:
    points = [point(max(0.02, 0.312 - 0.005 * i), 400 - i) for i in range(len(names))]
    points[-1] = Point(0.26, 0.12, 0.47, 22, muted=True)
    return ChartSpec(
        "invites.agents",
        "各客服的评价率",
        "bars",
        "横线为 95% 区间",
        categories=names,
        series=(Series("review_rate", "评价率", "series1", tuple(points)),),
        table=TableSpec(
            (Column("agent", "客服"), Column("rate", "评价率", Format.PERCENT)),
            tuple((name, points[i].y) for i, name in enumerate(names)),
            frozenset({len(names) - 1}),
        ),
    )


def funnel() -> ChartSpec:
    values = (8642, 5393, 1337, 1250)
    return ChartSpec(
        "invites.funnel",
        "从接待到满意",
        "funnel",
        format=Format.COUNT,
        categories=("接待", "邀评", "收到评价", "满意"),
        series=(Series("count", "数量", "series1", tuple(Point(float(value)) for value in values)),),
        step_notes=("62.4% 被邀请", "24.8% 给了评价", "93.5% 满意"),
    )


def levels(series: int = 1) -> ChartSpec:
    shares = (0.765, 0.171, 0.036, 0.018, 0.010)
    return ChartSpec(
        "invites.levels",
        "评价分布",
        "levels",
        categories=("很满意", "满意", "一般", "不满", "很不满"),
        series=tuple(
            Series(f"s{i}", f"第{i}组", "series1", tuple(Point(share, n=100 * share) for share in shares))
            for i in range(series)
        ),
    )


def grouped() -> ChartSpec:
    return ChartSpec(
        "invites.kinds",
        "邀请与自主",
        "grouped_bars",
        categories=("评价率", "满意率"),
        series=(
            Series("invited", "邀请", "series1", (point(0.25), point(0.93))),
            Series("own", "自主", "series2", (point(0.03), Point(None))),
        ),
    )


def heatmap() -> ChartSpec:
    return ChartSpec(
        "response.heat",
        "咨询量",
        "heatmap",
        format=Format.COUNT,
        categories=tuple(f"{hour}时" for hour in range(24)),
        series=tuple(
            Series(
                str(day),
                f"周{name}",
                "series1",
                tuple(Point(None) if hour < 7 else Point(float(hour * day)) for hour in range(24)),
            )
            for day, name in enumerate("一二三四五六日", start=1)
        ),
    )


def nothing() -> ChartSpec:
    return ChartSpec("empty", "没有", "trend", empty="还没有评价数据。把「接待评价」拖进来。")


def extreme() -> ChartSpec:
    return ChartSpec(
        "extreme",
        "极端",
        "bars",
        format=Format.COUNT,
        categories=("零", "一", "十亿", "负"),
        series=(Series("n", "数", "series4", (Point(0.0), Point(1.0), Point(1e9), Point(-2e8))),),
    )


def all_gaps() -> ChartSpec:
    return ChartSpec(
        "gaps",
        "全空",
        "bars",
        categories=("甲", "乙"),
        series=(Series("n", "数", "series1", (Point(None), Point(None))),),
    )


LONG = "云间小铺旗舰店官方售后专员王小明(夜班轮值二组)"
EVERY = {
    "trend": trend(),
    "one day": trend(1),
    "three years": trend(1100),
    "gaps": trend(30, gaps=(0, 4, 5, 29)),
    "months": trend(14, step=31),
    "bars": bars(),
    "one bar": bars(("小美",)),
    "long names": bars((LONG, LONG, "乙")),
    "forty bars": bars(tuple(f"客服{i:02}" for i in range(40))),
    "funnel": funnel(),
    "levels": levels(),
    "stacked": levels(2),
    "grouped": grouped(),
    "heatmap": heatmap(),
    "nothing": nothing(),
    "extreme": extreme(),
    "all gaps": all_gaps(),
}
