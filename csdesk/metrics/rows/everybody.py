"""Who and what there is, whatever the selection: names of shops, people and files."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from csdesk.metrics.facts import Facts, ShopInfo
from csdesk.store import agents, batches, shops


@dataclass(frozen=True, slots=True)
class Everybody:
    """``names`` are facts without numbers; ``shop_of`` says the shop of a person."""

    names: Facts
    shop_of: dict[int, int]


def read_everybody(conn: sqlite3.Connection) -> Everybody:
    """Read it all; a few rows a shop and person."""
    people = [agent for agent in agents.all_agents(conn) if agent.id == agent.person]
    return Everybody(
        Facts(
            shops={shop.id: ShopInfo(shop.name, shop.platform) for shop in shops.all_shops(conn)},
            names={person.id: person.name for person in people},
            files=batches.file_names(conn),
            kinds={person.id: person.kind for person in people},
        ),
        {person.id: person.shop_id for person in people},
    )
