"""Cleaning one column of a table kept row by row, in whatever form the reader holds it.

Whole columns are converted at a stroke where they are plain: packed numbers and instants without looking at single
cells, texts by patterns and by a memory of what was read before. Whatever does not fit goes cell by cell. The meaning
of odd cells is :mod:`csdesk.ingest.cells`' alone: each quick way gives what that module gives, or gives up.
An empty text counts as an empty cell, everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from csdesk.domain.period import to_epoch_day
from csdesk.ingest import cells
from csdesk.ingest.cells import Reading, State
from csdesk.ingest.columns import REPAIR_DAY_FRACTION, day_fraction, reader_of
from csdesk.ingest.readers.columns import NO_INSTANT, CodedColumn, EmptyColumn, InstantColumn, NumberColumn
from csdesk.safety.buyers import BuyerKeys
from csdesk.safety.masking import mask_text

_MEMO_LIMIT = 100_000
_PLAIN_ID = re.compile(r"[A-Za-z]+[-_]?\d[A-Za-z0-9_-]{0,63}|\d{1,40}")
_EXACT_DIGITS = 15
_FEW_IDS = 5
_ROUNDED_ID = re.compile(r"\d{15}0{3,10}")
_MICRO = 1_000_000
_FIRST_MICRO, _LAST_MICRO = 631_152_000 * _MICRO, 4_133_980_798 * _MICRO  # 1990 .. 2100, as cells.read_datetime
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d", re.ASCII)
_SAFE_YUAN, _HAIR = 1e9, 1e-4  # below, a double is off a whole 分 by far less than a hair
_TOO_LONG = 10 * 366 * 86_400.0


@dataclass(slots=True)
class CleanColumn:
    """Values of one column of a chunk; None where a cell gives none.

    ``problems`` are (position, reason), ``repairs`` kind → (count, first position).
    """

    values: list[Any]
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


class CellCleaner:
    """Any column: each distinct cell is read once, codes are looked up."""

    def __init__(self, read: Callable[[object], Reading]) -> None:
        self.read = read
        self._memo: dict[Any, Any] = {}
        self._odd: dict[Any, Reading] = {}

    def clean(self, raw: Sequence[Any]) -> CleanColumn:
        """Read the cells of a chunk's column."""
        if isinstance(raw, EmptyColumn):
            return CleanColumn([None] * len(raw), self.read)
        if isinstance(raw, CodedColumn):
            return self._coded(raw)
        if isinstance(raw, NumberColumn) and not raw.holes:
            raw = raw.data
        return self._cells(raw)

    def _coded(self, raw: CodedColumn) -> CleanColumn:
        readings = [self.read(value) for value in raw.values]
        table = [reading.value for reading in readings]
        result = CleanColumn(list(map(table.__getitem__, raw.codes)), self.read)
        odd = {code: one for code, one in enumerate(readings) if one.repair or one.state is State.PROBLEM}
        if odd:
            for position, code in enumerate(raw.codes):
                if code in odd:
                    result.note(position, odd[code])
        return result

    def _cells(self, raw: Sequence[Any]) -> CleanColumn:
        memo, odd = self._memo, self._odd
        if len(memo) > _MEMO_LIMIT:
            memo.clear()
            odd.clear()
        for cell in dict.fromkeys(raw):
            if cell not in memo:
                reading = self.read(cell)
                memo[cell] = reading.value
                if reading.repair or reading.state is State.PROBLEM:
                    odd[cell] = reading
        result = CleanColumn(list(map(memo.__getitem__, raw)), self.read)
        if odd:
            for position, cell in enumerate(raw):
                if cell in odd:
                    result.note(position, odd[cell])
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
        plain = _PLAIN_ID.fullmatch
        values: list[Any] = []
        result = CleanColumn(values, self._read_as_damaged)
        for position, cell in enumerate(raw):
            if type(cell) is str and plain(cell):
                values.append(cell)
            elif cell is None:
                values.append(None)
            else:
                reading = self.read(cell)
                values.append(reading.value)
                result.note(position, reading)
        self._judge(raw, result)
        return result

    def _judge(self, raw: Sequence[Any], result: CleanColumn) -> None:
        """Count the long ids of the chunk and take the round ones out where the column is damaged."""
        tested = _ROUNDED_ID.fullmatch
        rounded = [at for at, value in enumerate(result.values) if value is not None and tested(value)]
        self._long += sum(1 for value in result.values if value is not None and len(value) > _EXACT_DIGITS)
        self._round += len(rounded)
        self._marked = self._marked or any(not raw[at][0].isdigit() for at in rounded)
        if not rounded or not self._is_damaged():
            return
        for position in rounded:
            result.values[position] = None
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
        if isinstance(raw, InstantColumn):
            known = [moment for moment in raw.data if moment != NO_INSTANT] if raw.holes else raw.data
            if known and min(known) >= _FIRST_MICRO and max(known) <= _LAST_MICRO:
                return CleanColumn(_whole_seconds(raw), self.read)
        elif type(raw) is list and str in set(map(type, raw)):
            return self._texts(raw)
        return super().clean(raw)

    def _texts(self, raw: list[Any]) -> CleanColumn:
        """The usual written form, ``2026-03-01 10:05:00``, from its two halves; the rest one by one."""
        values: list[Any] = []
        result = CleanColumn(values, self.read)
        days, clocks = self._days, self._clocks
        for position, cell in enumerate(raw):
            if type(cell) is str and len(cell) == 19 and cell[10] in " T":
                day, clock = days[cell[:10]], clocks[cell[11:]]
                if day is not None and clock is not None:
                    values.append(day + clock)
                    continue
            reading = self.read(cell)
            values.append(reading.value)
            result.note(position, reading)
        return result


