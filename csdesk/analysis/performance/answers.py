"""The further answers of the page 客服绩效, out of what the page has asked already and two questions more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from csdesk.analysis.apart import platforms_in
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Engine
from csdesk.analysis.performance.cards import Card, agent_cards
from csdesk.analysis.performance.fair import FairComparison, fair_comparisons
from csdesk.analysis.performance.funnel_plot import FunnelPlot, funnel_plots
from csdesk.analysis.performance.places import Ranking, rankings
from csdesk.analysis.performance.score import Scores, Scoring, shop_numbers
from csdesk.analysis.performance.strata import spread_of, strata_of
from csdesk.analysis.performance.team import ranked_metric, team_of
from csdesk.analysis.performance.weights import weighted
from csdesk.analysis.performance.workload import METRICS as WORKLOAD
from csdesk.analysis.performance.workload import Workload, workload
from csdesk.analysis.terms import unit_of
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import By, Unit

_SUMS = {Unit.COUNT, Unit.YUAN}
"""Sums beside the receptions are not compared with the span before: each question to the engine costs its time."""
_DURATIONS = {"first_response_mean": "first_response", "avg_response_mean": "avg_response"}

Told = tuple[
    Scores, tuple[Ranking, ...], tuple[FunnelPlot, ...], tuple[FairComparison, ...], Workload, tuple[Card, ...]
]  # fmt: skip


def performance_answers(facts: Facts, engine: Engine) -> tuple[Answer, ...]:
    """Scores, places, limits, fair comparison, workload and cards, in this order.

    Where only some people are chosen, they are still compared with everybody beside them; told are the chosen ones.
    """
    request = facts.request
    among = platforms_in(facts.total.get("satisfaction_rate"))
    chosen = request.selection.agents
    if chosen:
        everybody = replace(request, selection=replace(request.selection, agents=()))
        facts = Facts(engine, everybody, facts.metrics, watched=facts.watched)
    told = _told(facts, engine, among)
    if chosen:
        told = _only({str(row.key) for row in facts.by_agent if row.agent_id in chosen}, told)
    names = ("scores", "ranking", "funnel_plot", "fair_comparison", "workload", "agent_cards")
    return tuple(Answer(name, value) for name, value in zip(names, told, strict=True))


def _told(facts: Facts, engine: Engine, among: Sequence[Platform]) -> Told:
    request, metrics = facts.request, facts.metrics
    sessions = engine.table("session", request.selection)
    spreads = {metric: spread_of(sessions, column) for metric, column in _DURATIONS.items()}
    measured = [metric for metric in metrics if ranked_metric(metric)]
    known = {metric: spread for metric, spread in spreads.items() if spread}
    team = team_of(facts.people, known, among, rankings=len(measured) + 1)
    between = {metric: facts.spreads.of_people(metric) for metric in metrics if unit_of(metric) is Unit.RATE}
    strata = strata_of(sessions)
    components = weighted(request.weights)
    scoring = Scoring(team, components, shop_numbers(team, [one.metric for one in components]), request.targets)
    scores = scoring.answer()
    compared = [metric for metric in metrics if metric == "received" or unit_of(metric) not in _SUMS]
    before = facts.split(By.AGENT, compared, before=True) if facts.compared_period is not None else ()
    return (
        scores,
        rankings(team, scoring, scores.agents, measured, facts.not_people),
        funnel_plots(team, spreads=between),
        fair_comparisons(team, strata, between),
        workload(facts.by_agent, facts.split(By.AGENT, WORKLOAD), sessions),
        agent_cards(team, scoring, scores.agents, before, strata, spreads=between),
    )


def _only(names: set[str], told: Told) -> Told:
    """What concerns these people; they keep the places they have among all."""
    scores, ranked, plots, fair, work, cards = told
    rankings_ = (
        replace(
            one,
            places=tuple(row for row in one.places if row.agent in names),
            unranked=tuple(row for row in one.unranked if row.agent in names),
        )
        for one in ranked
    )
    plots_ = (
        replace(
            one,
            agents=tuple(dot for dot in one.agents if dot.agent in names),
            outside=tuple(name for name in one.outside if name in names),
        )
        for one in plots
    )
    fair_ = (
        replace(
            one,
            agents=tuple(row for row in one.agents if row.agent in names),
            misleading=tuple(case for case in one.misleading if names.intersection(case.agents)),
        )
        for one in fair
    )
    return (
        replace(scores, agents=tuple(one for one in scores.agents if one.agent in names)),
        tuple(one for one in rankings_ if one.places or one.unranked),
        tuple(one for one in plots_ if one.agents),
        tuple(one for one in fair_ if one.agents or one.status != "ok"),
        replace(work, agents=tuple(one for one in work.agents if one.agent in names)),
        tuple(card for card in cards if card.agent in names),
    )
