"""New and returning buyers, how often they order, and what they spend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from csdesk.analysis.orders.cohorts import CameBack, known_days
from csdesk.charts.build import Step
from csdesk.domain.period import to_epoch_day
from csdesk.metrics.days import Bools, Ints
from csdesk.metrics.rows.buyers import buyers_by_group, buyers_of
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.reduce import tally, total
from csdesk.metrics.sums import Floats

_SHORT = 90
_OFTEN = 5
_GAPS = (7, 30, 60, 90, 180)
"""Bounds of the days between two orders; a band holds its upper one."""
_VALUES = (0, 5_000, 10_000, 20_000, 50_000, 100_000, None)
"""Bounds of the order values in 分."""
_QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
_TOP = (0.01, 0.1, 0.2, 0.5)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, by name; ``share`` None of nothing."""

    name: str
    count: int
    share: float | None


@dataclass(frozen=True, slots=True)
class Intervals:
    """Days between an order and the buyer's order before, of the ``n`` orders in the span that have one."""

    n: int
    median_days: float | None
    low_quartile_days: float | None
    high_quartile_days: float | None
    bands: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Repurchase:
    """How often the buyers of the span ordered in it, how long they took, who came back after a first order.

    ``unknown_orders``: paid orders of buyers nobody can tell.
    """

    buyers: int
    by_orders: tuple[Share, ...]
    intervals: Intervals
    within: tuple[CameBack, ...]
    unknown_orders: int
    note: str


@dataclass(frozen=True, slots=True)
class NewOldStep:
    """New and returning buyers of a step. ``new``: the first order known of them lies in it.

    ``maybe_older``: the step lies so near the beginning of the data that new buyers may have ordered before. The
    money is that of first orders and of all others, by whomever.
    """

    first: date
    last: date
    buyers: int
    new: int
    returning: int
    new_share: float | None
    first_orders_amount_fen: int
    later_orders_amount_fen: int
    maybe_older: bool


