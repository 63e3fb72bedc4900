"""The answer of ``csdesk-cli analyse``: a page as plain JSON values, under the keys promised to callers.

Keys may be added, none removed or renamed. Rates are fractions, durations seconds, money yuan as text
with two decimals, a distribution ``{level: share}``; values are unrounded.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from csdesk.analysis.frame import Attention, Change, Kpi, PageResult, Reasons
from csdesk.domain.money import yuan_text
from csdesk.metrics.json import value_json
from csdesk.metrics.model import Unit
from csdesk.metrics.targets import gap_json


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
        "attention": [_attention(one) for one in (*_open_days(result), *result.attention)],
        "findings": [{"text": found.text, "evidence": found.evidence} for found in result.findings],
        "notes": list(result.notes),
        "charts": [chart.id for chart in result.charts],
        "empty": _empty(result),
        **{answer.id: plain(answer.value) for answer in result.answers},
    }


def plain(value: object) -> Any:
    """Frozen dataclasses, mappings and sequences as JSON values: days as ISO text, ``…_fen`` as yuan under its stem."""
    if is_dataclass(value) and not isinstance(value, type):
        return plain({one.name: getattr(value, one.name) for one in fields(value)})
    if isinstance(value, Mapping):
        return dict(_entry(str(key), one) for key, one in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"not a plain value: {value!r}")


def _entry(key: str, value: object) -> tuple[str, Any]:
    if not key.endswith("_fen"):
        return key, plain(value)
    if isinstance(value, Sequence):
        return key[:-4], [None if one is None else yuan_text(one) for one in value]
    return key[:-4], yuan_text(value) if isinstance(value, int | float) else None


def _open_days(result: PageResult) -> tuple[Attention, ...]:
    return tuple(Attention("provisional", f"{day} 的数据未定", day=day) for day in result.provisional_days)


def _attention(one: Attention) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "metric": one.metric,
        "key": one.key,
        "day": one.day.isoformat() if one.day else None,
        "text": one.text,
    }


def _kpi(kpi: Kpi) -> dict[str, Any]:
    return {
        "metric": kpi.metric,
        "title": kpi.title,
        "text": kpi.text,
        **value_json(kpi.value),
        "status_text": kpi.status_text,
        "target": gap_json(kpi.target),
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
        "day_spread": change.spread,
        "certain": change.verdict in {"up", "down"} and change.certain,
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
