"""What of a plan is kept with its import so that it can be looked at later."""

from __future__ import annotations

from csdesk.ingest.model import Plan
from csdesk.store.import_findings import CELL, SUM_AGREES, SUM_DIFFERS, Finding

_ROW_IS_OUT = "整行没有导入"
"""Rows that were rejected are kept themselves."""


def findings_of(plan: Plan) -> list[Finding]:
    """Summary rows one by one; unreadable cells by column and reason, with their number and the first of them."""
    found = [
        Finding(SUM_AGREES if one.agrees else SUM_DIFFERS, one.column, one.sentence, 1, one.cell) for one in plan.sums
    ]
    summed = {one.cell for one in plan.sums if not one.agrees}
    cells: dict[tuple[str, str], tuple[int, str]] = {}
    for problem in plan.problems:
        if not problem.column or problem.cell in summed or problem.reason.endswith(_ROW_IS_OUT):
            continue
        key = (problem.column, problem.reason)
        count, first = cells.get(key, (0, f"{problem.cell}：{problem.value}" if problem.value else problem.cell))
        cells[key] = (count + 1, first)
    found += [Finding(CELL, column, reason, count, first) for (column, reason), (count, first) in cells.items()]
    return found
