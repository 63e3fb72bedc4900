"""The rows a question asks for, and to which of them each day, agent and source belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from csdesk.domain.filters import UNGROUPED
from csdesk.domain.identity import fold
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.metrics.coverage import span_mask
from csdesk.metrics.days import Ints, ints
from csdesk.metrics.facts import Facts
from csdesk.metrics.model import By
from csdesk.metrics.sums import SumTable
from csdesk.metrics.view import View

UNCATEGORISED = "未分类"
"""Key of the sessions without a category."""

TIME = (By.DAY, By.WEEK, By.MONTH, By.WEEKDAY)
"""Groups of whole days: a report belongs to the one that holds all its days."""
SLICES = (By.HOUR, By.CATEGORY, By.PRODUCT)
"""Groups that only session rows can be split into."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says of itself; ``window`` are its days as bits on the view's axis."""

    key: str | int | None
    window: int
    agent_id: int | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Runs:
    """The rows' days as spans, ascending by row: row, first and last day on the view's axis."""

    row: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True, slots=True)
class Slices:
    """Session sums by row and lane for splits only session rows can give; ``table`` is where they come from.

    ``categories`` count sessions by (row, lane) and category ("" = none).
    """

    sums: Ints
    table: SumTable
    categories: Mapping[tuple[int, int], Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Division:
    """The rows of a question and what belongs to them; -1 = to none.

    One of ``of_day``, ``of_lane``, ``of_source`` and ``slices`` tells the rows apart, the others are None.
    ``totals``: the shops as a whole come in. ``agents``: by row its lanes, where rows are agents (one lane, but
    one for each group where facts are told apart by groups) or groups.
    """

    rows: list[Row]
    runs: Runs
    totals: bool = False
    of_day: Ints | None = None
    of_lane: Ints | None = None
    of_source: Ints | None = None
    agents: list[list[int]] | None = None
    slices: Slices | None = None


def divide(view: View, by: By | None) -> Division:
    """The rows of a selection split ``by``, in the order they are shown."""
    if by in TIME:
        return _by_time(view, by)
    if by in SLICES:
        return _by_slice(view, by)
    apart = {By.AGENT: _by_agent, By.GROUP: _by_group, By.SOURCE: _by_source}
    if by in apart:
        return apart[by](view)
    columns = view.columns
    window, period = _whole(view)
    totals = not view.by_agents
    if by is None:
        of_lane = np.zeros(len(columns.lanes), dtype=np.int64)
        return Division([Row(None, window, period=period)], _whole_runs(view, 1), totals, of_lane=of_lane)
    shops = [columns.shops[number] for number in view.shops_there]
    names = shop_keys(columns.facts, shops)
    found: dict[str, list[int]] = {}
    for number, shop in zip(view.shops_there, shops, strict=True):
        key = str(columns.facts.shops[shop].platform) if by is By.PLATFORM else names[shop]
        found.setdefault(key, []).append(number)
    of_shop = np.full(len(columns.shops), -1, dtype=np.int64)
    rows: list[Row] = []
    for key, numbers in sorted(found.items()):
        of_shop[numbers] = len(rows)
        rows.append(Row(key, window, period=period))
    return Division(rows, _whole_runs(view, len(rows)), totals, of_lane=of_shop[columns.shop_of_lane])


def _whole(view: View) -> tuple[int, Period | None]:
    """The selection's days, as bits and as a span."""
    first, last = view.span
    period = view.period(*(view.window or (view.base, view.base + view.size - 1)))
    return (span_mask(first, last, 0) if last >= first else 0), period


def _whole_runs(view: View, rows: int) -> Runs:
    first, last = view.span
    return Runs(np.arange(rows), np.full(rows, first, dtype=np.int64), np.full(rows, last, dtype=np.int64))


def shop_keys(facts: Facts, shops: Iterable[int]) -> dict[int, str]:
    """Shop names; ``店铺（平台）`` only where two platforms have a shop of that name."""
    uses: dict[str, int] = {}
    for shop in facts.shops.values():
        uses[fold(shop.name)] = uses.get(fold(shop.name), 0) + 1
    return {
        number: shop.name if uses[fold(shop.name)] == 1 else f"{shop.name}（{shop.platform.label}）"
        for number, shop in ((number, facts.shops[number]) for number in shops)
    }


def agent_keys(facts: Facts, agents: Iterable[tuple[int, int]]) -> dict[int, str]:
    """Display names of (shop, agent) pairs; ``店铺:名`` only where two of these agents share a name."""
    pairs = sorted(agents)
    uses: dict[str, int] = {}
    for _, agent in pairs:
        key = fold(facts.names.get(agent, str(agent)))
        uses[key] = uses.get(key, 0) + 1
    names = shop_keys(facts, {shop for shop, _ in pairs})
    keys = {}
    for shop, agent in pairs:
        name = facts.names.get(agent, str(agent))
        keys[agent] = name if uses[fold(name)] == 1 else f"{names[shop]}:{name}"
    return keys


def _by_agent(view: View) -> Division:
    columns = view.columns
    first, last = view.span
    speaking = view.spoken[:, :, first : last + 1].any(axis=(0, 2)) & columns.is_agent
    lanes: dict[int, list[int]] = {}
    for lane in np.flatnonzero(speaking).tolist():
        lanes.setdefault(columns.person(lane), []).append(lane)
    keys = agent_keys(columns.facts, ((columns.lanes[mine[0]][0], person) for person, mine in lanes.items()))
    groups = [(str(keys[person]), person, lanes[person]) for person in sorted(lanes, key=lambda one: str(keys[one]))]
    return _of_lanes(view, groups)


def _by_group(view: View) -> Division:
    columns = view.columns
    lanes: dict[str, list[int]] = {}
    for lane in view.lanes_touched:
        lanes.setdefault(columns.group(lane), []).append(lane)
    names = sorted(lanes, key=lambda name: (name == UNGROUPED, name))
    return _of_lanes(view, [(name, None, lanes[name]) for name in names])


def _of_lanes(view: View, groups: Sequence[tuple[str, int | None, list[int]]]) -> Division:
    """Rows of (key, agent or None, lanes)."""
    window, period = _whole(view)
    of_lane = np.full(len(view.columns.lanes), -1, dtype=np.int64)
    rows: list[Row] = []
    for key, agent, lanes in groups:
        of_lane[lanes] = len(rows)
        rows.append(Row(key, window, agent, period))
    agents = [lanes for *_, lanes in groups]
    return Division(rows, _whole_runs(view, len(rows)), of_lane=of_lane, agents=agents)


def _by_source(view: View) -> Division:
    first, last = view.span
    sources = np.flatnonzero(view.spoken[:, :, first : last + 1].any(axis=(1, 2))).tolist()
    window, period = _whole(view)
    of_source = np.full(len(view.columns.sources), -1, dtype=np.int64)
    of_source[sources] = range(len(sources))
    rows = [Row(view.columns.sources[source], window, period=period) for source in sources]
    return Division(rows, _whole_runs(view, len(rows)), not view.by_agents, of_source=of_source)


def _by_time(view: View, by: By | None) -> Division:
    first, last = view.span
    there = np.flatnonzero(view.spoken.any(axis=(0, 1)))
    there = there[(there >= first) & (there <= last)]
    if by is By.WEEKDAY:
        return _by_weekday(view, there)
    of_day = np.full(view.size, -1, dtype=np.int64)
    rows: list[Row] = []
    spans: list[tuple[int, int]] = []
    end = -1
    for offset in there.tolist():
        if offset <= end:
            continue
        start, after = _span_of(view.base + offset, by)
        latest = after if view.window is not None else min(after, view.base + view.size - 1)
        period = view.period(max(start, view.base), latest)
        begin, end = max(start - view.base, first), min(after - view.base, last)
        of_day[begin : end + 1] = len(rows)
        key = from_epoch_day(start).isoformat()[: 7 if by is By.MONTH else 10]
        rows.append(Row(key, span_mask(begin, end, 0), period=period))
        spans.append((begin, end))
    bounds = np.array(spans, dtype=np.int64).reshape(len(spans), 2)
    runs = Runs(np.arange(len(rows)), bounds[:, 0], bounds[:, 1])
    return Division(rows, runs, not view.by_agents, of_day=of_day)


def _by_weekday(view: View, days: Ints) -> Division:
    """1 = 周一 … 7, each all its days of ``days``."""
    weekdays = _weekday(view.base + days)
    known, row = np.unique(weekdays, return_inverse=True)
    of_day = np.full(view.size, -1, dtype=np.int64)
    of_day[days] = row
    windows = [sum(1 << day for day in days[weekdays == weekday].tolist()) for weekday in known.tolist()]
    rows = [Row(weekday, window) for weekday, window in zip(known.tolist(), windows, strict=True)]
    order = np.argsort(row, kind="stable")
    return Division(rows, Runs(row[order], days[order], days[order]), not view.by_agents, of_day=of_day)


def _weekday(day: Ints) -> Ints:
    return (day + 3) % 7 + 1  # 1970-01-01 was a Thursday


def _span_of(day: int, by: By | None) -> tuple[int, int]:
    if by is By.WEEK:
        monday = day - (day + 3) % 7
        return monday, monday + 6
    if by is By.MONTH:
        first = from_epoch_day(day).replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        return to_epoch_day(first), to_epoch_day(after) - 1
    return day, day


def _by_slice(view: View, by: By | None) -> Division:
    """Hours and categories, with their session sums by lane."""
    if by is By.CATEGORY:
        keys: dict[int, str | int] = dict(enumerate(name or UNCATEGORISED for name in view.columns.categories))
        first, last = view.span
        return _sliced(view, view.columns.category_sums, keys, (view.base + first, view.base + last))
    if by is By.HOUR:
        hours: dict[int, str | int] = {hour: hour for hour in np.unique(view.hour_sums.part).tolist()}
        return _sliced(view, view.hour_sums, hours, (0, 0), view.hour_categories)
    return _sliced(view, view.columns.day_sums, {}, (0, 0))


def _sliced(
    view: View,
    table: SumTable,
    keys: Mapping[int, str | int],
    days: tuple[int, int],
    categories: Mapping[tuple[int, int], Mapping[str, int]] | None = None,
) -> Division:
    """The slices of a table that have session rows on the days; ``categories`` by (slice, lane)."""
    lanes = np.flatnonzero(view.wanted)
    size = len(keys) * len(lanes)
    first, last = (np.full(size, day, dtype=np.int64) for day in days)
    of_slices = np.zeros((len(keys), len(view.columns.lanes), table.width), dtype=np.int64)
    part = np.repeat(ints(list(keys)), len(lanes))
    each = table.between(np.tile(lanes, len(keys)), part, first, last)
    of_slices[:, lanes] = each.reshape(len(keys), len(lanes), table.width)
    there: list[bool] = np.asarray(of_slices.any(axis=(1, 2))).tolist()
    found = [(key, at, number) for at, (number, key) in enumerate(keys.items()) if there[at]]
    found.sort(key=lambda one: (one[0] == UNCATEGORISED, one[0]))
    window, _ = _whole(view)
    sums = of_slices[[at for _, at, _ in found]]
    row_of = {number: row for row, (*_, number) in enumerate(found)}
    by_row = {(row_of[part], lane): counts for (part, lane), counts in (categories or {}).items() if part in row_of}
    rows = [Row(key, window) for key, *_ in found]
    return Division(rows, _whole_runs(view, len(rows)), slices=Slices(sums, table, by_row))
