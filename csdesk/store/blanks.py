"""Values that are not there: in session rows by the columns their files had, in reports by file."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class ReportCells:
    """What one import gave of reports: ``rows`` (an agent or shop and span each), cells by measure.

    ``given`` counts cells with a number, ``late`` those that say 延迟统计.
    """

    batch_id: int
    shop_id: int
    source: str
    rows: int
    given: dict[str, int] = field(default_factory=dict)
    late: dict[str, int] = field(default_factory=dict)


def session_masks(conn: sqlite3.Connection) -> list[tuple[int, int]]:
    """(mask of the columns their files had, rows)."""
    low, high, rows = conn.execute("SELECT min(fields), max(fields), count(*) FROM session").fetchone()
    if low == high:  # the usual case, without sorting a million rows
        return [(low, rows)] if rows else []
    return conn.execute("SELECT fields, count(*) FROM session GROUP BY fields").fetchall()


def report_cells(conn: sqlite3.Connection) -> list[ReportCells]:
    """Every import with numbers that count, by batch, shop and source."""
    found: dict[tuple[int, int, str], ReportCells] = {}
    people: dict[tuple[int, int, str], set[tuple[int, int, int]]] = defaultdict(set)
    rows = conn.execute(
        """SELECT batch_id, shop_id, source, agent_id, first_day, last_day, count(*)
           FROM measure WHERE effective GROUP BY 1, 2, 3, 4, 5, 6"""
    )
    for batch, shop, source, agent, first, last, _ in rows:
        people[batch, shop, source].add((agent, first, last))
    for key, mine in people.items():
        found[key] = ReportCells(*key, len(mine))
    rows = conn.execute(
        """SELECT batch_id, shop_id, source, measure, count(value), count(*) - count(value)
           FROM measure WHERE effective GROUP BY 1, 2, 3, 4"""
    )
    for batch, shop, source, measure, given, late in rows:
        entry = found[batch, shop, source]
        entry.given[measure] = given
        if late:
            entry.late[measure] = late
    return [found[key] for key in sorted(found)]
