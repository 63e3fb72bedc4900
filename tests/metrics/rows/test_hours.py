"""Sums by hour out of the columns in memory are the sums SQL makes of the same rows."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, from_epoch_day
from csdesk.ingest.load import load
from csdesk.metrics.engine import MetricEngine
from csdesk.metrics.held import Held
from csdesk.metrics.model import By
from csdesk.metrics.rows.hours import CONTRIBUTIONS, hour_sums
from csdesk.metrics.sum_names import ALL_SUMS
from csdesk.store import cleaned
from csdesk.store.database import Store, open_store
from csdesk.store.outlier_rules import CAP, EXCLUDE, LONG, SESSION, ZERO, Rule, Rules, Subject
from csdesk.store.people import People
from csdesk.store.session_sums import SUM_NAMES, SUMS
from tests.row_tables import rows_made
from tests.store.builders import DAY_SECONDS, FIRST_DAY, session_plan

RULES: Rules = (
    Rule(Subject(SESSION, "first_response", ZERO, bound=0.0), EXCLUDE),
    Rule(Subject(SESSION, "ended_at", LONG, bound=900.0), CAP),
)


def chats(seed: int, size: int = 300) -> list[dict[str, Any]]:
    chance = random.Random(seed)
    rows = []
    for number in range(size):
        started = (FIRST_DAY + chance.randrange(15)) * DAY_SECONDS + chance.randrange(DAY_SECONDS)
        messages = chance.choice((None, chance.randrange(30)))
        rows.append(
            {
                "session_key": f"{seed}-{number}", "agent": chance.choice(("小美", "小王", "小李")),
                "started_at": started, "ended_at": chance.choice((None, started - 5, started + chance.randrange(2000))),
                "first_response": chance.choice((None, 0.0, 180.0, round(chance.expovariate(1 / 90), 1))),
                "avg_response": chance.choice((None, round(chance.expovariate(1 / 90), 2))),
                "messages": messages, "buyer_messages": chance.choice((None, chance.randrange(9))),
                "transferred": chance.choice((None, 0, 1)), "resolved": chance.choice((None, 0, 1)),
                "invited": chance.choice((None, 0, 1)), "rated": chance.choice((None, 0, 1)),
                "rating": chance.choice((None, 1, 2, 3, 4, 5)), "paid_fen": chance.choice((None, 0, 1990)),
                "category": chance.choice((None, "物流", "尺码")),
            }
        )  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("data")) as store:
        load(store, session_plan("甲.xlsx", chats(1), exported=datetime(2026, 4, 1), chunk_rows=80))
        some = [{key: row[key] for key in ("session_key", "agent", "started_at", "rating")} for row in chats(2, 60)]
        load(store, session_plan("乙.xlsx", some, exported=datetime(2026, 4, 1), shop="乙店", chunk_rows=80))
        yield store


def by_sql(conn: Any, rules: Rules, days: tuple[int, int]) -> dict[tuple[int, int, int], tuple[float, ...]]:
    rows = conn.execute(
        f"""SELECT s.shop_id, s.agent_id, s.started_at % 86400 / 3600, {", ".join(SUMS.values())}
            FROM {cleaned.session_source(rules)} WHERE s.day BETWEEN ? AND ? GROUP BY 1, 2, 3""",
        days,
    )
    return {row[:3]: row[3:] for row in rows}


@pytest.mark.parametrize("rules", [(), RULES], ids=["as imported", "by rules"])
@pytest.mark.parametrize("days", [None, (2, 6), (3, 3)])
def test_every_sum_is_the_one_sql_makes(store: Store, rules: Rules, days: tuple[int, int] | None) -> None:
    first = from_epoch_day(FIRST_DAY)
    period = None if days is None else Period(first + timedelta(days[0]), first + timedelta(days[1]))
    span = (0, 1 << 40) if days is None else (FIRST_DAY + days[0], FIRST_DAY + days[1])
    with store.reading() as conn:
        found = hour_sums(Held(rules).rows.rows(conn, "session", Filter(period)), SUM_NAMES)
        want = by_sql(conn, rules, span)
    got = {
        (*found.lanes[lane], hour): values
        for lane, hour, values in zip(found.lane.tolist(), found.hour.tolist(), found.values.tolist(), strict=True)
    }
    assert got.keys() == want.keys()
    for key, values in want.items():
        assert got[key] == pytest.approx(values, abs=1e-9), key


def test_every_sum_has_its_contribution() -> None:
    assert {"n", *CONTRIBUTIONS} == set(ALL_SUMS)


def test_the_engine_by_hour(store: Store) -> None:
    rows = MetricEngine(store).compute(Filter(shops=(1,)), By.HOUR, ("received", "satisfaction_rate", "category_share"))
    hours = Counter(row["started_at"] % DAY_SECONDS // 3600 for row in chats(1))
    assert {row.key: row.values["received"].value for row in rows} == dict(hours)
    assert [row.key for row in rows] == sorted(hours)
    shares: dict[int, Counter[str]] = defaultdict(Counter)
    for one in chats(1):
        if one["category"]:
            shares[one["started_at"] % DAY_SECONDS // 3600][one["category"]] += 1
    assert {
        row.key: row.values["category_share"].counts for row in rows if row.values["category_share"].counts
    } == dict(shares)


def test_further_sums_of_the_same_hours(store: Store) -> None:
    """A second question needs other sums than the first one read."""
    engine = MetricEngine(store)
    engine.compute(Filter(), By.HOUR, ("received",))
    both = engine.compute(Filter(), By.HOUR, ("received", "resolution_rate"))
    fresh = MetricEngine(store).compute(Filter(), By.HOUR, ("resolution_rate",))
    assert [row.values["resolution_rate"].value for row in both] == [
        row.values["resolution_rate"].value for row in fresh
    ]


def test_people_in_two_groups_by_hour(tmp_path: Path) -> None:
    rows = chats(4)
    with open_store(tmp_path) as store:
        load(store, session_plan("甲.xlsx", rows, exported=datetime(2026, 4, 1), chunk_rows=100))
        with store.reading() as conn:
            agent = conn.execute("SELECT id FROM agent WHERE name = '小美'").fetchone()[0]
        People(store).assign([agent], "早班", FIRST_DAY, FIRST_DAY + 6)
        People(store).assign([agent], "晚班", FIRST_DAY + 7, FIRST_DAY + 20)
        engine = MetricEngine(store)
        for group, days in (("早班", range(7)), ("晚班", range(7, 21))):
            got = engine.compute(Filter(groups=(group,)), By.HOUR, ("received", "satisfaction_rate"))
            mine = [
                row for row in rows
                if row["agent"] == "小美" and row["started_at"] // DAY_SECONDS - FIRST_DAY in days
            ]  # fmt: skip
            assert {row.key: row.values["received"].value for row in got} == dict(
                Counter(row["started_at"] % DAY_SECONDS // 3600 for row in mine)
            )
            good = sum(row["rating"] is not None and row["rating"] >= 4 for row in mine)
            assert sum(row.values["satisfaction_rate"].numerator or 0 for row in got) == good


def test_no_rows_and_unknown_hours() -> None:
    assert hour_sums(rows_made("session", []), ("n", "rating_5"), categories=True).values.shape == (0, 2)
    odd = rows_made("session", [{"day": 3, "at": None, "rating": 5}, {"day": 3, "at": 3.0 * 86400, "rating": 5}])
    found = hour_sums(odd, ("n", "rating_5"))
    assert np.array_equal(found.values, [[1, 1]])
