"""The metric engine: a selection, split or not, and the numbers asked for.

``compute`` is all a caller needs; :class:`MetricEngine` keeps what was read and computed until the data change.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from csdesk.domain.filters import Filter
from csdesk.errors import UserFault
from csdesk.metrics.coverage import source_rank
from csdesk.metrics.declaration import SESSIONS, MetricDefinition
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.facts import SHOP_AS_A_WHOLE, Facts, read_facts
from csdesk.metrics.model import By, MetricRow, MetricStatus, MetricValue, Unit
from csdesk.stats.intervals import wilson
from csdesk.store import batches
from csdesk.store.database import Store
from tests.metrics.reference.assemble import SMALL_SAMPLE, Surroundings, assemble
from tests.metrics.reference.gather import Gathered, Group, Material, gather
from tests.metrics.reference.grouping import TIME, UNCATEGORISED, Row, rows_of
from tests.metrics.reference.pieces import Lane, LanePieces, Pieces

K = TypeVar("K")
V = TypeVar("V")

_KEPT = 24
"""Selections kept in memory; a page with its comparison needs a handful."""


def compute(
    store: Store | sqlite3.Connection,
    selection: Filter,
    by: By | None = None,
    metrics: Sequence[str] | None = None,
) -> list[MetricRow]:
    """The rows of a selection. ``metrics`` None = all of the catalogue; raises UserFault for an unknown id."""
    return MetricEngine(store).compute(selection, by, metrics)


class MetricEngine:
    """Computes and remembers: by selection what was read, by question what was answered.

    Everything is forgotten when the store's data version moves. Safe to use from several threads (one
    question at a time).
    """

    def __init__(self, store: Store | sqlite3.Connection, small: float = SMALL_SAMPLE) -> None:
        self._store = store
        self._small = small
        self._version = -1
        self._lock = threading.RLock()
        self._facts: OrderedDict[tuple[Filter, bool, bool], Pieces] = OrderedDict()
        self._rows: OrderedDict[tuple[Filter, By | None, tuple[str, ...]], list[MetricRow]] = OrderedDict()

    def compute(self, selection: Filter, by: By | None = None, metrics: Sequence[str] | None = None) -> list[MetricRow]:
        """As the module's ``compute``. The rows are shared with later callers: read, do not change them."""
        wanted = definitions(metrics)
        key = (selection, by, tuple(metric.id for metric in wanted))
        with self._lock, self._reading() as conn:
            self._forget_if_stale(conn)
            if key not in self._rows:
                pieces = self._read(conn, selection, by, wanted)
                _keep(self._rows, key, rows_from(pieces, by, wanted, self._small), _KEPT * 4)
            self._rows.move_to_end(key)
            return self._rows[key]

    def forget(self) -> None:
        """Start from nothing, as after a change of the data."""
        with self._lock:
            self._facts.clear()
            self._rows.clear()

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return nullcontext(self._store) if isinstance(self._store, sqlite3.Connection) else self._store.reading()

    def _read(
        self, conn: sqlite3.Connection, selection: Filter, by: By | None, wanted: Sequence[MetricDefinition]
    ) -> Pieces:
        categories = by is By.CATEGORY or any(one.sessions and one.sessions.by_category for one in wanted)
        hours = by is By.HOUR
        key = (selection, categories, hours)
        if key not in self._facts:
            facts = read_facts(conn, selection, categories=categories, hours=hours)
            _keep(self._facts, key, Pieces(facts), _KEPT)
        self._facts.move_to_end(key)
        return self._facts[key]

    def _forget_if_stale(self, conn: sqlite3.Connection) -> None:
        version = batches.data_version(conn)
        if version != self._version:
            self.forget()
            self._version = version


def definitions(metrics: Sequence[str] | None) -> list[MetricDefinition]:
    """Catalogue entries by id, all of them for None."""
    if metrics is None:
        return list(METRICS.values())
    unknown = [one for one in metrics if one not in METRICS]
    if unknown:
        raise UserFault(f"没有名为 {'、'.join(unknown)} 的指标。", f"可用的指标：{'、'.join(METRICS)}。")
    return [METRICS[one] for one in metrics]


def rows_of_facts(
    facts: Facts, by: By | None = None, metrics: Sequence[str] | None = None, small: float = SMALL_SAMPLE
) -> list[MetricRow]:
    """The same out of facts at hand; what the tests use."""
    return rows_from(Pieces(facts), by, definitions(metrics), small)


