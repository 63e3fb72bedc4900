"""Groups with dates: who belonged to 售前 or 售后, 早班 or 晚班, and when, as the owner says."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from csdesk.domain.filters import UNGROUPED
from csdesk.errors import UserFault
from csdesk.store import batches


@dataclass(frozen=True, slots=True)
class TeamSpan:
    """An agent in a group from ``first_day`` to ``last_day`` (epoch days, both included; None = until further word)."""

    agent_id: int
    team: str
    first_day: int
    last_day: int | None


class Teams:
    """The groups of everybody, read once: :meth:`of` answers for any day.

    The owner's word about the person comes first, then what he said of an account before it was merged, then the files.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        rows = conn.execute("SELECT id, coalesce(merged_into, id), team FROM agent ORDER BY id").fetchall()
        self._person = {row[0]: row[1] for row in rows}
        said: dict[int, list[TeamSpan]] = {}
        for span in spans(conn):
            said.setdefault(span.agent_id, []).append(span)
        self._spans: dict[int, list[TeamSpan]] = {}
        self._from_files: dict[int, str] = {}
        for account, person, team in sorted(rows, key=lambda row: (row[0] != row[1], row[0])):
            if account in said:
                self._spans.setdefault(person, []).extend(said[account])
            if team:
                self._from_files.setdefault(person, team)

    def of(self, agent_id: int, day: int) -> str | None:
        """The group of an agent (or of the person he is merged into) on a day; None = in none."""
        person = self._person.get(agent_id, agent_id)
        for span in self._spans.get(person, ()):
            if span.first_day <= day and (span.last_day is None or day <= span.last_day):
                return span.team
        return self._from_files.get(person)

    def during(self, agent_id: int, first: int, last: int) -> list[tuple[str, int, int]]:
        """(group, first, last) by time: the days ``first``..``last`` of an agent cut where his group changes.

        Days in no group are of :data:`UNGROUPED`.
        """
        person = self._person.get(agent_id, agent_id)
        bounds = {first}
        for span in self._spans.get(person, ()):
            bounds.add(span.first_day)
            if span.last_day is not None:
                bounds.add(span.last_day + 1)
        starts = sorted(day for day in bounds if first <= day <= last)
        found: list[tuple[str, int, int]] = []
        for start, end in zip(starts, [*(day - 1 for day in starts[1:]), last], strict=True):
            group = self.of(person, start) or UNGROUPED
            if found and found[-1][0] == group:
                found[-1] = (group, found[-1][1], end)
            else:
                found.append((group, start, end))
        return found

    @property
    def names(self) -> list[str]:
        """All groups there are, by name."""
        return sorted({span.team for spans in self._spans.values() for span in spans} | {*self._from_files.values()})


def spans(conn: sqlite3.Connection) -> list[TeamSpan]:
    """All the owner's spans, by agent and day; those of one agent do not overlap."""
    rows = conn.execute("SELECT agent_id, team, first_day, last_day FROM agent_team ORDER BY agent_id, first_day")
    return [TeamSpan(*row) for row in rows]


def assign(conn: sqlite3.Connection, span: TeamSpan) -> None:
    """Put an agent into a group for some days; what was said before about these days gives way.

    Raises UserFault for a name that is none.
    """
    if not span.team.strip() or span.team == UNGROUPED:
        raise UserFault("组名不能为空，也不能叫“未分组”。", "请写一个组名，例如 售前、晚班。")
    clear(conn, span.agent_id, span.first_day, span.last_day)
    conn.execute(
        "INSERT INTO agent_team (agent_id, first_day, last_day, team) VALUES (?, ?, ?, ?)",
        (span.agent_id, span.first_day, span.last_day, span.team),
    )


def replace_all(conn: sqlite3.Connection, people: Sequence[int], said: Iterable[TeamSpan]) -> None:
    """Make ``said`` everything that is said of these people, as far as they are still there."""
    there = {row[0] for row in conn.execute("SELECT id FROM agent")}
    conn.executemany("DELETE FROM agent_team WHERE agent_id = ?", ((one,) for one in people))
    conn.executemany(
        "INSERT INTO agent_team (agent_id, first_day, last_day, team) VALUES (?, ?, ?, ?)",
        ((span.agent_id, span.first_day, span.last_day, span.team) for span in said if span.agent_id in there),
    )
    batches.raise_data_version(conn)


def clear(conn: sqlite3.Connection, agent_id: int, first_day: int, last_day: int | None = None) -> None:
    """Forget an agent's groups from ``first_day`` to ``last_day`` (None = for good); spans reaching over are cut."""
    if last_day is not None and last_day < first_day:
        raise ValueError("a span ends before it begins")
    old = [span for span in spans(conn) if span.agent_id == agent_id]
    conn.execute("DELETE FROM agent_team WHERE agent_id = ?", (agent_id,))
    kept: list[tuple[int, int, int | None, str]] = []
    for span in old:
        if span.last_day is not None and span.last_day < first_day:
            kept.append((agent_id, span.first_day, span.last_day, span.team))
            continue
        if span.first_day < first_day:
            kept.append((agent_id, span.first_day, first_day - 1, span.team))
        if last_day is not None and (span.last_day is None or span.last_day > last_day):
            kept.append((agent_id, max(span.first_day, last_day + 1), span.last_day, span.team))
    conn.executemany("INSERT INTO agent_team (agent_id, first_day, last_day, team) VALUES (?, ?, ?, ?)", kept)
    batches.raise_data_version(conn)
