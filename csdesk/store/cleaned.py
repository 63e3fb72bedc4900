"""Facts as the owner's rules make them: the same tables, read through the rules. Nothing is written.

A value left out counts as missing, as if its cell had been empty; a value cut to a limit counts as the limit; a row
dated in the future counts as not imported. Roll-ups are corrected by what the few rows concerned change.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from csdesk.domain.filters import Filter
from csdesk.store.kinds import SESSION as SESSION_ROWS
from csdesk.store.outlier_rules import (
    CAP,
    EXCLUDE,
    FIRST_RESPONSE_BIT,
    FUTURE,
    MEASURE,
    SESSION,
    Rules,
    last_possible_day,
    measure_condition,
    of_kind,
    session_condition,
)
from csdesk.store.selection import FINAL_AGENT, on_days, touching_spans
from csdesk.store.session_sums import SUM_NAMES, SUMS

_KEYS = f"s.shop_id, {FINAL_AGENT.format('s')} AS person, s.day, coalesce(s.category, '') AS kind"
_NAMED_ONE_BY_ONE = 20_000
_CAPPED = {"ended_at": "s.started_at + {}", "paid_fen": "{}"}


def session_source(rules: Rules, condition: str = "1") -> str:
    """``session AS s``, or a selection of the same columns with the rules applied; to stand after FROM."""
    mine = of_kind(rules, SESSION)
    if not mine:
        return "session AS s" if condition == "1" else f"(SELECT * FROM session AS s WHERE {condition}) AS s"
    replaced = {field: _cleaned(mine, field) for field in dict.fromkeys(rule.subject.field for rule in mine)}
    first = replaced.get("first_response", "s.first_response")
    average = replaced.get("avg_response", "s.avg_response")
    columns = [
        f"{replaced[name]} AS {name}" if name in replaced else f"s.{name}"
        for name in ("id", "shop_id", SESSION_ROWS.key, *SESSION_ROWS.stored, "batch_id")
    ]
    # Left out, a response time is not known; an empty cell of the file would say that nobody answered.
    unknown = f"coalesce(s.first_response, s.avg_response) IS NOT NULL AND coalesce({first}, {average}) IS NULL"
    columns.append(f"CASE WHEN {unknown} THEN s.fields & ~{FIRST_RESPONSE_BIT} ELSE s.fields END AS fields")
    gone = [f"NOT {session_condition(rule.subject)}" for rule in mine if rule.subject.fault == FUTURE]
    where = " AND ".join((f"({condition})", *gone))
    return f"(SELECT {', '.join(columns)} FROM session AS s WHERE {where}) AS s"


def _cleaned(rules: Rules, field: str) -> str:
    """SQL of a session column with the rules about it applied."""
    cases = []
    for rule in rules:
        subject = rule.subject
        if subject.field != field or subject.fault == FUTURE:
            continue
        limit = repr(float(subject.bound or 0))
        if rule.action == CAP and field not in {"first_response", "avg_response"}:
            limit = str(int(subject.bound or 0))
        value = "NULL" if rule.action == EXCLUDE else _CAPPED.get(field, "{}").format(limit)
        cases.append(f"WHEN {session_condition(subject)} THEN {value}")
    return f"CASE {' '.join(cases)} ELSE s.{field} END" if cases else f"s.{field}"


def corrections(conn: sqlite3.Connection, selection: Filter, rules: Rules) -> list[tuple[Any, ...]]:
    """(shop_id, agent_id, day, category, *SUM_NAMES): what the rules add to the roll-ups of session rows.

    Sums may be negative. Reads the rows the rules are about, nothing else is summed again.
    """
    mine = of_kind(rules, SESSION)
    if not mine:
        return []
    days, parameters = on_days(selection, "s")
    meant = f"{days} AND ({' OR '.join(session_condition(rule.subject) for rule in mine)})"
    ids = [row[0] for row in conn.execute(f"SELECT s.id FROM session AS s WHERE {meant}", parameters)]
    if not ids:
        return []
    if len(ids) <= _NAMED_ONE_BY_ONE:  # then the table need not be read through again
        meant, parameters = f"s.id IN ({', '.join(map(str, ids))})", []
    changes: dict[tuple[Any, ...], list[float]] = defaultdict(lambda: [0] * len(SUM_NAMES))
    for sign, source in ((-1, f"(SELECT * FROM session AS s WHERE {meant}) AS s"), (1, session_source(mine, meant))):
        query = f"SELECT {_KEYS}, {', '.join(SUMS.values())} FROM {source} GROUP BY 1, 2, 3, 4"
        for row in conn.execute(query, parameters):
            sums = changes[row[:4]]
            for at, value in enumerate(row[4:]):
                if value:
                    sums[at] += sign * value
    return [(*key, *sums) for key, sums in sorted(changes.items())]


def concerned(conn: sqlite3.Connection, selection: Filter, rules: Rules) -> list[tuple[int, int, int, int, int, int]]:
    """(place of the rule in ``rules``, shop_id, agent_id, first_day, last_day, rows or cells) each rule is about."""
    found = []
    for place, rule in enumerate(rules):
        if rule.subject.kind == SESSION:
            days, parameters = on_days(selection, "s")
            rows = conn.execute(
                f"""SELECT s.shop_id, {FINAL_AGENT.format("s")} AS person, s.day, s.day, count(*) FROM session AS s
                    WHERE {days} AND {session_condition(rule.subject)} GROUP BY 1, 2, 3""",
                parameters,
            )
        else:
            days, parameters = touching_spans(selection, "m")
            rows = conn.execute(
                f"""SELECT m.shop_id, {FINAL_AGENT.format("m")} AS person, m.first_day, m.last_day, count(*)
                    FROM measure AS m WHERE m.effective AND {days} AND {measure_condition(rule.subject)}
                    GROUP BY 1, 2, 3, 4""",
                parameters,
            )
        found += [(place, *row) for row in rows]
    return found


def measure_value(rules: Rules) -> tuple[str, str]:
    """SQL over ``measure AS m``: the value that counts, and the condition that it counts at all."""
    capped, gone = [], []
    for rule in of_kind(rules, MEASURE):
        condition = measure_condition(rule.subject)
        if rule.action == CAP:
            days = " * (m.last_day - m.first_day + 1)" if rule.subject.fault == "far" else ""
            capped.append(f"WHEN {condition} THEN {float(rule.subject.bound or 0)!r}{days}")
        else:
            gone.append(f"NOT {condition}")
    value = f"CASE {' '.join(capped)} ELSE m.value END" if capped else "m.value"
    return value, " AND ".join(gone) or "1"


def clipped(conn: sqlite3.Connection, rules: Rules, rows: Iterable[tuple[int, ...]]) -> list[tuple[Any, ...]]:
    """Rows of session coverage without the days that only rows dated in the future brought."""
    known = list(rows)
    if not any(rule.subject.fault == FUTURE for rule in of_kind(rules, SESSION)):
        return known
    spoken = f"SELECT c.batch_id, {last_possible_day('c')} FROM (SELECT DISTINCT batch_id FROM session_coverage) AS c"
    latest = dict(conn.execute(spoken).fetchall())
    impossible = {row[5] for row in known if row[3] > latest[row[5]]}
    words = {batch: _possible(conn, batch, latest[batch]) for batch in impossible}
    result = []
    for shop, agent, first, last, fields, batch in known:
        if batch not in impossible:
            result.append((shop, agent, first, last, fields, batch))
            continue
        end, people = words[batch]
        if (shop, agent) in people and first <= end:
            result.append((shop, agent, first, min(last, end), fields, batch))
    return result


def _possible(conn: sqlite3.Connection, batch: int, latest: int) -> tuple[int, set[tuple[int, int]]]:
    """Last day and people (shop, person) of the rows a batch told that are not dated in the future."""
    rows = conn.execute(
        f"""WITH told (shop_id, agent_id, day) AS (
                SELECT shop_id, agent_id, day FROM session WHERE batch_id = ?1 AND NOT versions
                UNION SELECT s.shop_id, s.agent_id, s.day FROM session_member AS m
                      JOIN session AS s ON s.id = m.session_id WHERE m.batch_id = ?1
                UNION SELECT s.shop_id, v.agent_id, v.day FROM session_version AS v
                      JOIN session AS s ON s.id = v.session_id WHERE v.batch_id = ?1)
            SELECT told.shop_id, {FINAL_AGENT.format("told")}, max(day) FROM told
            WHERE day <= ?2 GROUP BY 1, 2""",
        (batch, latest),
    ).fetchall()
    return max((row[2] for row in rows), default=0), {(row[0], row[1]) for row in rows}
