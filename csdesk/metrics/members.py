"""People as members of groups: the facts cut where somebody changes his group.

A *member* is one person in one group. Its number stands in the place of the agent's, so that the engine's lanes are
members; everything else about the engine stays as it is. A report over days of several groups cannot be cut: each of
the members gets it marked ``split``, and it counts for none of them.
"""

from __future__ import annotations

from dataclasses import replace

from csdesk.domain.filters import Filter
from csdesk.metrics.facts import SHOP_AS_A_WHOLE, Facts, Report
from csdesk.store.teams import Teams


class Members:
    """Numbers from 1 for (person, group) pairs."""

    def __init__(self, teams: Teams) -> None:
        self._teams = teams
        self._numbers: dict[tuple[int, str], int] = {}
        self._known: list[tuple[int, str]] = [(SHOP_AS_A_WHOLE, "")]

    def number(self, person: int, group: str) -> int:
        """The member's number, a new one if it is new."""
        key = (person, group)
        if key not in self._numbers:
            self._numbers[key] = len(self._known)
            self._known.append(key)
        return self._numbers[key]

    def person(self, member: int) -> int:
        """Whose number it is; 0 = the shop as a whole."""
        return self._known[member][0]

    def group(self, member: int) -> str:
        """In which group; "" for the shop as a whole."""
        return self._known[member][1]

    def on(self, person: int, day: int) -> int:
        """The member a person is on a day."""
        return self.during(person, day, day)[0][0]

    def during(self, person: int, first: int, last: int) -> list[tuple[int, int, int]]:
        """(member, first, last) by time."""
        return [
            (self.number(person, group), start, end) for group, start, end in self._teams.during(person, first, last)
        ]

    def chosen(self, member: int, selection: Filter) -> bool:
        """Whether a selection by people and groups holds a member."""
        person, group = self._known[member]
        by_person = not selection.agents or person in selection.agents
        return by_person and (not selection.groups or group in selection.groups)


def by_members(facts: Facts, teams: Teams) -> Facts:
    """The same facts with members in the place of agents."""
    members = Members(teams)
    reports: list[Report] = []
    for report in facts.reports:
        if report.agent == SHOP_AS_A_WHOLE:
            reports.append(report)
            continue
        found = {member for member, _, _ in members.during(report.agent, report.first, report.last)}
        reports += [replace(report, agent=member, split=len(found) > 1) for member in sorted(found)]
    return replace(
        facts,
        reports=reports,
        covered=[
            replace(one, agent=member, first=first, last=last)
            for one in facts.covered
            for member, first, last in members.during(one.agent, one.first, one.last)
        ],
        session_sums=facts.session_sums.with_agents(members.during),
        category_sums=facts.category_sums.with_agents(members.during),
        ruled=[
            replace(one, agent=whole[0][0])
            for one in facts.ruled
            if len(whole := _members_of(members, one.agent, one.first, one.last)) == 1
        ],
        members=members,
    )


def _members_of(members: Members, person: int, first: int, last: int) -> list[tuple[int, int, int]]:
    """The members of a person's days; the shop as a whole stays itself."""
    return [(SHOP_AS_A_WHOLE, first, last)] if person == SHOP_AS_A_WHOLE else members.during(person, first, last)
