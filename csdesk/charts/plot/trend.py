"""Lines over time with their intervals, events, targets and days that are not settled."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from csdesk.charts import format as written
from csdesk.charts.plot.axis import Scale, category_ticks, dated, positions, spread, value_scale
from csdesk.charts.plot.canvas import CENTER, LEFT, RIGHT, Canvas
from csdesk.charts.plot.scene import Drawn, Hit, TipRow
from csdesk.charts.plot.words import detail_text, point_text, tick_text, value_text
from csdesk.charts.spec import ChartSpec, Mark, Point, Series

_TEXT = 12.0
_LABEL_GAP = 16.0
_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things go: the data area, the value scale, the x of every category."""

    area: QRectF
    scale: Scale
    xs: tuple[float, ...]
    legend: bool

    def y(self, value: float) -> float:
        return self.area.bottom() - self.scale.share(value) * self.area.height()

    def span(self, first: int, last: int) -> tuple[float, float]:
        """Left and right edge of the categories ``first`` … ``last``, half a step beyond each."""
        xs, count = self.xs, len(self.xs)
        first, last = max(0, min(first, count - 1)), max(0, min(last, count - 1))
        if count == 1:
            return xs[0] - 24, xs[0] + 24
        left = xs[first] - (xs[first] - xs[first - 1] if first else xs[1] - xs[0]) / 2
        right = xs[last] + (xs[last + 1] - xs[last] if last + 1 < count else xs[-1] - xs[-2]) / 2
        return max(left, self.area.left() - 7), min(right, self.area.right() + 7)


