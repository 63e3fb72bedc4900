"""Why a file could not be read, in words for the owner."""

from __future__ import annotations

from csdesk.errors import UserFault

_AGAIN = "请回到后台重新导出一份，再拖进来。"

WORDS: dict[str, tuple[str, str]] = {
    "encrypted": ("文件加密了，需要密码才能打开。", "请在 WPS 或 Excel 里去掉密码、另存一份，再拖进来。"),
    "damaged": ("文件损坏了，读不出内容。", _AGAIN),
    "not_a_table": ("这不是表格文件。", "请拖入 Excel、WPS 或 CSV 表格。"),
    "empty": ("这是一张空表，里面没有数据。", "请核对导出时选的日期和筛选条件，再导出一次。"),
    "too_large": ("文件太大，或解压后异常地大，没有读。", "请按更短的日期分几次导出。"),
    "stalled": ("读这个文件时长时间没有进展，已停止；文件很可能损坏了。", _AGAIN),
    "unreadable": ("打不开这个文件。", "它可能正被别的程序占用，或没有读取权限；请关闭 WPS/Excel 后再试。"),
    "lock_file": ("这是 WPS/Excel 打开文件时的临时文件，已跳过。", "请拖入原来的表格。"),
    "partial_download": ("这个文件还没有下载完，已跳过。", "请等下载完成后再拖进来。"),
}
"""kind → (what happened, what to do)."""


class ReadFault(UserFault):
    """A file that gives no rows. ``kind`` is a key of :data:`WORDS`."""

    def __init__(self, kind: str, message: str = "", advice: str = "") -> None:
        said, mend = WORDS[kind]
        super().__init__(message or said, advice or mend)
        self.kind = kind
