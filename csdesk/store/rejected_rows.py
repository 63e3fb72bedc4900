"""Rows that were not imported, kept with the reason so that they can be corrected and imported again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row as its file had it: ``row`` counts from 1, ``column`` is the header at fault ("" = the row).

    ``cells``: header → text in the order of the sheet; masked, personal columns left out.
    """

    batch_id: int
    sheet: str
    row: int
    column: str
    reason: str
    cells: dict[str, str]


def of_batch(conn: sqlite3.Connection, batch_id: int) -> list[Rejected]:
    """The rejected rows of one import, in the order of the file."""
    rows = conn.execute(
        """SELECT batch_id, sheet, row_number, column_name, reason, cells FROM rejected_row
           WHERE batch_id = ? ORDER BY id""",
        (batch_id,),
    )
    return [
        Rejected(batch, sheet, row, column, reason, json.loads(cells))
        for batch, sheet, row, column, reason, cells in rows
    ]


def counts(conn: sqlite3.Connection) -> list[tuple[int, str, str, int]]:
    """(batch_id, column, reason, rows) of all imports that are not undone, most rows first."""
    return conn.execute(
        """SELECT batch_id, column_name, reason, count(*) FROM rejected_row
           GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3"""
    ).fetchall()


def kept(conn: sqlite3.Connection) -> dict[int, int]:
    """Batch → number of its rejected rows, for every batch that has some."""
    return dict(conn.execute("SELECT batch_id, count(*) FROM rejected_row GROUP BY batch_id").fetchall())


def shops_of(conn: sqlite3.Connection, batch_id: int) -> list[tuple[str, bool]]:
    """(name now, whether it is a placeholder) of every shop a batch speaks of."""
    rows = conn.execute(
        """SELECT coalesce(main.name, shop.name), coalesce(main.assumed, shop.assumed) FROM batch_shop AS link
           JOIN shop ON shop.id = link.shop_id LEFT JOIN shop AS main ON main.id = shop.merged_into
           WHERE link.batch_id = ? ORDER BY shop.id""",
        (batch_id,),
    )
    return [(name, bool(assumed)) for name, assumed in rows]


def write(
    conn: sqlite3.Connection, batch_id: int, rows: Iterable[tuple[str, int, str, str, Mapping[str, str]]]
) -> None:
    """Keep (sheet, row, column, reason, cells) of a batch, in the caller's transaction."""
    conn.executemany(
        f"""INSERT INTO rejected_row (batch_id, sheet, row_number, column_name, reason, cells)
            VALUES ({int(batch_id)}, ?, ?, ?, ?, ?)""",
        ((*row[:4], json.dumps(row[4], ensure_ascii=False)) for row in rows),
    )


def remove(conn: sqlite3.Connection, batch_id: int) -> None:
    """Forget a batch's rejected rows."""
    conn.execute("DELETE FROM rejected_row WHERE batch_id = ?", (batch_id,))
