"""From what was gathered to the number on the screen: value, interval, status, sources, what was left out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from csdesk.domain.period import Period, from_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.metrics.coverage import source_rank
from csdesk.metrics.declaration import SESSIONS, MetricDefinition, source_title
from csdesk.metrics.facts import Facts
from csdesk.metrics.model import LeftOut, MetricPart, MetricStatus, MetricValue, Unit
from csdesk.stats.intervals import exceeds, wilson
from tests.metrics.reference.gather import Contribution, Gathered

SMALL_SAMPLE = 30
"""Below this sample size a value is greyed and not ranked."""

_COUNTED = (Unit.COUNT, Unit.YUAN)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a group's number is judged by besides its pieces.

    ``touched`` sources say something in the group; ``providers`` give the metric anywhere in the selection;
    ``uncounted`` sources of shops that have no part in the number. ``session_files``: days by shop and batch.
    """

    facts: Facts
    base: int
    window: int
    touched: frozenset[str]
    providers: frozenset[str]
    session_files: Mapping[int, Mapping[int, int]]
    uncounted: tuple[str, ...] = ()
    small: float = SMALL_SAMPLE


@dataclass(frozen=True, slots=True)
class _Total:
    """Sums over contributions; ``bottom`` None for plain counts."""

    value: float | dict[str, float] | None
    top: float | None
    bottom: float | None
    counts: Mapping[str, float]
    extra: Mapping[str, float]


def assemble(metric: MetricDefinition, found: Gathered, around: Surroundings) -> MetricValue:
    """The metric's value for one group."""
    counted = found.contributions
    if not counted and len(found.unweighted) == 1:
        return _alone(metric, found, around)
    total = _total(metric, counted)
    platforms = _platforms(counted, around.facts)
    status = _status(metric, found, total, around)
    value = total.value
    mixed = len(platforms) > 1
    if mixed and value is not None and not _may_mix(metric, counted):
        value, status = None, MetricStatus.NOT_SUMMABLE
    rate = metric.unit is Unit.RATE and value is not None and total.top is not None and total.bottom is not None
    interval = wilson(total.top or 0.0, total.bottom or 0.0) if rate else None
    sample = None if metric.unit in _COUNTED and total.bottom is None else total.bottom
    if value is None and mixed:
        sample = None
    return MetricValue(
        metric=metric.id,
        unit=metric.unit,
        value=value,
        status=status,
        numerator=None if value is None and mixed else total.top,
        denominator=None if value is None and mixed else total.bottom,
        counts=dict(total.counts),
        n=sample,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        small=value is not None and sample is not None and sample < around.small,
        variant=_variant(counted, platforms),
        sources=_sources(counted),
        files=_files(counted, around),
        left_out=tuple(_left_out(found, around)),
        provisional_days=tuple(_dates(found.provisional | found.delayed, around.base)),
        covered=tuple(_periods(_union(one.mask for one in counted) & around.window, around.base)),
        parts=tuple(_part(metric, platform, counted, around.facts) for platform in platforms) if mixed else (),
        notes=tuple(_notes(counted, around.facts.files, rate=rate, total=total)),
        extra=dict(total.extra),
    )


def _alone(metric: MetricDefinition, found: Gathered, around: Surroundings) -> MetricValue:
    """A single rate or mean whose weight nobody gave: shown as it stands, fit for no sum."""
    (one,) = found.unweighted
    return MetricValue(
        metric=metric.id,
        unit=metric.unit,
        value=one.parts.own,
        status=MetricStatus.NOT_SUMMABLE,
        variant=one.parts.label,
        sources=(one.source,),
        files=_files(found.unweighted, around),
        left_out=tuple(_left_out(found, around)),
        provisional_days=tuple(_dates(found.delayed | (one.mask if one.parts.provisional else 0), around.base)),
        covered=tuple(_periods(one.mask, around.base)),
        notes=(f"报表只给了数值，没有{one.parts.missing}，不可汇总",),
    )


def _total(metric: MetricDefinition, counted: Sequence[Contribution]) -> _Total:
    if not counted:
        return _Total(None, None, None, {}, {})
    top = math.fsum(one.parts.numerator for one in counted)
    if any(one.parts.denominator is None for one in counted):
        value: float | int = round(top) if metric.unit is Unit.YUAN else _whole(top)
        return _Total(value, _whole(top), None, {}, {})
    bottom = math.fsum(one.parts.denominator or 0.0 for one in counted)
    counts: dict[str, float] = {}
    for one in counted:
        for level, number in one.parts.levels.items():
            counts[level] = counts.get(level, 0.0) + number
    unclassified = counts.pop("", None)
    extra = {}
    if unclassified is not None and bottom + unclassified > 0:
        extra["unclassified"] = unclassified / (bottom + unclassified)
    if bottom <= 0:
        return _Total(None, _whole(top), _whole(bottom), counts, extra)
    if metric.unit is Unit.DISTRIBUTION:
        shares = {level: number / bottom for level, number in counts.items()}
        return _Total(shares, _whole(top), _whole(bottom), counts, extra)
    return _Total(top / bottom, _whole(top), _whole(bottom), counts, extra)


