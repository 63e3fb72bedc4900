"""Numbers as the owner reads them."""

from __future__ import annotations

from datetime import date

import pytest

from csdesk.charts import format as written
from csdesk.charts.format import Part
from csdesk.charts.spec import Format
from csdesk.metrics.model import Unit


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (1234, "1,234"), (1234.4, "1,234"), (-1234, "−1,234"), (-0.2, "0"), (None, "–"), (float("nan"), "–")],
)
def test_counts(value: float | None, text: str) -> None:
    assert written.count(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(999_999, "999,999"), (1_234_567, "123.5万"), (99_994_000, "9,999.4万"), (99_999_600, "1.0亿"), (3.4e8, "3.4亿")],
)
def test_tight_places_write_large_counts_short(value: float, text: str) -> None:
    assert written.count(value, compact=True) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.953, "95.3%"), (1, "100%"), (0, "0%"), (0.99999, "100.0%"), (-0.031, "−3.1%"), (None, "–")],
)
def test_percent(value: float | None, text: str) -> None:
    assert written.percent(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0秒"), (0.44, "0.4秒"), (9.96, "10秒"), (18, "18秒"), (18.4, "18秒"), (59.6, "1分钟"), (60, "1分钟"),
        (80, "1分20秒"),
        (3599.6, "1小时"), (3900, "1小时5分"), (27712, "7小时42分"), (-4, "−4秒"), (-80, "−1分20秒"), (None, "–"),
    ],
)  # fmt: skip
def test_durations(seconds: float | None, text: str) -> None:
    assert written.duration(seconds) == text


@pytest.mark.parametrize(
    ("fen", "text"), [(123450, "¥1,234.50"), (0, "¥0.00"), (5, "¥0.05"), (-123450, "−¥1,234.50"), (None, "–")]
)
def test_money(fen: float | None, text: str) -> None:
    assert written.yuan(fen) == text


def test_money_in_tight_places() -> None:
    assert written.yuan(99_999_900, compact=True) == "¥999,999.00"
    assert written.yuan(123_450_000, compact=True) == "¥123.5万"


@pytest.mark.parametrize(
    ("difference", "long", "short"),
    [(0.031, "+3.1 个百分点", "+3.1 pp"), (-0.019, "−1.9 个百分点", "−1.9 pp"), (0.0001, "0.0 个百分点", "0.0 pp")],
)
def test_points(difference: float, long: str, short: str) -> None:
    assert written.points(difference) == long
    assert written.points(difference, short=True) == short


def test_changes_carry_a_sign() -> None:
    assert written.signed_duration(4) == "+4秒"
    assert written.signed_duration(-65) == "−1分5秒"
    assert written.signed_duration(0) == "0秒"
    assert written.signed_score(-0.071) == "−0.07"
    assert written.signed_score(0.071) == "+0.07"
    assert written.relative(42, 1000) == "+4.2%"
    assert written.relative(1, 0) == "–"
    assert written.score(4.871) == "4.87"


def test_parts_keep_units_apart() -> None:
    assert written.parts(80, Unit.SECONDS) == (Part("1"), Part("分", True), Part("20"), Part("秒", True))
    assert written.parts(-4, Unit.SECONDS) == (Part("−4"), Part("秒", True))
    assert written.parts(1_234_567, Unit.COUNT) == (Part("123.5"), Part("万", True))
    assert written.parts(None, Unit.RATE) == (Part("–"),)
    assert written.text_of(1.324, Unit.RATIO) == "1.32"


def test_every_unit_has_a_format() -> None:
    assert set(written.FORMAT_OF_UNIT) == set(Unit)


def test_cells_and_days() -> None:
    assert written.cell("小美", Format.TEXT) == "小美"
    assert written.cell(None, Format.COUNT) == "–"
    assert written.cell(0.5, Format.PERCENT) == "50.0%"
    assert written.cell(date(2026, 11, 22), Format.DATE) == "2026-11-22"
    assert written.short_day(date(2026, 1, 2)) == "01-02"
    assert written.period_text(date(2026, 10, 23), date(2026, 11, 21)) == "2026-10-23 至 2026-11-21"
    assert written.period_text(date(2026, 10, 23), date(2026, 10, 23)) == "2026-10-23"


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (53_452_400, Unit.YUAN, "¥53.5万"),
        (-53_452_400, Unit.YUAN, "−¥53.5万"),
        (123_456, Unit.YUAN, "¥1,235"),
        (10_823, Unit.COUNT, "10,823"),
        (1_250_000, Unit.COUNT, "125.0万"),
        (80, Unit.SECONDS, "1分20秒"),
        (None, Unit.YUAN, "–"),
    ],
)
def test_rough_text_is_short_enough_for_a_card(value: float | None, unit: Unit, text: str) -> None:
    assert written.rough_text(value, unit) == text
