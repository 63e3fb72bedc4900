"""Changes slice by slice: counts of both sides, verdicts that many slices at once leave."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from csdesk.analysis.frame import Compare, PageRequest
from csdesk.analysis.pages import compute_page
from csdesk.analysis.slices import Slice, compared, judged
from csdesk.domain.filters import Filter
from csdesk.domain.period import Period
from csdesk.stats.change import newcombe
from csdesk.stats.multiple import adjusted, rates_p
from tests.fake_engine import Cell, FakeEngine

DAY = date(2026, 3, 10)
BEFORE = DAY - timedelta(days=1)
REQUEST = PageRequest(Filter(Period.of_day(DAY)))


def _cell(day: date, agent: str, happy: float, ratings: float) -> Cell:
    return Cell(day, agent, {"happy": happy, "ratings": ratings, "received": ratings * 3})


def _slices(cells: list[Cell], request: PageRequest = REQUEST) -> tuple[Slice, ...]:
    found = compute_page("satisfaction", FakeEngine(cells), request).answer("slices")
    assert isinstance(found, tuple)
    return found


def test_counts_interval_and_words() -> None:
    cells = [_cell(BEFORE, "小美", 56, 80), _cell(DAY, "小美", 76, 80), _cell(BEFORE, "阿杰", 60, 80)]
    cells += [_cell(DAY, "阿杰", 62, 80), _cell(BEFORE, "新人", 9, 10), _cell(DAY, "新人", 1, 40)]
    first, second, third = _slices(cells)
    assert (first.key, first.verdict, first.by, first.metric) == ("小美", "up", "agent", "satisfaction_rate")
    interval = newcombe(76, 80, 56, 80)
    assert interval is not None
    assert (first.difference, first.low, first.high) == pytest.approx((0.25, interval.low, interval.high))
    assert first.text == "小美：满意率 95.0%（76/80），上期 70.0%（56/80），上升"
    assert (second.key, second.verdict) == ("阿杰", "no_clear_change")
    assert (third.key, third.verdict, third.p) == ("新人", "too_few", None)  # however large its change
    p_values = [rates_p(76, 80, 56, 80) or 0, rates_p(62, 80, 60, 80) or 0]
    assert [first.p_adjusted, second.p_adjusted] == pytest.approx(adjusted(p_values))


def test_one_of_many_at_the_edge_is_no_finding() -> None:
    one = compared("satisfaction_rate", "agent", "甲", (78, 80), (70, 80), small=30)
    quiet = [compared("satisfaction_rate", "agent", str(at), (70, 80), (70, 80), small=30) for at in range(9)]
    assert one is not None
    assert judged([one])[0].verdict == "up"
    alike = [made for made in quiet if made is not None]
    told = {made.key: made for made in judged([one, *alike])}
    assert told["甲"].verdict == "no_clear_change"
    assert told["甲"].text.endswith("可能有变化，和别的放在一起看还不能确定")  # its own interval is without 0
    assert told["3"].text.endswith("看不出差别")


def test_nothing_compared_and_impossible_counts() -> None:
    assert _slices([_cell(DAY, "小美", 1, 1)], replace(REQUEST, compare=Compare.NONE)) == ()
    assert compared("satisfaction_rate", "agent", "甲", (5, 4), (1, 4), small=30) is None
    assert compared("satisfaction_rate", "agent", "甲", (0, 0), (1, 4), small=30) is None
    assert judged([]) == ()


def test_all_good_on_both_sides() -> None:
    (only,) = _slices([_cell(BEFORE, "小美", 50, 50), _cell(DAY, "小美", 60, 60)])
    assert (only.verdict, only.difference) == ("no_clear_change", 0)


def test_quiet_shops_raise_a_slice_in_less_than_five_of_a_hundred() -> None:
    chance, raised, times = random.Random(7), 0, 250
    for _ in range(times):
        found = []
        for at in range(20):
            n1, n2, rate = chance.randrange(30, 200), chance.randrange(30, 200), chance.uniform(0.7, 0.97)
            now, before = (sum(chance.random() < rate for _ in range(n)) for n in (n1, n2))
            found.append(compared("satisfaction_rate", "agent", str(at), (now, n1), (before, n2), small=30))
        raised += any(one.verdict in {"up", "down"} for one in judged([one for one in found if one is not None]))
    assert raised / times < 0.08  # 5 %, and chance on top
