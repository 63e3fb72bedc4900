"""Widths the owner has set by hand — table columns, splitters — remembered by name."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from csdesk.settings.options import COLUMN_WIDTHS
from csdesk.settings.store import Settings


def remember_widths(settings: Settings, name: str, widths: Sequence[int]) -> None:
    """Keep these under ``name``."""
    kept = {**settings.get(COLUMN_WIDTHS), name: ",".join(str(width) for width in widths)}
    with suppress(OSError):  # a read-only data folder: they hold for this run
        settings.set(COLUMN_WIDTHS, kept)


def remembered_widths(settings: Settings, name: str, count: int) -> list[int]:
    """The widths kept under ``name``; empty when there are none, or they are for another number of columns."""
    parts = settings.get(COLUMN_WIDTHS).get(name, "").split(",")
    if len(parts) != count or not all(part.isdigit() for part in parts):
        return []
    return [int(part) for part in parts]
