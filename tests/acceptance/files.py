"""Writes tables as the platforms and their users do: workbooks, .ods, csv in several encodings, wrong extensions."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

Row = Sequence[Any]


@dataclass(frozen=True)
class Percent:
    """A number in a cell formatted 0.00%: the fraction is stored."""

    fraction: float

    def __str__(self) -> str:
        return f"{self.fraction * 100:.2f}%"


CSV_ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")
KINDS = ("xlsx", "csv", "ods", "xlsx named xls", "csv named xls", "csv named xlsx")


def write(
    folder: Path,
    stem: str,
    kind: str,
    rows: Sequence[Row],
    *,
    sheet: str = "Sheet1",
    encoding: str = "utf-8-sig",
    merges: Sequence[str] = (),
) -> Path:
    """One table as ``stem`` plus the extension its ``kind`` has (or pretends to have)."""
    content, _, pretended = kind.partition(" named ")
    path = folder / f"{stem}.{pretended or content}"
    if content == "xlsx":
        path.write_bytes(_xlsx(rows, sheet, merges))
    elif content == "ods":
        path.write_bytes(_ods(rows, sheet))
    elif content == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([_text(cell) for cell in row] for row in rows)
        path.write_bytes(text.getvalue().encode(encoding))
    else:
        raise ValueError(kind)
    return path


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return str(cell)


def _xlsx(rows: Sequence[Row], sheet: str, merges: Sequence[str]) -> bytes:
    book = Workbook()
    page = book.worksheets[0]
    page.title = sheet
    for r, row in enumerate(rows, 1):
        for c, cell in enumerate(row, 1):
            if cell is None:
                continue
            where = page.cell(r, c)
            if isinstance(cell, Percent):
                where.value = cell.fraction
                where.number_format = "0.00%"
            elif isinstance(cell, str):
                where.value = cell
                where.data_type = "s"  # ="…" stays text
            else:
                where.value = cell
    for area in merges:
        page.merge_cells(area)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _ods(rows: Sequence[Row], sheet: str) -> bytes:
    lines = []
    for row in rows:
        lines.append("<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>")
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="{escape(sheet)}">{"".join(lines)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest '
            'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return held.getvalue()


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, Percent):
        kind, value = "percentage", f' office:value="{cell.fraction!r}"'
    elif isinstance(cell, time):
        kind, value = "time", f' office:time-value="PT{cell.hour:02d}H{cell.minute:02d}M{cell.second:02d}S"'
    elif isinstance(cell, datetime | date):
        kind, value = "date", f' office:date-value="{cell.isoformat()}"'
    elif isinstance(cell, int | float):
        kind, value = "float", f' office:value="{cell!r}"'
    else:
        kind, value = "string", ""
    return (
        f'<table:table-cell office:value-type="{kind}"{value}><text:p>{escape(_text(cell))}</text:p></table:table-cell>'
    )
