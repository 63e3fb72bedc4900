"""What an import changed of what was there before it, by the versions that are kept for its undo.

Imports that were undone since are as if they had never come. Rows an import brought new are no changes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from csdesk.store.kinds import KINDS, RecordKind
from csdesk.store.record_fold import OLDEST_FIRST, folded
from csdesk.store.report_facts import MEASURES, NEWEST_FIRST

_BLOCK = 2000


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """One row (``kind`` of :data:`KINDS`) or one line of a report (``kind`` "report") an import changed.

    ``key``: the row's key ("" in reports); ``agent_id`` 0 or None = the shop or nobody; days are epoch days.
    ``columns``: column or measure → (before, after).
    """

    kind: str
    shop_id: int
    key: str
    agent_id: int | None
    first_day: int | None
    last_day: int | None
    columns: dict[str, tuple[Any, Any]]


def of_batch(conn: sqlite3.Connection, batch_id: int) -> Iterator[ChangedRow]:
    """Everything the batch changed: reports first, then the kinds, each in the order of the store."""
    yield from _of_reports(conn, batch_id)
    for kind in KINDS.values():
        yield from _of_kind(conn, kind, batch_id)


def _of_reports(conn: sqlite3.Connection, batch_id: int) -> Iterator[ChangedRow]:
    keys = ("shop_id", "first_day", "last_day", "agent_id", "source", "measure")
    same = " AND ".join(f"own.{key} = m.{key}" for key in keys)
    listed = ", ".join(f"m.{key}" for key in keys)
    found = conn.execute(
        f"""SELECT {listed}, m.value, m.batch_id FROM {MEASURES.name} AS own
            CROSS JOIN {MEASURES.name} AS m ON {same} JOIN batch AS b ON b.id = m.batch_id
            WHERE own.batch_id = ?1 AND m.batch_id <= ?1
            ORDER BY {listed}, m.value IS NULL, {NEWEST_FIRST}""",
        (batch_id,),
    )
    for line, cells in groupby(found, key=itemgetter(0, 1, 2, 3, 4)):
        columns: dict[str, tuple[Any, Any]] = {}
        for measure, group in groupby(cells, key=itemgetter(5)):
            versions = list(group)
            before = next((row for row in versions if row[7] != batch_id), None)
            if before is not None and before[6] != versions[0][6]:
                columns[measure] = (before[6], versions[0][6])
        if columns:
            shop, first, last, agent, _ = line
            yield ChangedRow("report", shop, "", agent, first, last, columns)


def _of_kind(conn: sqlite3.Connection, kind: RecordKind, batch_id: int) -> Iterator[ChangedRow]:
    last = 0
    while True:
        query = f"""SELECT {kind.ref} FROM {kind.name}_version WHERE batch_id = ? AND {kind.ref} > ?
                    ORDER BY {kind.ref} LIMIT {_BLOCK}"""
        ids = [row[0] for row in conn.execute(query, (batch_id, last))]
        if not ids:
            return
        yield from _of_rows(conn, kind, batch_id, ids[0], ids[-1])
        last = ids[-1]


def _of_rows(conn: sqlite3.Connection, kind: RecordKind, batch_id: int, first: int, last: int) -> Iterator[ChangedRow]:
    told = ", ".join(f"v.{column}" for column in kind.stored)
    found = conn.execute(
        f"""SELECT s.id, s.shop_id, s.{kind.key}, v.batch_id, v.fields, {told}
            FROM {kind.name}_version AS own CROSS JOIN {kind.name} AS s ON s.id = own.{kind.ref}
            CROSS JOIN {kind.name}_version AS v ON v.{kind.ref} = s.id JOIN batch AS b ON b.id = v.batch_id
            WHERE own.batch_id = ?1 AND own.{kind.ref} BETWEEN ?2 AND ?3 AND v.batch_id <= ?1
            ORDER BY s.id, {OLDEST_FIRST}""",
        (batch_id, first, last),
    )
    for (_, shop, key), group in groupby(found, key=itemgetter(0, 1, 2)):
        versions = [(row[3], (row[4], row[5:])) for row in group]
        earlier = [word for batch, word in versions if batch != batch_id]
        if not earlier:
            continue
        _, before = folded(kind, earlier)
        _, after = folded(kind, [word for _, word in versions])
        columns = {
            name: (old, new) for name, old, new in zip(kind.stored[:-1], before, after, strict=False) if old != new
        }
        if columns:
            values = dict(zip(kind.stored, after, strict=True))
            yield ChangedRow(kind.name, shop, key, values.get("agent_id"), values["day"], values["day"], columns)