@dataclass(frozen=True, slots=True)
class NewOld:
    """By step and for the whole span; ``since``: the first day orders are known of."""

    since: date | None
    whole: NewOldStep | None
    steps: tuple[NewOldStep, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Band:
    """Orders of a value from ``from_fen`` to below ``to_fen`` (None = no end)."""

    from_fen: int
    to_fen: int | None
    orders: int
    share: float
    amount_fen: int
    amount_share: float


@dataclass(frozen=True, slots=True)
class Quantile:
    """The value that the share ``q`` of orders does not exceed."""

    q: float
    value_fen: float


@dataclass(frozen=True, slots=True)
class TopBuyers:
    """What the best-spending ``share`` of the buyers paid of it all."""

    share: float
    buyers: int
    amount_fen: int
    amount_share: float


@dataclass(frozen=True, slots=True)
class Spending:
    """Values of paid orders (gross), and how the money is spread over buyers."""

    orders: int
    mean_fen: float | None
    quantiles: tuple[Quantile, ...]
    bands: tuple[Band, ...]
    buyers: int
    per_buyer_median_fen: float | None
    top: tuple[TopBuyers, ...]


def repurchase(orders: ChosenRows, within: tuple[CameBack, ...]) -> Repurchase:
    """Of the orders of the span."""
    paid, buyer = orders.number("paid") > 0, buyers_of(orders)
    times = np.bincount(buyer[paid & (buyer >= 0)])
    size = int((times > 0).sum())
    often = [int((times == number).sum()) for number in range(1, _OFTEN)] + [int((times >= _OFTEN).sum())]
    names = [*(f"{number} 次" for number in range(1, _OFTEN)), f"{_OFTEN} 次及以上"]
    return Repurchase(
        size,
        tuple(Share(name, count, count / size if size else None) for name, count in zip(names, often, strict=True)),
        _intervals(orders.number("days_since")),
        within,
        int((paid & (buyer < 0)).sum()),
        note="间隔只看又来买的人：还没回来的人不在里面，所以间隔偏短。",
    )


def _intervals(days: Floats) -> Intervals:
    gaps = days[np.isfinite(days)]
    if not len(gaps):
        return Intervals(0, None, None, None, ())
    low, middle, high = np.quantile(gaps, (0.25, 0.5, 0.75)).tolist()
    counts = np.bincount(np.searchsorted(_GAPS, gaps, side="left"), minlength=len(_GAPS) + 1).tolist()
    names = [f"{_GAPS[0]} 天内", *(f"{start}–{end} 天" for start, end in pairwise(_GAPS)), f"超过 {_GAPS[-1]} 天"]
    bands = tuple(Share(name, count, count / len(gaps)) for name, count in zip(names, counts, strict=True))
    return Intervals(len(gaps), middle, low, high, bands)


def new_old(orders: ChosenRows, steps: Sequence[Step]) -> NewOld:
    """New and returning buyers step by step; ``steps`` follow each other."""
    known = known_days(orders)
    if known is None or not steps:
        return NewOld(None, None, (), "")
    since = known[0]
    starts = np.array([to_epoch_day(step.first) for step in steps])
    ends = np.array([to_epoch_day(step.last) for step in steps])
    place = np.searchsorted(starts, orders.day, side="right") - 1
    inside = (place >= 0) & (orders.day <= ends[np.maximum(place, 0)])
    by_step = _new_old(orders, np.where(inside, place, -1), [(step.first, step.last) for step in steps], since)
    whole = _together(by_step, orders, inside, since)
    return NewOld(
        since, whole, tuple(by_step),
        note=f"“新”指在已导入的订单里第一次付款，数据从 {since} 起；更早买过的人认不出来。一段里既首单又再买的算新。",
    )  # fmt: skip


def _together(steps: Sequence[NewOldStep], orders: ChosenRows, inside: Bools, since: date) -> NewOldStep:
    """The whole span: who is new is new in one step; buyers of several steps count once."""
    known = inside & (orders.number("paid") > 0)
    buyers = int(buyers_by_group(orders, np.zeros(orders.size, dtype=np.int64), 1, known)[0][0])
    new = sum(step.new for step in steps)
    of_new = sum(step.first_orders_amount_fen for step in steps)
    of_others = sum(step.later_orders_amount_fen for step in steps)
    start = steps[0].first
    return NewOldStep(
        start, steps[-1].last, buyers, new, buyers - new, new / buyers if buyers else None,
        of_new, of_others, (start - since).days < _SHORT,
    )  # fmt: skip


def _new_old(orders: ChosenRows, group: Ints, spans: Sequence[tuple[date, date]], since: date) -> list[NewOldStep]:
    height = len(spans)
    paid = (orders.number("paid") > 0) & (buyers_of(orders) >= 0)
    first = paid & (orders.number("new") > 0)
    amount = orders.number("paid_amount")
    buyers, _ = buyers_by_group(orders, group, height, paid)
    new = tally(group, height, first)  # one row a buyer
    of_new = total(group, height, np.where(first, amount, 0.0))
    of_all = total(group, height, np.where(paid, amount, 0.0))
    return [
        NewOldStep(
            start, end, int(buyers[at]), int(new[at]), int(buyers[at] - new[at]),
            float(new[at] / buyers[at]) if buyers[at] else None,
            round(of_new[at]), round(of_all[at] - of_new[at]), (start - since).days < _SHORT,
        )
        for at, (start, end) in enumerate(spans)
    ]  # fmt: skip


def spending(orders: ChosenRows) -> Spending:
    """Of the paid orders of the span."""
    paid = orders.number("paid") > 0
    values = orders.number("paid_fen")[paid]
    if not len(values):
        return Spending(0, None, (), (), 0, None, ())
    everything = float(values.sum())
    buyer = buyers_of(orders)[paid]
    known = buyer >= 0
    by_buyer: Floats = np.bincount(buyer[known], values[known]).astype(np.float64)
    spent = np.sort(by_buyer[by_buyer > 0])[::-1]
    return Spending(
        len(values),
        everything / len(values),
        tuple(Quantile(q, float(value)) for q, value in zip(_QUANTILES, np.quantile(values, _QUANTILES), strict=True)),
        tuple(_bands(values, everything)),
        len(spent),
        float(np.median(spent)) if len(spent) else None,
        tuple(_top(spent)),
    )


def _bands(values: Floats, everything: float) -> list[Band]:
    bounds = np.array(_VALUES[1:-1], dtype=np.float64)
    place = np.searchsorted(bounds, values, side="right")
    counts = np.bincount(place, minlength=len(bounds) + 1)
    sums = np.bincount(place, values, minlength=len(bounds) + 1)
    return [
        Band(
            int(_VALUES[at] or 0), _VALUES[at + 1], int(counts[at]), float(counts[at] / len(values)),
            round(sums[at]), float(sums[at] / everything),
        )
        for at in range(len(counts))
    ]  # fmt: skip


def _top(spent: Floats) -> list[TopBuyers]:
    if not len(spent):
        return []
    running = np.cumsum(spent)
    found = []
    for share in _TOP:
        size = int(np.ceil(share * len(spent) - 1e-9))
        found.append(TopBuyers(share, size, round(running[size - 1]), float(running[size - 1] / running[-1])))
    return found
