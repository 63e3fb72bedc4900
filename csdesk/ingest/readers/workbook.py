"""Workbooks: calamine first, and the reader that opens what calamine does not."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from csdesk.ingest.readers.emit import Emitter
from csdesk.ingest.readers.faults import ReadFault
from csdesk.ingest.readers.sniff import Sniffed, sniff

_PARSED = 0.7
"""Share of the work that is done when the library has parsed a sheet and rows begin to come."""
_BOMB_RATIO = 200
_BOMB_BYTES = 256 << 20
_MAX_MEMBERS = 20_000

_HONEST_SUFFIXES = {"xlsx": (".xlsx", ".xlsm"), "xlsb": (".xlsb",), "xls": (".xls",), "ods": (".ods",)}

Reader = Callable[[Path, Emitter], None]


def readers_for(kind: str) -> list[tuple[str, Reader]]:
    """The readers that may open a kind of workbook, best first, each with its name."""
    match kind:
        case "xlsx":
            return [("calamine", read_calamine), ("openpyxl", read_openpyxl)]
        case "xls":
            return [("calamine", read_calamine), ("xlrd", read_xlrd)]
        case "biff":
            return [("xlrd", read_xlrd), ("calamine", read_calamine)]
        case "ods":
            from csdesk.ingest.readers.opendocument import read_opendocument  # noqa: PLC0415  (only for ods)

            return [("calamine", read_calamine), ("opendocument", read_opendocument)]
    return [("calamine", read_calamine)]


def guard_archive(path: Path, found: Sniffed) -> None:
    """Raise ReadFault where a zipped workbook claims to unpack into something monstrous."""
    if found.kind not in {"xlsx", "xlsb", "ods"}:
        return
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if len(members) > _MAX_MEMBERS:
        raise ReadFault("too_large")
    for member in members:
        if member.file_size > _BOMB_BYTES and member.file_size > _BOMB_RATIO * max(1, member.compress_size):
            raise ReadFault("too_large")


def read_calamine(path: Path, emitter: Emitter) -> None:
    """All worksheets, hidden ones too. Raises whatever calamine raises, its panics included."""
    import python_calamine as calamine  # noqa: PLC0415  (one reader of several)

    failed: list[str] = []
    with _open_calamine(path) as book:
        sheets = [m for m in book.sheets_metadata if m.typ == calamine.SheetTypeEnum.WorkSheet]
        for number, meta in enumerate(sheets):
            if meta.name in emitter.done_sheets:
                continue
            try:
                sheet = book.get_sheet_by_name(meta.name)
            except (calamine.CalamineError, OSError) as error:
                failed.append(f"{meta.name}: {error}")
                continue
            if sheet.start is None:
                continue
            share = 1 / len(sheets)
            emitter.sheet(
                meta.name,
                number,
                sheet.iter_rows(),
                first_column=sheet.start[1],
                progress=_sheet_progress(number * share, share, sheet.total_height),
            )
    if failed:
        raise UnreadSheetsError(failed)


def _open_calamine(path: Path) -> Any:
    """By path where the name's ending tells the truth: calamine believes it. Else by content, from memory."""
    import python_calamine as calamine  # noqa: PLC0415  (already loaded by the only caller)

    if path.suffix in _HONEST_SUFFIXES.get(sniff(path).kind, ()):
        return calamine.CalamineWorkbook.from_path(path)
    with path.open("rb") as file:
        return calamine.CalamineWorkbook.from_filelike(file)


class UnreadSheetsError(Exception):
    """Some sheets of a workbook could not be read; ``args[0]`` lists them."""


def read_openpyxl(path: Path, emitter: Emitter) -> None:
    """xlsx through openpyxl, streamed; sheets already sent are left out."""
    import warnings  # noqa: PLC0415  (a fall-back's imports stay in the fall-back)

    from openpyxl import load_workbook  # noqa: PLC0415

    warnings.simplefilter("ignore")
    with path.open("rb") as file:  # an open file, for openpyxl too believes the name's ending
        book = load_workbook(file, read_only=True, data_only=True)
        for number, sheet in enumerate(book.worksheets):
            if sheet.title not in emitter.done_sheets:
                sheet.reset_dimensions()
                emitter.sheet(sheet.title, number, _openpyxl_rows(sheet))


def _openpyxl_rows(sheet: Any) -> Iterator[list[Any]]:
    for cells in sheet.iter_rows():
        yield ["" if cell.value is None else cell.value for cell in cells]


def read_xlrd(path: Path, emitter: Emitter) -> None:
    """Old .xls through xlrd; raises ReadFault("encrypted") where the stream carries a password record."""
    import os  # noqa: PLC0415  (a fall-back's imports stay in the fall-back)

    import xlrd  # noqa: PLC0415

    if has_password_record(path):
        raise ReadFault("encrypted")
    with Path(os.devnull).open("w", encoding="utf-8") as silence:
        book = xlrd.open_workbook(path, logfile=silence, on_demand=True)
        for number in range(book.nsheets):
            sheet = book.sheet_by_index(number)
            if sheet.name not in emitter.done_sheets:
                emitter.sheet(sheet.name, number, _xlrd_rows(sheet, book.datemode))


def _xlrd_rows(sheet: Any, datemode: int) -> Iterator[list[Any]]:
    for row in range(sheet.nrows):
        yield [_xlrd_cell(cell, datemode) for cell in sheet.row(row)]


def _xlrd_cell(cell: Any, datemode: int) -> Any:
    import xlrd  # noqa: PLC0415  (already loaded by the only caller)

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            moment: datetime = xlrd.xldate_as_datetime(cell.value, datemode)
        except (ValueError, OverflowError):
            return cell.value
        return moment.time() if 0 <= cell.value < 1 else moment
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(cell.value, "#N/A")
    return cell.value


def has_password_record(path: Path) -> bool:
    """Whether the workbook stream of an .xls starts with a FILEPASS record (0x002F)."""
    import xlrd  # noqa: PLC0415  (only for a file calamine could not open)
    from xlrd.compdoc import CompDoc  # noqa: PLC0415

    data = path.read_bytes()
    start, length = 0, len(data)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        try:
            document = CompDoc(data, logfile=_Silence())
            stream = next(
                (s for s in map(document.locate_named_stream, ("Workbook", "Book")) if s[0] is not None), None
            )
        except (xlrd.compdoc.CompDocError, AssertionError, IndexError, ValueError):
            return False
        if stream is None:
            return False
        data, start, length = stream
    end = start + length
    for _ in range(20):
        if start + 4 > end:
            return False
        record, size = int.from_bytes(data[start : start + 2], "little"), data[start + 2] + 256 * data[start + 3]
        if record == 0x2F:
            return True
        start += 4 + size
    return False


class _Silence:
    def write(self, text: str) -> None:
        """Swallow what xlrd would print."""


def _sheet_progress(base: float, share: float, height: int) -> Callable[[int], float]:
    return lambda rows: base + share * (_PARSED + (1 - _PARSED) * min(1.0, rows / max(1, height)))
