"""A csv of a million rows by the ordinary door, as a ratio to `sqlite3 .import` of the same file in the same run.

The yardstick is SQLite's own shell reading the file into a table of its columns with the indexes our table has.
`CSV_BENCH_ROWS` and `CSV_BENCH_ROUNDS` make it smaller or longer.
"""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from csdesk.errors import Cancelled
from csdesk.ingest.load import StoreWorld, load
from csdesk.ingest.model import Given
from csdesk.ingest.plan import plan_file
from csdesk.ingest.spool import Spool
from csdesk.safety.buyers import BuyerKeys
from csdesk.store.database import open_store
from tests.benchmarks.test_import_speed import HEADERS, Peak, family

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(shutil.which("sqlite3") is None, reason="the yardstick is SQLite's shell, sqlite3"),
    pytest.mark.skipif(sys.platform != "linux", reason="memory and processes are read from /proc"),
]

ROWS = int(os.environ.get("CSV_BENCH_ROWS", "1_000_000"))
ROUNDS = int(os.environ.get("CSV_BENCH_ROUNDS", "3"))
MOST_TIMES_THE_SHELL = 2.0
MOST_MEGABYTES = 400
MOST_SECONDS_TO_STOP = 0.5
STOPS = 12
FARTHEST_FROM_TIME = 0.25
ORDER_HEADERS = (
    "订单编号", "买家会员名", "买家支付宝账号", "买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额",
    "订单状态", "买家留言", "收货人姓名", "收货地址", "运送方式", "联系手机", "订单创建时间", "订单付款时间",
    "宝贝标题", "物流单号", "物流公司", "宝贝总数量", "店铺名称", "订单关闭原因", "确认收货时间", "退款金额",
)  # fmt: skip
KEYS = {"sessions": ("店铺", "会话ID", "开始时间"), "orders": ("店铺名称", "订单编号", "订单付款时间")}
NAMES = {"sessions": "会话明细.csv", "orders": "ExportOrderList.csv"}


def session_rows() -> Iterator[Sequence[object]]:
    """Three years of forty people: a third rated, two fifths with an order, nearly all buyers new."""
    chance = random.Random(5)
    yield HEADERS
    for number in range(ROWS):
        at = datetime(2023, 1, 1, 8) + timedelta(seconds=number * 94)
        rated, bought = chance.random() < 0.3, chance.random() < 0.4
        yield (
            f"S{number:012d}", "云间小铺旗舰店", f"客服{chance.randrange(40):02d}", f"tb{chance.randrange(10**8):08d}",
            at, at + timedelta(seconds=300 + chance.randrange(900)), round(chance.random() * 60, 1),
            round(chance.random() * 60, 1), chance.randrange(2, 40), chance.randrange(1, 20), chance.choice("是否"),
            chance.choice(("物流", "售后", "产品", "优惠")), chance.choice("是否"), chance.choice("是否"),
            "是" if rated else "否", chance.randrange(1, 6) if rated else "",
            chance.choice(("很好", "回复很快,满意", f"一般般吧 {number}")) if rated else "",
            10**18 + chance.randrange(10**17) if bought else "", f"{chance.random() * 500:.2f}" if bought else "",
            chance.choice(("千牛", "手淘", "PC")),
        )  # fmt: skip


def order_rows() -> Iterator[Sequence[object]]:
    """A year of orders, a tenth never paid."""
    chance = random.Random(5)
    yield ORDER_HEADERS
    for number in range(ROWS):
        at = datetime(2023, 1, 1, 8) + timedelta(seconds=number * 31)
        paid, amount = chance.random() < 0.9, f"{chance.random() * 500:.2f}"
        yield (
            10**18 + number * 1000 + chance.randrange(1, 1000), f"tb{chance.randrange(10**8):08d}", f"a{number}@qq.com",
            amount, "0.00", amount, amount if paid else "0.00", "交易成功" if paid else "交易关闭", "", "王**",
            f"浙江省 杭州市 余杭区 某街道 某路{number}号", "快递", f"'138{chance.randrange(10**8):08d}", at,
            at + timedelta(seconds=chance.randrange(10, 900)) if paid else "", f"春季新款外套{number % 300}",
            f"No:YT{number}", "圆通速递", chance.randrange(1, 4), "云间小铺旗舰店",
            "订单未关闭" if paid else "买家未付款", at + timedelta(days=7) if paid else "", "0.00",
        )  # fmt: skip


