"""The funnel plot: everybody's rate against his sample, and the limits inside which chance alone would keep him.

Limits are drawn around the rate of the team (95 % and 99.8 %). Where people differ from each other by more than chance
they are widened, so that only who stands out among them lies outside. Shrunk rates are the best guess of a true one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from csdesk.analysis.performance.team import Team
from csdesk.analysis.terms import title_of
from csdesk.charts import format as written
from csdesk.domain.platforms import Platform
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.fairness import funnel, overdispersion, shrink
from csdesk.stats.intervals import exceeds
from csdesk.stats.multiple import discoveries, rates_p

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
    """One rate of one side. ``widened``: how many times the limits are wider than chance alone would have them.

    ``outside``: who lies beyond the 99.8 % limits for certain, all people and rates of the page looked at together.
    """

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


def funnel_plots(
    team: Team, metrics: Sequence[str] = METRICS, spreads: Mapping[str, float] | None = None
) -> tuple[FunnelPlot, ...]:
    """A plot for every rate and side that has somebody in it.

    ``spreads``: by metric, how many times more people's days vary than chance; limits are widened by it too.
    """
    known = spreads or {}
    made = [
        _plot(team, metric, side, positions, math.sqrt(known.get(metric, 1.0)))
        for metric in metrics for side, positions in team.sides.items()
    ]  # fmt: skip
    return _judged([one for one in made if one is not None])


def _judged(plots: Sequence[FunnelPlot]) -> tuple[FunnelPlot, ...]:
    """Who is said to lie outside: beyond 99.8 %, and certain among all people and plots (Benjamini–Hochberg)."""
    tried = [(at, dot) for at, plot in enumerate(plots) for dot in plot.agents if dot.position != "too_few"]
    sure = discoveries([_p(dot, plots[at]) for at, dot in tried])
    outside: list[list[str]] = [[] for _plot in plots]
    for (at, dot), certain in zip(tried, sure, strict=True):
        if certain and dot.position.endswith("_998"):
            outside[at].append(dot.agent)
    return tuple(
        replace(plot, outside=tuple(names), text=_head(plot) + _words(plot, frozenset(names)))
        for plot, names in zip(plots, outside, strict=True)
    )


def _head(plot: FunnelPlot) -> str:
    return f"{Platform(plot.platform).short}的" if plot.platform else ""


def _p(dot: Dot, plot: FunnelPlot) -> float:
    """How rare somebody is beside the others, as far as these vary too."""
    others = plot.numerator - dot.numerator, plot.denominator - dot.denominator
    p = rates_p(*(one / plot.widened**2 for one in (dot.numerator, dot.denominator, *others)))
    return 1.0 if p is None else p


def _plot(
    team: Team, metric: str, side: Platform | None, positions: Sequence[int], by_days: float
) -> FunnelPlot | None:
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
    spread = max(by_days, overdispersion([(k, n) for _name, k, n, small in known if not small], rate))
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
    return FunnelPlot(
        metric, title_of(metric), str(side) if side else None, rate, good, all_, spread, tuple(dots), (),
        _curve(dots, rate, spread), "",
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


def _words(plot: FunnelPlot, outside: frozenset[str]) -> str:
    title, rate, spread = plot.title, plot.rate, plot.widened
    big = [dot for dot in plot.agents if dot.position != "too_few"]
    if not big:
        return f"{title}：没有一位客服的样本满 {SMALL_SAMPLE}，不作判断。"
    whole = f"{title}合计 {written.percent(rate)}"
    if len(big) < 2:
        return f"{whole}：只有一位客服的样本满 {SMALL_SAMPLE}，不作比较。"
    low = [dot for dot in big if dot.position == "below_998" and dot.agent in outside]
    high = [dot for dot in big if dot.position == "above_998" and dot.agent in outside]
    edge = sum(dot.position.endswith("_998") for dot in big) - len(low) - len(high)
    said = []
    for found, words in ((low, "明显低于"), (high, "明显高于")):
        if found:
            names = "、".join(
                f"{dot.agent}（{written.percent(dot.rate)}，{written.count(dot.numerator)}/{written.count(dot.denominator)}）"
                for dot in found[:3]
            )
            said.append(f"{names}{f'等 {len(found)} 位' if len(found) > 3 else ''}{words}合计")
    if spread > 1:
        said.append("客服之间、天与天之间的差别比偶然的大，界限已按这个放宽" + ("" if said else "，没有谁特别突出"))
    if not said and edge:
        said = [f"{edge} 位在界限边上，这么多人一起看偶然也会有"]
    if not said:
        said = [f"{len(big)} 位客服都在偶然波动的范围里"]
    return f"{whole}：{'；'.join(said)}。"
