"""The forecast and the staffing on the command line, from a file of conversations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.commands.conftest import Answer

Cli = Callable[..., Answer]
FIRST, DAYS = datetime(2026, 6, 22), 84  # a Monday; ordinary days but for 18 August


@pytest.fixture
def chats(tmp_path: Path) -> Path:
    """Twelve weeks of conversations: six an hour from 9 to 21, twice as many on Saturdays, each of five minutes."""
    dice = np.random.default_rng(3)
    lines = ["会话ID,客服,开始时间,结束时间,首次响应时长(秒)"]
    for day in range(DAYS):
        for hour in range(9, 21):
            for _ in range(dice.poisson(6 if day % 7 != 5 else 12)):
                start = FIRST + timedelta(days=day, hours=hour, seconds=int(dice.integers(0, 3600)))
                end = start + timedelta(minutes=5)
                lines.append(f"S{len(lines):05},客服{dice.integers(1, 4)},{start},{end},8")
    path = tmp_path / "会话明细_淘宝_甲店_2026-06-22至2026-09-13.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_what_comes_and_how_many_it_takes(cli: Cli, chats: Path) -> None:
    assert cli("import", chats, "--platform", "taobao", "--shop", "甲店").code == 0
    page = cli("analyse", "response", "--json").json
    forecast, staffing = page["forecast"], page["staffing"]
    assert forecast["state"] == "shown"
    assert len(forecast["days"]) == 28
    assert forecast["days"][0]["day"] == "2026-09-14"
    assert forecast["days"][5]["value"] == pytest.approx(144, rel=0.1)
    assert forecast["days"][0]["value"] == pytest.approx(72, rel=0.1)
    assert forecast["backtest"]["mase"] < 1
    assert staffing["state"] == "ok"
    assert staffing["length"]["mean"] == 300
    assert staffing["mean"][5][12] == pytest.approx(12, rel=0.3)
    assert staffing["mean"][5][3] == 0
    assert [day["day"] for day in staffing["coming"]] == [f"2026-09-{day}" for day in range(14, 21)]
    assert staffing["coming"][5]["chats"] == pytest.approx(144, rel=0.1)
    # the overview reads what is there and waits for nothing
    assert cli("analyse", "overview", "--json").json["forecast"]["state"] == "not_ready"
    assert "staffing" not in cli("analyse", "overview", "--json").json


def test_without_data_both_say_so(cli: Cli) -> None:
    page = cli("analyse", "response", "--json").json
    assert (page["forecast"]["state"], page["staffing"]["state"]) == ("no_data", "no_sessions")


def test_what_staffing_is_reckoned_by(cli: Cli) -> None:
    def listed() -> dict[str, tuple[float, bool]]:
        return {one["name"]: (one["value"], one["own"]) for one in cli("staffing", "--json").json["staffing"]}

    assert listed()["within_seconds"] == (30, False)
    assert listed()["chats_at_a_time"] == (0, False)
    assert cli("staffing", "set", "within_seconds", "20").code == 0
    assert cli("staffing", "set", "chats_at_a_time", "4").code == 0
    assert (listed()["within_seconds"], listed()["chats_at_a_time"]) == ((20, True), (4, True))
    assert cli("staffing", "set", "level", "1.5").code == 1
    assert cli("staffing", "set", "speed", "5").code == 1
    assert "按实测" in cli("staffing", "reset", "chats_at_a_time").out
    assert listed()["chats_at_a_time"] == (0, False)
    assert cli("staffing", "set", "shrinkage", "0").out == "休息、吃饭、培训占班次：0。\n"
    assert "按时回复的比例" in cli("staffing").out
