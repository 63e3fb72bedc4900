"""Killed at any moment, the store opens and holds the state before or after: every batch whole or not at all."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from csdesk.store import batches
from csdesk.store.check import check
from csdesk.store.database import Store
from csdesk.store.kinds import KINDS
from tests.store.loader_child import ROWS

WHOLE = ({"session": ROWS}, {"order_line": ROWS, "order_head": ROWS // 2, "message": ROWS // 2})
REPO = Path(__file__).resolve().parents[2]


def kill_once(data_dir: Path, seed: int) -> None:
    """Start the loader, let it work for a moment, kill it (SIGKILL; TerminateProcess on Windows)."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.store.loader_child", str(data_dir), str(seed)],
        cwd=REPO, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"ready"
        if seed % 2:  # every other time an import is whole already, however slow the machine
            assert child.stdout.readline().strip() == b"loaded"
        time.sleep(random.Random(seed).uniform(0.0, 0.6))
        assert child.poll() is None, "the loader ended by itself"
    finally:
        child.kill()
        child.communicate()


def assert_whole(data_dir: Path) -> int:
    """The store passes its own check, and each live batch has all its rows, each other none; how many imports."""
    with Store(data_dir) as store:
        assert check(store) == []
        with store.reading() as conn:
            live = {line.id for line in batches.ledger(conn) if line.undone_at is None}
            said: dict[int, dict[str, int]] = {batch: {} for batch in live}
            for kind in KINDS:
                rows = conn.execute(
                    f"""SELECT batch_id, count(*) FROM (
                          SELECT batch_id FROM {kind} WHERE NOT versions
                          UNION ALL SELECT batch_id FROM {kind}_member
                          UNION ALL SELECT batch_id FROM {kind}_version) GROUP BY batch_id"""
                )
                for batch, count in rows:
                    said[batch][kind] = count
            for line in batches.ledger(conn):
                assert line.read == ROWS
            assert all(told in WHOLE for told in said.values())
            return len(batches.ledger(conn))


def test_eight_kills(tmp_path: Path) -> None:
    for seed in range(8):
        kill_once(tmp_path, seed)
        imports = assert_whole(tmp_path)
    assert imports > 0, "the kills all came before the first import was done"


@pytest.mark.kills
def test_forty_kills(tmp_path: Path) -> None:
    for seed in range(100, 140):
        kill_once(tmp_path, seed)
        assert_whole(tmp_path)
