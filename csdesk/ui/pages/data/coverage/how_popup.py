"""Where days that are missing can be exported from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from csdesk.analysis.frame import ExportHint
from csdesk.ui.widgets.pieces import Popup, column, hairline, label

_WIDTH = 380


class HowPopup(Popup):
    """The ways to export a source, each with its name and its place."""

    def __init__(self, parent: QWidget, title: str, hints: Sequence[ExportHint]) -> None:
        super().__init__(parent, padding=14)
        self.setFixedWidth(_WIDTH)
        self.body.addWidget(label(title, "strong", wrap=True))
        if not hints:
            self.body.addWidget(label(self.tr("按导入时用的那张表再导出一次。"), "second", wrap=True))
        for hint in hints:
            self.body.addSpacing(6)
            self.body.addWidget(hairline())
            self.body.addSpacing(6)
            lines = column(spacing=2)
            lines.addWidget(label(hint.name, "strong", wrap=True, selectable=True))
            lines.addWidget(label(hint.where, "second", wrap=True, selectable=True))
            self.body.addLayout(lines)
        self.body.addSpacing(4)
        self.body.addWidget(label(self.tr("导出后拖进窗口，已有的天不会重复计算。"), "hint", wrap=True))
