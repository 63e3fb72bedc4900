"""Every way a value has been seen written in an export, and what it means; what was mended has a Chinese name."""

# ruff: noqa: E501  (a case a line)
from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.domain.period import Period
from csdesk.ingest import cells, periods
from csdesk.ingest.cells import State
from csdesk.ingest.columns import read_durations, read_rates, read_ratios

NOON = datetime(2026, 3, 4)


@pytest.mark.parametrize(
    ("cell", "unit", "seconds"),
    [
        ("37.79", "秒", 37.79), (37.79, "秒", 37.79), ("12秒", "", 12), ("13.872秒", "", 13.872), ("12 秒", "", 12),
        ("8分48秒", "", 528), ("12分3秒", "", 723), ("2分30秒", "", 150), ("7小时41分52秒", "", 27712),
        ("00:01:20", "", 80), ("0:00:12", "", 12), ("01:20", "", 80), ("25:00:01", "", 90001), ("1:02:03.5", "", 3723.5),
        (time(0, 1, 20), "", 80), (timedelta(seconds=80), "", 80), (datetime(1899, 12, 30, 0, 1, 20), "", 80),
        (datetime(1899, 12, 31, 0, 1, 20), "", 80), (datetime(1900, 1, 1, 0, 1, 20), "", 86480),
        (datetime(1900, 2, 28), "", 59 * 86400), (datetime(1900, 3, 1), "", 61 * 86400),
        (datetime(1904, 1, 1, 0, 1, 20), "", 80), ("2.5", "分", 150), (1.7712, "时", 6376.32),
        ("1.7712小时", "", 6376.32), ("90分钟", "", 5400), ("1天2小时", "", 93600), ("1 天 02:03:04", "", 93784),
        ("１２秒", "", 12), ("３分２０秒", "", 200), ("12s", "", 12), ("1m20s", "", 80), ("1'20\"", "", 80),
        ("1′20″", "", 80), ("1,234秒", "", 1234), ("1,234.5", "秒", 1234.5), ("500毫秒", "", 0.5), ("0", "秒", 0),
        ("00时01分20秒", "", 80), ("'12秒", "", 12),
    ],
)  # fmt: skip
def test_durations(cell: Any, unit: str, seconds: float) -> None:
    found = cells.read_duration(cell, unit or "秒")
    assert (found.state, found.value) == (State.VALUE, pytest.approx(seconds, rel=1e-12))


@pytest.mark.parametrize("cell", ["约十二秒", "12:75", "快", True, datetime(2026, 3, 4)])
def test_no_durations(cell: Any) -> None:
    assert cells.read_duration(cell).state is State.PROBLEM


def test_a_column_of_excel_times_is_of_days() -> None:
    read = read_durations([80 / 86400, 0.0, 3600 / 86400, None], "")
    assert read.values == [80, 0, 3600, None]


@pytest.mark.parametrize(
    "word",
    ["", " ", "-", "--", "—", "－", "–", "/", "暂无数据", "无退款申请", "'null", "null", "None", "N/A", "#N/A", "#DIV/0!",
     "nan", math.nan, None, "'", "　", "--%", "-%", "未评价", "暂未评价", "\ufeff"],
)  # fmt: skip
def test_blanks_are_never_zero(word: Any) -> None:
    for read in (cells.read_number, cells.read_money, cells.read_duration, cells.read_id, cells.read_datetime):
        assert read(word).state is State.MISSING, read.__name__
        assert read(word).value is None


@pytest.mark.parametrize("word", ["延迟统计", "数据将于第二天更新", "延迟统计(T+1)", " 延迟统计 "])
def test_what_is_not_ready_is_delayed(word: str) -> None:
    for read in (cells.read_number, cells.read_money, cells.read_duration):
        assert read(word).state is State.DELAYED


@pytest.mark.parametrize(
    ("cell", "text", "repair"),
    [
        ('="35153131473293579"', "35153131473293579", cells.REPAIR_ID),
        ("\t6917926768823643751", "6917926768823643751", cells.REPAIR_ID),
        ('"\t6917926768823643751"', "6917926768823643751", cells.REPAIR_ID),
        ("'6917926768823643751", "6917926768823643751", cells.REPAIR_ID),
        ("订单编号：260527-277812345", "260527-277812345", cells.REPAIR_PREFIX),
        ("订单号: 123", "123", cells.REPAIR_PREFIX), ("子订单编号：123", "123", cells.REPAIR_PREFIX),
        ("６９１７", "6917", cells.REPAIR_ID), ("12345.0", "12345", cells.REPAIR_ID), (12345.0, "12345", ""),
        (" 6917 ", "6917", ""), (123456789012345.0, "123456789012345", ""), ("A-1", "A-1", ""),
    ],
)  # fmt: skip
def test_ids_are_text(cell: Any, text: str, repair: str) -> None:
    found = cells.read_id(cell)
    assert (found.state, found.value, found.repair) == (State.VALUE, text, repair)


