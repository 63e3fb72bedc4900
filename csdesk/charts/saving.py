"""Putting an exported file where the owner wants it: whole or not at all, and a clear sentence when it cannot be."""

from __future__ import annotations

import errno
from pathlib import Path

from csdesk.errors import UserFault
from csdesk.settings.files import write_atomically

_SHARING_VIOLATION = {32, 33}  # Windows: somebody else has the file open
_ACCESS_DENIED = 5


def save_file(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` atomically. Raises ``UserFault`` that says why and what to do."""
    try:
        write_atomically(path, content)
    except OSError as error:
        raise explain(error, path) from error


def explain(error: OSError, path: Path) -> UserFault:
    """The fault behind an ``OSError`` of writing ``path``, in the owner's words."""
    name, folder = path.name, str(path.parent)
    if path.is_dir():
        return UserFault(f"“{name}”是一个文件夹，不能保存成文件。", "请换一个文件名。")
    if _held_open(error, path):
        return UserFault(f"“{name}”正被别的程序打开，没有保存。", "请在 WPS 或 Excel 里关掉它再试，或换一个文件名。")
    for numbers, what, advice in _REASONS:
        if error.errno in numbers:
            return UserFault(what.format(name=name, folder=folder), advice)
    return UserFault(f"“{name}”没有保存成功（{error.strerror or '读写出错'}）。", "请换一个位置再试。")


_REASONS: tuple[tuple[frozenset[int], str, str], ...] = (
    (
        frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}),
        "磁盘满了，“{name}”没有保存。",
        "请清理一些空间，或换一个磁盘再保存。",
    ),
    (frozenset({errno.ENOENT, errno.ENOTDIR}), "文件夹“{folder}”不存在，“{name}”没有保存。", "请换一个文件夹。"),
    (
        frozenset({errno.EACCES, errno.EPERM, errno.EROFS}),
        "文件夹“{folder}”不能写入，“{name}”没有保存。",
        "请换一个文件夹，例如“文档”或桌面。",
    ),
    (
        frozenset({errno.ENAMETOOLONG, errno.EINVAL}),
        "“{name}”这个文件名太长，或含有不能用的字符，没有保存。",
        "请换一个短一点的文件名。",
    ),
)


def _held_open(error: OSError, path: Path) -> bool:
    """Windows: a sharing violation, or "access denied" on replacing a file that is there."""
    code = getattr(error, "winerror", None)
    return code in _SHARING_VIOLATION or (code == _ACCESS_DENIED and path.is_file())
