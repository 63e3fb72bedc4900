"""The composite score: every part's points, weighted; who can be ranked by it, and how far chance could move them.

score = Σ weight · points / Σ weight over the parts somebody has enough of. A part nobody has counts for nobody; a part
only he lacks is left out for him and said, and who has less than half of the weight is not ranked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.cards import status_text
from csdesk.analysis.performance.team import Team
from csdesk.analysis.performance.weights import AT_TARGET, Component
from csdesk.analysis.terms import title_of, unit_of
from csdesk.charts import format as written
from csdesk.charts.build import number
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import MetricStatus, MetricValue, Unit
from csdesk.metrics.targets import Targets
from csdesk.stats.change import SMALL_SAMPLE

if TYPE_CHECKING:
    from csdesk.analysis.performance.team import Bools, Floats
    from csdesk.stats.ranking import Place

_ENOUGH = 0.5
"""Share of the weight somebody must have numbers for to be ranked."""
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Part:
    """One part of somebody's score. ``share`` is what it counts for him (the parts that count add up to 1).

    ``points`` None: it does not count for him, ``note`` says why. ``numerator``/``denominator`` as counted.
    """

    metric: str
    title: str
    value: float | None
    numerator: float | None
    denominator: float | None
    n: float | None
    points: float | None
    share: float
    note: str


@dataclass(frozen=True, slots=True)
class Score:
    """Somebody's score, 0–100. ``low``/``high``: its 95 % range as far as his numbers are known, the score within it.

    ``status``: ranked | too_few | no_data. ``covered`` is the share of the weight he has numbers for.
    """

    agent: str
    platform: str | None
    score: float | None
    low: float | None
    high: float | None
    status: str
    covered: float
    parts: tuple[Part, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Weight:
    """A part as it is weighted: ``share`` of the whole (0 where nobody has it), the scale in words, and why."""

    metric: str
    title: str
    weight: float
    default: float
    share: float
    rule: str
    reason: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Scores:
    """The answer ``scores``: the weights in force, everybody's score, and how it is worked out."""

    weights: tuple[Weight, ...]
    agents: tuple[Score, ...]
    method: str
    text: str


METHOD = (
    f"每项先折成 0 到 100 分（目标值得 {AT_TARGET:g} 分），再按权重平均；样本不足 {SMALL_SAMPLE} 的项不算，"
    "它的权重分给其他项。没有一半权重的数据，不排名。分数的范围看样本多少，样本少的往大家的平均靠。"
)


