"""Commands about single rows of an import: ``rejected``, ``changes``."""

from __future__ import annotations

import argparse

from csdesk.bootstrap import open_services
from csdesk.commands.output import print_json, print_table


def rejected(options: argparse.Namespace) -> int:
    """``csdesk-cli rejected BATCH``: the rows that were not imported, shown or saved to be corrected."""
    from csdesk.charts.saving import save_file

    with open_services(options) as services:
        table = services.corrections.table(options.batch)
        if options.out is not None:
            save_file(options.out, services.corrections.content(options.batch, options.out.suffix))
    if options.json:
        print_json(
            {
                "batch": table.batch,
                "file": table.file_name,
                "rows": [
                    {"sheet": r.sheet, "row": r.row, "column": r.column, "reason": r.reason, "cells": r.cells}
                    for r in table.rows
                ],
            }
        )
    elif options.out is not None:
        print(f"退回的 {len(table.rows)} 行已存到 {options.out}。改好存盘后，再导入这个文件就行。")
    else:
        print_table(("行", "列", "原因"), [(row.row, row.column, row.reason) for row in table.rows])
    return 0


def changes(options: argparse.Namespace) -> int:
    """``csdesk-cli changes BATCH``: what an import changed of what was there before."""
    with open_services(options) as services:
        told = services.changes.of(options.batch, options.limit)
    if options.json:
        print_json(
            {
                "batch": told.batch,
                "file": told.file_name,
                "rows": told.rows,
                "columns": [{"column": column, "count": count} for column, count in told.columns],
                "first": [
                    {
                        "what": row.what,
                        "shop": row.shop,
                        "name": row.name,
                        "changes": [
                            {"column": one.column, "before": one.before, "after": one.after} for one in row.changes
                        ],
                    }
                    for row in told.first
                ],
            }
        )
        return 0
    columns = "、".join(f"{column} {count} 处" for column, count in told.columns)
    print(f"批次 {told.batch} 改了 {told.rows} 行" + (f"：{columns}。" if columns else "。"))
    print_table(
        ("行", "店铺", "列", "原来", "现在"),
        [
            (f"{row.what} {row.name}", row.shop, one.column, one.before, one.after)
            for row in told.first
            for one in row.changes
        ],
    )
    return 0
