"""The numbers of a page's trend as an answer: step by step at the page's grain, with what each rests on."""

from __future__ import annotations

from collections.abc import Sequence

from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer
from csdesk.charts.build import Step, number


def trend_answer(facts: Facts, metrics: Sequence[str]) -> Answer:
    """The answer ``trend``: of every step its days, the metrics with a value anywhere, and ``n``, their samples."""
    known = [metric for metric in metrics if any(y is not None for y in facts.trend.line(metric))]
    return Answer("trend", [_step(step, known) for step in facts.trend.steps] if known else [])


def _step(step: Step, metrics: Sequence[str]) -> dict[str, object]:
    values = {metric: step.values.get(metric) for metric in metrics}
    return {
        "first": step.first,
        "last": step.last,
        **{metric: number(value) for metric, value in values.items()},
        "n": {metric: None if value is None else value.n for metric, value in values.items()},
    }
