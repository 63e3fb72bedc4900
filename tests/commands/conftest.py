"""The command line called in this process, as a caller of ``csdesk-cli`` sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from csdesk.cli import main

CHITU = "自定义报表_日报_下单优先判定_2026-03-02至2026-03-02.xlsx"


@dataclass(frozen=True)
class Answer:
    """Exit code, stdout and stderr of one call."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """stdout as the one JSON object it must be."""
        value = json.loads(self.out)
        assert isinstance(value, dict)
        return value


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """``cli("metrics", "--json")`` on a data folder of its own."""

    def call(*arguments: str | Path) -> Answer:
        try:
            code = main(["--data", str(tmp_path / "data"), *map(str, arguments)])
        except SystemExit as exit_:  # argparse
            code = int(exit_.code or 0)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


def write_sheet(path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def chitu(tmp_path: Path) -> Path:
    """One day of two agents: 66 received, 30 shown invites, 11 ratings of which 10 good."""
    return write_sheet(
        tmp_path / CHITU,
        [
            ["客服昵称", "接待人数", "服务满意度评价展示率", "服务满意度评价参与率", "服务满意度评价很满意",
             "服务满意度评价满意", "服务满意度评价一般", "服务满意度评价不满", "服务满意度评价很不满", "客户满意率"],
            ["木林森旗舰店:阿杰", 39, 17 / 39, 9 / 17, 8, 0, 1, 0, 0, 8 / 9],
            ["木林森旗舰店:小美", 27, 13 / 27, 2 / 13, 2, 0, 0, 0, 0, 1],
            ["汇总", 66, None, None, 10, 0, 1, 0, 0, None],
        ],
    )  # fmt: skip
