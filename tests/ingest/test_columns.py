"""What only a whole column can tell."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.ingest.columns import Converter, read_column, read_rates, read_ratios


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        (["98.8%", "100.00%"], [0.988, 1.0]),
        ([0.8667, 1.0, 0], [0.8667, 1.0, 0]),
        ([98.8, 100, 0.5], [0.988, 1.0, 0.005]),
        (["100.00%", 1.0, 1], [1.0, 1.0, 1.0]),
        (["98.8%", 97.5], [0.988, 0.975]),
        (["９８．８％", "-", None], [0.988, None, None]),
        ([1, 1, 1], [1, 1, 1]),
        ([0, 0], [0, 0]),
        (["0.8667", "1"], [0.8667, 1]),
        ([1.8, 0.6, 0.2], [0.018, 0.006, 0.002]),
    ],
)
def test_rates_are_decided_for_the_column(raw: list[Any], values: list[float | None]) -> None:
    assert read_rates(raw).values == pytest.approx(values)


def test_one_rate_over_the_top_is_an_error_of_its_cell() -> None:
    result = read_rates([0.97, 0.88, 1.02, 0.9])
    assert result.values == [0.97, 0.88, None, 0.9]
    assert result.problems == [(2, "比率超过 100%")]


def test_a_percent_header_decides_only_for_small_rates() -> None:
    assert read_rates([0.5, 0.8], header_percent=True, low=True).values == pytest.approx([0.005, 0.008])
    assert read_rates([0.95, 0.8], header_percent=True).values == pytest.approx([0.95, 0.8])


def test_the_counts_beside_overrule() -> None:
    assert read_rates([0.5, 0.8], percent=True).values == pytest.approx([0.005, 0.008])


@given(st.lists(st.integers(0, 10_000), min_size=2).filter(lambda numbers: max(numbers) > 500))
def test_three_ways_to_write_the_same_rates_agree(numbers: list[int]) -> None:
    expected = [number / 10_000 for number in numbers]
    assert read_rates([f"{number / 100:.2f}%" for number in numbers]).values == pytest.approx(expected)
    assert read_rates([number / 100 for number in numbers]).values == pytest.approx(expected)
    assert read_rates(expected).values == pytest.approx(expected)


@pytest.mark.parametrize(
    ("raw", "unit", "values"),
    [
        ([0.000925925926, 0.0], "", [80, 0]),
        ([0.000925925926, 0.0], "秒", [80, 0]),
        ([0.9, 0.8], "秒", [0.9, 0.8]),
        ([37.79, 0.5], "", [37.79, 0.5]),
        ([time(0, 1, 20), 0.000925925926], "", [80, 80]),
        ([2.5, "30秒"], "分", [150, 30]),
        (["8分48秒", "-", "延迟统计"], "", [528, None, None]),
        ([0, 0], "", [0, 0]),
    ],
)
def test_durations_of_a_column(raw: list[Any], unit: str, values: list[float | None]) -> None:
    assert read_column("duration", raw, unit).values == pytest.approx(values)


@pytest.mark.parametrize(
    ("raw", "values"),
    [([1.1933, 0.5], [1.1933, 0.5]), (["119.33%"], [1.1933]), ([119.33, 98.0], [1.1933, 0.98]), ([2, 3], [2, 3])],
)
def test_ratios(raw: list[Any], values: list[float]) -> None:
    assert read_ratios(raw).values == pytest.approx(values)


def test_negative_counts_are_problems() -> None:
    result = read_column("count", [1, -2, "3"])
    assert result.values == [1, None, 3]
    assert [position for position, _ in result.problems] == [1]


def test_a_converter_remembers_but_reports_every_cell() -> None:
    converter = Converter("count")
    first = converter.column(["1,000", "x", "延迟统计", "1,000"])
    assert first.values == [1000, None, None, 1000]
    assert first.repairs == {"去掉千分位逗号": (2, 0)}
    assert first.delayed == [2]
    assert [position for position, _ in converter.column(["x", 5]).problems] == [0]


def test_an_unknown_kind_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Converter("nonsense")


@given(st.lists(st.one_of(st.none(), st.floats(), st.text(max_size=6), st.booleans(), st.times(), st.timedeltas())))
def test_no_column_raises(raw: list[Any]) -> None:
    for kind in ("count", "money", "rate", "ratio", "duration", "number", "date", "instant", "integer"):
        assert len(read_column(kind, raw).values) == len(raw)
