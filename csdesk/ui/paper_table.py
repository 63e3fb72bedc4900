"""A table on paper: every number in one piece, smaller where columns are many, in parts where they are too many."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtGui import QFontMetricsF

from csdesk.charts import format as numbers
from csdesk.charts.spec import Column, TableSpec
from csdesk.charts.tables import is_numeric
from csdesk.settings.theme import Theme
from csdesk.ui.theme.fonts import base_font
from csdesk.ui.widgets.column_widths import title_lines

USUAL, SMALLEST = 12, 9
"""Sizes of its words in pixels, 96 an inch; smaller ones are not read on paper."""
_PAD = 12.0  # of a cell, at the usual size
_WIDEST_WORDS = 150.0  # words break, numbers do not


def table_html(table: TableSpec, theme: Theme, room: float) -> str:
    """The table for ``room`` pixels of width; its first column begins every part."""
    widths = _widths(table)
    parts, size = parts_of(widths, room)
    return "<p></p>".join(_part(table, part, theme, size) for part in parts)


def parts_of(widths: Sequence[float], room: float) -> tuple[list[list[int]], int]:
    """Which columns stand side by side, and the size of their words: as few parts as can be, as large as can be."""
    for count in range(1, max(2, len(widths))):
        parts = _split(len(widths), count)
        widest = max(sum(widths[column] for column in part) for part in parts)
        size = min(USUAL, int(USUAL * room / widest)) if widest else USUAL
        if size >= SMALLEST:
            return parts, size
    return _split(len(widths), max(1, len(widths) - 1)), SMALLEST


def _split(columns: int, count: int) -> list[list[int]]:
    """The columns after the first in ``count`` runs of about one length, the first before each."""
    others = list(range(1, columns))
    per = -(-len(others) // count) or 1
    return [[0, *others[start : start + per]] for start in range(0, len(others), per)] or [list(range(columns))]


def _widths(table: TableSpec) -> list[float]:
    font = base_font()
    font.setPixelSize(USUAL)
    metrics = QFontMetricsF(font)

    def width(place: int, column: Column) -> float:
        words = [*title_lines(column.title), *(numbers.cell(row[place], column.format) for row in table.rows)]
        longest = max(metrics.horizontalAdvance(text) for text in words)
        return (longest if is_numeric(column) else min(longest, _WIDEST_WORDS)) + _PAD + 2

    return [width(place, column) for place, column in enumerate(table.columns)]


def _part(table: TableSpec, columns: Sequence[int], theme: Theme, size: int) -> str:
    heads = "".join(_head(table.columns[place]) for place in columns)
    lines = []
    for number, cells in enumerate(table.rows):
        color = theme.color("text3" if number in table.muted else "text")
        filled = "".join(_cell(numbers.cell(cells[at], table.columns[at].format), table.columns[at]) for at in columns)
        lines.append(f"<tr style='color:{color}'>{filled}</tr>")
    style = f"font-size:{size}px"
    return (
        f"<table width='100%' cellspacing='0' style='{style}'><thead><tr>{heads}</tr></thead>{''.join(lines)}</table>"
    )


def _head(column: Column) -> str:
    lines = "<br>".join(escape(line) for line in title_lines(column.title))
    return f"<th align='{_side(column)}' style='white-space:nowrap'>{lines}</th>"


def _cell(text: str, column: Column) -> str:
    wrap = "nowrap" if is_numeric(column) or column.whole else "normal"
    return f"<td align='{_side(column)}' style='white-space:{wrap}'>{escape(text)}</td>"


def _side(column: Column) -> str:
    return "right" if is_numeric(column) else "left"
