"""Invitations agent by agent, as the page's table shows them."""

from __future__ import annotations

from dataclasses import dataclass

from csdesk.analysis.facts import Facts
from csdesk.charts.build import number
from csdesk.metrics.model import MetricRow


@dataclass(frozen=True, slots=True)
class AgentRate:
    """A rate with what it rests on; ``value`` None: not known."""

    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None
    small: bool


@dataclass(frozen=True, slots=True)
class AgentInvites:
    """One agent; ``kind``: person | robot | main | shared (only people are ranked)."""

    key: str
    kind: str
    received: float | None
    invites_sent: float | None
    ratings_received: float | None
    invite_rate: AgentRate
    review_rate: AgentRate
    satisfaction_rate: AgentRate


def by_agent(facts: Facts) -> tuple[AgentInvites, ...]:
    """Everybody, most receptions first."""
    rows = sorted(facts.by_agent, key=lambda row: (-(number(row.values.get("received")) or 0.0), str(row.key)))
    return tuple(_one(row) for row in rows)


def _one(row: MetricRow) -> AgentInvites:
    received, sent, ratings = (
        number(row.values.get(metric)) for metric in ("received", "invites_sent", "ratings_received")
    )
    rates = {metric: _rate(row, metric) for metric in ("invite_rate", "review_rate", "satisfaction_rate")}
    return AgentInvites(str(row.key), row.kind, received, sent, ratings, **rates)


def _rate(row: MetricRow, metric: str) -> AgentRate:
    value = row.values.get(metric)
    if value is None:
        return AgentRate(None, None, None, None, None, small=False)
    return AgentRate(number(value), value.numerator, value.denominator, value.low, value.high, value.small)
