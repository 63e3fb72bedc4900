"""Places cards in rows that answer to the width there is: KPI cards evenly, charts by their share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget, QWidgetItem


@dataclass(frozen=True, slots=True)
class Placed:
    """One card: its share of the row, its height in a width (words wrap) and the narrowest it may become."""

    share: int
    height: Callable[[int], int]
    narrowest: int


def split_row(cards: Sequence[Placed], width: int, gap: int) -> list[list[int]]:
    """Break a row where a card would become too narrow; returns indices row by row, balanced."""
    for lines in range(1, len(cards) + 1):
        per_line = -(-len(cards) // lines)
        rows = [list(range(start, min(start + per_line, len(cards)))) for start in range(0, len(cards), per_line)]
        if all(_fits([cards[index] for index in line], width, gap) for line in rows):
            return rows
    return [[index] for index in range(len(cards))]


def widths(cards: Sequence[Placed], width: int, gap: int, places: int = 0) -> list[int]:
    """Widths by share, filling ``width`` exactly; with ``places`` cards of one share leave those after them empty."""
    count = max(places, len(cards))
    free = width - gap * (count - 1)
    total = (sum(card.share for card in cards) or 1) * count / max(1, len(cards))
    edges = [round(free * sum(card.share for card in cards[:count]) / total) for count in range(len(cards) + 1)]
    return [after - before for before, after in pairwise(edges)]


def _fits(cards: Sequence[Placed], width: int, gap: int) -> bool:
    return all(given >= card.narrowest for given, card in zip(widths(cards, width, gap), cards, strict=True))


class CardRows(QLayout):
    """Rows of cards. ``spare`` is height to be shared out among the growing rows."""

    def __init__(self, gap: int) -> None:
        super().__init__()
        self._gap = gap
        self._items: list[QLayoutItem] = []
        self._rows: list[list[tuple[int, Placed]]] = []
        self._growing: set[int] = set()
        self._even: set[int] = set()
        self._heights: dict[int, int] = {}
        self.spare = 0

    def add_row(self, widgets: Sequence[tuple[QWidget, Placed]], *, grows: bool = False, even: bool = False) -> None:
        """Append a row. Where it has to be broken, ``even`` keeps its cards in columns of one width."""
        line = []
        for widget, placed in widgets:
            self.addChildWidget(widget)
            self._items.append(QWidgetItem(widget))
            line.append((len(self._items) - 1, placed))
        if grows:
            self._growing.add(len(self._rows))
        if even:
            self._even.add(len(self._rows))
        self._rows.append(line)
        self.invalidate()

    def reset(self) -> None:
        """Forget all rows; the widgets stay with their parent."""
        self._items, self._rows, self._growing, self._even = [], [], set(), set()
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:  # noqa: N802  Qt's name
        """Part of Qt's contract; cards come through :meth:`add_row`."""
        self._items.append(item)

    def count(self) -> int:
        """Number of cards."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  Qt's name
        """The card at ``index``."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # noqa: N802  Qt's name
        """Part of Qt's contract (deleting the layout)."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def narrowest_in(self, row: int, width: int) -> int:
        """Width of the narrowest card of a row, counted from 0, in a page of this width; 0 where it has none."""
        cards = [placed for _index, placed in self._rows[row]] if row < len(self._rows) else []
        parts = split_row(cards, width, self._gap) if cards else []
        places = len(parts[0]) if parts and row in self._even else 0
        return min((min(widths([cards[i] for i in part], width, self._gap, places)) for part in parts), default=0)

    def expandingDirections(self) -> Qt.Orientation:  # noqa: N802  Qt's name
        """Takes what width there is."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:  # noqa: N802  Qt's name
        """Height follows from width."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802  Qt's name
        """Height of all rows at this width, spare height not counted."""
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), place=False)
        return self._heights[width]

    def invalidate(self) -> None:
        """A card has changed: what was known of heights holds no more."""
        self._heights.clear()
        super().invalidate()

    def sizeHint(self) -> QSize:  # noqa: N802  Qt's name
        """A narrow window's size."""
        return QSize(700, self.heightForWidth(700))

    def minimumSize(self) -> QSize:  # noqa: N802  Qt's name
        """May be narrow; its height follows from the width."""
        return QSize(300, 0)

    def setGeometry(self, rect: QRect) -> None:  # noqa: N802  Qt's name
        """Place the cards."""
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def _arrange(self, rect: QRect, *, place: bool) -> int:
        extra = self.spare // len(self._growing) if place and self._growing else 0
        top = rect.top()
        for number, line in enumerate(self._rows):
            shown = [(index, placed) for index, placed in line if not self._items[index].isEmpty()]
            cards = [placed for _index, placed in shown]
            if not cards:
                continue
            parts = split_row(cards, rect.width(), self._gap)
            places = len(parts[0]) if number in self._even else 0
            for part in parts:
                across = widths([cards[i] for i in part], rect.width(), self._gap, places)[: len(part)]
                height = max(cards[index].height(width) for index, width in zip(part, across, strict=True))
                grown = height + (extra if number in self._growing else 0)
                left = rect.left()
                for index, width in zip(part, across, strict=True):
                    if place:
                        self._items[shown[index][0]].setGeometry(QRect(left, top, width, grown))
                    left += width + self._gap
                top += grown + self._gap
        return max(0, top - rect.top() - self._gap)
