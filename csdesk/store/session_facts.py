"""Writing session rows: streamed in, compared in bulk with what other batches said, taken back.

A row is either *plain* (``versions`` = 0: every batch that brought it said exactly the same; the row is what
``batch_id`` said, ``session_member`` names the others) or *folded* (``versions`` = 1: all words are in
``session_version`` and the row takes each column from the latest export that has that column).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from csdesk.store import rollups
from csdesk.store.session_fold import COLUMNS, fold, settle_single

_LISTED = ", ".join(COLUMNS)
_EQUAL = " AND ".join(f"s.{column} IS i.{column}" for column in COLUMNS)


class SessionWriter:
    """Takes the rows of one batch, chunk by chunk; :meth:`finish` settles rows other batches had too.

    ``mask``: the columns the file has (see FIELDS); they must be the same for all chunks.
    """

    def __init__(self, conn: sqlite3.Connection, batch_id: int, mask: int) -> None:
        self._conn = conn
        self._batch = int(batch_id)
        self._mask = int(mask)
        self._first_id = int(conn.execute("SELECT coalesce(max(id), 0) + 1 FROM session").fetchone()[0])
        self._next_id = self._first_id
        # Into an empty table rows go in unchecked; building the indexes at the end costs a third of keeping them.
        self._late_indexes = _drop_indexes(conn) if self._first_id == 1 else []
        self._met = False
        self._inserted = 0
        self._days: set[tuple[int, int]] = set()
        self._people: set[tuple[int, int]] = set()
        rollups.start(conn)
        _start(conn)

    @property
    def rows(self) -> int:
        """Rows taken so far."""
        return self._next_id - self._first_id

    def add(self, shops: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
        """Add rows: ``columns`` holds session_key, agent_id, started_at, day and any other column of the table."""
        size = len(shops)
        ids = range(self._next_id, self._next_id + size)
        names = ["session_key", *(name for name in COLUMNS if name in columns)]
        rows = zip(ids, shops, *(columns[name] for name in names), strict=True)
        cursor = self._conn.executemany(
            f"""INSERT {"" if self._late_indexes else "OR IGNORE"} INTO session
                (id, shop_id, {", ".join(names)}, fields, batch_id)
                VALUES ({", ".join("?" * (len(names) + 2))}, {self._mask}, {self._batch})""",
            rows,
        )
        self._next_id += size
        self._inserted += cursor.rowcount
        if cursor.rowcount < size:
            self._set_aside(ids, shops, names, columns)
        self._days.update(zip(shops, columns["day"], strict=True))
        self._people.update(zip(shops, columns["agent_id"], strict=True))

    def finish(self) -> tuple[int, int, int]:
        """(inserted, updated, duplicate) rows; roll-ups and coverage are right afterwards.

        A key the file has twice: the last row counts, the others are duplicates.
        """
        conn = self._conn
        rollups.touch(conn, self._days)
        updated = duplicate = 0
        if self._late_indexes:
            duplicate += self._build_indexes()
        if self._met:
            duplicate += self._settle_repeats()
            duplicate += self._remember_equals()
            changed, unchanged = self._add_versions()
            updated, duplicate = changed, duplicate + unchanged
        if self._days:
            days = [day for _, day in self._days]
            conn.executemany(
                f"""INSERT INTO session_coverage (batch_id, shop_id, agent_id, first_day, last_day, fields)
                    VALUES ({self._batch}, ?, ?, {min(days)}, {max(days)}, {self._mask})""",
                self._people,
            )
        rollups.renew(conn, all_days=bool(self._late_indexes))
        return self._inserted, updated, duplicate

    @property
    def span(self) -> tuple[int, int] | None:
        """First and last day of the rows taken."""
        days = [day for _, day in self._days]
        return (min(days), max(days)) if days else None

    def _set_aside(
        self, ids: range, shops: Sequence[int], names: list[str], columns: Mapping[str, Sequence[Any]]
    ) -> None:
        """Keep the rows whose key was there already for :meth:`finish`."""
        self._met = True
        query = "SELECT id FROM session WHERE id BETWEEN ? AND ?"
        written = {row[0] for row in self._conn.execute(query, (ids[0], ids[-1]))}
        rows = zip(ids, shops, *(columns[name] for name in names), strict=True)
        self._conn.executemany(
            f"""INSERT INTO temp.incoming (seq, shop_id, {", ".join(names)})
                VALUES ({", ".join("?" * (len(names) + 2))})""",
            (row for row in rows if row[0] not in written),
        )

    def _build_indexes(self) -> int:
        """Index the rows of an empty table's first file; of repeated keys the last row stays."""
        dropped = 0
        try:
            self._create_indexes()
        except sqlite3.IntegrityError:
            dropped = self._conn.execute(
                "DELETE FROM session WHERE id NOT IN (SELECT max(id) FROM session GROUP BY shop_id, session_key)"
            ).rowcount
            self._create_indexes()
        self._inserted -= dropped
        return dropped

    def _create_indexes(self) -> None:
        for statement in self._late_indexes:
            self._conn.execute(statement)

    def _settle_repeats(self) -> int:
        """Keys the file has more than once: keep the last row of each."""
        conn, first = self._conn, self._first_id
        conn.execute(
            """UPDATE temp.incoming SET session_id = (SELECT id FROM session AS s
               WHERE s.shop_id = incoming.shop_id AND s.session_key = incoming.session_key)"""
        )
        conn.execute("CREATE INDEX temp.incoming_by_session ON incoming (session_id, seq)")
        dropped = conn.execute(
            """DELETE FROM temp.incoming WHERE seq < (SELECT max(later.seq) FROM temp.incoming AS later
               WHERE later.session_id = incoming.session_id)"""
        ).rowcount
        conn.execute(
            f"""UPDATE session SET ({_LISTED}) = (SELECT {_LISTED} FROM temp.incoming AS i
                                                WHERE i.session_id = session.id)
                WHERE id >= ?1 AND id IN (SELECT session_id FROM temp.incoming)""",
            (first,),
        )
        dropped += conn.execute("DELETE FROM temp.incoming WHERE session_id >= ?", (first,)).rowcount
        return dropped

    def _remember_equals(self) -> int:
        """Plain rows that are told again word for word: note that this batch has them too."""
        conn = self._conn
        conn.execute(
            f"""INSERT INTO session_member (session_id, batch_id)
                SELECT i.session_id, {self._batch}
                FROM temp.incoming AS i CROSS JOIN session AS s ON s.id = i.session_id
                WHERE NOT s.versions AND s.fields = {self._mask} AND {_EQUAL}"""
        )
        return conn.execute(
            """DELETE FROM temp.incoming WHERE EXISTS (SELECT 1 FROM session_member AS m
               WHERE m.session_id = incoming.session_id AND m.batch_id = ?)""",
            (self._batch,),
        ).rowcount

    def _add_versions(self) -> tuple[int, int]:
        """Rows told differently: keep every batch's word and fold; (rows changed by it, rows not changed)."""
        conn = self._conn
        conn.execute("INSERT INTO temp.refold (id) SELECT session_id FROM temp.incoming")
        rollups.touch_query(conn, _DAYS_OF_REFOLD)
        spoken = ", ".join(f"s.{column}" for column in COLUMNS)
        into = f"INSERT INTO session_version (session_id, batch_id, fields, {_LISTED})"
        plain = "temp.refold AS r CROSS JOIN session AS s ON s.id = r.id AND NOT s.versions"
        conn.execute(f"{into} SELECT s.id, s.batch_id, s.fields, {spoken} FROM {plain}")
        conn.execute(
            f"""{into} SELECT s.id, m.batch_id, s.fields, {spoken} FROM {plain}
                CROSS JOIN session_member AS m ON m.session_id = s.id"""
        )
        conn.execute("DELETE FROM session_member WHERE session_id IN (SELECT id FROM temp.refold)")
        conn.execute(f"{into} SELECT session_id, {self._batch}, {self._mask}, {_LISTED} FROM temp.incoming")
        changed = fold(conn)
        rollups.touch_query(conn, _DAYS_OF_REFOLD)
        total = int(conn.execute("SELECT count(*) FROM temp.refold").fetchone()[0])
        return changed, total - changed


