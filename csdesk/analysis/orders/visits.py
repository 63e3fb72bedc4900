"""Invited buyers who order again, and the conversion of the platforms side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from csdesk.analysis.apart import platform_of
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import MetricPart, MetricValue
from csdesk.stats.change import newcombe
from csdesk.stats.intervals import wilson


@dataclass(frozen=True, slots=True)
class ReturnVisit:
    """``invited``: buyers invited in the span whose ``days`` have passed, ``returned`` of them ordered within these."""

    days: float
    status: str
    source: str
    invited: int | None
    returned: int | None
    rate: float | None
    low: float | None
    high: float | None
    small: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlatformConversion:
    """The conversion of one platform by its own definition, never averaged with another's.

    ``difference`` to the span before with its 95 % interval; None where that is not known.
    """

    platform: str
    title: str
    definition: str
    inquiries: float | None
    converted: float | None
    rate: float | None
    low: float | None
    high: float | None
    previous: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None


def return_visit(value: MetricValue | None, days: float) -> ReturnVisit:
    """The rate with its counts, and why there is none."""
    if value is None or value.value is None:
        status, notes = ("no_data", ()) if value is None else (str(value.status), value.notes)
        return ReturnVisit(days, status, "", None, None, None, None, None, False, notes)
    rate = None if isinstance(value.value, dict) else float(value.value)
    return ReturnVisit(
        days, str(value.status), "、".join(value.sources), round(value.denominator or 0), round(value.numerator or 0),
        rate, value.low, value.high, value.small, value.notes,
    )  # fmt: skip


def conversion(now: MetricValue | None, before: MetricValue | None) -> tuple[PlatformConversion, ...]:
    """One entry a platform that tells of conversion."""
    earlier = _by_platform(before)
    return tuple(_platform(platform, part, earlier.get(platform)) for platform, part in _by_platform(now).items())


def _by_platform(value: MetricValue | None) -> Mapping[Platform, MetricPart]:
    if value is None:
        return {}
    if value.parts:
        return {Platform(part.key): part for part in value.parts}
    platform = platform_of(value)
    if platform is None or value.value is None or isinstance(value.value, dict):
        return {}
    return {platform: MetricPart(str(platform), value.value, value.numerator, value.denominator, value.variant)}


def _platform(platform: Platform, part: MetricPart, before: MetricPart | None) -> PlatformConversion:
    top, bottom = part.numerator, part.denominator
    counted = top is not None and bottom is not None
    interval = wilson(top or 0.0, bottom or 0.0) if counted else None
    rate = None if part.value is None or isinstance(part.value, dict) else float(part.value)
    previous = None if before is None or before.value is None or isinstance(before.value, dict) else float(before.value)
    apart = None
    if counted and before is not None and before.numerator is not None and before.denominator is not None:
        apart = newcombe(top or 0.0, bottom or 0.0, before.numerator, before.denominator)
    return PlatformConversion(
        str(platform), platform.label, part.variant, bottom, top, rate,
        interval.low if interval else None, interval.high if interval else None, previous,
        rate - previous if rate is not None and previous is not None else None,
        apart.low if apart else None, apart.high if apart else None,
    )  # fmt: skip
