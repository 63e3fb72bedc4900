"""Cells of reports that contradict each other: more unanswered than asked, more satisfied than rated."""

from __future__ import annotations

from csdesk.analysis.quality.frame import Contradiction
from csdesk.analysis.quality.missing import measure_title
from csdesk.domain.period import from_epoch_day
from csdesk.metrics.declaration import MetricDefinition, source_title
from csdesk.metrics.definitions import DISTINCT
from csdesk.metrics.model import Unit
from csdesk.metrics.pieces import CONTRADICTORY, WHOLE
from csdesk.metrics.quantities import measures_of
from csdesk.metrics.rules import Ratio
from csdesk.metrics.view import View

_MORE = "分子比分母还大，单看这一格不给比率"
_DERIVED = {"ratings": "收到评价数", "shown": "评价展示量"}
"""Names of amounts worked out of several columns."""
_ROUNDED = 1e-3
"""Rates as they are written times their weights may exceed these by so little."""


def find(view: View) -> list[Contradiction]:
    """Every report that a rate cannot be of: a part larger than its whole, by metric, shop and day."""
    found = []
    for metric in DISTINCT:
        if metric.unit is not Unit.RATE or not metric.rules:
            continue
        pieces = view.columns.pieces(metric)
        pieces.work_out(view.rows)
        left_out = pieces.state[view.rows] == CONTRADICTORY
        tops, bottoms = pieces.numerator[view.rows], pieces.denominator[view.rows]
        too_many = (pieces.state[view.rows] == WHOLE) & (bottoms > 0) & (tops > bottoms * (1 + _ROUNDED))
        found += [_told(view, metric, row) for row in view.rows[left_out | too_many].tolist()]
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
        text=kind.missing or _MORE,
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
    if not given:  # a rate as it was written
        return f"{metric.name} {float(view.columns.pieces(metric).own[row]):.1%}"
    return "、".join(f"{_DERIVED.get(name) or measure_title(name)} {value:,g}" for name, value in given.items())
