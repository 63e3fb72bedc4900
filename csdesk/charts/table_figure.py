"""A table as a finished figure: header, figures right-aligned, in-cell bars, grey rows for small samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from PySide6.QtCore import QPointF, QRectF, Qt

from csdesk.analysis.frame import PageTable
from csdesk.charts import format as written
from csdesk.charts.figure import Figure, around
from csdesk.charts.plot.canvas import LEFT, RIGHT, Canvas
from csdesk.charts.spec import Column, TableSpec
from csdesk.charts.tables import full_bar, is_numeric

MOST_ROWS = 60
"""Rows of a picture: more would be a strip nobody reads in a chat. Paper and sheets have them all."""
_ROW, _GAP = 28.0, 10.0
_TEXT, _HEAD_TEXT = 12.5, 12.0
_HEAD_LINE = 17.0
_BAR_ROOM = 76.0
_LONGEST_BAR = 120.0
_LONGEST_WORDS = 300.0
_LEAST_WIDTH = 480.0
_NOTHING = "没有数据。"


@dataclass(frozen=True, slots=True)
class TableFigure:
    """The rows ``first`` to ``last`` (exclusive, None = all) of a table, with its title and ``notes`` as foot."""

    source: PageTable
    notes: tuple[str, ...] = ()
    first: int = 0
    last: int | None = None
    needs: tuple[float, ...] = ()  # widths of the columns where they are known: the pages of a table line up

    @property
    def table(self) -> TableSpec:
        """The whole table."""
        return self.source.table

    @property
    def title(self) -> str:
        return self.source.title

    @property
    def subtitle(self) -> str:
        return self.source.subtitle

    @property
    def foot(self) -> Sequence[str]:
        return [line for line in self.notes if line]

    @property
    def rows(self) -> range:
        """Places of the rows that are drawn."""
        total = len(self.table.rows)
        return range(self.first, total if self.last is None else min(self.last, total))

    def wide(self, canvas: Canvas) -> float:
        return max(_LEAST_WIDTH, self.narrowest(canvas))

    def narrowest(self, canvas: Canvas) -> float:
        return sum(self._needs(canvas))

    def high(self) -> float:
        return self._head_high() + _ROW * max(1, len(self.rows)) + 2

    def for_picture(self) -> Figure:
        left_out = len(self.table.rows) - MOST_ROWS
        if left_out <= 0:
            return self
        said = f"图里是前 {MOST_ROWS} 行，还有 {left_out:,} 行没有画；要全部的行，请存为 XLSX、CSV 或 PDF。"
        return replace(self, last=MOST_ROWS, notes=(said, *self.notes))

    def pages(self, canvas: Canvas, width: float, height: float) -> Sequence[Figure]:
        """As many rows a page as fit; the foot stands on the last one."""
        total = len(self.table.rows)
        whole = replace(self, needs=self._needs(canvas))
        plain = replace(whole, notes=())
        fixed = self._head_high() + 2
        full = max(1, int((height - around(plain, canvas, width) - fixed) // _ROW))
        closing = max(1, int((height - around(self, canvas, width) - fixed) // _ROW))
        parts: list[Figure] = []
        first = 0
        while total - first > closing:
            step = min(full, total - first - 1)  # the foot never stands alone
            parts.append(replace(plain, first=first, last=first + step))
            first += step
        return [*parts, replace(whole, first=first, last=total)]

    def draw(self, canvas: Canvas, rect: QRectF) -> None:
        edges = self._edges(canvas, rect)
        head = QRectF(rect.left(), rect.top(), rect.width(), self._head_high())
        self._draw_head(canvas, head, edges)
        if not self.rows:
            canvas.text(QRectF(rect.left() + _GAP, head.bottom(), rect.width(), _ROW), _NOTHING, "text3", _TEXT)
            return
        columns = enumerate(self.table.columns)
        largest = [full_bar(self.table, place) if column.bar else 0.0 for place, column in columns]
        for number, row in enumerate(self.rows):
            line = QRectF(rect.left(), head.bottom() + number * _ROW, rect.width(), _ROW)
            self._draw_row(canvas, line, edges, row, largest)

    def _draw_head(self, canvas: Canvas, rect: QRectF, edges: list[float]) -> None:
        for place, column in enumerate(self.table.columns):
            lines = _title_lines(column.title)
            top = rect.bottom() - 5 - len(lines) * _HEAD_LINE
            for number, words in enumerate(lines):
                cell = _inside(edges, place, top + number * _HEAD_LINE, _HEAD_LINE)
                canvas.text(cell, words, "text2", _HEAD_TEXT, bold=True, align=_side(column))
        y = rect.bottom() - 0.5
        canvas.line(QPointF(rect.left(), y), QPointF(rect.right(), y), "border", 1.0)

    def _draw_row(self, canvas: Canvas, rect: QRectF, edges: list[float], row: int, largest: list[float]) -> None:
        muted = row in self.table.muted
        for place, (value, column) in enumerate(zip(self.table.rows[row], self.table.columns, strict=True)):
            cell = _inside(edges, place, rect.top(), rect.height())
            if largest[place] and isinstance(value, int | float):
                figures = canvas.width(written.cell(value, column.format), _TEXT)
                _draw_bar(canvas, cell, figures, value / largest[place], "muted" if muted else "series1")
            words = " ".join(written.cell(value, column.format).split())
            canvas.text(cell, words, "text3" if muted else "text", _TEXT, align=_side(column))
        y = rect.bottom() - 0.5
        canvas.line(QPointF(rect.left(), y), QPointF(rect.right(), y), "hairline", 1.0)

    def _head_high(self) -> float:
        lines = max((len(_title_lines(column.title)) for column in self.table.columns), default=1)
        return lines * _HEAD_LINE + 10

    def _needs(self, canvas: Canvas) -> tuple[float, ...]:
        """The width of each column at which no figure is cut, over all rows."""
        return self.needs or tuple(self._need(canvas, place, each) for place, each in enumerate(self.table.columns))

    def _need(self, canvas: Canvas, place: int, column: Column) -> float:
        texts = {written.cell(row[place], column.format) for row in self.table.rows}
        widest = max((canvas.width(text, _TEXT) for text in texts), default=0.0)
        title = max(canvas.width(words, _HEAD_TEXT, bold=True) for words in _title_lines(column.title))
        if is_numeric(column):
            return ceil(max(widest, title) + (_BAR_ROOM if column.bar else 0.0)) + 2 * _GAP
        return ceil(min(_LONGEST_WORDS, max(widest, title))) + 2 * _GAP

    def _edges(self, canvas: Canvas, rect: QRectF) -> list[float]:
        """Left edges of the columns and the last right one; words get more of what is spare."""
        needs = self._needs(canvas)
        weights = [1.0 if is_numeric(column) else 2.0 for column in self.table.columns]
        spare = max(0.0, rect.width() - sum(needs)) / (sum(weights) or 1.0)
        edges = [rect.left()]
        for need, weight in zip(needs, weights, strict=True):
            edges.append(edges[-1] + need + spare * weight)
        return edges


def _inside(edges: list[float], place: int, top: float, height: float) -> QRectF:
    return QRectF(edges[place] + _GAP, top, edges[place + 1] - edges[place] - 2 * _GAP, height)


def _side(column: Column) -> Qt.AlignmentFlag:
    return RIGHT if is_numeric(column) else LEFT


def _title_lines(title: str) -> list[str]:
    """Long titles over figures stand on two lines."""
    if len(title) <= 7:
        return [title]
    for mark in "（(":
        place = title.find(mark)
        if place > 1:
            return [title[:place], title[place:]]
    middle = (len(title) + 1) // 2
    return [title] if title.isascii() or " " in title else [title[:middle], title[middle:]]


def _draw_bar(canvas: Canvas, cell: QRectF, figures: float, share: float, role: str) -> None:
    """A bar left of the figures, on a track: 100 % for rates, else the column's largest."""
    room = min(_LONGEST_BAR, cell.width() - max(figures, 58.0) - 8)
    if room < 16:
        return
    left = cell.right() - max(figures, 58.0) - 8 - room
    middle = cell.center().y()
    canvas.box(QRectF(left, middle - 3, room, 6), "track", 3)
    if share > 0:
        canvas.box(QRectF(left, middle - 3, max(6.0, room * min(1.0, share)), 6), role, 3)
