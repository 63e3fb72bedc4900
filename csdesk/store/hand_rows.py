"""Rows typed in by hand: which ledger line an entry joins, how it is written, and how it is found again.

Entries of one form, shop and day of typing share one ledger line, which grows. A correction is a batch of its own
that says the whole row anew; a deletion is one too and says that the row was a mistake (:data:`WITHDRAWN`). So what
the ledger takes back is always whole: the day's entries, one correction, or one deletion.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from csdesk.domain.identity import fold
from csdesk.domain.platforms import Platform
from csdesk.store.identities import Identities
from csdesk.store.kinds import DAY_SECONDS, WITHDRAWN, RecordKind
from csdesk.store.record_facts import RecordWriter
from csdesk.store.selection import FINAL_AGENT
from csdesk.store.shops import ASSUMED_NAMES, SHOWN_NAME


@dataclass(frozen=True, slots=True)
class ShopRow:
    """What a batch says of the row ``key`` of a shop: the kind's columns without agent (None: it is withdrawn)."""

    key: str
    shop: str
    agent: str
    values: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class HandRow:
    """A row as it stands. ``values``: the kind's stored columns; ``changed``: more than one batch speaks of it.

    ``shop`` is its name in files, ``shop_shown`` what the owner calls it. ``agent`` is the final person's name, ""
    for nobody; ``typed_at`` epoch seconds of the newest word's batch.
    """

    key: str
    platform: Platform
    shop: str
    shop_shown: str
    agent: str
    values: dict[str, Any]
    changed: bool
    typed_at: int


@dataclass(frozen=True, slots=True)
class OpenBatch:
    """A line of the ledger that entries may join. Days are epoch days of its rows."""

    id: int
    rows: int
    first_day: int
    last_day: int


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was typed: epoch seconds and microseconds of the shop's clock."""

    seconds: int
    micros: int


def open_batch(conn: sqlite3.Connection, layout: str, claim: str, day: int) -> OpenBatch | None:
    """The live batch of that layout and claim that was begun on that epoch day."""
    row = conn.execute(
        """SELECT id, rows_inserted, first_day, last_day FROM batch
           WHERE layout = ? AND claim = ? AND undone_at IS NULL AND exported_at BETWEEN ? AND ?
           ORDER BY id DESC LIMIT 1""",
        (layout, claim, day * DAY_SECONDS, day * DAY_SECONDS + DAY_SECONDS - 1),
    ).fetchone()
    return OpenBatch(*row) if row else None


def write(conn: sqlite3.Connection, kind: RecordKind, batch: int, platform: Platform, row: ShopRow) -> tuple[int, int]:
    """Write what a batch says of a row; returns the first and last day of it (1..0 where it is withdrawn)."""
    who = Identities(conn, batch, platform)
    shop = who.shop(row.shop, assumed=fold(row.shop) == fold(ASSUMED_NAMES[platform]))
    said = row.values or {}
    columns = {name: [said.get(name)] for name in kind.columns if name != "agent"}
    columns[kind.key] = [row.key]
    columns[WITHDRAWN] = [1 if row.values is None else None]
    columns["agent_id"] = [who.agent(shop, row.agent) if row.agent else None]
    columns["day"] = list(kind.days_of(columns, 1))
    writer = RecordWriter(conn, kind, batch, kind.mask(set(kind.fields)))
    writer.add([shop], columns)
    writer.finish()
    return writer.span or (1, 0)


def find(conn: sqlite3.Connection, kind: RecordKind, key: str) -> HandRow | None:
    """The row of that key, None if there is none (withdrawn, or all its batches undone)."""
    return next(iter(_rows(conn, kind, "= ?", (key,), 1)), None)


def recent(conn: sqlite3.Connection, kind: RecordKind, prefix: str, limit: int) -> list[HandRow]:
    """The rows whose keys begin so, those with the largest keys first."""
    return _rows(conn, kind, "BETWEEN ? AND ?", (prefix, prefix + "\U0010ffff"), limit)


def after_newest(conn: sqlite3.Connection, kind: RecordKind, key: str, now: Moment) -> Moment:
    """``now``, or the instant after the newest word about the row if the clock was set back since."""
    row = conn.execute(
        f"""SELECT b.exported_at, b.written_at FROM shop
            CROSS JOIN {kind.name} AS s ON s.shop_id = shop.id AND s.{kind.key} = ?
            JOIN batch AS b ON b.id = s.batch_id ORDER BY 1 DESC, 2 DESC LIMIT 1""",
        (key,),
    ).fetchone()
    if row is None or (now.seconds, now.micros) > (row[0], row[1]):
        return now
    return Moment(int(row[0]), max(now.micros, int(row[1]) + 1))


def _rows(
    conn: sqlite3.Connection, kind: RecordKind, condition: str, parameters: tuple[str, ...], limit: int
) -> list[HandRow]:
    names = [name for name in kind.columns if name not in ("agent", WITHDRAWN)]
    found = conn.execute(
        f"""SELECT s.{kind.key}, shop.platform, shop.name, {SHOWN_NAME}, coalesce(a.name, ''), s.versions,
                   b.exported_at, {", ".join(f"s.{name}" for name in names)}
            FROM shop CROSS JOIN {kind.name} AS s ON s.shop_id = shop.id AND s.{kind.key} {condition}
            JOIN batch AS b ON b.id = s.batch_id
            LEFT JOIN agent AS a ON a.id = {FINAL_AGENT.format("s")}
            WHERE {kind.counts} ORDER BY 1 DESC LIMIT ?""",
        (*parameters, limit),
    )
    return [
        HandRow(
            key, Platform(platform), shop, shown, agent, dict(zip(names, values, strict=True)), bool(versions), when
        )
        for key, platform, shop, shown, agent, versions, when, *values in found
    ]
