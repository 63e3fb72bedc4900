"""What a card says of a change, and where it says nothing."""

from __future__ import annotations

from datetime import date

import pytest

from csdesk.analysis.cards import change_of
from csdesk.domain.period import Period
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


def test_a_refund_rate_of_late_days_is_not_judged() -> None:
    """Refunds come days after their orders, so that the newest span always seems better."""
    now, before = refunds(4, 100, open_days=15.0), refunds(40, 100)
    change = change_of(now, before, "上期")
    assert (change.verdict, change.note) == ("no_clear_change", "近 15 天还会变，先不判断")
    assert change_of(refunds(4, 100, open_days=5.0), before, "上期").verdict == "down"


def refunds(top: int, bottom: int, *, open_days: float = 0.0) -> MetricValue:
    month = Period(date(2026, 11, 1), date(2026, 11, 30))
    rate = top / bottom
    return MetricValue(
        "refund_rate", Unit.RATE, rate, MetricStatus.OK, top, bottom, n=bottom, low=rate - 0.05, high=rate + 0.05,
        covered=(month,), extra={"open_days": open_days} if open_days else {},
    )  # fmt: skip


def test_days_that_vary_widen_the_interval_and_the_words_say_so() -> None:
    now, before = rate("invite_rate", 620, 1000), rate("invite_rate", 570, 1000)
    plain, wide = change_of(now, before, "上期"), change_of(now, before, "上期", spread=2.25)
    assert (plain.verdict, wide.verdict, wide.note) == ("up", "no_clear_change", "看不出差别")
    assert (plain.spread, wide.spread) == (1.0, 2.25)
    assert plain.low is not None
    assert wide.low is not None
    assert wide.difference == plain.difference == pytest.approx(0.05)
    assert wide.difference - wide.low == pytest.approx(1.5 * (plain.difference - plain.low), rel=0.01)
    assert wide.detail == (
        "样本 1,000 对 1,000，差的 95% 区间 −1.4 至 +11.4 个百分点（各天高低不一，超出偶然，区间已放宽到 1.5 倍）"
    )
