"""The strip on top of the quality section: one square a topic, which leads to its card."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from csdesk.ui.look import Look
from csdesk.ui.pages.data.quality.tables import Tile
from csdesk.ui.widgets.pieces import ElidedLabel, Pill, column, label, row


class TileCard(QFrame):
    """A topic, its state on a tinted ground, a short line. A click or Enter leads to its card."""

    opened = Signal(str)

    def __init__(self, look: Look, tile: Tile) -> None:
        super().__init__()
        self._id = tile.id
        self.setProperty("role", "card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        pad = look.theme.size("card_padding")
        lines = column(margins=(pad, pad - 3, pad, pad - 4), spacing=6)
        head = row(spacing=6)
        self._title = ElidedLabel(tile.title, "strong", Qt.TextElideMode.ElideRight)
        self._state = Pill()
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        self._text = label("", "small", wrap=True)
        lines.addLayout(head)
        lines.addWidget(self._text)
        lines.addStretch(1)
        self.setLayout(lines)
        self.show_tile(tile)

    def show_tile(self, tile: Tile) -> None:
        """Other words for the same topic."""
        self._state.show_as(tile.state, tile.tone)
        self._text.setText(tile.text)
        self.setAccessibleName(f"{tile.title}：{tile.state}。{tile.text}")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  Qt's name
        """Open."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self._id)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  Qt's name
        """Enter and Space open."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self._id)
            return
        super().keyPressEvent(event)


class Strip(QWidget):
    """All topics side by side."""

    opened = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._tiles: dict[str, TileCard] = {}
        self._line = row(spacing=look.theme.size("gap"))
        self.setLayout(self._line)

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show these; the topics are always the same."""
        for tile in tiles:
            known = self._tiles.get(tile.id)
            if known is None:
                made = TileCard(self._look, tile)
                made.opened.connect(self.opened)
                self._tiles[tile.id] = made
                self._line.addWidget(made, 1)
            else:
                known.show_tile(tile)
