"""The quality of the data, worked out once for each data version; and the owner's word on odd values."""

from __future__ import annotations

import threading
from collections.abc import Callable

from csdesk.analysis.quality import contradictions, cross, missing, odd, suspects
from csdesk.analysis.quality.frame import Odd, Quality, SumCheckRow, Unreadable
from csdesk.domain.filters import Filter
from csdesk.errors import Cancelled, UserFault
from csdesk.metrics.held import Held
from csdesk.store import batches, import_findings, outlier_rules
from csdesk.store.database import Connection, Store
from csdesk.store.import_findings import CELL, SUM_AGREES, SUM_DIFFERS
from csdesk.store.outlier_rules import Rule

OnProgress = Callable[[float], None]


class QualityDesk:
    """What the page and ``check`` ask. ``held``: the facts in memory, shared with the pages. Safe from any thread."""

    def __init__(self, store: Store, held: Held | None = None) -> None:
        self._store = store
        self._held = Held() if held is None else held
        self._lock = threading.Lock()
        self._version = -1
        self._kept: Quality | None = None

    def look(self, on_progress: OnProgress | None = None, cancel: threading.Event | None = None) -> Quality:
        """Everything about the data as they are now; seconds for a million rows, then remembered.

        Raises Cancelled.
        """
        with self._lock, self._store.reading() as conn:
            version = batches.data_version(conn)
            if self._kept is None or self._version != version:
                self._kept = self._work_out(conn, _Steps(on_progress, cancel))
                self._version = version
            return self._kept

    def decide(self, odd_id: str, action: str | None) -> None:
        """Keep, leave out or cut the values of one finding (its ``id``); None takes the decision back.

        Raises UserFault for an id or an action there is none of.
        """
        found = {one.id: one for one in self._known()}
        if odd_id not in found:
            raise UserFault("这一项异常值现在没有了。", "数据可能变过，请刷新后再看。")
        one = found[odd_id]
        if action is not None and action not in one.actions:
            raise UserFault("这一项不能这样处理。", f"可以选：{'、'.join(one.actions) or '没有指标用到它，不用处理'}。")
        with self._store.writing() as conn:
            if action is None:
                outlier_rules.drop(conn, one.subject)
            else:
                outlier_rules.put(conn, Rule(one.subject, action))

    def _known(self) -> list[Odd]:
        with self._store.reading() as conn:
            if self._kept is not None and self._version == batches.data_version(conn):
                return list(self._kept.odd)
            return odd.find(conn, both_ways=False)

    def _work_out(self, conn: Connection, steps: _Steps) -> Quality:
        rows = missing.of_rows(conn)
        steps.done(0.15)
        reports = missing.of_reports(conn)
        steps.done(0.25)
        view = self._held.view(conn, Filter(), categories=False, hours=False)
        with self._held.lock:
            differences, compared = cross.compare(view)
            at_odds = contradictions.find(view)
        steps.done(0.45)
        suspected = suspects.find(conn)
        steps.done(0.6)
        values = odd.find(conn, steps.part(0.6, 1.0))
        files = batches.file_names(conn)
        findings = import_findings.of_all(conn)
        return Quality(
            missing=(*rows, *reports),
            odd=tuple(values),
            unreadable=tuple(
                Unreadable(batch, files.get(batch, ""), one.column, one.reason, one.cells, one.example)
                for batch, one in findings
                if one.kind == CELL
            ),
            differences=tuple(differences),
            compared=tuple(compared),
            contradictions=tuple(at_odds),
            sums=tuple(
                SumCheckRow(batch, files.get(batch, ""), one.column, one.kind == SUM_AGREES, one.reason)
                for batch, one in findings
                if one.kind in (SUM_AGREES, SUM_DIFFERS)
            ),
            suspects=tuple(suspected),
            imports=batches.live(conn),
        )


class _Steps:
    """Progress from 0 to 1, and where cancelling is noticed."""

    def __init__(self, on_progress: OnProgress | None, cancel: threading.Event | None) -> None:
        self._on_progress = on_progress
        self._cancel = cancel

    def done(self, fraction: float) -> None:
        """So much is done; raises Cancelled."""
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled
        if self._on_progress is not None:
            self._on_progress(fraction)

    def part(self, first: float, last: float) -> OnProgress:
        """Progress of a part of the whole."""
        return lambda fraction: self.done(first + (last - first) * fraction)
