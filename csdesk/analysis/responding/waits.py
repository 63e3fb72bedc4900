"""First answers of a selection, row by row: of sessions, else of the first turns of chats."""

from __future__ import annotations

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
    """``rows``, the distinct seconds ``values`` a first answer took, and each row's ``place`` among them (−1 = not
    known). ``in_time``: 1.0 or 0.0, NaN = not known.
    """

    rows: ChosenRows
    values: Floats
    place: NDArray[np.int32]
    in_time: Floats

    @property
    def of_chats(self) -> bool:
        """Whether the rows are lines of chats: then only those judged in time or not begin a conversation."""
        return self.rows.kind == "message"

    @cached_property
    def hour_of_week(self) -> Ints:
        """0 = 周一 0 点 … 167 = 周日 23 点 of each row; −1 = not one that counts."""
        import numpy as np  # noqa: PLC0415

        rows = self.rows
        code = rows.table.kept("hour of week", lambda: _hour_of_week(rows.whole))[rows.rows]
        return np.where(np.isfinite(self.in_time), code, -1) if self.of_chats else code

    @cached_property
    def day(self) -> Ints:
        """Epoch day of each row; NO_DAY for one that does not count."""
        import numpy as np  # noqa: PLC0415

        from csdesk.store.row_columns import NO_DAY  # noqa: PLC0415

        return np.where(np.isfinite(self.in_time), self.rows.day, NO_DAY) if self.of_chats else self.rows.day

    @cached_property
    def by_hour_of_week(self) -> Ints:
        """How often each wait comes (across) in each hour of the week (down)."""
        return self.histogram(self.hour_of_week, HOURS_OF_WEEK)

    def histogram(self, group: Ints, height: int) -> Ints:
        """How often each wait comes (across) in each group (down)."""
        from csdesk.metrics.rows.reduce import histogram  # noqa: PLC0415

        return histogram(self.place, group, (height, len(self.values)))

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
            values, place = chats.ranks("first_reply")
            return Waits(chats, values, place, chats.number("first_reply_in_time"))
    values, place = rows.ranks("first_response")
    return Waits(rows, values, place, rows.number("answered_in_time"))


def _hour_of_week(rows: ChosenRows) -> Ints:
    import numpy as np  # noqa: PLC0415

    known = (rows.hour >= 0) & (rows.weekday > 0)
    return np.where(known, (rows.weekday - 1) * 24 + rows.hour, -1)
