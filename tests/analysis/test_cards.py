"""What a card says of a change, and where it says nothing."""

from __future__ import annotations

import pytest

from csdesk.analysis.cards import change_of
from csdesk.metrics.model import MetricStatus, MetricValue, Unit


def rate(metric: str, k: int, n: int) -> MetricValue:
    return MetricValue(metric, Unit.RATE, k / n, MetricStatus.OK, k, n, n=n)


@pytest.mark.parametrize(("metric", "judged"), [("refund_rate", True), ("repurchase_rate", False)])
def test_who_bought_again_is_not_compared_over_spans_of_different_length(metric: str, judged: bool) -> None:
    now, before = rate(metric, 400, 2000), rate(metric, 90, 1000)
    change = change_of(now, before, "上期", comparable=False)
    assert change.verdict == ("up" if judged else "no_data")
    assert (change.note == "和上期的天数不同") != judged
    assert change_of(now, before, "上期").verdict == "up"
