"""Categories: how much is asked of each, how its share moved, and how often it is solved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from csdesk.analysis.attention.window import special_days
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Grain
from csdesk.analysis.slices import Slice, compared, judged
from csdesk.charts import format as written
from csdesk.metrics.model import MetricRow, MetricValue
from csdesk.stats.change import SMALL_SAMPLE, Verdict

SHARE = "category_share"
_MOST_TRENDS = 15


@dataclass(frozen=True, slots=True)
class CategoryVolume:
    """Sessions of a category and their share of the classified ones, with the share's change.

    ``verdict`` as of a :class:`~csdesk.analysis.slices.Slice`: judged among all categories; no_data where nothing is
    compared. ``trend``: sessions by step of the page (labels in the answer), [] beyond the commonest categories.
    """

    category: str
    sessions: float
    share: float
    low: float | None
    high: float | None
    previous_sessions: float | None
    previous_share: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    p_adjusted: float | None
    verdict: str
    text: str
    trend: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Solved:
    """How often a category is solved, and at once; None where the files do not tell. Intervals are Wilson's."""

    category: str
    resolution: float | None
    resolution_low: float | None
    resolution_high: float | None
    judged: float | None
    fcr: float | None
    fcr_low: float | None
    fcr_high: float | None
    fcr_judged: float | None
    small: bool


def volumes(facts: Facts, rows: Sequence[MetricRow]) -> Mapping[str, object]:
    """The answer ``volume``: ``steps`` are the labels of the trends. ``rows`` as the page shows them."""
    total, before = facts.total.get(SHARE), facts.before.get(SHARE)
    steps = facts.trend.steps
    changes = _changes(total, before, facts.request.compare.label, _spread(facts))
    counts = [step.values[SHARE].counts if SHARE in step.values else {} for step in steps]
    told = []
    for at, row in enumerate(rows):
        value, name = row.values[SHARE], str(row.key)
        change = changes.get(name)
        trend = tuple(float(one.get(name, 0.0)) for one in counts) if at < _MOST_TRENDS else ()
        told.append(_volume(name, value, change, trend))
    return {"steps": [step.label for step in steps], "categories": told, "gone": _gone(total, before)}


def solved(rows: Sequence[MetricRow]) -> tuple[Solved, ...]:
    """The answer ``fcr_by_category``, in the order of ``rows``."""
    found = []
    for row in rows:
        one, first = row.values.get("resolution_rate"), row.values.get("fcr")
        known = [value for value in (one, first) if value is not None and value.value is not None]
        if known:
            found.append(
                Solved(
                    str(row.key), _rate(one), one.low if one else None, one.high if one else None,
                    one.denominator if one else None, _rate(first), first.low if first else None,
                    first.high if first else None, first.denominator if first else None,
                    any(value.small for value in known),
                )
            )  # fmt: skip
    return tuple(found)


def _volume(name: str, value: MetricValue, change: Slice | None, trend: tuple[float, ...]) -> CategoryVolume:
    share = float(value.value) if isinstance(value.value, int | float) else 0.0
    sessions = value.numerator or 0.0
    if change is None:
        text = f"{name}：{written.count(sessions)} 次，占 {written.percent(share)}"
        return CategoryVolume(
            name, sessions, share, value.low, value.high, None, None, None, None, None, None, str(Verdict.NO_DATA),
            text, trend,
        )  # fmt: skip
    return CategoryVolume(
        name, sessions, share, value.low, value.high, change.previous_numerator, change.previous, change.difference,
        change.low, change.high, change.p_adjusted, change.verdict, change.text, trend,
    )  # fmt: skip


def _spread(facts: Facts) -> float:
    """How many times more the shares of categories vary from day to day than chance; 1 where days are not told."""
    import numpy as np  # noqa: PLC0415

    from csdesk.stats.between_days import common_spread  # noqa: PLC0415

    trend = facts.trend
    days = [(step.first, step.values[SHARE].counts) for step in trend.steps if SHARE in step.values]
    names = sorted({name for _day, counts in days for name in counts})
    if trend.grain is not Grain.DAY or not names:
        return 1.0
    request = facts.request
    platform = request.selection.platform or request.only_platform
    special = special_days(days[0][0], days[-1][0], platform, request.events)
    told = [(day, counts) for day, counts in days if not special[(day - days[0][0]).days]]
    k = np.array([[counts.get(name, 0.0) for _day, counts in told] for name in names]).reshape(len(names), len(told))
    n = np.broadcast_to(k.sum(axis=0), k.shape)
    weekday = np.array([day.weekday() for day, _counts in told], dtype=np.int64)
    return float(common_spread(k[None], n[None], weekday, np.ones(len(told), dtype=np.bool_))[0])


def _changes(
    total: MetricValue | None, before: MetricValue | None, label: str, spread: float
) -> Mapping[str, Slice]:  # fmt: skip
    """The change of every category's share; a category that is new had a share of 0."""
    if total is None or before is None or not total.counts or not before.counts:
        return {}
    now, then = sum(total.counts.values()), sum(before.counts.values())
    found = [
        compared(
            SHARE,
            "category",
            name,
            (count, now),
            (before.counts.get(name, 0.0), then),
            small=SMALL_SAMPLE,
            spread=spread,
        )
        for name, count in total.counts.items()
    ]
    return {one.key: one for one in judged([one for one in found if one is not None], label)}


def _gone(total: MetricValue | None, before: MetricValue | None) -> list[str]:
    """Categories of the span before that nobody asked about any more."""
    if total is None or before is None:
        return []
    return sorted(name for name, count in before.counts.items() if count and not total.counts.get(name))


def _rate(value: MetricValue | None) -> float | None:
    return float(value.value) if value is not None and isinstance(value.value, int | float) else None
