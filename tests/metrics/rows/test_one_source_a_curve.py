"""Along time a number does not jump between sources: where session files speak, surveys and tickets are not put in."""

from __future__ import annotations

import json
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from csdesk import cli
from tests.acceptance.row_world import Size, make_shop, write


def _metrics(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert cli.main([*map(str, arguments), "--json"]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["rows"]
    return rows


@pytest.mark.parametrize("by", ["day", "hour"])
def test_one_source_a_curve(by: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    size = Size(days=12, first=datetime(2026, 8, 1), sessions=25)
    shop = make_shop(random.Random(1), "taobao", "云间小铺", ("小美",), ("sessions", "surveys", "tickets"), size)
    for row in shop.sessions[2:]:
        row["rating"], row["rated"] = None, False
    shop.sessions[0] |= {"rating": 5, "at": datetime(2026, 8, 1, 9), "ended": None}
    shop.sessions[1] |= {"rating": 4, "at": datetime(2026, 8, 12, 9), "ended": None}
    assert cli.main(["--data", str(tmp_path / "d"), "import", *map(str, write(shop, tmp_path)), "--json"]) == 0

    for metric in ("satisfaction_rate", "resolution_rate", "sla_rate"):
        rows = _metrics(capsys, "--data", tmp_path / "d", "metrics", "--by", by, "--metric", metric)
        told = [row["metrics"][metric] for row in rows if row["metrics"][metric]["value"] is not None]
        assert told
        assert {tuple(number["sources"]) for number in told} == {("sessions",)}


def test_where_sessions_never_tell_others_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    size = Size(days=12, first=datetime(2026, 8, 1), sessions=25)
    shop = make_shop(random.Random(1), "taobao", "云间小铺", ("小美",), ("sessions", "surveys"), size)
    for row in shop.sessions:
        row["rating"], row["rated"] = None, False
    assert cli.main(["--data", str(tmp_path / "d"), "import", *map(str, write(shop, tmp_path)), "--json"]) == 0

    rows = _metrics(capsys, "--data", tmp_path / "d", "metrics", "--by", "day", "--metric", "satisfaction_rate")
    told = [
        row["metrics"]["satisfaction_rate"] for row in rows if row["metrics"]["satisfaction_rate"]["value"] is not None
    ]
    assert {tuple(number["sources"]) for number in told} == {("surveys",)}
