"""Cells of reports that contradict each other: more unanswered than asked, more satisfied than rated."""

from __future__ import annotations

import numpy as np

from csdesk.analysis.quality.frame import Contradiction
from csdesk.analysis.quality.missing import measure_title
from csdesk.domain.period import from_epoch_day
from csdesk.metrics.declaration import MetricDefinition, source_title
from csdesk.metrics.definitions import DISTINCT
from csdesk.metrics.model import Unit
from csdesk.metrics.pieces import CONTRADICTORY
from csdesk.metrics.quantities import measures_of
from csdesk.metrics.rules import Ratio
from csdesk.metrics.view import View


def find(view: View) -> list[Contradiction]:
    """Every report that no rate believes, by metric, shop and day."""
    found = []
    for metric in DISTINCT:
        if metric.unit is not Unit.RATE or not metric.rules:
            continue
        pieces = view.columns.pieces(metric)
        pieces.work_out(view.rows)
        at_odds = np.flatnonzero(pieces.state[view.rows] == CONTRADICTORY)
        found += [_told(view, metric, row) for row in view.rows[at_odds].tolist()]
    return sorted(found, key=lambda one: (one.name, one.shop, one.days, one.who))


def _told(view: View, metric: MetricDefinition, row: int) -> Contradiction:
    columns = view.columns
    pieces = columns.pieces(metric)
    kind = pieces.kinds[pieces.kind[row]]
    shop, agent = columns.lanes[int(columns.lane[row])]
    first, last = (from_epoch_day(int(day)).isoformat() for day in (columns.first[row], columns.last[row]))
    return Contradiction(
        metric=metric.id,
        name=metric.name,
        shop=columns.facts.shops[shop].name,
        who=columns.facts.names.get(agent, "全店") if agent else "全店",
        days=first if first == last else f"{first} 至 {last}",
        source=source_title(kind.source),
        files=view.file_names(frozenset(columns.batch_sets.things[pieces.batches[row]])),
        cells=_cells(view, metric, row, kind.label),
        text=kind.missing,
    )


def _cells(view: View, metric: MetricDefinition, row: int, label: str) -> str:
    """The cells by name, as the report has them."""
    report = view.columns.reports[row]
    platform = view.columns.facts.shops[report.shop].platform
    rules = [rule for rule in metric.rules_of(report.source, platform) if isinstance(rule, Ratio)]
    names = next(
        (measures_of(rule.bottom) | measures_of(rule.top) for rule in rules if rule.label == label), frozenset()
    )
    given = {
        name: told.value for name in sorted(names) if (told := report.measures.get(name)) and told.value is not None
    }
    return "、".join(f"{measure_title(name)} {value:,g}" for name, value in given.items())
