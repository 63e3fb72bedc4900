"""Did answering get quicker or slower? Medians of rows with their intervals, and the interval of their difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from csdesk.analysis.attention.window import BASELINE, RECENT, special_days
from csdesk.analysis.cards import judged_change
from csdesk.analysis.certainty import together
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Engine, Kpi, PageRequest
from csdesk.domain.filters import Filter
from csdesk.domain.period import from_epoch_day
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.rows.rules import Quantile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from csdesk.metrics.days import Ints
    from csdesk.metrics.sums import Floats
    from csdesk.stats.medians import Sorted

_DAYS = RECENT + BASELINE
"""The last days that say how much days vary."""


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
    """The cards with the medians among them judged out of rows (Price & Bonett), and the same as an answer.

    Slow and quick days hang together: where they do so beyond chance, the interval of the difference is widened.
    """
    from csdesk.stats.medians import median_change, median_interval  # noqa: PLC0415

    cards, answers = [], []
    for kpi in kpis:
        now = _values(engine, facts.request.selection, kpi)
        if now is None or not now.all.n:
            cards.append(kpi)
            continue
        interval = median_interval(now.all)
        value = replace(kpi.value, low=interval.low, high=interval.high) if interval else kpi.value
        before = None
        if facts.compared_period is not None:
            before = _values(engine, facts.request.selection.during(facts.compared_period), kpi)
        made, spread = None, 1.0
        if before is not None and before.all.n:
            spread = _day_spread(facts.request, now, before)
            made = median_change(now.all, before.all, spread=spread)
        change = kpi.change
        if made is not None and change is not None:
            judged = judged_change(value, kpi.previous, made, spread)
            change = replace(judged, detail="；".join(part for part in (judged.detail, change.detail) if part))
        cards.append(replace(kpi, value=value, change=change))
        answers.append(
            MedianChange(
                kpi.metric, now.all.quantile(0.5), interval.low if interval else None,
                interval.high if interval else None, now.all.n,
                before.all.quantile(0.5) if before is not None else None, before.all.n if before is not None else 0,
                made.difference if made else None, made.low if made else None, made.high if made else None,
                str(made.verdict) if made else "no_data",
            )
        )  # fmt: skip
    return together(facts, cards), Answer("medians", tuple(answers))


@dataclass(frozen=True, slots=True)
class _Values:
    """Durations of a span: all of them, and each one's day with its place among the distinct ``values``."""

    all: Sorted
    values: Floats
    place: NDArray[np.int32]
    day: Ints


def _day_spread(request: PageRequest, now: _Values, before: _Values) -> float:
    """How many times more days vary than chance: by the share of their durations above the span's median, which is
    what the median hangs on. Of the last days of both spans, without promotions and holidays.
    """
    import numpy as np  # noqa: PLC0415

    from csdesk.stats.between_days import rate_spread  # noqa: PLC0415

    last = int(now.day[-1])
    first = last - _DAYS + 1
    above, all_ = np.zeros(_DAYS), np.zeros(_DAYS)
    later = np.zeros(_DAYS, dtype=np.bool_)
    for one, chosen in ((before, False), (now, True)):
        median = one.all.quantile(0.5) or 0.0
        start, end = np.searchsorted(one.day, (first, last + 1)).tolist()
        day, place = one.day[start:end] - first, one.place[start:end]
        known = place >= 0
        all_ += np.bincount(day[known], minlength=_DAYS)
        above += np.bincount(day[known & (place >= np.searchsorted(one.values, median, side="right"))], minlength=_DAYS)
        if chosen and len(day):
            later[int(day[0]) :] = True
    day_of = from_epoch_day(first)
    platform = request.selection.platform or request.only_platform
    names = special_days(day_of, from_epoch_day(last), platform, request.events)
    plain = np.array([not name for name in names], dtype=np.bool_)
    weekday = (day_of.weekday() + np.arange(_DAYS)) % 7
    return float(rate_spread((above * plain)[None], (all_ * plain)[None], weekday, later)[0])


def _values(engine: Engine, selection: Filter, kpi: Kpi) -> _Values | None:
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
        return _Values(Sorted(values[there], counts[there].cumsum()), values, place, rows.day)
    return None