def rows_from(
    pieces: Pieces, by: By | None, wanted: Sequence[MetricDefinition], small: float = SMALL_SAMPLE
) -> list[MetricRow]:
    """Compute every wanted metric for every row."""
    rows = rows_of(pieces, by)
    values: list[dict[str, MetricValue]] = [{} for _ in rows]
    platforms = {number: shop.platform for number, shop in pieces.facts.shops.items()}
    touched = [_touched(pieces, row.group) for row in rows]
    for metric in wanted:
        days = pieces.session_days(metric.sessions)
        if by is By.CATEGORY and metric.sessions is not None and metric.sessions.by_category:
            shares = category_shares(metric, [row.group for row in rows], small)
            for found, share in zip(values, shares, strict=True):
                found[metric.id] = share
            continue
        providers = pieces.providers(metric)
        by_row = _pieces_by_row(pieces.of(metric), pieces.base, rows, split=by in TIME)
        for index, row in enumerate(rows):
            gathered = gather(metric, row.group, Material(by_row[index], days, platforms))
            uncounted = _uncounted(gathered, touched[index], providers)
            around = Surroundings(
                pieces.facts, pieces.base, row.group.window, frozenset().union(*touched[index].values()),
                providers, pieces.session_files, uncounted, small,
            )  # fmt: skip
            values[index][metric.id] = assemble(metric, gathered, around)
    kinds = pieces.facts.kinds
    return [
        MetricRow(row.group.key, found, row.agent_id, row.period, kinds.get(row.agent_id or 0, "person"))
        for row, found in zip(rows, values, strict=True)
    ]


def category_shares(metric: MetricDefinition, groups: Sequence[Group], small: float) -> list[MetricValue]:
    """Each category's share of the classified sessions, with its interval; the unclassified row has none."""
    sessions = [float(group.sums.of(tuple(group.sums.lanes()))[0]) for group in groups]
    everything = sum(sessions)
    classified = sum(number for group, number in zip(groups, sessions, strict=True) if group.key != UNCATEGORISED)
    shares = []
    for group, number in zip(groups, sessions, strict=True):
        extra = {"unclassified": 1 - classified / everything}
        if group.key == UNCATEGORISED or not classified:
            shares.append(MetricValue(metric.id, Unit.RATE, None, MetricStatus.NO_DATA, extra=extra))
            continue
        interval = wilson(number, classified)
        shares.append(
            MetricValue(
                metric.id,
                Unit.RATE,
                number / classified,
                MetricStatus.OK,
                number,
                classified,
                n=classified,
                low=interval.low if interval else None,
                high=interval.high if interval else None,
                small=classified < small,
                variant=metric.sessions.label if metric.sessions else "",
                sources=(SESSIONS,),
                extra=extra,
            )
        )
    return shares


def _touched(pieces: Pieces, group: Group) -> dict[int, frozenset[str]]:
    """Sources that say anything in the group, by shop."""
    found: dict[int, frozenset[str]] = {}
    for shop, agents in group.lanes.items():
        lanes = [*agents, SHOP_AS_A_WHOLE] if group.totals else agents
        found[shop] = frozenset(
            source
            for agent in lanes
            for source, days in pieces.touched.get((shop, agent), {}).items()
            if days & group.window and group.source in (None, source)
        )
    return found


def _uncounted(gathered: Gathered, touched: Mapping[int, frozenset[str]], providers: frozenset[str]) -> tuple[str, ...]:
    """Sources of shops that have no part in the number because those sources do not give it."""
    counted = {one.shop for one in (*gathered.contributions, *gathered.unweighted)}
    silent = {source for shop, sources in touched.items() if shop not in counted for source in sources - providers}
    return tuple(sorted(silent, key=source_rank))


def _pieces_by_row(
    pieces: Mapping[Lane, LanePieces], base: int, rows: Sequence[Row], *, split: bool
) -> list[Mapping[Lane, LanePieces]]:
    """The pieces that touch each row: all of them, or handed out to time rows once instead of searched by each."""
    if not split:
        return [pieces for _ in rows]
    row_of_day: dict[int, int] = {}
    for index, row in enumerate(rows):
        days = row.group.window
        row_of_day.update((offset, index) for offset in range(days.bit_length()) if days >> offset & 1)
    parted: list[dict[Lane, LanePieces]] = [{} for _ in rows]
    for lane, found in pieces.items():
        for piece in found.all():
            offsets = range(piece.first - base, piece.last - base + 1)
            for index in sorted({row_of_day[offset] for offset in offsets if offset in row_of_day}):
                parted[index].setdefault(lane, LanePieces({}, {}, [])).add(piece)
    return list(parted)


def _keep(store: OrderedDict[K, V], key: K, value: V, limit: int) -> None:
    store[key] = value
    while len(store) > limit:
        store.popitem(last=False)
