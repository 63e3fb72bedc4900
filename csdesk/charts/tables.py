"""A table's numbers as files for WPS and Excel: CSV, XLSX, and text for the clipboard. No Qt.

Numbers stay numbers: rates as percentages, durations in seconds, money in yuan. Text that a spreadsheet would run as a
formula is made harmless, for it comes from other people's files.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from csdesk.charts import format as written
from csdesk.charts.saving import save_file
from csdesk.charts.spec import Cell, ChartSpec, Column, Format, TableSpec
from csdesk.errors import UserFault

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SIGNATURE = "本文件由 CSDesk 网店客服数据台导出"
TABLE_SUFFIXES = (".csv", ".xlsx")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LONG_DIGITS = re.compile(r"\d{12,}")  # an id that a spreadsheet would round
_NUMERIC = frozenset({Format.COUNT, Format.PERCENT, Format.SECONDS, Format.YUAN, Format.SCORE})
_UNITS = {Format.SECONDS: "秒", Format.YUAN: "元"}
_NUMBER_FORMATS = {
    Format.COUNT: "#,##0",
    Format.PERCENT: "0.0%",
    Format.SECONDS: "#,##0.0",
    Format.YUAN: "¥#,##0.00",
    Format.SCORE: "0.00",
    Format.DATE: "yyyy-mm-dd",
}
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CELL_LIMIT = 32_767


def export_table(
    source: ChartSpec | TableSpec,
    path: Path,
    *,
    title: str = "",
    notes: Sequence[str] = (),
) -> None:
    """Save the table of ``source`` as CSV or XLSX, by the suffix of ``path``.

    ``notes`` are lines of definitions for the sheet 说明. Raises ``UserFault`` where it cannot be written.
    """
    table = source.table if isinstance(source, ChartSpec) else source
    heads = [title or source.title, source.subtitle] if isinstance(source, ChartSpec) else [title]
    foot = [source.footnote, source.empty, source.method] if isinstance(source, ChartSpec) else []
    match path.suffix.lower():
        case ".csv":
            content = csv_bytes(table)
        case ".xlsx":
            content = xlsx_bytes(table, title=heads[0], notes=[*heads, *foot, "", *notes])
        case other:
            raise UserFault(f"不认识的表格格式“{other}”。", "请用 .csv 或 .xlsx。")
    save_file(path, content)


def is_numeric(column: Column) -> bool:
    """Whether the column holds figures, which stand on the right."""
    return column.format in _NUMERIC


_FULL_SHARES = (0.05, 0.1, 0.2, 0.3, 0.5)


def full_bar(table: TableSpec, column: int) -> float:
    """The value of a full in-cell bar: 100 % for rates, else the column's largest; 0 where there is none.

    Rates that all stay far below 100 % are drawn against the next round share above them: dots tell nothing apart.
    """
    values = [row[column] for row in table.rows]
    largest = max((float(value) for value in values if isinstance(value, int | float)), default=0.0)
    if table.columns[column].format is Format.PERCENT:
        return next((share for share in _FULL_SHARES if share >= largest), 1.0)
    return largest


# -- CSV and clipboard ------------------------------------------------------------------------------------------------


def csv_bytes(table: TableSpec) -> bytes:
    """UTF-8 with byte order mark and CRLF: what WPS and Excel open right by a double click."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([harmless(heading(column)) for column in table.columns])
    for row in table.rows:
        writer.writerow([_csv_cell(cell, column.format) for cell, column in zip(row, table.columns, strict=True)])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8", "replace")


def clipboard_text(table: TableSpec) -> str:
    """Tab-separated text as it is shown, for pasting into a sheet or a chat."""
    lines = ["\t".join(_one_line(harmless(column.title)) for column in table.columns)]
    for row in table.rows:
        cells = zip(row, table.columns, strict=True)
        lines.append("\t".join(_one_line(_shown(cell, column.format)) for cell, column in cells))
    return "\n".join(lines)


def heading(column: Column) -> str:
    """The column's title, with the unit its plain numbers are in."""
    unit = _UNITS.get(column.format)
    return f"{column.title}（{unit}）" if unit and unit not in column.title else column.title


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _csv_cell(cell: Cell, form: Format) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        text = harmless(cell)
        return f"{text}\t" if _LONG_DIGITS.fullmatch(text) else text
    return _csv_number(cell, form) if math.isfinite(cell) else ""


