from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from csdesk.errors import UserFault
from csdesk.ingest.scratch import Scratch, no_room
from csdesk.settings.held_file import hold


@pytest.fixture(autouse=True)
def own_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_one_process_holds_a_file_until_it_ends(tmp_path: Path) -> None:
    path = tmp_path / "held"
    code = "import sys, pathlib; from csdesk.settings.held_file import hold; h = hold(pathlib.Path(sys.argv[1]))"
    code += "; print(h is not None, flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"True"
        assert hold(path) is None
        other.kill()
        other.wait()
    mine = hold(path)
    assert mine is not None
    mine.close()
    mine.close()
    with pytest.raises(OSError, match="absent"):
        hold(tmp_path / "absent" / "x")


def test_scratch_folders_go_with_their_owner_and_the_next_sweeps_those_of_the_killed(tmp_path: Path) -> None:
    with Scratch() as kept:
        (kept.path / "a.csv").write_text("x")
        killed = tmp_path / "csdesk-scratch-killed"
        killed.mkdir()
        (killed / "in-use").touch()
        (killed / "b.csv").write_text("x")
        fresh, stray = tmp_path / "csdesk-scratch-fresh", tmp_path / "csdesk-scratch-stray"
        fresh.mkdir()
        stray.mkdir()
        long_ago = time.time() - 2 * 24 * 3600
        os.utime(stray, (long_ago, long_ago))
        with Scratch():
            assert sorted(path.name for path in tmp_path.iterdir() if path.name.endswith(("ed", "sh", "ay"))) == [
                fresh.name
            ]
            assert (kept.path / "a.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == [fresh.name]


def test_without_room_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    with pytest.raises(UserFault, match=r"磁盘满了.*清理"):
        Scratch()
    assert "临时文件夹" in str(no_room(OSError(errno.EACCES, "Permission denied")))
