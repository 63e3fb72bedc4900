"""Rows of one kind as numpy columns, sorted by day; a selection of them is mostly a slice.

A column is read when it is first asked for. Numbers are floats with NaN for what is not known; texts are codes (−1 =
none) into a list.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from csdesk.metrics.days import Ints
from csdesk.metrics.sums import Floats
from csdesk.store import row_columns
from csdesk.store.kinds import DAY_SECONDS
from csdesk.store.outlier_rules import Rules
from csdesk.store.row_columns import AT, CORE, NO_DAY, PACKS, UNKNOWN

T = TypeVar("T")
Rows = slice | NDArray[np.intp]
"""Which rows: a stretch of them, or their positions."""


_SMALL = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, np.nan])
"""Small numbers by their code in the store's packs."""


@dataclass(frozen=True, slots=True)
class Codes:
    """A text column: ``code`` of each row into ``texts``, −1 where there is none."""

    code: Ints
    texts: Sequence[str | bytes]

    def at(self, rows: Rows | Ints) -> Codes:
        """The codes of some rows."""
        return Codes(self.code[rows], self.texts)


class RowTable:
    """All rows of a kind on some days (epoch days, None = all there are), by day and, within a day, by time.

    ``shop``, ``agent`` (final person, 0 = none), ``day`` (:data:`NO_DAY` = none) and ``at`` (epoch seconds, NaN = not
    known) are there at once, every other column on demand. ``connect`` hands out a connection that shows the
    same state of the store as long as the data version is the same.
    """

    def __init__(
        self, conn: sqlite3.Connection, kind: str, days: tuple[int, int] | None = None, rules: Rules = ()
    ) -> None:
        self.kind = kind
        self.days = days
        self._rules = rules
        self._numbers: dict[str, Floats] = {}
        self._codes: dict[str, Codes] = {}
        self._worked_out: dict[str, Any] = {}
        self._order: Ints | None = None
        self.size = -1
        heads = self._read(conn, CORE)
        shop, agent, day = row_columns.head_parts(heads)
        _to_persons(agent, row_columns.merged_agents(conn))
        at = self._at(conn)
        with np.errstate(invalid="ignore"):
            order = np.lexsort((at, day))
        self._order = order
        self.shop, self.agent, self.day = shop[order], agent[order], day[order]
        self.at = at[order]
        self._numbers = {name: column[order] for name, column in self._numbers.items()}
        self._codes = {name: column.at(order) for name, column in self._codes.items()}

    @classmethod
    def made(
        cls, kind: str, *, day: Sequence[int], shop: Sequence[int], agent: Sequence[int], at: Sequence[float | None],
        columns: Mapping[str, Sequence[Any]],
    ) -> RowTable:  # fmt: skip
        """A table of values at hand; columns that are not named hold nothing."""
        table = cls.__new__(cls)
        table.kind, table.days, table.size = kind, None, len(day)
        table._rules, table._worked_out = (), {}
        times = np.array(at, dtype=np.float64)
        order = np.lexsort((times, np.array(day, dtype=np.int64)))
        table._order = order
        table.shop, table.agent, table.day = (np.array(one, dtype=np.int64)[order] for one in (shop, agent, day))
        table.at = times[order]
        table._numbers, table._codes = {}, {}
        for pack in PACKS[kind].values():
            for name in (*pack.numbers, *pack.small):
                values = columns.get(name, [None] * len(day))
                table._numbers[name] = np.array(values, dtype=np.float64)[order]
            for name in pack.texts:
                coding = _Coding()
                coding.add(columns.get(name, [None] * len(day)))
                table._codes[name] = coding.codes().at(order)
        return table

    def numbers(self, conn: sqlite3.Connection, name: str) -> Floats:
        """A column of numbers by its name in :data:`csdesk.store.row_columns.PACKS`; KeyError for one in none."""
        if name not in self._numbers:
            self._read(conn, row_columns.pack_of(self.kind, name))
        return self._numbers[name]

    def codes(self, conn: sqlite3.Connection, name: str) -> Codes:
        """A column of texts, likewise."""
        if name not in self._codes:
            self._read(conn, row_columns.pack_of(self.kind, name))
        return self._codes[name]

    def kept(self, name: str, make: Callable[[], T]) -> T:
        """Something worked out of the columns, once."""
        if name not in self._worked_out:
            self._worked_out[name] = make()
        found: T = self._worked_out[name]
        return found

    def forget_worked_out(self) -> None:
        """Drop what :meth:`kept` keeps: what it was worked out by has changed."""
        self._worked_out.clear()

    def between(self, first: int, last: int) -> slice:
        """The rows of the days ``first``..``last``."""
        low, high = np.searchsorted(self.day, (first, last + 1))
        return slice(int(low), int(high))

    def _at(self, conn: sqlite3.Connection) -> Floats:
        at = np.full(self.size, np.nan)
        for name in AT[self.kind]:
            at = np.where(np.isnan(at), self.numbers(conn, name), at)
        return at

    def _read(self, conn: sqlite3.Connection, pack: str) -> Ints:
        """Read a pack; returns the heads of its rows, none but for the first pack."""
        declared = PACKS[self.kind][pack]
        numbers: list[list[Floats]] = [[] for _ in declared.numbers]
        texts = [_Coding() for _ in declared.texts]
        small: list[Ints] = []
        heads: list[Ints] = []
        for portion in row_columns.columns(conn, self.kind, pack, self.days, self._rules):
            values = list(zip(*portion, strict=True))
            for place, parts in enumerate(numbers):
                parts.append(np.frombuffer(array("d", values[place])))
            for place, coding in enumerate(texts, len(numbers)):
                coding.add(values[place])
            if declared.small:
                small.append(_whole(values[len(numbers) + len(texts)]))
            if pack == CORE:
                heads.append(_whole(values[-1]))
        found_heads = np.concatenate(heads) if heads else np.zeros(0, dtype=np.int64)
        if pack == CORE:
            self.size = len(found_heads)
        for name, parts in zip(declared.numbers, numbers, strict=True):
            found = np.concatenate(parts) if parts else np.zeros(0)
            found[found == UNKNOWN] = np.nan
            self._numbers[name] = found[self._in_order(name, len(found))]
        for name, coding in zip(declared.texts, texts, strict=True):
            codes = coding.codes()
            self._codes[name] = codes.at(self._in_order(name, len(codes.code)))
        packed = np.concatenate(small) if small else np.zeros(0, dtype=np.int64)
        for at, name in enumerate(declared.small):
            self._numbers[name] = _SMALL[(packed >> (3 * at)) & 7][self._in_order(name, len(packed))]
        return found_heads

    def _in_order(self, name: str, size: int) -> Rows:
        if size != self.size:  # the store moved on between two packs: read outside one transaction
            raise RuntimeError(f"{self.kind}.{name}: {size} rows, {self.size} before")
        return slice(None) if self._order is None else self._order


