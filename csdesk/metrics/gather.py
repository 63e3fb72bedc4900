"""What counts for one metric in every row of a question: session rows, else reports, nothing twice.

Per agent: session rows, else agent reports. A shop as a whole: session rows, else shop-level rows, else the
sum of its agents. All of it day by day, as :mod:`csdesk.metrics.coverage` says. One pass over columns serves all
rows of the question.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from csdesk.metrics.choice import Choice, Spans, choose_all
from csdesk.metrics.columns import Numbered
from csdesk.metrics.days import Bools, Ints, as_bits, before, ints, marked, within
from csdesk.metrics.declaration import MetricDefinition, SessionRule, source_title
from csdesk.metrics.grouping import Division
from csdesk.metrics.pieces import (
    CONTRADICTORY,
    DELAYED,
    NO_TOP,
    ONLY_BOTTOM,
    PARTIAL,
    UNWEIGHTED,
    WHOLE,
    ReportedPieces,
)
from csdesk.metrics.session_side import SessionSide
from csdesk.metrics.view import Needs, View

_BY_SESSIONS = "这些天以会话明细为准"
_BY_SHOP = "这些天以全店数据为准"
_BY_OWN = "与已采用的同一来源报表重叠"
_BY_SUMS = "这些天已采用能汇总的报表"
_SPILLS = "管的天数超出这里的范围，拆不开"
_BY_MACHINES = "机器人接待的不算，只算人工"
_LATE = "延迟统计，数值还没出"


_NONE = ints([])


@dataclass(slots=True)
class Gathered:
    """Everything found for one metric, for all rows of a question.

    ``rows`` are the positions (in the question) of the reports that count; ``alone`` of the rates without weight
    where nothing else counts. By row, as bits: ``covered`` days of these reports, ``provisional`` and ``delayed``
    days, and ``omitted`` days by (source, reason).
    """

    pieces: ReportedPieces
    rows: Ints
    covered: list[int]
    alone: Ints
    provisional: list[int]
    delayed: list[int]
    omitted: list[dict[tuple[str, str], int]]


@dataclass(slots=True)
class _Omissions:
    """Reports that do not count, by row and reason, until they are put together."""

    reasons: Numbered[str] = field(default_factory=Numbered)
    rows: list[Ints] = field(default_factory=list)
    groups: list[Ints] = field(default_factory=list)
    why: list[Ints] = field(default_factory=list)

    def add(self, rows: Ints, groups: Ints, reason: str) -> None:
        """Name one reason for all of them."""
        if len(rows):
            self.rows.append(rows)
            self.groups.append(groups)
            self.why.append(np.full(len(rows), self.reasons.of(reason), dtype=np.int64))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The reports that can be summed and count, the days they use, and what gives way to what."""

    rows: Ints
    covered: list[int]
    taken: Bools
    """By lane and day: spoken for by sessions, by the shop as a whole or by these reports."""
    left: list[tuple[Ints, str]]


