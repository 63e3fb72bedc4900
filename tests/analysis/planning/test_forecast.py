"""What is said about the next weeks: only where it is better than last week, with the proof beside it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from csdesk.analysis.events import Event
from csdesk.analysis.json import plain
from csdesk.analysis.planning.desk import FORECAST_PAGES, Planning
from csdesk.analysis.planning.forecast import Forecast, forecast_answer, work_out
from csdesk.analysis.planning.history import gather
from csdesk.analysis.planning.staffing import Staffing
from csdesk.domain.filters import Filter
from csdesk.domain.holdings import DataFacts
from csdesk.domain.platforms import Platform
from csdesk.stats.forecast import backtest, least_history, project
from tests.analysis.planning.shops import DOUYIN, FIRST, TAOBAO, Received, steady

TODAY = date(2027, 1, 1)


def of(counts: list[float], first: date = FIRST) -> Forecast:
    return work_out(gather(Received().has(TAOBAO, counts, first=first), [TAOBAO], TODAY), Platform.TAOBAO)


def test_a_steady_shop_is_foreseen() -> None:
    first = date(2026, 7, 6)
    found = of(steady(133), first)
    assert found.state == "shown"
    assert len(found.days) == 28
    assert (found.days[0].day, found.days[0].weekday) == (first + timedelta(days=133), 1)
    saturdays = [day for day in found.days if day.weekday == 6]
    tuesdays = [day for day in found.days if day.weekday == 2]
    assert min(day.value for day in saturdays) > 1.2 * max(day.value for day in tuesdays)
    for day in found.days:
        assert 0 < day.low_95 < day.low_80 < day.value < day.mean < day.high_80 < day.high_95
    assert found.next_7_days == pytest.approx(sum(day.mean for day in found.days[:7]))
    assert found.next_7_days == pytest.approx(60 * 7.45, rel=0.05)


def test_the_numbers_are_those_of_the_method() -> None:
    history = gather(Received().has(TAOBAO, steady(120)), [TAOBAO], TODAY)
    assert history is not None
    found, ahead, judged = work_out(history), project(history.values, 28), backtest(history.values)
    assert ahead is not None
    assert judged is not None
    assert found.backtest is not None
    assert [day.value for day in found.days] == ahead.median.tolist()
    assert [day.high_95 for day in found.days] == ahead.band(0.95)[1].tolist()
    assert (found.backtest.mase, found.backtest.within_95) == (judged.mase, judged.within[0.95])
    assert len(found.backtest.origins) == len(judged.origins)
    assert found.backtest.origins[-1].made_on == history.last - timedelta(days=14)


def test_the_backtest_is_told_with_the_forecast() -> None:
    found = of(steady(133), date(2026, 7, 6))
    assert found.backtest is not None
    assert found.backtest.better
    assert found.backtest.mase < 1
    assert f"拿过去 {len(found.backtest.origins)} 次" in found.text
    assert f"差 {found.backtest.error:.1f}，" in found.text
    assert f"照搬上周同一天差 {found.backtest.naive_error:.1f}；" in found.text


def test_bands_that_missed_the_past_are_widened_and_say_so() -> None:
    found = of([float(int(10 * 10 ** (at / 139))) for at in range(140)])
    assert found.backtest is not None
    assert found.backtest.widened > 1.5
    assert f"太少，所以这里把区间放宽到 {found.backtest.widened:.1f} 倍" in found.text
    history = gather(Received().has(TAOBAO, [float(int(10 * 10 ** (at / 139))) for at in range(140)]), [TAOBAO], TODAY)
    assert history is not None
    ahead = project(history.values, 28)
    assert ahead is not None
    assert [day.high_95 for day in found.days] == ahead.widened(found.backtest.widened).band(0.95)[1].tolist()


def test_promotions_ahead_are_named_and_not_foreseen() -> None:
    found = of(steady(120), date(2026, 7, 6))  # until 2 November
    named = {day.day: day.event for day in found.days if day.event}
    assert named == {date(2026, 11, 11): "双11"}
    assert "双11（11-11）的数字按平常日子算" in found.text


def test_what_is_no_better_than_last_week_is_not_shown() -> None:
    found = of([10.0, 12, 11, 9, 14, 30, 25] * 18)
    assert found.state == "not_better"
    assert found.days == ()
    assert found.next_7_days is None
    assert found.backtest is not None
    assert not found.backtest.better
    assert "不给预测" in found.text


def test_a_short_past_is_said_to_be_short() -> None:
    found = of(steady(least_history() - 1))
    assert (found.state, found.days, found.backtest) == ("too_short", (), None)
    assert found.history is not None
    assert f"{found.history.known} 天可用" in found.text
    assert of([3.0]).state == "too_short"


def test_too_many_holes_are_a_short_past() -> None:
    counts = steady(200)
    counts[7:] = [count if at % 7 in (2, 3) else np.nan for at, count in enumerate(counts[7:])]
    assert of(counts).state == "too_short"


def test_nothing_at_all() -> None:
    found = work_out(None)
    assert found.state == "no_data"
    assert "会话明细" in found.text


def test_a_shop_nobody_asks() -> None:
    found = of([0.0] * 130)
    assert found.state == "not_better"  # last week was never wrong
    assert "nan" not in found.text


def test_the_answer_is_plain() -> None:
    answer = forecast_answer(of(steady(100)))
    assert answer.id == "forecast"
    told = plain(answer.value)
    assert told["state"] == "shown"
    assert told["days"][0]["day"] == (FIRST + timedelta(days=100)).isoformat()
    assert plain(forecast_answer(None).value)["state"] == "not_ready"
    assert plain(forecast_answer(of([0.0] * 130)).value)["backtest"]["mase"] is None


class Clock:
    """A store's version and the day, moved by hand."""

    version = 1
    day = TODAY


