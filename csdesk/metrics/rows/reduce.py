"""From the rows of a group to one number: counts, shares, means, quantiles, distributions.

A reducer takes the rows and, for each, the number of its group (−1 = none) and gives all groups at once. Rows of
which a number is not known (NaN) take no part in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np

from csdesk.metrics.days import Bools, Ints

if TYPE_CHECKING:
    from csdesk.metrics.rows.chosen import ChosenRows
    from csdesk.metrics.sums import Floats


@dataclass(frozen=True, slots=True)
class Reduced:
    """By group: numerator and denominator (None for plain counts), the value where it is not their quotient, counts
    by level of a distribution. ``there``: rows of which the number is known, any value of it.
    """

    there: Ints
    top: Floats
    bottom: Floats | None = None
    value: Floats | None = None
    levels: Mapping[str, Floats] | None = None
    notes: Sequence[str] = field(default_factory=tuple)


class Reducer(Protocol):
    """How rows become a number."""

    def __call__(self, rows: ChosenRows, group: Ints, height: int) -> Reduced:
        """The number of each group 0..``height`` − 1."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows; with ``of``, the sum of that number (a 0/1 measure: the rows it is true of)."""

    of: str = ""

    def __call__(self, rows: ChosenRows, group: Ints, height: int) -> Reduced:
        """See :class:`Reducer`."""
        if not self.of:
            there = _tally(group, height)
            return Reduced(there, there.astype(np.float64))
        values = rows.number(self.of)
        known = np.isfinite(values)
        return Reduced(_tally(group, height, known), _total(group, height, np.where(known, values, 0.0)))


@dataclass(frozen=True, slots=True)
class Share:
    """Σ ``top`` / Σ ``over`` over the rows that have both; ``over`` "" = the rows of which ``top`` is known.

    With 0/1 numbers a rate, with seconds or money a mean.
    """

    top: str
    over: str = ""

    def __call__(self, rows: ChosenRows, group: Ints, height: int) -> Reduced:
        """See :class:`Reducer`."""
        tops = rows.number(self.top)
        known = np.isfinite(tops)
        overs = None
        if self.over:
            overs = rows.number(self.over)
            known = known & np.isfinite(overs)
        there = _tally(group, height, known)
        top = _total(group, height, np.where(known, tops, 0.0))
        bottom = there.astype(np.float64) if overs is None else _total(group, height, np.where(known, overs, 0.0))
        return Reduced(there, top, bottom)


@dataclass(frozen=True, slots=True)
class Quantile:
    """The ``q`` quantile of a number, linear between neighbours (NumPy's default)."""

    of: str
    q: float = 0.5

    def __call__(self, rows: ChosenRows, group: Ints, height: int) -> Reduced:
        """See :class:`Reducer`."""
        values = rows.number(self.of)
        known = np.isfinite(values) & (group >= 0)
        there = _tally(group, height, known)
        return Reduced(there, there.astype(np.float64), None, quantiles(values[known], group[known], there, self.q))


@dataclass(frozen=True, slots=True)
class Levels:
    """A distribution: how many rows lie in each level. ``of`` is a number; level k holds ``edges[k] <= of <
    edges[k + 1]``, the last one everything above. Below the first edge lies none.
    """

    of: str
    titles: tuple[str, ...]
    edges: tuple[float, ...]

    def __call__(self, rows: ChosenRows, group: Ints, height: int) -> Reduced:
        """See :class:`Reducer`."""
        values = rows.number(self.of)
        known = np.isfinite(values) & (group >= 0)
        level = np.searchsorted(self.edges, values[known], side="right") - 1
        inside = level >= 0
        keys = group[known][inside] * len(self.titles) + level[inside]
        table = np.bincount(keys, minlength=height * len(self.titles)).reshape(height, len(self.titles))
        there = table.sum(axis=1)
        levels = {title: table[:, at].astype(np.float64) for at, title in enumerate(self.titles)}
        return Reduced(there, there.astype(np.float64), there.astype(np.float64), levels=levels)


def quantiles(values: Floats, group: Ints, sizes: Ints, q: float) -> Floats:
    """The linear quantile of each group's values, NaN for empty ones; ``sizes`` are the numbers of values by group."""
    found = np.full(len(sizes), np.nan)
    if not len(values):
        return found
    if len(sizes) == 1:
        found[0] = np.quantile(values, q)
        return found
    order = np.lexsort((values, group))
    ordered = values[order]
    start = np.cumsum(sizes) - sizes
    some = sizes > 0
    place = start[some] + q * (sizes[some] - 1)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, start[some] + sizes[some] - 1)
    share = place - low
    found[some] = ordered[low] + (ordered[high] - ordered[low]) * share
    return found


def _tally(group: Ints, height: int, known: Bools | None = None) -> Ints:
    chosen = group >= 0 if known is None else (group >= 0) & known
    return np.bincount(group[chosen], minlength=height)


def _total(group: Ints, height: int, values: Floats) -> Floats:
    mine = group >= 0
    if not mine.all():
        group, values = group[mine], values[mine]
    return np.bincount(group, values, height).astype(np.float64)
