"""Places with their uncertainty: how far up and down chance alone could move everybody in a ranking.

A parametric bootstrap of the whole team at once: every rate is drawn anew from what is known of it (its counts and
what the team has in common, see :mod:`csdesk.stats.fairness`), the team is ranked in each draw, and the 2.5 % and
97.5 % quantiles of a person's ranks are his range. Drawing from the plain counts would call the luckiest the best too
often; shrinking first mends that (Louis 1984, Laird & Louis 1989).

The same counts in the same order give the same draws, always.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from csdesk.stats.fairness import fit_prior
from csdesk.stats.intervals import critical

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

DRAWS = 256
_LEVEL = 0.95
_LEAST = 1e-9
_SMALL_SHAPE = 3.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands; 1 = first.

    ``low``..``high`` is the range of ranks, ``place`` the place it comes down to: everybody whose range overlaps that
    of the group's best, or who is not apart from him for certain, shares the group's place; ``tied`` says that there is
    more than one of them. ``order`` is the position in a list (0 = first).
    """

    low: int
    high: int
    place: int
    tied: bool
    order: int


@lru_cache(maxsize=64)
def _noise(people: int, seed: int) -> tuple[Floats, Floats, Floats]:
    """Two normal numbers and a uniform one a draw and person, always the same."""
    random = np.random.default_rng(seed)
    shape = DRAWS, people
    return random.standard_normal(shape), random.standard_normal(shape), random.random(shape)


def drawn_rates(counts: Sequence[tuple[float, float]], seed: int = 1) -> Floats:
    """Draws × people: what the true rates of (k of n) may be; (DRAWS, 0) for nobody.

    Beta variables as shares of two gamma variables, these by the cube of a normal one (Wilson & Hilferty 1931).
    """
    prior = fit_prior(counts)
    if prior is None:
        return np.full((DRAWS, len(counts)), np.nan)
    k, n = (np.array(side, dtype=np.float64) for side in zip(*counts, strict=True))
    good, bad, uniform = _noise(len(k), seed)
    top = _gamma(np.maximum(prior.mean * prior.size + k, _LEAST), good, uniform)
    drawn: Floats = top / (top + _gamma(np.maximum((1 - prior.mean) * prior.size + n - k, _LEAST), bad, 1 - uniform))
    return drawn


def _gamma(shape: Floats, normal: Floats, uniform: Floats) -> Floats:
    """Gamma variables; of a small shape from those of the shape above it, G(a) = G(a + 1) · U^(1/a)."""
    small = shape < _SMALL_SHAPE
    a = shape + small
    root = np.maximum(1 - 1 / (9 * a) + normal / (3 * np.sqrt(a)), _LEAST)
    cubed: Floats = a * (root * root * root)
    if small.any():
        cubed[:, small] *= np.maximum(uniform[:, small], _LEAST) ** (1 / shape[small])
    return np.maximum(cubed, 1e-300)


def drawn_means(means: Sequence[float], n: Sequence[float], spread: float = 1.0, seed: int = 1) -> Floats:
    """Draws × people: what the true means of durations may be, from ``n`` observations each.

    ``spread`` is the coefficient of variation of a single observation; 1, that of waiting times, where only means are
    known. Worked on logarithms, shrunk to the common mean (normal prior by moments, DerSimonian & Laird 1986).
    """
    if not means:
        return np.full((DRAWS, 0), np.nan)
    middle = np.log(np.maximum(np.array(means, dtype=np.float64), _LEAST))
    variance = spread**2 / np.maximum(np.array(n, dtype=np.float64), _LEAST)
    weight = 1 / variance
    common = float((weight * middle).sum() / weight.sum())
    excess = float((weight * (middle - common) ** 2).sum()) - (len(middle) - 1)
    scale = float(weight.sum() - (weight**2).sum() / weight.sum())
    between = max(0.0, excess / scale) if scale > 0 else 0.0
    if between > 0:
        common = float((middle / (variance + between)).sum() / (1 / (variance + between)).sum())
    kept = between / (between + variance)
    noise = _noise(len(middle), seed)[0]
    drawn: Floats = np.exp(common + kept * (middle - common) + noise * np.sqrt(kept * variance))
    return drawn


def places(drawn: Floats, rankings: int = 1) -> list[Place]:
    """Everybody's place from ``drawn`` (draws × people, higher is better), in the given order.

    Where draws are equal, chance decides, so that equals are seen to be equal. A team of equals is called anything else
    in at most one of twenty pages of so many ``rankings`` (Bonferroni over these and over people).
    """
    draws, people = drawn.shape
    if not people:
        return []
    chance = _noise(people, people)[2][:draws] * _LEAST
    order = (chance - drawn).argsort(axis=1)
    ranks = np.empty((draws, people), dtype=np.int64)
    np.put_along_axis(ranks, order, np.arange(people)[None, :], axis=1)
    tail = (1 - _LEVEL) / 2
    seen = np.bincount((ranks + np.arange(people) * people).ravel(), minlength=people * people)
    up_to = seen.reshape(people, people).cumsum(axis=1) / draws
    low = (up_to <= tail).sum(axis=1) + 1
    high = (up_to < 1 - tail).sum(axis=1) + 1
    middle, variance = drawn.mean(axis=0), drawn.var(axis=0)
    off = np.abs(np.subtract.outer(middle, middle)) / np.sqrt(np.maximum(np.add.outer(variance, variance), _LEAST**2))
    apart = off > critical(1 - (1 - _LEVEL) / (max(rankings, 1) * max(people - 1, 1)))
    return _grouped(low.tolist(), high.tolist(), ranks.mean(axis=0).tolist(), apart)


def _grouped(
    low: Sequence[int], high: Sequence[int], mean: Sequence[float], apart: NDArray[np.bool_]
) -> list[Place]:  # fmt: skip
    """Groups from the top down: a new one begins with the first whose range lies below that of the group's best, and
    who is ``apart`` from him.
    """
    by_mean = sorted(range(len(mean)), key=lambda at: mean[at])
    order = {at: position for position, at in enumerate(by_mean)}
    groups: list[list[int]] = []
    for at in by_mean:
        if groups and (low[at] <= high[groups[-1][0]] or not apart[groups[-1][0], at]):
            groups[-1].append(at)
        else:
            groups.append([at])
    found: dict[int, Place] = {}
    before = 0
    for group in groups:
        for at in group:
            found[at] = Place(low[at], high[at], before + 1, len(group) > 1, order[at])
        before += len(group)
    return [found[at] for at in range(len(mean))]


def gini(amounts: Sequence[float]) -> float | None:
    """Gini's coefficient of how unevenly a sum is shared out: 0 all the same, towards 1 one has it all.

    Σᵢ (2i − N − 1)·xᵢ / (N·Σx) over ascending x; None with nobody or nothing to share.
    """
    ordered = sorted(amounts)
    total = math.fsum(ordered)
    if total <= 0 or ordered[0] < 0:
        return None
    size = len(ordered)
    return math.fsum((2 * (at + 1) - size - 1) * amount for at, amount in enumerate(ordered)) / (size * total)
