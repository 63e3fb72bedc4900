"""Opening, sharing, and saying clearly why a store cannot be used."""

from __future__ import annotations

import sqlite3
import sys
import threading
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from csdesk.errors import Cancelled, StoreUnavailable
from csdesk.ingest.load import load, undo
from csdesk.store import keys
from csdesk.store.database import STORE_FILE, open_store
from csdesk.store.faults import StoreFault
from csdesk.store.folders import folder_notice
from tests.store.builders import report_plan

REPORT = [("小美", date(2026, 2, 16), {"received": 5.0})]


def plan(name: str = "a.xlsx"):  # type: ignore[no-untyped-def]
    return report_plan(name, REPORT, exported=datetime(2026, 3, 1))


def test_pragmas_and_one_file_left_behind(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with store.writing() as conn:
            assert conn.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
            assert conn.execute("PRAGMA foreign_keys").fetchone()[0] == 1
            assert conn.execute("PRAGMA secure_delete").fetchone()[0] == 1
            assert conn.execute("PRAGMA synchronous").fetchone()[0] == 2
        load(store, plan(), delays={})
        assert store.notices == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["buyer.key", STORE_FILE]


def test_data_version_grows_with_loads_and_undos_only(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.data_version == 0
        load(store, plan(), delays={})
        assert store.data_version == 1
        load(store, plan("b.xlsx"), delays={}, dry_run=True)
        assert store.data_version == 1
        undo(store, 1)
        assert store.data_version == 2


def test_another_process_writing_is_a_clear_message(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        other = sqlite3.connect(store.path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with store.reading() as conn:  # reading goes on meanwhile
            assert conn.execute("SELECT count(*) FROM batch").fetchone()[0] == 0
        store._writer.execute("PRAGMA busy_timeout = 10")
        with pytest.raises(StoreUnavailable, match="另一个程序"):
            load(store, plan(), delays={})
        other.execute("ROLLBACK")
        other.close()
        load(store, plan(), delays={})


def test_disk_full_is_a_clear_message_and_leaves_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with store.writing() as conn:
            pages = conn.execute("PRAGMA page_count").fetchone()[0]
        store._writer.execute(f"PRAGMA max_page_count = {pages}")
        many = [(f"客服{n}", date(2026, 2, 16), {"received": 1.0}) for n in range(3000)]
        with pytest.raises(StoreFault, match="磁盘已满") as caught:
            load(store, report_plan("b.xlsx", many, exported=datetime(2026, 3, 1)), delays={})
        assert caught.value.code == sqlite3.SQLITE_FULL
        with store.reading() as conn:
            assert conn.execute("SELECT count(*) FROM agent").fetchone()[0] == 0


@pytest.mark.parametrize("bytes_", [b"PK\x03\x04 not a database at all" * 200, b"SQLite format 3\x00" + b"\xff" * 8000])
def test_a_file_that_is_no_database_is_a_clear_message_and_stays(tmp_path: Path, bytes_: bytes) -> None:
    (tmp_path / STORE_FILE).write_bytes(bytes_)
    with pytest.raises(StoreUnavailable, match="备份"):
        open_store(tmp_path)
    assert (tmp_path / STORE_FILE).read_bytes() == bytes_


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / STORE_FILE)
    conn.execute("CREATE TABLE theirs (x)")
    conn.close()
    with pytest.raises(StoreUnavailable, match="别的程序"):
        open_store(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StoreUnavailable, match="数据文件夹"):
        open_store(tmp_path / "file" / "data")


def test_readers_see_one_state_while_a_write_commits(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with store.reading() as conn:
            before = conn.execute("SELECT count(*) FROM measure").fetchone()[0]
            writer = threading.Thread(target=load, args=(store, plan()), kwargs={"delays": {}})
            writer.start()
            writer.join()
            assert conn.execute("SELECT count(*) FROM measure").fetchone()[0] == before == 0
        with store.reading() as conn:
            assert conn.execute("SELECT count(*) FROM measure").fetchone()[0] == 1


def test_readers_cannot_write_and_dead_threads_leave_no_connection(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:

        def read() -> None:
            with store.reading() as conn, pytest.raises(sqlite3.OperationalError, match="readonly"):
                conn.execute("DELETE FROM meta")

        for _ in range(5):
            thread = threading.Thread(target=read)
            thread.start()
            thread.join()
        read()
        assert len(store._readers) <= 2


def test_a_long_query_ends_when_asked(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    cancel = threading.Event()
    with open_store(tmp_path) as store:
        timer = threading.Timer(0.05, cancel.set)
        timer.start()
        with pytest.raises(Cancelled), store.writing(cancel) as conn:
            conn.execute(endless)
        load(store, plan(), delays={})


def test_a_write_cut_short_gives_the_log_back(tmp_path: Path) -> None:
    """SQLite takes the whole transaction back itself where it is stopped within a statement that writes."""
    many = """WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 20000)
        INSERT INTO meta SELECT ? || x, hex(zeroblob(200)) FROM n"""
    cancel = threading.Event()
    with open_store(tmp_path) as store:
        log = store.path.with_name(f"{store.path.name}-wal")
        before = log.stat().st_size

        def write_much() -> None:
            with store.writing(cancel) as conn:
                conn.execute("PRAGMA cache_size = 10")
                conn.execute(many, ("a",))
                assert log.stat().st_size > 1 << 20
                cancel.set()
                conn.execute(many, ("b",))

        with pytest.raises(Cancelled):
            write_much()
        assert log.stat().st_size <= before
        with store.reading() as conn:
            assert conn.execute("SELECT count(*) FROM meta WHERE key GLOB 'a*'").fetchone()[0] == 0


def test_the_buyers_key_is_made_once_and_is_the_owners_alone(tmp_path: Path) -> None:
    first = keys.buyer_key(tmp_path)
    assert len(first) == 32
    assert keys.buyer_key(tmp_path) == first
    assert [file.name for file in tmp_path.iterdir()] == ["buyer.key"]
    if sys.platform != "win32":
        assert (tmp_path / "buyer.key").stat().st_mode & 0o777 == 0o600
    with open_store(tmp_path) as store:
        assert store.buyer_key == first
    assert first not in (tmp_path / STORE_FILE).read_bytes()


def test_a_lost_key_is_noticed_and_a_damaged_one_refused(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    (tmp_path / "buyer.key").unlink()
    with open_store(tmp_path) as store:
        assert any("buyer.key" in notice for notice in store.notices)
    (tmp_path / "buyer.key").write_bytes(b"short")
    with pytest.raises(StoreUnavailable, match="密钥"):
        open_store(tmp_path)


def test_synced_folders_are_noticed(tmp_path: Path) -> None:
    assert folder_notice(tmp_path / "plain") is None
    assert "同步盘“OneDrive - 公司”" in (folder_notice(tmp_path / "OneDrive - 公司" / "数据") or "")
    with open_store(tmp_path / "坚果云") as store:
        assert any("同步盘" in notice for notice in store.notices)


@pytest.mark.parametrize(
    ("free", "writable", "words"), [(0, True, "磁盘已满"), (1 << 30, False, "只读"), (1 << 30, True, "打不开数据文件")]
)
def test_why_a_store_cannot_be_opened_is_told_by_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, writable: bool, words: str
) -> None:
    (tmp_path / STORE_FILE).mkdir()  # SQLite cannot open that
    monkeypatch.setattr("csdesk.store.faults.shutil.disk_usage", lambda folder: SimpleNamespace(free=free))
    monkeypatch.setattr("csdesk.store.faults.os.access", lambda folder, mode: writable)
    with pytest.raises(StoreFault, match=words):
        open_store(tmp_path)
