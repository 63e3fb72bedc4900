"""Did the satisfaction score change? Its intervals and that of the difference, out of the ratings level by level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from csdesk.analysis.cards import ONLY_MEANS, judged_change
from csdesk.analysis.certainty import together
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Kpi
from csdesk.charts.build import number
from csdesk.metrics.model import MetricValue
from csdesk.stats.intervals import Interval
from csdesk.stats.levels import levels_interval, mean_of_levels
from csdesk.stats.promoters import interval_change

METRIC = "satisfaction_score"
LEVELS = "rating_distribution"
_STARS = {"很满意": 5.0, "满意": 4.0, "一般": 3.0, "不满": 2.0, "很不满": 1.0}
_SCALE = (1.0, 5.0)
_SLACK = 1e-6


def judged_score(facts: Facts, kpis: Sequence[Kpi]) -> tuple[Kpi, ...]:
    """The cards with the score among them judged, where the levels behind it are known."""
    made = [_judged(facts, kpi) if kpi.metric == METRIC else kpi for kpi in kpis]
    return together(facts, made)


def _judged(facts: Facts, kpi: Kpi) -> Kpi:
    rate = facts.total.get("satisfaction_rate")
    spread = facts.spreads.of_rate(rate) if rate is not None and facts.compared_period is not None else 1.0
    value = _with_interval(kpi.value, facts.total.get(LEVELS), spread)
    before = None if kpi.previous is None else _with_interval(kpi.previous, facts.before.get(LEVELS), spread)
    change, now = kpi.change, number(value)
    sides = (_interval(value), None if before is None else _interval(before))
    if before is None or change is None or change.difference is None or now is None or None in sides:
        return replace(kpi, value=value)
    one, other = sides
    assert one is not None  # noqa: S101  (for the type checker)
    assert other is not None  # noqa: S101
    enough = not (value.small or before.small)
    found = interval_change(now, one, number(before) or 0.0, other, enough=enough)
    judged = judged_change(value, before, found, spread)
    detail = "；".join(part for part in (judged.detail, change.detail.removeprefix(ONLY_MEANS).lstrip("；")) if part)
    return replace(kpi, value=value, previous=before, change=replace(judged, detail=detail))


def _interval(value: MetricValue) -> Interval | None:
    return None if value.low is None or value.high is None else Interval(value.low, value.high)


def _with_interval(value: MetricValue, levels: MetricValue | None, spread: float) -> MetricValue:
    """The score with its interval, where these levels are what it was counted from."""
    counts = _counts(levels)
    mean = mean_of_levels(counts)
    score = number(value)
    if mean is None or score is None or abs(mean - score) > _SLACK:
        return value
    interval = levels_interval(counts, _SCALE, spread=spread)
    return value if interval is None else replace(value, low=interval.low, high=interval.high)


def _counts(levels: MetricValue | None) -> dict[float, float]:
    """How often each number of stars was given, of all platforms that ask for five levels."""
    found: dict[float, float] = {}
    if levels is None:
        return found
    sides = [levels.counts] if isinstance(levels.value, dict) else []
    sides += [
        {title: share * (part.denominator or 0.0) for title, share in part.value.items()}
        for part in levels.parts
        if not sides and isinstance(part.value, dict)
    ]
    for side in sides:
        if set(side) <= set(_STARS):
            for title, count in side.items():
                found[_STARS[title]] = found.get(_STARS[title], 0.0) + count
    return found
