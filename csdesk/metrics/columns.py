"""Facts as columns: sorted once, kept for as long as the data stand, cut to any selection by index.

A *lane* is one agent of one shop, or (agent 0) the shop as a whole. Lanes, shops and sources are numbered; days
are epoch days. What a report says about a metric does not depend on the selection, so it is kept here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np

from csdesk.metrics.coverage import source_rank
from csdesk.metrics.days import Bools, Ints, ints
from csdesk.metrics.declaration import SESSIONS, MetricDefinition
from csdesk.metrics.facts import SHOP_AS_A_WHOLE, Facts, Report
from csdesk.metrics.pieces import ReportedPieces
from csdesk.metrics.quantities import Measures
from csdesk.metrics.sum_rows import SumRows
from csdesk.metrics.sums import SumTable

Lane = tuple[int, int]
T = TypeVar("T")


class Numbered(Generic[T]):
    """Things by number, each once."""

    def __init__(self) -> None:
        self.things: list[T] = []
        self._numbers: dict[T, int] = {}

    def of(self, thing: T) -> int:
        """Its number, a new one if it is new."""
        number = self._numbers.get(thing)
        if number is None:
            number = self._numbers[thing] = len(self.things)
            self.things.append(thing)
        return number


class Columns:
    """All facts at hand, in the order of lane, source and days."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.sources = sorted({SESSIONS, *(report.source for report in facts.reports)}, key=source_rank)
        lanes = {(one.shop, one.agent) for one in facts.reports} | {(one.shop, one.agent) for one in facts.covered}
        lanes |= facts.session_sums.lanes | facts.category_sums.lanes
        self.lanes: list[Lane] = sorted(lanes | {(shop, SHOP_AS_A_WHOLE) for shop, _ in lanes})
        self.shops = sorted({shop for shop, _ in self.lanes})
        self.lane_numbers = {lane: number for number, lane in enumerate(self.lanes)}
        shop_numbers = {shop: number for number, shop in enumerate(self.shops)}
        self.shop_of_lane = ints([shop_numbers[shop] for shop, _ in self.lanes])
        self.agent_of_lane = ints([agent for _, agent in self.lanes])
        self.is_agent: Bools = self.agent_of_lane != SHOP_AS_A_WHOLE
        self.whole_shop = ints([self.lane_numbers[shop, SHOP_AS_A_WHOLE] for shop in self.shops])
        """Lane of each shop as a whole."""
        ranks = {source: number for number, source in enumerate(self.sources)}
        keys = [
            (self.lane_numbers[one.shop, one.agent], ranks[one.source], one.first, one.last) for one in facts.reports
        ]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        self.reports = [facts.reports[at] for at in order]
        table = np.array([keys[at] for at in order], dtype=np.int64).reshape(len(order), 4)
        self.lane, self.source, self.first, self.last = (np.ascontiguousarray(column) for column in table.T)
        self.split: Bools = np.array([report.split for report in self.reports], dtype=np.bool_)
        """Reports over days of several groups: they lie in the lanes of all of them and count in none."""
        self.cover_lane = ints([self.lane_numbers[one.shop, one.agent] for one in facts.covered])
        self.cover_first = ints([one.first for one in facts.covered])
        self.cover_last = ints([one.last for one in facts.covered])
        self.cover_batch = ints([one.batch for one in facts.covered])
        fields: Numbered[frozenset[str]] = Numbered()
        self.cover_fields = ints([fields.of(one.fields) for one in facts.covered])
        self.field_sets = fields.things
        self.batch_sets: Numbered[tuple[int, ...]] = Numbered()
        self.batch_sets.of(())
        self._pieces: dict[str, ReportedPieces] = {}
        self.twins = _twins(table)
        """Reports of several accounts of one person for one source and span: all their rows, by each row."""
        self._siblings = _siblings(self.reports)

    def person(self, lane: int) -> int:
        """Whose lane it is; 0 = the shop's as a whole."""
        agent = self.lanes[lane][1]
        return agent if self.facts.members is None else self.facts.members.person(agent)

    def group(self, lane: int) -> str:
        """In which group the lane's person was; "" where facts are not told apart by groups."""
        return "" if self.facts.members is None else self.facts.members.group(self.lanes[lane][1])

    def siblings(self, row: int) -> Sequence[tuple[str, Measures]]:
        """(source, measures) of the other sources' reports of the same shop, account and span."""
        report = self.reports[row]
        same = self._siblings.get((report.shop, report.account, report.first, report.last))
        return () if same is None else [one for one in same if one[0] != report.source]

    def pieces(self, metric: MetricDefinition) -> ReportedPieces:
        """What the reports say about a metric; worked out report by report when asked for."""
        if metric.id not in self._pieces:
            self._pieces[metric.id] = ReportedPieces(metric, self)
        return self._pieces[metric.id]

    @cached_property
    def day_sums(self) -> SumTable:
        """Session sums by lane and day."""
        return self._table(self.facts.session_sums, np.zeros(len(self.facts.session_sums), dtype=np.int64))

    @cached_property
    def categories(self) -> list[str]:
        """Question categories in the order they were read; "" = none."""
        return list(self.facts.category_sums.categories)

    @cached_property
    def category_sums(self) -> SumTable:
        """Session sums by lane, category and day."""
        return self._table(self.facts.category_sums, self.facts.category_sums.category)

    def lacks(self, sums: Sequence[str], *, categories: bool = False) -> tuple[str, ...]:
        """Which of the sums of session rows are not held (by category)."""
        held = self.facts.category_sums if categories else self.facts.session_sums
        return tuple(name for name in sums if name not in held.names)

    def widen(self, more: SumRows, *, categories: bool = False) -> None:
        """Hold further sums of the same rows."""
        if categories:
            self.facts.category_sums = self.facts.category_sums.beside(more)
        else:
            self.facts.session_sums = self.facts.session_sums.beside(more)
        for stale in ("category_sums", "categories") if categories else ("day_sums",):
            self.__dict__.pop(stale, None)

    def _table(self, rows: SumRows, part: Ints) -> SumTable:
        return SumTable(rows.lane_numbers(self.lane_numbers.__getitem__), part, rows.day, rows.values, rows.names)


def _twins(table: Ints) -> dict[int, list[int]]:
    """Rows of equal lane, source and span; they lie side by side."""
    same = np.flatnonzero(np.all(table[1:] == table[:-1], axis=1)) if len(table) else ints([])
    found: dict[int, list[int]] = {}
    for row in same.tolist():
        group = found.setdefault(row, [row])
        group.append(row + 1)
        found[row + 1] = group
    return found


def _siblings(reports: Iterable[Report]) -> dict[tuple[int, int, int, int], list[tuple[str, Measures]]]:
    """Reports of the same shop, account and span from several sources; single ones are left away."""
    spans: dict[tuple[int, int, int, int], list[tuple[str, Measures]]] = {}
    for report in reports:
        key = (report.shop, report.account, report.first, report.last)
        spans.setdefault(key, []).append((report.source, report.measures))
    return {key: sorted(same, key=lambda one: one[0]) for key, same in spans.items() if len(same) > 1}
