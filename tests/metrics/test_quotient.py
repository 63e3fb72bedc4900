"""No rate outside 0–1, whatever files say: reports and rows that contradict themselves give none, and it is told."""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import product

import numpy as np
import pytest

from csdesk.domain.platforms import Platform
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.inputs import report_measures
from csdesk.metrics.model import By, MetricStatus, MetricValue, Unit
from csdesk.metrics.quotient import CONTRADICTION, quotient_of
from csdesk.metrics.rows.answers import _number
from csdesk.metrics.rows.reduce import Reduced
from csdesk.stats.intervals import exceeds
from csdesk.store.session_sums import SUM_NAMES
from tests.metrics.world import DELAYED, DOUYIN_SHOP, TAOBAO_SHOP, World

RATES = [metric for metric in METRICS.values() if metric.unit is Unit.RATE]
SOURCES = ((TAOBAO_SHOP, "chitu"), (TAOBAO_SHOP, "sycm"), (DOUYIN_SHOP, "feige"), (TAOBAO_SHOP, "own"))
SPLITS = (None, By.AGENT, By.DAY, By.PLATFORM, By.SOURCE)


def nonsense(chance: random.Random) -> World:
    """Reports and sums of sessions with numbers that need not fit each other."""
    world = World()
    for shop, source in SOURCES:
        platform = Platform.DOUYIN if shop == DOUYIN_SHOP else Platform.TAOBAO
        names = sorted({name for rate in RATES for name in report_measures(rate.id, source, platform)})
        for agent, day in product((0, 10, 11) if shop == TAOBAO_SHOP else (0, 20), range(2)):
            given = {name.replace(".", "__"): odd(chance) for name in names if chance.random() < 0.5}
            if chance.random() < 0.8:
                world.report(source, agent, day, shop=shop, **given)
    if chance.random() < 0.5:
        world.cover(10, 0, 1)
        for day in range(2):
            sums = {name: chance.randrange(6) for name in SUM_NAMES}
            world.sessions(10, day, "售前", **{**sums, "both_messages_agent": chance.randrange(-4, 5)})
    return world


def odd(chance: random.Random) -> float | str:
    return chance.choice((0, 1, 2, 3, 10, 100, 0.5, 1.0, 1.3, -0.2, -1, DELAYED))


def values_of(world: World) -> Iterable[MetricValue]:
    for by in SPLITS:
        for row in world.rows(by):
            yield from row.values.values()


@pytest.mark.parametrize("seed", range(25))
def test_no_rate_leaves_its_bounds(seed: int) -> None:
    said = 0
    for value in values_of(nonsense(random.Random(seed))):
        if value.unit is not Unit.RATE:
            continue
        for one in (value.value, *(part.value for part in value.parts)):
            assert one is None or (isinstance(one, int | float) and 0 <= one <= 1), value
        if value.value is not None and value.numerator is not None and value.denominator:
            assert not exceeds(value.numerator, value.denominator), value
            assert value.low is not None
            assert value.low <= value.value <= (value.high or 0), value
        said += CONTRADICTION in value.notes
    assert said, "the numbers were to contradict each other somewhere"


def test_rows_and_quotients_divide_at_the_same_place() -> None:
    for rate in RATES:
        tops = np.array([-1.0, 0.0, 1.0, 3.0, 1.0 + 1e-12, np.nan])
        made = Reduced(np.array([1, 1, 1, 1, 1, 0]), tops, np.array([1.0, 1.0, 2.0, 2.0, 1.0, np.nan]))
        assert [_number(rate, made, at)[0] for at in range(6)] == [None, 0.0, 0.5, None, 1.0, None], rate.id
    assert quotient_of(METRICS["reply_rate"], 1, 0) is None
    assert quotient_of(METRICS["answer_question_ratio"], 3, 2) == 1.5
    assert quotient_of(METRICS["answer_question_ratio"], -3, 2) is None
    assert quotient_of(METRICS["nps"], -1, 2) == -0.5


def test_more_unanswered_than_asked_is_left_out_by_name() -> None:
    world = World().report("sycm", 0, 0, consulted=10, unreplied=12, reply_rate=0.9)
    value = world.value("reply_rate")
    assert (value.value, value.status) == (None, MetricStatus.NO_DATA)
    assert [one.reason for one in value.left_out] == ["未回复人数比咨询人数还多，对不上，没有计入"]
    value = world.report("sycm", 0, 1, consulted=10, unreplied=1).value("reply_rate")
    assert (value.numerator, value.denominator, len(value.left_out)) == (9, 10, 1)


def test_a_rate_that_cannot_be_is_not_shown_for_itself() -> None:
    value = World().report("chitu", 10, 0, satisfaction_rate=1.2).value("satisfaction_rate")
    assert (value.value, value.status) == (None, MetricStatus.NOT_SUMMABLE)
