"""Who does well with what: agents × categories, each cell beside the others of the team in the same category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.performance.strata import NO_CATEGORY, Strata
from csdesk.metrics.model import MetricRow
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson_many
from csdesk.stats.multiple import adjusted, rates_p
from csdesk.stats.tails import normal_two_sided

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MOST_CATEGORIES = 20
_SURE = 0.05
_MEASURES = {"resolution": "resolution_rate", "satisfaction": "satisfaction_rate"}


def agent_category(strata: Strata | None, agents: Sequence[MetricRow]) -> Mapping[str, object] | None:
    """The answer ``agent_category``; None without sessions.

    ``agents`` and ``categories`` name the rows and columns of all tables. ``sessions``: counts. ``resolution`` and
    ``satisfaction``: ``k`` of ``n``, ``rate`` (None without any), interval, ``small`` (n below the limit: to be greyed)
    and ``mark``: above | below the others of the team in that category, "" where that is not certain among all cells
    of the table (Benjamini–Hochberg at 5 %).
    """
    people = [row for row in agents if row.agent_id is not None and row.kind == "person"]
    if strata is None or not people:
        return None
    at_category = _commonest(strata)
    ids = [row.agent_id or 0 for row in people]
    place = {person: at for at, person in enumerate(strata.people)}
    counted = strata.sessions.sum(axis=2)[:, at_category]
    there = [at for at, person in enumerate(ids) if person in place and counted[place[person]].any()]
    sessions = counted[[place[ids[at]] for at in there]]
    found: dict[str, object] = {
        "agents": [str(people[at].key) for at in there],
        "categories": [strata.categories[at] for at in at_category],
        "limit": SMALL_SAMPLE,
        "sessions": _whole(sessions),
    }
    for name, metric in _MEASURES.items():
        k, n = (side.sum(axis=2)[:, at_category] for side in strata.of([ids[at] for at in there], metric))
        found[name] = _table(k, n)
    return found


def _commonest(strata: Strata) -> list[int]:
    """Numbers of the named categories with most sessions."""
    sizes = strata.sessions.sum(axis=(0, 2))
    order = np.argsort(-sizes, kind="stable").tolist()
    named = [at for at in order if strata.categories[at] != NO_CATEGORY and sizes[at] > 0]
    return named[:_MOST_CATEGORIES]


def _table(k: Floats, n: Floats) -> Mapping[str, object]:
    low, high = wilson_many(k, n)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = k / n
    return {
        "k": _whole(k), "n": _whole(n), "rate": _known(rate), "low": _known(low), "high": _known(high),
        "small": (n < SMALL_SAMPLE).tolist(), "mark": _marks(k, n),
    }  # fmt: skip


def _marks(k: Floats, n: Floats) -> list[list[str]]:
    """Cells that differ from the rest of their column for certain; the score test with a pooled rate."""
    others_k, others_n = k.sum(axis=0) - k, n.sum(axis=0) - n
    judged = (n >= SMALL_SAMPLE) & (others_n >= SMALL_SAMPLE)
    marks = np.full(k.shape, "", dtype="<U5")
    if judged.any():
        k1, n1, k2, n2 = (one[judged] for one in (k, n, others_k, others_n))
        pooled = (k1 + k2) / (n1 + n2)
        error = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
        apart = k1 / n1 - k2 / n2
        z = np.divide(apart, error, out=np.zeros_like(apart), where=error > 0)
        p_values = normal_two_sided(z)
        for at in np.flatnonzero(p_values <= _SURE).tolist():  # what may stand out is looked at exactly
            p_values[at] = rates_p(*(float(one[at]) for one in (k1, n1, k2, n2))) or 0.0
        sure = np.array(adjusted(p_values.tolist())) <= _SURE
        marks[judged] = np.where(sure, np.where(apart > 0, "above", "below"), "")
    return [[str(mark) for mark in row] for row in marks.tolist()]


def _whole(table: Floats) -> list[list[int]]:
    return [[round(one) for one in row] for row in table.tolist()]


def _known(table: Floats) -> list[list[float | None]]:
    return [[None if one != one else one for one in row] for row in table.tolist()]  # noqa: PLR0124  NaN
