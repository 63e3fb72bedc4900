"""The daily copy: verified, rotating, and never at the cost of what is there."""

from __future__ import annotations

import shutil
import sqlite3
from collections import namedtuple
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from csdesk.errors import StoreUnavailable
from csdesk.ingest.load import load
from csdesk.store.backup import DailyCopies, copies, due_copy
from csdesk.store.check import check
from csdesk.store.database import STORE_FILE, Store
from tests.store.builders import content, session, session_plan

TODAY = date(2026, 3, 10)


def daily_copy(store: Store, today: date) -> Path | None:
    due = due_copy(store, today)
    return due.make() if due else None


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "data") as opened:
        yield opened


def change(store: Store, number: int = 0) -> None:
    plan = session_plan(f"{number}.xlsx", [session(str(number), rating=5)], exported=datetime(2026, 3, 1))
    load(store, plan, delays={})


def test_an_untouched_store_is_not_copied(store: Store) -> None:
    assert daily_copy(store, TODAY) is None


def test_the_copy_is_the_store_and_opens_as_one(store: Store, tmp_path: Path) -> None:
    change(store)
    copy = daily_copy(store, TODAY)
    assert copy is not None
    assert sorted(file.name for file in copy.parent.iterdir()) == ["buyer.key", "csdesk-2026-03-10-v1.sqlite"]
    (tmp_path / "again").mkdir()
    shutil.copy(copy, tmp_path / "again" / STORE_FILE)
    shutil.copy(copy.with_name("buyer.key"), tmp_path / "again" / "buyer.key")
    with Store(tmp_path / "again") as restored:
        assert restored.notices == []
        assert check(restored) == []
        assert content(restored) == content(store)


def test_once_a_day_and_only_when_the_data_changed(store: Store) -> None:
    change(store)
    assert daily_copy(store, TODAY) is not None
    change(store, 1)
    assert daily_copy(store, TODAY) is None
    assert daily_copy(store, TODAY + timedelta(days=1)) is not None
    assert daily_copy(store, TODAY + timedelta(days=2)) is None


def test_a_due_copy_is_of_the_moment_it_was_made_in(store: Store) -> None:
    change(store)
    before = content(store)
    due = due_copy(store, TODAY)
    assert due is not None
    change(store, 1)
    copy = due.make()
    assert copy.name == "csdesk-2026-03-10-v1.sqlite"
    (store.data_dir / "again").mkdir()
    shutil.copy(copy, store.data_dir / "again" / STORE_FILE)
    with Store(store.data_dir / "again") as restored:
        assert content(restored) == before
    assert due_copy(store, TODAY) is None


def test_seven_days_and_four_weeks_are_kept(store: Store) -> None:
    for number in range(42):
        change(store, number)
        daily_copy(store, TODAY + timedelta(days=number))
    days = [(copy.day - TODAY).days for copy in copies(store)]
    assert days[:7] == [41, 40, 39, 38, 37, 36, 35]
    assert len(days) == 11
    weeks = {(TODAY + timedelta(days=day)).isocalendar()[1] for day in days[7:]}
    assert len(weeks) == 4


def test_a_full_disk_is_said_and_costs_no_copy(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    change(store)
    first = daily_copy(store, TODAY)
    change(store, 1)
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 0))
    with pytest.raises(StoreUnavailable, match="磁盘空间不够"):
        daily_copy(store, TODAY + timedelta(days=1))
    assert [copy.path for copy in copies(store)] == [first]


def test_a_damaged_store_makes_no_copy(store: Store) -> None:
    for number in range(3):
        change(store, number)
    conn = store._writer
    conn.execute("PRAGMA writable_schema = ON")
    conn.execute("UPDATE sqlite_schema SET rootpage = 2 WHERE name = 'session_by_key'")
    conn.execute("PRAGMA writable_schema = OFF")
    with pytest.raises(StoreUnavailable):
        daily_copy(store, TODAY)
    assert [file.name for file in store.backups.iterdir()] == []
    assert isinstance(conn, sqlite3.Connection)


def test_copies_are_made_beside_the_work_once_a_day(store: Store) -> None:
    told: list[str] = []
    daily = DailyCopies(store, told.append)
    change(store)
    daily.before_change()
    daily.finish()
    assert [copy.version for copy in copies(store)] == [1]
    change(store, 1)
    daily.before_change()
    daily.begin()
    daily.finish()
    assert [copy.version for copy in copies(store)] == [1]
    assert told == []


def test_trouble_with_a_copy_is_told_and_stops_nobody(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 0))
    told: list[str] = []
    daily = DailyCopies(store, told.append)
    change(store)
    daily.begin()
    daily.finish()
    assert ["磁盘空间不够" in sentence for sentence in told] == [True]
