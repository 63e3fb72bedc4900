"""Roll-ups made while rows come in are those made at the end; where that does not pay, the end does it all."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from csdesk.ingest.load import load
from csdesk.store import rollups
from csdesk.store.database import open_store
from tests.store.builders import session, session_plan

EXPORTED = datetime(2026, 3, 1)


@pytest.mark.parametrize(("agents", "pays"), [(2, True), (40, False)])
def test_sums_block_by_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agents: int, pays: bool) -> None:
    monkeypatch.setattr(rollups, "_WORTH_ROWS", 20)
    monkeypatch.setattr(rollups, "_BLOCK_ROWS", 12)
    rows = [
        session(f"S{n}", f"客服{n % agents}", n // 30, first_response=n * 0.1, rating=n % 5 + 1, invited=n % 2)
        for n in range(100)
    ]
    with open_store(tmp_path) as store:
        load(store, session_plan("a.csv", rows, exported=EXPORTED))
        with store.writing() as conn:
            rollups.start(conn)
            sums = rollups.RunningSums(conn)
            for last in (5, 19, 20, 33, 40, 80):
                sums.add(last)
            assert sums.finish(100) is pays
            if not pays:
                assert conn.execute("SELECT count(*) FROM session_category_day").fetchone()[0] == 0
                conn.execute("DELETE FROM session_day")
                rollups.touch_query(conn, "SELECT DISTINCT shop_id, day FROM session")
                rollups.renew(conn, all_days=True)
            assert rollups.differences(conn) == 0


def test_ids_twice_in_a_large_first_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The earlier row of an id is in the sums already when the later one takes its place."""
    monkeypatch.setattr(rollups, "_WORTH_ROWS", 10)
    rows = [session(f"S{n % 45}", day=n // 30, first_response=float(n)) for n in range(50)]
    with open_store(tmp_path) as store:
        counts = load(store, session_plan("a.csv", rows, exported=EXPORTED))
        assert (counts.inserted, counts.duplicate) == (45, 5)
        with store.reading() as conn:
            assert rollups.differences(conn) == 0
