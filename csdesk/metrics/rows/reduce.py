"""From the rows of a group to one number: counts, shares, means, quantiles, distributions.

``reduce`` takes a declared reducer, the rows and, for each, the number of its group (−1 = none) and gives all groups
at once. Rows of which a number is not known (NaN) take no part in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatch

import numpy as np
from numpy.typing import NDArray

from csdesk.metrics.days import Bools, Ints
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.rules import Balance, Bands, Count, Levels, MedianWait, Quantile, Reducer, Share
from csdesk.metrics.sums import Floats
from csdesk.stats.promoters import balance_interval
from csdesk.stats.survival import quantiles_by_group

_WORTH_SORTING = 8
"""A part of a table this much smaller is sorted by itself sooner than found in the order of the whole."""
_WORTH_COUNTING = 16
"""A histogram by group pays as long as it has not many more fields than there are rows."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """By group: numerator and denominator (None for plain counts), the value where it is not their quotient, counts
    by level of a distribution, ``low``/``high`` the interval where it is not a rate's. ``there``: rows of which the
    number is known, any value of it. ``notes``: what to say of it in Chinese, also where there is no number.
    """

    there: Ints
    top: Floats
    bottom: Floats | None = None
    value: Floats | None = None
    levels: Mapping[str, Floats] | None = None
    low: Floats | None = None
    high: Floats | None = None
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
def _balance(reducer: Balance, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    values = rows.number(reducer.of)
    there = tally(group, height, np.isfinite(values))
    up, down = (tally(group, height, values == side) for side in (1, -1))
    ends = [balance_interval(*counts) for counts in zip(up.tolist(), down.tolist(), there.tolist(), strict=True)]
    low, high = (np.array([getattr(one, end) if one else np.nan for one in ends]) for end in ("low", "high"))
    return Reduced(there, (up - down).astype(np.float64), there.astype(np.float64), low=low, high=high)


@reduce.register
def _quantile(reducer: Quantile, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    distinct, place = rows.ranks(reducer.of)
    counts = _counted(reducer.of, rows, group, height)
    if counts is not None:
        there = counts.sum(axis=1)
        return Reduced(there, there.astype(np.float64), None, counted_quantiles(distinct, counts, reducer.q))
    known = (place >= 0) & (group >= 0)
    there = tally(group, height, known)
    values = quantiles(distinct[place[known]], group[known], there, reducer.q)
    return Reduced(there, there.astype(np.float64), None, values)


def _counted(of: str, rows: ChosenRows, group: Ints, height: int) -> Ints | None:
    """The histogram of a number by group, counted once for all that is asked of it; None where it does not pay."""
    distinct, place = rows.ranks(of)
    if height * len(distinct) > _WORTH_COUNTING * (len(place) + 1):
        return None
    known = rows.histograms.get(of)
    if known is None or known[0] is not group or len(known[1]) != height:
        known = rows.histograms[of] = (group, histogram(place, group, (height, len(distinct))))
    return known[1]


@reduce.register
def _levels(reducer: Levels, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    return _leveled(reducer, rows, group, height)


@reduce.register
def _bands(reducer: Bands, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    windows = rows.windows
    return _leveled(Levels(reducer.of, windows.band_titles, (0.0, *windows.edges)), rows, group, height)


def _leveled(levels_of: Levels, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    distinct, place = rows.ranks(levels_of.of)
    counts = _counted(levels_of.of, rows, group, height)
    if counts is None:
        level = np.append(np.searchsorted(levels_of.edges, distinct, side="right") - 1, -1)  # the last one: not known
        table = histogram(level[place], group, (height, len(levels_of.titles)))
    else:
        below = np.append(np.searchsorted(distinct, levels_of.edges), len(distinct))
        until = np.concatenate((np.zeros((height, 1), np.int64), counts.cumsum(axis=1)), axis=1)
        table = np.diff(until[:, below], axis=1)
    there = table.sum(axis=1)
    levels = {title: table[:, at].astype(np.float64) for at, title in enumerate(levels_of.titles)}
    return Reduced(there, there.astype(np.float64), there.astype(np.float64), levels=levels)


@reduce.register
def _median_wait(reducer: MedianWait, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    waits, ends, mine = _in_order_of_waits(reducer, rows, group, height)
    found = quantiles_by_group(waits, ends == 1, mine, height)
    there = tally(mine, height)
    unreached = height == 1 and there[0] and np.isnan(found[0])
    notes = (reducer.unreached,) if unreached and reducer.unreached else ()
    return Reduced(there, there.astype(np.float64), value=found, notes=notes)


def _in_order_of_waits(reducer: MedianWait, rows: ChosenRows, group: Ints, height: int) -> tuple[Floats, Floats, Ints]:
    """Waits, whether they ended, and groups of the rows that have all three; by group, then by wait."""
    if rows.size * _WORTH_SORTING < rows.table.size:
        waits, ends = rows.number(reducer.of), rows.number(reducer.ended)
        known = np.isfinite(waits) & np.isfinite(ends) & (group >= 0)
        waits, ends, mine = waits[known], ends[known], group[known]
        order = np.lexsort((-ends, waits, mine))
        return waits[order], ends[order], mine[order]
    group_of = np.full(rows.table.size, -1, dtype=np.int64)
    group_of[rows.rows] = group
    order = by_wait(rows, reducer.of, reducer.ended)
    order = order[group_of[order] >= 0]
    if height > 1:
        order = order[np.argsort(group_of[order], kind="stable")]
    whole = rows.whole
    return whole.number(reducer.of)[order], whole.number(reducer.ended)[order], group_of[order]


def by_wait(rows: ChosenRows, of: str, ended: str) -> Ints:
    """Places in the whole table of the rows whose wait is known, shortest first; ended ones first among equals."""

    def make() -> Ints:
        waits, ends = rows.whole.number(of), rows.whole.number(ended)
        order = np.lexsort((-ends, waits))
        return order[np.isfinite(waits[order]) & np.isfinite(ends[order])]

    return rows.table.kept(f"by {of}", make)


def histogram(place: Ints | NDArray[np.int32], group: Ints, shape: tuple[int, int]) -> Ints:
    """How many rows of each group (down) lie in each place (across); those of place or group −1 in none."""
    height, width = shape
    if height == 1 and (not len(group) or group.min() >= 0):
        there = np.bincount(place.astype(np.int64) + 1, minlength=width + 1)[1:]
        return np.asarray(there, dtype=np.int64).reshape(1, width)
    keys = (group + 1) * (width + 1) + (place + 1)  # what belongs nowhere goes to a row or a column of its own
    return np.bincount(keys, minlength=(height + 1) * (width + 1)).reshape(height + 1, width + 1)[1:, 1:]


def counted_quantiles(values: Floats, counts: Ints, q: float) -> Floats:
    """The linear quantile of each row of a histogram over ascending ``values``; NaN for empty ones."""
    found = np.full(len(counts), np.nan)
    until = counts.cumsum(axis=1)
    sizes = until[:, -1] if counts.shape[1] else np.zeros(len(counts), dtype=np.int64)
    some = np.flatnonzero(sizes > 0)
    if not len(some):
        return found
    spot = q * (sizes[some] - 1)
    low = np.floor(spot).astype(np.int64)
    high = np.minimum(low + 1, sizes[some] - 1)
    first, second = (values[(until[some] <= order[:, None]).sum(axis=1)] for order in (low, high))
    found[some] = first + (second - first) * (spot - low)
    return found


def quantiles(values: Floats, group: Ints, sizes: Ints, q: float) -> Floats:
    """The linear quantile of each group's values, NaN for empty ones; ``sizes`` are the numbers of values by group."""
    found = np.full(len(sizes), np.nan)
    if not len(values):
        return found
    if len(sizes) == 1:
        found[0] = np.quantile(values, q)
        return found
    # Small unsigned numbers are sorted by counting, and of each group only the two places wanted are.
    small = group.astype(np.uint16) if len(sizes) <= np.iinfo(np.uint16).max else group
    by_group = values[np.argsort(small, kind="stable")]
    ends = np.cumsum(sizes).tolist()
    for at in np.flatnonzero(sizes).tolist():
        mine = by_group[ends[at] - int(sizes[at]) : ends[at]]
        place = q * (len(mine) - 1)
        low = int(place)
        high = min(low + 1, len(mine) - 1)
        mine.partition((low, high))
        found[at] = mine[low] + (mine[high] - mine[low]) * (place - low)
    return found


def tally(group: Ints, height: int, known: Bools | None = None) -> Ints:
    """How many rows (of the ``known`` ones) each group has."""
    chosen = group >= 0 if known is None else (group >= 0) & known
    if height == 1:
        return np.array([np.count_nonzero(chosen)], dtype=np.int64)
    return np.bincount(group[chosen], minlength=height)


def total(group: Ints, height: int, values: Floats) -> Floats:
    """The sum of a number over each group's rows."""
    mine = group >= 0
    if not mine.all():
        group, values = group[mine], values[mine]
    if height == 1:
        return np.array([values.sum()], dtype=np.float64)
    return np.bincount(group, values, height).astype(np.float64)
