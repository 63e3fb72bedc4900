"""Whether the store is sound: the file itself, and everything that is kept twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from csdesk.store import rollups
from csdesk.store.database import Store
from csdesk.store.report_facts import BENCHMARKS, MEASURES

_ORPHANS = {
    "session_without_batch": (
        "SELECT count(*) FROM session AS s WHERE s.batch_id NOT IN (SELECT id FROM batch WHERE undone_at IS NULL)",
        "有 {} 条会话记录找不到它的导入批次。",
    ),
    "session_without_agent": (
        """SELECT count(*) FROM session AS s
           WHERE NOT EXISTS (SELECT 1 FROM agent AS a WHERE a.id = s.agent_id AND a.shop_id = s.shop_id)""",
        "有 {} 条会话记录找不到客服。",
    ),
    "session_not_covered": (
        """SELECT count(*) FROM session_day AS d WHERE NOT EXISTS (
             SELECT 1 FROM session_coverage AS c WHERE c.shop_id = d.shop_id AND c.agent_id = d.agent_id
             AND d.day BETWEEN c.first_day AND c.last_day)""",
        "有 {} 个客服日的会话不在任何文件的日期范围内。",
    ),
    "session_version_count": (
        """SELECT count(*) FROM session AS s WHERE s.versions <>
             ((SELECT count(*) FROM session_version AS v WHERE v.session_id = s.id) > 1)
           AND (s.versions OR EXISTS (SELECT 1 FROM session_version AS v WHERE v.session_id = s.id))""",
        "有 {} 条会话记录的历史版本不完整。",
    ),
    "version_of_undone_batch": (
        """WITH undone AS (SELECT id FROM batch WHERE undone_at IS NOT NULL)
           SELECT (SELECT count(*) FROM session_version WHERE batch_id IN undone)
                + (SELECT count(*) FROM session_member WHERE batch_id IN undone)
                + (SELECT count(*) FROM session_coverage WHERE batch_id IN undone)
                + (SELECT count(*) FROM measure WHERE batch_id IN undone)
                + (SELECT count(*) FROM benchmark WHERE batch_id IN undone)""",
        "有 {} 条数据属于已经撤销的导入。",
    ),
    "version_without_session": (
        """SELECT (SELECT count(*) FROM session_version WHERE session_id NOT IN (SELECT id FROM session))
                + (SELECT count(*) FROM session_member WHERE session_id NOT IN (SELECT id FROM session))""",
        "有 {} 条历史版本找不到会话记录。",
    ),
    "measure_without_agent": (
        """SELECT count(*) FROM measure AS m WHERE m.agent_id <> 0 AND NOT EXISTS (
             SELECT 1 FROM agent AS a WHERE a.id = m.agent_id AND a.shop_id = m.shop_id)""",
        "有 {} 个报表数值找不到客服。",
    ),
}  # fmt: skip


def check(store: Store) -> list[tuple[str, str]]:
    """(kind, Chinese sentence) for everything wrong; empty when sound. Reads everything: seconds for a large store."""
    with store.reading() as conn:
        damage = list(_file_problems(conn))
        return damage or list(_content_problems(conn))


def _file_problems(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    verdicts = [row[0] for row in conn.execute("PRAGMA integrity_check(20)")]
    if verdicts != ["ok"]:
        yield "integrity", f"数据文件已损坏({verdicts[0]})。请从 backups 文件夹里的备份恢复。"


def _content_problems(conn: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    broken = len(conn.execute("PRAGMA foreign_key_check").fetchall())
    if broken:
        yield "foreign_keys", f"有 {broken} 条数据指向不存在的记录。"
    for kind, (query, sentence) in _ORPHANS.items():
        count = int(conn.execute(query).fetchone()[0])
        if count:
            yield kind, sentence.format(count)
    wrong = rollups.differences(conn)
    if wrong:
        yield "rollup", f"有 {wrong} 行每日汇总与会话明细不一致。"
    unsettled = MEASURES.unsettled(conn) + BENCHMARKS.unsettled(conn)
    if unsettled:
        yield "effective", f"有 {unsettled} 个报表数值的取舍标记不正确。"
