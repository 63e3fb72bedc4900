"""The day roll-ups of session rows, kept in the transaction that changes the rows."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable

from csdesk.store.session_sums import SUM_NAMES, SUMS

_TOUCHED = (
    "CREATE TEMP TABLE IF NOT EXISTS touched (shop_id INTEGER, day INTEGER, PRIMARY KEY (shop_id, day)) WITHOUT ROWID"
)
_BY_CATEGORY = f"s.shop_id, s.day, s.agent_id, coalesce(s.category, ''), {', '.join(SUMS.values())}"
_BY_DAY = f"c.shop_id, c.day, c.agent_id, {', '.join(f'sum(c.{name})' for name in SUM_NAMES)}"

_TOUCHED_ROWS = """temp.touched AS t CROSS JOIN session AS s INDEXED BY session_by_day
                   ON s.shop_id = t.shop_id AND s.day = t.day"""


def start(conn: sqlite3.Connection) -> None:
    """Forget which days were touched."""
    conn.execute(_TOUCHED)
    conn.execute("DELETE FROM temp.touched")


def touch(conn: sqlite3.Connection, days: Iterable[tuple[int, int]]) -> None:
    """Note (shop_id, day) pairs whose rows changed."""
    conn.executemany("INSERT OR IGNORE INTO temp.touched (shop_id, day) VALUES (?, ?)", days)


def touch_query(conn: sqlite3.Connection, query: str, parameters: tuple[int, ...] = ()) -> None:
    """Note the (shop_id, day) rows a SELECT gives."""
    conn.execute(f"INSERT OR IGNORE INTO temp.touched (shop_id, day) {query}", parameters)


def renew(conn: sqlite3.Connection, *, all_days: bool = False) -> None:
    """Sum the touched days again; ``all_days`` when every day was touched, which is quicker then."""
    for table in ("session_category_day", "session_day"):
        conn.execute(f"DELETE FROM {table} WHERE (shop_id, day) IN (SELECT shop_id, day FROM temp.touched)")
    rows = "session AS s" if all_days else _TOUCHED_ROWS
    conn.execute(f"INSERT INTO session_category_day SELECT {_BY_CATEGORY} FROM {rows} GROUP BY 1, 2, 3, 4")
    conn.execute(
        f"""INSERT INTO session_day SELECT {_BY_DAY}
            FROM temp.touched AS t CROSS JOIN session_category_day AS c
              ON c.shop_id = t.shop_id AND c.day = t.day GROUP BY 1, 2, 3"""
    )
    conn.execute("DELETE FROM temp.touched")


def differences(conn: sqlite3.Connection) -> int:
    """Number of roll-up rows that are missing, too many, or not the sums of their rows; 0 in a sound store."""
    fresh = conn.execute(f"SELECT {_BY_CATEGORY} FROM session AS s GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4")
    kept = conn.execute("SELECT * FROM session_category_day ORDER BY 1, 2, 3, 4")
    wrong = _unequal(fresh, kept, 4)
    fresh = conn.execute(f"SELECT {_BY_DAY} FROM session_category_day AS c GROUP BY 1, 2, 3 ORDER BY 1, 2, 3")
    kept = conn.execute("SELECT * FROM session_day ORDER BY 1, 2, 3")
    return wrong + _unequal(fresh, kept, 3)


def _unequal(one: sqlite3.Cursor, other: sqlite3.Cursor, width: int) -> int:
    left = {row[:width]: row[width:] for row in one}
    wrong = 0
    for row in other:
        sums = left.pop(row[:width], None)
        if sums is None or not all(
            math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6) for a, b in zip(sums, row[width:], strict=True)
        ):
            wrong += 1
    return wrong + len(left)
