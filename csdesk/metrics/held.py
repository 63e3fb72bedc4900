"""Facts held in memory for one data version: read when first asked for, kept until the data change.

A question of some weeks reads the days it needs and some around them, so that a page opens at once, and another month
costs no more than these days; the first longer question reads everything.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
"""Days read at least on either side of a question: the span before it, and the next clicks."""
_NEAR = 7
"""Days of sums by category read at least on either side: they are the most there is to read at first."""
_PAST = 140
"""Days read at least before it: what is ordinary is learnt from them."""
_STRETCHES = 6
"""Stretches of days that are kept. A page asks for its own, the one it is compared with, and the months before."""
_DAILY_KEPT = 12
"""Selections whose counts by day are kept."""
_LONGEST = 186
"""Longer questions read everything."""


@dataclass(slots=True)
class _Stretch:
    """Columns of the facts of some days (None = all there are), and the same by members once these are asked for."""

    days: Period | None
    columns: Columns
    by_members: Columns | None = None
    category_days: Period | None = None
    """Of which days the sums by category are held, once ``categories`` are: there are very many of them."""
    categories: bool = False

    def holds(self, wanted: Period | None) -> bool:
        """Whether all the days wanted are among them."""
        return _within(wanted, self.days)

    def open_categories(self, wanted: Period | None) -> None:
        """Choose the days of sums by category: some around those wanted, all of them when these do not suffice."""
        if self.categories and _within(wanted, self.category_days):
            return
        around = None if self.categories else _around(wanted, wanted.days + 3 if wanted is not None else 0, _NEAR)
        self.category_days = self.days if around is None or not self.holds(around) else around
        self.categories = True
        self.columns.facts.category_sums = self.columns.facts.category_sums.only(())


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
        self._stretches: list[_Stretch] = []
        """As they were read; or one of all days."""
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
        alone: bool = False,
    ) -> View:
        """The selection's facts; ``categories``, ``hours`` and ``sums`` of session rows are read only when asked for.

        ``members``: told apart by groups, as a selection of groups and rows of groups need it. ``alone``: it is held
        against nothing that lies before it.
        """
        with self.lock:
            stretch = self._holding(conn, selection.period, sums, alone=alone)
            self._widen(conn, stretch, sums)
            if categories:
                stretch.open_categories(selection.period)
                self._widen(conn, stretch, sums, categories=True)
            columns = self._by_members(conn, stretch) if members else stretch.columns
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
            view = self.view(conn, selection, categories=False, hours=False, members=members, sums=sums, alone=True)
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

    def _by_members(self, conn: sqlite3.Connection, stretch: _Stretch) -> Columns:
        if stretch.by_members is None:
            stretch.by_members = Columns(by_members(stretch.columns.facts, Teams(conn)))
        return stretch.by_members

    def _holding(
        self, conn: sqlite3.Connection, wanted: Period | None, sums: tuple[str, ...], *, alone: bool
    ) -> _Stretch:
        version = batches.data_version(conn)
        if version != self._version:
            self._stretches.clear()
            self._version = version
        for stretch in self._stretches:  # the same question finds the same stretch again: what it needs is read there
            if stretch.holds(wanted):
                return stretch
        days = _around(wanted, 0 if alone or wanted is None else max(_PAST, wanted.days + 3), _AROUND)
        stored = tuple(name for name in sums if name not in ROW_SUMS)
        facts = read_facts(conn, Filter(days), rules=self._rules, sums=stored)
        facts.window = None
        facts.category_sums = facts.category_sums.only(())
        made = _Stretch(days, Columns(facts))
        if days is None:
            self._stretches.clear()
        elif len(self._stretches) == _STRETCHES:
            self._stretches.pop(0)
        self._stretches.append(made)
        return made

    def _widen(
        self, conn: sqlite3.Connection, stretch: _Stretch, sums: tuple[str, ...], *, categories: bool = False
    ) -> None:
        """Read what is not held yet of the sums; those that no roll-up has are worked out of the rows."""
        columns, days = stretch.columns, Filter(stretch.category_days if categories else stretch.days)
        missing = columns.lacks(sums, categories=categories)
        stored = tuple(name for name in missing if name not in ROW_SUMS)
        others = tuple(name for name in missing if name in ROW_SUMS)
        if stored:
            more = read_sums(conn, days, columns.facts.rules, stored, categories=categories)
            columns.widen(more, categories=categories)
        if others:
            made = day_sums(self.rows.rows(conn, "session", days, alone=True), others, categories=categories)
            held = columns.facts.category_sums if categories else columns.facts.session_sums
            columns.widen(held.at_first(made), categories=categories)
        if missing:
            stretch.by_members = None


def _within(wanted: Period | None, held: Period | None) -> bool:
    return held is None or (wanted is not None and held.first <= wanted.first and wanted.last <= held.last)


def _around(wanted: Period | None, before: int, least: int) -> Period | None:
    """The days wanted with ``before`` and at least ``least`` days before them (the span before may be longer than
    these), and ``least`` after; None = all.
    """
    if wanted is None or wanted.days > _LONGEST:
        return None
    first, last = to_epoch_day(wanted.first), to_epoch_day(wanted.last)
    return Period(from_epoch_day(first - max(before, least)), from_epoch_day(last + least))
