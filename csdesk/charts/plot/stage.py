"""pyqtgraph's items, drawn in the pixels of the chart: the same strokes on screen, in SVG, on paper.

A chart is a ``Stage``: a scene with a ``ViewBox`` for the coordinates, and items in it. pyqtgraph draws widths in
device pixels (hair lines on paper), symbols as bitmaps and axes through a ``QPicture`` (shifted on paper); so the items
here keep pyqtgraph's data and coordinates and paint themselves with the ``Canvas``. No widget, no menu, no PlotItem:
its control panel alone costs more than all of a chart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
import shiboken6
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsScene

from csdesk.charts.plot.canvas import CENTER, RIGHT, Canvas, mix

pg.setConfigOptions(antialias=True, background=None)

MARGIN = (8.0, 4.0)  # how far lines and dots may reach over the edges of the data area
_CHUNK = 48  # points stroked at once: the raster engine's time grows with the square of a wide line's length
Floats = npt.NDArray[np.float64]


class Stage(pg.GraphicsScene):
    """A scene in the chart's own pixels; ``area`` is where the ranges of ``view`` lie, margins apart."""

    def __init__(self, canvas: Canvas, *, y_down: bool = False) -> None:
        super().__init__()
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.setSceneRect(QRectF(0, 0, 1, 1))  # else asking for it asks every item for its bounds
        self.canvas = canvas
        self.base = QTransform()
        self.area = QRectF()
        self.cut = False  # whether lines go on beyond the area
        self.view = pg.ViewBox(enableMenu=False, enableMouse=False, invertY=y_down, defaultPadding=0)

    def close(self) -> None:
        """Let go of everything now: a scene left to the garbage collector may outlive the application and crash it."""
        if shiboken6.isValid(self):
            shiboken6.delete(self)

    def arrange(self, area: QRectF, x: tuple[float, float], y: tuple[float, float]) -> None:
        """Put the ranges ``x`` and ``y`` (lowest, highest) on the edges of ``area``."""
        self.area = area
        beside, above = MARGIN
        dx, dy = beside * (x[1] - x[0]) / area.width(), above * (y[1] - y[0]) / area.height()
        self.view.setGeometry(area.adjusted(-beside, -above, beside, above))
        self.view.setRange(xRange=(x[0] - dx, x[1] + dx), yRange=(y[0] - dy, y[1] + dy), padding=0)
        self.view.updateMatrix()

    def stack(self) -> None:
        """What was added to the view first lies lowest."""
        for order, item in enumerate(self.view.childGroup.childItems()):
            item.setZValue(order)

    def place(self, x: float, y: float) -> QPointF:
        """Where data coordinates lie on the chart."""
        point: QPointF = self.view.mapToScene(self.view.mapFromView(QPointF(x, y)))
        return point

    def show(self, canvas: Canvas, rect: QRectF) -> None:
        """Paint everything with ``canvas``, whose coordinates are the stage's."""
        painter, self.canvas = canvas.painter, canvas
        self.base = painter.worldTransform()
        self.setSceneRect(rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)  # the view would fill itself with the last one
        if self.view.scene() is None:
            self.addItem(self.view)  # late: every item added to a view on the stage is registered twice
        try:
            self.render(painter, rect, rect, Qt.AspectRatioMode.IgnoreAspectRatio)
        finally:
            canvas.painter = painter  # the items were given the scene's


class _Inked:
    """Paints in the pixels of the stage, whatever the item's own coordinates."""

    stage: Stage
    clipped = False  # to the data area, where there is more to either side

    def paint(self, painter: QPainter, option: object = None, widget: object = None) -> None:
        """Qt's call; ``ink`` does the work."""
        painter.setWorldTransform(self.stage.base)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.clipped and self.stage.cut:
            painter.setClipRect(self.stage.area.adjusted(-1, -MARGIN[1], 1, MARGIN[1]), Qt.ClipOperation.IntersectClip)
        self.stage.canvas.painter = painter
        self.ink(self.stage.canvas)

    def boundingRect(self) -> QRectF:  # noqa: N802  (Qt's name)
        """The whole stage: pyqtgraph's own bounds know nothing of what is drawn beside the data."""
        return QRectF(self.mapRectFromScene(self.stage.sceneRect()))  # type: ignore[attr-defined]

    def ink(self, canvas: Canvas) -> None:
        """Draw."""
        raise NotImplementedError


