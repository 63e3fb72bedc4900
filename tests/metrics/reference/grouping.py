"""The rows a question asks for: which days, shops and agents belong to each, and their session rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

from csdesk.domain.identity import fold
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.metrics.coverage import source_rank
from csdesk.metrics.declaration import SESSIONS
from csdesk.metrics.facts import SHOP_AS_A_WHOLE, Facts
from csdesk.metrics.model import By
from tests.metrics.reference.gather import Group
from tests.metrics.reference.pieces import Pieces
from tests.metrics.reference.sums import SessionSums

UNCATEGORISED = "未分类"
"""Key of the sessions without a category."""

TIME = (By.DAY, By.WEEK, By.MONTH, By.WEEKDAY)
"""Groups of whole days: a report belongs to the one that holds all its days."""
SLICES = (By.HOUR, By.CATEGORY, By.PRODUCT)
"""Groups that only session rows can be split into."""


@dataclass(slots=True)
class Row:
    """A group with what its row says of itself."""

    group: Group
    agent_id: int | None = None
    period: Period | None = None


def rows_of(pieces: Pieces, by: By | None) -> list[Row]:
    """The rows of a selection split ``by``, in the order they are shown."""
    if by in TIME:
        return _time_rows(pieces, by)
    if by in SLICES:
        return _slice_rows(pieces, by)
    if by is By.AGENT:
        return _agent_rows(pieces)
    if by is By.SOURCE:
        return _source_rows(pieces)
    facts = pieces.facts
    window = whole_window(pieces)
    sums = session_sums(facts, lambda row: True)
    shops = sorted({shop for shop, _ in pieces.touched})
    if by is None:
        group = Group(None, window, _lanes(pieces, shops), not facts.by_agents, sums)
        return [Row(group, period=_period(pieces, window))]
    found: dict[str, list[int]] = {}
    names = shop_keys(facts, shops)
    for shop in shops:
        key = str(facts.shops[shop].platform) if by is By.PLATFORM else names[shop]
        found.setdefault(key, []).append(shop)
    period = _period(pieces, window)
    return [
        Row(Group(key, window, _lanes(pieces, mine), not facts.by_agents, sums), period=period)
        for key, mine in sorted(found.items())
    ]


def whole_window(pieces: Pieces) -> int:
    """The selection's days as bits: its period, else all days there are."""
    facts = pieces.facts
    if facts.window is not None:
        return pieces.mask(*facts.window)
    days = 0
    for by_source in pieces.touched.values():
        for mask in by_source.values():
            days |= mask
    return (1 << days.bit_length()) - 1


def session_sums(facts: Facts, wanted: Callable[[int], bool]) -> SessionSums:
    """Sums over the session rows of the days that are ``wanted``."""
    sums = SessionSums()
    for shop, agent, day, vector in facts.session_sums:
        if wanted(day):
            sums.add((shop, agent), vector)
    for shop, agent, day, category, vector in facts.category_sums:
        if wanted(day):
            sums.add_category((shop, agent), category, vector[0])
    return sums


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


def _lanes(pieces: Pieces, shops: Iterable[int]) -> dict[int, list[int]]:
    lanes: dict[int, list[int]] = {shop: [] for shop in shops}
    for shop, agent in sorted(pieces.touched):
        if shop in lanes and agent != SHOP_AS_A_WHOLE:
            lanes[shop].append(agent)
    return lanes


def _agent_rows(pieces: Pieces) -> list[Row]:
    window = whole_window(pieces)
    sums = session_sums(pieces.facts, lambda day: True)
    lanes = sorted(
        lane for lane, sources in pieces.touched.items()
        if lane[1] != SHOP_AS_A_WHOLE and any(days & window for days in sources.values())
    )  # fmt: skip
    keys = agent_keys(pieces.facts, lanes)
    period = _period(pieces, window)
    rows = [Row(Group(keys[agent], window, {shop: [agent]}, False, sums), agent, period) for shop, agent in lanes]
    return sorted(rows, key=lambda row: str(row.group.key))


def _source_rows(pieces: Pieces) -> list[Row]:
    window = whole_window(pieces)
    sums = session_sums(pieces.facts, lambda day: True)
    shops = sorted({shop for shop, _ in pieces.touched})
    sources = {source for by_source in pieces.touched.values() for source, days in by_source.items() if days & window}
    period = _period(pieces, window)
    totals = not pieces.facts.by_agents
    return [
        Row(Group(source, window, _lanes(pieces, shops), totals, sums, source), period=period)
        for source in sorted(sources, key=source_rank)
    ]


