"""总览: the shared analysis frame with this page's result."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.analysis_info import analysis_page

PAGE = analysis_page(
    "overview",
    str(QT_TRANSLATE_NOOP("pages", "总览")),
    ("接待", "收到评价数"),
)
