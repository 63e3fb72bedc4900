from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.domain.identity import fold, parse_agent
from csdesk.domain.money import yuan_text
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.errors import UserFault


@pytest.mark.parametrize(
    ("cell", "shop", "name"),
    [
        ("立邦漆官方旗舰店:小美", "立邦漆官方旗舰店", "小美"),
        ("立邦漆官方旗舰店：小美", "立邦漆官方旗舰店", "小美"),
        ("cntaobao立邦漆官方旗舰店:小美", "立邦漆官方旗舰店", "小美"),
        ("甲:乙:丙", "甲:乙", "丙"),
        ("林志玲", "", "林志玲"),
        ("  melissa ", "", "melissa"),
        ("店铺:", "", "店铺"),
    ],
)
def test_agent_names(cell: str, shop: str, name: str) -> None:
    parsed = parse_agent(cell)
    assert (parsed.shop, parsed.name) == (shop, name)


def test_names_compare_loosely() -> None:
    assert fold("ＭｅＬissa 01") == fold("melissa01")
    assert parse_agent("A店:Zoey ").key == parse_agent("ＺＯＥＹ").key


@pytest.mark.parametrize(
    ("period", "previous", "last_year"),
    [
        ("2026-02-01..2026-02-28", "2026-01-01..2026-01-31", "2025-02-01..2025-02-28"),
        ("2024-02-01..2024-02-29", "2024-01-01..2024-01-31", "2023-02-01..2023-02-28"),
        ("2026-01-01..2026-03-31", "2025-10-01..2025-12-31", "2025-01-01..2025-03-31"),
        ("2026-03-02..2026-03-08", "2026-02-23..2026-03-01", "2025-03-03..2025-03-09"),
        ("2026-03-04", "2026-03-03", "2025-03-05"),
    ],
)
def test_comparison_periods(period: str, previous: str, last_year: str) -> None:
    assert Period.parse(period).previous() == Period.parse(previous)
    assert Period.parse(period).last_year() == Period.parse(last_year)


@pytest.mark.parametrize("text", ["", "2026-13-01", "2026-02-03..2026-02-01", "近七天"])
def test_bad_periods_are_explained(text: str) -> None:
    with pytest.raises(UserFault, match="时间段"):
        Period.parse(text)


@given(st.dates())
def test_epoch_days_round_trip(day: date) -> None:
    assert from_epoch_day(to_epoch_day(day)) == day


@given(st.integers(min_value=-(10**11), max_value=10**11))
def test_money_is_written_to_the_cent(fen: int) -> None:
    assert Decimal(yuan_text(fen)) * 100 == fen


def test_money_below_zero_and_below_one_yuan() -> None:
    assert (yuan_text(-5), yuan_text(-1234), yuan_text(0)) == ("-0.05", "-12.34", "0.00")
