"""Days and drifts of bad reviews: quiet shops hear nothing, a shop whose share rises hears of it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from csdesk.analysis.attention import attention_in
from csdesk.analysis.frame import Attention, PageRequest
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.daily import NOTHING, daily_of_rows
from csdesk.metrics.model import MetricRow, MetricStatus, MetricValue, Unit

METRIC = "negative_review_rate"
FIRST = date(2026, 3, 1)
DAYS = 120


def heard(seed: int, size: float, share: float, *, noise: float = 0.0, later: float | None = None) -> list[Attention]:
    """What is told of the last thirty of 120 days; ``later``: the share of the last week, ``noise``: days differ."""
    random = np.random.default_rng(seed)
    rows = []
    for day in range(DAYS):
        n = int(random.poisson(size))
        p = share if later is None or day < DAYS - 7 else later
        if noise:
            p = random.beta(p * (1 / noise - 1), (1 - p) * (1 / noise - 1))
        if n:
            value = MetricValue(METRIC, Unit.RATE, 0.0, MetricStatus.OK, float(random.binomial(n, p)), n)
            rows.append(MetricRow((FIRST + timedelta(day)).isoformat(), {METRIC: value}))
    period = Period(FIRST + timedelta(DAYS - 30), FIRST + timedelta(DAYS - 1))
    return list(attention_in(daily_of_rows(rows, (METRIC,)), PageRequest(Filter(period)), (METRIC,)))


@pytest.mark.parametrize(("size", "share", "noise"), [(60, 0.02, 0.0), (15, 0.03, 0.0), (200, 0.04, 0.005)])
def test_quiet_shops_hear_nothing(size: float, share: float, noise: float) -> None:
    assert np.mean([bool(heard(seed, size, share, noise=noise)) for seed in range(80)]) <= 0.05


def test_a_rise_is_one_sentence() -> None:
    found = [heard(seed, 80, 0.03, later=0.12) for seed in range(10)]
    assert all(len(one) == 1 for one in found)
    assert found[0][0].metric == METRIC
    assert "差评率" in found[0][0].text
    assert "偏高" in found[0][0].text


def test_no_rows() -> None:
    assert daily_of_rows([], (METRIC,)) is NOTHING
