"""What counts as satisfied and dissatisfied of a rating in five levels, wherever it was given."""

from __future__ import annotations

import numpy as np

from csdesk.domain.platforms import Platform
from csdesk.metrics.rows.chosen import ChosenRows, Measure
from csdesk.metrics.sums import Floats


def satisfied(column: str) -> Measure:
    """4–5 of the ratings in ``column``; NaN where there is none."""

    def measure(rows: ChosenRows) -> Floats:
        rating = rows.number(column)
        return np.where(np.isnan(rating), np.nan, rating >= 4)

    return measure


def dissatisfied(column: str) -> Measure:
    """1–2 of the ratings in ``column``, on 抖店 1–3; NaN where there is none."""

    def measure(rows: ChosenRows) -> Floats:
        rating = rows.number(column)
        worst = np.where(rows.platform_is(Platform.DOUYIN) > 0, 3.0, 2.0)
        return np.where(np.isnan(rating), np.nan, rating <= worst)

    return measure