class YuanCleaner(CellCleaner):
    """Money in yuan → 分. Plain numbers of whole 分 need no decimal arithmetic."""

    def clean(self, raw: Sequence[Any]) -> CleanColumn:
        """Read the cells of a chunk's column."""
        if isinstance(raw, CodedColumn | EmptyColumn):
            return super().clean(raw)
        values: list[Any] = []
        result = CleanColumn(values, self.read)
        for position, cell in enumerate(raw):
            if cell is None:
                values.append(None)
                continue
            if type(cell) is float and 0 <= cell < _SAFE_YUAN:
                fen = cell * 100
                whole = round(fen)
                if -_HAIR < fen - whole < _HAIR:
                    values.append(whole)
                    continue
            reading = self.read(cell)
            values.append(reading.value)
            result.note(position, reading)
        return result


class _Days(dict[str, int | None]):
    """``2026-03-01`` → epoch seconds of its midnight, None for anything else."""

    def __missing__(self, text: str) -> int | None:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            found = None
        else:
            found = to_epoch_day(day) * 86_400 if 1990 <= day.year <= 2100 and text[4] == "-" else None
        self[text] = found
        return found


class _Clocks(dict[str, int | None]):
    """``10:05:00`` → seconds since midnight, None for anything else."""

    def __missing__(self, text: str) -> int | None:
        found = None
        if _CLOCK.fullmatch(text):
            found = int(text[:2]) * 3600 + int(text[3:5]) * 60 + int(text[6:])
        self[text] = found
        return found


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


class DurationCleaner:
    """Durations in seconds, never negative.

    Whether bare numbers are fractions of a day is decided once, by the first chunk that has any.
    """

    def __init__(self, unit: str) -> None:
        self._unit = unit
        self._by_day: bool | None = None
        self._cells = CellCleaner(self._read)

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
        if self._by_day is None:
            self._decide(raw)
        if (
            isinstance(raw, NumberColumn)
            and not raw.holes
            and not self._by_day
            and self._unit in {"", "秒"}
            and len(raw)
            and min(raw.data) >= 0
            and max(raw.data) <= _TOO_LONG
        ):
            return CleanColumn(raw.data.tolist(), self._read)
        return self._cells.clean(raw)

    def _decide(self, raw: Sequence[Any]) -> None:
        if any(isinstance(cell, int | float) and cell for cell in raw):
            self._by_day = day_fraction(raw, self._unit)
            self._cells = CellCleaner(self._read)


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
