from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from csdesk.domain.drafts import draft_of, sweep_drafts, sweep_drafts_of


def _dead_process() -> int:
    with subprocess.Popen([sys.executable, "-S", "-c", ""]) as child:
        child.wait()
    return child.pid


def test_drafts_of_the_living_stay_and_those_of_the_dead_go(tmp_path: Path) -> None:
    dead = _dead_process()
    mine = draft_of(tmp_path / "图.png")
    left = [tmp_path / f".图.png.{dead}.0123abcd.part", tmp_path / f".csdesk.sqlite.{dead}.0123abcd.part-journal"]
    theirs = [tmp_path / "图.png", tmp_path / "表.xlsx.part", tmp_path / f"图.png.{dead}.0123abcd.part"]
    for path in (mine, *left, *theirs):
        path.touch()
    sweep_drafts_of(tmp_path / "图.png")
    assert sorted(tmp_path.iterdir()) == sorted([mine, left[1], *theirs])
    sweep_drafts(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([mine, *theirs])
    sweep_drafts(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["长" * 84 + ".png", "🧵" * 62 + ".csv", "a" * 251 + ".svg"])
def test_the_longest_names_have_drafts_too(tmp_path: Path, name: str) -> None:
    draft = draft_of(tmp_path / name)
    draft.touch()
    assert len(os.fsencode(draft.name)) <= 255
