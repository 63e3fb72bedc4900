"""Files in every state an owner may drop them: each has its own sentence that says what to do, and nothing is lost."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from csdesk import cli
from csdesk.bootstrap import Services
from csdesk.errors import StoreUnavailable
from csdesk.ingest.model import Given, Plan, Status
from csdesk.ingest.readers import worker
from csdesk.ingest.readers.emit import Emitter
from csdesk.ingest.readers.faults import ReadFault
from csdesk.ingest.readers.opened import explain_by_place
from csdesk.ingest.readers.orders import Orders
from csdesk.ingest.readers.source import read_chunks
from csdesk.ingest.readers.trouble import check_still_there, unreadable
from csdesk.settings.options import LAST_FOLDER as _A_SETTING
from csdesk.store.database import STORE_FILE
from tests.ingest.readers import hostile
from tests.ingest.tables import write_xlsx

TABLE = [["会话ID", "店铺", "客服", "买家昵称", "开始时间"]] + [
    [f"S{n}", "云间小铺", "小美", f"买家{n}", f"2026-03-01 09:{n:02d}:00"] for n in range(30)
]
CSV = "\r\n".join(",".join(row) for row in TABLE).encode("utf-8-sig") + b"\r\n"


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = Services(tmp_path / "data")
    yield made
    made.close()


def _workbook(folder: Path) -> bytes:
    return write_xlsx(folder / "made.xlsx", ("会话明细", TABLE)).read_bytes()


def _zip(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return made.getvalue()


def _with_password(content: bytes) -> bytes:
    """The flag that says so set in both headers of the only member."""
    changed = bytearray(content)
    changed[6] |= 1
    changed[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def _oddly_packed(content: bytes) -> bytes:
    """The member's method of packing replaced by one nobody here knows (deflate64)."""
    changed = bytearray(content)
    changed[8] = 9
    changed[content.index(b"PK\x01\x02") + 10] = 9
    return bytes(changed)


def _office(stream: str) -> bytes:
    return hostile.OLE2 + bytes(1000) + stream.encode("utf-16-le") + bytes(500)


