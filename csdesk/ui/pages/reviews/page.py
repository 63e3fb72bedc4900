"""评价口碑: the shared analysis frame with this page's result."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.analysis_info import analysis_page

PAGE = analysis_page(
    "reviews",
    str(QT_TRANSLATE_NOOP("pages", "评价口碑")),
    ("好评率", "差评率", "差评回复率", "评价时效"),
)
