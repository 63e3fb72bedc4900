"""One list of rows out of two: what reports and roll-ups give, and what rows kept one by one give."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from csdesk.domain.filters import UNGROUPED, Filter
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.metrics.declaration import SESSIONS, MetricDefinition, source_title
from csdesk.metrics.facts import Facts
from csdesk.metrics.grouping import agent_keys, shop_keys
from csdesk.metrics.model import By, LeftOut, MetricRow, MetricStatus, MetricValue, Origin, origin_of
from csdesk.metrics.rows.answers import IN_TIME, RowAnswers
from csdesk.metrics.rows.everybody import Everybody
from csdesk.metrics.rows.grouping import UNCATEGORISED, UNNAMED, Identity

_TIME = {By.DAY, By.WEEK, By.MONTH}
_LAST = {UNCATEGORISED, UNNAMED, UNGROUPED}
_STANDING = {MetricStatus.PROVISIONAL, MetricStatus.NOT_SUMMABLE}


def merged(
    rows: Sequence[MetricRow], answers: RowAnswers, wanted: Sequence[MetricDefinition], everybody: Everybody
) -> list[MetricRow]:
    """``rows`` (of metrics that reports and roll-ups give) with the others put in, and the rows only these have."""
    by, selection, names = answers.by, answers.selection, everybody.names
    of_rows = {metric.id: answers.values(metric) for metric in wanted if metric.rows}
    missing = {metric.id: answers.missing(metric) for metric in wanted if metric.rows}
    identity_of = _identities(by, names)
    found: dict[Identity, MetricRow] = {
        (row.agent_id if by is By.AGENT else row.key): _with_values(row, dict(row.values)) for row in rows
    }
    if by is None and not found:
        found[None] = MetricRow(None, {}, period=selection.period)
    for values in of_rows.values():
        for identity in values:
            key = identity_of(identity)
            if key not in found:
                found[key] = _new_row(key, by, selection, names)
    for metric in wanted:
        values = {identity_of(identity): value for identity, value in of_rows.get(metric.id, {}).items()}
        curve = by in IN_TIME and any(_has_number(row, metric.id) for row in found.values())
        for key, row in found.items():
            mine, main = values.get(key, missing.get(metric.id)), row.values.get(metric.id)
            if curve and (main is None or main.value is None) and _told_of(metric, key, answers):
                mine = None
            row.values[metric.id] = _better(metric, main, mine)
    ids = [metric.id for metric in wanted]
    made = [_with_values(row, {one: row.values[one] for one in ids}) for row in found.values()]
    if len(made) == len(rows):
        return made
    return _in_order(_with_agent_keys(made, names, everybody.shop_of) if by is By.AGENT else made, by)


def _with_values(row: MetricRow, values: dict[str, MetricValue]) -> MetricRow:
    return MetricRow(row.key, values, row.agent_id, row.period, row.kind)


def _has_number(row: MetricRow, metric: str) -> bool:
    value = row.values.get(metric)
    return value is not None and value.value is not None


def _told_of(metric: MetricDefinition, key: Identity, answers: RowAnswers) -> bool:
    """Whether session rows, which give the other points of a curve, speak for this one too: of nothing, then."""
    if metric.sessions is None or metric.rows_first or metric.rows_before_sessions:
        return False
    span = None
    if answers.by in _TIME:
        period = _period(str(key), answers.by, None)
        span = to_epoch_day(period.first), to_epoch_day(period.last)
    return answers.speaks("session", span, metric.sessions.needs)


def _better(metric: MetricDefinition, main: MetricValue | None, row: MetricValue | None) -> MetricValue:
    if row is None or main is None:
        return row or main or MetricValue(metric.id, metric.unit, None, MetricStatus.NO_DATA)
    if row.value is None and main.value is not None:
        return main
    ahead = metric.rows_first or (metric.rows_before_sessions and main.sources == (SESSIONS,))
    if main.value is not None:
        return _beside(row, main) if ahead else _beside(main, row)
    if not ahead and main.parts:
        return main  # known of each platform, which must not be added up: a few rows of another source are no stand-in
    mute = main.status in _STANDING or row.status is MetricStatus.NO_DATA or not row.notes
    return main if row.value is None and mute else row


def _beside(used: MetricValue, other: MetricValue) -> MetricValue:
    """What is not used because something better is there, by name."""
    return used.told_later(partial(_origin_beside, used, other))


def _origin_beside(used: MetricValue, other: MetricValue) -> Origin:
    used_titles = "、".join(source_title(source) for source in used.sources)
    left = tuple(
        LeftOut(source, None, f"已采用{used_titles}，{source_title(source)}没有合进来")
        for source in (*other.sources, *(one.source for one in other.left_out if one.period is None))
        if source not in used.sources
    )
    origin = origin_of(used)
    return origin._replace(left_out=(*used.left_out, *left)) if left and used_titles else origin


def _identities(by: By | None, names: Facts) -> Callable[[Identity], Identity]:
    if by is not By.SHOP:
        return lambda identity: identity
    titles = shop_keys(names, names.shops)
    return lambda identity: titles.get(int(identity or 0), str(identity))


def _new_row(key: Identity, by: By | None, selection: Filter, names: Facts) -> MetricRow:
    if by is By.AGENT:
        person = int(key or 0)
        return MetricRow(str(key), {}, person, selection.period, names.kinds.get(person, "person"))
    return MetricRow(key, {}, period=_period(str(key), by, selection.period) if by in _TIME else selection.period)


def _period(key: str, by: By | None, chosen: Period | None) -> Period:
    first = date.fromisoformat(key if len(key) == 10 else f"{key}-01")
    last = first
    if by is By.WEEK:
        last = from_epoch_day(to_epoch_day(first) + 6)
    elif by is By.MONTH:
        following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        last = from_epoch_day(to_epoch_day(following) - 1)
    return Period(first, last) if chosen is None else Period(max(first, chosen.first), min(last, chosen.last))


def _with_agent_keys(rows: Sequence[MetricRow], names: Facts, shop_of: Mapping[int, int]) -> list[MetricRow]:
    """Names as they are told apart among all the agents that are there."""
    people = {row.agent_id for row in rows if row.agent_id}
    keys = agent_keys(names, {(shop_of[person], person) for person in people if person in shop_of})
    return [replace(row, key=keys.get(row.agent_id or 0, row.key)) for row in rows]


def _in_order(rows: list[MetricRow], by: By | None) -> list[MetricRow]:
    if by is None:
        return rows
    if by in {By.HOUR, By.WEEKDAY}:
        return sorted(rows, key=lambda row: int(row.key or 0))
    return sorted(rows, key=lambda row: (row.key in _LAST, str(row.key)))
