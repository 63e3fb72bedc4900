"""The store's check finds what it is there to find."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from csdesk.ingest.load import load
from csdesk.store.check import check
from csdesk.store.database import STORE_FILE, Store
from csdesk.store.session_sums import SUM_NAMES
from tests.store.builders import session, session_plan
from tests.store.stored_schema import fill, fill_records

DAMAGES = {
    "rollup": "UPDATE session_day SET rating_5 = rating_5 + 1 WHERE rowid IS NULL OR 1",
    "effective": "UPDATE measure SET effective = 1",
    "session_without_batch": "UPDATE session SET batch_id = 6 WHERE session_key = 'b'",
    "session_without_agent": "UPDATE session SET agent_id = 99 WHERE session_key = 'b'",
    "session_not_covered": "DELETE FROM session_coverage",
    "session_version_count": "DELETE FROM session_version WHERE batch_id = 5",
    "version_without_session": "INSERT INTO session_member (session_id, batch_id) VALUES (99, 3)",
    "version_of_undone_batch": "INSERT INTO session_member (session_id, batch_id) VALUES (1, 6)",
    "measure_without_agent": "UPDATE measure SET agent_id = 99 WHERE agent_id <> 0",
    "rejected": "UPDATE rejected_row SET batch_id = 16",
    "order_head_without_batch": "UPDATE order_head SET batch_id = 16",
    "ticket_without_batch": "UPDATE ticket SET batch_id = 16",
    "message_without_agent": "UPDATE message SET agent_id = 99",
    "refund_not_covered": "UPDATE refund SET day = day + 10",
    "order_head_version_count": "DELETE FROM order_head_version WHERE batch_id = 7",
    "version_without_order_line": "DELETE FROM order_line",
    "foreign_keys": "UPDATE batch_shop SET batch_id = 99 WHERE batch_id = 1",
}


@pytest.mark.parametrize(("kind", "damage"), DAMAGES.items())
def test_each_damage_is_found(kind: str, damage: str, tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        fill(store)
        fill_records(store)
        assert check(store) == []
    conn = sqlite3.connect(tmp_path / STORE_FILE)
    conn.execute(damage.replace(" WHERE rowid IS NULL OR 1", ""))
    conn.commit()
    conn.close()
    with Store(tmp_path) as store:
        found = dict(check(store))
    kind = {"rejected": "version_of_undone_batch"}.get(kind, kind)
    assert kind in found
    assert "{" not in found[kind]


def test_a_damaged_file_is_found(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        load(
            store,
            session_plan("s.xlsx", [session(str(n)) for n in range(500)], exported=datetime(2026, 3, 1)),
            delays={},
        )
    conn = sqlite3.connect(tmp_path / STORE_FILE)
    conn.execute("PRAGMA writable_schema = ON")
    conn.execute("DELETE FROM sqlite_schema WHERE name = 'session_by_day'")
    conn.execute(
        """UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'batch_by_hash')
           WHERE name = 'session_by_key'"""
    )
    conn.commit()
    conn.close()
    with Store(tmp_path) as store:
        assert [kind for kind, _ in check(store)] == ["integrity"]


def test_rollup_columns_are_the_declared_sums(tmp_path: Path) -> None:
    with Store(tmp_path) as store, store.reading() as conn:
        for table, keys in (("session_day", 3), ("session_category_day", 4)):
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
            assert tuple(columns[keys:]) == SUM_NAMES
