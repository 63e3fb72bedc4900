"""Sets of days as arrays: rows of booleans over an axis of days, marked by spans and asked by spans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def marked(rows: Ints, first: Ints, last: Ints, shape: tuple[int, int]) -> Bools:
    """The days of spans ``first``..``last`` (both included) of each row, as booleans of ``shape`` (rows, days)."""
    height, days = shape
    width = days + 1
    size = height * width
    steps = np.bincount(rows * width + first, minlength=size)
    steps -= np.bincount(rows * width + last + 1, minlength=size)
    return np.asarray(np.cumsum(steps.reshape(height, width), axis=1)[:, :days] > 0)


def before(days: Bools) -> Ints:
    """How many marked days each row has before a day; one column more than ``days``."""
    counts = np.zeros((days.shape[0], days.shape[1] + 1), dtype=np.int64)
    np.cumsum(days, axis=1, out=counts[:, 1:])
    return counts


def within(counts: Ints, rows: Ints, first: Ints, last: Ints) -> Ints:
    """How many marked days the spans hold; ``counts`` from :func:`before`."""
    return np.asarray(counts[rows, last + 1] - counts[rows, first])


def as_bits(days: Bools) -> list[int]:
    """Each row as an integer: bit k = day k of the axis."""
    packed = np.packbits(days, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def from_bits(bits: int, size: int) -> Bools:
    """Inverse of :func:`as_bits` for one row; bits beyond ``size`` are dropped."""
    width = (size + 7) // 8
    row = np.frombuffer((bits & ((1 << size) - 1)).to_bytes(width, "little"), dtype=np.uint8)
    return np.unpackbits(row, bitorder="little")[:size].astype(np.bool_)


def distinct(groups: Ints, codes: Ints, heights: tuple[int, int]) -> list[list[int]]:
    """The codes that occur in each group, ascending; ``heights`` are the numbers of groups and of codes."""
    found: list[list[int]] = [[] for _ in range(heights[0])]
    if not len(groups):
        return found
    keys = groups * heights[1] + codes
    if heights[0] * heights[1] <= 8 * len(keys) + 4096:
        there = np.flatnonzero(np.bincount(keys, minlength=heights[0] * heights[1]))
    else:
        there = np.unique(keys)
    for group, code in zip((there // heights[1]).tolist(), (there % heights[1]).tolist(), strict=True):
        found[group].append(code)
    return found


def ints(values: Sequence[int]) -> Ints:
    """An array of whole numbers, also of none."""
    return np.array(values, dtype=np.int64)
