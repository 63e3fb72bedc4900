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

    ``later`` makes the places when they are first asked for: three years of days have a thousand of them.
    """

    def __init__(self, later: Callable[[], list[Hit]] | None = None, *, left_out: int = 0) -> None:
        self._later = later
        self._hits: list[Hit] = []
        self.left_out = left_out

    @property
    def hits(self) -> list[Hit]:
        """The places, in the order of the categories."""
        if self._later is not None:
            self._hits, self._later = self._later(), None
        return self._hits

    def at(self, point: QPointF) -> int | None:
        """Index of the place under ``point``."""
        for index, hit in enumerate(self.hits):
            if hit.rect.contains(point):
                return index
        return None
