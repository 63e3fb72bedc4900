"""The ranking: places with their ranges; who cannot be told apart shares a place, small samples have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from csdesk.analysis.assemble import KINDS
from csdesk.analysis.performance.score import Score, Scoring
from csdesk.analysis.performance.team import Team
from csdesk.analysis.terms import direction_of, title_of
from csdesk.charts.build import number
from csdesk.metrics.declaration import Direction
from csdesk.metrics.model import MetricRow
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.ranking import Place

COMPOSITE = "composite_score"
"""Stands in the place of a metric's id for the score."""
TOO_FEW = f"样本不足 {SMALL_SAMPLE}"
"""Why somebody is not ranked by a metric he has too few of."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Somebody's place. ``rank_low``..``rank_high`` is what chance allows; ``tied``: others share the place."""

    agent: str
    place: int
    tied: bool
    place_text: str
    rank_low: int
    rank_high: int
    value: float | None
    low: float | None
    high: float | None
    n: float | None


@dataclass(frozen=True, slots=True)
class Unranked:
    """Somebody without a place, and why."""

    agent: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """One ranking of one side (platform None = everybody). ``metric``: :data:`COMPOSITE` or one of the catalogue."""

    metric: str
    title: str
    platform: str | None
    places: tuple[Ranked, ...]
    unranked: tuple[Unranked, ...]
    text: str


def rankings(team: Team, scoring: Scoring, scores: Sequence[Score], metrics: Sequence[str],
             others: Sequence[MetricRow]) -> tuple[Ranking, ...]:  # fmt: skip
    """The ranking by score, then one for each metric; within each platform where they cannot be mixed."""
    aside = tuple(Unranked(str(row.key), f"{KINDS[row.kind]}，不排名") for row in others)
    if not team.members:
        text = "没有可以排名的客服，只有机器人、主账号或共用账号。" if aside else "没有分客服的数据，排不了名。"
        return (Ranking(COMPOSITE, "综合得分", None, (), aside, text),)
    by_name = {one.agent: one for one in scores}
    found = []
    for metric in (COMPOSITE, *metrics):
        standing = scoring.places if metric == COMPOSITE else team.places(metric)
        for side, positions in team.sides.items():
            numbers = {
                at: _scored(by_name[team.members[at].name]) if metric == COMPOSITE else _measured(team, at, metric)
                for at in positions
            }
            made = _ranking(metric, team, numbers, standing)
            if made.places or metric == COMPOSITE:
                made = replace(made, unranked=(*made.unranked, *aside))
                found.append(replace(made, platform=str(side), text=f"{side.short}的{made.text}") if side else made)
    return tuple(found)


Numbers = tuple[float | None, float | None, float | None, float | None, str]
"""Value, its interval, sample, and why there is no place."""


def _scored(score: Score) -> Numbers:
    return score.score, score.low, score.high, None, score.text


def _measured(team: Team, at: int, metric: str) -> Numbers:
    value = team.value(at, metric)
    if value is None or number(value) is None:
        return None, None, None, None, "没有数据"
    reason = TOO_FEW if value.small else "没有人数，不能比"
    return number(value), value.low, value.high, value.n, reason


def _ranking(metric: str, team: Team, numbers: Mapping[int, Numbers], standing: Mapping[int, Place]) -> Ranking:
    """The ranking of the people in ``numbers``."""
    title = "综合得分" if metric == COMPOSITE else title_of(metric)
    sign = 1 if metric != COMPOSITE and direction_of(metric) is Direction.LOWER else -1
    here = sorted(
        (at for at in numbers if at in standing),
        key=lambda at: (standing[at].place, sign * (numbers[at][0] or 0.0), standing[at].order),
    )
    rows = tuple(_row(team.members[at].name, standing[at], numbers[at]) for at in here)
    unranked = tuple(Unranked(team.members[at].name, numbers[at][4]) for at in numbers if at not in standing)
    return Ranking(metric, title, None, rows, unranked, _words(title, rows))


def _row(name: str, place: Place, numbers: Numbers) -> Ranked:
    value, low, high, n, _reason = numbers
    text = f"{'并列' if place.tied else ''}第 {place.place}"
    return Ranked(name, place.place, place.tied, text, place.low, place.high, value, low, high, n)


def _words(title: str, rows: Sequence[Ranked]) -> str:
    """Who is first for certain, or that nobody is."""
    if not rows:
        return f"{title}：没有一位客服的样本够排名。"
    if len(rows) == 1:
        return f"{title}：只有{rows[0].agent}的样本够，没有人可比。"
    first = [row for row in rows if row.place == 1]
    if len(first) == len(rows):
        return f"{title}：{len(rows)} 位客服之间看不出差别，都并列第 1。"
    if len(first) == 1:
        return f"{title}：{first[0].agent}第 1，名次可信。"
    names = "、".join(row.agent for row in first[:3]) + ("等" if len(first) > 3 else "")
    return f"{title}：{names} {len(first)} 位并列第 1，彼此看不出差别；其余 {len(rows) - len(first)} 位在后面。"