@pytest.fixture(scope="module", params=["sessions", "orders"])
def table(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """(what, a file of it)."""
    what = str(request.param)
    path = tmp_path_factory.mktemp("million") / NAMES[what]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(session_rows() if what == "sessions" else order_rows())
    return what, path


def shell_import(what: str, path: Path, base: Path) -> float:
    """Seconds SQLite's shell takes."""
    headers = HEADERS if what == "sessions" else ORDER_HEADERS
    shop, key, moment = KEYS[what]
    columns = ", ".join(f'"{name}" {"REAL" if "金额" in name or "时长" in name else "TEXT"}' for name in headers)
    script = f"""CREATE TABLE t ({columns});
CREATE UNIQUE INDEX by_key ON t ("{shop}", "{key}");
CREATE INDEX by_time ON t ("{shop}", "{moment}");
.mode csv
.import --skip 1 "{path}" t
"""
    began = time.perf_counter()
    subprocess.run(["sqlite3", base], input=script.encode(), check=True)
    took = time.perf_counter() - began
    with sqlite3.connect(base) as conn:
        assert conn.execute("SELECT count(*) FROM t").fetchone()[0] == ROWS
    conn.close()
    base.unlink()
    return took


def our_import(path: Path, data: Path) -> tuple[float, float]:
    """(seconds from exec to exit, peak memory in MB of the program and its reader)."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "csdesk.cli", "--data", str(data), "import", str(path), "--json"]
    program = subprocess.Popen(command, stdout=subprocess.PIPE)
    peak = Peak(program.pid)
    peak.start()
    answer, _ = program.communicate()
    took, megabytes = time.perf_counter() - began, peak.stop()
    entry = json.loads(answer)["files"][0]
    assert (entry["status"], entry["rows"]["inserted"]) == ("imported", ROWS)
    shutil.rmtree(data)
    return took, megabytes


def test_import_costs_at_most_twice_the_shell(
    table: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In turns; the middle ratio of the rounds, each of two neighbours in time."""
    what, path = table
    ratios, peaks, lines = [], [], []
    for number in range(ROUNDS):
        shell = shell_import(what, path, tmp_path / "shell.sqlite")
        ours, megabytes = our_import(path, tmp_path / str(number))
        ratios.append(ours / shell)
        peaks.append(megabytes)
        lines.append(f"{what}: shell {shell:.2f} s, import {ours:.2f} s: {ours / shell:.2f} times, {megabytes:.0f} MB")
    with capsys.disabled():
        print("\n" + "\n".join(lines))
    assert max(peaks) <= MOST_MEGABYTES
    assert sorted(ratios)[len(ratios) // 2] <= MOST_TIMES_THE_SHELL


def test_stopping_takes_no_time_and_leaves_nothing(
    table: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At moments spread over a whole import; the last ones may come when all is written already."""
    _, path = table
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setenv("SQLITE_TMPDIR", str(scratch))
    chance = random.Random(1)
    with open_store(tmp_path / "data") as store:
        keys = BuyerKeys(store.buyer_key)
        before = dump(store.path)
        log = store.path.with_name(store.path.name + "-wal")
        logged = log.stat().st_size
        (plan,) = plan_file(path, Given(), StoreWorld(store), keys=keys, lazy=True)
        began = time.perf_counter()
        load(store, plan, dry_run=True)
        whole = time.perf_counter() - began
        waits, written = [], 0
        for number in range(STOPS):
            cancel = threading.Event()
            asked: list[float] = []
            after = whole * (number + chance.random()) / STOPS
            timer = threading.Timer(after, stop, (cancel, asked))
            timer.start()
            try:
                (plan,) = plan_file(path, Given(), StoreWorld(store), keys=keys, cancel=cancel, lazy=True)
                load(store, plan, cancel=cancel, dry_run=True)
                written += 1
            except Cancelled:
                waits.append(time.perf_counter() - asked[0])
            timer.cancel()
            assert family(os.getpid()) == [os.getpid()]
            assert list(scratch.iterdir()) == []
            assert log.stat().st_size <= logged or written
            assert dump(store.path) == before
    with capsys.disabled():
        print(f"\nstopped {len(waits)} of {STOPS} times, at most {max(waits):.2f} s later, {written} were done before")
    assert len(waits) > STOPS // 2
    assert max(waits) < MOST_SECONDS_TO_STOP


def stop(cancel: threading.Event, asked: list[float]) -> None:
    """Set the event and note when."""
    asked.append(time.perf_counter())
    cancel.set()


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as conn:
        found = list(conn.iterdump())
    conn.close()
    return found


def test_progress_goes_with_time(table: tuple[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the preview and of the load that follows it: rising, ending at 1, never far from the time it took."""
    _, path = table
    read: list[tuple[float, float]] = []
    written: list[tuple[float, float]] = []
    with open_store(tmp_path / "data") as store:
        world, keys = StoreWorld(store), BuyerKeys(store.buyer_key)
        began = time.perf_counter()
        (plan,) = plan_file(path, Given(), world, keys=keys, on_progress=note(read))
        middle = time.perf_counter()
        load(store, plan, on_progress=note(written))
        ended = time.perf_counter()
        for chunks in (plan.staged.sessions, *plan.staged.records.values()):
            if isinstance(chunks, Spool):
                chunks.close()
    far = (farthest(read, began, middle), farthest(written, middle, ended))
    with capsys.disabled():
        print(f"\nprogress is off by at most {far[0]:.0%} of the reading and {far[1]:.0%} of the writing")
    assert max(far) <= FARTHEST_FROM_TIME


def note(told: list[tuple[float, float]]) -> Callable[[float], None]:
    """Something to tell progress to."""
    return lambda share: told.append((time.perf_counter(), share))


def farthest(told: list[tuple[float, float]], began: float, ended: float) -> float:
    """Largest difference between the share told and the share of the time that had gone by."""
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    return max(abs(share - (when - began) / (ended - began)) for when, share in told)
