"""Quantities: the small language of the catalogue, and whole numbers behind rates."""

from __future__ import annotations

import pytest

from csdesk.metrics.facts import derive
from csdesk.metrics.quantities import Amount, Reported, amount, measures_of, quantity


def given(**numbers: float) -> dict[str, Reported]:
    return {name: Reported(value, False, (1,)) for name, value in numbers.items()}


def test_sums_and_differences() -> None:
    assert amount(quantity("a+b-c"), given(a=5, b=3, c=2)).value == 6
    assert amount(quantity("5*a+4*b"), given(a=2, b=1)).value == 14


def test_alternatives_in_order() -> None:
    wanted = quantity("a", "b+c")
    assert amount(wanted, given(a=1, b=2, c=3)).value == 1
    assert amount(wanted, given(b=2, c=3)).value == 5
    assert amount(wanted, given(b=2)) == Amount(None)
    assert measures_of(wanted) == {"a", "b", "c"}


def test_delayed_is_neither_missing_nor_zero() -> None:
    found = amount(quantity("a+b"), {"a": Reported(1.0), "b": Reported(None, True, (7,))})
    assert found.value is None
    assert found.provisional
    assert amount(quantity("a", "b"), {"a": Reported(None, True), "b": Reported(2.0)}).value == 2


@pytest.mark.parametrize("text", ["", "a+", "a b/", "5", "A", "a**b"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a quantity"):
        quantity(text + "?")


@pytest.mark.parametrize(
    ("received", "rate", "shown"),
    [(9, 0.5294, 17), (2, 0.1538, 13), (2, 0.2222, 9), (1, 0.1667, 6), (9, 9 / 17, 17), (44, 0.44, 100)],
)
def test_shown_from_participation_is_the_whole_number(received: float, rate: float, shown: float) -> None:
    assert amount(quantity("ratings/rate"), given(ratings=received, rate=rate)).value == shown


@pytest.mark.parametrize(
    ("rate", "received", "shown"), [(0.4359, 39, 17), (0.4815, 27, 13), (0.1875, 48, 9), (0, 12, 0)]
)
def test_shown_from_shown_rate(rate: float, received: float, shown: float) -> None:
    assert amount(quantity("rate*received"), given(rate=rate, received=received)).value == shown


def test_no_whole_number_is_forced() -> None:
    assert amount(quantity("rate*received"), given(rate=0.4, received=9)).value == pytest.approx(3.6)


def test_nothing_can_be_said_of_a_zero_rate() -> None:
    assert amount(quantity("ratings/rate"), given(ratings=0, rate=0)).value is None


def test_derived_amounts() -> None:
    report = given(received=39, participation_rate=0.5294, rated_5=8, rated_4=0, rated_3=1, rated_2=0, rated_1=0)
    derive(report)
    assert report["ratings"].value == 9
    assert report["shown"].value == 17


def test_shown_rate_wins_over_participation() -> None:
    report = given(received=39, shown_rate=0.4359, participation_rate=0.9, ratings_received=9)
    derive(report)
    assert report["shown"].value == 17


def test_groups_add_up_where_the_total_is_not_given() -> None:
    report = given(**{f"rated_{star}.invited": 2.0 for star in range(1, 6)})
    report |= given(**{f"rated_{star}.self": 1.0 for star in range(1, 6)})
    derive(report)
    assert report["rated_5"].value == 3
    assert report["ratings"].value == 15


def test_nobody_received_means_nothing_shown() -> None:
    report = given(received=0, participation_rate=0, ratings_received=0)
    derive(report)
    assert report["shown"].value == 0
    busy = given(received=5, participation_rate=0, ratings_received=0)
    derive(busy)
    assert "shown" not in busy
