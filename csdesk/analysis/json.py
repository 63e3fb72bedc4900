"""The answer of ``csdesk-cli analyse``: a page as plain JSON values, under the keys promised to callers.

Keys may be added, none removed or renamed. Rates are fractions, durations seconds, money yuan as text
with two decimals, a distribution ``{level: share}``; values are unrounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from csdesk.analysis.frame import Change, Kpi, PageResult, Reasons
from csdesk.domain.money import yuan_text
from csdesk.metrics.json import value_json
from csdesk.metrics.model import Unit


def page_json(result: PageResult, filter_words: Mapping[str, Any]) -> dict[str, Any]:
    """The page for ``--json``. ``filter_words`` is the selection as the other commands print it."""
    return {
        "page": result.page,
        "title": result.title,
        "filter": dict(filter_words),
        "compare": str(result.compare),
        "grain": str(result.grain),
        "sentence": result.sentence,
        "summary": result.lead_text,
        "kpis": [_kpi(kpi) for kpi in result.kpis],
        "decompositions": [_reasons(one) for one in result.reasons],
        "attention": [
            {"kind": "provisional", "metric": None, "key": None, "day": day.isoformat(), "text": f"{day} 的数据未定"}
            for day in result.provisional_days
        ],
        "findings": [{"text": found.text, "evidence": found.evidence} for found in result.findings],
        "notes": list(result.notes),
        "charts": [chart.id for chart in result.charts],
        "empty": _empty(result),
    }


def _kpi(kpi: Kpi) -> dict[str, Any]:
    return {
        "metric": kpi.metric,
        "title": kpi.title,
        "text": kpi.text,
        **value_json(kpi.value),
        "status_text": kpi.status_text,
        "previous": value_json(kpi.previous)["value"] if kpi.previous is not None else None,
        "change": _change(kpi.change, kpi.value.unit),
    }


def _reasons(found: Reasons) -> dict[str, Any]:
    return {
        "metric": found.metric,
        "by": found.by,
        "difference": found.difference,
        "mix": found.mix,
        "rate": found.rate,
        "parts": [{"key": part.key, "mix": part.mix, "rate": part.rate, "pooled": part.pooled} for part in found.parts],
    }


def _change(change: Change | None, unit: Unit) -> dict[str, Any]:
    if change is None:
        return {"difference": None, "low": None, "high": None, "verdict": "no_data", "text": "", "note": ""}
    return {
        "difference": _amount(change.difference, unit),
        "low": _amount(change.low, unit),
        "high": _amount(change.high, unit),
        "verdict": change.verdict,
        "text": change.text,
        "note": change.note,
        "detail": change.detail,
    }


def _amount(number: float | None, unit: Unit) -> float | str | None:
    return yuan_text(number) if unit is Unit.YUAN and number is not None else number


def _empty(result: PageResult) -> dict[str, Any] | None:
    if result.empty is None:
        return None
    return {
        "title": result.empty.title,
        "text": result.empty.text,
        "exports": [{"name": hint.name, "where": hint.where, "note": hint.note} for hint in result.empty.exports],
    }
