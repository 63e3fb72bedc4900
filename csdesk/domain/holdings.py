"""What there is at all: days, shops and people, as filters and empty states need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from csdesk.domain.platforms import Platform


@dataclass(frozen=True, slots=True)
class ShopFact:
    """A shop the store knows."""

    id: int
    name: str
    platform: Platform


@dataclass(frozen=True, slots=True)
class AgentFact:
    """A person the store knows (after merges). ``team`` is his group of the last day, "" when he is in none."""

    id: int
    name: str
    shop_id: int
    team: str = ""


@dataclass(frozen=True, slots=True)
class DataFacts:
    """What is there at all: the span of days, shops and agents. ``demo`` = example data is among it.

    ``groups``: the names of all groups, :data:`csdesk.domain.filters.UNGROUPED` last where somebody is in none.
    """

    first_day: date | None = None
    last_day: date | None = None
    shops: tuple[ShopFact, ...] = ()
    agents: tuple[AgentFact, ...] = ()
    demo: bool = False
    groups: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing has been imported yet."""
        return self.first_day is None

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """The platforms of the shops, in the order of :class:`Platform`."""
        present = {shop.platform for shop in self.shops}
        return tuple(platform for platform in Platform if platform in present)
