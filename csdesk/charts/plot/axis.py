"""Ticks people would choose by hand: round numbers, round durations, round dates. Plain Python, no Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from csdesk.charts.spec import ChartSpec, Format

_DECIMAL_STEPS = (1.0, 2.0, 5.0, 10.0)
_NOTHING = 1e-9  # below this share of the values, a difference is one of rounding
_SECOND_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 43200, 86400)


@dataclass(frozen=True, slots=True)
class Scale:
    """A value axis from ``low`` to ``high`` (both on screen) with its ``ticks``, ``step`` apart."""

    low: float
    high: float
    ticks: tuple[float, ...]
    step: float

    def share(self, value: float) -> float:
        """Where ``value`` lies on the axis, 0 = low, 1 = high; outside values stay outside."""
        return (value - self.low) / (self.high - self.low)


def nice_step(span: float, wanted: int, form: Format) -> float:
    """The round step that cuts ``span`` into about ``wanted`` parts."""
    raw = span / max(1, wanted)
    if form is Format.SECONDS and raw <= _SECOND_STEPS[-1] and raw > 0.5:
        return float(next(step for step in _SECOND_STEPS if step >= raw * 0.999))
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(unit * factor for factor in _DECIMAL_STEPS if unit * factor >= raw * 0.999)
    if form is Format.COUNT:
        return max(1.0, step)
    return max(100.0, step) if form is Format.YUAN else step


def value_scale(
    values: Sequence[float],
    form: Format,
    wanted: int,
    *,
    fixed: tuple[float, float] | None = None,
    from_zero: bool = False,
) -> Scale:
    """A scale that holds ``values``.

    Bars must start at zero (``from_zero``); lines may start higher when the values fill only the top of the range.
    Rates that stay below 100 % never get an axis above it.
    """
    if fixed is not None and fixed[1] > fixed[0]:
        step = nice_step(fixed[1] - fixed[0], wanted, form)
        return Scale(fixed[0], fixed[1], _between(fixed[0], fixed[1], step), step)
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    if -_NOTHING < low <= high <= 0:  # next to nothing below zero: no logarithm takes that
        low = high = 0.0
    if from_zero or low < 0 or low < 0.55 * high:
        low = min(0.0, low)
    if low >= 0 and high <= _NOTHING:
        high = {Format.PERCENT: 1.0, Format.YUAN: 100.0}.get(form, 1.0)
    high = max(high, 0.0) if from_zero or low <= 0 else high
    span = high - low
    if span <= max(abs(low), abs(high)) * _NOTHING:
        span = abs(high) * 0.2 or 1.0
        low, high = low - span / 2, high + span / 2
    step = nice_step(span, wanted, form)
    bottom = math.floor(low / step + 1e-9) * step
    top = math.ceil(high / step - 1e-9) * step
    if top <= bottom:
        top = bottom + step
    if form is Format.PERCENT and high <= 1.0:
        top = min(top, 1.0)
        bottom = max(bottom, 0.0) if low >= 0 else bottom
    return Scale(bottom, top, _between(bottom, top, step), step)


def bar_scale(values: Sequence[float], form: Format, wanted: int, fixed: tuple[float, float] | None = None) -> Scale:
    """A scale for bars: from zero (or the lowest negative) to the longest, round ticks inside, no empty end."""
    rounded = value_scale(values, form, wanted, fixed=fixed, from_zero=True)
    if not values or fixed is not None:
        return rounded
    low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
    if high - low <= _NOTHING:
        return rounded
    return Scale(low, high, _between(low, high, rounded.step), rounded.step)


def _between(low: float, high: float, step: float) -> tuple[float, ...]:
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return tuple(round(index * step, 12) for index in range(first, min(last, first + 50) + 1))


@dataclass(frozen=True, slots=True)
class CategoryTick:
    """A tick under category ``index``: its ``text``, and a second line (the year) where it changes."""

    index: int
    text: str
    below: str = ""


def category_ticks(spec: ChartSpec, width: float, label_width: float = 52.0) -> tuple[CategoryTick, ...]:
    """Ticks of a trend that fit ``width`` pixels; dates fall on month starts when there are many."""
    room = max(1, int(width / label_width))
    if not dated(spec):
        every = max(1, math.ceil(len(spec.categories) / room))
        return tuple(CategoryTick(i, spec.categories[i]) for i in range(0, len(spec.categories), every))
    step = day_step(spec.days)
    count = len(spec.days)
    if step >= 27:
        return _month_ticks(spec.days, range(count), room)
    if step == 1 and (spec.days[-1] - spec.days[0]).days > 100:
        starts = [i for i, day in enumerate(spec.days) if day.day == 1]
        return _month_ticks(spec.days, starts, room)
    every = next((k for k in (1, 2, 5, 7, 10, 14, 21, 28) if k * room >= count), math.ceil(count / room))
    chosen = list(range(0, count, every))
    years = spec.days[0].year != spec.days[-1].year
    ticks: list[CategoryTick] = []
    for index in chosen:
        day = spec.days[index]
        new_year = years and (not ticks or spec.days[ticks[-1].index].year != day.year)
        ticks.append(CategoryTick(index, f"{day:%m-%d}", str(day.year) if new_year else ""))
    return tuple(ticks)


def _month_ticks(days: Sequence[date], indices: Sequence[int], room: int) -> tuple[CategoryTick, ...]:
    every = next((k for k in (1, 2, 3, 6, 12) if len(indices) <= k * room), 12)
    chosen = [i for i in indices if (days[i].month - 1) % every == 0] or list(indices[:1])
    ticks: list[CategoryTick] = []
    for index in chosen:
        day = days[index]
        new_year = not ticks or days[ticks[-1].index].year != day.year
        ticks.append(CategoryTick(index, f"{day.month}月", str(day.year) if new_year else ""))
    return tuple(ticks)


def dated(spec: ChartSpec) -> bool:
    """Whether the categories have dates behind them."""
    return bool(spec.days) and len(spec.days) == len(spec.categories)


def day_step(days: Sequence[date]) -> int:
    """The usual distance in days between neighbours: 1 day, 7 week, 28–31 month."""
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    return gaps[len(gaps) // 2] if gaps else 1


def positions(spec: ChartSpec) -> tuple[float, ...]:
    """Where the categories lie along the axis: days since the first where there are dates, else 0, 1, 2 …"""
    if dated(spec) and spec.days[-1] > spec.days[0]:
        return tuple(float((day - spec.days[0]).days) for day in spec.days)
    return tuple(float(index) for index in range(len(spec.categories)))


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move label centres apart to at least ``gap``, staying near where they want to be and within the limits.

    Classic pooling: labels that collide form a block around their mean. More labels than fit are spread evenly.
    """
    count = len(wanted)
    if not count:
        return []
    if (count - 1) * gap >= high - low:
        even = (high - low) / max(1, count - 1)
        order = sorted(range(count), key=lambda i: wanted[i])
        placed = [0.0] * count
        for rank, index in enumerate(order):
            placed[index] = low + rank * even
        return placed
    order = sorted(range(count), key=lambda i: wanted[i])
    blocks: list[list[float]] = []  # [mean of the wanted starts, size]
    for rank, index in enumerate(order):
        blocks.append([wanted[index] - rank * gap, 1.0])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, size = blocks.pop()
            before = blocks[-1]
            before[0] = (before[0] * before[1] + mean * size) / (before[1] + size)
            before[1] += size
    starts = [block[0] for block in blocks for _ in range(int(block[1]))]
    limit = high - (count - 1) * gap
    placed = [0.0] * count
    for rank, index in enumerate(order):
        placed[index] = min(max(starts[rank], low), limit) + rank * gap
    return placed
