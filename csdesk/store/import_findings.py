"""What imports found out about their own files: summary rows that agree or not, cells that could not be read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

SUM_AGREES, SUM_DIFFERS, CELL = "sum_agrees", "sum_differs", "cell"


@dataclass(frozen=True, slots=True)
class Finding:
    """``kind`` sum_agrees | sum_differs | cell; ``cells`` of the column it is about; ``example``: address and cell."""

    kind: str
    column: str
    reason: str
    cells: int = 1
    example: str = ""


def of_all(conn: sqlite3.Connection, kinds: tuple[str, ...] = ()) -> list[tuple[int, Finding]]:
    """(batch_id, finding) of every import that is not undone, in the order of the files."""
    marks = f"WHERE kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
    rows = conn.execute(
        f"SELECT batch_id, kind, column_name, reason, cells, example FROM import_finding {marks} ORDER BY batch_id, id",
        kinds,
    )
    return [(row[0], Finding(*row[1:])) for row in rows]


def write(conn: sqlite3.Connection, batch_id: int, findings: Iterable[Finding]) -> None:
    """Keep the findings of a batch, in the caller's transaction."""
    conn.executemany(
        f"""INSERT INTO import_finding (batch_id, kind, column_name, reason, cells, example)
            VALUES ({int(batch_id)}, ?, ?, ?, ?, ?)""",
        ((one.kind, one.column, one.reason, one.cells, one.example) for one in findings),
    )


def remove(conn: sqlite3.Connection, batch_id: int) -> None:
    """Forget a batch's findings."""
    conn.execute("DELETE FROM import_finding WHERE batch_id = ?", (batch_id,))
