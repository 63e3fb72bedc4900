"""为什么变了: the change of a rate taken apart by agent, category, shop and band of hours.

Every split accounts for the whole: what no group speaks for (a shop's total may come from a report that names no
agent) is a part of its own. A split whose groups hold more than the whole says nothing and is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Reasons
from csdesk.analysis.hour_bands import band_of
from csdesk.metrics.model import By, MetricRow, MetricValue
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.decomposition import Counts, kitagawa

REST = "未分到各组"
SMALL = "样本少的合在一起"
HOUR_BAND = "hour_band"
_SPLITS = {"agent": By.AGENT, "category": By.CATEGORY, "shop": By.SHOP, HOUR_BAND: By.HOUR}
_ROUNDING = 1e-6


def reasons(facts: Facts, metrics: Sequence[str], *, bands: bool = True) -> tuple[Reasons, ...]:
    """All splits of the metrics' changes that can be told; none where nothing is compared.

    ``bands`` False: not by the hour, for which session rows are read one by one.
    """
    if facts.compared_period is None or not metrics:
        return ()
    found = []
    for name, by in _SPLITS.items():
        if name == HOUR_BAND and not bands:
            continue
        now, before = facts.split(by, metrics), facts.split(by, metrics, before=True)
        for metric in metrics:
            made = _reasons(metric, name, (now, before), (facts.total.get(metric), facts.before.get(metric)))
            if made is not None:
                found.append(made)
    return tuple(sorted(found, key=lambda one: metrics.index(one.metric)))


def group_counts(facts: Facts, metric: str, split: str) -> tuple[Mapping[str, Counts], Mapping[str, Counts]]:
    """Numerator and denominator by group, now and before, as the named split counts them; {} where it cannot."""
    by, band = _SPLITS[split], split == HOUR_BAND
    now, before = facts.split(by, (metric,)), facts.split(by, (metric,), before=True)
    return (
        _groups(metric, now, facts.total.get(metric), band=band) or {},
        _groups(metric, before, facts.before.get(metric), band=band) or {},
    )


def _reasons(
    metric: str,
    name: str,
    rows: tuple[Sequence[MetricRow], Sequence[MetricRow]],
    totals: tuple[MetricValue | None, MetricValue | None],
) -> Reasons | None:
    now, before = (
        _groups(metric, side, total, band=name == HOUR_BAND) for side, total in zip(rows, totals, strict=True)
    )
    if now is None or before is None or len({*now, *before} - {REST}) < 2:
        return None
    made = kitagawa(now, before, small=SMALL_SAMPLE, rest=SMALL)
    return Reasons(metric, name, made.difference, made.mix, made.rate, made.parts) if made is not None else None


def _groups(
    metric: str, rows: Sequence[MetricRow], total: MetricValue | None, *, band: bool
) -> Mapping[str, Counts] | None:
    """Counts by group, adding up to the whole; None where they cannot. ``band``: rows are hours, groups their bands."""
    whole = _counts(total)
    if whole is None:
        return None
    groups: dict[str, Counts] = {}
    for row in rows:
        counts = _counts(row.values.get(metric))
        if counts is None:
            continue
        key = band_of(row.key) if band and isinstance(row.key, int) else str(row.key)
        known = groups.get(key, (0.0, 0.0))
        groups[key] = (known[0] + counts[0], known[1] + counts[1])
    rest_k = whole[0] - math.fsum(k for k, _n in groups.values())
    rest_n = whole[1] - math.fsum(n for _k, n in groups.values())
    slack = _ROUNDING * whole[1]
    if abs(rest_n) <= slack and abs(rest_k) <= slack:
        return groups
    if rest_n <= slack or not -slack <= rest_k <= rest_n + slack:
        return None
    return {**groups, REST: (min(max(rest_k, 0.0), rest_n), rest_n)}


def _counts(value: MetricValue | None) -> Counts | None:
    if value is None or value.value is None or value.numerator is None or not value.denominator:
        return None
    return value.numerator, value.denominator
