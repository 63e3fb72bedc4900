"""What the owner may set of how rows are counted: how long things may take, and where bands end."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

from csdesk.domain.platforms import Platform
from csdesk.metrics import standards
from csdesk.settings.options import (
    ANSWER_WITHIN,
    CHECK_PASS,
    REPLY_HOURS,
    RESPONSE_EDGES,
    RETENTION_DAYS,
    RETURN_DAYS,
    RETURN_HOURS,
    TICKET_HOURS,
)
from csdesk.settings.store import Settings

USUAL_EDGES = (60.0, 180.0, 300.0, 600.0)
"""Seconds: 0–1, 1–3, 3–5, 5–10 minutes and longer."""
LONGEST_RETURN = 24 * 30


@dataclass(frozen=True, slots=True)
class Windows:
    """What the owner may set of how rows are counted.

    ``answer_within``: seconds by platform in which a first answer is in time; platforms not named follow the default.
    ``edges``: seconds, ascending, between the bands of response times. ``return_hours``: a buyer who comes back within
    them was not helped at once. ``ticket_hours``: a ticket solved within them is in time. ``reply_hours``: a bad
    review is answered in time within so many hours. ``return_days``: an invited buyer, ``retention_days``: a new one
    counts as come back within so many days. ``check_pass``: a sampled conversation with so many points was correct.
    """

    answer_within: tuple[tuple[Platform, float], ...] = ()
    edges: tuple[float, ...] = USUAL_EDGES
    return_hours: float = 72.0
    ticket_hours: float = 48.0
    reply_hours: float = 72.0
    return_days: float = 30.0
    retention_days: float = 30.0
    check_pass: float = 80.0

    def answer_limit(self, platform: Platform) -> float:
        """Seconds in which a first answer is in time."""
        return dict(self.answer_within).get(platform, standards.answer_limit(platform))

    @property
    def reach_days(self) -> int:
        """How many days after a row decide on its numbers."""
        return int(self.return_hours // 24) + 2

    @property
    def band_titles(self) -> tuple[str, ...]:
        """Names of the bands of response times: ``0–1 分钟`` … ``10 分钟以上``."""
        whole = all(edge % 60 == 0 for edge in self.edges)
        unit, size = ("分钟", 60.0) if whole else ("秒", 1.0)
        marks = ["0", *(f"{edge / size:g}" for edge in self.edges)]
        pairs = [f"{low}–{high} {unit}" for low, high in itertools.pairwise(marks)]
        return (*pairs, f"{marks[-1]} {unit}以上")


def windows_of(settings: Settings) -> Windows:
    """The settings, as far as they make sense; what does not is passed over."""
    within, edges = settings.get(ANSWER_WITHIN), settings.get(RESPONSE_EDGES)
    hours = (settings.get(option) for option in (REPLY_HOURS, RETURN_DAYS, RETENTION_DAYS, CHECK_PASS))
    return _windows(
        tuple(within.items()), tuple(edges), settings.get(RETURN_HOURS), settings.get(TICKET_HOURS), tuple(hours)
    )


@lru_cache(maxsize=8)
def _windows(
    within: tuple[tuple[str, str], ...], edges: tuple[str, ...], back: int, ticket: int, others: tuple[float, ...]
) -> Windows:
    limits = [(Platform(name), _figure(text)) for name, text in within if name in set(Platform)]
    known = tuple(edge for edge in map(_figure, edges) if edge is not None)
    rising = bool(known) and len(known) == len(edges) and all(a < b for a, b in itertools.pairwise(known))
    return Windows(
        tuple(sorted((platform, seconds) for platform, seconds in limits if seconds is not None)),
        known if rising else USUAL_EDGES,
        float(min(max(back, 1), LONGEST_RETURN)),
        float(max(ticket, 1)),
        *map(float, others),
    )


def _figure(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 < number < 1e9 else None
