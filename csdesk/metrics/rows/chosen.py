"""The rows of a selection: views of the table's columns, and what is worked out of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from csdesk.domain.filters import Filter
from csdesk.domain.period import to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.metrics.days import Bools, Ints
from csdesk.metrics.facts import ShopInfo
from csdesk.metrics.rows.table import Codes, Rows, RowTable, hour_of, weekday_of
from csdesk.metrics.rows.windows import Windows
from csdesk.metrics.sums import Floats
from csdesk.store.kinds import KINDS
from csdesk.store.row_columns import NO_DAY
from csdesk.store.teams import Teams

Spoken = tuple[int, int, int, int, int]
Measure = Callable[["ChosenRows"], Floats]
"""A number of each row of a whole table (NaN = not known), worked out of its columns."""


@dataclass(frozen=True, slots=True)
class Around:
    """What rows are looked at with: the shops by id, who was in which group when, the measures of their kind.

    ``beside`` gives every row of another kind, ``spoken`` the files that brought rows of a kind as (shop, first day,
    last day, fields, batch), ``windows`` what the owner set of how rows
    are counted, ``robots`` the agents that are no people.
    """

    shops: Mapping[int, ShopInfo]
    teams: Callable[[], Teams]
    measures: Mapping[str, Measure]
    beside: Callable[[str], ChosenRows]
    spoken: Callable[[str], Sequence[Spoken]]
    windows: Windows = field(default_factory=Windows)
    robots: frozenset[int] = frozenset()


class ChosenRows:
    """The rows of a kind that a selection holds, in the order of time.

    ``shop``, ``agent``, ``day``, ``at`` as in :class:`RowTable`. ``number`` gives a column or a declared measure,
    ``codes`` a text column. ``whole`` is the table's every row, for what looks beyond the selection (did the buyer come
    back later?); ``within`` cuts an array over the whole table to the selection.
    """

    def __init__(
        self,
        conn: sqlite3.Connection,
        table: RowTable,
        rows: Rows,
        around: Around,
    ) -> None:
        self.kind = table.kind
        self.table = table
        self.rows = rows
        self.shops = around.shops
        self._conn = conn
        self._around = around
        self.histograms: dict[str, tuple[Ints, Ints]] = {}
        """By number the last split it was counted by, and the counts (see :mod:`csdesk.metrics.rows.reduce`)."""

    @cached_property
    def size(self) -> int:
        """How many rows."""
        if isinstance(self.rows, slice):
            return int(self.rows.stop - self.rows.start)
        return len(self.rows)

    @cached_property
    def shop(self) -> Ints:
        """Shop ids."""
        return self.table.shop[self.rows]

    @cached_property
    def agent(self) -> Ints:
        """Final persons, 0 = none."""
        return self.table.agent[self.rows]

    @cached_property
    def day(self) -> Ints:
        """Epoch days, ascending; :data:`NO_DAY` = none."""
        return self.table.day[self.rows]

    @cached_property
    def at(self) -> Floats:
        """Epoch seconds of the shop's clock, NaN = not known."""
        return self.table.at[self.rows]

    @cached_property
    def hour(self) -> Ints:
        """0–23, −1 = not known."""
        return self.table.kept("hour", lambda: hour_of(self.table.at))[self.rows]

    @cached_property
    def weekday(self) -> Ints:
        """1 = 周一 … 7, −1 = not known."""
        return weekday_of(self.day)

    @cached_property
    def whole(self) -> ChosenRows:
        """Every row of the table."""
        everything = slice(0, self.table.size)
        if isinstance(self.rows, slice) and self.rows == everything:
            return self
        return ChosenRows(self._conn, self.table, everything, self._around)

    @property
    def windows(self) -> Windows:
        """What the owner set of how rows are counted."""
        return self._around.windows

    def beside(self, kind: str) -> ChosenRows:
        """Every row of another kind, for measures that look across (was the order reviewed?)."""
        return self._around.beside(kind)

    @cached_property
    def spoken(self) -> Sequence[Spoken]:
        """The files these rows came from: (shop, first day, last day, fields, batch), the days they speak for."""
        return self._around.spoken(self.kind)

    def spoken_of(self, kind: str) -> Sequence[Spoken]:
        """The files that brought rows of another kind, without reading these."""
        return self._around.spoken(kind)

    def within(self, values: Floats) -> Floats:
        """Values of every row of the table, cut to the selection."""
        return values[self.rows]

    def number(self, name: str) -> Floats:
        """A column or a measure by name; NaN = not known."""
        measure = self._around.measures.get(name)
        if measure is not None:
            return self.table.kept(f"measure {name}", lambda: measure(self.whole))[self.rows]
        return self.table.numbers(self._conn, name)[self.rows]

    def codes(self, name: str) -> Codes:
        """A text column."""
        return self.table.codes(self._conn, name).at(self.rows)

    def ranks(self, name: str) -> tuple[Floats, NDArray[np.int32]]:
        """The distinct values of a number over the whole table, ascending, and each row's place among them (−1 = not
        known): medians of any groups are then counted, not sorted.
        """
        values, place = self.table.kept(f"ranks {name}", lambda: _ranked(self.whole.number(name)))
        return values, place[self.rows]

    @property
    def robots(self) -> frozenset[int]:
        """Agents that are robots."""
        return self._around.robots

    def shops_with(self, column: str) -> frozenset[int]:
        """Shops of which any file has a column."""
        bit = KINDS[self.kind].mask(frozenset((column,)))
        return frozenset(shop for shop, _, _, fields, _ in self.spoken if fields & bit)

    def last_spoken(self) -> Mapping[int, int]:
        """By shop the last day (epoch) any file speaks for."""
        found: dict[int, int] = {}
        for shop, _, last, _, _ in self.spoken:
            found[shop] = max(last, found.get(shop, last))
        return found

    def platform_is(self, platform: Platform) -> Floats:
        """1.0 for rows of a platform's shops, else 0.0."""
        shops = [shop for shop, info in self.shops.items() if info.platform is platform]
        return np.isin(self.shop, shops).astype(np.float64)

    @cached_property
    def group(self) -> Codes:
        """The group (售前, 晚班, …) of each row's agent on its day; −1 for rows without an agent."""
        return groups_of(self.agent, self.day, self._around.teams())


