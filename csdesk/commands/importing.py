"""``csdesk-cli import``. Parsing is the long part, so the reader is started before anything else is even imported."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from csdesk.ingest.readers.source import ChunkStream, read_chunks

if TYPE_CHECKING:
    from csdesk.domain.period import Period
    from csdesk.ingest.model import Plan


def import_files(options: argparse.Namespace) -> int:
    """``csdesk-cli import``: 0 if every file was imported, a duplicate or skipped, else 1."""
    with ExitStack() as held:
        started = _start_reading(options.paths)
        if started is not None:
            held.enter_context(started)
        return _import(options, started)


def _start_reading(paths: Sequence[Path]) -> ChunkStream | None:
    """The first file's reader, at work while the rest of the program loads. An archive's is not asked anything."""
    return read_chunks(paths[0]) if paths[0].is_file() else None


def _import(options: argparse.Namespace, started: ChunkStream | None) -> int:
    from csdesk.bootstrap import open_services
    from csdesk.commands.output import print_json
    from csdesk.domain.platforms import Platform
    from csdesk.ingest.model import Given, Status
    from csdesk.ingest.report import files_json

    given = Given(
        platform=Platform(options.platform) if options.platform else None,
        shop=options.shop,
        period=_span(options.period) if options.period else None,
        mapping=options.mapping,
    )
    plans: list[Plan] = []
    with open_services(options) as services:
        for plan in services.import_files(options.paths, given, dry_run=options.dry_run, started=started):
            plans.append(plan)
            if not options.json:
                _tell(plan, options.dry_run)
    plans.sort(key=lambda plan: plan.turn)
    if options.json:
        print_json({"files": files_json(plans, dry_run=options.dry_run)})
    fine = {Status.IMPORTED, Status.DUPLICATE, Status.SKIPPED}
    return 0 if all(plan.status in fine for plan in plans) else 1


def _span(text: str) -> Period:
    from csdesk.domain.period import Period
    from csdesk.errors import UserFault, WrongUsage

    try:
        return Period.parse(text)
    except UserFault as fault:
        raise WrongUsage(fault.message, fault.advice) from None


_STATUS_WORDS = {
    "imported": "已导入",
    "duplicate": "重复",
    "needs_input": "要确认",
    "unrecognised": "不认识",
    "failed": "失败",
    "skipped": "跳过",
}


def _tell(plan: Plan, dry_run: bool) -> None:
    word = "可以导入" if dry_run and plan.status == "imported" else _STATUS_WORDS[plan.status]
    rows = plan.rows
    print(f"[{word}] {plan.path}")
    if plan.status in ("imported", "duplicate"):
        print(
            f"  {plan.layout_name} · {plan.shop or ''} · {plan.period or ''} · 读到 {rows.read} 行："
            f"新增 {rows.inserted}，更新 {rows.updated}，重复 {rows.duplicate}，"
            f"待修正 {rows.rejected}，汇总 {rows.summary}"
        )
    if plan.message:
        print(f"  {plan.message}")
    for repair in plan.repairs:
        print(f"  修好：{repair.kind} {repair.count} 处，如 {repair.example}")
    for problem in plan.problems[:5]:
        print(f"  问题：{problem.sheet} {problem.cell} {problem.column}“{problem.value}”：{problem.reason}")
    if plan.problem_count > 5:
        print(f"  …… 共 {plan.problem_count} 处问题")
