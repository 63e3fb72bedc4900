"""Where orders go: provinces and cities, as far as the files hold them; nothing finer is kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csdesk.metrics.days import Ints
from csdesk.metrics.rows.buyers import buyers_by_group
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.reduce import tally, total
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
    there = paid & (province.code >= 0)
    known = int(there.sum())
    names = [(str(text), None) for text in province.texts]
    provinces = _places(orders, np.where(there, province.code, -1), names, known)
    width = max(len(city.texts), 1)
    joint = np.where(there & (city.code >= 0), province.code * width + city.code, -1)
    counts = tally(joint, len(province.texts) * width)
    top = np.argsort(-counts, kind="stable")[:_MOST_CITIES]
    place = np.full(len(counts) + 1, -1, dtype=np.int64)  # −1 finds the spare last place
    place[top] = np.arange(len(top))
    towns = [
        (str(province.texts[pair // width]), str(city.texts[pair % width])) for pair in top[counts[top] > 0].tolist()
    ]
    cities = _places(orders, np.where(place[joint] < len(towns), place[joint], -1), towns, known)
    return Regions(
        size, known, known / size if size else None, tuple(provinces), tuple(cities),
        note="" if known == size else f"有 {size - known:,} 单没有省份，不在占比里。",
    )  # fmt: skip


def _places(
    orders: ChosenRows, group: Ints, names: list[tuple[str, None]] | list[tuple[str, str]], known: int
) -> list[Region]:
    height = len(names)
    if not height:
        return []
    paid = orders.number("paid") > 0
    refunded = orders.number("refunded_paid")
    told = np.isfinite(refunded)
    counts = tally(group, height)
    amounts = total(group, height, orders.number("paid_fen"))
    back = total(group, height, np.where(told, refunded, 0.0))
    over = tally(group, height, told)
    buyers, _ = buyers_by_group(orders, group, height, paid)
    low, high = wilson_many(back, over)
    order = np.argsort(-counts, kind="stable")
    return [
        Region(
            names[at][0], names[at][1], int(counts[at]), float(counts[at] / known), round(amounts[at]),
            int(buyers[at]), int(back[at]), int(over[at]),
            float(back[at] / over[at]) if over[at] else None,
            float(low[at]) if over[at] else None,
            float(high[at]) if over[at] else None,
            bool(counts[at] < SMALL_SAMPLE),
        )
        for at in order.tolist()
        if counts[at]
    ]  # fmt: skip
