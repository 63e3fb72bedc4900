"""Which orders were talked about before the buyer had the goods, about what, and whether the buyer was invited to rate.

Sessions name an order by its number; only files with that column can tell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csdesk.analysis.review_timing import Split
from csdesk.metrics.days import Ints
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.review_waits import places
from csdesk.store.kinds import KINDS

_NUMBERED = KINDS["session"].mask({"order_id"})


@dataclass(frozen=True, slots=True)
class Talks:
    """By order of the whole table: 1 where a session before signing invited the buyer, 0 where none did (−1: no session
    named the order), and the category of the first one as a number into ``categories`` (−1 = none).
    """

    invited: Ints
    category: Ints
    categories: tuple[str, ...]


def talk_splits(orders: ChosenRows) -> tuple[Split, ...]:
    """The orders by whether their buyer was invited, and by what was asked; none where sessions name no orders."""
    if not any(fields & _NUMBERED for _shop, _first, _last, fields, _batch in orders.spoken_of("session")):
        return ()
    found = orders.table.kept("talks", lambda: _talks(orders.whole))
    return (
        Split("invited", "聊过的订单里，邀过评和没邀过评的", found.invited[orders.rows], ("没邀评", "邀过评")),
        Split("category", "按聊的问题类别", found.category[orders.rows], found.categories),
    )


def _talks(orders: ChosenRows) -> Talks:
    sessions = orders.beside("session")
    place = places(sessions.number("order_row"), orders.number("row"))
    mine = np.flatnonzero(place >= 0)
    signed = orders.number("signed_at")
    mine = mine[~(sessions.at[mine] >= signed[place[mine]])]
    invited = np.full(orders.size, -1, dtype=np.int64)
    asked = sessions.number("invited")[mine]
    known = np.isfinite(asked)
    np.maximum.at(invited, place[mine[known]], asked[known].astype(np.int64))
    category = np.full(orders.size, -1, dtype=np.int64)
    codes = sessions.codes("category")
    named = mine[codes.code[mine] >= 0][::-1]  # sessions are in the order of time: the first one is written last
    category[place[named]] = codes.code[named]
    return Talks(invited, category, tuple(str(text) for text in codes.texts))
