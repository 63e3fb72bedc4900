"""Writing what reports say: every version is kept, one counts.

Measures and benchmarks differ only in their keys, so both are an instance of :class:`VersionedTable`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

Row = tuple[Any, ...]
Facts = dict[Row, Row]

NEWEST_FIRST = "b.exported_at DESC, b.written_at DESC, b.sha256 DESC, b.member DESC, b.claim DESC, b.id DESC"
"""Which batch wins: the later export, then the later file; equal ones go by content, never by order of import."""


@dataclass(frozen=True, slots=True)
class VersionedTable:
    """A table of cells by ``keys`` and batch; ``effective`` marks the version that counts."""

    name: str
    keys: tuple[str, ...]
    contents: tuple[str, ...]

    def write(self, conn: sqlite3.Connection, batch_id: int, cells: Iterable[Row]) -> tuple[Facts, Facts]:
        """Add cells ``(*keys, *contents)`` of a batch (a cell given twice: the last counts) and settle what counts.

        Returns key → contents that counted before and that count now, for the cells of this batch.
        """
        columns = (*self.keys, *self.contents)
        conn.executemany(
            f"""INSERT OR REPLACE INTO {self.name} ({", ".join(columns)}, batch_id)
                VALUES ({", ".join("?" * len(columns))}, {int(batch_id)})""",
            cells,
        )
        before = self._effective(conn, batch_id)
        self._settle(conn, batch_id)
        return before, self._effective(conn, batch_id)

    def remove(self, conn: sqlite3.Connection, batch_id: int) -> None:
        """Take a batch's cells away; of the versions left the best counts again."""
        self._settle(conn, batch_id, without=batch_id)
        conn.execute(f"DELETE FROM {self.name} WHERE batch_id = ?", (batch_id,))

    def unsettled(self, conn: sqlite3.Connection) -> int:
        """How many cells carry the wrong ``effective`` mark; 0 in a sound store."""
        row = conn.execute(
            f"""SELECT count(*) FROM (
                    SELECT m.effective AS marked, {self._rank()} = 1 AS counts
                    FROM {self.name} AS m JOIN batch AS b ON b.id = m.batch_id)
                WHERE marked <> counts"""
        ).fetchone()
        return int(row[0])

    def _effective(self, conn: sqlite3.Connection, batch_id: int) -> Facts:
        keys = ", ".join(f"m.{key}" for key in self.keys)
        contents = ", ".join(f"m.{content}" for content in self.contents)
        rows = conn.execute(
            f"""SELECT {keys}, {contents} FROM {self.name} AS own CROSS JOIN {self.name} AS m
                ON {self._same("own", "m")} WHERE own.batch_id = ? AND m.effective""",
            (batch_id,),
        )
        width = len(self.keys)
        return {row[:width]: row[width:] for row in rows}

    def _settle(self, conn: sqlite3.Connection, batch_id: int, without: int = 0) -> None:
        conn.execute(
            f"""UPDATE {self.name} SET effective = ranked.counts FROM (
                    SELECT {", ".join(f"m.{key}" for key in self.keys)}, m.batch_id, {self._rank()} = 1 AS counts
                    FROM {self.name} AS own CROSS JOIN {self.name} AS m ON {self._same("own", "m")}
                    JOIN batch AS b ON b.id = m.batch_id
                    WHERE own.batch_id = ? AND m.batch_id <> ?) AS ranked
                WHERE {self._same(self.name, "ranked")} AND {self.name}.batch_id = ranked.batch_id
                  AND {self.name}.effective <> ranked.counts""",
            (batch_id, without),
        )

    def _rank(self) -> str:
        partition = ", ".join(f"m.{key}" for key in self.keys)
        return f"row_number() OVER (PARTITION BY {partition} ORDER BY m.value IS NULL, {NEWEST_FIRST})"

    def _same(self, one: str, other: str) -> str:
        return " AND ".join(f"{one}.{key} = {other}.{key}" for key in self.keys)


MEASURES = VersionedTable(
    "measure",
    ("shop_id", "first_day", "last_day", "agent_id", "source", "measure"),
    ("value", "provisional"),
)
BENCHMARKS = VersionedTable("benchmark", ("shop_id", "first_day", "last_day", "source", "peer", "measure"), ("value",))
