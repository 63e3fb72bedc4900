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
