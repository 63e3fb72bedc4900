from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path

from csdesk.ingest.archive import expand, is_plain_archive


def _labels(paths: list[Path], scratch: Path) -> list[str]:
    return [item.label for item in expand(paths, scratch)]


def test_folders_files_and_members_each_once(tmp_path: Path) -> None:
    folder = tmp_path / "下载"
    folder.mkdir()
    (folder / "b.csv").write_text("x")
    (folder / "a.csv").write_text("x")
    (folder / "Thumbs.db").write_text("x")
    with zipfile.ZipFile(folder / "c.zip", "w") as archive:
        archive.writestr("内/d.csv", "1")
        archive.writestr("__MACOSX/._d.csv", "1")
    (tmp_path / "空").mkdir()
    labels = _labels([folder, folder / "a.csv", tmp_path / "空"], tmp_path / "scratch")
    assert labels.pop() == str(tmp_path / "空")
    assert labels == [str(folder / "a.csv"), str(folder / "b.csv"), f"{folder / 'c.zip'}!内/d.csv"]


def test_members_keep_the_time_their_archive_remembers(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("x.csv", (2026, 3, 1, 9, 30, 0)), "1")
        archive.writestr(zipfile.ZipInfo("y.csv", (2026, 0, 0, 0, 0, 0)), "1")
    one, other = expand([path], tmp_path / "scratch")
    assert datetime.fromtimestamp(one.file.stat().st_mtime) == datetime(2026, 3, 1, 9, 30)  # noqa: DTZ006  (local clock)
    assert other.file.exists()


def test_gbk_names_inside_archives(tmp_path: Path) -> None:
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("XXXX.csv", "客服,1")
    path = tmp_path / "gbk.zip"
    path.write_bytes(plain.getvalue().replace(b"XXXX.csv", "赤兔".encode("gbk") + b".csv"))
    (item,) = expand([path], tmp_path / "scratch")
    assert item.label.endswith("!赤兔.csv")
    assert item.file.name == "赤兔.csv"
    assert item.file.read_text(encoding="utf-8") == "客服,1"


def test_short_gbk_names_that_are_utf8_by_chance(tmp_path: Path) -> None:
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("XX.png", "1")
        archive.writestr("YYYY.csv", "客服,1")
    raw = plain.getvalue().replace(b"XX.png", "图".encode("gbk") + b".png")
    path = tmp_path / "gbk.zip"
    path.write_bytes(raw.replace(b"YYYY.csv", "赤兔".encode("gbk") + b".csv"))
    assert [item.file.name for item in expand([path], tmp_path / "scratch")] == ["图.png", "赤兔.csv"]
    path.write_bytes(raw)
    assert [item.file.name for item in expand([path], tmp_path / "scratch")] == ["图.png", "YYYY.csv"]


def test_members_cannot_escape_the_scratch_folder(tmp_path: Path) -> None:
    path = tmp_path / "slip.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../evil.csv", "1")
        archive.writestr("C:\\evil2.csv", "1")
    scratch = tmp_path / "scratch"
    for item in expand([path], scratch):
        assert scratch in item.file.parents


def test_bombs_and_empty_archives_are_explained(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("big.csv", b"0" * 30_000_000)
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    (big,) = expand([bomb], tmp_path / "s1")
    (empty,) = expand([tmp_path / "empty.zip"], tmp_path / "s2")
    assert "太大" in big.fault
    assert "空" in empty.fault


def test_workbooks_are_not_archives(tmp_path: Path) -> None:
    book = tmp_path / "a.xlsx"
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    assert not is_plain_archive(book)
    (tmp_path / "b.zip").write_bytes(b"PK\x03\x04 not really")
    assert not is_plain_archive(tmp_path / "b.zip")
