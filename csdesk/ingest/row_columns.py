"""Cleaning one column of a table kept row by row, in whatever form the reader holds it.

Whole columns are converted at a stroke where they are plain: packed numbers and instants without looking at single
cells, texts by patterns and by a memory of what was read before. Whatever does not fit goes cell by cell. The meaning
of odd cells is :mod:`csdesk.ingest.cells`' alone: each quick way gives what that module gives, or gives up.
An empty text counts as an empty cell, everywhere.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from csdesk.domain.period import to_epoch_day
from csdesk.ingest import cells
from csdesk.ingest.cells import Reading, State
from csdesk.ingest.columns import REPAIR_DAY_FRACTION, day_fraction, reader_of
from csdesk.ingest.readers.columns import NO_INSTANT, CodedColumn, EmptyColumn, InstantColumn, NumberColumn, TextCells
from csdesk.ingest.readers.values import CodedValues, PairValues, RealNumbers, WholeNumbers
from csdesk.safety.buyers import BuyerKeys
from csdesk.safety.masking import mask_text

_MEMO_LIMIT = 50_000
_HALVES_LIMIT = 100_000  # a day has 86,400 seconds
_PLAIN_ID = re.compile(r"[A-Za-z]+[-_]?\d[A-Za-z0-9_-]{0,63}|\d{1,40}", re.ASCII)
_PLAIN_ID_LINES = re.compile(r"(?:(?:\d{1,40}|[A-Za-z]++[-_]?\d[A-Za-z0-9_-]{0,63})?\n)*+", re.ASCII)
_EXACT_DIGITS = 15
_FEW_IDS = 5
_ROUNDED_ID = re.compile(r"\d{15}0{3,10}", re.ASCII)
_MICRO = 1_000_000
_FIRST_MICRO, _LAST_MICRO = 631_152_000 * _MICRO, 4_133_980_798 * _MICRO  # 1990 .. 2100, as cells.read_datetime
_CLOCK = re.compile(r"[ T](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d", re.ASCII)
_PLAIN_YUAN = re.compile(r"(?:0|[1-9]\d{0,8})(?:\.\d{1,2})?", re.ASCII)
_WHOLE_YUAN, _WHOLE_SECONDS, _PART_SECONDS = 9, 7, 6  # digits in these patterns, before and behind the point
_FEW_OTHERS = 2
"""Where more than one in so many cells is not plain, all are read one by one."""
_PLAIN_SECONDS = re.compile(r"(?:0|[1-9]\d{0,6})(?:\.\d{1,6})?", re.ASCII)
_SAFE_YUAN, _HAIR = 1e9, 1e-4  # below, a double is off a whole 分 by far less than a hair
_TOO_LONG = 10 * 366 * 86_400.0


@dataclass(slots=True)
class CleanColumn:
    """Values of one column of a chunk; None where a cell gives none.

    ``problems`` are (position, reason), ``repairs`` kind → (count, first position).
    """

    values: Sequence[Any]
    read: Callable[[object], Reading]
    problems: list[tuple[int, str]] = field(default_factory=list)
    repairs: dict[str, tuple[int, int]] = field(default_factory=dict)

    def note(self, position: int, reading: Reading) -> None:
        """Remember what is odd about one cell."""
        if reading.state is State.PROBLEM:
            self.problems.append((position, reading.reason))
        if reading.repair:
            count, first = self.repairs.get(reading.repair, (0, position))
            self.repairs[reading.repair] = (count + 1, first)

    def reason_of(self, cell: object) -> str:
        """Why this cell gives no value; "" when it does."""
        reading = self.read(cell)
        if reading.state is State.VALUE:
            return ""
        return reading.reason or "这一格是空的"


class Cleaner(Protocol):
    """Converts one column, chunk after chunk."""

    def clean(self, raw: Sequence[Any]) -> CleanColumn:
        """Read the cells of a chunk's column."""
        ...


