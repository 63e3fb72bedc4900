"""Sums over session rows, and what a session rule reads from them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cache

from csdesk.metrics.declaration import SESSIONS, SessionRule, source_title
from csdesk.metrics.quantities import quantity
from csdesk.metrics.rules import Parts, State
from csdesk.store.sessions import SUM_NAMES

Lane = tuple[int, int]
Vector = Sequence[float]
"""Sums in the order of SUM_NAMES."""

_INDEX = {name: index for index, name in enumerate(SUM_NAMES)}


class SessionSums:
    """Vectors by lane, added up when asked for. Exact summation: the order of rows never shows in the result."""

    def __init__(self) -> None:
        self._vectors: dict[Lane, list[Vector]] = {}
        self._totals: dict[tuple[Lane, ...], Vector] = {}
        self.categories: dict[Lane, dict[str, float]] = {}

    def add(self, lane: Lane, vector: Vector) -> None:
        """Take one more vector."""
        self._vectors.setdefault(lane, []).append(vector)

    def add_category(self, lane: Lane, category: str, sessions: float) -> None:
        """Take one more count of sessions of a category ("" = none)."""
        counts = self.categories.setdefault(lane, {})
        counts[category] = counts.get(category, 0.0) + sessions

    def of(self, lanes: tuple[Lane, ...]) -> Vector:
        """The sums of all these lanes; zeros where they have no session."""
        if lanes not in self._totals:
            vectors = [vector for lane in lanes for vector in self._vectors.get(lane, ())]
            self._totals[lanes] = vectors[0] if len(vectors) == 1 else _added(vectors)
        return self._totals[lanes]

    def lanes(self) -> Iterable[Lane]:
        """Lanes with at least one session."""
        return self._vectors.keys()


def session_parts(rule: SessionRule, sums: SessionSums, lanes: tuple[Lane, ...], platform: str = "") -> Parts:
    """Numerator, denominator and levels of a metric out of the lanes' session rows."""
    label = rule.label or source_title(SESSIONS)
    if rule.by_category:
        counts: dict[str, float] = {"": 0.0}
        for lane in lanes:
            for category, number in sums.categories.get(lane, {}).items():
                counts[category] = counts.get(category, 0.0) + number
        total = sum(counts.values()) - counts[""]
        return Parts(State.WHOLE, label, total, total, levels=counts)
    vector = sums.of(lanes)
    top = next((text for name, text in rule.tops.items() if name == platform), rule.top)
    return Parts(
        State.WHOLE,
        label,
        _total(top, vector),
        _total(rule.bottom, vector) if rule.bottom else None,
        levels={title: _total(text, vector) for title, text in rule.levels},
    )


@cache
def _terms(text: str) -> tuple[tuple[float, int], ...]:
    (term,) = quantity(text)
    return tuple((coefficient, _INDEX[name]) for coefficient, name in term.items)


def _total(text: str, vector: Vector) -> float:
    return math.fsum(coefficient * vector[index] for coefficient, index in _terms(text))


def _added(vectors: Sequence[Vector]) -> Vector:
    return [math.fsum(column) for column in zip(*vectors, strict=True)] if vectors else [0.0] * len(SUM_NAMES)
