"""The composite score: by hand, scales, missing measures, who is ranked, and what must not matter."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from csdesk.analysis.performance.score import Scores, Scoring, shop_numbers
from csdesk.analysis.performance.weights import Component, ScoreWeights, default_components, weighted
from csdesk.errors import UserFault
from csdesk.metrics.declaration import Direction
from csdesk.metrics.definitions import METRICS
from csdesk.metrics.model import MetricRow
from csdesk.metrics.targets import Target, Targets
from csdesk.settings.store import Settings
from tests.analysis.performance.people import person, team

NO_TARGETS = Targets()


def part(metric: str, weight: float, zero: float, full: float, *, relative: bool = False) -> Component:
    return Component(metric, weight, zero, full, relative, "", "", weight)


PARTS = (
    part("satisfaction_rate", 3, 0.8, 1.0),
    part("first_response_mean", 2, 60, 10),
    part("conversion_rate", 1, 0.5, 1.5, relative=True),
)


def scoring(*people: MetricRow, parts: tuple[Component, ...] = PARTS, targets: Targets = NO_TARGETS) -> Scoring:
    group = team(*people)
    return Scoring(group, parts, shop_numbers(group, [one.metric for one in parts]), targets)


def scores(*people: MetricRow, parts: tuple[Component, ...] = PARTS, targets: Targets = NO_TARGETS) -> Scores:
    return scoring(*people, parts=parts, targets=targets).answer()


MEI = person("小美", 1, satisfaction_rate=(90, 100), seconds=(20, 500), conversion_rate=(50, 100))
JIE = person("阿杰", 2, satisfaction_rate=(190, 200), seconds=(35, 400), conversion_rate=(30, 100))


def test_by_hand() -> None:
    """Shop conversion 40 %: 20 % → 0, 60 % → 100 points."""
    found = {one.agent: one for one in scores(MEI, JIE).agents}
    assert [one.points for one in found["小美"].parts] == pytest.approx([50, 80, 75])
    assert found["小美"].score == pytest.approx((3 * 50 + 2 * 80 + 1 * 75) / 6)
    assert found["阿杰"].score == pytest.approx((3 * 75 + 2 * 50 + 1 * 25) / 6)
    assert sum(one.share for one in found["小美"].parts) == pytest.approx(1)
    first = found["小美"].parts[0]
    assert (first.value, first.numerator, first.denominator) == (0.9, 90, 100)
    assert found["小美"].low is not None
    assert found["小美"].low <= found["小美"].score <= (found["小美"].high or 0)


def test_target_is_worth_eighty_points() -> None:
    target = Target("satisfaction_rate", Fraction(9, 10), "自己定的", own=True)
    made = scores(MEI, JIE, targets=Targets({"satisfaction_rate": target}))
    found = {one.agent: one.parts[0].points for one in made.agents}
    assert found == pytest.approx({"小美": 80, "阿杰": 90})
    assert made.weights[0].rule == "80.0%得 0 分，90.0%得 80 分，100%得 100 分"


def test_a_missing_measure_gives_its_weight_to_the_others_and_is_said() -> None:
    new = person("新来", 3, satisfaction_rate=(5, 5), seconds=(20, 40), conversion_rate=(16, 40))
    found = {one.agent: one for one in scores(MEI, JIE, new).agents}["新来"]
    assert [one.points for one in found.parts] == [None, pytest.approx(80), pytest.approx(50, abs=3)]
    assert [one.share for one in found.parts] == pytest.approx([0, 2 / 3, 1 / 3])
    assert found.parts[0].note == "样本不足 30"
    assert found.parts[0].value == 1.0  # the raw value stays beside it
    assert found.status == "ranked"
    assert "满意率（样本不足 30）" in found.text


def test_less_than_half_of_the_weight_is_not_ranked() -> None:
    new = person("新来", 3, satisfaction_rate=(5, 5), seconds=(20, 40))
    made = scoring(MEI, JIE, new)
    found = {one.agent: one for one in made.answer().agents}["新来"]
    assert (found.status, found.covered) == ("too_few", pytest.approx(1 / 3))
    assert found.score == pytest.approx(80)
    names = {made.team.members[at].name for at in made.places}
    assert names == {"小美", "阿杰"}
    nothing = {one.agent: one for one in scores(MEI, person("空", 4)).agents}["空"]
    assert (nothing.status, nothing.score) == ("no_data", None)
    few = {one.agent: one for one in scores(MEI, person("少", 4, satisfaction_rate=(1, 1))).agents}["少"]
    assert (few.status, few.score) == ("too_few", None)


def test_a_measure_nobody_has_counts_for_nobody() -> None:
    made = scores(person("小美", 1, satisfaction_rate=(90, 100)))
    assert [one.share for one in made.weights] == [1, 0, 0]
    assert made.weights[1].note
    assert made.agents[0].covered == 1
    assert made.agents[0].score == pytest.approx(50)
    assert "没有够用的数据" in made.text


def test_nobody() -> None:
    made = scoring()
    assert made.places == {}
    assert made.answer().agents == ()


def test_weights_matter_by_their_proportions_only() -> None:
    other = tuple(replace(one, weight=one.weight * 7.5) for one in PARTS)
    one, two = scores(MEI, JIE), scores(MEI, JIE, parts=other)
    assert [score.score for score in one.agents] == pytest.approx([score.score for score in two.agents])
    assert [score.low for score in one.agents] == pytest.approx([score.low for score in two.agents])


def test_order_of_the_rows_does_not_matter() -> None:
    chance = random.Random(4)
    people = [
        person(f"客服{at}", at, satisfaction_rate=(40 + at, 60), seconds=(20.0 + at, 90), conversion_rate=(30, 70 - at))
        for at in range(9)
    ]
    one = scoring(*people)
    chance.shuffle(people)
    two = scoring(*people)
    assert one.answer() == two.answer()
    assert one.places == two.places


def test_platforms_that_count_differently_are_ranked_apart() -> None:
    people = [
        person(name, at, source=source, satisfaction_rate=(k, 400))
        for at, (name, source, k) in enumerate(
            [("甲", "chitu", 380), ("乙", "chitu", 300), ("丙", "feige", 390), ("丁", "feige", 290)], 1
        )
    ]
    made = scoring(*people)
    assert {made.team.members[at].name: place.place for at, place in made.places.items()} == {
        "甲": 1, "乙": 2, "丙": 1, "丁": 2,
    }  # fmt: skip


def test_ranges_cover_the_true_places() -> None:
    """Teams of ten with true rates and means; the truth is the score of these."""
    chance = np.random.default_rng(8)
    inside = total = 0
    for _ in range(60):
        rates, means = chance.beta(45, 5, 10), chance.lognormal(3.2, 0.2, 10)
        n = chance.integers(40, 500, 10)
        people = [
            person(
                f"客服{at}", at, satisfaction_rate=(float(chance.binomial(n[at], rates[at])), float(n[at])),
                seconds=(float(chance.exponential(means[at], n[at]).mean()), float(n[at])),
            )
            for at in range(10)
        ]  # fmt: skip
        made = scoring(*people, parts=PARTS[:2])
        true = 3 * np.clip((rates - 0.8) / 0.2, 0, 1) + 2 * np.clip((60 - means) / 50, 0, 1)
        ranks = (-true).argsort().argsort() + 1
        inside += sum(made.places[at].low <= ranks[at] <= made.places[at].high for at in range(10))
        total += 10
    assert inside / total > 0.92


def test_default_parts_are_sound() -> None:
    for one in default_components():
        better = METRICS[one.metric].direction
        assert better is not Direction.NEITHER
        assert (one.full > one.zero) == (better is Direction.HIGHER)
        assert one.reason
        assert one.source
    assert sum(one.weight for one in default_components()) == 100


def test_owners_weights_are_kept_and_put_back(tmp_path: Path) -> None:
    book = ScoreWeights(Settings(tmp_path))
    book.set("satisfaction_rate", 55.5)
    again = ScoreWeights(Settings(tmp_path))
    assert again.own() == {"satisfaction_rate": 55.5}
    assert {one.metric: one.weight for one in again.components()}["satisfaction_rate"] == 55.5
    again.set("satisfaction_rate", 30)
    assert again.own() == {}
    again.set("reply_rate", 0)
    again.reset()
    assert again.own() == {}
    for metric, weight in (("nps", 1), ("reply_rate", -1), ("reply_rate", float("nan")), ("reply_rate", 1e9)):
        with pytest.raises(UserFault):
            again.set(metric, weight)


def test_some_weight_must_stay(tmp_path: Path) -> None:
    book = ScoreWeights(Settings(tmp_path))
    ids = [one.metric for one in default_components() if one.weight > 0]
    for metric in ids[:-1]:
        book.set(metric, 0)
    with pytest.raises(UserFault):
        book.set(ids[-1], 0)
    assert weighted(dict.fromkeys(ids, 0.0)) == default_components()


@pytest.mark.parametrize("metric", [one.metric for one in default_components()])
def test_points_never_fall_when_the_number_gets_better(metric: str) -> None:
    component = next(one for one in default_components() if one.metric == metric)
    target = (component.zero + 2 * component.full) / 3 if not component.relative else None
    knots = component.knots(0.4, target)
    assert knots is not None
    values, points = zip(*knots, strict=True)
    scale = 0.4 if component.relative else 1.0
    steps = np.linspace(component.zero * scale, component.full * scale, 50)
    given = np.interp(steps, values, points)
    assert (np.diff(given) > 0).all()
    assert (given[0], given[-1]) == (0, 100)
    assert np.interp([-1, 1e6], values, points).tolist() in ([0, 100], [100, 0])
