"""A card for everybody: all his measures with their places, how they moved, and where he is strong or weak.

Changes and strengths are looked at for the whole team at once (Benjamini–Hochberg), so that among many comparisons
hardly any stands out by chance alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.performance.score import Score, Scoring
from csdesk.analysis.performance.strata import NO_CATEGORY, Strata
from csdesk.analysis.performance.team import Team, ranked_metric
from csdesk.analysis.terms import title_of, unit_of
from csdesk.charts import format as written
from csdesk.charts.build import number
from csdesk.domain.money import yuan_text
from csdesk.metrics.model import MetricRow, MetricValue, Unit
from csdesk.stats.change import SMALL_SAMPLE, Verdict, plain_change, rate_changes
from csdesk.stats.multiple import discoveries, rates_p, two_rates_p

if TYPE_CHECKING:
    from csdesk.stats.change import Change
    from csdesk.stats.ranking import Place

Values = Mapping[str, MetricValue]

_MOST_CATEGORIES = 3
_MOST_SENTENCES = 6


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of a card. Rates are fractions, durations seconds, money yuan as text.

    ``place`` among ``of`` people with enough, ``rank_low``..``rank_high`` its range; None where he is not ranked by it.
    ``previous``…``verdict`` compare with the span before: up | down | no_clear_change | too_few | no_data, up and down
    only where they stand out among the whole team's changes.
    """

    metric: str
    title: str
    value: float | str | None
    n: float | None
    low: float | None
    high: float | None
    small: bool
    status: str
    place: int | None
    tied: bool
    rank_low: int | None
    rank_high: int | None
    of: int
    previous: float | str | None
    previous_n: float | None
    difference: float | str | None
    difference_low: float | None
    difference_high: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class CategoryResult:
    """Somebody's satisfaction in a category beside the others'. ``verdict``: above | below | no_clear_difference."""

    category: str
    rate: float
    numerator: float
    denominator: float
    others_rate: float
    others_numerator: float
    others_denominator: float
    difference: float
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class Card:
    """Everything about somebody, for his card. ``strongest`` and ``weakest`` hold what is certain and no more."""

    agent: str
    platform: str | None
    score: float | None
    score_low: float | None
    score_high: float | None
    place: int | None
    tied: bool
    rank_low: int | None
    rank_high: int | None
    of: int
    status: str
    measures: tuple[Measure, ...]
    strongest: tuple[CategoryResult, ...]
    weakest: tuple[CategoryResult, ...]
    categories: tuple[CategoryResult, ...]
    sentences: tuple[str, ...]


def agent_cards(
    team: Team, scoring: Scoring, scores: Sequence[Score], before: Sequence[MetricRow], strata: Strata | None,
    *, spreads: Mapping[str, float] | None = None,
) -> tuple[Card, ...]:  # fmt: skip
    """One card a person, in the order of the scores. ``before``: the same people over the span compared with.

    ``spreads``: by metric, how many times more people's days vary than chance.
    """
    metrics = tuple(dict.fromkeys(metric for one in team.members for metric in one.values))
    earlier = {row.agent_id or row.key: row.values for row in before}
    changes = _changes(team, metrics, earlier, spreads or {})
    categories = _by_category(team, strata)
    position = {one.name: at for at, one in enumerate(team.members)}
    measured = {metric: _measured(team, metric, changes[metric], earlier) for metric in metrics}
    return tuple(
        _card(team, scoring, score, position[score.agent],
              (tuple(measured[metric][position[score.agent]] for metric in metrics), categories))
        for score in scores
    )  # fmt: skip


