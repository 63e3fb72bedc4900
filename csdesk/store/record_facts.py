"""Writing rows of any kind: streamed in, compared in bulk with what other batches said, taken back.

A row is either *plain* (``versions`` = 0: every batch that brought it said exactly the same; the row is what
``batch_id`` said, ``<kind>_member`` names the others) or *folded* (``versions`` = 1: all words are in
``<kind>_version`` and the row takes each column from the latest export that has that column).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from csdesk.store import rollups
from csdesk.store.kinds import LONGEST_PAUSE, RecordKind
from csdesk.store.many_rows import insert_columns
from csdesk.store.record_fold import fold, settle_single
from csdesk.store.running_sums import RunningSums


class RecordWriter:
    """Takes the rows of one kind of one batch, chunk by chunk; :meth:`finish` settles rows other batches had too.

    ``mask``: the columns the file has (see :attr:`RecordKind.fields`); they must be the same for all chunks.
    """

    def __init__(self, conn: sqlite3.Connection, kind: RecordKind, batch_id: int, mask: int) -> None:
        self._conn = conn
        self._kind = kind
        self._table = kind.name
        self._listed = ", ".join(kind.stored)
        self._batch = int(batch_id)
        self._mask = int(mask)
        self._first_id = int(conn.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {self._table}").fetchone()[0])
        self._next_id = self._first_id
        # Into an empty table rows go in unchecked; building the indexes at the end costs a third of keeping them.
        self._late_indexes = _drop_indexes(conn, self._table) if self._first_id == 1 else []
        self._met = False
        self._inserted = 0
        self._days: set[tuple[int, int | None]] = set()
        self._people: set[tuple[int, int | None]] = set()
        self._sums = RunningSums(conn, self._mask) if kind.rolled_up and self._late_indexes else None
        if kind.rolled_up:
            rollups.start(conn)
        conn.execute(f"DROP TABLE IF EXISTS temp.{self._table}_incoming")
        conn.execute(
            f"""CREATE TEMP TABLE {self._table}_incoming (seq INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL,
                row_key TEXT NOT NULL, row_id INTEGER, {self._listed})"""
        )

    @property
    def rows(self) -> int:
        """Rows taken so far."""
        return self._next_id - self._first_id

    def add(self, shops: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
        """Add rows: ``columns`` holds the kind's key, day and any other of its stored columns."""
        size = len(shops)
        if not size:
            return
        ids = range(self._next_id, self._next_id + size)
        names = [self._kind.key, *(name for name in self._kind.stored if name in columns)]
        written = self._insert(ids, shops, names, columns)
        self._next_id += size
        self._inserted += written
        if written < size:
            self._set_aside(ids, shops, names, columns)
        one_shop = shops.count(shops[0]) == size
        for seen, values in ((self._days, columns["day"]), (self._people, columns.get("agent_id", [None] * size))):
            seen.update(((shops[0], value) for value in set(values)) if one_shop else zip(shops, values, strict=True))
        if self._sums is not None:
            self._sums.add(shops, columns)

    def _insert(
        self, ids: range, shops: Sequence[int], names: Sequence[str], columns: Mapping[str, Sequence[Any]]
    ) -> int:
        """Write the rows whose keys are new; returns how many. Handing over a value costs as much as writing it."""
        given: dict[str, Sequence[Any]] = {name: columns[name] for name in names}
        if not self._late_indexes:
            given["id"] = ids  # else SQLite numbers the rows of an empty table the same
        shop = "?"
        if shops.count(shops[0]) == len(shops):
            shop = str(int(shops[0]))
        else:
            given = {"shop_id": shops, **given}
        listed = [name for name in given if name != "shop_id"]
        how = "" if self._late_indexes else "OR IGNORE"
        return insert_columns(
            self._conn,
            f"INSERT {how} INTO {self._table} (shop_id, {', '.join(listed)}, fields, batch_id)",
            f"({shop}, {', '.join('?' * len(listed))}, {self._mask}, {self._batch})",
            list(given.values()),
        )

    def finish(self) -> tuple[int, int, int]:
        """(inserted, updated, duplicate) rows; roll-ups and coverage are right afterwards.

        A key the file has twice: the last row counts, the others are duplicates.
        """
        conn = self._conn
        if self._kind.rolled_up:
            rollups.touch(conn, ((shop, day) for shop, day in self._days if day is not None))
        updated = duplicate = 0
        if self._late_indexes:
            duplicate += self._build_indexes()
        if self._met:
            duplicate += self._settle_repeats()
            duplicate += self._remember_equals()
            changed, unchanged = self._add_versions()
            updated, duplicate = changed, duplicate + unchanged
        self._cover()
        if self._kind.rolled_up and not (self._sums and not duplicate and self._sums.finish()):
            rollups.renew(conn, all_days=bool(self._late_indexes))
        return self._inserted, updated, duplicate

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last day of the rows taken, None where no row has a day."""
        days = [day for _, day in self._days if day is not None]
        return (min(days), max(days)) if days else None

    def _cover(self) -> None:
        """Note the days and agents the file speaks for; 1..0 where its rows have no days, agent 0 for nobody.

        A batch that grows (entries typed in one after another) has said so before.
        """
        spans = without_pauses((day, day) for _, day in self._days if day is not None) or [(1, 0)]
        self._conn.executemany(
            f"""INSERT OR IGNORE INTO {self._table}_coverage (batch_id, shop_id, agent_id, first_day, last_day, fields)
                VALUES ({self._batch}, ?, ?, ?, ?, {self._mask})""",
            {(shop, agent or 0, *span) for shop, agent in self._people for span in spans},
        )

    def _set_aside(
        self, ids: range, shops: Sequence[int], names: list[str], columns: Mapping[str, Sequence[Any]]
    ) -> None:
        """Keep the rows whose key was there already for :meth:`finish`."""
        self._met = True
        query = f"SELECT id FROM {self._table} WHERE id BETWEEN ? AND ?"
        written = {row[0] for row in self._conn.execute(query, (ids[0], ids[-1]))}
        rows = zip(ids, shops, *(columns[name] for name in names), strict=True)
        self._conn.executemany(
            f"""INSERT INTO temp.{self._table}_incoming (seq, shop_id, {", ".join(["row_key", *names[1:]])})
                VALUES ({", ".join("?" * (len(names) + 2))})""",
            (row for row in rows if row[0] not in written),
        )

    def _build_indexes(self) -> int:
        """Index the rows of an empty table's first file; of repeated keys the last row stays."""
        dropped = 0
        try:
            self._create_indexes()
        except sqlite3.IntegrityError:
            table, key = self._table, self._kind.key
            dropped = self._conn.execute(
                f"DELETE FROM {table} WHERE id NOT IN (SELECT max(id) FROM {table} GROUP BY shop_id, {key})"
            ).rowcount
            self._create_indexes()
        self._inserted -= dropped
        return dropped

    def _create_indexes(self) -> None:
        for statement in self._late_indexes:
            self._conn.execute(statement)

    def _settle_repeats(self) -> int:
        """Keys the file has more than once: keep the last row of each."""
        conn, first, table = self._conn, self._first_id, self._table
        conn.execute(
            f"""UPDATE temp.{table}_incoming AS i SET row_id = (SELECT id FROM {table} AS s
                WHERE s.shop_id = i.shop_id AND s.{self._kind.key} = i.row_key)"""
        )
        conn.execute(f"CREATE INDEX temp.{table}_incoming_by_row ON {table}_incoming (row_id, seq)")
        dropped = conn.execute(
            f"""DELETE FROM temp.{table}_incoming AS i WHERE seq < (SELECT max(later.seq)
                FROM temp.{table}_incoming AS later WHERE later.row_id = i.row_id)"""
        ).rowcount
        conn.execute(
            f"""UPDATE {table} SET ({self._listed}) = (SELECT {self._listed} FROM temp.{table}_incoming AS i
                                                       WHERE i.row_id = {table}.id)
                WHERE id >= ?1 AND id IN (SELECT row_id FROM temp.{table}_incoming)""",
            (first,),
        )
        dropped += conn.execute(f"DELETE FROM temp.{table}_incoming WHERE row_id >= ?", (first,)).rowcount
        return dropped

    def _remember_equals(self) -> int:
        """Plain rows that are told again word for word: note that this batch has them too."""
        conn, table, ref = self._conn, self._table, self._kind.ref
        equal = " AND ".join(f"s.{column} IS i.{column}" for column in self._kind.stored)
        conn.execute(
            f"""INSERT INTO {table}_member ({ref}, batch_id)
                SELECT i.row_id, {self._batch}
                FROM temp.{table}_incoming AS i CROSS JOIN {table} AS s ON s.id = i.row_id
                WHERE NOT s.versions AND s.fields = {self._mask} AND {equal}"""
        )
        return conn.execute(
            f"""DELETE FROM temp.{table}_incoming AS i WHERE EXISTS (SELECT 1 FROM {table}_member AS m
                WHERE m.{ref} = i.row_id AND m.batch_id = ?)""",
            (self._batch,),
        ).rowcount

    def _add_versions(self) -> tuple[int, int]:
        """Rows told differently: keep every batch's word and fold; (rows changed by it, rows not changed)."""
        conn, table, ref, listed = self._conn, self._table, self._kind.ref, self._listed
        _start_folding(conn)
        conn.execute(f"INSERT INTO temp.refold (id) SELECT row_id FROM temp.{table}_incoming")
        _touch_refold(conn, self._kind)
        spoken = ", ".join(f"s.{column}" for column in self._kind.stored)
        into = f"INSERT INTO {table}_version ({ref}, batch_id, fields, {listed})"
        plain = f"temp.refold AS r CROSS JOIN {table} AS s ON s.id = r.id AND NOT s.versions"
        conn.execute(f"{into} SELECT s.id, s.batch_id, s.fields, {spoken} FROM {plain}")
        conn.execute(
            f"""{into} SELECT s.id, m.batch_id, s.fields, {spoken} FROM {plain}
                CROSS JOIN {table}_member AS m ON m.{ref} = s.id"""
        )
        conn.execute(f"DELETE FROM {table}_member WHERE {ref} IN (SELECT id FROM temp.refold)")
        conn.execute(f"{into} SELECT row_id, {self._batch}, {self._mask}, {listed} FROM temp.{table}_incoming")
        changed = fold(conn, self._kind)
        _touch_refold(conn, self._kind)
        total = int(conn.execute("SELECT count(*) FROM temp.refold").fetchone()[0])
        return changed, total - changed


