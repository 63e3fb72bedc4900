"""What one batch said, read back out of the store and said again of another shop.

The store holds every live batch's whole word (plain rows, members, versions), so a batch can be taken back and
written anew under another shop without its file; what counts is settled as if it had been imported so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from csdesk.store import record_facts
from csdesk.store.kinds import KINDS, RecordKind
from csdesk.store.report_facts import BENCHMARKS, MEASURES, VersionedTable

_BLOCK = 5000


def repoint(conn: sqlite3.Connection, source: int, target: int) -> None:
    """Accounts elsewhere merged into people of ``source`` are merged into their likes in ``target``."""
    people = _Newcomers(conn, source, target)
    rows = conn.execute(
        """SELECT a.id, p.id FROM agent AS a JOIN agent AS p ON p.id = a.merged_into
           WHERE p.shop_id = ?1 AND a.shop_id <> ?1""",
        (source,),
    ).fetchall()
    conn.executemany("UPDATE agent SET merged_into = NULL WHERE id = ?", ((account,) for account, _ in rows))
    for account, person in rows:
        like = people.agent(source, person)
        conn.execute(
            """UPDATE agent SET merged_into = (SELECT nullif(coalesce(p.merged_into, p.id), ?1)
                                               FROM agent AS p WHERE p.id = ?2)
               WHERE id = ?1 OR merged_into = ?1""",
            (account, like),
        )


def move(conn: sqlite3.Connection, batch_id: int, source: int, target: int) -> None:
    """Everything a batch says of the shop ``source``, it says of ``target`` from now on; its agents come along."""
    people = _Newcomers(conn, source, target)
    for table in (MEASURES, BENCHMARKS):
        _move_cells(conn, table, batch_id, people)
    for kind in KINDS.values():
        _move_rows(conn, kind, batch_id, people)
    conn.execute(
        """INSERT INTO batch_shop (batch_id, shop_id, named)
           SELECT batch_id, ?3, named FROM batch_shop WHERE batch_id = ?1 AND shop_id = ?2
           ON CONFLICT (shop_id, batch_id) DO UPDATE SET named = max(named, excluded.named)""",
        (batch_id, source, target),
    )
    conn.execute("DELETE FROM batch_shop WHERE batch_id = ? AND shop_id = ?", (batch_id, source))


class _Newcomers:
    """Agents of one shop as agents of another, found by their names or made."""

    def __init__(self, conn: sqlite3.Connection, source: int, target: int) -> None:
        self._conn = conn
        self.source = source
        self.target = target
        self._known: dict[int, int] = {}

    def shop(self, shop_id: int) -> int:
        """The shop a fact belongs to now."""
        return self.target if shop_id == self.source else shop_id

    def agent(self, shop_id: int, agent_id: int | None) -> int | None:
        """The agent a fact of that shop belongs to now."""
        if not agent_id or shop_id != self.source:
            return agent_id
        if agent_id not in self._known:
            self._known[agent_id] = self._found(agent_id)
        return self._known[agent_id]

    def _found(self, agent_id: int) -> int:
        conn = self._conn
        same = "SELECT id FROM agent WHERE shop_id = ?1 AND key = (SELECT key FROM agent WHERE id = ?2)"
        known = conn.execute(same, (self.target, agent_id)).fetchone()
        if known is not None:
            return int(known[0])
        conn.execute(
            """INSERT INTO agent (shop_id, key, name, account, team, kind, owner_kind)
               SELECT ?1, key, name, account, team, kind, owner_kind FROM agent WHERE id = ?2""",
            (self.target, agent_id),
        )
        made = int(conn.execute(same, (self.target, agent_id)).fetchone()[0])
        conn.execute(
            """INSERT INTO agent_team (agent_id, first_day, last_day, team)
               SELECT ?1, first_day, last_day, team FROM agent_team WHERE agent_id = ?2""",
            (made, agent_id),
        )
        person = self._person_of(agent_id)
        if person is not None:
            conn.execute("UPDATE agent SET merged_into = ? WHERE id = ?", (person, made))
        return made

    def _person_of(self, agent_id: int) -> int | None:
        """Whom the newcomer is merged into, as his old self was."""
        row = self._conn.execute(
            "SELECT p.id, p.shop_id FROM agent AS a JOIN agent AS p ON p.id = a.merged_into WHERE a.id = ?",
            (agent_id,),
        ).fetchone()
        if row is None:
            return None
        like = self.agent(int(row[1]), int(row[0]))
        final = self._conn.execute("SELECT coalesce(merged_into, id) FROM agent WHERE id = ?", (like,)).fetchone()
        return int(final[0])


def _move_cells(conn: sqlite3.Connection, table: VersionedTable, batch_id: int, people: _Newcomers) -> None:
    columns = (*table.keys, *table.contents)
    query = f"SELECT {', '.join(columns)} FROM {table.name} WHERE batch_id = ?"
    cells = conn.execute(query, (batch_id,)).fetchall()
    if not any(cell[0] == people.source for cell in cells):
        return
    table.remove(conn, batch_id)
    person = columns.index("agent_id") if "agent_id" in columns else None
    moved = []
    for cell in cells:
        values = list(cell)
        if person is not None:
            values[person] = people.agent(cell[0], cell[person])
        values[0] = people.shop(cell[0])
        moved.append(tuple(values))
    table.write(conn, batch_id, moved)


def _move_rows(conn: sqlite3.Connection, kind: RecordKind, batch_id: int, people: _Newcomers) -> None:
    mask = conn.execute(
        f"SELECT fields FROM {kind.name}_coverage WHERE batch_id = ? AND shop_id = ? LIMIT 1", (batch_id, people.source)
    ).fetchone()
    if mask is None:
        return
    _collect(conn, kind, batch_id)
    record_facts.remove(conn, kind, batch_id)
    writer = record_facts.RecordWriter(conn, kind, batch_id, int(mask[0]))
    names = (kind.key, *kind.stored)
    for block in _blocks(conn):
        shops = [row[0] for row in block]
        columns: dict[str, list[Any]] = {name: [row[1 + at] for row in block] for at, name in enumerate(names)}
        if kind.has_agent:
            columns["agent_id"] = list(map(people.agent, shops, columns["agent_id"]))
        writer.add([people.shop(shop) for shop in shops], columns)
    writer.finish()
    conn.execute("DROP TABLE temp.moving")


def _collect(conn: sqlite3.Connection, kind: RecordKind, batch_id: int) -> None:
    """Every row a batch speaks of, in its own words, into ``temp.moving``."""
    table, ref = kind.name, kind.ref
    row = ", ".join(f"s.{name}" for name in (kind.key, *kind.stored))
    word = ", ".join([f"s.{kind.key}", *(f"v.{name}" for name in kind.stored)])
    conn.execute("DROP TABLE IF EXISTS temp.moving")
    conn.execute(
        f"""CREATE TEMP TABLE moving AS
            SELECT s.shop_id, {row} FROM {table} AS s WHERE s.batch_id = :batch AND NOT s.versions
            UNION ALL SELECT s.shop_id, {row}
              FROM {table}_member AS m CROSS JOIN {table} AS s ON s.id = m.{ref} WHERE m.batch_id = :batch
            UNION ALL SELECT s.shop_id, {word}
              FROM {table}_version AS v CROSS JOIN {table} AS s ON s.id = v.{ref} WHERE v.batch_id = :batch""",
        {"batch": batch_id},
    )


def _blocks(conn: sqlite3.Connection) -> Iterator[list[tuple[Any, ...]]]:
    last = 0
    while True:
        block = conn.execute(
            "SELECT rowid, * FROM temp.moving WHERE rowid > ? ORDER BY rowid LIMIT ?", (last, _BLOCK)
        ).fetchall()
        if not block:
            return
        last = block[-1][0]
        yield [row[1:] for row in block]
