"""排班建议: how many people each hour of the week takes, beside how many were there.

What comes in an hour is read from session rows of the last weeks, promotions and holidays apart; Erlang C says how many
agents it takes on a busy day (Erlang A beside it where buyers are seen to leave unanswered).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.events import Event
from csdesk.analysis.frame import Engine
from csdesk.analysis.planning.chats import (
    HOURS,
    WEEKDAYS,
    Chats,
    Hours,
    Leaving,
    Length,
    Overlap,
    chats_of,
    hours_of,
    leaving_of,
    length_of,
    overlap_of,
)
from csdesk.analysis.planning.forecast import Forecast
from csdesk.analysis.planning.history import History, SpecialDays, special_days
from csdesk.analysis.planning.rules import Rule, StaffingRules
from csdesk.analysis.planning.staffing_words import busiest_words, doubted_words, overlap_words, short_words
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.stats.staffing import Demand, staff, staff_many

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Grid = tuple[tuple[float | None, ...], ...]
"""Seven rows (周一 first) of 24 hours; None where a weekday has too few days."""
OK, NO_SESSIONS, TOO_SHORT, NO_LENGTH = "ok", "no_sessions", "too_short", "no_length"
_NO_LENGTH_TEXT = (
    "会话明细里没有结束时间，也没有回复时长，不知道一个会话要多久。请导出带结束时间的明细，或在设置里填一个。"
)
_LEAST_DAYS = 14
_LEAST_OF_A_WEEKDAY = 2
_LISTED = 5
_SHORT_BY = 1.0
_FAR = 28
_SPARE_BY = 2.0
_DOUBTED_BY = 0.1


@dataclass(frozen=True, slots=True)
class HourNeed:
    """One hour of one weekday (1 = 周一), over ``days`` of them with ``chats`` in all.


    ``mean`` and ``busy`` (the busy-day quantile) are chats an hour; ``agents`` are needed on a busy day, ``rostered``
    with breaks on top, ``present`` were there on average, ``short`` is how many more are needed. ``service_now``:
    share answered in time that those present give on a busy day, by the model; ``in_time``: the share measured, of
    ``answered``. ``agents_leaving``: needed if buyers go on leaving as they do.
    """

    weekday: int
    hour: int
    days: int
    chats: int
    mean: float
    busy: float
    agents: int
    rostered: int
    present: float
    short: float
    service_now: float
    in_time: float | None
    answered: int
    agents_leaving: int | None
    is_busiest: bool
    is_short: bool


@dataclass(frozen=True, slots=True)
class SpecialNeed:
    """Promotion or holiday days in the weeks looked at: chats a day and what their busiest hour takes."""

    name: str
    first: date
    last: date
    days: int
    chats_a_day: float
    busiest_hour: int
    chats_in_it: float
    agents: int | None


@dataclass(frozen=True, slots=True)
class ComingDay:
    """A day to come by the forecast: chats expected, agents for each hour of a busy such day, and the most of them."""

    day: date
    weekday: int
    chats: float
    busy_chats: float
    agents: tuple[int | None, ...]
    most: int
    event: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Share answered in time in hours with enough people: what the model says of them, and what ``n`` chats say."""

    foreseen: float
    measured: float
    n: int

    @property
    def doubtful(self) -> bool:
        """The measure is far worse: it is to be trusted, not the model."""
        return self.foreseen - self.measured > _DOUBTED_BY


@dataclass(frozen=True, slots=True)
class Staffing:
    """``state``: ok | no_sessions | too_short | no_length; ``text`` are Chinese sentences.

    The grids hold chats an hour (``mean``, ``busy``), agents ``needed`` on a busy day, and agents ``present``. ``rows``
    are the busiest hours and those with the fewest people for what comes, most missing first. ``short_hours`` counts
    the hours that lack an agent or more, ``spare_hours`` those with two or more to spare although in time by measure.
    """

    state: str
    text: tuple[str, ...]
    first: date | None = None
    last: date | None = None
    days: int = 0
    rules: tuple[Rule, ...] = ()
    length: Length | None = None
    overlap: Overlap | None = None
    leaving: Leaving | None = None
    mean: Grid = ()
    busy: Grid = ()
    needed: Grid = ()
    present: Grid = ()
    rows: tuple[HourNeed, ...] = ()
    short_hours: int = 0
    spare_hours: int = 0
    checked: Checked | None = None
    special: tuple[SpecialNeed, ...] = ()
    coming: tuple[ComingDay, ...] = ()


