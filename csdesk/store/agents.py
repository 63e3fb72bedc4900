"""Agents: the people (and robots) who answer."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

from csdesk.domain.identity import fold


@dataclass(frozen=True, slots=True)
class Agent:
    """One account of one shop. ``person`` is the id of the final person after merges (own id if not merged).

    ``kind``: person | robot | main | shared.
    """

    id: int
    shop_id: int
    name: str
    account: str | None
    team: str | None
    kind: str
    person: int


def all_agents(conn: sqlite3.Connection) -> list[Agent]:
    """Every agent account that has facts, by shop and name."""
    rows = conn.execute(
        """SELECT id, shop_id, name, account, team, kind, coalesce(merged_into, id)
           FROM agent ORDER BY shop_id, name, id"""
    )
    return [Agent(*row) for row in rows]


def display_names(conn: sqlite3.Connection) -> dict[int, str]:
    """Agent id → name on the screen: without the shop, ``店铺:名`` only where two people of two shops share a name.

    Accounts merged into a person have that person's name.
    """
    agents = all_agents(conn)
    people = [agent for agent in agents if agent.person == agent.id]
    shops = {row[0]: row[1] for row in conn.execute("SELECT id, name FROM shop")}
    uses = Counter(fold(agent.name) for agent in people)
    names = {
        agent.id: agent.name if uses[fold(agent.name)] == 1 else f"{shops[agent.shop_id]}:{agent.name}"
        for agent in people
    }
    return {agent.id: names[agent.person] for agent in agents}


def find(conn: sqlite3.Connection, name: str) -> list[Agent]:
    """The people (not merged accounts) that ``name`` or ``店铺:名`` means, compared folded; also by account name."""
    wanted = fold(name)
    names = display_names(conn)
    shops = {row[0]: row[1] for row in conn.execute("SELECT id, name FROM shop")}
    agents = all_agents(conn)
    hits = {
        agent.person
        for agent in agents
        if wanted
        in (
            fold(agent.name),
            fold(names[agent.id]),
            fold(f"{shops[agent.shop_id]}:{agent.name}"),
            fold(agent.account or ""),
        )
    }
    return [agent for agent in agents if agent.id in hits]


def merge(conn: sqlite3.Connection, account: int, person: int | None) -> None:
    """Count ``account`` as ``person`` from now on (None: as itself again). Reversible; facts stay where they are."""
    if person is not None:
        person = conn.execute("SELECT coalesce(merged_into, id) FROM agent WHERE id = ?", (person,)).fetchone()[0]
    if person == account:
        person = None
    conn.execute("UPDATE agent SET merged_into = ? WHERE id = ? OR merged_into = ?", (person, account, account))
