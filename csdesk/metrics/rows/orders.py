"""Measures of orders: paid or not, refunded, and how the orders of one buyer follow each other.

Paid = has a payment time and an amount above 0, whatever its later status. An order without either column is not
known. Windows (does a buyer come back within so many days?) count once they have closed within days that files of
orders speak for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from csdesk.metrics.days import Bools, Ints
from csdesk.metrics.rows.buyers import buyer_numbers, numbers_elsewhere
from csdesk.metrics.rows.chosen import ChosenRows, Measure, Spoken
from csdesk.metrics.rows.horizon import last_day
from csdesk.metrics.sums import Floats
from csdesk.store.kinds import DAY_SECONDS, KINDS

_PAUSE = 28
"""Days between two files of orders that are no hole: a shop may sell nothing for a while, a missing month is one."""
EARLY = -1.0
"""Of a window that has not closed yet."""


@dataclass(frozen=True, slots=True)
class Sequel:
    """How the paid orders of each buyer follow each other, by row of the whole table.

    ``nth``: 1 = the buyer's first one known, 0 = not paid or nobody known. ``previous``, ``following``: rows of the
    neighbours, −1 = none.
    """

    nth: Ints
    previous: Ints
    following: Ints


def sequel(rows: ChosenRows) -> Sequel:
    """The :class:`Sequel` of the table of ``rows``, worked out once."""
    whole = rows.whole

    def make() -> Sequel:
        size = whole.size
        buyer = buyer_numbers(whole).number
        mine = np.flatnonzero(is_true(whole.number("paid")) & (buyer >= 0))
        order = mine[np.argsort(buyer[mine], kind="stable")]  # rows are in the order of time already
        owner = buyer[order]
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = owner[1:] != owner[:-1]
        place = np.arange(len(order))
        begin = np.maximum.accumulate(np.where(first, place, 0))
        nth = np.zeros(size, dtype=np.int64)
        previous = np.full(size, -1, dtype=np.int64)
        following = np.full(size, -1, dtype=np.int64)
        nth[order] = place - begin + 1
        later = np.flatnonzero(~first)
        previous[order[later]] = order[later - 1]
        following[order[later - 1]] = order[later]
        return Sequel(nth, previous, following)

    return rows.table.kept("sequel", make)


def is_true(values: Floats) -> Bools:
    """Where a 0/1 number is 1 (not where it is not known)."""
    return values > 0


def _paid(rows: ChosenRows) -> Floats:
    amount = rows.number("paid_fen")
    paid = np.isfinite(rows.number("paid_at")) & (amount > 0)
    known = is_true(rows.number("payment_told")) & (np.isfinite(amount) | ~np.isfinite(rows.number("paid_at")))
    return np.where(known, paid, np.nan)


def _paid_amount(rows: ChosenRows) -> Floats:
    paid = rows.number("paid")
    return np.where(np.isnan(paid), np.nan, np.where(is_true(paid), rows.number("paid_fen"), 0.0))


def _by_an_agent(rows: ChosenRows) -> Floats:
    """The paid amount of orders that an agent is named with."""
    return np.where(rows.agent > 0, rows.number("paid_amount"), np.nan)


def _refunded(rows: ChosenRows) -> Floats:
    """Whether a paid order was refunded; not known where no file can have told of it."""
    paid, refunded = rows.number("paid"), is_true(rows.number("refunded"))
    told = refunded | is_true(rows.number("refund_told")) | _in_days(rows, rows.spoken_of("refund"))
    return np.where(np.isnan(paid) | ~told, np.nan, is_true(paid) & refunded)


def _line_paid(rows: ChosenRows) -> Floats:
    paid = _paid(rows)
    return np.where(is_true(rows.number("is_gift")), 0.0, paid)


def _once(rows: ChosenRows) -> Ints:
    """Which paid order and product each line is of; −1 for lines that are not paid. Two lines (two colours) of one
    product in one order are of the same.
    """

    def make() -> Ints:
        whole = rows.whole
        product, order = whole.codes("product"), whole.number("order_row")
        alone = np.isnan(order)  # of no known order: an order of its own
        order = np.where(alone, -1.0 - np.arange(whole.size), order)
        _, number = np.unique(order, return_inverse=True)
        joint = number * (len(product.texts) + 1) + product.code + 1
        _, place = np.unique(joint, return_inverse=True)
        return np.where(is_true(whole.number("paid")), place, -1)

    return rows.table.kept("orders with a product", make)


def _paid_once(rows: ChosenRows) -> Floats:
    """1 on one line of every paid order with a product, 0 on its others: summed by product these are orders."""
    place, paid = _once(rows), rows.number("paid")
    mine = np.flatnonzero(place >= 0)
    _, first = np.unique(place[mine], return_index=True)
    found = np.where(np.isnan(paid), np.nan, 0.0)
    found[mine[first]] = 1.0
    return found


def _line_refunded(rows: ChosenRows) -> Floats:
    """1 on the line that stands for a paid order with a product where any of that product's lines was refunded.

    NaN where no file can have told of it.
    """
    once, place = rows.number("paid_once"), _once(rows)
    refunded = is_true(rows.number("refunded"))
    named = [one for one in rows.spoken_of("refund") if one[3] & KINDS["refund"].mask({"line_id"})]
    known = refunded | is_true(rows.number("refund_told")) | _in_days(rows, named)
    height = int(place.max(initial=-1)) + 2
    of_place = np.bincount(place + 1, weights=refunded, minlength=height) > 0
    told = np.bincount(place + 1, weights=known, minlength=height) > 0
    return np.where(np.isnan(once) | ~told[place + 1], np.nan, (once > 0) & of_place[place + 1])


def _line_complained(rows: ChosenRows) -> Floats:
    """1 on the line that stands for a paid order with a product where a complaint names the order.

    NaN where no tickets that say both which order and whether it is a complaint speak for the days.
    """
    once = rows.number("paid_once")
    columns = KINDS["ticket"].mask({"order_id", "is_complaint"})
    told = _in_days(rows, [one for one in rows.spoken_of("ticket") if one[3] & columns == columns])
    return np.where(np.isnan(once) | ~told, np.nan, (once > 0) & is_true(rows.number("complained")))


def _in_days(rows: ChosenRows, spoken: Sequence[Spoken]) -> Bools:
    """Whether each row lies between the first and the last day that files of its shop speak for, or near them.

    Files of what is rare begin with its first row and end with the last, not with the days they were exported for.
    """
    there = np.zeros(rows.size, dtype=np.bool_)
    for shop in {one[0] for one in spoken}:
        first = min(one[1] for one in spoken if one[0] == shop) - _PAUSE
        last = max(one[2] for one in spoken if one[0] == shop) + _PAUSE
        there |= (rows.shop == shop) & (rows.day >= first) & (rows.day <= last)
    return there


def known_until(shop: Ints, day: Ints, spoken: Sequence[Spoken]) -> Ints:
    """For each (shop, day) the last day up to which orders are known without a hole; the day before it where not."""
    until = day - 1
    latest = last_day(spoken)
    for one in {one[0] for one in spoken}:
        mine = np.flatnonzero(shop == one)
        spans: list[tuple[int, int]] = []
        for start, end in sorted((first, min(last, latest)) for at, first, last, _, _ in spoken if at == one):
            if end < start:
                continue
            if spans and start <= spans[-1][1] + _PAUSE:
                spans[-1] = (spans[-1][0], max(spans[-1][1], end))
            else:
                spans.append((start, end))
        for start, end in spans:
            inside = mine[(day[mine] >= start) & (day[mine] <= end)]
            until[inside] = end
    return until


def naming_buyers(orders: ChosenRows) -> list[Spoken]:
    """The files of orders that tell whose they are: with a column of buyers, of shops in which it names anybody.

    Where it is missing, or holds masked nicks alone, a buyer who came back is not seen.
    """
    bit = KINDS[orders.kind].mask({"buyer_mask"})
    number = buyer_numbers(orders).number
    shops = set(np.unique(orders.whole.shop[number >= 0]).tolist())
    return [one for one in orders.spoken if one[3] & bit and one[0] in shops]


def closed(rows: ChosenRows, days: float, spoken: Sequence[Spoken]) -> Bools:
    """Whether the ``days`` after each row lie wholly in days that these files of orders know."""
    end = (known_until(rows.shop, rows.day, spoken) + 1) * DAY_SECONDS
    return np.asarray(rows.at + days * DAY_SECONDS <= end)


def came_back(rows: ChosenRows, days: float) -> Floats:
    """Of each buyer's first order: whether the next came within ``days``; :data:`EARLY` while that is open.

    Rows of the whole table; NaN for all other orders.
    """
    whole = rows.whole
    found = sequel(whole)
    at = whole.at
    gap = np.where(found.following >= 0, at[found.following] - at, np.inf)
    answer = np.where(closed(whole, days, naming_buyers(whole)), gap <= days * DAY_SECONDS, EARLY)
    return np.where(found.nth == 1, answer, np.nan)


def _again(rows: ChosenRows) -> Floats:
    return came_back(rows, rows.windows.retention_days)


def _gone(rows: ChosenRows) -> Floats:
    again = rows.number("again")
    return np.where(again >= 0, 1 - again, again)


def _days_since(rows: ChosenRows) -> Floats:
    """Days since the buyer's order before."""
    found = sequel(rows)
    return np.where(found.previous >= 0, (rows.at - rows.at[found.previous]) / DAY_SECONDS, np.nan)


