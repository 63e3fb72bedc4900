"""Metric rows as the command line's JSON: rates as fractions, seconds, yuan as text; nothing rounded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from csdesk.domain.money import yuan_text
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.model import By, Figure, MetricPart, MetricRow, MetricValue, Unit
from csdesk.metrics.targets import Target, Targets, gap_json, gap_of

Json = dict[str, Any]
NO_TARGETS = Targets()


def metrics_json(rows: Sequence[MetricRow], selection: Json, by: By | None, targets: Targets = NO_TARGETS) -> Json:
    """The whole answer of ``metrics``; ``selection`` is the filter in words."""
    return {
        "filter": selection,
        "by": None if by is None else str(by),
        "rows": [
            {
                "key": row.key,
                "metrics": {
                    name: _in_row(row, value, _target(targets, name, row, by)) for name, value in row.values.items()
                },
            }
            for row in rows
        ],
    }


def _target(targets: Targets, metric: str, row: MetricRow, by: By | None) -> Target | None:
    return targets.get(metric, Platform(str(row.key)) if by is By.PLATFORM else None)


def _in_row(row: MetricRow, value: MetricValue, target: Target | None) -> Json:
    """A number of a row; a distribution of which the row is one level stays a distribution: ``{level: share}``."""
    answer = value_json(value)
    if target is not None:
        answer["target"] = gap_json(gap_of(value, target))
    if METRICS[value.metric].unit is Unit.DISTRIBUTION and value.unit is not Unit.DISTRIBUTION:
        answer["unit"] = str(Unit.DISTRIBUTION)
        answer["value"] = None if value.value is None else {str(row.key): value.value}
    return answer


def value_json(value: MetricValue) -> Json:
    """One number with everything needed to judge it."""
    answer: Json = {
        "value": _number(value.value, value.unit),
        "unit": str(value.unit),
        "numerator": _number(value.numerator, value.unit),
        "denominator": value.denominator,
        "n": value.n,
        "low": value.low,
        "high": value.high,
        "small": value.small,
        "status": str(value.status),
        "variant": value.variant,
        "sources": list(value.sources),
        "left_out": [
            {"source": one.source, "period": _period(one.period), "reason": one.reason} for one in value.left_out
        ],
        "files": list(value.files),
        "provisional_days": [day.isoformat() for day in value.provisional_days],
        "covered": [_period(period) for period in value.covered],
    }
    if value.counts:
        answer["counts"] = dict(value.counts)
    if value.parts:
        answer["parts"] = [_part(part, value.unit) for part in value.parts]
    if value.figures:
        answer["figures"] = [_figure(one) for one in value.figures]
    if value.notes:
        answer["notes"] = list(value.notes)
    answer.update(value.extra)
    return answer


def _figure(figure: Figure) -> Json:
    return {
        "metric": figure.key,
        "title": figure.title,
        "value": _number(figure.value, figure.unit),
        "unit": str(figure.unit),
        "shop": figure.shop,
        "platform": figure.platform,
        "source": figure.source,
        "period": _period(figure.period),
        "file": figure.file,
    }


def _part(part: MetricPart, unit: Unit) -> Json:
    return {
        "key": part.key,
        "value": _number(part.value, unit),
        "numerator": _number(part.numerator, unit),
        "denominator": part.denominator,
        "variant": part.variant,
    }


def _number(number: float | dict[str, float] | None, unit: Unit) -> float | str | dict[str, float] | None:
    if number is None or isinstance(number, dict):
        return number
    return yuan_text(number) if unit is Unit.YUAN else number


def _period(period: Period | None) -> list[str] | None:
    return None if period is None else [period.first.isoformat(), period.last.isoformat()]
