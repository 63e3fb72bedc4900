"""What a span is compared with: promotions and holidays of the two, named and counted, never called the reason."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from csdesk.analysis.comparison import compare, comparison_answer
from csdesk.analysis.events import Event, EventKind
from csdesk.analysis.frame import Compare, PageRequest
from csdesk.analysis.json import plain
from csdesk.analysis.overview import compute
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from tests.fake_engine import Cell, FakeEngine


def asked(
    first: str, last: str, how: Compare = Compare.PREVIOUS, *events: Event, at: Platform | None = None
) -> PageRequest:
    return PageRequest(Filter(Period(date.fromisoformat(first), date.fromisoformat(last)), at), how, events=events)


def test_last_year_has_the_same_promotion() -> None:
    found = compare(asked("2026-11-08", "2026-11-14", Compare.LAST_YEAR))
    assert found is not None
    assert found.compared == Period(date(2025, 11, 9), date(2025, 11, 15))
    assert (found.aligned, found.warning) == (True, "")
    assert found.text == "本期含 双11（2026-11-11），去年同期也含。"


def test_a_promotion_on_one_side_is_named_with_its_days() -> None:
    sale = Event("店庆", Period(date(2026, 5, 28), date(2026, 6, 3)), EventKind.PROMOTION, own=True)
    found = compare(asked("2026-06-01", "2026-06-30", Compare.PREVIOUS, sale))
    assert found is not None
    assert [(event.name, event.period.days) for event in found.events_now if event.own] == [("店庆", 3)]
    assert [(event.name, event.period.days) for event in found.events_before if event.own] == [("店庆", 4)]
    assert found.warning.startswith("和上期比：两段的大促天数不同，6 天（店庆、618）对 4 天（店庆）")
    assert not found.aligned


def test_as_many_days_of_another_promotion_are_not_alike() -> None:
    found = compare(asked("2026-12-06", "2026-12-15", Compare.PREVIOUS))
    other = Event("周年", Period.of_day(date(2026, 11, 28)), EventKind.PROMOTION, own=True)
    both = compare(asked("2026-12-06", "2026-12-15", Compare.PREVIOUS, other))
    assert found is not None
    assert both is not None
    assert found.warning == "和上期比：两段的大促天数不同，1 天（双12）对 0 天。"
    assert both.warning == "和上期比：两段的大促不同，1 天（双12）对 1 天（周年）。"


def test_a_long_holiday_is_told_a_short_one_is_not() -> None:
    long = compare(asked("2026-10-01", "2026-10-07"))
    short = compare(asked("2026-01-01", "2026-01-03", at=Platform.PDD))
    assert long is not None
    assert short is not None
    assert "两段的节假日天数不同，7 天（国庆节）对 3 天（中秋）" in long.warning
    assert short.events_now[0].name == "元旦"
    tiny = compare(asked("2026-04-05", "2026-04-05"))
    assert tiny is not None
    assert tiny.warning == ""


def test_a_promotion_of_another_platform_says_nothing() -> None:
    found = compare(asked("2026-08-16", "2026-08-20", at=Platform.TAOBAO))
    assert found is not None
    assert (found.events_now, found.aligned) == ((), True)


def test_a_shop_on_one_platform_is_on_that_one_without_being_asked() -> None:
    request = asked("2026-08-16", "2026-08-20")
    everywhere, taobao = compare(request), compare(replace(request, only_platform=Platform.TAOBAO))
    assert everywhere is not None
    assert taobao is not None
    assert ([event.name for event in everywhere.events_now], taobao.events_now) == (["818"], ())


def test_words_are_never_causal() -> None:
    for how in (Compare.PREVIOUS, Compare.LAST_YEAR):
        found = compare(asked("2026-02-10", "2026-02-25", how))
        assert found is not None
        assert not any(word in found.warning + found.text for word in ("因为", "导致", "所以", "影响"))


def test_weekdays_are_counted_as_the_calendar_does() -> None:
    dice = random.Random(4)
    for _ in range(60):
        first = date(2024, 1, 1) + timedelta(days=dice.randrange(900))
        request = asked(str(first), str(first + timedelta(days=dice.randrange(70))), dice.choice(list(Compare)[1:]))
        found = compare(request)
        value = plain(comparison_answer(request).value)
        assert found is not None
        counts = [sorted(day.weekday() for day in span) for span in (found.period, found.compared)]
        assert value["same_weekdays"] is (counts[0] == counts[1])


def test_leap_day_and_whole_months() -> None:
    value = plain(comparison_answer(asked("2028-02-01", "2028-02-29", Compare.LAST_YEAR)).value)
    assert (value["period"], value["compared"]) == (["2028-02-01", "2028-02-29"], ["2027-02-01", "2027-02-28"])
    assert (value["days"], value["same_weekdays"]) == ([29, 28], False)


@pytest.mark.parametrize("request_", [PageRequest(), asked("2026-11-01", "2026-11-02", Compare.NONE)])
def test_nothing_to_compare(request_: PageRequest) -> None:
    assert comparison_answer(request_).value is None


def test_every_page_tells_it_and_changes_remember_it() -> None:
    cells = [Cell(date(2026, 11, 1) + timedelta(days=at), counts={"received": 100, "invites": 50}) for at in range(20)]
    page = compute(FakeEngine(cells), asked("2026-11-11", "2026-11-20"))
    assert page.answer("comparison") is not None
    (kpi,) = (one for one in page.kpis if one.metric == "invite_rate")
    assert kpi.change is not None
    sample, _, warning = kpi.change.detail.partition("；")
    assert sample == "样本 1,000 对 1,000，差的 95% 区间 −4.4 至 +4.4 个百分点"
    assert warning == "和上期比：两段的大促天数不同，1 天（双11）对 0 天。"
    (empty,) = (one for one in page.kpis if one.metric == "satisfaction_rate")
    assert empty.change is None or empty.change.detail == ""
