"""Shops made up day by day for the forecast: an engine that knows nothing but what was received."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from csdesk.domain.filters import Filter
from csdesk.domain.holdings import ShopFact
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import By, MetricRow, MetricStatus, MetricValue, Unit
from csdesk.metrics.rows.chosen import ChosenRows
from tests.row_tables import rows_made

FIRST = date(2026, 3, 9)  # a Monday; no promotion and no holiday until 清明
TAOBAO = ShopFact(1, "甲店", Platform.TAOBAO)
DOUYIN = ShopFact(2, "乙店", Platform.DOUYIN)


class Received:
    """``days`` by shop id and metric: (value, way of counting); what is not there is unknown."""

    def __init__(self) -> None:
        self.days: dict[int, dict[str, dict[date, tuple[float, str]]]] = {}
        self.open: set[tuple[int, date]] = set()
        self.asked = 0

    def has(
        self, shop: ShopFact, counts: Sequence[float] | Mapping[date, float], *, first: date = FIRST,
        metric: str = "received", way: str = "会话数",
    ) -> Received:  # fmt: skip
        """Counts from ``first`` on, day by day (NaN = unknown)."""
        known = self.days.setdefault(shop.id, {}).setdefault(metric, {})
        if not isinstance(counts, Mapping):
            counts = {first + timedelta(days=at): count for at, count in enumerate(counts)}
        known.update({day: (float(count), way) for day, count in counts.items() if not np.isnan(count)})
        return self

    def __call__(
        self, selection: Filter, by: By | None = None, metrics: Sequence[str] | None = None, /, *, bare: bool = False
    ) -> list[MetricRow]:
        assert by is By.DAY
        assert metrics
        assert selection.period is None
        self.asked += 1
        (shop,) = selection.shops
        there = self.days.get(shop, {})
        days = sorted({day for metric in there.values() for day in metric})
        return [
            MetricRow(day.isoformat(), {name: self._value(shop, there, name, day) for name in metrics}) for day in days
        ]

    def table(self, kind: str, selection: Filter, /) -> ChosenRows:
        """No session rows at all."""
        return rows_made(kind, [])

    def _value(
        self, shop: int, there: Mapping[str, Mapping[date, tuple[float, str]]], name: str, day: date
    ) -> MetricValue:
        value, way = there.get(name, {}).get(day, (None, ""))
        if value is None:
            return MetricValue(name, Unit.COUNT, None, MetricStatus.NO_DATA)
        status = MetricStatus.PROVISIONAL if (shop, day) in self.open else MetricStatus.OK
        return MetricValue(name, Unit.COUNT, value, status, value, variant=way)


def steady(days: int, seed: int = 1, level: float = 60.0) -> list[float]:
    """A weekly rhythm and chance."""
    rhythm = np.resize([1, 0.9, 0.95, 1.0, 1.1, 1.3, 1.2], days)
    return [float(count) for count in np.random.default_rng(seed).poisson(level * rhythm)]
