"""Which days are there, by shop and source: what the coverage calendar shows."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from csdesk.domain.filters import Filter
from csdesk.domain.period import to_epoch_day
from csdesk.store.kinds import KINDS
from csdesk.store.record_facts import without_pauses

STILL_OPEN_DAYS = 31
"""A shop whose newest day is no older is still being kept: it is expected to have data until yesterday. The
platforms show 31 days, so these days can still be exported."""
_OCCASIONAL = frozenset({"message", "survey_answer", "quality_check"})
"""Collected by hand now and then: a day without them is no gap."""
_SPARSE = frozenset({"refund", "review", "ticket", "invitation"})
"""A quiet shop has none for days on end: what its files leave out between rows may lie between files too."""
_REST_WEEKS = 4
_REST_SHARE = 0.8

# DISTINCT, not GROUP BY: there are few spans among very many cells, and grouping would sort all of the cells.
_REPORTS = "SELECT DISTINCT shop_id, source, first_day, last_day, batch_id FROM measure WHERE effective"
_SPANS_OF = "SELECT DISTINCT shop_id, source, measure, first_day, last_day FROM measure WHERE effective"


@dataclass(slots=True)
class SourceDays:
    """The epoch days a source has of a shop, inside the selection's period.

    ``source`` is a report family (chitu, feige, …) or the name of a record kind (session, order_head, …).
    ``present``: days with numbers or rows; ``provisional``: of these, days with a number that is not final;
    ``empty``: days inside a file's span without a single row, and the shop's weekly days off; ``missing``: days from
    the first the source ever had to the last that is expected which are none of these. ``brought``: (first, last,
    batch) of every file that counts; ``late``: (first, last, measure) of what is not final.
    """

    shop_id: int
    source: str
    present: set[int] = field(default_factory=set)
    provisional: set[int] = field(default_factory=set)
    empty: set[int] = field(default_factory=set)
    missing: list[int] = field(default_factory=list)
    brought: list[tuple[int, int, int]] = field(default_factory=list)
    late: list[tuple[int, int, str]] = field(default_factory=list)

    @property
    def last_present(self) -> int:
        """The newest day with data or inside a file."""
        return max(self.present | self.empty)


def source_days(conn: sqlite3.Connection, selection: Filter, today: int | None = None) -> list[SourceDays]:
    """One entry for each shop and source that ever had data, by shop and source; agents do not narrow it.

    Days are expected from the first a source ever had to the newest any source of the shop has; with ``today`` (epoch
    day) until yesterday, where the shop's newest day is not older than :data:`STILL_OPEN_DAYS`, and never further.
    """
    found: dict[tuple[int, str], SourceDays] = {}
    for shop, source, first, last, batch in conn.execute(_REPORTS):
        entry = found.setdefault((shop, source), SourceDays(shop, source))
        entry.present.update(range(first, last + 1))
        entry.brought.append((first, last, batch))
    for shop, source, measure, first, last in _late(conn, found):
        entry = found[shop, source]
        entry.provisional.update(range(first, last + 1))
        entry.late.append((first, last, measure))
    for shop, kind, brought, days in _record_days(conn):
        covered = {day for first, last, _ in brought for day in range(first, last + 1)}
        found[shop, kind] = SourceDays(shop, kind, present=days, empty=covered - days, brought=brought)
    by_shop: dict[int, list[SourceDays]] = defaultdict(list)
    for (shop, _), entry in sorted(found.items()):
        by_shop[shop].append(entry)
    wanted = _wanted_shops(conn, selection)
    entries = []
    for shop, of_shop in sorted(by_shop.items()):
        if shop in wanted:
            _find_gaps(of_shop, today)
            entries += of_shop
    if selection.period is not None:
        first, last = to_epoch_day(selection.period.first), to_epoch_day(selection.period.last)
        for entry in entries:
            _narrow(entry, first, last)
    return entries


def _late(
    conn: sqlite3.Connection, found: dict[tuple[int, str], SourceDays]
) -> Iterator[tuple[int, str, str, int, int]]:
    """(shop, source, measure, first, last) not final, unless final ones of other spans cover all these days."""
    late = set(conn.execute(f"{_SPANS_OF} AND provisional").fetchall())
    final: dict[tuple[int, str, str], set[int]] = defaultdict(set)
    for shop, source in sorted({row[:2] for row in late}):
        if not _overlapping(found[shop, source].brought):
            continue
        settled = conn.execute(f"{_SPANS_OF} AND NOT provisional AND shop_id = ? AND source = ?", (shop, source))
        for row in settled:
            if row not in late:
                final[row[:3]].update(range(row[3], row[4] + 1))
    for row in sorted(late):
        if not final[row[:3]].issuperset(range(row[3], row[4] + 1)):
            yield row


def _overlapping(brought: Iterable[tuple[int, int, int]]) -> bool:
    """Whether any two different spans share a day."""
    spans = sorted({(first, last) for first, last, _ in brought})
    return any(later[0] <= earlier[1] for earlier, later in pairwise(spans))


def _record_days(conn: sqlite3.Connection) -> Iterator[tuple[int, str, list[tuple[int, int, int]], set[int]]]:
    """(shop, kind, spans of the files, days with rows)."""
    for kind in KINDS.values():
        brought: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        spans = f"""SELECT DISTINCT shop_id, batch_id, first_day, last_day FROM {kind.name}_coverage
                    WHERE first_day <= last_day ORDER BY 1, 2"""
        for (shop, batch), told in groupby(conn.execute(spans), key=lambda row: (row[0], row[1])):
            brought[shop] += [(*span, batch) for span in without_pauses((row[2], row[3]) for row in told)]
        for shop, files in brought.items():
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
            yield shop, kind.name, sorted(files), {row[0] for row in rows}


def _wanted_shops(conn: sqlite3.Connection, selection: Filter) -> set[int]:
    shops = {row[0] for row in conn.execute("SELECT id FROM shop")}
    if selection.platform is not None:
        query = "SELECT id FROM shop WHERE platform = ?"
        shops = {row[0] for row in conn.execute(query, (str(selection.platform),))}
    return shops & set(selection.shops) if selection.shops else shops


def _find_gaps(entries: list[SourceDays], today: int | None) -> None:
    """Work out what is missing of one shop."""
    newest = max(entry.last_present for entry in entries)
    if today is not None:
        newest = min(newest, today - 1)
        if newest >= today - 1 - STILL_OPEN_DAYS:
            newest = today - 1
    off = _days_off(entries, newest)
    for entry in entries:
        known = entry.present | entry.empty
        open_ = [day for day in range(min(known), newest + 1) if day not in known]
        entry.empty.update(day for day in open_ if day in off)
        open_ = [day for day in open_ if day not in off]
        if entry.source in _OCCASIONAL:
            continue
        if entry.source in _SPARSE:
            open_ = list(_longer_than(open_, _longest_run(entry.empty - off), entry.last_present))
        entry.missing = open_


def _days_off(entries: list[SourceDays], newest: int) -> set[int]:
    """Days without anything from any source that fall on the shop's weekly days off."""
    present = set().union(*(entry.present for entry in entries))
    first = min(present, default=newest + 1)
    without = [day for day in range(first, newest + 1) if day not in present]
    times, off = Counter(day % 7 for day in range(first, newest + 1)), Counter(day % 7 for day in without)
    weekly = {
        weekday for weekday, number in off.items()
        if number >= _REST_WEEKS and number >= _REST_SHARE * times[weekday] and len(off) < 7
    }  # fmt: skip
    return {day for day in without if day % 7 in weekly}


def runs(days: Iterable[int]) -> list[tuple[int, int]]:
    """Days as spans (first, last), ascending."""
    ordered = sorted(days)
    if not ordered:
        return []
    breaks = [(a, b) for a, b in pairwise(ordered) if b != a + 1]
    return list(zip([ordered[0], *(b for _, b in breaks)], [*(a for a, _ in breaks), ordered[-1]], strict=True))


def _longest_run(days: set[int]) -> int:
    return max((last - first + 1 for first, last in runs(days)), default=0)


def _longer_than(days: list[int], usual: int, last_present: int) -> Iterator[int]:
    """The days of gaps longer than usual; what comes after the last file is a gap whatever its length."""
    for first, last in runs(days):
        if first > last_present or last - first + 1 > usual:
            yield from range(first, last + 1)


def _narrow(entry: SourceDays, first: int, last: int) -> None:
    """Keep the days of the period."""
    inside = set(range(first, last + 1))
    entry.present &= inside
    entry.provisional &= inside
    entry.empty &= inside
    entry.missing = [day for day in entry.missing if first <= day <= last]
    entry.brought = [span for span in entry.brought if span[0] <= last and span[1] >= first]
    entry.late = [span for span in entry.late if span[0] <= last and span[1] >= first]
