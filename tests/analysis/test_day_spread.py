"""Changes are held against how much the shop's own days vary."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import PageRequest
from csdesk.bootstrap import Services
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.model import MetricStatus, MetricValue, Unit
from tests.analysis.attention_shop import Shop, engine_of, quiet_shop
from tests.analysis.quiet_sessions import LAST, Quiet
from tests.fake_engine import FakeEngine


def _value(total: float, covered: tuple[Period, ...] = ()) -> MetricValue:
    return MetricValue("received", Unit.COUNT, total, MetricStatus.OK, covered=covered)


def _spread(shop: Shop) -> float:
    period = Period(shop.last - timedelta(days=29), shop.last)
    facts = Facts(engine_of(shop), PageRequest(Filter(period)), ("received",))
    return facts.spreads.of_count(_value(9000))


def test_the_shops_own_days() -> None:
    calm = [_spread(quiet_shop(seed, busy=1e-6)) for seed in range(20)]
    clumped = [_spread(quiet_shop(seed, busy=0.05)) for seed in range(20)]
    assert 1 <= np.median(calm) < 1.5
    assert np.median(clumped) == pytest.approx(1 + 0.05 * 280, rel=0.4)


def test_where_days_are_not_known_what_is_likely() -> None:
    period = Period(quiet_shop(1).first, quiet_shop(1).first + timedelta(days=29))
    facts = Facts(FakeEngine([]), PageRequest(Filter(period)), ("received",))
    assert facts.spreads.of_count(_value(3000)) == pytest.approx(1 + 0.04 * 100)
    assert facts.spreads.of_count(
        _value(3000, (Period(period.first, period.first + timedelta(days=9)),))
    ) == pytest.approx(13)
    nothing = Facts(FakeEngine([]), PageRequest(), ("received",))
    assert nothing.spreads.of_count(_value(3000)) == 1


def test_a_new_shop_is_held_against_what_is_likely() -> None:
    assert _spread(quiet_shop(1, days=20)) == pytest.approx(1 + 0.04 * 300)


def _facts(shop: Shop, *metrics: str) -> Facts:
    period = Period(shop.last - timedelta(days=29), shop.last)
    return Facts(engine_of(shop), PageRequest(Filter(period)), metrics)


def _rate(metric: str, top: float, bottom: float) -> MetricValue:
    return MetricValue(metric, Unit.RATE, top / bottom, MetricStatus.OK, top, bottom, bottom)


def test_a_rate_by_its_own_days() -> None:
    shops = [[_facts(quiet_shop(seed, rho=rho), "resolution_rate") for seed in range(30)] for rho in (0.0, 0.03)]
    calm, clumped = ([facts.spreads.of_rate(_rate("resolution_rate", 9, 10)) for facts in half] for half in shops)
    assert np.mean(np.array(calm) == 1) >= 0.8
    assert np.median(clumped) == pytest.approx(1 + 0.03 * 55, rel=0.25)


def test_people_share_a_factor_and_parts_have_less() -> None:
    facts = _facts(quiet_shop(1, rho=0.03), "resolution_rate")
    spreads = facts.spreads
    assert spreads.of_people("resolution_rate") == pytest.approx(1 + 0.03 * 55, rel=0.25)
    whole = _rate("resolution_rate", 9, 10)
    assert spreads.of_part(whole, 0.5) == pytest.approx((1 + spreads.of_rate(whole)) / 2)
    assert spreads.of_people("reply_rate") == 1


def test_rates_without_days_are_held_against_chance() -> None:
    period = Period(quiet_shop(1).first, quiet_shop(1).first + timedelta(days=29))
    facts = Facts(FakeEngine([]), PageRequest(Filter(period)), ("satisfaction_rate",))
    assert facts.spreads.of_rate(_rate("satisfaction_rate", 9, 10)) == 1
    assert facts.spreads.of_rate(None) == 1
    assert facts.spreads.of_rate(_value(3)) == 1


def test_one_question_by_day_for_all_numbers_of_a_page() -> None:
    shop = quiet_shop(2)
    facts = _facts(shop, "resolution_rate", "invite_rate", "received")
    facts.spreads.of_rate(_rate("resolution_rate", 9, 10))
    facts.spreads.of_rate(_rate("invite_rate", 9, 10))
    facts.spreads.of_count(_value(9000))
    assert len(shop.asked) == 1


def test_the_score_varies_as_the_rate_it_comes_with(tmp_path: Path) -> None:
    Quiet(rho=0.05).write(tmp_path, 3)
    services = Services(tmp_path)
    month = Period(LAST - timedelta(days=27), LAST)
    try:
        page = services.page("satisfaction", PageRequest(Filter(month)))
    finally:
        services.close()
    changes = {kpi.metric: kpi.change for kpi in page.kpis}
    rate, score = changes["satisfaction_rate"], changes["satisfaction_score"]
    assert rate is not None
    assert score is not None
    assert rate.spread > 1.2
    assert score.spread == rate.spread
