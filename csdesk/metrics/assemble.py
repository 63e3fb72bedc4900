"""From what was gathered to the number on the screen: value, interval, status, sources, what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from csdesk.domain.period import Period, from_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.metrics.counted import Counted, Total
from csdesk.metrics.coverage import source_rank, span_mask
from csdesk.metrics.declaration import SESSIONS, MetricDefinition, source_title
from csdesk.metrics.gather import Question
from csdesk.metrics.model import LeftOut, MetricPart, MetricStatus, MetricValue, Origin, Unit, value_of_origin
from csdesk.metrics.pieces import Kind
from csdesk.metrics.quotient import CONTRADICTION, IMPOSSIBLE, contradictory, possible, quotient_of
from csdesk.metrics.ruled import RuledRows
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson

_PLATFORMS = tuple(Platform)
_COUNTED = (Unit.COUNT, Unit.YUAN)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rows of a question are judged by besides what counted in them.

    ``touched``: by row and shop (number) the sources that say anything. ``providers`` give the metric anywhere
    in the selection. ``ruled``: what the owner's rules about odd values are about, where there are any.
    """

    question: Question
    touched: Sequence[Mapping[int, frozenset[str]]]
    providers: frozenset[str]
    small: float = SMALL_SAMPLE
    ruled: RuledRows | None = None


class _Number(NamedTuple):
    """A row's number; ``bottom`` None for plain counts."""

    value: float | dict[str, float] | None
    top: float | None
    bottom: float | None
    counts: dict[str, float]
    extra: dict[str, float]


_NOTHING = _Number(None, None, None, {}, {})


def assemble(metric: MetricDefinition, counted: Counted, around: Surroundings) -> list[MetricValue]:
    """The metric's value in every row."""
    alone: list[list[int]] = [[] for _ in range(counted.height)]
    for at in counted.gathered.alone.tolist():
        alone[around.question.group[at]].append(at)
    values = [
        _alone(metric, counted, around, row, alone[row][0])
        if len(alone[row]) == 1 and not counted.totals[row].there
        else _value(metric, counted, around, row, unweighted=bool(alone[row]))
        for row in range(counted.height)
    ]
    return values if around.ruled is None else _with_rules(values, metric, counted, around.ruled)


def bare(metric: MetricDefinition, total: Total) -> MetricValue:
    """A row's number with its counts and nothing else."""
    number = _number(metric, total)
    status = MetricStatus.NO_DATA if number.value is None else MetricStatus.OK
    return MetricValue(metric.id, metric.unit, number.value, status, number.top, number.bottom, number.counts)


def _with_rules(
    values: list[MetricValue], metric: MetricDefinition, counted: Counted, ruled: RuledRows
) -> list[MetricValue]:
    """Say on every number which of the owner's rules are at work in it."""
    sessions = np.array([SESSIONS in value.sources for value in values], dtype=np.bool_)
    others = np.array([value.sources != (SESSIONS,) for value in values], dtype=np.bool_)
    remarks = ruled.remarks(metric, sessions, others)
    if remarks is None:
        return values
    return [
        replace(value, left_out=(*value.left_out, *left), notes=(*value.notes, *notes)) if left or notes else value
        for value, left, notes in zip(values, remarks.left_out, remarks.notes, strict=True)
    ]


def _value(
    metric: MetricDefinition, counted: Counted, around: Surroundings, row: int, *, unweighted: bool
) -> MetricValue:
    found = counted.gathered
    base = around.question.view.base
    kinds, platforms = counted.kinds[row], counted.platforms[row]
    number = _number(metric, counted.totals[row])
    value = number.value
    status = _status(counted, around, row, number, unweighted=unweighted)
    mixed = len(platforms) > 1
    if mixed and value is not None and not _may_mix(metric, kinds, number):
        value, status = None, MetricStatus.NOT_SUMMABLE
    hidden = value is None and mixed
    rate = metric.unit is Unit.RATE and value is not None and number.top is not None and number.bottom is not None
    interval = wilson(number.top or 0.0, number.bottom or 0.0) if rate else None
    sample = None if hidden or (metric.unit in _COUNTED and number.bottom is None) else number.bottom
    return value_of_origin(
        partial(_origin, metric, counted, around, row, number),
        metric.id,
        metric.unit,
        value,
        status,
        None if hidden else number.top,
        None if hidden else number.bottom,
        number.counts,
        sample,
        interval.low if interval else None,
        interval.high if interval else None,
        value is not None and sample is not None and sample < around.small,
        _variant([kind.label for kind in kinds], platforms),
        _sources(kinds),
        _dates(found.provisional[row] | found.delayed[row], base),
        number.extra,
        (),
    )


