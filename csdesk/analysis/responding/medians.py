"""Did answering get quicker or slower? Medians of rows with their intervals, and the interval of their difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from csdesk.analysis.cards import judged_change
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Engine, Kpi
from csdesk.domain.filters import Filter
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.rows.rules import Quantile

if TYPE_CHECKING:
    from csdesk.stats.medians import Sorted


@dataclass(frozen=True, slots=True)
class MedianChange:
    """A median now and before, in seconds, each with its 95 % interval, and the interval of the difference."""

    metric: str
    value: float | None
    low: float | None
    high: float | None
    n: int
    previous: float | None
    previous_n: int
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    verdict: str


def judged_medians(engine: Engine, facts: Facts, kpis: Sequence[Kpi]) -> tuple[tuple[Kpi, ...], Answer]:
    """The cards with the medians among them judged out of rows (Price & Bonett), and the same as an answer."""
    from csdesk.stats.medians import median_change, median_interval  # noqa: PLC0415

    cards, answers = [], []
    for kpi in kpis:
        now = _values(engine, facts.request.selection, kpi)
        if now is None or not now.n:
            cards.append(kpi)
            continue
        interval = median_interval(now)
        value = replace(kpi.value, low=interval.low, high=interval.high) if interval else kpi.value
        before = None
        if facts.compared_period is not None:
            before = _values(engine, facts.request.selection.during(facts.compared_period), kpi)
        made = median_change(now, before) if before is not None and before.n else None
        change = kpi.change
        if made is not None and change is not None:
            judged = judged_change(value, kpi.previous, made)
            change = replace(judged, detail="；".join(part for part in (judged.detail, change.detail) if part))
        cards.append(replace(kpi, value=value, change=change))
        answers.append(
            MedianChange(
                kpi.metric, now.quantile(0.5), interval.low if interval else None, interval.high if interval else None,
                now.n, before.quantile(0.5) if before is not None else None, before.n if before is not None else 0,
                made.difference if made else None, made.low if made else None, made.high if made else None,
                str(made.verdict) if made else "no_data",
            )
        )  # fmt: skip
    return tuple(cards), Answer("medians", tuple(answers))


def _values(engine: Engine, selection: Filter, kpi: Kpi) -> Sorted | None:
    """The values behind a median of rows; None for any other number."""
    from csdesk.metrics.rows.grouping import SOURCES  # noqa: PLC0415
    from csdesk.metrics.rows.reduce import histogram  # noqa: PLC0415
    from csdesk.stats.medians import Sorted  # noqa: PLC0415

    for rule in METRICS[kpi.metric].rows:
        reducer = rule.reduce
        if not isinstance(reducer, Quantile) or reducer.q != 0.5 or (SOURCES[rule.kind],) != kpi.value.sources:
            continue
        import numpy as np  # noqa: PLC0415

        rows = engine.table(rule.kind, selection)
        values, place = rows.ranks(reducer.of)
        counts = histogram(place, np.zeros(rows.size, dtype=np.int64), (1, len(values)))[0]
        there = counts > 0
        return Sorted(values[there], counts[there].cumsum())
    return None
