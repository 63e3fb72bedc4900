"""Shops and agents as files name them → rows of the store, made on the fly inside a load."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from csdesk.domain.identity import fold, parse_agent
from csdesk.domain.platforms import Platform
from csdesk.store.kinds import KINDS
from csdesk.store.shops import ASSUMED_NAMES, IS_DEMO, called


@dataclass(frozen=True, slots=True)
class AgentMore:
    """What else a file says of an agent; the store keeps the first it hears."""

    account: str | None = None
    team: str | None = None
    kind: str = "person"


_NOTHING_MORE = AgentMore()


class Identities:
    """Finds or makes the shops and agents of one batch; remembers them for the length of the load."""

    def __init__(self, conn: sqlite3.Connection, batch_id: int, platform: Platform) -> None:
        self._conn = conn
        self._batch = batch_id
        self._platform = platform
        self._shops: dict[tuple[str, bool], int] = {}
        self._agents: dict[tuple[int, str], int] = {}

    def shop(self, name: str, *, assumed: bool = False) -> int:
        """Id of the shop. A shop nobody had named yet takes the first name that comes for its platform."""
        known = self._shops.get((name, assumed))
        if known is None:
            known = self._find_shop(name, assumed)
            self._shops[name, assumed] = known
            self._conn.execute(
                """INSERT INTO batch_shop (batch_id, shop_id, named) VALUES (?, ?, ?)
                   ON CONFLICT (shop_id, batch_id) DO UPDATE SET named = max(named, excluded.named)""",
                (self._batch, known, not assumed),
            )
        return known

    def agent(self, shop_id: int, name: str, more: AgentMore = _NOTHING_MORE) -> int:
        """Id of the agent of that shop; a shop prefix still on the name is taken off."""
        known = self._agents.get((shop_id, name))
        if known is None:
            known = self._find_agent(shop_id, name, more)
            self._agents[shop_id, name] = known
        return known

    def _find_shop(self, name: str, assumed: bool) -> int:
        conn, key, platform = self._conn, fold(name), str(self._platform)
        row = conn.execute(
            "SELECT id, assumed, merged_into FROM shop WHERE platform = ? AND key = ?", (platform, key)
        ).fetchone()
        if row is not None and (row[2] or self._has_spellings(row[0])):
            conn.execute(
                "INSERT OR IGNORE INTO batch_spelling (batch_id, shop_id) VALUES (?, ?)", (self._batch, row[0])
            )
            if row[2]:
                return int(row[2])
        if row is None and (own := called(conn, name, self._platform)) is not None:
            row = conn.execute("SELECT id, assumed FROM shop WHERE id = ?", (own,)).fetchone()
        if row is None:
            # The owner's nameless shop must not become the example's, nor the other way round.
            nameless = conn.execute(
                f"""SELECT id FROM shop WHERE platform = ? AND assumed AND merged_into IS NULL
                    AND {IS_DEMO} = (SELECT is_demo FROM batch WHERE id = ?)""",
                (platform, self._batch),
            ).fetchone()
            if nameless is not None:
                row = (nameless[0], 1)
        if row is not None:
            if row[1] and not assumed:
                conn.execute("UPDATE shop SET name = ?, key = ?, assumed = 0 WHERE id = ?", (name, key, row[0]))
            return int(row[0])
        cursor = conn.execute(
            "INSERT INTO shop (platform, name, key, assumed) VALUES (?, ?, ?, ?)", (platform, name, key, assumed)
        )
        return int(cursor.lastrowid or 0)

    def _has_spellings(self, shop_id: int) -> bool:
        query = "SELECT 1 FROM shop WHERE merged_into = ? LIMIT 1"
        return self._conn.execute(query, (shop_id,)).fetchone() is not None

    def _find_agent(self, shop_id: int, text: str, more: AgentMore) -> int:
        who = parse_agent(text)
        row = self._conn.execute("SELECT id FROM agent WHERE shop_id = ? AND key = ?", (shop_id, who.key)).fetchone()
        if row is None:
            cursor = self._conn.execute(
                "INSERT INTO agent (shop_id, key, name, account, team, kind) VALUES (?, ?, ?, ?, ?, ?)",
                (shop_id, who.key, who.name, more.account, more.team, more.kind),
            )
            return int(cursor.lastrowid or 0)
        # Of several spellings of one name the shortest, then the first in code order is shown, whichever came first.
        self._conn.execute(
            """UPDATE agent SET account = coalesce(account, ?2), team = coalesce(team, ?3),
                                kind = CASE WHEN kind = 'person' THEN ?4 ELSE kind END,
                                name = CASE WHEN (length(?5), ?5) < (length(name), name) THEN ?5 ELSE name END
               WHERE id = ?1""",
            (row[0], more.account, more.team, more.kind, who.name),
        )
        return int(row[0])


def release(conn: sqlite3.Connection, batch_id: int) -> None:
    """After the facts of a batch are gone: shops only it named lose the name, agents and shops without facts go."""
    shops = [row[0] for row in conn.execute("SELECT shop_id FROM batch_shop WHERE batch_id = ?", (batch_id,))]
    conn.execute("DELETE FROM batch_shop WHERE batch_id = ?", (batch_id,))
    conn.execute("DELETE FROM batch_spelling WHERE batch_id = ?", (batch_id,))
    for shop_id in shops:
        drop_if_idle(conn, shop_id)


def drop_if_idle(conn: sqlite3.Connection, shop_id: int) -> None:
    """Agents without facts go; a shop no batch speaks of goes with its other spellings, one none names is nameless."""
    _remove_idle_agents(conn, shop_id)
    batches, named = conn.execute(
        "SELECT count(*), coalesce(max(named), 0) FROM batch_shop WHERE shop_id = ?", (shop_id,)
    ).fetchone()
    if not batches:
        gone = "(SELECT id FROM shop WHERE id = ?1 OR merged_into = ?1)"
        conn.execute(
            f"""UPDATE agent SET merged_into = NULL
                WHERE shop_id IN {gone} OR merged_into IN (SELECT id FROM agent WHERE shop_id IN {gone})""",
            (shop_id,),
        )
        conn.execute(f"DELETE FROM agent WHERE shop_id IN {gone}", (shop_id,))
        conn.execute("DELETE FROM shop WHERE merged_into = ?", (shop_id,))
        conn.execute("DELETE FROM shop WHERE id = ?", (shop_id,))
    elif not named:
        _forget_name(conn, shop_id)


def _remove_idle_agents(conn: sqlite3.Connection, shop_id: int) -> None:
    spoken_of = ["measure", *(f"{kind.name}_coverage" for kind in KINDS.values() if kind.has_agent)]
    idle = " ".join(f"AND id NOT IN (SELECT agent_id FROM {table} WHERE shop_id = ?1)" for table in spoken_of)
    conn.execute(
        f"""DELETE FROM agent WHERE shop_id = ?1 AND merged_into IS NULL AND owner_kind IS NULL {idle}
             AND id NOT IN (SELECT merged_into FROM agent WHERE merged_into IS NOT NULL)
             AND id NOT IN (SELECT agent_id FROM agent_team)""",
        (shop_id,),
    )


def _forget_name(conn: sqlite3.Connection, shop_id: int) -> None:
    platform = conn.execute("SELECT platform FROM shop WHERE id = ?", (shop_id,)).fetchone()[0]
    name = ASSUMED_NAMES[Platform(platform)]
    conn.execute(
        """UPDATE shop SET name = ?1, key = ?2, assumed = 1 WHERE id = ?3
           AND NOT EXISTS (SELECT 1 FROM shop AS other WHERE other.platform = ?4 AND other.id <> ?3
                           AND (other.assumed OR other.key = ?2))""",
        (name, fold(name), shop_id, platform),
    )
