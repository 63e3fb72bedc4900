"""The metric engine: a selection, split or not, and the numbers asked for.

``compute`` is all a caller needs; :class:`MetricEngine` keeps what was read and computed until the data change.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import TypeVar

import numpy as np

from csdesk.domain.filters import Filter
from csdesk.errors import UserFault
from csdesk.metrics.assemble import Surroundings, assemble, bare
from csdesk.metrics.columns import Columns
from csdesk.metrics.counted import Counted
from csdesk.metrics.daily import Daily
from csdesk.metrics.days import Bools, from_bits
from csdesk.metrics.declaration import SESSIONS, MetricDefinition
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.facts import Facts
from csdesk.metrics.gather import Question
from csdesk.metrics.grouping import UNCATEGORISED, Division, divide
from csdesk.metrics.held import Held
from csdesk.metrics.inputs import sums_of
from csdesk.metrics.model import By, MetricRow, MetricStatus, MetricValue, Unit
from csdesk.metrics.peers import figures_of, with_peers
from csdesk.metrics.quotients import Asked, shops_of, with_quotients
from csdesk.metrics.rows.answers import RowAnswers
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.merge import merged
from csdesk.metrics.rows.windows import Windows
from csdesk.metrics.ruled import RuledRows
from csdesk.metrics.view import View
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson
from csdesk.store import batches
from csdesk.store.database import Store

K = TypeVar("K")
V = TypeVar("V")

_KEPT = 24
"""Selections kept in memory; a page with its comparison needs a handful."""


def compute(
    store: Store | sqlite3.Connection,
    selection: Filter,
    by: By | None = None,
    metrics: Sequence[str] | None = None,
    *,
    bare: bool = False,
) -> list[MetricRow]:
    """The rows of a selection. ``metrics`` None = all of the catalogue; raises UserFault for an unknown id."""
    return MetricEngine(store).compute(selection, by, metrics, bare=bare)


class MetricEngine:
    """Computes and remembers: the facts as columns, and by question what was answered.

    Everything is forgotten when the store's data version moves. Safe to use from several threads (one
    question at a time). ``held`` may be shared by engines of one store.
    """

    def __init__(
        self, store: Store | sqlite3.Connection, small: float = SMALL_SAMPLE, held: Held | None = None
    ) -> None:
        self._store = store
        self._small = small
        self._held = Held() if held is None else held
        self._version = -1
        self._windows = Windows()
        self._lock = threading.RLock()
        self._views: OrderedDict[tuple[Filter, bool, tuple[str, ...], bool], View] = OrderedDict()
        self._rows: OrderedDict[tuple[Filter, By | None, tuple[str, ...], bool], list[MetricRow]] = OrderedDict()

    def __call__(
        self,
        selection: Filter,
        by: By | None = None,
        metrics: Sequence[str] | None = None,
        *,
        bare: bool = False,
    ) -> list[MetricRow]:
        """:meth:`compute`, as pages ask."""
        return self.compute(selection, by, metrics, bare=bare)

    def compute(
        self,
        selection: Filter,
        by: By | None = None,
        metrics: Sequence[str] | None = None,
        *,
        bare: bool = False,
    ) -> list[MetricRow]:
        """As the module's ``compute``. The rows are shared with later callers: read, do not change them.

        ``bare`` values have their counts and nothing about them (intervals, files, what was left out): for splits that
        are computed with and not shown, in a third of the time.
        """
        wanted = definitions(metrics)
        key = (selection, by, tuple(metric.id for metric in wanted), bare)
        with self._lock, self._reading() as conn:
            self._forget_if_stale(conn)
            if key not in self._rows:
                with self._held.lock:
                    _keep(self._rows, key, self._answer(conn, selection, by, wanted, bare=bare), _KEPT * 4)
            self._rows.move_to_end(key)
            return self._rows[key]

    def table(self, kind: str, selection: Filter) -> ChosenRows:
        """The rows of a kind (:mod:`csdesk.store.kinds`) that a selection holds, as columns.

        To be read while the same state of the store is open.
        """
        with self._lock, self._reading() as conn:
            self._held.rows.refresh(conn)
            return self._held.rows.rows(conn, kind, selection)

    def _answer(
        self,
        conn: sqlite3.Connection,
        selection: Filter,
        by: By | None,
        wanted: Sequence[MetricDefinition],
        *,
        bare: bool,
    ) -> list[MetricRow]:
        """What reports and roll-ups give, and what rows kept one by one do."""
        summed = [metric for metric in wanted if metric.rules or metric.sessions]
        rows: list[MetricRow] = []
        if summed:
            view = self._view(conn, selection, by, summed)
            rows = bare_rows_of(view, by, summed) if bare else rows_of(view, by, summed, self._small)
        held = self._held.rows
        if any(self._told_by_rows(conn, metric) for metric in wanted):
            answers = RowAnswers(held, conn, selection, by, small=self._small, bare=bare)
            rows = merged(rows, answers, wanted, held.everybody(conn))
        if any(metric.quotients for metric in wanted):
            rows = self._with_quotients(conn, rows, selection, by, wanted)
        if told := [metric for metric in wanted if metric.peer]:
            given, everybody = self._held.peers(conn), held.everybody(conn)
            figures = {metric.id: figures_of(metric, given, everybody, selection, by) for metric in told}
            rows = with_peers(rows, wanted, figures, by, selection.period)
        return rows

    def _with_quotients(
        self,
        conn: sqlite3.Connection,
        rows: Sequence[MetricRow],
        selection: Filter,
        by: By | None,
        wanted: Sequence[MetricDefinition],
    ) -> list[MetricRow]:
        held = self._held.rows
        shops = {shop: info.platform for shop, info in held.everybody(conn).names.shops.items()}

        def ask(part: Filter, split: By | None, metrics: Sequence[str]) -> list[MetricRow]:
            return self._answer(conn, part, split, definitions(metrics), bare=False)

        return with_quotients(rows, wanted, Asked(selection, by, shops_of(selection, shops), ask, self._small))

    def _told_by_rows(self, conn: sqlite3.Connection, metric: MetricDefinition) -> bool:
        """Whether rows kept one by one have a word in the metric; those that nobody imported have none."""
        if not metric.rows or not (metric.rules or metric.sessions):
            return bool(metric.rows)
        return any(self._held.rows.spoken(conn, rule.kind) for rule in metric.rows)

    def daily(self, selection: Filter, metrics: Sequence[str]) -> Daily:
        """Counts of the selection day by day, for everybody together and person by person."""
        with self._reading() as conn:
            return replace(self._held.daily(conn, selection, definitions(metrics)), small=self._small)

    def forget(self) -> None:
        """Drop the answers; the facts in memory stay for as long as the data do."""
        with self._lock:
            self._views.clear()
            self._rows.clear()

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return nullcontext(self._store) if isinstance(self._store, sqlite3.Connection) else self._store.reading()

    def _view(
        self, conn: sqlite3.Connection, selection: Filter, by: By | None, wanted: Sequence[MetricDefinition]
    ) -> View:
        categories = by is By.CATEGORY or any(one.sessions and one.sessions.by_category for one in wanted)
        hours, members = by is By.HOUR, by is By.GROUP or bool(selection.groups)
        sums = sums_of(wanted)
        key = (selection, categories, sums if hours else (), members)
        known = self._views.get(key)
        if known is None or known.columns.lacks(sums) or (categories and known.columns.lacks(sums, categories=True)):
            view = self._held.view(conn, selection, categories=categories, hours=hours, members=members, sums=sums)
            _keep(self._views, key, view, _KEPT)
        self._views.move_to_end(key)
        return self._views[key]

    def _forget_if_stale(self, conn: sqlite3.Connection) -> None:
        version, windows = batches.data_version(conn), self._held.rows.windows()
        if version != self._version or windows != self._windows:
            self.forget()
            self._version, self._windows = version, windows


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
    return rows_of(View(Columns(facts)), by, definitions(metrics), small)


def rows_of(
    view: View, by: By | None, wanted: Sequence[MetricDefinition], small: float = SMALL_SAMPLE
) -> list[MetricRow]:
    """Compute every wanted metric for every row."""
    division = divide(view, by)
    question = Question(view, division)
    touched = _touched(view, division)
    ruled = RuledRows(question) if view.columns.facts.rules else None
    columns: list[list[MetricValue]] = []
    for metric in wanted:
        if by is By.CATEGORY and metric.sessions is not None and metric.sessions.by_category:
            columns.append(category_shares(metric, division, small))
            continue
        providers = view.providers(metric)
        counted = Counted(question, metric, question.gather(metric, providers))
        columns.append(assemble(metric, counted, Surroundings(question, touched, providers, small, ruled)))
    ids = [metric.id for metric in wanted]
    kinds = view.columns.facts.kinds
    return [
        MetricRow(
            row.key, dict(zip(ids, (column[at] for column in columns), strict=True)), row.agent_id, row.period,
            kinds.get(row.agent_id or 0, "person"),
        )
        for at, row in enumerate(division.rows)
    ]  # fmt: skip


def bare_rows_of(view: View, by: By | None, wanted: Sequence[MetricDefinition]) -> list[MetricRow]:
    """The counts of every wanted metric for every row, and nothing about them."""
    division = divide(view, by)
    question = Question(view, division)
    columns = []
    for metric in wanted:
        counted = Counted(question, metric, question.gather(metric, view.providers(metric)))
        columns.append([bare(metric, total) for total in counted.totals])
    return [
        MetricRow(row.key, dict(zip((metric.id for metric in wanted), values, strict=True)), row.agent_id, row.period)
        for row, values in zip(division.rows, zip(*columns, strict=True), strict=True)
    ]


def category_shares(metric: MetricDefinition, division: Division, small: float) -> list[MetricValue]:
    """Each category's share of the classified sessions, with its interval; the unclassified row has none."""
    if division.slices is None or not division.rows:
        return []
    sessions = division.slices.sums[:, :, 0].sum(axis=1).astype(float).tolist()
    everything = sum(sessions)
    classified = sum(number for row, number in zip(division.rows, sessions, strict=True) if row.key != UNCATEGORISED)
    shares = []
    for row, number in zip(division.rows, sessions, strict=True):
        extra = {"unclassified": 1 - classified / everything}
        if row.key == UNCATEGORISED or not classified:
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


