"""The staffing as a map of the week: how many people each hour takes on a busy day, beside how many were there."""

from __future__ import annotations

from csdesk.analysis.planning.staffing import OK, Staffing
from csdesk.charts.spec import Cell, ChartSpec, Column, Format, Point, Series, TableSpec

CHART = "response.staffing"
TITLE = "每个小时要几个人"
_WAIT = "还没有会话明细，算不出每个小时要几个人。"
_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_METHOD = (
    "Erlang C：按忙的日子的会话数、平均会话时长和每人同时接待几个，算要几个人才能按时回复；"
    "在岗是当小时有会话开始或结束的客服，大促和节假日不算在内。"
)
_COLUMNS = (
    Column("weekday", "星期"),
    Column("hour", "时段"),
    Column("mean", "平均会话", Format.SCORE),
    Column("busy", "忙的日子", Format.SCORE),
    Column("needed", "要几人", Format.COUNT),
    Column("present", "平均在岗", Format.SCORE),
    Column("short", "差几人", Format.SCORE),
)


def staffing_chart(found: Staffing | None) -> ChartSpec:
    """Cells by weekday and hour, the deeper the tighter; the sentence why there is none where nothing can be said."""
    if found is None or found.state != OK:
        said = _WAIT if found is None else "".join(found.text)
        return ChartSpec(CHART, TITLE, "heatmap", format=Format.SCORE, empty=said, metrics=("received",))
    hours = _open_hours(found)
    cells = {(day, hour): _cell(found, day, hour) for day in range(len(_WEEKDAYS)) for hour in hours}
    return ChartSpec(
        CHART, TITLE, "heatmap",
        "每格是“忙的日子要几人 / 平均几人在岗”，颜色越深人手越紧",
        format=Format.SCORE,
        categories=tuple(f"{hour}点" for hour in hours),
        series=tuple(
            Series(f"weekday{day + 1}", title, "series1", tuple(cells[day, hour] for hour in hours))
            for day, title in enumerate(_WEEKDAYS)
        ),
        footnote="".join(found.text),
        table=TableSpec(
            _COLUMNS,
            tuple(
                _row(found, day, hour)
                for (day, hour), point in cells.items() if point.y is not None
            ),
        ),
        metrics=("received",),
        method=_METHOD,
    )  # fmt: skip


def _open_hours(found: Staffing) -> range:
    """From the first hour in which anybody comes to the last."""
    there = [hour for row in found.mean for hour, mean in enumerate(row) if mean]
    return range(min(there), max(there) + 1) if there else range(0)


def _cell(found: Staffing, day: int, hour: int) -> Point:
    mean, busy, needed, present = _numbers(found, day, hour)
    if mean is None or busy is None or needed is None or present is None or not mean:
        return Point(None)
    return Point(
        needed - present,
        label=f"{needed:.0f}/{present:.0f}",
        hint=f"忙的日子 {busy:.1f} 个会话要 {needed:.0f} 人，平均 {mean:.1f} 个会话、{present:.1f} 人在岗",
    )


def _row(found: Staffing, day: int, hour: int) -> tuple[Cell, ...]:
    mean, busy, needed, present = _numbers(found, day, hour)
    short = None if needed is None or present is None else needed - present
    return (_WEEKDAYS[day], f"{hour}:00–{hour + 1}:00", mean, busy, needed, present, short)


def _numbers(found: Staffing, day: int, hour: int) -> tuple[float | None, float | None, float | None, float | None]:
    mean, busy, needed, present = (grid[day][hour] for grid in (found.mean, found.busy, found.needed, found.present))
    return mean, busy, needed, present
