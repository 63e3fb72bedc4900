"""The funnel plot: everybody's rate against his sample, and the limits inside which chance alone would keep him.

Limits are drawn around the rate of the team (95 % and 99.8 %). Where people differ from each other by more than chance
they are widened, so that only who stands out among them lies outside. Shrunk rates are the best guess of a true one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from csdesk.analysis.performance.team import Team
from csdesk.analysis.terms import title_of
from csdesk.charts import format as written
from csdesk.domain.platforms import Platform
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.fairness import funnel, overdispersion, shrink
from csdesk.stats.intervals import exceeds

METRICS = ("satisfaction_rate", "review_rate", "resolution_rate", "conversion_rate")
_WARN, _ALARM = 0.95, 0.998
_CURVE_POINTS = 24


@dataclass(frozen=True, slots=True)
class Dot:
    """Somebody in the plot. ``position``: inside | above_95 | above_998 | below_95 | below_998 | too_few.

    ``by_chance`` is the same within limits that are not widened. ``shrunk`` is the rate shrunk to the team's by how
    little is known, with its 95 % interval.
    """

    agent: str
    numerator: float
    denominator: float
    rate: float
    shrunk: float
    shrunk_low: float
    shrunk_high: float
    low_95: float
    high_95: float
    low_998: float
    high_998: float
    position: str
    by_chance: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits at a sample size, for drawing."""

    n: float
    low_95: float
    high_95: float
    low_998: float
    high_998: float


@dataclass(frozen=True, slots=True)
class FunnelPlot:
    """One rate of one side. ``widened``: how many times the limits are wider than chance alone would have them."""

    metric: str
    title: str
    platform: str | None
    rate: float
    numerator: float
    denominator: float
    widened: float
    agents: tuple[Dot, ...]
    outside: tuple[str, ...]
    limits: tuple[Limits, ...]
    text: str


def funnel_plots(team: Team, metrics: Sequence[str] = METRICS) -> tuple[FunnelPlot, ...]:
    """A plot for every rate and side that has somebody in it."""
    made = (_plot(team, metric, side, positions) for metric in metrics for side, positions in team.sides.items())
    return tuple(one for one in made if one is not None)


def _plot(team: Team, metric: str, side: Platform | None, positions: Sequence[int]) -> FunnelPlot | None:
    known = []
    for at in positions:
        value = team.value(at, metric)
        if value is None or value.numerator is None or not value.denominator:
            continue
        if not exceeds(value.numerator, value.denominator):
            known.append((team.members[at].name, value.numerator, value.denominator, value.small))
    counts = [(k, n) for _name, k, n, _small in known]
    shrunk = shrink(counts)
    if shrunk is None:
        return None
    good, all_ = math.fsum(k for k, _n in counts), math.fsum(n for _k, n in counts)
    rate = good / all_
    spread = overdispersion([(k, n) for _name, k, n, small in known if not small], rate)
    dots = []
    for (name, k, n, small), one in zip(known, shrunk, strict=True):
        warn, alarm = funnel(n, rate, _WARN, spread), funnel(n, rate, _ALARM, spread)
        position = by_chance = "too_few"
        if not small:
            position = by_chance = _position(k / n, warn, alarm)
        if spread > 1 and not small:
            by_chance = _position(k / n, funnel(n, rate, _WARN), funnel(n, rate, _ALARM))
        dots.append(
            Dot(name, k, n, k / n, one.rate, one.interval.low, one.interval.high, *warn, *alarm, position, by_chance)
        )  # fmt: skip
    dots.sort(key=lambda dot: (-dot.denominator, dot.agent))
    outside = tuple(dot.agent for dot in dots if dot.position.endswith("_998"))
    return FunnelPlot(
        metric, title_of(metric), str(side) if side else None, rate, good, all_, spread, tuple(dots), outside,
        _curve(dots, rate, spread), (f"{side.short}的" if side else "") + _words(metric, dots, rate, spread),
    )  # fmt: skip


def _position(rate: float, warn: tuple[float, float], alarm: tuple[float, float]) -> str:
    slack = 1e-12
    for (low, high), name in ((alarm, "998"), (warn, "95")):
        if rate < low - slack:
            return f"below_{name}"
        if rate > high + slack:
            return f"above_{name}"
    return "inside"


def _curve(dots: Sequence[Dot], rate: float, spread: float) -> tuple[Limits, ...]:
    """Limits at sample sizes from the smallest to the largest, evenly on a logarithmic scale."""
    sizes = [dot.denominator for dot in dots]
    low, high = math.log(min(sizes)), math.log(max(sizes) * 1.1)
    steps = (low + (high - low) * at / (_CURVE_POINTS - 1) for at in range(_CURVE_POINTS))
    return tuple(
        Limits(n, *funnel(n, rate, _WARN, spread), *funnel(n, rate, _ALARM, spread)) for n in map(math.exp, steps)
    )


def _words(metric: str, dots: Sequence[Dot], rate: float, spread: float) -> str:
    title = title_of(metric)
    big = [dot for dot in dots if dot.position != "too_few"]
    if not big:
        return f"{title}：没有一位客服的样本满 {SMALL_SAMPLE}，不作判断。"
    whole = f"{title}合计 {written.percent(rate)}"
    if len(big) < 2:
        return f"{whole}：只有一位客服的样本满 {SMALL_SAMPLE}，不作比较。"
    low = [dot for dot in big if dot.position == "below_998"]
    high = [dot for dot in big if dot.position == "above_998"]
    said = []
    for found, words in ((low, "明显低于"), (high, "明显高于")):
        if found:
            names = "、".join(
                f"{dot.agent}（{written.percent(dot.rate)}，{written.count(dot.numerator)}/{written.count(dot.denominator)}）"
                for dot in found[:3]
            )
            said.append(f"{names}{f'等 {len(found)} 位' if len(found) > 3 else ''}{words}合计")
    if spread > 1:
        said.append("客服之间的差别比偶然的大，界限已按这个放宽" + ("" if said else "，没有谁特别突出"))
    if not said:
        said = [f"{len(big)} 位客服都在偶然波动的范围里"]
    return f"{whole}：{'；'.join(said)}。"
