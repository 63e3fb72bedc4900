"""What reports said, for the metric engine."""

from __future__ import annotations

import sqlite3

from csdesk.domain.filters import Filter
from csdesk.store.cleaned import measure_value
from csdesk.store.outlier_rules import Rules
from csdesk.store.selection import FINAL_AGENT, touching_spans

Cell = tuple[int, int, int, int, str, str, float | None, int, int, int]
"""(shop_id, agent_id, first_day, last_day, source, measure, value, provisional, batch_id, account_id).

``agent_id`` is the final person (0 = the shop as a whole), ``account_id`` the agent row the file spoke of: they
differ after a merge, and two accounts of one person give two cells of one agent_id that add up. ``value`` is
a count, seconds, a fraction or 分; None only with provisional = 1 (延迟统计).
"""


def cells(conn: sqlite3.Connection, selection: Filter, measures: tuple[str, ...] = (), rules: Rules = ()) -> list[Cell]:
    """The cells that count (one version each) whose span shares a day with the period, in key order.

    ``measures`` narrows to some measure ids; with ``selection.agents`` shop-level cells are left out. ``rules``: the
    owner's about odd values; a cell left out is not there.
    """
    condition, parameters = touching_spans(selection, "m")
    if measures:
        condition += f" AND m.measure IN ({', '.join('?' * len(measures))})"
        parameters += measures
    value, counts = measure_value(rules)
    return conn.execute(
        f"""SELECT m.shop_id, {FINAL_AGENT.format("m")}, m.first_day, m.last_day, m.source, m.measure, {value},
                   m.provisional, m.batch_id, m.agent_id
            FROM measure AS m WHERE m.effective AND {condition} AND {counts}
            ORDER BY m.shop_id, m.first_day, m.last_day, m.agent_id, m.source, m.measure""",
        parameters,
    ).fetchall()


def spans(conn: sqlite3.Connection, selection: Filter) -> list[tuple[int, str, int, int, int, int]]:
    """(shop_id, source, first_day, last_day, cells, of these 延迟统计): which reports there are; for coverage views."""
    condition, parameters = touching_spans(selection, "m")
    return conn.execute(
        f"""SELECT m.shop_id, m.source, m.first_day, m.last_day, count(*), sum(m.value IS NULL)
            FROM measure AS m WHERE m.effective AND {condition}
            GROUP BY m.shop_id, m.source, m.first_day, m.last_day ORDER BY 1, 2, 3, 4""",
        parameters,
    ).fetchall()