def planning(engine: Received, clock: Clock) -> Planning:
    def own(selection: Filter) -> tuple[Event, ...]:
        return ()

    facts = DataFacts(FIRST, FIRST, (TAOBAO, DOUYIN))
    return Planning(engine, lambda: facts, lambda: clock.version, own, lambda: clock.day)


def test_worked_out_once_for_each_version_of_the_data() -> None:
    engine, clock = Received().has(TAOBAO, steady(90)).has(DOUYIN, steady(90, 2)), Clock()
    desk = planning(engine, clock)
    everything = Filter()
    assert desk.known_forecast(everything) is None
    first = desk.forecast(everything)
    asked = engine.asked
    assert desk.forecast(Filter(shops=(1, 2))) is first
    assert desk.forecast(everything.during(None)) is first
    assert desk.known_forecast(Filter(agents=(9,), groups=("售前",))) is first
    assert engine.asked == asked
    clock.version = 2
    assert desk.known_forecast(everything) is None
    assert desk.forecast(everything) == first
    assert engine.asked == asked + 2
    clock.day += timedelta(days=1)
    assert desk.known_forecast(everything) is None


def test_data_of_days_to_come_ask_for_the_clock() -> None:
    clock = Clock()
    clock.day = FIRST
    found = planning(Received().has(TAOBAO, steady(90)), clock).forecast(Filter())
    assert found.state == "no_data"
    assert found.text.startswith(f"数据从 {FIRST} 开始，电脑上的今天是 {FIRST}：")


def test_selections_of_shops_have_their_own() -> None:
    engine = Received().has(TAOBAO, steady(90)).has(DOUYIN, steady(90, 2, level=20))
    desk = planning(engine, Clock())
    assert desk.forecast(Filter(platform=Platform.DOUYIN)).shops == ("乙店",)
    assert desk.forecast(Filter(shops=(1,))).shops == ("甲店",)
    assert desk.forecast(Filter()).shops == ("甲店", "乙店")


def test_pages_do_not_wait_and_the_overview_is_not_waited_for() -> None:
    engine = Received().has(TAOBAO, steady(90))
    desk = planning(engine, Clock())
    desk.prepare("overview", Filter())
    desk.prepare("invites", Filter())
    assert engine.asked == 0
    (answer,) = desk.answers(engine, "overview", Filter())
    assert isinstance(answer.value, Forecast)
    assert answer.value.state == "not_ready"
    desk.prepare("customers", Filter())
    for page in FORECAST_PAGES:
        told = {answer.id: answer.value for answer in desk.answers(engine, page, Filter())}
        assert isinstance(told["forecast"], Forecast)
        assert told["forecast"].state == "shown"
        assert ("staffing" in told) == (page == "response")
    assert desk.answers(engine, "invites", Filter()) == ()
    told = {answer.id: answer.value for answer in desk.answers(engine, "response", Filter(agents=(5,)))}
    assert isinstance(told["forecast"], Forecast)
    assert isinstance(told["staffing"], Staffing)
    assert told["forecast"].notes == ("数据只到 2026-06-06，预测从第二天算起", "预测按全店算，没有只看所选的客服")
    assert told["staffing"].text[-1] == "这里按全店算，没有只看所选的客服。"
