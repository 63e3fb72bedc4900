"""缺几个好评: published figures, brute force over made-up shops, platforms apart, and the awkward cases."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from scipy.stats import betabinom

from csdesk.analysis.agents import compute as agents_page
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import PageRequest
from csdesk.analysis.invites import compute as invites_page
from csdesk.analysis.json import plain
from csdesk.analysis.missing_good import missing_good, window_of
from csdesk.analysis.month_end import chance_words, month_end, month_of
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period, to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import By, MetricRow, MetricValue
from csdesk.metrics.targets import DEFAULT, Target, Targets
from tests.fake_engine import Cell, FakeEngine

RATE = "satisfaction_rate"
AIM = Target(RATE, Fraction(95, 100), DEFAULT)
TARGETS = Targets({RATE: AIM})


def cell(day: date, good: int, bad: int, agent: str = "小美") -> Cell:
    return Cell(day, agent, counts={"ratings": good + bad, "happy": good, "received": 100})


def told(engine: Any, period: Period | None, targets: Targets = TARGETS) -> dict[str, Any]:
    facts = Facts(engine, PageRequest(Filter(period), targets=targets), (RATE, "received"))
    found = plain(missing_good(facts).value)
    assert isinstance(found, dict)
    return found


def test_published_figures() -> None:
    month = month_end(Fraction(95, 100), 172, 12, days=20, until=date(2026, 11, 20))
    assert (month.missing, month.days_left, month.reached) == (56, 10, False)
    again = month_end(Fraction(95, 100), 172, 12, days=23, until=date(2026, 7, 18))
    assert (again.to_come, round(again.pace * 23)) == (104, 184)
    exact = month_end(Fraction(95, 100), 172, 12, days=46, until=date(2026, 12, 6))
    assert exact.to_come == 100
    assert exact.chance is not None
    assert round(exact.chance, 4) == 0.0648
    assert month_end(Fraction(9, 10), 0, 1, days=1, until=date(2026, 11, 1)).missing == 9


def test_against_brute_force() -> None:
    dice = random.Random(11)
    for _ in range(25):
        first = date(2026, 1, 1) + timedelta(days=dice.randrange(700))
        days = [first + timedelta(days=at) for at in range(75) if dice.random() < 0.9]
        ratings = {day: (dice.randrange(12), dice.randrange(3)) for day in days}
        period = Period(first + timedelta(days=dice.randrange(60)), first + timedelta(days=74))
        (entry,) = told(FakeEngine(cell(day, *counts) for day, counts in ratings.items()), period)["platforms"]
        last = max(day for day in days if day in period)
        month, rolls = entry["month"], entry["rolling"]
        inside = [ratings[day] for day in days if (day.year, day.month) == (last.year, last.month) and day <= last]
        good, bad = (sum(one[at] for one in inside) for at in (0, 1))
        assert (month["good"], month["bad"], month["days_with_data"]) == (good, bad, len(inside))
        assert month["days_left"] == (month_of(last).last - last).days
        missing = next(
            more for more in range(10_000) if 100 * (good + more) >= 95 * (good + bad + more) and good + bad + more
        )
        assert month["missing"] == missing
        if good + bad:
            to_come = round((good + bad) / len(inside) * month["days_left"])
            assert abs(month["to_come"] - to_come) <= 1  # halves may round either way
            needed = next(k for k in range(10_000) if 100 * (good + k) >= 95 * (good + bad + month["to_come"]))
            assert month["chance"] == pytest.approx(
                float(betabinom(month["to_come"], good + 0.5, bad + 0.5).sf(needed - 1)), abs=1e-9
            )
        for state in rolls["states"]:
            day = date.fromisoformat(state["day"])
            held = [counts for at, counts in ratings.items() if at <= last and day - timedelta(days=30) < at]
            assert (state["good"], state["bad"]) == (sum(one[0] for one in held), sum(one[1] for one in held))
        assert [one["bad"] for one in rolls["leaving"]] == [
            ratings[day][1] for day in days if last - timedelta(days=30) < day <= last and ratings[day][1]
        ]
        assert all(
            date.fromisoformat(one["leaves"]) - date.fromisoformat(one["rated"]) == timedelta(days=30)
            for one in rolls["leaving"]
        )


def test_the_day_the_window_is_clean_again() -> None:
    today = date(2026, 11, 20)
    days = [(to_epoch_day(date(2026, 11, 1)), 10, 5), (to_epoch_day(date(2026, 11, 10)), 40, 1)]
    window = window_of(days, AIM, today, 30)
    assert window is not None
    assert window.now.missing == 64
    assert window.reached_on == date(2026, 12, 1)
    assert window.leaving == ((date(2026, 11, 1), date(2026, 12, 1), 5), (date(2026, 11, 10), date(2026, 12, 10), 1))
    assert window_of([], AIM, today, 30) is None


def test_exports_over_several_days_tell_the_state_but_no_day() -> None:
    window = window_of([(to_epoch_day(date(2026, 11, 10)), 40, 1)], AIM, date(2026, 11, 20), 30, (172, 12))
    assert window is not None
    assert (window.by_day, window.now.missing, window.leaving, window.reached_on) == (False, 56, (), None)


class TwoPlatforms:
    """An engine over two shops; only their platforms tell them apart."""

    def __init__(self, **cells: Sequence[Cell]) -> None:
        self._engines = {Platform(name): FakeEngine(of_it) for name, of_it in cells.items()}

    def __call__(
        self, selection: Filter, by: By | None = None, metrics: Sequence[str] | None = None, /, *, bare: bool = False
    ) -> Sequence[MetricRow]:
        chosen = [one for name, one in self._engines.items() if selection.platform in (None, name)]
        if by is By.PLATFORM:
            named = zip(self._engines, (one(selection, None, metrics, bare=bare)[0] for one in chosen), strict=True)
            return [replace(row, key=str(name)) for name, row in named]
        rows = [row for one in chosen for row in one(selection, by, metrics, bare=bare)]
        return rows if len(chosen) == 1 or by is not None else [self._both(rows)]

    @staticmethod
    def _both(rows: Sequence[MetricRow]) -> MetricRow:
        def value(metric: str) -> MetricValue:
            covered = tuple(span for row in rows for span in row.values[metric].covered)
            return replace(rows[0].values[metric], value=None, covered=covered)

        return MetricRow(None, {metric: value(metric) for metric in rows[0].values})


def test_each_platform_by_its_own_counts_and_target() -> None:
    days = [date(2026, 11, 1) + timedelta(days=at) for at in range(20)]
    engine = TwoPlatforms(taobao=[cell(day, 9, 1) for day in days], douyin=[cell(day, 3, 1) for day in days])
    low = replace(AIM, exact=Fraction(7, 10))
    targets = Targets({}, {(RATE, Platform.TAOBAO): AIM, (RATE, Platform.DOUYIN): low})
    entries = told(engine, None, targets)["platforms"]
    found = {
        entry["platform"]: (entry["month"]["good"], entry["month"]["missing"], entry["target"]) for entry in entries
    }
    assert found == {"taobao": (180, 200, 0.95), "douyin": (60, 0, 0.7)}
    assert entries[0]["rolling"]["source"] == "《淘宝平台店铺真实体验分规范》"
    assert [entry["rolling"]["good"] for entry in entries] == [180, 60]


@pytest.mark.parametrize(
    ("good", "bad", "missing", "reached"), [(1, 0, 0, True), (0, 1, 19, False), (0, 0, 1, False), (500, 0, 0, True)]
)
def test_one_rating_none_all_good(good: int, bad: int, missing: int, reached: bool) -> None:
    day = date(2028, 2, 29)
    (entry,) = told(FakeEngine([cell(day, good, bad)]), Period.of_day(day))["platforms"]
    month = entry["month"]
    assert (month["missing"], month["reached"], month["days_left"], month["to_come"]) == (missing, reached, 0, 0)
    assert month["chance"] == (None if not good + bad else 1.0 if reached else 0.0)
    assert (entry["rolling"] is None) == (not good + bad)
    assert all("nan" not in text for text in entry["texts"])


def test_perfection_is_lost_and_small_samples_are_not_judged() -> None:
    day = date(2026, 11, 10)
    perfect = Targets({RATE: replace(AIM, exact=Fraction(1))})
    (entry,) = told(FakeEngine([cell(day, 99, 1)]), None, perfect)["platforms"]
    assert (entry["month"]["missing"], entry["month"]["chance"]) == (None, 0.0)
    assert "到不了 100%" in entry["texts"][0]
    (small,) = told(FakeEngine([cell(day, 20, 3)]), None)["platforms"]
    assert small["month"]["small"] is True
    assert "不估计月底的可能" in small["texts"][0]


def test_without_data_or_target_there_is_no_entry() -> None:
    nothing = told(FakeEngine([]), None)
    assert (nothing["platforms"], nothing["text"]) == ([], "还没有满意率的数据，算不出还缺几个好评。")
    aimless = told(FakeEngine([cell(date(2026, 11, 1), 3, 0)]), None, Targets())
    assert (aimless["platforms"], aimless["text"]) == ([], "满意率没有设目标，不知道要到多少。")


def test_a_month_is_over_where_files_go_on_after_it() -> None:
    october = Period(date(2026, 10, 1), date(2026, 10, 31))
    early = [cell(date(2026, 10, day), 9, 1) for day in range(1, 26)]
    (open_,) = told(FakeEngine(early), october)["platforms"]
    assert (open_["month"]["to"], open_["month"]["days_left"]) == ("2026-10-25", 6)
    (over,) = told(FakeEngine([*early, cell(date(2026, 11, 3), 1, 0)]), october)["platforms"]
    assert (over["month"]["to"], over["month"]["days_left"], over["rolling"]["to"]) == ("2026-10-31", 0, "2026-10-31")
    assert "剩下" not in over["texts"][0]
    until = Period(date(2026, 10, 1), date(2026, 10, 15))  # as it was on that day
    (then,) = told(FakeEngine([*early, cell(date(2026, 11, 3), 1, 0)]), until)["platforms"]
    assert (then["month"]["to"], then["month"]["days_left"]) == ("2026-10-15", 16)


def test_no_room_left_is_said_as_it_is() -> None:
    (entry,) = told(FakeEngine([cell(date(2026, 11, 30), 210, 11)]), None)["platforms"]
    assert "再有 1 个不满意就掉下来" in entry["texts"][0]


def test_pages_tell_it_the_agents_one_by_one() -> None:
    days = [date(2026, 11, 1) + timedelta(days=at) for at in range(20)]
    cells = [cell(day, 9, at % 2, agent) for at, agent in enumerate(("小美", "阿杰")) for day in days]
    request = PageRequest(Filter(Period(days[10], days[-1])), targets=TARGETS)
    answer = plain(agents_page(FakeEngine(cells), request).answer("missing_good"))
    assert answer["month"] == ["2026-11-01", "2026-11-20"]
    keys = ("good", "bad", "missing", "bad_allowed")
    assert {one["agent"]: tuple(one[key] for key in keys) for one in answer["agents"]} == {
        "小美": (180, 0, 0, 9), "阿杰": (180, 20, 200, -11),
    }  # fmt: skip
    (entry,) = plain(invites_page(FakeEngine(cells), request).answer("missing_good"))["platforms"]
    assert entry["texts"][0].startswith(
        "2026-11-01 至 11-20 满意 360 个、不满意 20 个，满意率 94.7%，目标 95%（本软件默认，可改）：还缺 20 个好评"
    )


def test_days_that_may_change_are_told() -> None:
    cells = [cell(date(2026, 11, 9), 9, 1), replace(cell(date(2026, 11, 10), 30, 1), provisional=True)]
    (entry,) = told(FakeEngine(cells), None)["platforms"]
    assert entry["month"]["open_days"] == 1
    assert "其中 1 天的数未定" in entry["texts"][0]


def test_chances_are_never_said_as_certain() -> None:
    assert [chance_words(share) for share in (0.0, 0.12, 0.9999)] == ["不到 1%", "约 12%", "超过 99%"]