def plain_cleaner(kind: str, unit: str, keys: BuyerKeys, *, date1904: bool = False) -> Cleaner:
    """The cleaner of a kind: duration buyer remark integer money instant id, else a cell reader's.

    See :func:`csdesk.ingest.columns.reader_of`; a remark is text with personal numbers masked.
    """
    if kind == "duration":
        return DurationCleaner(unit)
    if kind == "buyer":
        return BuyerCleaner(keys)
    if kind == "remark":
        return CellCleaner(_remark)
    read = reader_of(kind, unit, date1904=date1904)
    if kind in {"integer", "money"}:
        read = _not_negative(read)
    if kind == "money" and unit in {"", "元"}:
        return YuanCleaner(read)
    return {"instant": InstantCleaner, "id": IdCleaner}.get(kind, CellCleaner)(read)


class _Memo(dict[Any, Any]):
    """cell → value, read when first met; cells that are more than a value are kept in ``odd`` as well.

    ``quick`` gives the value of a plain text, None where it cannot.
    """

    def __init__(self, read: Callable[[object], Reading], quick: Callable[[str], Any] | None = None) -> None:
        super().__init__()
        self.odd: dict[Any, Reading] = {}
        self._read = read
        self._quick = quick

    def __missing__(self, cell: Any) -> Any:
        if self._quick is not None and type(cell) is str:
            value = self._quick(cell)
            if value is not None:
                self[cell] = value
                return value
        reading = self._read(cell)
        if reading.repair or reading.state is State.PROBLEM:
            self.odd[cell] = reading
        self[cell] = reading.value
        return reading.value

    def forget(self, most: int) -> None:
        """Start anew where there is more than ``most``."""
        if len(self) > most:
            self.clear()
            self.odd.clear()


class CellCleaner:
    """Any column: each distinct cell is read once, codes are looked up."""

    def __init__(self, read: Callable[[object], Reading], quick: Callable[[str], Any] | None = None) -> None:
        self.read = read
        self._memo = _Memo(read, quick)

    def clean(self, raw: Sequence[Any]) -> CleanColumn:
        """Read the cells of a chunk's column."""
        if isinstance(raw, EmptyColumn):
            return CleanColumn([None] * len(raw), self.read)
        if isinstance(raw, TextCells):
            raw = raw.few() or raw.texts()
        if isinstance(raw, CodedColumn):
            return self._coded(raw)
        if isinstance(raw, NumberColumn) and not raw.holes:
            raw = raw.data
        return self._cells(raw)

    def _coded(self, raw: CodedColumn) -> CleanColumn:
        readings = [self.read(value) for value in raw.values]
        table = [reading.value for reading in readings]
        result = CleanColumn(CodedValues(table, raw.codes), self.read)
        odd = {code: one for code, one in enumerate(readings) if one.repair or one.state is State.PROBLEM}
        if odd:
            for position, code in enumerate(raw.codes):
                if code in odd:
                    result.note(position, odd[code])
        return result

    def _filled_up(self, values: WholeNumbers | RealNumbers, raw: Sequence[Any], others: list[int]) -> CleanColumn:
        """Values read all at once, and the cells that are not plain read one by one."""
        memo = self._memo
        memo.forget(_MEMO_LIMIT)
        result = CleanColumn(values, self.read)
        for position in others:
            cell = raw[position]
            values.put(position, memo[cell])
            if cell in memo.odd:
                result.note(position, memo.odd[cell])
        return result

    def _cells(self, raw: Sequence[Any]) -> CleanColumn:
        memo = self._memo
        memo.forget(_MEMO_LIMIT)
        result = CleanColumn(list(map(memo.__getitem__, raw)), self.read)
        if memo.odd:
            odd = memo.odd
            for position, cell in enumerate(raw):
                if cell in odd:
                    result.note(position, odd[cell])
        return result


def _one_by_one(raw: Sequence[Any], read: Callable[[object], Reading], quick: Callable[[Any], Any]) -> CleanColumn:
    """Cells hardly any two of which are alike: ``quick`` gives a value or None, then the cell is read."""
    values: list[Any] = []
    result = CleanColumn(values, read)
    for position, cell in enumerate(raw):
        if cell is None or cell == "":
            values.append(None)
            continue
        value = quick(cell)
        if value is None:
            reading = read(cell)
            value = reading.value
            result.note(position, reading)
        values.append(value)
    return result