class Ink(_Inked, pg.GraphicsObject):
    """What a function draws: grids, words, legends. Inside the view it is clipped to the data."""

    def __init__(self, stage: Stage, draw: Callable[[Canvas], None]) -> None:
        super().__init__()
        self.stage = stage
        self._draw = draw

    def ink(self, canvas: Canvas) -> None:
        """Have it drawn."""
        self._draw(canvas)


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring points ``first`` … ``last`` with values; from ``settled`` on they are provisional."""

    first: int
    last: int
    settled: int


def runs(values: Floats, provisional: Sequence[bool] = ()) -> list[Run]:
    """The runs of values between gaps (nan)."""
    known = np.flatnonzero(np.isfinite(values))
    if not len(known):
        return []
    found: list[Run] = []
    for part in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1):
        first, last = int(part[0]), int(part[-1])
        settled = next((i for i in range(first, last + 1) if provisional and provisional[i]), last + 1)
        found.append(Run(first, last, settled))
    return found


class Curve(_Inked, pg.PlotCurveItem):
    """A line with gaps (nan), dashed where it is provisional."""

    clipped = True

    def __init__(self, stage: Stage, x: Floats, y: Floats, pen: QPen, provisional: Sequence[bool] = ()) -> None:
        super().__init__(x=x, y=y, pen=pen, connect="finite", skipFiniteCheck=False)
        self.stage = stage
        self._runs = runs(y, provisional)

    def ink(self, canvas: Canvas) -> None:
        """Stroke what lies in sight, in pieces."""
        pen: QPen = self.opts["pen"]
        dashed = canvas.pen(pen.color(), pen.widthF(), (2.5, 2.5))
        painter = canvas.painter
        painter.setBrush(Qt.BrushStyle.NoBrush)
        xs, ys = in_pixels(self.sceneTransform(), self.xData, self.yData)
        first, last = in_sight(self.stage, xs)
        for run in self._runs:
            start, end = max(run.first, first), min(run.last, last)
            painter.setPen(pen)
            stop = min(end, run.settled - 1)
            for piece in range(start, stop, _CHUNK):
                painter.drawPolyline(_polygon(xs, ys, piece, min(stop, piece + _CHUNK)))
            tail = max(start, run.settled - 1)
            if run.settled <= run.last and tail < end:
                painter.setPen(dashed)
                painter.drawPolyline(_polygon(xs, ys, tail, end))


class Band(_Inked, pg.GraphicsObject):
    """The interval between two lines; over a day alone it is a small slab.

    (Not pyqtgraph's FillBetweenItem: it takes its outline from a ``QPainterPath`` and crashes on long ones.)
    """

    clipped = True

    def __init__(self, stage: Stage, x: Floats, low: Floats, high: Floats, fill: QColor) -> None:
        super().__init__()
        self.stage = stage
        self.x, self.low, self.high = x, low, high
        self._fill, self._runs = fill, runs(low + high)

    def ink(self, canvas: Canvas) -> None:
        """Fill what lies in sight."""
        xs, lows = in_pixels(self.sceneTransform(), self.x, self.low)
        _, highs = in_pixels(self.sceneTransform(), self.x, self.high)
        first, last = in_sight(self.stage, xs)
        canvas.painter.setPen(Qt.PenStyle.NoPen)
        canvas.painter.setBrush(self._fill)
        for run in self._runs:
            start, end = max(run.first, first), min(run.last, last)
            if run.first == run.last and start == end:
                canvas.painter.drawRect(QRectF(xs[start] - 4, highs[start], 8, lows[start] - highs[start]))
            elif start < end:
                there, back = slice(start, end + 1), slice(end, start - 1 if start else None, -1)
                outline = np.concatenate([xs[there], xs[back]]), np.concatenate([highs[there], lows[back]])
                canvas.painter.drawPolygon(pg.functions.arrayToQPolygonF(*outline))


class Dots(_Inked, pg.ScatterPlotItem):
    """Marks on single values; ``hollow`` ones stand for small samples."""

    clipped = True

    def __init__(self, stage: Stage, color: QColor) -> None:
        super().__init__(pen=None, brush=color)
        self.stage = stage
        self._color = color

    def arrange(self, x: Floats, y: Floats, radii: Sequence[float], hollow: Sequence[bool]) -> None:
        """Show marks at these places."""
        self.setData(x=x, y=y, size=2 * np.array(radii), data=list(hollow))

    def ink(self, canvas: Canvas) -> None:
        """Draw them as shapes, not as bitmaps."""
        spots = self.data
        xs, ys = in_pixels(self.sceneTransform(), spots["x"], spots["y"])
        for x, y, size, empty in zip(xs, ys, spots["size"], spots["data"], strict=True):
            canvas.dot(QPointF(x, y), self._color, size / 2, hollow=empty)


class Guide(_Inked, pg.InfiniteLine):
    """A dashed line across the data area: a target. ``angle`` 0 lies, 90 stands."""

    def __init__(self, stage: Stage, value: float, pen: QPen, angle: float = 0) -> None:
        super().__init__(value, angle=angle, pen=pen)
        self.stage = stage

    def ink(self, canvas: Canvas) -> None:
        """Draw it from edge to edge."""
        area, place = self.stage.area, self.stage.place(self.value(), self.value())
        canvas.painter.setPen(self.pen)
        if self.angle:
            canvas.painter.drawLine(QPointF(place.x(), area.top() - 2), QPointF(place.x(), area.bottom()))
        else:
            canvas.painter.drawLine(QPointF(area.left(), place.y()), QPointF(area.right(), place.y()))


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick at ``value``: its words (elided to ``room``) and a smaller second line."""

    value: float
    text: str
    below: str = ""
    room: float = 90.0


class Axis(_Inked, pg.AxisItem):
    """Words along an edge of the view; the grid is drawn in the view, beneath the lines."""

    def __init__(self, stage: Stage, side: str) -> None:
        super().__init__(side, linkView=stage.view)
        self.stage = stage
        self.marks: tuple[Tick, ...] = ()
        self.edge = QRectF()
        stage.addItem(self)

    def arrange(self, place: QRectF, ticks: Sequence[Tick]) -> None:
        """Write ``ticks`` into ``place``: right-aligned beside the view, or centred along it."""
        self.edge, self.marks = place, tuple(ticks)
        self.setGeometry(place)
        self.setTicks([[(tick.value, tick.text) for tick in ticks]])

    def updateAutoSIPrefix(self) -> None:  # noqa: N802  (pyqtgraph's name)
        """No prefixes: our words have their units, and the label this would write is never shown."""

    def ink(self, canvas: Canvas) -> None:
        """Write the words; those out of sight are left out."""
        place = self.edge
        for tick in self.marks:
            spot = self.stage.place(tick.value, tick.value)
            if self.orientation == "left":
                canvas.text(QRectF(place.left(), spot.y() - 9, place.width(), 18), tick.text, "text2", align=RIGHT)
            elif place.left() - 1 <= spot.x() <= place.right() + 1:
                line = QRectF(spot.x() - tick.room / 2, place.top(), tick.room, 16)
                canvas.text(line, tick.text, "text2", align=CENTER)
                canvas.text(line.translated(0, 15), tick.below, "text3", 11, align=CENTER)


class Bars(_Inked, pg.BarGraphItem):
    """Rounded bars from ``corners`` (x, y; y down) of ``sizes`` (width, height), hatched where they are provisional.

    ``inset`` leaves so many pixels free on each side.
    """

    def __init__(
        self,
        stage: Stage,
        fills: Sequence[QColor],
        corners: tuple[Floats, Floats],
        sizes: tuple[Floats, Floats],
        *,
        hatched: Sequence[bool] = (),
        inset: float = 0.0,
    ) -> None:
        super().__init__(x0=corners[0], y0=corners[1], width=sizes[0], height=sizes[1], pen=None, brushes=list(fills))
        self.stage = stage
        self._corners, self._sizes = corners, sizes
        self._fills, self._hatched, self._inset = fills, hatched, inset

    def places(self) -> list[QRectF]:
        """Where the bars lie on the chart, at least 2 pixels wide where there is anything to show."""
        (x0, y0), (widths, heights), transform = self._corners, self._sizes, self.sceneTransform()
        left, top = in_pixels(transform, x0, y0)
        right, bottom = in_pixels(transform, x0 + widths, y0 + heights)
        inset = self._inset
        return [
            QRectF(x, y, max(2.0, w) if w > 0 else 0.0, h).adjusted(inset, inset, -inset, -inset)
            for x, y, w, h in zip(left, top, right - left, bottom - top, strict=True)
        ]

    def ink(self, canvas: Canvas) -> None:
        """Draw them one by one."""
        hatched = self._hatched or [False] * len(self._fills)
        for place, fill, hatch in zip(self.places(), self._fills, hatched, strict=True):
            if place.width() <= 0:  # a bar of nothing is no bar
                continue
            if hatch:
                canvas.box(place, mix(canvas.color("surface"), fill, 0.35), 3)
                canvas.hatch(place, fill, 3)
            else:
                canvas.box(place, fill, 3)


class Whiskers(_Inked, pg.ErrorBarItem):
    """Intervals of lying bars, ``caps`` pixels high at both ends."""

    def __init__(self, stage: Stage, pen: QPen, y: Floats, low: Floats, high: Floats) -> None:
        super().__init__(x=low, y=y, left=np.zeros_like(low), right=high - low, pen=pen)
        self.stage = stage
        self.caps = 3.0

    def ink(self, canvas: Canvas) -> None:
        """Draw the lines and their caps."""
        canvas.painter.setPen(self.opts["pen"])
        path = QPainterPath()
        for low, length, y in zip(self.opts["x"], self.opts["right"], self.opts["y"], strict=True):
            start, end = self.stage.place(low, y), self.stage.place(low + length, y)
            path.moveTo(start)
            path.lineTo(end)
            for spot in (start, end):
                path.moveTo(spot.x(), spot.y() - self.caps)
                path.lineTo(spot.x(), spot.y() + self.caps)
        canvas.painter.drawPath(path)


def in_pixels(transform: QTransform, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Data coordinates on the chart; the axes are straight, so two factors are all."""
    return x * transform.m11() + transform.dx(), y * transform.m22() + transform.dy()


def in_sight(stage: Stage, xs: Floats) -> tuple[int, int]:
    """First and last index to draw: the points in the area and one beyond on either side."""
    left, right = np.searchsorted(xs, [stage.area.left() - MARGIN[0], stage.area.right() + MARGIN[0]])
    return max(0, int(left) - 1), min(len(xs) - 1, int(right))


def floats(values: Sequence[float | None]) -> Floats:
    """None becomes nan."""
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _polygon(xs: Floats, ys: Floats, first: int, last: int) -> QPolygonF:
    polygon: Any = pg.functions.arrayToQPolygonF(xs[first : last + 1], ys[first : last + 1])
    return polygon  # type: ignore[no-any-return]
