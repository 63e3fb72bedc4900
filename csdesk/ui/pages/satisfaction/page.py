"""满意度: the shared analysis frame with this page's result."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.analysis_info import analysis_page

PAGE = analysis_page(
    "satisfaction",
    str(QT_TRANSLATE_NOOP("pages", "满意度")),
    ("满意率", "评价分布", "不满意率"),
)
