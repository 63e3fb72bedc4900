"""Who the buyers of rows are, and numbers counted by buyer.

A buyer is a shop's: platforms count 复购 by shop, and the parts of a selection of several shops add up. A masked nick
is no key (``buyer_key`` is NULL), so nothing is said of whom it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csdesk.metrics.days import Bools, Ints
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.reduce import Reduced, reduce, tally, total
from csdesk.metrics.rows.rules import Buyers, BuyerShare, PerBuyer, RepeatBuyers
from csdesk.metrics.sums import Floats

_DENSE = 1 << 21
"""Cells (groups × buyers) up to which counting in a table beats sorting."""


@dataclass(frozen=True, slots=True)
class BuyerNumbers:
    """``number`` of each row's buyer (0 … ``size`` − 1, −1 = not known)."""

    number: Ints
    size: int


def buyer_numbers(rows: ChosenRows) -> BuyerNumbers:
    """The buyers of every row of the table of ``rows``, worked out once."""
    whole = rows.whole

    def make() -> BuyerNumbers:
        joint, height = _joint(whole)
        used = np.zeros(height + 1, dtype=np.bool_)
        used[joint] = True  # −1 marks the spare last place
        used[-1] = False
        place = np.where(used, np.cumsum(used) - 1, -1)
        return BuyerNumbers(place[joint], int(used.sum()))

    return rows.table.kept("buyers", make)


def _joint(whole: ChosenRows) -> tuple[Ints, int]:
    """Shop and key of each row as one number, −1 without a key; and how many there may be."""
    codes = whole.codes("buyer")
    shops, shop = np.unique(whole.shop, return_inverse=True)
    height = len(codes.texts)
    return np.where(codes.code < 0, -1, shop * height + codes.code), len(shops) * height


def _numbers_by_key(rows: ChosenRows) -> dict[tuple[int, bytes | str], int]:
    """The buyers of a table by shop and key."""
    whole = rows.whole

    def make() -> dict[tuple[int, bytes | str], int]:
        texts, number = whole.codes("buyer").texts, buyer_numbers(whole).number
        known = np.flatnonzero(number >= 0)
        _, first = np.unique(number[known], return_index=True)
        rows_of = known[first]
        named = zip(whole.shop[rows_of].tolist(), whole.codes("buyer").code[rows_of].tolist(), strict=True)
        return {(shop, texts[code]): at for at, (shop, code) in enumerate(named)}

    return rows.table.kept("buyers by key", make)


def buyers_of(rows: ChosenRows) -> Ints:
    """The numbers of the buyers of ``rows``, −1 = not known."""
    return buyer_numbers(rows).number[rows.rows]


def numbers_elsewhere(rows: ChosenRows, other: ChosenRows) -> Ints:
    """The buyers of every row of the table of ``rows`` by the numbers they have in the table of ``other``."""
    mine, theirs = buyer_numbers(rows), _numbers_by_key(other)
    place = np.full(mine.size + 1, -1, dtype=np.int64)
    for key, number in _numbers_by_key(rows).items():
        place[number] = theirs.get(key, -1)
    return place[mine.number]


def buyers_where(rows: ChosenRows, group: Ints, height: int, where: str) -> tuple[Ints, Ints]:
    """:func:`buyers_by_group` of a 0/1 number, once for the several metrics of one question that count them."""
    kept = rows.__dict__.setdefault("buyers_where", {})
    if (where, id(group)) not in kept:  # the group is kept with it, so that its id stays its own
        kept[where, id(group)] = (group, buyers_by_group(rows, group, height, rows.number(where) > 0))
    counts: tuple[Ints, Ints] = kept[where, id(group)][1]
    return counts


def buyers_by_group(rows: ChosenRows, group: Ints, height: int, where: Bools) -> tuple[Ints, Ints]:
    """By group: buyers with a row that ``where`` is true of, and buyers with at least two."""
    number = buyers_of(rows)
    size = buyer_numbers(rows).size
    mine = where & (number >= 0) & (group >= 0)
    cell = group[mine] * size + number[mine]
    if height * size <= _DENSE:
        table = np.bincount(cell, minlength=height * size).reshape(height, size)
        return (table > 0).sum(axis=1), (table > 1).sum(axis=1)
    cell.sort()
    first = np.ones(len(cell), dtype=np.bool_)
    first[1:] = cell[1:] != cell[:-1]
    second = np.zeros(len(cell), dtype=np.bool_)
    second[1:] = first[:-1] & ~first[1:]
    owner = cell // max(size, 1)
    return np.bincount(owner[first], minlength=height), np.bincount(owner[second], minlength=height)


@reduce.register
def _buyers(reducer: Buyers, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    value = rows.number(reducer.where)
    known = np.isfinite(value) & (buyers_of(rows) >= 0)
    any_of, two = buyers_where(rows, group, height, reducer.where)
    counted = any_of if reducer.least == 1 else two
    return Reduced(tally(group, height, known), counted.astype(np.float64), notes=_unknown(rows, value, height))


@reduce.register
def _per_buyer(reducer: PerBuyer, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    value, amount = rows.number(reducer.where), rows.number(reducer.of)
    known = np.isfinite(value) & np.isfinite(amount) & (buyers_of(rows) >= 0)
    mine = known & (value > 0)
    buyers, _ = buyers_where(rows, group, height, reducer.where)
    top: Floats = total(group, height, np.where(mine, amount, 0.0))
    return Reduced(tally(group, height, known), top, buyers.astype(np.float64), notes=_unknown(rows, value, height))


@reduce.register
def _repeat_buyers(reducer: RepeatBuyers, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    value = rows.number(reducer.where)
    known = np.isfinite(value) & (buyers_of(rows) >= 0)
    buyers, again = buyers_where(rows, group, height, reducer.where)
    return Reduced(
        tally(group, height, known),
        again.astype(np.float64),
        buyers.astype(np.float64),
        notes=_unknown(rows, value, height),
    )


@reduce.register
def _buyer_share(reducer: BuyerShare, rows: ChosenRows, group: Ints, height: int) -> Reduced:
    value = rows.number(reducer.of)
    known = np.isfinite(value)
    bottom, _ = buyers_by_group(rows, group, height, known & (value >= 0))
    top, _ = buyers_by_group(rows, group, height, known & (value > 0))
    notes: tuple[str, ...] = ()
    if height == 1 and reducer.waiting:
        waiting, _ = buyers_by_group(rows, group, 1, known & (value < 0))
        notes = (f"{waiting[0]:,} 位{reducer.waiting}",) if waiting[0] else ()
    return Reduced(tally(group, height, known), top.astype(np.float64), bottom.astype(np.float64), notes=notes)


def _unknown(rows: ChosenRows, where: Floats, height: int) -> tuple[str, ...]:
    """A word on the rows whose buyer nobody can tell; none where that is so of all of them, or of none.

    Of the whole only: it would be the same on every group.
    """
    if height > 1:
        return ()
    mine = where > 0
    nobody = mine & (buyers_of(rows) < 0)
    count, everything = int(nobody.sum()), int(mine.sum())
    if not count or count == everything:
        return ()
    return (f"另有 {count:,} 单认不出买家（没有昵称或带 *），不在内",)