@pytest.mark.parametrize(
    "cell", [1.23e18, 6917926768823643751, "1.23E+18", "1.00008E+11", "6.91793e18", "3.5E17", 1234567890123456.0]
)
def test_damaged_ids_say_how_to_get_whole_ones(cell: Any) -> None:
    found = cells.read_id(cell)
    assert (found.state, found.value) == (State.PROBLEM, None)
    assert "从后台重新导出" in found.reason


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("28.90", 2890), (28.9, 2890), ("¥28.90", 2890), ("￥1,234.50", 123450), ("1，234.50", 123450), ("28.9元", 2890),
        ("28.90 元", 2890), ("0元", 0), (0, 0), ("1.2万", 1200000), ("1.2万元", 1200000), ("3.5亿", 35000000000),
        ("３８．５", 3850), ("-5.00", -500), ("(5.00)", -500), ("（5.00）", -500), ("-￥12.00", -1200), ("￥-12", -1200),
        ("RMB 12", 1200), ("12.5¥", 1250), ("1.005", 101), (0.1 + 0.2, 30), ("12.345", 1235), ("人民币12元", 1200),
    ],
)  # fmt: skip
def test_money_is_exact_to_the_fen(cell: Any, fen: int) -> None:
    found = cells.read_money(cell)
    assert (found.state, found.value) == (State.VALUE, fen)


@pytest.mark.parametrize("cell", ["约二十", "1,23", "98%", True, NOON, "()"])
def test_no_money(cell: Any) -> None:
    assert cells.read_money(cell).state is State.PROBLEM


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-04 09:05:06", datetime(2026, 3, 4, 9, 5, 6)), ("2025-8-5 9:05:07", datetime(2025, 8, 5, 9, 5, 7)),
        ("2026-03-04T09:05:06", datetime(2026, 3, 4, 9, 5, 6)), ("2026/3/4 9:05", datetime(2026, 3, 4, 9, 5)),
        ("2026年3月4日 上午9:05", datetime(2026, 3, 4, 9, 5)), ("2026年3月4日 下午 9:05", datetime(2026, 3, 4, 21, 5)),
        ("2026年3月4日 下午3点5分", datetime(2026, 3, 4, 15, 5)), ("2026-03-04 PM 3:05", datetime(2026, 3, 4, 15, 5)),
        ("2026-03-04 3:05 PM", datetime(2026, 3, 4, 15, 5)), ("2026-03-04 12:05 AM", datetime(2026, 3, 4, 0, 5)),
        ("2026-03-04 星期三 9:05", datetime(2026, 3, 4, 9, 5)), ("2026-03-04 24:00:00", datetime(2026, 3, 5)),
        ("2026-03-04T01:05:06Z", datetime(2026, 3, 4, 9, 5, 6)),
        ("2026-03-04 09:05:06+08:00", datetime(2026, 3, 4, 9, 5, 6)),
        ("2026-03-04 09:05:06.123", datetime(2026, 3, 4, 9, 5, 6)), ("20260304090506", datetime(2026, 3, 4, 9, 5, 6)),
        ("初次评价: 2026-03-04 10:11:12", datetime(2026, 3, 4, 10, 11, 12)), ("2026.3.4", NOON), ("20260304", NOON),
        ("2026年3月4日", NOON), ("２０２６－０３－０４", NOON), ("26/3/4", NOON), ("26-03-04", NOON), ("26年3月4日", NOON),
        ("03-04-26", NOON), ("12-29-25", datetime(2025, 12, 29)), ("3/4/2026", NOON), (46085.0, NOON), ("46085", NOON),
        ("46085.5", datetime(2026, 3, 4, 12)), (date(2026, 3, 4), NOON), (1767225600.0, datetime(2026, 1, 1, 8)),
        ("1767225600000", datetime(2026, 1, 1, 8)), ("'2026-03-04", NOON), ("2026-03-04 周三", NOON),
    ],
)  # fmt: skip
def test_moments(cell: Any, moment: datetime) -> None:
    found = cells.read_datetime(cell)
    assert (found.state, found.value) == (State.VALUE, moment)


def test_dates_of_the_other_excel_calendar() -> None:
    assert cells.read_datetime(44623.0, date1904=True).value == NOON


@pytest.mark.parametrize("cell", ["2026-02-30", "1900-02-29", "明天", "3月4日", 60.0, True, "2026-13-01", "25:00"])
def test_no_moments(cell: Any) -> None:
    assert cells.read_datetime(cell).state is State.PROBLEM


