"""The child's side of the stream: rows in, packed chunks out, as they are or cleaned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from csdesk.ingest.readers.columns import pack
from csdesk.ingest.readers.frames import Frame
from csdesk.ingest.readers.orders import Orders

if TYPE_CHECKING:
    from csdesk.ingest.readers.rows import SheetCleaning

FIRST_ROWS = 64
"""The first chunk is short: header rows spoil the packing of the columns they head."""
CHUNK_ROWS = 4096
CHUNK_CELLS = 1_000_000
_READ_AHEAD = 4
"""Chunks read while the program makes up its mind about a sheet."""


class Part(NamedTuple):
    """Some rows of a sheet: number of the first, how many, their columns (made anew each time), share of file done."""

    first_row: int
    height: int
    columns: Callable[[], Iterable[Sequence[Any]]]
    done: float


class Emitter:
    """Collects the rows of the sheets and sends them as chunks.

    ``filled`` counts the columns sent that hold anything, so that 0 means the file was empty;
    ``done_sheets`` names the sheets that gave something. ``orders``: where the program says what it wants.
    """

    def __init__(self, send: Callable[[Frame], None], orders: Orders) -> None:
        self._send = send
        self._orders = orders
        self.filled = 0
        self.done_sheets: set[str] = set()

    def sheet(
        self,
        name: str,
        index: int,
        rows: Iterable[Sequence[Any]],
        *,
        first_column: int = 0,
        progress: Callable[[int], float] | None = None,
        texts: bool = False,
    ) -> None:
        """Send one sheet whose first row is row 1; ``first_column`` empty columns stand before it.

        ``progress`` tells, from the number of rows sent, which share of the file is done. ``texts``: all cells are.
        """
        self.parts(name, index, row_parts(rows, progress), first_column=first_column, texts=texts)

    def parts(
        self, name: str, index: int, parts: Iterator[Part], *, first_column: int = 0, texts: bool = False
    ) -> None:
        """Send one sheet that comes in parts, as :meth:`sheet` does."""
        filled_before = self.filled
        sheet = _Sheet(self, name, index, first_column, texts=texts)
        part = next(parts, None)
        while part is not None:
            following = next(parts, None)
            sheet.take(part, more=following is not None)
            part = following
        sheet.end()
        if self.filled > filled_before:
            self.done_sheets.add(name)

    def note(self, text: str) -> None:
        """Tell the owner something that does not stop the reading."""
        self._send(("note", text))

    def question(self) -> int:
        """A number for a question to the program."""
        return self._orders.next_question()

    def cleaning(self, question: int, *, wait: bool, texts: bool) -> SheetCleaning | bool | None:
        """What the program answered: how to clean, or False for rows as they are; None: no answer yet."""
        if not self._orders.answered(question, wait=wait):
            return None
        rules = self._orders.rules(question)
        if rules is None:
            return False
        from csdesk.ingest.readers.rows import SheetCleaning  # noqa: PLC0415  (only where the child is to clean)

        return SheetCleaning(rules, texts=texts)

    def raw(self, place: tuple[str, int, int], part: Part, first_column: int, question: int) -> bool:
        """Send a chunk as it is, with a question (0: none); returns False where it holds nothing and is not sent."""
        columns = [pack(cells) for cells in part.columns()]
        filled = sum(1 for column in columns if column[0] != "n")
        if not filled:
            self._send(("beat", part.done))
            return False
        self.filled += filled
        if first_column:
            columns = [("n", part.height)] * first_column + columns
        self._send(("rows", *place, columns, part.done, question))
        return True

    def clean(self, place: tuple[str, int, int], part: Part, first_column: int, cleaning: SheetCleaning) -> None:
        """Send a chunk cleaned."""
        columns: list[Sequence[Any]] = [("",) * part.height] * first_column
        columns += part.columns()
        self._send(("clean", *place, *cleaning.chunk(*place, columns), part.done))


class _Sheet:
    """One sheet on its way: its first filled chunk is sent as it is, what becomes of the others the program says."""

    def __init__(self, emitter: Emitter, name: str, index: int, first_column: int, *, texts: bool) -> None:
        self._emitter = emitter
        self._name = name
        self._index = index
        self._first_column = first_column
        self._texts = texts
        self._question = 0
        self._waiting: list[Part] = []
        self._cleaning: SheetCleaning | bool | None = None

    def take(self, part: Part, *, more: bool) -> None:
        """Send a chunk, or keep it until it is known how."""
        if not self._question:
            question = self._emitter.question() if more else 0
            if self._emitter.raw(self._place(part), part, self._first_column, question) and more:
                self._question = question
                self._waiting = [part]
            return
        if self._cleaning is None:
            self._waiting.append(part)
            self._ask(wait=len(self._waiting) > _READ_AHEAD)
        else:
            self._emit(part)

    def end(self) -> None:
        """Send what still waits."""
        if self._question and self._cleaning is None:
            self._ask(wait=True)

    def _ask(self, *, wait: bool) -> None:
        self._cleaning = self._emitter.cleaning(self._question, wait=wait, texts=self._texts)
        if self._cleaning is None:
            return
        for part in self._waiting if self._cleaning else self._waiting[1:]:
            self._emit(part)
        self._waiting = []

    def _emit(self, part: Part) -> None:
        if isinstance(self._cleaning, bool) or self._cleaning is None:
            self._emitter.raw(self._place(part), part, self._first_column, 0)
        else:
            self._emitter.clean(self._place(part), part, self._first_column, self._cleaning)

    def _place(self, part: Part) -> tuple[str, int, int]:
        return self._name, self._index, part.first_row


def row_parts(rows: Iterable[Sequence[Any]], progress: Callable[[int], float] | None, sent: int = 0) -> Iterator[Part]:
    """Rows in chunks, the first of them short; ``sent`` rows of the sheet have gone before them."""
    source = iter(rows)
    size = CHUNK_ROWS if sent else FIRST_ROWS
    while chunk := list(islice(source, size)):
        yield from list_parts(sent + 1, chunk, progress(sent + len(chunk)) if progress else -1.0)
        sent += len(chunk)
        size = CHUNK_ROWS


def list_parts(first_row: int, rows: Sequence[Sequence[Any]], done: float) -> Iterator[Part]:
    """Rows at hand as a part, or as several where they are unreasonably wide."""
    for part in _in_bounds(rows):
        yield Part(first_row, len(part), partial(transpose, part), done)
        first_row += len(part)


def transpose(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Rows of possibly different lengths → columns, filled up with empty text."""
    if len(set(map(len, rows))) == 1:
        return zip(*rows, strict=True)
    return zip_longest(*rows, fillvalue="")


def _in_bounds(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    """Split a chunk until no part is unreasonably wide: one row of 100,000 fields must not widen all."""
    if len(rows) == 1 or len(rows) * max(map(len, rows)) <= CHUNK_CELLS:
        yield rows
        return
    middle = len(rows) // 2
    yield from _in_bounds(rows[:middle])
    yield from _in_bounds(rows[middle:])
