"""What was dropped, one file at a time: folders are walked, ZIP archives unpacked into a scratch folder.

Windows and 7-Zip store Chinese member names as GBK without saying so; Python then reads them as
code page 437. The names are decoded again here.
"""

from __future__ import annotations

import contextlib
import errno
import lzma
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from csdesk.ingest.readers.faults import ReadFault
from csdesk.ingest.readers.opened import readable
from csdesk.ingest.readers.trouble import unreadable
from csdesk.ingest.scratch import no_room

MAX_MEMBERS = 2_000
MAX_UNPACKED = 4 * 1024**3
MAX_RATIO = 1_000
_DEPTH = 2
_LONGEST_NAME = 200  # bytes; file systems take 255
_BLOCK = 1 << 20
_NOISE_NAMES = {".ds_store", "thumbs.db", "desktop.ini"}
_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to import: how it is reported, where its bytes are, or why there are none.

    ``label`` is the given path, ``folder/file`` for what a folder held, ``a.zip!b.csv`` for members.
    """

    label: str
    file: Path
    fault: str = ""


def expand(paths: Iterable[Path], scratch: Path) -> Iterator[Item]:
    """Every file behind the given paths, each exactly once, in a stable order.

    Archives are unpacked below ``scratch``, which the caller removes afterwards.
    """
    seen: set[Path] = set()
    for path in paths:
        try:
            files = _files(path)
        except OSError as error:
            yield Item(str(path), path, _closed_folder(error, path))
            continue
        if not files:
            yield Item(str(path), path, "文件夹里没有文件。请把导出的表格放进去，或直接拖表格进来。")
        for file in files:
            identity = file.resolve()
            if identity in seen:
                continue
            seen.add(identity)
            yield from _open(str(file), file, scratch, _DEPTH)


def _files(path: Path) -> list[Path]:
    """The file, or all files below the folder; folders inside that cannot be listed are passed over. Raises OSError."""
    if not path.is_dir():
        return [path]
    with os.scandir(path):
        pass  # the one that was asked for must be listable
    walked = (Path(folder, name) for folder, _, names in os.walk(path) for name in names)
    return sorted(file for file in walked if not _is_noise(file.name) and os.path.isfile(file))  # noqa: PTH113  (raises nothing)


def _closed_folder(error: OSError, path: Path) -> str:
    fault = unreadable(error, path)
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"没有权限打开文件夹“{path.name}”。请把里面的表格复制到桌面再拖进来。"
    return str(fault).replace("这个文件", "这个文件夹")


def _is_noise(name: str) -> bool:
    return name.casefold() in _NOISE_NAMES


def _open(label: str, file: Path, scratch: Path, depth: int) -> Iterator[Item]:
    with contextlib.ExitStack() as held:
        try:
            opened = held.enter_context(readable(file))
        except ReadFault:
            yield Item(label, file)  # the reader will say what is wrong with it
            return
        if not is_plain_archive(opened):
            yield Item(label, file)
        elif depth == 0:
            yield Item(label, file, "压缩包套了太多层。请先解压，再把里面的表格拖进来。")
        else:
            yield from _members(label, opened, scratch, depth)


def is_plain_archive(file: Path) -> bool:
    """Whether it is a ZIP that is not itself a document (xlsx, ods, docx … are ZIPs too)."""
    try:
        with file.open("rb") as stream:
            if stream.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
                return False
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError):
        return False  # not openable as an archive: the reader will say what is wrong with it
    is_document = any(
        name.casefold() in ("[content_types].xml", "mimetype", "meta-inf/manifest.xml", "index/document.iwa")
        or name.casefold().startswith(("xl/", "word/", "ppt/"))
        for name in names
    )
    return not is_document


def _members(label: str, file: Path, scratch: Path, depth: int) -> Iterator[Item]:
    with zipfile.ZipFile(file) as archive:
        members = [info for info in archive.infolist() if not info.is_dir() and not _is_resource_fork(info)]
        if not members:
            yield Item(label, file, "压缩包是空的，没有可以导入的表格。")
            return
        if len(members) > MAX_MEMBERS:
            yield Item(label, file, f"压缩包里有 {len(members)} 个文件，太多了。请先解压，分几次拖进来。")
            return
        budget = MAX_UNPACKED
        scratch.mkdir(parents=True, exist_ok=True)
        for info, name in zip(members, member_names(members), strict=True):
            member_label = f"{label}!{name}"
            fault = _refusal(info, budget)
            if fault:
                yield Item(member_label, file, fault)
                continue
            target = Path(tempfile.mkdtemp(dir=scratch)) / _safe_file_name(name)
            fault, written = _unpack(archive, info, target, budget)
            budget -= written
            if fault:
                yield Item(member_label, file, fault)
            else:
                yield from _open(member_label, target, scratch, depth - 1)


def _is_resource_fork(info: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(info.filename).parts
    return "__MACOSX" in parts or _is_noise(parts[-1] if parts else "")


def member_names(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The members' paths, with GBK and unmarked UTF-8 names decoded.

    A short GBK name may happen to be UTF-8 too (``图`` is ``ͼ`` then), so the archive's names are looked at together.
    """
    raw = [None if info.flag_bits & _UTF8_FLAG else _undecoded(info.filename) for info in members]
    unmarked = [name for name in raw if name is not None]
    encoding = next((encoding for encoding in ("utf-8", "gb18030") if _reads_well(unmarked, encoding)), "")
    return [
        info.filename if name is None else _decoded(name, encoding, info.filename)
        for info, name in zip(members, raw, strict=True)
    ]


