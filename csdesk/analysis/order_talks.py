"""Which orders were talked about before the buyer had the goods, about what, and whether the buyer was invited to rate.

Sessions name an order by its number; only files with that column can tell. For short spans only rows of days nearby are
looked at, so that a page need not wait for years of sessions to be read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from csdesk.analysis.frame import Engine
from csdesk.analysis.review_timing import Split
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.days import Ints
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.review_waits import places_of_orders
from csdesk.store.kinds import KINDS

_NUMBERED = KINDS["session"].mask({"order_id"})
_NEAR = 14
"""Days before and after a span in which its orders are talked about, and its sessions' orders paid."""
_SHORT = 186


@dataclass(frozen=True, slots=True)
class Talks:
    """By order of the whole table: 1 where a session before signing invited the buyer, 0 where none did (−1: no session
    named the order), and the category of the first one as a number into ``categories`` (−1 = none).
    """

    invited: Ints
    category: Ints
    categories: tuple[str, ...]


def numbered(sessions: ChosenRows | None, orders: ChosenRows | None = None) -> bool:
    """Whether any file of sessions names orders."""
    spoken = sessions.spoken if sessions is not None else orders.spoken_of("session") if orders is not None else ()
    return any(fields & _NUMBERED for _shop, _first, _last, fields, _batch in spoken)


def nearby(engine: Engine, kind: str, selection: Filter) -> ChosenRows | None:
    """The rows of a kind around the days of a short span, of everybody; None for a long one, which needs them all."""
    period = selection.period
    if period is None or period.days > _SHORT:
        return None
    around = Period(period.first - timedelta(days=_NEAR), period.last + timedelta(days=_NEAR))
    return engine.table(kind, Filter(around))


def talk_splits(engine: Engine, orders: ChosenRows, selection: Filter) -> tuple[Split, ...]:
    """The orders by whether their buyer was invited, and by what was asked; none where sessions name no orders."""
    if not numbered(None, orders):
        return ()
    sessions = nearby(engine, "session", selection)
    if sessions is None:
        found = orders.table.kept("talks", lambda: _talks(orders.whole, orders.beside("session")))
    else:
        found = _talks(orders.whole, sessions)
    return (
        Split("invited", "聊过的订单里，邀过评和没邀过评的", found.invited[orders.rows], ("没邀评", "邀过评")),
        Split("category", "按聊的问题类别", found.category[orders.rows], found.categories),
    )


def _talks(orders: ChosenRows, sessions: ChosenRows) -> Talks:
    place = places_of_orders(sessions.number("order_row"), orders)
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
