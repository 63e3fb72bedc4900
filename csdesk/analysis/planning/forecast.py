"""The forecast of 咨询量: how many will come on each of the next days, and how good such forecasts have been so far.

Shown only where it beats "the same weekday of last week" on the shops' own past; otherwise that is said, with the
errors of both. See :mod:`csdesk.stats.forecast` for the method.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from csdesk.analysis.events import Event
from csdesk.analysis.frame import Answer
from csdesk.analysis.planning.history import METRIC, History, SpecialDays, special_days
from csdesk.charts.format import count, percent, period_text, short_day
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.stats.forecast import WEEK, Backtest, Projection, backtest, least_history, project

DAYS_AHEAD = 28
DAYS_SHOWN = 56
WEEKDAYS = "一二三四五六日"
SHOWN, NOT_BETTER, TOO_SHORT, NO_DATA, NOT_READY = "shown", "not_better", "too_short", "no_data", "not_ready"
_METHOD = (
    "指数平滑（水平加星期规律），按数量的平方根拟合，区间按这家店自己每天的波动算；"
    "大促、节假日和缺数的日子不参加。先拿过去的日子试，比照搬上周同一天准才显示。"
)


@dataclass(frozen=True, slots=True)
class DayAhead:
    """A day to come: ``value`` is as likely to be passed as not, ``mean`` adds up over days.

    ``weekday`` 1 = 周一. ``event`` names a promotion or holiday, whose effect is not in the numbers.
    """

    day: date
    weekday: int
    value: float
    mean: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float
    event: str = ""


@dataclass(frozen=True, slots=True)
class DayPast:
    """A day that was: ``value`` None where nothing is known of it; a day with an ``event`` taught nothing."""

    day: date
    value: float | None
    event: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A forecast of the past: made at the end of ``made_on``, mean errors over the ``days`` judged."""

    made_on: date
    days: int
    error: float
    naive_error: float
    mase: float | None
    """None where last week was never wrong."""


@dataclass(frozen=True, slots=True)
class Past:
    """How forecasts ``horizon`` days ahead have done: errors a day, shares of days inside the intervals.

    ``widened``: by how much the intervals of the days ahead were widened, because those of the past held too few days
    (``within_80`` and ``within_95`` are as they were). ``mase`` is the error in units of that of "the same weekday of
    last week" on the same days: below 1 is ``better``.
    """

    horizon: int
    days: int
    error: float
    naive_error: float
    mase: float
    within_80: float
    within_95: float
    better: bool
    origins: tuple[Judged, ...]
    widened: float = 1.0


