"""Plans as the command line's JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from csdesk.ingest.model import Plan, RowCounts, Status

# The worst status of a file's tables is the file's; one imported table outweighs duplicates and skipped ones.
_ORDER = (
    Status.FAILED,
    Status.NEEDS_INPUT,
    Status.IMPORTED,
    Status.DUPLICATE,
    Status.UNRECOGNISED,
    Status.SKIPPED,
)


def rows_json(rows: RowCounts) -> dict[str, int]:
    """Row counts by name; read = the sum of the others."""
    return {
        "read": rows.read,
        "inserted": rows.inserted,
        "updated": rows.updated,
        "duplicate": rows.duplicate,
        "rejected": rows.rejected,
        "summary": rows.summary,
    }


def _settled(rows: RowCounts) -> RowCounts:
    """The counts, or none while nobody knows yet what would become of the rows (open questions, failures)."""
    known = rows.inserted + rows.updated + rows.duplicate + rows.rejected + rows.summary
    return rows if rows.read == known else RowCounts()


def file_json(plan: Plan, dry_run: bool) -> dict[str, Any]:
    """One table as one entry of ``files``."""
    return {
        "path": plan.path,
        "status": str(plan.status),
        "layout": plan.layout,
        "layout_name": plan.layout_name,
        "platform": str(plan.platform) if plan.platform else None,
        "shop": plan.shop,
        "period": [str(plan.period.first), str(plan.period.last)] if plan.period else None,
        "period_from": plan.period_from,
        "rows": rows_json(_settled(plan.rows)),
        "repairs": [{"kind": r.kind, "count": r.count, "example": r.example} for r in plan.repairs],
        "problems": [
            {"sheet": p.sheet, "cell": p.cell, "column": p.column, "value": p.value, "reason": p.reason}
            for p in plan.problems
        ],
        "problem_count": max(plan.problem_count, len(plan.problems)),
        "columns": [
            {"header": c.header, "field": c.field, "title": c.title, "sample": c.sample, "note": c.note}
            for c in plan.columns
        ],
        "sum_checks": plan.sum_checks,
        "message": plan.message,
        "needs": [need.kind for need in plan.needs],
        "questions": [need.question for need in plan.needs],
        "batch": plan.batch,
        "dry_run": dry_run,
    }


def files_json(plans: Iterable[Plan], *, dry_run: bool) -> list[dict[str, Any]]:
    """Every path exactly once, in order; the tables of one workbook are put together."""
    by_path: dict[str, list[Plan]] = {}
    for plan in plans:
        by_path.setdefault(plan.path, []).append(plan)
    return [_together(tables, dry_run) for tables in by_path.values()]


def _together(tables: Sequence[Plan], dry_run: bool) -> dict[str, Any]:
    leading = min(tables, key=lambda plan: _ORDER.index(plan.status))
    entry = file_json(leading, dry_run)
    if len(tables) == 1:
        return entry
    rows = RowCounts()
    for plan in tables:
        rows.add(_settled(plan.rows))
    each = [file_json(plan, dry_run) for plan in tables]
    periods = [plan.period for plan in tables if plan.period]
    entry["rows"] = rows_json(rows)
    entry["period"] = [str(min(p.first for p in periods)), str(max(p.last for p in periods))] if periods else None
    for name in ("repairs", "problems", "sum_checks"):
        entry[name] = [item for one in each for item in one[name]]
    entry["problem_count"] = sum(one["problem_count"] for one in each)
    entry["needs"] = sorted({need for one in each for need in one["needs"]})
    entry["message"] = " ".join(dict.fromkeys(one["message"] for one in each if one["message"]))
    entry["batches"] = [plan.batch for plan in tables if plan.batch is not None]
    entry["tables"] = [{**one, "sheet": plan.sheet} for one, plan in zip(each, tables, strict=True)]
    return entry
