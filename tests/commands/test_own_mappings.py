"""Tables mapped by hand, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from csdesk.ingest.own.mapping import OwnColumn, OwnMapping
from csdesk.ingest.own.shelf import OwnMappings
from tests.ingest.tables import write_csv

Cli = Callable[..., Any]
HEADERS = ("谁", "哪天", "接了多少")
COLUMNS = (OwnColumn(0, "谁", "agent"), OwnColumn(1, "哪天", "date"), OwnColumn(2, "接了多少", "received"))
MAPPING = OwnMapping("", "小组日报", "report", "own", "agent", HEADERS, COLUMNS)


def test_layouts_list_own_ones(cli: Cli, tmp_path: Path) -> None:
    assert not any(layout["own"] for layout in cli("layouts", "--json").json["layouts"])
    kept = OwnMappings(tmp_path / "data").save(MAPPING)
    own = [layout for layout in cli("layouts", "--json").json["layouts"] if layout["own"]]
    assert own == [
        {"id": kept.id, "name": "小组日报", "platform": None, "kind": "report", "source": "own", "own": True}
    ]
    assert "小组日报" in cli("layouts").out


def test_import_by_name_by_id_and_by_itself(cli: Cli, tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [list(HEADERS), ["小美", "2026-03-01", 12]])
    (entry,) = cli("import", file, "--json").json["files"]
    assert entry["status"] == "unrecognised"
    assert "小组日报" not in cli("import", file, "--mapping", "没有的", "--json").json["files"][0]["message"]
    kept = OwnMappings(tmp_path / "data").save(MAPPING)
    assert "小组日报" in cli("import", file, "--mapping", "没有的", "--json").json["files"][0]["message"]
    for given in (("--mapping", "小组日报"), ("--mapping", kept.id), ()):
        (entry,) = cli("import", file, *given, "--dry-run", "--json").json["files"]
        assert (entry["status"], entry["layout"]) == ("imported", kept.id)
    assert cli("import", file, "--json").code == 0
    answer = cli("metrics", "--metric", "received", "--json")
    assert '"value": 12' in answer.out
    (line,) = cli("imports", "--json").json["imports"]
    assert line["layout"] == "小组日报"