def _card(
    team: Team,
    scoring: Scoring,
    score: Score,
    at: int,
    told: tuple[tuple[Measure, ...], Mapping[int, tuple[CategoryResult, ...]]],
) -> Card:
    measures, by_category = told
    categories = by_category.get(at, ())
    strongest = sorted((one for one in categories if one.verdict == "above"), key=lambda one: -one.difference)
    weakest = sorted((one for one in categories if one.verdict == "below"), key=lambda one: one.difference)
    place = scoring.places.get(at)
    side = next(positions for positions in team.sides.values() if at in positions)
    return Card(
        score.agent, score.platform, score.score, score.low, score.high,
        place.place if place else None, place.tied if place else False, place.low if place else None,
        place.high if place else None, sum(other in scoring.places for other in side), score.status, measures,
        tuple(strongest[:_MOST_CATEGORIES]), tuple(weakest[:_MOST_CATEGORIES]), categories,
        _sentences(measures, strongest, weakest, categories),
    )  # fmt: skip


def _measured(
    team: Team, metric: str, changes: Sequence[Change | None], earlier: Mapping[int | str | None, Values]
) -> list[Measure]:
    """The measure of everybody, in the team's order."""
    places = team.places(metric) if ranked_metric(metric) else {}
    of = _ranked_beside(team, places)
    unit, title = unit_of(metric), title_of(metric)
    found = []
    for at, member in enumerate(team.members):
        value, place, change = member.values.get(metric), places.get(at), changes[at]
        before = earlier.get(member.agent_id or member.name, {}).get(metric)
        previous = number(before)
        found.append(
            Measure(
                metric, title, _amount(number(value), unit),
                value.n if value else None, value.low if value else None, value.high if value else None,
                bool(value and value.small), str(value.status) if value else "no_data",
                place.place if place else None, bool(place and place.tied), place.low if place else None,
                place.high if place else None, of[at], _amount(previous, unit),
                before.n if before is not None and previous is not None else None,
                _amount(change.difference, unit) if change else None, change.low if change else None,
                change.high if change else None, str(change.verdict) if change else str(Verdict.NO_DATA),
            )
        )  # fmt: skip
    return found


def _ranked_beside(team: Team, places: Mapping[int, Place]) -> dict[int, int]:
    """By position, how many of his side have a place."""
    found: dict[int, int] = {}
    for side in team.sides.values():
        found.update(dict.fromkeys(side, sum(other in places for other in side)))
    return found


def _amount(value: float | None, unit: Unit) -> float | str | None:
    return yuan_text(round(value)) if unit is Unit.YUAN and value is not None else value


def _changes(
    team: Team, metrics: Sequence[str], earlier: Mapping[int | str | None, Values], spreads: Mapping[str, float]
) -> dict[str, list[Change | None]]:
    """Everybody's changes by metric; a rate's is up or down only where it stands out among all changes of the team.

    Sums hang on who had which shift, durations are known by their means: neither is judged.
    """
    made: dict[str, list[Change | None]] = {}
    tried: list[tuple[str, int, float]] = []
    for metric in metrics:
        pairs = [
            (member.values.get(metric), earlier.get(member.agent_id or member.name, {}).get(metric))
            for member in team.members
        ]
        if unit_of(metric) is Unit.RATE:
            made[metric], p_values = _rate_changes(pairs, spreads.get(metric, 1.0))
            tried += [(metric, at, p) for at, p in p_values.items()]
        else:
            made[metric] = [plain_change(number(now), number(before)) for now, before in pairs]
    certain = discoveries([p for _metric, _at, p in tried])
    for (metric, at, _p), sure in zip(tried, certain, strict=True):
        change = made[metric][at]
        if change is not None and not sure:  # of its own interval and of all changes together
            made[metric][at] = replace(change, verdict=Verdict.NO_CLEAR_CHANGE)
    return made


def _rate_changes(
    pairs: Sequence[tuple[MetricValue | None, MetricValue | None]], spread: float
) -> tuple[list[Change | None], dict[int, float]]:
    """The changes with the verdicts of their own intervals, and by position the p of those that are judged."""
    counted = [
        (at, (now.numerator or 0.0, now.denominator), (before.numerator or 0.0, before.denominator))
        for at, (now, before) in enumerate(pairs)
        if now is not None and now.denominator and before is not None and before.denominator
    ]
    made = rate_changes(
        [now for _at, now, _before in counted], [before for _at, _now, before in counted], spread=spread
    )
    found: list[Change | None] = [None] * len(pairs)
    p_values: dict[int, float] = {}
    for (at, now, before), change in zip(counted, made, strict=True):
        value = pairs[at][0]
        small = value is not None and value.small
        found[at] = replace(change, verdict=Verdict.TOO_FEW) if small else change
        if change.low is not None and change.verdict is not Verdict.TOO_FEW and not small:
            p = rates_p(*(one / spread for one in (*now, *before)))
            p_values[at] = 1.0 if p is None else p
    return found, p_values