def _origin(metric: MetricDefinition, counted: Counted, around: Surroundings, row: int, number: _Number) -> Origin:
    """Where a row's number comes from."""
    return Origin(
        files=counted.files[row],
        left_out=_left_out(counted, around, row),
        covered=_periods(counted.covered[row], around.question.view.base),
        parts=_parts(metric, counted, row) if len(counted.platforms[row]) > 1 else (),
        notes=_notes(metric, counted, around, row, number),
    )


def _alone(metric: MetricDefinition, counted: Counted, around: Surroundings, row: int, at: int) -> MetricValue:
    """A single rate or mean whose weight nobody gave: shown as it stands, fit for no sum."""
    question, pieces = around.question, counted.gathered.pieces
    view, report = question.view, int(question.reports[at])
    kind = pieces.kinds[pieces.kind[report]]
    days = span_mask(int(question.first[at]), int(question.last[at]), 0)
    batches = frozenset(view.columns.batch_sets.things[pieces.batches[report]])
    open_ = counted.gathered.delayed[row] | (days if pieces.provisional[report] else 0)
    own = float(pieces.own[report])
    believed = possible(metric, own)
    return MetricValue(
        metric=metric.id,
        unit=metric.unit,
        value=own if believed else None,
        status=MetricStatus.NOT_SUMMABLE,
        variant=kind.label,
        sources=(kind.source,),
        files=view.file_names(batches),
        left_out=_left_out(counted, around, row),
        provisional_days=_dates(open_, view.base),
        covered=_periods(days, view.base),
        notes=(f"报表只给了数值，没有{kind.missing}，不可汇总" if believed else IMPOSSIBLE,),
    )


def _number(metric: MetricDefinition, total: Total) -> _Number:
    if not total.there:
        return _NOTHING
    top = total.top
    if total.bottom is None:
        value: float | int = round(top) if metric.unit is Unit.YUAN else _whole(top)
        return _Number(value, _whole(top), None, {}, {})
    bottom = total.bottom
    counts = dict(total.levels or {})
    unclassified = counts.pop("", None)
    extra = {}
    if unclassified is not None and bottom + unclassified > 0:
        extra["unclassified"] = unclassified / (bottom + unclassified)
    if bottom <= 0:
        return _Number(None, _whole(top), _whole(bottom), counts, extra)
    if metric.unit is Unit.DISTRIBUTION:
        shares = {level: number / bottom for level, number in counts.items()}
        return _Number(shares, _whole(top), _whole(bottom), counts, extra)
    return _Number(quotient_of(metric, top, bottom), _whole(top), _whole(bottom), counts, extra)


def _status(counted: Counted, around: Surroundings, row: int, number: _Number, *, unweighted: bool) -> MetricStatus:
    if number.value is not None:
        return MetricStatus.OK if counted.settled[row] else MetricStatus.PROVISIONAL
    if unweighted:
        return MetricStatus.NOT_SUMMABLE
    if counted.gathered.delayed[row]:
        return MetricStatus.PROVISIONAL
    touched = frozenset().union(*around.touched[row].values())
    if counted.totals[row].there or not touched or touched & around.providers:
        return MetricStatus.NO_DATA
    return MetricStatus.NOT_PROVIDED


