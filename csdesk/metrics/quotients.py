"""Numbers whose two sides come out of different files: complaints out of tickets over what was received.

Both sides are counted over the same shops: those the numerator is known of. Files of things that happen seldom do not
say on which days nothing happened, so the days from the first to the last of them count, and a little around.
Question categories are told apart by name alone, so a category has a rate only where both sides use its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.metrics.declaration import MetricDefinition, Quotient
from csdesk.metrics.grouping import UNCATEGORISED
from csdesk.metrics.model import By, LeftOut, MetricRow, MetricStatus, MetricValue
from csdesk.metrics.quotient import CONTRADICTION, quotient_of
from csdesk.stats.intervals import wilson

_AROUND = timedelta(days=14)
"""A file whose first row is later than the span's first day by less than this speaks for that day too."""
_SPLITS = frozenset(By) - {By.CATEGORY, By.PRODUCT, By.SOURCE} | {None}
"""Splits that mean the same on both sides."""
_BY_CLOCK = frozenset((By.HOUR, By.WEEKDAY))

_NO_CATEGORY = "没有分类的投诉和没有分类的会话不是同一类问题，不相除"
_ONLY_ABOVE = "会话明细里没有叫这个名字的咨询分类，不知道多少人为这类问题来问过"
_ONLY_BELOW = "工单的分类和会话的咨询分类叫法不同，不知道这一类有没有投诉"

Key = str | int | None
Made = dict[Key, tuple[MetricRow, MetricValue]]
"""By key a row like the one the value belongs to, and the value."""
Ask = Callable[[Filter, By | None, Sequence[str]], Sequence[MetricRow]]
"""Rows of some metrics for a selection and split."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: ``shops`` are those it holds, ``ask`` answers for parts of it, ``small`` is the sample limit."""

    selection: Filter
    by: By | None
    shops: Sequence[int]
    ask: Ask
    small: float


@dataclass(slots=True)
class _Side:
    """What was summed of one group."""

    top: float = 0.0
    bottom: float = 0.0


@dataclass(frozen=True, slots=True)
class _Cut:
    """A shop's part of the selection that both sides speak of, and where the two come from."""

    selection: Filter
    values: tuple[MetricValue, MetricValue]
    left_out: LeftOut | None


def with_quotients(rows: Sequence[MetricRow], wanted: Sequence[MetricDefinition], question: Asked) -> list[MetricRow]:
    """``rows`` with the quotients put in where their metrics have no value, and rows that only these have."""
    found: dict[Key, MetricRow] = {_key(row): replace(row, values=dict(row.values)) for row in rows}
    if question.by is None and not found:
        found[None] = MetricRow(None, {}, period=question.selection.period)
    for metric in wanted:
        if not metric.quotients:
            continue
        nothing = MetricValue(metric.id, metric.unit, None, MetricStatus.NO_DATA)
        lacking = [row for row in found.values() if _value(row, metric.id) is None]
        for quotient in metric.quotients if lacking or not found else ():
            made = _all_made(metric, quotient, question)
            for key, (like, value) in made.items():
                row = found.setdefault(key, replace(like, values={}))
                if _value(row, metric.id) is None:
                    row.values[metric.id] = value
            if made:
                break
        for row in found.values():
            row.values.setdefault(metric.id, nothing)
    filled = {metric.id: MetricValue(metric.id, metric.unit, None, MetricStatus.NO_DATA) for metric in wanted}
    return [replace(row, values={one: row.values.get(one, none) for one, none in filled.items()})
            for row in found.values()]  # fmt: skip


def _all_made(metric: MetricDefinition, quotient: Quotient, question: Asked) -> Made:
    if question.by not in _SPLITS and question.by is not By.CATEGORY:
        return {}
    parts = (_cut(replace(question.selection, shops=(shop,)), quotient, question.ask) for shop in question.shops)
    cuts = [cut for cut in parts if cut is not None]
    make = _by_category if question.by is By.CATEGORY else _answers
    return make(metric, quotient, question, cuts)


def _by_category(metric: MetricDefinition, quotient: Quotient, question: Asked, cuts: Sequence[_Cut]) -> Made:
    """Categories that both sides know by the same name; the others say why they have no rate.

    Of a shop whose numerator has names the denominator does not know, nobody can say whether a name that only the
    denominator has is one of which there were none, or is called otherwise up there. What has no category is of none.
    """
    sides: dict[Key, _Side] = {}
    why: dict[Key, str] = {}
    like: dict[Key, MetricRow] = {}
    for cut in cuts:
        rows = question.ask(cut.selection, By.CATEGORY, (quotient.top, quotient.bottom))
        counts = {row.key: (_value(row, quotient.top), _value(row, quotient.bottom)) for row in rows}
        alike = all(bottom for key, (top, bottom) in counts.items() if top and key != UNCATEGORISED)
        like.update((row.key, row) for row in rows)
        for key, (top, bottom) in counts.items():
            if key == UNCATEGORISED:
                why[key] = _NO_CATEGORY
            elif not bottom:
                why.setdefault(key, _ONLY_ABOVE)
            elif top is None and not alike:
                why.setdefault(key, _ONLY_BELOW)
            else:
                side = sides.setdefault(key, _Side())
                side.top += top or 0.0
                side.bottom += bottom
    made: Made = {}
    for key, row in like.items():
        if key in sides:
            made[key] = row, _made(metric, quotient, sides[key], cuts, small=sides[key].bottom < question.small)
        else:
            made[key] = row, _apart(metric, cuts, why[key])
    return made


