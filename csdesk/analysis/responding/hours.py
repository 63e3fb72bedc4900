"""When buyers come and how soon they are answered: hour × weekday, and the busiest hours and days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from csdesk.analysis.frame import Answer, PageRequest
from csdesk.analysis.responding.waits import Waits
from csdesk.charts import format as written
from csdesk.charts.spec import Cell, ChartSpec, Column, Format, Point, Series, TableSpec
from csdesk.domain.period import Period, from_epoch_day
from csdesk.stats.change import SMALL_SAMPLE

if TYPE_CHECKING:
    from csdesk.metrics.days import Ints

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_MOST = 5
_SLOWEST = 3
_NO_ROWS = "还没有会话明细。保存空白模板，填上开始时间和首次响应时长，拖进来就有。"


@dataclass(frozen=True, slots=True)
class HourCell:
    """One hour of one weekday. ``sessions`` of all of them, ``n`` with a known first answer; ``median`` in seconds,
    ``in_time`` the share answered within the target (of ``judged``); ``small``: n below the limit.
    """

    weekday: int
    hour: int
    sessions: int
    median: float | None
    in_time: float | None
    judged: int
    n: int
    small: bool


@dataclass(frozen=True, slots=True)
class BusyHour:
    """One hour of the day over all days: sessions, their mean a day, and how soon they are answered."""

    hour: int
    sessions: int
    per_day: float
    share: float
    median: float | None
    n: int


@dataclass(frozen=True, slots=True)
class BusyDay:
    """One day; ``events`` names what made it special."""

    day: date
    weekday: int
    sessions: int
    median: float | None
    n: int
    events: tuple[str, ...]


def heat_cells(waits: Waits) -> tuple[HourCell, ...]:
    """The hours of the week anybody came in, from Monday on."""
    import numpy as np  # noqa: PLC0415

    from csdesk.metrics.rows.reduce import counted_quantiles  # noqa: PLC0415

    if not waits.size:
        return ()
    verdicts = waits.verdicts_by_hour_of_week
    counts = waits.by_hour_of_week
    medians = counted_quantiles(waits.values, counts, 0.5)
    sessions, judged, answered = verdicts.sum(axis=1), verdicts[:, :2].sum(axis=1), counts.sum(axis=1)
    return tuple(
        HourCell(
            at // 24 + 1, at % 24, int(sessions[at]),
            float(medians[at]) if answered[at] else None,
            float(verdicts[at, 1] / judged[at]) if judged[at] else None,
            int(judged[at]), int(answered[at]), bool(answered[at] < SMALL_SAMPLE),
        )
        for at in np.flatnonzero(sessions).tolist()
    )  # fmt: skip


def heat_words(cells: Sequence[HourCell]) -> str:
    """The hours of the week in which buyers wait longest, among those with enough sessions."""
    if not cells:
        return _NO_ROWS
    if all(cell.median is None for cell in cells):
        return "会话明细里没有首次响应时长，只看得出什么时候人多。"
    known = [cell for cell in cells if cell.median is not None and not cell.small]
    if not known:
        return f"没有一个小时的会话满 {SMALL_SAMPLE} 次，快慢只供参考。"
    slow = sorted(known, key=lambda cell: -(cell.median or 0.0))[:_SLOWEST]
    named = "、".join(
        f"{WEEKDAYS[cell.weekday - 1]} {cell.hour} 点（{written.duration(cell.median)}，n={written.count(cell.n)}）"
        for cell in slow
    )
    return f"样本满 {SMALL_SAMPLE} 次的 {len(known)} 个小时里，首次响应中位数最长的是{named}。"


def peaks(waits: Waits, request: PageRequest) -> Answer:
    """The busiest hours of the day and the busiest days, with how soon buyers were answered then."""
    import numpy as np  # noqa: PLC0415

    if not waits.size:
        return Answer("peaks", {"hours": (), "days": (), "text": _NO_ROWS})
    open_days = len(waits.days[0])
    sessions = waits.verdicts_by_hour_of_week.sum(axis=1).reshape(7, 24).sum(axis=0)
    counts = waits.by_hour_of_week.reshape(7, 24, -1).sum(axis=0)
    top = [hour for hour in np.argsort(-sessions, kind="stable")[:3].tolist() if sessions[hour]]
    hours = [_busy_hour(waits, hour, sessions, counts, open_days) for hour in top]
    days = _busy_days(waits, request)
    return Answer(
        "peaks", {"hours": tuple(hours), "days": days, "open_days": open_days, "text": _words(hours, days, open_days)}
    )


def _busy_hour(waits: Waits, hour: int, sessions: Ints, counts: Ints, open_days: int) -> BusyHour:
    mine = waits.sorted(counts[hour])
    count = int(sessions[hour])
    return BusyHour(int(hour), count, count / open_days, count / int(sessions.sum()), mine.quantile(0.5), mine.n)


def _busy_days(waits: Waits, request: PageRequest) -> tuple[BusyDay, ...]:
    import numpy as np  # noqa: PLC0415

    days, sessions = waits.days
    ends = np.cumsum(sessions)
    found = []
    for at in np.argsort(-sessions, kind="stable")[:_MOST].tolist():
        place = waits.place[ends[at] - sessions[at] : ends[at]]
        mine = waits.sorted(np.bincount(place[place >= 0], minlength=len(waits.values)))
        day = from_epoch_day(int(days[at]))
        events = tuple(event.name for event in request.events_in(Period.of_day(day)))
        found.append(BusyDay(day, day.isoweekday(), int(sessions[at]), mine.quantile(0.5), mine.n, events))
    return tuple(found)


def _words(hours: Sequence[BusyHour], days: Sequence[BusyDay], open_days: int) -> str:
    if not hours:
        return _NO_ROWS
    hour, day = hours[0], days[0]
    whole = round(hour.sessions / hour.share)
    if whole < SMALL_SAMPLE:
        return f"会话不到 {SMALL_SAMPLE} 次（{whole} 次），看不出什么时候最忙。"
    each = f"{hour.sessions} 次会话" if open_days == 1 else f"平均每天 {hour.per_day:.1f} 次会话"
    text = f"一天里 {hour.hour}–{hour.hour + 1} 点最忙，{each}，占 {written.percent(hour.share)}"
    if hour.median is not None and hour.n >= SMALL_SAMPLE:
        text += f"，首次响应中位数 {written.duration(hour.median)}（n={written.count(hour.n)}）"
    if open_days == 1:
        return f"{text}。"
    names = f"（{'、'.join(day.events)}）" if day.events else ""
    return f"{text}；最忙的一天是 {day.day.isoformat()}{names}，{written.count(day.sessions)} 次会话。"


def heat_chart(chart_id: str, cells: Sequence[HourCell]) -> ChartSpec:
    """Median first answers by weekday and hour; where no answer times are known, how many came."""
    timed = any(cell.median is not None for cell in cells)
    there = {(cell.weekday, cell.hour): cell for cell in cells}
    hours = range(min((cell.hour for cell in cells), default=0), max((cell.hour for cell in cells), default=-1) + 1)
    series = tuple(
        Series(f"weekday{number}", title, "series1", tuple(_mark(there.get((number, hour)), timed) for hour in hours))
        for number, title in enumerate(WEEKDAYS, start=1)
    )
    rows: list[tuple[Cell, ...]] = [
        (WEEKDAYS[one.weekday - 1], f"{one.hour} 点", one.sessions, one.median, one.in_time, one.n) for one in cells
    ]
    return ChartSpec(
        chart_id,
        "什么时候等得久" if timed or not cells else "什么时候人多",
        "heatmap",
        "每格是首次响应的中位数（秒），颜色越显眼等得越久；灰色样本不足 30"
        if timed
        else ("每格是会话数" if cells else ""),
        format=Format.SECONDS if timed else Format.COUNT,
        categories=tuple(f"{hour}点" for hour in hours),
        series=series if cells else (),
        empty="" if cells else _NO_ROWS,
        table=TableSpec(
            (
                Column("weekday", "星期"),
                Column("hour", "时段"),
                Column("sessions", "会话", Format.COUNT),
                Column("median", "首次响应中位数", Format.SECONDS),
                Column("in_time", "目标时间内", Format.PERCENT, bar=True),
                Column("n", "样本", Format.COUNT),
            ),
            tuple(rows),
            frozenset(at for at, one in enumerate(cells) if timed and one.small),
        ),
        metrics=("first_response_median",) if timed else ("received",),
    )


def _mark(cell: HourCell | None, timed: bool) -> Point:
    if cell is None:
        return Point(None)
    if not timed:
        return Point(float(cell.sessions), n=cell.sessions)
    said = f"{written.count(cell.sessions)} 次会话  样本 {written.count(cell.n)}"
    if cell.in_time is not None:
        said += f"  目标时间内 {written.percent(cell.in_time)}"
    label = "" if cell.median is None else f"{cell.median:.0f}"
    return Point(cell.median, n=cell.n, muted=cell.small, label=label, hint=said)
