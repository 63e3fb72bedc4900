"""Ranking agents: shrinkage, ties, standardisation, against simulation and cases worked by hand."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.stats.fairness import fit_prior, funnel, shrink, standardise


def test_one_perfect_rating_does_not_win() -> None:
    found = shrink([(1, 1), (970, 1000), (700, 800), (880, 1000)])
    assert found is not None
    assert [one.rank for one in found][1] == 1
    assert found[0].rank_low == 1
    assert found[0].rank_high >= 3
    assert found[0].rate < 0.97


def test_agents_alike_are_tied() -> None:
    found = shrink([(450, 500), (446, 500), (452, 500)])
    assert found is not None
    assert {one.tie for one in found} == {1}
    apart = shrink([(480, 500), (300, 500), (305, 500)])
    assert apart is not None
    assert [one.tie for one in apart] == [1, 2, 2]


def test_prior_finds_the_spread_there_is() -> None:
    random = np.random.default_rng(1)
    true = random.beta(45, 5, 60)
    counts = [(float(random.binomial(400, rate)), 400.0) for rate in true]
    prior = fit_prior(counts)
    assert prior is not None
    assert prior.mean == pytest.approx(0.9, abs=0.01)
    assert prior.size == pytest.approx(50, rel=0.45)


def test_intervals_cover_the_true_rates() -> None:
    random = np.random.default_rng(7)
    inside = total = 0
    for seed in range(40):
        true = random.beta(27, 3, 20)
        n = random.integers(20, 300, 20)
        found = shrink(
            [(float(random.binomial(size, rate)), float(size)) for rate, size in zip(true, n, strict=True)], seed=seed
        )
        assert found is not None
        inside += sum(one.interval.low <= rate <= one.interval.high for one, rate in zip(found, true, strict=True))
        total += 20
    assert inside / total == pytest.approx(0.95, abs=0.025)


def test_edges() -> None:
    assert shrink([]) is None
    assert shrink([(0, 0)]) is None
    alone = shrink([(9, 10)])
    assert alone is not None
    assert (alone[0].rank, alone[0].tie) == (1, 1)
    perfect = shrink([(10, 10), (3, 3), (0, 0)])
    assert perfect is not None
    assert {one.tie for one in perfect} == {1}


def test_funnel_narrows() -> None:
    low, high = funnel(100, 0.9)
    assert (round(low, 4), round(high, 4)) == (0.8412, 0.9588)
    assert funnel(5, 0.95)[1] == 1.0


def test_standardised_by_hand() -> None:
    everyone = {"物流": (300.0, 400.0), "尺码": (540.0, 600.0)}
    hard = standardise({"物流": (85.0, 100.0)}, everyone)
    easy = standardise({"尺码": (90.0, 100.0)}, everyone)
    assert hard is not None
    assert easy is not None
    assert (hard.observed, hard.expected) == (85, 75)
    assert hard.rate == pytest.approx(85 / 75 * 0.84)
    assert easy.rate == pytest.approx(0.84)
    assert hard.rate > easy.rate  # though 85 % looks worse than 90 %
    assert hard.interval is not None
    assert hard.interval.low < hard.rate < hard.interval.high
    assert standardise({}, everyone) is None
    assert standardise({"别的": (1, 2)}, everyone) is None