def _new(rows: ChosenRows) -> Floats:
    """Whether a paid order is the first one known of its buyer."""
    nth = sequel(rows).nth
    return np.where(nth > 0, nth == 1, np.nan)


def _month(rows: ChosenRows) -> Floats:
    """Months since 1970-01 of each row's day."""
    day = rows.day.astype("datetime64[D]")
    return day.astype("datetime64[M]").astype(np.int64).astype(np.float64)


def _first_month(rows: ChosenRows) -> Floats:
    """The month of the first paid order of each paid order's buyer."""
    numbers, month, nth = buyer_numbers(rows), rows.number("month"), sequel(rows).nth
    of_buyer = np.full(numbers.size + 1, np.nan)
    begin = nth == 1
    of_buyer[numbers.number[begin]] = month[begin]
    return np.where(nth > 0, of_buyer[numbers.number], np.nan)


def _first_of_month(rows: ChosenRows) -> Floats:
    """1 for the first paid order of its buyer in its month, so that a sum of it counts buyers."""
    found, month = sequel(rows), rows.number("month")
    before = np.where(found.previous >= 0, month[found.previous], -np.inf)
    return np.where(found.nth > 0, before < month, np.nan)


def returned(invited: Bools, rows: ChosenRows, days: float) -> Floats:
    """Of each ``invited`` row of a whole table: whether its buyer paid an order within ``days`` after it.

    :data:`EARLY` while that is open; NaN where nobody was invited, or nobody known, or no orders of the shop say whose
    they are.
    """
    orders = rows.beside("order_head")
    told = naming_buyers(orders) if orders.size else []
    if not told:
        return np.full(rows.size, np.nan)
    known = invited & (buyer_numbers(rows).number >= 0) & np.isfinite(rows.at)
    known &= np.isin(rows.shop, list({one[0] for one in told}))
    buyer = numbers_elsewhere(rows, orders)
    mine = np.flatnonzero(sequel(orders).nth > 0)
    owner = buyer_numbers(orders).number[mine]
    order = np.argsort(owner, kind="stable")
    # One ascending list of (buyer, time): the first entry after (my buyer, my time) is the next order.
    times = np.append(_joint(owner[order], orders.at[mine][order]), np.iinfo(np.int64).max)
    asked = _joint(np.maximum(buyer, 0), np.where(known, rows.at, 0.0))
    following = times[np.searchsorted(times[:-1], asked, side="right")]
    found = (buyer >= 0) & (following - asked <= days * DAY_SECONDS)
    return np.where(known, np.where(closed(rows, days, told), found, EARLY), np.nan)


