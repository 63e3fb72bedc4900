"""Tables written as HTML or as Excel 2003 XML under the name .xls."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import IO
from xml.parsers import expat

from csdesk.ingest.readers.emit import Emitter
from csdesk.ingest.readers.faults import ReadFault
from csdesk.ingest.readers.sniff import Sniffed

_BLOCK = 1 << 16
_NAMESPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_MAX_REPEAT = 16_384


def read_markup(path: Path, found: Sniffed, emitter: Emitter) -> None:
    """Send the tables of an HTML page or the sheets of an Excel 2003 XML file."""
    with path.open("r", encoding=found.encoding or "utf-8", errors="replace", newline="") as file:
        if found.kind == "html":
            emitter.sheet(path.stem, 0, _html_rows(file))
        else:
            _read_spreadsheetml(file, emitter)
    if not emitter.filled:
        raise ReadFault("empty")


class _TableRows(HTMLParser):
    """Collects finished rows in ``rows``; cells of nested tables count as text of the outer cell's row."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._end_row()
            self._row = []
        elif tag in {"td", "th"}:
            self._end_cell()
            self._row = [] if self._row is None else self._row
            self._cell = []
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), _MAX_REPEAT) if span.isdecimal() else 1
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self._end_cell()
        elif tag in {"tr", "table", "tbody", "thead"}:
            self._end_row()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None:
            self._row.append("".join(self._cell).replace("\xa0", " ").strip())
            self._row.extend([""] * (self._span - 1))
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row:
            self.rows.append(self._row)
        self._row = None


def _html_rows(file: IO[str]) -> Iterator[list[str]]:
    parser = _TableRows()
    while block := file.read(_BLOCK):
        parser.feed(block)
        yield from parser.rows
        parser.rows.clear()
    parser.close()
    parser.handle_endtag("tr")
    yield from parser.rows


class _SheetRows:
    """Expat handlers for Excel 2003 XML: finished rows of the current sheet in ``rows``."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, list[str | float | bool]]] = []
        self._sheet = ""
        self._row_number = 0
        self._row: list[str | float | bool] = []
        self._text: list[str] | None = None
        self._type = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        if space != _NAMESPACE:
            return
        if tag == "Worksheet":
            self._sheet, self._row_number = attributes.get(f"{_NAMESPACE} Name", ""), 0
        elif tag == "Row":
            self._row_number = _position(attributes, self._row_number)
            self._row = []
        elif tag == "Cell":
            gap = _position(attributes, len(self._row)) - 1 - len(self._row)
            self._row.extend([""] * min(max(gap, 0), _MAX_REPEAT))
            self._row.append("")
        elif tag == "Data":
            self._text, self._type = [], attributes.get(f"{_NAMESPACE} Type", "String")

    def end(self, name: str) -> None:
        space, _, tag = name.rpartition(" ")
        if space != _NAMESPACE:
            return
        if tag == "Data" and self._text is not None:
            if self._row:
                self._row[-1] = _typed("".join(self._text), self._type)
            self._text = None
        elif tag == "Row":
            self.rows.append((self._sheet, self._row_number, self._row))

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)


def _position(attributes: dict[str, str], before: int) -> int:
    index = attributes.get(f"{_NAMESPACE} Index", "")
    return int(index) if index.isdecimal() else before + 1


def _typed(text: str, kind: str) -> str | float | bool:
    if kind == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "Boolean":
        return text.strip() == "1"
    if kind == "DateTime":
        return text.replace("T", " ").removesuffix(".000")
    return "" if kind == "Error" else text


def _refuse_entities(*_: object) -> None:
    raise ReadFault("damaged")


def _read_spreadsheetml(file: IO[str], emitter: Emitter) -> None:
    handlers = _SheetRows()
    parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
    parser.StartElementHandler = handlers.start
    parser.EndElementHandler = handlers.end
    parser.CharacterDataHandler = handlers.data
    parser.EntityDeclHandler = _refuse_entities
    parser.buffer_text = True
    pending = _parsed_rows(parser, handlers, file)
    current = next(pending, None)
    number = 0
    while current is not None:
        sheet = current[0]
        left: list[tuple[str, int, list[str | float | bool]]] = []
        emitter.sheet(sheet or f"Sheet{number + 1}", number, _one_sheet(sheet, current, pending, left))
        number += 1
        current = left[0] if left else None


def _one_sheet(
    sheet: str,
    first: tuple[str, int, list[str | float | bool]],
    pending: Iterator[tuple[str, int, list[str | float | bool]]],
    left: list[tuple[str, int, list[str | float | bool]]],
) -> Iterator[list[str | float | bool]]:
    """Rows until the sheet changes (the next sheet's first row goes to ``left``); gaps become empty rows."""
    at = 0
    item: tuple[str, int, list[str | float | bool]] | None = first
    while item is not None:
        name, number, row = item
        if name != sheet:
            left.append(item)
            return
        for _ in range(min(number - at - 1, 1 << 20)):
            yield []
        at = number
        yield row
        item = next(pending, None)


def _parsed_rows(
    parser: expat.XMLParserType, handlers: _SheetRows, file: IO[str]
) -> Iterator[tuple[str, int, list[str | float | bool]]]:
    try:
        while block := file.read(_BLOCK):
            parser.Parse(block, False)
            yield from handlers.rows
            handlers.rows.clear()
        parser.Parse("", True)
    except expat.ExpatError:
        raise ReadFault("damaged") from None
    yield from handlers.rows
