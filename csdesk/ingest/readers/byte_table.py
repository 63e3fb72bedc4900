"""Delimited text cut into cells where it lies, thousands of rows at a stroke.

What comes out of the csv module are millions of little texts, most of which are looked at once. Here a block of whole
lines is cut with a few array operations into a table of places, and each column is read by what it holds: moments and
numbers digit by digit over all rows, few different texts as codes. A block that is not as regular as exports are is
not cut at all (:func:`cut` gives None) and goes the ordinary way.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from csdesk.ingest.readers.columns import CodedColumn, TextCells
from csdesk.ingest.readers.delimited import SWALLOWED_LINES
from csdesk.ingest.readers.values import NO_NUMBER, RealNumbers, TextValues, WholeNumbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Places = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Words = NDArray[np.uint64]

_LINE, _RETURN, _QUOTE, _EQUALS, _ZERO, _POINT = b'\n\r"=0.'
_LONGEST_CELL = 1 << 20
_WORD, _MOST_WORDS = 8, 4
_PADDING = bytes(_WORD * (_MOST_WORDS + 1))
_SAMPLE, _MOST_IN_SAMPLE, _MOST_CODES = 256, 64, 256
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_LOW_BYTES = np.array([(1 << 8 * count) - 1 for count in range(_WORD + 1)], np.uint64)
_MOMENT = 19
_DIGITS_OF_MOMENT = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100  # as cells.read_datetime
_DAY_SECONDS = 86_400


class ByteTable:
    """Rows of one width: cell (row, column) is ``data[begins[row, column]:ends[row, column]]``, quotes off.

    ``apart``: cells with doubled quotes or line breaks in them.
    """

    def __init__(self, data: Bytes, begins: Places, ends: Places, apart: set[tuple[int, int]], encoding: str) -> None:
        self.data = data
        self.height, self.width = begins.shape
        self.encoding = encoding
        self._begins = begins
        self._ends = ends
        self._apart = apart

    def columns(self) -> list[ByteColumn]:
        """The cells column by column."""
        return [self._column(number) for number in range(self.width)]

    def _column(self, number: int) -> ByteColumn:
        begins, ends = self._begins[:, number].copy(), self._ends[:, number].copy()
        apart = frozenset(row for row, column in self._apart if column == number)
        return ByteColumn(self, begins, ends, apart)


def cut(block: bytes, delimiter: str, encoding: str) -> ByteTable | None:
    """The rows of a block of whole rows; None where quotes are not what they seem, or widths differ.

    Lines end in ``\\n`` or ``\\r\\n``. ``encoding`` must be one in which neither the delimiter nor a quote nor a line
    end can be part of another character.
    """
    if b"\0" in block or block.count(b"\r") != block.count(b"\r\n"):
        return None
    data = np.frombuffer(block + _PADDING, np.uint8)
    body = data[: len(block)]
    special = (body == ord(delimiter)) | (body == _LINE)
    quoted = b'"' in block
    if quoted:
        special |= body == _QUOTE
    marks = np.flatnonzero(special)
    quotes = _quotes(data, marks, ord(delimiter)) if quoted else None
    if quoted:
        if quotes is None:
            return None
        marks = quotes.parting
    height = int(np.count_nonzero(data[marks] == _LINE))
    width, rest = divmod(len(marks), max(1, height))
    if rest or not height or not (data[marks[width - 1 :: width]] == _LINE).all():
        return None
    ends = marks.reshape(height, width)
    begins = np.concatenate((np.zeros(1, np.int64), marks[:-1] + 1)).reshape(height, width)
    ends = ends.copy()
    ends[:, -1] -= (data[ends[:, -1] - 1] == _RETURN) & (ends[:, -1] > begins[:, -1])
    apart: set[tuple[int, int]] = set()
    broken_rows = marks[:0]
    if quotes is not None:
        in_quotes = (data[begins] == _QUOTE) & (ends > begins)
        begins, ends = begins + in_quotes, ends - in_quotes
        formulas = np.searchsorted(marks, quotes.formulas)
        begins.reshape(-1)[formulas] += len('="')
        ends.reshape(-1)[formulas] -= 1
        broken = np.searchsorted(marks, quotes.breaks)
        broken_rows = broken // width
        odd = np.concatenate((np.searchsorted(marks, quotes.doubled), broken))
        apart = {divmod(cell, width) for cell in np.unique(odd).tolist()}
    if int((ends - begins).max()) > _LONGEST_CELL or np.bincount(broken_rows, minlength=1).max() >= SWALLOWED_LINES:
        return None
    return ByteTable(data, begins, ends, apart, encoding)


class _Quotes(NamedTuple):
    """Marks that part cells; places of doubled quotes, of line breaks in cells, of the first quote of ``="123"``."""

    parting: Places
    doubled: Places
    breaks: Places
    formulas: Places


def _quotes(data: Bytes, marks: Places, delimiter: int) -> _Quotes | None:
    """What the quotes of a block mean; None where one stands where none belongs.

    A quote opens where a cell begins, closes where it ends, and is doubled in between: then everybody agrees on what
    the line says. ``="…"`` is no quoting to the csv module; it is the same where nothing in it would part cells.
    """
    kinds = data[marks]
    are_quotes = kinds == _QUOTE
    inside = np.cumsum(are_quotes) & 1 == 1
    numbers = np.flatnonzero(are_quotes)
    if len(numbers) % 2:
        return None
    opening, closing = marks[numbers[0::2]], marks[numbers[1::2]]
    again = data[opening - 1] == _QUOTE  # before the very first byte: the last of the padding, no mark
    after = data[closing + 1]
    ended = (after == delimiter) | (after == _LINE) | ((after == _RETURN) & (data[closing + 2] == _LINE))
    alone = numbers[1::2] - numbers[0::2] == 1
    formula = (data[opening - 1] == _EQUALS) & _begins_cell(data, opening - 1, delimiter) & alone & ended
    if not (again | formula | _begins_cell(data, opening, delimiter)).all() or not (ended | (after == _QUOTE)).all():
        return None
    breaks = marks[inside & (kinds == _LINE)]
    return _Quotes(marks[~are_quotes & ~inside], opening[again], breaks, opening[formula])


def _begins_cell(data: Bytes, places: Places, delimiter: int) -> Flags:
    before = data[places - 1]
    begins: Flags = (places == 0) | (before == delimiter) | (before == _LINE)
    return begins


class ByteColumn(TextCells):
    """The cells of one column of a :class:`ByteTable`."""

    __slots__ = ("_apart", "_begins", "_data", "_encoding", "_joined", "_lengths", "_words")

    def __init__(self, table: ByteTable, begins: Places, ends: Places, apart: frozenset[int]) -> None:
        data = table.data
        self._data = data
        self._encoding = table.encoding
        self._begins = begins
        self._lengths: Places = ends - begins
        self._apart = apart
        self._words: Words = np.ndarray((len(data) - _WORD + 1,), "<u8", buffer=data, strides=(1,))
        self._joined: str | None = None

    def __len__(self) -> int:
        return len(self._begins)

    def cell(self, row: int) -> str:
        """The text of one row."""
        begin = int(self._begins[row])
        text = self._data[begin : begin + int(self._lengths[row])].tobytes().decode(self._encoding, "replace")
        return _single(text) if row in self._apart else text

    def texts(self) -> list[str]:
        """The texts of all rows."""
        lines = self._lines().split("\n")
        lines.pop()
        for row in self._apart:
            lines[row] = self.cell(row)
        return lines

    def joined(self) -> str | None:
        """All texts, each with a line break behind; None where one would not be as it is."""
        return None if self._apart else self._lines()

    def _lines(self) -> str:
        """All texts, each with a line break behind; nothing of those that stand apart."""
        if self._joined is None:
            sizes = self._lengths + 1
            sizes[list(self._apart)] = 1
            stops = np.cumsum(sizes)
            places = np.repeat(self._begins - (stops - sizes), sizes)
            places += np.arange(len(places))
            taken = self._data[places]
            taken[stops - 1] = _LINE
            self._joined = taken.tobytes().decode(self._encoding, "replace")
        return self._joined

    def lines(self) -> TextValues | None:
        """The texts as values; None as :meth:`joined`."""
        joined = self.joined()
        return None if joined is None else TextValues(joined, len(self))

    def long_ones(self, most: int, tail: bytes) -> tuple[int, list[int]]:
        """(how many cells have more than ``most`` bytes, which of these end with ``tail``)."""
        long = np.flatnonzero(self._lengths > most)
        last = self._begins[long] + self._lengths[long]
        same = np.ones(len(long), np.bool_)
        for back, letter in enumerate(reversed(tail), start=1):
            same &= self._data[last - back] == letter
        return len(long), long[same].tolist()

    def few(self) -> CodedColumn | None:
        """The cells as codes; None where they are long or hardly any two are alike."""
        longest = int(self._lengths.max())
        if longest > _WORD * _MOST_WORDS or self._apart:
            return None
        words = [self._word(number) for number in range(max(1, -(-longest // _WORD)))]
        keys = words[0]
        for word in words[1:]:
            keys = keys * _SPREAD + word
        if len(np.unique(keys[:_SAMPLE])) > _MOST_IN_SAMPLE:
            return None
        different = np.unique(keys)
        if len(different) > _MOST_CODES:
            return None
        codes = np.searchsorted(different, keys)
        rows = np.empty(len(different), np.int64)
        rows[codes] = np.arange(len(keys))
        if not all(np.array_equal(word, word[rows][codes]) for word in words):
            return None  # two texts that only look alike to the key
        return CodedColumn([self.cell(row) or None for row in rows.tolist()], codes.astype(np.uint8).tobytes())

    def _word(self, number: int) -> Words:
        """Eight bytes of every cell as one number, zero behind its end; no cell holds a zero byte."""
        left = np.clip(self._lengths - _WORD * number, 0, _WORD)
        return self._words[self._begins + np.where(left > 0, _WORD * number, 0)] & _LOW_BYTES[left]

    def moments(self) -> tuple[WholeNumbers, list[int]]:
        """Epoch seconds of cells like ``2026-03-01 10:05:00`` (or with T), and the rows of other filled ones."""
        whole = self._lengths == _MOMENT
        rows = np.flatnonzero(whole)
        letters = [self._data[self._begins[rows] + at] for at in range(_MOMENT)]
        fits = (letters[4] == ord("-")) & (letters[7] == ord("-")) & (letters[13] == ord(":"))
        fits &= (letters[16] == ord(":")) & ((letters[10] == ord(" ")) | (letters[10] == ord("T")))
        digits = {at: letters[at] - np.uint8(_ZERO) for at in _DIGITS_OF_MOMENT}  # below "0" wraps to above 9
        for digit in digits.values():
            fits &= digit <= 9
        pair = {at: digits[at].astype(np.int64) * 10 + digits[at + 1] for at in (0, 2, 5, 8, 11, 14, 17)}
        year = pair[0] * 100 + pair[2]
        fits &= (year >= _FIRST_YEAR) & (year <= _LAST_YEAR) & (pair[5] < 13) & (pair[8] < 32)
        fits &= (pair[11] < 24) & (pair[14] < 60) & (pair[17] < 60)
        place = np.where(fits, ((year - _FIRST_YEAR) * 13 + pair[5]) * 32 + pair[8], 0)
        day = _days()[place]
        fits &= day >= 0
        seconds = np.full(len(self), NO_NUMBER, np.int64)
        seconds[rows[fits]] = (day * _DAY_SECONDS + pair[11] * 3600 + pair[14] * 60 + pair[17])[fits]
        return WholeNumbers(seconds), self._filled_but(rows[fits])

    def hundredths(self, most_whole: int) -> tuple[WholeNumbers, list[int]]:
        """Hundredfold of cells like 12 or 12.3 or 12.34, and the rows of other filled ones."""
        digits, scale, rows = self._decimals(most_whole, 2)
        values = np.full(len(self), NO_NUMBER, np.int64)
        values[rows] = digits * np.array([100, 10, 1])[scale]
        return WholeNumbers(values), self._filled_but(rows)

    def decimals(self, most_whole: int, most_part: int) -> tuple[RealNumbers, list[int]]:
        """Cells of plain digits with at most so many before and behind the point, and the rows of other filled ones.

        A whole number below 2^53 over a power of ten up to 10^22 is rounded once, as reading its text is.
        """
        digits, scale, rows = self._decimals(most_whole, most_part)
        values = np.full(len(self), np.nan)
        values[rows] = digits / np.array([10.0**power for power in range(most_part + 1)])[scale]
        return RealNumbers(values), self._filled_but(rows)

    def _decimals(self, most_whole: int, most_part: int) -> tuple[Places, Places, Places]:
        """(all digits as one number, how many stand behind the point, row) of plain numbers without leading zeros."""
        rows = np.flatnonzero((self._lengths > 0) & (self._lengths <= most_whole + 1 + most_part))
        begins, lengths = self._begins[rows], self._lengths[rows]
        value, point = np.zeros(len(rows), np.int64), np.full(len(rows), -1, np.int64)
        fits = np.ones(len(rows), np.bool_)
        for at in range(int(lengths.max()) if len(rows) else 0):
            there = lengths > at
            letter = self._data[begins + np.where(there, at, 0)]
            digit = letter - np.uint8(_ZERO)
            is_point = there & (letter == _POINT)
            fits &= ~there | (digit <= 9) | (is_point & (point < 0))
            value = np.where(there & ~is_point, value * 10 + digit, value)
            point = np.where(is_point, at, point)
        whole = np.where(point < 0, lengths, point)
        part = lengths - whole - (point >= 0)
        fits &= (whole >= 1) & (whole <= most_whole) & (part <= most_part) & ((point < 0) | (part > 0))
        fits &= (whole == 1) | (self._data[begins] != _ZERO)
        return value[fits], part[fits], rows[fits]

    def _filled_but(self, rows: Places) -> list[int]:
        others = self._lengths > 0
        others[rows] = False
        if self._apart:
            others[list(self._apart)] = True
        return np.flatnonzero(others).tolist()


def _single(text: str) -> str:
    """The text of a cell in which quotes are doubled; ``="…"`` comes off as everywhere."""
    text = text.replace('""', '"')
    return text[2:-1] if text.startswith('="') and text.endswith('"') else text


@cache
def _days() -> NDArray[np.int64]:
    """Epoch day of year, month and day as :meth:`ByteColumn.moments` numbers them, -1 where there is none."""
    days = np.arange(f"{_FIRST_YEAR}-01-01", f"{_LAST_YEAR + 1}-01-01", dtype="M8[D]")
    months = days.astype("M8[M]")
    years = months.astype("M8[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    of_month = (days - months.astype("M8[D]")).astype(np.int64) + 1
    table = np.full((_LAST_YEAR - _FIRST_YEAR + 1) * 13 * 32, -1, np.int64)
    table[((years - _FIRST_YEAR) * 13 + month) * 32 + of_month] = days.astype(np.int64)
    return table
