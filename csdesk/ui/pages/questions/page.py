"""常见问题: the shared analysis frame with this page's result."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.analysis_info import analysis_page

PAGE = analysis_page(
    "questions",
    str(QT_TRANSLATE_NOOP("pages", "常见问题")),
    ("问题类别占比", "问题解决率"),
)
