"""邀评: the shared analysis frame with this page's result."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.analysis_info import analysis_page

PAGE = analysis_page(
    "invites",
    str(QT_TRANSLATE_NOOP("pages", "邀评")),
    ("邀评率", "邀评数", "评价率", "参评率"),
)
