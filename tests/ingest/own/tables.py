"""Tables no platform exports, for mapping by hand."""

from __future__ import annotations

from csdesk.ingest.own.desk import MappingDesk, with_choices
from csdesk.ingest.own.heads import SheetHead
from csdesk.ingest.own.mapping import OwnMapping
from tests.ingest.tables import Table

HEADER = ["统计日", "工号昵称", "总服务人次", "首响(分)", "好评占比", "手机号", "邀请数", "返回评价数"]
REPORT: Table = [
    ["外包团队日报"],
    HEADER,
    ["2026-03-01", "小美", 120, 0.5, 95, "13812345678", 80, 40],
    ["2026-03-01", "小丽", 90, 1.2, 88.5, "13912345678", 60, 30],
    ["2026-03-02", "小美", 100, 0.4, 91, "13812345678", 70, 35],
    ["合计", "", 310, "", "", "", 210, 105],
]
CHOICES = [
    (0, "date", ""),
    (1, "agent", ""),
    (2, "received", ""),
    (3, "first_response", "分"),
    (4, "satisfaction_rate", "百分数"),
    (6, "invites_sent", ""),
    (7, "ratings_received", ""),
]


def head_of(rows: Table, sheet: str = "表") -> SheetHead:
    """A table's beginning as a reader would give it."""
    width = max(len(row) for row in rows)
    filled = [(number, (*row, *[None] * (width - len(row)))) for number, row in enumerate(rows, 1) if any(row)]
    return SheetHead(sheet, tuple(filled))  # type: ignore[arg-type]


def report_mapping(desk: MappingDesk, name: str = "外包日报", rows: Table = REPORT) -> OwnMapping:
    """The table of :data:`REPORT` mapped as its owner would."""
    found = desk.suggest(head_of(rows))
    blank = OwnMapping(
        "", name, found.target.kind, found.source, found.target.grain, found.headers, (), found.place.height
    )
    return with_choices(found, CHOICES, blank)
