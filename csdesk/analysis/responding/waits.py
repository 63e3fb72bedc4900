"""First answers of a selection, row by row: of sessions, else of the first turns of chats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from csdesk.analysis.frame import Engine
from csdesk.domain.filters import Filter

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from csdesk.metrics.days import Ints
    from csdesk.metrics.rows.chosen import ChosenRows
    from csdesk.metrics.sums import Floats
    from csdesk.stats.medians import Sorted

HOURS_OF_WEEK = 168


@dataclass(frozen=True)
class Waits:
    """One entry a session, day by day.

    ``values`` are the distinct seconds a first answer took, ``place`` says which of them is each session's (−1 = not
    known); ``verdict``: 0 = not answered in time, 1 = in time, 2 = not known. ``hour_of_week``: 0 = 周一 0 点 … 167,
    168 = not known. ``limits``: seconds in time by platform.
    """

    values: Floats
    place: NDArray[np.int32]
    verdict: Ints
    day: Ints
    hour_of_week: Ints
    limits: Mapping[str, float]

    @property
    def size(self) -> int:
        """How many sessions."""
        return len(self.day)

    @cached_property
    def days(self) -> tuple[Ints, Ints]:
        """The days with sessions, ascending, and how many sessions each has."""
        import numpy as np  # noqa: PLC0415

        if not self.size:
            return self.day, self.day
        heads = np.flatnonzero(np.append(True, self.day[1:] != self.day[:-1]))
        return self.day[heads], np.diff(np.append(heads, self.size))

    def spread(self, of_days: Ints) -> Ints:
        """A number of each of :attr:`days`, for all of its sessions."""
        return of_days.repeat(self.days[1])

    def histogram(self, group: Ints, height: int) -> Ints:
        """How often each wait comes (across) in each group 0..``height`` − 1 (down)."""
        from csdesk.metrics.rows.reduce import histogram  # noqa: PLC0415

        return histogram(self.place, group, (height, len(self.values)))

    def verdicts(self, group: Ints, height: int) -> Ints:
        """Of each group (down) how many were not answered in time, were, and are not known (across)."""
        import numpy as np  # noqa: PLC0415

        return np.bincount(group * 3 + self.verdict, minlength=height * 3)[: height * 3].reshape(height, 3)

    @cached_property
    def by_hour_of_week(self) -> Ints:
        """How often each wait comes (across) in each hour of the week (down)."""
        return self.histogram(self.hour_of_week, HOURS_OF_WEEK + 1)[:HOURS_OF_WEEK]

    @cached_property
    def verdicts_by_hour_of_week(self) -> Ints:
        """:meth:`verdicts` of each hour of the week."""
        return self.verdicts(self.hour_of_week, HOURS_OF_WEEK)

    def sorted(self, counts: Ints) -> Sorted:
        """A row of a histogram, ready for medians."""
        from csdesk.stats.medians import Sorted  # noqa: PLC0415

        there = counts > 0
        return Sorted(self.values[there], counts[there].cumsum())


def waits_of(engine: Engine, selection: Filter) -> Waits:
    """The first answers of a selection; of chats where there are no sessions."""
    rows = engine.table("session", selection)
    if not rows.size:
        chats = engine.table("message", selection)
        if chats.size:
            return _of(chats, "first_reply", "first_reply_in_time")
    return _of(rows, "person_first_response", "answered_in_time")


def _of(rows: ChosenRows, wait: str, in_time: str) -> Waits:
    import numpy as np  # noqa: PLC0415

    values, place = rows.ranks(wait)
    verdict, hour = rows.table.kept("waits", lambda: _codes(rows.whole, in_time))
    chosen: slice | Ints = slice(int(np.searchsorted(rows.day, 0)), rows.size)  # those without a day come first
    if rows.kind == "message":  # lines that begin no conversation are none of them
        chosen = np.flatnonzero((verdict[rows.rows] != 2) & (rows.day >= 0))
    platforms = sorted({info.platform for info in rows.shops.values()})
    limits = {str(platform): rows.windows.answer_limit(platform) for platform in platforms}
    return Waits(values, place[chosen], verdict[rows.rows][chosen], rows.day[chosen], hour[rows.rows][chosen], limits)


def _codes(rows: ChosenRows, in_time: str) -> tuple[Ints, Ints]:
    """(verdict, hour of the week) of every row."""
    import numpy as np  # noqa: PLC0415

    said = rows.number(in_time)
    known = (rows.hour >= 0) & (rows.weekday > 0)
    hour = np.where(known, (rows.weekday - 1) * 24 + rows.hour, HOURS_OF_WEEK)
    return np.where(np.isnan(said), 2, said).astype(np.int64), hour
