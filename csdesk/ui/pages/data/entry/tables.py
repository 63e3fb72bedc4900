"""The entries below the form as tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from csdesk.analysis.frame import PageTable
from csdesk.charts.spec import Cell, Column, Format, TableSpec
from csdesk.domain.entries import CHECK, ENTRY_TITLES, PHONE
from csdesk.ingest.entry.book import items_of
from csdesk.store.hand_rows import HandRow

MOST_LISTED = 5000
_EPOCH = datetime(1970, 1, 1)
_YES_NO = {1: "是", 0: "否"}
_WHO = (Column("when", "时间"), Column("shop", "店铺"), Column("agent", "客服"))
_MARK = Column("mark", "改过")
_COLUMNS = {
    PHONE: (
        *_WHO, Column("buyer", "买家"), Column("csat", "满意度", Format.COUNT), Column("resolved", "解决了"),
        Column("comment", "买家怎么说"), _MARK,
    ),
    "survey": (
        *_WHO, Column("csat", "满意度", Format.COUNT), Column("nps", "推荐意愿", Format.COUNT),
        Column("comment", "意见"), Column("source", "来源"), _MARK,
    ),
    CHECK: (
        *_WHO, Column("total", "总分", Format.SCORE), Column("items", "各项得分"), Column("session", "会话 ID"),
        Column("remark", "备注"), Column("inspector", "抽检人"), _MARK,
    ),
}  # fmt: skip


def entries_table(form_id: str, rows: Sequence[HandRow]) -> PageTable:
    """The entries of a form, as they come."""
    title = f"录入过的{ENTRY_TITLES[form_id]}"
    table = TableSpec(_COLUMNS[form_id], tuple(_cells(form_id, row) for row in rows))
    advice = "双击一条可以修改。"
    if len(rows) == MOST_LISTED:
        advice += f"这里列的是最近 {MOST_LISTED:,} 条。"
    return PageTable(f"entries.{form_id}", title, table, advice)


def _cells(form_id: str, row: HandRow) -> tuple[Cell, ...]:
    values = row.values
    who: tuple[Cell, ...] = (
        _when(values.get("answered_at", values.get("checked_at"))),
        row.shop_shown,
        row.agent or None,
    )
    mark = "改过" if row.changed else ""
    if form_id == PHONE:
        resolved = values["resolved"]
        answer = None if resolved is None else _YES_NO[resolved]
        return (*who, values["buyer_mask"], values["csat"], answer, values["comment"], mark)
    if form_id == CHECK:
        items = "，".join(f"{name} {points:g}/{full:g}" for name, points, full in items_of(row))
        judged = (values["total"], items or None, values["session_key"])
        return (*who, *judged, values["remark"], values["inspector"], mark)
    return (*who, values["csat"], values["nps"], values["comment"], values["source"], mark)


def _when(moment: int | None) -> str | None:
    if moment is None:
        return None
    when = _EPOCH + timedelta(seconds=moment)
    return f"{when:%Y-%m-%d %H:%M}" if moment % 86_400 else f"{when:%Y-%m-%d}"
