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
from tests.store.loader_child import ROWS

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
            said = conn.execute(
                """SELECT batch_id, count(*) FROM (
                     SELECT batch_id FROM session WHERE NOT versions
                     UNION ALL SELECT batch_id FROM session_member
                     UNION ALL SELECT batch_id FROM session_version) GROUP BY batch_id"""
            ).fetchall()
            for line in batches.ledger(conn):
                assert line.read == ROWS
            assert dict(said) == dict.fromkeys(live, ROWS)
            return len(batches.ledger(conn))


def test_eight_kills(tmp_path: Path) -> None:
    for seed in range(8):
        kill_once(tmp_path, seed)
        imports = assert_whole(tmp_path)
    assert imports > 0, "the kills all came before the first import was done"


@pytest.mark.slow
def test_forty_kills(tmp_path: Path) -> None:
    for seed in range(100, 140):
        kill_once(tmp_path, seed)
        assert_whole(tmp_path)
