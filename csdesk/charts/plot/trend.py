"""Lines over time with their intervals, events, targets and days that are not settled; a long time can be zoomed."""

from __future__ import annotations

from bisect import bisect
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from csdesk.charts import format as written
from csdesk.charts.plot.axis import Scale, category_ticks, dated, positions, spread, value_scale
from csdesk.charts.plot.canvas import CENTER, LEFT, RIGHT, Canvas
from csdesk.charts.plot.scene import Drawn, Hit, TipRow
from csdesk.charts.plot.stage import MARGIN, Axis, Band, Curve, Dots, Guide, Ink, Stage, Tick, floats
from csdesk.charts.plot.words import detail_text, point_text, tick_text, value_text
from csdesk.charts.spec import ChartSpec, Mark, Point, Series

_TEXT = 12.0
_LABEL_GAP = 16.0
_BAND = 0.16  # how much of its colour an interval has; less where many lie over each other
_INSET = 7.0  # from the edges of the area to the first and last point
_CLOSEST = 5.0  # a zoom shows at least so many steps
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things go: the data area, the value scale, the x of every category, the indices in sight."""

    rect: QRectF
    area: QRectF
    scale: Scale
    xs: tuple[float, ...]
    first: int
    last: int
    legend: bool

    def y(self, value: float) -> float:
        return self.area.bottom() - self.scale.share(value) * self.area.height()

    def span(self, first: int, last: int) -> tuple[float, float]:
        """Left and right edge of the categories ``first`` … ``last``, half a step beyond each, inside the area."""
        xs, count = self.xs, len(self.xs)
        first, last = max(0, min(first, count - 1)), max(0, min(last, count - 1))
        if count == 1:
            return xs[0] - 24, xs[0] + 24
        left = xs[first] - (xs[first] - xs[first - 1] if first else xs[1] - xs[0]) / 2
        right = xs[last] + (xs[last + 1] - xs[last] if last + 1 < count else xs[-1] - xs[-2]) / 2
        return max(left, self.area.left() - 7), min(right, self.area.right() + 7)

    def seen(self, series: Series) -> list[Point]:
        """The points in sight that have a value."""
        return [point for point in series.points[self.first : self.last + 1] if point.y is not None]


def draw_trend(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """Paint the whole of a trend; the hits are one strip for each category."""
    plot = TrendPlot(canvas, spec)
    plot.lay_out(canvas, rect)
    drawn = plot.paint(canvas)
    plot.stage.close()
    return drawn


class TrendPlot:
    """A trend on a stage of its own. ``lay_out`` it before each ``paint``; ``zoom``, ``pan``, ``show`` in between."""

    def __init__(self, canvas: Canvas, spec: ChartSpec) -> None:
        self.x = positions(spec)
        self.spec = replace(spec, series=tuple(_of_length(series, len(self.x)) for series in spec.series))
        self.stage = Stage(canvas)
        self.whole = (self.x[0], self.x[-1]) if len(self.x) > 1 else (self.x[0] - 0.5, self.x[0] + 0.5)
        self.shown = self.whole
        self.curves: dict[str, Curve] = {}
        self._dots: dict[str, Dots] = {}
        self._frame: Frame | None = None
        self._tick_room = 0.0
        self._values, self._dates = Axis(self.stage, "left"), Axis(self.stage, "bottom")
        self._build(canvas)

    # -- what is in it --------------------------------------------------------------------------------------------

    def _build(self, canvas: Canvas) -> None:
        """Bottom to top."""
        x = np.array(self.x)
        self.stage.view.addItem(Ink(self.stage, self._behind))
        for series in self.spec.series:
            low, high = floats([p.low for p in series.points]), floats([p.high for p in series.points])
            held = np.isfinite(floats([p.y for p in series.points]))
            if (held & np.isfinite(low) & np.isfinite(high)).any():
                fill = canvas.color(series.role, _BAND * min(1.0, 2 / len(self.spec.series)))
                self.stage.view.addItem(Band(self.stage, x, np.where(held, low, np.nan), high, fill))
            if any(p.inner is not None for p in series.points):
                inner = [p.inner or (None, None) for p in series.points]
                low, high = floats([low for low, _high in inner]), floats([high for _low, high in inner])
                self.stage.view.addItem(Band(self.stage, x, low, high, canvas.color(series.role, 0.2)))
        for mark in self.spec.marks:
            if mark.kind == "target" and mark.y is not None:
                self.stage.view.addItem(Guide(self.stage, mark.y, canvas.pen(canvas.color("target"), 1.2, (5, 4))))
        for series in self.spec.series:
            color = canvas.color(series.role)
            curve = Curve(
                self.stage,
                x,
                floats([p.y for p in series.points]),
                canvas.pen(color, 2.0),
                [p.provisional for p in series.points],
            )
            self.curves[series.key] = curve
            self.stage.view.addItem(curve)
        self.stage.stack()
        self.stage.addItem(Ink(self.stage, self._words))

    def _behind(self, canvas: Canvas) -> None:
        """The shaded spans and the grid. (pyqtgraph's LinearRegionItem crashes in a scene that has no view.)"""
        area = self.stage.area
        for mark in self.spec.marks:
            if self._frame and mark.kind != "target":
                left, right = self._frame.span(mark.first, mark.last)
                shade = "event_band" if mark.kind == "event" else "provisional_band"
                canvas.box(QRectF(left, area.top(), max(0.0, right - left), area.height()), shade)
        for tick in self._values.marks:
            y = self.stage.place(0, tick.value).y()
            canvas.line(QPointF(area.left(), y), QPointF(area.right(), y), "grid")

    def _words(self, canvas: Canvas) -> None:
        if self._frame:
            _names_on_top(canvas, self._frame, self.spec)
            _end_labels(canvas, self._frame, self.spec)

    # -- where it is ----------------------------------------------------------------------------------------------

    def lay_out(self, canvas: Canvas, rect: QRectF) -> None:
        """Put everything into ``rect``, at the present zoom."""
        spec, low, high = self.spec, *self.shown
        first, last = np.searchsorted(self.x, [low - 1e-6, high + 1e-6])
        first, last = min(int(first), len(self.x) - 1), max(int(last) - 1, 0)
        area, scale, legend = self._area(canvas, rect, first, last)
        step = (area.width() - 2 * _INSET) / (high - low)
        xs = tuple(area.left() + _INSET + (x - low) * step for x in self.x)
        self._frame = Frame(rect, area, scale, xs, first, last, legend)
        ends, closest = self._reach(area, self.whole), min(1.0, _CLOSEST / max(1, len(self.x) - 1))
        self.stage.view.setLimits(xMin=ends[0], xMax=ends[1], minXRange=(ends[1] - ends[0]) * closest)
        inset = _INSET / step
        self.stage.cut = self.zoomed
        self.stage.arrange(area, (low - inset, high + inset), (scale.low, scale.high))
        ticks = [Tick(tick, tick_text(tick, scale, spec.format)) for tick in scale.ticks]
        self._values.arrange(QRectF(area.left() - 90, area.top(), 80, area.height()), ticks)
        seen = replace(spec, categories=spec.categories[first : last + 1], days=spec.days[first : last + 1])
        dates = [Tick(self.x[first + t.index], t.text, t.below) for t in category_ticks(seen, area.width())]
        self._dates.arrange(QRectF(area.left(), area.bottom() + 5, area.width(), 16), dates)
        for series in spec.series:
            self._arrange_marks(canvas, series, first, last)

    def _area(self, canvas: Canvas, rect: QRectF, first: int, last: int) -> tuple[QRectF, Scale, bool]:
        spec = self.spec
        events = any(mark.kind != "target" and mark.label for mark in spec.marks)
        label_room = max((canvas.width(text, _TEXT, bold=True) for text in _end_texts(spec)), default=0.0)
        legend = label_room > rect.width() * 0.26
        ticks_height = 36.0 if any(tick.below for tick in category_ticks(spec, rect.width())) else 22.0
        top = rect.top() + 6 + (20 if events else 2) + (20 if legend else 0)
        height = max(20.0, rect.bottom() - ticks_height - top)
        extent = _extent(spec, first, last)
        scale = value_scale(extent, spec.format, max(2, min(5, int(height / 36))), fixed=_range(spec))
        room = max(canvas.width(tick_text(tick, scale, spec.format), _TEXT) for tick in scale.ticks)
        self._tick_room = max(room, self._tick_room)  # only ever wider: the area must not jump while zooming
        left = rect.left() + self._tick_room + 10
        right = rect.right() - (12 if legend or not label_room else label_room + 14)
        return QRectF(left, top, max(20.0, right - left), height), scale, legend

    def _arrange_marks(self, canvas: Canvas, series: Series, first: int, last: int) -> None:
        """The line's width and its dots, by how crowded it is."""
        points = series.points
        seen = [i for i in range(first, last + 1) if points[i].y is not None]
        sparse, crowded = len(seen) <= 16, last - first >= 120
        self.curves[series.key].setPen(canvas.pen(canvas.color(series.role), 1.5 if crowded else 2.0))
        small = {i for i in seen if points[i].muted and not crowded}
        chosen = [i for i in seen if sparse or i in small or _alone(points, i)]
        if series.key not in self._dots:
            if not chosen:
                return
            self._dots[series.key] = Dots(self.stage, canvas.color(series.role))
            self._dots[series.key].setZValue(self.curves[series.key].zValue())
            self.stage.view.addItem(self._dots[series.key])
        self._dots[series.key].arrange(
            np.array([self.x[i] for i in chosen]),
            floats([points[i].y for i in chosen]),
            [2.6 if i in small and not sparse else 3.2 for i in chosen],
            [i in small for i in chosen],
        )

    def paint(self, canvas: Canvas) -> Drawn:
        """Paint it as laid out."""
        frame = self._frame
        if frame is None:
            return Drawn()
        self.stage.show(canvas, frame.rect)
        return Drawn(len(self.x), lambda index: _hit(frame, self.spec, index), lambda spot: _nearest(frame, spot))

    # -- zoom -----------------------------------------------------------------------------------------------------

    @property
    def area(self) -> QRectF:
        """Where the lines are, as last laid out."""
        return self.stage.area

    @property
    def zoomed(self) -> bool:
        """Whether less than the whole time is shown."""
        return self.shown[1] - self.shown[0] < (self.whole[1] - self.whole[0]) * (1 - 1e-6)

    @property
    def zoomable(self) -> bool:
        """Whether there is enough to zoom into."""
        return len(self.x) > 1.5 * _CLOSEST

    def zoom(self, factor: float, at: float) -> None:
        """Show ``factor`` times the present span of time; what lies at pixel ``at`` stays there."""
        center = min(max(self._time(at), self.shown[0]), self.shown[1])
        self.stage.view.scaleBy(x=factor, center=(center, 0))
        self._follow()

    def pan(self, pixels: float) -> None:
        """Move along the time."""
        low, high = self.stage.view.viewRange()[0]
        self.stage.view.translateBy(x=pixels * (high - low) / self.stage.view.width())
        self._follow()

    def show(self, start: float, end: float) -> None:
        """Show the time between two pixels, from day to day."""
        low, high = (min(self.x, key=lambda x: abs(x - time)) for time in sorted(map(self._time, (start, end))))
        self.stage.view.setXRange(*self._reach(self.area, (low, high)), padding=0)
        self._follow()

    def reveal(self, index: int) -> bool:
        """Move just so far that category ``index`` is in sight; whether that was needed."""
        low, high = self.shown
        move = min(0.0, self.x[index] - low) + max(0.0, self.x[index] - high)
        self.shown = (low + move, high + move)
        return bool(move)

    def reset(self) -> None:
        """Show the whole time."""
        self.shown = self.whole

    def _time(self, pixel: float) -> float:
        return float(self.stage.view.mapSceneToView(QPointF(pixel, 0)).x())

    def _reach(self, area: QRectF, span: tuple[float, float]) -> tuple[float, float]:
        """The range of the view, which is wider than the area, when ``span`` of the time is shown."""
        over = (_INSET + MARGIN[0]) * (span[1] - span[0]) / (area.width() - 2 * _INSET)
        return span[0] - over, span[1] + over

    def _follow(self) -> None:
        """Take over the view's range."""
        low, high = self.stage.view.viewRange()[0]
        over = (_INSET + MARGIN[0]) * (high - low) / self.stage.view.width()
        span = min(high - low - 2 * over, self.whole[1] - self.whole[0])
        start = min(max(low + over, self.whole[0]), self.whole[1] - span)
        self.shown = (start, start + span)


def _of_length(series: Series, count: int) -> Series:
    """As many points as there are categories: missing ones are gaps."""
    return replace(series, points=(*series.points[:count], *[Point(None)] * (count - len(series.points))))


def _alone(points: tuple[Point, ...], index: int) -> bool:
    before = points[index - 1].y if index else None
    after = points[index + 1].y if index + 1 < len(points) else None
    return before is None and after is None


def _range(spec: ChartSpec) -> tuple[float, float] | None:
    """The range asked for, wide enough for the targets and for every value."""
    if spec.y_range is None:
        return None
    held = [point.y for series in spec.series for point in series.points if point.y is not None]
    held += [mark.y for mark in spec.marks if mark.kind == "target" and mark.y is not None]
    return min(spec.y_range[0], *held, spec.y_range[0]), max(spec.y_range[1], *held, spec.y_range[1])


def _extent(spec: ChartSpec, first: int, last: int) -> list[float]:
    """What the value axis must hold in sight: values, targets, and intervals of samples that are not small."""
    points = [point for series in spec.series for point in series.points[first : last + 1] if point.y is not None]
    values = [point.y for point in points if point.y is not None]
    for point in points:
        if not point.muted:
            values += [edge for edge in (point.low, point.high) if edge is not None]
    return values + [mark.y for mark in spec.marks if mark.kind == "target" and mark.y is not None]


def _end_texts(spec: ChartSpec) -> list[str]:
    titles = [series.title for series in spec.series] if len(spec.series) > 1 else []
    lasts = [] if titles else [_last_text(series, spec) for series in spec.series]
    return [*titles, *lasts, *(mark.label for mark in spec.marks if mark.kind == "target")]


def _last_text(series: Series, spec: ChartSpec) -> str:
    point = next((point for point in reversed(series.points) if point.y is not None), None)
    return "" if point is None else point_text(point, spec.format)


# -- painting ---------------------------------------------------------------------------------------------------------


def _names_on_top(canvas: Canvas, frame: Frame, spec: ChartSpec) -> None:
    """The names of the shaded spans, where they do not run into each other."""
    free_from = frame.area.left() - 40
    for mark in sorted(spec.marks, key=lambda mark: mark.first):
        if mark.kind == "target" or not mark.label or mark.last < frame.first or mark.first > frame.last:
            continue
        left, right = frame.span(mark.first, mark.last)
        width = canvas.width(mark.label, _TEXT) + 2
        start = min(max((left + right - width) / 2, frame.area.left() - 20), frame.area.right() + 7 - width)
        if start >= free_from:
            place = QRectF(start, frame.area.top() - 20, width, 18)
            canvas.text(place, mark.label, "warn" if mark.kind == "event" else "text2", _TEXT, align=CENTER)
            free_from = start + width + 6


def _end_labels(canvas: Canvas, frame: Frame, spec: ChartSpec) -> None:
    """The lines' names at their ends, moved apart; in a legend on top where the chart is too narrow."""
    rect = frame.rect
    if frame.legend:
        draw_legend(
            canvas,
            QRectF(rect.left(), rect.top(), rect.width(), 18),
            [(series.title, series.role) for series in spec.series],
        )
        _targets_inside(canvas, frame, spec)
        return
    labels: list[tuple[str, str, float, bool]] = []
    for series in spec.series:
        last = next(reversed(frame.seen(series)), None)
        if last is not None and last.y is not None:
            text = series.title if len(spec.series) > 1 else point_text(last, spec.format)
            labels.append((text, series.role, frame.y(last.y), True))
    for mark in spec.marks:
        if mark.kind == "target" and mark.y is not None:
            labels.append((mark.label or value_text(mark.y, spec.format), "", frame.y(mark.y), False))
    places = spread([y for _, _, y, _ in labels], _LABEL_GAP, frame.area.top(), frame.area.bottom())
    x = frame.area.right() + 8
    for (text, role, _, bold), y in zip(labels, places, strict=True):
        place = QRectF(x, y - 9, rect.right() - x, 18)
        color = canvas.theme.text_color(role) if role else canvas.theme.color("text2")
        canvas.text(place, text, size=_TEXT, bold=bold, align=LEFT, color=canvas.named(color))


def _targets_inside(canvas: Canvas, frame: Frame, spec: ChartSpec) -> None:
    """Names of the targets over their lines, where there is no room beside the chart."""
    for mark in spec.marks:
        if mark.kind == "target" and mark.y is not None:
            place = QRectF(frame.area.left(), frame.y(mark.y) - 17, frame.area.width(), 16)
            canvas.text(place, mark.label or value_text(mark.y, spec.format), "text2", 11, align=RIGHT)


def draw_legend(canvas: Canvas, rect: QRectF, entries: list[tuple[str, str]]) -> None:
    """Names with a dot in their colour, side by side; where there is no room, the long ones are cut alike."""
    wanted = [canvas.width(title, _TEXT) + 1 for title, _role in entries]
    x = rect.left()
    for (title, role), width in zip(entries, _fair(wanted, rect.width() - len(entries) * 28.0 + 15.0), strict=True):
        canvas.box(QRectF(x, rect.center().y() - 4, 8, 8), canvas.color(role), 2.5)
        canvas.text(QRectF(x + 13, rect.top(), width, rect.height()), title, "text2", _TEXT)
        x += width + 28.0


def _fair(wanted: list[float], room: float) -> list[float]:
    """What each gets of ``room``: short ones all they want, the long ones the same."""
    given = [0.0] * len(wanted)
    left = max(0.0, room)
    for rank, index in enumerate(sorted(range(len(wanted)), key=lambda i: wanted[i])):
        given[index] = min(wanted[index], left / (len(wanted) - rank))
        left -= given[index]
    return given


# -- what the mouse finds ---------------------------------------------------------------------------------------------


def _hit(frame: Frame, spec: ChartSpec, index: int) -> Hit:
    if not frame.first <= index <= frame.last:
        return Hit(QRectF(), QPointF(), _title(spec, index), (), index)
    rows, dots = _tip(frame, spec, index)
    left, right = _strip(frame, index)
    strip = QRectF(left, frame.area.top() - 20, right - left, frame.area.height() + 40)
    note = " · ".join(mark.label for mark in spec.marks if _covers(mark, index) and mark.label)
    top = min((dot.y() for dot, _ in dots), default=frame.area.center().y())
    return Hit(
        strip,
        QPointF(frame.xs[index], top),
        _title(spec, index),
        tuple(rows),
        index,
        dots=tuple(dots),
        crosshair=(frame.area.top(), frame.area.bottom()),
        note=note,
    )


def _nearest(frame: Frame, spot: QPointF) -> int | None:
    """The category in sight whose strip holds ``spot``."""
    after = bisect(frame.xs, spot.x())
    inside = [index for index in (after - 1, after) if frame.first <= index <= frame.last]
    index = min(inside, key=lambda i: abs(frame.xs[i] - spot.x()), default=None)
    if index is None:
        return None
    left, right = _strip(frame, index)
    within = frame.area.adjusted(-12, -20, 12, 20).contains(spot)
    return index if within and left <= spot.x() <= right else None


def _strip(frame: Frame, index: int) -> tuple[float, float]:
    left, right = frame.span(index, index)
    if index == frame.first:
        left = frame.area.left() - 12
    if index == frame.last:
        right = frame.area.right() + 12
    return left, right


def _tip(frame: Frame, spec: ChartSpec, index: int) -> tuple[list[TipRow], list[tuple[QPointF, str]]]:
    rows: list[TipRow] = []
    dots: list[tuple[QPointF, str]] = []
    for series in spec.series:
        point = series.points[index]
        text = value_text(point.y, spec.format) if point.y is not None else "没有数据"
        rows.append(TipRow(series.title, text, point.hint or detail_text(point, spec.format), series.role))
        if point.y is not None and frame.scale.low <= point.y <= frame.scale.high:
            dots.append((QPointF(frame.xs[index], frame.y(point.y)), series.role))
    return rows, dots


def _covers(mark: Mark, index: int) -> bool:
    return mark.kind != "target" and mark.first <= index <= mark.last


def _title(spec: ChartSpec, index: int) -> str:
    if not dated(spec):
        return spec.categories[index]
    day = spec.days[index]
    name = spec.categories[index]
    if name in {day.isoformat(), f"{day:%m-%d}"}:
        return f"{written.day(day)} 周{_WEEKDAYS[day.weekday()]}"
    return name


__all__ = ["TrendPlot", "draw_legend", "draw_trend"]