def _undecoded(name: str) -> bytes | None:
    try:
        return name.encode("cp437")
    except UnicodeEncodeError:
        return None


def _reads_well(names: Sequence[bytes], encoding: str) -> bool:
    """Whether all names are in this encoding and none of those in foreign letters lacks Chinese ones."""
    try:
        texts = [name.decode(encoding) for name in names]
    except UnicodeDecodeError:
        return False
    return all(text.isascii() or any("\u2e80" <= char <= "\uffef" for char in text) for text in texts)


def _decoded(name: bytes, best: str, as_told: str) -> str:
    for encoding in (best, "utf-8", "gb18030"):
        try:
            return name.decode(encoding or "utf-8")
        except UnicodeDecodeError:
            continue
    return as_told


def _safe_file_name(name: str) -> str:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    cleaned = "".join("_" if char in '<>:"/\\|?*' or ord(char) < 32 else char for char in last).strip(". ")
    end = cleaned.encode("utf-8", "ignore")[-_LONGEST_NAME:].decode("utf-8", "ignore")
    return end or "member"


def _refusal(info: zipfile.ZipInfo, budget: int) -> str:
    if info.flag_bits & _ENCRYPTED_FLAG:
        return "压缩包有密码。请先解压，再把里面的表格拖进来。"
    if info.file_size > budget or info.file_size > MAX_RATIO * max(info.compress_size, 1024):
        return "压缩包解开后太大，没有读取。请先解压，只拖需要的表格进来。"
    return ""


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, budget: int) -> tuple[str, int]:
    written = 0
    try:
        with archive.open(info) as source, target.open("wb") as sink:
            while block := source.read(_BLOCK):
                written += len(block)
                if written > min(budget, info.file_size):
                    return "压缩包里的文件比它声明的大，没有读取。请重新下载。", written
                sink.write(block)
    except NotImplementedError:
        return "这个压缩包用了少见的压缩方式，解不开。请用解压软件解开，再把里面的表格拖进来。", written
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError):
        return "压缩包损坏，这个文件解不开。请重新下载。", written
    except OSError as fault:
        return str(no_room(fault)), written
    _keep_time(info, target)
    return "", written


def _keep_time(info: zipfile.ZipInfo, target: Path) -> None:
    """Give the unpacked file the time its archive remembers: it tells which of two exports is newer."""
    try:
        moment = datetime(*info.date_time).timestamp()  # the clock of this machine, as archives write it
    except (ValueError, OverflowError, OSError):
        return  # archives may hold impossible dates
    if info.date_time[0] > 1980:  # 1980 is written when nobody knew
        os.utime(target, (moment, moment))
