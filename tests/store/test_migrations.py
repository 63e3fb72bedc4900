"""Schemas: frozen once released, migrated in one transaction, newer ones refused."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from csdesk.errors import StoreUnavailable
from csdesk.store.check import check
from csdesk.store.database import STORE_FILE, Store
from csdesk.store.migrate import MIGRATIONS, Step, all_steps, statements
from tests.store.builders import content
from tests.store.stored_schema import (
    DATA,
    fill,
    fill_entries,
    fill_events,
    fill_people,
    fill_quality,
    fill_records,
    owners_word,
    restore,
)

NEXT = len(all_steps()) + 1
FROZEN = {
    "0001_first.sql": "154535a8cd308339b9d4db858d38a12386958969710d36bd04027f4987d216a3",
    "0002_file_time.sql": "76633b9cd76516c60f75b7161511145a3eb8698c488d19daacf4991b61d06615",
    "0003_records.sql": "79db3d865248fbaa3ceeeb3d9a2f5bb368110fd32409c81aba3eefd8233832a3",
    "0004_entries.sql": "8f9609a80a244a4b4f9cdcc043fad33d31348b2d4226046bc6939bb715af3c1d",
    "0005_corrections.sql": "1c8c8ee47869cca97f46efdc275c97f873e0be10a50b9e9dee52f6197e6534e8",
    "0006_quality.sql": "eac088b5d369515e67e7f72363eb96fb8f9b3ff7e325a5641ce5226ff455a0b2",
    "0007_people.sql": "1fd2518063e7b58c2f5e2a64deaa3db82aea05f58df8970817e76896c08b300a",
    "0008_events.sql": "fac406ddbe48606296667f88dfcc1f3d0962cde59f825be6db255d8becb353da",
}
RECORDS_SINCE = 3
ENTRIES_SINCE = 4
QUALITY_SINCE = 6
PEOPLE_SINCE = 7
EVENTS_SINCE = 8


def test_released_migrations_never_change() -> None:
    found = {
        file.name: hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
        for file in MIGRATIONS.glob("*.sql")
    }
    assert found == FROZEN


@pytest.mark.parametrize("version", [step.version for step in all_steps()])
def test_a_store_of_each_released_schema_opens_with_its_facts(version: int, tmp_path: Path) -> None:
    restore(DATA / f"schema_{version}.sql", tmp_path / "old" / STORE_FILE)
    with Store(tmp_path / "new") as fresh:
        fill(fresh)
        if version >= RECORDS_SINCE:
            fill_records(fresh)
        if version >= ENTRIES_SINCE:
            fill_entries(fresh)
        if version >= QUALITY_SINCE:
            fill_quality(fresh)
        if version >= PEOPLE_SINCE:
            fill_people(fresh)
        if version >= EVENTS_SINCE:
            fill_events(fresh)
        expected, word = content(fresh), owners_word(fresh)
    with Store(tmp_path / "old") as store:
        assert check(store) == []
        assert content(store) == expected
        assert owners_word(store) == word


def test_every_sort_of_the_owners_word_is_in_the_newest_dump(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        fill(store)
        fill_people(store)
        fill_events(store)
        assert all(owners_word(store))


def test_fresh_store_and_migrated_store_have_the_same_schema(tmp_path: Path) -> None:
    restore(DATA / "schema_1.sql", tmp_path / "old" / STORE_FILE)
    assert _schema(tmp_path / "old") == _schema(tmp_path / "new")


def _schema(folder: Path) -> set[tuple[str, str]]:
    with Store(folder) as store, store.reading() as conn:
        rows = conn.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        return {(name, " ".join(sql.replace('"', "").split())) for name, sql in rows}


def _step(folder: Path, version: int, sql: str) -> Step:
    file = folder / f"{version:04d}_step.sql"
    file.write_text(sql, encoding="utf-8")
    return Step(version, file)


def test_newer_schema_is_refused_with_both_numbers(tmp_path: Path) -> None:
    newer = _step(tmp_path, NEXT, "CREATE TABLE later (x);")
    with Store(tmp_path / "data", [*all_steps(), newer]):
        pass
    with pytest.raises(StoreUnavailable, match=rf"数据版本 {NEXT}.*支持到 {NEXT - 1}"):
        Store(tmp_path / "data")


def test_a_copy_is_kept_before_migrating_a_store_with_data(tmp_path: Path) -> None:
    with Store(tmp_path / "data") as store:
        fill(store)
        before = content(store)
    newer = _step(tmp_path, NEXT, "-- a comment; with a semicolon\nALTER TABLE shop ADD COLUMN note TEXT;\n")
    with Store(tmp_path / "data", [*all_steps(), newer]) as store:
        assert content(store) == before
    (copy,) = (tmp_path / "data" / "backups").glob("*.sqlite")
    conn = sqlite3.connect(copy)
    assert conn.execute("PRAGMA user_version").fetchone()[0] == NEXT - 1
    assert conn.execute("SELECT count(*) FROM session").fetchone()[0] == 3
    conn.close()


def test_a_failing_step_leaves_the_old_schema(tmp_path: Path) -> None:
    with Store(tmp_path / "data") as store:
        fill(store)
    broken = _step(tmp_path, NEXT, "CREATE TABLE half (x);\nINSERT INTO nowhere VALUES (1);\n")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        Store(tmp_path / "data", [*all_steps(), broken])
    with Store(tmp_path / "data") as store, store.reading() as conn:
        assert conn.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").fetchone()[0] == 0
        assert conn.execute("PRAGMA user_version").fetchone()[0] == NEXT - 1


def test_statements_are_split_at_their_ends_only() -> None:
    sql = "-- one; two\nCREATE TABLE a (x TEXT DEFAULT ';');\n\nINSERT INTO a VALUES ('1;2');\n-- end\n"
    assert [part.splitlines()[-1] for part in statements(sql)] == [
        "CREATE TABLE a (x TEXT DEFAULT ';');",
        "INSERT INTO a VALUES ('1;2');",
    ]
    with pytest.raises(AssertionError, match="unfinished"):
        list(statements("CREATE TABLE a (x)"))
