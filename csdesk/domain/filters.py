"""What the owner is looking at: the selection every page, metric and export shares."""

from __future__ import annotations

from dataclasses import dataclass

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform


@dataclass(frozen=True, slots=True)
class Filter:
    """A selection. ``None`` and the empty tuple mean "all".

    ``shops`` and ``agents`` hold store ids. Agents are ids of the final person (after merges).
    """

    period: Period | None = None
    platform: Platform | None = None
    shops: tuple[int, ...] = ()
    agents: tuple[int, ...] = ()

    def during(self, period: Period | None) -> Filter:
        """The same selection over another period."""
        return Filter(period, self.platform, self.shops, self.agents)