class Question:
    """The reports of a view as one division sees them."""

    def __init__(self, view: View, division: Division) -> None:
        self.view = view
        self.division = division
        self.sessions = SessionSide(view, division)
        columns = view.columns
        used = np.zeros(len(view.rows), dtype=np.bool_)
        if division.slices is None:
            used = columns.is_agent[view.lane] | division.totals
        self.at = np.flatnonzero(used)
        """Positions among the view's reports."""
        self.reports = view.rows[self.at]
        self.lane, self.source = view.lane[self.at], view.source[self.at]
        self.first, self.last = view.first[self.at], view.last[self.at]
        self.fits, self.group = self._placed()
        sources = len(columns.sources)
        apart = sources if division.of_source is not None else 1
        self._lanes = len(columns.lanes) * apart
        kept = self.source if apart > 1 else 0
        self.own_lane = self.lane * apart + kept
        """The lane whose days a report uses: its own; where sources are rows, one for each source."""
        self.shop_lane = columns.whole_shop[columns.shop_of_lane[self.lane]] * apart + kept
        self.is_agent = columns.is_agent[self.lane]
        self._choices: dict[tuple[bytes, tuple[Needs, bool] | None], _Chosen] = {}

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.division.rows)

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Lanes and days."""
        return self._lanes, self.view.size

    @cached_property
    def _machines(self) -> Bools | None:
        """By report: whether it is about a robot; None where none is."""
        machines = self.view.machines[self.lane]
        return machines if machines.any() else None

    @cached_property
    def spans(self) -> Spans:
        """The reports that fit, for choosing."""
        keys = self.own_lane * max(self.height, 1) + np.maximum(self.group, 0)
        known, bucket = np.unique(keys, return_inverse=True)
        return Spans(
            self.own_lane, bucket.astype(np.int64), self.source, self.first, self.last, self.shape, len(known),
            len(self.view.columns.sources),
        )  # fmt: skip

    @cached_property
    def spilled(self) -> tuple[Ints, Ints]:
        """(report, row) for every row a report touches without fitting into it."""
        outside = np.flatnonzero(~self.fits)
        division = self.division
        if division.of_day is None:
            rows = self._rows_of(outside)
            return outside[rows >= 0], rows[rows >= 0]
        start, end = self.view.span
        low, high = np.maximum(self.first[outside], start), np.minimum(self.last[outside], end)
        times = high - low + 1
        steps = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
        height = max(self.height, 1)
        rows = division.of_day[np.repeat(low, times) + steps]
        there = rows >= 0  # days nobody of the selection's groups speaks of are in no row
        touched = np.unique((np.repeat(outside, times) * height + rows)[there])
        return touched // height, touched % height

    def gather(self, metric: MetricDefinition, providers: frozenset[str]) -> Gathered:
        """Choose what counts for the metric and collect the rest with reasons."""
        pieces = self.view.columns.pieces(metric)
        if not len(self.reports):
            none = [0] * self.height
            return Gathered(pieces, _NONE, none, _NONE, none, none, [{} for _ in none])
        state = pieces.state[self.reports]
        idle = np.array([source not in providers for source in self.view.columns.sources], dtype=np.bool_)
        if idle.any():
            state = np.where((state == ONLY_BOTTOM) & idle[self.source], -1, state)
        rule = metric.sessions
        machines = self._machines if rule is not None and rule.people else None
        if machines is not None:
            told = machines & ((state == WHOLE) | (state == UNWEIGHTED)) & self.fits
            state = np.where(machines, -1, state)
        if rule is not None and not self.view.gives(rule):
            rule = None
        whole = state == WHOLE
        chosen = self._choice(whole, rule)
        omissions = _Omissions()
        if machines is not None:
            omissions.add(np.flatnonzero(told), self.group[told], _BY_MACHINES)
        for rows, reason in chosen.left:
            omissions.add(rows, self.group[rows], reason)
        speaking = state >= 0
        delayed = [0] * self.height
        alone = ints([])
        if (speaking & ~whole).any():
            alone = self._unweighted(np.flatnonzero(self.fits & (state == UNWEIGHTED)), chosen, rule, omissions)
            delayed = self._rest(state, chosen.taken, pieces, omissions)
        self._spills((state == WHOLE) | (state == UNWEIGHTED), omissions)
        if len(alone):
            alone = self._beside(alone, chosen, metric, pieces, omissions)
        return Gathered(
            pieces, chosen.rows, chosen.covered, alone, self._provisional(chosen.rows, pieces), delayed,
            self._omitted(omissions),
        )  # fmt: skip

    def session_blocked(self, rule: SessionRule | None) -> Bools | None:
        """By lane and day: where session rows count instead of reports; of a shop, where any of its agents'."""
        if rule is None or self.division.of_source is not None:
            return None
        columns = self.view.columns
        days = self.view.covered(rule.needs) & self.view.held_by(rule)[:, None]
        if not days.any():
            return None
        for number, lane in enumerate(columns.whole_shop.tolist()):
            days[lane] = days[columns.shop_of_lane == number].any(axis=0)
        return days

    def day_bits(self, rows: Ints) -> list[int]:
        """By row: the days of reports that fit, as bits."""
        if not len(rows):
            return [0] * self.height
        if self.division.of_day is None:
            return as_bits(marked(self.group[rows], self.first[rows], self.last[rows], (self.height, self.view.size)))
        zero = np.zeros(len(rows), dtype=np.int64)
        (days,) = as_bits(marked(zero, self.first[rows], self.last[rows], (1, self.view.size)))
        return self._cut(days)

    def _cut(self, days: int) -> list[int]:
        return [days & row.window for row in self.division.rows]

    def _placed(self) -> tuple[Bools, Ints]:
        """Whether each report lies inside one row, and which."""
        start, end = self.view.span
        inside = (self.first >= start) & (self.last <= end)
        if self.division.of_day is None:
            rows = self._rows_of(np.arange(len(self.first)))
        elif not len(self.first):
            rows = ints([])
        else:
            of_day = self.division.of_day
            rows = of_day[np.clip(self.first, start, end)]
            changes = np.cumsum(np.append(False, of_day[1:] != of_day[:-1]))
            inside &= changes[np.clip(self.first, start, end)] == changes[np.clip(self.last, start, end)]
        return inside & (rows >= 0) & ~self.view.columns.split[self.reports], rows

    def _rows_of(self, at: Ints) -> Ints:
        division = self.division
        if division.of_source is not None:
            return division.of_source[self.source[at]]
        return np.full(len(at), -1, dtype=np.int64) if division.of_lane is None else division.of_lane[self.lane[at]]

    def _choice(self, whole: Bools, rule: SessionRule | None) -> _Chosen:
        """Metrics that are whole in the same reports share one choice."""
        key = (whole.tobytes(), None if rule is None else (rule.needs, rule.people))
        if key not in self._choices:
            self._choices[key] = self._choose(np.flatnonzero(whole & self.fits), rule)
        return self._choices[key]

    def _choose(self, rows: Ints, rule: SessionRule | None) -> _Chosen:
        taken = np.zeros(self.shape, dtype=np.bool_)
        left: list[tuple[Ints, str]] = []
        sessions = self.session_blocked(rule)
        if sessions is not None:
            taken |= sessions
            rows = self._without(rows, sessions, self.own_lane, _BY_SESSIONS, left)
        of_agents = self.is_agent[rows]
        shop = self._chosen_of(rows[~of_agents], left)
        rows = rows[of_agents]
        if shop.used.any():
            rows = self._without(rows, shop.used, self.shop_lane, _BY_SHOP, left)
            taken |= self._spread(shop.used)
        agents = self._chosen_of(rows, left)
        chosen = np.sort(np.concatenate((shop.chosen, agents.chosen)))
        return _Chosen(chosen, self.day_bits(chosen), taken | agents.used, left)

    def _chosen_of(self, rows: Ints, left: list[tuple[Ints, str]]) -> Choice:
        choice = choose_all(self.spans, rows)
        for gone, preferred in choice.left:
            for source in np.unique(preferred).tolist():
                title = source_title(self.view.columns.sources[source])
                left.append((gone[preferred == source], _BY_OWN if source < 0 else f"这些天已采用{title}"))
        return choice

    def _spread(self, shop_days: Bools) -> Bools:
        """The days of shops as a whole, for their agents too."""
        columns = self.view.columns
        apart = self._lanes // max(len(columns.lanes), 1)
        lanes = columns.whole_shop[columns.shop_of_lane]
        return np.asarray(shop_days[(lanes[:, None] * apart + np.arange(apart)).ravel()])

    def _without(self, rows: Ints, days: Bools, lanes: Ints, reason: str, left: list[tuple[Ints, str]]) -> Ints:
        if not len(rows):
            return rows
        blocked = within(before(days), lanes[rows], self.first[rows], self.last[rows]) > 0
        if blocked.any():
            left.append((rows[blocked], reason))
            rows = rows[~blocked]
        return rows

    def _unweighted(self, rows: Ints, chosen: _Chosen, rule: SessionRule | None, omissions: _Omissions) -> Ints:
        """Rates without a weight that no better report stands in front of."""
        if not len(rows):
            return rows
        left: list[tuple[Ints, str]] = []
        sessions = self.session_blocked(rule)
        if sessions is not None:
            rows = self._without(rows, sessions, self.own_lane, _BY_SESSIONS, left)
        counted = chosen.rows[~self.is_agent[chosen.rows]]
        shop = marked(self.own_lane[counted], self.first[counted], self.last[counted], self.shape)
        agents = rows[self.is_agent[rows]]
        whole = rows[~self.is_agent[rows]]
        agents = self._without(agents, shop, self.shop_lane, _BY_SHOP, left)
        rows = np.sort(np.concatenate((agents, whole)))
        rows = self._without(rows, chosen.taken, self.own_lane, _BY_SUMS, left)
        choice = self._chosen_of(rows, left)
        for gone, reason in left:
            omissions.add(gone, self.group[gone], reason)
        return choice.chosen

    def _rest(self, state: NDArray[np.int8], taken: Bools, pieces: ReportedPieces, omissions: _Omissions) -> list[int]:
        """延迟统计 and half cells: named where their days are not taken; returns the days that are late, by row."""
        fitting = np.flatnonzero(self.fits & (state >= DELAYED))
        lengths = self.last[fitting] - self.first[fitting] + 1
        free = within(before(taken), self.own_lane[fitting], self.first[fitting], self.last[fitting]) < lengths
        fitting = fitting[free]
        spilled, rows = self.spilled
        mine = state[spilled] >= DELAYED
        spilled, rows = spilled[mine], rows[mine]
        for at, groups in ((fitting, self.group[fitting]), (spilled, rows)):
            late = state[at] == DELAYED
            omissions.add(at[late], groups[late], _LATE)
            half = np.isin(state[at], (PARTIAL, NO_TOP, ONLY_BOTTOM))
            kinds = pieces.kind[self.reports[at]]
            for kind in np.unique(kinds[half]).tolist():
                named = half & (kinds == kind)
                omissions.add(at[named], groups[named], f"缺少{pieces.kinds[kind].missing}")
            at_odds = state[at] == CONTRADICTORY
            for kind in np.unique(kinds[at_odds]).tolist():
                named = at_odds & (kinds == kind)
                omissions.add(at[named], groups[named], pieces.kinds[kind].missing)
        late_rows = fitting[state[fitting] == DELAYED]
        if not len(late_rows):
            return [0] * self.height
        days = marked(self.own_lane[late_rows], self.first[late_rows], self.last[late_rows], self.shape) & ~taken
        if self.division.of_day is not None:
            return self._cut(as_bits(np.asarray(days.any(axis=0, keepdims=True)))[0])
        found = [0] * self.height
        by_lane = as_bits(days)
        pairs = set(zip(self.own_lane[late_rows].tolist(), self.group[late_rows].tolist(), strict=True))
        for lane, row in pairs:
            found[row] |= by_lane[lane]
        return found

    def _spills(self, state: Bools, omissions: _Omissions) -> None:
        spilled, rows = self.spilled
        mine = state[spilled]
        omissions.add(spilled[mine], rows[mine], _SPILLS)

    def _beside(
        self, alone: Ints, chosen: _Chosen, metric: MetricDefinition, pieces: ReportedPieces, omissions: _Omissions
    ) -> Ints:
        """Rates without a weight give way where anything can be summed."""
        summed = np.zeros(self.height, dtype=np.bool_)
        summed[self.group[chosen.rows]] = True
        part = self.sessions.part(metric.sessions)
        if part is not None:
            summed[part.row] = True
        gone = alone[summed[self.group[alone]]]
        kinds = pieces.kind[self.reports[gone]]
        for kind in np.unique(kinds).tolist():
            named = gone[kinds == kind]
            omissions.add(named, self.group[named], f"只有比率，没有{pieces.kinds[kind].missing}，不可汇总")
        return alone[~summed[self.group[alone]]]

    def _provisional(self, rows: Ints, pieces: ReportedPieces) -> list[int]:
        """Days that may still change. Somebody who did nothing (0 of 0) leaves no day open for the others."""
        reports = self.reports[rows]
        open_ = pieces.provisional[reports]
        if not open_.any():
            return [0] * self.height
        bottom = pieces.denominator[reports]
        idle = (pieces.numerator[reports] == 0) & ((bottom == 0) | np.isnan(bottom)) & self.is_agent[rows]
        return self.day_bits(rows[open_ & ~idle])

    def _omitted(self, omissions: _Omissions) -> list[dict[tuple[str, str], int]]:
        found: list[dict[tuple[str, str], int]] = [{} for _ in range(self.height)]
        if not omissions.rows:
            return found
        rows, groups, why = (np.concatenate(one) for one in (omissions.rows, omissions.groups, omissions.why))
        sources, reasons = self.view.columns.sources, omissions.reasons.things
        keys = (groups * len(sources) + self.source[rows]) * len(reasons) + why
        known, place = np.unique(keys, return_inverse=True)
        days = as_bits(marked(place.astype(np.int64), self.first[rows], self.last[rows], (len(known), self.view.size)))
        for key, bits in zip(known.tolist(), days, strict=True):
            rest, reason = divmod(key, len(reasons))
            group, source = divmod(rest, len(sources))
            found[group][sources[source], reasons[reason]] = bits
        return found
