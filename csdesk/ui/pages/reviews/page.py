"""评价口碑: the shared analysis frame with this page's result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.page_info import PageInfo

if TYPE_CHECKING:
    from csdesk.ui.context import Context
    from csdesk.ui.page import Page


def _build(context: Context) -> Page:
    from csdesk.ui.analysis_page.page import AnalysisPage  # noqa: PLC0415  not before the page is opened

    return AnalysisPage(context, "reviews")


PAGE = PageInfo(
    "reviews",
    str(QT_TRANSLATE_NOOP("pages", "评价口碑")),
    "reviews",
    "分析",
    _build,
    metrics=("好评率", "差评率", "差评回复率", "评价时效"),
)
