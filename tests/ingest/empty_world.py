"""The planner's world before anything was imported."""

from __future__ import annotations

from collections.abc import Sequence

from csdesk.domain.platforms import Platform
from csdesk.ingest.model import Given, RowCounts
from csdesk.ingest.world import KnownShop


class EmptyWorld:
    """No shop, no batch, no word of the owner."""

    def shops(self, platform: Platform | None = None) -> Sequence[KnownShop]:
        """No shop."""
        return ()

    def duplicate(self, sha256: str, claim: str) -> int | None:
        """Nothing was imported."""
        return None

    def rows_of(self, batch: int) -> RowCounts:
        """No batch, no rows."""
        return RowCounts()

    def answer(self, fingerprint: str) -> Given | None:
        """Nothing was said."""
        return None
