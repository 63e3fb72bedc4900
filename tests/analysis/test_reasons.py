"""Changes taken apart: the words of the JSON, exact sums, what no group speaks for."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from csdesk.analysis.frame import Compare, PageRequest, Reasons
from csdesk.analysis.json import page_json
from csdesk.analysis.pages import compute_page
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, to_epoch_day
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine
from csdesk.metrics.model import By
from csdesk.store.database import open_store
from tests.fake_engine import Cell, FakeEngine
from tests.store.builders import DAY_SECONDS, session_plan

DAY = date(2026, 3, 10)
REQUEST = PageRequest(Filter(Period.of_day(DAY)))


def _cell(day: date, agent: str, happy: float, ratings: float, **counts: float) -> Cell:
    return Cell(day, agent, {"happy": happy, "ratings": ratings, "received": ratings * 3, **counts})


SIMPSON = [
    _cell(DAY - timedelta(days=1), "售前", 190, 200),
    _cell(DAY - timedelta(days=1), "售后", 35, 50),
    _cell(DAY, "售前", 96, 100),
    _cell(DAY, "售后", 108, 150),
]


def _by(found: tuple[Reasons, ...], by: str) -> Reasons:
    return next(one for one in found if one.by == by and one.metric == "satisfaction_rate")


def test_both_better_and_all_worse() -> None:
    found = _by(compute_page("satisfaction", FakeEngine(SIMPSON), REQUEST).reasons, "agent")
    assert [round(x, 3) for x in (found.difference, found.mix, found.rate)] == [-0.084, -0.098, 0.014]
    assert all(part.rate > 0 for part in found.parts)


def test_json_parts_add_up() -> None:
    result = compute_page("satisfaction", FakeEngine(SIMPSON), REQUEST)
    answer = page_json(result, {})
    (split,) = (one for one in answer["decompositions"] if one["by"] == "agent")
    assert math.fsum(part["mix"] for part in split["parts"]) == split["mix"]
    assert math.fsum(part["rate"] for part in split["parts"]) == split["rate"]
    assert split["mix"] + split["rate"] == split["difference"]
    change = next(kpi for kpi in answer["kpis"] if kpi["metric"] == "satisfaction_rate")["change"]
    assert split["difference"] == pytest.approx(change["difference"], abs=1e-12)


class WholeShop(FakeEngine):
    """The whole is said by a report that names fewer people than there are."""

    def __init__(self, cells: list[Cell], share: float) -> None:
        super().__init__(cells)
        self.share = share

    def __call__(self, *asked: object, bare: bool = False) -> list:  # type: ignore[type-arg, override]
        rows = super().__call__(*asked, bare=bare)  # type: ignore[arg-type]
        if len(asked) < 2 or asked[1] is None:
            return rows
        return [
            replace(
                row,
                values={
                    name: replace(
                        value, numerator=value.numerator * self.share, denominator=value.denominator * self.share
                    )
                    if value.numerator is not None and value.denominator is not None
                    else value
                    for name, value in row.values.items()
                },
            )
            for row in rows
        ]


def test_what_nobody_speaks_for_is_a_part() -> None:
    found = _by(compute_page("satisfaction", WholeShop(SIMPSON, 0.5), REQUEST).reasons, "agent")
    assert "未分到各组" in {part.key for part in found.parts}
    assert found.difference == pytest.approx(-0.084)


def test_groups_that_hold_more_than_the_whole_say_nothing() -> None:
    assert compute_page("satisfaction", WholeShop(SIMPSON, 1.5), REQUEST).reasons == ()


def test_nothing_compared_nothing_taken_apart() -> None:
    engine = FakeEngine(SIMPSON)
    assert compute_page("satisfaction", engine, replace(REQUEST, compare=Compare.NONE)).reasons == ()
    assert (REQUEST.selection, By.SHOP) not in engine.asked


def test_one_agent_alone_explains_nothing() -> None:
    alone = [cell for cell in SIMPSON if cell.agent == "售前"]
    assert compute_page("satisfaction", FakeEngine(alone), REQUEST).reasons == ()


def test_bands_of_hours_of_real_sessions(tmp_path: Path) -> None:
    """More in the evening, where fewer are satisfied: the mix says so, and the parts add up to the change."""
    rows = []
    for day, hours in ((DAY - timedelta(days=1), (9, 10, 14)), (DAY, (9, 20, 21))):
        for number in range(240):
            hour = hours[number % 3]
            good = number % (4 if hour >= 18 else 10) != 0
            start = to_epoch_day(day) * DAY_SECONDS + hour * 3600
            rows.append(
                {"session_key": f"{day}{number}", "agent": "小美", "started_at": start, "rating": 5 if good else 1}
            )
    with open_store(tmp_path) as store:
        load(store, session_plan("会话.xlsx", rows, exported=datetime(2026, 8, 1), chunk_rows=500))
        with store.reading() as conn:
            result = compute_page("satisfaction", MetricEngine(conn), REQUEST)
    found = _by(result.reasons, "hour_band")
    assert {part.key for part in found.parts} == {"8–12 点", "12–18 点", "18–24 点"}
    assert math.fsum(part.mix for part in found.parts) == found.mix
    assert found.mix + found.rate == found.difference
    assert found.mix < 0
    kpi = next(kpi for kpi in result.kpis if kpi.metric == "satisfaction_rate")
    assert kpi.change is not None
    assert found.difference == pytest.approx(kpi.change.difference)
