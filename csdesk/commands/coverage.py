"""``csdesk-cli coverage``: which days are there, and what is missing."""

from __future__ import annotations

import argparse

from csdesk.bootstrap import open_services
from csdesk.commands.output import print_json, print_table
from csdesk.commands.selection import selection


def coverage(options: argparse.Namespace) -> int:
    """Every shop's sources with their days, and sentences on what to export (again)."""
    from csdesk.analysis.coverage import coverage_json

    with open_services(options) as services:
        found = services.coverage.calendar(selection(services, options))
    if options.json:
        print_json(coverage_json(found))
        return 0
    print_table(
        ("店铺", "来源", "有数据（天）", "未定", "空", "缺"),
        [
            (strip.shop, strip.title, *(_days(spans) for spans in
             (strip.present, strip.provisional, strip.empty, strip.missing)))
            for strip in found.strips
        ],
    )  # fmt: skip
    for gap in found.gaps:
        print(f"{gap.text}。{'去这里导出：' + gap.where if gap.where else ''}")
    return 0


def _days(spans: tuple[tuple[int, int], ...]) -> int:
    return sum(last - first + 1 for first, last in spans)
