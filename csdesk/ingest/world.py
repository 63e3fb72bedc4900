"""What the planner must know about the data that is already there. The store implements it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import Given, Plan, RowCounts


@dataclass(frozen=True, slots=True)
class KnownShop:
    """A shop of the store. ``agents`` are the folded names of its agents; ``assumed``: no file has named it yet."""

    platform: Platform
    name: str
    assumed: bool = False
    agents: frozenset[str] = frozenset()


class KnownWorld(Protocol):
    """The store, as the planner sees it."""

    def shops(self, platform: Platform | None = None) -> Sequence[KnownShop]:
        """The known shops, of one platform or all."""
        ...

    def duplicate(self, sha256: str, claim: str) -> int | None:
        """The batch, not undone, that has read the same bytes as the same thing."""
        ...

    def rows_of(self, batch: int) -> RowCounts:
        """What a batch counted when it was imported."""
        ...

    def answer(self, fingerprint: str) -> Given | None:
        """What the owner said about files with these headers before (platform, shop, mapping; never a period)."""
        ...


def claim_of(plan: Plan, sheet: str = "") -> str:
    """What a plan says its table is: same bytes and same claim are a duplicate.

    Session files are told by their rows, so their period is no part of it.
    """
    period = "" if plan.source == "sessions" else _span(plan.period)
    parts = (plan.layout or "", plan.platform or "", plan.shop or "", period, sheet)
    return "|".join(str(part) for part in parts)


def _span(period: Period | None) -> str:
    return f"{period.first}..{period.last}" if period else ""


def fingerprint_of(headers: Sequence[str]) -> str:
    """A key for the headers of a table, under which answers are remembered."""
    return hashlib.sha256("\x1f".join(headers).encode("utf-8", "surrogatepass")).hexdigest()[:32]
