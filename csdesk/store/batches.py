"""The ledger of imports."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

from csdesk.domain.filters import Filter
from csdesk.store.kinds import KINDS
from csdesk.store.selection import touching_spans


@dataclass(frozen=True, slots=True)
class Batch:
    """One import as the ledger keeps it. Days are epoch days, ``exported_at`` epoch seconds local, the others ISO UTC.

    ``corrects``: the batch whose rejected rows it holds, corrected.

    ``read`` = inserted + updated + duplicate + rejected + summary, in rows of the source.
    """

    id: int
    file_name: str
    member: str
    sha256: str
    claim: str
    layout: str
    platform: str | None
    shop: str | None
    first_day: int | None
    last_day: int | None
    exported_at: int
    read: int
    inserted: int
    updated: int
    duplicate: int
    rejected: int
    summary: int
    is_demo: bool
    imported_at: str
    undone_at: str | None
    corrects: int | None = None


_COLUMNS = """id, file_name, member, sha256, claim, layout, platform, shop, first_day, last_day, exported_at,
    rows_read, rows_inserted, rows_updated, rows_duplicate, rows_rejected, rows_summary,
    is_demo, imported_at, undone_at, corrects"""


def ledger(conn: sqlite3.Connection) -> list[Batch]:
    """All imports, newest first, undone ones included."""
    return [_batch(row) for row in conn.execute(f"SELECT {_COLUMNS} FROM batch ORDER BY id DESC")]


def adopted_shops(conn: sqlite3.Connection) -> dict[int, str]:
    """Batch id → the shop's name now, for batches whose file did not name it and whose shop has a name since."""
    rows = conn.execute(
        """SELECT link.batch_id, coalesce(main.owner_name, main.name, shop.owner_name, shop.name)
           FROM batch_shop AS link
           JOIN shop ON shop.id = link.shop_id
           LEFT JOIN shop AS main ON main.id = shop.merged_into
           WHERE NOT link.named AND NOT (shop.assumed AND shop.owner_name IS NULL)"""
    )
    return dict(rows.fetchall())


def get(conn: sqlite3.Connection, batch_id: int) -> Batch | None:
    """One import, or None."""
    row = conn.execute(f"SELECT {_COLUMNS} FROM batch WHERE id = ?", (batch_id,)).fetchone()
    return _batch(row) if row else None


def find_duplicate(conn: sqlite3.Connection, sha256: str, claim: str) -> int | None:
    """The batch, not undone, of the same bytes read as the same thing."""
    row = conn.execute(
        "SELECT id FROM batch WHERE sha256 = ? AND claim = ? AND undone_at IS NULL ORDER BY id LIMIT 1", (sha256, claim)
    ).fetchone()
    return int(row[0]) if row else None


def live_contents(conn: sqlite3.Connection) -> frozenset[str]:
    """SHA-256 of every file imported and not undone."""
    return frozenset(row[0] for row in conn.execute("SELECT sha256 FROM batch WHERE undone_at IS NULL"))


def file_names(conn: sqlite3.Connection) -> dict[int, str]:
    """Batch id → file name (``工作簿.xlsx!表`` for a sheet or member), for 口径 cards."""
    rows = conn.execute("SELECT id, file_name || CASE WHEN member <> '' THEN '!' || member ELSE '' END FROM batch")
    return dict(rows.fetchall())


_DAYS_OF_REPORTS = """
SELECT min(first_day), max(last_day) FROM batch AS b
WHERE undone_at IS NULL AND EXISTS (SELECT 1 FROM measure AS m WHERE m.batch_id = b.id)
"""
# The ledger knows the span of every import; looking at a million cells for it would hold up the window.


def days_of_data(conn: sqlite3.Connection, selection: Filter) -> tuple[int, int] | None:
    """First and last epoch day of any fact in the selection (its period included), None without data."""
    span: list[int] = []
    for table in ("measure", *(f"{kind}_coverage" for kind in KINDS)):
        if table == "measure" and selection == Filter():
            row = conn.execute(_DAYS_OF_REPORTS).fetchone()
        else:
            condition, parameters = touching_spans(selection, "t")
            effective = " AND t.effective" if table == "measure" else " AND t.first_day <= t.last_day"
            row = conn.execute(
                f"SELECT min(t.first_day), max(t.last_day) FROM {table} AS t WHERE {condition}{effective}", parameters
            ).fetchone()
        span += [day for day in row if day is not None]
    return (min(span), max(span)) if span else None


def data_version(conn: sqlite3.Connection) -> int:
    """A number that grows with every load and undo: results computed under it stay right as long as it does."""
    return int(conn.execute("SELECT value FROM meta WHERE key = 'data_version'").fetchone()[0])


def live(conn: sqlite3.Connection) -> int:
    """How many imports are not undone."""
    return int(conn.execute("SELECT count(*) FROM batch WHERE undone_at IS NULL").fetchone()[0])


def has_demo(conn: sqlite3.Connection) -> bool:
    """Whether example data is in the store."""
    return conn.execute("SELECT 1 FROM batch WHERE is_demo AND undone_at IS NULL LIMIT 1").fetchone() is not None


def begin(conn: sqlite3.Connection, batch: Mapping[str, object]) -> int:
    """Write a new ledger entry; ``batch`` holds columns of the table. Returns its id."""
    columns = ", ".join(batch)
    cursor = conn.execute(
        f"INSERT INTO batch ({columns}) VALUES ({', '.join('?' * len(batch))})", tuple(batch.values())
    )
    return int(cursor.lastrowid or 0)


def date_export(conn: sqlite3.Connection, batch_id: int, exported_at: int) -> None:
    """Set when the file was exported (epoch seconds, local), before its facts are weighed against others."""
    conn.execute("UPDATE batch SET exported_at = ? WHERE id = ?", (exported_at, batch_id))


def finish(conn: sqlite3.Connection, batch_id: int, values: Mapping[str, object]) -> None:
    """Complete the entry after its facts are written (counts, span) and raise the data version."""
    assigned = ", ".join(f"{column} = ?" for column in values)
    conn.execute(f"UPDATE batch SET {assigned} WHERE id = ?", (*values.values(), batch_id))
    raise_data_version(conn)


def raise_data_version(conn: sqlite3.Connection) -> None:
    """Say that facts have changed."""
    conn.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'data_version'")


def _batch(row: tuple[object, ...]) -> Batch:
    values = list(row)
    values[17] = bool(values[17])
    return Batch(*values)  # type: ignore[arg-type]  # the columns are listed in the order of the fields
