"""导入与数据: its place in the navigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP

from csdesk.ui.pages.data.sections import SECTIONS
from csdesk.ui.pages.page_info import PageInfo

if TYPE_CHECKING:
    from csdesk.ui.context import Context
    from csdesk.ui.page import Page


def _build(context: Context) -> Page:
    from csdesk.ui.pages.data.data_page import DataPage  # noqa: PLC0415  not before the page is opened

    return DataPage(context)


PAGE = PageInfo(
    "data",
    str(QT_TRANSLATE_NOOP("pages", "导入与数据")),
    "data",
    "数据",
    _build,
    filtered=False,
    parts={info.id: info.title for info in SECTIONS},
    modules=("csdesk.ui.pages.data.data_page", "csdesk.ui.pages.data.imports.imports_section"),
)
