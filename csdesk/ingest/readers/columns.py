"""Columns packed for the way from the reading child to the program.

The child looks at a column of a chunk once and sends it in the cheapest form: numbers as doubles,
instants as microseconds, few different values as a list of values and one code a row. On this side
each form is an ordinary sequence of cells, and whoever cares for speed may use the packed parts.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:  # the child loads this module and should not load the whole model
    from csdesk.ingest.model import RawCell
    from csdesk.ingest.readers.values import RealNumbers, TextValues, WholeNumbers
else:
    RawCell = object

EPOCH = datetime(1970, 1, 1)
NO_INSTANT = -(2**63)
_EPOCH_ORDINAL = EPOCH.toordinal()
_MICROSECOND = timedelta(microseconds=1)
_WORTH_CODING = 4
_CODE_LIMIT = 256

Packed = tuple[Any, ...]
"""("n", height) · ("d", bytes, holes) · ("q", bytes, holes) · ("c", values, codes) · ("l", cells) ·
("m", cells), where an instant inside a mixed column travels as a tuple of its microseconds."""


class _Column(Sequence[RawCell]):
    """What the packed forms share; subclasses give ``cell`` and ``__len__``."""

    __slots__ = ()

    def cell(self, row: int) -> RawCell:
        """The cell of one row, 0-based."""
        raise NotImplementedError

    @overload
    def __getitem__(self, index: int) -> RawCell: ...
    @overload
    def __getitem__(self, index: slice) -> list[RawCell]: ...
    def __getitem__(self, index: int | slice) -> RawCell | list[RawCell]:
        if isinstance(index, slice):
            return [self.cell(row) for row in range(*index.indices(len(self)))]
        height = len(self)
        if not -height <= index < height:
            raise IndexError(index)
        return self.cell(index % height)

    def __iter__(self) -> Iterator[RawCell]:
        return (self.cell(row) for row in range(len(self)))


class EmptyColumn(_Column):
    """A column without any value."""

    __slots__ = ("_height",)

    def __init__(self, height: int) -> None:
        self._height = height

    def __len__(self) -> int:
        return self._height

    def cell(self, row: int) -> RawCell:
        return None


class NumberColumn(_Column):
    """Floats only; NaN in ``data`` stands for an empty cell, ``holes`` says whether there is any."""

    __slots__ = ("data", "holes")

    def __init__(self, data: array[float], holes: bool) -> None:
        self.data = data
        self.holes = holes

    def __len__(self) -> int:
        return len(self.data)

    def cell(self, row: int) -> RawCell:
        value = self.data[row]
        return value if value == value else None  # noqa: PLR0124  (NaN)


class InstantColumn(_Column):
    """Dates and times only: microseconds since 1970; ``NO_INSTANT`` stands for an empty cell."""

    __slots__ = ("data", "holes")

    def __init__(self, data: array[int], holes: bool) -> None:
        self.data = data
        self.holes = holes

    def __len__(self) -> int:
        return len(self.data)

    def cell(self, row: int) -> RawCell:
        value = self.data[row]
        return None if value == NO_INSTANT else EPOCH + timedelta(microseconds=value)


class CodedColumn(_Column):
    """Few different values: ``values[codes[row]]`` is the cell."""

    __slots__ = ("codes", "values")

    def __init__(self, values: list[RawCell], codes: bytes) -> None:
        self.values = values
        self.codes = codes

    def __len__(self) -> int:
        return len(self.codes)

    def cell(self, row: int) -> RawCell:
        return self.values[self.codes[row]]

    def __iter__(self) -> Iterator[RawCell]:
        return map(self.values.__getitem__, self.codes)


class TextCells(_Column):
    """Texts that can be read all at once, see :class:`csdesk.ingest.readers.byte_table.ByteColumn`.

    An empty one is ``""`` here, as the csv module gives it.
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[RawCell]:
        return iter(self.texts())

    def texts(self) -> list[str]:
        """The texts of all rows."""
        raise NotImplementedError

    def joined(self) -> str | None:
        """All texts, each with a line break behind; None where one would not be as it is."""
        raise NotImplementedError

    def lines(self) -> TextValues | None:
        """The texts as values; None as :meth:`joined`."""
        raise NotImplementedError

    def few(self) -> CodedColumn | None:
        """The cells as codes, None for empty ones; None where they are long or hardly any two are alike."""
        raise NotImplementedError

    def long_ones(self, most: int, tail: bytes) -> tuple[int, list[int]]:
        """(how many cells have more than ``most`` bytes, which of these end with ``tail``)."""
        raise NotImplementedError

    def moments(self) -> tuple[WholeNumbers, list[int]]:
        """Epoch seconds of cells like ``2026-03-01 10:05:00`` (or with T), and the rows of other filled ones."""
        raise NotImplementedError

    def hundredths(self, most_whole: int) -> tuple[WholeNumbers, list[int]]:
        """Hundredfold of cells like 12 or 12.3 or 12.34, and the rows of other filled ones."""
        raise NotImplementedError

    def decimals(self, most_whole: int, most_part: int) -> tuple[RealNumbers, list[int]]:
        """Cells of plain digits with at most so many before and behind the point, and the rows of other filled ones."""
        raise NotImplementedError


