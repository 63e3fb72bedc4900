"""Everything the engine needs of a selection, read once: reports, session sums, names.

The engine itself never sees the store: tests build :class:`Facts` by hand.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from csdesk.domain.filters import Filter
from csdesk.domain.period import to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.metrics.definitions import DERIVED, NONE_WITHOUT
from csdesk.metrics.quantities import Reported, amount
from csdesk.metrics.sum_rows import SumRows
from csdesk.store import agents, batches, cleaned, measures, outlier_rules, sessions, shops
from csdesk.store.outlier_rules import Rules
from csdesk.store.session_sums import SUM_NAMES

if TYPE_CHECKING:
    from csdesk.metrics.members import Members

SHOP_AS_A_WHOLE = 0
"""``agent`` of facts that no agent has."""


@dataclass(frozen=True, slots=True)
class ShopInfo:
    """A shop as the engine knows it."""

    name: str
    platform: Platform


@dataclass(slots=True)
class Report:
    """What one source says of one account and span. ``agent`` is the final person, ``account`` the one named.

    ``split``: its days belong to several groups, so it counts for none (see :mod:`csdesk.metrics.members`).
    """

    shop: int
    agent: int
    account: int
    first: int
    last: int
    source: str
    measures: dict[str, Reported]
    split: bool = False


@dataclass(frozen=True, slots=True)
class Covered:
    """Days for which a session file speaks for an agent; ``fields`` are the columns it has."""

    shop: int
    agent: int
    first: int
    last: int
    fields: frozenset[str]
    batch: int = 0


@dataclass(frozen=True, slots=True)
class Ruled:
    """How many rows (of reports: cells) of an agent and span a rule of the owner is about."""

    rule: int
    shop: int
    agent: int
    first: int
    last: int
    number: int


@dataclass(slots=True)
class Facts:
    """A selection's facts. Days are epoch days.

    ``session_sums`` and ``category_sums`` come from the roll-ups.
    ``window`` is the selection's period, ``kinds`` what an agent is (person, robot, main, shared). ``rules`` are the
    owner's about odd values, which all the facts follow, ``ruled`` what they are about. With ``members`` the agents
    of facts are numbers of these, while ``names`` and ``kinds`` go by person all the same.
    """

    shops: dict[int, ShopInfo]
    names: dict[int, str]
    files: dict[int, str]
    reports: list[Report] = field(default_factory=list)
    covered: list[Covered] = field(default_factory=list)
    session_sums: SumRows = field(default_factory=lambda: SumRows.of_days(()))
    category_sums: SumRows = field(default_factory=lambda: SumRows.of_categories(()))
    window: tuple[int, int] | None = None
    by_agents: bool = False
    kinds: dict[int, str] = field(default_factory=dict)
    rules: Rules = ()
    ruled: list[Ruled] = field(default_factory=list)
    members: Members | None = None


def read_facts(
    conn: sqlite3.Connection,
    selection: Filter,
    *,
    categories: bool = False,
    rules: Rules | None = None,
    sums: tuple[str, ...] = SUM_NAMES,
) -> Facts:
    """Read a selection from the store; ``categories`` cost more and are read on demand.

    ``rules``: about odd values; the owner's where None is given, () for the facts as they were imported. ``sums``: of
    session rows, in the order of SUM_NAMES.
    """
    period = selection.period
    everybody = agents.all_agents(conn)
    followed = outlier_rules.at_work(conn) if rules is None else rules
    facts = Facts(
        shops={shop.id: ShopInfo(shop.name, shop.platform) for shop in shops.all_shops(conn)},
        names={agent.person: agent.name for agent in everybody if agent.id == agent.person},
        files=batches.file_names(conn),
        reports=_reports(measures.cells(conn, selection, rules=followed)),
        covered=[
            Covered(shop, agent, first, last, frozenset(sessions.field_names(mask)), batch)
            for shop, agent, first, last, mask, batch in sessions.coverage(conn, selection, followed)
        ],
        session_sums=read_sums(conn, selection, followed, sums),
        window=None if period is None else (to_epoch_day(period.first), to_epoch_day(period.last)),
        by_agents=bool(selection.agents),
        kinds={agent.person: agent.kind for agent in everybody if agent.id == agent.person},
        rules=followed,
    )
    if categories:
        facts.category_sums = read_sums(conn, selection, followed, sums, categories=True)
    if followed:
        facts.ruled = [Ruled(*row) for row in cleaned.concerned(conn, selection, followed)]
    return facts


def read_sums(
    conn: sqlite3.Connection, selection: Filter, rules: Rules, names: tuple[str, ...], *, categories: bool = False
) -> SumRows:
    """Sums of session rows by day, or by day and category, as the rules make them."""
    if categories:
        rows = SumRows.read_categories(sessions.category_sums(conn, selection, names), names)
    else:
        rows = SumRows.read_days(sessions.day_sums(conn, selection, names), names)
    changes = cleaned.corrections(conn, selection, rules) if rules else []
    return with_changes(rows, changes, categories=categories)


def with_changes(rows: SumRows, changes: Sequence[tuple[Any, ...]], *, categories: bool) -> SumRows:
    """With (shop, agent, day, category, *SUM_NAMES) added."""
    if not changes:
        return rows
    made = SumRows.of_categories(changes) if categories else SumRows.of_days((*row[:3], *row[4:]) for row in changes)
    return rows + made.only(rows.names)


def _reports(cells: Sequence[tuple[Any, ...]]) -> list[Report]:
    """Cells of one account, span and source put together, with the derived amounts."""
    found: dict[tuple[int, int, int, int, str], Report] = {}
    for shop, agent, first, last, source, measure, value, provisional, batch, account in cells:
        key = (shop, account, first, last, source)
        report = found.get(key)
        if report is None:
            report = found[key] = Report(shop, agent, account, first, last, source, {})
        report.measures[measure] = Reported(value, bool(provisional), (batch,))
    for report in found.values():
        derive(report.measures)
    return list(found.values())


def derive(given: dict[str, Reported]) -> None:
    """Add the amounts of ``DERIVED`` that a report does not give itself, in place."""
    for name, wanted in DERIVED:
        if name not in given:
            worked_out = amount(wanted, given)
            if worked_out.value is not None or worked_out.provisional:
                given[name] = Reported(*worked_out)
    for name, base, rate in NONE_WITHOUT:
        if name not in given and rate in given and base in given and given[base].value == 0:
            given[name] = given[base]
