"""``coverage`` on the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.commands.conftest import Answer, write_sheet

Cli = Callable[..., Answer]


def day_file(folder: Path, day: int) -> Path:
    name = f"自定义报表_日报_下单优先判定_2026-03-{day:02}至2026-03-{day:02}.xlsx"
    return write_sheet(folder / name, [["客服昵称", "接待人数"], ["木林森旗舰店:阿杰", 39]])


def test_days_there_and_missing(cli: Cli, tmp_path: Path) -> None:
    assert cli("coverage", "--json").json["sources"] == []
    cli("import", *(day_file(tmp_path, day) for day in (3, 7, 8)))
    answer = cli("coverage", "--json").json
    (source,) = answer["sources"]
    assert (source["shop"], source["platform"], source["source"]) == ("木林森旗舰店", "taobao", "chitu")
    assert source["days"]["missing"] == [["2026-03-04", "2026-03-06"]]
    (gap,) = answer["gaps"]
    assert gap["text"].endswith("3 月 4–6 日缺 赤兔 数据")
    assert gap["where"] == "赤兔名品 → 绩效 → 自定义报表 → 导出"
    assert "3 月 4–6 日缺 赤兔 数据" in cli("coverage").out
    assert cli("coverage", "--from", "2026-03-05", "--to", "2026-03-07", "--json").json["sources"][0]["days"] == {
        "present": [["2026-03-07", "2026-03-07"]], "provisional": [], "empty": [],
        "missing": [["2026-03-05", "2026-03-06"]],
    }  # fmt: skip
