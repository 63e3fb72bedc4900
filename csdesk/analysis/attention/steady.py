"""Days that can be compared: told of by the same sources, all the shops that are always there among them.

Where a file of another source speaks for some days (session rows instead of reports), receptions are counted otherwise;
where a second shop's files begin, there are more of them. Neither is news about the shop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.attention.window import Window
from csdesk.metrics.daily import DailyCounts

if TYPE_CHECKING:
    from csdesk.stats.control import Bools, Floats, Ints

_ALWAYS = 0.5
"""Share of the past days on which a shop is told of alike that makes it one of those that are always there."""


@dataclass(frozen=True, slots=True)
class Steady:
    """Sums over the shops that are always there, by day of the window; NaN where one of them is not there as usual.

    ``only``: their names, where other shops have numbers on recent days too.
    """

    top: Floats
    bottom: Floats
    only: tuple[str, ...]


def steady_whole(window: Window, counts: DailyCounts, *, exactly: bool) -> Steady:
    """A metric of everybody together. ``exactly``: a source more makes a day another (counts), not only one less."""
    told = window.cut(counts.told)
    usual, share = usual_sources(told, window.past)
    always = (usual > 0) & (share >= _ALWAYS)
    if not always.any():
        nothing = np.full(told.shape[1], np.nan)
        return Steady(nothing, nothing, ())
    wanted = usual[always, None]
    alike = ((told[always] if exactly else told[always] & wanted) == wanted).all(axis=0)
    top, bottom = window.cut(counts.top_of)[always].sum(axis=0), window.cut(counts.bottom_of)[always].sum(axis=0)
    others = (told[~always, -window.recent :] > 0).any()
    only = tuple(name for name, there in zip(window.daily.shops, always.tolist(), strict=True) if there and others)
    return Steady(np.where(alike, top, np.nan), np.where(alike, bottom, np.nan), only)


def steady_people(window: Window, counts: DailyCounts) -> tuple[Floats, Floats]:
    """Numerators and denominators person by person; NaN where a person is not told of as usual."""
    told = window.cut(counts.told_by)
    usual, _ = usual_sources(told, window.past)
    alike = ((told & usual[:, None]) == usual[:, None]) & (told > 0)
    return (
        np.where(alike, window.cut(counts.top_by), np.nan),
        np.where(alike, window.cut(counts.bottom_by), np.nan),
    )


def usual_sources(told: Ints, past: Bools) -> tuple[Ints, Floats]:
    """By row: the sources most past days have, 0 where there are none, and on which share of all past days."""
    known = np.unique(told[:, past])
    known = known[known > 0]
    if not len(known):
        return np.zeros(len(told), dtype=np.int64), np.zeros(len(told))
    times = np.array([((told == one) & past).sum(axis=1) for one in known])
    best = times.max(axis=0)
    return np.where(best > 0, known[times.argmax(axis=0)], 0), best / max(1, int(past.sum()))
