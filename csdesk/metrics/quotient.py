"""A numerator over its denominator, as a number that can be: the one place where a rate is divided.

Counts that contradict each other (more answered than asked, fewer than none) are no rate, whatever they come from.
"""

from __future__ import annotations

from csdesk.metrics.declaration import MetricDefinition
from csdesk.metrics.model import Unit
from csdesk.stats.intervals import exceeds

CONTRADICTION = "分子和分母对不上（分子比分母大，或者是负数），源数据有疑问，不给比率"
IMPOSSIBLE = "报表里的比率不在 0–100% 之间，没有采用"

_NEVER_NEGATIVE = (Unit.RATIO, Unit.SECONDS)
_SLACK = 1e-9


def contradictory(metric: MetricDefinition, top: float, bottom: float) -> bool:
    """Whether a rate's counts are no part and whole, or a ratio or duration would be negative."""
    if metric.unit is Unit.RATE:
        return exceeds(top, bottom)
    return metric.unit in _NEVER_NEGATIVE and not metric.signed and top < -_SLACK


def quotient_of(metric: MetricDefinition, top: float, bottom: float) -> float | None:
    """``top`` / ``bottom``; None without a denominator or where the two are contradictory. Rates lie in 0–1."""
    if bottom <= 0 or contradictory(metric, top, bottom):
        return None
    value = top / bottom
    return min(max(value, 0.0), 1.0) if metric.unit is Unit.RATE else value


def possible(metric: MetricDefinition, value: float | None) -> bool:
    """Whether a value that comes without counts can be the metric's."""
    return value is None or metric.unit is not Unit.RATE or not exceeds(value, 1.0)
