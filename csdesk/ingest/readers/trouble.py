"""What the system said when a file could not be read, in words for the owner, told apart by number, never by text."""

from __future__ import annotations

import errno
from pathlib import Path

from csdesk.ingest.readers.faults import ReadFault

HELD_OPEN = frozenset({32, 33})
"""Windows: ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION."""

IN_THE_CLOUD = (
    "这个文件还在云端，没有下载到本机。",
    "请等同步软件下载完（或右键它，选“始终保留在此设备上”），再拖进来。",
)
_HELD = ("这个文件正被别的程序占着（多半是 WPS 或 Excel）。", "请在那边保存并关闭它，再拖进来。")
_GONE = ("找不到这个文件。", "它可能已被移走、改名或删除；请找到它再拖进来。")
_LONG = ("文件的路径太长，系统打不开。", "请把它移到桌面这样的短路径下，或改一个短名字，再拖进来。")
_FORBIDDEN = ("没有权限读这个文件。", "请把它复制到桌面再拖进来，或请管理员开放权限。")
_AWAY = ("读不到这个文件所在的磁盘。", "U 盘可能拔出了，或网络断开了；请接好，或先把文件复制到本机，再拖进来。")
_OTHER = ("打不开这个文件。", "请确认它还在原处、没有被别的程序占用，再试一次。")

_WINDOWS_PATH = 260
_BY_WINDOWS: tuple[tuple[frozenset[int], tuple[str, str]], ...] = (
    (HELD_OPEN, _HELD),
    (frozenset({111, 206}), _LONG),
    (frozenset({362, 363, 364, 365, 366, 388, 389, 390, 391, 395, 396, 397, 398, 404, 426}), IN_THE_CLOUD),
    (frozenset({21, 51, 53, 54, 55, 59, 64, 65, 67, 71, 121, 1117, 1167, 1225, 1231, 1232, 1236}), _AWAY),
)
_AWAY_NAMES = (
    "EIO", "ENXIO", "ENODEV", "ESTALE", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH",
    "ENOTCONN", "ECONNRESET", "ECONNREFUSED", "ECONNABORTED", "EREMOTEIO",
)  # fmt: skip
_BY_NUMBER: tuple[tuple[frozenset[int], tuple[str, str]], ...] = (
    (frozenset({errno.ENOENT, errno.ENOTDIR}), _GONE),
    (frozenset({errno.ENAMETOOLONG}), _LONG),
    (frozenset({errno.EACCES, errno.EPERM}), _FORBIDDEN),
    (frozenset(getattr(errno, name) for name in _AWAY_NAMES if hasattr(errno, name)), _AWAY),
    (frozenset({errno.EBUSY, errno.ETXTBSY, errno.EDEADLK} | {getattr(errno, "EAGAIN", errno.EBUSY)}), _HELD),
)


def unreadable(error: OSError, path: Path) -> ReadFault:
    """The fault behind an OSError of reading ``path``."""
    if error.errno == errno.EISDIR:
        return ReadFault("not_a_table", "这是一个文件夹。", "请拖入里面的表格。")
    number = getattr(error, "winerror", None)
    if number is not None:
        if number in (2, 3) and len(str(path.absolute())) >= _WINDOWS_PATH:
            return ReadFault("unreadable", *_LONG)  # Windows says "not found" of paths it cannot take
        for numbers, words in _BY_WINDOWS:
            if number in numbers:
                return ReadFault("unreadable", *words)
    for numbers, words in _BY_NUMBER:
        if error.errno in numbers:
            return ReadFault("unreadable", *words)
    return ReadFault("unreadable", *_OTHER)


def check_still_there(path: Path) -> None:
    """Raise ReadFault if the file can no longer be read: then what its reader met was no damage."""
    try:
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise unreadable(error, path) from None
