"""Business days and export times in names and lines."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.domain.period import Period
from csdesk.ingest.periods import from_cells, from_file_name, of_cell

WRITTEN = datetime(2026, 4, 1, 8)


@pytest.mark.parametrize(
    ("name", "period", "exported"),
    [
        ("自定义报表_人均日接入_下单优先判定_2026-04-20至2026-04-20 (1).xlsx", "2026-04-20", None),
        ("自制报表-报表查看-客服绩效_20260809_20260809_全部.xlsx", "2026-08-09", None),
        ("x_20260301_20260307.xlsx", "2026-03-01..2026-03-07", None),
        ("客服数据2026年3月.xlsx", "2026-03-01..2026-03-31", None),
        ("客服_2026-02.xlsx", "2026-02-01..2026-02-28", None),
        ("3月1日-3月7日.xlsx", "2026-03-01..2026-03-07", None),
        ("抖音_20260409_某店_飞鸽_客服表现.xlsx", "2026-04-09", None),
        ("店铺_2026.3.1-2026.3.7.csv", "2026-03-01..2026-03-07", None),
        ("x_2026-03-01至03-07 - 副本.xls", "2026-03-01..2026-03-07", None),
        ("2026年3月1日-7日.xlsx", "2026-03-01..2026-03-07", None),
        ("绩效_20260101_20510714_全部.xlsx", None, None),  # a mistyped year, not a business period
        ("20260809123000.xlsx", None, datetime(2026, 8, 9, 12, 30)),
        ("数据_2026-08-09 12_30.xlsx", None, datetime(2026, 8, 9, 12, 30)),
        ("x_2026-03-01_2026-03-07_20260308101500.xlsx", "2026-03-01..2026-03-07", datetime(2026, 3, 8, 10, 15)),
        ("x_20260301-20260307_导出时间20260308.xlsx", "2026-03-01..2026-03-07", datetime(2026, 3, 8)),
        ("x_2026-03-01_导出2026-03-08.xlsx", "2026-03-01", datetime(2026, 3, 8)),
        ("1791430000_new.csv", None, None),
        ("客服数据 (3).xlsx", None, None),
        ("20260230.xlsx", None, None),
        ("12月30日.xlsx", "2025-12-30", None),
        ("5月1日.xlsx", None, None),
    ],
)
def test_file_names(name: str, period: str | None, exported: datetime | None) -> None:
    found = from_file_name(name, WRITTEN)
    assert (str(found.period) if found.period else None) == period
    assert found.exported_at == exported


def test_lines_above_a_table() -> None:
    found = from_cells([["统计时间:2026-03-01~2026-03-07"], ["导出时间:", datetime(2026, 3, 8, 10, 20, 30)]])
    assert found.period == Period(date(2026, 3, 1), date(2026, 3, 7))
    assert found.exported_at == datetime(2026, 3, 8, 10, 20, 30)
    split = from_cells([["统计周期", datetime(2026, 3, 1), "至", datetime(2026, 3, 7)]])
    assert split.period == Period(date(2026, 3, 1), date(2026, 3, 7))


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        ("2026-03-01~2026-03-07", "2026-03-01..2026-03-07"),
        ("2026年3月", "2026-03-01..2026-03-31"),
        (datetime(2026, 3, 1), "2026-03-01"),
        (20260301.0, "2026-03-01"),
        ("汇总", None),
        (None, None),
    ],
)
def test_date_cells(cell: object, period: str | None) -> None:
    found = of_cell(cell)  # type: ignore[arg-type]
    assert (str(found) if found else None) == period


@given(st.dates(date(2010, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_every_way_to_write_a_span(first: date, days: int) -> None:
    last = date.fromordinal(first.toordinal() + days)
    for form in (
        "{0:%Y-%m-%d}至{1:%Y-%m-%d}",
        "{0:%Y%m%d}_{1:%Y%m%d}",
        "{0:%Y.%m.%d}-{1:%Y.%m.%d}",
        "{0:%Y年%m月%d日}~{1:%Y年%m月%d日}",
    ):
        assert from_file_name("店_" + form.format(first, last) + "_全部.xlsx").period == Period(first, last)


@given(st.text())
def test_no_name_raises(name: str) -> None:
    from_file_name(name, WRITTEN)