def _apart(metric: MetricDefinition, cuts: Sequence[_Cut], reason: str) -> MetricValue:
    sources = [source for cut in cuts for source in cut.values[0].sources]
    left = LeftOut(sources[0] if sources else "", None, reason)
    return MetricValue(metric.id, metric.unit, None, MetricStatus.NOT_PROVIDED, left_out=(left,))


def _answers(metric: MetricDefinition, quotient: Quotient, question: Asked, cuts: Sequence[_Cut]) -> Made:
    selection, by, ask = question.selection, question.by, question.ask
    personal = by in {By.AGENT, By.GROUP} or bool(selection.agents or selection.groups)
    if personal and not any(_named(cut, quotient, ask) for cut in cuts):
        return {}  # nobody's name is on them, or there was none: not to be told apart
    sides: dict[Key, _Side] = {}
    like: dict[Key, MetricRow] = {}
    used: list[_Cut] = []
    for cut in cuts:
        rows = ask(cut.selection, by, (quotient.top, quotient.bottom))
        if any(_value(row, quotient.bottom) is not None for row in rows):
            used.append(cut)
        by_clock = by in _BY_CLOCK and cut in used
        for row in rows:
            top, bottom = _value(row, quotient.top), _value(row, quotient.bottom)
            if bottom is None and by_clock:
                bottom = 0.0  # rows tell of every hour: of this one that nobody came
            if bottom is None:
                continue  # 0 is known: what was complained of on a day nobody came counts beside the other shops
            side = sides.setdefault(_key(row), _Side())
            side.top += top or 0.0
            side.bottom += bottom
            like[_key(row)] = row
    return {
        key: (like[key], _made(metric, quotient, side, used, small=side.bottom < question.small))
        for key, side in sides.items()
        if side.bottom
    }


def _named(cut: _Cut, quotient: Quotient, ask: Ask) -> bool:
    """Whether any of what is counted bears the name of somebody."""
    everybody = replace(cut.selection, agents=(), groups=())
    return any(_value(row, quotient.top) for row in ask(everybody, By.AGENT, (quotient.top,)))


def _cut(selection: Filter, quotient: Quotient, ask: Ask) -> _Cut | None:
    rows = ask(replace(selection, agents=(), groups=()), None, (quotient.top, quotient.bottom))
    if not rows:
        return None
    top, bottom = (rows[0].values[name] for name in (quotient.top, quotient.bottom))
    if top.value is None or not _value(rows[0], quotient.bottom) or not top.covered or not bottom.covered:
        return None
    first, last = _hull(bottom.covered)
    begins, ends = _hull(top.covered)
    cut = Period(begins if begins - first > _AROUND else first, ends if last - ends > _AROUND else last)
    if cut == Period(first, last):
        return _Cut(selection, (top, bottom), None)
    reason = f"只算 {cut.first.isoformat()} 至 {cut.last.isoformat()}，其余的日子没有分子的数据"
    source = bottom.sources[0] if bottom.sources else ""
    return _Cut(selection.during(cut), (top, bottom), LeftOut(source, None, reason))


def _hull(spans: Sequence[Period]) -> tuple[date, date]:
    return min(span.first for span in spans), max(span.last for span in spans)


def _made(
    metric: MetricDefinition, quotient: Quotient, side: _Side, cuts: Sequence[_Cut], *, small: bool
) -> MetricValue:
    told = [value for cut in cuts for value in cut.values]
    interval = wilson(side.top, side.bottom)
    factor = quotient.factor
    value = quotient_of(metric, factor * side.top, side.bottom)
    return MetricValue(
        metric=metric.id,
        unit=metric.unit,
        value=value,
        status=MetricStatus.NO_DATA if value is None else MetricStatus.OK,
        numerator=factor * side.top,
        denominator=side.bottom,
        n=side.bottom,
        low=factor * interval.low if interval else None,
        high=factor * interval.high if interval else None,
        small=small,
        variant=quotient.label,
        sources=tuple(dict.fromkeys(source for value in told for source in value.sources)),
        files=tuple(sorted({file for value in told for file in value.files})),
        left_out=tuple(cut.left_out for cut in cuts if cut.left_out is not None),
        notes=(CONTRADICTION,) if value is None else (),
    )


def _value(row: MetricRow, metric: str) -> float | None:
    found = row.values.get(metric)
    return found.value if found is not None and isinstance(found.value, int | float) else None


def _key(row: MetricRow) -> Key:
    return row.agent_id if row.agent_id is not None else row.key


def shops_of(selection: Filter, platforms: Mapping[int, object]) -> list[int]:
    """The shops a selection holds; ``platforms`` of all shops there are."""
    return [
        shop for shop, platform in platforms.items()
        if (not selection.shops or shop in selection.shops) and selection.platform in (None, platform)
    ]  # fmt: skip
