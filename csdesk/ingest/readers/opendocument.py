"""OpenDocument sheets that calamine refuses (no styles, no settings, odd but legal archives)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from csdesk.ingest.readers.emit import Emitter
from csdesk.ingest.readers.faults import ReadFault

_BLOCK = 1 << 16
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_MAX_COLUMNS = 16_384
_MAX_ROWS = 1 << 20
_MAX_REPEATED_CELLS = 5_000_000
"""Cells that "repeat the row above" may add up to; beyond it the file is a bomb of a few bytes."""
_DURATION = re.compile(r"P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")

Row = list[Any]


def read_opendocument(path: Path, emitter: Emitter) -> None:
    """Send the sheets of an .ods; raises ReadFault("damaged") on broken XML or declared entities."""
    with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
        tables = _Tables(content)
        number = 0
        while tables.next_sheet():
            if tables.sheet not in emitter.done_sheets:
                emitter.sheet(tables.sheet, number, tables.rows())
            for _ in tables.rows():  # a sheet already sent
                continue
            number += 1


class _Tables:
    """Pulls sheets and rows out of the XML as it is parsed, block by block."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self._events: list[tuple[str, Any]] = []
        self._handlers = _Handlers(self._events)
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._handlers.start
        self._parser.EndElementHandler = self._handlers.end
        self._parser.CharacterDataHandler = self._handlers.data
        self._parser.EntityDeclHandler = _refuse_entities
        self._parser.buffer_text = True
        self._at_end = False
        self._repeated = 0
        self.sheet = ""

    def next_sheet(self) -> bool:
        """Go to the next sheet's start; False after the last."""
        while (event := self._next()) is not None:
            if event[0] == "sheet":
                self.sheet = str(event[1])
                return True
        return False

    def rows(self) -> Iterator[Row]:
        """Rows of the current sheet; empty ones only where a filled one follows."""
        empty = 0
        while (event := self._next()) is not None:
            if event[0] == "end":
                self._events.insert(0, event)
                return
            if event[0] == "sheet":
                self._events.insert(0, event)
                return
            repeat, row = event[1]
            if not row:
                empty = min(empty + repeat, _MAX_ROWS)
                continue
            self._repeated += (repeat - 1) * len(row)
            if self._repeated > _MAX_REPEATED_CELLS:
                raise ReadFault("too_large")
            for _ in range(empty):
                yield []
            empty = 0
            for _ in range(min(repeat, _MAX_ROWS)):
                yield row

    def _next(self) -> tuple[str, Any] | None:
        while not self._events and not self._at_end:
            block = self._content.read(_BLOCK)
            self._at_end = not block
            try:
                self._parser.Parse(block, not block)
            except expat.ExpatError:
                raise ReadFault("damaged") from None
        return self._events.pop(0) if self._events else None


class _Handlers:
    """Expat handlers: ("sheet", name), ("row", (repeat, cells)), ("end", None) into ``events``."""

    def __init__(self, events: list[tuple[str, Any]]) -> None:
        self._events = events
        self._row: Row = []
        self._row_repeat = 1
        self._blank = 0
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []
        self._paragraph = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element opens."""
        space, _, tag = name.rpartition(" ")
        if space == _TABLE and tag == "table":
            self._events.append(("sheet", attributes.get(f"{_TABLE} name", "")))
        elif space == _TABLE and tag == "table-row":
            self._row, self._blank = [], 0
            self._row_repeat = _count(attributes, f"{_TABLE} number-rows-repeated")
        elif space == _TABLE and tag in {"table-cell", "covered-table-cell"}:
            self._cell, self._text = attributes, []
        elif space == _TEXT and self._cell is not None:
            self._start_text(tag, attributes)

    def _start_text(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "p":
            if self._text:
                self._text.append("\n")
            self._paragraph += 1
        elif tag == "s":
            self._text.append(" " * min(_count(attributes, f"{_TEXT} c"), 1000))
        elif tag == "tab":
            self._text.append("\t")
        elif tag == "line-break":
            self._text.append("\n")

    def data(self, text: str) -> None:
        """Characters; only those of paragraphs inside cells matter."""
        if self._cell is not None and self._paragraph:
            self._text.append(text)

    def end(self, name: str) -> None:
        """An element closes."""
        space, _, tag = name.rpartition(" ")
        if space == _TEXT and tag == "p":
            self._paragraph = max(0, self._paragraph - 1)
        elif space != _TABLE:
            return
        elif tag in {"table-cell", "covered-table-cell"} and self._cell is not None:
            self._end_cell(self._cell)
        elif tag == "table-row":
            self._events.append(("row", (self._row_repeat, self._row)))
        elif tag == "table":
            self._events.append(("end", None))

    def _end_cell(self, cell: dict[str, str]) -> None:
        repeat = min(_count(cell, f"{_TABLE} number-columns-repeated"), _MAX_COLUMNS)
        value = _value(cell, "".join(self._text))
        if value == "":
            self._blank = min(self._blank + repeat, _MAX_COLUMNS)
        else:
            self._row.extend([""] * self._blank)
            self._row.extend([value] * repeat)
            self._blank = 0
        del self._row[_MAX_COLUMNS:]
        self._cell = None


def _refuse_entities(*_: object) -> None:
    raise ReadFault("damaged")


def _count(attributes: dict[str, str], name: str) -> int:
    said = attributes.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 10 else 1


def _value(cell: dict[str, str], text: str) -> Any:
    kind = cell.get(f"{_OFFICE} value-type", "")
    try:
        if kind in {"float", "percentage", "currency"}:
            return float(cell[f"{_OFFICE} value"])
        if kind == "boolean":
            return cell[f"{_OFFICE} boolean-value"] == "true"
        if kind == "date":
            return datetime.fromisoformat(cell[f"{_OFFICE} date-value"]).replace(tzinfo=None)
        if kind == "time":
            return _duration(cell[f"{_OFFICE} time-value"])
    except (KeyError, ValueError):
        return text
    return text


def _duration(text: str) -> timedelta:
    found = _DURATION.fullmatch(text)
    if found is None:
        raise ValueError(text)
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
