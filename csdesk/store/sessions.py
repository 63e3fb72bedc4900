"""Session rows and their day roll-ups, for the metric engine.

All functions give plain tuples. Sums come in the order asked for, else of :data:`SUM_NAMES`; agents are final persons.
Roll-ups are as imported; the owner's rules about odd values correct them by :func:`csdesk.store.cleaned.corrections`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from csdesk.domain.filters import Filter
from csdesk.store import cleaned
from csdesk.store.outlier_rules import Rules
from csdesk.store.selection import FINAL_AGENT, on_days, touching_spans
from csdesk.store.session_sums import FIELDS, SUM_NAMES, field_mask, field_names

__all__ = [
    "FIELDS",
    "SUM_NAMES",
    "category_sums",
    "coverage",
    "day_sums",
    "field_mask",
    "field_names",
]


def day_sums(conn: sqlite3.Connection, selection: Filter, names: Sequence[str] = SUM_NAMES) -> sqlite3.Cursor:
    """(shop_id, agent_id, day, *names) from the roll-up, one row for each shop, agent and day with sessions.

    After a merge a person has one row for each account and day; they add up.
    """
    condition, parameters = on_days(selection, "d")
    return conn.execute(
        f"""SELECT d.shop_id, {FINAL_AGENT.format("d")}, d.day, {_listed("d", names)}
            FROM session_day AS d WHERE {condition} ORDER BY d.shop_id, d.day, d.agent_id""",
        parameters,
    )


def category_sums(conn: sqlite3.Connection, selection: Filter, names: Sequence[str] = SUM_NAMES) -> sqlite3.Cursor:
    """(shop_id, agent_id, day, category, *names) from the roll-up; category "" = the row has none."""
    condition, parameters = on_days(selection, "d")
    return conn.execute(
        f"""SELECT d.shop_id, {FINAL_AGENT.format("d")}, d.day, d.category, {_listed("d", names)}
            FROM session_category_day AS d WHERE {condition}
            ORDER BY d.shop_id, d.day, d.agent_id, d.category""",
        parameters,
    )


def coverage(
    conn: sqlite3.Connection, selection: Filter, rules: Rules = ()
) -> list[tuple[int, int, int, int, int, int]]:
    """(shop_id, agent_id, first_day, last_day, fields, batch_id): the days and agents session files speak for.

    ``fields`` is the bit mask of the columns that file had (:func:`field_names` spells it out).
    """
    condition, parameters = touching_spans(selection, "c")
    rows = conn.execute(
        f"""SELECT c.shop_id, {FINAL_AGENT.format("c")}, c.first_day, c.last_day, c.fields, c.batch_id
            FROM session_coverage AS c WHERE {condition} ORDER BY 1, 2, 3, 4, 6""",
        parameters,
    )
    return cleaned.clipped(conn, rules, rows)


def _listed(table: str, names: Sequence[str]) -> str:
    return ", ".join(f"{table}.{name}" for name in names)
