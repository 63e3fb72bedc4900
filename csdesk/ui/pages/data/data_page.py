"""导入与数据 as a page of the window."""

from __future__ import annotations

from csdesk.ui.context import Context
from csdesk.ui.page import Page


class DataPage(Page):
    """The ledger and, while files wait for it, the import preview."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("page")
        self._context = context