class Scoring:
    """Works the scores of a team out. ``shop``: the shop's own numbers, by side; ``targets`` are worth AT_TARGET."""

    def __init__(
        self,
        team: Team,
        components: Sequence[Component],
        shop: Mapping[Platform | None, Mapping[str, float]],
        targets: Targets,
    ) -> None:
        self.team = team
        self._components = [one for one in components if one.weight > 0]
        self._shop = shop
        self._targets = targets
        self._usable = {one.metric: self._usable_for(one) for one in self._components}
        self._counted = [one for one in self._components if self._usable[one.metric].any()]
        self._total = sum(one.weight for one in self._counted)
        size = len(team.members)
        self._covered: Floats = np.zeros(size)
        for one in self._counted:
            self._covered += one.weight * self._usable[one.metric]
        if self._total > 0:
            self._covered /= self._total
        self._points_now = {one.metric: self._points(one, team.numbers(one.metric)) for one in self._counted}
        self._drawn = self._scored_draws()
        self.places: dict[int, Place] = team.places_in(self._drawn)
        """Places of who can be ranked, by position in the team."""

    def answer(self) -> Scores:
        """Everything about the scores."""
        tails = ((1 - _LEVEL) / 2, (1 + _LEVEL) / 2)
        low, high = np.quantile(self._drawn, tails, axis=0).tolist() if self._counted else ([], [])
        agents = tuple(self._score(at, low, high) for at in range(len(self.team.members)))
        ordered = sorted(agents, key=lambda one: (one.status != "ranked", -(one.score or 0.0), one.agent))
        return Scores(tuple(self._weight(one) for one in self._components), tuple(ordered), METHOD, self._words(agents))

    def _usable_for(self, component: Component) -> Bools:
        usable = self.team.comparable(component.metric)
        for side, positions in self.team.sides.items():
            if component.knots(self._shop.get(side, {}).get(component.metric)) is None:
                usable[list(positions)] = False
        return usable

    def _points(self, component: Component, values: Floats) -> Floats:
        """Points of values, the people along the last axis."""
        points = np.full(values.shape, np.nan)
        for side, positions in self.team.sides.items():
            knots = self._knots(component, side)
            if knots is None:
                continue
            here = list(positions)
            at, given = zip(*knots, strict=True)
            points[..., here] = np.interp(values[..., here], at, given)
        return points

    def _ends(self, component: Component, side: Platform | None) -> tuple[float | None, float | None]:
        """What the shop (on this side) has, and the target."""
        target = self._targets.get(component.metric, side or self.team.only_side)
        return self._shop.get(side, {}).get(component.metric), target.value if target else None

    def _knots(self, component: Component, side: Platform | None) -> tuple[tuple[float, float], ...] | None:
        return component.knots(*self._ends(component, side))

    def _scored_draws(self) -> Floats:
        """Draws × people: scores; NaN for who is not ranked."""
        drawn = self._weighted(
            {one.metric: self._points(one, self.team.drawn(one.metric)) for one in self._counted},
            self.team.drawn(self._counted[0].metric).shape if self._counted else (1, len(self.team.members)),
        )
        drawn[..., self._covered < _ENOUGH] = np.nan
        return drawn

    def _weighted(self, points: Mapping[str, Floats], shape: tuple[int, ...]) -> Floats:
        top, bottom = np.zeros(shape), np.zeros(shape)
        for one in self._counted:
            usable = self._usable[one.metric]
            top += one.weight * np.where(usable, points[one.metric], 0.0)
            bottom += one.weight * usable
        scored: Floats = np.divide(top, bottom, out=np.full(shape, np.nan), where=bottom > 0)
        return scored

    def _score(self, at: int, lows: Sequence[float], highs: Sequence[float]) -> Score:
        member = self.team.members[at]
        parts = tuple(self._part(one, at) for one in self._counted)
        covered = float(self._covered[at])
        side = str(member.side) if member.side else None
        known = [(part.points, part.share) for part in parts if part.points is not None]
        if not known:
            values = [member.values.get(one.metric) for one in self._components]
            some = any(number(value) is not None for value in values)
            return Score(member.name, side, None, None, None, "too_few" if some else "no_data", 0.0, parts,
                         f"样本不足 {SMALL_SAMPLE}，不打分" if some else "没有能打分的数据")  # fmt: skip
        score = sum(points * share for points, share in known)
        if covered < _ENOUGH:
            return Score(member.name, side, score, None, None, "too_few", covered, parts,
                         f"{_lacking(parts)}；只有 {written.percent(covered, 0)} 的权重有数据，不排名")  # fmt: skip
        low, high = min(lows[at], score), max(highs[at], score)
        return Score(member.name, side, score, low, high, "ranked", covered, parts, _left(parts))

    def _part(self, component: Component, at: int) -> Part:
        member = self.team.members[at]
        value = member.values.get(component.metric)
        plain = number(value)
        usable = bool(self._usable[component.metric][at])
        share = component.weight / (self._total * float(self._covered[at])) if usable else 0.0
        points = float(self._points_now[component.metric][at]) if usable else None
        return Part(
            component.metric, title_of(component.metric), plain,
            value.numerator if value else None, value.denominator if value else None, value.n if value else None,
            points, share, "" if points is not None else _why_not(value, member.side),
        )  # fmt: skip

    def _weight(self, component: Component) -> Weight:
        counted = component in self._counted
        rules: dict[str, list[str]] = {}
        for side in self.team.sides or {None: ()}:
            rule = component.rule(*self._ends(component, side))
            rules.setdefault(rule, []).append(side.short if side else "")
        words = [f"{'、'.join(sides)}：{rule}" if len(rules) > 1 else rule for rule, sides in rules.items()]
        return Weight(
            component.metric, title_of(component.metric), component.weight, component.default,
            component.weight / self._total if counted else 0.0,
            "；".join(words), component.reason, component.source,
            "" if counted else "没有一位客服的数据够用，这一项不算，权重分给其他项",
        )  # fmt: skip

    def _words(self, agents: Sequence[Score]) -> str:
        ranked = sum(one.status == "ranked" for one in agents)
        if not ranked:
            return "没有一位客服的数据够打分。"
        few = len(agents) - ranked
        absent = [title_of(one.metric) for one in self._components if one not in self._counted]
        said = f"{ranked} 位客服有综合得分。"
        said += f"另有 {few} 位样本不足，不排名。" if few else ""
        return said + (f"{'、'.join(absent)}没有够用的数据，不计分。" if absent else "")


def shop_numbers(team: Team, metrics: Sequence[str]) -> dict[Platform | None, dict[str, float]]:
    """By side, the rates and means of its people together: Σ numerator / Σ denominator."""
    found: dict[Platform | None, dict[str, float]] = {}
    for side, positions in team.sides.items():
        numbers = {}
        for metric in metrics:
            values = [value for at in positions if (value := team.value(at, metric)) is not None and value.denominator]
            bottom = sum(value.denominator or 0.0 for value in values)
            if bottom > 0 and unit_of(metric) in {Unit.RATE, Unit.SECONDS}:
                numbers[metric] = sum(value.numerator or 0.0 for value in values) / bottom
        found[side] = numbers
    return found


def _lacking(parts: Sequence[Part]) -> str:
    """What does not count for him, by the reason: ``满意率样本不足 30，回复率没有数据``."""
    by_note: dict[str, list[str]] = {}
    for part in parts:
        if part.points is None:
            by_note.setdefault(part.note, []).append(part.title)
    return "，".join(f"{'、'.join(titles)}{note}" for note, titles in by_note.items())


def _left(parts: Sequence[Part]) -> str:
    """Which parts do not count for him."""
    missing = [part for part in parts if part.points is None]
    if not missing:
        return ""
    return f"没有计入：{'、'.join(f'{part.title}（{part.note}）' for part in missing)}；权重分给了其他项"


def _why_not(value: MetricValue | None, side: Platform | None) -> str:
    if value is not None and value.status is MetricStatus.NOT_PROVIDED:
        return status_text(value, side)
    if value is None or number(value) is None:
        return "没有数据"
    if value.small:
        return f"样本不足 {SMALL_SAMPLE}"
    return "没有人数，不能比"