def test_a_day_without_year_needs_the_time_of_its_file() -> None:
    assert "年份" in cells.read_datetime("3月4日").reason
    assert periods.of_cell("3月4日") is None
    assert periods.of_cell("3月4日", datetime(2026, 5, 1)) == Period.of_day(date(2026, 3, 4))
    assert periods.of_cell("12月29日", datetime(2026, 1, 2)) == Period.of_day(date(2025, 12, 29))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("自定义报表_人均日接入_下单优先判定_2026-04-20至2026-04-20.xlsx", date(2026, 4, 20), date(2026, 4, 20)),
        ("自定义报表_x_下单优先判定_2026-04-01至2026-04-30 (1).xlsx", date(2026, 4, 1), date(2026, 4, 30)),
        ("自制报表-报表查看-客服绩效_20260809_20260809_全部.xlsx", date(2026, 8, 9), date(2026, 8, 9)),
        ("抖音_20260409_云间旗舰店_飞鸽_客服表现.xlsx", date(2026, 4, 9), date(2026, 4, 9)),
        ("店铺DSR数据_2026-08-11.xlsx", date(2026, 8, 11), date(2026, 8, 11)),
        ("千牛聊天记录_5月9日.xlsx", date(2026, 5, 9), date(2026, 5, 9)),
    ],
)
def test_days_in_file_names(name: str, first: date, last: date) -> None:
    assert periods.from_file_name(name, datetime(2026, 8, 12)).period == Period(first, last)


# ---------------------------------------------------------------- what the column decides


@pytest.mark.parametrize(
    ("raw", "said", "fractions"),
    [
        (["98.8%", "100.00%", "-"], False, [0.988, 1.0, None]),
        ([0.8667, 1.0, 0.5], False, [0.8667, 1.0, 0.5]),
        ([98.8, 1.0, 0.5], False, [0.988, 0.01, 0.005]),
        ([1, 0.5], False, [1.0, 0.5]), ([1, 0, 1], False, [1.0, 0.0, 1.0]), ([0, 0], False, [0.0, 0.0]),
        (["98.8%", 0.98, "1"], False, [0.988, 0.98, 1.0]),
        (["98.8%", 97.2], False, [0.988, 0.972]),
        (["100", "100"], False, [1.0, 1.0]), ([1.0, 0.97], True, [1.0, 0.97]), ([97.0, 0.5], True, [0.97, 0.005]),
        (["９８．８％", "延迟统计"], False, [0.988, None]),
    ],
)  # fmt: skip
def test_rates_are_decided_by_their_column(raw: list[Any], said: bool, fractions: list[Any]) -> None:
    assert read_rates(raw, header_percent=said).values == fractions


def test_small_rates_under_a_percent_header_are_percents() -> None:
    assert read_rates([0.39, 0.12], header_percent=True, low=True).values == [0.0039, 0.0012]


def test_impossible_rates_are_problems() -> None:
    read = read_rates([98.0, 130.0, -3.0])
    assert read.values == [0.98, None, None]
    assert [position for position, _ in read.problems] == [1, 2]


def test_ratios_may_pass_one() -> None:
    assert read_ratios([1.1933, "119%", None]).values == [1.1933, 1.19, None]


# ---------------------------------------------------------------- there and back


@given(st.integers(0, 10 * 86400))
def test_durations_written_in_words_and_clocks(seconds: int) -> None:
    hours, minutes, rest = seconds // 3600, seconds % 3600 // 60, seconds % 60
    assert cells.read_duration(f"{hours}小时{minutes}分{rest}秒").value == seconds
    assert cells.read_duration(f"{hours:02d}:{minutes:02d}:{rest:02d}").value == seconds
    assert cells.read_duration(f"{seconds}秒").value == seconds
    assert cells.read_duration(str(seconds)).value == seconds


@given(st.integers(-(10**13), 10**13))
def test_money_there_and_back(fen: int) -> None:
    yuan, sign = f"{abs(fen) // 100}.{abs(fen) % 100:02d}", "-" if fen < 0 else ""
    grouped = f"{abs(fen) // 100:,}.{abs(fen) % 100:02d}"
    for text in (f"{sign}{yuan}", f"{sign}¥{yuan}", f"{sign}{yuan}元", f"{sign}{grouped}", f"{sign}￥{grouped}"):
        assert cells.read_money(text).value == fen


@given(st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31, 23, 59, 59)))
def test_moments_there_and_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    half = "下午" if moment.hour >= 12 else "上午"
    hour = moment.hour % 12 or 12
    chinese = f"{moment.year}年{moment.month}月{moment.day}日 {half}{hour}:{moment:%M:%S}"
    for text in (f"{moment:%Y-%m-%d %H:%M:%S}", f"{moment:%Y/%m/%d %H:%M:%S}", f"{moment:%Y%m%d%H%M%S}", chinese):
        assert cells.read_datetime(text).value == moment
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
    assert cells.read_datetime(serial).value == moment


@given(st.text())
def test_no_text_breaks_a_reader(text: str) -> None:
    for read in (
        cells.read_number, cells.read_money, cells.read_duration, cells.read_datetime, cells.read_id,
        cells.read_boolean, cells.read_rating, cells.read_text,
    ):  # fmt: skip
        found = read(text)
        assert (found.value is None) == (found.state is not State.VALUE)
