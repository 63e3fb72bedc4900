"""Surveys and complaints: what was asked afterwards, beside the ratings of the platforms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.cards import kpi_of
from csdesk.analysis.facts import Facts
from csdesk.analysis.satisfied.low_ratings import by_ticket
from csdesk.metrics.model import MetricValue
from csdesk.stats.change import Verdict
from csdesk.stats.intervals import wilson

if TYPE_CHECKING:
    from csdesk.metrics.rows.chosen import ChosenRows

NUMBERS = ("nps", "complaints", "complaint_rate", "complaints_per_1000_orders")
"""What the page asks the engine for, over both spans."""
_UNNAMED = "未注明来源"


def surveys(facts: Facts, rows: ChosenRows) -> Mapping[str, object]:
    """The answer ``surveys``: the net promoter score with its change, CSAT of all and by where answers came from."""
    return {"answers": rows.size, "nps": told(facts, "nps"), "csat": _csat(rows, None), "by_source": _by_source(rows)}


def complaints(facts: Facts, tickets: ChosenRows) -> Mapping[str, object]:
    """The answer ``complaints``: their number and rates with the changes, and the categories of tickets."""
    found: dict[str, object] = {metric: told(facts, metric) for metric in NUMBERS[1:]}
    return {**found, "categories": [one for one in by_ticket(tickets) if one.complaints]}


def told(facts: Facts, metric: str) -> Mapping[str, object] | None:
    """A number of both spans with the interval of its change; None where there is none."""
    value, before = facts.total.get(metric), facts.before.get(metric)
    if value is None or value.value is None:
        return None
    change = kpi_of(facts, metric).change
    moved = (change.difference, change.low, change.high) if change is not None else (None, None, None)
    return {
        **_plain(value), "previous": _plain(before) if before is not None and before.value is not None else None,
        "difference": moved[0], "difference_low": moved[1], "difference_high": moved[2],
        "verdict": change.verdict if change is not None else str(Verdict.NO_DATA),
    }  # fmt: skip


def _plain(value: MetricValue) -> Mapping[str, object]:
    return {
        "value": value.value, "numerator": value.numerator, "denominator": value.denominator, "n": value.n,
        "low": value.low, "high": value.high, "small": value.small, "variant": value.variant,
    }  # fmt: skip


def _csat(rows: ChosenRows, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]] | None) -> Mapping[str, object] | None:
    """How many said how satisfied they are, the mean, the share of 4–5 and the counts of 5…1; None for nobody."""
    answers = rows.number("csat")
    known = answers[np.isfinite(answers) & (True if chosen is None else chosen)]
    n = len(known)
    if not n:
        return None
    good = int((known >= 4).sum())
    interval = wilson(good, n)
    return {
        "n": n, "mean": float(known.mean()), "satisfied": good, "rate": good / n,
        "low": interval.low if interval else None, "high": interval.high if interval else None,
        "levels": {str(stars): int((known == stars).sum()) for stars in (5, 4, 3, 2, 1)},
    }  # fmt: skip


def _by_source(rows: ChosenRows) -> list[Mapping[str, object]]:
    codes = rows.codes("source")
    found: list[Mapping[str, object]] = []
    for code in np.unique(codes.code).tolist():
        csat = _csat(rows, codes.code == code)
        if csat is not None:
            found.append({"source": str(codes.texts[code]) if code >= 0 else _UNNAMED, **csat})
    return found
