"""The forecast as a chart: the last weeks, the next ones with what is likely, promotions marked, and its record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from csdesk.analysis.planning.forecast import (
    WEEKDAYS,
    DayAhead,
    DayPast,
    Forecast,
    ahead_words,
    past_words,
    special_words,
)
from csdesk.charts import format as written
from csdesk.charts.spec import ChartSpec, Column, Format, Mark, Point, Series, TableSpec

CHART = "customers.forecast"
TITLE = "接下来四周的咨询量"
_WAIT = "正在后台估算，算好就显示在这里。"
_COLUMNS = (
    Column("day", "日期", Format.DATE),
    Column("weekday", "星期"),
    Column("received", "实际接待", Format.COUNT),
    Column("forecast", "预测", Format.COUNT),
    Column("low_80", "80% 下限", Format.COUNT),
    Column("high_80", "80% 上限", Format.COUNT),
    Column("low_95", "95% 下限", Format.COUNT),
    Column("high_95", "95% 上限", Format.COUNT),
    Column("event", "大促、节假日"),
)


def forecast_chart(found: Forecast | None) -> ChartSpec:
    """What is known of the next weeks, or the sentence why nothing is shown; None: it is still being worked out."""
    if found is None or not found.days or found.backtest is None:
        return ChartSpec(
            CHART, TITLE, "trend",
            format=Format.COUNT, empty=_WAIT if found is None else found.text, footnote=_notes(found),
            metrics=("received",), method="" if found is None else found.method, by_step=False,
        )  # fmt: skip
    past, ahead = found.recent, found.days
    before, after = (Point(None),) * len(past), (Point(None),) * len(ahead)
    dated = [(one.day, one.event) for one in past] + [(one.day, one.event) for one in ahead]
    return ChartSpec(
        CHART, TITLE, "trend", ahead_words(ahead, found.counted),
        format=Format.COUNT,
        categories=tuple(written.short_day(day) for day, _event in dated),
        days=tuple(day for day, _event in dated),
        series=(
            Series("received", f"实际{found.counted}", "series1", (*map(_was, past), *after)),
            Series("forecast", "预测", "series2", (*before, *map(_will_be, ahead))),
        ),
        marks=_marks(dated),
        y_range=(0.0, max(1.0, *(one.value or 0.0 for one in past), *(one.high_95 for one in ahead)) * 1.04),
        footnote="".join(
            (
                "虚线为预测，深色带为 80% 区间，浅色带为 95% 区间。",
                past_words(found.backtest), special_words(ahead), _notes(found),
            )
        ),
        table=TableSpec(_COLUMNS, (*map(_past_row, past), *map(_ahead_row, ahead))),
        metrics=("received",),
        method=found.method,
        by_step=False,
    )  # fmt: skip


def _was(one: DayPast) -> Point:
    return Point(one.value, hint=f"{one.event}，没有用来预测" if one.event and one.value is not None else "")


def _will_be(one: DayAhead) -> Point:
    sure, likely = (f"{written.count(round(low))}–{written.count(round(high))}" for low, high in _bands(one))
    event = f"；{one.event}的影响没有算进来" if one.event else ""
    return Point(
        one.value, one.low_95, one.high_95,
        provisional=True, label=f"约 {written.count(round(one.value))}", inner=(one.low_80, one.high_80),
        hint=f"80% 的可能在 {likely}，95% 的可能在 {sure}{event}",
    )  # fmt: skip


def _bands(one: DayAhead) -> tuple[tuple[float, float], tuple[float, float]]:
    return (one.low_95, one.high_95), (one.low_80, one.high_80)


def _marks(days: Sequence[tuple[date, str]]) -> tuple[Mark, ...]:
    """One for each unbroken run of days of the same event."""
    marks: list[Mark] = []
    for at, (_day, event) in enumerate(days):
        if not event:
            continue
        if marks and marks[-1].label == event and marks[-1].last == at - 1:
            marks[-1] = Mark("event", event, marks[-1].first, at)
        else:
            marks.append(Mark("event", event, at, at))
    return tuple(marks)


def _past_row(one: DayPast) -> tuple[date | str | float | None, ...]:
    return (one.day, _weekday(one.day), one.value, None, None, None, None, None, one.event)


def _ahead_row(one: DayAhead) -> tuple[date | str | float | None, ...]:
    expected = (one.value, one.low_80, one.high_80, one.low_95, one.high_95)
    return (one.day, _weekday(one.day), None, *(round(number, 1) for number in expected), one.event)


def _weekday(day: date) -> str:
    return f"周{WEEKDAYS[day.weekday()]}"


def _notes(found: Forecast | None) -> str:
    return "" if found is None or not found.notes else f"{'；'.join(found.notes)}。"
