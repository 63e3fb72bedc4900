"""Delimited text → rows, line by line, so that memory stays flat however long the file is."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO

from csdesk.ingest.readers.emit import Emitter, Part, row_parts
from csdesk.ingest.readers.faults import ReadFault
from csdesk.ingest.readers.sniff import Sniffed
from csdesk.ingest.readers.textform import LINES

WORTH_CUTTING = 2 << 20
"""Bytes; below, numpy's start costs more than it saves."""
FIELD_LIMIT = 1 << 20
_NO_LIMIT = (1 << 31) - 1
_BLOCK_LINES = 2048
_TAIL = 1 << 16
_FOOTERS = ("合计", "总计", "汇总", "共", "#", "注", "说明", '"合计', '"总计', '"汇总')
SWALLOWED_LINES = 200
"""A quoted cell with more lines than this is a quote somebody forgot to close."""


def read_delimited(path: Path, found: Sniffed, emitter: Emitter) -> None:
    """Send the rows of a delimited text file; raises ReadFault("empty") where there are none."""
    if found.text and not found.text.strict:
        guessed = found.encoding == "latin-1"
        emitter.note("文字编码认不准，请核对有没有乱码。" if guessed else "有少数字符无法识别，已用“\ufffd”代替。")
    with path.open("rb") as raw:
        emitter.parts(path.stem, 0, _parts(raw, found), texts=True)
    if not emitter.filled:
        raise ReadFault("empty")
    if found.delimiter != LINES and _is_cut_off(path, found.encoding or "utf-8", found.delimiter or ","):
        emitter.note("最后一行没有写完，文件可能没有下载完；请核对，必要时重新下载再导入一次。")


def _parts(raw: IO[bytes], found: Sniffed) -> Iterator[Part]:
    def done(used: int) -> float:
        return min(1.0, used / max(1, found.size))

    if found.size >= WORTH_CUTTING:
        from csdesk.ingest.readers.quick_text import can_be_quick, quick_parts  # noqa: PLC0415  (only large files)

        if can_be_quick(found):
            return quick_parts(raw, found, done)
    return text_parts(raw, found.encoding or "utf-8", found.delimiter or ",", done)


def text_parts(
    raw: IO[bytes], encoding: str, delimiter: str, progress: Callable[[int], float], sent: int = 0
) -> Iterator[Part]:
    """The rows of an open text file from where it stands, line by line; ``sent`` rows have gone before them.

    ``progress`` gets the bytes used up.
    """
    text = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
    try:
        rows = ([line.rstrip("\r\n")] for line in text) if delimiter == LINES else delimited_rows(text, delimiter)
        yield from row_parts(rows, lambda _: progress(raw.tell()), sent)
    finally:
        text.detach()


def _is_cut_off(path: Path, encoding: str, delimiter: str) -> bool:
    """Whether the file ends within a row: no line end, and fewer cells than the rows before it, but more than one."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
    if encoding.startswith(("utf-16", "utf-32")) or tail.endswith((b"\n", b"\r")):
        return False
    text = tail.decode(encoding, errors="replace")
    ends = [line for line in text.replace("\r", "\n").split("\n") if line.strip()][-3:]
    if len(ends) < 3 or any(line.count('"') % 2 for line in ends[:-1]):
        return False
    widths = [len(row) for row in csv.reader(ends, delimiter=delimiter)]
    return len(widths) == 3 and widths[0] == widths[1] > widths[2] > 1 and not ends[-1].startswith(_FOOTERS)


def delimited_rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Cut lines into rows.

    A quote that is never closed would swallow the rest of the file; from such a row on, quotes count
    as letters. ``="…"``, by which exports keep Excel from turning ids into numbers, is taken off.

    Blocks of lines in which every quote is closed on its own line, nearly all there are, go through
    the csv module at one stroke; only the others are watched row by row.
    """
    source = iter(lines)
    while block := list(islice(source, _BLOCK_LINES)):
        if any("\0" in line for line in block):
            block = [line.replace("\0", "") for line in block]
        rows = rows_of_lines(block, delimiter)
        if rows is None:
            watched = WatchedLines(block, source)
            yield from map(unwrap, _watched_rows(watched, delimiter))
        else:
            yield from rows


def rows_of_lines(block: list[str], delimiter: str) -> list[list[str]] | None:
    """The rows of a block (without zero characters) in which each line is a row, None where some row may span lines."""
    csv.field_size_limit(FIELD_LIMIT)
    text = "".join(block)
    rows = _plain_rows(block, text, delimiter)
    if rows is not None and '="' in text:
        return list(map(unwrap, rows, [line.count('="') for line in block]))
    return rows


def _plain_rows(block: list[str], text: str, delimiter: str) -> list[list[str]] | None:
    if '"' in text and any(line.count('"') % 2 for line in block):
        return None
    try:
        rows = list(csv.reader(block, delimiter=delimiter))
    except csv.Error:
        return None
    return rows if len(rows) == len(block) else None


def _watched_rows(lines: WatchedLines, delimiter: str) -> Iterator[list[str]]:
    """Rows with quotes obeyed, until the block is used up; from an open quote on, quotes are letters."""
    reader = csv.reader(lines, delimiter=delimiter)
    while not lines.block_is_done:
        try:
            row = next(reader)
        except StopIteration:
            return
        except (csv.Error, OpenQuoteError):
            break
        if len(lines.current) > 1 and sum(line.count('"') for line in lines.current) % 2:
            break
        lines.current.clear()
        yield row
    if lines.current:
        csv.field_size_limit(_NO_LIMIT)  # the line is in memory already, however long its cells
        yield from csv.reader(chain(list(lines.current), lines.rest()), delimiter=delimiter, quoting=csv.QUOTE_NONE)


class OpenQuoteError(Exception):
    """A row ran over so many lines that its opening quote cannot have been meant as one."""


class WatchedLines(Iterator[str]):
    """Lines of a block, then of the rest of the file; ``current`` holds those of the row being read."""

    def __init__(self, block: list[str], source: Iterator[str]) -> None:
        self.current: list[str] = []
        self._left = len(block)
        self._lines = chain(block, (line.replace("\0", "") for line in source))

    @property
    def block_is_done(self) -> bool:
        """Whether the row just read was the block's last."""
        return self._left <= 0

    def __next__(self) -> str:
        line = next(self._lines)
        self._left -= 1
        self.current.append(line)
        if len(self.current) > SWALLOWED_LINES:
            raise OpenQuoteError
        return line

    def rest(self) -> Iterator[str]:
        """All lines not read yet."""
        return self._lines


def unwrap(row: list[str], most: int = sys.maxsize) -> list[str]:
    """The row with ``="…"`` taken off its cells; ``most`` cells have it."""
    for index, cell in enumerate(row):
        if not most:
            break
        if cell.startswith('="'):
            most -= 1
            if cell.endswith('"'):
                row[index] = cell[2:-1]
    return row
