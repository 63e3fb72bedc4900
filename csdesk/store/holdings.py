"""What the store holds at all: its days, shops and people."""

from __future__ import annotations

import sqlite3

from csdesk.domain.filters import UNGROUPED, Filter
from csdesk.domain.holdings import AgentFact, DataFacts, ShopFact
from csdesk.domain.period import from_epoch_day
from csdesk.store import agents, batches, shops
from csdesk.store.teams import Teams


def facts(conn: sqlite3.Connection) -> DataFacts:
    """Days, shops and people of the batches that are not undone; accounts that were merged count as their person."""
    span = batches.days_of_data(conn, Filter())
    names, team = agents.display_names(conn), Teams(conn)
    people = tuple(
        AgentFact(agent.id, names[agent.id], agent.shop_id, (team.of(agent.id, span[1]) if span else agent.team) or "")
        for agent in agents.all_agents(conn)
        if agent.person == agent.id
    )
    groups = team.names
    return DataFacts(
        first_day=from_epoch_day(span[0]) if span else None,
        last_day=from_epoch_day(span[1]) if span else None,
        shops=tuple(ShopFact(shop.id, shop.name, shop.platform) for shop in shops.all_shops(conn)),
        agents=people,
        demo=batches.has_demo(conn),
        groups=(*groups, UNGROUPED) if groups and not all(one.team for one in people) else tuple(groups),
    )
