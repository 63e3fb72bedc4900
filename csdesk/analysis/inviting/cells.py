"""Invitations out of session rows: invited or not, rated or not, by hour, category and product, counted in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from csdesk.analysis.frame import Engine
from csdesk.analysis.order_talks import nearby, numbered
from csdesk.domain.filters import Filter
from csdesk.metrics.days import Ints
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.grouping import UNCATEGORISED, UNNAMED
from csdesk.metrics.rows.review_waits import places
from csdesk.metrics.sums import Floats
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson_many

HOURS = 24
_STATES = 9
_LISTED = 200


@dataclass(frozen=True, slots=True)
class InviteSlice:
    """One hour, category or product. ``sessions``: those of which it is known whether the buyer was invited.

    ``answered``: invited ones of which it is known whether the buyer rated; rates with 95 % Wilson intervals.
    """

    key: str | int
    sessions: int
    invited: int
    invite_rate: float | None
    invite_low: float | None
    invite_high: float | None
    answered: int
    rated: int
    review_rate: float | None
    review_low: float | None
    review_high: float | None
    small: bool


def by_hour(sessions: ChosenRows) -> tuple[InviteSlice, ...]:
    """The hours (0–23) in which sessions began; () where no file says who was invited."""
    table = _counted(sessions, sessions.hour, HOURS)
    return _slices(list(range(HOURS)), table, _in_use(table))


def by_category(sessions: ChosenRows) -> tuple[InviteSlice, ...]:
    """The question categories, most sessions first; those without one last."""
    codes = sessions.codes("category")
    table = _counted(sessions, codes.code + 1, len(codes.texts) + 1)
    return _biggest_first([UNCATEGORISED, *map(str, codes.texts)], table)


def by_product(engine: Engine, sessions: ChosenRows, selection: Filter) -> tuple[InviteSlice, ...]:
    """The products of the orders that sessions name (of several the first); () where they name none."""
    if not numbered(sessions) or not sessions.spoken_of("order_line"):
        return ()
    lines = nearby(engine, "order_line", selection)
    if lines is None:
        whole = sessions.whole
        names, code = sessions.table.kept("products", lambda: _products(whole, whole.beside("order_line")))
        code = code[sessions.rows]
    else:
        names, code = _products(sessions, lines)
    return _biggest_first(names, _counted(sessions, code, len(names)))


def _products(sessions: ChosenRows, lines: ChosenRows) -> tuple[list[str], Ints]:
    """Names, and the place of each session's product among them; the first: a product without name; −1 = no order."""
    place = places(sessions.number("order_row"), lines.number("order_row"))
    products = lines.codes("product")
    code = np.full(sessions.size, -1, dtype=np.int64)
    code[place >= 0] = products.code[place[place >= 0]] + 1
    return [UNNAMED, *map(str, products.texts)], code


def _states(sessions: ChosenRows) -> Ints:
    """3 · invited + rated of each session: 0 not known, 1 no, 2 yes."""

    def make() -> Ints:
        whole = sessions.whole
        return 3 * _told(whole.number("invited")) + _told(whole.number("rated"))

    return sessions.table.kept("invite states", make)[sessions.rows]


def _told(values: Floats) -> Ints:
    return np.where(np.isnan(values), 0, np.where(values > 0, 2, 1)).astype(np.int64)


def _counted(sessions: ChosenRows, group: Ints, height: int) -> Ints:
    """Groups down (−1 = none), states across."""
    keys = group * _STATES + _states(sessions)
    if len(group) and group.min() < 0:
        keys = keys[group >= 0]
    return np.bincount(keys, minlength=height * _STATES).reshape(height, 3, 3)


def _in_use(table: Ints) -> Sequence[int]:
    used: list[int] = np.flatnonzero(table[:, 1:].sum(axis=(1, 2))).tolist()
    return used


def _biggest_first(names: Sequence[str], table: Ints) -> tuple[InviteSlice, ...]:
    used = _in_use(table)
    sizes = table[:, 1:].sum(axis=(1, 2))
    order = sorted(used, key=lambda one: (one == 0, -int(sizes[one])))
    return _slices(names, table, order[:_LISTED])


def _slices(keys: Sequence[str | int], table: Ints, order: Sequence[int]) -> tuple[InviteSlice, ...]:
    chosen = table[list(order)] if order else table[:0]
    sessions, invited = chosen[:, 1:].sum(axis=(1, 2)), chosen[:, 2].sum(axis=1)
    answered, rated = chosen[:, 2, 1:].sum(axis=1), chosen[:, 2, 2]
    invite = wilson_many(invited, sessions)
    review = wilson_many(rated, answered)
    found = []
    for at, one in enumerate(order):
        n, k, m, hits = (int(column[at]) for column in (sessions, invited, answered, rated))
        found.append(
            InviteSlice(
                keys[one], n, k, k / n if n else None, _plain(invite[0][at]), _plain(invite[1][at]),
                m, hits, hits / m if m else None, _plain(review[0][at]), _plain(review[1][at]), n < SMALL_SAMPLE,
            )
        )  # fmt: skip
    return tuple(found)


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
