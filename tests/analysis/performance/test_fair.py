"""Fair comparison: Simpson's case, against a calculation by hand, quiet where nothing is to be seen."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from csdesk.analysis.performance.fair import FairComparison, fair_comparisons
from csdesk.analysis.performance.strata import NO_CATEGORY, SHIFTS, Strata, strata_of
from tests.analysis.performance.people import Counts, person, strata, team
from tests.row_tables import rows_made

HARD, EASY = "售后", "售前"
KINDS = (NO_CATEGORY, HARD, EASY)


def compared(counts: Mapping[int, Mapping[str, Counts]]) -> FairComparison:
    people = [person(f"客服{number}", number) for number in counts]
    return fair_comparisons(team(*people), strata(counts, KINDS))[0]


SIMPSON = {
    1: {HARD: (320.0, 400.0), EASY: (98.0, 100.0)},  # 83.6 % in all
    2: {HARD: (70.0, 100.0), EASY: (372.0, 400.0)},  # 88.4 % in all
}


def test_better_in_every_category_and_lower_in_total() -> None:
    made = compared(SIMPSON)
    one, two = (next(one for one in made.agents if one.agent == name) for name in ("客服1", "客服2"))
    hard, easy = 390 / 500, 470 / 500
    assert one.expected == pytest.approx(400 * hard + 100 * easy)
    assert one.ratio == pytest.approx(418 / one.expected)
    assert one.plain < two.plain
    assert one.adjusted > two.adjusted
    assert one.adjusted == pytest.approx(418 / one.expected * 860 / 1000)
    assert (one.plain_rank, one.rank) == (2, 1)
    pair = made.misleading[0]
    assert (pair.kind, pair.agents, set(pair.categories)) == ("every_category", ("客服1", "客服2"), {HARD, EASY})
    assert pair.text.startswith(
        "客服1合计 83.6%（418/500），低于客服2的 88.4%（442/500），可是在两人都接得多的每一类里都更高："
        "售后（80.0% 对 70.0%）、售前（98.0% 对 93.0%）。两人接的类别不一样，合计不能直接比；"
    )
    assert "因为" not in pair.text


def test_reversed_for_certain() -> None:
    counts = {number: {name: (k * 6, n * 6) for name, (k, n) in mine.items()} for number, mine in SIMPSON.items()}
    made = compared(counts)
    one = next(one for one in made.agents if one.agent == "客服1")
    assert (one.plain_verdict, one.verdict) == ("below", "above")
    kinds = [found.kind for found in made.misleading]
    assert kinds == ["every_category", "reversed", "reversed"]
    assert (
        made.text == "按同样的咨询分类来比，2 位客服的满意率里，客服1高于平均，客服2低于平均。直接排名有 3 处会误导。"
    )


def test_not_said_of_samples_too_small_or_unlike() -> None:
    tenth = {number: {name: (k / 10, n / 10) for name, (k, n) in mine.items()} for number, mine in SIMPSON.items()}
    assert compared(tenth).misleading == ()
    elsewhere = {1: {HARD: (320.0, 400.0)}, 2: {EASY: (372.0, 400.0)}}
    made = compared(elsewhere)
    assert all(one.verdict == "no_clear_difference" for one in made.agents)
    assert [one.shared for one in made.agents] == [0, 0]


def test_edges() -> None:
    nobody = fair_comparisons(team(), None)
    assert [one.status for one in nobody] == ["no_rows"]
    alone = compared({1: {HARD: (3, 4)}})
    assert (alone.status, alone.agents) == ("alone", ())
    unrated = fair_comparisons(team(person("甲", 1), person("乙", 2)), strata({1: {}, 2: {}}, KINDS))
    assert [one.status for one in unrated] == ["no_data"]
    one_rating = compared({1: {HARD: (1, 1)}, 2: {HARD: (30, 40)}})
    assert next(one for one in one_rating.agents if one.agent == "客服1").verdict == "too_few"
    none_good = compared({1: {HARD: (0, 40)}, 2: {HARD: (0, 40)}})
    assert {one.verdict for one in none_good.agents} == {"no_clear_difference"}
    assert none_good.text.endswith("看不出谁高谁低。") or "折算后" in none_good.text
    assert all(0 < one.high < 0.1 for one in none_good.agents)
    robots = fair_comparisons(team(), strata({1: {}}, KINDS))
    assert [(one.status, one.text) for one in robots] == [("no_data", "没有可以比较的客服。")]
    big = compared({1: {HARD: (3, 4), EASY: (1, 2)}, 2: {HARD: (30, 40), EASY: (9, 10)}})
    assert big.text == "只有客服2的样本满 30，没有人可比。"
    all_good = compared({1: {HARD: (40, 40)}, 2: {EASY: (40, 40)}})
    assert [one.adjusted for one in all_good.agents] == [1, 1]


def test_quiet_where_only_the_work_differs() -> None:
    """Twelve alike with very different work: hardly anybody is told from the others, no order is called misleading."""
    chance = np.random.default_rng(9)
    loud = 0
    for _ in range(60):
        counts = {}
        for number in range(1, 13):
            hard = int(chance.integers(20, 180))
            counts[number] = {
                HARD: (float(chance.binomial(hard, 0.75)), float(hard)),
                EASY: (float(chance.binomial(200 - hard, 0.95)), 200.0 - hard),
            }
        loud += any(one.verdict in {"above", "below"} for one in compared(counts).agents)
    assert loud / 60 < 0.12


def test_strata_of_rows_against_counting() -> None:
    chance = np.random.default_rng(3)
    rows = [
        {
            "day": 20000, "agent": int(chance.integers(1, 4)), "at": 20000 * 86400 + int(chance.integers(0, 86400)),
            "category": [None, HARD, EASY][chance.integers(0, 3)],
            "rating": [None, 1, 3, 4, 5][chance.integers(0, 5)], "resolved": [None, 0, 1][chance.integers(0, 3)],
        }
        for _ in range(400)
    ]  # fmt: skip
    found = strata_of(rows_made("session", rows))
    assert isinstance(found, Strata)
    for person_at, number in enumerate(found.people):
        for category_at, category in enumerate(found.categories):
            for shift_at, (_title, first, end) in enumerate(SHIFTS):
                mine = [
                    row for row in rows
                    if row["agent"] == number and (row["category"] or NO_CATEGORY) == category
                    and first <= row["at"] % 86400 // 3600 < end
                ]  # fmt: skip
                place = (person_at, category_at, shift_at)
                assert found.sessions[place] == len(mine)
                assert found.rated[place] == sum(row["rating"] is not None for row in mine)
                assert found.satisfied[place] == sum((row["rating"] or 0) >= 4 for row in mine)
                assert found.judged[place] == sum(row["resolved"] is not None for row in mine)
                assert found.solved[place] == sum(row["resolved"] == 1 for row in mine)
    assert strata_of(rows_made("session", [])) is None
    k, n = found.of((3, 99), "satisfaction_rate")
    assert n[0].sum() == found.rated[found.people.index(3)].sum()
    assert k[1].sum() == n[1].sum() == 0
