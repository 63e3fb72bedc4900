"""Which days the forecast learns from: unknown ones are holes, special ones left out, ways of counting never mixed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from csdesk.analysis.events import Event, EventKind
from csdesk.analysis.planning.history import gather
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.model import By, MetricRow
from csdesk.stats.forecast import least_history
from tests.analysis.planning.shops import DOUYIN, FIRST, TAOBAO, Received, steady
from tests.metrics.world import World

LATER = date(2027, 1, 1)


def day(offset: int) -> date:
    return FIRST + timedelta(days=offset)


def test_days_without_data_are_unknown_and_not_zero() -> None:
    counts = [5.0, np.nan, 0.0, 7.0]
    found = gather(Received().has(TAOBAO, counts), [TAOBAO], LATER)
    assert found is not None
    assert (found.first, found.last, found.missing, found.known) == (FIRST, day(3), 1, 3)
    assert found.values == pytest.approx(np.array(counts), nan_ok=True)
    assert found.counted == "会话数"


def test_the_running_day_and_open_days_are_not_over() -> None:
    engine = Received().has(TAOBAO, [5.0, 6.0, 7.0, 1.0])
    engine.open.add((TAOBAO.id, day(1)))
    found = gather(engine, [TAOBAO], day(3))
    assert found is not None
    assert found.last == day(2)
    assert found.values == pytest.approx(np.array([5.0, np.nan, 7.0]), nan_ok=True)


def test_nothing_known_is_no_history() -> None:
    assert gather(Received(), [TAOBAO], LATER) is None
    assert gather(Received(), [], LATER) is None
    assert gather(Received().has(TAOBAO, [5.0]), [TAOBAO], FIRST) is None


def test_promotions_holidays_and_own_events_are_left_out_by_name() -> None:
    counts = steady(120)
    own = (Event("直播", Period(day(1), day(2)), EventKind.OTHER, own=True),)
    found = gather(Received().has(TAOBAO, counts), [TAOBAO], LATER, own)
    assert found is not None
    assert [span.name for span in found.special] == ["直播", "清明", "劳动节", "618", "端午"]
    left_out = {
        span.first + timedelta(days=at) for span in found.special for at in range((span.last - span.first).days + 1)
    }
    assert date(2026, 6, 17) in left_out
    for at, value in enumerate(found.values.tolist()):
        assert np.isnan(value) == (day(at) in left_out)
    assert found.missing == 0


def test_shops_add_up_where_all_are_known() -> None:
    one, two = steady(90, 1), steady(90, 2)
    two[40] = np.nan
    engine = Received().has(TAOBAO, one).has(DOUYIN, two, way="接待会话量")
    found = gather(engine, [TAOBAO, DOUYIN], day(90))
    assert found is not None
    assert found.shops == ("甲店", "乙店")
    assert found.counted == "会话数；接待会话量"
    assert found.missing == 1
    assert found.values[20] == one[20] + two[20]
    assert np.isnan(found.values[40])


def test_a_new_shop_does_not_shorten_the_others_past() -> None:
    engine = Received().has(TAOBAO, steady(100)).has(DOUYIN, steady(10, 2), first=day(90))
    found = gather(engine, [TAOBAO, DOUYIN], LATER)
    assert found is not None
    assert (found.shops, len(found.values)) == (("甲店",), 100)
    assert found.notes == (f"乙店最近 {least_history()} 天里只有 10 天有分天的数据，没算进去",)


def test_a_closed_shop_does_not_end_the_series() -> None:
    engine = Received().has(TAOBAO, steady(200)).has(DOUYIN, steady(100, 2))
    found = gather(engine, [TAOBAO, DOUYIN], LATER)
    assert found is not None
    assert found.last == day(199)
    assert found.shops == ("甲店",)


def test_the_way_of_counting_that_knows_most_days_is_taken_alone() -> None:
    """Reports of people for a year, session rows for the last month: the sum of both would jump."""
    engine = Received().has(TAOBAO, [200.0] * 100, metric="received_buyers", way="")
    engine.has(TAOBAO, [200.0] * 70, way="接待人数").has(TAOBAO, [230.0] * 30, first=day(70), way="会话数")
    found = gather(engine, [TAOBAO], LATER)
    assert found is not None
    assert np.nanmax(found.values) == 200
    assert len(found.values) == 100
    assert found.counted == "接待人数"


def test_the_same_way_of_counting_under_two_names_is_the_longer_one() -> None:
    engine = Received().has(TAOBAO, [200.0] * 100, metric="received_buyers", way="")
    engine.has(TAOBAO, [200.0] * 40, first=day(60), way="接待人数")
    found = gather(engine, [TAOBAO], LATER)
    assert found is not None
    assert found.known + sum((span.last - span.first).days + 1 for span in found.special) == 100


def test_only_the_last_year_counts() -> None:
    found = gather(Received().has(TAOBAO, steady(800)), [TAOBAO], date(2030, 1, 1))
    assert found is not None
    assert len(found.values) == 53 * 7
    assert found.last == day(799)


def test_days_a_file_speaks_for_without_a_chat_are_zero_on_the_real_engine() -> None:
    world = World()
    world.cover(10, 21, 27)  # the week of 9 March
    for offset in (21, 22, 24, 27):
        world.sessions(10, offset, n=offset)
    world.report("sycm", 0, 28, received=33)  # people are not conversations
    world.report("sycm", 0, 29, received=35)

    def ask(selection: Filter, by: By | None = None, metrics: Sequence[str] | None = None, /) -> Sequence[MetricRow]:
        assert selection == Filter(shops=(TAOBAO.id,))
        return world.rows(by, *(metrics or ()))

    found = gather(ask, [TAOBAO], LATER)
    assert found is not None
    assert (found.first, found.last, found.counted) == (FIRST, day(6), "会话数")
    assert found.values.tolist() == [21, 22, 0, 24, 0, 0, 27]