def _ranked(values: Floats) -> tuple[Floats, NDArray[np.int32]]:
    known = np.isfinite(values)
    place = np.full(len(values), -1, dtype=np.int32)
    distinct, found = np.unique(values[known], return_inverse=True)
    place[known] = found
    return distinct, place


def groups_of(agent: Ints, day: Ints, teams: Teams) -> Codes:
    """Groups of (agent, day) pairs."""
    numbers: dict[str, int] = {}
    code = np.full(len(agent), -1, dtype=np.int64)
    for person in np.unique(agent).tolist():
        if not person:
            continue
        mine = np.flatnonzero(agent == person)
        days = day[mine]
        known = days[days != NO_DAY]
        if not len(known):
            continue
        for name, first, last in teams.during(person, int(known.min()), int(known.max())):
            number = numbers.setdefault(name, len(numbers))
            code[mine[(days >= first) & (days <= last)]] = number
    return Codes(code, list(numbers))


def chosen_positions(table: RowTable, selection: Filter, around: Around) -> Rows:
    """Which rows of a table a selection holds."""
    rows = slice(0, table.size)
    if selection.period is not None:
        rows = table.between(to_epoch_day(selection.period.first), to_epoch_day(selection.period.last))
    there = np.ones(rows.stop - rows.start, dtype=np.bool_)
    narrowed = False
    if selection.shops or selection.platform is not None:
        wanted = [
            shop for shop, info in around.shops.items()
            if (not selection.shops or shop in selection.shops)
            and (selection.platform is None or info.platform is selection.platform)
        ]  # fmt: skip
        if len(wanted) < len(around.shops):
            there &= np.isin(table.shop[rows], wanted)
            narrowed = True
    if selection.agents:
        there &= np.isin(table.agent[rows], selection.agents)
        narrowed = True
    if selection.groups:
        there &= _in_groups(table, rows, selection, around.teams())
        narrowed = True
    if not narrowed or there.all():
        return rows
    return np.flatnonzero(there) + rows.start


def _in_groups(table: RowTable, rows: slice, selection: Filter, teams: Teams) -> Bools:
    groups = groups_of(table.agent[rows], table.day[rows], teams)
    wanted = [number for number, name in enumerate(groups.texts) if name in selection.groups]
    return np.isin(groups.code, wanted)
