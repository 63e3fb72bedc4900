"""Killed at any moment: the store opens, passes its check and holds the state before or after; nothing is left over."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from csdesk.bootstrap import Services
from csdesk.demo import generate
from csdesk.ingest.model import Given
from csdesk.settings.options import COLUMN_WIDTHS
from csdesk.settings.store import FILE_NAME, Settings
from csdesk.store.check import check
from csdesk.store.database import STORE_FILE, Store
from tests.kills.files import make_files
from tests.kills.proof import ImportsAndUndos, Tally, Victim, copies_are_whole, digests
from tests.kills.settings_child import WIDE
from tests.store.stored_schema import DATA, restore

many = pytest.mark.kills


def _imports_and_undos(folder: Path, sessions: int, kills: int, files: slice) -> Tally:
    proof = ImportsAndUndos(folder, make_files(folder / "下载", sessions)[files], seed=kills)
    try:
        proof.kill_until(kills)
    finally:
        proof.close()
        print(f"\n{proof.tally}")
    return proof.tally


def test_a_few_kills_during_imports_and_undos(tmp_path: Path) -> None:
    _imports_and_undos(tmp_path, sessions=2_000, kills=6, files=slice(0, None, 3))


@many
def test_two_hundred_kills_during_imports_and_undos(tmp_path: Path) -> None:
    tally = _imports_and_undos(tmp_path, sessions=50_000, kills=200, files=slice(None))
    assert tally.before
    assert tally.after


def _migrations(folder: Path, kills: int) -> None:
    victim = Victim(folder, seed=1)
    restore(DATA / "schema_1.sql", folder / "old" / STORE_FILE)
    shutil.copytree(folder / "old", folder / "calm")
    shutil.copytree(folder / "old", folder / "measured")
    usual = victim.run(["csdesk.cli", "--data", str(folder / "measured"), "check"])
    with Store(folder / "calm") as store:
        expected = digests(store)
    for _ in range(kills):
        data = folder / "data"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(folder / "old", data)
        victim.kill(["csdesk.cli", "--data", str(data), "check"], 1.1 * usual)
        assert copies_are_whole(data / "backups")
        with Store(data) as store:
            assert check(store) == []
            assert digests(store) == expected
        assert not list(data.rglob("*.part*"))


def test_a_kill_while_an_old_store_is_brought_up_to_date(tmp_path: Path) -> None:
    _migrations(tmp_path, kills=2)


@many
def test_many_kills_while_an_old_store_is_brought_up_to_date(tmp_path: Path) -> None:
    _migrations(tmp_path, kills=40)


def _settings(folder: Path, kills: int) -> None:
    victim = Victim(folder, seed=2)
    for _ in range(kills):
        victim.kill(["tests.kills.settings_child", str(folder / "data")], 1.5)
        kept = Settings(folder / "data").get(COLUMN_WIDTHS)
        assert len(kept) in (0, WIDE)  # 0: killed before the first was written
        assert len(set(kept.values())) <= 1, "half of one value, half of another"
        Settings(folder / "data").set(COLUMN_WIDTHS, {})
        assert [path.name for path in (folder / "data").iterdir()] == [FILE_NAME]


def test_kills_while_settings_are_written(tmp_path: Path) -> None:
    _settings(tmp_path, kills=2)


@many
def test_many_kills_while_settings_are_written(tmp_path: Path) -> None:
    _settings(tmp_path, kills=40)


def _charts(folder: Path, kills: int) -> None:
    victim = Victim(folder, seed=3)
    data, pictures = folder / "data", folder / "图"
    pictures.mkdir()
    files = generate(folder / "表", agents=3, days=10, seed=1, last_day=date(2026, 3, 1))
    services = Services(data)
    try:
        list(services.import_files(files, Given()))
    finally:
        services.close()
    old = pictures / "邀评.png"
    command = ["csdesk.cli", "--data", str(data), "chart", "invites.trend", "--out", str(old)]
    command += ["--from", "2026-02-20", "--to", "2026-03-01"]
    usual = victim.run(command)
    whole = old.read_bytes()
    for number in range(kills):
        mark = b"old %d" % number
        old.write_bytes(mark)
        victim.kill(command, 1.1 * usual)
        assert old.read_bytes() in (mark, whole), "the old picture is neither whole nor replaced"
    victim.run(command)
    assert [path.name for path in pictures.iterdir()] == [old.name], "drafts of killed exports are left"


def test_kills_while_a_chart_is_saved(tmp_path: Path) -> None:
    _charts(tmp_path, kills=1)


@many
def test_many_kills_while_a_chart_is_saved(tmp_path: Path) -> None:
    _charts(tmp_path, kills=30)
