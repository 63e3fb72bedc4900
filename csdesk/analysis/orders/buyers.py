"""New and returning buyers, how often they order, and what they spend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from csdesk.analysis.orders.cohorts import CameBack, known_days
from csdesk.charts.build import Step, number
from csdesk.domain.period import to_epoch_day
from csdesk.metrics.model import MetricValue
from csdesk.metrics.rows.buyers import buyers_of
from csdesk.metrics.rows.chosen import ChosenRows
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


def new_old(orders: ChosenRows, steps: Sequence[Step], whole: MetricValue | None) -> NewOld:
    """New and returning buyers step by step.

    ``steps`` follow each other and tell how many buyers each has; ``whole`` is how many there are in the span.
    """
    known = known_days(orders)
    if known is None or not steps:
        return NewOld(None, None, (), "")
    since = known[0]
    low = np.searchsorted(orders.day, [to_epoch_day(step.first) for step in steps])
    high = np.searchsorted(orders.day, [to_epoch_day(step.last) for step in steps], side="right")

    def sums(values: Floats) -> list[float]:
        until = np.concatenate(([0.0], np.cumsum(values)))  # whole numbers of 分: exact
        return [float(one) for one in until[high] - until[low]]

    paid = (orders.number("paid") > 0) & (buyers_of(orders) >= 0)
    first = paid & (orders.number("new") > 0)  # one row a buyer
    amount = np.where(paid, orders.number("paid_amount"), 0.0)
    new, of_new, of_all = sums(first.astype(np.float64)), sums(np.where(first, amount, 0.0)), sums(amount)
    found = [
        _step(step.first, step.last, step.values.get("order_buyers"), (new[at], of_new[at], of_all[at]), since)
        for at, step in enumerate(steps)
    ]
    together = (sum(new), sum(of_new), sum(of_all))
    return NewOld(
        since, _step(steps[0].first, steps[-1].last, whole, together, since), tuple(found),
        note=f"“新”指在已导入的订单里第一次付款，数据从 {since} 起；更早买过的人认不出来。一段里既首单又再买的算新。",
    )  # fmt: skip


def _step(
    first: date, last: date, told: MetricValue | None, counts: tuple[float, float, float], since: date
) -> NewOldStep:
    new, of_new, of_all = (round(one) for one in counts)
    buyers = round(number(told) or 0)
    return NewOldStep(
        first, last, buyers, new, buyers - new, new / buyers if buyers else None, of_new, of_all - of_new,
        (first - since).days < _SHORT,
    )  # fmt: skip


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
