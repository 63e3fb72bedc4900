"""Kitagawa's decomposition: the published case, exact sums, absent and small groups."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.stats.decomposition import kitagawa

COUNTS = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
GROUPS = st.dictionaries(st.sampled_from("甲乙丙丁戊己"), COUNTS, min_size=1)


def test_both_groups_better_and_the_total_worse() -> None:
    found = kitagawa({"售前": (96, 100), "售后": (108, 150)}, {"售前": (190, 200), "售后": (35, 50)})
    assert found is not None
    assert (round(found.difference, 3), round(found.mix, 3), round(found.rate, 3)) == (-0.084, -0.098, 0.014)
    assert all(part.rate > 0 for part in found.parts)
    grown = next(part for part in found.parts if part.key == "售后")
    assert grown.mix < 0  # more work where satisfaction is lower pulls the rate down


@given(GROUPS, GROUPS, st.sampled_from([0, 30, 200]))
def test_parts_add_up_to_the_change(
    now: dict[str, tuple[int, int]], before: dict[str, tuple[int, int]], small: int
) -> None:
    found = kitagawa(now, before, small=small)
    n1, n0 = sum(n for _k, n in now.values()), sum(n for _k, n in before.values())
    if not n1 or not n0:
        assert found is None
        return
    assert found is not None
    total = sum(k for k, _n in now.values()) / n1 - sum(k for k, _n in before.values()) / n0
    assert found.difference == pytest.approx(total, abs=1e-12)
    assert math.fsum(part.mix for part in found.parts) == found.mix
    assert math.fsum(part.rate for part in found.parts) == found.rate
    assert found.mix + found.rate == found.difference


def test_a_group_that_is_new_is_all_mix() -> None:
    found = kitagawa({"甲": (80, 100), "新": (10, 100)}, {"甲": (80, 100)})
    assert found is not None
    assert found.rate == 0
    assert found.mix == pytest.approx(-0.35)


def test_small_groups_stand_together() -> None:
    now = {"甲": (90.0, 100.0), "乙": (3.0, 4.0), "丙": (1.0, 2.0)}
    found = kitagawa(now, {"甲": (80.0, 100.0), "乙": (5.0, 5.0)}, small=30)
    assert found is not None
    assert {(part.key, part.pooled) for part in found.parts} == {("甲", 1), ("其他", 2)}


def test_one_small_group_keeps_its_name() -> None:
    found = kitagawa({"甲": (90, 100), "乙": (3, 4)}, {"甲": (80, 100), "乙": (5, 5)}, small=30)
    assert found is not None
    assert {part.key for part in found.parts} == {"甲", "乙"}
