"""Row tables held in memory for one data version: read when first asked for, kept until the data change.

As with the roll-ups, a question of some weeks reads the days it needs and some around them, so that a page opens at
once, and another month costs no more than these days; the first longer question reads everything.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, to_epoch_day
from csdesk.metrics.rows.chosen import Around, ChosenRows, chosen_positions
from csdesk.metrics.rows.everybody import Everybody, read_everybody
from csdesk.metrics.rows.measures import MEASURES, REACH
from csdesk.metrics.rows.table import RowTable
from csdesk.metrics.rows.windows import Windows
from csdesk.store import batches, outlier_rules, row_columns
from csdesk.store.outlier_rules import Rules
from csdesk.store.teams import Teams

_AROUND = 45
"""Days read at least on either side of a question: the span before it, and the next clicks."""
_LONGEST = 186
"""Longer questions read everything."""
_STRETCHES = 6
"""Stretches of days of one kind that are kept. A page asks for its own and the one it is compared with."""


class HeldRows:
    """The row tables of one store. Hold ``lock`` while working on the rows of a selection.

    Every question begins with :meth:`refresh`; within it, inside one read of the store, the rest may be asked.

    ``rules``: about odd values, in place of the owner's; () for the rows as they were imported. ``windows`` says
    what the owner has set of how rows are counted; what was worked out is forgotten when it changes.
    """

    def __init__(
        self,
        rules: Rules | None = None,
        lock: threading.RLock | None = None,
        windows: Callable[[], Windows] = Windows,
    ) -> None:
        self._rules = rules
        self.windows = windows
        self._windows = windows()
        self.lock = threading.RLock() if lock is None else lock
        self._version = -1
        self._tables: dict[str, list[RowTable]] = {}
        """By kind the stretches of days held, as they were read; or one table of all days."""
        self._spoken: dict[str, list[tuple[int, int, int, int, int]]] = {}
        self._everybody: Everybody | None = None
        self._teams: Teams | None = None

    def rows(
        self, conn: sqlite3.Connection, kind: str, selection: Filter, *, near: bool = False, alone: bool = False
    ) -> ChosenRows:
        """The rows of a kind that a selection holds; ``conn`` must be inside one read of the store.

        ``near``: nothing is asked that depends on rows of far other days. ``alone``: the days are a stretch already,
        with what is around them, however long they are.
        """
        with self.lock:
            table = self._table(conn, kind, selection.period if near or kind not in REACH else None, alone=alone)

            def teams() -> Teams:
                if self._teams is None:
                    self._teams = Teams(conn)
                return self._teams

            def beside(other: str) -> ChosenRows:
                return self.rows(conn, other, Filter())

            names = self.everybody(conn).names
            robots = frozenset(person for person, what in names.kinds.items() if what == "robot")
            around = Around(
                names.shops, teams, MEASURES.get(kind, {}), beside, lambda other: self.spoken(conn, other),
                self._windows, robots,
            )  # fmt: skip
            return ChosenRows(conn, table, chosen_positions(table, selection, around), around)

    def spoken(self, conn: sqlite3.Connection, kind: str) -> list[tuple[int, int, int, int, int]]:
        """(shop, first_day, last_day, fields, batch) of the files that brought rows of a kind."""
        with self.lock:
            if kind not in self._spoken:
                self._spoken[kind] = row_columns.spoken(conn, kind, self._followed(conn, kind))
            return self._spoken[kind]

    def everybody(self, conn: sqlite3.Connection) -> Everybody:
        """Names of shops, people and files."""
        with self.lock:
            if self._everybody is None:
                self._everybody = read_everybody(conn)
            return self._everybody

    def _table(self, conn: sqlite3.Connection, kind: str, wanted: Period | None, *, alone: bool = False) -> RowTable:
        tables = self._tables.setdefault(kind, [])
        for table in tables:  # the same question finds the same stretch again: what it needs is read there
            if _holds(table, wanted, self._windows.reach_days):
                return table
        days = _around(wanted)
        if alone and wanted is not None:
            days = to_epoch_day(wanted.first), to_epoch_day(wanted.last) + self._windows.reach_days
        made = RowTable(conn, kind, days, self._followed(conn, kind))
        if days is None:
            tables.clear()
        elif len(tables) == _STRETCHES:
            tables.pop(0)
        tables.append(made)
        return made

    def _followed(self, conn: sqlite3.Connection, kind: str) -> Rules:
        if kind != "session":
            return ()
        return outlier_rules.at_work(conn) if self._rules is None else self._rules

    def refresh(self, conn: sqlite3.Connection) -> None:
        """Forget what the data or the owner's settings have overtaken."""
        with self.lock:
            self._follow_windows()
            self._forget_if_stale(conn)

    def _follow_windows(self) -> None:
        windows = self.windows()
        if windows != self._windows:
            self._windows = windows
            for tables in self._tables.values():
                for table in tables:
                    table.forget_worked_out()

    def _forget_if_stale(self, conn: sqlite3.Connection) -> None:
        version = batches.data_version(conn)
        if version == self._version:
            return
        self._tables.clear()
        self._spoken.clear()
        self._teams = None
        self._everybody = None
        self._version = version


def _holds(table: RowTable, wanted: Period | None, reach: int) -> bool:
    """Whether all the rows wanted are there, and those of the days after that decide on them."""
    if table.days is None:
        return True
    return (
        wanted is not None
        and table.days[0] <= to_epoch_day(wanted.first)
        and to_epoch_day(wanted.last) + reach <= table.days[1]
    )


def _around(wanted: Period | None) -> tuple[int, int] | None:
    if wanted is None or wanted.days > _LONGEST:
        return None
    before = max(_AROUND, wanted.days + 3)  # the month or quarter before may be longer
    return to_epoch_day(wanted.first) - before, to_epoch_day(wanted.last) + _AROUND
