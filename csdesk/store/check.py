"""Whether the store is sound: the file itself, and everything that is kept twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from csdesk.store import rollups
from csdesk.store.database import Store
from csdesk.store.kinds import KINDS, RecordKind
from csdesk.store.report_facts import BENCHMARKS, MEASURES

_LIVE = "(SELECT id FROM batch WHERE undone_at IS NULL)"
_UNDONE = "(SELECT id FROM batch WHERE undone_at IS NOT NULL)"

_ORPHANS = {
    "session_not_covered": (
        """SELECT count(*) FROM session_day AS d WHERE NOT EXISTS (
             SELECT 1 FROM session_coverage AS c WHERE c.shop_id = d.shop_id AND c.agent_id = d.agent_id
             AND d.day BETWEEN c.first_day AND c.last_day)""",
        "有 {} 个客服日的会话不在任何文件的日期范围内。",
    ),
    "version_of_undone_batch": (
        "SELECT "
        + " + ".join(
            f"(SELECT count(*) FROM {table} WHERE batch_id IN {_UNDONE})"
            for table in (
                "measure",
                "benchmark",
                "rejected_row",
                "import_finding",
                *(f"{kind}_{side}" for kind in KINDS for side in ("version", "member", "coverage")),
            )
        ),
        "有 {} 条数据属于已经撤销的导入。",
    ),
    "measure_without_agent": (
        """SELECT count(*) FROM measure AS m WHERE m.agent_id <> 0 AND NOT EXISTS (
             SELECT 1 FROM agent AS a WHERE a.id = m.agent_id AND a.shop_id = m.shop_id)""",
        "有 {} 个报表数值找不到客服。",
    ),
}  # fmt: skip


def _orphans_of(kind: RecordKind) -> dict[str, tuple[str, str]]:
    """What can be wrong about the rows of any kind."""
    table, ref, title = kind.name, kind.ref, kind.title
    orphans = {
        f"{table}_without_batch": (
            f"SELECT count(*) FROM {table} AS s WHERE s.batch_id NOT IN {_LIVE}",
            f"有 {{}} 条{title}记录找不到它的导入批次。",
        ),
        f"{table}_version_count": (
            f"""SELECT count(*) FROM {table} AS s WHERE s.versions <>
                  ((SELECT count(*) FROM {table}_version AS v WHERE v.{ref} = s.id) > 1)
                AND (s.versions OR EXISTS (SELECT 1 FROM {table}_version AS v WHERE v.{ref} = s.id))""",
            f"有 {{}} 条{title}记录的历史版本不完整。",
        ),
        f"version_without_{table}": (
            f"""SELECT (SELECT count(*) FROM {table}_version WHERE {ref} NOT IN (SELECT id FROM {table}))
                     + (SELECT count(*) FROM {table}_member WHERE {ref} NOT IN (SELECT id FROM {table}))""",
            f"有 {{}} 条{title}的历史版本找不到记录。",
        ),
    }
    if kind.has_agent:
        orphans[f"{table}_without_agent"] = (
            f"""SELECT count(*) FROM {table} AS s WHERE s.agent_id IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM agent AS a WHERE a.id = s.agent_id AND a.shop_id = s.shop_id)""",
            f"有 {{}} 条{title}记录找不到客服。",
        )
    if not kind.rolled_up:  # else its days are checked in the roll-up
        orphans[f"{table}_not_covered"] = (
            f"""SELECT count(*) FROM (SELECT DISTINCT shop_id, day FROM {table} WHERE day IS NOT NULL) AS d
                WHERE NOT EXISTS (SELECT 1 FROM {table}_coverage AS c WHERE c.shop_id = d.shop_id
                                  AND d.day BETWEEN c.first_day AND c.last_day)""",
            f"有 {{}} 天的{title}记录不在任何文件的日期范围内。",
        )
    return orphans


def check(store: Store) -> list[tuple[str, str]]:
    """(kind, Chinese sentence) for everything wrong; empty when sound. Reads everything: seconds for a large store."""
    with store.reading() as conn:
        damage = list(_file_problems(conn))
        return damage or list(_content_problems(conn))


def _file_problems(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    verdicts = [row[0] for row in conn.execute("PRAGMA integrity_check(20)")]
    if verdicts != ["ok"]:
        yield "integrity", f"数据文件已损坏（{verdicts[0]}）。请从 backups 文件夹里的备份恢复。"


def _content_problems(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    broken = len(conn.execute("PRAGMA foreign_key_check").fetchall())
    if broken:
        yield "foreign_keys", f"有 {broken} 条数据指向不存在的记录。"
    for orphans in (_ORPHANS, *map(_orphans_of, KINDS.values())):
        for problem, (query, sentence) in orphans.items():
            count = int(conn.execute(query).fetchone()[0])
            if count:
                yield problem, sentence.format(count)
    wrong = rollups.differences(conn)
    if wrong:
        yield "rollup", f"有 {wrong} 行每日汇总与会话明细不一致。"
    unsettled = MEASURES.unsettled(conn) + BENCHMARKS.unsettled(conn)
    if unsettled:
        yield "effective", f"有 {unsettled} 个报表数值的取舍标记不正确。"
