"""The sentences of the import preview and the ledger, from plans and counts. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from csdesk.analysis.frame import Run
from csdesk.charts.format import count, period_text
from csdesk.domain.holdings import DataFacts
from csdesk.ingest.ledger import LedgerEntry
from csdesk.ingest.model import Plan, Repair, RowCounts, Status

UNDO, UNDONE = "撤销", "已撤销"
_PILLS = {
    Status.IMPORTED: ("可以导入", "good"),
    Status.DUPLICATE: ("重复", "neutral"),
    Status.NEEDS_INPUT: ("要确认", "warn"),
    Status.UNRECOGNISED: ("不认识", "neutral"),
    Status.FAILED: ("读不了", "bad"),
    Status.SKIPPED: ("跳过", "neutral"),
}
_PERIOD_ORIGINS = {
    "content": "日期（来自表里）",
    "file_name": "日期（来自文件名）",
    "given": "日期（您选的）",
    "remembered": "日期（上次选的）",
}


def pill(plan: Plan) -> tuple[str, str]:
    """(word, tone) of a file in the list."""
    return _PILLS[plan.status]


def file_title(plan: Plan) -> str:
    """The file's name; for a member of an archive ``包.zip › 表.csv``."""
    return _name(plan.path)


def _name(path: str) -> str:
    archive, bang, member = path.partition("!")
    name = PurePath(archive.replace("\\", "/")).name
    return f"{name} › {member}" if bang else name


def file_kind(plan: Plan) -> str:
    """The ending for the little file picture: XLSX, CSV, …; "?" without one."""
    _stem, dot, ending = plan.path.rpartition(".")
    return ending.upper() if dot and 0 < len(ending) <= 4 else "?"


def file_line(plan: Plan) -> str:
    """What is said of a file under its name: what it is, how many rows, which days; or why not."""
    if plan.status in {Status.UNRECOGNISED, Status.FAILED, Status.SKIPPED}:
        return plan.message
    parts = [plan.layout_name]
    if plan.rows.read:
        parts.append(f"{count(plan.rows.read)} 行")
    if plan.period is not None:
        parts.append(period_text(plan.period.first, plan.period.last))
    if plan.status is Status.DUPLICATE:
        parts.append(f"和“{_name(plan.twin_of)}”是同一个表" if plan.twin_of else "以前导入过")
    return " · ".join(part for part in parts if part)


def file_question(plan: Plan) -> str:
    """The short form of what is asked about a file."""
    words = {"period": "不知道是哪一天", "shop": "不知道是哪家店", "platform": "不知道是哪个平台"}
    return "、".join(words.get(need.kind, need.question) for need in plan.needs)


def lead(plans: Sequence[Plan]) -> tuple[Run, ...]:
    """``放进来 4 个文件：2 个看懂了，1 个要您确认，1 个以前导入过。按下导入之前，什么都不会写入。``"""
    found = [(sum(plan.status is status for plan in plans), words) for status, words in (
        (Status.IMPORTED, "个看懂了"), (Status.NEEDS_INPUT, "个要您确认"),
        (Status.UNRECOGNISED, "个不认识"), (Status.FAILED, "个读不了"), (Status.SKIPPED, "个跳过"),
    )]  # fmt: skip
    twins = sum(bool(plan.twin_of) for plan in plans)
    known = sum(plan.status is Status.DUPLICATE for plan in plans) - twins
    found[2:2] = [(known, "个以前导入过"), (twins, "个重复放进来")]
    runs = [Run("放进来 "), Run(count(len(plans)), strong=True), Run(" 个表：")]
    present = [(number, words) for number, words in found if number]
    for place, (number, words) in enumerate(present):
        runs += [Run(count(number), strong=True), Run(f" {words}" + ("，" if place < len(present) - 1 else "。"))]
    return (*runs, Run("按下导入之前，什么都不会写入。"))


def totals(plans: Sequence[Plan]) -> RowCounts:
    """Rows of all plans that can be imported, and duplicates of those that need not be."""
    together = RowCounts()
    for plan in plans:
        if plan.twin_of:
            rows = plan.rows.read - plan.rows.summary - plan.rows.rejected
            together.add(RowCounts(read=rows, duplicate=rows))
        elif plan.status in {Status.IMPORTED, Status.DUPLICATE}:
            together.add(plan.rows)
    return together


