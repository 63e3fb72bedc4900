"""Quantiles of many curves at once are those of the curves one by one."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.stats.survival import kaplan_meier, quantiles_by_group


@pytest.mark.parametrize("seed", range(8))
def test_as_the_single_curves(seed: int) -> None:
    random = np.random.default_rng(seed)
    waits = random.integers(0, 12, 300).astype(float)
    ended = random.random(300) < random.choice([0.2, 0.6, 1.0])
    group = random.integers(0, 9, 300)
    order = np.lexsort((~ended, waits, group))
    for share in (0.25, 0.5, 0.9):
        found = quantiles_by_group(waits[order], ended[order], group[order], 10, share)
        for one in range(10):
            curve = kaplan_meier(waits[group == one], ended[group == one])
            assert (
                found[one] == pytest.approx(curve.quantile(share) or np.nan, nan_ok=True)
                or curve.quantile(share) == 0 == found[one]
            )


def test_no_rows() -> None:
    nothing = np.zeros(0)
    found = quantiles_by_group(nothing, nothing.astype(bool), nothing.astype(np.int64), 2)
    assert np.isnan(found).all()