def draw_trend(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Drawn:
    """Paint a trend; the hits are one strip for each category."""
    frame = _frame(canvas, rect, spec)
    _bands_behind(canvas, frame, spec)
    _value_axis(canvas, frame, spec)
    _date_axis(canvas, frame, spec)
    painter = canvas.painter
    painter.save()
    painter.setClipRect(frame.area.adjusted(-8, -4, 8, 4))
    for series in spec.series:
        _interval_band(canvas, frame, series)
    for mark in spec.marks:
        if mark.kind == "target" and mark.y is not None:
            y = frame.y(mark.y)
            canvas.line(QPointF(frame.area.left(), y), QPointF(frame.area.right(), y), "target", 1.2, dashes=(5, 4))
    for series in spec.series:
        _line(canvas, frame, series)
    painter.restore()
    _end_labels(canvas, frame, spec, rect)
    return Drawn(lambda: _hits(frame, spec))


# -- layout -----------------------------------------------------------------------------------------------------------


def _frame(canvas: Canvas, rect: QRectF, spec: ChartSpec) -> Frame:
    events = any(mark.kind != "target" and mark.label for mark in spec.marks)
    label_room = max((canvas.width(text, _TEXT, bold=True) for text in _end_texts(spec)), default=0.0)
    legend = label_room > rect.width() * 0.26
    ticks_height = 36.0 if any(tick.below for tick in category_ticks(spec, rect.width())) else 22.0
    top = rect.top() + 6 + (20 if events else 2) + (20 if legend else 0)
    height = max(20.0, rect.bottom() - ticks_height - top)
    scale = value_scale(_extent(spec), spec.format, max(2, min(5, int(height / 36))), fixed=_range(spec))
    tick_room = max(canvas.width(tick_text(tick, scale, spec.format), _TEXT) for tick in scale.ticks)
    left = rect.left() + tick_room + 10
    right = rect.right() - (12 if legend or not label_room else label_room + 14)
    area = QRectF(left, top, max(20.0, right - left), height)
    inset = 7.0
    xs = tuple(area.left() + inset + share * (area.width() - 2 * inset) for share in positions(spec))
    return Frame(area, scale, xs, legend)


def _range(spec: ChartSpec) -> tuple[float, float] | None:
    """The range asked for, wide enough for the targets and for every value."""
    if spec.y_range is None:
        return None
    held = [point.y for series in spec.series for point in series.points if point.y is not None]
    held += [mark.y for mark in spec.marks if mark.kind == "target" and mark.y is not None]
    return min(spec.y_range[0], *held, spec.y_range[0]), max(spec.y_range[1], *held, spec.y_range[1])


def _extent(spec: ChartSpec) -> list[float]:
    """What the value axis must hold: values, targets, and intervals of samples that are not small."""
    points = [point for series in spec.series for point in series.points if point.y is not None]
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


def _bands_behind(canvas: Canvas, frame: Frame, spec: ChartSpec) -> None:
    """Shaded spans from behind the lines, their names on top where they do not run into each other."""
    free_from = frame.area.left() - 40
    top = frame.area.top()
    for mark in sorted(spec.marks, key=lambda mark: mark.first):
        if mark.kind == "target" or not spec.categories:
            continue
        left, right = frame.span(mark.first, mark.last)
        event = mark.kind == "event"
        canvas.box(QRectF(left, top, right - left, frame.area.height()), "event_band" if event else "provisional_band")
        width = canvas.width(mark.label, _TEXT) + 2
        start = min(max((left + right - width) / 2, frame.area.left() - 20), frame.area.right() + 7 - width)
        if mark.label and start >= free_from:
            place = QRectF(start, top - 20, width, 18)
            canvas.text(place, mark.label, "warn" if event else "text2", _TEXT, align=CENTER)
            free_from = start + width + 6


def _value_axis(canvas: Canvas, frame: Frame, spec: ChartSpec) -> None:
    area = frame.area
    for tick in frame.scale.ticks:
        y = frame.y(tick)
        canvas.line(QPointF(area.left(), y), QPointF(area.right(), y), "grid")
        place = QRectF(area.left() - 90, y - 9, 80, 18)
        canvas.text(place, tick_text(tick, frame.scale, spec.format), "text2", _TEXT, align=RIGHT)


def _date_axis(canvas: Canvas, frame: Frame, spec: ChartSpec) -> None:
    bottom = frame.area.bottom()
    for tick in category_ticks(spec, frame.area.width()):
        x = frame.xs[tick.index]
        canvas.text(QRectF(x - 40, bottom + 5, 80, 16), tick.text, "text2", _TEXT, align=CENTER)
        if tick.below:
            canvas.text(QRectF(x - 40, bottom + 20, 80, 15), tick.below, "text3", 11, align=CENTER)


def _runs(series: Series, *, banded: bool = False) -> list[list[int]]:
    """Indices of neighbouring points that have a value (``banded``: and an interval)."""
    runs: list[list[int]] = []
    previous = -2
    for index, point in enumerate(series.points):
        if point.y is None or (banded and (point.low is None or point.high is None)):
            continue
        if index == previous + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
        previous = index
    return runs


def _interval_band(canvas: Canvas, frame: Frame, series: Series) -> None:
    color = canvas.color(series.role, 0.16)
    for run in _runs(series, banded=True):
        edges = [(frame.xs[i], series.points[i].low, series.points[i].high) for i in run]
        if len(run) == 1:
            x = edges[0][0]
            edges = [(x - 4, *edges[0][1:]), (x + 4, *edges[0][1:])]
        upper = [QPointF(x, frame.y(high)) for x, _, high in edges if high is not None]
        lower = [QPointF(x, frame.y(low)) for x, low, _ in reversed(edges) if low is not None]
        canvas.polygon(upper + lower, color)


def _line(canvas: Canvas, frame: Frame, series: Series) -> None:
    color = canvas.color(series.role)
    points = series.points
    sparse = len([point for point in points if point.y is not None]) <= 16
    crowded = len(points) > 120
    for run in _runs(series):
        places = [QPointF(frame.xs[i], frame.y(points[i].y or 0.0)) for i in run]
        settled = next((k for k, i in enumerate(run) if points[i].provisional), len(run))
        width = 1.5 if crowded else 2.0
        if settled > 1:
            canvas.polyline(places[:settled], color, width)
        if settled < len(run) and len(run) > 1:
            canvas.polyline(places[max(0, settled - 1):], color, width, dashes=(2.5, 2.5))
        for place, index in zip(places, run, strict=True):
            small = points[index].muted and not crowded
            if len(run) == 1 or sparse or small:
                canvas.dot(place, color, 2.6 if small and not sparse else 3.2, hollow=small)


def _end_labels(canvas: Canvas, frame: Frame, spec: ChartSpec, rect: QRectF) -> None:
    """The lines' names at their ends, moved apart; in a legend on top where the chart is too narrow."""
    if frame.legend:
        draw_legend(canvas, QRectF(rect.left(), rect.top(), rect.width(), 18),
                    [(series.title, series.role) for series in spec.series])
        _targets_inside(canvas, frame, spec)
        return
    labels: list[tuple[str, str, float, bool]] = []
    for series in spec.series:
        last = next((point for point in reversed(series.points) if point.y is not None), None)
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
    """Names with a dot in their colour, side by side, the last ones elided or left out when there is no room."""
    x = rect.left()
    for title, role in entries:
        width = min(canvas.width(title, _TEXT) + 1, rect.right() - x - 14)
        if width < 20:
            break
        canvas.box(QRectF(x, rect.center().y() - 4, 8, 8), canvas.color(role), 2.5)
        canvas.text(QRectF(x + 13, rect.top(), width, rect.height()), title, "text2", _TEXT)
        x += width + 28


# -- what the mouse finds ---------------------------------------------------------------------------------------------


def _hits(frame: Frame, spec: ChartSpec) -> list[Hit]:
    hits: list[Hit] = []
    for index in range(len(spec.categories)):
        rows, dots = _tip(frame, spec, index)
        left, right = _strip(frame, index)
        strip = QRectF(left, frame.area.top() - 20, right - left, frame.area.height() + 40)
        note = " · ".join(mark.label for mark in spec.marks if _covers(mark, index) and mark.label)
        top = min((dot.y() for dot, _ in dots), default=frame.area.center().y())
        hits.append(Hit(strip, QPointF(frame.xs[index], top), _title(spec, index), tuple(rows), index,
                        dots=tuple(dots), crosshair=(frame.area.top(), frame.area.bottom()), note=note))
    return hits


def _strip(frame: Frame, index: int) -> tuple[float, float]:
    left, right = frame.span(index, index)
    if index == 0:
        left = frame.area.left() - 12
    if index == len(frame.xs) - 1:
        right = frame.area.right() + 12
    return left, right


def _tip(frame: Frame, spec: ChartSpec, index: int) -> tuple[list[TipRow], list[tuple[QPointF, str]]]:
    rows: list[TipRow] = []
    dots: list[tuple[QPointF, str]] = []
    for series in spec.series:
        point = series.points[index] if index < len(series.points) else Point(None)
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


__all__ = ["draw_legend", "draw_trend"]