class _Coding:
    """Texts (or keys of bytes) by number. Texts are numbered in their own order, so that what stands first among equals
    depends neither on the days held nor on the process; keys, which are many and never shown, as they come.
    """

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {None: -1, "": -1}
        self._texts: list[Any] = []
        self._parts: list[Ints] = []

    def add(self, column: Sequence[Any]) -> None:
        numbers, texts = self._numbers, self._texts
        for text in dict.fromkeys(column):
            if text not in numbers:
                numbers[text] = len(texts)
                texts.append(text)
        self._parts.append(np.fromiter(map(numbers.__getitem__, column), dtype=np.int64, count=len(column)))

    def codes(self) -> Codes:
        code = np.concatenate(self._parts) if self._parts else np.zeros(0, dtype=np.int64)
        if not self._texts or not isinstance(self._texts[0], str):
            return Codes(code, self._texts)
        order = sorted(range(len(self._texts)), key=self._texts.__getitem__)
        number = np.empty(len(order) + 1, dtype=np.int64)
        number[order], number[-1] = np.arange(len(order)), -1
        return Codes(number[code], [self._texts[at] for at in order])


def _whole(values: Sequence[int]) -> Ints:
    return np.frombuffer(array("q", values), dtype=np.int64)


def _to_persons(agents: Ints, merged: Sequence[tuple[int, int]]) -> None:
    """Put the final person in the place of every account that was merged, in place."""
    accounts = agents.copy()
    for account, person in merged:
        agents[accounts == account] = person


def hour_of(at: Floats) -> Ints:
    """Hour 0–23 of epoch seconds of the shop's clock; −1 where they are not known."""
    known = np.isfinite(at)
    return np.where(known, np.where(known, at, 0).astype(np.int64) % DAY_SECONDS // 3600, -1)


def weekday_of(day: Ints) -> Ints:
    """1 = 周一 … 7 of epoch days; −1 for :data:`NO_DAY`."""
    return np.where(day == NO_DAY, -1, (day + 3) % 7 + 1)  # 1970-01-01 was a Thursday