def staffing(
    engine: Engine,
    selection: Filter,
    rules: StaffingRules,
    today: date,
    *,
    robots: frozenset[int] = frozenset(),
    own: Sequence[Event] = (),
) -> Staffing:
    """The staffing of the selection's shops and groups, from the last weeks of its days."""
    found = _recent(engine, replace(selection, agents=()), rules, robots, today)
    if found is None:
        said = "没有会话明细，算不出每个小时要几个人。请导出会话明细（含开始和结束时间）拖进来。"
        return Staffing(NO_SESSIONS, (said,))
    chats, period = found
    special = special_days(period, selection.platform, own)
    return reckon(chats, period, special, rules)


def reckon(chats: Chats, period: Period, special: Sequence[SpecialDays], rules: StaffingRules) -> Staffing:
    """The same from chats at hand: those of ``period``, with the special days inside it."""
    small = rules.small_sample
    hours = hours_of(chats, rules.within_seconds)
    apart = np.isin(hours.days, [to_epoch_day(day) for span in special for day in Period(span.first, span.last)])
    ordinary = int((~apart).sum())
    frame = Staffing(OK, (), period.first, period.last, ordinary, rules.told())
    if ordinary < _LEAST_DAYS or chats.size < small:
        said = (
            f"最近 {round(rules.weeks)} 周只有 {ordinary} 个平常日子有会话明细，至少要 {_LEAST_DAYS} 天才能给排班建议。"
        )
        return replace(frame, state=TOO_SHORT, text=(said,))
    length = length_of(chats)
    if rules.handle_seconds:
        length = Length(rules.handle_seconds, rules.handle_seconds, 0, "setting")
    if length is None:
        return replace(frame, state=NO_LENGTH, text=(_NO_LENGTH_TEXT,))
    leaving = leaving_of(chats)
    overlap = overlap_of(chats)
    rules = rules.in_force(length, overlap)
    week = _week(hours, ~apart, rules, length)
    frame = replace(
        frame,
        length=length,
        overlap=overlap,
        rules=rules.told(),
        leaving=leaving,
        mean=_grid(week.mean),
        busy=_grid(week.busy),
        needed=_grid(week.agents),
        present=_grid(week.present),
        rows=_rows(week, rules, length, leaving, small),
        short_hours=int(week.short(small).sum()),
        spare_hours=int(week.spare(small, rules.level).sum()),
        checked=week.checked(small),
        special=_special(hours, special, rules, length),
    )
    return replace(frame, text=_text(frame, week, rules, small))


def coming(found: Staffing, forecast: Forecast, history: History | None, rules: StaffingRules) -> tuple[ComingDay, ...]:
    """The next seven days by the forecast, spread over the hours as those of their weekday were; () where there is no
    forecast.

    What is forecast (people, conversations of reports) becomes chats in the proportion of the weeks looked at. Busy
    days are the forecast's upper 80 % limit.
    """
    if not forecast.days or found.length is None or history is None:
        return ()
    if abs((forecast.days[0].day - (found.last or date.min)).days) > _FAR:
        return ()  # the hours of another season
    rules = rules.in_force(found.length, found.overlap)
    chats = {weekday: np.array(row, dtype=np.float64) for weekday, row in enumerate(found.mean, 1)}  # None is NaN
    chats_a_unit = _chats_a_unit(found, chats, history)
    shares = {weekday: row / row.sum() for weekday, row in chats.items() if row.sum() > 0}
    if chats_a_unit is None:
        return ()
    days = []
    for day in forecast.days[:WEEKDAYS]:
        if day.weekday not in shares:
            continue
        busy = day.high_80 * chats_a_unit
        need = staff_many(busy * shares[day.weekday], found.length.mean, rules.goal, concurrency=rules.chats_at_a_time)
        agents = tuple(None if np.isnan(one) else int(one) for one in need.agents.tolist())
        most = max((one for one in agents if one is not None), default=0)
        days.append(ComingDay(day.day, day.weekday, day.mean * chats_a_unit, busy, agents, most, day.event))
    return tuple(days)


