"""A selection of the columns: which rows belong to it, on an axis of its days.

The axis starts with the selection's first fact (``base``) and ends with its last; days are offsets on it.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.metrics.columns import Columns
from csdesk.metrics.days import Bools, Ints, before, from_bits, ints, marked
from csdesk.metrics.declaration import SESSIONS, MetricDefinition, SessionRule
from csdesk.metrics.facts import Facts
from csdesk.metrics.inputs import row_sums_of
from csdesk.metrics.pieces import CONTRADICTORY, DELAYED
from csdesk.metrics.rows.hours import NO_HOURS, HourSums
from csdesk.metrics.sums import SumTable

ROBOT = "robot"
Needs = tuple[tuple[str, ...], ...]


class View:
    """What the engine works on: a cut of :class:`Columns`."""

    def __init__(self, columns: Columns, selection: Filter | None = None, hours: HourSums = NO_HOURS) -> None:
        """``selection`` None = all the facts, within the period they were read for; ``hours`` its sums by hour."""
        self._hours = hours
        self.columns = columns
        facts = columns.facts
        chosen = selection or Filter()
        period = chosen.period
        self.window = facts.window if period is None else (to_epoch_day(period.first), to_epoch_day(period.last))
        """The period as epoch days; None = all days."""
        self.by_agents = bool(chosen.agents or chosen.groups) or facts.by_agents
        """Only some people: then shops as a whole do not come in."""
        wanted = [
            (not chosen.shops or shop in chosen.shops)
            and _somebody_chosen(facts, agent, chosen)
            and (chosen.platform is None or facts.shops[shop].platform is chosen.platform)
            for shop, agent in columns.lanes
        ]
        self.wanted: Bools = np.array(wanted, dtype=np.bool_)
        """By lane: whether it is selected."""
        self.rows = np.flatnonzero(self._touching(columns.lane, columns.first, columns.last))
        """The reports of the selection."""
        self._covers = np.flatnonzero(self._touching(columns.cover_lane, columns.cover_first, columns.cover_last))
        cover_first, cover_last = columns.cover_first[self._covers], columns.cover_last[self._covers]
        if self.window is not None:  # a file of years must not make a month's axis long
            cover_first, cover_last = np.maximum(cover_first, self.window[0]), np.minimum(cover_last, self.window[1])
        firsts = (columns.first[self.rows], cover_first)
        lasts = (columns.last[self.rows], cover_last)
        self.base = min((int(days.min()) for days in firsts if len(days)), default=0)
        self.size = max((int(days.max()) for days in lasts if len(days)), default=self.base - 1) - self.base + 1
        self._cover_first, self._cover_last = cover_first - self.base, cover_last - self.base
        self._providers: dict[str, frozenset[str]] = {}
        self._covered: dict[tuple[bool, ...], Bools] = {}
        self._fitting: dict[Needs, tuple[bool, ...]] = {}
        self._session_files: dict[tuple[int, int], frozenset[int]] = {}
        self._kept_files: dict[frozenset[int], tuple[str, ...]] = {}

    @cached_property
    def lane(self) -> Ints:
        """Lane of each report."""
        return self.columns.lane[self.rows]

    @cached_property
    def source(self) -> Ints:
        """Number of each report's source."""
        return self.columns.source[self.rows]

    @cached_property
    def first(self) -> Ints:
        """First day of each report."""
        return self.columns.first[self.rows] - self.base

    @cached_property
    def last(self) -> Ints:
        """Last day of each report."""
        return self.columns.last[self.rows] - self.base

    @cached_property
    def span(self) -> tuple[int, int]:
        """First and last day of the selection on the axis; an empty one has its last before its first."""
        if self.window is None:
            return 0, self.size - 1
        first, last = max(0, self.window[0] - self.base), min(self.size - 1, self.window[1] - self.base)
        return (first, last) if first <= last else (0, -1)

    def period(self, first: int, last: int) -> Period | None:
        """The span of a row: the selection's own where it is the whole of it. Epoch days."""
        if self.window is not None:
            first, last = max(first, self.window[0], self.base), min(last, self.window[1])
            if (first, last) == (max(self.window[0], self.base), self.window[1]):
                first, last = self.window
        return Period(from_epoch_day(first), from_epoch_day(last)) if first <= last else None

    def covered(self, needs: Needs) -> Bools:
        """By lane and day: whether session files with one of the column sets in ``needs`` speak for it."""
        fitting = self.fitting(needs)
        if fitting not in self._covered:
            columns = self.columns
            chosen = np.array(fitting, dtype=np.bool_)[columns.cover_fields[self._covers]]
            self._covered[fitting] = marked(
                columns.cover_lane[self._covers][chosen], self._cover_first[chosen], self._cover_last[chosen],
                (len(columns.lanes), self.size),
            )  # fmt: skip
        return self._covered[fitting]

    def fitting(self, needs: Needs) -> tuple[bool, ...]:
        """By kind of session file (its columns): whether it has one of the column sets. Needs that the same files meet
        are met on the same days.
        """
        if needs not in self._fitting:
            self._fitting[needs] = tuple(
                any(fields.issuperset(names) for names in needs) for fields in self.columns.field_sets
            )
        return self._fitting[needs]

    def session_days(self, rule: SessionRule | None) -> Bools | None:
        """Days for which session rows give the metric, by lane; None where they give it nowhere."""
        if rule is None or not self.gives(rule):
            return None
        days = self.covered(rule.needs)
        return days if days.any() else None

    def gives(self, rule: SessionRule) -> bool:
        """Whether the sums a rule is made of are at hand (facts made up by hand have those of the roll-ups alone)."""
        return not self.columns.lacks(row_sums_of(rule))

    @cached_property
    def machines(self) -> Bools:
        """By lane: whether it is a robot's."""
        columns = self.columns
        kinds = columns.facts.kinds
        return np.array(
            [kinds.get(columns.person(lane)) == ROBOT for lane in range(len(columns.lanes))], dtype=np.bool_
        )

    def held_by(self, rule: SessionRule) -> Bools:
        """By lane: whether its session rows count for a rule: agents', and not the robots' where only people do."""
        return self.columns.is_agent & ~self.machines if rule.people else self.columns.is_agent

    def providers(self, metric: MetricDefinition) -> frozenset[str]:
        """Sources that give the metric anywhere in the selection."""
        if metric.id not in self._providers:
            pieces = self.columns.pieces(metric)
            pieces.work_out(self.rows)
            state = pieces.state[self.rows]
            giving = np.unique(self.source[((state >= 0) & (state <= DELAYED)) | (state == CONTRADICTORY)]).tolist()
            found = {self.columns.sources[source] for source in giving}
            if self.session_days(metric.sessions) is not None:
                found.add(SESSIONS)
            self._providers[metric.id] = frozenset(found)
        return self._providers[metric.id]

    @cached_property
    def spoken(self) -> Bools:
        """By source, lane and day: whether the source says anything at all."""
        columns = self.columns
        lanes = len(columns.lanes)
        said = ~columns.split[self.rows]
        rows = marked(
            self.source[said] * lanes + self.lane[said], self.first[said], self.last[said],
            (len(columns.sources) * lanes, self.size),
        ).reshape(len(columns.sources), lanes, self.size)  # fmt: skip
        rows[columns.sources.index(SESSIONS)] = self.covered(((),))
        return rows

    @cached_property
    def lanes_there(self) -> Bools:
        """Lanes any fact of the selection speaks of."""
        return np.asarray(self.spoken.any(axis=(0, 2)))

    @cached_property
    def shops_there(self) -> list[int]:
        """Numbers of the shops any fact of the selection speaks of, ascending."""
        shops: list[int] = np.unique(self.columns.shop_of_lane[self.lanes_there]).tolist()
        return shops

    def session_files(self, shop: int, days: int) -> frozenset[int]:
        """Batches of the session files that speak for any of the days (bits), of a shop by number."""
        key = (shop, days)
        if key not in self._session_files:
            lanes, first, last, batches = self._files_of[shop]
            counts = before(from_bits(days, self.size)[None, :])
            hit = counts[0, last + 1] - counts[0, first] > 0
            self._session_files[key] = frozenset(np.unique(batches[hit]).tolist()) if len(lanes) else frozenset()
        return self._session_files[key]

    @cached_property
    def hour_sums(self) -> SumTable:
        """Session sums by lane and hour."""
        hours = self._hours
        lane = self._hour_lanes[hours.lane] if len(hours.lane) else hours.lane
        return SumTable(lane, hours.hour, np.zeros_like(hours.hour), hours.values, hours.names)

    @cached_property
    def hour_categories(self) -> dict[tuple[int, int], dict[str, int]]:
        """Sessions by (hour, lane) and category."""
        found: dict[tuple[int, int], dict[str, int]] = {}
        for place, hour, category, sessions in self._hours.categories:
            counts = found.setdefault((hour, int(self._hour_lanes[place])), {})
            counts[category] = counts.get(category, 0) + sessions
        return found

    @cached_property
    def _hour_lanes(self) -> Ints:
        """The number of each lane of the sums by hour; −1 for those without sessions in them."""
        return ints([self.columns.lane_numbers.get(lane, -1) for lane in self._hours.lanes])

    @cached_property
    def _files_of(self) -> dict[int, tuple[Ints, Ints, Ints, Ints]]:
        columns = self.columns
        shops = columns.shop_of_lane[columns.cover_lane[self._covers]]
        table = np.column_stack((
            shops, self._cover_first, self._cover_last, columns.cover_batch[self._covers],
        ))  # fmt: skip
        spans = np.unique(table, axis=0) if len(table) else table
        return {shop: tuple(spans[spans[:, 0] == shop].T) for shop in range(len(columns.shops))}

    def file_names(self, batches: frozenset[int]) -> tuple[str, ...]:
        """Names of the files of batches, sorted, each once."""
        if batches not in self._kept_files:
            files = self.columns.facts.files
            self._kept_files[batches] = tuple(sorted({files[batch] for batch in batches if batch in files}))
        return self._kept_files[batches]

    @cached_property
    def lanes_touched(self) -> list[int]:
        """Lanes of agents that any fact of the selection names, be it one that no single group has; ascending."""
        lanes = np.union1d(self.lane, self.columns.cover_lane[self._covers])
        return [lane for lane in lanes.tolist() if self.columns.is_agent[lane]]

    def _touching(self, lane: Ints, first: Ints, last: Ints) -> Bools:
        found = self.wanted[lane]
        if self.window is not None:
            found = found & (first <= self.window[1]) & (last >= self.window[0])
        return np.asarray(found)


def _somebody_chosen(facts: Facts, agent: int, chosen: Filter) -> bool:
    """Whether the selection's people and groups hold the agent of a lane."""
    if facts.members is not None:
        return facts.members.chosen(agent, chosen)
    return not chosen.agents or agent in chosen.agents
