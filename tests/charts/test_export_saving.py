"""A file is written whole or not at all, and the owner is told what to do."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from csdesk.charts.saving import explain, save_file
from csdesk.errors import UserFault


def test_a_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "图 1.png"
    save_file(path, b"old")
    save_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [entry.name for entry in tmp_path.iterdir()] == ["图 1.png"]


def test_a_missing_folder_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UserFault, match=r"不存在.*请换一个文件夹"):
        save_file(tmp_path / "no" / "x.png", b"")


def test_a_folder_in_the_way_is_explained(tmp_path: Path) -> None:
    (tmp_path / "x.png").mkdir()
    with pytest.raises(UserFault, match="是一个文件夹"):
        save_file(tmp_path / "x.png", b"1")
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.png"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(b"old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UserFault, match="磁盘满了"):
        save_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["x.png"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "不能写入"),
        (errno.EROFS, "不能写入"),
        (errno.EPERM, "不能写入"),
        (errno.ENAMETOOLONG, "太长"),
        (errno.EIO, "换一个位置"),
    ],
)
def test_reasons(number: int, words: str, tmp_path: Path) -> None:
    fault = explain(OSError(number, "x"), tmp_path / "x.png")
    assert words in str(fault)
    assert fault.advice


@pytest.mark.parametrize("code", [32, 33, 5])
def test_a_file_held_open_by_excel(code: int, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"1")
    error = OSError(errno.EACCES, "Access is denied")
    error.winerror = code  # type: ignore[attr-defined]
    assert "Excel" in str(explain(error, path))
