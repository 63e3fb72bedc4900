"""The command line's answer holds the promised keys, and JSON values only."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import pytest

from csdesk.analysis.frame import PageRequest
from csdesk.analysis.json import page_json, plain
from csdesk.analysis.overview import compute
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from tests.fake_engine import Cell, FakeEngine

WEEK = Period(date(2026, 11, 2), date(2026, 11, 8))


def answer(cells: list[Cell]) -> dict[str, object]:
    return page_json(compute(FakeEngine(cells), PageRequest(Filter(WEEK))), {"from": "2026-11-02"})


def test_keys_and_values() -> None:
    counts: dict[str, float] = {"received": 100, "invites": 60, "sales": 123450}
    before: dict[str, float] = {"received": 100, "invites": 40, "sales": 100000}
    cells = [Cell(day, counts=counts, provisional=day == WEEK.last) for day in WEEK]
    cells += [Cell(day, counts=before) for day in WEEK.previous()]
    got = answer(cells)
    assert set(got) >= {"page", "filter", "compare", "kpis", "decompositions", "attention", "findings", "charts"}
    assert got["compare"] == "previous"
    assert got["charts"] == ["overview.received", "overview.rates", "overview.agents", "overview.levels"]
    kpis = {kpi["metric"]: kpi for kpi in got["kpis"]}  # type: ignore[attr-defined]
    invite = kpis["invite_rate"]
    assert set(invite) >= {"metric", "value", "low", "high", "n", "status", "previous", "change"}
    assert (invite["value"], invite["previous"], invite["status"]) == (0.6, 0.4, "ok")
    assert set(invite["change"]) >= {"difference", "low", "high", "verdict"}
    assert invite["change"]["verdict"] == "up"
    assert kpis["cs_sales"]["value"] == "8641.50"
    assert kpis["cs_sales"]["change"]["difference"] == "1641.50"
    attention = got["attention"]
    assert attention == [
        {"kind": "provisional", "metric": None, "key": None, "day": "2026-11-08", "text": "2026-11-08 的数据未定"}
    ]
    json.dumps(got, allow_nan=False)


def test_nothing_is_null_not_zero() -> None:
    got = answer([])
    kpi = got["kpis"][0]  # type: ignore[index]
    assert kpi["value"] is None
    assert kpi["status"] == "no_data"
    assert kpi["change"]["verdict"] == "no_data"
    assert got["empty"]["exports"]  # type: ignore[index]


@dataclass(frozen=True)
class _Made:
    day: date
    spent_fen: int | None
    shares: dict[str, float]
    steps: tuple[float, ...]


def test_answers_become_plain_values() -> None:
    value = _Made(date(2026, 11, 2), 1234, {"a": 0.5, "b": float("nan")}, (1.0, 2.0))
    assert plain({"made": (value, None)}) == {
        "made": [{"day": "2026-11-02", "spent": "12.34", "shares": {"a": 0.5, "b": None}, "steps": [1.0, 2.0]}, None]
    }
    assert plain({"paid_fen": (100, None)}) == {"paid": ["1.00", None]}
    with pytest.raises(TypeError):
        plain(object())
