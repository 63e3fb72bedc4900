"""邀请 and 自主: ratings told apart where the export or the rows tell them apart, else not given."""

from __future__ import annotations

import pytest

from csdesk.metrics.model import MetricStatus
from tests.metrics.world import World

REVIEWS = {
    "received": 1000, "invites_sent": 620, "invites_sent__invited": 600, "invites_sent__self": 20,
    "ratings_received": 170, "ratings_received__invited": 150, "ratings_received__self": 20,
    "rated_5__invited": 110, "rated_4__invited": 30, "rated_3__invited": 5, "rated_2__invited": 3,
    "rated_1__invited": 2,
    "rated_5__self": 10, "rated_4__self": 2, "rated_3__self": 2, "rated_2__self": 2, "rated_1__self": 4,
}  # fmt: skip


def test_groups_of_the_review_export() -> None:
    world = World().report("sycm", 0, 0, **REVIEWS)
    assert world.value("ratings_received.invited").value == 150
    assert world.value("ratings_received.self").value == 20
    assert world.value("satisfaction_rate.invited").value == pytest.approx(140 / 150)
    assert world.value("satisfaction_rate.self").value == pytest.approx(12 / 20)
    assert world.value("dissatisfaction_rate.self").value == pytest.approx(6 / 20)
    assert world.value("satisfaction_rate.self").small


def test_groups_add_up_to_the_whole() -> None:
    world = World().report("sycm", 0, 0, **REVIEWS)
    parts = [world.value(f"satisfaction_rate.{group}") for group in ("invited", "self")]
    whole = world.value("satisfaction_rate")
    assert sum(part.numerator or 0 for part in parts) == whole.numerator == 152
    assert sum(part.denominator or 0 for part in parts) == whole.denominator == 170


def test_groups_of_session_rows() -> None:
    world = World().cover(10, 0).sessions(
        10, 0, n=100, invited=60, invited_known=100, rating_5=14, rating_3=4,
        invited_rating_n=15, invited_rating_good=12, self_rating_n=3, self_rating_good=2, invited_rated=16,
    )  # fmt: skip
    assert world.value("satisfaction_rate.invited").value == pytest.approx(12 / 15)
    assert world.value("satisfaction_rate.self").value == pytest.approx(2 / 3)
    assert world.value("ratings_received.invited").value == 16


def test_exports_without_groups_do_not_give_them() -> None:
    world = World().report("chitu", 10, 0, received=100, rated_5=10, rated_4=5, rated_3=1, rated_2=0, rated_1=0)
    value = world.value("satisfaction_rate.invited")
    assert value.value is None
    assert value.status is not MetricStatus.OK
