"""Shops to which nothing happens hear nothing; shops to which something happens hear of it, once."""

from __future__ import annotations

import numpy as np
import pytest

from tests.analysis.attention_shop import Shop, quiet_shop

SHOPS = 120


def _alarms(**made: float) -> float:
    """Share of page views with any alarm at all."""
    return float(np.mean([bool(quiet_shop(seed, **made).attention()) for seed in range(SHOPS)]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "made",
    [
        {}, {"rho": 0.0, "busy": 1e-6}, {"rho": 0.05, "busy": 0.05}, {"agents": 2, "sessions": 25},
        {"agents": 12, "sessions": 30, "rho": 0.02}, {"days": 45},
    ],
)  # fmt: skip
def test_a_quiet_shop_hears_nothing(made: dict[str, float]) -> None:
    # Were the true share 5 %, more than 11 of 120 would come in 2.5 % of runs; the seeds are fixed.
    assert _alarms(**made) <= 0.05


def _worse(
    shop: Shop, metric: str, days: int, by: float, *, agent: int | None = None, until: int | None = None
) -> None:
    """Take a share of the hits of the last days away."""
    last = slice(-days, until)
    rows = slice(None) if agent is None else agent
    shop.tops[metric][rows, last] = np.floor(shop.tops[metric][rows, last] * (1 - by))


def test_a_bad_day_is_named_with_its_counts() -> None:
    heard = 0
    for seed in range(30):
        shop = quiet_shop(seed)
        _worse(shop, "satisfaction_rate", 4, 0.35, until=-3)
        found = shop.attention(by_agent=False)
        mine = [one for one in found if one.metric == "satisfaction_rate"]
        heard += any(one.kind == "unusual" and one.day == shop.day(-4) for one in mine)
        assert len(found) <= 2
    assert heard >= 27


@pytest.mark.parametrize("days", [5, 9, 14])
def test_a_lower_level_is_one_sentence(days: int) -> None:
    heard, said = 0, []
    for seed in range(30):
        shop = quiet_shop(seed)
        _worse(shop, "satisfaction_rate", days, 0.12)
        mine = [one for one in shop.attention(by_agent=False) if one.metric == "satisfaction_rate"]
        heard += bool(mine)
        said.append(len(mine))
    assert heard >= 28
    assert max(said) == 1


def test_a_higher_level_long_ago_is_what_is_ordinary_by_now() -> None:
    for seed in range(10):
        shop = quiet_shop(seed, days=200)
        _worse(shop, "satisfaction_rate", 110, 0.12)
        assert not [one for one in shop.attention(by_agent=False) if one.metric == "satisfaction_rate"]


def test_one_agent_who_falls_off_is_named() -> None:
    heard = 0
    for seed in range(30):
        shop = quiet_shop(seed, agents=8)
        _worse(shop, "satisfaction_rate", 7, 0.3, agent=2)
        found = [one for one in shop.attention() if one.key is not None]
        heard += any(one.key == "客服2" and one.metric == "satisfaction_rate" for one in found)
        assert {one.key for one in found} <= {"客服2", "客服0", "客服1", "客服5"}
    assert heard >= 27


def test_half_the_visitors_is_heard_of_at_once() -> None:
    heard = 0
    for seed in range(20):
        shop = quiet_shop(seed)
        shop.tops["received"][:, -1] = np.floor(shop.tops["received"][:, -1] * 0.4)
        heard += any(one.metric == "received" and one.day == shop.last for one in shop.attention(("received",)))
    assert heard >= 18
