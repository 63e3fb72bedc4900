"""The 口径 card: what a number is, how it was computed here, and from which files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from csdesk.ui.widgets.pieces import Popup, hairline, label, scrolling

_WIDTH = 400
_TALLEST = 520

Lines = Sequence[tuple[str, str]]
"""(word, text) pairs of :mod:`csdesk.metrics.card`."""


class DefinitionPopup(Popup):
    """Opens under the ⓘ of a number, or under the ⋯ of a chart or table with one section a metric.

    ``sections`` are (name of the number, its lines).
    """

    def __init__(self, parent: QWidget, sections: Sequence[tuple[str, Lines]]) -> None:
        super().__init__(parent, padding=16)
        inside, grid = QWidget(), QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(7)
        grid.setColumnStretch(1, 1)
        for title, lines in sections:
            self._add(grid, title, lines)
        inside.setLayout(grid)
        inside.setFixedWidth(_WIDTH - 16)
        area = scrolling(inside)
        area.setFixedWidth(_WIDTH)
        area.setFixedHeight(min(_TALLEST, grid.heightForWidth(_WIDTH - 16) + 4))
        self.body.addWidget(area)
        area.setFocus()  # the arrows scroll

    def _add(self, grid: QGridLayout, title: str, lines: Lines) -> None:
        first = grid.rowCount()
        heading = label(self.tr("口径 · {title}").format(title=title), "cardTitle")
        grid.addWidget(heading, first, 0, 1, 2)
        grid.addWidget(hairline(), first + 1, 0, 1, 2)
        for number, (name, text) in enumerate(lines, first + 2):
            grid.addWidget(label(name, "second"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(label(text, wrap=True, selectable=True), number, 1)
