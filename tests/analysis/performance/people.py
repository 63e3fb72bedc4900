"""People with counts written down in a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from csdesk.analysis.performance.strata import SHIFTS, Strata
from csdesk.analysis.performance.team import Team, team_of
from csdesk.metrics.model import MetricRow, MetricStatus, MetricValue, Unit
from tests.fake_engine import rate

Counts = tuple[float, float]


def person(name: str, number: int = 0, *, kind: str = "person", seconds: Counts | None = None,
           source: str = "", **rates: Counts) -> MetricRow:  # fmt: skip
    """Somebody with rates as (k, n) by metric, and maybe (mean, n) of the first response."""
    values = {metric: rate(metric, k, n) for metric, (k, n) in rates.items()}
    if seconds is not None:
        mean, n = seconds
        values["first_response_mean"] = MetricValue(
            "first_response_mean", Unit.SECONDS, mean, MetricStatus.OK, mean * n, n, n=n, small=n < 30
        )
    if source:
        for metric, value in values.items():
            values[metric] = replace(value, sources=(source,))
    return MetricRow(name, values, number, None, kind)


def team(*people: MetricRow) -> Team:
    return team_of([one for one in people if one.kind == "person"])


def strata(counts: Mapping[int, Mapping[str, Counts]], categories: Sequence[str], shift: int = 1) -> Strata:
    """(satisfied, rated) by person's number and category, all in one shift."""
    people = sorted(counts)
    shape = (len(people), len(categories), len(SHIFTS) + 1)
    k, n = np.zeros(shape), np.zeros(shape)
    for row, number in enumerate(people):
        for category, (good, all_) in counts[number].items():
            place = (row, categories.index(category), shift)
            k[place], n[place] = good, all_
    nothing = np.zeros(shape)
    titles = (*(title for title, _first, _end in SHIFTS), "时间不明")
    return Strata(tuple(people), tuple(categories), titles, k, n, nothing, nothing, n)
