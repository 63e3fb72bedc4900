"""``check`` and ``outliers`` through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from csdesk.cli import main

HEADER = "会话ID,客服,开始时间,首次响应时长(秒),评分\n"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    code = main([str(argument) for argument in arguments])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    rows = "".join(
        f"s{n},小美,2026-02-16 10:00:{n:02},{0 if n == 1 else 5 + n},{9 if n == 2 else 5}\n" for n in range(9)
    )
    file = tmp_path / "会话明细.csv"
    file.write_text(HEADER + rows, encoding="utf-8")
    run(capsys, "--data", tmp_path / "data", "import", file, "--json")
    return tmp_path / "data"


def test_check_tells_faults_warnings_and_quality(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, answer = run(capsys, "--data", data, "check", "--json")
    assert code == 0
    assert answer["ok"] is True
    assert answer["problems"] == []
    (odd,) = answer["quality"]["outliers"]
    assert (odd["id"], odd["count"], odd["rule"]) == ("session:first_response:zero:0::0", 1, None)
    assert odd["examples"][0]["who"] == "小美"
    assert [(one["column"], one["cells"]) for one in answer["quality"]["unreadable"]] == [("评分", 1)]
    assert {one["field"] for one in answer["quality"]["missing"]} >= {"rating", "category"}


def test_a_rule_is_set_and_taken_back(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def mean() -> float:
        _, answer = run(capsys, "--data", data, "metrics", "--metric", "first_response_mean", "--json")
        return float(answer["rows"][0]["metrics"]["first_response_mean"]["value"])

    before = mean()
    setting = ("outliers", "--set", "session:first_response:zero:0::0", "--json", "--rule")
    code, answer = run(capsys, "--data", data, *setting, "exclude")
    assert code == 0
    assert answer["outliers"][0]["rule"] == "exclude"
    assert mean() == pytest.approx(before * 9 / 8)
    run(capsys, "--data", data, *setting, "none")
    assert mean() == before


def test_a_rule_without_what_it_is_about_is_wrong_usage(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(data), "outliers", "--rule", "keep"]) == 2
    assert "--set" in capsys.readouterr().err
