"""Peer figures (同行同层均值 / 优秀) as the platform gave them."""

from __future__ import annotations

import sqlite3

from csdesk.domain.filters import Filter
from csdesk.store.selection import touching_spans

Peer = tuple[int, int, int, str, str, str, float, int]
"""(shop_id, first_day, last_day, source, peer, measure, value, batch_id); peer: peer_average | peer_top."""


def peers(conn: sqlite3.Connection, selection: Filter) -> list[Peer]:
    """The peer figures that count whose span shares a day with the period; agents in the selection are ignored."""
    condition, parameters = touching_spans(Filter(selection.period, selection.platform, selection.shops), "b")
    return conn.execute(
        f"""SELECT b.shop_id, b.first_day, b.last_day, b.source, b.peer, b.measure, b.value, b.batch_id
            FROM benchmark AS b WHERE b.effective AND {condition} ORDER BY 1, 2, 3, 4, 5, 6""",
        parameters,
    ).fetchall()
