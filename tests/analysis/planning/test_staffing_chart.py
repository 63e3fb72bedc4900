"""The staffing as a map of the week: the numbers of the grids, and the sentence where there is nothing to say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from csdesk.analysis.frame import PageRequest
from csdesk.analysis.planning.staffing import NO_SESSIONS, Staffing, reckon
from csdesk.analysis.planning.staffing_chart import staffing_chart
from csdesk.bootstrap import Services
from csdesk.domain.filters import Filter
from tests.analysis.planning.test_staffing import RULES, SPAN, shop


def test_cells_say_what_is_needed_and_who_was_there() -> None:
    found = reckon(shop(times=(1, 1, 1, 1, 1, 2.2, 1)), SPAN, (), RULES)
    spec = staffing_chart(found)
    assert spec.categories == tuple(f"{hour}点" for hour in range(8, 24))
    assert [series.title for series in spec.series] == ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
    needed, present = found.needed[5][20], found.present[5][20]
    assert needed is not None
    assert present is not None
    cell = spec.series[5].points[12]
    assert cell.y == pytest.approx(needed - present)
    assert cell.label == f"{needed:.0f}/{present:.0f}"
    assert f"要 {needed:.0f} 人" in cell.hint
    row = next(row for row in spec.table.rows if row[:2] == ("周六", "20:00–21:00"))
    assert row[2:] == (found.mean[5][20], found.busy[5][20], needed, present, needed - present)
    assert spec.footnote == "".join(found.text)


def test_hours_nobody_comes_in_stay_empty() -> None:
    found = reckon(shop(times=(1, 1, 1, 1, 1, 1, 0)), SPAN, (), RULES)
    spec = staffing_chart(found)
    assert all(point.y is None for point in spec.series[6].points)
    assert {row[0] for row in spec.table.rows} == {"周一", "周二", "周三", "周四", "周五", "周六"}


def test_without_sessions_the_sentence_says_what_to_bring() -> None:
    assert "还没有会话明细" in staffing_chart(None).empty
    nothing = replace(Staffing(NO_SESSIONS, ("没有会话明细。",)))
    assert (staffing_chart(nothing).series, staffing_chart(nothing).empty) == ((), "没有会话明细。")


def test_the_page_asks_the_planning_for_it(tmp_path: Path) -> None:
    services = Services(tmp_path)
    try:
        chart = services.page("response", PageRequest(Filter())).chart("response.staffing")
    finally:
        services.close()
    assert chart.empty.startswith("没有会话明细，算不出每个小时要几个人")
