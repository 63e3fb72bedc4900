"""What a painted chart answers to the mouse and the keyboard: places with their words. No widget in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF


@dataclass(frozen=True, slots=True)
class TipRow:
    """A line of a tool tip: a dot in ``role`` (or none), a name, a bold value and a greyer detail."""

    name: str
    value: str
    detail: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place of the chart that can be pointed at.

    ``rect`` is the place, ``anchor`` where the tip points, ``dots`` are marks to draw while it is shown (place, role),
    ``crosshair`` asks for a vertical line through the anchor. ``category`` is the index in ``ChartSpec.categories``,
    ``series`` the key of the series or "" where the place belongs to all.
    """

    rect: QRectF
    anchor: QPointF
    title: str
    rows: tuple[TipRow, ...]
    category: int
    series: str = ""
    dots: tuple[tuple[QPointF, str], ...] = ()
    crosshair: tuple[float, float] | None = None
    note: str = ""

    def spoken(self) -> str:
        """The tip as one line, for screen readers."""
        parts = [f"{row.name} {row.value} {row.detail}".strip() for row in self.rows]
        return ":".join(part for part in (self.title, ",".join(parts)) if part)


class Drawn:
    """What painting left behind: the places, and how many bars did not fit.

    Places are made when they are asked for (``make``: index → place): three years of days have a thousand of them.
    ``find`` tells the index under a point where there is a quicker way than to look at all.
    """

    def __init__(
        self,
        count: int = 0,
        make: Callable[[int], Hit] | None = None,
        find: Callable[[QPointF], int | None] | None = None,
        *,
        left_out: int = 0,
    ) -> None:
        self._hits: list[Hit | None] = [None] * count
        self._make, self._find = make or _missing, find
        self.left_out = left_out

    def __len__(self) -> int:
        return len(self._hits)

    def add(self, hit: Hit) -> None:
        """One more place."""
        self._hits.append(hit)

    def hit(self, index: int) -> Hit:
        """Place ``index``, in the order of the categories."""
        known = self._hits[index]
        if known is None:
            known = self._hits[index] = self._make(index)
        return known

    @property
    def hits(self) -> list[Hit]:
        """All places."""
        return [self.hit(index) for index in range(len(self._hits))]

    def at(self, point: QPointF) -> int | None:
        """Index of the place under ``point``."""
        if self._find is not None:
            return self._find(point)
        return next((index for index, hit in enumerate(self.hits) if hit.rect.contains(point)), None)


def _missing(index: int) -> Hit:
    raise IndexError(index)