def remove(conn: sqlite3.Connection, batch_id: int) -> None:
    """Take a batch's rows back: rows only it had go, the others are what the remaining batches say."""
    rollups.start(conn)
    _start(conn)
    conn.execute(
        """INSERT INTO temp.own (id) SELECT s.id FROM
             (SELECT DISTINCT shop_id, first_day, last_day FROM session_coverage WHERE batch_id = ?1) AS c
           CROSS JOIN session AS s INDEXED BY session_by_day
             ON s.shop_id = c.shop_id AND s.day BETWEEN c.first_day AND c.last_day
           WHERE s.batch_id = ?1 AND NOT s.versions""",
        (batch_id,),
    )
    conn.execute("INSERT INTO temp.refold (id) SELECT session_id FROM session_version WHERE batch_id = ?", (batch_id,))
    rollups.touch_query(
        conn, "SELECT DISTINCT s.shop_id, s.day FROM temp.own AS o CROSS JOIN session AS s ON s.id = o.id"
    )
    rollups.touch_query(conn, _DAYS_OF_REFOLD)
    _hand_over(conn)
    conn.execute("DELETE FROM session WHERE id IN (SELECT id FROM temp.own)")
    conn.execute("DELETE FROM session_member WHERE batch_id = ?", (batch_id,))
    conn.execute("DELETE FROM session_version WHERE batch_id = ?", (batch_id,))
    conn.execute("DELETE FROM session_coverage WHERE batch_id = ?", (batch_id,))
    fold(conn)
    settle_single(conn)
    rollups.touch_query(conn, _DAYS_OF_REFOLD)
    rollups.renew(conn)


