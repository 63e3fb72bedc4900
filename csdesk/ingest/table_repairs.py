"""What was put right about a table as a whole: told beside what was mended in its cells."""

from __future__ import annotations

from csdesk.ingest.headers import ColumnMapping
from csdesk.ingest.model import Plan, Repair

REPAIR_TWO_HEADERS = "两行表头合成一行"
REPAIR_ABOVE = "表头上面的说明行已跳过"
REPAIR_SUMMARY = "汇总、均值和同行的行不算作客服，也不重复计数"
REPAIR_DAY_OF_NAME = "表里没有日期，日期取自文件名"


def of_headers(mapping: ColumnMapping) -> list[Repair]:
    """Lines above the header, and a header of two rows."""
    rows = mapping.header_rows
    found = []
    if rows and rows[0] > 1:
        above = rows[0] - 1
        found.append(Repair(REPAIR_ABOVE, above, "第 1 行" if above == 1 else f"第 1–{above} 行"))
    grouped = any(column.group for column in mapping.columns)
    if len(rows) > 1 and grouped:
        found.append(Repair(REPAIR_TWO_HEADERS, 1, f"第 {rows[0]}–{rows[-1]} 行"))
    return found


def of_rows(plan: Plan) -> list[Repair]:
    """Rows that are no rows of data, and where the days come from, once that is known."""
    found = []
    if plan.rows.summary:
        found.append(Repair(REPAIR_SUMMARY, plan.rows.summary, "如“汇总”“均值”"))
    if plan.period_from == "file_name":
        found.append(Repair(REPAIR_DAY_OF_NAME, 1, f"{plan.file.name} → {plan.period}"))
    return found
