"""``targets`` on the command line, and targets in the answers of ``metrics`` and ``analyse``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.conftest import Answer

Cli = Callable[..., Answer]


def test_set_and_clear(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)
    assert cli("targets", "set", "satisfaction_rate", "92%", "--platform", "taobao").code == 0
    listed = {(one["metric"], one["platform"]): one for one in cli("targets", "--json").json["targets"]}
    assert listed["satisfaction_rate", "taobao"]["value"] == 0.92
    assert listed["satisfaction_rate", None]["own"] is False
    assert "自己定的" in cli("targets").out
    (row,) = cli("metrics", "--metric", "satisfaction_rate", "--json").json["rows"]
    target = row["metrics"]["satisfaction_rate"]["target"]
    assert (target["value"], target["source"], target["met"]) == (0.92, "自己定的", False)
    assert target["gap"] == pytest.approx(10 / 11 - 0.92)
    kpis = {kpi["metric"]: kpi for kpi in cli("analyse", "overview", "--json").json["kpis"]}
    assert kpis["satisfaction_rate"]["target"] == target
    assert kpis["received"]["target"] is None
    assert cli("targets", "clear", "satisfaction_rate", "--platform", "taobao").code == 0
    assert cli("targets", "clear", "satisfaction_rate", "--platform", "taobao").code == 1
    assert cli("targets", "set", "received", "9").code == 1


def test_missing_good_ratings_against_the_target_in_force(cli: Cli, chitu: Path) -> None:
    cli("import", chitu)
    cli("targets", "set", "satisfaction_rate", "0.92", "--platform", "taobao")
    (entry,) = cli("analyse", "satisfaction", "--json").json["missing_good"]["platforms"]
    assert (entry["platform"], entry["target"], entry["own"]) == ("taobao", 0.92, True)
    month, window = entry["month"], entry["rolling"]
    assert (month["good"], month["bad"], month["missing"], month["to"]) == (10, 1, 2, "2026-03-02")
    assert (month["days_left"], month["to_come"]) == (29, 319)
    assert window["leaving"] == [{"rated": "2026-03-02", "leaves": "2026-04-01", "bad": 1}]
    assert window["source"] == "《淘宝平台店铺真实体验分规范》"
    agents = cli("analyse", "agents", "--json").json["missing_good"]["agents"]
    assert [(one["agent"], one["good"], one["bad"], one["missing"]) for one in agents] == [
        ("小美", 2, 0, 0), ("阿杰", 8, 1, 4),
    ]  # fmt: skip