class IdCleaner(CellCleaner):
    """Ids: nearly all different, so the plain ones pass by one pattern and are not remembered.

    A text id with only zeros from its 16th digit on may have been a spreadsheet's float before, but one
    healthy id in some thousands ends so as well. A spreadsheet spoils whole columns: such ids are damaged
    where more than a fifth of the long ids seen so far have such tails.
    """

    def __init__(self, read: Callable[[object], Reading]) -> None:
        super().__init__(read)
        self._long = self._round = 0
        self._marked = False

    def clean(self, raw: Sequence[Any]) -> CleanColumn:
        """Read the cells of a chunk's column."""
        if isinstance(raw, EmptyColumn):
            return super().clean(raw)
        lines = raw.lines() if isinstance(raw, TextCells) else None
        if isinstance(raw, TextCells) and lines is not None and _PLAIN_ID_LINES.fullmatch(lines.joined):
            result = CleanColumn(lines, self._read_as_damaged)
            self._judge(result, *raw.long_ones(_EXACT_DIGITS, b"000"), raw)
            return result
        cells_of = raw.texts() if isinstance(raw, TextCells) else raw
        result = self._plain(cells_of) or _one_by_one(cells_of, self.read, _plain_id)
        result.read = self._read_as_damaged
        long = [at for at, value in enumerate(result.values) if value is not None and len(value) > _EXACT_DIGITS]
        self._judge(result, len(long), [at for at in long if result.values[at].endswith("000")], cells_of)
        return result

    def _plain(self, raw: Sequence[Any]) -> CleanColumn | None:
        """Nothing but plain ids, or plain ids each with a tab behind, as some exports protect them."""
        if set(map(type, raw)) != {str}:
            return None
        filled = list(filter(None, raw))
        if all(map(_PLAIN_ID.fullmatch, filled)):
            return CleanColumn([cell or None for cell in raw], self.read)
        bare = [cell[:-1] for cell in filled if cell[-1] == "\t" and cell.isascii()]
        if len(bare) < len(filled) or not all(map(_PLAIN_ID.fullmatch, bare)):
            return None
        first = next(position for position, cell in enumerate(raw) if cell)
        values = [cell[:-1] if cell else None for cell in raw]
        return CleanColumn(values, self.read, repairs={cells.REPAIR_ID: (len(bare), first)})

    def _judge(self, result: CleanColumn, long: int, ending: list[int], raw: Sequence[Any]) -> None:
        """Take the round ids out where the column is damaged.

        ``long``: how many ids of the chunk have more digits than a spreadsheet keeps; ``ending``: which of them end
        in zeros.
        """
        rounded = [at for at in ending if _ROUNDED_ID.fullmatch(result.values[at])]
        self._long += long
        self._round += len(rounded)
        self._marked = self._marked or any(not raw[at][0].isdigit() for at in rounded)
        if not rounded or not self._is_damaged():
            return
        values = result.values = list(result.values)
        for position in rounded:
            values[position] = None
            result.problems.append((position, cells.DAMAGED_ID))

    def _is_damaged(self) -> bool:
        if self._long < _FEW_IDS:  # one intact neighbour, or the mark of a program that writes text, clears them
            return self._round == self._long and not self._marked
        return self._round * 5 > self._long

    def _read_as_damaged(self, cell: object) -> Reading:
        reading = self.read(cell)
        if reading.state is State.VALUE and _ROUNDED_ID.fullmatch(reading.value):
            return cells.problem(cells.DAMAGED_ID)
        return reading


