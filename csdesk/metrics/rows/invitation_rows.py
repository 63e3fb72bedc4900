"""Numbers of single invitations: how long until the buyer rated."""

from __future__ import annotations

import numpy as np

from csdesk.metrics.rows.chosen import ChosenRows, Measure
from csdesk.metrics.rows.horizon import believed
from csdesk.metrics.sums import Floats


def waiting_for_rating(rows: ChosenRows) -> Floats:
    """Seconds from the invitation to the rating, else to the newest moment known of the shop's invitations.

    NaN where it is not told when buyers rated.
    """
    sent, rated = rows.number("sent_at"), rows.number("rated_at")
    told = np.isin(rows.shop, list(rows.shops_with("rated_at")))
    unknown = np.isnan(rated) & np.isfinite(rows.number("rating"))  # rated, nobody knows when
    until = np.where(np.isfinite(rated), rated, _newest(rows, np.fmax(sent, rated)))
    return np.where(told & ~unknown, np.maximum(until - sent, 0.0), np.nan)


def rating_came(rows: ChosenRows) -> Floats:
    """Whether the wait of :func:`waiting_for_rating` ended with a rating."""
    return np.where(np.isnan(rows.number("rating_wait")), np.nan, np.isfinite(rows.number("rated_at")))


def _newest(rows: ChosenRows, moments: Floats) -> Floats:
    known = believed(moments) > 0
    shops, place = np.unique(rows.shop, return_inverse=True)
    newest = np.full(len(shops), -np.inf)
    np.maximum.at(newest, place[known], moments[known])
    return np.where(np.isfinite(newest), newest, np.nan)[place]


INVITATION_WAITS: dict[str, Measure] = {"rating_wait": waiting_for_rating, "rating_came": rating_came}
"""Measures of ``invitation`` rows."""
