"""客户与订单: the shared analysis frame with this page's result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.page_info import PageInfo

if TYPE_CHECKING:
    from csdesk.ui.context import Context
    from csdesk.ui.page import Page


def _build(context: Context) -> Page:
    from csdesk.ui.analysis_page.page import AnalysisPage  # noqa: PLC0415  not before the page is opened

    return AnalysisPage(context, "customers")


PAGE = PageInfo(
    "customers",
    str(QT_TRANSLATE_NOOP("pages", "客户与订单")),
    "customers",
    "分析",
    _build,
    metrics=("付款订单数", "客单价", "复购率", "保留率", "流失率", "回访率", "退款率"),
)
