"""Peer figures (同行同层均值, 同行同层优秀, 行业均值) as the platform gave them: chosen and dated, never computed.

Of every number and shop that of the latest span sharing a day with the selection is shown, under the metric it is a
figure of (a measure of its own where the catalogue has no such metric).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
_SPLITS = (By.SHOP, By.PLATFORM)
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

    def latest(self, peer: str, period: Period | None) -> list[benchmarks.Peer]:
        """Of each measure and shop the row of the latest span that shares a day with ``period``."""
        chosen = []
        for (kind, _, _), (first, last, rows) in self._found.items():
            at = _latest(first, last, period) if kind == peer else None
            if at is not None:
                chosen.append(rows[at])
        return chosen


def _latest(first: Ints, last: Ints, period: Period | None) -> int | None:
    """The place of the span that ends last, of several that do the shortest."""
    there = np.arange(len(first))
    if period is not None:
        there = np.flatnonzero((first <= to_epoch_day(period.last)) & (last >= to_epoch_day(period.first)))
    if not len(there):
        return None
    return int(there[np.lexsort((first[there], last[there]))[-1]])


def with_peers(
    rows: Sequence[MetricRow],
    wanted: Sequence[MetricDefinition],
    figures: Mapping[str, Sequence[Figure]],
    by: By | None,
    period: Period | None,
) -> list[MetricRow]:
    """``rows`` with the peer figures among ``wanted`` put in; they speak of shops, not of people or single days.

    ``figures``: by metric, as :func:`figures_of` finds them.
    """
    told = [metric for metric in wanted if metric.peer]
    found = list(rows) or ([MetricRow(None, {}, period=period)] if by is None else [])
    result = []
    for row in found:
        values = dict(row.values)
        for metric in told:
            values[metric.id] = _value(metric, [one for one in figures[metric.id] if _of_row(one, row, by)], by)
        result.append(replace(row, values={metric.id: values[metric.id] for metric in wanted if metric.id in values}))
    return result


def figures_of(metric: MetricDefinition, held: PeerFigures, everybody: Everybody, selection: Filter) -> list[Figure]:
    """The figures a metric of peers has for a selection, by shop; people and groups in it are passed over."""
    shops, files = everybody.names.shops, everybody.names.files
    found = []
    for shop, first, last, source, _, measure, value, batch in held.latest(metric.peer, selection.period):
        info = shops.get(shop)
        if info is None or (selection.shops and shop not in selection.shops):
            continue
        if selection.platform not in (None, info.platform):
            continue
        key, title, unit = meaning(measure)
        period = Period(from_epoch_day(first), from_epoch_day(last))
        file = files.get(batch, "")
        found.append(Figure(key, title, unit, value, info.name, str(info.platform), source, period, file))
    return sorted(found, key=lambda one: (one.shop, one.key))


def _of_row(figure: Figure, row: MetricRow, by: By | None) -> bool:
    if by is By.SHOP:
        return str(row.key) in {figure.shop, f"{figure.shop}（{figure.platform}）"}
    return by is not By.PLATFORM or row.key == figure.platform


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
