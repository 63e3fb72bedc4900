"""Facts held in memory for one data version: read when first asked for, kept until the data change.

The first question reads the days it needs and some around them, so that a page opens at once; the first
question beyond these reads everything.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.metrics.columns import Columns
from csdesk.metrics.daily import Daily, daily_counts
from csdesk.metrics.declaration import MetricDefinition
from csdesk.metrics.facts import read_facts, read_sums
from csdesk.metrics.inputs import sums_of
from csdesk.metrics.members import by_members
from csdesk.metrics.peers import PeerFigures
from csdesk.metrics.rows.held import HeldRows
from csdesk.metrics.rows.hours import NO_HOURS, HourSums, day_sums, hour_sums
from csdesk.metrics.rows.windows import Windows
from csdesk.metrics.sum_names import ROW_SUMS
from csdesk.metrics.view import View
from csdesk.store import batches
from csdesk.store.outlier_rules import Rules
from csdesk.store.session_sums import SUM_NAMES
from csdesk.store.teams import Teams

_AROUND = 45
"""Days read at least on either side of the first question: the span before it, and the next clicks."""
_PAST = 140
"""Days read at least before it: what is ordinary is learnt from them."""
_DAILY_KEPT = 12
"""Selections whose counts by day are kept."""
_LONGEST = 186
"""Longer first questions read everything."""


class Held:
    """The columns of one store's facts. Hold ``lock`` while working on a view of them.

    ``rules``: about odd values, in place of the owner's; () for the facts as they were imported. ``windows``: how long
    things may take and still count, for rows kept one by one.
    """

    def __init__(self, rules: Rules | None = None, windows: Callable[[], Windows] = Windows) -> None:
        self._rules = rules
        self.lock = threading.RLock()
        self.rows = HeldRows(rules, self.lock, windows)
        """The rows kept one by one."""
        self._version = -1
        self._columns: Columns | None = None
        self._days: Period | None = None
        self._members: tuple[Columns, Columns] | None = None
        """The columns by members, with those they were made of."""
        self._peers: PeerFigures | None = None
        self._daily: OrderedDict[tuple[Filter, tuple[str, ...]], tuple[Columns, Daily]] = OrderedDict()

    def view(
        self,
        conn: sqlite3.Connection,
        selection: Filter,
        *,
        categories: bool,
        hours: bool,
        members: bool = False,
        sums: tuple[str, ...] = SUM_NAMES,
    ) -> View:
        """The selection's facts; ``categories``, ``hours`` and ``sums`` of session rows are read only when asked for.

        ``members``: told apart by groups, as a selection of groups and rows of groups need it.
        """
        with self.lock:
            columns = self._holding(conn, selection.period, sums)
            if categories:
                self._widen(conn, columns, sums, categories=True)
            if members:
                columns = self._by_members(conn, columns)
            return View(
                columns, selection, self._hours(conn, columns, selection, sums, categories) if hours else NO_HOURS
            )

    def _hours(
        self, conn: sqlite3.Connection, columns: Columns, selection: Filter, sums: tuple[str, ...], categories: bool
    ) -> HourSums:
        members = columns.facts.members
        rows = self.rows.rows(conn, "session", selection)
        return hour_sums(rows, sums, categories=categories, member=None if members is None else members.number)

    def daily(self, conn: sqlite3.Connection, selection: Filter, metrics: Sequence[MetricDefinition]) -> Daily:
        """The selection's counts day by day; like the facts, they are kept until the data change."""
        key = (selection, tuple(metric.id for metric in metrics))
        with self.lock:
            sums, members = sums_of(metrics), bool(selection.groups)
            view = self.view(conn, selection, categories=False, hours=False, members=members, sums=sums)
            kept = self._daily.get(key)
            if kept is None or kept[0] is not view.columns:
                kept = self._daily[key] = (view.columns, daily_counts(view, metrics))
            self._daily.move_to_end(key)
            if len(self._daily) > _DAILY_KEPT:
                self._daily.popitem(last=False)
            return kept[1]

    def peers(self, conn: sqlite3.Connection) -> PeerFigures:
        """The figures of peers, likewise."""
        with self.lock:
            if self._peers is None or self._peers.version != batches.data_version(conn):
                self._peers = PeerFigures(conn)
            return self._peers

    def _by_members(self, conn: sqlite3.Connection, columns: Columns) -> Columns:
        if self._members is None or self._members[0] is not columns:
            self._members = (columns, Columns(by_members(columns.facts, Teams(conn))))
        return self._members[1]

    def _holding(self, conn: sqlite3.Connection, wanted: Period | None, sums: tuple[str, ...]) -> Columns:
        version = batches.data_version(conn)
        columns = self._columns if version == self._version else None
        if columns is not None and self._holds(wanted):
            self._widen(conn, columns, sums)
            return columns
        self._days = _around(wanted) if columns is None else None
        self._version = version
        stored = tuple(name for name in sums if name not in ROW_SUMS)
        facts = read_facts(conn, Filter(self._days), rules=self._rules, sums=stored)
        facts.window = None
        facts.category_sums = facts.category_sums.only(())
        self._columns = Columns(facts)
        self._widen(conn, self._columns, sums)
        return self._columns

    def _widen(
        self, conn: sqlite3.Connection, columns: Columns, sums: tuple[str, ...], *, categories: bool = False
    ) -> None:
        """Read what is not held yet of the sums; those that no roll-up has are worked out of the rows."""
        missing = columns.lacks(sums, categories=categories)
        stored = tuple(name for name in missing if name not in ROW_SUMS)
        others = tuple(name for name in missing if name in ROW_SUMS)
        if stored:
            more = read_sums(conn, Filter(self._days), columns.facts.rules, stored, categories=categories)
            columns.widen(more, categories=categories)
        if others:
            made = day_sums(self.rows.rows(conn, "session", Filter(self._days)), others, categories=categories)
            held = columns.facts.category_sums if categories else columns.facts.session_sums
            columns.widen(held.at_first(made), categories=categories)
        if missing:
            self._members = None

    def _holds(self, wanted: Period | None) -> bool:
        held = self._days
        return held is None or (wanted is not None and held.first <= wanted.first and wanted.last <= held.last)


def _around(wanted: Period | None) -> Period | None:
    if wanted is None or wanted.days > _LONGEST:
        return None
    first, last = to_epoch_day(wanted.first), to_epoch_day(wanted.last)
    before = max(_PAST, wanted.days + 3)  # the month or quarter before may be longer
    return Period(from_epoch_day(first - before), from_epoch_day(last + _AROUND))
