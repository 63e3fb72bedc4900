"""Places and their ranges: against simulated teams, equals, edges."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.stats.ranking import drawn_means, drawn_rates, gini, places


def test_agents_alike_share_a_place() -> None:
    found = places(drawn_rates([(450, 500), (446, 500), (452, 500)]))
    assert [(one.place, one.tied) for one in found] == [(1, True)] * 3
    apart = places(drawn_rates([(300, 500), (480, 500), (305, 500)]))
    assert [(one.place, one.tied) for one in apart] == [(2, True), (1, False), (2, True)]
    assert (apart[1].low, apart[1].high) == (1, 1)
    assert [apart[at].low for at in (0, 2)] == [2, 2]
    assert [apart[at].high for at in (0, 2)] == [3, 3]


def test_one_perfect_rating_is_not_the_best_for_certain() -> None:
    first = places(drawn_rates([(1, 1), (970, 1000), (700, 800), (880, 1000)]))[0]
    assert first.low == 1
    assert first.high >= 3


@pytest.mark.parametrize("counts", [[(10, 10), (300, 300), (1, 1), (40, 40)], [(0, 10), (0, 300), (0, 1), (0, 40)]])
def test_equals_are_not_told_apart(counts: list[tuple[float, float]]) -> None:
    found = places(drawn_rates(counts))
    assert {one.place for one in found} == {1}
    assert all((one.low, one.high) == (1, 4) for one in found)


def test_nobody_and_one() -> None:
    assert places(drawn_rates([])) == []
    alone = places(drawn_rates([(3, 10)]))[0]
    assert (alone.low, alone.high, alone.place, alone.tied) == (1, 1, 1, False)
    assert places(drawn_means([], [])) == []


def test_ranges_cover_the_true_ranks() -> None:
    """A range is one agent's own: 95 % of agents lie in theirs, in teams that differ and in teams that do not."""
    random = np.random.default_rng(11)
    for shape in ((45, 5), (900, 100)):
        inside = total = 0
        for _ in range(120):
            true = random.beta(*shape, 12)
            n = random.integers(40, 600, 12)
            found = places(
                drawn_rates([(float(random.binomial(m, p)), float(m)) for m, p in zip(n, true, strict=True)])
            )
            ranks = (-true).argsort().argsort() + 1
            inside += sum(one.low <= rank <= one.high for one, rank in zip(found, ranks, strict=True))
            total += 12
        assert inside / total > 0.93


def test_ranges_of_means_cover_the_true_ranks() -> None:
    random = np.random.default_rng(5)
    inside = total = 0
    for _ in range(120):
        true = random.lognormal(3, 0.25, 12)
        n = random.integers(40, 600, 12)
        seen = [float(random.exponential(mean, size).mean()) for mean, size in zip(true, n, strict=True)]
        found = places(-drawn_means(seen, n.tolist()))
        ranks = true.argsort().argsort() + 1
        inside += sum(one.low <= rank <= one.high for one, rank in zip(found, ranks, strict=True))
        total += 12
    assert inside / total > 0.93


def test_gini_by_hand() -> None:
    assert gini([5, 5, 5]) == pytest.approx(0)
    assert gini([0, 0, 9]) == pytest.approx(2 / 3)
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25)
    assert gini([]) is None
    assert gini([0, 0]) is None
