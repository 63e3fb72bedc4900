"""Metrics out of rows: for one selection and split, the value of each group with its interval, files and days."""

from __future__ import annotations

import sqlite3
import sys
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.metrics.days import Ints
from csdesk.metrics.declaration import MetricDefinition, RowRule, source_title
from csdesk.metrics.model import By, LeftOut, MetricPart, MetricStatus, MetricValue, Unit
from csdesk.metrics.quotient import CONTRADICTION, contradictory, quotient_of
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.grouping import SOURCES, Groups, Identity, group_rows
from csdesk.metrics.rows.held import HeldRows
from csdesk.metrics.rows.reduce import Reduced, reduce, tally
from csdesk.metrics.rows.rules import MedianWait
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import Interval, wilson
from csdesk.store.kinds import KINDS

_COUNTED = (Unit.COUNT, Unit.YUAN)
_TELLERS = (By.SHOP, By.PLATFORM, By.SOURCE)
_PLATFORMS = tuple(Platform)
Needs = Sequence[Sequence[str]]
IN_TIME = frozenset({By.DAY, By.WEEK, By.MONTH, By.HOUR, By.WEEKDAY})
"""Splits whose groups make a curve."""


class RowAnswers:
    """The numbers of one question that rows give. ``bare``: counts and values, nothing about them."""

    def __init__(
        self, held: HeldRows, conn: sqlite3.Connection, selection: Filter, by: By | None,
        *, small: float = SMALL_SAMPLE, bare: bool = False,
    ) -> None:  # fmt: skip
        held.refresh(conn)
        self._held = held
        self._conn = conn
        self.selection = selection
        self.by = by
        self._small = small
        self._bare = bare
        self._groups: dict[int, tuple[ChosenRows, Groups | None]] = {}
        self._rows: dict[tuple[str, bool], ChosenRows] = {}
        self._speaking: dict[tuple[str, tuple[tuple[str, ...], ...]], list[tuple[int, int]]] = {}
        self._told_of: dict[tuple[str, tuple[int, int] | None], tuple[tuple[str, ...], tuple[Period, ...]]] = {}

    def values(self, metric: MetricDefinition) -> dict[Identity, MetricValue]:
        """The metric's value of every group that rows speak of; groups without one say why.

        Of several kinds of rows the first that has a number counts; waits of which too few have ended to give a median
        stand, too, and are not stood in for by waits from another moment. Along time the first that has any number at
        all counts wherever its files speak: a curve does not change between definitions from day to day.
        """
        found: dict[Identity, MetricValue] = {}
        ahead: list[str] = []
        unreached: set[Identity] = set()
        for rule in metric.rows:
            mine = self._by_rule(metric, rule)
            for at, (identity, value) in enumerate(mine.items()):
                known = found.get(identity)
                if known is not None and (known.value is not None or value.value is None or identity in unreached):
                    if known.value is not None and value.value is not None and not self._bare:
                        found[identity] = _with_left_out(known, value, rule)
                    continue
                span = self._span(rule, at)
                if value.value is not None and any(self.speaks(kind, span) for kind in ahead):
                    nothing = MetricValue(
                        metric.id, metric.unit, None, MetricStatus.NO_DATA, sources=(SOURCES[ahead[0]],)
                    )
                    found.setdefault(identity, nothing)
                else:
                    found[identity] = value
                    if isinstance(rule.reduce, MedianWait) and value.value is None and value.numerator:
                        unreached.add(identity)
            told = unreached or any(value.value is not None for value in mine.values())
            if self.by in IN_TIME and told:
                ahead.append(rule.kind)
        return found

    def speaks(self, kind: str, span: tuple[int, int] | None, needs: Needs = ((),)) -> bool:
        """Whether files of a kind speak for any of these days (None: yes if at all), with one of these sets of columns.

        Of the shops of the selection.
        """
        key = (kind, tuple(map(tuple, needs)))
        if key not in self._speaking:
            wanted = self._shops()
            masks = [KINDS[kind].mask(frozenset(columns)) for columns in needs]
            self._speaking[key] = _together(
                (start, end)
                for shop, start, end, fields, _ in self._held.spoken(self._conn, kind)
                if shop in wanted and any(fields & mask == mask for mask in masks)
            )
        days = self._speaking[key]
        if span is None:
            return bool(days)
        at = bisect_right(days, (span[1], sys.maxsize)) - 1
        return at >= 0 and days[at][1] >= span[0]

    def _span(self, rule: RowRule, at: int) -> tuple[int, int] | None:
        groups = self._grouped(rule)
        return groups.spans[at] if groups is not None and groups.spans is not None else None

    def missing(self, metric: MetricDefinition) -> MetricValue:
        """The value of a group no row speaks of."""
        rules = [rule for rule in metric.rows if self._concerns(rule)]
        there = any(self._held.spoken(self._conn, rule.kind) for rule in rules)
        if not there:
            return MetricValue(metric.id, metric.unit, None, MetricStatus.NO_DATA)
        split = any(self._grouped(rule) is not None for rule in rules)
        agents = not self.selection.agents or any(KINDS[rule.kind].has_agent for rule in rules)
        provided = split and agents
        return MetricValue(
            metric.id, metric.unit, None, MetricStatus.NO_DATA if provided else MetricStatus.NOT_PROVIDED
        )

    def _concerns(self, rule: RowRule) -> bool:
        return not rule.splits or (self.by is not None and str(self.by) in rule.splits)

    def _chosen(self, rule: RowRule) -> ChosenRows:
        near = rule.near and (rule.kind, False) not in self._rows
        if (rule.kind, near) not in self._rows:
            rows = self._held.rows(self._conn, rule.kind, self.selection, near=near)
            near = near and rows.table.days is not None
            self._rows[rule.kind, near] = rows
        return self._rows[rule.kind, near]

    def _grouped(self, rule: RowRule) -> Groups | None:
        rows = self._chosen(rule)
        if id(rows) not in self._groups:
            self._groups[id(rows)] = (rows, group_rows(rows, self.by))
        return self._groups[id(rows)][1]

    def _by_rule(self, metric: MetricDefinition, rule: RowRule) -> dict[Identity, MetricValue]:
        if not self._concerns(rule) or not self._held.spoken(self._conn, rule.kind):
            return {}
        groups = self._grouped(rule)
        if groups is None or not groups.identities:
            return {}
        rows = self._chosen(rule)
        height = len(groups.identities)
        reduced = reduce(rule.reduce, rows, groups.code, height)
        parts = {} if self._bare else self._parts(metric, rule, rows, groups)
        # A day without a known value has no data; a shop or platform of which nothing is known does not tell of it.
        known = reduced.there > 0 if self.by in _TELLERS else np.full(height, reduced.there.any())
        if rule.told and not known.all():
            told = tally(groups.code, height, rows.number(rule.told) == 1)
            known = known | (told > 0 if self.by in _TELLERS else told.any())
        return {
            identity: self._value(metric, rule, reduced, at, groups, known=bool(known[at]), parts=parts.get(at, ()))
            for at, identity in enumerate(groups.identities)
        }

    def _value(
        self, metric: MetricDefinition, rule: RowRule, reduced: Reduced, at: int, groups: Groups,
        *, known: bool, parts: tuple[MetricPart, ...],
    ) -> MetricValue:  # fmt: skip
        value, top, bottom, counts = _number(metric, reduced, at)
        if value is None:
            status = MetricStatus.NO_DATA if known else MetricStatus.NOT_PROVIDED
            note = (rule.none if rule.told and not reduced.there.any() else "") if known else rule.missing
            notes = tuple(reduced.notes) or ((note,) if note else ())
            if bottom and contradictory(metric, top or 0.0, bottom):
                notes = (*reduced.notes, CONTRADICTION)
            return MetricValue(
                metric.id, metric.unit, None, status, top, bottom, counts, sources=(SOURCES[rule.kind],), notes=notes
            )
        if self._bare:
            return MetricValue(metric.id, metric.unit, value, MetricStatus.OK, top, bottom, counts)
        sample = bottom if bottom is not None else (None if metric.unit in _COUNTED else top)
        interval = _interval(metric, reduced, at, top, bottom)
        span = groups.spans[at] if groups.spans is not None else None
        files, covered = self._told(rule.kind, span)
        return MetricValue(
            metric=metric.id,
            unit=metric.unit,
            value=value,
            status=MetricStatus.OK,
            numerator=top,
            denominator=bottom,
            counts=counts,
            n=sample,
            low=interval.low if interval else None,
            high=interval.high if interval else None,
            small=sample is not None and sample < self._small,
            variant=_variant(rule, parts),
            sources=(SOURCES[rule.kind],),
            files=files,
            covered=covered,
            parts=parts,
            notes=tuple(reduced.notes),
            extra=self._still_open(rule, covered),
        )

    def _still_open(self, rule: RowRule, covered: Sequence[Period]) -> dict[str, float]:
        """``open_days``: how many of the days counted are so late that the number may still move."""
        if not rule.settles or not covered:
            return {}
        latest = max(last for _, _, last, _, _ in self._held.spoken(self._conn, rule.kind))
        days = (to_epoch_day(span.last) - max(to_epoch_day(span.first) - 1, latest - rule.settles) for span in covered)
        return {"open_days": float(sum(max(0, number) for number in days))}

    def _parts(
        self, metric: MetricDefinition, rule: RowRule, rows: ChosenRows, groups: Groups
    ) -> dict[int, tuple[MetricPart, ...]]:
        """By group the shares of the platforms, where there are several."""
        of_shop = {shop: _PLATFORMS.index(info.platform) for shop, info in rows.shops.items()}
        if len(set(of_shop.values())) < 2 or self.by is By.PLATFORM:
            return {}
        platform = np.zeros(max(of_shop) + 1, dtype=np.int64)
        platform[list(of_shop)] = list(of_shop.values())
        code = platform[rows.shop]
        there = np.bincount(code, minlength=len(_PLATFORMS)) > 0
        if there.sum() < 2:
            return {}
        height = len(groups.identities)
        width = len(_PLATFORMS)
        keys: Ints = np.where(groups.code < 0, -1, groups.code * width + code)
        reduced = reduce(rule.reduce, rows, keys, height * width)
        found: dict[int, list[MetricPart]] = {}
        for key in np.flatnonzero(reduced.there).tolist():
            value, top, bottom, _ = _number(metric, reduced, key)
            found.setdefault(key // width, []).append(
                MetricPart(str(_PLATFORMS[key % width]), value, top, bottom, rule.label)
            )
        return {at: tuple(parts) for at, parts in found.items() if len(parts) > 1}

    def _told(self, kind: str, span: tuple[int, int] | None) -> tuple[tuple[str, ...], tuple[Period, ...]]:
        key = (kind, span)
        if key not in self._told_of:
            self._told_of[key] = self._files_and_days(kind, span)
        return self._told_of[key]

    def _files_and_days(self, kind: str, span: tuple[int, int] | None) -> tuple[tuple[str, ...], tuple[Period, ...]]:
        period = self.selection.period
        first, last = (to_epoch_day(period.first), to_epoch_day(period.last)) if period else (-(1 << 40), 1 << 40)
        if span is not None:
            first, last = max(first, span[0]), min(last, span[1])
        wanted = self._shops()
        told = [
            (max(start, first), min(end, last), batch)
            for shop, start, end, _, batch in self._held.spoken(self._conn, kind)
            if shop in wanted and start <= last and end >= first
        ]
        names = self._held.everybody(self._conn).names.files
        files = tuple(sorted({names[batch] for *_, batch in told if batch in names}))
        return files, _joined([(start, end) for start, end, _ in told if start <= end])

    def _shops(self) -> set[int]:
        """The shops of the selection."""
        shops = self._held.everybody(self._conn).names.shops
        return {
            shop for shop, info in shops.items()
            if (not self.selection.shops or shop in self.selection.shops)
            and self.selection.platform in (None, info.platform)
        }  # fmt: skip


