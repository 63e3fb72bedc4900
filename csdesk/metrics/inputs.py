"""What each metric is made of, read off its declaration: columns of session rows, measures of reports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from csdesk.domain.platforms import Platform
from csdesk.metrics.declaration import MetricDefinition, SessionRule
from csdesk.metrics.definitions import DERIVED, METRICS
from csdesk.metrics.quantities import measures_of, quantity
from csdesk.metrics.rules import Count, Levels, Ratio, Rule, Weighted
from csdesk.metrics.sum_names import ALL_SUMS, ROW_SUMS
from csdesk.store.session_sums import FIELDS, SUMS

_WORD = re.compile(r"[a-z_]+")


@cache
def session_fields(metric_id: str) -> frozenset[str]:
    """Columns of session rows that go into the metric by the roll-ups; empty where these do not give it, or rows are
    only counted.
    """
    rule = METRICS[metric_id].sessions
    if rule is None:
        return frozenset()
    sums = frozenset().union(*(measures_of(quantity(text)) for text in _texts(rule)))
    if sums & ROW_SUMS.keys():
        return frozenset()
    words = {word for name in sums for word in _WORD.findall(SUMS[name])}
    needed = {name for names in rule.needs for name in names}
    return frozenset(FIELDS) & (words | needed)


def sums_of(metrics: Iterable[MetricDefinition]) -> tuple[str, ...]:
    """Sums of session rows that go into the metrics, in the order of ALL_SUMS; the number of rows is always one."""
    texts = {text for metric in metrics if metric.sessions is not None for text in _texts(metric.sessions)}
    needed = {"n"}.union(*(measures_of(quantity(text)) for text in texts))
    return tuple(name for name in ALL_SUMS if name in needed)


@cache
def _row_sums(texts: frozenset[str]) -> tuple[str, ...]:
    names = frozenset().union(*(measures_of(quantity(text)) for text in texts))
    return tuple(name for name in ROW_SUMS if name in names)


def row_sums_of(rule: SessionRule) -> tuple[str, ...]:
    """The sums a rule is made of that no roll-up has."""
    return _row_sums(_texts(rule))


def _texts(rule: SessionRule) -> frozenset[str]:
    texts = {rule.top, rule.bottom, *rule.tops.values(), *(text for _, text in rule.levels)}
    return frozenset(texts - {""})


@cache
def report_measures(metric_id: str, source: str, platform: Platform) -> frozenset[str]:
    """Measures of a source's reports that may go into the metric."""
    return _with_parts(name for rule in METRICS[metric_id].rules_of(source, platform) for name in _asked(rule))


@cache
def metrics_of_field(field: str) -> tuple[MetricDefinition, ...]:
    """Metrics a column of session rows goes into, in the order of the catalogue."""
    return tuple(metric for metric in METRICS.values() if field in session_fields(metric.id))


@cache
def metrics_of_measure(measure: str) -> tuple[MetricDefinition, ...]:
    """Metrics a measure may go into, from whatever source."""
    found = []
    for metric in METRICS.values():
        asked = _with_parts(name for rules in metric.rules.values() for rule in rules for name in _asked(rule))
        if measure in asked:
            found.append(metric)
    return tuple(found)


def _asked(rule: Rule) -> frozenset[str]:
    if isinstance(rule, Count):
        return measures_of(rule.of)
    if isinstance(rule, Ratio):
        return measures_of(rule.top) | measures_of(rule.bottom)
    if isinstance(rule, Weighted):
        return frozenset((rule.value,)).union(*(measures_of(weight) for weight in rule.weights))
    if isinstance(rule, Levels):
        return frozenset().union(*(measures_of(wanted) for _, wanted in rule.levels))
    return rule.reads()


def _with_parts(names: Iterable[str]) -> frozenset[str]:
    """The measures and those that derived ones among them are worked out from."""
    found = set(names)
    for name, wanted in reversed(DERIVED):
        if name in found:
            found |= measures_of(wanted)
    return frozenset(found)
