"""How long something may take and still count, as the owner set it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Windows:
    """``reply_hours``: a bad review is answered in time within so many hours."""

    reply_hours: float = 72.0
