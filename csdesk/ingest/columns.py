"""A column of raw cells → a list of values, with problems and repairs by position.

Here the whole column decides what one cell cannot: whether 0.98 or 98 is how rates are written,
and whether 0.0009 is a fraction of a day (an Excel time that lost its format). Each distinct cell is
read once (memo), so a column of 100,000 cells costs little more than as many dictionary look-ups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from csdesk.ingest import cells
from csdesk.ingest.cells import Reading, State

_MEMO_LIMIT = 200_000


@dataclass(slots=True)
class ColumnValues:
    """The values of a column. Missing, delayed and problem cells are None in ``values``.

    ``problems`` are (position, reason), ``delayed`` positions, ``repairs`` kind → (count, first position).
    """

    values: list[Any]
    problems: list[tuple[int, str]] = field(default_factory=list)
    delayed: list[int] = field(default_factory=list)
    repairs: dict[str, tuple[int, int]] = field(default_factory=dict)
    how: str = ""

    def repaired(self, kind: str, position: int) -> None:
        """Count one repair."""
        count, first = self.repairs.get(kind, (0, position))
        self.repairs[kind] = (count + 1, first)


class _Memo(dict[Any, Any]):
    """cell → plain value; cells that are more than a value are kept in ``odd`` as well."""

    def __init__(self, read: Callable[[object], Reading]) -> None:
        super().__init__()
        self.read = read
        self.odd: dict[Any, Reading] = {}

    def __missing__(self, cell: Any) -> Any:
        reading = self.read(cell)
        if reading.repair or reading.state in (State.DELAYED, State.PROBLEM):
            self.odd[cell] = reading
        if len(self) >= _MEMO_LIMIT:
            self.clear()
        self[cell] = reading.value
        return reading.value


class Converter:
    """Turns raw columns of one kind into values, remembering every distinct cell it has seen.

    ``unit`` is the header's unit ("" if none) and matters for durations and money.
    Booleans among numbers are told apart from 0 and 1 only by the first of them seen: both read alike.
    """

    def __init__(self, kind: str, unit: str = "", *, date1904: bool = False) -> None:
        self.kind = kind
        self.unit = unit
        self._memo = _Memo(reader_of(kind, unit, date1904=date1904))

    def column(self, raw: Sequence[Any]) -> ColumnValues:
        """Read one column (or one chunk of it). Never raises on the content of cells."""
        memo = self._memo
        result = ColumnValues(list(map(memo.__getitem__, raw)))
        odd = memo.odd
        if odd:
            for position, cell in enumerate(raw):
                reading = odd.get(cell)
                if reading is not None:
                    _note(result, position, reading)
        return result


def _note(result: ColumnValues, position: int, reading: Reading) -> None:
    if reading.state is State.PROBLEM:
        result.problems.append((position, reading.reason))
    elif reading.state is State.DELAYED:
        result.delayed.append(position)
    if reading.repair:
        result.repaired(reading.repair, position)


def _instant(cell: object, date1904: bool) -> Reading:
    found = cells.read_datetime(cell, date1904=date1904)
    if found.state is not State.VALUE:
        return found
    return Reading(State.VALUE, epoch_seconds(found.value), found.repair, form=found.form)


def epoch_seconds(moment: datetime) -> int:
    """Seconds since 1970-01-01 00:00 of the same (local) clock."""
    return (moment.toordinal() - 719_163) * 86_400 + moment.hour * 3600 + moment.minute * 60 + moment.second


def _whole(cell: object) -> Reading:
    found = cells.read_number(cell)
    if found.state is State.VALUE:
        if found.form == "percent" or not float(found.value).is_integer():
            return cells.problem("这里应是整数")
        return Reading(State.VALUE, int(found.value), found.repair)
    return found


def reader_of(kind: str, unit: str = "", *, date1904: bool = False) -> Callable[[object], Reading]:
    """The cell reader of a kind: count number money duration date datetime instant id boolean rating text integer."""
    simple: dict[str, Callable[[object], Reading]] = {
        "count": cells.read_number,
        "number": cells.read_number,
        "integer": _whole,
        "id": cells.read_id,
        "boolean": cells.read_boolean,
        "rating": cells.read_rating,
        "text": cells.read_text,
    }
    if kind in simple:
        return simple[kind]
    if kind == "money":
        return lambda cell: cells.read_money(cell, unit or "元")
    if kind == "duration":
        return lambda cell: cells.read_duration(cell, unit or "秒")
    if kind == "date":
        return lambda cell: cells.read_date(cell, date1904=date1904)
    if kind == "datetime":
        return lambda cell: cells.read_datetime(cell, date1904=date1904)
    if kind == "instant":
        return lambda cell: _instant(cell, date1904)
    raise ValueError(kind)


# ---------------------------------------------------------------- where the column decides

REPAIR_RATE_MIX = "同一列里有百分号也有小数，按同一比率读"
REPAIR_DAY_FRACTION = "Excel 时间格按一天的几分之几读"


def day_fraction(raw: Sequence[Any], unit: str = "") -> bool:
    """Whether bare numbers of a duration column are fractions of a day.

    Without a unit in the header: all are below 1 and one is above 0. With a unit the numbers must
    be too small to mean it (below 0.05 of a second, minute or hour).
    """
    bare = [abs(float(cell)) for cell in raw if isinstance(cell, int | float) and not isinstance(cell, bool) and cell]
    for cell in raw:
        if isinstance(cell, str):
            reading = cells.read_duration(cell)
            if reading.state is State.VALUE and reading.form == "bare" and reading.value:
                bare.append(abs(float(reading.value)))
    return bool(bare) and max(bare) < (0.05 if unit else 1.0)


def read_durations(raw: Sequence[Any], unit: str = "") -> ColumnValues:
    """A whole column of durations in seconds, Excel day fractions recognised."""
    if not day_fraction(raw, unit):
        result = Converter("duration", unit).column(raw)
        result.how = f"数字按{unit or '秒'}读"
    else:
        result = ColumnValues([])
        for position, cell in enumerate(raw):
            reading = cells.read_duration(cell, "天")
            _note(result, position, reading)
            if reading.state is State.VALUE and reading.form == "bare" and reading.value:
                result.values.append(float(round(reading.value)))
                result.repaired(REPAIR_DAY_FRACTION, position)
            else:
                result.values.append(reading.value)
        result.how = "Excel 时间，换算成秒"
    _refuse_negative(result, "时长不会是负数")
    return result


def hundredth(percent: float) -> float:
    """98.4 → 0.984, as it would have been written: without the last-digit noise of a float division."""
    return round(percent / 100, 14)


def read_rates(
    raw: Sequence[Any], *, header_percent: bool = False, low: bool = False, percent: bool | None = None
) -> ColumnValues:
    """A whole column of rates as fractions 0–1.

    Cells with % are percent. Bare numbers are percent if any of them is above 1, else fractions.
    ``header_percent``: the header says (%), which decides for rates that are usually small (``low``).
    ``percent`` overrules both where something surer is known. Above 100 % is a problem.
    """
    readings = [cells.read_number(cell) for cell in raw]
    bare = [r.value for r in readings if r.state is State.VALUE and r.form == "bare"]
    written = [r for r in readings if r.state is State.VALUE and r.form == "percent"]
    if percent is None:
        percent = _bare_is_percent(bare, header_percent, low)
    result = ColumnValues([])
    for position, reading in enumerate(readings):
        _note(result, position, reading)
        value = reading.value
        if value is not None and (percent or reading.form == "percent"):
            value = hundredth(value)
        if value is not None and (value < 0 or value > 1 + 1e-6):
            result.problems.append((position, "比率不会是负数" if value < 0 else "比率超过 100%"))
            value = None
        if value is not None:
            value = min(value, 1.0)
        if value is not None and reading.form == "bare" and written and value:
            result.repaired(REPAIR_RATE_MIX, position)
        result.values.append(value)
    if percent or (written and not bare):
        result.how = "百分数"
    else:
        result.how = "百分数和小数都有，按同一比率读" if written else "小数是比率（整列判断）"
    return result


def _bare_is_percent(bare: Sequence[float], header_percent: bool, low: bool) -> bool:
    if not bare:
        return False
    top = max(bare)
    if top <= 1 + 1e-9:
        return header_percent and low and top > 0
    # 0.97 0.88 1.02: one rate over the top is an error of that cell, not a column of percents near 1 %
    mostly_high = sum(1 for value in bare if 0.3 <= value <= 1) * 2 > len(bare)
    return not (top <= 1.5 and mostly_high and not low and not header_percent)


def _refuse_negative(result: ColumnValues, reason: str) -> None:
    for position, value in enumerate(result.values):
        if value is not None and value < 0:
            result.values[position] = None
            result.problems.append((position, reason))


def read_ratios(raw: Sequence[Any]) -> ColumnValues:
    """Ratios that may exceed 1 (答问比 1.19). ``119%`` is 1.19; bare numbers stay unless most are above 10."""
    readings = [cells.read_number(cell) for cell in raw]
    bare = sorted(r.value for r in readings if r.state is State.VALUE and r.form == "bare" and r.value)
    percent = bool(bare) and bare[len(bare) // 2] > 10
    result = ColumnValues([], how="百分数" if percent else "比值")
    for position, reading in enumerate(readings):
        _note(result, position, reading)
        value = reading.value
        result.values.append(
            hundredth(value) if value is not None and (percent or reading.form == "percent") else value
        )
    _refuse_negative(result, "比值不会是负数")
    return result


def _numbers(raw: Sequence[Any]) -> ColumnValues:
    result = ColumnValues([], how="数字")
    for position, cell in enumerate(raw):
        reading = cells.read_number(cell)
        _note(result, position, reading)
        result.values.append(hundredth(reading.value) if reading.form == "percent" else reading.value)
    return result


_SCORE = re.compile(r"^([+-]?\d+(?:\.\d+)?)\s*(?:分)?\s*(?:[((↑↓→+\-持平升降↗↘].*)?$")


def _scores(raw: Sequence[Any]) -> ColumnValues:
    """Numbers with what they changed by after them: 4.85(+0.01), 4.85 ↑0.02."""
    cut = []
    for cell in raw:
        found = _SCORE.match(cells.plain(cell)) if isinstance(cell, str) else None
        cut.append(float(found[1]) if found else cell)
    result = _numbers(cut)
    result.how = "得分"
    return result


SAID_RATES = {"百分数": True, "小数": False}
"""Units of a rate by which the owner said whether bare numbers are percents."""


def read_column(
    kind: str, raw: Sequence[Any], unit: str = "", *, low: bool = False, percent: bool | None = None
) -> ColumnValues:
    """A whole report column of ``kind`` (count score money duration rate …); impossible negatives refused."""
    if kind == "rate":
        percent = SAID_RATES.get(unit, percent)
        return read_rates(raw, header_percent=unit == "%", low=low, percent=percent)
    if kind == "duration":
        return read_durations(raw, unit)
    if kind == "ratio":
        return read_ratios(raw)
    if kind == "number":
        return _numbers(raw)
    if kind == "score":
        return _scores(raw)
    result = Converter(kind, unit).column(raw)
    if kind == "count":
        _refuse_negative(result, "人数、次数不会是负数")
        result.how = "整数"
    elif kind == "money":
        result.how = "金额（元）"
    return result
