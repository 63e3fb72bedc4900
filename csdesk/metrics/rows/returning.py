"""Whether a buyer came back soon after a session: what a problem solved at once is told by."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from csdesk.metrics.rows.chosen import ChosenRows, Measure
from csdesk.metrics.sums import Floats
from csdesk.store.kinds import DAY_SECONDS


def came_back(rows: ChosenRows) -> Floats:
    """1.0 where the same buyer began another session of the shop within the hours allowed, 0.0 where not.

    NaN where the buyer cannot be told (a nick with ``*``), or the hours are not over yet: they are counted from the
    start of the session to the last session known of the shop.
    """
    window = rows.windows.return_hours * 3600
    found = np.full(rows.size, np.nan)
    buyer = rows.codes("buyer").code
    known = np.flatnonzero((buyer >= 0) & np.isfinite(rows.at))
    if not len(known):
        return found
    order = known[np.lexsort((rows.at[known], buyer[known], rows.shop[known]))]
    shop, code, at = rows.shop[order], buyer[order], rows.at[order]
    other = np.append(True, (code[1:] != code[:-1]) | (shop[1:] != shop[:-1]))
    moment = np.flatnonzero(other | np.append(True, at[1:] != at[:-1]))
    later = np.append(moment[1:], len(order))  # the first row of another moment
    until = np.repeat(later, np.diff(np.append(moment, len(order))))
    same = until < len(order)
    same[same] = ~other[until[same]]
    gap = np.full(len(order), np.inf)
    gap[same] = at[until[same]] - at[same]
    found[order] = gap <= window
    found[rows.at + window > _ends(rows)] = np.nan
    return found


def _ends(rows: ChosenRows) -> Floats:
    """The last moment known of each row's shop; unlimited where files speak of days beyond the rows at hand."""
    shops, place = np.unique(rows.shop, return_inverse=True)
    ends = np.full(len(shops), -np.inf)
    known = np.isfinite(rows.at)
    np.maximum.at(ends, place[known], rows.at[known])
    days = rows.table.days
    if days is not None:
        spoken = rows.last_spoken()
        beyond = np.array([spoken.get(int(shop), days[1]) > days[1] for shop in shops])
        ends = np.where(beyond, np.maximum(ends, (days[1] + 1.0) * DAY_SECONDS), ends)
    return ends[place]


def solved_at_once(rows: ChosenRows) -> Floats:
    """Solved, and the buyer did not come back in time; NaN without a verdict."""
    back, verdict = rows.number("came_back"), rows.number("resolved")
    return np.where(np.isnan(back) | np.isnan(verdict), np.nan, (verdict == 1) & (back == 0))


def not_back(rows: ChosenRows) -> Floats:
    """The buyer did not come back in time; only of shops whose files never say whether a problem was solved."""
    says = np.isin(rows.shop, list(rows.shops_with("resolved")))
    return np.where(says, np.nan, 1.0 - rows.number("came_back"))


SESSION: Mapping[str, Measure] = {
    "came_back": came_back,
    "solved_at_once": solved_at_once,
    "not_back": not_back,
}
