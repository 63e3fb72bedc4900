"""What counted for one metric, put together row by row: sums, labels, sources and files.

Sums are exact (whole numbers as they are, others by ``math.fsum``), so the order of reports never shows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from csdesk.domain.platforms import Platform
from csdesk.metrics.days import Ints, distinct, ints
from csdesk.metrics.declaration import SESSIONS, MetricDefinition, source_title
from csdesk.metrics.gather import Gathered, Question
from csdesk.metrics.pieces import Kind
from csdesk.metrics.sums import Floats, total

_EXACT = 2.0**53


class Total(NamedTuple):
    """Numerator, denominator (None for plain counts) and counts by level of one row; ``there``: anything at all."""

    there: bool = False
    top: float = 0.0
    bottom: float | None = None
    levels: Mapping[str, float] | None = None


class Counted:
    """Reports and session rows that count for a metric in a question; lists are by row."""

    def __init__(self, question: Question, metric: MetricDefinition, gathered: Gathered) -> None:
        self._question = question
        self._metric = metric
        self.gathered = gathered
        self.height = question.height
        columns = question.view.columns
        self._reports = question.reports[gathered.rows]
        self._rows = question.group[gathered.rows]
        self._shops = columns.shop_of_lane[question.lane[gathered.rows]]
        self._part = question.sessions.part(metric.sessions)
        self._platform_of_shop = [list(Platform).index(columns.facts.shops[shop].platform) for shop in columns.shops]

    @cached_property
    def totals(self) -> list[Total]:
        """The sums of each row."""
        return self._totals(self._rows, self._session_rows, self.height)

    @cached_property
    def platforms(self) -> list[list[int]]:
        """Platforms (places in Platform) with a share in each row."""
        if len(set(self._platform_of_shop)) == 1:
            return [self._platform_of_shop[:1] if total.there else [] for total in self.totals]
        kinds = ints(self._platform_of_shop)
        codes = np.concatenate((kinds[self._shops], kinds[self._session_shops]))
        return distinct(self._all_rows, codes, (self.height, len(Platform)))

    @cached_property
    def by_platform(self) -> list[list[Total]]:
        """The sums of each row, platform by platform; asked for only where there are several."""
        kinds, width = ints(self._platform_of_shop), len(Platform)
        keys = self._rows * width + kinds[self._shops]
        session_keys = self._session_rows * width + kinds[self._session_shops]
        totals = self._totals(keys, session_keys, self.height * width)
        return [totals[row * width : (row + 1) * width] for row in range(self.height)]

    @cached_property
    def kinds(self) -> list[list[Kind]]:
        """Kinds of pieces with a share in each row, the session rows' last."""
        pieces = self.gathered.pieces
        found = distinct(self._rows, pieces.kind[self._reports], (self.height, max(len(pieces.kinds), 1)))
        named = [[pieces.kinds[kind] for kind in row] for row in found]
        for row in np.unique(self._session_rows).tolist():
            named[row].append(self._session_kind)
        return named

    def labels_of(self, row: int, platform: int) -> list[str]:
        """Labels with a share in a row on one platform."""
        return self._labels.get((row, platform), [])

    @cached_property
    def _labels(self) -> dict[tuple[int, int], list[str]]:
        """By row and platform, the session rows' last."""
        kinds, width = ints(self._platform_of_shop), len(Platform)
        pieces = self.gathered.pieces
        found = distinct(
            self._rows * width + kinds[self._shops], pieces.kind[self._reports],
            (self.height * width, max(len(pieces.kinds), 1)),
        )  # fmt: skip
        named = {divmod(at, width): [pieces.kinds[kind].label for kind in one] for at, one in enumerate(found) if one}
        for key in np.unique(self._session_rows * width + kinds[self._session_shops]).tolist():
            named.setdefault(divmod(key, width), []).append(self._session_kind.label)
        return named

    @cached_property
    def settled(self) -> list[bool]:
        """Whether anything in each row is final."""
        found = np.zeros(self.height, dtype=np.bool_)
        found[self._rows[~self.gathered.pieces.provisional[self._reports]]] = True
        found[self._session_rows] = True
        return found.tolist()

    @cached_property
    def covered(self) -> list[int]:
        """Days that counted, as bits."""
        days = list(self.gathered.covered)
        for row, bits in zip(self._session_rows.tolist(), self._part.days if self._part else (), strict=True):
            days[row] |= bits
        return days

    @cached_property
    def shops(self) -> list[list[int]]:
        """Shops (numbers) with a share in each row, be it only a rate without weight."""
        question, alone = self._question, self.gathered.alone
        columns = question.view.columns
        rows = np.concatenate((self._all_rows, question.group[alone]))
        shops = np.concatenate((self._shops, self._session_shops, columns.shop_of_lane[question.lane[alone]]))
        return distinct(rows, shops, (self.height, max(len(columns.shops), 1)))

    @cached_property
    def files(self) -> list[tuple[str, ...]]:
        """File names behind each row."""
        view = self._question.view
        batches = [frozenset(one) for one in self._batches(self.gathered.pieces.batches)]
        if self._part is not None:
            for row, shop, days in zip(
                self._session_rows.tolist(), self._session_shops.tolist(), self._part.days, strict=True
            ):
                batches[row] |= view.session_files(shop, days)
        return [view.file_names(one) for one in batches]

    @cached_property
    def weight_batches(self) -> list[set[int]]:
        """Batches that weights of other files came in."""
        return self._batches(self.gathered.pieces.weight_batches)

    def _batches(self, of_report: Ints) -> list[set[int]]:
        sets = self._question.view.columns.batch_sets.things
        numbers = of_report[self._reports]
        if not numbers.any():
            return [set() for _ in range(self.height)]
        found = distinct(self._rows, numbers, (self.height, len(sets)))
        return [{batch for number in row for batch in sets[number]} for row in found]

    @cached_property
    def _session_kind(self) -> Kind:
        rule = self._metric.sessions
        if rule is None:
            return Kind(SESSIONS)
        levels = tuple(title for title, _ in rule.levels)
        return Kind(SESSIONS, rule.label or source_title(SESSIONS), levels=levels)

    @cached_property
    def _session_rows(self) -> Ints:
        return self._part.row if self._part is not None else ints([])

    @cached_property
    def _session_shops(self) -> Ints:
        return self._part.shop if self._part is not None else ints([])

    @cached_property
    def _all_rows(self) -> Ints:
        return np.concatenate((self._rows, self._session_rows))

    @cached_property
    def _session_counts(self) -> tuple[Floats, Floats, list[dict[str, float]]]:
        """Numerators, denominators (NaN = none) and levels of the session rows, entry by entry."""
        rule, part = self._metric.sessions, self._part
        if rule is None or part is None:
            return np.zeros(0), np.zeros(0), []
        if rule.by_category:
            levels = self._question.sessions.categories(part)
            tops = np.array([sum(counts.values()) - counts[""] for counts in levels])
            return tops, tops, levels
        tops = self._question.sessions.tops(rule, part)
        bottoms = total(rule.bottom, part.sums) if rule.bottom else np.full(len(tops), np.nan)
        sums = [(title, total(text, part.sums).tolist()) for title, text in rule.levels]
        return tops, bottoms, [{title: counts[at] for title, counts in sums} for at in range(len(tops))]

    def _totals(self, rows: Ints, session_rows: Ints, height: int) -> list[Total]:
        pieces = self.gathered.pieces
        tops, bottoms, levels = self._session_counts
        keys = np.concatenate((rows, session_rows))
        top = exact_sums(np.concatenate((pieces.numerator[self._reports], tops)), keys, height)
        below = np.concatenate((pieces.denominator[self._reports], bottoms))
        none = np.isnan(below)
        plain = np.bincount(keys[none], minlength=height) > 0
        bottom = exact_sums(np.where(none, 0.0, below), keys, height)
        there = np.bincount(keys, minlength=height) > 0
        by_level = self._levels(rows, session_rows, levels, height)
        return [
            Total(True, top[row], None if plain[row] else bottom[row], None if by_level is None else by_level[row])
            if there[row] else Total()
            for row in range(height)
        ]  # fmt: skip

    def _levels(
        self, rows: Ints, session_rows: Ints, sessions: Sequence[Mapping[str, float]], height: int
    ) -> list[dict[str, float]] | None:
        pieces = self.gathered.pieces
        if not pieces.levels and not any(sessions):
            return None
        found: list[dict[str, float]] = [{} for _ in range(height)]
        for kind in np.unique(pieces.kind[self._reports]).tolist():
            mine = pieces.kind[self._reports] == kind
            reports, keys = self._reports[mine], rows[mine]
            for title in pieces.kinds[kind].levels:
                sums = np.bincount(keys, pieces.levels[title][reports], height).tolist()
                for row in np.unique(keys).tolist():
                    found[row][title] = found[row].get(title, 0.0) + sums[row]
        for row, counts in zip(session_rows.tolist(), sessions, strict=True):
            for title, count in counts.items():
                found[row][title] = found[row].get(title, 0.0) + count
        return found


def exact_sums(values: Floats, keys: Ints, height: int) -> list[float]:
    """The sum of the values of each key 0..height-1, rounded once at the end."""
    if not len(values):
        return [0.0] * height
    if np.all(values == np.floor(values)) and np.abs(values).sum() < _EXACT:
        whole: list[float] = np.bincount(keys, values, height).tolist()
        return whole
    order = np.argsort(keys, kind="stable")
    ends = np.cumsum(np.bincount(keys, minlength=height)).tolist()
    sorted_values = values[order].tolist()
    sums, start = [], 0
    for end in ends:
        sums.append(math.fsum(sorted_values[start:end]))
        start = end
    return sums
