"""A file is the old one or the new one, never half of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from csdesk.settings import files
from csdesk.settings.files import write_atomically


def test_the_new_content_replaces_the_old(tmp_path: Path) -> None:
    path = tmp_path / "邀评.csv"
    path.write_bytes(b"old and longer")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "邀评.csv"
    path.write_bytes(b"old")

    def full(_handle: int) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_very_long_name_still_fits(tmp_path: Path) -> None:
    path = tmp_path / f"{'a' * 240}.csv"
    write_atomically(path, b"x")
    assert path.read_bytes() == b"x"
