"""What every report says about one metric, as columns.

Worked out once a report by the metric's rules and kept: it depends on the report and the other reports of the
same shop, account and span, never on the selection.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from csdesk.metrics.days import Ints
from csdesk.metrics.declaration import MetricDefinition
from csdesk.metrics.quantities import joined
from csdesk.metrics.rules import Parts, State, apply

if TYPE_CHECKING:
    from csdesk.metrics.columns import Columns

_UNKNOWN, SILENT = -2, -1
"""Not worked out yet; says nothing of the metric."""

WHOLE, UNWEIGHTED, DELAYED, PARTIAL, NO_TOP, ONLY_BOTTOM, CONTRADICTORY = range(7)
"""States as numbers. ONLY_BOTTOM: NO_TOP, and the person's other accounts have no more to say."""

_NUMBER_OF = {
    State.WHOLE: WHOLE, State.UNWEIGHTED: UNWEIGHTED, State.DELAYED: DELAYED, State.PARTIAL: PARTIAL,
    State.NO_TOP: NO_TOP, State.CONTRADICTORY: CONTRADICTORY,
}  # fmt: skip


class Kind(NamedTuple):
    """What many pieces have in common."""

    source: str
    label: str = ""
    missing: str = ""
    weight_from: str = ""
    levels: tuple[str, ...] = ()


class ReportedPieces:
    """One metric's columns over all reports of :class:`Columns`; read a row only after :meth:`work_out`.

    ``denominator`` NaN = none (a count); ``own`` the value of a rate without weight; ``kind``, ``batches`` and
    ``weight_batches`` are numbers of ``kinds`` and of the columns' ``batch_sets``; ``levels`` by title.
    """

    def __init__(self, metric: MetricDefinition, columns: Columns) -> None:
        size = len(columns.reports)
        self._metric = metric
        self._columns = columns
        self.state = np.full(size, _UNKNOWN, dtype=np.int8)
        self.numerator = np.zeros(size)
        self.denominator = np.full(size, np.nan)
        self.own = np.full(size, np.nan)
        self.provisional = np.zeros(size, dtype=np.bool_)
        self.kind = np.zeros(size, dtype=np.int64)
        self.batches = np.zeros(size, dtype=np.int64)
        self.weight_batches = np.zeros(size, dtype=np.int64)
        self.levels: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = {}
        self.kinds: list[Kind] = []
        self._kind_numbers: dict[Kind, int] = {}

    def work_out(self, rows: Ints) -> None:
        """Apply the rules to those of ``rows`` that were not asked for yet."""
        missing = rows[self.state[rows] == _UNKNOWN]
        twins = self._columns.twins
        for row in missing.tolist():
            same = twins.get(row)
            if same is None:
                self._file(row, self._parts(row))
            elif self.state[row] == _UNKNOWN:
                self._file_together(same)

    def number(self, kind: Kind) -> int:
        """The kind's number."""
        number = self._kind_numbers.get(kind)
        if number is None:
            number = self._kind_numbers[kind] = len(self.kinds)
            self.kinds.append(kind)
        return number

    def _parts(self, row: int) -> Parts | None:
        report = self._columns.reports[row]
        rules = self._metric.rules_of(report.source, self._columns.facts.shops[report.shop].platform)
        return apply(rules, report.measures, self._columns.siblings(row)) if rules else None

    def _file_together(self, rows: Sequence[int]) -> None:
        """Accounts of one person in one report and span."""
        given = [(row, parts) for row in rows if (parts := self._parts(row)) is not None]
        for row in rows:
            self.state[row] = SILENT
        alone = all(parts.state is State.NO_TOP for _, parts in given)
        for (row, _), parts in zip(given, together([parts for _, parts in given]), strict=False):
            self._file(row, parts, alone=alone)

    def _file(self, row: int, parts: Parts | None, *, alone: bool = True) -> None:
        if parts is None:
            self.state[row] = SILENT
            return
        state = _NUMBER_OF[parts.state]
        self.state[row] = ONLY_BOTTOM if state == NO_TOP and alone else state
        source = self._columns.reports[row].source
        levels = tuple(parts.levels)
        self.kind[row] = self.number(Kind(source, parts.label, parts.missing, parts.weight_from, levels))
        self.provisional[row] = parts.provisional
        self.batches[row] = self._columns.batch_sets.of(parts.batches)
        if parts.own is not None:
            self.own[row] = parts.own
        if state not in (WHOLE, CONTRADICTORY):
            return
        self.numerator[row] = parts.numerator
        if parts.denominator is not None:
            self.denominator[row] = parts.denominator
        if parts.weight_batches:
            self.weight_batches[row] = self._columns.batch_sets.of(parts.weight_batches)
        for title, count in parts.levels.items():
            if title not in self.levels:
                self.levels[title] = np.zeros(len(self.state))
            self.levels[title][row] = count


def together(several: Sequence[Parts]) -> list[Parts]:
    """Two accounts of one person in one report and span: the whole ones add up to one piece, which comes first."""
    whole = [parts for parts in several if parts.state is State.WHOLE]
    rest = [parts for parts in several if parts.state is not State.WHOLE]
    if len(whole) < 2:
        return [*whole, *rest]
    total = whole[0]
    for parts in whole[1:]:
        bottom = None if total.denominator is None else total.denominator + (parts.denominator or 0.0)
        levels = {name: total.levels.get(name, 0.0) + parts.levels.get(name, 0.0) for name in total.levels}
        total = replace(
            total, numerator=total.numerator + parts.numerator, denominator=bottom, levels=levels, own=None,
            provisional=total.provisional or parts.provisional, batches=joined(total.batches, parts.batches),
        )  # fmt: skip
    return [total, *rest]
