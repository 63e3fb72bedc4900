"""Numbers of single rows that metrics are counted from, declared by kind: name → how it follows from the columns.

A measure is worked out once for a whole table. 0/1 numbers say whether something is so, NaN that it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from csdesk.metrics.rows.chosen import ChosenRows, Measure
from csdesk.metrics.rows.orders import INVITATION_MEASURES, LINE_MEASURES, ORDER_MEASURES, SESSION_RETURNS
from csdesk.metrics.sums import Floats

REACH: frozenset[str] = frozenset({"order_head"})
"""Kinds of which a number of one day depends on rows of far other days (cohorts): they are always read as a whole."""


def at_most(column: str, limit: float) -> Measure:
    """Whether a number is at most ``limit``."""

    def measure(rows: ChosenRows) -> Floats:
        values = rows.number(column)
        return np.where(np.isnan(values), np.nan, values <= limit)

    return measure


MEASURES: Mapping[str, Mapping[str, Measure]] = {
    "session": {**SESSION_RETURNS},
    "order_head": ORDER_MEASURES,
    "order_line": LINE_MEASURES,
    "invitation": INVITATION_MEASURES,
}
"""Measures by kind and name."""
