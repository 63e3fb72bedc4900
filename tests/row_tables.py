"""Rows of a kind made up in a test, without a store."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NoReturn

from csdesk.domain.platforms import Platform
from csdesk.metrics.facts import ShopInfo
from csdesk.metrics.rows.chosen import Around, ChosenRows, Measure
from csdesk.metrics.rows.measures import MEASURES
from csdesk.metrics.rows.table import RowTable
from csdesk.metrics.rows.windows import Windows
from csdesk.store.kinds import KINDS

SHOPS = {1: ShopInfo("演示店", Platform.TAOBAO)}


def rows_made(
    kind: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    shops: Mapping[int, ShopInfo] = SHOPS,
    measures: Mapping[str, Measure] | None = None,
    beside: Mapping[str, ChosenRows] | None = None,
    windows: Windows | None = None,
    robots: Collection[int] = (),
) -> ChosenRows:
    """All of ``rows``: column → value (None or absent = not known), with day, and maybe shop, agent, at.

    ``beside``: the rows of other kinds; none of a kind that is not named. One file a shop brought them.
    """
    names = {name for row in rows for name in row} - {"shop", "agent", "day", "at"}
    table = RowTable.made(
        kind,
        day=[row["day"] for row in rows],
        shop=[row.get("shop", 1) for row in rows],
        agent=[row.get("agent", 0) for row in rows],
        at=[row.get("at") for row in rows],
        columns={name: [row.get(name) for row in rows] for name in names},
    )
    known = MEASURES.get(kind, {}) if measures is None else measures
    others = beside or {}
    days: dict[int, list[int]] = {}
    for row in rows:
        days.setdefault(row.get("shop", 1), []).append(row["day"])
    fields = KINDS[kind].mask(names | ({"buyer_mask"} if "buyer" in names else set()))
    spoken = [(shop, min(of_shop), max(of_shop), fields, 1) for shop, of_shop in days.items()]
    around = Around(
        shops, _no_teams, known,
        lambda other: others[other] if other in others else rows_made(other, [], shops=shops),
        lambda other: spoken if other == kind else others[other].spoken if other in others else (),
        windows or Windows(), frozenset(robots),
    )  # fmt: skip
    return ChosenRows(sqlite3.connect(":memory:"), table, slice(0, table.size), around)


def _no_teams() -> NoReturn:
    raise AssertionError("no groups here")
