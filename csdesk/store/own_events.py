"""Days the owner says are not ordinary. No undo of an import touches them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from csdesk.domain.platforms import Platform
from csdesk.store import batches, shops

KINDS = ("promotion", "holiday", "other")


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """One event. Days are epoch days, both included.

    ``shop``: the shop's name, "" = every shop. ``shop_id`` None with a name: the shop has no data at present.
    """

    id: int
    name: str
    first_day: int
    last_day: int
    kind: str
    shop_id: int | None
    platform: Platform | None
    shop: str
    note: str


def all_events(conn: sqlite3.Connection) -> list[OwnEvent]:
    """Every event, by first day; one of a shop that counts as another belongs to that one."""
    known = {shop.id: shop for shop in shops.all_shops(conn)}
    rows = conn.execute(
        """SELECT e.id, e.name, e.first_day, e.last_day, e.kind, coalesce(s.merged_into, s.id), e.platform, e.shop_name,
                  e.note
           FROM own_event AS e LEFT JOIN shop AS s ON s.id = e.shop_id ORDER BY e.first_day, e.last_day, e.id"""
    ).fetchall()
    found = []
    for id_, name, first, last, kind, shop_id, platform, shop_name, note in rows:
        at = Platform(platform) if platform else None
        shop = known.get(shop_id)
        if shop is None and shop_name is not None:
            shop = next(iter(shops.find(conn, shop_name, at)), None)
        shown = shop.name if shop else shop_name or ""
        found.append(OwnEvent(id_, name, first, last, kind, shop.id if shop else None, at, shown, note))
    return found


def add(
    conn: sqlite3.Connection, name: str, days: tuple[int, int], kind: str, *, shop_id: int | None = None, note: str = ""
) -> int:
    """Keep an event of a shop (None = of every shop); its id. Inside ``store.writing()``."""
    cursor = conn.execute(
        """INSERT INTO own_event (name, first_day, last_day, kind, shop_id, platform, shop_name, note, made_at)
           VALUES (?1, ?2, ?3, ?4, ?5, (SELECT platform FROM shop WHERE id = ?5), (SELECT name FROM shop WHERE id = ?5),
                   ?6, ?7)""",
        (name, *days, kind, shop_id, note, datetime.now(UTC).isoformat(timespec="seconds")),
    )
    batches.raise_data_version(conn)
    return int(cursor.lastrowid or 0)


def remove(conn: sqlite3.Connection, event_id: int) -> bool:
    """Take an event away; False where there is none of that id. Inside ``store.writing()``."""
    gone = conn.execute("DELETE FROM own_event WHERE id = ?", (event_id,)).rowcount > 0
    if gone:
        batches.raise_data_version(conn)
    return gone
