"""``agents``, ``shops`` and groups on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.commands.conftest import Answer, write_sheet

Cli = Callable[..., Answer]


def day_file(folder: Path, day: int, people: dict[str, int], shop: str = "木林森旗舰店") -> Path:
    name = f"自定义报表_{shop}_下单优先判定_2026-03-{day:02}至2026-03-{day:02}.xlsx"
    rows: list[list[object]] = [[f"{shop}:{person}", number] for person, number in people.items()]
    return write_sheet(folder / name, [["客服昵称", "接待人数"], *rows])


def received(cli: Cli, *options: str) -> dict[Any, Any]:
    rows = cli("metrics", "--metric", "received", *options, "--json").json["rows"]
    return {row["key"]: row["metrics"]["received"]["value"] for row in rows}


def test_merging_and_taking_back(cli: Cli, tmp_path: Path) -> None:
    cli("import", day_file(tmp_path, 2, {"小美": 10, "小美2": 5, "阿杰": 3}))
    answer = cli("agents", "--json").json
    assert [one["name"] for one in answer["agents"]] == ["小美", "小美2", "阿杰"]
    assert cli("agents", "merge", "小丽", "小美", "--data", tmp_path / "data").code == 1, "the folder may stand behind"
    (asked,) = answer["suggestions"]
    assert (asked["account"], asked["person"], asked["reason"]) == ("小美2", "小美", "spelling")
    before = received(cli, "--by", "agent")
    done = cli("agents", "merge", "小美2", "小美", "--json")
    assert (done.code, done.json["done"]) == (0, True)
    assert received(cli, "--by", "agent") == {"小美": 15, "阿杰": 3}
    cli("import", day_file(tmp_path, 3, {"小美": 1, "小美2": 2}))
    assert received(cli, "--by", "agent") == {"小美": 18, "阿杰": 3}, "later files stay merged"
    cli("undo", "2")
    assert received(cli, "--by", "agent") == {"小美": 15, "阿杰": 3}
    cli("agents", "separate", "小美2")
    assert received(cli, "--by", "agent") == before == {"小美": 10, "小美2": 5, "阿杰": 3}
    cli("agents", "refuse", "小美2", "小美")
    assert cli("agents", "--json").json["suggestions"] == []
    cli("agents", "allow", "小美", "小美2")
    assert len(cli("agents", "--json").json["suggestions"]) == 1


def test_groups_with_dates(cli: Cli, tmp_path: Path) -> None:
    cli("import", *(day_file(tmp_path, day, {"小美": 10, "阿杰": day}) for day in (2, 3, 4)))
    assert cli("agents", "group", "小美", "早班", "--from", "2026-03-03", "--to", "2026-03-03").code == 0
    assert cli("agents", "group", "阿杰", "晚班").code == 0
    assert received(cli, "--by", "group") == {"早班": 10, "晚班": 9, "未分组": 20}
    assert received(cli, "--group", "早班") == {None: 10}
    assert received(cli, "--group", "早班,未分组", "--by", "day") == {
        "2026-03-02": 10, "2026-03-03": 10, "2026-03-04": 10,
    }  # fmt: skip
    answer = cli("metrics", "--group", "晚班", "--json").json
    assert answer["filter"]["group"] == "晚班"
    unknown = cli("metrics", "--group", "夜班", "--json")
    assert unknown.code == 1
    assert "没有叫“夜班”的客服组" in unknown.json["error"]
    one = next(one for one in cli("agents", "--json").json["agents"] if one["name"] == "小美")
    assert one["groups"] == [{"group": "早班", "from": "2026-03-03", "to": "2026-03-03"}]
    cli("agents", "group", "小美", "--clear")
    assert received(cli, "--by", "group") == {"晚班": 9, "未分组": 30}
    assert cli("agents", "group", "小美", "早班", "--from", "2026-03-03", "--to", "2026-03-01").code == 2
    assert cli("agents", "group", "小美").code == 2


def test_kinds(cli: Cli, tmp_path: Path) -> None:
    cli("import", day_file(tmp_path, 2, {"小美": 10, "夜班": 5}))
    assert cli("agents", "kind", "夜班", "shared").out.strip() == "“夜班”记为共用账号了，不参加排名。"
    kinds = {one["name"]: (one["kind"], one["kind_by_owner"]) for one in cli("agents", "--json").json["agents"]}
    assert kinds == {"小美": ("person", False), "夜班": ("shared", True)}
    cli("agents", "kind", "夜班", "auto")
    assert "请看一下：“夜班”" in cli("agents").out


def test_shops(cli: Cli, tmp_path: Path) -> None:
    cli("import", day_file(tmp_path, 2, {"小美": 10}))
    cli("import", day_file(tmp_path, 2, {"小美": 10}, shop="木林森"), "--shop", "木林森")
    (asked,) = cli("shops", "--json").json["suggestions"]
    assert (asked["account"], asked["person"]) == ("木林森", "木林森旗舰店")
    assert received(cli) == {None: 20}
    cli("shops", "merge", "木林森", "木林森旗舰店")
    assert received(cli, "--by", "shop") == {"木林森旗舰店": 10}, "the same rows count once"
    assert cli("shops", "--json").json["shops"][0]["spellings"] == ["木林森"]
    cli("shops", "rename", "木林森旗舰店", "大木")
    assert received(cli, "--shop", "大木") == {None: 10}
    cli("shops", "separate", "木林森")
    assert received(cli, "--by", "shop") == {"大木": 10, "木林森": 10}
