"""What needs looking at: days and drifts that chance does not explain, and days whose data are missing."""

from __future__ import annotations

from collections.abc import Sequence

from csdesk.analysis.attention.gaps import gaps_of
from csdesk.analysis.attention.judging import judge
from csdesk.analysis.attention.people import agents_of
from csdesk.analysis.attention.sentences import attention_to
from csdesk.analysis.attention.signals import signals_of
from csdesk.analysis.attention.window import asked_period, window_of
from csdesk.analysis.frame import Attention, Engine, PageRequest
from csdesk.analysis.terms import declared
from csdesk.metrics.daily import Daily

AGENT_RATES = (
    "satisfaction_rate",
    "invite_rate",
    "review_rate",
    "resolution_rate",
    "conversion_rate",
    "response_3min_rate",
)
"""What is watched agent by agent."""


def attention_of(
    engine: Engine, request: PageRequest, metrics: Sequence[str], *, by_agent: bool = False
) -> tuple[Attention, ...]:
    """What to look at among ``metrics``; ``by_agent``: among their rates agent by agent too.

    Silent where too little is known: fewer than three weeks before the days in question, fewer than 30 (a setting)
    behind a number, numbers that are not final.
    """
    wanted = declared(metrics)
    selection = request.selection
    daily = engine.daily(selection.during(asked_period(selection)), wanted)
    return attention_in(daily, request, wanted, by_agent=by_agent)


def attention_in(
    daily: Daily, request: PageRequest, wanted: Sequence[str], *, by_agent: bool = False
) -> tuple[Attention, ...]:
    """:func:`attention_of` of counts by day at hand."""
    window = window_of(daily, request)
    if window is None:
        return gaps_of(request)
    watched = [metric for metric in wanted if metric in AGENT_RATES] if by_agent else []
    judged = judge(window, wanted, watched, daily.small)
    whole = signals_of(window, judged, daily.small)
    found = [*whole, *agents_of(window, judged, whole, daily.small)]
    return (*(attention_to(signal, window) for signal in found), *gaps_of(request))