@dataclass(frozen=True, slots=True)
class Learnt:
    """The days it rests on: ``known`` of those from ``first`` to ``last`` take part."""

    first: date
    last: date
    known: int
    missing: int
    special: tuple[SpecialDays, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """``state``: shown | not_better | too_short | no_data | not_ready; ``text`` says it in Chinese.

    ``counted`` is what is counted (接待人数, 会话数). ``days`` is empty unless shown, ``next_7_days`` the expected
    sum of the first seven.
    """

    state: str
    text: str
    metric: str = METRIC
    shops: tuple[str, ...] = ()
    counted: str = ""
    days: tuple[DayAhead, ...] = ()
    next_7_days: float | None = None
    backtest: Past | None = None
    history: Learnt | None = None
    notes: tuple[str, ...] = ()
    method: str = _METHOD
    recent: tuple[DayPast, ...] = ()
    """The last weeks as they were, up to the day before ``days``."""


UNREADY = Forecast(NOT_READY, "预测还没算好，打开“客户与订单”页时会算。")
"""What a page shows that does not wait for the forecast."""


def forecast_answer(found: Forecast | None) -> Answer:
    """The forecast as a page's answer; None = it has not been worked out."""
    return Answer("forecast", UNREADY if found is None else found)


def work_out(
    history: History | None,
    platform: Platform | None = None,
    own: Sequence[Event] = (),
    check: Callable[[], None] = lambda: None,
) -> Forecast:
    """Everything about the next weeks; a second or two.

    ``platform``: whose promotions lie ahead (None: anybody's). ``own``: the owner's events. ``check`` is called now and
    then; what it raises ends the work.
    """
    if history is None:
        return Forecast(NO_DATA, "没有分天的接待数据，预测不了。按天导出报表，或拖入会话明细表。")
    learnt = Learnt(history.first, history.last, history.known, history.missing, history.special)
    judged = backtest(history.values, check=check) if len(history.values) >= least_history() else None
    if judged is None:
        return Forecast(
            TOO_SHORT,
            _too_short(history),
            shops=history.shops,
            counted=history.counted,
            history=learnt,
            notes=history.notes,
        )
    past = _past(judged, history.first)
    ahead = project(history.values, DAYS_AHEAD)
    if ahead is None or not past.better:
        return Forecast(
            NOT_BETTER,
            _not_better(past),
            shops=history.shops,
            counted=history.counted,
            backtest=past,
            history=learnt,
            notes=history.notes,
        )
    days = _days(ahead.widened(past.widened), history.last, special_days(_ahead(history.last), platform, own))
    return Forecast(
        SHOWN, _shown(days, past, history.counted), shops=history.shops, counted=history.counted, days=days,
        next_7_days=sum(day.mean for day in days[:WEEK]), backtest=past, history=learnt, notes=history.notes,
        recent=_recent(history),
    )  # fmt: skip


def _recent(history: History) -> tuple[DayPast, ...]:
    first = max(history.first, history.last - timedelta(days=DAYS_SHOWN - 1))
    named = _named(history.special)
    values = history.counts[(first - history.first).days :].tolist()
    return tuple(
        DayPast(day, None if math.isnan(value) else value, named.get(day, ""))
        for day, value in zip(Period(first, history.last), values, strict=True)
    )


def _named(special: Sequence[SpecialDays]) -> dict[date, str]:
    named: dict[date, str] = {}
    for span in special:
        for day in Period(span.first, span.last):
            named[day] = f"{named[day]}、{span.name}" if day in named else span.name
    return named


def _past(judged: Backtest, first: date) -> Past:
    return Past(
        judged.horizon,
        sum(one.scored for one in judged.origins),
        judged.error,
        judged.naive_error,
        judged.mase,
        judged.within[0.8],
        judged.within[0.95],
        judged.better,
        tuple(
            Judged(
                first + timedelta(days=one.known - 1), one.scored, one.error, one.naive_error,
                one.error / one.naive_error if one.naive_error > 0 else None,
            )
            for one in judged.origins
        ),
        judged.widening,
    )  # fmt: skip


def _ahead(last: date) -> Period:
    return Period(last + timedelta(days=1), last + timedelta(days=DAYS_AHEAD))


def _days(ahead: Projection, last: date, special: Sequence[SpecialDays]) -> tuple[DayAhead, ...]:
    named = _named(special)
    low_80, high_80 = (side.tolist() for side in ahead.band(0.8))
    low_95, high_95 = (side.tolist() for side in ahead.band(0.95))
    return tuple(
        DayAhead(
            day, day.isoweekday(), ahead.median.item(at), ahead.mean.item(at),
            low_80[at], high_80[at], low_95[at], high_95[at], named.get(day, ""),
        )
        for at, day in enumerate(_ahead(last))
    )  # fmt: skip


def _shown(days: Sequence[DayAhead], past: Past, counted: str) -> str:
    return f"{ahead_words(days, counted)}{past_words(past)}{special_words(days)}"


def ahead_words(days: Sequence[DayAhead], counted: str) -> str:
    """What is expected: the quietest and the busiest day, and the first week's sum."""
    quiet, busy = min(days, key=lambda day: day.value), max(days, key=lambda day: day.value)
    what = "人" if "人" in counted else "个"
    week = count(round(sum(day.mean for day in days[:WEEK])))
    span = period_text(days[0].day, days[-1].day)
    if round(quiet.value) == round(busy.value):
        return f"{span} 预计每天接待约 {count(round(busy.value))} {what}，头 7 天合计约 {week} {what}。"
    return (
        f"{span} 预计每天接待约 {count(round(quiet.value))}（{_weekday(quiet.day)}）"
        f"到 {count(round(busy.value))}（{_weekday(busy.day)}）{what}，头 7 天合计约 {week} {what}。"
    )


def past_words(past: Past) -> str:
    """How well such forecasts would have done until now."""
    wider = f"，太少，所以这里把区间放宽到 {past.widened:.1f} 倍" if past.widened > 1 else ""
    return (
        f"拿过去 {len(past.origins)} 次、共 {past.days} 天试过：预测平均每天差 {past.error:.1f}，"
        f"照搬上周同一天差 {past.naive_error:.1f}；{percent(past.within_95, 0)} 的日子落在 95% 区间里{wider}。"
    )


def special_words(days: Sequence[DayAhead]) -> str:
    """Which promotions and holidays lie ahead, whose effect is not in the numbers."""
    events: dict[str, list[date]] = {}
    for day in days:
        if day.event:
            events.setdefault(day.event, []).append(day.day)
    if not events:
        return ""
    named = "、".join(f"{name}（{_span(inside[0], inside[-1])}）" for name, inside in events.items())
    return f"{named}的数字按平常日子算，没有算进大促和节假日的影响，请自己加减。"


def _weekday(day: date) -> str:
    return f"周{WEEKDAYS[day.weekday()]}"


def _span(first: date, last: date) -> str:
    return short_day(first) if first == last else f"{short_day(first)} 至 {short_day(last)}"


def _not_better(past: Past) -> str:
    return (
        f"拿过去 {len(past.origins)} 次、共 {past.days} 天试过：预测平均每天差 {past.error:.1f}，"
        f"照搬上周同一天差 {past.naive_error:.1f}，没有更准，所以不给预测。"
        "安排人手可以先参考上周同一天。"
    )


def _too_short(history: History) -> str:
    return (
        f"分天的接待数据有 {history.known} 天可用（{period_text(history.first, history.last)}，"
        f"大促、节假日和缺数的日子不算），至少要连续 {least_history()} 天左右，才够拿过去试准不准，再给预测。"
    )
