"""Several batches' words about a session → the one row that counts."""

from __future__ import annotations

import sqlite3
from itertools import groupby
from operator import itemgetter
from typing import Any

from csdesk.store.session_sums import FIELDS

_FIELD_OF = {"agent_id": "agent", "day": "started_at", "buyer_key": "buyer_mask"}

COLUMNS = (
    "agent_id", "started_at", "day", "ended_at", "first_response", "avg_response", "messages", "buyer_messages",
    "transferred", "category", "resolved", "invited", "rated", "rating", "comment", "order_id", "paid_fen", "channel",
    "buyer_key", "buyer_mask",
)  # fmt: skip
"""What a batch can say of a session, as columns of ``session`` and ``session_version``."""

_BIT_OF = tuple(FIELDS.index(_FIELD_OF.get(column, column)) for column in COLUMNS)
_ALWAYS = sum(1 << FIELDS.index(name) for name in ("agent", "started_at"))
_OLDEST_FIRST = "b.exported_at, b.written_at, b.sha256, b.member, b.claim, b.id"
_BLOCK = 2000


def folded(versions: list[tuple[int, tuple[Any, ...]]]) -> tuple[int, tuple[Any, ...]]:
    """(mask, values) of several (mask, values), oldest export first: each column as the last one that has it says."""
    mask = 0
    for fields, _ in versions:
        mask |= fields
    newest, words = versions[-1]
    if newest | _ALWAYS == mask | _ALWAYS:  # the usual case: the same columns exported again
        return mask, words
    values: list[Any] = [None] * len(COLUMNS)
    for fields, words in versions:
        has = fields | _ALWAYS
        for index, bit in enumerate(_BIT_OF):
            if has >> bit & 1:
                values[index] = words[index]
    return mask, tuple(values)


def fold(conn: sqlite3.Connection) -> int:
    """Renew the session rows of ``temp.refold`` from their versions; returns how many changed in content."""
    changed, last = 0, 0
    while True:
        ids = [
            row[0]
            for row in conn.execute("SELECT id FROM temp.refold WHERE id > ? ORDER BY id LIMIT ?", (last, _BLOCK))
        ]
        if not ids:
            return changed
        changed += _fold_block(conn, ids[0], ids[-1])
        last = ids[-1]


def settle_single(conn: sqlite3.Connection) -> None:
    """Rows of ``temp.refold`` of which one version is left are plain again."""
    conn.execute(
        """UPDATE session SET versions = 0 WHERE id IN (SELECT id FROM temp.refold)
           AND (SELECT count(*) FROM session_version AS v WHERE v.session_id = session.id) = 1"""
    )
    conn.execute(
        """DELETE FROM session_version WHERE session_id IN
           (SELECT s.id FROM temp.refold AS r CROSS JOIN session AS s ON s.id = r.id AND NOT s.versions)"""
    )


def _fold_block(conn: sqlite3.Connection, first: int, last: int) -> int:
    told = ", ".join(f"v.{column}" for column in COLUMNS)
    now = ", ".join(f"s.{column}" for column in COLUMNS)
    current = {
        row[0]: row[1:]
        for row in conn.execute(
            f"""SELECT s.id, {now} FROM temp.refold AS r CROSS JOIN session AS s ON s.id = r.id
                WHERE r.id BETWEEN ? AND ?""",
            (first, last),
        )
    }
    versions = conn.execute(
        f"""SELECT v.session_id, v.batch_id, v.fields, {told} FROM temp.refold AS r
            CROSS JOIN session_version AS v ON v.session_id = r.id JOIN batch AS b ON b.id = v.batch_id
            WHERE r.id BETWEEN ? AND ? ORDER BY v.session_id, {_OLDEST_FIRST}""",
        (first, last),
    ).fetchall()
    same: list[tuple[int, int, int]] = []
    different: list[tuple[Any, ...]] = []
    for session_id, group in groupby(versions, itemgetter(0)):
        words = list(group)
        mask, values = folded([(row[2], row[3:]) for row in words])
        newest = words[-1][1]
        if values == current[session_id]:
            same.append((mask, newest, session_id))
        else:
            different.append((*values, mask, newest, session_id))
    conn.executemany("UPDATE session SET fields = ?, batch_id = ?, versions = 1 WHERE id = ?", same)
    assigned = ", ".join(f"{column} = ?" for column in COLUMNS)
    conn.executemany(f"UPDATE session SET {assigned}, fields = ?, batch_id = ?, versions = 1 WHERE id = ?", different)
    return len(different)