class InstantCleaner(CellCleaner):
    """Moments, as epoch seconds of the shop's clock."""

    def __init__(self, read: Callable[[object], Reading]) -> None:
        super().__init__(read)
        self._days = _Days()
        self._clocks = _Clocks()

    def clean(self, raw: Sequence[Any]) -> CleanColumn:
        """Read the cells of a chunk's column."""
        if isinstance(raw, TextCells):
            moments, others = raw.moments()
            if len(others) * _FEW_OTHERS > len(raw):
                return self._texts(raw.texts())
            return self._filled_up(moments, raw, others)
        if isinstance(raw, InstantColumn):
            known = [moment for moment in raw.data if moment != NO_INSTANT] if raw.holes else raw.data
            if known and min(known) >= _FIRST_MICRO and max(known) <= _LAST_MICRO:
                return CleanColumn(_whole_seconds(raw), self.read)
        elif not isinstance(raw, CodedColumn | EmptyColumn) and str in set(map(type, raw)):
            return self._texts(raw)
        return super().clean(raw)

    def _texts(self, raw: Sequence[Any]) -> CleanColumn:
        """The usual written form, ``2026-03-01 10:05:00``, from its two halves; the rest one by one."""
        days: dict[str, Any] = self._days
        clocks: dict[str, Any] = self._clocks
        with contextlib.suppress(TypeError):  # no text, or a half that is none
            return CleanColumn([days[cell[:10]] + clocks[cell[10:]] if cell else None for cell in raw], self.read)
        return _one_by_one(raw, self.read, self._moment)

    def _moment(self, cell: Any) -> int | None:
        if type(cell) is str and len(cell) == 19:
            day: int | None = self._days[cell[:10]]
            clock: int | None = self._clocks[cell[10:]]
            if day is not None and clock is not None:
                return day + clock
        return None


class YuanCleaner(CellCleaner):
    """Money in yuan → 分. Plain numbers of whole 分 and plain texts need no decimal arithmetic."""

    def __init__(self, read: Callable[[object], Reading]) -> None:
        super().__init__(read, _plain_yuan)

    def clean(self, raw: Sequence[Any]) -> CleanColumn:
        """Read the cells of a chunk's column."""
        if isinstance(raw, TextCells):
            fen, others = raw.hundredths(_WHOLE_YUAN)
            if len(others) * _FEW_OTHERS > len(raw):
                return self._cells(raw.texts())
            return self._filled_up(fen, raw, others)
        if isinstance(raw, CodedColumn | EmptyColumn) or float not in set(map(type, raw)):
            return super().clean(raw)
        return _one_by_one(raw, self.read, _whole_fen)


def _plain_id(cell: Any) -> str | None:
    return cell if type(cell) is str and _PLAIN_ID.fullmatch(cell) else None


def _plain_yuan(cell: str) -> int | None:
    if _PLAIN_YUAN.fullmatch(cell):
        whole, _, part = cell.partition(".")
        return int(whole) * 100 + int(f"{part}00"[:2])
    return None


def _whole_fen(cell: Any) -> int | None:
    if type(cell) is float and 0 <= cell < _SAFE_YUAN:
        fen = cell * 100
        whole = round(fen)
        if -_HAIR < fen - whole < _HAIR:
            return whole
    return None


def _plain_seconds(cell: str) -> float | None:
    return float(cell) if _PLAIN_SECONDS.fullmatch(cell) else None


class _Halves(dict[str, Any]):
    """Half of a moment as text → seconds, None for anything else. Bounded: hostile files have many halves."""

    def __missing__(self, text: str) -> int | None:
        if len(self) > _HALVES_LIMIT:
            self.clear()
        found = self.read(text)
        self[text] = found
        return found

    def read(self, text: str) -> int | None:
        """The seconds of one text."""
        raise NotImplementedError


class _Days(_Halves):
    """``2026-03-01`` → epoch seconds of its midnight."""

    def read(self, text: str) -> int | None:
        """The seconds of one text."""
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return None
        return to_epoch_day(day) * 86_400 if 1990 <= day.year <= 2100 and text[4] == "-" else None


class _Clocks(_Halves):
    """``10:05:00`` after a space or a T → seconds since midnight."""

    def read(self, text: str) -> int | None:
        """The seconds of one text."""
        if not _CLOCK.fullmatch(text):
            return None
        return int(text[1:3]) * 3600 + int(text[4:6]) * 60 + int(text[7:])


