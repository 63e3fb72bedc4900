"""Up to which day dates are believed."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from csdesk.domain.period import to_epoch_day
from csdesk.metrics.rows.horizon import believed, last_day
from csdesk.store.kinds import DAY_SECONDS

TODAY = to_epoch_day(date.today())
YEARS = to_epoch_day(date.today() + timedelta(days=800))


def _file(first: int, last: int) -> tuple[int, int, int, int, int]:
    return 1, first, last, 0, 1


def test_a_mistyped_year_is_not_believed() -> None:
    assert last_day([_file(TODAY - 40, TODAY - 1), _file(YEARS, YEARS)]) == TODAY + 1
    moments = np.array([TODAY - 3.0, TODAY - 2.0, YEARS, np.nan]) * DAY_SECONDS
    assert believed(moments).tolist() == [1.0, 1.0, 0.0, 0.0]


def test_where_everything_is_later_it_is_the_clock_that_is_wrong() -> None:
    assert last_day([_file(YEARS, YEARS + 40)]) > YEARS + 40
    moments = np.array([YEARS, YEARS + 1.0, YEARS + 2.0]) * DAY_SECONDS
    assert believed(moments).tolist() == [1.0, 1.0, 1.0]


def test_nothing_known() -> None:
    assert last_day([]) == TODAY + 1
    assert believed(np.array([np.nan])).tolist() == [0.0]
