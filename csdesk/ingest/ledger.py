"""The ledger of imports in the owner's words: which file was read as what, for which shop and days."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from csdesk.domain.period import Period, from_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.ingest.layouts import layout_name
from csdesk.ingest.model import RowCounts
from csdesk.store import batches


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One import as the ledger shows it. ``imported_at`` is local time; ``undone`` = taken back."""

    batch: int
    file_name: str
    layout_name: str
    platform: Platform | None
    shop: str
    period: Period | None
    rows: RowCounts
    imported_at: datetime
    undone: bool = False
    demo: bool = False


def entries(conn: sqlite3.Connection) -> list[LedgerEntry]:
    """All imports, newest first, undone ones included."""
    return [_entry(batch) for batch in batches.ledger(conn)]


def _entry(batch: batches.Batch) -> LedgerEntry:
    period = None
    if batch.first_day is not None and batch.last_day is not None:
        period = Period(from_epoch_day(batch.first_day), from_epoch_day(batch.last_day))
    return LedgerEntry(
        batch=batch.id,
        file_name=f"{batch.file_name}!{batch.member}" if batch.member else batch.file_name,
        layout_name=layout_name(batch.layout),
        platform=Platform(batch.platform) if batch.platform else None,
        shop=batch.shop or "",
        period=period,
        rows=RowCounts(batch.read, batch.inserted, batch.updated, batch.duplicate, batch.rejected, batch.summary),
        imported_at=datetime.fromisoformat(batch.imported_at).astimezone().replace(tzinfo=None),
        undone=batch.undone_at is not None,
        demo=batch.is_demo,
    )
