"""A painter that speaks in roles: every stroke and word of a chart goes through here, on screen and on paper alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPaintDevice,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTextLayout,
    QTextOption,
)

from csdesk.settings.theme import Theme

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
CENTER = Qt.AlignmentFlag.AlignCenter


@contextmanager
def painting(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter on ``device`` that ends whatever happens: one left open takes the process down with its device."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()


def chart_font(size: float, *, bold: bool = False, family: str = "") -> QFont:
    """The program's font in ``size`` logical pixels, figures of equal width, unhinted so that paper equals screen.

    ``family`` takes another than the program's.
    """
    font = QFont(QGuiApplication.font())
    if family:
        font.setFamilies([family])
    font.setPixelSize(max(1, round(size)))
    font.setBold(bold)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


class Canvas:
    """A ``QPainter`` with a theme. Lengths are logical pixels; ``size`` arguments are text sizes.

    ``family`` writes with another font than the program's.
    """

    def __init__(self, painter: QPainter, theme: Theme, family: str = "") -> None:
        self.painter = painter
        self.theme = theme
        self.family = family
        self._fonts: dict[tuple[float, bool], tuple[QFont, QFontMetricsF]] = {}
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)

    def color(self, role: str, opacity: float = 1.0) -> QColor:
        color = QColor(self.theme.color(role))
        if opacity < 1.0:
            color.setAlphaF(color.alphaF() * opacity)
        return color

    def named(self, value: str) -> QColor:
        """A colour value of the theme as Qt's."""
        return QColor(value)

    def mixed(self, role: str, other: str, share: float) -> QColor:
        """``share`` of ``role``, the rest ``other``: opaque, so that it prints as it looks."""
        return mix(QColor(self.theme.color(other)), QColor(self.theme.color(role)), share)

    def _font(self, size: float, bold: bool) -> tuple[QFont, QFontMetricsF]:
        key = (size, bold)
        if key not in self._fonts:
            font = chart_font(size, bold=bold, family=self.family)
            self._fonts[key] = (font, QFontMetricsF(font))
        return self._fonts[key]

    def width(self, text: str, size: float = 12, *, bold: bool = False) -> float:
        return self._font(size, bold)[1].horizontalAdvance(text)

    def elided(self, text: str, room: float, size: float = 12, *, bold: bool = False) -> str:
        """Cut in the middle: names of one shop begin alike and differ at their ends."""
        return self._font(size, bold)[1].elidedText(text, Qt.TextElideMode.ElideMiddle, max(0.0, room))

    def text(
        self,
        rect: QRectF,
        text: str,
        role: str = "text",
        size: float = 12,
        *,
        bold: bool = False,
        align: Qt.AlignmentFlag = LEFT,
        color: QColor | None = None,
    ) -> None:
        """One line of text in ``rect``, elided when it does not fit."""
        if not text or rect.width() <= 0:
            return
        font, metrics = self._font(size, bold)
        shown = (
            text
            if metrics.horizontalAdvance(text) <= rect.width() + 0.5
            else self.elided(text, rect.width(), size, bold=bold)
        )
        self.painter.setFont(font)
        self.painter.setPen(color or self.color(role))
        self.painter.drawText(rect, int(align | Qt.TextFlag.TextDontClip), shown)

    def paragraph(self, rect: QRectF, text: str, role: str = "text2", size: float = 12) -> float:
        """Wrapped text from the top of ``rect``; returns the height it took."""
        layout, height = self._wrapped(text, rect.width(), size)
        self.painter.setPen(self.color(role))
        layout.draw(self.painter, rect.topLeft())
        return height

    def paragraph_height(self, text: str, room: float, size: float = 12) -> float:
        """The height of wrapped ``text`` in ``room`` pixels of width."""
        return self._wrapped(text, room, size)[1] if text else 0.0

    def _wrapped(self, text: str, room: float, size: float) -> tuple[QTextLayout, float]:
        """The lines of a text, none beginning with ， or ）, and their height; what painters wrap by flags has such."""
        layout = QTextLayout(text, self._font(size, bold=False)[0])
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, room))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        return layout, height

    def line(
        self,
        start: QPointF,
        end: QPointF,
        role: str,
        width: float = 1.0,
        *,
        dashes: Sequence[float] = (),
    ) -> None:
        self.painter.setPen(self.pen(self.color(role), width, dashes))
        self.painter.drawLine(start, end)

    def pen(self, color: QColor, width: float, dashes: Sequence[float] = ()) -> QPen:
        """``dashes`` are in pixels, whatever the width."""
        pen = QPen(color, width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if dashes else Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashes:
            pen.setDashPattern([length / width for length in dashes])
        return pen

    def box(self, rect: QRectF, fill: QColor | str, radius: float = 0.0) -> None:
        color = QColor(self.theme.color(fill)) if isinstance(fill, str) else fill
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(color)
        if radius:
            limit = min(radius, rect.width() / 2, rect.height() / 2)
            self.painter.drawRoundedRect(rect, limit, limit)
        else:
            self.painter.drawRect(rect)

    def hatch(self, rect: QRectF, color: QColor, radius: float = 0.0) -> None:
        """Slanted strokes: not settled yet."""
        self.painter.save()
        path = QPainterPath()
        path.addRoundedRect(rect, radius, radius)
        self.painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        self.painter.setPen(QPen(color, 2.0))
        x = rect.left() - rect.height()
        while x < rect.right():
            self.painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()))
            x += 6.0
        self.painter.restore()

    def polygon(self, points: Sequence[QPointF], fill: QColor) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(fill)
        self.painter.drawPolygon(QPolygonF(list(points)))

    def polyline(self, points: Sequence[QPointF], color: QColor, width: float, dashes: Sequence[float] = ()) -> None:
        self.painter.setPen(self.pen(color, width, dashes))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPolyline(QPolygonF(list(points)))

    def dot(self, center: QPointF, color: QColor, radius: float = 3.0, *, hollow: bool = False) -> None:
        """A mark with a rim in the page's colour; ``hollow`` = small sample."""
        surface = self.color("surface")
        self.painter.setPen(QPen(color if hollow else surface, 1.5))
        self.painter.setBrush(QBrush(surface if hollow else color))
        self.painter.drawEllipse(center, radius, radius)


def mix(low: QColor, high: QColor, share: float) -> QColor:
    """The colour ``share`` of the way from ``low`` to ``high``."""
    return QColor(
        round(low.red() + (high.red() - low.red()) * share),
        round(low.green() + (high.green() - low.green()) * share),
        round(low.blue() + (high.blue() - low.blue()) * share),
    )
