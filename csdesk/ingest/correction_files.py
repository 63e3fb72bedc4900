"""Rejected rows as a workbook or csv to correct: the reason first, the original header and cells, our mark last."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, cast

from csdesk.errors import UserFault
from csdesk.ingest.correction_marks import MARK, REASON, ROW_NUMBER, Origin, shown_reason
from csdesk.ingest.model import RejectedRow

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

SUFFIXES = (".xlsx", ".csv")
SHEET = "退回的行"
_FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?%?")
_LONG_DIGITS = re.compile(r"\d{12,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SHEET_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_WIDEST = 40


def file_bytes(rows: Sequence[RejectedRow], origin: Origin, suffix: str) -> bytes:
    """The file to correct, by suffix. Raises UserFault for another suffix or if there is no row."""
    if suffix.lower() not in SUFFIXES:
        raise UserFault(f"不能存成“{suffix or '没有后缀'}”。", "请把文件名写成 .xlsx 或 .csv 结尾。")
    if not rows:
        raise UserFault("这次导入没有退回的行。")
    return csv_bytes(rows, origin) if suffix.lower() == ".csv" else xlsx_bytes(rows, origin)


def headers_of(rows: Iterable[RejectedRow]) -> list[str]:
    """The original headers, in the order of the sheet."""
    found: dict[str, None] = {}
    for row in rows:
        found.update(dict.fromkeys(row.cells))
    return list(found)


def csv_bytes(rows: Sequence[RejectedRow], origin: Origin) -> bytes:
    """All rows under one header, UTF-8 with BOM; long numbers and what looks like a formula stay text."""
    headers = headers_of(rows)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([REASON, ROW_NUMBER, *(_harmless(header) for header in headers), MARK])
    mark = origin.mark()
    for row in rows:
        told = [_harmless(row.cells.get(header, "")) for header in headers]
        writer.writerow([_harmless(shown_reason(row.column, row.reason)), row.row, *told, mark])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8", "replace")


def _harmless(text: str) -> str:
    if _LONG_DIGITS.fullmatch(text):
        return f"\t{text}"
    if text.startswith("\t") or (text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text)):
        return f"'{text}"
    return text


def xlsx_bytes(rows: Sequence[RejectedRow], origin: Origin) -> bytes:
    """A workbook, a sheet for each sheet of the source; the cells at fault are red, all cells text."""
    from openpyxl import Workbook  # noqa: PLC0415  (slow to import, needed here only)

    book = Workbook()
    book.remove(book.worksheets[0])
    used: set[str] = set()
    for name, part in groupby(sorted(rows, key=lambda row: row.sheet), key=lambda row: row.sheet):
        several = any(row.sheet != name for row in rows)
        title = _sheet_name(name if several else SHEET, used)
        _fill(book.create_sheet(title), list(part), origin)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _sheet_name(name: str, used: set[str]) -> str:
    base = _SHEET_FORBIDDEN.sub(" ", _CONTROL.sub("", name)).strip()[:28] or SHEET
    title, number = base, 1
    while title in used:
        number += 1
        title = f"{base}{number}"
    used.add(title)
    return title


def _fill(sheet: Worksheet, rows: Sequence[RejectedRow], origin: Origin) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    headers = headers_of(rows)
    bold, grey = Font(bold=True, color="FF1D2129"), Font(color="FF6B7280")
    head, own, bad = (PatternFill("solid", fgColor=color) for color in ("FFEEF1F6", "FFFFF7E0", "FFFFC7C7"))
    last = len(headers) + 3
    for column, text in enumerate([REASON, ROW_NUMBER, *headers, MARK], start=1):
        cell = _text(sheet, 1, column, text)
        cell.font, cell.fill = bold, own if column <= 2 else head
        widest = max([_width(text), *(_width(row.cells.get(text, "")) for row in rows[:200])])
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = min(_WIDEST, max(8, widest + 3))
        sheet.column_dimensions[letter].number_format = "@"
    sheet.column_dimensions["A"].width = _WIDEST
    sheet.column_dimensions[get_column_letter(last)].hidden = True
    mark = origin.mark()
    for number, row in enumerate(rows, start=2):
        reason = _text(sheet, number, 1, shown_reason(row.column, row.reason))
        reason.alignment, reason.fill = Alignment(wrap_text=True, vertical="top"), own
        sheet.cell(number, 2, row.row).font = grey
        for column, header in enumerate(headers, start=3):
            cell = _text(sheet, number, column, row.cells.get(header, ""))
            if header == row.column:
                cell.fill = bad
        _text(sheet, number, last, mark)
    sheet.freeze_panes = "C2"


def _text(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """A cell that stays text whatever it holds."""
    cell = cast("Cell", sheet.cell(row, column))  # no cell is merged here
    if text:
        cell.value = _CONTROL.sub("", text)
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(_FORMULA_STARTS)
    cell.number_format = "@"
    return cell


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
