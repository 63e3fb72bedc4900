"""Agents: the people (and robots) who answer."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from csdesk.domain.identity import fold
from csdesk.store import batches
from csdesk.store.shops import SHOWN_NAME

KINDS = ("person", "robot", "main", "shared")


@dataclass(frozen=True, slots=True)
class Agent:
    """One account of one shop. ``person`` is the id of the final person after merges (own id if not merged).

    ``kind``: person | robot | main | shared; ``kind_from_owner``: the owner said so, files only suggest. ``team`` is
    what files say; the owner's groups with their dates are in :mod:`csdesk.store.teams`.
    """

    id: int
    shop_id: int
    name: str
    account: str | None
    team: str | None
    kind: str
    person: int
    kind_from_owner: bool = False


def all_agents(conn: sqlite3.Connection) -> list[Agent]:
    """Every agent account that has facts, by shop and name."""
    rows = conn.execute(
        """SELECT id, shop_id, name, account, team, coalesce(owner_kind, kind), coalesce(merged_into, id),
                  owner_kind IS NOT NULL
           FROM agent WHERE shop_id NOT IN (SELECT id FROM shop WHERE merged_into IS NOT NULL)
           ORDER BY shop_id, name, id"""
    )
    return [
        Agent(id_, shop, name, account, team, kind, person, bool(by_owner))
        for id_, shop, name, account, team, kind, person, by_owner in rows
    ]


def display_names(conn: sqlite3.Connection) -> dict[int, str]:
    """Agent id → name on the screen: without the shop, ``店铺:名`` only where two people of two shops share a name.

    Accounts merged into a person have that person's name.
    """
    agents = all_agents(conn)
    people = [agent for agent in agents if agent.person == agent.id]
    shops = _shop_names(conn)
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
    shops = _shop_names(conn)
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


def _shop_names(conn: sqlite3.Connection) -> dict[int, str]:
    return dict(conn.execute(f"SELECT id, {SHOWN_NAME} FROM shop").fetchall())


def merge(conn: sqlite3.Connection, account: int, person: int | None) -> None:
    """Count ``account`` as ``person`` from now on (None: as itself again). Reversible; facts stay where they are."""
    if person is not None:
        person = conn.execute("SELECT coalesce(merged_into, id) FROM agent WHERE id = ?", (person,)).fetchone()[0]
    if person == account:
        person = None
    conn.execute("UPDATE agent SET merged_into = ? WHERE id = ? OR merged_into = ?", (person, account, account))
    batches.raise_data_version(conn)


def restore_merges(conn: sqlite3.Connection, before: Mapping[int, int | None]) -> None:
    """Make the merges of these agents what they were, as far as they are still there."""
    there = {row[0] for row in conn.execute("SELECT id FROM agent")}
    conn.executemany(
        "UPDATE agent SET merged_into = ? WHERE id = ?",
        ((person if person in there else None, agent) for agent, person in before.items() if agent in there),
    )
    batches.raise_data_version(conn)


def set_kind(conn: sqlite3.Connection, agent: int, kind: str | None) -> None:
    """What the owner says an agent is (person | robot | main | shared); None leaves it to the files again."""
    if kind not in (None, *KINDS):
        raise ValueError(f"no such kind of agent: {kind}")
    conn.execute("UPDATE agent SET owner_kind = ? WHERE id = ?", (kind, agent))
    batches.raise_data_version(conn)