def _time_rows(pieces: Pieces, by: By | None) -> list[Row]:
    whole = whole_window(pieces)
    days = 0
    for by_source in pieces.touched.values():
        for mask in by_source.values():
            days |= mask
    days &= whole
    if by is By.WEEKDAY:
        return _weekday_rows(pieces, days)
    spans: dict[int, tuple[int, int]] = {}
    for offset in range(days.bit_length()):
        if days >> offset & 1:
            span = _span_of(pieces.base + offset, by)
            spans[span[0]] = span
    starts = {day: start for start, (_, last) in spans.items() for day in range(start, last + 1)}
    sums: dict[int, SessionSums] = {start: SessionSums() for start in spans}
    for shop, agent, day, vector in pieces.facts.session_sums:
        sums[starts[day]].add((shop, agent), vector)
    for shop, agent, day, category, vector in pieces.facts.category_sums:
        sums[starts[day]].add_category((shop, agent), category, vector[0])
    lanes = _lanes(pieces, sorted({shop for shop, _ in pieces.touched}))
    rows = []
    for start, (first, last) in sorted(spans.items()):
        window = pieces.mask(first, last) & whole
        key = from_epoch_day(first).isoformat()[: 7 if by is By.MONTH else 10]
        group = Group(key, window, lanes, not pieces.facts.by_agents, sums[start])
        rows.append(Row(group, period=_period(pieces, window)))
    return rows


def _weekday_rows(pieces: Pieces, days: int) -> list[Row]:
    """1 = 周一 … 7, each all its days of ``days``."""
    windows: dict[int, int] = {}
    for offset in range(days.bit_length()):
        if days >> offset & 1:
            weekday = _weekday(pieces.base + offset)
            windows[weekday] = windows.get(weekday, 0) | 1 << offset
    lanes = _lanes(pieces, sorted({shop for shop, _ in pieces.touched}))
    rows = []
    for weekday, window in sorted(windows.items()):
        sums = session_sums(pieces.facts, lambda day, weekday=weekday: _weekday(day) == weekday)  # type: ignore[misc]
        rows.append(Row(Group(weekday, window, lanes, not pieces.facts.by_agents, sums)))
    return rows


def _weekday(day: int) -> int:
    return (day + 3) % 7 + 1  # 1970-01-01 was a Thursday


def _span_of(day: int, by: By | None) -> tuple[int, int]:
    if by is By.WEEK:
        monday = day - _weekday(day) + 1
        return monday, monday + 6
    if by is By.MONTH:
        first = from_epoch_day(day).replace(day=1)
        after = (first + timedelta(days=32)).replace(day=1)
        return to_epoch_day(first), to_epoch_day(after) - 1
    return day, day


def _slice_rows(pieces: Pieces, by: By | None) -> list[Row]:
    facts = pieces.facts
    window = whole_window(pieces)
    found: dict[str | int, SessionSums] = {}

    def sums(key: str | int) -> SessionSums:
        return found.setdefault(key, SessionSums())

    if by is By.HOUR:
        for shop, agent, hour, vector in facts.hour_sums:
            sums(hour).add((shop, agent), vector)
        for shop, agent, hour, category, number in facts.hour_categories:
            sums(hour).add_category((shop, agent), category, number)
    elif by is By.CATEGORY:
        for shop, agent, _, category, vector in facts.category_sums:
            sums(category or UNCATEGORISED).add((shop, agent), vector)
    lanes = _lanes(pieces, sorted({shop for shop, agent in pieces.covered(((),))}))
    rows = [Row(Group(key, window, lanes, False, one, SESSIONS, sliced=True)) for key, one in found.items()]
    last = {UNCATEGORISED}
    return sorted(rows, key=lambda row: (row.group.key in last, row.group.key))


def _period(pieces: Pieces, window: int) -> Period | None:
    facts = pieces.facts
    if facts.window is not None and window == pieces.mask(*facts.window):
        return Period(from_epoch_day(facts.window[0]), from_epoch_day(facts.window[1]))
    if not window:
        return None
    first = pieces.base + (window & -window).bit_length() - 1
    return Period(from_epoch_day(first), from_epoch_day(pieces.base + window.bit_length() - 1))
