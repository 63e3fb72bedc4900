"""``enter``, ``entries`` and ``template``: typed data and blank workbooks without a window."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.commands.conftest import Answer

Cli = Callable[..., Answer]
CALL = {"shop": "新店", "platform": "douyin", "agent": "小美", "at": "2026-03-01 09:30", "满意度": 4, "resolved": True}


@pytest.fixture
def enter(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, object], Answer]:
    """``enter("phone", {...})``: the object goes in by stdin, as JSON unless it is text."""

    def call(kind: str, said: object) -> Answer:
        text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
        return cli("enter", kind, "--json")

    return call


def test_objects_are_stored_and_bad_ones_refused_with_reasons(cli: Cli, enter: Callable[[str, object], Answer]) -> None:
    found = enter("phone", [{**CALL, "comment": "加微信 abc_12345"}, {**CALL, "满意度": 7}, {**CALL, "满意": 1}, 5])
    assert found.code == 1
    assert (found.json["saved"], found.json["refused"]) == (1, 3)
    faults = [one.get("faults") for one in found.json["entries"]]
    assert faults[1] == {"csat": "满意度：请填 1 到 5，5 最满意。"}
    assert "不认识的字段“满意”" in faults[2][""]
    (kept,) = cli("entries", "电话回访", "--json").json["entries"]
    assert (kept["platform"], kept["agent"], kept["csat"], kept["resolved"]) == ("douyin", "小美", 4, 1)
    assert kept["at"] == "2026-03-01 09:30:00"
    assert kept["comment"] == "加微信 【微信号】"
    assert cli("imports", "--json").json["imports"][0]["file"] == "手工录入 · 电话回访 1 条"


def test_an_object_with_an_id_corrects_only_what_it_names(cli: Cli, enter: Callable[[str, object], Answer]) -> None:
    key = enter("phone", CALL).json["entries"][0]["id"]
    assert enter("phone", {"id": key, "csat": 1}).code == 0
    (kept,) = cli("entries", "phone", "--json").json["entries"]
    assert (kept["csat"], kept["resolved"], kept["at"]) == (1, 1, "2026-03-01 09:30:00")
    gone = enter("phone", {"id": key, "delete": True}).json["entries"][0]
    assert cli("entries", "phone", "--json").json["entries"] == []
    assert cli("undo", str(gone["batch"]), "--json").code == 0
    assert len(cli("entries", "phone", "--json").json["entries"]) == 1
    assert enter("phone", {"id": "没有", "csat": 1}).code == 1


def test_a_sampled_conversation_by_its_items(cli: Cli, enter: Callable[[str, object], Answer]) -> None:
    said = {"shop": "新店", "platform": "jd", "agent": "阿强", "items": {"响应及时": 15, "问题解决": 30}}
    assert enter("check", said).code == 0
    (kept,) = cli("entries", "check", "--json").json["entries"]
    assert (kept["total"], kept["items"]) == (90.0, {"响应及时": 15, "问题解决": 30})
    assert "没有叫“颜值”" in enter("check", {**said, "items": {"颜值": 5}}).json["entries"][0]["faults"][""]


def test_what_is_no_json_or_no_form_is_said(cli: Cli, enter: Callable[[str, object], Answer]) -> None:
    assert enter("phone", "你好").code == 2
    assert "电话回访" in enter("letter", CALL).json["error"]


def test_templates_are_listed_and_saved(cli: Cli, tmp_path: Path) -> None:
    listed = {one["id"]: one for one in cli("template", "--json").json["templates"]}
    assert listed["sessions"]["required"] == ["会话ID", "客服", "开始时间"]
    for name in listed:
        assert cli("template", name, "--out", tmp_path / f"{name}.xlsx").code == 0
        again = cli("import", tmp_path / f"{name}.xlsx", "--json").json["files"][0]
        assert again["status"] == "skipped"
    assert cli("template", "letters", "--out", tmp_path / "x.xlsx").code == 1
