"""Reports and session rows of a selection, turned into what they say about each metric."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from csdesk.metrics.coverage import span_mask
from csdesk.metrics.declaration import SESSIONS, MetricDefinition, SessionRule
from csdesk.metrics.facts import Facts, Report
from csdesk.metrics.quantities import Measures, joined
from csdesk.metrics.rules import Parts, State, apply

Lane = tuple[int, int]
"""(shop, agent), agent 0 for the shop as a whole."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one source says about one metric for one lane and span; ``mask`` are its days as bits."""

    source: str
    first: int
    last: int
    mask: int
    parts: Parts


@dataclass(slots=True)
class LanePieces:
    """The pieces of one lane by source: ``whole`` can be summed, ``unweighted`` only shown, ``rest`` neither."""

    whole: dict[str, list[Piece]]
    unweighted: dict[str, list[Piece]]
    rest: list[Piece]

    def add(self, piece: Piece) -> None:
        """File a piece under its state."""
        state = piece.parts.state
        if state is State.WHOLE:
            self.whole.setdefault(piece.source, []).append(piece)
        elif state is State.UNWEIGHTED:
            self.unweighted.setdefault(piece.source, []).append(piece)
        else:
            self.rest.append(piece)

    def all(self) -> Iterator[Piece]:
        """Every piece."""
        for by_source in (self.whole, self.unweighted):
            for several in by_source.values():
                yield from several
        yield from self.rest


class Pieces:
    """All facts of a selection by metric; each metric is worked out once, on demand."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.base = _first_day(facts)
        self._siblings = _siblings(facts.reports)
        self._by_metric: dict[str, tuple[dict[Lane, LanePieces], frozenset[str]]] = {}
        self._covered: dict[tuple[tuple[str, ...], ...], dict[Lane, int]] = {}
        self.touched: dict[Lane, dict[str, int]] = defaultdict(dict)
        """Days (bits) for which a source says anything at all, by lane and source."""
        for report in facts.reports:
            days = span_mask(report.first, report.last, self.base)
            lane = self.touched[report.shop, report.agent]
            lane[report.source] = lane.get(report.source, 0) | days
        for lane_, days in self.covered(((),)).items():
            self.touched[lane_][SESSIONS] = days
        self.session_files: dict[int, dict[int, int]] = defaultdict(dict)
        """Days (bits) that session files speak for, by shop and batch."""
        for cover in facts.covered:
            files = self.session_files[cover.shop]
            files[cover.batch] = files.get(cover.batch, 0) | span_mask(cover.first, cover.last, self.base)

    def mask(self, first: int, last: int) -> int:
        """Days as bits; days before the first fact are cut off."""
        first = max(first, self.base)
        return span_mask(first, last, self.base) if last >= first else 0

    def of(self, metric: MetricDefinition) -> dict[Lane, LanePieces]:
        """Pieces of the reports by lane."""
        return self._worked_out(metric)[0]

    def providers(self, metric: MetricDefinition) -> frozenset[str]:
        """Sources that give the metric anywhere in the selection."""
        return self._worked_out(metric)[1]

    def covered(self, needs: tuple[tuple[str, ...], ...]) -> dict[Lane, int]:
        """Days that session files with one of the column sets in ``needs`` speak for, by lane."""
        if needs not in self._covered:
            days: dict[Lane, int] = {}
            for cover in self.facts.covered:
                if any(cover.fields.issuperset(columns) for columns in needs):
                    lane = (cover.shop, cover.agent)
                    days[lane] = days.get(lane, 0) | span_mask(cover.first, cover.last, self.base)
            self._covered[needs] = days
        return self._covered[needs]

    def session_days(self, rule: SessionRule | None) -> dict[Lane, int]:
        """Days for which session rows give the metric, by lane."""
        return {} if rule is None else self.covered(rule.needs)

    def _worked_out(self, metric: MetricDefinition) -> tuple[dict[Lane, LanePieces], frozenset[str]]:
        if metric.id not in self._by_metric:
            self._by_metric[metric.id] = self._work_out(metric)
        return self._by_metric[metric.id]

    def _work_out(self, metric: MetricDefinition) -> tuple[dict[Lane, LanePieces], frozenset[str]]:
        found: dict[tuple[int, int, str, int, int], list[Parts]] = {}
        for report in self.facts.reports:
            platform = self.facts.shops[report.shop].platform
            rules = metric.rules_of(report.source, platform)
            if not rules:
                continue
            parts = apply(rules, report.measures, self._others(report))
            if parts is not None:
                key = (report.shop, report.agent, report.source, report.first, report.last)
                found.setdefault(key, []).append(parts)
        providers = {
            key[2] for key, several in found.items() for parts in several
            if parts.state not in (State.PARTIAL, State.NO_TOP)
        }  # fmt: skip
        lanes: dict[Lane, LanePieces] = {}
        for (shop, agent, source, first, last), several in found.items():
            if source not in providers and all(parts.state is State.NO_TOP for parts in several):
                continue
            mask = span_mask(first, last, self.base)
            pieces = lanes.setdefault((shop, agent), LanePieces({}, {}, []))
            for parts in together(several):
                pieces.add(Piece(source, first, last, mask, parts))
        if any(self.session_days(metric.sessions).values()):
            providers.add(SESSIONS)
        return lanes, frozenset(providers)

    def _others(self, report: Report) -> Sequence[tuple[str, Measures]]:
        same = self._siblings.get((report.shop, report.account, report.first, report.last))
        return () if same is None else [(source, given) for source, given in same if source != report.source]


def together(several: Sequence[Parts]) -> list[Parts]:
    """Two accounts of one person in one report and span: the whole ones add up to one piece."""
    if len(several) == 1:
        return list(several)
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


def _first_day(facts: Facts) -> int:
    days = [report.first for report in facts.reports] + [cover.first for cover in facts.covered]
    return min(days, default=0)


def _siblings(reports: Iterable[Report]) -> dict[tuple[int, int, int, int], list[tuple[str, Measures]]]:
    """Reports of the same shop, account and span from several sources; single ones are left away."""
    spans: dict[tuple[int, int, int, int], list[tuple[str, Measures]]] = {}
    for report in reports:
        spans.setdefault((report.shop, report.account, report.first, report.last), []).append(
            (report.source, report.measures)
        )
    return {key: sorted(same, key=lambda one: one[0]) for key, same in spans.items() if len(same) > 1}
