"""What everybody was asked and when: outcomes of sessions counted by person, category and shift.

Worked out in one pass over the codes of the rows; the codes are made once for a data version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.hour_bands import HOUR_BANDS as SHIFTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from csdesk.metrics.rows.chosen import ChosenRows

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NO_CATEGORY = "未分类"
_SATISFIED = 4
"""Ratings from here on are satisfied."""
_OUTCOMES = 3  # not known, no, yes


@dataclass(frozen=True, slots=True)
class Strata:
    """Counts by person × category × shift (the last shift: hour not known). ``people`` are final persons' numbers."""

    people: tuple[int, ...]
    categories: tuple[str, ...]
    shifts: tuple[str, ...]
    satisfied: Floats
    rated: Floats
    solved: Floats
    judged: Floats
    sessions: Floats

    def of(self, people: Sequence[int], which: str) -> tuple[Floats, Floats]:
        """(k, n) of some people in their order; zeros for who is not there. ``which``: satisfaction_rate, …"""
        k, n = {
            "satisfaction_rate": (self.satisfied, self.rated), "resolution_rate": (self.solved, self.judged),
        }[which]  # fmt: skip
        place = {person: at for at, person in enumerate(self.people)}
        rows = [place.get(person, len(self.people)) for person in people]
        nobody = np.zeros((1, *k.shape[1:]))
        return np.concatenate((k, nobody))[rows], np.concatenate((n, nobody))[rows]


def strata_of(rows: ChosenRows) -> Strata | None:
    """The strata of chosen sessions; None without any."""
    if not rows.size:
        return None
    whole = rows.whole
    coding: _Coding = rows.table.kept("performance strata", lambda: _Coding(whole))
    shape = (len(coding.people), len(coding.categories), len(SHIFTS) + 1, _OUTCOMES, _OUTCOMES)
    size = int(np.prod(shape))
    counts = np.bincount(coding.code[rows.rows], minlength=size).reshape(shape).astype(np.float64)
    rating, verdict = counts.sum(axis=4), counts.sum(axis=3)
    return Strata(
        coding.people, coding.categories, (*(title for title, _first, _end in SHIFTS), "时间不明"),
        rating[..., 2], rating[..., 1] + rating[..., 2], verdict[..., 2], verdict[..., 1] + verdict[..., 2],
        rating.sum(axis=3),
    )  # fmt: skip


class _Coding:
    """One number a session of the whole table: person, category, shift and both outcomes."""

    def __init__(self, whole: ChosenRows) -> None:
        people, person = np.unique(whole.agent, return_inverse=True)
        category = whole.codes("category")
        self.people = tuple(people.tolist())
        self.categories = (NO_CATEGORY, *(str(text) for text in category.texts))
        edges = [first for _title, first, _end in SHIFTS]
        hour = whole.hour
        shift = np.where(hour < 0, len(SHIFTS), np.searchsorted(edges, hour, side="right") - 1)
        rating, solved = whole.number("rating"), whole.number("resolved")
        code = person.astype(np.int64) * len(self.categories) + category.code + 1
        code = code * (len(SHIFTS) + 1) + shift
        code = code * _OUTCOMES + _outcome(rating, rating >= _SATISFIED)
        self.code: Ints = (code * _OUTCOMES + _outcome(solved, solved > 0)).astype(np.int32)


def _outcome(values: Floats, yes: NDArray[np.bool_]) -> Ints:
    known = ~np.isnan(values)
    found: Ints = known.astype(np.int64) + (known & yes)
    return found


def spread_of(rows: ChosenRows, column: str) -> float | None:
    """Coefficient of variation of a duration over the sessions; None for fewer than two of them."""

    def measured() -> float | None:
        values = rows.number(column)
        known = values[~np.isnan(values)]
        mean = float(known.mean()) if len(known) > 1 else 0.0
        return float(known.std()) / mean if mean > 0 else None

    return rows.table.kept(f"spread {column} {rows.rows}", measured) if isinstance(rows.rows, slice) else measured()
