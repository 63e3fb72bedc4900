"""客服绩效: the shared analysis frame with this page's result."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.analysis_info import analysis_page

PAGE = analysis_page(
    "agents",
    str(QT_TRANSLATE_NOOP("pages", "客服绩效")),
    ("首次响应时长", "平均响应时长", "回复率", "3分钟人工回复率", "询单转化率", "客服销售额"),
)
