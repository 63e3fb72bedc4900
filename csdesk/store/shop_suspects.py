"""Imports that may have been given to the wrong shop: what each has in common with another shop of the platform."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

_PAIRS = """SELECT link.batch_id, link.shop_id, other.id FROM batch_shop AS link
            JOIN batch AS b ON b.id = link.batch_id AND b.undone_at IS NULL
            JOIN shop ON shop.id = link.shop_id
            JOIN shop AS other ON other.platform = shop.platform AND other.id <> shop.id AND other.merged_into IS NULL
            ORDER BY 1, 2, 3"""
_LONG_ID = 8
"""Ids shorter than this are numbered by hand and say nothing."""


@dataclass(frozen=True, slots=True)
class Common:
    """An import written to ``shop_id`` and what it shares with ``other_id``.

    ``agents``: its people; ``known_there`` of them in the other shop by other imports, ``known_here`` in its own by
    other imports. ``spans_there``: whether the other shop has its own figures of these people for these days.
    ``ids`` of orders and sessions (long ones), ``ids_there`` of them in the other shop too. ``cells`` of reports that
    both have for the same person and days (above 0), ``equal`` of them with the same number. Of the other shop only
    what was imported before counts: the later of two imports is the one to look at.
    """

    batch_id: int
    shop_id: int
    other_id: int
    agents: int = 0
    known_here: int = 0
    known_there: int = 0
    spans_there: bool = False
    ids: int = 0
    ids_there: int = 0
    cells: int = 0
    equal: int = 0


@dataclass(frozen=True, slots=True)
class Stray:
    """An import of a file without a platform, in a shop that only such files brought about; ``there`` of the shop's
    ``agents`` are known in ``other_id``, a shop of another platform.
    """

    batch_id: int
    shop_id: int
    other_id: int
    agents: int
    there: int


def strays(conn: sqlite3.Connection, unmarked: Sequence[str]) -> list[Stray]:
    """Imports to ask about, whichever of the two shops came first. ``unmarked``: layouts whose files may be of any
    platform.
    """
    if not unmarked:
        return []
    marks = ", ".join("?" * len(unmarked))
    told = f"""SELECT 1 FROM batch_shop AS t JOIN batch AS tb ON tb.id = t.batch_id AND tb.undone_at IS NULL
               WHERE tb.layout NOT IN ({marks}) AND t.shop_id ="""
    rows = conn.execute(
        f"""SELECT link.batch_id, shop.id, other.id,
                   (SELECT count(*) FROM agent AS a WHERE a.shop_id = shop.id AND a.kind = 'person'),
                   (SELECT count(*) FROM agent AS a JOIN agent AS o ON o.key = a.key AND o.shop_id = other.id
                    WHERE a.shop_id = shop.id AND a.kind = 'person')
            FROM batch_shop AS link JOIN batch AS b ON b.id = link.batch_id AND b.undone_at IS NULL
            JOIN shop ON shop.id = link.shop_id AND shop.assumed AND shop.merged_into IS NULL
            JOIN shop AS other ON other.platform <> shop.platform AND other.merged_into IS NULL
            WHERE NOT EXISTS ({told} shop.id) AND EXISTS ({told} other.id) ORDER BY 1, 2, 3""",
        (*unmarked, *unmarked),
    )
    return [Stray(*row) for row in rows]


def commons(conn: sqlite3.Connection) -> list[Common]:
    """One entry for each live import and each other shop of its platform; nothing where there is only one shop."""
    return [_common(conn, *pair) for pair in conn.execute(_PAIRS).fetchall()]


def _common(conn: sqlite3.Connection, batch: int, shop: int, other: int) -> Common:
    given = {"batch": batch, "shop": shop, "other": other}
    people = conn.execute(
        """WITH mine (id) AS (
               SELECT agent_id FROM measure WHERE batch_id = :batch AND shop_id = :shop AND agent_id <> 0
               UNION SELECT agent_id FROM session_coverage
                     WHERE batch_id = :batch AND shop_id = :shop AND agent_id <> 0),
             named (id, key) AS (
               SELECT a.id, a.key FROM mine JOIN agent AS a ON a.id = mine.id WHERE a.kind = 'person')
           SELECT count(*),
                  coalesce(sum(EXISTS (SELECT 1 FROM measure AS m WHERE m.shop_id = :shop AND m.agent_id = named.id
                                       AND m.batch_id <> :batch)
                            OR EXISTS (SELECT 1 FROM session_coverage AS c WHERE c.shop_id = :shop
                                       AND c.agent_id = named.id AND c.batch_id <> :batch)), 0),
                  coalesce(sum(EXISTS (
                      SELECT 1 FROM agent AS o WHERE o.shop_id = :other AND o.key = named.key AND (
                        EXISTS (SELECT 1 FROM measure AS m WHERE m.shop_id = :other AND m.agent_id = o.id
                                AND m.batch_id < :batch)
                        OR EXISTS (SELECT 1 FROM session_coverage AS c WHERE c.shop_id = :other
                                   AND c.agent_id = o.id AND c.batch_id < :batch)))), 0)
           FROM named""",
        given,
    ).fetchone()
    spans = conn.execute(
        """SELECT EXISTS (SELECT 1 FROM measure AS m JOIN agent AS a ON a.id = m.agent_id
                  JOIN agent AS o ON o.shop_id = :other AND o.key = a.key
                  JOIN measure AS t ON t.shop_id = :other AND t.agent_id = o.id AND t.first_day = m.first_day
                                   AND t.last_day = m.last_day AND t.source = m.source AND t.batch_id < :batch
                  WHERE m.batch_id = :batch AND m.shop_id = :shop)
             OR EXISTS (SELECT 1 FROM session_coverage AS m JOIN agent AS a ON a.id = m.agent_id
                  JOIN agent AS o ON o.shop_id = :other AND o.key = a.key
                  JOIN session_coverage AS t ON t.shop_id = :other AND t.agent_id = o.id
                                   AND t.first_day <= m.last_day AND t.last_day >= m.first_day AND t.batch_id < :batch
                  WHERE m.batch_id = :batch AND m.shop_id = :shop)""",
        given,
    ).fetchone()[0]
    cells, equal = conn.execute(
        """SELECT count(*), coalesce(sum(t.value = m.value), 0)
           FROM measure AS m LEFT JOIN agent AS a ON a.id = m.agent_id
           JOIN agent AS o ON m.agent_id <> 0 AND o.shop_id = :other AND o.key = a.key
           JOIN measure AS t ON t.shop_id = :other AND t.agent_id = o.id AND t.first_day = m.first_day
                            AND t.last_day = m.last_day AND t.source = m.source
                            AND t.measure = m.measure AND t.effective AND t.batch_id < :batch
           WHERE m.batch_id = :batch AND m.shop_id = :shop AND m.effective AND m.value > 0""",
        given,
    ).fetchone()
    more, same = conn.execute(
        """SELECT count(*), coalesce(sum(t.value = m.value), 0)
           FROM measure AS m
           JOIN measure AS t ON t.shop_id = :other AND t.agent_id = 0 AND t.first_day = m.first_day
                            AND t.last_day = m.last_day AND t.source = m.source
                            AND t.measure = m.measure AND t.effective AND t.batch_id < :batch
           WHERE m.batch_id = :batch AND m.shop_id = :shop AND m.agent_id = 0 AND m.effective AND m.value > 0""",
        given,
    ).fetchone()
    ids, ids_there = _ids(conn, given)
    return Common(
        batch, shop, other, people[0], people[1], people[2], bool(spans), ids, ids_there, cells + more, equal + same
    )


def _ids(conn: sqlite3.Connection, given: dict[str, int]) -> tuple[int, int]:
    """Long ids of orders and sessions of the import, and how many of them the other shop has too."""
    total = shared = 0
    for table, key in (("order_head", "order_id"), ("session", "session_key"), ("refund", "refund_key")):
        told = conn.execute(
            f"SELECT min(first_day), max(last_day) FROM {table}_coverage WHERE batch_id = :batch AND shop_id = :shop",
            given,
        ).fetchone()
        if told[0] is None:
            continue
        row = conn.execute(
            f"""SELECT count(*), coalesce(sum(EXISTS (SELECT 1 FROM {table} AS t WHERE t.shop_id = :other
                                                     AND t.{key} = s.{key} AND t.batch_id < :batch)), 0)
                FROM {table} AS s WHERE s.shop_id = :shop AND s.batch_id = :batch AND length(s.{key}) >= {_LONG_ID}""",
            given,
        ).fetchone()
        total, shared = total + row[0], shared + row[1]
    return total, shared
