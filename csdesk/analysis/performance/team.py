"""The people to be compared, their numbers, and what chance makes of them.

Robots, main and shared accounts are no people and never ranked. Where platforms count differently, people are compared
within their platform only: each has a side, and sides never meet in one ranking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from csdesk.analysis.apart import homes_of
from csdesk.analysis.terms import direction_of, unit_of
from csdesk.charts.build import number
from csdesk.domain.platforms import Platform
from csdesk.metrics.declaration import Direction
from csdesk.metrics.model import MetricRow, MetricValue, Unit
from csdesk.stats.ranking import DRAWS, drawn_means, drawn_rates, places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from csdesk.stats.ranking import Place

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team. ``agent_id`` 0 where the facts name nobody's number."""

    name: str
    agent_id: int
    values: Mapping[str, MetricValue]
    side: Platform | None = None


class Team:
    """People in the order of their names; arrays are in this order. What is drawn is drawn once."""

    def __init__(
        self, members: Sequence[Member], spreads: Mapping[str, float] | None = None, rankings: int = 1
    ) -> None:
        """``spreads``: coefficients of variation of single durations by metric, where they are known. ``rankings``: how
        many are shown side by side.
        """
        self._rankings = rankings
        self.members = tuple(sorted(members, key=lambda one: (one.name, one.agent_id)))
        self._spreads = dict(spreads or {})
        self._drawn: dict[str, Floats] = {}
        self._places: dict[str, dict[int, Place]] = {}

    @cached_property
    def sides(self) -> dict[Platform | None, tuple[int, ...]]:
        """Positions of the members by side; one side where all can be compared."""
        found: dict[Platform | None, list[int]] = {}
        for at, one in enumerate(self.members):
            found.setdefault(one.side, []).append(at)
        if len([side for side in found if side is not None]) < 2:
            return {None: tuple(range(len(self.members)))} if self.members else {}
        return {side: tuple(positions) for side, positions in found.items()}

    @cached_property
    def only_side(self) -> Platform | None:
        """The platform of everybody whose platform is known, where it is one."""
        found = {one.side for one in self.members} - {None}
        return found.pop() if len(found) == 1 else None

    def value(self, at: int, metric: str) -> MetricValue | None:
        """The value of a member."""
        return self.members[at].values.get(metric)

    def numbers(self, metric: str) -> Floats:
        """Everybody's number; NaN where there is none."""
        found = [number(one.values.get(metric)) for one in self.members]
        return np.array([np.nan if value is None else value for value in found], dtype=np.float64)

    def comparable(self, metric: str) -> Bools:
        """Whose number says enough to be compared: counts that fit each other, and no small sample."""
        return np.array([_says_enough(one.values.get(metric)) for one in self.members], dtype=np.bool_)

    def counts(self, metric: str, positions: Sequence[int]) -> list[tuple[float, float]]:
        """(numerator, denominator) of members."""
        found = [self.members[at].values[metric] for at in positions]
        return [(value.numerator or 0.0, value.denominator or 0.0) for value in found]

    def drawn(self, metric: str) -> Floats:
        """Draws × people: what the true numbers may be; NaN for who cannot be compared."""
        if metric not in self._drawn:
            drawn = np.full((DRAWS, len(self.members)), np.nan)
            usable = self.comparable(metric)
            for positions in self.sides.values():
                here = [at for at in positions if usable[at]]
                drawn[:, here] = self._draw(metric, here)
            self._drawn[metric] = drawn
        return self._drawn[metric]

    def places(self, metric: str) -> dict[int, Place]:
        """Places by position, within each side, of those who can be compared; best first."""
        if metric not in self._places:
            sign = -1.0 if direction_of(metric) is Direction.LOWER else 1.0
            self._places[metric] = self.places_in(sign * self.drawn(metric))
        return self._places[metric]

    def places_in(self, drawn: Floats) -> dict[int, Place]:
        """Places by position of those whose draws are known (higher is better), within each side."""
        known = ~np.isnan(drawn[0]) if len(self.members) else np.zeros(0, dtype=np.bool_)
        found: dict[int, Place] = {}
        for positions in self.sides.values():
            here = [at for at in positions if known[at]]
            found.update(zip(here, places(drawn[:, here], self._rankings), strict=True))
        return found

    def _draw(self, metric: str, here: Sequence[int]) -> Floats:
        seed = crc32(metric.encode())  # each metric its own chance, the same one always
        if unit_of(metric) is Unit.RATE:
            return drawn_rates(self.counts(metric, here), seed)
        means = self.numbers(metric)[list(here)].tolist()
        sizes = [self.members[at].values[metric].n or 0.0 for at in here]
        return drawn_means(means, sizes, self._spreads.get(metric, 1.0), seed)


def ranked_metric(metric: str) -> bool:
    """Whether people can be ranked by it with a range: rates and durations of which one way is better."""
    return unit_of(metric) in {Unit.RATE, Unit.SECONDS} and direction_of(metric) is not Direction.NEITHER


def team_of(
    rows: Sequence[MetricRow], spreads: Mapping[str, float] | None = None, among: Sequence[Platform] = (),
    *, rankings: int = 1,
) -> Team:  # fmt: skip
    """The team of the page's people."""
    sides = homes_of(rows, among)
    members = [Member(str(row.key), row.agent_id or 0, row.values, side) for row, side in zip(rows, sides, strict=True)]
    return Team(members, spreads, rankings)


def _says_enough(value: MetricValue | None) -> bool:
    if value is None or number(value) is None or value.small or not value.n:
        return False
    return value.low is not None if value.unit is Unit.RATE else value.unit is Unit.SECONDS and (number(value) or 0) > 0
