"""``import``, ``imports``, ``undo``, ``check``, ``layouts``, ``template``: words, JSON and exit codes."""

from __future__ import annotations

import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.commands.conftest import Answer, write_sheet

Cli = Callable[..., Answer]

FILE_KEYS = {
    "path", "status", "layout", "platform", "shop", "period", "rows", "repairs", "problems", "message", "needs",
    "batch", "dry_run",
}  # fmt: skip


def test_import_says_everything_it_promised(cli: Cli, chitu: Path) -> None:
    answer = cli("import", chitu, "--json")
    (entry,) = answer.json["files"]
    assert answer.code == 0
    assert set(entry) >= FILE_KEYS
    assert entry["path"] == str(chitu)
    assert (entry["status"], entry["layout"], entry["platform"]) == ("imported", "chitu_custom", "taobao")
    assert (entry["shop"], entry["period"]) == ("木林森旗舰店", ["2026-03-02", "2026-03-02"])
    assert entry["rows"] == {"read": 3, "inserted": 2, "updated": 0, "duplicate": 0, "rejected": 0, "summary": 1}
    assert isinstance(entry["batch"], int)
    assert entry["dry_run"] is False


def test_dry_run_writes_nothing_and_counts_the_same(cli: Cli, chitu: Path) -> None:
    planned = cli("import", chitu, "--dry-run", "--json").json["files"][0]
    assert (planned["status"], planned["dry_run"], planned["batch"]) == ("imported", True, None)
    assert cli("imports", "--json").json["imports"] == []
    done = cli("import", chitu, "--json").json["files"][0]
    assert done["rows"] == planned["rows"]


def test_the_same_file_twice_in_one_dry_run_is_counted_once(cli: Cli, chitu: Path, tmp_path: Path) -> None:
    copy = tmp_path / "again" / chitu.name
    copy.parent.mkdir()
    copy.write_bytes(chitu.read_bytes())
    first, second = cli("import", chitu, copy, "--dry-run", "--json").json["files"]
    assert (first["status"], first["rows"]["inserted"]) == ("imported", 2)
    assert (second["status"], second["rows"]["inserted"], second["rows"]["duplicate"]) == ("duplicate", 0, 2)
    assert cli("imports", "--json").json["imports"] == []


def test_rejected_rows_and_changes_are_told(cli: Cli, tmp_path: Path) -> None:
    header = ["客服昵称", "接待人数", "回复率", "平均响应(秒)"]
    name = "自定义报表_{}_下单优先判定_2026-03-02至2026-03-02.xlsx"
    write_sheet(tmp_path / name.format("a"), [header, ["店:小美", 5, 0.9, 30], ["店:阿强", "六", 0.9, 30]])
    write_sheet(tmp_path / name.format("b"), [header, ["店:小美", 6, 0.9, 30]])
    cli("import", tmp_path / name.format("a"))
    cli("import", tmp_path / name.format("b"))
    (row,) = cli("rejected", "1", "--json").json["rows"]
    assert (row["row"], row["column"], row["cells"]["接待人数"]) == (3, "接待人数", "六")
    out = tmp_path / "退回.csv"
    assert cli("rejected", "1", "--out", out).code == 0
    out.write_text(out.read_text(encoding="utf-8-sig").replace("六", "6"), encoding="utf-8-sig")
    assert cli("import", out, "--json").json["files"][0]["rows"]["inserted"] == 1
    told = cli("changes", "2", "--json").json
    assert (told["rows"], told["columns"]) == (1, [{"column": "接待人数", "count": 1}])
    assert told["first"][0]["changes"] == [{"column": "接待人数", "before": "5", "after": "6"}]
    entries = {entry["batch"]: entry for entry in cli("imports", "--json").json["imports"]}
    assert (entries[3]["corrects"], entries[1]["corrected_by"], entries[1]["rejected_kept"]) == (1, [3], 1)
    assert "由批次 1 的退回行改好" in cli("imports").out
    assert cli("rejected", "9").code == 1


def test_the_same_file_again_adds_nothing(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)
    again = cli("import", chitu, "--json")
    (entry,) = again.json["files"]
    assert (again.code, entry["status"], entry["rows"]["inserted"]) == (0, "duplicate", 0)
    assert entry["message"]


