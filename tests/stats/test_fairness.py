"""Ranking agents: shrinkage, ties, standardisation, against simulation and cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.stats.fairness import fit_prior, funnel, overdispersion, shrink, standardise


def test_one_perfect_rating_does_not_win() -> None:
    found = shrink([(1, 1), (970, 1000), (700, 800), (880, 1000)])
    assert found is not None
    assert found[0].rate < found[1].rate
    assert found[0].interval.low < 0.85 < found[0].interval.high


def test_prior_finds_the_spread_there_is() -> None:
    random = np.random.default_rng(1)
    true = random.beta(45, 5, 60)
    counts = [(float(random.binomial(400, rate)), 400.0) for rate in true]
    prior = fit_prior(counts)
    assert prior is not None
    assert prior.mean == pytest.approx(0.9, abs=0.01)
    assert prior.size == pytest.approx(50, rel=0.45)


@pytest.mark.parametrize(("shape", "people"), [((27, 3), 20), ((27, 3), 6), ((9000, 1000), 12)])
def test_intervals_cover_the_true_rates(shape: tuple[int, int], people: int) -> None:
    random = np.random.default_rng(7)
    inside = total = 0
    for _ in range(1600 // people):
        true = random.beta(*shape, people)
        n = random.integers(20, 300, people)
        found = shrink([(float(random.binomial(size, rate)), float(size)) for rate, size in zip(true, n, strict=True)])
        assert found is not None
        inside += sum(one.interval.low <= rate <= one.interval.high for one, rate in zip(found, true, strict=True))
        total += people
    assert 0.92 < inside / total < (1 if shape[0] > 100 else 0.98)  # agents all alike are covered more often


def test_edges() -> None:
    assert shrink([]) is None
    assert shrink([(0, 0)]) is None
    alone = shrink([(9, 10)])
    assert alone is not None
    assert alone[0].rate == pytest.approx(0.9)
    perfect = shrink([(10, 10), (3, 3), (0, 0)])
    assert perfect is not None
    assert [one.rate for one in perfect] == [1, 1, 1]
    assert all(one.interval.low < 0.9 for one in perfect)


def test_funnel_narrows() -> None:
    low, high = funnel(100, 0.9)
    assert (round(low, 4), round(high, 4)) == (0.8412, 0.9588)
    assert funnel(5, 0.95)[1] == 1.0
    assert funnel(100, 0.9, spread=2.0)[0] == pytest.approx(0.9 - 2 * (0.9 - 0.8412), abs=1e-3)


def test_limits_widen_for_agents_that_differ_and_hardly_ever_for_others() -> None:
    random = np.random.default_rng(3)
    alike = [
        overdispersion([(float(random.binomial(200, 0.9)), 200.0) for _ in range(20)], 0.9) for _ in range(200)
    ]  # fmt: skip
    assert sum(spread > 1 for spread in alike) / len(alike) < 0.1
    unlike = [(float(random.binomial(400, rate)), 400.0) for rate in random.beta(45, 5, 40)]
    assert overdispersion(unlike, 0.9) > 1.8
    assert overdispersion([*[(180.0, 200.0)] * 12, (20.0, 200.0)], 0.9) == 1.0
    assert overdispersion([(20.0, 200.0)] * 5, 0.9) == 1.0
    assert overdispersion([], 0.9) == 1.0


def test_standardised_by_hand() -> None:
    """Somebody with the hard questions (物流 75 % good), somebody with the easy ones (尺码 90 %), and the others."""
    n = np.array([[100.0, 0], [0, 100], [300, 500]])
    k = np.array([[85.0, 0], [0, 90], [215, 450]])
    hard, easy, rest = standardise(k, n)
    assert hard is not None
    assert easy is not None
    assert rest is not None
    assert (hard.observed, hard.expected) == (85, 75)
    assert hard.rate == pytest.approx(85 / 75 * 0.84)
    assert hard.z == pytest.approx(10 / (100 * 0.75 * 0.25 * 0.75) ** 0.5)
    assert easy.rate == pytest.approx(0.84)
    assert easy.z == 0
    assert hard.rate > easy.rate  # though 85 % looks worse than 90 %
    assert hard.interval.low < hard.rate < hard.interval.high
    assert sum(one.observed - one.expected for one in (hard, easy, rest)) == pytest.approx(0)
    assert rest.shared == 1


def test_standardised_edges() -> None:
    assert standardise(np.zeros((2, 3)), np.zeros((2, 3))) == [None, None]
    idle, alone = standardise(np.array([[0.0], [9.0]]), np.array([[0.0], [10.0]]))
    assert idle is None
    assert alone is not None
    assert (alone.z, alone.shared) == (0, 0)
    perfect = standardise(np.array([[5.0], [9.0]]), np.array([[5.0], [9.0]]))
    assert [one.rate for one in perfect if one] == [1, 1]
    assert [one.z for one in perfect if one] == [0, 0]


def test_alike_after_adjusting_are_hardly_ever_told_apart_and_intervals_cover() -> None:
    """Agents with very different work and no difference of their own."""
    random = np.random.default_rng(2)
    rates = np.array([0.95, 0.8, 0.6])
    alarms = inside = total = 0
    for _ in range(150):
        n = random.integers(0, 120, (8, 3)).astype(float)
        k = random.binomial(n.astype(int), rates).astype(float)
        common = float((n.sum(axis=0) * rates).sum() / n.sum())
        for one in standardise(k, n):
            assert one is not None
            alarms += abs(one.z) > 1.96
            inside += one.interval.low <= common <= one.interval.high
            total += 1
    assert alarms / total == pytest.approx(0.05, abs=0.02)
    assert inside / total == pytest.approx(0.95, abs=0.025)
