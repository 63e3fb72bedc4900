"""Peer figures (同行同层均值, 同行同层优秀, 行业均值) as the platform gave them: chosen and dated, never computed.

Of every number and shop that of the latest span sharing a day with the selection is shown, under the metric it is a
figure of (a measure of its own where the catalogue has no such metric).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.metrics.declaration import MetricDefinition
from csdesk.metrics.model import By, Figure, MetricRow, MetricStatus, MetricValue, Unit
from csdesk.metrics.rules import Count, Rule, Weighted
from csdesk.store import batches, benchmarks

if TYPE_CHECKING:
    from csdesk.metrics.days import Ints
    from csdesk.metrics.rows.everybody import Everybody

_UNITS = {"rate": Unit.RATE, "duration": Unit.SECONDS, "money": Unit.YUAN, "score": Unit.SCORE, "ratio": Unit.RATIO}
_TIMES = (By.DAY, By.WEEK, By.MONTH)
_SPLITS = (By.SHOP, By.PLATFORM, By.SOURCE, *_TIMES)
_GROUPS = {"invited": "邀请-", "self": "自主-"}


class PeerFigures:
    """All peer figures of one data version."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.version = batches.data_version(conn)
        found: dict[tuple[str, str, int], list[benchmarks.Peer]] = {}
        for row in benchmarks.peers(conn, Filter()):
            shop, _, _, _, peer, measure, *_ = row
            found.setdefault((peer, measure, shop), []).append(row)
        self._found = {
            key: (np.array([row[1] for row in rows]), np.array([row[2] for row in rows]), rows)
            for key, rows in found.items()
        }

    def latest(self, peer: str, period: Period | None, by: By | None = None) -> list[benchmarks.Peer]:
        """Of each measure and shop (and source, if by it) the row of the latest span that shares a day with ``period``;
        by days, weeks or months, of each of these the latest of the spans that lie wholly inside it.
        """
        chosen = []
        for (kind, _, _), (first, last, rows) in self._found.items():
            if kind != peer:
                continue
            groups: dict[str, list[int]] = {}
            for at in _touching(first, last, period):
                key = _time_key(rows[at], by, period) if by in _TIMES else rows[at][3] if by is By.SOURCE else ""
                if key is not None:
                    groups.setdefault(key, []).append(at)
            chosen += [rows[max(places, key=lambda at: (last[at], first[at]))] for places in groups.values()]
        return chosen


def _touching(first: Ints, last: Ints, period: Period | None) -> list[int]:
    """The places of the spans that share a day with a period."""
    if period is None:
        return list(range(len(first)))
    there = (first <= to_epoch_day(period.last)) & (last >= to_epoch_day(period.first))
    return np.flatnonzero(there).tolist()


def _time_key(row: benchmarks.Peer, by: By | None, period: Period | None) -> str | None:
    """The day, week or month a span lies wholly inside, as product.md writes it; None where it lies in none."""
    first, last = from_epoch_day(row[1]), from_epoch_day(row[2])
    if period is not None and (first < period.first or last > period.last):
        return None
    keys = {_key_of(day, by) for day in (first, last)}
    return keys.pop() if len(keys) == 1 else None


def _key_of(day: date, by: By | None) -> str:
    if by is By.MONTH:
        return day.isoformat()[:7]
    return (day - timedelta(days=day.weekday() if by is By.WEEK else 0)).isoformat()


def with_peers(
    rows: Sequence[MetricRow],
    wanted: Sequence[MetricDefinition],
    figures: Mapping[str, Sequence[Figure]],
    by: By | None,
    period: Period | None,
) -> list[MetricRow]:
    """``rows`` with the peer figures among ``wanted`` put in, and rows that only these have.

    They speak of shops, not of people.

    ``figures``: by metric, as :func:`figures_of` finds them.
    """
    told = [metric for metric in wanted if metric.peer]
    found = list(rows) or ([MetricRow(None, {}, period=period)] if by is None else [])
    more = _new_rows(found, [one for metric in told for one in figures[metric.id]], by, period)
    if more:
        found = sorted([*found, *more], key=lambda row: str(row.key)) if by in _TIMES else [*found, *more]
    nothing = {metric.id: MetricValue(metric.id, metric.unit, None, MetricStatus.NO_DATA) for metric in wanted}
    of_row: dict[str, dict[str, list[Figure]]] = {}
    for metric in told:
        of_key = of_row.setdefault(metric.id, {})
        for figure in figures[metric.id]:
            for key in _keys(figure, by):
                of_key.setdefault(key, []).append(figure)
    result = []
    for row in found:
        values = dict(row.values) if row.values else dict(nothing)
        for metric in told:
            values[metric.id] = _value(metric, of_row[metric.id].get(str(row.key), ()), by)
        result.append(replace(row, values={metric.id: values[metric.id] for metric in wanted if metric.id in values}))
    return result


