"""Which agents may be one person: suggested to the owner, who confirms or refuses. Nothing merges by itself."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from csdesk.domain.identity import fold
from csdesk.domain.period import from_epoch_day
from csdesk.store.agents import Agent, all_agents
from csdesk.store.kinds import KINDS

_SHORTEST_NAME = 2
_PUT_ON = re.compile(r"[\W\d_]+")  # what is put on a nickname to tell accounts apart: 小美1, 小美-2, 小_美


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``account`` may be the same person as ``person``, both agents of one shop.

    ``reason``: account (one 客服账号, two nicknames at the same time) | renamed (one 客服账号, one name ends before the
    other begins) | account_as_name (a file shows the 客服账号 where others show the nickname) | spelling (equal but for
    digits, case, spaces and signs). ``sentence`` says it in Chinese. ``sure``: only for ``spelling`` it is a guess.
    """

    account: int
    person: int
    reason: str
    sentence: str

    @property
    def sure(self) -> bool:
        """Whether the platform itself says it is one account."""
        return self.reason != "spelling"


def suggestions(conn: sqlite3.Connection) -> list[Suggestion]:
    """Pairs worth asking about, the sure ones first; neither merged already nor refused by the owner."""
    apart = set(refused(conn))
    spans = active(conn)
    by_shop: dict[int, list[Agent]] = {}
    for agent in all_agents(conn):
        by_shop.setdefault(agent.shop_id, []).append(agent)
    found = []
    for agents in by_shop.values():
        for one, other in _candidates(agents):
            if one.person == other.person or (min(one.id, other.id), max(one.id, other.id)) in apart:
                continue
            suggestion = _judge(one, other, spans)
            if suggestion is not None:
                found.append(suggestion)
    return sorted(found, key=lambda one: (not one.sure, one.account, one.person))


def refuse(conn: sqlite3.Connection, one: int, other: int) -> None:
    """The owner says these are two people: not suggested again."""
    conn.execute("INSERT OR IGNORE INTO agent_distinct (one, other) VALUES (?, ?)", (min(one, other), max(one, other)))


def allow(conn: sqlite3.Connection, one: int, other: int) -> None:
    """Take back :func:`refuse`."""
    conn.execute("DELETE FROM agent_distinct WHERE one = ? AND other = ?", (min(one, other), max(one, other)))


def refused(conn: sqlite3.Connection) -> list[tuple[int, int]]:
    """The pairs of :func:`refuse`."""
    return conn.execute("SELECT one, other FROM agent_distinct ORDER BY one, other").fetchall()


def _candidates(agents: list[Agent]) -> Iterator[tuple[Agent, Agent]]:
    """Pairs that share an account or a bare name, each once."""
    groups: dict[str, dict[int, Agent]] = {}
    for agent in agents:
        keys = {f"account {fold(agent.account)}" if agent.account else "", f"account {fold(agent.name)}"}
        bare = _bare(agent.name)
        keys.add(f"name {bare}" if len(bare) >= _SHORTEST_NAME else "")
        for key in keys - {""}:
            groups.setdefault(key, {})[agent.id] = agent
    pairs = {
        (one.id, other.id): (one, other)
        for group in groups.values()
        for one, other in combinations(sorted(group.values(), key=lambda agent: agent.id), 2)
    }
    yield from pairs.values()


def _judge(one: Agent, other: Agent, spans: dict[int, tuple[int, int]]) -> Suggestion | None:
    accounts = {fold(agent.account) for agent in (one, other) if agent.account}
    if one.account and other.account and len(accounts) == 1:
        return _same_account(one, other, spans)
    for shown, named in ((one, other), (other, one)):
        if named.account and fold(shown.name) == fold(named.account):
            sentence = f"“{shown.name}”是“{named.name}”的客服账号。"
            return Suggestion(shown.id, named.id, "account_as_name", sentence)
    if len(accounts) > 1 or _bare(one.name) != _bare(other.name) or {one.kind, other.kind} != {"person"}:
        return None
    account, person = sorted((one, other), key=lambda agent: (len(agent.name), agent.name), reverse=True)
    sentence = f"“{account.name}”和“{person.name}”只差数字、大小写或符号，可能是同一个人。"
    return Suggestion(account.id, person.id, "spelling", sentence)


def _same_account(one: Agent, other: Agent, spans: dict[int, tuple[int, int]]) -> Suggestion:
    """The name used last is the person's; the earlier one is merged into it."""
    early, late = sorted((one, other), key=lambda agent: (spans.get(agent.id, (0, 0))[::-1], agent.id))
    shared = f"“{early.name}”和“{late.name}”的客服账号都是 {late.account}"
    if early.id in spans and late.id in spans and spans[early.id][1] < spans[late.id][0]:
        last, first = _said(spans[early.id][1]), _said(spans[late.id][0])
        sentence = f"{shared}，前一个名字用到 {last}，后一个从 {first}开始，应是改了名。"
        return Suggestion(early.id, late.id, "renamed", sentence)
    return Suggestion(early.id, late.id, "account", f"{shared}，应是同一个人。")


def active(conn: sqlite3.Connection) -> dict[int, tuple[int, int]]:
    """Agent → first and last epoch day with facts of his own."""
    sources = [
        # Distinct spans first: few among very many cells, which grouping would sort.
        """SELECT agent_id, min(first_day), max(last_day) FROM (
             SELECT DISTINCT agent_id, first_day, last_day FROM measure WHERE effective AND agent_id <> 0)
           GROUP BY 1""",
        "SELECT agent_id, min(day), max(day) FROM session_day GROUP BY 1",
    ]
    sources += [
        f"""SELECT agent_id, min(first_day), max(last_day) FROM {kind.name}_coverage
            WHERE agent_id <> 0 AND first_day <= last_day GROUP BY 1"""
        for kind in KINDS.values()
        if kind.has_agent and not kind.rolled_up
    ]
    rows = conn.execute(
        f"""WITH told (agent_id, first_day, last_day) AS ({" UNION ALL ".join(sources)})
            SELECT agent_id, min(first_day), max(last_day) FROM told GROUP BY 1"""
    )
    return {agent: (first, last) for agent, first, last in rows}


def _bare(name: str) -> str:
    return _PUT_ON.sub("", fold(name))


def _said(day: int) -> str:
    said = from_epoch_day(day)
    return f"{said.year} 年 {said.month} 月 {said.day} 日"
