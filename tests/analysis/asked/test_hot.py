"""What is asked more of late: says so where it is, and keeps quiet where shares only swing."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from csdesk.analysis.asked.hot import BASELINE, RECENT, Hot, dispersion, hot
from csdesk.analysis.frame import PageRequest
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day
from csdesk.metrics.rows.chosen import ChosenRows
from tests.fake_engine import FakeEngine
from tests.row_tables import rows_made

FIRST = 20_500
LAST = FIRST + BASELINE + RECENT - 1
NAMES = ("物流", "尺码", "发票", "优惠")
REQUEST = PageRequest(Filter(Period(from_epoch_day(LAST - 20), from_epoch_day(LAST))))


class Sessions(FakeEngine):
    """A shop with sessions by day and category."""

    def __init__(self, counts: np.ndarray[Any, np.dtype[np.int64]], first: int = FIRST) -> None:
        super().__init__([])
        self.rows = [
            {"day": first + day, "category": NAMES[at]}
            for day, row in enumerate(counts.tolist()) for at, number in enumerate(row) for _ in range(number)
        ]  # fmt: skip

    def table(self, kind: str, selection: Filter, /) -> ChosenRows:
        period = selection.period
        assert period is not None
        inside = [row for row in self.rows if from_epoch_day(int(row["day"])) in period]
        return rows_made(kind, inside)


def of(counts: np.ndarray[Any, np.dtype[np.int64]], request: PageRequest = REQUEST) -> Hot:
    return hot(Sessions(counts), request, from_epoch_day(LAST))


def steady(sizes: tuple[int, ...] = (30, 20, 10, 5)) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array([sizes] * (BASELINE + RECENT))


def test_a_category_that_doubled_is_named_with_its_counts() -> None:
    counts = steady()
    counts[BASELINE:, 2] = 25
    found = of(counts)
    assert [one.category for one in found.categories] == ["发票"]
    one = found.categories[0]
    assert (one.sessions, one.usual_sessions) == (25 * RECENT, 10 * BASELINE)
    assert one.difference == pytest.approx(25 / 80 - 10 / 65)
    assert one.low is not None
    assert 0 < one.low < one.difference
    assert found.text.startswith("发票问得多了：占 31.2%（350 次），平常 15.4%（420/2,730）。")
    assert found.recent == (from_epoch_day(LAST - 13), from_epoch_day(LAST))
    assert found.baseline == (from_epoch_day(FIRST), from_epoch_day(FIRST + BASELINE - 1))


def test_nothing_new_is_said_to_be_so() -> None:
    assert of(steady()).categories == ()
    assert of(steady()).text == "没有看得出变热的类别（近 14 天 910 次有类别的会话）。"


def test_falling_shares_are_not_hot() -> None:
    counts = steady()
    counts[BASELINE:, 0] = 5
    assert "物流" not in [one.category for one in of(counts).categories]


def test_little_history_says_nothing() -> None:
    counts = steady()
    counts[: BASELINE - 5] = 0
    assert of(counts).text == "之前 42 天的数据不够，看不出哪类问题变热。"
    assert hot(Sessions(steady()), REQUEST, None).categories == ()


def test_a_single_day_is_held_against_the_same_weekdays() -> None:
    counts = steady((60, 40, 20, 10))
    day = date.fromordinal(from_epoch_day(LAST).toordinal())
    for at in range(0, BASELINE + RECENT, 7):
        counts[(LAST - FIRST - at) % (BASELINE + RECENT), 2] = 90  # every week on this weekday
    found = hot(Sessions(counts), PageRequest(Filter(Period.of_day(day))), day)
    assert found.categories == ()


def test_swinging_shares_are_quiet_and_jumps_are_not() -> None:
    chance, raised, seen, times = np.random.default_rng(3), 0, 0, 40
    for _ in range(times):
        shares = chance.dirichlet(np.array((30, 20, 10, 5)) * 1.5, BASELINE + RECENT)
        counts = np.array([chance.multinomial(60, row) for row in shares])
        raised += bool(of(counts).categories)
        counts[BASELINE:, 3] += 14
        seen += any(one.category == "优惠" for one in of(counts).categories)
    assert raised / times <= 0.1
    assert seen / times > 0.9


def test_dispersion_of_chance_alone_is_about_one() -> None:
    chance = np.random.default_rng(1)
    even = chance.multinomial(200, (0.5, 0.3, 0.2), 400).astype(float)
    assert dispersion(even) == pytest.approx([1, 1, 1], abs=0.2)
    assert dispersion(np.array([[10.0, 0.0], [0.0, 10.0]])).min() > 5
