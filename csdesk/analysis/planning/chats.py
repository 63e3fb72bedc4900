"""What session rows say of the work: when chats come, how long one lasts, how many an agent has open at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.metrics.rows.chosen import ChosenRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

HOURS, WEEKDAYS = 24, 7
_HOUR = 3_600
_LEAST = 30
"""So many rows are needed before a length of chats is called measured."""


@dataclass(frozen=True, slots=True)
class Chats:
    """One entry a chat, by day: epoch day, epoch second of its start, agent (0 = none), seconds (NaN = not known).

    ``handle``: from the first to the last word. ``answering``: reply time × rounds, where chats have no end.
    ``unreplied``: 1 where the buyer never got an answer.
    """

    day: Ints
    at: Ints
    agent: Ints
    handle: Floats
    answering: Floats
    first_response: Floats
    unreplied: Floats

    def only(self, rows: Bools) -> Chats:
        """Some of them."""
        return Chats(*(getattr(self, name)[rows] for name in self.__slots__))

    @property
    def size(self) -> int:
        """How many."""
        return len(self.day)


def chats_of(rows: ChosenRows, robots: frozenset[int] = frozenset()) -> Chats:
    """The chats of session rows that people had to answer; those of ``robots`` (agent ids) need nobody."""
    known = np.isfinite(rows.at)
    if robots:
        known &= ~np.isin(rows.agent, list(robots))
    chats = Chats(
        rows.day, np.where(known, np.nan_to_num(rows.at), 0).astype(np.int64), rows.agent, rows.number("handle"),
        rows.number("avg_response") * rows.number("buyer_messages"), rows.number("first_response"),
        rows.number("unreplied"),
    )  # fmt: skip
    return chats if known.all() else chats.only(known)


@dataclass(frozen=True, slots=True)
class Length:
    """How long a chat lasts, in seconds; ``n`` chats say so. ``how``: handle | answering | setting."""

    mean: float
    median: float
    n: int
    how: str


def length_of(chats: Chats) -> Length | None:
    """From start to end where chats have an end, else reply time × rounds; None where neither is known of enough.

    The mean, as Erlang's formulas need it; the longest hundredth (windows left open) count as the 99th percentile.
    """
    for how in ("handle", "answering"):
        seconds = getattr(chats, how)
        seconds = seconds[seconds > 0]
        if len(seconds) >= _LEAST and 2 * len(seconds) >= chats.size:
            middle, most = np.quantile(seconds, (0.5, 0.99))
            return Length(float(np.minimum(seconds, most).mean()), float(middle), len(seconds), how)
    return None


@dataclass(frozen=True, slots=True)
class Overlap:
    """Chats an agent has open at a time while at least one is: mean, nine tenths of the time at most, and the most."""

    mean: float
    p90: float
    most: int
    agents: int


def overlap_of(chats: Chats) -> Overlap | None:
    """Measured from chats with a length and an agent, by the time they last; None without any."""
    rows = np.flatnonzero((chats.handle > 0) & (chats.agent != 0))
    if not len(rows):
        return None
    people, who = _numbered(chats.agent[rows])
    start = chats.at[rows] - chats.at[rows].min()
    length = np.ceil(np.minimum(chats.handle[rows], np.quantile(chats.handle[rows], 0.99))).astype(np.int64)
    span = int((start + length).max()) + 1
    # One sort of "time, and whether a chat ends or begins", all agents one after the other; ends come first.
    moments = np.concatenate(((who * span + start) * 2 + 1, (who * span + start + length) * 2))
    moments.sort()
    open_ = np.cumsum((moments & 1) * 2 - 1)[:-1]
    lasting = np.diff(moments >> 1).astype(np.float64)
    lasting[open_ == 0] = 0.0
    by_number = np.bincount(open_, weights=lasting)
    total = by_number.sum()
    if total <= 0:
        return None
    share = np.cumsum(by_number) / total
    mean = float((by_number * np.arange(len(by_number))).sum() / total)
    most = int(np.flatnonzero(by_number)[-1])
    return Overlap(mean, float(np.searchsorted(share, 0.9 - 1e-12)), most, people)


@dataclass(frozen=True, slots=True)
class Leaving:
    """Buyers nobody answered: their share, of ``n`` chats, and the mean patience that follows (seconds)."""

    share: float
    unreplied: int
    n: int
    patience_seconds: float


def leaving_of(chats: Chats) -> Leaving | None:
    """None where too few chats say whether they were answered, or hardly any was not.

    Patience by P(leaves) = mean wait / patience (Mandelbaum & Zeltyn 2007), the wait being that of the first answers.
    """
    known = chats.unreplied[np.isfinite(chats.unreplied)]
    waits = chats.first_response[np.isfinite(chats.first_response)]
    gone = int(known.sum())
    if len(known) < _LEAST or gone < 5 or len(waits) < _LEAST or waits.mean() <= 0:
        return None
    return Leaving(gone / len(known), gone, len(known), float(waits.mean()) / (gone / len(known)))


@dataclass(frozen=True, slots=True)
class Hours:
    """What came in by day and hour. ``days``: epoch days with any chat; arrays are (days, 24).

    ``present``: agents who began or ended a chat in the hour. ``in_time``/``answered``: chats answered within the goal,
    and chats of which that is known.
    """

    days: Ints
    weekday: Ints
    came: Floats
    present: Floats
    in_time: Floats
    answered: Floats


def hours_of(chats: Chats, within_seconds: float) -> Hours:
    """Counted by the hour a chat begins in; ``weekday`` 0 = 周一."""
    begins = np.concatenate(([True], chats.day[1:] != chats.day[:-1])) if chats.size else np.zeros(0, dtype=np.bool_)
    days = chats.day[begins]
    cell = (np.cumsum(begins) - 1) * HOURS + chats.at // _HOUR % HOURS
    size = len(days) * HOURS

    def counted(rows: Bools) -> Floats:
        return np.bincount(cell[rows], minlength=size).astype(np.float64).reshape(-1, HOURS)

    known = np.isfinite(chats.first_response) | (chats.unreplied == 1)
    return Hours(
        days,
        (days + 3) % WEEKDAYS,  # 1970-01-01 was a Thursday
        np.bincount(cell, minlength=size).astype(np.float64).reshape(-1, HOURS),
        _present(chats, days),
        counted(known & (chats.first_response <= within_seconds)),
        counted(known),
    )


def _present(chats: Chats, days: Ints) -> Floats:
    """Agents seen in each hour of ``days``, be it at the beginning or at the end of a chat."""
    if not len(days):
        return np.zeros((0, HOURS))
    known = chats.agent != 0
    start, agent = chats.at[known], chats.agent[known]
    ends = start + np.nan_to_num(chats.handle[known]).astype(np.int64)
    first = int(days[0]) * HOURS
    hours = np.concatenate((start, ends)) // _HOUR - first
    people, who = _numbered(agent)
    length = (int(days[-1]) + 1) * HOURS - first
    inside = hours < length
    seen = np.zeros((people, length), dtype=np.bool_)
    seen[np.concatenate((who, who))[inside], hours[inside]] = True
    by_hour = seen.sum(axis=0).reshape(-1, HOURS)
    return np.asarray(by_hour[days - days[0]], dtype=np.float64)


def _numbered(ids: Ints) -> tuple[int, Ints]:
    """How many different ids (small whole numbers above 0) there are, and each one's number, without a sort."""
    there = np.bincount(ids) > 0
    return int(there.sum()), (np.cumsum(there) - 1)[ids]
