"""A Filter as SQL: shared by the read modules."""

from __future__ import annotations

from csdesk.domain.filters import UNGROUPED, Filter
from csdesk.domain.period import to_epoch_day

Parameters = list[int | str]

FINAL_AGENT = "coalesce((SELECT merged_into FROM agent WHERE agent.id = {0}.agent_id), {0}.agent_id)"
"""The person an account belongs to after merges; 0 (the shop as a whole) stays 0."""


def group_on_day(table: str) -> str:
    """The group of ``table.agent_id`` on ``table.day``, as :meth:`csdesk.store.teams.Teams.of` says it."""
    person, same = FINAL_AGENT.format(table), "coalesce(a.merged_into, a.id)"
    return f"""coalesce(
        (SELECT t.team FROM agent AS a JOIN agent_team AS t ON t.agent_id = a.id
         WHERE {same} = {person} AND {table}.day BETWEEN t.first_day AND coalesce(t.last_day, {table}.day)
         ORDER BY a.id <> {same}, a.id LIMIT 1),
        (SELECT a.team FROM agent AS a WHERE {same} = {person} AND a.team <> ''
         ORDER BY a.id <> {same}, a.id LIMIT 1),
        '{UNGROUPED}')"""


def shops_and_agents(selection: Filter, table: str) -> tuple[str, Parameters]:
    """Condition and parameters for ``table.shop_id`` and ``table.agent_id`` (accounts of merged people included)."""
    conditions = ["1"]
    parameters: Parameters = []
    if selection.shops:
        conditions.append(f"{table}.shop_id IN ({_marks(selection.shops)})")
        parameters += selection.shops
    if selection.platform is not None:
        conditions.append(f"{table}.shop_id IN (SELECT id FROM shop WHERE platform = ?)")
        parameters.append(str(selection.platform))
    if selection.agents:
        marks = _marks(selection.agents)
        conditions.append(f"{table}.agent_id IN (SELECT id FROM agent WHERE coalesce(merged_into, id) IN ({marks}))")
        parameters += selection.agents
    return " AND ".join(conditions), parameters


def on_days(selection: Filter, table: str) -> tuple[str, Parameters]:
    """:func:`shops_and_agents`, ``table.day`` inside the period, and the agent in one of the groups on that day."""
    condition, parameters = shops_and_agents(selection, table)
    if selection.groups:
        condition += f" AND {table}.agent_id > 0 AND {group_on_day(table)} IN ({_marks(selection.groups)})"
        parameters += selection.groups
    if selection.period is not None:
        condition += f" AND {table}.day BETWEEN ? AND ?"
        parameters += [to_epoch_day(selection.period.first), to_epoch_day(selection.period.last)]
    return condition, parameters


def touching_spans(selection: Filter, table: str) -> tuple[str, Parameters]:
    """:func:`shops_and_agents` and ``first_day``..``last_day`` sharing at least a day with the period.

    Groups do not narrow it: what spans days may lie in several (the metric engine tells them apart).
    """
    condition, parameters = shops_and_agents(selection, table)
    if selection.period is not None:
        condition += f" AND {table}.first_day <= ? AND {table}.last_day >= ?"
        parameters += [to_epoch_day(selection.period.last), to_epoch_day(selection.period.first)]
    return condition, parameters


def _marks(values: tuple[int, ...] | tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))
