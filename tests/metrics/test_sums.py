"""Running totals of sums over session rows."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.metrics.sums import _running


@pytest.mark.parametrize("rows", [0, 1, 3, 4, 10])
def test_running_totals_do_not_depend_on_the_blocks(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csdesk.metrics.sums._BLOCK", 3)
    parts = np.arange(rows * 2, dtype=np.float64).reshape(rows, 2)
    expected = np.vstack((np.zeros((1, 2)), np.cumsum(parts, axis=0)))
    assert _running(parts).tolist() == expected.tolist()