_DAYS_OF_REFOLD = "SELECT DISTINCT s.shop_id, s.day FROM temp.refold AS r CROSS JOIN session AS s ON s.id = r.id"


def _hand_over(conn: sqlite3.Connection) -> None:
    """Rows another batch also has, word for word, become that batch's; they are no longer in ``own``."""
    conn.execute("DROP TABLE IF EXISTS temp.kept")
    conn.execute(
        """CREATE TEMP TABLE kept AS SELECT o.id, min(m.batch_id) AS heir
           FROM temp.own AS o CROSS JOIN session_member AS m ON m.session_id = o.id GROUP BY o.id"""
    )
    conn.execute("UPDATE session SET batch_id = kept.heir FROM temp.kept AS kept WHERE session.id = kept.id")
    conn.execute(
        """DELETE FROM session_member WHERE session_id IN (SELECT id FROM temp.kept)
           AND batch_id = (SELECT s.batch_id FROM session AS s WHERE s.id = session_member.session_id)"""
    )
    conn.execute("DELETE FROM temp.own WHERE id IN (SELECT id FROM temp.kept)")
    conn.execute("DROP TABLE temp.kept")


def _drop_indexes(conn: sqlite3.Connection) -> list[str]:
    """Take the indexes off the session table; returns the statements that make them again, the unique one first."""
    indexes = conn.execute(
        """SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'session' AND sql IS NOT NULL
           ORDER BY sql NOT LIKE 'CREATE UNIQUE%', name"""
    ).fetchall()
    for name, _ in indexes:
        conn.execute(f"DROP INDEX {name}")
    return [sql for _, sql in indexes]


def _start(conn: sqlite3.Connection) -> None:
    for table in _temporary_tables():
        conn.execute(table)


def _temporary_tables() -> Iterator[str]:
    yield "DROP TABLE IF EXISTS temp.incoming"
    yield (
        f"""CREATE TEMP TABLE incoming (seq INTEGER PRIMARY KEY, shop_id INTEGER NOT NULL, session_key TEXT NOT NULL,
            session_id INTEGER, {_LISTED})"""
    )
    for name in ("refold", "own"):
        yield f"DROP TABLE IF EXISTS temp.{name}"
        yield f"CREATE TEMP TABLE {name} (id INTEGER PRIMARY KEY)"
