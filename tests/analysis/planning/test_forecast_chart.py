"""The forecast as a chart: what was, what is likely, what is marked, and the sentence where nothing is shown."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from csdesk.analysis.planning.forecast import Forecast, work_out
from csdesk.analysis.planning.forecast_chart import forecast_chart
from csdesk.analysis.planning.history import gather
from csdesk.charts.tables import export_table
from csdesk.domain.platforms import Platform
from tests.analysis.planning.shops import TAOBAO, Received, steady

FIRST = date(2026, 7, 6)


@pytest.fixture(scope="module")
def found() -> Forecast:
    counts = steady(120)  # until 2 November; 双11 lies ahead
    counts[-10] = np.nan
    return work_out(gather(Received().has(TAOBAO, counts, first=FIRST), [TAOBAO], date(2027, 1, 1)), Platform.TAOBAO)


def test_the_last_weeks_and_the_next_ones(found: Forecast) -> None:
    spec = forecast_chart(found)
    was, will_be = spec.series
    assert spec.days == tuple(FIRST + timedelta(days=120 - 56 + at) for at in range(56 + 28))
    assert [point.y for point in was.points[:56]] == [one.value for one in found.recent]
    assert was.points[46].y is None
    assert all(point.y is None for point in (*was.points[56:], *will_be.points[:56]))
    for point, day in zip(will_be.points[56:], found.days, strict=True):
        assert (point.y, point.low, point.high) == (day.value, day.low_95, day.high_95)
        assert point.inner == (day.low_80, day.high_80)
        assert point.provisional
    assert spec.y_range is not None
    assert spec.y_range[1] > max(day.high_95 for day in found.days)


def test_days_of_promotions_and_holidays_are_drawn_as_they_were_and_marked(found: Forecast) -> None:
    spec = forecast_chart(found)
    marks = {mark.label: (spec.days[mark.first], spec.days[mark.last]) for mark in spec.marks}
    assert marks["99划算节"] == (date(2026, 9, 9), date(2026, 9, 11))
    assert marks["国庆节"][0] == date(2026, 10, 1)
    assert marks["双11"] == (date(2026, 11, 11), date(2026, 11, 11))
    there = spec.series[0].points[spec.days.index(date(2026, 10, 1))]
    assert there.y is not None
    assert there.hint == "国庆节，没有用来预测"
    assert "双11（11-11）的数字按平常日子算" in spec.footnote


def test_the_record_is_told_and_the_table_has_every_day(found: Forecast) -> None:
    spec = forecast_chart(found)
    assert found.backtest is not None
    assert f"预测平均每天差 {found.backtest.error:.1f}" in spec.footnote
    assert "头 7 天合计约" in spec.subtitle
    assert len(spec.table.rows) == 84
    assert spec.table.rows[-1][3] == round(found.days[-1].value, 1)
    assert spec.table.rows[46][:3] == (FIRST + timedelta(days=110), "周六", None)
    assert not spec.by_step


def test_where_nothing_is_shown_the_sentence_says_why() -> None:
    assert "正在后台估算" in forecast_chart(None).empty
    short = work_out(gather(Received().has(TAOBAO, steady(30)), [TAOBAO], date(2027, 1, 1)))
    spec = forecast_chart(short)
    assert spec.series == ()
    assert "27 天可用" in spec.empty


def test_files_say_by_what_method(found: Forecast, tmp_path) -> None:  # type: ignore[no-untyped-def]
    from openpyxl import load_workbook  # noqa: PLC0415

    export_table(forecast_chart(found), tmp_path / "f.xlsx")
    book = load_workbook(tmp_path / "f.xlsx")
    said = [str(row[0]) for sheet in book for row in sheet.iter_rows(values_only=True)]
    book.close()
    assert any("指数平滑" in line for line in said)