def without_pauses(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of days, ascending, joined unless more than :data:`LONGEST_PAUSE` days lie between."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first - joined[-1][1] <= LONGEST_PAUSE:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def remove(conn: sqlite3.Connection, kind: RecordKind, batch_id: int) -> None:
    """Take a batch's rows back: rows only it had go, the others are what the remaining batches say."""
    table, ref = kind.name, kind.ref
    spoken = conn.execute(f"SELECT 1 FROM {table}_coverage WHERE batch_id = ? LIMIT 1", (batch_id,)).fetchone()
    if spoken is None:
        return
    if kind.rolled_up:
        rollups.start(conn)
    _start_folding(conn)
    for day in ("s.day BETWEEN c.first_day AND c.last_day", "s.day IS NULL"):
        conn.execute(
            f"""INSERT OR IGNORE INTO temp.own (id) SELECT s.id FROM
                  (SELECT DISTINCT shop_id, first_day, last_day FROM {table}_coverage WHERE batch_id = ?1) AS c
                CROSS JOIN {table} AS s INDEXED BY {table}_by_day
                  ON s.shop_id = c.shop_id AND {day}
                WHERE s.batch_id = ?1 AND NOT s.versions""",
            (batch_id,),
        )
    conn.execute(f"INSERT INTO temp.refold (id) SELECT {ref} FROM {table}_version WHERE batch_id = ?", (batch_id,))
    if kind.rolled_up:
        rollups.touch_query(
            conn, f"SELECT DISTINCT s.shop_id, s.day FROM temp.own AS o CROSS JOIN {table} AS s ON s.id = o.id"
        )
    _touch_refold(conn, kind)
    _hand_over(conn, kind)
    conn.execute(f"DELETE FROM {table} WHERE id IN (SELECT id FROM temp.own)")
    for side in ("member", "version", "coverage"):
        conn.execute(f"DELETE FROM {table}_{side} WHERE batch_id = ?", (batch_id,))
    fold(conn, kind)
    settle_single(conn, kind)
    _touch_refold(conn, kind)
    if kind.rolled_up:
        rollups.renew(conn)


def _touch_refold(conn: sqlite3.Connection, kind: RecordKind) -> None:
    """Note the days of the rows that are being folded, as they stand now."""
    if kind.rolled_up:
        rollups.touch_query(
            conn,
            f"SELECT DISTINCT s.shop_id, s.day FROM temp.refold AS r CROSS JOIN {kind.name} AS s ON s.id = r.id",
        )


def _hand_over(conn: sqlite3.Connection, kind: RecordKind) -> None:
    """Rows another batch also has, word for word, become that batch's; they are no longer in ``own``."""
    table, ref = kind.name, kind.ref
    conn.execute("DROP TABLE IF EXISTS temp.kept")
    conn.execute(
        f"""CREATE TEMP TABLE kept AS SELECT o.id, min(m.batch_id) AS heir
            FROM temp.own AS o CROSS JOIN {table}_member AS m ON m.{ref} = o.id GROUP BY o.id"""
    )
    conn.execute(f"UPDATE {table} SET batch_id = kept.heir FROM temp.kept AS kept WHERE {table}.id = kept.id")
    conn.execute(
        f"""DELETE FROM {table}_member WHERE {ref} IN (SELECT id FROM temp.kept)
            AND batch_id = (SELECT s.batch_id FROM {table} AS s WHERE s.id = {table}_member.{ref})"""
    )
    conn.execute("DELETE FROM temp.own WHERE id IN (SELECT id FROM temp.kept)")
    conn.execute("DROP TABLE temp.kept")


def _drop_indexes(conn: sqlite3.Connection, table: str) -> list[str]:
    """Take the indexes off a table; returns the statements that make them again, the unique one first."""
    indexes = conn.execute(
        """SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL
           ORDER BY sql NOT LIKE 'CREATE UNIQUE%', name""",
        (table,),
    ).fetchall()
    for name, _ in indexes:
        conn.execute(f"DROP INDEX {name}")
    return [sql for _, sql in indexes]


def _start_folding(conn: sqlite3.Connection) -> None:
    """Empty lists of the rows to fold and of the rows a batch has alone."""
    for name in ("refold", "own"):
        conn.execute(f"DROP TABLE IF EXISTS temp.{name}")
        conn.execute(f"CREATE TEMP TABLE {name} (id INTEGER PRIMARY KEY)")
