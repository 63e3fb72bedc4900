"""Exports carry the filter and the definitions of the numbers in them."""

from __future__ import annotations

from csdesk.analysis.frame import Compare, Grain, PageResult
from csdesk.charts.notes import export_notes
from csdesk.charts.spec import Column, Format, TableSpec
from csdesk.domain.filters import Filter


def test_notes_name_the_selection_each_metric_once_and_the_remarks() -> None:
    table = TableSpec(
        (
            Column("key", "客服"),
            Column("invite_rate", "邀评率", Format.PERCENT),
            Column("invite_rate.low", "下限", Format.PERCENT),
        ),
        (),
    )
    result = PageResult(
        "invites", "邀评", Filter(), Compare.NONE, Grain.DAY, "近 30 天", (), (), (), notes=("两个平台口径不同",)
    )
    lines = export_notes(result, table)
    assert lines[0] == "近 30 天"
    assert lines[-1] == "两个平台口径不同"
    assert [line.partition("：")[0] for line in lines[1:-1]] == ["邀评率"]
