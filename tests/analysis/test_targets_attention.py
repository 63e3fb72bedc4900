"""Targets in danger: the owner's own, with their counts; quiet in every other case."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from csdesk.analysis.frame import Attention, PageRequest
from csdesk.analysis.overview import compute
from csdesk.analysis.satisfaction import compute as satisfaction_page
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.targets import DEFAULT, OWNERS, Target, Targets
from tests.fake_engine import Cell, FakeEngine

RATE, TIME = "satisfaction_rate", "first_response_mean"
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 20))


def looked(
    days: Period,
    good: int,
    bad: int,
    aim: str = "0.95",
    *,
    own: bool = True,
    metric: str = RATE,
    response: float = 20.0,
) -> list[Attention]:
    counts: dict[str, float] = {"ratings": good + bad, "happy": good, "received": 40}
    cells = [Cell(day, counts=counts, response=response) for day in days]
    target = Target(metric, Fraction(aim), OWNERS if own else DEFAULT, own=own)
    request = PageRequest(Filter(NOVEMBER), targets=Targets({metric: target}))
    return [one for one in compute(FakeEngine(cells), request).attention if one.kind == "target"]


def test_a_target_that_will_hardly_be_reached() -> None:
    (one,) = looked(NOVEMBER, 9, 1)
    assert (one.metric, one.key, one.day) == (RATE, None, NOVEMBER.last)
    assert one.text == (
        "2026-11 到 11-20 满意率 90.0%（180/200），目标 95%，之后连着 200 个都满意才够；"
        "剩下 10 天大约只有 100 个，照现在的比例，月底达到的可能不到 1%。"
    )


@pytest.mark.parametrize(
    ("days", "good", "bad", "own"),
    [
        (NOVEMBER, 19, 0, True),  # reached, and likely to stay so
        (NOVEMBER, 9, 1, False),  # nobody's own target
        (Period.of_day(NOVEMBER.last), 20, 9, True),  # 29 ratings
        (NOVEMBER, 0, 0, True),
    ],
)
def test_quiet(days: Period, good: int, bad: int, own: bool) -> None:
    assert looked(days, good, bad, own=own) == []


def test_pages_tell_of_their_own_numbers() -> None:
    cells = [Cell(day, counts={"ratings": 10, "happy": 8, "received": 40, "invites": 20}) for day in NOVEMBER]
    aims = {metric: Target(metric, Fraction(95, 100), OWNERS, own=True) for metric in (RATE, "invite_rate")}
    request = PageRequest(Filter(NOVEMBER), targets=Targets(aims))
    told = [
        [one.metric for one in page(FakeEngine(cells), request).attention if one.kind == "target"]
        for page in (compute, satisfaction_page)
    ]
    assert [sorted(metrics) for metrics in told] == [["invite_rate", RATE], [RATE]]  # type: ignore[type-var]


def test_quiet_when_the_month_is_over() -> None:
    cells = [Cell(day, counts={"ratings": 10, "happy": 8}) for day in NOVEMBER.previous()]
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    targets = Targets({RATE: Target(RATE, Fraction(95, 100), OWNERS, own=True)})
    whole = [Cell(day, counts={"ratings": 10, "happy": 8}) for day in october]
    for shop in (whole, cells):
        found = compute(FakeEngine(shop), PageRequest(Filter(october), targets=targets)).attention
        assert [one for one in found if one.kind == "target"] == []


def test_perfection_that_is_lost() -> None:
    (one,) = looked(NOVEMBER, 9, 1, "1")
    assert one.text.endswith("目标 100%，这个月到不了了。")


def test_a_mean_needs_so_much_from_the_days_left() -> None:
    (one,) = looked(NOVEMBER, 9, 0, "30", metric=TIME, response=35.0)
    assert one.text == ("2026-11 到 11-20 首次响应平均 35秒（800 次），目标 30秒；剩下 10 天平均要在 20秒 以内才够。")
    assert looked(NOVEMBER, 9, 0, "36", metric=TIME, response=35.0) == []
    (lost,) = looked(NOVEMBER, 9, 0, "10", metric=TIME, response=35.0)
    assert lost.text.endswith("这个月到不了了。")
    few = Period(NOVEMBER.last - timedelta(days=5), NOVEMBER.last)
    assert looked(few, 9, 0, "30", metric=TIME, response=35.0) == []
