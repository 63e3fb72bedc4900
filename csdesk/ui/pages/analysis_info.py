"""The pages that share the analysis frame differ in what is computed, not in how it is drawn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from csdesk.ui.pages.page_info import PageInfo

if TYPE_CHECKING:
    from csdesk.ui.context import Context
    from csdesk.ui.page import Page


_MODULES = ("csdesk.ui.analysis_page.page",)


def analysis_page(page: str, title: str, metrics: tuple[str, ...]) -> PageInfo:
    """A page of the group 分析, in the frame of ``ui/analysis_page``; its icon has its name."""
    return PageInfo(page, title, page, "分析", partial(_build, page), metrics=metrics, modules=_MODULES)


def _build(page: str, context: Context) -> Page:
    from csdesk.ui.analysis_page.page import AnalysisPage  # noqa: PLC0415  not before the page is opened

    return AnalysisPage(context, page)