def _status(metric: MetricDefinition, found: Gathered, total: _Total, around: Surroundings) -> MetricStatus:
    if total.value is not None:
        settled = any(not one.parts.provisional for one in found.contributions)
        return MetricStatus.OK if settled else MetricStatus.PROVISIONAL
    if found.unweighted:
        return MetricStatus.NOT_SUMMABLE
    if found.delayed:
        return MetricStatus.PROVISIONAL
    if found.contributions or not around.touched or around.touched & around.providers:
        return MetricStatus.NO_DATA
    return MetricStatus.NOT_PROVIDED


def _may_mix(metric: MetricDefinition, counted: Sequence[Contribution]) -> bool:
    """Whether platforms may go into one number: not if declared so, nor if their levels differ."""
    if not metric.mixable:
        return False
    if metric.unit is not Unit.DISTRIBUTION or metric.id == "category_share":
        return True
    return len({frozenset(one.parts.levels) for one in counted}) == 1


def _platforms(counted: Sequence[Contribution], facts: Facts) -> list[Platform]:
    found = {facts.shops[one.shop].platform for one in counted}
    return [platform for platform in Platform if platform in found]


def _part(metric: MetricDefinition, platform: Platform, counted: Sequence[Contribution], facts: Facts) -> MetricPart:
    mine = [one for one in counted if facts.shops[one.shop].platform is platform]
    total = _total(metric, mine)
    return MetricPart(str(platform), total.value, total.top, total.bottom, _variant(mine, [platform]))


def _variant(counted: Sequence[Contribution], platforms: Sequence[Platform]) -> str:
    labels = list(dict.fromkeys(one.parts.label for one in counted if one.parts.label))
    words = "；".join(sorted(labels))
    if len(platforms) < 2:
        return words
    titles = "、".join(platform.label for platform in platforms)
    return f"含多个平台（{titles}）" + (f"，口径不同：{words}" if len(labels) > 1 else "")


def _sources(counted: Sequence[Contribution]) -> tuple[str, ...]:
    used = {one.source for one in counted} | {one.parts.weight_from for one in counted if one.parts.weight_from}
    return tuple(sorted(used, key=source_rank))


def _files(counted: Sequence[Contribution], around: Surroundings) -> tuple[str, ...]:
    batches = {batch for one in counted for batch in one.parts.batches}
    days: dict[int, int] = {}
    for one in counted:
        if one.source == SESSIONS:
            days[one.shop] = days.get(one.shop, 0) | one.mask
    for shop, mine in days.items():
        batches |= {batch for batch, mask in around.session_files.get(shop, {}).items() if mask & mine}
    names = {around.facts.files[batch] for batch in batches if batch in around.facts.files}
    return tuple(sorted(names))


def _notes(counted: Sequence[Contribution], files: Mapping[int, str], *, rate: bool, total: _Total) -> Iterator[str]:
    elsewhere = {batch for one in counted for batch in one.parts.weight_batches}
    names = sorted({files[batch] for batch in elsewhere if batch in files})
    if elsewhere:
        shown = "、".join(names[:3]) + (f" 等 {len(names)} 个" if len(names) > 3 else "")
        yield f"权重取自同一店铺、客服和时段的另一个文件：{shown}"
    if rate and exceeds(total.top or 0.0, total.bottom or 0.0):
        yield "分子大于分母，源数据有疑问，不给区间"


def _left_out(found: Gathered, around: Surroundings) -> Iterator[LeftOut]:
    for (source, reason), days in sorted(found.omitted.items(), key=lambda item: (source_rank(item[0][0]), item[0][1])):
        for period in _periods(days, around.base):
            yield LeftOut(source, period, reason)
    for source in around.uncounted:
        yield LeftOut(source, None, f"导入的{source_title(source)}里没有这个指标")


def _union(masks: Iterable[int]) -> int:
    days = 0
    for mask in masks:
        days |= mask
    return days


def _periods(days: int, base: int) -> Iterator[Period]:
    """Runs of bits as spans."""
    offset = 0
    while days:
        gap = (days & -days).bit_length() - 1
        days >>= gap
        length = (~days & (days + 1)).bit_length() - 1
        start = base + offset + gap
        yield Period(from_epoch_day(start), from_epoch_day(start + length - 1))
        days >>= length
        offset += gap + length


def _dates(days: int, base: int) -> Iterator[date]:
    for period in _periods(days, base):
        yield from period


def _whole(number: float) -> float | int:
    return int(number) if number.is_integer() else number
