"""A large 会话明细 by the ordinary door, as a ratio to merely parsing the file in the same run."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from csdesk.demo.sheetfile import SheetRow, write_workbook

ROWS = 100_000
ROUNDS = 5
MOST_TIMES_THE_PARSE = 2.0
MOST_MEGABYTES = 600
HEADERS = (
    "会话ID", "店铺", "客服", "买家昵称", "开始时间", "结束时间", "首次响应时长(秒)", "平均响应时长(秒)", "消息数",
    "买家消息数", "是否转接", "咨询分类", "是否解决", "是否邀评", "是否评价", "评分", "评价内容", "订单编号",
    "支付金额", "渠道",
)  # fmt: skip


def rows() -> Iterator[SheetRow]:
    yield HEADERS
    start = datetime(2026, 1, 1, 8)
    for i in range(ROWS):
        at = start + timedelta(seconds=i * 97)
        rating = 5 - i % 5 if i % 7 == 0 else None
        yield (
            f"S{i:012d}", "云间小铺旗舰店", f"客服{i % 40:02d}", f"buyer{i % 31_000}",
            at, at + timedelta(seconds=300 + i % 90), i % 60 + 0.5, i % 80 + 1.5, i % 30 + 2, i % 15 + 1, "否",
            ("物流", "尺码", "退换", "发票")[i % 4],
            "是" if i % 9 else "否", "是" if i % 2 else "否", "是" if rating else "否", rating,
            f"第{i}条评价,还可以" if rating else None, f"26{i:017d}" if i % 3 == 0 else None,
            i % 500 + 0.9 if i % 3 == 0 else None, "千牛",
        )  # fmt: skip


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "会话明细_淘宝_2026-01-01至2026-04-23.xlsx"
    write_workbook(path, "会话明细", rows())
    return path


class Peak(threading.Thread):
    """Watches the resident memory of a process and all its descendants (Linux)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.megabytes = 0.0

    def run(self) -> None:
        while not self._ended.wait(0.02):
            self.megabytes = max(self.megabytes, sum(map(resident, family(self._pid))) / 1e6)

    def stop(self) -> float:
        self._ended.set()
        self.join()
        return self.megabytes


def family(pid: int) -> list[int]:
    found = [pid]
    for known in found:
        try:
            children = Path(f"/proc/{known}/task/{known}/children").read_text(encoding="ascii")
        except OSError:
            continue
        found += [int(child) for child in children.split()]
    return found


def resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * 4096
    except (OSError, IndexError):
        return 0


def bare_parse(workbook: Path) -> float:
    began = time.perf_counter()
    CalamineWorkbook.from_path(workbook).get_sheet_by_index(0).to_python()
    return time.perf_counter() - began


def whole_import(workbook: Path, data: Path) -> tuple[float, float]:
    """(seconds from exec to exit, peak memory in MB of the program and its reader)."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "csdesk.cli", "--data", data, "import", workbook, "--json"]
    program = subprocess.Popen(command, stdout=subprocess.PIPE)
    peak = Peak(program.pid)
    peak.start()
    answer, _ = program.communicate()
    took, megabytes = time.perf_counter() - began, peak.stop()
    entry = json.loads(answer)["files"][0]
    assert (entry["status"], entry["rows"]["inserted"]) == ("imported", ROWS)
    return took, megabytes


@pytest.mark.bench
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_import_costs_at_most_twice_the_parse(
    workbook: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The best of the rounds of each, taken in turns, so that a busy moment decides for neither."""
    parses, imports, megabytes = [], [], 0.0
    for attempt in range(ROUNDS):
        parses.append(bare_parse(workbook))
        took, peak = whole_import(workbook, tmp_path / str(attempt))
        imports.append(took)
        megabytes = max(megabytes, peak)
    parse, took = min(parses), min(imports)
    with capsys.disabled():
        print(f"\nparse {parse:.2f} s, import {took:.2f} s: {took / parse:.2f} times, peak {megabytes:.0f} MB")
    assert megabytes <= MOST_MEGABYTES
    assert took / parse <= MOST_TIMES_THE_PARSE
