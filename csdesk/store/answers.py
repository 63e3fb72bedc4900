"""What the owner answered once about a kind of table, remembered by the fingerprint of its headers."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime


def remembered(conn: sqlite3.Connection, fingerprint: str) -> dict[str, str]:
    """Kind (shop, platform, mapping) → answer; empty when nothing was ever asked."""
    return dict(conn.execute("SELECT kind, value FROM answer WHERE fingerprint = ?", (fingerprint,)).fetchall())


def remember(conn: sqlite3.Connection, fingerprint: str, answers: Mapping[str, str]) -> None:
    """Keep answers; a newer one of a kind replaces the older."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    conn.executemany(
        """INSERT INTO answer (fingerprint, kind, value, answered_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (fingerprint, kind) DO UPDATE SET value = excluded.value, answered_at = excluded.answered_at""",
        [(fingerprint, kind, value, now) for kind, value in answers.items()],
    )


def forget(conn: sqlite3.Connection, fingerprint: str) -> None:
    """Ask again next time."""
    conn.execute("DELETE FROM answer WHERE fingerprint = ?", (fingerprint,))