def footer(plans: Sequence[Plan], *, counting: bool = False) -> tuple[Run, ...]:
    """``将写入 1,204 条新数据，更新 12 条，跳过重复 3,420 条，待修正 1 条。导入后可以整批撤销。``

    ``counting``: what the store has already is not known yet.
    """
    if not any(plan.status is Status.IMPORTED for plan in plans):
        asked = sum(plan.status is Status.NEEDS_INPUT for plan in plans)
        return (Run("回答上面的问题，就可以导入。" if asked else "没有可以导入的表。"),)
    rows = totals(plans)
    if counting:
        return (Run("读到 "), Run(count(rows.read - rows.summary), strong=True), Run(" 条，正在核对哪些是新的…"))
    new = rows.inserted or rows.read - rows.updated - rows.duplicate - rows.rejected - rows.summary
    runs = [Run("将写入 "), Run(count(max(0, new)), strong=True), Run(" 条新数据")]
    for number, words in ((rows.updated, "更新"), (rows.duplicate, "跳过重复"), (rows.rejected, "待修正")):
        if number:
            runs += [Run(f"，{words} "), Run(count(number), strong=True), Run(" 条")]
    return (*runs, Run("。导入后可以整批撤销。"))


def rows_line(plan: Plan) -> str:
    """``12 行数据，另有 2 行合计/均值用来核对``."""
    data = plan.rows.read - plan.rows.summary
    line = f"{count(data)} 行数据"
    if plan.rows.summary:
        line += f"，另有 {count(plan.rows.summary)} 行合计、均值用来核对"
    if plan.rows.rejected:
        line += f"；{count(plan.rows.rejected)} 行待修正"
    return line


def period_title(plan: Plan) -> str:
    """Heading of the date with where it was found."""
    return _PERIOD_ORIGINS.get(plan.period_from, "日期")


def shop_line(plan: Plan, expected: str) -> str:
    """``淘宝/天猫 · 云间小铺``; says when the name comes from the files beside it, or is only assumed."""
    platform = plan.platform.label if plan.platform else "平台不明"
    if plan.shop_assumed:
        return f"{platform} · {expected}（同其他表）" if expected else f"{platform} · {plan.shop}（暂用名）"
    return f"{platform} · {plan.shop or '店铺不明'}"


def columns_title(plan: Plan) -> str:
    """``列对上了 14 / 15``."""
    matched = sum(column.field is not None for column in plan.columns)
    return f"列对上了 {matched} / {len(plan.columns)}"


def repairs_title(repairs: Sequence[Repair]) -> str:
    """``修好了 3 处``."""
    return f"修好了 {count(sum(repair.count for repair in repairs))} 处"


def imported_notice(done: Sequence[Plan]) -> str:
    """What is said after the import."""
    rows = RowCounts()
    for plan in done:
        rows.add(plan.rows)
    words = [f"新增 {count(rows.inserted)} 条"]
    for number, what in ((rows.updated, "更新"), (rows.duplicate, "跳过重复"), (rows.rejected, "待修正")):
        if number:
            words.append(f"{what} {count(number)} 条")
    return f"导入了 {count(len(done))} 个表：{'，'.join(words)}。"


def ledger_lead(entries: Sequence[LedgerEntry], facts: DataFacts) -> tuple[Run, ...]:
    """Opening sentence of the page."""
    kept = [entry for entry in entries if not entry.undone]
    if not kept or facts.first_day is None or facts.last_day is None:
        return (Run("还没有导入过表格。从赤兔、生意参谋、飞鸽导出后拖进来，先看读懂了什么，再决定写不写入。"),)
    return (
        Run("已导入 "), Run(count(len(kept)), strong=True), Run(" 个表，数据从 "),
        Run(str(facts.first_day), strong=True),
        Run(" 到 "), Run(str(facts.last_day), strong=True), Run("。每一批都可以撤销，撤销后和没有导入过一样。"),
    )  # fmt: skip


def entry_state(entry: LedgerEntry) -> str:
    """Last column of the ledger."""
    return UNDONE if entry.undone else UNDO


def what_it_is(entry: LedgerEntry, names: Mapping[int, str]) -> str:
    """What a file was read as; of corrected rows also whose they are."""
    if entry.corrects is None:
        return entry.layout_name
    return f"{entry.layout_name} · 由“{names.get(entry.corrects, '')}”的退回行改好"


def kept_text(entry: LedgerEntry) -> str:
    """How many rows came back, and whether they were corrected since."""
    if not entry.kept or entry.undone:
        return ""
    return f"{entry.kept} 行（改过）" if entry.corrected_by else f"{entry.kept} 行"
