"""What attention says, word by word, and where it keeps silent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from csdesk.analysis.attention import attention_of
from csdesk.analysis.attention.window import BASELINE, RECENT, asked_period, near_promotions, special_days, window_of
from csdesk.analysis.events import Event, EventKind
from csdesk.analysis.frame import Attention, MissingDays, PageRequest
from csdesk.analysis.pages import compute_page
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.metrics.daily import NOTHING, Daily, DailyCounts
from tests.analysis.attention_shop import Shop
from tests.fake_engine import FakeEngine

MONDAY = date(2026, 3, 9)  # 112 days from here on end on 2026-06-28, with 618 and 端午 among the last


def _steady(days: int = 60, *, first: date = MONDAY, people: tuple[str, ...] = ("小美",)) -> Shop:
    """Every day 100 ratings of each, 92 to 96 of them good; 300 received, answered after 20 seconds or so."""
    height = len(people)
    good = np.tile(np.array([94.0, 95, 93, 96, 94, 92, 94, 95, 93]), days)[:days] * np.ones((height, 1))
    n, received = np.full((height, days), 100.0), np.full((height, days), 300.0)
    received += np.tile(np.array([0.0, 15, -15, 5, -5, 10, -10, 8]), days)[:days]
    seconds = 20 + np.tile(np.array([0.0, 1, -1, 0.5, -0.5]), days)[:days]
    return Shop(
        people,
        {"satisfaction_rate": good, "received": received, "first_response_mean": seconds * received},
        {"satisfaction_rate": n, "received": received * np.nan, "first_response_mean": received.copy()},
        first,
    )


def _texts(found: tuple[Attention, ...]) -> list[str]:
    return [one.text for one in found]


def test_nothing_to_say() -> None:
    assert _steady().attention() == ()


def test_a_bad_day() -> None:
    shop = _steady()
    shop.tops["satisfaction_rate"][0, -3] = 71
    (found,) = shop.attention()
    assert found == Attention(
        "unusual", "05-05（周二，劳动节）满意率偏低：71.0%（71/100），平常 89.0%–98.0%。", "satisfaction_rate", None,
        date(2026, 5, 5),
    )  # fmt: skip


def test_days_in_a_row_are_one_sentence() -> None:
    shop = _steady(first=date(2026, 3, 16))
    shop.tops["received"][0, -6:-4] = 120, 110
    (found,) = shop.attention()
    assert found.kind == "unusual"
    assert found.text == "接待量 05-09 至 05-10 连续 2 天偏少：平均每天 115，平常 276–326。"


def test_a_lower_level() -> None:
    shop = _steady(first=date(2026, 3, 23))
    shop.tops["satisfaction_rate"][0, -8:] -= 12
    (found,) = shop.attention()
    assert (found.kind, found.day) == ("drift", date(2026, 5, 14))
    assert found.text.startswith("满意率从 05-14 前后起一直偏低（到 05-21 共 8 天）：合计 82.")
    assert "/800），平常 9" in found.text


def test_slower_answers() -> None:
    shop = _steady(first=date(2026, 3, 23))
    shop.tops["first_response_mean"][0, -2] *= 2
    (found,) = shop.attention()
    assert found.metric == "first_response_mean"
    assert found.text.startswith("05-20（周三）首次响应偏长：")
    assert "次），平常 1" in found.text


def test_one_of_several_agents() -> None:
    shop = _steady(people=("小美", "小王", "小丽"), first=date(2026, 3, 23))
    shop.tops["satisfaction_rate"][1, -7:] -= 14
    found = [one for one in shop.attention() if one.key is not None]
    assert [one.key for one in found] == ["小王"]
    assert found[0].text.startswith("小王的满意率 05-15 至 05-21 这 7 天偏低：合计 79.9%（559/700），平常 9")
    assert found[0].day == date(2026, 5, 15)


def test_where_everybody_moved_nobody_is_named() -> None:
    shop = _steady(people=("小美", "小王", "小丽", "小张"), first=date(2026, 3, 23))
    shop.tops["satisfaction_rate"][:, -7:] -= 14
    found = shop.attention()
    assert [(one.kind, one.key) for one in found] == [("drift", None)]


def test_robots_are_not_watched() -> None:
    shop = _steady(people=("小美", "机器人", "小王"), first=date(2026, 3, 23))
    shop.tops["satisfaction_rate"][1, -7:] -= 14
    assert "机器人" in {one.key for one in shop.attention()}
    shop.kinds = {"机器人": "robot"}
    assert all(one.key is None for one in shop.attention())


def test_days_that_are_not_final_and_few_ratings_say_nothing() -> None:
    shop = _steady()
    shop.tops["satisfaction_rate"][0, -3:] = 60
    shop.open = {"satisfaction_rate": range(57, 60)}
    assert shop.attention() == ()
    shop = _steady()
    shop.bottoms["satisfaction_rate"][0, -1], shop.tops["satisfaction_rate"][0, -1] = 29, 2
    assert shop.attention() == ()
    shop.bottoms["satisfaction_rate"][0, -1], shop.tops["satisfaction_rate"][0, -1] = 30, 2
    assert len(shop.attention()) == 1


def test_the_owners_size_of_a_small_sample() -> None:
    shop = _steady()
    shop.tops["satisfaction_rate"][0, -3] = 60

    class Strict(Shop):
        def daily(self, period: Period | None, wanted: Sequence[str]) -> Daily:
            return replace(super().daily(period, wanted), small=101)

    assert len(shop.attention()) == 1
    assert Strict(shop.people, shop.tops, shop.bottoms, shop.first).attention() == ()


def test_a_new_shop_says_nothing() -> None:
    shop = _steady(21)
    shop.tops["satisfaction_rate"][0, -1] = 0
    assert shop.attention() == ()
    shop = _steady(22)
    shop.tops["satisfaction_rate"][0, -1] = 0
    assert len(shop.attention()) == 1


def test_only_days_of_the_selection() -> None:
    shop = _steady()
    shop.tops["satisfaction_rate"][0, -4] = 60
    assert len(shop.attention(last=4)) == 1
    assert shop.attention(last=3) == ()


def test_promotions_are_no_surprise_for_counts_and_are_named_with_rates() -> None:
    shop = _steady(112)
    day = (date(2026, 6, 18) - MONDAY).days
    shop.tops["received"][0, day - 2 : day + 1] *= 4
    assert shop.attention() == ()
    shop.tops["satisfaction_rate"][0, day] = 60
    (found,) = shop.attention()  # 34 points less; such days have a level of their own, 5 points are nothing
    assert found.text.startswith("06-18（周四，618）满意率偏低：60.0%（60/100）")
    shop.tops["satisfaction_rate"][0, day] = 84
    assert shop.attention() == ()
    event = Event("店庆", Period(date(2026, 6, 26), date(2026, 6, 27)), EventKind.PROMOTION, own=True)
    shop.tops["satisfaction_rate"][0, day] = 94
    shop.tops["received"][0, -3:-1] *= 4
    assert len(shop.attention()) == 1
    assert shop.attention(events=(event,)) == ()
    long = replace(event, period=Period(date(2026, 1, 1), date(2026, 12, 1)))
    assert len(shop.attention(events=(long,))) == 1


def test_holidays_and_promotions_by_day() -> None:
    names = special_days(date(2026, 11, 10), date(2026, 11, 12), None)
    assert names == ("", "双11", "")
    assert special_days(date(2026, 8, 18), date(2026, 8, 18), Platform.TAOBAO) == ("",)


def test_days_close_to_a_promotion_are_named_as_such() -> None:
    names = near_promotions(date(2026, 10, 31), date(2026, 11, 15), Platform.TAOBAO)
    assert names[:2] == ("", "双11前 10 天")
    assert names[8:16] == (
        "双11前 3 天",
        "双11前 2 天",
        "双11前 1 天",
        "",
        "双11后 1 天",
        "双11后 2 天",
        "双11后 3 天",
        "",
    )
    (own,) = [Event("店庆", Period.of_day(date(2026, 11, 14)), EventKind.PROMOTION)]
    assert near_promotions(date(2026, 11, 12), date(2026, 11, 12), None, (own,)) == ("店庆前 2 天",)


def test_an_unusual_day_shortly_before_a_promotion_says_so() -> None:
    shop = _steady(first=date(2026, 9, 11))  # until 9 November
    shop.tops["received"][0, -1] = 620
    (found,) = shop.attention()
    assert found.text.startswith("11-09（周一，双11前 2 天）接待量偏多：620，")
    shop.tops["received"][0, -3:] = 620
    (found,) = shop.attention()
    assert found.text.startswith("接待量从 11-07 前后起一直偏多（到 11-09 共 3 天，双11前 4 天）：")


def test_what_is_asked_is_the_same_for_neighbouring_selections() -> None:
    first, second = (asked_period(Filter(Period(date(2026, 6, 1), date(2026, 6, last)))) for last in (20, 21))
    assert first == second
    assert first is not None
    assert first.first <= date(2026, 6, 21) - timedelta(days=RECENT + BASELINE - 1)
    assert asked_period(Filter()) is None
    shop = _steady(200)
    window = window_of(shop.daily(None, ("received",)), PageRequest())
    assert window is not None
    assert (len(window.days), window.days[-1], window.recent) == (RECENT + BASELINE, shop.last, RECENT)


def test_leap_day_and_holes() -> None:
    shop = _steady(80, first=date(2027, 12, 20))
    for name in shop.tops:
        shop.tops[name][:, 30:37] = np.nan
        shop.bottoms[name][:, 30:37] = np.nan
    shop.tops["satisfaction_rate"][0, (date(2028, 2, 29) - shop.first).days] = 60
    assert _texts(shop.attention())[0].startswith("02-29（周二）满意率偏低：60.0%（60/100）")


def test_nothing_there() -> None:
    assert window_of(NOTHING, PageRequest()) is None
    assert attention_of(FakeEngine([]), PageRequest(Filter()), ("satisfaction_rate",)) == ()


GAP = MissingDays(
    "飞鸽", Period(date(2026, 11, 4), date(2026, 11, 6)), 2, Platform.DOUYIN, "立邦抖店：", "飞鸽 → 数据 → 导出"
)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Filter(), "立邦抖店：11-04 至 11-06（3 天）缺飞鸽的数据，拖进来就补上（飞鸽 → 数据 → 导出）。"),
        (
            Filter(Period(date(2026, 11, 6), date(2026, 11, 8))),
            "立邦抖店：11-06 缺飞鸽的数据，拖进来就补上（飞鸽 → 数据 → 导出）。",
        ),
        (Filter(Period(date(2026, 11, 7), date(2026, 11, 8))), None),
        (Filter(platform=Platform.TAOBAO), None),
        (Filter(shops=(1,)), None),
    ],
)
def test_missing_days(selection: Filter, expected: str | None) -> None:
    request = PageRequest(selection, missing=(GAP,))
    found = attention_of(FakeEngine([]), request, ("received",))
    assert _texts(found) == ([] if expected is None else [expected])
    assert all((one.kind, one.key) == ("missing", "飞鸽") for one in found)


def test_few_receptions_where_a_source_is_missing_are_no_surprise() -> None:
    shop = _steady()
    shop.tops["received"][0, -2:] = 100
    assert [one.kind for one in shop.attention()] == ["unusual"]
    gap = replace(GAP, period=Period(shop.day(-2), shop.last))
    assert [one.kind for one in shop.attention(missing=(gap,))] == ["missing"]
    assert [one.kind for one in shop.attention(missing=(replace(gap, counted=False),))] == ["unusual", "missing"]


def test_many_gaps_are_summed_up() -> None:
    request = PageRequest(missing=tuple(replace(GAP, period=Period.of_day(date(2026, 10, day))) for day in range(1, 9)))
    found = attention_of(FakeEngine([]), request, ("received",))
    assert len(found) == 6
    assert found[-1].text == "另外还有 3 处缺数，见“导入与数据”的数据日历。"


@pytest.mark.parametrize("page", ["overview", "invites", "satisfaction", "questions", "agents"])
def test_pages_of_conversations_ask(page: str) -> None:
    result = compute_page(page, FakeEngine([]), PageRequest(missing=(GAP,)))
    assert "missing" in {one.kind for one in result.attention}


def _told_otherwise(shop: Shop, change: Callable[[str, DailyCounts], DailyCounts], shops: tuple[str, ...]) -> Shop:
    """The shop, its days told otherwise."""

    class Told(Shop):
        def daily(self, period: Period | None, wanted: Sequence[str]) -> Daily:
            made = super().daily(period, wanted)
            return replace(made, metrics={name: change(name, one) for name, one in made.metrics.items()}, shops=shops)

    return Told(shop.people, shop.tops, shop.bottoms, shop.first)


def test_another_source_is_no_news() -> None:
    shop = _steady(people=("小美", "小王"))
    for name in ("received", "first_response_mean"):
        shop.tops[name][:, -8:] *= 1.5

    def other(name: str, counts: DailyCounts) -> DailyCounts:
        told, told_by = counts.told.copy(), counts.told_by.copy()
        told[:, -8:], told_by[:, -8:] = 4, 4
        return replace(counts, told=told, told_by=told_by)

    assert {one.metric for one in shop.attention()} == {"received", "first_response_mean"}
    assert _told_otherwise(shop, other, ("甲店",)).attention() == ()

    def more(name: str, counts: DailyCounts) -> DailyCounts:
        told, told_by = counts.told.copy(), counts.told_by.copy()
        told[:, -8:] |= 4
        return replace(counts, told=told, told_by=told_by)

    found = _told_otherwise(shop, more, ("甲店",)).attention()
    assert {one.metric for one in found} == {"first_response_mean"}, "somebody more to receive, answers as before"


def test_a_second_shop_that_begins_is_no_news_and_the_first_is_still_watched() -> None:
    shop = _steady(first=date(2026, 3, 23))
    shop.tops["received"][0, -2] = 120

    def joined(name: str, counts: DailyCounts) -> DailyCounts:
        size = len(counts.top)
        second = np.where((np.arange(size) >= size - 10) & (name == "received"), 400.0, np.nan)
        return replace(
            counts, top_of=np.array([counts.top, second]), bottom_of=np.array([counts.bottom, second * np.nan]),
            told=np.array([counts.told[0], (~np.isnan(second)).astype(np.int64)]),
        )  # fmt: skip

    (found,) = _told_otherwise(shop, joined, ("甲店", "乙店")).attention()
    assert found.text == "05-20（周三）甲店的接待量偏少：120，平常 267–336。"