def _may_mix(metric: MetricDefinition, kinds: Sequence[Kind], number: _Number) -> bool:
    """Whether platforms may go into one number: not if declared so, nor if their levels differ."""
    if not metric.mixable:
        return False
    if metric.unit is not Unit.DISTRIBUTION or metric.id == "category_share":
        return True
    return all(frozenset(kind.levels) == number.counts.keys() for kind in kinds)


def _parts(metric: MetricDefinition, counted: Counted, row: int) -> tuple[MetricPart, ...]:
    parts = []
    for place in counted.platforms[row]:
        number = _number(metric, counted.by_platform[row][place])
        variant = _variant(counted.labels_of(row, place), (place,))
        parts.append(MetricPart(str(_PLATFORMS[place]), number.value, number.top, number.bottom, variant))
    return tuple(parts)


def _variant(labels: Sequence[str], platforms: Sequence[int]) -> str:
    if len(labels) == 1 and len(platforms) < 2:
        return labels[0]
    known = sorted({label for label in labels if label})
    words = "；".join(known)
    if len(platforms) < 2:
        return words
    titles = "、".join(_PLATFORMS[place].label for place in platforms)
    return f"含多个平台（{titles}）" + (f"，口径不同：{words}" if len(known) > 1 else "")


def _sources(kinds: Sequence[Kind]) -> tuple[str, ...]:
    if len(kinds) == 1 and not kinds[0].weight_from:
        return (kinds[0].source,)
    used = {kind.source for kind in kinds} | {kind.weight_from for kind in kinds if kind.weight_from}
    return tuple(sorted(used, key=source_rank))


def _notes(
    metric: MetricDefinition, counted: Counted, around: Surroundings, row: int, number: _Number
) -> tuple[str, ...]:
    elsewhere = counted.weight_batches[row]
    doubtful = bool(number.bottom) and contradictory(metric, number.top or 0.0, number.bottom or 0.0)
    if not elsewhere and not doubtful:
        return ()
    notes = []
    if elsewhere:
        names = around.question.view.file_names(frozenset(elsewhere))
        shown = "、".join(names[:3]) + (f" 等 {len(names)} 个" if len(names) > 3 else "")
        notes.append(f"权重取自同一店铺、客服和时段的另一个文件：{shown}")
    if doubtful:
        notes.append(CONTRADICTION)
    return tuple(notes)


def _left_out(counted: Counted, around: Surroundings, row: int) -> tuple[LeftOut, ...]:
    omitted = counted.gathered.omitted[row]
    uncounted = _uncounted(counted, around, row)
    if not omitted and not uncounted:
        return ()
    base = around.question.view.base
    left = [
        LeftOut(source, period, reason)
        for (source, reason), days in sorted(omitted.items(), key=lambda item: (source_rank(item[0][0]), item[0][1]))
        for period in _periods(days, base)
    ]
    left += [LeftOut(source, None, f"导入的{source_title(source)}里没有这个指标") for source in uncounted]
    return tuple(left)


def _uncounted(counted: Counted, around: Surroundings, row: int) -> Sequence[str]:
    """Sources of shops that have no part in the number because those sources do not give it."""
    touched = around.touched[row]
    if len(touched) <= len(counted.shops[row]):
        return ()
    shops = counted.shops[row]
    silent = {one for shop, sources in touched.items() if shop not in shops for one in sources - around.providers}
    return sorted(silent, key=source_rank)


@lru_cache(maxsize=4096)
def _periods(days: int, base: int) -> tuple[Period, ...]:
    """Runs of bits as spans."""
    found = []
    offset = 0
    while days:
        gap = (days & -days).bit_length() - 1
        days >>= gap
        length = (~days & (days + 1)).bit_length() - 1
        start = base + offset + gap
        found.append(Period(from_epoch_day(start), from_epoch_day(start + length - 1)))
        days >>= length
        offset += gap + length
    return tuple(found)


def _dates(days: int, base: int) -> tuple[date, ...]:
    return tuple(day for period in _periods(days, base) for day in period)


def _whole(number: float) -> float | int:
    return int(number) if number.is_integer() else number
