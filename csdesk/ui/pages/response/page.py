"""响应时间: the shared analysis frame with this page's result."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.analysis_info import analysis_page

PAGE = analysis_page(
    "response",
    str(QT_TRANSLATE_NOOP("pages", "响应时间")),
    ("首次响应时长", "平均响应时长", "3分钟人工回复率", "服务水平达成率", "排班建议"),
)
