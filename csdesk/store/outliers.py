"""Finding odd values: how many, and where. What is odd is a :class:`~csdesk.store.outlier_rules.Subject`."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from csdesk.store.kinds import KINDS, RecordKind
from csdesk.store.outlier_rules import (
    BACKWARDS,
    FAR,
    FUTURE,
    MEASURE,
    SESSION,
    SESSION_VALUES,
    Subject,
    last_possible_day,
    measure_condition,
    session_condition,
)
from csdesk.store.selection import FINAL_AGENT

AFTER = {
    ("order_head", "paid_at"): "created_at",
    ("order_head", "shipped_at"): "paid_at",
    ("order_head", "signed_at"): "shipped_at",
    ("refund", "finished_at"): "applied_at",
    ("review", "replied_at"): "written_at",
    ("ticket", "solved_at"): "opened_at",
    ("invitation", "rated_at"): "sent_at",
}
"""(kind, instant) → the instant that must not be later."""


@dataclass(frozen=True, slots=True)
class Example:
    """One odd value. ``moment``: epoch seconds, where the row has a time; else the epoch days of its span.

    ``key`` finds the row again (会话ID, 订单编号); ``value``: seconds, 分, or None where the dates are what is odd.
    """

    shop_id: int
    agent_id: int
    first_day: int
    last_day: int
    moment: int | None
    key: str
    value: float | None


def counts(conn: sqlite3.Connection, subjects: Sequence[Subject]) -> list[int]:
    """How many rows (of reports: cells) each subject is about; one pass for each table."""
    found: dict[Subject, int] = {}
    for table in dict.fromkeys(subject.kind for subject in subjects):
        mine = [subject for subject in subjects if subject.kind == table]
        sums = ", ".join(f"coalesce(sum({_condition(subject)}), 0)" for subject in mine)
        alias, where = ("m", "m.effective") if table == MEASURE else ("s", "1")
        row = conn.execute(f"SELECT {sums} FROM {table} AS {alias} WHERE {where}").fetchone()
        found.update(zip(mine, map(int, row), strict=True))
    return [found[subject] for subject in subjects]


def examples(conn: sqlite3.Connection, subject: Subject, most: int) -> list[Example]:
    """Some of them, the oddest first."""
    condition = _condition(subject)
    if subject.kind == MEASURE:
        query = f"""SELECT m.shop_id, {FINAL_AGENT.format("m")}, m.first_day, m.last_day, NULL, m.measure, m.value
                    FROM measure AS m WHERE m.effective AND {condition}
                    ORDER BY m.value / (m.last_day - m.first_day + 1) DESC, m.first_day LIMIT ?"""
    elif subject.kind == SESSION:
        value = SESSION_VALUES.get(subject.field, "NULL")
        order = "abs(value) DESC," if subject.field in SESSION_VALUES else "s.day DESC,"
        query = f"""SELECT s.shop_id, {FINAL_AGENT.format("s")}, s.day, s.day, s.started_at, s.session_key,
                           {value} AS value
                    FROM session AS s WHERE {condition} ORDER BY {order} s.started_at LIMIT ?"""
    else:
        kind = KINDS[subject.kind]
        agent = FINAL_AGENT.format("s") if kind.has_agent else "0"
        moment = f"coalesce({', '.join((*(f's.{name}' for name in kind.day_from), 'NULL'))})"
        value = _record_value(subject) or "NULL"
        query = f"""SELECT s.shop_id, coalesce({agent}, 0), coalesce(s.day, 0), coalesce(s.day, 0), {moment},
                           s.{kind.key}, {value} AS value
                    FROM {kind.name} AS s WHERE {condition} ORDER BY abs(value) DESC, s.day DESC LIMIT ?"""
    return [Example(*row) for row in conn.execute(query, (most,))]


def amounts(conn: sqlite3.Connection, table: str, column: str) -> list[tuple[int, float, int]]:
    """(shop_id, amount in 分, rows) of a column of rows; amounts above 0."""
    if table not in KINDS or column not in KINDS[table].columns:
        raise ValueError(f"{table} has no {column}")
    return conn.execute(f"SELECT shop_id, {column}, count(*) FROM {table} WHERE {column} > 0 GROUP BY 1, 2").fetchall()


def report_amounts(conn: sqlite3.Connection, measures: Sequence[str]) -> list[tuple[int, str, str, int, float]]:
    """(shop_id, source, measure, 1 = the shop as a whole, amount a day) of report cells above 0."""
    marks = ", ".join("?" * len(measures))
    return conn.execute(
        f"""SELECT shop_id, source, measure, agent_id = 0, value / (last_day - first_day + 1) FROM measure
            WHERE effective AND value > 0 AND measure IN ({marks})""",
        list(measures),
    ).fetchall()


def _condition(subject: Subject) -> str:
    if subject.kind == SESSION:
        return session_condition(subject)
    if subject.kind == MEASURE:
        return measure_condition(subject)
    return _record_condition(KINDS[subject.kind], subject)


def _record_condition(kind: RecordKind, subject: Subject) -> str:
    if subject.fault == FUTURE:
        return f"(s.day IS NOT NULL AND s.day > {last_possible_day('s')} AND {kind.counts})"
    if subject.field not in kind.columns:
        raise ValueError(f"{kind.name} has no {subject.field}")
    condition = f"s.{subject.field} > {float(subject.bound or 0)!r}"
    if subject.fault == BACKWARDS:
        condition = f"{_record_value(subject)} < 0"
    if subject.fault == FAR and subject.shop_id:
        condition = f"s.shop_id = {int(subject.shop_id)} AND {condition}"
    return f"(s.{subject.field} IS NOT NULL AND {condition} AND {kind.counts})"


def _record_value(subject: Subject) -> str:
    if subject.fault == BACKWARDS:
        return f"s.{subject.field} - s.{AFTER[subject.kind, subject.field]}"
    return f"s.{subject.field}" if subject.fault == FAR else ""
