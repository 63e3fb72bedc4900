"""客户与订单: the shared analysis frame with this page's result."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.analysis_info import analysis_page

PAGE = analysis_page(
    "customers",
    str(QT_TRANSLATE_NOOP("pages", "客户与订单")),
    ("付款订单数", "客单价", "复购率", "保留率", "流失率", "回访率", "退款率", "咨询量预测"),
)
