"""The further answers of the page 客服绩效, out of what the page has asked already and two questions more."""

from __future__ import annotations

from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer, Engine
from csdesk.analysis.performance.cards import agent_cards
from csdesk.analysis.performance.fair import fair_comparisons
from csdesk.analysis.performance.funnel_plot import funnel_plots
from csdesk.analysis.performance.places import rankings
from csdesk.analysis.performance.score import Scoring, shop_numbers
from csdesk.analysis.performance.strata import spread_of, strata_of
from csdesk.analysis.performance.team import ranked_metric, team_of
from csdesk.analysis.performance.weights import weighted
from csdesk.analysis.performance.workload import METRICS as WORKLOAD
from csdesk.analysis.performance.workload import workload
from csdesk.analysis.terms import unit_of
from csdesk.metrics.model import By, Unit

_SUMS = {Unit.COUNT, Unit.YUAN}
"""Sums beside the receptions are not compared with the span before: each question to the engine costs its time."""
_DURATIONS = {"first_response_mean": "first_response", "avg_response_mean": "avg_response"}


def performance_answers(facts: Facts, engine: Engine) -> tuple[Answer, ...]:
    """Scores, places, limits, fair comparison, workload and cards, in this order."""
    request, metrics = facts.request, facts.metrics
    sessions = engine.table("session", request.selection)
    spreads = {metric: spread_of(sessions, column) for metric, column in _DURATIONS.items()}
    team = team_of(facts.people, {metric: spread for metric, spread in spreads.items() if spread})
    strata = strata_of(sessions)
    components = weighted(request.weights)
    scoring = Scoring(team, components, shop_numbers(team, [one.metric for one in components]), request.targets)
    scores = scoring.answer()
    measured = [metric for metric in metrics if ranked_metric(metric)]
    compared = [metric for metric in metrics if metric == "received" or unit_of(metric) not in _SUMS]
    before = facts.split(By.AGENT, compared, before=True) if facts.compared_period is not None else ()
    return (
        Answer("scores", scores),
        Answer("ranking", rankings(team, scoring, scores.agents, measured, facts.not_people)),
        Answer("funnel_plot", funnel_plots(team)),
        Answer("fair_comparison", fair_comparisons(team, strata)),
        Answer("workload", workload(facts.by_agent, facts.split(By.AGENT, WORKLOAD), sessions)),
        Answer("agent_cards", agent_cards(team, scoring, scores.agents, before, strata)),
    )
