"""How many people each hour takes: against Erlang's formula hour by hand, quiet where little is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from csdesk.analysis.json import plain
from csdesk.analysis.planning.chats import Chats
from csdesk.analysis.planning.desk import Planning
from csdesk.analysis.planning.forecast import work_out
from csdesk.analysis.planning.history import SpecialDays, gather
from csdesk.analysis.planning.rules import StaffingRules, rules_of
from csdesk.analysis.planning.staffing import Staffing, coming, reckon, staffing
from csdesk.domain.filters import Filter
from csdesk.domain.holdings import DataFacts
from csdesk.domain.period import Period, to_epoch_day
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.settings.options import STAFF_CHATS, STAFF_LEVEL, STAFF_WITHIN
from csdesk.settings.store import Settings
from csdesk.stats.staffing import Demand, Goal, staff
from tests.analysis.planning.shops import TAOBAO, Received
from tests.row_tables import rows_made

MONDAY = date(2026, 6, 22)  # no promotion and no holiday for eight weeks
WEEKS = 8
SPAN = Period(MONDAY, MONDAY + timedelta(days=7 * WEEKS - 1))
RULES = StaffingRules()
BY_HOUR = np.array([0] * 8 + [4, 8, 12, 10, 6, 8, 10, 10, 8, 8, 12, 20, 30, 24, 10, 2], dtype=float)


def shop(
    days: int = 7 * WEEKS, *, seed: int = 1, agents: int = 4, minutes: float = 6.0, times: Sequence[float] = (1.0,) * 7
) -> Chats:
    """Poisson chats by hour (``times`` by weekday), answered in 10 seconds, spread over the agents."""
    dice = np.random.default_rng(seed)
    came = dice.poisson(BY_HOUR * np.resize(times, days)[:, None])
    day, hour = (np.repeat(one, came.ravel()) for one in np.divmod(np.arange(came.size), 24))
    size = len(day)
    day = to_epoch_day(MONDAY) + day
    return Chats(
        day, day * 86_400 + hour * 3600 + dice.integers(0, 3600, size), dice.integers(1, agents + 1, size),
        dice.exponential(minutes * 60, size) + 1, np.full(size, np.nan), np.full(size, 10.0), np.zeros(size),
    )  # fmt: skip


def by_hand(chats: Chats, weekday: int, hour: int) -> list[int]:
    """Chats of that hour on each such day."""
    days = sorted(set(chats.day.tolist()))
    mine = [day for day in days if date.fromordinal(day + date(1970, 1, 1).toordinal()).weekday() == weekday]
    return [int(((chats.day == day) & (chats.at % 86_400 // 3600 == hour)).sum()) for day in mine]


def test_every_hour_of_the_week_by_hand() -> None:
    chats = shop(times=(1, 1, 1, 1, 1.4, 2, 1.8))
    found = reckon(chats, SPAN, (), RULES)
    assert (found.state, found.days) == ("ok", 56)
    assert found.length is not None
    assert found.overlap is not None
    assert found.overlap.p90 == 2
    for weekday in range(7):
        for hour in (3, 9, 12, 20):
            came = by_hand(chats, weekday, hour)
            assert len(came) == WEEKS
            assert found.mean[weekday][hour] == pytest.approx(np.mean(came))
            busy = max(np.quantile(came, 0.8), np.mean(came))
            assert found.busy[weekday][hour] == pytest.approx(busy)
            alone = staff(Demand(float(busy), found.length.mean), RULES.goal, concurrency=found.overlap.p90)
            assert alone is not None
            assert found.needed[weekday][hour] == alone.agents


def test_the_busiest_hour_is_told_with_its_evidence() -> None:
    found = reckon(shop(times=(1, 1, 1, 1, 1, 2.2, 1)), SPAN, (), RULES)
    busiest = max(found.rows, key=lambda row: row.busy)
    assert (busiest.weekday, busiest.hour, busiest.days) == (6, 20, 8)
    assert busiest.rostered == math.ceil(busiest.agents / 0.85)
    first = found.text[0]
    assert first.startswith("周六 20:00–21:00 最忙")
    assert f"平均 {busiest.mean:.1f} 个会话（8 天）" in first
    assert f"要 {busiest.agents} 人在岗" in first


def test_people_who_are_missing_are_named() -> None:
    chats = shop(agents=2, minutes=20.0)
    found = reckon(chats, SPAN, (), RULES)
    short = [row for row in found.rows if row.is_short]
    assert short
    assert found.short_hours >= len(short)
    for row in short:
        assert row.present <= 2
        assert row.short == row.agents - row.present >= 1
        assert row.chats >= 30
    assert found.rows == tuple(sorted(found.rows, key=lambda row: (-row.short, -row.busy)))
    assert f"{found.short_hours} 个小时平均在岗的人比忙的日子需要的少 1 人以上" in found.text[1]


def test_enough_people_are_not_called_too_few() -> None:
    found = reckon(shop(agents=6), SPAN, (), RULES)
    assert found.short_hours == 0
    assert not any(row.is_short for row in found.rows)
    assert "看不出哪个小时缺 1 人以上" in found.text[1]
    assert found.checked is not None
    assert found.checked.measured == 1.0
    assert not found.checked.doubtful
    assert found.spare_hours > 0


def test_a_measure_far_worse_than_the_model_is_believed() -> None:
    chats = shop(agents=6)
    chats.first_response[::2] = 75.0
    found = reckon(chats, SPAN, (), RULES)
    assert found.checked is not None
    assert found.checked.doubtful
    assert found.checked.measured == pytest.approx(0.5, abs=0.02)
    assert found.spare_hours == 0  # nobody is sent home by a formula
    assert any("先信实测" in sentence for sentence in found.text)
    busiest = max(found.rows, key=lambda row: row.busy)
    assert busiest.in_time == pytest.approx(0.5, abs=0.1)


def test_one_chat_at_a_time_takes_more_people() -> None:
    chats = shop()
    one = reckon(chats, SPAN, (), replace(RULES, chats_at_a_time=1.0))
    three = reckon(chats, SPAN, (), replace(RULES, chats_at_a_time=3.0))
    assert one.needed[5][20] is not None
    assert three.needed[5][20] is not None
    assert one.needed[5][20] > three.needed[5][20]
    assert "每人同时接待 1 个" in one.text[0]


def test_promotion_days_are_apart() -> None:
    chats = shop()
    crowd = 14  # the third Monday is a promotion with ten times the chats
    mine = np.flatnonzero(chats.day == to_epoch_day(MONDAY) + crowd)
    more = np.concatenate((np.arange(chats.size), np.repeat(mine, 9)))
    more.sort()
    busy = Chats(*(getattr(chats, name)[more] for name in Chats.__slots__))
    day = MONDAY + timedelta(days=crowd)
    apart = reckon(busy, SPAN, (SpecialDays("大促", day, day),), RULES)
    without = reckon(chats.only(chats.day != to_epoch_day(day)), SPAN, (), RULES)
    assert apart.days == 55
    assert apart.mean == without.mean
    assert apart.present == without.present
    (special,) = apart.special
    assert (special.name, special.days) == ("大促", 1)
    assert special.chats_a_day == 10 * len(mine)
    assert special.busiest_hour == np.bincount(chats.at[mine] % 86_400 // 3600).argmax()
    assert special.agents is not None
    assert special.agents > max(one or 0 for row in apart.needed for one in row)


def test_buyers_who_leave_are_reckoned_with() -> None:
    chats = shop(agents=3, minutes=15.0)
    gone = np.arange(chats.size) % 8 == 0
    chats.unreplied[gone], chats.first_response[gone] = 1.0, np.nan
    found = reckon(chats, SPAN, (), RULES)
    assert found.leaving is not None
    assert found.leaving.share == pytest.approx(1 / 8, abs=0.01)
    assert found.leaving.patience_seconds == pytest.approx(10 / found.leaving.share)
    for row in found.rows:
        assert row.agents_leaving is not None
        assert row.agents_leaving <= row.agents
    assert all(row.agents_leaving is None for row in reckon(shop(), SPAN, (), RULES).rows)


def test_too_little_to_say() -> None:
    few = reckon(shop(13), Period(MONDAY, MONDAY + timedelta(days=12)), (), RULES)
    assert (few.state, few.needed, few.rows) == ("too_short", (), ())
    assert "13 个平常日子" in few.text[0]
    blind = shop()
    blind.handle[:] = np.nan
    unknown = reckon(blind, SPAN, (), RULES)
    assert unknown.state == "no_length"
    assert "结束时间" in unknown.text[0]
    told = reckon(blind, SPAN, (), replace(RULES, handle_seconds=300.0, own=frozenset({"handle_seconds"})))
    assert told.length is not None
    assert (told.state, told.length.how, told.length.mean) == ("ok", "setting", 300.0)
    assert "您在设置里填的" in told.text[0]
    in_force = {rule.key: (rule.value, rule.source) for rule in told.rules}
    assert in_force["staffing.chats_at_a_time"] == (3.0, "本软件默认，可改")


def test_a_weekday_that_was_hardly_ever_open_is_not_judged() -> None:
    chats = shop()
    sunday = (chats.day + 3) % 7 == 6
    found = reckon(chats.only(~sunday), SPAN, (), RULES)
    assert found.needed[6] == (None,) * 24
    assert found.needed[0][20] is not None
    assert all(row.weekday != 7 for row in found.rows)


def test_hours_with_few_chats_are_not_called_short() -> None:
    chats = shop()
    rare = chats.only(np.arange(chats.size) % 12 == 0)
    rare.agent[:] = 0  # nobody is seen
    found = reckon(rare, SPAN, (), RULES)
    assert found.short_hours == sum(
        total >= 30 for total in (sum(by_hand(rare, weekday, hour)) for weekday in range(7) for hour in range(24))
    )


class Rows:
    """An engine that has session rows and nothing else."""

    def __init__(self, chats: Chats) -> None:
        self.chats = chats

    def __call__(self, *_asked: object, **_more: object) -> list[object]:
        raise AssertionError("staffing asks for rows alone")

    def table(self, kind: str, selection: Filter, /) -> ChosenRows:
        assert kind == "session"
        assert selection.agents == ()
        inside = selection.period or Period(date(2000, 1, 1), date(2100, 1, 1))
        keep = (self.chats.day >= to_epoch_day(inside.first)) & (self.chats.day <= to_epoch_day(inside.last))
        chosen = self.chats.only(keep)
        return rows_made(
            "session",
            [
                {"day": int(day), "at": float(at), "agent": int(agent), "handle": float(handle), "unreplied": 0.0,
                 "first_response": 10.0}
                for day, at, agent, handle in zip(chosen.day, chosen.at, chosen.agent, chosen.handle, strict=True)
            ],
        )  # fmt: skip


def told(chats: Chats, selection: Filter, today: date = date(2027, 1, 1)) -> Staffing:
    return staffing(Rows(chats), selection, RULES, today)  # type: ignore[arg-type]


def test_the_weeks_before_the_selections_last_day_with_data() -> None:
    chats = shop()
    found = told(chats, Filter(Period(SPAN.last - timedelta(days=3), SPAN.last + timedelta(days=40)), agents=(3,)))
    assert (found.first, found.last) == (SPAN.first, SPAN.last)
    assert found.mean == reckon(chats, SPAN, (), RULES).mean
    earlier = told(chats, Filter(Period(SPAN.first, SPAN.first + timedelta(days=20))))
    assert (earlier.last, earlier.days) == (SPAN.first + timedelta(days=20), 21)
    assert told(chats, Filter(Period.of_day(date(2020, 2, 29)))).state == "no_sessions"
    running = told(chats, Filter(), today=SPAN.last)
    assert running.last == SPAN.last - timedelta(days=1)


def test_no_sessions_at_all() -> None:
    found = told(shop().only(np.zeros(shop().size, dtype=np.bool_)), Filter())
    assert found.state == "no_sessions"
    assert "会话明细" in found.text[0]


def test_the_coming_week_by_the_forecast() -> None:
    chats = shop(7 * 16, times=(1, 1, 1, 1, 1.2, 1.6, 1.4))
    first, last = MONDAY + timedelta(days=7 * 8), MONDAY + timedelta(days=7 * 16 - 1)
    recent = chats.only(chats.day >= to_epoch_day(first))
    counts = np.bincount(chats.day - to_epoch_day(MONDAY)) / 2.0  # what is forecast: buyers, each with two chats
    history = gather(Received().has(TAOBAO, counts.tolist(), first=MONDAY, way="接待人数"), [TAOBAO], date(2027, 1, 1))
    forecast = work_out(history)
    assert forecast.state == "shown"
    found = reckon(recent, Period(first, last), (), RULES)
    week = coming(found, forecast, history, RULES)
    assert [day.day for day in week] == [last + timedelta(days=at) for at in range(1, 8)]
    for day, ahead in zip(week, forecast.days, strict=False):
        assert day.chats == pytest.approx(2 * ahead.mean, rel=0.05)
        assert day.busy_chats == pytest.approx(day.chats * ahead.high_80 / ahead.mean)
        assert day.most == max(one or 0 for one in day.agents)
        assert day.event == ahead.event
    assert len(week[0].agents) == 24
    assert week[0].agents[3] == 0
    shown = sum(one or 0 for one in week[5].agents)
    assert shown > sum(one or 0 for one in week[0].agents)  # Saturday takes more than Monday
    assert coming(found, replace(forecast, days=()), history, RULES) == ()
    assert coming(found, forecast, None, RULES) == ()
    assert coming(replace(found, last=last - timedelta(days=60)), forecast, history, RULES) == ()


def test_worked_out_once_for_each_version_selection_and_rules() -> None:
    rows, state = Rows(shop()), {"version": 1, "rules": RULES}
    desk = Planning(
        Received(), DataFacts, lambda: state["version"], today=lambda: date(2027, 1, 1), rules=lambda: state["rules"]
    )  # type: ignore[arg-type,return-value]
    first = desk.staffing(rows, Filter())
    assert desk.staffing(rows, Filter(agents=(3,))) is first
    assert desk.staffing(rows, Filter(SPAN)) is not first
    state["rules"] = replace(RULES, chats_at_a_time=1.0)
    assert desk.staffing(rows, Filter()).needed != first.needed
    state["rules"], state["version"] = RULES, 2
    again = desk.staffing(rows, Filter())
    assert again is not first
    assert again == first


def test_the_answer_is_plain() -> None:
    told_plain = plain(reckon(shop(), SPAN, (), RULES))
    assert len(told_plain["needed"]) == 7
    sources = {rule["key"]: rule["source"] for rule in told_plain["rules"]}
    assert sources.pop("staffing.handle_seconds") == sources.pop("staffing.chats_at_a_time") == "按数据实测"
    assert set(sources.values()) == {"本软件默认，可改"}


def test_settings_replace_the_defaults_within_limits(tmp_path: object) -> None:
    settings = Settings(tmp_path)  # type: ignore[arg-type]
    assert rules_of(settings) == RULES
    settings.set(STAFF_WITHIN, 20.0)
    settings.set(STAFF_CHATS, 0.5)
    settings.set(STAFF_LEVEL, 0.9)
    rules = rules_of(settings)
    assert rules.goal == Goal(20.0, 0.9, 0.85, 0.15)
    assert rules.chats_at_a_time == 0.0  # an agent who serves half a chat is no setting
    sources = {rule.key: rule.source for rule in rules.told()}
    assert sources["staffing.within_seconds"] == "您设的"
    assert sources["staffing.chats_at_a_time"] == "本软件默认，可改"
