"""The composite score's parts as data: what counts how much, and how a value becomes points.

The defaults are ``resources/scoring/default.toml``; the owner's own weights lie over them in the settings.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from csdesk.analysis.terms import title_of, unit_of
from csdesk.charts import format as written
from csdesk.errors import UserFault
from csdesk.settings.options import SCORE_WEIGHTS
from csdesk.settings.paths import resource_path
from csdesk.settings.store import Settings

AT_TARGET = 80.0
"""Points of a value that just reaches its target."""


@dataclass(frozen=True, slots=True)
class Component:
    """One part of the score. ``zero`` gives 0 points, ``full`` 100, on a straight line, held at both ends.

    With ``relative`` both are multiples of what the shop (of the same platform) has. ``reason`` says why it counts,
    ``source`` where the two ends come from; ``default`` is the weight as shipped.
    """

    metric: str
    weight: float
    zero: float
    full: float
    relative: bool
    reason: str
    source: str
    default: float

    def knots(self, shop: float | None = None, target: float | None = None) -> tuple[tuple[float, float], ...] | None:
        """(value, points) ascending by value; None where the shop's own number is needed and not known."""
        if self.relative and not shop:
            return None
        scale = shop if self.relative and shop else 1.0
        zero, full = self.zero * scale, self.full * scale
        knots = {zero: 0.0, full: 100.0}
        if target is not None and min(zero, full) < target < max(zero, full):
            knots[target] = AT_TARGET
        return tuple(sorted(knots.items()))

    def rule(self, shop: float | None = None, target: float | None = None) -> str:
        """The scale in words: 80.0% 得 0 分，100.0% 得 100 分."""
        unit = unit_of(self.metric)
        knots = self.knots(shop, target)
        if knots is None:
            return "本店没有这个数，折不成分"
        ordered = sorted(knots, key=lambda knot: knot[1])
        words = [f"{written.text_of(value, unit)}得 {points:g} 分" for value, points in ordered]
        if self.relative:
            words.append(f"本店 {written.text_of(shop, unit)}")
        return "，".join(words)


@cache
def default_components() -> tuple[Component, ...]:
    """The parts as shipped."""
    with resource_path("scoring", "default.toml").open("rb") as file:
        data = tomllib.load(file)
    return tuple(
        Component(
            entry["metric"], float(entry["weight"]), float(entry["zero"]), float(entry["full"]),
            entry["of"] == "shop", entry["reason"], entry["source"], float(entry["weight"]),
        )
        for entry in data["component"]
    )  # fmt: skip


def weighted(own: Mapping[str, float]) -> tuple[Component, ...]:
    """The parts with the owner's weights in place of the default ones, as long as any of them counts."""
    mine = tuple(replace(one, weight=own.get(one.metric, one.weight)) for one in default_components())
    return mine if any(one.weight > 0 for one in mine) else default_components()


class ScoreWeights:
    """The owner's weights: read, changed, put back."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def own(self) -> dict[str, float]:
        """Weights the owner changed, by metric; what cannot be read counts as not changed."""
        found = {}
        for metric, text in self._settings.get(SCORE_WEIGHTS).items():
            try:
                weight = float(text)
            except (TypeError, ValueError):
                continue
            if _sound(weight):
                found[metric] = weight
        return found

    def components(self) -> tuple[Component, ...]:
        """The parts in force."""
        return weighted(self.own())

    def set(self, metric: str, weight: float) -> None:
        """Change one weight; only their proportions matter. Raises UserFault for what cannot be scored."""
        known = {one.metric: one for one in default_components()}
        if metric not in known:
            listed = "、".join(f"{one.metric}（{title_of(one.metric)}）" for one in known.values())
            raise UserFault(f"{metric} 不能计入综合得分。", f"可以计入的有：{listed}。")
        if not _sound(weight):
            raise UserFault("权重要是 0 到 1000 之间的数。", "0 表示不算这一项。")
        own = {**self.own(), metric: weight}
        if not any(own.get(one.metric, one.weight) > 0 for one in known.values()):
            raise UserFault("至少要有一项的权重大于 0。", "先给别的项一个权重，再把这一项改成 0。")
        changed = {name: value for name, value in own.items() if name in known and value != known[name].default}
        self._settings.set(SCORE_WEIGHTS, {name: repr(value) for name, value in changed.items()})

    def reset(self) -> None:
        """Back to the weights as shipped."""
        self._settings.set(SCORE_WEIGHTS, {})


def _sound(weight: float) -> bool:
    return math.isfinite(weight) and 0 <= weight <= 1000
