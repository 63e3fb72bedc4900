"""A Filter as SQL: shared by the read modules."""

from __future__ import annotations

from csdesk.domain.filters import Filter
from csdesk.domain.period import to_epoch_day

Parameters = list[int | str]

FINAL_AGENT = "coalesce((SELECT merged_into FROM agent WHERE agent.id = {0}.agent_id), {0}.agent_id)"
"""The person an account belongs to after merges; 0 (the shop as a whole) stays 0."""


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
    """:func:`shops_and_agents` and ``table.day`` inside the period."""
    condition, parameters = shops_and_agents(selection, table)
    if selection.period is not None:
        condition += f" AND {table}.day BETWEEN ? AND ?"
        parameters += [to_epoch_day(selection.period.first), to_epoch_day(selection.period.last)]
    return condition, parameters


def touching_spans(selection: Filter, table: str) -> tuple[str, Parameters]:
    """:func:`shops_and_agents` and ``first_day``..``last_day`` sharing at least a day with the period."""
    condition, parameters = shops_and_agents(selection, table)
    if selection.period is not None:
        condition += f" AND {table}.first_day <= ? AND {table}.last_day >= ?"
        parameters += [to_epoch_day(selection.period.last), to_epoch_day(selection.period.first)]
    return condition, parameters


def _marks(values: tuple[int, ...]) -> str:
    return ", ".join("?" * len(values))
