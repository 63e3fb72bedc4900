"""Figures of peers: as imported, dated, of the latest span, never computed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from csdesk.analysis.frame import PageRequest
from csdesk.analysis.json import page_json
from csdesk.analysis.pages import compute_page
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.load import load, undo
from csdesk.metrics.engine import MetricEngine
from csdesk.metrics.json import metrics_json
from csdesk.metrics.model import By, MetricStatus
from csdesk.store.database import Store, open_store
from tests.store.builders import report_plan

FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as store:
        yield store


def bring(store: Store, name: str, day: date, peers: dict[str, float], shop: str = "甲旗舰店") -> int:
    rows = [("小美", day, {"received": 10.0, "rated_5": 9.0, "rated_4": 0.0, "rated_3": 1.0})]
    plan = report_plan(name, rows, exported=datetime(2026, 4, 1), shop=shop, peers=peers)
    load(store, plan)
    assert plan.batch is not None
    return plan.batch


def test_the_latest_span_of_the_selection_as_it_was_given(store: Store) -> None:
    bring(store, "一日.xlsx", FIRST, {"satisfaction_rate": 0.9, "dsr_service": 4.8})
    second = bring(store, "二日.xlsx", SECOND, {"satisfaction_rate": 0.8})
    engine = MetricEngine(store)
    (row,) = engine.compute(Filter(), None, ("peer_average", "peer_top", "received"))
    value = row.values["peer_average"]
    assert value.value == {"dsr_service": 4.8, "satisfaction_rate": 0.8}
    assert {one.key: one.period.first for one in value.figures} == {"satisfaction_rate": SECOND, "dsr_service": FIRST}
    assert [one.title for one in value.figures] == ["服务态度得分", "满意率"]
    assert value.files == ("一日.xlsx", "二日.xlsx")
    assert row.values["peer_top"].status is MetricStatus.NO_DATA
    (early,) = engine.compute(Filter(Period.of_day(FIRST)), None, ("peer_average",))
    assert early.values["peer_average"].value == {"dsr_service": 4.8, "satisfaction_rate": 0.9}
    (none,) = engine.compute(Filter(Period.of_day(date(2026, 3, 9))), None, ("peer_average",))
    assert none.values["peer_average"].status is MetricStatus.NO_DATA
    undo(store, second)
    (back,) = engine.compute(Filter(), None, ("peer_average",))
    assert back.values["peer_average"].value == {"dsr_service": 4.8, "satisfaction_rate": 0.9}


def test_shops_stay_apart(store: Store) -> None:
    bring(store, "甲.xlsx", FIRST, {"reply_rate": 0.99})
    bring(store, "乙.xlsx", FIRST, {"reply_rate": 0.5}, shop="乙店")
    engine = MetricEngine(store)
    (row,) = engine.compute(Filter(), None, ("peer_average",))
    assert row.values["peer_average"].value == {"reply_rate@甲旗舰店": 0.99, "reply_rate@乙店": 0.5}
    rows = engine.compute(Filter(), By.SHOP, ("received", "peer_average"))
    assert {row.key: row.values["peer_average"].value for row in rows} == {
        "甲旗舰店": {"reply_rate": 0.99}, "乙店": {"reply_rate": 0.5},
    }  # fmt: skip
    assert (
        engine.compute(Filter(None, Platform.DOUYIN), None, ("peer_average",))[0].values["peer_average"].value is None
    )
    agents = engine.compute(Filter(), By.AGENT, ("received", "peer_average"))
    assert {row.values["peer_average"].status for row in agents} == {MetricStatus.NOT_PROVIDED}


def test_splits_that_only_peers_speak_of(store: Store) -> None:
    bring(store, "一日.xlsx", FIRST, {"reply_rate": 0.9})
    bring(store, "二日.xlsx", SECOND, {"reply_rate": 0.8})
    engine = MetricEngine(store)
    (source,) = {
        one.source for one in engine.compute(Filter(), None, ("peer_average",))[0].values["peer_average"].figures
    }
    for by, keys in (
        (By.SHOP, {"甲旗舰店": 0.8}), (By.PLATFORM, {"taobao": 0.8}), (By.SOURCE, {source: 0.8}),
        (By.MONTH, {"2026-03": 0.8}), (By.DAY, {"2026-03-01": 0.9, "2026-03-02": 0.8}),
        (By.WEEK, {"2026-02-23": 0.9, "2026-03-02": 0.8}),
    ):  # fmt: skip
        rows = engine.compute(Filter(), by, ("peer_average",))
        assert {row.key: row.values["peer_average"].value for row in rows} == {
            key: {"reply_rate": value} for key, value in keys.items()
        }
    beside = engine.compute(Filter(), By.WEEK, ("nps", "peer_average"))
    assert [(row.key, row.values["nps"].status) for row in beside] == [
        ("2026-02-23", MetricStatus.NO_DATA), ("2026-03-02", MetricStatus.NO_DATA),
    ]  # fmt: skip


def test_money_and_json(store: Store) -> None:
    bring(store, "甲.xlsx", FIRST, {"sales_amount": 123_450.0, "first_response": 12.5})
    (row,) = MetricEngine(store).compute(Filter(), None, ("peer_average",))
    answer = metrics_json([row], {}, None)["rows"][0]["metrics"]["peer_average"]
    figures = {one["metric"]: one for one in answer["figures"]}
    assert figures["cs_sales"]["value"] == "1234.50"
    assert figures["first_response_mean"]["value"] == 12.5
    assert figures["first_response_mean"]["period"] == ["2026-03-01", "2026-03-01"]


@pytest.mark.parametrize("page", ["overview", "satisfaction", "agents"])
def test_pages_show_them_beside_their_numbers(store: Store, page: str) -> None:
    bring(store, "甲.xlsx", FIRST, {"satisfaction_rate": 0.91, "dsr_service": 4.8})
    with store.reading() as conn:
        answer = page_json(compute_page(page, MetricEngine(conn), PageRequest(Filter())), {})
    (peer,) = answer["peers"]
    assert (peer["metric"], peer["value"], peer["first"], peer["source"]) == (
        "satisfaction_rate",
        0.91,
        "2026-03-01",
        "赤兔",
    )
    assert peer["peer"] == "peer_average"
