"""Sums of session rows as columns: one row a shop, agent, day and (where told apart) category."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from csdesk.metrics.days import Bools, Ints, ints
from csdesk.metrics.sum_names import ALL_SUMS
from csdesk.metrics.sums import Floats
from csdesk.store.sessions import SUM_NAMES

_AT_A_TIME = 500
_MOST_AGENTS = 1 << 32
_MOST_DAYS = 1 << 22


@dataclass(frozen=True, slots=True)
class SumRows:
    """``values`` are one row each in the order of ``names``; ``category`` is a place in ``categories`` ("" = none)."""

    shop: Ints
    agent: Ints
    day: Ints
    values: Floats
    category: Ints
    categories: tuple[str, ...] = ()
    names: tuple[str, ...] = SUM_NAMES

    @classmethod
    def of_days(cls, rows: Iterable[tuple[Any, ...]]) -> SumRows:
        """From (shop, agent, day, *SUM_NAMES)."""
        return _joined([_made([(*row[:3], None, *row[3:]) for row in rows], SUM_NAMES)], SUM_NAMES)

    @classmethod
    def of_categories(cls, rows: Iterable[tuple[Any, ...]]) -> SumRows:
        """From (shop, agent, day, category, *SUM_NAMES)."""
        return _joined([_made(list(rows), SUM_NAMES)], SUM_NAMES)

    @classmethod
    def read_days(cls, cursor: sqlite3.Cursor, names: tuple[str, ...]) -> SumRows:
        """All of a cursor of (shop, agent, day, *names), in portions: as tuples they take ten times the room."""
        portions = ([(*row[:3], None, *row[3:]) for row in portion] for portion in _portions(cursor))
        return _joined([_made(portion, names) for portion in portions], names)

    @classmethod
    def read_categories(cls, cursor: sqlite3.Cursor, names: tuple[str, ...]) -> SumRows:
        """Likewise of (shop, agent, day, category, *names)."""
        return _joined([_made(portion, names) for portion in _portions(cursor)], names)

    def __len__(self) -> int:
        return len(self.day)

    def __add__(self, other: SumRows) -> SumRows:
        return _joined([self, other], self.names)

    @property
    def lanes(self) -> set[tuple[int, int]]:
        """The (shop, agent) pairs that occur."""
        return {divmod(key, _MOST_AGENTS) for key in np.unique(self._lane_keys).tolist()}

    def lane_numbers(self, number_of: Callable[[tuple[int, int]], int]) -> Ints:
        """The number of each row's (shop, agent)."""
        keys, place = np.unique(self._lane_keys, return_inverse=True)
        return ints([number_of(divmod(key, _MOST_AGENTS)) for key in keys.tolist()])[place] if len(self) else self.day

    def where(self, chosen: Bools) -> SumRows:
        """Some of the rows."""
        return replace(
            self, shop=self.shop[chosen], agent=self.agent[chosen], day=self.day[chosen], values=self.values[chosen],
            category=self.category[chosen],
        )  # fmt: skip

    def only(self, names: tuple[str, ...]) -> SumRows:
        """With some of the sums."""
        return replace(self, names=names, values=self.values[:, [self.names.index(name) for name in names]])

    def beside(self, more: SumRows) -> SumRows:
        """With further sums of the same rows; of rows none of whose sums are held yet, with these alone."""
        if not self.names:
            return more
        names = (*self.names, *more.names)
        order = sorted(range(len(names)), key=lambda at: ALL_SUMS.index(names[at]))
        values = np.hstack((self.values, more.values))[:, order]
        return replace(self, names=tuple(names[at] for at in order), values=values)

    def at_first(self, more: SumRows) -> SumRows:
        """Sums of ``more`` (one row a shop, agent, day and category) for each of these rows; where several are of the
        same ones, on the first of them.
        """
        lanes = {lane: number for number, lane in enumerate(sorted(self.lanes | more.lanes))}
        names = {name: number for number, name in enumerate(sorted({*self.categories, *more.categories}))}
        base = min((int(rows.day.min()) for rows in (self, more) if len(rows)), default=0)
        mine, others = (rows._keys(lanes, names, base) for rows in (self, more))
        known, first = np.unique(mine, return_index=True)
        values = np.zeros((len(self), len(more.names)))
        place = np.searchsorted(known, others)
        there = place < len(known)
        there[there] = known[place[there]] == others[there]
        values[first[place[there]]] = more.values[there]
        return replace(self, names=more.names, values=values)

    def _keys(self, lanes: Mapping[tuple[int, int], int], names: Mapping[str, int], base: int) -> Ints:
        category = ints([names[name] for name in self.categories])
        part = category[self.category] if len(self) and len(category) else np.zeros(len(self), dtype=np.int64)
        lane = self.lane_numbers(lanes.__getitem__)
        return (lane * (len(names) + 1) + part) * _MOST_DAYS + self.day - base

    def with_agents(self, during: Callable[[int, int, int], Sequence[tuple[int, int, int]]]) -> SumRows:
        """With (number, first, last) of ``during(agent, first, last)`` in the place of the agents."""
        agent = self.agent.copy()
        for one in np.unique(self.agent).tolist():
            mine = np.flatnonzero(self.agent == one)
            days = self.day[mine]
            for number, first, last in during(one, int(days.min()), int(days.max())):
                agent[mine[(days >= first) & (days <= last)]] = number
        return replace(self, agent=agent)

    @property
    def _lane_keys(self) -> Ints:
        return self.shop * _MOST_AGENTS + self.agent


def _portions(cursor: sqlite3.Cursor) -> Iterable[list[tuple[Any, ...]]]:
    while portion := cursor.fetchmany(_AT_A_TIME):
        yield portion


def _made(rows: Sequence[tuple[Any, ...]], sums: tuple[str, ...]) -> SumRows:
    """From (shop, agent, day, category, *sums)."""
    heads = np.array([row[:3] for row in rows], dtype=np.int64).reshape(len(rows), 3)
    values = np.array([row[4:] for row in rows], dtype=np.float64).reshape(len(rows), len(sums))
    names = dict.fromkeys(row[3] for row in rows)
    numbers = {name: at for at, name in enumerate(names)}
    category = ints([numbers[row[3]] for row in rows])
    return SumRows(heads[:, 0], heads[:, 1], heads[:, 2], values, category, tuple(names), sums)


def _joined(parts: Sequence[SumRows], sums: tuple[str, ...]) -> SumRows:
    if not parts:
        return _made([], sums)
    numbers: dict[str, int] = {}
    codes = []
    for part in parts:
        places = ints([numbers.setdefault(name, len(numbers)) for name in part.categories])
        codes.append(places[part.category] if len(part) else part.category)
    shop, agent, day, values = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("shop", "agent", "day", "values")
    )
    return SumRows(shop, agent, day, values, np.concatenate(codes), tuple(numbers), sums)
