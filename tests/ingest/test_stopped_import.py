"""An import stopped half-way leaves nothing: no rows, no reader, no files."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from csdesk.errors import Cancelled
from csdesk.ingest.load import StoreWorld, load
from csdesk.ingest.model import Given, Plan
from csdesk.ingest.plan import plan_file
from csdesk.safety.buyers import BuyerKeys
from csdesk.store.database import Store, open_store
from csdesk.store.kinds import ORDER_LINE, SESSION

HEADERS = {
    "sessions": "会话ID,客服,买家昵称,开始时间,首次响应时长(秒),支付金额",
    "orders": "主订单编号,子订单编号,选购商品,商品数量,商品ID,商品单价,订单应付金额,订单提交时间,支付完成时间,订单状态",
}
ROWS = {
    "sessions": "S{0},小美,tb{0},2026-03-01 10:00:00,12.5,9.90",
    "orders": "69{0:09d},70{0:09d},外套,1,35001,9.90,9.90,2026-03-01 10:00:00,2026-03-01 10:01:00,已完成",
}
COUNT = 12_000


class StopsAfter(threading.Event):
    """Is set once it has been asked often enough."""

    def __init__(self, questions: int) -> None:
        super().__init__()
        self.left = questions

    def is_set(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files of this test alone."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("SQLITE_TMPDIR", str(folder))
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "data") as opened:
        yield opened


def write_file(folder: Path, what: str) -> Path:
    file = folder / f"{what}.csv"
    lines = [HEADERS[what], *(ROWS[what].format(number) for number in range(COUNT))]
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def planned(store: Store, file: Path, *, lazy: bool) -> Plan:
    (plan,) = plan_file(file, Given(), StoreWorld(store), keys=BuyerKeys(store.buyer_key), lazy=lazy)
    return plan


def dump(path: Path) -> list[str]:
    with sqlite3.connect(path) as conn:
        found = list(conn.iterdump())
    conn.close()
    return found


def children() -> list[str]:
    """Ids of the processes this one has started and not seen end (Linux; elsewhere nothing is known of them)."""
    found = Path("/proc/self/task").glob("*/children")
    return [process for task in found for process in task.read_text(encoding="ascii").split()]


def left_over(store: Store) -> dict[str, Any]:
    log = store.path.with_name(store.path.name + "-wal")
    return {"children": children(), "log": log.stat().st_size if log.exists() else 0}


@pytest.mark.parametrize("lazy", [True, False])
@pytest.mark.parametrize("what", sorted(ROWS))
def test_a_stopped_load_leaves_nothing(tmp_path: Path, scratch: Path, store: Store, what: str, lazy: bool) -> None:
    file = write_file(tmp_path, what)
    before = dump(store.path)
    for questions in (0, 4, 40):
        plan = planned(store, file, lazy=lazy)
        with pytest.raises(Cancelled):
            load(store, plan, cancel=StopsAfter(questions))
        assert plan.batch is None
        assert left_over(store) == {"children": [], "log": 0}
        plan.staged = type(plan.staged)()
        assert list(scratch.iterdir()) == []
        assert dump(store.path) == before
    plan = planned(store, file, lazy=lazy)
    assert load(store, plan).inserted == COUNT
    kind = SESSION if what == "sessions" else ORDER_LINE
    with store.reading() as conn:
        assert conn.execute(f"SELECT count(*) FROM {kind.name}").fetchone()[0] == COUNT


def test_a_stopped_preview_leaves_nothing(tmp_path: Path, scratch: Path, store: Store) -> None:
    file = write_file(tmp_path, "sessions")
    for questions in (0, 1, 3):
        with pytest.raises(Cancelled):
            plan_file(file, Given(), StoreWorld(store), keys=BuyerKeys(store.buyer_key), cancel=StopsAfter(questions))
        assert left_over(store)["children"] == []
        assert list(scratch.iterdir()) == []


def test_progress_of_a_load_rises_to_one_when_it_is_written(tmp_path: Path, store: Store) -> None:
    plan = planned(store, write_file(tmp_path, "sessions"), lazy=False)
    told: list[tuple[float, bool]] = []

    def tell(share: float) -> None:
        with sqlite3.connect(store.path) as conn:
            written = conn.execute("SELECT count(*) FROM session").fetchone()[0] == COUNT
        conn.close()
        told.append((share, written))

    load(store, plan, on_progress=tell)
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert len(shares) > 3
    assert [share for share, written in told if written] == [1.0]
