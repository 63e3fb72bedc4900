"""Whether a folder is a bad place for the store: network drives and synced folders."""

from __future__ import annotations

import sys
from pathlib import Path

_SYNCED = (
    "onedrive",
    "dropbox",
    "nutstore",
    "坚果云",
    "baidusync",
    "百度网盘",
    "icloud",
    "googledrive",
    "google drive",
    "我的云端硬盘",
    "微云",
    "weiyun",
    "阿里云盘",
    "adrive",
    "夸克网盘",
    "wps云盘",
    "wpsdrive",
    "115网盘",
    "synologydrive",
)
_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "davfs", "fuse.rclone"}


def folder_notice(folder: Path) -> str | None:
    """A sentence for the owner when the folder is on a network drive or inside a synced folder, else None."""
    resolved = folder.resolve()
    if is_network(resolved):
        return "数据文件夹在网络盘上，断网或多台电脑同时使用可能损坏数据。请把数据文件夹放到本机硬盘。"
    part = synced_part(resolved)
    if part:
        return f"数据文件夹在同步盘“{part}”里，同步软件可能损坏数据。请把数据文件夹放到不同步的位置，只同步备份。"
    return None


def synced_part(folder: Path) -> str:
    """The part of the path that is a synced folder's, "" if none is."""
    return next((part for part in folder.parts if any(name in part.casefold() for name in _SYNCED)), "")


def is_network(folder: Path) -> bool:
    """Whether a folder lies on another machine."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415

        drive = folder.drive
        remote = 4
        return drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == remote
    return _linux_file_system(folder) in _NETWORK_FILE_SYSTEMS


def _linux_file_system(folder: Path) -> str:
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    best = ("", "")
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, where, kind, *_ = line.split(" ")
        where = where.replace("\\040", " ")
        if folder.is_relative_to(where) and len(where) >= len(best[0]):
            best = (where, kind)
    return best[1]
