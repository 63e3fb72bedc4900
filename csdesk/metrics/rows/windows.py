"""How long something may take and still count, as the owner set it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Windows:
    """``reply_hours``: a bad review is answered in time within so many hours.

    ``return_days``: an invited buyer, ``retention_days``: a new one counts as come back within so many days.
    """

    reply_hours: float = 72.0
    return_days: float = 30.0
    retention_days: float = 30.0
