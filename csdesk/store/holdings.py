"""What the store holds at all: its days, shops and people."""

from __future__ import annotations

import sqlite3

from csdesk.domain.filters import Filter
from csdesk.domain.holdings import AgentFact, DataFacts, ShopFact
from csdesk.domain.period import from_epoch_day
from csdesk.store import agents, batches, shops


def facts(conn: sqlite3.Connection) -> DataFacts:
    """Days, shops and people of the batches that are not undone; accounts that were merged count as their person."""
    span = batches.days_of_data(conn, Filter())
    names = agents.display_names(conn)
    return DataFacts(
        first_day=from_epoch_day(span[0]) if span else None,
        last_day=from_epoch_day(span[1]) if span else None,
        shops=tuple(ShopFact(shop.id, shop.name, shop.platform) for shop in shops.all_shops(conn)),
        agents=tuple(
            AgentFact(agent.id, names[agent.id], agent.shop_id, agent.team or "")
            for agent in agents.all_agents(conn)
            if agent.person == agent.id
        ),
        demo=batches.has_demo(conn),
    )
