"""What session rows bring to the rows of a question: their days, sums and categories by row and shop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from csdesk.metrics.days import Bools, Ints, as_bits, before
from csdesk.metrics.declaration import SESSIONS, SessionRule
from csdesk.metrics.grouping import Division
from csdesk.metrics.sums import Floats, SumTable, total
from csdesk.metrics.view import View


@dataclass(frozen=True, slots=True)
class SessionPart:
    """One entry for each row and shop with session days, ascending: row, shop (number), days (bits), sums.

    ``row_of`` and ``lane`` list the lanes behind them, ``entry`` the entry of each.
    """

    row: Ints
    shop: Ints
    days: list[int]
    sums: Floats
    lane: Ints
    row_of: Ints
    entry: Ints


class SessionSide:
    """Session rows of one question; worked out once for all metrics whose columns the same files have."""

    def __init__(self, view: View, division: Division) -> None:
        self._view = view
        self._division = division
        self._runs = division.runs
        self._parts: dict[tuple[tuple[bool, ...], bool], SessionPart | None] = {}

    def part(self, rule: SessionRule | None) -> SessionPart | None:
        """The session rows that give a metric; None where there are none."""
        if rule is None or not self._division.rows or not self._view.gives(rule):
            return None
        key = (self._view.fitting(rule.needs), rule.people)
        if key not in self._parts:
            self._parts[key] = self._work_out(self._view.covered(rule.needs), self._view.held_by(rule))
        return self._parts[key]

    def tops(self, rule: SessionRule, part: SessionPart) -> Floats:
        """Numerators by entry, platform by platform."""
        if not rule.tops:
            return total(rule.top, part.sums)
        columns = self._view.columns
        result = np.empty(len(part.row))
        for shop in np.unique(part.shop).tolist():
            mine = part.shop == shop
            platform = columns.facts.shops[columns.shops[shop]].platform
            result[mine] = total(rule.tops.get(platform, rule.top), part.sums[mine])
        return result

    def categories(self, part: SessionPart) -> list[dict[str, float]]:
        """Sessions by category ("" = none, always there) by entry."""
        counts: list[dict[str, float]] = [{"": 0.0} for _ in part.row]
        if self._division.slices is not None:
            by_lane = self._division.slices.categories
            for entry, row, lane in zip(part.entry.tolist(), part.row_of.tolist(), part.lane.tolist(), strict=True):
                for category, number in by_lane.get((row, lane), {}).items():
                    counts[entry][category] = counts[entry].get(category, 0.0) + number
            return counts
        names = self._view.columns.categories
        if not names:
            return counts
        size = len(names)
        keys, sessions = self._of_entries(part, self._view.columns.category_sums, size)
        table = np.bincount(keys, sessions, len(counts) * size).reshape(-1, size)
        for at_entry, at_category in np.argwhere(table).tolist():
            counts[at_entry][names[at_category]] = float(table[at_entry, at_category])
        return counts

    def _of_entries(self, part: SessionPart, table: SumTable, size: int) -> tuple[Ints, Ints]:
        """Entry × ``size`` + slice of each row of a table by slices that lies in an entry, and its sessions."""
        view, row_of_day = self._view, self._division.of_day
        of_time = row_of_day is not None
        if row_of_day is None:  # every row has the same days, and every lane is in one row
            row_of_day = np.full(view.size, -1, dtype=np.int64)
            row_of_day[self._runs.first[0] : self._runs.last[0] + 1] = 0
        entry_of = np.full((len(self._division.rows) if of_time else 1, len(view.columns.lanes)), -1, dtype=np.int64)
        entry_of[part.row_of if of_time else 0, part.lane] = part.entry
        days = table.day - view.base
        inside = np.flatnonzero((days >= 0) & (days < view.size))
        row = row_of_day[days[inside]]
        inside, row = inside[row >= 0], row[row >= 0]
        entry = entry_of[row, table.lane[inside]]
        inside, entry = inside[entry >= 0], entry[entry >= 0]
        return entry * size + table.part[inside], table.sessions[inside]

    def _pairs(self, rows: Ints) -> tuple[Ints, Ints]:
        """Every place of ``rows`` with every run of its row, ascending."""
        begin = np.searchsorted(self._runs.row, rows, side="left")
        times = np.searchsorted(self._runs.row, rows, side="right") - begin
        steps = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        return np.repeat(np.arange(len(rows)), times), np.repeat(begin, times) + steps

    def _work_out(self, covered: Bools, held_by: Bools) -> SessionPart | None:
        view, division = self._view, self._division
        columns = view.columns
        there = self._lanes_of_rows(covered) & (held_by & view.wanted)[None, :]
        row_of, lane = np.nonzero(there)
        if not len(lane):
            return None
        if division.slices is None:
            pair, run = self._pairs(row_of)
            first, last = view.base + self._runs.first[run], view.base + self._runs.last[run]
            each = columns.day_sums.between(lane[pair], np.zeros_like(pair), first, last)
            each = np.add.reduceat(each, np.searchsorted(pair, np.arange(len(lane))), axis=0)
        else:
            each = division.slices.sums[row_of, lane]
        shop = columns.shop_of_lane[lane]
        keys = row_of * len(columns.shops) + shop
        heads = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]))
        entry = np.cumsum(np.append(False, keys[1:] != keys[:-1]))
        sums = np.add.reduceat(each, heads, axis=0)
        table = columns.day_sums if division.slices is None else division.slices.table
        days = self._days(covered, row_of, lane, entry, len(heads))
        return SessionPart(row_of[heads], shop[heads], days, table.rounded(sums), lane, row_of, entry)

    def _lanes_of_rows(self, covered: Bools) -> Bools:
        """By row and lane: whether the lane has session days in the row."""
        division, columns = self._division, self._view.columns
        counts = before(covered)
        in_runs = (counts[:, self._runs.last + 1] - counts[:, self._runs.first] > 0).T
        heads = np.searchsorted(self._runs.row, np.arange(len(division.rows)))
        in_span = np.logical_or.reduceat(in_runs, heads, axis=0)
        if division.of_lane is not None:
            return np.asarray(in_span & (division.of_lane[None, :] == np.arange(len(division.rows))[:, None]))
        if division.of_source is not None:
            row = division.of_source[columns.sources.index(SESSIONS)]
            return np.asarray(in_span & (np.arange(len(division.rows)) == row)[:, None])
        return np.asarray(in_span)

    def _days(self, covered: Bools, row_of: Ints, lane: Ints, entry: Ints, entries: int) -> list[int]:
        """Days (bits) by entry: of its lanes, inside its row."""
        by_lane = as_bits(covered)
        found = [0] * entries
        if self._division.of_day is None:
            for at, number in zip(entry.tolist(), lane.tolist(), strict=True):
                found[at] |= by_lane[number]
        else:
            columns = self._view.columns
            by_shop = [0] * len(columns.shops)
            for number in np.unique(lane).tolist():
                by_shop[columns.shop_of_lane[number]] |= by_lane[number]
            for at, number in zip(entry.tolist(), lane.tolist(), strict=True):
                found[at] = by_shop[columns.shop_of_lane[number]]
        heads = np.flatnonzero(np.append(True, entry[1:] != entry[:-1]))
        for at, row in enumerate(row_of[heads].tolist()):
            found[at] &= self._division.rows[row].window
        return found
