"""Several batches' words about a row → the one row that counts."""

from __future__ import annotations

import sqlite3
from itertools import groupby
from operator import itemgetter
from typing import Any

from csdesk.store.kinds import SUMMED, RecordKind

OLDEST_FIRST = "b.exported_at, b.written_at, b.sha256, b.member, b.claim, b.id"
_BLOCK = 2000


def folded(kind: RecordKind, versions: list[tuple[int, tuple[Any, ...]]]) -> tuple[int, tuple[Any, ...]]:
    """(mask, values of ``kind.stored``) of several (mask, values), oldest export first.

    Each column is as the last one that has it says, but for the kind's totals; the day follows from the columns.
    """
    mask, always = 0, kind.always_mask
    for fields, _ in versions:
        mask |= fields
    newest, words = versions[-1]
    own_totals = bool(mask & SUMMED) and not all(fields & SUMMED for fields, _ in versions)
    if not own_totals and newest | always == mask | always:  # the usual case: the same columns exported again
        return mask, words
    values: list[Any] = [None] * len(kind.stored)
    for fields, words in versions:
        has = fields | always
        for index, bit in enumerate(kind.bits):
            if has >> bit & 1:
                values[index] = words[index]
    if own_totals:
        mask &= ~SUMMED
        values[: len(kind.bits)] = _with_own_totals(kind, versions, values)
    values[-1] = kind.day_of(values)
    return mask, tuple(values)


def _with_own_totals(kind: RecordKind, versions: list[tuple[int, tuple[Any, ...]]], values: list[Any]) -> list[Any]:
    """What the platform says of the whole, where it says an amount; none (unpaid, not refunded) may be outdated."""
    settled = values[: len(kind.bits)]
    for index, bit in enumerate(kind.bits):
        if kind.stored[index] in kind.totals:
            own = [words[index] for fields, words in versions if not fields & SUMMED and fields >> bit & 1]
            if own and own[-1]:
                settled[index] = own[-1]
    return settled


def fold(conn: sqlite3.Connection, kind: RecordKind) -> int:
    """Renew the rows of ``temp.refold`` from their versions; returns how many changed in content."""
    changed, last = 0, 0
    while True:
        ids = [
            row[0]
            for row in conn.execute("SELECT id FROM temp.refold WHERE id > ? ORDER BY id LIMIT ?", (last, _BLOCK))
        ]
        if not ids:
            return changed
        changed += _fold_block(conn, kind, ids[0], ids[-1])
        last = ids[-1]


def settle_single(conn: sqlite3.Connection, kind: RecordKind) -> None:
    """Rows of ``temp.refold`` of which one version is left are plain again."""
    table, ref = kind.name, kind.ref
    conn.execute(
        f"""UPDATE {table} SET versions = 0 WHERE id IN (SELECT id FROM temp.refold)
           AND (SELECT count(*) FROM {table}_version AS v WHERE v.{ref} = {table}.id) = 1"""
    )
    conn.execute(
        f"""DELETE FROM {table}_version WHERE {ref} IN
           (SELECT s.id FROM temp.refold AS r CROSS JOIN {table} AS s ON s.id = r.id AND NOT s.versions)"""
    )


def _fold_block(conn: sqlite3.Connection, kind: RecordKind, first: int, last: int) -> int:
    table, ref = kind.name, kind.ref
    told = ", ".join(f"v.{column}" for column in kind.stored)
    now = ", ".join(f"s.{column}" for column in kind.stored)
    current = {
        row[0]: row[1:]
        for row in conn.execute(
            f"""SELECT s.id, {now} FROM temp.refold AS r CROSS JOIN {table} AS s ON s.id = r.id
                WHERE r.id BETWEEN ? AND ?""",
            (first, last),
        )
    }
    versions = conn.execute(
        f"""SELECT v.{ref}, v.batch_id, v.fields, {told} FROM temp.refold AS r
            CROSS JOIN {table}_version AS v ON v.{ref} = r.id JOIN batch AS b ON b.id = v.batch_id
            WHERE r.id BETWEEN ? AND ? ORDER BY v.{ref}, {OLDEST_FIRST}""",
        (first, last),
    ).fetchall()
    same: list[tuple[int, int, int]] = []
    different: list[tuple[Any, ...]] = []
    for row_id, group in groupby(versions, itemgetter(0)):
        words = list(group)
        mask, values = folded(kind, [(row[2], row[3:]) for row in words])
        newest = words[-1][1]
        if values == current[row_id]:
            same.append((mask, newest, row_id))
        else:
            different.append((*values, mask, newest, row_id))
    conn.executemany(f"UPDATE {table} SET fields = ?, batch_id = ?, versions = 1 WHERE id = ?", same)
    assigned = ", ".join(f"{column} = ?" for column in kind.stored)
    conn.executemany(f"UPDATE {table} SET {assigned}, fields = ?, batch_id = ?, versions = 1 WHERE id = ?", different)
    return len(different)
