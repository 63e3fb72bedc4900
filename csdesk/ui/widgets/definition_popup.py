"""The 口径 card: what a number is, how it was computed here, and from which files."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from csdesk.metrics.model import MetricValue
from csdesk.ui.context import Context
from csdesk.ui.widgets.pieces import Popup, hairline, label

_WIDTH = 400
_TALLEST = 520


class DefinitionPopup(Popup):
    """Opens under the ⓘ of a number."""

    def __init__(self, parent: QWidget, context: Context, value: MetricValue, title: str) -> None:
        super().__init__(parent, padding=16)
        from csdesk.metrics.card import definition_lines  # noqa: PLC0415  computed when it is first opened

        del context
        self.body.addWidget(label(self.tr("口径 · {title}").format(title=title), "cardTitle"))
        self.body.addSpacing(6)
        self.body.addWidget(hairline())
        self.body.addSpacing(6)
        inside, grid = QWidget(), QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        for number, (name, text) in enumerate(definition_lines(value)):
            grid.addWidget(label(name, "second"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(text, wrap=True, selectable=True), number, 1)
        inside.setLayout(grid)
        inside.setFixedWidth(_WIDTH - 16)
        area = QScrollArea()
        area.setProperty("plain", True)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setFixedWidth(_WIDTH)
        area.setFixedHeight(min(_TALLEST, grid.heightForWidth(_WIDTH - 16) + 4))
        self.body.addWidget(area)