def _joint(buyer: Ints, at: Floats) -> Ints:
    """Buyer and epoch seconds (below 2**34) as one number that keeps the order of both."""
    return (buyer << 34) + at.astype(np.int64)


def _invited_buyer_returned(rows: ChosenRows) -> Floats:
    return returned(np.ones(rows.size, dtype=np.bool_), rows, rows.windows.return_days)


def _invited_session_returned(rows: ChosenRows) -> Floats:
    return returned(is_true(rows.number("invited")), rows, rows.windows.return_days)


ORDER_MEASURES: Mapping[str, Measure] = {
    "paid": _paid,
    "paid_amount": _paid_amount,
    "agent_amount": _by_an_agent,
    "refunded_paid": _refunded,
    "again": _again,
    "gone": _gone,
    "days_since": _days_since,
    "new": _new,
    "month": _month,
    "first_month": _first_month,
    "first_of_month": _first_of_month,
}
LINE_MEASURES: Mapping[str, Measure] = {
    "paid": _line_paid,
    "paid_once": _paid_once,
    "refunded_once": _line_refunded,
    "complained_once": _line_complained,
    "paid_amount": _paid_amount,
}
INVITATION_MEASURES: Mapping[str, Measure] = {"returned": _invited_buyer_returned}
SESSION_RETURNS: Mapping[str, Measure] = {"returned": _invited_session_returned}
