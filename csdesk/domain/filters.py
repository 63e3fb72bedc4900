"""What the owner is looking at: the selection every page, metric and export shares."""

from __future__ import annotations

from dataclasses import dataclass

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform

UNGROUPED = "未分组"
"""The group of everybody who is in none; also a choice in a filter."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A selection. ``None`` and the empty tuple mean "all".

    ``shops`` and ``agents`` hold store ids. Agents are ids of the final person (after merges). ``groups`` are names
    of groups (售前, 晚班, :data:`UNGROUPED`): what people did on the days they were in one of them.
    """

    period: Period | None = None
    platform: Platform | None = None
    shops: tuple[int, ...] = ()
    agents: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def of_people(self) -> bool:
        """Whether some persons or groups are chosen: what files tell of nobody in particular is out of sight."""
        return bool(self.agents or self.groups)

    def during(self, period: Period | None) -> Filter:
        """The same selection over another period."""
        return Filter(period, self.platform, self.shops, self.agents, self.groups)