def _chats_a_unit(found: Staffing, chats: Mapping[int, Floats], history: History) -> float | None:
    """Chats of an average week over what the history counts in one; None where the two share no weekday."""
    if found.first is None or found.last is None:
        return None
    day = to_epoch_day(history.first) + np.arange(len(history.values))
    inside = (day >= to_epoch_day(found.first)) & (day <= to_epoch_day(found.last)) & np.isfinite(history.values)
    came = counted = 0.0
    for weekday, row in chats.items():
        mine = inside & ((day + 3) % WEEKDAYS == weekday - 1)
        if mine.any() and np.isfinite(row).all():
            came += float(row.sum())
            counted += float(history.values[mine].mean())
    return came / counted if counted > 0 else None


@dataclass(frozen=True, slots=True)
class _Week:
    """By weekday and hour, (7, 24), NaN for weekdays with too few days."""

    days: Floats
    total: Floats
    mean: Floats
    busy: Floats
    present: Floats
    agents: Floats
    service_now: Floats
    in_time: Floats
    answered: Floats

    def short(self, small: int) -> NDArray[np.bool_]:
        """Hours that lack an agent or more, with enough chats to say so."""
        return np.asarray((self.agents - self.present >= _SHORT_BY) & (self.total >= small))

    def spare(self, small: int, level: float) -> NDArray[np.bool_]:
        """Hours with people to spare, by the model and by what was measured."""
        with np.errstate(invalid="ignore", divide="ignore"):
            fine = (self.answered >= small) & (self.in_time / self.answered >= level)
        return np.asarray((self.present - self.agents >= _SPARE_BY) & fine)

    def checked(self, small: int) -> Checked | None:
        """The model against the measure, over the hours it calls manned."""
        manned = (self.present >= self.agents) & (self.answered >= small)
        answered = float(self.answered[manned].sum())
        if answered < small:
            return None
        foreseen = float((self.service_now * self.answered)[manned].sum()) / answered
        return Checked(foreseen, float(self.in_time[manned].sum()) / answered, round(answered))


def _week(hours: Hours, ordinary: NDArray[np.bool_], rules: StaffingRules, length: Length) -> _Week:
    grids = [np.full((WEEKDAYS, HOURS), np.nan) for _ in range(7)]
    days, total, mean, busy, present, in_time, answered = grids
    for weekday in range(WEEKDAYS):
        mine = ordinary & (hours.weekday == weekday)
        number = int(mine.sum())
        if number < _LEAST_OF_A_WEEKDAY:
            continue
        came = hours.came[mine]
        days[weekday], total[weekday], mean[weekday] = number, came.sum(axis=0), came.mean(axis=0)
        busy[weekday] = np.quantile(came, rules.busy_share, axis=0)
        present[weekday] = hours.present[mine].mean(axis=0)
        in_time[weekday], answered[weekday] = hours.in_time[mine].sum(axis=0), hours.answered[mine].sum(axis=0)
    busy = np.maximum(busy, mean)  # a rare hour may have a quantile of nothing
    need = staff_many(busy, length.mean, rules.goal, concurrency=rules.chats_at_a_time, now=np.round(present))
    return _Week(days, total, mean, busy, present, need.agents, need.service_now, in_time, answered)


