"""Sums of session rows by person and hour of the day, out of the columns in memory: no roll-up has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from csdesk.metrics.days import Bools, Ints
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.sum_rows import SumRows
from csdesk.metrics.sums import Floats

HOURS = 24

Member = Callable[[int, str], int]
"""The number of a person in a group, where these take the place of persons."""


@dataclass(frozen=True, slots=True)
class HourSums:
    """One row a lane (shop, agent) and hour with sessions; ``values`` across in the order of ``names``.

    ``categories``: (lane, hour, category, sessions), category "" = none; () unless asked for.
    """

    lanes: tuple[tuple[int, int], ...]
    lane: Ints
    hour: Ints
    values: Floats
    names: tuple[str, ...]
    categories: tuple[tuple[int, int, str, int], ...] = ()


NO_HOURS = HourSums((), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros((0, 1)), ("n",))


def hour_sums(
    rows: ChosenRows, names: Sequence[str], *, categories: bool = False, member: Member | None = None
) -> HourSums:
    """The sums ``names`` (:data:`csdesk.store.session_sums.SUMS`, beginning with n) of sessions.

    ``member``: people are told apart by their groups too, and its numbers stand in the place of the agents'.
    """
    lanes, key = _lanes_and_hours(rows, member)
    size = len(lanes) * HOURS
    count = np.bincount(key, minlength=size + 1)[:size]
    there = np.flatnonzero(count)
    values = np.empty((len(there), len(names)))
    for at, name in enumerate(names):
        values[:, at] = count[there] if name == "n" else _summed(rows, name, key, size)[there]
    found = _categories(rows, key, size) if categories else ()
    return HourSums(lanes, there // HOURS, there % HOURS, values, tuple(names), found)


def _summed(rows: ChosenRows, name: str, key: Ints, size: int) -> Floats:
    part = CONTRIBUTIONS[name](rows)
    if part.dtype == np.bool_:
        return np.bincount(key[part], minlength=size + 1)[:size].astype(np.float64)
    return np.asarray(np.bincount(key, part, size + 1)[:size], dtype=np.float64)


def _lanes_and_hours(rows: ChosenRows, member: Member | None) -> tuple[tuple[tuple[int, int], ...], Ints]:
    """(shop, agent) pairs, and of each row its lane × 24 + hour; rows without an hour come after all lanes."""
    pairs, code, key = rows.table.kept("lanes", lambda: _pairs(rows.whole))
    if member is None:
        return pairs, key[rows.rows]
    mine, groups = code[rows.rows], rows.group
    keys, place = np.unique(mine * (len(groups.texts) + 1) + groups.code + 1, return_inverse=True)
    found = []
    for one in keys.tolist():
        (shop, agent), group = pairs[one // (len(groups.texts) + 1)], one % (len(groups.texts) + 1) - 1
        found.append((shop, member(agent, str(groups.texts[group])) if group >= 0 else agent))
    return tuple(found), _with_hours(place.astype(np.int64), rows.hour, len(found))


def _with_hours(lane: Ints, hour: Ints, lanes: int) -> Ints:
    return np.where(hour >= 0, lane * HOURS + hour, lanes * HOURS)


def _pairs(rows: ChosenRows) -> tuple[tuple[tuple[int, int], ...], Ints, Ints]:
    width = int(rows.agent.max(initial=0)) + 1
    keys, code = np.unique(rows.shop * width + rows.agent, return_inverse=True)
    pairs = tuple((key // width, key % width) for key in keys.tolist())
    return pairs, code.astype(np.int64), _with_hours(code.astype(np.int64), rows.hour, len(pairs))


def _categories(rows: ChosenRows, key: Ints, size: int) -> tuple[tuple[int, int, str, int], ...]:
    codes = rows.codes("category")
    width = len(codes.texts) + 1
    counts = np.bincount(key * width + codes.code + 1, minlength=(size + 1) * width)[: size * width]
    texts = ("", *(str(text) for text in codes.texts))
    return tuple(
        (at // width // HOURS, at // width % HOURS, texts[at % width], int(counts[at]))
        for at in np.flatnonzero(counts).tolist()
    )


def _known(name: str) -> Callable[[ChosenRows], Bools]:
    return lambda rows: np.isfinite(rows.number(name))


def _sum(name: str) -> Callable[[ChosenRows], Floats]:
    return lambda rows: np.nan_to_num(rows.number(name), nan=0.0)


def _is(name: str, number: float) -> Callable[[ChosenRows], Bools]:
    return lambda rows: rows.number(name) == number


def _quick(name: str) -> Callable[[ChosenRows], Bools]:
    return lambda rows: rows.number(name) <= 180


def _rated_where(invited: float) -> Callable[[ChosenRows], Bools]:
    return lambda rows: (rows.number("invited") == invited) & np.isfinite(rows.number("rating"))


def _good_where(invited: float) -> Callable[[ChosenRows], Bools]:
    return lambda rows: (rows.number("invited") == invited) & (rows.number("rating") >= 4)


def _bad_where(invited: float) -> Callable[[ChosenRows], Bools]:
    return lambda rows: (rows.number("invited") == invited) & (rows.number("dissatisfied") == 1)


def _both(rows: ChosenRows) -> Bools:
    return np.isfinite(rows.number("messages")) & np.isfinite(rows.number("buyer_messages"))


CONTRIBUTIONS: Mapping[str, Callable[[ChosenRows], Floats | Bools]] = {
    "invited_known": _known("invited"),
    "invited": _sum("invited"),
    "rated_known": _known("rated"),
    "rated": _sum("rated"),
    "invited_rated_known": lambda rows: (rows.number("invited") == 1) & np.isfinite(rows.number("rated")),
    "invited_rated": lambda rows: (rows.number("invited") == 1) & (rows.number("rated") == 1),
    **{f"rating_{stars}": _is("rating", stars) for stars in (1, 2, 3, 4, 5)},
    "invited_rating_n": _rated_where(1),
    "invited_rating_good": _good_where(1),
    "self_rating_n": _rated_where(0),
    "self_rating_good": _good_where(0),
    "resolved_known": _known("resolved"),
    "resolved": _sum("resolved"),
    "transferred_known": _known("transferred"),
    "transferred": _sum("transferred"),
    "reply_known": _sum("reply_known"),
    "unreplied": _sum("unreplied"),
    "first_response_n": _known("first_response"),
    "first_response_sum": _sum("first_response"),
    "first_response_180": _quick("first_response"),
    "avg_response_n": _known("avg_response"),
    "avg_response_sum": _sum("avg_response"),
    "avg_response_180": _quick("avg_response"),
    "messages_n": _known("messages"),
    "messages_sum": _sum("messages"),
    "both_messages_n": _both,
    "both_messages_buyer": lambda rows: np.where(_both(rows), rows.number("buyer_messages"), 0.0),
    "both_messages_agent": lambda rows: np.where(
        _both(rows), rows.number("messages") - rows.number("buyer_messages"), 0
    ),
    "handle_n": _known("handle"),
    "handle_sum": _sum("handle"),
    "paid_n": lambda rows: np.nan_to_num(rows.number("paid_fen"), nan=0.0) != 0,
    "paid_fen": _sum("paid_fen"),
    "first_response_window_n": _known("first_response_window"),
    "first_response_window_sum": _sum("first_response_window"),
    "first_response_window_180": _quick("first_response_window"),
    "unreplied_window": lambda rows: (rows.number("in_window") == 1) & (rows.number("unreplied") == 1),
    "avg_response_window_n": _known("avg_response_window"),
    "avg_response_window_sum": _sum("avg_response_window"),
    "rating_window_n": _known("satisfied_window"),
    "rating_window_good": _is("satisfied_window", 1),
    "rating_window_bad": _is("dissatisfied_window", 1),
    "invited_rating_bad": _bad_where(1),
    "self_rating_bad": _bad_where(0),
    "self_rated": lambda rows: (rows.number("invited") == 0) & (rows.number("rated") == 1),
}
"""What each row adds to a sum: the same as the SQL of :data:`csdesk.store.session_sums.SUMS` counts."""


def day_sums(rows: ChosenRows, names: Sequence[str], *, categories: bool) -> SumRows:
    """Sums by shop, agent, day and (where asked for) category, for those that no roll-up has."""
    pairs, code, _ = rows.table.kept("lanes", lambda: _pairs(rows.whole))
    texts: tuple[str, ...] = ()
    part: Ints = np.zeros(rows.size, dtype=np.int64)
    if categories:
        codes = rows.codes("category")
        texts = ("", *(str(text) for text in codes.texts))
        part = codes.code + 1
    base = int(rows.day.min()) if rows.size else 0
    days = int(rows.day.max()) - base + 1 if rows.size else 1
    width = max(len(texts), 1)
    keys, place = np.unique((code[rows.rows] * width + part) * days + rows.day - base, return_inverse=True)
    values = np.empty((len(keys), len(names)))
    for at, name in enumerate(names):
        values[:, at] = _summed(rows, name, place, len(keys))
    lane = keys // days // width
    shop, agent = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    return SumRows(shop[lane], agent[lane], keys % days + base, values, keys // days % width, texts, tuple(names))
