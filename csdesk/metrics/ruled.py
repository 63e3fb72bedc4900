"""What a number's card says of the owner's rules about odd values: which rule, and how many rows it is about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from csdesk.metrics.days import Bools, Ints, from_bits, ints
from csdesk.metrics.declaration import SESSIONS, MetricDefinition
from csdesk.metrics.gather import Question
from csdesk.metrics.inputs import metrics_of_field, metrics_of_measure
from csdesk.metrics.model import LeftOut
from csdesk.store.outlier_rules import CAP, FUTURE, LONG, SESSION, ZERO, Rule

_FAULTS = {ZERO: "为 0 秒", LONG: "超过上限", FUTURE: "日期在将来"}


def touches(rule: Rule, metric: MetricDefinition) -> bool:
    """Whether a rule can change a metric."""
    subject = rule.subject
    if subject.kind == SESSION:
        if subject.fault == FUTURE:
            return metric.sessions is not None
        return metric in metrics_of_field(subject.field)
    return bool(metric.rules) if subject.fault == FUTURE else metric in metrics_of_measure(subject.field)


def said(rule: Rule, number: int) -> str:
    """``按规则：3 条超过上限的值按上限算``."""
    unit = "条" if rule.subject.kind == SESSION else "个报表数值"
    fault = _FAULTS.get(rule.subject.fault, "远离平常")
    return f"按您定的规则，{number:,} {unit}{fault}，{'按上限算' if rule.action == CAP else '不计入'}"


@dataclass(frozen=True, slots=True)
class Remarks:
    """By row: what was left out by a rule, and what was cut to a limit."""

    left_out: list[list[LeftOut]]
    notes: list[list[str]]


class RuledRows:
    """The rules at work in a question, counted row by row."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._rules = question.view.columns.facts.rules

    def remarks(self, metric: MetricDefinition, with_sessions: Bools, with_reports: Bools) -> Remarks | None:
        """For one metric; ``with_…``: rows to which session rows or reports contribute. None: no rule touches it."""
        places = [place for place, rule in enumerate(self._rules) if touches(rule, metric)]
        if not places:
            return None
        height = self._question.height
        result = Remarks([[] for _ in range(height)], [[] for _ in range(height)])
        for place in places:
            rule = self._rules[place]
            rows = with_sessions if rule.subject.kind == SESSION else with_reports
            for row in np.flatnonzero(rows & (self._counts[place] > 0)).tolist():
                text = said(rule, int(self._counts[place][row]))
                if rule.action == CAP:
                    result.notes[row].append(text)
                else:
                    source = SESSIONS if rule.subject.kind == SESSION else rule.subject.source
                    result.left_out[row].append(LeftOut(source, None, text))
        return result

    @cached_property
    def _counts(self) -> list[Ints]:
        """By rule and row: rows or cells it is about. For hours and categories: of all the selection."""
        view = self._question.view
        numbers = view.columns.lane_numbers
        known = [one for one in view.columns.facts.ruled if (one.shop, one.agent) in numbers]
        lane = ints([numbers[one.shop, one.agent] for one in known])
        first, last = ints([one.first for one in known]) - view.base, ints([one.last for one in known]) - view.base
        rule, number = ints([one.rule for one in known]), ints([one.number for one in known])
        inside = view.wanted[lane] & (first >= 0) & (last < view.size) if len(lane) else np.zeros(0, dtype=np.bool_)
        counts = []
        for place, each in enumerate(self._rules):
            mine = inside & (rule == place)
            source = SESSIONS if each.subject.kind == SESSION else each.subject.source
            counts.append(self._by_row(lane[mine], first[mine], last[mine], number[mine], source))
        return counts

    def _by_row(self, lane: Ints, first: Ints, last: Ints, number: Ints, source: str) -> Ints:
        view, division, height = self._question.view, self._question.division, self._question.height
        found = np.zeros(height, dtype=np.int64)
        for row in range(height):
            days = from_bits(division.rows[row].window, view.size)
            fits = np.asarray(days[first] & days[last]) if len(first) else np.zeros(0, dtype=np.bool_)
            if division.of_lane is not None and len(lane):
                fits = fits & (division.of_lane[lane] == row)
            if division.of_source is not None and source in view.columns.sources:
                fits = fits & (division.of_source[view.columns.sources.index(source)] == row)
            found[row] = number[fits].sum()
        return found
