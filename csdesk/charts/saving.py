"""Putting an exported file where the owner wants it: whole or not at all, and a clear sentence when it cannot be."""

from __future__ import annotations

import errno
from pathlib import Path

from csdesk.errors import UserFault
from csdesk.settings.files import write_atomically

_SHARING_VIOLATION = {32, 33}  # Windows: somebody else has the file open


def save_file(path: Path, content: bytes) -> None:
    """Write ``content`` to ``path`` atomically. Raises ``UserFault`` that says why and what to do."""
    try:
        write_atomically(path, content)
    except OSError as error:
        raise explain(error, path) from error


def explain(error: OSError, path: Path) -> UserFault:
    """The fault behind an ``OSError`` of writing ``path``, in the owner's words."""
    name, folder = path.name, str(path.parent)
    if error.errno in {errno.ENOSPC, errno.EDQUOT if hasattr(errno, "EDQUOT") else errno.ENOSPC}:
        return UserFault(f"磁盘满了,「{name}」没有保存。", "请清理一些空间,或换一个磁盘再保存。")
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return UserFault(f"文件夹「{folder}」不存在,「{name}」没有保存。", "请换一个文件夹。")
    if path.is_dir():
        return UserFault(f"「{name}」是一个文件夹,不能保存成文件。", "请换一个文件名。")
    if getattr(error, "winerror", None) in _SHARING_VIOLATION or _held_open(error, path):
        return UserFault(f"「{name}」正被别的程序打开,没有保存。", "请在 WPS 或 Excel 里关掉它再试,或换一个文件名。")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return UserFault(f"文件夹「{folder}」不能写入,「{name}」没有保存。", "请换一个文件夹,例如「文档」或桌面。")
    if error.errno in {errno.ENAMETOOLONG, errno.EINVAL}:
        return UserFault("文件名太长,或含有不能用的字符,没有保存。", "请换一个短一点的文件名。")
    return UserFault(f"「{name}」没有保存成功({error.strerror or '读写出错'})。", "请换一个位置再试。")


def _held_open(error: OSError, path: Path) -> bool:
    """On Windows replacing an open file is "access denied" although its folder takes new files."""
    return getattr(error, "winerror", None) == 5 and path.is_file()
