"""The white card with a title, a subtitle and a ⋯ menu that charts and tables live in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QWidget

from csdesk.ui.look import Look
from csdesk.ui.widgets.pieces import ElidedLabel, IconButton, column, label, new_menu, row


class Card(QFrame):
    """A card; put content with :meth:`put`, header tools with :meth:`tool`."""

    def __init__(self, look: Look, title: str = "", subtitle: str = "") -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._look = look
        self._dots: IconButton | None = None
        pad = look.theme.size("card_padding")
        self._lines = column(margins=(pad, pad - 3, pad, pad - 4), spacing=2)
        self._head = row(spacing=6)
        self.title = ElidedLabel(title, "cardTitle", Qt.TextElideMode.ElideRight)
        self._head.addWidget(self.title, 1)
        self.subtitle = label(subtitle, "small", wrap=True)
        self.subtitle.setVisible(bool(subtitle))
        self.subtitle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._lines.addLayout(self._head)
        self._lines.addWidget(self.subtitle)
        self.setLayout(self._lines)

    def say(self, title: str, subtitle: str) -> None:
        """Change title and subtitle."""
        self.title.setText(title)
        self.title.update()
        if self._dots is not None:
            self._dots.setAccessibleName(f"{title}：{self._dots.toolTip()}")
        self.subtitle.setText(subtitle)
        self.subtitle.setVisible(bool(subtitle))

    def height_around(self, width: int) -> int:
        """What title, subtitle and margins take in a card of this width."""
        margins, gaps = self._lines.contentsMargins(), self._lines.spacing()
        inside = width - margins.left() - margins.right()
        head = self._head.sizeHint().height() + gaps
        if self.subtitle.text():
            head += self.subtitle.heightForWidth(inside) + gaps
        return margins.top() + head + margins.bottom()

    def put(self, content: QWidget, stretch: int = 1) -> None:
        """Add content below."""
        self._lines.addWidget(content, stretch)

    def tool(self, widget: QWidget, *, first: bool = False) -> None:
        """Add a widget at the right of the title, after those that are there or before them."""
        self._head.insertWidget(1 if first else self._head.count(), widget)

    def menu(self, hint: str, fill: Callable[[QMenu], None]) -> IconButton:
        """Add the ⋯ button whose menu ``fill`` makes when it opens."""
        dots = self._dots = IconButton(self._look, "more", hint, "text3")
        dots.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        menu = new_menu(dots)

        def refill() -> None:
            menu.clear()
            fill(menu)

        menu.aboutToShow.connect(refill)
        dots.setMenu(menu)
        self._head.addWidget(dots)
        return dots