def _number(
    metric: MetricDefinition, reduced: Reduced, at: int
) -> tuple[float | int | dict[str, float] | None, float | None, float | None, dict[str, float]]:
    """(value, numerator, denominator, counts by level) of a group; value None where nothing is known."""
    if not reduced.there[at]:
        return None, None, None, {}
    top = _whole(float(reduced.top[at]))
    bottom = None if reduced.bottom is None else _whole(float(reduced.bottom[at]))
    if reduced.levels is not None:
        counts = {title: float(column[at]) for title, column in reduced.levels.items()}
        shares = {title: count / bottom for title, count in counts.items()} if bottom else None
        return shares, top, bottom, counts
    if reduced.value is not None:
        value: float | int | None = None if np.isnan(reduced.value[at]) else float(reduced.value[at])
    elif bottom is None:
        value = round(top) if metric.unit is Unit.YUAN else top
    else:
        value = quotient_of(metric, top, bottom)
    return value, top, bottom, {}


def _with_left_out(used: MetricValue, other: MetricValue, rule: RowRule) -> MetricValue:
    """What is not used because better rows are there, by the name of its source or, of the same rows, of its rule."""
    source = SOURCES[rule.kind]
    mine, theirs = "、".join(map(source_title, used.sources)), source_title(source)
    reason = f"已采用{mine}，{theirs}没有合进来"
    if used.sources == other.sources:
        reason = f"口径不同，没有合进来的：{rule.label}"
    return replace(used, left_out=(*used.left_out, LeftOut(source, None, reason)))


def _interval(
    metric: MetricDefinition, reduced: Reduced, at: int, top: float | None, bottom: float | None
) -> Interval | None:
    if reduced.low is not None and reduced.high is not None:
        return Interval(float(reduced.low[at]), float(reduced.high[at]))
    return wilson(top or 0.0, bottom or 0.0) if metric.unit is Unit.RATE and bottom is not None else None


def _whole(number: float) -> float | int:
    return int(number) if number.is_integer() else number


def _variant(rule: RowRule, parts: Sequence[MetricPart]) -> str:
    if not parts:
        return rule.label
    return f"含多个平台（{'、'.join(Platform(part.key).label for part in parts)}）"


def _together(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same days as spans that neither overlap nor touch, ascending."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _joined(spans: Sequence[tuple[int, int]]) -> tuple[Period, ...]:
    return tuple(Period(from_epoch_day(start), from_epoch_day(end)) for start, end in _together(spans))
