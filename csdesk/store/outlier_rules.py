"""What the owner decided about odd values: kept, left out, or cut to a limit. Rows themselves never change."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from csdesk.store import batches
from csdesk.store.session_sums import FIELDS

SESSION, MEASURE = "session", "measure"
ZERO, LONG, FAR, FUTURE, BACKWARDS = "zero", "long", "far", "future", "backwards"
KEEP, EXCLUDE, CAP = "keep", "exclude", "cap"

TWELVE_HOURS = 43_200.0
"""A response or a reception longer than this (seconds) is not one of a day's work."""

SESSION_VALUES = {
    "first_response": "s.first_response",
    "avg_response": "s.avg_response",
    "ended_at": "s.ended_at - s.started_at",
    "paid_fen": "s.paid_fen",
}
"""Session column → the value that is judged (seconds, 分)."""

RECEPTIONS = ("received", "received_sessions", "response_rounds")
"""Measures that show that somebody was answered: 0 seconds for nobody is no fault."""

_NAME = re.compile(r"[a-z0-9_.]*")


@dataclass(frozen=True, slots=True)
class Subject:
    """Which values are meant: ``field`` of ``kind`` with a ``fault``.

    ``shop_id`` 0 and ``source`` "" = all of them; ``whole``: figures of the shop as a whole. ``bound``: values above
    it are meant (``long``: seconds; ``far``: 分, in reports 分 a day).
    """

    kind: str
    field: str
    fault: str
    shop_id: int = 0
    source: str = ""
    whole: bool = False
    bound: float | None = None

    @property
    def key(self) -> tuple[str, str, str, int, str, bool]:
        """What tells it from the others; the bound may move with the data."""
        return self.kind, self.field, self.fault, self.shop_id, self.source, self.whole


@dataclass(frozen=True, slots=True)
class Rule:
    """A decision: ``action`` keep | exclude (the value counts as missing) | cap (the bound counts in its place)."""

    subject: Subject
    action: str

    @property
    def changes_numbers(self) -> bool:
        """Whether numbers are computed otherwise because of it."""
        return self.action != KEEP


Rules = tuple[Rule, ...]


def all_rules(conn: sqlite3.Connection) -> Rules:
    """Every decision, the kept ones too."""
    rows = conn.execute(
        """SELECT kind, field, fault, shop_id, source, whole, bound, action FROM outlier_rule
           ORDER BY kind, field, fault, shop_id, source, whole"""
    )
    return tuple(
        Rule(Subject(kind, field, fault, shop, source, bool(whole), bound), action)
        for kind, field, fault, shop, source, whole, bound, action in rows
    )


def at_work(conn: sqlite3.Connection) -> Rules:
    """The decisions that change numbers."""
    return tuple(rule for rule in all_rules(conn) if rule.changes_numbers)


def put(conn: sqlite3.Connection, rule: Rule) -> None:
    """Decide, or decide anew; inside ``store.writing()``."""
    subject = rule.subject
    conn.execute(
        """INSERT OR REPLACE INTO outlier_rule (kind, field, fault, shop_id, source, whole, action, bound, set_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (*subject.key, rule.action, subject.bound, datetime.now(UTC).isoformat(timespec="seconds")),
    )
    batches.raise_data_version(conn)


def drop(conn: sqlite3.Connection, subject: Subject) -> None:
    """Take a decision back; inside ``store.writing()``."""
    conn.execute(
        """DELETE FROM outlier_rule
           WHERE kind = ? AND field = ? AND fault = ? AND shop_id = ? AND source = ? AND whole = ?""",
        subject.key,
    )
    batches.raise_data_version(conn)


# ---------------------------------------------------------------- as SQL


def last_possible_day(alias: str) -> str:
    """SQL: the last day a row of ``alias`` may speak of, one past the day it was imported (clocks differ)."""
    day = "CAST(julianday(b.imported_at) - 2440587.5 AS INTEGER) + 1"
    return f"(SELECT {day} FROM batch AS b WHERE b.id = {alias}.batch_id)"


def session_condition(subject: Subject) -> str:
    """SQL over ``session AS s``: whether a row is meant."""
    if subject.fault == FUTURE:
        condition = f"s.day > {last_possible_day('s')}"
    elif subject.fault == ZERO:
        condition = f"{SESSION_VALUES[subject.field]} = 0"
    elif subject.fault == BACKWARDS:
        condition = f"{SESSION_VALUES[subject.field]} < 0"
    else:
        condition = f"{SESSION_VALUES[subject.field]} > {_number(subject.bound)}"
    if subject.shop_id:
        condition = f"s.shop_id = {int(subject.shop_id)} AND {condition}"
    return f"({condition})"


def measure_condition(subject: Subject) -> str:
    """SQL over ``measure AS m``: whether a cell is meant. The field is given as a literal, so it is checked first."""
    if not (_NAME.fullmatch(subject.field) and _NAME.fullmatch(subject.source)):
        raise ValueError(f"not a measure of a source: {subject.field!r} {subject.source!r}")
    conditions = ["m.value IS NOT NULL"]
    if subject.field:
        conditions.append(f"m.measure = '{subject.field}'")
    if subject.fault == FUTURE:
        conditions = [f"m.last_day > {last_possible_day('m')}"]
    elif subject.fault == ZERO:
        listed = ", ".join(f"'{name}'" for name in RECEPTIONS)
        conditions.append(
            f"""m.value = 0 AND EXISTS (SELECT 1 FROM measure AS r WHERE r.shop_id = m.shop_id
                AND r.first_day = m.first_day AND r.last_day = m.last_day AND r.agent_id = m.agent_id
                AND r.source = m.source AND r.measure IN ({listed}) AND r.effective AND r.value > 0)"""
        )
    elif subject.fault == FAR:
        conditions.append(f"m.value > {_number(subject.bound)} * (m.last_day - m.first_day + 1)")
        conditions.append("m.agent_id = 0" if subject.whole else "m.agent_id <> 0")
    else:
        conditions.append(f"m.value > {_number(subject.bound)}")
    if subject.shop_id:
        conditions.append(f"m.shop_id = {int(subject.shop_id)}")
    if subject.source:
        conditions.append(f"m.source = '{subject.source}'")
    return f"({' AND '.join(conditions)})"


def _number(bound: float | None) -> str:
    if bound is None:
        raise ValueError("this fault needs a bound")
    return repr(float(bound))


def of_kind(rules: Sequence[Rule], kind: str) -> Rules:
    """The rules about one table."""
    return tuple(rule for rule in rules if rule.subject.kind == kind and rule.changes_numbers)


FIRST_RESPONSE_BIT = 1 << FIELDS.index("first_response")
