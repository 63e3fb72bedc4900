"""Buyers by the month of their first order, and how many of them order in each month after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from csdesk.domain.period import Period, from_epoch_day
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.orders import EARLY, came_back
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson

_MOST = 36
"""Cohorts shown, the latest ones."""
_SHORT = 90
"""Days: who first ordered in the first of them may well have ordered before the data begin."""
_WITHIN = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Cell:
    """Buyers of a cohort who paid an order ``months_since`` its month. ``open``: the month is not over in the data."""

    months_since: int
    month: str
    buyers: int
    share: float
    open: bool


@dataclass(frozen=True, slots=True)
class Cohort:
    """The buyers whose first paid order known lies in ``month``; ``small``: too few to tell by their shares.

    ``maybe_older``: the month lies so near the beginning of the data that many of them may have ordered before.
    """

    month: str
    buyers: int
    small: bool
    maybe_older: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The cohorts up to the end of the selection; ``since`` and ``until``: the days orders are known of."""

    since: date | None
    until: date | None
    cohorts: tuple[Cohort, ...]
    left_out: int
    note: str


@dataclass(frozen=True, slots=True)
class CameBack:
    """Of the buyers whose first order lies ``days`` back on some day of the span: who ordered again within them.

    ``first``, ``last``: the days of these first orders. None where there are none.
    """

    days: int
    first: date | None
    last: date | None
    buyers: int
    returned: int
    rate: float | None
    low: float | None
    high: float | None
    small: bool


def known_days(orders: ChosenRows) -> tuple[date, date] | None:
    """First and last day that files of orders of these shops speak for; None without any."""
    shops = {shop for shop in orders.shops if np.any(orders.shop == shop)}
    spans = [(first, last) for shop, first, last, _, _ in orders.spoken if shop in shops and first <= last]
    if not spans:
        return None
    return from_epoch_day(min(first for first, _ in spans)), from_epoch_day(max(last for _, last in spans))


def cohorts(orders: ChosenRows, period: Period | None) -> Cohorts:
    """The matrix. ``orders``: all there are of the shops (and agents) selected; ``period`` says where it ends."""
    known = known_days(orders)
    first, month = orders.number("first_month"), orders.number("month")
    counts = orders.number("first_of_month") > 0
    if known is None or not counts.any():
        return Cohorts(None, None, (), 0, "")
    begin, now = first[counts].astype(np.int64), month[counts].astype(np.int64)
    base = int(begin.min())
    width = int(now.max()) - base + 1
    table = np.bincount((begin - base) * width + (now - begin), minlength=width * width).reshape(width, width)
    end = width if period is None else (period.last.year - 1970) * 12 + period.last.month - base
    wanted = [at for at in range(min(width, max(end, 0))) if table[at, 0]]
    shown = wanted[-_MOST:]
    since, until = known
    return Cohorts(
        since, until, tuple(_cohort(table[at], base + at, since, until) for at in shown), len(wanted) - len(shown),
        note=f"首单按已导入的订单算，从 {since} 起；更早买过的人也会算成首单，头三个月的人群尤其要留意。"
        f"数据到 {until}，没过完的月份标为未完。",
    )  # fmt: skip


def _cohort(counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]], month: int, since: date, until: date) -> Cohort:
    size = int(counts[0])
    last = (until.year - 1970) * 12 + until.month - 1
    cells = []
    for step in range(max(last - month, 0) + 1):
        over = _first_day(month + step + 1) <= until + timedelta(days=1)
        buyers = int(counts[step]) if step < len(counts) else 0
        cells.append(Cell(step, _name(month + step), buyers, buyers / size, not over))
    return Cohort(
        _name(month), size, size < SMALL_SAMPLE, (_first_day(month) - since).days < _SHORT, tuple(cells)
    )  # fmt: skip


def _first_day(month: int) -> date:
    return date(1970 + month // 12, month % 12 + 1, 1)


def _name(month: int) -> str:
    return f"{1970 + month // 12}-{month % 12 + 1:02d}"


def came_back_within(orders: ChosenRows, period: Period | None) -> tuple[CameBack, ...]:
    """Who of the first orders came back within 30, 60, 90 days, where these days ended in ``period``."""
    return tuple(_within(orders, period, days) for days in _WITHIN)


def _within(orders: ChosenRows, period: Period | None, days: int) -> CameBack:
    answer = orders.within(orders.table.kept(f"again within {days}", lambda: came_back(orders, float(days))))
    day = orders.day
    mine = np.isfinite(answer) & (answer != EARLY)
    if period is not None:
        start, end = (np.datetime64(one, "D").astype(np.int64) - days for one in (period.first, period.last))
        mine &= (day >= start) & (day <= end)
    size = int(mine.sum())
    returned = int((answer[mine] > 0).sum())
    interval = wilson(returned, size)
    return CameBack(
        days,
        from_epoch_day(int(day[mine].min())) if size else None,
        from_epoch_day(int(day[mine].max())) if size else None,
        size, returned,
        returned / size if size else None,
        interval.low if interval else None,
        interval.high if interval else None,
        size < SMALL_SAMPLE,
    )  # fmt: skip
