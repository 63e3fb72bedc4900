"""The satisfaction score with its interval and verdict, out of the levels it was counted from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from csdesk.analysis import satisfaction
from csdesk.analysis.frame import Kpi, PageRequest
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.model import MetricRow, MetricStatus, MetricValue, Unit
from tests.fake_engine import Cell, FakeEngine

WEEK = Period(date(2026, 6, 8), date(2026, 6, 14))
GOOD = {"很满意": 18.0, "满意": 1.0, "一般": 1.0, "不满": 0.0, "很不满": 0.0}
BAD = {"很满意": 9.0, "满意": 4.0, "一般": 3.0, "不满": 2.0, "很不满": 2.0}


class Scored(FakeEngine):
    """With the score of the ratings, or with one that fits no levels."""

    off = 0.0

    def __call__(self, *asked: Any, bare: bool = False) -> list[MetricRow]:
        rows = super().__call__(*asked, bare=bare)
        return [replace(row, values=self._scored(row.values)) for row in rows]

    def _scored(self, values: Mapping[str, MetricValue]) -> dict[str, MetricValue]:
        levels = values.get("rating_distribution")
        if "satisfaction_score" not in values or levels is None or not levels.counts:
            return dict(values)
        stars = dict(zip(("很满意", "满意", "一般", "不满", "很不满"), (5, 4, 3, 2, 1), strict=True))
        n = sum(levels.counts.values())
        mean = sum(stars[title] * count for title, count in levels.counts.items()) / n + self.off
        made = MetricValue("satisfaction_score", Unit.SCORE, mean, MetricStatus.OK, mean * n, n, n=n, small=n < 30)
        return {**values, "satisfaction_score": made}


def score(now: Mapping[str, float], before: Mapping[str, float], off: float = 0.0) -> Kpi:
    cells = [Cell(day, counts={"received": 40}, levels=dict(now)) for day in WEEK]
    cells += [Cell(day, counts={"received": 40}, levels=dict(before)) for day in WEEK.previous()]
    engine = Scored(cells)
    engine.off = off
    page = satisfaction.compute(engine, PageRequest(Filter(WEEK)))
    return next(kpi for kpi in page.kpis if kpi.metric == "satisfaction_score")


def test_a_fall_is_seen_and_quiet_weeks_are_not() -> None:
    fell = score(BAD, GOOD)
    assert fell.change is not None
    assert fell.change.verdict == "down"
    assert fell.change.low is not None
    assert fell.change.high is not None
    assert fell.change.low < fell.change.difference < fell.change.high < 0  # type: ignore[operator]
    assert fell.value.low is not None
    assert 1 <= fell.value.low < 3.8 < (fell.value.high or 0) <= 5
    assert "差的 95% 区间 −" in fell.change.detail
    alike = score(GOOD, GOOD)
    assert alike.change is not None
    assert (alike.change.verdict, alike.change.note) == ("no_clear_change", "看不出差别")


def test_levels_of_something_else_judge_nothing() -> None:
    kpi = score(BAD, GOOD, off=0.3)
    assert kpi.change is not None
    assert (kpi.change.low, kpi.value.low) == (None, None)
