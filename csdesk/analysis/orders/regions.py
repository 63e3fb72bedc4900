"""Where orders go: provinces and cities, as far as the files hold them; nothing finer is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from csdesk.metrics.days import Ints
from csdesk.metrics.rows.buyers import buyers_by_group
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.reduce import tally, total
from csdesk.metrics.sums import Floats
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson_many

_MOST_CITIES = 30


@dataclass(frozen=True, slots=True)
class Region:
    """Paid orders of a place. ``share``: of the paid orders with a place. ``buyers``: those who can be told apart.

    ``refund_rate`` with the 95 % interval ``refund_low``–``refund_high`` over ``refund_known`` orders; None where no
    file tells of refunds.
    """

    province: str
    city: str | None
    orders: int
    share: float
    amount_fen: int
    buyers: int
    refunded: int
    refund_known: int
    refund_rate: float | None
    refund_low: float | None
    refund_high: float | None
    small: bool


@dataclass(frozen=True, slots=True)
class Regions:
    """The places, most orders first. ``coverage``: share of the paid orders that have one."""

    orders: int
    with_place: int
    coverage: float | None
    provinces: tuple[Region, ...]
    cities: tuple[Region, ...]
    note: str


def regions(orders: ChosenRows) -> Regions:
    """Of the paid orders of the span."""
    paid = orders.number("paid") > 0
    province, city = orders.codes("province"), orders.codes("city")
    size = int(paid.sum())
    width = len(city.texts) + 1  # place 0 = no city
    pair = np.where(paid & (province.code >= 0), province.code * width + city.code + 1, -1)
    sums = _Sums.of(orders, pair, len(province.texts) * width)
    known = int(sums.orders.sum())
    place = np.where(pair < 0, -1, pair // width)
    whole = sums.together(width)
    provinces = _places(whole, np.argsort(-whole.orders, kind="stable"), [(str(one), None) for one in province.texts],
                        _buyers(orders, place, len(province.texts)), known)  # fmt: skip
    towns = np.where(np.arange(len(sums.orders)) % width > 0, sums.orders, 0)
    top = np.argsort(-towns, kind="stable")[:_MOST_CITIES]
    top = top[towns[top] > 0]
    rank = np.full(len(towns) + 1, -1, dtype=np.int64)  # −1 finds the spare last place
    rank[top] = np.arange(len(top))
    names = {int(at): (str(province.texts[at // width]), str(city.texts[at % width - 1])) for at in top}
    buyers = dict(zip(top.tolist(), _buyers(orders, rank[pair], len(top)), strict=True))
    cities = _places(sums, top, names, buyers, known)
    return Regions(
        size, known, known / size if size else None, tuple(provinces), tuple(cities),
        note="" if known == size else f"有 {size - known:,} 单没有省份，不在占比里。",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sums:
    """By place: paid orders, their money, those refunded and those of which that is known."""

    orders: Ints
    amount: Floats
    refunded: Floats
    told: Ints

    @classmethod
    def of(cls, orders: ChosenRows, group: Ints, height: int) -> _Sums:
        refunded = orders.number("refunded_paid")
        told = np.isfinite(refunded)
        return cls(
            tally(group, height), total(group, height, orders.number("paid_fen")),
            total(group, height, np.where(told, refunded, 0.0)), tally(group, height, told),
        )  # fmt: skip

    def together(self, width: int) -> _Sums:
        """Of each ``width`` neighbours."""
        orders, amount, refunded, told = (
            one.reshape(-1, width).sum(axis=1) for one in (self.orders, self.amount, self.refunded, self.told)
        )
        return _Sums(orders, amount, refunded, told)


def _buyers(orders: ChosenRows, group: Ints, height: int) -> list[int]:
    if not height:
        return []
    found: list[int] = buyers_by_group(orders, group, height, orders.number("paid") > 0)[0].tolist()
    return found


def _places(
    sums: _Sums,
    order: Ints,
    names: Sequence[tuple[str, None]] | Mapping[int, tuple[str, str]],
    buyers: Sequence[int] | Mapping[int, int],
    known: int,
) -> list[Region]:
    low, high = wilson_many(sums.refunded, sums.told)
    found = []
    for at in order.tolist():
        size, told = int(sums.orders[at]), int(sums.told[at])
        province, city = names[at]
        if size:
            found.append(Region(
                province, city, size, size / known, round(sums.amount[at]), buyers[at], round(sums.refunded[at]), told,
                float(sums.refunded[at] / told) if told else None,
                float(low[at]) if told else None,
                float(high[at]) if told else None,
                size < SMALL_SAMPLE,
            ))  # fmt: skip
    return found
