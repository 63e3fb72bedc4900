"""Targets: which one holds, how far a number is from it, what cannot be one."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from csdesk.domain.filters import Filter
from csdesk.domain.holdings import AgentFact, DataFacts, ShopFact
from csdesk.domain.platforms import Platform
from csdesk.errors import UserFault
from csdesk.metrics.card import definition_lines
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.json import metrics_json
from csdesk.metrics.model import By, MetricRow, MetricStatus, MetricValue, Unit
from csdesk.metrics.target_book import TargetBook, assessment, defaults, platform_rules
from csdesk.metrics.targets import DEFAULT, OWNERS, Target, Targets, gap_json, gap_of, gap_words, parse, written
from csdesk.settings.options import TARGETS
from csdesk.settings.store import Settings

RATE, TIME = "satisfaction_rate", "first_response_mean"
TAOBAO, DOUYIN = Platform.TAOBAO, Platform.DOUYIN
SHOPS = DataFacts(
    shops=(ShopFact(1, "甲", TAOBAO), ShopFact(2, "乙", DOUYIN)), agents=(AgentFact(7, "小美", 2),),
)  # fmt: skip


def book(folder: Path, facts: DataFacts = SHOPS) -> TargetBook:
    return TargetBook(Settings(folder), lambda: facts, lambda: 1)


def value(of: float | None, metric: str = RATE, unit: Unit = Unit.RATE) -> MetricValue:
    return MetricValue(metric, unit, of, MetricStatus.NO_DATA if of is None else MetricStatus.OK)


def test_the_owners_word_beats_the_default_and_a_platforms_own_beats_all(tmp_path: Path) -> None:
    found = book(tmp_path)
    start = found.in_force(Filter()).get(RATE)
    assert start is not None
    assert (start.value, start.source, start.own) == (0.95, DEFAULT, False)
    found.set(RATE, "92%")
    found.set(RATE, "0.9", DOUYIN)
    again = book(tmp_path)
    both = again.in_force(Filter())
    assert both.get(RATE) is None  # the platforms have different ones
    assert [both.get(RATE, at) for at in (TAOBAO, DOUYIN)] == [
        Target(RATE, Fraction(92, 100), OWNERS, own=True), Target(RATE, Fraction(9, 10), OWNERS, own=True),
    ]  # fmt: skip
    for selection in (Filter(platform=DOUYIN), Filter(shops=(2,)), Filter(agents=(7,))):
        target = again.in_force(selection).own(RATE)
        assert target is not None
        assert target.value == 0.9
    again.clear(RATE, DOUYIN)
    again.clear(RATE)
    assert again.in_force(Filter(platform=DOUYIN)).get(RATE) == start
    assert again.in_force(Filter()).own(RATE) is None
    with pytest.raises(UserFault):
        again.clear(RATE)


def test_without_shops_the_general_targets_hold(tmp_path: Path) -> None:
    assert book(tmp_path, DataFacts()).in_force(Filter()).get(RATE) is not None


def test_what_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.set(TARGETS, {RATE: "1/0", "of_tomorrow": "1/2", f"{TIME}@mars": "3", TIME: "30"})
    found = TargetBook(settings, lambda: SHOPS, lambda: 1)
    assert {one.target.metric: one.target.own for one in found.listed()} == dict.fromkeys(
        (one for one, _ in defaults()), False
    ) | {TIME: True}
    found.set(RATE, "90%")
    assert settings.get(TARGETS)["of_tomorrow"] == "1/2"


@pytest.mark.parametrize(
    ("metric", "text", "exact"),
    [
        (RATE, "95%", Fraction(95, 100)), (RATE, "0.95", Fraction(95, 100)), (RATE, "95", Fraction(95, 100)),
        (RATE, "0.8%", Fraction(8, 1000)), (RATE, "1", Fraction(1)), (RATE, "９８．５％", Fraction(985, 1000)),
        (TIME, "30", Fraction(30)), (TIME, "12.5秒", Fraction(25, 2)),
    ],
)  # fmt: skip
def test_figures_are_exact(metric: str, text: str, exact: Fraction) -> None:
    assert parse(metric, text) == exact


@pytest.mark.parametrize(
    ("metric", "text"),
    [(RATE, "101%"), (RATE, "0"), (RATE, "nan"), (RATE, "-5%"), (RATE, "多"), (TIME, "inf"),
     ("received", "9"), ("?", "1"), (RATE, "1e999999999")],
)  # fmt: skip
def test_no_target(metric: str, text: str) -> None:
    with pytest.raises(UserFault):
        parse(metric, text)


def test_the_gap_looks_the_way_that_is_better() -> None:
    rate, time = Target(RATE, Fraction(95, 100), OWNERS, own=True), Target(TIME, Fraction(30), DEFAULT)
    below, at = gap_of(value(0.9), rate), gap_of(value(19 / 20), rate)
    assert (below.gap, below.met) == (pytest.approx(-0.05), False)
    assert at.met is True
    assert gap_of(value(25.0, TIME, Unit.SECONDS), time).met is True
    assert gap_of(value(31.0, TIME, Unit.SECONDS), time).met is False
    assert gap_words(below) == "95%（自己定的），还差 5.0 个百分点"
    assert gap_words(gap_of(value(31.5, TIME, Unit.SECONDS), time)) == "30 秒（本软件默认，可改），还差 1.5 秒"
    nothing = gap_of(value(None), rate)
    assert gap_json(nothing) == {"value": 0.95, "source": OWNERS, "own": True, "gap": None, "met": None}
    assert ("目标", "95%（自己定的）") in definition_lines(value(None), nothing)
    assert "目标" not in dict(definition_lines(value(None)))
    assert written(Target(RATE, Fraction(985, 1000), "")) == "98.5%"


def test_numbers_of_a_platform_are_held_against_its_own() -> None:
    low, high = Target(RATE, Fraction(8, 10), ""), Target(RATE, Fraction(9, 10), "")
    targets = Targets({RATE: high}, {(RATE, DOUYIN): low})
    rows = [MetricRow(str(one), {RATE: value(0.85), "received": value(5.0, "received", Unit.COUNT)})
            for one in (TAOBAO, DOUYIN)]  # fmt: skip
    taobao, douyin = (row["metrics"] for row in metrics_json(rows, {}, By.PLATFORM, targets)["rows"])
    assert (taobao[RATE]["target"]["met"], douyin[RATE]["target"]["met"]) == (False, True)
    assert "target" not in taobao["received"]


def test_rules_are_dated_and_tell_their_source() -> None:
    assert all(rule.source and (rule.days or rule.applies) for rule in platform_rules())
    assert all(entry.source == DEFAULT and not entry.own for entry in defaults().values())
    assert {metric for metric, _ in defaults()} <= set(METRICS)
    found = assessment(RATE, TAOBAO, date(2026, 11, 1))
    assert found is not None
    assert found.days == 30
    assert assessment(RATE, TAOBAO, date(2026, 2, 23)) is None
    assert assessment(RATE, Platform.PDD, date(2026, 11, 1)) is None
