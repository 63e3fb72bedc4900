"""Which days are there, by shop and source: what the coverage calendar shows."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from csdesk.domain.filters import Filter
from csdesk.domain.period import to_epoch_day
from csdesk.store.kinds import KINDS

_REPORTS = """SELECT shop_id, source, first_day, last_day, max(provisional)
              FROM measure WHERE effective GROUP BY 1, 2, 3, 4"""


@dataclass(slots=True)
class SourceDays:
    """The epoch days a source has of a shop, inside the selection's period.

    ``source`` is a report family (chitu, feige, …) or the name of a record kind (session, order_head, …).
    ``present``: days with numbers or rows; ``provisional``: of these, days with a number that is not final;
    ``empty``: days inside a file's span without a single row; ``missing``: days from the first the source ever had
    to the last that any source of the shop has which are none of these.
    """

    shop_id: int
    source: str
    present: set[int] = field(default_factory=set)
    provisional: set[int] = field(default_factory=set)
    empty: set[int] = field(default_factory=set)
    missing: list[int] = field(default_factory=list)


def source_days(conn: sqlite3.Connection, selection: Filter) -> list[SourceDays]:
    """One entry for each shop and source that ever had data, by shop and source; agents do not narrow it."""
    found: dict[tuple[int, str], SourceDays] = {}
    for shop, source, first, last, provisional in conn.execute(_REPORTS):
        entry = found.setdefault((shop, source), SourceDays(shop, source))
        entry.present.update(range(first, last + 1))
        if provisional:
            entry.provisional.update(range(first, last + 1))
    for shop, kind, covered, days in _record_days(conn):
        found[shop, kind] = SourceDays(shop, kind, present=days, empty=covered - days)
    newest: dict[int, int] = defaultdict(int)
    for (shop, _), entry in found.items():
        newest[shop] = max(newest[shop], *entry.present, *entry.empty)
    shops = _wanted_shops(conn, selection)
    entries = [entry for (shop, _), entry in sorted(found.items()) if shop in shops]
    for entry in entries:
        _narrow(entry, newest[entry.shop_id], selection)
    return entries


def _record_days(conn: sqlite3.Connection) -> Iterator[tuple[int, str, set[int], set[int]]]:
    """(shop, kind, days the files span, days with rows)."""
    for kind in KINDS.values():
        covered: dict[int, set[int]] = defaultdict(set)
        spans = f"SELECT DISTINCT shop_id, first_day, last_day FROM {kind.name}_coverage WHERE first_day <= last_day"
        for shop, first, last in conn.execute(spans):
            covered[shop].update(range(first, last + 1))
        for shop, days in covered.items():
            rows = conn.execute(
                # One step through the index for each day, however many rows a day has.
                f"""WITH RECURSIVE present (day) AS (
                        SELECT min(day) FROM {kind.name} WHERE shop_id = ?1 AND day IS NOT NULL
                        UNION ALL
                        SELECT (SELECT min(s.day) FROM {kind.name} AS s WHERE s.shop_id = ?1 AND s.day > present.day)
                        FROM present WHERE present.day IS NOT NULL)
                    SELECT day FROM present WHERE day IS NOT NULL""",
                (shop,),
            )
            yield shop, kind.name, days, {row[0] for row in rows}


def _wanted_shops(conn: sqlite3.Connection, selection: Filter) -> set[int]:
    shops = {row[0] for row in conn.execute("SELECT id FROM shop")}
    if selection.platform is not None:
        query = "SELECT id FROM shop WHERE platform = ?"
        shops = {row[0] for row in conn.execute(query, (str(selection.platform),))}
    return shops & set(selection.shops) if selection.shops else shops


def _narrow(entry: SourceDays, newest: int, selection: Filter) -> None:
    """Work out the gaps, then keep the days of the period."""
    first, last = min(entry.present | entry.empty), newest
    if selection.period is not None:
        first = max(first, to_epoch_day(selection.period.first))
        last = min(last, to_epoch_day(selection.period.last))
        inside = set(range(to_epoch_day(selection.period.first), to_epoch_day(selection.period.last) + 1))
        entry.present &= inside
        entry.provisional &= inside
        entry.empty &= inside
    entry.missing = [day for day in range(first, last + 1) if day not in entry.present and day not in entry.empty]