def _csv_number(value: float, form: Format) -> str:
    match form:
        case Format.PERCENT:
            return f"{value * 100:.2f}%"
        case Format.YUAN:
            return f"{value / 100:.2f}"
        case Format.COUNT:
            return f"{round(value)}"
        case _:
            return _plain(value)


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _shown(cell: Cell, form: Format) -> str:
    if isinstance(cell, str):
        return harmless(cell)
    text = "" if cell is None else written.cell(cell, form)
    return text.replace(written.MINUS, "-") if not isinstance(cell, date) else text


def _one_line(text: str) -> str:
    return " ".join(text.split())


# -- XLSX -------------------------------------------------------------------------------------------------------------


def xlsx_bytes(table: TableSpec, *, title: str, notes: Sequence[str]) -> bytes:
    """A workbook: the table on the first sheet, where it comes from on the second (说明)."""
    from openpyxl import Workbook  # noqa: PLC0415  (a quarter of a second, only for those who export)

    book = Workbook()
    sheet = book.active
    if sheet is None:  # a new workbook has a sheet; this is for the type checker
        raise RuntimeError("a new workbook without a sheet")
    sheet.title = sheet_name(title)
    _fill(sheet, table)
    _fill_notes(book.create_sheet("说明"), notes)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_name(title: str) -> str:
    """A name Excel takes: at most 31 characters, none of the forbidden ones, never the name of the notes."""
    name = _SHEET_FORBIDDEN.sub(" ", _CONTROL.sub("", title)).strip().strip("'")[:31].strip()
    return "数据" if name in {"", "说明"} else name


def _fill(sheet: Worksheet, table: TableSpec) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    head_font, grey = Font(bold=True, color="FF1D2129"), Font(color="FF6B7280")
    head_fill = PatternFill("solid", fgColor="FFEEF1F6")
    line = Border(bottom=Side(style="thin", color="FFC3C8D1"))
    for index, column in enumerate(table.columns, start=1):
        cell = sheet.cell(1, index)
        _put(sheet, 1, index, heading(column), Format.TEXT)
        cell.font, cell.fill, cell.border = head_font, head_fill, line
        right = column.format not in {Format.TEXT, Format.DATE}
        cell.alignment = Alignment(horizontal="right" if right else "left", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(index)].width = _column_width(table, index - 1)
    for number, row in enumerate(table.rows):
        for index, (value, column) in enumerate(zip(row, table.columns, strict=True), start=1):
            _put(sheet, number + 2, index, value, column.format)
            if number in table.muted:
                sheet.cell(number + 2, index).font = grey
    sheet.row_dimensions[1].height = 22
    sheet.freeze_panes = "B2"
    if table.columns and table.rows:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"


def _put(sheet: Worksheet, row: int, column: int, value: Cell, form: Format) -> None:
    """One cell: text as text whatever it starts with, numbers with their format, missing as empty."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = _CONTROL.sub("", value)[:_CELL_LIMIT]
        cell.data_type = "s"
        if value.startswith(_FORMULA_STARTS):
            cell.quotePrefix = True
        return
    if isinstance(value, date):
        cell.value, cell.number_format = value, _NUMBER_FORMATS[Format.DATE]
        return
    cell.value = value / 100 if form is Format.YUAN else value
    if form in _NUMBER_FORMATS:
        cell.number_format = _NUMBER_FORMATS[form]


def _fill_notes(sheet: Worksheet, notes: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    _put(sheet, 1, 1, SIGNATURE, Format.TEXT)
    sheet.cell(1, 1).font = Font(bold=True)
    row, blank = 2, False
    for note in notes:
        if not note:
            blank = True
            continue
        row += 1 if blank or row == 2 else 0
        blank = False
        _put(sheet, row, 1, note, Format.TEXT)
        sheet.cell(row, 1).alignment = Alignment(wrap_text=True, vertical="top")
        row += 1
    sheet.column_dimensions["A"].width = 90


def _column_width(table: TableSpec, index: int) -> float:
    """Characters the widest cell needs; a Chinese character counts as two."""
    column = table.columns[index]
    shown = [_shown(row[index], column.format) for row in table.rows[:500]]
    widest = max((text_width(text) for text in [heading(column), *shown]), default=8)
    return float(min(46, max(8, widest + 3)))


def text_width(text: str) -> int:
    """Width in half-width characters."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
