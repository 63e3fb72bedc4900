"""响应时间: the shared analysis frame with this page's result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.page_info import PageInfo

if TYPE_CHECKING:
    from csdesk.ui.context import Context
    from csdesk.ui.page import Page


def _build(context: Context) -> Page:
    from csdesk.ui.analysis_page.page import AnalysisPage  # noqa: PLC0415  not before the page is opened

    return AnalysisPage(context, "response")


PAGE = PageInfo(
    "response",
    str(QT_TRANSLATE_NOOP("pages", "响应时间")),
    "response",
    "分析",
    _build,
    metrics=("首次响应时长", "平均响应时长", "3分钟人工回复率", "服务水平达成率"),
)
