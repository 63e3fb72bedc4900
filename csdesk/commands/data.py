"""Commands about the data that is there: ``imports``, ``undo``, ``layouts``, ``template``."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from csdesk.bootstrap import open_services
from csdesk.commands.output import print_json, print_table

if TYPE_CHECKING:
    from csdesk.ingest.ledger import LedgerEntry
    from csdesk.ingest.templates import Template


def list_imports(options: argparse.Namespace) -> int:
    """``csdesk-cli imports``: the ledger, newest first."""
    with open_services(options) as services:
        entries = services.ledger()
    if options.json:
        print_json({"imports": [_entry_json(entry) for entry in entries]})
        return 0
    print_table(
        ("批次", "导入时间", "文件", "格式", "店铺", "日期", "新增", "更新", "状态"),
        [
            (
                entry.batch,
                f"{entry.imported_at:%Y-%m-%d %H:%M}",
                entry.file_name,
                entry.layout_name,
                entry.shop,
                entry.period or "",
                entry.rows.inserted,
                entry.rows.updated,
                _state(entry),
            )
            for entry in entries
        ],
    )
    return 0


def _state(entry: LedgerEntry) -> str:
    """What is to be said of an import beside its counts."""
    said = ["已撤销"] if entry.undone else ["示例"] if entry.demo else []
    if entry.corrects is not None:
        said.append(f"由批次 {entry.corrects} 的退回行改好")
    if entry.kept:
        mended = "、".join(str(batch) for batch in entry.corrected_by)
        said.append(f"退回 {entry.kept} 行" + (f"（已在批次 {mended} 改过）" if mended else ""))
    return "，".join(said)


def _entry_json(entry: LedgerEntry) -> dict[str, object]:
    from csdesk.ingest.report import rows_json

    period = entry.period
    return {
        "batch": entry.batch,
        "file": entry.file_name,
        "layout": entry.layout_name,
        "platform": entry.platform,
        "shop": entry.shop,
        "period": [str(period.first), str(period.last)] if period else None,
        "rows": rows_json(entry.rows),
        "imported_at": entry.imported_at.isoformat(timespec="seconds"),
        "undone": entry.undone,
        "demo": entry.demo,
        "rejected_kept": entry.kept,
        "corrects": entry.corrects,
        "corrected_by": list(entry.corrected_by),
    }


def undo(options: argparse.Namespace) -> int:
    """``csdesk-cli undo BATCH``."""
    with open_services(options) as services:
        rows = services.undo(options.batch)
        services.after_writing()
    if options.json:
        from csdesk.ingest.report import rows_json

        print_json({"batch": options.batch, "rows": rows_json(rows)})
    else:
        print(f"批次 {options.batch} 已撤销。")
    return 0


def list_layouts(options: argparse.Namespace) -> int:
    """``csdesk-cli layouts``: what can be imported, the tables mapped by hand among it."""
    with open_services(options) as services:
        known = services.mappings.layouts()
    layouts = [*known.own, *known.layouts]
    if options.json:
        print_json(
            {
                "layouts": [
                    {
                        "id": layout.id,
                        "name": layout.name,
                        "platform": layout.platform,
                        "kind": layout.kind,
                        "source": layout.source,
                        "own": layout.own is not None,
                    }
                    for layout in layouts
                ]
            }
        )
    else:
        print_table(
            ("格式", "名称", "平台", "来自"),
            [
                (each.id, each.name, each.platform or "", "自己对的列" if each.own is not None else "程序自带")
                for each in layouts
            ],
        )
    return 0


def template(options: argparse.Namespace) -> int:
    """``csdesk-cli template [ID] --out F.xlsx``: a blank workbook; without ``--out`` the list of them."""
    if options.out is not None:
        with open_services(options) as services:
            services.save_template(options.out, options.template)
        if options.json:
            print_json({"template": options.template, "out": str(options.out)})
        else:
            print(f"空白模板已存到 {options.out}")
        return 0
    from csdesk.ingest.templates import templates

    listed = templates()
    if options.json:
        print_json({"templates": [_template_json(one) for one in listed]})
    else:
        print_table(("模板", "名称", "必填的列"), [(one.id, one.name, "、".join(one.required)) for one in listed])
    return 0


def _template_json(one: Template) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "columns": [column.title for column in one.columns],
        "required": list(one.required),
    }
