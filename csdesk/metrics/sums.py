"""Sums over session rows: running totals in memory, so that any span of days costs two look-ups.

Every column is kept as whole numbers: counts as they are, seconds (which may have fractions) in three parts of 30
bits. Whole numbers add up exactly in any order, so a sum is the same however the selection is cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from csdesk.metrics.days import Ints, ints
from csdesk.metrics.quantities import quantity
from csdesk.metrics.sum_names import ALL_SUMS
from csdesk.store.session_sums import SUM_NAMES

Floats = NDArray[np.float64]

_INDEX = {name: index for index, name in enumerate(ALL_SUMS)}
_PART = 1 << 30
_BLOCK = 1 << 13
_LONGEST = 1 << 20
"""Days are less than this apart."""

SumRow = tuple[int, int, int, Sequence[float]]
"""(lane, slice, day, sums in the order of SUM_NAMES)."""


class SumTable:
    """Sums by lane, slice (a category, or 0) and day, as running totals."""

    def __init__(self, lane: Ints, part: Ints, day: Ints, sums: Floats, names: Sequence[str] = SUM_NAMES) -> None:
        """``sums``: one row each, in the order of ``names``, which follow that of ALL_SUMS and begin with n."""
        self._places = ints([_INDEX[name] for name in names])
        order = np.lexsort((day, part, lane))
        values = sums[order]
        self.lane, self.part, self.day = lane[order], part[order], day[order]
        self.fractions = tuple(int(at) for at in np.flatnonzero(np.any(values != np.floor(values), axis=0)))
        """Columns with values that are not whole; each has its two finer parts at the end."""
        whole = np.floor(values)
        finer = []
        for at in self.fractions:
            rest = (values[:, at] - whole[:, at]) * _PART
            middle = np.floor(rest)
            finer += [middle, np.floor((rest - middle) * _PART)]
        parts = np.column_stack((whole, *finer)) if finer else whole
        self._before = _running(parts)
        self._slices = int(self.part.max()) + 1 if len(sums) else 1
        self._base = int(self.day.min()) if len(sums) else 0
        self._keys = self._key(self.lane, self.part, self.day)

    @classmethod
    def of(cls, rows: Sequence[SumRow]) -> SumTable:
        """From rows at hand."""
        lane, part, day = (ints([row[at] for row in rows]) for at in range(3))  # type: ignore[misc]
        sums = np.array([row[3] for row in rows], dtype=np.float64).reshape(len(rows), len(SUM_NAMES))
        return cls(lane, part, day, sums)

    @property
    def width(self) -> int:
        """Columns of :meth:`between`: the sums and the finer parts."""
        return int(self._before.shape[1])

    def between(self, lane: Ints, part: Ints, first: Ints, last: Ints) -> Ints:
        """Exact sums of each (lane, slice) over the days ``first``..``last``, one row each."""
        low = np.searchsorted(self._keys, self._key(lane, part, first), side="left")
        high = np.searchsorted(self._keys, self._key(lane, part, last), side="right")
        return np.asarray(self._before[np.maximum(high, low)] - self._before[low])

    @cached_property
    def sessions(self) -> Ints:
        """The first sum (sessions) of each row."""
        return np.diff(self._before[:, 0])

    def rounded(self, exact: Ints) -> Floats:
        """Rows of exact sums as floats in the order of ALL_SUMS, rounded once; NaN for those not held."""
        rows = exact.reshape(-1, self.width)
        held = len(self._places)
        values = np.full((len(rows), len(ALL_SUMS)), np.nan)
        values[:, self._places] = rows[:, :held]
        for place, at in enumerate(self.fractions):
            middle, fine = held + 2 * place, held + 2 * place + 1
            for index, row in enumerate(rows[:, (at, middle, fine)].tolist()):
                values[index, self._places[at]] = ((row[0] * _PART + row[1]) * _PART + row[2]) / (_PART * _PART)
        return values.reshape(*exact.shape[:-1], len(ALL_SUMS))

    def _key(self, lane: Ints, part: Ints, day: Ints) -> Ints:
        days = np.clip(day - self._base, -1, _LONGEST - 2) + 1
        return np.asarray((lane * self._slices + part) * _LONGEST + days)


def _running(parts: Floats) -> Ints:
    """Totals of the rows before each, a row of zeros first; block by block: numpy lets no other thread in meanwhile."""
    before = np.zeros((len(parts) + 1, parts.shape[1]), dtype=np.int64)
    for start in range(0, len(parts), _BLOCK):
        block = parts[start : start + _BLOCK].astype(np.int64)
        block[0] += before[start]
        np.cumsum(block, axis=0, out=before[start + 1 : start + 1 + len(block)])
    return before


def total(text: str, sums: Floats) -> Floats:
    """A sum of sum names (``rating_4+rating_5``, ``5*rating_5+…``) of each row."""
    result = np.zeros(sums.shape[:-1])
    for coefficient, index in _terms(text):
        result = result + coefficient * sums[..., index]
    return result


@cache
def _terms(text: str) -> tuple[tuple[float, int], ...]:
    (term,) = quantity(text)
    return tuple((coefficient, _INDEX[name]) for coefficient, name in term.items)
