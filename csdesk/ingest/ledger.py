"""The ledger of imports in the owner's words: which file was read as what, for which shop and days."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from csdesk.domain.period import Period, from_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.ingest.layouts import Catalogue, catalogue
from csdesk.ingest.model import RowCounts
from csdesk.store import batches, rejected_rows
from csdesk.store.shops import ASSUMED_NAMES


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
    kept: int = 0
    """Rejected rows that are kept, to be corrected."""
    corrects: int | None = None
    """The import whose rejected rows this file holds, corrected."""
    corrected_by: tuple[int, ...] = ()
    """Imports, not undone, of corrected rows of this one."""


def entries(conn: sqlite3.Connection, layouts: Catalogue | None = None) -> list[LedgerEntry]:
    """All imports, newest first, undone ones included. ``layouts`` name them: with the owner's own where given."""
    adopted = batches.adopted_shops(conn)
    known = layouts or catalogue()
    kept = rejected_rows.kept(conn)
    found = [
        replace(_entry(batch, _shop_now(batch, adopted), known), kept=kept.get(batch.id, 0), corrects=batch.corrects)
        for batch in batches.ledger(conn)
    ]
    corrections: dict[int, tuple[int, ...]] = {}
    for entry in reversed(found):
        if entry.corrects is not None and not entry.undone:
            corrections[entry.corrects] = (*corrections.get(entry.corrects, ()), entry.batch)
    return [replace(entry, corrected_by=corrections.get(entry.batch, ())) for entry in found]


def _shop_now(batch: batches.Batch, adopted: Mapping[int, str]) -> str:
    """A shop that had no name yet when the file came is shown under the one it has now."""
    shop = batch.shop or ""
    return adopted.get(batch.id, shop) if shop in ASSUMED_NAMES.values() else shop


def _entry(batch: batches.Batch, shop: str, layouts: Catalogue) -> LedgerEntry:
    period = None
    if batch.first_day is not None and batch.last_day is not None:
        period = Period(from_epoch_day(batch.first_day), from_epoch_day(batch.last_day))
    return LedgerEntry(
        batch=batch.id,
        file_name=f"{batch.file_name}!{batch.member}" if batch.member else batch.file_name,
        layout_name=layouts.name_of(batch.layout),
        platform=Platform(batch.platform) if batch.platform else None,
        shop=shop,
        period=period,
        rows=RowCounts(batch.read, batch.inserted, batch.updated, batch.duplicate, batch.rejected, batch.summary),
        imported_at=datetime.fromisoformat(batch.imported_at).astimezone().replace(tzinfo=None),
        undone=batch.undone_at is not None,
        demo=batch.is_demo,
    )
