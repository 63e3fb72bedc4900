"""What the child packs, the program unpacks unchanged."""

from __future__ import annotations

import marshal
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.ingest.readers.columns import (
    CodedColumn,
    EmptyColumn,
    InstantColumn,
    NumberColumn,
    pack,
    unpack,
)

CELLS = st.one_of(
    st.just(""),
    st.text(max_size=8),
    st.floats(allow_nan=False),
    st.integers(-(2**53), 2**53),
    st.booleans(),
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),
)


def through(cells: list[object]) -> list[object]:
    return list(unpack(marshal.loads(marshal.dumps(pack(cells), 2))))


@given(st.lists(CELLS, min_size=1, max_size=40))
def test_any_column_comes_back_with_empty_text_as_none(cells: list[object]) -> None:
    expected = [None if cell == "" else cell for cell in cells]
    found = through(cells)
    assert found == expected
    assert [type(cell) for cell in found] == [type(cell) for cell in expected]


@given(st.lists(st.one_of(st.just(""), st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1))), min_size=2))
def test_instants_with_holes_keep_microseconds(cells: list[object]) -> None:
    assert through(cells) == [cell or None for cell in cells]


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        ([""] * 8, EmptyColumn),
        ([float(number) for number in range(8)], NumberColumn),
        ([datetime(2026, 3, 1, 9, minute) for minute in range(8)], InstantColumn),
        (["小美", "小丽"] * 8, CodedColumn),
        (["小美", "", 4.0, ""] * 8, CodedColumn),
    ],
)
def test_the_cheapest_form_is_chosen(cells: list[object], form: type) -> None:
    assert isinstance(unpack(pack(cells)), form)


def test_truth_values_are_not_mixed_up_with_numbers() -> None:
    found = through([True, 1.0, 0.0, False] * 8)
    assert found[:4] == [True, 1.0, 0.0, False]
    assert [type(cell) for cell in found[:4]] == [bool, float, float, bool]


def test_durations_and_times_of_day_become_clock_text() -> None:
    cells = [timedelta(hours=30, minutes=1, seconds=2), time(0, 1, 20), timedelta(seconds=-5), time(1, 2, 3, 500_000)]
    assert through(cells) == ["30:01:02", "00:01:20", "-00:00:05", "01:02:03.5"]


def test_a_date_is_its_midnight() -> None:
    assert through([date(2026, 3, 1), date(2026, 3, 2)]) == [datetime(2026, 3, 1), datetime(2026, 3, 2)]


def test_packed_columns_are_sequences() -> None:
    column = unpack(pack(["a", "b"] * 8))
    assert column[1] == "b"
    assert column[-1] == "b"
    assert column[2:5] == ["a", "b", "a"]
    assert len(column) == 16
    with pytest.raises(IndexError):
        column[16]


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown"):
        unpack(("x", 1))
