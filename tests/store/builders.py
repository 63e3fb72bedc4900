"""Small plans as the planner would make them, and the whole content of a store without its row ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.ingest.model import (
    AgentRef,
    BenchmarkCell,
    Plan,
    RecordChunk,
    RejectedRow,
    ReportCell,
    RowCounts,
    SessionChunk,
    Staged,
    Status,
)
from csdesk.store.database import Store
from csdesk.store.kinds import KINDS, SESSION

DAY_SECONDS = 86_400
FIRST_DAY = 20_500  # 2026-02-16


def report_plan(
    name: str,
    rows: Sequence[tuple[str | None, date, Mapping[str, float | None]]],
    *,
    exported: datetime,
    shop: str = "甲旗舰店",
    platform: Platform = Platform.TAOBAO,
    peers: Mapping[str, float] | None = None,
) -> Plan:
    """A 赤兔 report: (agent or None, day, measure → value; None = 延迟统计) row by row."""
    staged = Staged()
    for number, (agent, day, values) in enumerate(rows, start=2):
        ref = AgentRef(agent) if agent else None
        staged.reports += [
            ReportCell(number, shop, ref, Period.of_day(day), measure, value, value is None)
            for measure, value in values.items()
        ]
    if peers and rows:
        period = Period.of_day(rows[0][1])
        staged.benchmarks = [BenchmarkCell(shop, "peer_average", period, *item) for item in peers.items()]
    return _plan(name, "chitu", shop, platform, exported, staged)


def session_plan(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    exported: datetime,
    shop: str = "甲旗舰店",
    platform: Platform = Platform.TAOBAO,
    chunk_rows: int = 3,
) -> Plan:
    """会话明细: rows of session columns (session_key, agent, started_at and more), all with the same columns."""
    chunks = []
    for start in range(0, len(rows), chunk_rows):
        part = rows[start : start + chunk_rows]
        columns = {column: [row[column] for row in part] for column in rows[0]}
        chunks.append(SessionChunk(range(start + 2, start + 2 + len(part)), columns))
    staged = Staged(sessions=chunks, session_fields=frozenset(rows[0]) if rows else frozenset())
    return _plan(name, "sessions", shop, platform, exported, staged)


def record_plan(
    name: str,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    exported: datetime,
    shop: str = "甲旗舰店",
    platform: Platform = Platform.TAOBAO,
    rejected: Sequence[RejectedRow] = (),
    chunk_rows: int = 2,
) -> Plan:
    """Rows by kind, each kind with the same columns in all its rows."""
    staged = Staged(rejected=list(rejected))
    for kind, found in rows.items():
        staged.records[kind] = [
            RecordChunk(
                kind,
                range(start + 2, start + 2 + len(found[start : start + chunk_rows])),
                {column: [row[column] for row in found[start : start + chunk_rows]] for column in found[0]},
            )
            for start in range(0, len(found), chunk_rows)
        ]
    return _plan(name, "records", shop, platform, exported, staged)


def at(day: int, second: int = 0) -> int:
    """Epoch seconds of ``day`` (0 = 2026-02-16) at noon."""
    return (FIRST_DAY + day) * DAY_SECONDS + 43_200 + second


def _plan(name: str, source: str, shop: str, platform: Platform, exported: datetime, staged: Staged) -> Plan:
    return Plan(
        path=name, file=Path(name), sha256=f"hash of {name}", status=Status.IMPORTED, layout=f"{source}_layout",
        source=source, platform=platform, shop=shop, exported_at=exported, rows=RowCounts(), staged=staged,
    )  # fmt: skip


def session(key: str, agent: str = "小美", day: int = 0, **more: Any) -> dict[str, Any]:
    """One session row that starts at noon of ``day`` (0 = 2026-02-16)."""
    return {"session_key": key, "agent": agent, "started_at": (FIRST_DAY + day) * DAY_SECONDS + 43_200, **more}


def content(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the pages can see, without surrogate ids: equal contents = equal stores."""
    agent = "(SELECT s.name || '/' || a.key FROM agent a JOIN shop s ON s.id = a.shop_id WHERE a.id = {}.agent_id)"
    listed = ", ".join(f"x.{column}" for column in SESSION.stored if column != "agent_id")
    rows = {
        kind.name: f"""SELECT s.name, {agent.format("x") if kind.has_agent else "''"}, x.{kind.key}, x.fields,
                          {", ".join(f"x.{column}" for column in kind.stored if column != "agent_id")}
                       FROM {kind.name} x JOIN shop s ON s.id = x.shop_id"""
        for kind in KINDS.values()
        if kind is not SESSION
    }
    covered = {
        f"{kind.name}_coverage": f"""SELECT s.name, {agent.format("x")}, first_day, last_day, fields
                                     FROM {kind.name}_coverage x JOIN shop s ON s.id = x.shop_id"""
        for kind in KINDS.values()
        if kind is not SESSION
    }
    queries = {
        **rows,
        **covered,
        "rule": "SELECT kind, field, fault, shop_id, source, whole, action, bound FROM outlier_rule",
        "finding": "SELECT kind, column_name, reason, cells, example FROM import_finding",
        "rejected": "SELECT sheet, row_number, column_name, reason, cells FROM rejected_row",
        "shop": "SELECT platform, name, assumed FROM shop x WHERE merged_into IS NULL",
        "agent": """SELECT s.name, x.key FROM agent x JOIN shop s ON s.id = x.shop_id
                    WHERE s.merged_into IS NULL""",
        "measure": f"""SELECT s.name, {agent.format("x")}, first_day, last_day, source, measure, value, provisional
                       FROM measure x JOIN shop s ON s.id = x.shop_id WHERE effective""",
        "benchmark": """SELECT s.name, first_day, last_day, source, peer, measure, value
                        FROM benchmark x JOIN shop s ON s.id = x.shop_id WHERE effective""",
        "session": f"""SELECT s.name, {agent.format("x")}, session_key, x.fields, {listed}
                       FROM session x JOIN shop s ON s.id = x.shop_id""",
        "coverage": f"""SELECT s.name, {agent.format("x")}, first_day, last_day, fields
                        FROM session_coverage x JOIN shop s ON s.id = x.shop_id""",
        "by_day": f"SELECT s.name, {agent.format('x')}, x.* FROM session_day x JOIN shop s ON s.id = x.shop_id",
        "by_category": f"""SELECT s.name, {agent.format("x")}, x.*
                           FROM session_category_day x JOIN shop s ON s.id = x.shop_id""",
    }
    found = {}
    with store.reading() as conn:
        for name, query in queries.items():
            cursor = conn.execute(query)
            keep = [i for i, column in enumerate(cursor.description) if column[0] not in ("shop_id", "agent_id")]
            found[name] = sorted((tuple(row[i] for i in keep) for row in cursor), key=repr)
    return found