def _rows(
    week: _Week, rules: StaffingRules, length: Length, leaving: Leaving | None, small: int
) -> tuple[HourNeed, ...]:
    """The busiest hours, and the shortest of people among those that are short."""
    flat_busy = np.nan_to_num(week.busy.ravel(), nan=-1.0)
    missing = np.where(week.short(small), week.agents - week.present, -np.inf).ravel()
    known = np.isfinite(week.agents).ravel()
    busiest = [at for at in np.argsort(-flat_busy, kind="stable")[:_LISTED].tolist() if known[at] and flat_busy[at] > 0]
    shortest = [at for at in np.argsort(-missing, kind="stable")[:_LISTED].tolist() if np.isfinite(missing[at])]
    chosen = dict.fromkeys((*shortest, *busiest))
    rows = []
    for at in chosen:
        weekday, hour = divmod(at, HOURS)
        cell = (weekday, hour)
        agents, present, answered = int(week.agents[cell]), float(week.present[cell]), int(week.answered[cell])
        rows.append(
            HourNeed(
                weekday + 1, hour, int(week.days[cell]), int(week.total[cell]), float(week.mean[cell]),
                float(week.busy[cell]), agents, int(np.ceil(agents / (1 - rules.shrinkage) - 1e-9)), present,
                agents - present, float(week.service_now[cell]),
                float(week.in_time[cell]) / answered if answered >= small else None, answered,
                _if_leaving(float(week.busy[cell]), agents, rules, length, leaving), at in busiest, at in shortest,
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.short, -row.busy)))


def _if_leaving(busy: float, staying: int, rules: StaffingRules, length: Length, leaving: Leaving | None) -> int | None:
    if leaving is None:
        return None
    found = staff(
        Demand(busy, length.mean), rules.goal, concurrency=rules.chats_at_a_time,
        patience_seconds=leaving.patience_seconds, guess=staying,
    )  # fmt: skip
    return None if found is None else found.agents


def _special(
    hours: Hours, special: Sequence[SpecialDays], rules: StaffingRules, length: Length
) -> tuple[SpecialNeed, ...]:
    needs = []
    for span in special:
        mine = (hours.days >= to_epoch_day(span.first)) & (hours.days <= to_epoch_day(span.last))
        if not mine.any():
            continue
        came = hours.came[mine].mean(axis=0)
        hour = int(came.argmax())
        found = staff(Demand(float(came[hour]), length.mean), rules.goal, concurrency=rules.chats_at_a_time)
        needs.append(
            SpecialNeed(
                span.name, span.first, span.last, int(mine.sum()), float(came.sum()), hour, float(came[hour]),
                None if found is None else found.agents,
            )
        )  # fmt: skip
    return tuple(needs)


def _recent(
    engine: Engine, selection: Filter, rules: StaffingRules, robots: frozenset[int], today: date
) -> tuple[Chats, Period] | None:
    """The chats of the selection's last weeks with data, and these weeks; None where there is no chat at all.

    The running day is not over and does not count.
    """
    days = engine.table("session", selection).day
    over = int(np.searchsorted(days, to_epoch_day(today)))
    if not over:
        return None
    last = int(days[over - 1])
    period = Period(from_epoch_day(last) - timedelta(days=7 * round(rules.weeks) - 1), from_epoch_day(last))
    chats = chats_of(engine.table("session", selection.during(period)), robots)
    return (chats, period) if chats.size else None


def _grid(numbers: Floats) -> Grid:
    return tuple(tuple(None if np.isnan(one) else one for one in row) for row in numbers.tolist())


def _text(found: Staffing, week: _Week, rules: StaffingRules, small: int) -> tuple[str, ...]:
    worst = max((row for row in found.rows if row.is_short), key=lambda row: row.short, default=None)
    busiest = max((row for row in found.rows if row.is_busiest), key=lambda row: row.busy, default=None)
    judged = int((week.total >= small).sum())
    said = [] if busiest is None or found.length is None else [busiest_words(busiest, found.length, rules)]
    said.append(short_words(worst, found.short_hours, judged, rules))
    if found.checked is not None and found.checked.doubtful:
        said.append(doubted_words(found.checked.foreseen, found.checked.measured, found.checked.n, rules))
    return (*said, overlap_words(found.overlap, rules))
