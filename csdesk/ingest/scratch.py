"""Folders for unpacked and copied files: gone with their owner, or swept by the next one if that was killed."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Self

from csdesk.errors import UserFault
from csdesk.settings.held_file import HeldFile, hold

_PREFIX = "csdesk-scratch-"
_HELD = "in-use"
_STRAY_SECONDS = 24 * 3600.0  # a folder whose maker was killed before it could hold it


class Scratch:
    """One such folder, ``path``. Raises UserFault where none can be made (disk full, no temporary folder)."""

    def __init__(self) -> None:
        try:
            sweep()
            self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
            self._held: HeldFile | None = hold(self.path / _HELD)
        except OSError as error:
            raise no_room(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove it with all it holds. Safe to call twice."""
        if self._held is not None:
            self._held.close()
            self._held = None
        shutil.rmtree(self.path, ignore_errors=True)


def is_full(error: OSError) -> bool:
    """Whether the disk (or the owner's share of it) is full."""
    return error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def no_room(error: OSError) -> UserFault:
    """Why temporary files cannot be written, and what to do."""
    if is_full(error):
        return UserFault("磁盘满了，放不下读表要用的临时文件。", "请清理一些空间（尤其是系统盘）再试。")
    return UserFault("写不了系统的临时文件夹。", "请检查系统盘是否可以写入，或重新启动电脑后再试。")


def sweep() -> None:
    """Remove the folders of programs that were killed; those of running ones are held by them."""
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        left = [Path(entry.path) for entry in entries if entry.name.startswith(_PREFIX)]
        for folder in left:
            if _is_left(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    mark = folder / _HELD
    try:
        if not mark.exists():
            return time.time() - folder.stat().st_mtime > _STRAY_SECONDS
        held = hold(mark)
    except OSError:  # another user's, or gone already
        return False
    if held is None:
        return False
    held.close()
    return True
