"""Weekday effects: found where they are, gone where they are chance, and against sums written out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.stats.weekdays import weekday_effects

DAYS = np.arange(91)


def test_real_effects_stay_and_chance_goes() -> None:
    random = np.random.default_rng(1)
    flat = random.normal(0, 1, (40, 91))
    found = weekday_effects(flat, np.ones(flat.shape), DAYS % 7)
    assert np.sqrt((found.effect**2).mean()) < 0.1
    weekend = np.where(DAYS % 7 >= 5, -5.0, 2.0)
    found = weekday_effects(flat + weekend, np.ones(flat.shape), DAYS % 7)
    assert found.trust.min() > 0.95
    assert found.effect[:, 5:].mean() == pytest.approx(-5, abs=0.15)


def test_as_worked_by_hand() -> None:
    random = np.random.default_rng(2)
    off, weight = random.normal(0, 1, 91) + (DAYS % 7 == 0), random.uniform(0.5, 2, 91)
    weight[:9] = 0
    weekday = DAYS % 7
    means = [sum(w * o for w, o, d in zip(weight, off, weekday, strict=True) if d == one)
             / sum(w for w, d in zip(weight, weekday, strict=True) if d == one) for one in range(7)]  # fmt: skip
    weights = [sum(w for w, d in zip(weight, weekday, strict=True) if d == one) for one in range(7)]
    rest = sum(w * (o - means[d]) ** 2 for w, o, d in zip(weight, off, weekday, strict=True)) / (82 - 7)
    spread = max(1.0, rest)
    q = sum(w * m**2 for w, m in zip(weights, means, strict=True)) / spread
    scale = (sum(weights) - sum(w**2 for w in weights) / sum(weights)) / spread
    between = max(0.0, (q - 6) / scale)
    found = weekday_effects(off[None], weight[None], weekday)
    for one in range(7):
        trust = between / (between + spread / weights[one])
        assert found.effect[0, one] == pytest.approx(trust * means[one], abs=1e-9)
        assert found.variance[0, one] == pytest.approx(between * (1 - trust), abs=1e-9)


def test_weekdays_nobody_works_and_no_days_at_all() -> None:
    off = np.ones((1, 91))
    found = weekday_effects(off, np.where(DAYS % 7 < 5, 1.0, 0.0)[None], DAYS % 7)
    assert found.effect[0, 5:] == pytest.approx(0)
    assert not weekday_effects(off, np.zeros((1, 91)), DAYS % 7).effect.any()
