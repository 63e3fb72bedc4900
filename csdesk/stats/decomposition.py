"""Why did a rate change? Kitagawa's decomposition into a mix effect and a rate effect.

Kitagawa 1955, with mid-point weights: for group i with share wᵢ and rate rᵢ,

    mixᵢ  = (w′ᵢ − wᵢ) · ((r′ᵢ + rᵢ) / 2 − R̄)        rateᵢ = (r′ᵢ − rᵢ) · (w′ᵢ + wᵢ) / 2

where R̄ is the mean of both overall rates. Subtracting R̄ changes no sum, since the shares' changes add up to zero; it
makes a part say what it means: more work in a group that does worse than all pulls the rate down.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

Counts = tuple[float, float]
"""Numerator and denominator of a group's rate."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one group did to the rate, in the rate's own unit. ``pooled``: how many small groups it stands for."""

    key: str
    mix: float
    rate: float
    pooled: int = 1


@dataclass(frozen=True, slots=True)
class Decomposition:
    """``difference`` = now − before = ``mix`` + ``rate``; the parts add up to both, largest effect first."""

    difference: float
    mix: float
    rate: float
    parts: tuple[Part, ...]


def kitagawa(
    now: Mapping[str, Counts], before: Mapping[str, Counts], *, small: float = 0, rest: str = "其他"
) -> Decomposition | None:
    """Decompose the change of Σk/Σn from ``before`` to ``now`` by group; None where either side has no trials.

    A group that is absent on one side is all mix. Groups with fewer than ``small`` trials on both sides together
    are pooled under ``rest`` when there are at least two of them.
    """
    now, before, pooled = _pool(now, before, small, rest)
    n1, n0 = math.fsum(n for _k, n in now.values()), math.fsum(n for _k, n in before.values())
    if not n1 > 0 or not n0 > 0:
        return None
    overall1 = math.fsum(k for k, _n in now.values()) / n1
    overall0 = math.fsum(k for k, _n in before.values()) / n0
    middle = (overall1 + overall0) / 2
    parts = []
    for key in dict.fromkeys((*now, *before)):
        (k1, m1), (k0, m0) = now.get(key, (0.0, 0.0)), before.get(key, (0.0, 0.0))
        if not m1 > 0 and not m0 > 0:
            continue
        rate1 = k1 / m1 if m1 > 0 else k0 / m0
        rate0 = k0 / m0 if m0 > 0 else k1 / m1
        share1, share0 = m1 / n1, m0 / n0
        parts.append(
            Part(
                key,
                (share1 - share0) * ((rate1 + rate0) / 2 - middle),
                (rate1 - rate0) * (share1 + share0) / 2,
                pooled if key == rest else 1,
            )
        )
    parts.sort(key=lambda part: -abs(part.mix + part.rate))
    mix, rate = math.fsum(part.mix for part in parts), math.fsum(part.rate for part in parts)
    return Decomposition(mix + rate, mix, rate, tuple(parts))


def _pool(
    now: Mapping[str, Counts], before: Mapping[str, Counts], small: float, rest: str
) -> tuple[Mapping[str, Counts], Mapping[str, Counts], int]:
    sizes = {key: now.get(key, (0, 0))[1] + before.get(key, (0, 0))[1] for key in (*now, *before)}
    few = {key for key, size in sizes.items() if size < small or key == rest}
    if len(few) < 2:
        return now, before, 1
    return _merged(now, few, rest), _merged(before, few, rest), len(few)


def _merged(groups: Mapping[str, Counts], few: set[str], rest: str) -> dict[str, Counts]:
    kept = {key: counts for key, counts in groups.items() if key not in few}
    pooled = [counts for key, counts in groups.items() if key in few]
    if pooled:
        kept[rest] = (math.fsum(k for k, _n in pooled), math.fsum(n for _k, n in pooled))
    return kept
