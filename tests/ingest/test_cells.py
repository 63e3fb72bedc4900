"""One cell at a time: what it means, and that nothing makes the readers raise."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csdesk.ingest import cells
from csdesk.ingest.cells import State

ANY_CELL = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text("0123456789.,-+%eE ￥¥元万秒分时天:/年月日是否已未－０１９", max_size=20),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)
READERS = [
    cells.read_number,
    cells.read_money,
    cells.read_duration,
    cells.read_datetime,
    cells.read_date,
    cells.read_id,
    cells.read_boolean,
    cells.read_rating,
    cells.read_text,
]


@pytest.mark.parametrize("read", READERS)
@given(cell=ANY_CELL)
@settings(max_examples=150, deadline=None)
def test_no_cell_makes_a_reader_raise(read: Any, cell: Any) -> None:
    reading = read(cell)
    assert (reading.value is not None) == (reading.state is State.VALUE)
    assert bool(reading.reason) == (reading.state is State.PROBLEM)


@pytest.mark.parametrize(
    "word", ["", " ", "-", "--", "——", "—", "暂无数据", "无退款申请", "NaN", "null", "'null", "\t", "－", "#N/A", "无"]
)
def test_blank_words_are_missing_never_zero(word: str) -> None:
    for read in (cells.read_number, cells.read_money, cells.read_duration, cells.read_datetime):
        assert read(word).state is State.MISSING


@pytest.mark.parametrize("word", ["延迟统计", " 延迟统计 ", "数据将于第二天更新", "延迟统计(T+3)"])
def test_delayed_words(word: str) -> None:
    assert cells.read_number(word) is cells.DELAYED
    assert cells.read_duration(word) is cells.DELAYED


@pytest.mark.parametrize(
    ("cell", "value", "repair"),
    [
        ("82.0", 82.0, ""),
        (82, 82.0, ""),
        ("1,234", 1234.0, cells.REPAIR_THOUSANDS),
        ("１，２３４", 1234.0, cells.REPAIR_THOUSANDS),
        ("１２", 12.0, cells.REPAIR_FULL_WIDTH),
        ("1.2万", 12000.0, cells.REPAIR_WAN),
        ("3人", 3.0, cells.REPAIR_UNIT),
        ("-5", -5.0, ""),
        ("\t7", 7.0, ""),
    ],
)
def test_numbers(cell: Any, value: float, repair: str) -> None:
    reading = cells.read_number(cell)
    assert (reading.state, reading.value, reading.repair) == (State.VALUE, value, repair)


@pytest.mark.parametrize("cell", ["十二", "1,2", "12-3", "abc", "1.2.3", True, datetime(2026, 1, 1), "1e999", "∞"])
def test_not_numbers(cell: Any) -> None:
    assert cells.read_number(cell).state is State.PROBLEM


@pytest.mark.parametrize(
    ("cell", "unit", "fen"),
    [
        ("28.90", "元", 2890),
        (28.9, "元", 2890),
        ("¥1,234.565", "元", 123457),
        ("￥12", "元", 1200),
        ("1.5万元", "元", 1500000),
        ("12元", "元", 1200),
        (1.005, "元", 101),
        ("-3.2", "元", -320),
        ("2.5", "万元", 2500000),
        ("0.1", "元", 10),
    ],
)
def test_money_is_exact(cell: Any, unit: str, fen: int) -> None:
    assert cells.read_money(cell, unit).value == fen


@given(st.integers(-(10**12), 10**12))
def test_money_round_trip(fen: int) -> None:
    text = f"{Decimal(fen) / 100:.2f}"
    assert cells.read_money(text).value == fen
    assert cells.read_money(f"{Decimal(fen) / 100:,.2f}").value == fen


@pytest.mark.parametrize(
    ("cell", "unit", "seconds"),
    [
        ("37.79", "秒", 37.79),
        (37.79, "秒", 37.79),
        ("12秒", "分", 12),
        ("8分48秒", "秒", 528),
        ("7小时41分52秒", "秒", 27712),
        ("00:01:20", "秒", 80),
        ("01:20", "秒", 80),
        ("26:00:01", "秒", 93601),
        ("1天2小时", "秒", 93600),
        ("1 day, 2:03:04", "秒", 93784),
        ("2.5", "分", 150),
        (7.5, "时", 27000),
        ("2分钟", "秒", 120),
        ("500毫秒", "秒", 0.5),
        (time(0, 1, 20), "时", 80),
        (timedelta(hours=30), "秒", 108000),
        (datetime(1900, 1, 1, 12), "秒", 129600),
        (datetime(1899, 12, 31, 0, 0, 20), "秒", 20),
        ("０分８秒", "秒", 8),
    ],
)
def test_durations(cell: Any, unit: str, seconds: float) -> None:
    assert cells.read_duration(cell, unit).value == pytest.approx(seconds)


@pytest.mark.parametrize("cell", ["快", "1:75", "12:99:01", datetime(2026, 1, 1), True, "8分48分"])
def test_not_durations(cell: Any) -> None:
    assert cells.read_duration(cell).state is State.PROBLEM


@given(st.integers(0, 10**6))
def test_duration_words_round_trip(seconds: int) -> None:
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    for text in (
        f"{hours}小时{minutes}分{left}秒",
        f"{hours:02d}:{minutes:02d}:{left:02d}",
        f"{seconds}",
        f"{seconds}秒",
    ):
        assert cells.read_duration(text).value == seconds


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("2026/3/1", date(2026, 3, 1)),
        ("20260301", date(2026, 3, 1)),
        (20260301.0, date(2026, 3, 1)),
        ("2026年3月1日", date(2026, 3, 1)),
        ("2026.3.1", date(2026, 3, 1)),
        (datetime(2026, 3, 1, 23, 59, 59, 999999), date(2026, 3, 2)),
        (46082.0, date(2026, 3, 1)),
        ("46082", date(2026, 3, 1)),
        ("初次评价: 2026-06-07 13:40:07", date(2026, 6, 7)),
        ("12-29-25", date(2025, 12, 29)),
        ("6/7/26 13:40", date(2026, 6, 7)),
        ("２０２６－０３－０１", date(2026, 3, 1)),
    ],
)
def test_dates(cell: Any, day: date) -> None:
    assert cells.read_date(cell).value == day


def test_the_1904_system_is_four_years_later() -> None:
    assert cells.read_date(44620.0, date1904=True).value == cells.read_date(46082.0).value


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-01 09:05:06", datetime(2026, 3, 1, 9, 5, 6)),
        ("2026/3/1 9:05", datetime(2026, 3, 1, 9, 5)),
        ("2026年06月07日 12:39:34", datetime(2026, 6, 7, 12, 39, 34)),
        ("2026-3-1 下午3:05:06", datetime(2026, 3, 1, 15, 5, 6)),
        ("20260301101112", datetime(2026, 3, 1, 10, 11, 12)),
        ("2026-03-01T10:11:12", datetime(2026, 3, 1, 10, 11, 12)),
        ("2026-03-01 10:11:12.345", datetime(2026, 3, 1, 10, 11, 12)),
        (46082.5, datetime(2026, 3, 1, 12)),
        (datetime(2026, 3, 1, 10, 4, 59, 999_999), datetime(2026, 3, 1, 10, 5)),
    ],
)
def test_moments(cell: Any, moment: datetime) -> None:
    assert cells.read_datetime(cell).value == moment


@pytest.mark.parametrize(
    "cell", ["2026-02-30", "2026-13-01 10:00:00", "昨天", "0001-01-01", 5.0, "2026-03-01 25:00:00"]
)
def test_not_dates(cell: Any) -> None:
    assert cells.read_datetime(cell).state is State.PROBLEM


@given(st.datetimes(datetime(1991, 1, 1), datetime(2099, 12, 31)))
def test_date_texts_round_trip(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    for form in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y%m%d%H%M%S"):
        assert cells.read_datetime(moment.strftime(form)).value == moment


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('="35153131473293579"', "35153131473293579"),
        ("\t6917926768823643751", "6917926768823643751"),
        ("'69179267688", "69179267688"),
        ("订单编号：260527-277872699724055", "260527-277872699724055"),
        (12345.0, "12345"),
        ("S20260301-0001", "S20260301-0001"),
        ("123.0", "123"),
    ],
)
def test_ids_stay_text(cell: Any, text: str) -> None:
    assert cells.read_id(cell).value == text


@pytest.mark.parametrize("cell", [6.917926768823644e18, "6.91793E+18", 1.5])
def test_damaged_ids_are_never_guessed(cell: Any) -> None:
    assert cells.read_id(cell).state is State.PROBLEM


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("是", 1),
        ("否", 0),
        ("Y", 1),
        ("n", 0),
        (1.0, 1),
        (0, 0),
        ("已邀评", 1),
        ("未评价", 0),
        (True, 1),
        ("TRUE", 1),
        ("已解决", 1),
    ],
)
def test_booleans(cell: Any, value: int) -> None:
    assert cells.read_boolean(cell).value == value


def test_booleans_that_are_none() -> None:
    assert cells.read_boolean("也许").state is State.PROBLEM
    assert cells.read_boolean("-").state is State.MISSING
    assert cells.read_boolean(None).state is State.MISSING


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (5, 5),
        ("4", 4),
        ("5星", 5),
        ("★★★☆☆", 3),
        ("非常满意", 5),
        ("不满意", 2),
        ("很不满", 1),
        ("一般", 3),
        ("4.0", 4),
        ("五星", 5),
    ],
)
def test_ratings(cell: Any, value: int) -> None:
    assert cells.read_rating(cell).value == value


@pytest.mark.parametrize("cell", [0, 6, 4.5, "很好", True])
def test_not_ratings(cell: Any) -> None:
    assert cells.read_rating(cell).state is State.PROBLEM


@given(st.text())
def test_plain_is_idempotent(text: str) -> None:
    assert cells.plain(cells.plain(text)) == cells.plain(text)


@pytest.mark.parametrize(("cell", "text"), [(6.0, "6"), (-5.0, "-5"), (99999999.0, "99999999"), (37.5, "37.5")])
def test_numbers_are_shown_as_the_sheet_shows_them(cell: float, text: str) -> None:
    assert cells.show(cell) == text