def pack(cells: Sequence[Any]) -> Packed:
    """Cells of one column as a reader gives them → the form to send. Empty text counts as no cell."""
    if isinstance(cells, TextCells):
        return _pack_texts(cells)
    kinds = set(map(type, cells))
    if kinds <= {str, float, type(None)}:
        return _pack_plain(cells, kinds)
    if kinds == {datetime}:
        return ("q", array("q", [(cell - EPOCH) // _MICROSECOND for cell in cells]).tobytes(), False)
    if kinds <= {datetime, date, str, type(None)}:
        return _pack_instants(cells) or ("m", [_instant_or_plain(cell) for cell in cells])
    if datetime in kinds or date in kinds:
        return ("m", [_instant_or_plain(cell) for cell in cells])
    return ("l", [plain_cell(cell) for cell in cells])


def unpack(packed: Packed) -> Sequence[RawCell]:
    """The column behind a form made by :func:`pack`."""
    match packed:
        case ("n", int() as height):
            return EmptyColumn(height)
        case ("d", bytes() as data, holes):
            numbers = array("d")
            numbers.frombytes(data)
            return NumberColumn(numbers, bool(holes))
        case ("q", bytes() as data, holes):
            instants = array("q")
            instants.frombytes(data)
            return InstantColumn(instants, bool(holes))
        case ("c", list() as values, bytes() as codes):
            return CodedColumn(values, codes)
        case ("l", list() as cells):
            return cells
        case ("m", list() as cells):
            return [EPOCH + timedelta(microseconds=cell[0]) if type(cell) is tuple else cell for cell in cells]
    raise ValueError("unknown column form")


def plain_cell(cell: Any) -> Any:
    """One cell as reader libraries give it → text, number, truth value or None.

    Times of day and durations become ``HH:MM:SS`` text, which no later step can mistake for a number
    of days.
    """
    kind = type(cell)
    if kind is str:
        return cell or None
    if kind in {float, int, bool, type(None)}:
        return cell
    if kind is time:
        return _clock(cell.hour * 3600 + cell.minute * 60 + cell.second, cell.microsecond)
    if kind is timedelta:
        return _clock(cell.days * 86400 + cell.seconds, cell.microseconds)
    return str(cell)


def _microseconds(cell: Any) -> int | None:
    if type(cell) is datetime:
        return (cell - EPOCH) // _MICROSECOND
    if type(cell) is date:
        return (cell.toordinal() - _EPOCH_ORDINAL) * 86_400_000_000
    return None


def _instant_or_plain(cell: Any) -> Any:
    instant = _microseconds(cell)
    return plain_cell(cell) if instant is None else (instant,)


def _clock(seconds: int, microseconds: int) -> str:
    sign = ""
    if seconds < 0:
        sign, seconds = "-", -seconds
    fraction = f".{microseconds:06d}".rstrip("0") if microseconds else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{fraction}"


def _pack_texts(cells: TextCells) -> Packed:
    few = cells.few()
    if few is None:
        return ("l", [cell or None for cell in cells.texts()])
    return ("n", len(few)) if few.values == [None] else ("c", few.values, few.codes)


def _pack_plain(cells: Sequence[Any], kinds: set[type]) -> Packed:
    different = set(cells)
    if different <= {"", None}:
        return ("n", len(cells))
    if len(different) <= min(_CODE_LIMIT, max(1, len(cells) // _WORTH_CODING)):
        number = {value: code for code, value in enumerate(different)}
        codes = bytes(map(number.__getitem__, cells))
        return ("c", [None if value == "" else value for value in number], codes)
    if kinds == {float}:
        return ("d", array("d", cells).tobytes(), any(cell != cell for cell in different))  # noqa: PLR0124
    if "" in different:
        return ("l", [None if cell == "" else cell for cell in cells])
    return ("l", list(cells))


def _pack_instants(cells: Sequence[Any]) -> Packed | None:
    data = array("q", bytes(8 * len(cells)))
    holes = False
    for row, cell in enumerate(cells):
        instant = _microseconds(cell)
        if instant is None:
            if cell:
                return None
            instant, holes = NO_INSTANT, True
        data[row] = instant
    return ("q", data.tobytes(), holes)
