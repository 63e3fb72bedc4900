"""From the rows of a group to one number: counts, shares, means, quantiles, distributions.

``reduce`` takes a declared reducer, the rows and, for each, the number of its group (−1 = none) and gives all groups
at once. Rows of which a number is not known (NaN) take no part in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch

import numpy as np

from csdesk.metrics.days import Bools, Ints
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.rules import Count, Levels, Quantile, Reducer, Share
from csdesk.metrics.sums import Floats


@dataclass(frozen=True, slots=True)
class Reduced:
    """By group: numerator and denominator (None for plain counts), the value where it is not their quotient, counts
    by level of a distribution. ``there``: rows of which the number is known, any value of it. ``notes``: what to say
    of it in Chinese, also where there is no number.
    """

    there: Ints
    top: Floats
    bottom: Floats | None = None
    value: Floats | None = None
    levels: Mapping[str, Floats] | None = None
    notes: Sequence[str] = ()


@singledispatch
def reduce(reducer: Reducer, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    """The number of each group 0..``height`` − 1. A new kind of reducer registers its function."""
    raise NotImplementedError(f"{type(reducer).__name__}: {rows.kind}, {len(group)} rows, {height} groups")


@reduce.register
def _count(reducer: Count, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    if not reducer.of:
        there = tally(group, height)
        return Reduced(there, there.astype(np.float64))
    values = rows.number(reducer.of)
    known = np.isfinite(values)
    return Reduced(tally(group, height, known), total(group, height, np.where(known, values, 0.0)))


@reduce.register
def _share(reducer: Share, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    tops = rows.number(reducer.top)
    known = np.isfinite(tops)
    overs = None
    if reducer.over:
        overs = rows.number(reducer.over)
        known = known & np.isfinite(overs)
    there = tally(group, height, known)
    top = total(group, height, np.where(known, tops, 0.0))
    bottom = there.astype(np.float64) if overs is None else total(group, height, np.where(known, overs, 0.0))
    return Reduced(there, top, bottom)


@reduce.register
def _quantile(reducer: Quantile, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    values = rows.number(reducer.of)
    known = np.isfinite(values) & (group >= 0)
    there = tally(group, height, known)
    return Reduced(there, there.astype(np.float64), None, quantiles(values[known], group[known], there, reducer.q))


@reduce.register
def _levels(reducer: Levels, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    values = rows.number(reducer.of)
    known = np.isfinite(values) & (group >= 0)
    level = np.searchsorted(reducer.edges, values[known], side="right") - 1
    inside = level >= 0
    width = len(reducer.titles)
    keys = group[known][inside] * width + level[inside]
    table = np.bincount(keys, minlength=height * width).reshape(height, width)
    there = table.sum(axis=1)
    levels = {title: table[:, at].astype(np.float64) for at, title in enumerate(reducer.titles)}
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


def tally(group: Ints, height: int, known: Bools | None = None) -> Ints:
    """How many rows (of the ``known`` ones) each group has."""
    chosen = group >= 0 if known is None else (group >= 0) & known
    return np.bincount(group[chosen], minlength=height)


def total(group: Ints, height: int, values: Floats) -> Floats:
    """The sum of a number over each group's rows."""
    mine = group >= 0
    if not mine.all():
        group, values = group[mine], values[mine]
    return np.bincount(group, values, height).astype(np.float64)
