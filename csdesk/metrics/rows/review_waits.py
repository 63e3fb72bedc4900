"""How long orders wait for their review: from signing, or from payment where signing is not told.

A wait ends with the buyer's first own review. It is cut off (censored) by the review the system writes, else where the
review files end. Orders are watched only while review files speak: from a little before a file's first review to the
last day of the files that join on without a missing month.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from csdesk.metrics.days import Ints
from csdesk.metrics.rows.chosen import ChosenRows, Measure, Spoken
from csdesk.metrics.rows.horizon import last_day
from csdesk.metrics.sums import Floats
from csdesk.store.kinds import DAY_SECONDS

_QUIET_DAYS = 7
"""A file speaks from its first review on; so many days without one may lie before it."""
_PAUSE = 28
"""Days between two files that are no hole: a quiet shop has no review for a while, a missing month is one."""
_CLOSED = "已关闭"


@dataclass(frozen=True, slots=True)
class Linked:
    """By order: epoch seconds of the first review the buyer wrote and of the first the system wrote; NaN = none."""

    own: Floats
    system: Floats


def linked(orders: ChosenRows) -> Linked:
    """The reviews of every order of the table, found by the order's number within its shop."""
    reviews = orders.beside("review")
    place = places_of_orders(reviews.number("order_row"), orders)
    written, by_system = reviews.number("written_at"), reviews.number("by_system") == 1
    found = []
    for wanted in (~by_system, by_system):
        mine = wanted & (place >= 0) & np.isfinite(written)
        first = np.full(orders.size, np.inf)
        np.minimum.at(first, place[mine], written[mine])
        found.append(np.where(np.isfinite(first), first, np.nan))
    return Linked(*found)


def places_of_orders(named: Floats, orders: ChosenRows) -> Ints:
    """Where the orders that rows name (``order_row``) stand in the whole table of orders; −1 = nowhere."""
    rows = orders.whole.number("row")
    return places(named, rows, lambda: orders.table.kept("by row", lambda: np.argsort(rows, kind="stable")))


def places(named: Floats, whole: Floats, by_row: Callable[[], Ints] | None = None) -> Ints:
    """Where the orders that rows name (``order_row``) stand among ``whole`` (``row`` or ``order_row`` of other rows).

    The first of equals; −1 = nowhere. ``by_row``: the places of ``whole`` in ascending order (NaN last), where it is
    kept.
    """
    place = np.full(len(named), -1, dtype=np.int64)
    some = np.flatnonzero(np.isfinite(named))
    if not len(whole) or not len(some):
        return place
    order = by_row() if by_row is not None else np.argsort(whole, kind="stable")
    wanted = named[some]
    found = order[np.minimum(np.searchsorted(whole, wanted, sorter=order), len(whole) - 1)]
    same = whole[found] == wanted
    place[some[same]] = found[same]
    return place


def watched(spoken: Iterable[Spoken]) -> dict[int, list[tuple[float, float]]]:
    """By shop the stretches (epoch seconds, from–to) in which review files would tell of every review."""
    days: dict[int, list[tuple[int, int]]] = {}
    files = sorted(spoken)
    latest = last_day(files)
    for shop, first, told, _fields, _batch in files:
        spans, last = days.setdefault(shop, []), min(told, latest)
        if last < first:
            continue
        if spans and first <= spans[-1][1] + _PAUSE:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return {
        shop: [((first - _QUIET_DAYS) * DAY_SECONDS, (last + 1) * DAY_SECONDS) for first, last in spans]
        for shop, spans in days.items()
    }


def until(orders: ChosenRows, origin: Floats) -> Floats:
    """The moment up to which each order is watched from its origin on; NaN where it is not."""
    end = np.full(orders.size, np.nan)
    for shop, spans in watched(orders.spoken_of("review")).items():
        mine = orders.shop == shop
        for start, stop in spans:
            end[mine & (origin >= start) & (origin < stop)] = stop
    return end


def from_signing(orders: ChosenRows) -> Floats:
    """When the buyer had the goods; NaN = not told."""
    return orders.number("signed_at")


def from_payment(orders: ChosenRows) -> Floats:
    """When the order was paid; NaN for unpaid ones and for those closed, which nobody can review."""
    status = orders.codes("status")
    closed = np.array([*(text == _CLOSED for text in status.texts), False])[status.code]
    nothing = orders.number("paid_fen") <= 0
    return np.where(closed | nothing, np.nan, orders.number("paid_at"))


def from_payment_alone(orders: ChosenRows) -> Floats:
    """As :func:`from_payment`, of the shops whose files never tell of signing."""
    told = np.unique(orders.shop[np.isfinite(orders.number("signed_at"))])
    return np.where(np.isin(orders.shop, told), np.nan, from_payment(orders))


def wait(origin: Measure) -> Measure:
    """Seconds from the origin to the buyer's review or to where watching ends; NaN for orders not watched."""

    def measure(orders: ChosenRows) -> Floats:
        start = origin(orders)
        found = _linked_once(orders)
        stop = until(orders, start)
        end = np.where(found.own < stop, found.own, np.fmin(stop, found.system))
        # A review may be dated a little before the parcel is said to be signed for, by its day alone for one.
        return np.where(np.isnan(stop), np.nan, np.maximum(end - start, 0.0))

    return measure


def came(origin: Measure, of: str) -> Measure:
    """Whether the wait named ``of`` ended with the buyer's review."""

    def measure(orders: ChosenRows) -> Floats:
        found = _linked_once(orders).own < until(orders, origin(orders))
        return np.where(np.isnan(orders.number(of)), np.nan, found)

    return measure


def _linked_once(orders: ChosenRows) -> Linked:
    return orders.table.kept("reviews of orders", lambda: linked(orders))


REVIEW_WAITS: dict[str, Measure] = {
    "review_wait": wait(from_signing),
    "review_came": came(from_signing, "review_wait"),
    "review_wait_paid": wait(from_payment),
    "review_came_paid": came(from_payment, "review_wait_paid"),
    "review_wait_unsigned": wait(from_payment_alone),
    "review_came_unsigned": came(from_payment_alone, "review_wait_unsigned"),
}
"""Measures of ``order_head`` rows. A number within the stretch of files that holds the origin."""