def _by_category(team: Team, strata: Strata | None) -> dict[int, tuple[CategoryResult, ...]]:
    """By position, the categories he and the others of his side have enough ratings of."""
    if strata is None or not team.members:
        return {}
    found: list[tuple[int, int, tuple[float, float, float, float]]] = []
    for side in team.sides.values():
        k, n = strata.of([team.members[at].agent_id for at in side], "satisfaction_rate")
        k, n = k.sum(axis=2), n.sum(axis=2)
        other_k, other_n = k.sum(axis=0) - k, n.sum(axis=0) - n
        enough = (n >= SMALL_SAMPLE) & (other_n >= SMALL_SAMPLE)
        enough[:, strata.categories.index(NO_CATEGORY)] = False
        for row, column in zip(*(axis.tolist() for axis in np.nonzero(enough)), strict=True):
            place = (row, column)
            counts = (float(k[place]), float(n[place]), float(other_k[place]), float(other_n[place]))
            found.append((side[row], column, counts))
    p_values = (two_rates_p(*counts) for _at, _column, counts in found)
    certain = discoveries([1.0 if p is None else p for p in p_values])
    results: dict[int, list[CategoryResult]] = {}
    for (at, column, counts), sure in zip(found, certain, strict=True):
        results.setdefault(at, []).append(_category(strata.categories[column], counts, certain=sure))
    return {at: tuple(sorted(mine, key=lambda one: -one.denominator)) for at, mine in results.items()}


def _category(category: str, counts: tuple[float, float, float, float], *, certain: bool) -> CategoryResult:
    k, n, other_k, other_n = counts
    difference = k / n - other_k / other_n
    verdict = ("above" if difference > 0 else "below") if certain else "no_clear_difference"
    judged = {"above": "更高", "below": "更低"}.get(verdict, "看不出差别")
    text = (
        f"{category}：满意率 {written.percent(k / n)}（{written.count(k)}/{written.count(n)}），"
        f"其他人 {written.percent(other_k / other_n)}（{written.count(other_k)}/{written.count(other_n)}），{judged}"
    )
    return CategoryResult(category, k / n, k, n, other_k / other_n, other_k, other_n, difference, verdict, text)


def _before_words(one: Measure) -> str:
    if not isinstance(one.previous, float) or one.previous_n is None:
        return ""
    return f"，之前 {written.percent(one.previous)}（样本 {written.count(one.previous_n)}）"


def _sentences(
    measures: Sequence[Measure],
    strongest: Sequence[CategoryResult],
    weakest: Sequence[CategoryResult],
    categories: Sequence[CategoryResult],
) -> tuple[str, ...]:
    """What is certain about him; that nothing is, where so."""
    said = []
    for one in measures:
        if (
            one.verdict in {Verdict.UP, Verdict.DOWN}
            and isinstance(one.difference, float)
            and isinstance(one.value, float)
            and one.n
        ):
            moved = "上升" if one.verdict == Verdict.UP else "下降"
            said.append(
                f"{one.title}{moved} {written.points(abs(one.difference)).lstrip('+')}，"
                f"现在 {written.percent(one.value)}（样本 {written.count(one.n)}）" + _before_words(one)
            )
    said += [f"强项 {one.text}" for one in strongest[:1]]
    said += [f"弱项 {one.text}" for one in weakest[:1]]
    if not strongest and not weakest:
        said.append("各类咨询里看不出强弱" if categories else f"没有一类咨询的评价满 {SMALL_SAMPLE} 个，看不出强弱")
    return tuple(said[:_MOST_SENTENCES])