class BuyerCleaner:
    """Buyers' nicks → (key, display form); the nick itself goes no further than here."""

    def __init__(self, keys: BuyerKeys) -> None:
        self._keys = keys

    def _read(self, cell: object) -> Reading:
        reading = cells.read_text(cell)
        if reading.state is not State.VALUE:
            return reading
        key, shown = self._keys.of(reading.value)
        return Reading(State.VALUE, (key, shown)) if shown else cells.MISSING

    def clean(self, raw: Sequence[Any]) -> CleanColumn:
        """Read the cells of a chunk's column."""
        if isinstance(raw, TextCells):
            return CleanColumn(PairValues(*self._keys.of_all(raw.texts())), self._read)
        of, read = self._keys.of, self._read
        known: dict[Any, Any] = {}
        for cell in dict.fromkeys(raw):
            pair = of(cell) if type(cell) is str else read(cell).value
            known[cell] = pair if pair and pair[1] else None
        return CleanColumn(list(map(known.__getitem__, raw)), read)


def _whole_seconds(raw: InstantColumn) -> list[int | None]:
    if not raw.holes:
        return [(moment + _MICRO // 2) // _MICRO for moment in raw.data]
    return [None if moment == NO_INSTANT else (moment + _MICRO // 2) // _MICRO for moment in raw.data]


class _SecondsCleaner(CellCleaner):
    """Cells of a column of durations."""

    def clean_seconds(self, raw: TextCells) -> CleanColumn:
        """Read texts that are bare numbers of seconds, most of them."""
        seconds, others = raw.decimals(_WHOLE_SECONDS, _PART_SECONDS)
        if len(others) * _FEW_OTHERS > len(raw):
            return self._cells(raw.texts())
        return self._filled_up(seconds, raw, others)


class DurationCleaner:
    """Durations in seconds, never negative.

    Whether bare numbers are fractions of a day is decided once, by the first chunk that has any.
    """

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._in_seconds = unit in {"", "秒"}
        self._by_day: bool | None = None
        self._cells = self._remember()

    def _remember(self) -> _SecondsCleaner:
        quick = _plain_seconds if self._in_seconds and not self._by_day else None
        return _SecondsCleaner(self._read, quick)

    def _read(self, cell: object) -> Reading:
        reading = cells.read_duration(cell, "天" if self._by_day else self._unit or "秒")
        if reading.state is not State.VALUE:
            return reading
        if reading.value < 0 or reading.value > _TOO_LONG:
            return cells.problem("时长不会是负数" if reading.value < 0 else "时长大得不合理")
        if self._by_day and reading.form == "bare" and reading.value:
            return Reading(State.VALUE, float(round(reading.value)), REPAIR_DAY_FRACTION)
        return reading

    def clean(self, raw: Sequence[Any]) -> CleanColumn:
        """Read the cells of a chunk's column."""
        if isinstance(raw, TextCells):
            return self._texts(raw)
        if self._by_day is None:
            self._decide(raw)
        if (
            isinstance(raw, NumberColumn)
            and not raw.holes
            and not self._by_day
            and self._in_seconds
            and len(raw)
            and min(raw.data) >= 0
            and max(raw.data) <= _TOO_LONG
        ):
            return CleanColumn(raw.data.tolist(), self._read)
        return self._cells.clean(raw)

    def _texts(self, raw: TextCells) -> CleanColumn:
        """Texts never say that the column has fractions of a day."""
        if self._in_seconds and not self._by_day:
            return self._cells.clean_seconds(raw)
        return self._cells.clean(raw)

    def _decide(self, raw: Sequence[Any]) -> None:
        if set(map(type, raw)) != {str} and any(isinstance(cell, int | float) and cell for cell in raw):
            self._by_day = day_fraction(raw, self._unit)
            self._cells = self._remember()


def _not_negative(read: Callable[[object], Reading]) -> Callable[[object], Reading]:
    def checked(cell: object) -> Reading:
        reading = read(cell)
        if reading.state is State.VALUE and reading.value < 0:
            return cells.problem("这里不会是负数")
        return reading

    return checked


def _remark(cell: object) -> Reading:
    reading = cells.read_text(cell)
    if reading.state is not State.VALUE:
        return reading
    return Reading(State.VALUE, mask_text(reading.value))
