"""The engine on a real store: reads what was loaded, in whatever order, forgets when it changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.load import load, undo
from csdesk.ingest.model import Plan
from csdesk.metrics.engine import MetricEngine, compute
from csdesk.metrics.json import metrics_json
from csdesk.metrics.model import By
from csdesk.store.database import Store, open_store
from tests.store.builders import report_plan, session, session_plan

MONDAY = date(2026, 2, 16)
WEEK = Period(MONDAY, MONDAY + timedelta(days=6))
SPLITS = (None, By.AGENT, By.DAY, By.WEEK, By.SHOP, By.PLATFORM, By.SOURCE, By.CATEGORY, By.WEEKDAY, By.HOUR)


def daily(name: str, day: int, received: float, satisfied: float, exported: int) -> Plan:
    values = {"received": received, "rated_5": satisfied, "rated_4": 0, "rated_3": 1, "rated_2": 0, "rated_1": 0}
    rows = [("小美", MONDAY + timedelta(days=day), values), ("小王", MONDAY + timedelta(days=day), values)]
    return report_plan(name, rows, exported=datetime(2026, 3, exported))


def late(name: str) -> Plan:
    rows = [("小美", MONDAY, {"received": 12, "rated_5": None})]
    return report_plan(name, rows, exported=datetime(2026, 3, 9))


def chats(name: str, exported: int, *, rating: int) -> Plan:
    rows: list[dict[str, Any]] = [
        session(f"s{number}", "小美", number % 2, category="物流" if number % 3 else None, invited=number % 2,
                rating=rating if number == 0 else None, first_response=10.0 * number)
        for number in range(5)
    ]  # fmt: skip
    return session_plan(name, rows, exported=datetime(2026, 3, exported))


PLANS: tuple[Callable[[], Plan], ...] = (
    lambda: daily("一.xlsx", 0, 10, 8, 1),
    lambda: daily("一改.xlsx", 0, 11, 9, 2),
    lambda: daily("二.xlsx", 1, 20, 5, 1),
    lambda: late("迟.xlsx"),
    lambda: chats("会话.xlsx", 3, rating=5),
    lambda: chats("会话改.xlsx", 4, rating=2),
    lambda: report_plan(
        "飞鸽.xlsx", [("小美", MONDAY, {"received_sessions": 30, "ratings_good": 9, "ratings_bad": 1})],
        exported=datetime(2026, 3, 1), shop="乙抖店", platform=Platform.DOUYIN,
    ),
)  # fmt: skip


def answers(store: Store) -> list[dict[str, Any]]:
    answers = []
    for selection in (Filter(), Filter(WEEK), Filter(Period(MONDAY, MONDAY), Platform.TAOBAO)):
        answers += [metrics_json(compute(store, selection, by), {}, by) for by in SPLITS]
    return answers


def loaded(folder: Path, order: tuple[int, ...]) -> Store:
    store = open_store(folder)
    for number in order:
        load(store, PLANS[number]())
    return store


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    with loaded(tmp_path_factory.mktemp("data"), tuple(range(len(PLANS)))) as store:
        return answers(store)


@pytest.mark.parametrize("order", list(permutations(range(len(PLANS))))[497::997])
def test_any_order_of_files_gives_the_same_numbers(
    tmp_path: Path, order: tuple[int, ...], reference: list[dict[str, Any]]
) -> None:
    with loaded(tmp_path, order) as store:
        assert answers(store) == reference


def test_undo_gives_the_numbers_of_what_is_left(tmp_path: Path, reference: list[dict[str, Any]]) -> None:
    with loaded(tmp_path / "a", tuple(range(len(PLANS)))) as store:
        extra = daily("三.xlsx", 2, 99, 50, 5)
        load(store, extra)
        assert answers(store) != reference
        assert extra.batch is not None
        undo(store, extra.batch)
        assert answers(store) == reference


def test_numbers_of_a_store(tmp_path: Path) -> None:
    with loaded(tmp_path, tuple(range(len(PLANS)))) as store:
        taobao = compute(store, Filter(WEEK, Platform.TAOBAO))[0].values
        assert taobao["received"].value == 5 + 11 + 20  # 小美 by sessions, 小王 by the later export and the second day
        assert taobao["satisfaction_rate"].numerator == 0 + 9 + 5
        assert set(taobao["satisfaction_rate"].files) == {"一改.xlsx", "二.xlsx", "会话.xlsx", "会话改.xlsx"}
        rows = {row.key: row.values for row in compute(store, Filter(WEEK), By.AGENT)}
        assert set(rows) == {"甲旗舰店:小美", "乙抖店:小美", "小王"}
        by_shop = {row.key: row.values["received"].value for row in compute(store, Filter(), By.SHOP)}
        assert by_shop == {"甲旗舰店": 36, "乙抖店": 30}
        by_hour = {row.key: row.values["received"].value for row in compute(store, Filter(), By.HOUR)}
        assert by_hour == {12: 5}
        shares = compute(store, Filter(), By.HOUR)[0].values["category_share"]
        assert shares.value == compute(store, Filter())[0].values["category_share"].value


def test_an_engine_answers_from_memory_until_the_data_change(tmp_path: Path) -> None:
    with loaded(tmp_path, (0,)) as store:
        engine = MetricEngine(store)
        first = engine.compute(Filter(), By.AGENT)
        assert engine.compute(Filter(), By.AGENT) is first
        assert engine.compute(Filter())[0].values["received"].value == 20
        load(store, PLANS[2]())
        assert engine.compute(Filter())[0].values["received"].value == 60
        engine.forget()
        assert engine.compute(Filter())[0].values["received"].value == 60


def test_selected_agents_only(tmp_path: Path) -> None:
    with loaded(tmp_path, (0, 2)) as store:
        ids = {row.key: row.agent_id for row in compute(store, Filter(), By.AGENT, ("received",))}
        only = Filter(agents=(ids["小王"] or 0,))
        assert compute(store, only, None, ("received",))[0].values["received"].value == 30
