"""Reading and cleaning a large 会话明细 through the child, as a ratio to the bare parse in the same run."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from csdesk.demo.sheetfile import SheetRow, write_workbook
from csdesk.ingest.headers import find_header
from csdesk.ingest.layouts import catalogue
from csdesk.ingest.readers.source import read_chunks
from csdesk.ingest.sessions import SessionContext, stage_sessions
from csdesk.safety.buyers import BuyerKeys
from tests.benchmarks.test_import_speed import HEADERS

pytestmark = pytest.mark.bench

ROWS = 100_000
MOST_TIMES_THE_PARSE = 1.6
MOST_CHILD_MEGABYTES = 300


def rows(seed: int = 1) -> Iterator[SheetRow]:
    """Plausible sessions: five agents of one shop, a third rated, two fifths with an order, nearly all buyers new."""
    chance = random.Random(seed)
    yield HEADERS
    first = datetime(2026, 1, 1)
    for number in range(ROWS):
        at = first + timedelta(seconds=chance.randrange(90 * 86_400))
        rated, bought = chance.random() < 0.3, chance.random() < 0.4
        yield (
            f"S{number:012d}", "云间小铺旗舰店", f"云间小铺旗舰店:小{chance.choice('美丽雨雪花')}",
            f"tb{chance.randrange(10**8):08d}", at, at + timedelta(seconds=chance.randrange(900)),
            round(chance.random() * 60, 1), round(chance.random() * 60, 1), chance.randrange(40), chance.randrange(20),
            chance.choice("是否"), chance.choice(["物流", "售后", "产品", "优惠"]), chance.choice("是否"),
            chance.choice("是否"), "是" if rated else "否", chance.randrange(1, 6) if rated else None,
            chance.choice(["很好", "回复很快,满意", f"一般般吧 {number}"]) if rated else None,
            str(10**18 + chance.randrange(10**17)) if bought else None,
            round(chance.random() * 500, 2) if bought else None, chance.choice(["千牛", "手淘", "PC"]),
        )  # fmt: skip


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bench") / "会话明细.xlsx"
    write_workbook(path, "会话明细", rows())
    return path


def _bare(path: Path) -> float:
    started = time.perf_counter()
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return time.perf_counter() - started


def _staged(path: Path) -> tuple[float, float, int]:
    """(seconds, the child's peak in MB, rows) of reading and cleaning the file."""
    started = time.perf_counter()
    stream = read_chunks(path)
    first = next(stream)
    layout = catalogue().layout("sessions")
    assert layout is not None
    mapping = find_header(list(first.rows()), layout.vocabulary)
    assert mapping is not None
    session = stage_sessions(chain([first], stream), mapping, SessionContext(BuyerKeys(bytes(32))))
    kept = sum(len(chunk.rows) for chunk in session)
    assert session.rows.problem_count == 0
    return time.perf_counter() - started, stream.peak_mb, kept


def test_reading_and_cleaning_against_the_bare_parse(workbook: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The best of five rounds of each, taken in turns, so that a busy moment decides for neither."""
    rounds = [(_bare(workbook), *_staged(workbook)) for _ in range(5)]
    bare = min(one[0] for one in rounds)
    ours = min(one[1] for one in rounds)
    with capsys.disabled():
        print(f"\nbare parse {bare:.2f} s, read and cleaned {ours:.2f} s: {ours / bare:.2f} times")
        print(f"child at most {max(one[2] for one in rounds):.0f} MB")
    assert all(one[3] == ROWS for one in rounds)
    assert max(one[2] for one in rounds) < MOST_CHILD_MEGABYTES
    assert ours / bare < MOST_TIMES_THE_PARSE
