"""Pages beside each other: what more data, another month and every page cost, as ratios of processor time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from csdesk.analysis.frame import PageRequest
from csdesk.bootstrap import Services
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from tests.benchmarks import big_shop

pytestmark = pytest.mark.bench

MONTH = Period(date(2026, 8, 1), date(2026, 8, 31))
MONTH_BEFORE = Period(date(2026, 7, 1), date(2026, 7, 31))
LONG_AGO = Period(date(2024, 3, 1), date(2024, 3, 31))
SMALL, LARGE = 30_000, 300_000
MOST_TIMES_FOR_TEN_TIMES_THE_DATA = 1.5
MOST_OF_ALL_YEARS_FOR_ANOTHER_MONTH = 0.4
MOST_TIMES_THE_OVERVIEW = 2.0


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Stores of a smaller and a larger shop."""
    made = {size: tmp_path_factory.mktemp(f"shop{size}") for size in (SMALL, LARGE)}
    for size, folder in made.items():
        big_shop.fill(folder, sessions=size, orders=size // 2, reviews=size // 5)
    return made


@pytest.fixture
def large(folders: dict[int, Path]) -> Iterator[Services]:
    """The larger shop, nothing of it in memory."""
    services = Services(folders[LARGE])
    yield services
    services.close()


def first_answer(services: Services, page: str, period: Period) -> float:
    """CPU seconds of one answer as for a filter never asked before."""
    services.forget_results()
    started = time.process_time()
    services.page(page, PageRequest(Filter(period)))
    return time.process_time() - started


def warm(services: Services, page: str, period: Period, times: int = 7) -> float:
    """The quickest of several, everything in memory."""
    services.page(page, PageRequest(Filter(period)))
    return min(first_answer(services, page, period) for _ in range(times))


def test_ten_times_the_data_cost_the_overview_half_as_much_more_at_most(folders: dict[int, Path]) -> None:
    spent = {}
    for size, folder in folders.items():
        services = Services(folder)
        spent[size] = warm(services, "overview", MONTH)
        services.close()
    print(", ".join(f"{size}: {seconds * 1000:.1f} ms" for size, seconds in spent.items()))
    assert spent[LARGE] <= MOST_TIMES_FOR_TEN_TIMES_THE_DATA * spent[SMALL]


@pytest.mark.parametrize("page", ["invites", "response", "questions"])
def test_another_month_costs_a_part_of_reading_all_years(large: Services, page: str) -> None:
    warm(large, page, MONTH, 1)
    another = max(first_answer(large, page, month) for month in (MONTH_BEFORE, LONG_AGO))
    years = first_answer(large, page, Period(big_shop.FIRST, big_shop.LAST))
    print(f"{page}: another month {another * 1000:.0f} ms, all years {years * 1000:.0f} ms")
    assert another <= MOST_OF_ALL_YEARS_FOR_ANOTHER_MONTH * years


@pytest.mark.parametrize("page", ["invites", "satisfaction", "response", "questions", "agents", "reviews", "customers"])
def test_no_page_costs_more_than_two_overviews(large: Services, page: str) -> None:
    mine, overview = warm(large, page, MONTH), warm(large, "overview", MONTH)
    print(f"{page}: {mine * 1000:.1f} ms, overview {overview * 1000:.1f} ms")
    assert mine <= MOST_TIMES_THE_OVERVIEW * overview
