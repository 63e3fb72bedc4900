"""What every exported figure is made of: title, subtitle, body and foot. A chart is one kind of body, a table another.

``csdesk.charts.export`` paints figures on pictures, paper and the clipboard without knowing which kind it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRectF

from csdesk.charts.plot.canvas import Canvas
from csdesk.charts.plot.paint import draw_chart, preferred_height
from csdesk.charts.spec import ChartSpec

PAD = 28.0
_TITLE, _SUBTITLE, _FOOT = 18.0, 13.0, 11.5
_WIDE = {"trend": 960, "heatmap": 960, "bars": 760, "grouped_bars": 760, "levels": 680, "funnel": 680}


class Figure(Protocol):
    """Something to export. Lengths are logical pixels and leave the margins out."""

    @property
    def title(self) -> str:
        """The first line."""

    @property
    def subtitle(self) -> str:
        """The second line; may be empty."""

    @property
    def foot(self) -> Sequence[str]:
        """Paragraphs below the body."""

    def wide(self, canvas: Canvas) -> float:
        """The width it wants."""

    def narrowest(self, canvas: Canvas) -> float:
        """The width below which it has to be shrunk."""

    def high(self) -> float:
        """The height of the body at which nothing is squeezed or left out."""

    def draw(self, canvas: Canvas, rect: QRectF) -> None:
        """Paint the body."""

    def for_picture(self) -> Figure:
        """The part of it that goes into a picture."""

    def pages(self, canvas: Canvas, width: float, height: float) -> Sequence[Figure]:
        """Its parts, each for a page of this size."""


@dataclass(frozen=True, slots=True)
class ChartFigure:
    """A chart: always one picture and one page."""

    spec: ChartSpec
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.spec.title

    @property
    def subtitle(self) -> str:
        return self.spec.subtitle

    @property
    def foot(self) -> Sequence[str]:
        return [line for line in (self.spec.footnote, *self.notes) if line]

    def wide(self, canvas: Canvas) -> float:
        return _WIDE[self.spec.kind] - 2 * PAD

    def narrowest(self, canvas: Canvas) -> float:
        return 0.0

    def high(self) -> float:
        return max(preferred_height(self.spec), 300 if self.spec.kind == "trend" else 0)

    def draw(self, canvas: Canvas, rect: QRectF) -> None:
        draw_chart(canvas, rect, self.spec)

    def for_picture(self) -> Figure:
        return self

    def pages(self, canvas: Canvas, width: float, height: float) -> Sequence[Figure]:
        return [_OnPaper(self.spec, self.notes, height - around(self, canvas, width))]


@dataclass(frozen=True, slots=True)
class _OnPaper(ChartFigure):
    """A chart in the room of a page: a trend takes more of it than it needs."""

    room: float = 0.0

    def high(self) -> float:
        natural = float(preferred_height(self.spec))
        return max(natural, min(self.room, 440.0)) if self.spec.kind == "trend" else natural


def head_height(figure: Figure) -> float:
    """What title and subtitle take."""
    return 60.0 if figure.subtitle else 40.0


def foot_height(figure: Figure, canvas: Canvas, width: float) -> float:
    """What the foot takes in ``width``."""
    lines = [canvas.paragraph_height(line, width, _FOOT) + 2 for line in figure.foot]
    return 14 + sum(lines) if lines else 0.0


def around(figure: Figure, canvas: Canvas, width: float) -> float:
    """All that is not the body."""
    return head_height(figure) + foot_height(figure, canvas, width)


def draw_figure(canvas: Canvas, rect: QRectF, figure: Figure, pad: float = PAD) -> None:
    """Paint the whole figure into ``rect``, which includes margins of ``pad``."""
    canvas.box(rect, "surface")
    inner = rect.adjusted(pad, pad, -pad, -pad)
    canvas.text(QRectF(inner.left(), inner.top() - 2, inner.width(), 26), figure.title, "text", _TITLE, bold=True)
    canvas.text(QRectF(inner.left(), inner.top() + 26, inner.width(), 20), figure.subtitle, "text2", _SUBTITLE)
    foot = foot_height(figure, canvas, inner.width())
    figure.draw(canvas, inner.adjusted(0, head_height(figure), 0, -foot))
    y = inner.bottom() - foot + 14
    for line in figure.foot:
        room = QRectF(inner.left(), y, inner.width(), inner.bottom() - y + 4)
        y += canvas.paragraph(room, line, "text3", _FOOT) + 2