def _touched(view: View, division: Division) -> list[dict[int, frozenset[str]]]:
    """By row and shop (number): the sources that say anything."""
    columns = view.columns
    spoken = view.spoken
    lanes = np.flatnonzero(columns.is_agent | division.totals)
    found: list[dict[int, frozenset[str]]] = []
    shops = _shops_of_rows(view, division)
    by_shop = {
        shop: np.asarray(spoken[:, lanes[columns.shop_of_lane[lanes] == shop]].any(axis=1))
        for shop in {one for row in shops for one in row}
    }
    for number, row in enumerate(division.rows):
        days = from_bits(row.window, view.size)
        by_source = {}
        for shop in shops[number]:
            if division.agents is not None:
                there = _any_of(spoken, division.agents[number])[:, days].any(axis=1)
            else:
                there = by_shop[shop][:, days].any(axis=1)
            if division.of_source is not None:
                there = there & (division.of_source == number)
            if division.slices is not None:
                there = there & (np.array(columns.sources) == SESSIONS)
            by_source[shop] = frozenset(columns.sources[source] for source in np.flatnonzero(there).tolist())
        found.append(by_source)
    return found


def _any_of(spoken: Bools, lanes: list[int]) -> Bools:
    """By source and day: whether any of the lanes is spoken of."""
    return np.asarray(spoken[:, lanes[0]] if len(lanes) == 1 else spoken[:, lanes].any(axis=1))


def _shops_of_rows(view: View, division: Division) -> list[list[int]]:
    """Shops (numbers) whose facts belong to each row."""
    shop_of_lane = view.columns.shop_of_lane
    if division.of_lane is not None:
        return [
            [shop for shop in np.unique(shop_of_lane[division.of_lane == row]).tolist() if shop in view.shops_there]
            for row in range(len(division.rows))
        ]
    there = view.shops_there
    if division.slices is not None:
        there = np.unique(shop_of_lane[view.covered(((),)).any(axis=1)]).tolist()
    return [there] * len(division.rows)


def _keep(store: OrderedDict[K, V], key: K, value: V, limit: int) -> None:
    store[key] = value
    while len(store) > limit:
        store.popitem(last=False)
