"""Roll-ups made while rows come in are those made at the end; where that does not pay, the end does it all."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csdesk.ingest.load import load
from csdesk.ingest.readers.values import CodedList, NumberList, pack_values, unpack_values
from csdesk.store import rollups, running_sums
from csdesk.store.database import open_store
from tests.store.builders import session, session_plan

EXPORTED = datetime(2026, 3, 1)
COLUMNS: dict[str, list[Any]] = {
    "ended_at": [None, 0, 60, -5], "first_response": [None, 0.0, 12.5, 180.0, 181.25],
    "avg_response": [None, 7.5, 300.0], "messages": [None, 0, 9], "buyer_messages": [None, 0, 4],
    "transferred": [None, 0, 1], "category": [None, "", "物流"],
    "resolved": [None, 0, 1], "invited": [None, 0, 1], "rated": [None, 0, 1], "rating": [None, 1, 2, 3, 4, 5],
    "paid_fen": [None, 0, 1999], "comment": [None, "好"],
}  # fmt: skip


def rows(size: int, seed: int, *, agents: int = 2, lacking: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """Sessions with everything in every column, known or not."""
    chance = random.Random(seed)
    found = []
    for number in range(size):
        row = session(f"S{number}", f"客服{number % agents}", number // 30)
        more = {name: chance.choice(pool) for name, pool in COLUMNS.items() if name not in lacking}
        if more.get("ended_at") is not None:
            more["ended_at"] += row["started_at"]
        found.append({**row, **more})
    return found


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """What every sum said at its end; small files count as large."""
    said: list[bool] = []
    finish = running_sums.RunningSums.finish

    def noted(self: running_sums.RunningSums) -> bool:
        said.append(finish(self))
        return said[-1]

    monkeypatch.setattr(running_sums, "_WORTH_ROWS", 20)
    monkeypatch.setattr(running_sums.RunningSums, "finish", noted)
    return said


@pytest.mark.parametrize("held", [20_000, 10])
@pytest.mark.parametrize("lacking", [{"rated"}, {"rating", "rated", "category"}, {"first_response", "ended_at"}, set()])
def test_sums_while_rows_come_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: list[bool], lacking: set[str], held: int
) -> None:
    monkeypatch.setattr(running_sums, "_GROUPS_HELD", held)
    with open_store(tmp_path) as store:
        plan = session_plan("a.csv", rows(200, 3, lacking=frozenset(lacking)), exported=EXPORTED, chunk_rows=15)
        load(store, plan)
        assert ends == [True]
        with store.reading() as conn:
            assert rollups.differences(conn) == 0
            assert conn.execute("SELECT count(*) FROM session_day").fetchone()[0] > 5


def test_hardly_two_rows_in_a_group(tmp_path: Path, ends: list[bool]) -> None:
    with open_store(tmp_path) as store:
        load(store, session_plan("a.csv", rows(100, 4, agents=40), exported=EXPORTED))
        assert ends == [False]
        with store.reading() as conn:
            assert rollups.differences(conn) == 0


def test_ids_twice_in_a_large_first_file(tmp_path: Path, ends: list[bool]) -> None:
    """The earlier row of an id is in the sums already when the later one takes its place."""
    twice = [session(f"S{n % 45}", day=n // 30, first_response=float(n)) for n in range(50)]
    with open_store(tmp_path) as store:
        counts = load(store, session_plan("a.csv", twice, exported=EXPORTED))
        assert (counts.inserted, counts.duplicate) == (45, 5)
        assert not any(ends)
        with store.reading() as conn:
            assert rollups.differences(conn) == 0


@pytest.mark.parametrize("values", [[1, None, 3] * 9, [0.5, None] * 9, [7] * 9, [None] * 3])
def test_numbers_that_come_packed_are_counted_as_the_list_they_are(values: list[Any]) -> None:
    came = unpack_values(pack_values(values))
    assert isinstance(came, NumberList | CodedList)
    assert came == values
    assert np.array_equal(came.doubles(), np.array(values, np.float64), equal_nan=True)
