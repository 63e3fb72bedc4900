"""Rows of any kind as they count now, for the pages and for checking. Agents are final persons."""

from __future__ import annotations

import sqlite3

from csdesk.domain.filters import Filter
from csdesk.store.kinds import WITHDRAWN, RecordKind
from csdesk.store.selection import FINAL_AGENT, on_days, touching_spans


def rows(conn: sqlite3.Connection, kind: RecordKind, selection: Filter, columns: tuple[str, ...]) -> sqlite3.Cursor:
    """Rows of (shop_id, day, *columns), by shop, day and id; with a period, rows without a day are left out.

    ``columns`` may be the key, the stored columns, "fields" and "batch_id"; ``agent_id`` is the final person.
    """
    allowed = {kind.key, *kind.stored, "fields", "batch_id"}
    if unknown := set(columns) - allowed:
        raise ValueError(f"{kind.name} has no {sorted(unknown)}")
    condition, parameters = _on_days(kind, selection)
    listed = "".join(f", {FINAL_AGENT.format('s') if name == 'agent_id' else f's.{name}'}" for name in columns)
    return conn.execute(
        f"SELECT s.shop_id, s.day{listed} FROM {kind.name} AS s WHERE {condition} ORDER BY s.shop_id, s.day, s.id",
        parameters,
    )


def count(conn: sqlite3.Connection, kind: RecordKind, selection: Filter) -> int:
    """Number of rows."""
    condition, parameters = _on_days(kind, selection)
    row = conn.execute(f"SELECT count(*) FROM {kind.name} AS s WHERE {condition}", parameters).fetchone()
    return int(row[0])


def coverage(
    conn: sqlite3.Connection, kind: RecordKind, selection: Filter
) -> list[tuple[int, int, int, int, int, int]]:
    """(shop_id, agent_id, first_day, last_day, fields, batch_id): what the files of the kind speak for.

    ``agent_id`` 0: rows of nobody; ``fields``: bit mask of the columns that file had (``kind.names`` spells it out).
    Files whose rows have no day are left out.
    """
    condition, parameters = touching_spans(selection, "c")
    return conn.execute(
        f"""SELECT c.shop_id, {FINAL_AGENT.format("c")}, c.first_day, c.last_day, c.fields, c.batch_id
            FROM {kind.name}_coverage AS c WHERE {condition} AND c.first_day <= c.last_day ORDER BY 1, 2, 3, 4, 6""",
        parameters,
    ).fetchall()


def missing_values(conn: sqlite3.Connection, kind: RecordKind, selection: Filter) -> list[tuple[str, int, int, int]]:
    """(field, rows, rows whose files lack the column, rows with the column but no value) for each field of the kind.

    A first response that is empty where the file has the column means nobody answered; the caller judges.
    """
    condition, parameters = _on_days(kind, selection)
    # A value is there only where a file had the column, so all rows of the other files lack it.
    counted = ["count(*)"]
    for bit, field in enumerate(kind.fields):
        counted += [f"coalesce(sum(s.fields >> {bit} & 1), 0)", f"count(s.{'agent_id' if field == 'agent' else field})"]
    query = f"SELECT {', '.join(counted)} FROM {kind.name} AS s WHERE {condition}"
    rows, *found = conn.execute(query, parameters).fetchone()
    return [
        (field, rows, rows - told, told - values)
        for field, told, values in zip(kind.fields, found[::2], found[1::2], strict=True)
        if field != WITHDRAWN
    ]


def _on_days(kind: RecordKind, selection: Filter) -> tuple[str, list[int | str]]:
    if (selection.agents or selection.groups) and not kind.has_agent:
        return "0", []
    condition, parameters = on_days(selection, "s")
    return f"{condition} AND {kind.counts}", parameters
