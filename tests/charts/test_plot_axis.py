"""Ticks and labels: round, inside, apart. No Qt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.charts.plot.axis import bar_scale, category_ticks, nice_step, positions, spread, value_scale
from csdesk.charts.plot.words import detail_text, interval_text, point_text, sample_text, tick_text, value_text
from csdesk.charts.spec import Format, Point
from tests.charts import samples

FINITE = st.floats(-1e9, 1e9, allow_nan=False)


def test_rates_start_at_zero_and_stop_at_one_hundred_percent() -> None:
    scale = value_scale([0.24, 0.66], Format.PERCENT, 5)
    assert (scale.low, scale.high) == (0.0, 0.8)
    assert value_scale([0.3, 0.97, 1.0], Format.PERCENT, 4).high == 1.0


def test_high_rates_get_a_closer_look() -> None:
    scale = value_scale([0.91, 0.96], Format.PERCENT, 5)
    assert scale.low >= 0.85
    assert scale.high <= 1.0


def test_seconds_get_clock_steps_and_counts_whole_ones() -> None:
    assert nice_step(200, 5, Format.SECONDS) == 60
    assert nice_step(2, 5, Format.COUNT) == 1
    assert nice_step(150, 5, Format.YUAN) == 100


@pytest.mark.parametrize("values", [[], [0.0], [0.0, 0.0], [5.0], [-3.0, -1.0], [-5e-324]])
def test_a_scale_exists_for_poor_data(values: list[float]) -> None:
    for form in (Format.COUNT, Format.PERCENT, Format.SECONDS, Format.YUAN, Format.SCORE):
        scale = value_scale(values, form, 4)
        assert scale.high > scale.low
        assert all(scale.low - 1e-9 <= value <= scale.high for value in values)


@given(st.lists(FINITE, min_size=1, max_size=8), st.sampled_from(list(Format)[:5]), st.integers(1, 6))
def test_scales_hold_their_values_with_few_ticks(values: list[float], form: Format, wanted: int) -> None:
    scale = value_scale(values, form, wanted)
    slack = (scale.high - scale.low) * 1e-6
    assert all(scale.low - slack <= value <= scale.high + slack for value in values)
    assert 1 <= len(scale.ticks) <= wanted + 3
    bars = bar_scale(values, form, wanted)
    assert bars.low <= 0 <= bars.high
    assert len(bars.ticks) <= wanted + 3


@given(st.lists(st.floats(0, 300), max_size=12), st.floats(1, 30))
def test_labels_are_moved_apart_and_stay_inside(wanted: list[float], gap: float) -> None:
    placed = spread(wanted, gap, 0.0, 300.0)
    assert all(-1e-6 <= place <= 300 + 1e-6 for place in placed)
    room = 300 / max(1, len(wanted) - 1)
    assert all(later - earlier >= min(gap, room) - 1e-6 for earlier, later in pairwise(sorted(placed)))


def test_labels_with_room_stay_where_they_are() -> None:
    assert spread([200.0, 10.0], 16, 0, 300) == [200.0, 10.0]


def test_day_ticks_are_thinned_and_month_ticks_take_over() -> None:
    assert [tick.text for tick in category_ticks(samples.trend(30), 400)] == [
        "10-23",
        "10-28",
        "11-02",
        "11-07",
        "11-12",
        "11-17",
    ]
    long = category_ticks(samples.trend(1100), 600)
    assert [tick.text for tick in long][:3] == ["1月", "7月", "1月"]
    assert [tick.below for tick in long] == ["2027", "", "2028", "", "2029", ""]


def test_the_year_is_said_where_it_changes() -> None:
    days = tuple(date(2026, 12, 20) + timedelta(days=index) for index in range(20))
    spec = replace(samples.trend(20), days=days)
    below = [tick.below for tick in category_ticks(spec, 400)]
    assert below.count("2026") == 1
    assert below.count("2027") == 1


def test_positions_are_true_to_the_dates() -> None:
    days = (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 5))
    spec = replace(samples.trend(3), days=days)
    assert positions(spec) == (0.0, 1.0, 4.0)
    assert positions(samples.trend(1)) == (0.0,)
    assert positions(replace(spec, days=())) == (0.0, 1.0, 2.0)


def test_words() -> None:
    assert value_text(1_234_567.0, Format.COUNT) == "123.5万"
    assert point_text(Point(8_372_984.0), Format.YUAN) == "¥83,730"
    assert point_text(Point(1234.0), Format.YUAN) == "¥12.34"
    assert value_text(None, Format.PERCENT) == "–"
    assert interval_text(Point(0.5, 0.4, 0.6), Format.PERCENT) == "40.0% – 60.0%"
    assert sample_text(None) == ""
    assert detail_text(Point(0.5, n=12, muted=True, provisional=True), Format.PERCENT) == "n=12  样本少  未定"
    assert tick_text(0.925, value_scale([0.91, 0.93], Format.PERCENT, 8), Format.PERCENT).endswith("%")
    assert tick_text(100_000.0, value_scale([1e5], Format.COUNT, 2), Format.COUNT) == "10万"
    assert tick_text(-50_000.0, value_scale([1e5], Format.YUAN, 2), Format.YUAN) == "−¥500"
