"""What imports found out about their own files is kept with them, and goes with them."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from csdesk.ingest.load import load, undo
from csdesk.ingest.model import Plan, Problem, SumOutcome
from csdesk.store import import_findings
from csdesk.store.database import open_store
from csdesk.store.import_findings import CELL, SUM_AGREES, SUM_DIFFERS, Finding
from tests.store.builders import report_plan

DAY = date(2026, 2, 16)


def plan(name: str) -> Plan:
    made = report_plan(name, [("小美", DAY, {"received": 5.0})], exported=datetime(2026, 3, 1))
    made.sums = [
        SumOutcome("接待人数", "", "接待人数合计 5，与“汇总”行一致。", agrees=True),
        SumOutcome("销售额", "C9", "销售额：“汇总”行写的是 7，各行相加是 5。", agrees=False),
    ]
    made.problems = [
        Problem("", "C9", "销售额", "7", "“汇总”行写的是 7，各行相加是 5"),
        Problem("", "D3", "评分", "9", "评分应是 1–5"),
        Problem("", "D4", "评分", "0", "评分应是 1–5"),
        Problem("", "A5", "客服", "", "这一格是空的，整行没有导入"),
        Problem("", "", "", "", "文件末尾不完整"),
    ]
    return made


EXPECTED = [
    Finding(SUM_AGREES, "接待人数", "接待人数合计 5，与“汇总”行一致。", 1, ""),
    Finding(SUM_DIFFERS, "销售额", "销售额：“汇总”行写的是 7，各行相加是 5。", 1, "C9"),
    Finding(CELL, "评分", "评分应是 1–5", 2, "D3：9"),
]


def test_findings_are_kept_by_import_and_go_with_it(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        one, other = plan("一.xlsx"), plan("二.xlsx")
        load(store, one, delays={})
        load(store, other, delays={})
        with store.reading() as conn:
            assert import_findings.of_all(conn) == [(batch, each) for batch in (1, 2) for each in EXPECTED]
            assert import_findings.of_all(conn, (SUM_DIFFERS,)) == [(1, EXPECTED[1]), (2, EXPECTED[1])]
        assert one.batch is not None
        undo(store, one.batch)
        with store.reading() as conn:
            assert import_findings.of_all(conn) == [(2, each) for each in EXPECTED]


def test_a_trial_run_keeps_nothing(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        load(store, plan("一.xlsx"), delays={}, dry_run=True)
        with store.reading() as conn:
            assert import_findings.of_all(conn) == []
