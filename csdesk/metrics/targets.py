"""What a number ought to reach, from whom that comes, and how far it is from it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from unicodedata import normalize

from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.metrics.declaration import Direction
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.model import MetricValue, Unit

OWNERS = "自己定的"
DEFAULT = "本软件默认，可改"
_FIXED = {Unit.RATE, Unit.SECONDS, Unit.SCORE, Unit.RATIO}
"""Units of numbers that do not grow with the span they are computed over."""
_FIGURE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")
_HAIR = 1e-12


@dataclass(frozen=True, slots=True)
class Target:
    """``exact`` is the figure in the metric's own unit, as a fraction; ``own``: the owner set it."""

    metric: str
    exact: Fraction
    source: str
    own: bool = False

    @property
    def value(self) -> float:
        """The figure as a float."""
        return float(self.exact)


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets in force for a selection.

    ``whole`` by metric: where the platforms of the selection have different ones there is none. ``of_platform`` by
    metric and platform.
    """

    whole: Mapping[str, Target] = field(default_factory=dict)
    of_platform: Mapping[tuple[str, Platform], Target] = field(default_factory=dict)

    def get(self, metric: str, platform: Platform | None = None) -> Target | None:
        """The target of a metric, for the whole selection or for a platform in it."""
        if platform is not None and (metric, platform) in self.of_platform:
            return self.of_platform[metric, platform]
        return self.whole.get(metric)

    def names(self, metric: str) -> bool:
        """Whether the metric has a target at all, for the whole or for a platform."""
        return metric in self.whole or any(one == metric for one, _ in self.of_platform)

    @property
    def owners(self) -> tuple[str, ...]:
        """Metrics with a target of the owner's, for the whole or for a platform."""
        every = (*self.whole.values(), *self.of_platform.values())
        return tuple(dict.fromkeys(target.metric for target in every if target.own))

    def own(self, metric: str) -> Target | None:
        """The target of a metric for the whole selection where the owner set it."""
        target = self.get(metric)
        return target if target is not None and target.own else None


@dataclass(frozen=True, slots=True)
class Gap:
    """A number beside its target: ``gap`` = number − target in the metric's own unit; None without a number.

    ``met``: at least the target, at most where lower is better.
    """

    target: Target
    gap: float | None
    met: bool | None


def gap_of(value: MetricValue, target: Target) -> Gap:
    """How far a number is from its target."""
    if value.value is None or isinstance(value.value, dict):
        return Gap(target, None, None)
    gap = value.value - target.value
    lower = METRICS[target.metric].direction is Direction.LOWER
    return Gap(target, gap, gap <= _HAIR if lower else gap >= -_HAIR)


def gap_json(found: Gap | None) -> dict[str, object] | None:
    """``{"value", "source", "own", "gap", "met"}``; None where there is no target."""
    if found is None:
        return None
    target = found.target
    return {
        "value": target.value,
        "source": target.source,
        "own": target.own,
        "gap": found.gap,
        "met": found.met,
    }


def has_fixed_target(metric: str) -> bool:
    """Whether a target makes sense: better in one direction, and not growing with the span."""
    entry = METRICS.get(metric)
    return entry is not None and entry.direction is not Direction.NEITHER and entry.unit in _FIXED


def parse(metric: str, text: str) -> Fraction:
    """A target as it is written: ``95%``, ``0.95`` or ``95`` for a rate, seconds for a duration.

    Raises UserFault for a metric that can have none, and for a figure it cannot have.
    """
    if metric not in METRICS:
        raise UserFault(
            f"没有叫 {metric} 的指标。", f"可以定目标的有：{'、'.join(filter(has_fixed_target, METRICS))}。"
        )
    entry = METRICS[metric]
    if not has_fixed_target(metric):
        raise UserFault(f"{entry.name}不能定目标。", "它没有好坏之分，或者随时间段长短变；请选一个比率、时长或得分。")
    figure, percent = normalize("NFKC", text).strip().removesuffix("秒").strip(), False
    if entry.unit is Unit.RATE and figure.endswith("%"):
        figure, percent = figure[:-1].strip(), True
    if not _FIGURE.fullmatch(figure):
        raise UserFault(f"看不懂目标“{text}”。", _how(entry.unit))
    exact = Fraction(figure)
    if entry.unit is Unit.RATE and (percent or exact > 1):
        exact /= 100
    if exact <= 0 or (entry.unit is Unit.RATE and exact > 1):
        raise UserFault(f"{entry.name}的目标不能是“{text}”。", _how(entry.unit))
    return exact


def written(target: Target) -> str:
    """The figure for people: ``95%``, ``30 秒``, ``4.8``."""
    unit = METRICS[target.metric].unit
    if unit is Unit.RATE:
        return f"{target.value * 100:.10g}%"
    return f"{target.value:.10g} 秒" if unit is Unit.SECONDS else f"{target.value:.10g}"


def gap_words(found: Gap) -> str:
    """``95%（自己定的），还差 1.2 个百分点``."""
    text = f"{written(found.target)}（{found.target.source}）"
    if found.gap is None:
        return text
    if found.met:
        return f"{text}，已达到"
    return f"{text}，还差 {_size(abs(found.gap), METRICS[found.target.metric].unit)}"


def _size(gap: float, unit: Unit) -> str:
    if unit is Unit.RATE:
        return f"{gap * 100:.1f} 个百分点" if gap >= 0.0005 else "不到 0.1 个百分点"
    return f"{gap:.1f} 秒" if unit is Unit.SECONDS else f"{gap:.2f}"


def _how(unit: Unit) -> str:
    if unit is Unit.RATE:
        return "比率写成 95% 或 0.95，要大于 0、不超过 100%。"
    return "时长写秒数，如 30，要大于 0。" if unit is Unit.SECONDS else "请写一个大于 0 的数，如 4.8。"