STATES: dict[str, tuple[Callable[[Path], bytes], Status, str]] = {
    "~$会话明细.xlsx": (_workbook, Status.SKIPPED, "请拖入原来的表格"),
    ".~会话明细.xlsx": (_workbook, Status.SKIPPED, "请拖入原来的表格"),
    "会话明细.xlsx.crdownload": (_workbook, Status.SKIPPED, "等下载完成"),
    "会话明细.xlsx.part": (_workbook, Status.SKIPPED, "等下载完成"),
    "会话明细.tmp": (_workbook, Status.SKIPPED, "等下载完成"),
    "半个.xlsx": (lambda folder: _workbook(folder)[:3000], Status.FAILED, "没有下载完"),
    "半个.zip": (lambda _: _zip(a__csv=os.urandom(9000))[:5000], Status.FAILED, "没有下载完"),
    "坏了.xlsx": (lambda folder: b"PK\x03\x04" + bytes(999) + _workbook(folder)[-22:], Status.FAILED, "损坏"),
    "金山.et": (_workbook, Status.IMPORTED, ""),
    "文稿.wps": (lambda _: _office("WordDocument"), Status.FAILED, "文字文档"),
    "演示.dps": (lambda _: _office("PowerPoint Document"), Status.FAILED, "演示文稿"),
    "锁了.xlsx": (lambda _: _office("EncryptedPackage"), Status.FAILED, "去掉密码"),
    "包.rar": (lambda _: b"Rar!\x1a\x07\x01\x00" + bytes(99), Status.FAILED, "请先解压"),
    "包.7z": (lambda _: b"7z\xbc\xaf\x27\x1c" + bytes(99), Status.FAILED, "请先解压"),
    "锁了.zip": (lambda _: _with_password(_zip(a__csv=CSV)), Status.FAILED, "压缩包有密码"),
    "少见.zip": (lambda _: _oddly_packed(_zip(a__csv=CSV)), Status.FAILED, "少见的压缩方式"),
    "套一层.zip": (lambda _: _zip(b__zip=_zip(a__csv=CSV)), Status.IMPORTED, ""),
    "套三层.zip": (lambda _: _zip(c__zip=_zip(b__zip=_zip(a__csv=CSV))), Status.FAILED, "太多层"),
    "里面有.zip": (lambda _: _zip(b__rar=b"Rar!\x1a\x07\x01\x00"), Status.FAILED, "请先解压"),
    "没东西.xlsx": (lambda _: b"", Status.SKIPPED, "重新导出"),
    "🧵双11 会话.csv": (lambda _: CSV, Status.IMPORTED, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", STATES)
def test_each_state_has_its_own_words(name: str, tmp_path: Path, services: Services) -> None:
    make, status, words = STATES[name]
    path = tmp_path / name
    path.write_bytes(make(tmp_path))
    (plan,) = services.import_files([path], Given())
    assert (plan.status, words in plan.message) == (status, True), plan.message
    assert not plan.message or plan.message.endswith("。")
    assert len(services.ledger()) == (status is Status.IMPORTED)


def test_the_command_line_says_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [tmp_path / "锁了.xlsx", tmp_path / "好.csv", tmp_path / "没有.csv"]
    paths[0].write_bytes(_office("EncryptedPackage"))
    paths[1].write_bytes(CSV)
    assert cli.main(["--data", str(tmp_path / "data"), "import", "--json", *map(str, paths)]) == 1
    files = json.loads(capsys.readouterr().out)["files"]
    assert [file["status"] for file in files] == ["failed", "imported", "failed"]
    assert "去掉密码" in files[0]["message"]
    assert "找不到这个文件" in files[2]["message"]


def test_a_csv_that_ends_within_a_row_is_imported_with_a_warning(tmp_path: Path, services: Services) -> None:
    path = tmp_path / "会话.csv"
    path.write_bytes(CSV[:-40])
    (plan,) = services.import_files([path], Given())
    assert plan.status is Status.IMPORTED
    assert any("没有写完" in problem.reason for problem in plan.problems)
    for content in (CSV, CSV[:-2], CSV + "合计,30".encode(), CSV + b"2026"):
        path.write_bytes(content)
        (plan,) = services.plan_files([path], Given())
        assert not any("没有写完" in problem.reason for problem in plan.problems), content[-40:]


# ---------------------------------------------------------------- held, forbidden, far away


def _windows_error(number: int) -> OSError:
    error = PermissionError(errno.EACCES, "held")
    error.winerror = number  # type: ignore[attr-defined]
    return error


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file another program has open, as Windows shows it: opening fails."""
    path = tmp_path / "开着的.csv"
    path.write_bytes(CSV)
    opening = Path.open

    def refuse(self: Path, *arguments: object, **more: object) -> object:
        if self == path:
            raise _windows_error(32)
        return opening(self, *arguments, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    return path


def test_a_file_open_in_wps_is_read_through_a_copy(
    held: Path, services: Services, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (plan,) = services.import_files([held], Given())
    assert (plan.status, plan.rows.inserted) == (Status.IMPORTED, 30)
    assert plan.sha256 == hashlib.sha256(CSV).hexdigest()
    services.close()
    assert not list(tmp_path.glob("csdesk-scratch-*")), "the copy is left"


def test_an_archive_open_elsewhere_is_unpacked_from_a_copy(held: Path, services: Services, tmp_path: Path) -> None:
    (tmp_path / "made").write_bytes(_zip(a__csv=CSV))
    (tmp_path / "made").replace(held)
    (plan,) = services.import_files([held], Given())
    assert (plan.status, plan.path) == (Status.IMPORTED, f"{held}!a.csv")


def test_a_file_that_cannot_even_be_copied_says_so(
    held: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def refuse(path: Path, copy: Path) -> None:
        tries.append(path)
        raise _windows_error(32)

    monkeypatch.setattr("csdesk.ingest.readers.opened.copy_held", refuse)
    monkeypatch.setattr("csdesk.ingest.readers.opened._PAUSE_SECONDS", 0.0)
    with pytest.raises(ReadFault, match="保存并关闭"):
        next(read_chunks(held))
    assert len(tries) > 1  # it may be free a moment later


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EACCES, ""), "没有权限"),
        (OSError(errno.EIO, ""), "U 盘"),
        (OSError(errno.ETIMEDOUT, ""), "网络断开"),
        (OSError(errno.ENAMETOOLONG, ""), "路径太长"),
        (OSError(errno.ENOENT, ""), "移走"),
        (OSError(errno.EISDIR, ""), "文件夹"),
        (OSError(errno.EINVAL, ""), "打不开"),
        (_windows_error(33), "WPS"),
        (_windows_error(59), "网络断开"),
        (_windows_error(21), "U 盘"),
        (_windows_error(362), "云端"),
        (_windows_error(206), "路径太长"),
        (_windows_error(5), "没有权限"),
    ],
)
def test_what_the_system_says_becomes_advice(error: OSError, words: str, tmp_path: Path) -> None:
    fault = unreadable(error, tmp_path / "a.xlsx")
    assert words in str(fault)
    assert fault.advice.endswith("。")
    assert not str(fault).isascii()


def test_windows_says_not_found_of_paths_it_cannot_take(tmp_path: Path) -> None:
    error = FileNotFoundError(errno.ENOENT, "")
    error.winerror = 3  # type: ignore[attr-defined]
    assert "路径太长" in str(unreadable(error, tmp_path / ("长" * 260)))
    assert "找不到" in str(unreadable(error, Path("a.xlsx")))


def test_a_path_of_three_hundred_letters(tmp_path: Path, services: Services) -> None:
    folder = tmp_path.joinpath(*["很长的文件夹名字" * 4] * 9)
    try:
        folder.mkdir(parents=True)
        (folder / "会话.csv").write_bytes(CSV)
    except OSError:
        pytest.skip("this system takes no such paths")
    assert len(str(folder)) > 300
    (plan,) = services.import_files([tmp_path / folder.relative_to(tmp_path).parts[0]], Given())
    assert plan.status is Status.IMPORTED


def test_the_longest_names_in_archives(tmp_path: Path, services: Services) -> None:
    path = tmp_path / "长.zip"
    path.write_bytes(_zip(**{f"{'会话明细' * 40}__csv": CSV}))
    (plan,) = services.import_files([path], Given())
    assert plan.status is Status.IMPORTED
    assert plan.file.name.endswith("会话明细.csv")


@pytest.mark.skipif(os.name != "posix", reason="names there are always text")
def test_a_name_that_is_no_text(tmp_path: Path, services: Services) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe \xb6\xa9.csv"))
    path.write_bytes(CSV)
    (plan,) = services.import_files([path], Given())
    assert plan.status is Status.IMPORTED
    assert services.ledger()[0].file_name.endswith(".csv")


def test_a_file_gone_while_it_is_read_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ("会话明细", TABLE))

    def vanish(file: Path, emitter: object) -> None:
        file.unlink()
        raise RuntimeError("the library's own words")

    monkeypatch.setattr("csdesk.ingest.readers.workbook.readers_for", lambda kind: [("a", vanish)])
    with pytest.raises(ReadFault, match="找不到"):
        worker.read_into(path, Emitter(lambda frame: None, Orders()), lambda frame: None)
    with pytest.raises(ReadFault, match="找不到"):
        check_still_there(path)


def test_a_disk_lost_in_the_middle_of_a_csv_reaches_the_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(worker, "read_into", lose)
    sent: list[tuple[object, ...]] = []
    monkeypatch.setattr(worker, "write_frame", lambda _descriptor, frame: sent.append(frame))
    worker._answer(tmp_path / "a.csv", frozenset(), 1, Orders())
    assert [frame[:2] for frame in sent] == [("fault", "unreadable")]
    assert "U 盘" in str(sent[0][3])


# ---------------------------------------------------------------- synced folders


def test_a_file_that_lies_in_the_cloud_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04")
    fault = ReadFault("stalled")
    assert explain_by_place(fault, path) is fault
    monkeypatch.setattr("csdesk.ingest.readers.opened.is_placeholder", lambda status: True)
    with pytest.raises(ReadFault, match="还在云端"):
        next(read_chunks(path))


def test_an_empty_file_in_a_synced_folder_is_still_on_its_way(tmp_path: Path, services: Services) -> None:
    path = tmp_path / "OneDrive - 店" / "a.xlsx"
    path.parent.mkdir()
    path.touch()
    (plan,) = services.import_files([path], Given())
    assert (plan.status, "还没有下载下来" in plan.message) == (Status.SKIPPED, True)


def test_files_in_synced_folders_are_read_like_any_other(tmp_path: Path, services: Services) -> None:
    path = tmp_path / "坚果云" / "会话.csv"
    path.parent.mkdir()
    path.write_bytes(CSV)
    (plan,) = services.import_files([path], Given())
    assert plan.status is Status.IMPORTED


# ---------------------------------------------------------------- folders


def test_a_folder_nobody_may_list(tmp_path: Path, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    listing = os.scandir

    def refuse(path: object = ".") -> object:
        if Path(str(path)) == tmp_path / "in":
            raise PermissionError(errno.EACCES, "Permission denied")
        return listing(path)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", refuse)
    (plan,) = services.import_files([tmp_path / "in"], Given())
    assert (plan.status, "没有权限打开文件夹" in plan.message) == (Status.FAILED, True)


# ---------------------------------------------------------------- full disks


def _no_space(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _failed(services: Services, path: Path) -> Plan:
    (plan,) = services.plan_files([path], Given())
    assert plan.status is Status.FAILED
    return plan


def test_no_room_for_temporary_files(tmp_path: Path, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    assert services.plan_files([path], Given())[0].status is Status.IMPORTED
    monkeypatch.setattr("csdesk.ingest.spool.MEMORY_ROWS", 0)
    monkeypatch.setattr("csdesk.ingest.spool.Spool.add", _no_space)
    assert "磁盘满了" in _failed(services, path).message
    monkeypatch.setattr(tempfile, "TemporaryFile", _no_space)
    assert "磁盘满了" in _failed(services, path).message


def test_a_full_disk_while_the_store_is_written(tmp_path: Path, services: Services) -> None:
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    few.write_bytes(CSV)
    rows = [f"T{n},云间小铺,小美,买家{n},2026-03-02 09:00:00" for n in range(9000)]
    many.write_bytes("\r\n".join([",".join(TABLE[0]), *rows]).encode() + b"\r\n")
    list(services.import_files([few], Given()))
    pages = services.store._writer.execute("PRAGMA page_count").fetchone()[0]
    services.store._writer.execute(f"PRAGMA max_page_count = {pages}")
    (plan,) = services.import_files([many], Given())
    assert (plan.status, "磁盘已满" in plan.message) == (Status.FAILED, True)
    assert services.check() == []
    services.store._writer.execute("PRAGMA max_page_count = 1000000")
    (plan,) = services.import_files([many], Given())
    assert (plan.status, plan.rows.inserted) == (Status.IMPORTED, 9000)


# ---------------------------------------------------------------- the data folder


def test_a_read_only_store_says_so_for_every_file(tmp_path: Path, services: Services) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    services.store._writer.execute("PRAGMA query_only = ON")
    (plan,) = services.import_files([path], Given())
    assert (plan.status, "只读" in plan.message) == (Status.FAILED, True)


def test_a_data_folder_that_vanishes_loses_nothing_and_is_not_made_anew(tmp_path: Path, services: Services) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    list(services.import_files([path], Given()))
    services.settings.set(_A_SETTING, "y")
    if os.name != "posix":
        pytest.skip("there nobody can move it while it is open")
    aside = services.data_dir.rename(tmp_path / "aside")
    path.write_bytes(CSV.replace(b"S2", b"T2"))
    (plan,) = services.import_files([path], Given())
    assert (plan.status, str(services.data_dir) in plan.message) == (Status.FAILED, True)
    with pytest.raises(StoreUnavailable, match="放回"):
        services.undo(1)
    services.after_writing()
    with pytest.raises(OSError, match="settings"):
        services.settings.set(_A_SETTING, "x")
    assert not services.data_dir.exists()
    aside.rename(services.data_dir)
    (plan,) = services.import_files([path], Given())
    assert (plan.status, services.check()) == (Status.IMPORTED, [])
    services.close()
    with sqlite3.connect(services.data_dir / STORE_FILE) as conn:
        assert conn.execute("SELECT count(*) FROM batch").fetchone()[0] == 2


def test_another_data_folder_in_its_place_is_not_written_to(tmp_path: Path, services: Services) -> None:
    if os.name != "posix":
        pytest.skip("there nobody can move it while it is open")
    assert services.ledger() == []
    services.data_dir.rename(tmp_path / "aside")
    other = Services(services.data_dir)
    assert other.ledger() == []
    path = tmp_path / "a.csv"
    path.write_bytes(CSV)
    (plan,) = services.import_files([path], Given())
    assert plan.status is Status.FAILED
    assert other.ledger() == []
    other.close()


def test_orders_cut_off_within_a_row_are_imported_with_the_same_warning(tmp_path: Path, services: Services) -> None:
    path = tmp_path / "ExportOrderList.csv"
    rows = [f"20181000000000000{n:02d},甲旗舰店,交易成功,12.50,2018-05-01 10:00:{n:02d}\r\n" for n in range(20)]
    whole = "订单编号,店铺名称,订单状态,买家实际支付金额,订单付款时间\r\n" + "".join(rows)
    path.write_bytes(whole.encode("gbk")[:-30])
    plans = [*services.plan_files([path], Given()), *services.import_files([path], Given())]
    for plan in plans:
        assert any("没有写完" in problem.reason for problem in plan.problems)
        assert plan.problem_count == len(plan.problems)
