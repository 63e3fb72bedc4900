"""Taking batches back: the store is left as if the batch had never come."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from csdesk.store import batches, identities, import_findings, record_facts, rejected_rows
from csdesk.store.kinds import KINDS
from csdesk.store.report_facts import BENCHMARKS, MEASURES


def take_back(conn: sqlite3.Connection, batch_id: int) -> None:
    """Remove a batch's facts inside the caller's transaction; its line in the ledger stays, marked undone."""
    for table in (MEASURES, BENCHMARKS):
        table.remove(conn, batch_id)
    for kind in KINDS.values():
        record_facts.remove(conn, kind, batch_id)
    rejected_rows.remove(conn, batch_id)
    import_findings.remove(conn, batch_id)
    identities.release(conn, batch_id)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    conn.execute("UPDATE batch SET undone_at = ? WHERE id = ?", (now, batch_id))
    batches.raise_data_version(conn)


def erase_demo(conn: sqlite3.Connection) -> int:
    """Take all example batches back and remove their ledger lines too; returns how many were live."""
    live = [row[0] for row in conn.execute("SELECT id FROM batch WHERE is_demo AND undone_at IS NULL ORDER BY id DESC")]
    for batch_id in live:
        take_back(conn, batch_id)
    conn.execute("DELETE FROM batch WHERE is_demo")
    return len(live)