def test_a_change_leaves_a_copy_of_what_was_before_it(cli: Cli, chitu: Path, tmp_path: Path) -> None:
    copies = tmp_path / "data" / "backups"
    cli("import", chitu)
    assert not copies.exists()
    cli("undo", "1")
    (copy,) = copies.glob("*.sqlite")
    with closing(sqlite3.connect(copy)) as conn:
        assert conn.execute("SELECT count(*) FROM batch WHERE undone_at IS NULL").fetchone() == (1,)
    cli("import", chitu)
    assert list(copies.glob("*.sqlite")) == [copy]


def test_a_copy_that_fails_stops_no_import(cli: Cli, chitu: Path, tmp_path: Path) -> None:
    cli("import", chitu)
    (tmp_path / "data" / "backups").write_text("in the way", encoding="utf-8")
    answer = cli("undo", "1")
    assert answer.code == 0
    assert "备份没有做成" in answer.err


def test_undo_takes_it_back_and_it_can_come_again(cli: Cli, chitu: Path) -> None:
    batch = cli("import", chitu, "--json").json["files"][0]["batch"]
    undone = cli("undo", str(batch), "--json")
    assert (undone.code, undone.json["batch"]) == (0, batch)
    (value,) = cli("metrics", "--metric", "received", "--json").json["rows"]
    assert value["metrics"]["received"]["value"] is None
    assert cli("imports", "--json").json["imports"][0]["undone"] is True
    assert cli("import", chitu, "--json").json["files"][0]["status"] == "imported"
    twice = cli("undo", str(batch), "--json")
    assert twice.code == 1
    assert twice.json["error"] == twice.err.strip()


def test_a_file_without_any_date_asks_for_it(cli: Cli, tmp_path: Path) -> None:
    dateless = write_sheet(tmp_path / "客服.xlsx", [["客服昵称", "接待人数", "平均响应(秒)"], ["小美", 10, 20.5]])
    asked = cli("import", dateless, "--json")
    (entry,) = asked.json["files"]
    assert (asked.code, entry["status"], entry["needs"]) == (1, "needs_input", ["period"])
    given = cli("import", dateless, "--period", "2026-03-02..2026-03-08", "--shop", "某店", "--json")
    (entry,) = given.json["files"]
    assert (given.code, entry["status"], entry["shop"]) == (0, "imported", "某店")
    assert entry["period"] == ["2026-03-02", "2026-03-08"]


def test_bad_files_do_not_stop_good_ones(cli: Cli, chitu: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(chitu.read_bytes()[:500])
    lock = tmp_path / "~$锁.xlsx"
    lock.write_bytes(b"\x05admin")
    other = write_sheet(tmp_path / "菜单.xlsx", [["菜名", "价格"], ["宫保鸡丁", 38]])
    answer = cli("import", broken, lock, other, tmp_path / "没有.xlsx", chitu, "--json")
    statuses = [entry["status"] for entry in answer.json["files"]]
    assert answer.code == 1
    assert statuses == ["failed", "skipped", "unrecognised", "failed", "imported"]
    assert all(entry["message"] for entry in answer.json["files"][:-1])


def test_folders_and_members_each_appear_once(cli: Cli, chitu: Path, tmp_path: Path) -> None:
    archive = tmp_path / "一周.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(chitu, f"内/{chitu.name}")
        packed.writestr("说明.txt", "没有表")
    answer = cli("import", archive, "--json")
    paths = [entry["path"] for entry in answer.json["files"]]
    assert paths == [f"{archive}!内/{chitu.name}", f"{archive}!说明.txt"]
    assert answer.json["files"][0]["status"] == "imported"


def test_check_layouts_and_template(cli: Cli, chitu: Path, tmp_path: Path) -> None:
    cli("import", chitu)
    answer = cli("check", "--json").json
    assert (answer["ok"], answer["problems"]) == (True, [])
    known = {layout["id"] for layout in cli("layouts", "--json").json["layouts"]}
    assert {"chitu_custom", "sycm_reception_rating", "feige_2026", "feige_2024", "sessions"} <= known
    blank = tmp_path / "模板.xlsx"
    assert cli("template", "--out", blank).code == 0
    (entry,) = cli("import", blank, "--json").json["files"]
    assert entry["status"] != "imported"
    assert entry["message"]


def test_wrong_usage_is_two(cli: Cli, chitu: Path) -> None:
    assert cli("import").code == 2
    assert cli("metrics", "--by", "moon").code == 2
    assert cli("nonsense").code == 2
    assert cli("metrics", "--metric", "nope").code == 2
    assert cli("metrics", "--from", "2026-03-02", "--to", "2026-03-01").code == 2
    wrong = cli("import", chitu, "--period", "上周")
    assert wrong.code == 2
    assert "2026-02-01..2026-02-28" in wrong.err
