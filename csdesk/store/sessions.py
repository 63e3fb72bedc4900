"""Session rows and their day roll-ups, for the metric engine.

All functions give plain tuples. Sums come in the order asked for, else of :data:`SUM_NAMES`; agents are final persons.
Where rows are read, the owner's ``rules`` about odd values are applied; roll-ups are as imported, and corrected by
:func:`csdesk.store.cleaned.corrections`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from csdesk.domain.filters import Filter
from csdesk.store import cleaned
from csdesk.store.outlier_rules import Rules
from csdesk.store.selection import FINAL_AGENT, on_days, touching_spans
from csdesk.store.session_sums import FIELDS, SUM_NAMES, SUMS, field_mask, field_names

__all__ = [
    "FIELDS",
    "SUM_NAMES",
    "category_sums",
    "coverage",
    "day_sums",
    "field_mask",
    "field_names",
    "hour_categories",
    "raw_sums",
    "values",
]

_RAW_KEYS = {
    "hour": "s.started_at % 86400 / 3600",
    "weekday": "(s.day + 3) % 7 + 1",
    "category": "coalesce(s.category, '')",
    "channel": "coalesce(s.channel, '')",
    "agent": FINAL_AGENT.format("s"),
    "day": "s.day",
    "shop": "s.shop_id",
}
_VALUE_COLUMNS = {
    "first_response": "s.first_response",
    "avg_response": "s.avg_response",
    "handle": "CASE WHEN s.ended_at >= s.started_at THEN s.ended_at - s.started_at END",
    "rating": "s.rating",
}


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


def raw_sums(conn: sqlite3.Connection, selection: Filter, by: str, rules: Rules = ()) -> list[tuple[Any, ...]]:
    """(shop_id, agent_id, key, *SUM_NAMES) summed over session rows, for keys the roll-ups do not have.

    ``by``: hour (0–23 of the start) | weekday (1 = 周一 … 7) | channel | category ("" = none) | day | agent | shop.
    """
    condition, parameters = on_days(selection, "s")
    sums = ", ".join(SUMS.values())
    return conn.execute(
        f"""SELECT s.shop_id, {FINAL_AGENT.format("s")} AS person, {_RAW_KEYS[by]} AS group_key, {sums}
            FROM {cleaned.session_source(rules)} WHERE {condition}
            GROUP BY s.shop_id, person, group_key ORDER BY 1, 2, 3""",
        parameters,
    ).fetchall()


def hour_categories(
    conn: sqlite3.Connection, selection: Filter, rules: Rules = ()
) -> list[tuple[int, int, int, str, int]]:
    """(shop_id, agent_id, hour, category, sessions); category "" = the row has none."""
    condition, parameters = on_days(selection, "s")
    return conn.execute(
        f"""SELECT s.shop_id, {FINAL_AGENT.format("s")} AS person, {_RAW_KEYS["hour"]} AS hour,
                   {_RAW_KEYS["category"]} AS kind, count(*)
            FROM {cleaned.session_source(rules)} WHERE {condition}
            GROUP BY s.shop_id, person, hour, kind ORDER BY 1, 2, 3, 4""",
        parameters,
    ).fetchall()


def values(
    conn: sqlite3.Connection, selection: Filter, column: str, rules: Rules = ()
) -> list[tuple[int, int, int, int, float]]:
    """(shop_id, agent_id, day, started_at, value) of the rows that have it, for medians and quantiles.

    ``column``: first_response | avg_response | handle (seconds) | rating.
    """
    condition, parameters = on_days(selection, "s")
    expression = _VALUE_COLUMNS[column]
    return conn.execute(
        f"""SELECT s.shop_id, {FINAL_AGENT.format("s")}, s.day, s.started_at, {expression}
            FROM {cleaned.session_source(rules)} WHERE {condition} AND {expression} IS NOT NULL
            ORDER BY s.shop_id, s.day, s.id""",
        parameters,
    ).fetchall()


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