def _new_rows(
    rows: Sequence[MetricRow], figures: Sequence[Figure], by: By | None, period: Period | None
) -> list[MetricRow]:
    """Rows of the figures that none of ``rows`` is of."""
    there = {str(row.key) for row in rows}
    missing: dict[str, Period | None] = {}
    for figure in figures if by in _SPLITS else ():
        keys = _keys(figure, by)
        if there.isdisjoint(keys):
            missing[keys[0]] = figure.period if by in _TIMES else period
    return [MetricRow(key, {}, period=span) for key, span in sorted(missing.items())]


def _keys(figure: Figure, by: By | None) -> tuple[str, ...]:
    """The keys of the row a figure is of; a shop's may name its platform."""
    if by is By.SHOP:
        return figure.shop, f"{figure.shop}（{figure.platform}）"
    if by in _TIMES:
        return (_key_of(figure.period.first, by),)
    return (str({By.PLATFORM: figure.platform, By.SOURCE: figure.source}.get(by) if by else None),)


def figures_of(
    metric: MetricDefinition, held: PeerFigures, everybody: Everybody, selection: Filter, by: By | None = None
) -> list[Figure]:
    """The figures a metric of peers has for a selection, by shop; people and groups in it are passed over."""
    shops, files = everybody.names.shops, everybody.names.files
    found = []
    for shop, first, last, source, _, measure, value, batch in held.latest(metric.peer, selection.period, by):
        info = shops.get(shop)
        if info is None or (selection.shops and shop not in selection.shops):
            continue
        if selection.platform not in (None, info.platform):
            continue
        key, title, unit = meaning(measure)
        period = Period(from_epoch_day(first), from_epoch_day(last))
        file = files.get(batch, "")
        found.append(Figure(key, title, unit, value, info.name, str(info.platform), source, period, file))
    return sorted(found, key=lambda one: (one.shop, one.key, one.period.first))


def _value(metric: MetricDefinition, figures: Sequence[Figure], by: By | None) -> MetricValue:
    if by is not None and by not in _SPLITS:
        return MetricValue(metric.id, metric.unit, None, MetricStatus.NOT_PROVIDED)
    if not figures:
        return MetricValue(metric.id, metric.unit, None, MetricStatus.NO_DATA)
    several = len({(one.shop, one.platform) for one in figures}) > 1
    return MetricValue(
        metric.id, metric.unit, {f"{one.key}@{one.shop}" if several else one.key: one.value for one in figures},
        MetricStatus.OK, sources=tuple(dict.fromkeys(one.source for one in figures)),
        files=tuple(sorted({one.file for one in figures if one.file})),
        covered=tuple(sorted({one.period for one in figures})), figures=tuple(figures),
    )  # fmt: skip


@cache
def meaning(measure: str) -> tuple[str, str, Unit]:
    """(metric id, Chinese name, unit) of a peer's measure; its own id where no metric is that number."""
    from csdesk.ingest.layouts import catalogue  # noqa: PLC0415 - read when there are peers

    metric = _metric_of().get(measure)
    if metric is not None:
        return metric.id, metric.name, metric.unit
    name, _, group = measure.partition(".")
    info = catalogue().fields.get(name)
    title = _GROUPS.get(group, "") + (info.title if info else name)
    return measure, title, _UNITS.get(info.kind if info else "", Unit.COUNT)


@cache
def _metric_of() -> Mapping[str, MetricDefinition]:
    """The metric a measure is the whole of: reported so, or counted so."""
    from csdesk.metrics.definitions import METRICS  # noqa: PLC0415 - the catalogue lists the peers too

    found: dict[str, MetricDefinition] = {}
    for metric in METRICS.values():
        for rules in metric.rules.values():
            for rule in rules:
                measure = _whole(rule)
                if measure:
                    found.setdefault(measure, metric)
    return found


def _whole(rule: Rule) -> str:
    if isinstance(rule, Weighted):
        return rule.value
    if isinstance(rule, Count):
        read = rule.reads()
        return next(iter(read)) if len(read) == 1 else ""
    return ""
