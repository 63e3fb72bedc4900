"""Rankings and funnel plots: ties, small samples, robots, one agent, none; limits by hand."""

from __future__ import annotations

import numpy as np
import pytest

from csdesk.analysis.performance.fair import fair_comparisons
from csdesk.analysis.performance.funnel_plot import funnel_plots
from csdesk.analysis.performance.places import COMPOSITE, Ranking, rankings
from csdesk.analysis.performance.score import Scoring
from csdesk.analysis.performance.strata import NO_CATEGORY
from csdesk.analysis.performance.team import team_of
from csdesk.analysis.performance.weights import Component
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import MetricRow
from csdesk.metrics.targets import Targets
from tests.analysis.performance.people import person, strata, team

SATISFACTION = (Component("satisfaction_rate", 1, 0.5, 1.0, False, "", "", 1),)


def ranked(*people: MetricRow) -> tuple[Ranking, ...]:
    group = team(*people)
    scoring = Scoring(group, SATISFACTION, {}, Targets())
    others = [one for one in people if one.kind != "person"]
    return rankings(group, scoring, scoring.answer().agents, ["satisfaction_rate", "first_response_mean"], others)


def test_places_ties_and_who_has_none() -> None:
    score, satisfaction = ranked(
        person("甲", 1, satisfaction_rate=(480, 500)), person("乙", 2, satisfaction_rate=(478, 500)),
        person("丙", 3, satisfaction_rate=(300, 500)), person("新", 4, satisfaction_rate=(1, 1)),
        person("店小蜜", 5, kind="robot", satisfaction_rate=(900, 900)),
    )  # fmt: skip
    for made in (score, satisfaction):
        assert [(one.agent, one.place_text) for one in made.places] == [
            ("甲", "并列第 1"), ("乙", "并列第 1"), ("丙", "第 3"),
        ]  # fmt: skip
        assert [one.agent for one in made.unranked] == ["新", "店小蜜"]
        assert made.unranked[1].reason == "机器人，不排名"
    assert score.metric == COMPOSITE
    assert score.text == "综合得分：甲、乙 2 位并列第 1，彼此看不出差别；其余 1 位在后面。"
    assert satisfaction.unranked[0].reason == "样本不足 30"
    assert (satisfaction.places[2].rank_low, satisfaction.places[2].rank_high) == (3, 3)


def test_words_about_one_none_and_all_alike() -> None:
    (nobody,) = ranked()
    assert (nobody.places, nobody.unranked, nobody.text) == ((), (), "没有分客服的数据，排不了名。")
    (robots,) = ranked(person("店小蜜", 5, kind="robot", satisfaction_rate=(900, 900)))
    assert [one.agent for one in robots.unranked] == ["店小蜜"]
    assert robots.text == "没有可以排名的客服，只有机器人、主账号或共用账号。"
    alone = ranked(person("甲", 1, satisfaction_rate=(480, 500)))
    assert alone[0].text == "综合得分：只有甲的样本够，没有人可比。"
    few = ranked(person("甲", 1, satisfaction_rate=(1, 1)))
    assert few[0].text == "综合得分：没有一位客服的样本够排名。"
    assert len(few) == 1
    alike = ranked(*(person(name, at, satisfaction_rate=(90, 100)) for at, name in enumerate("甲乙丙", 1)))
    assert alike[1].text == "满意率：3 位客服之间看不出差别，都并列第 1。"
    sure = ranked(person("甲", 1, satisfaction_rate=(490, 500)), person("乙", 2, satisfaction_rate=(300, 500)))
    assert sure[1].text == "满意率：甲第 1，名次可信。"


def test_words_name_the_platform_where_people_stand_apart() -> None:
    people = [
        person(f"{name}{side}", at, source=side, satisfaction_rate=(90, 100))
        for at, (name, side) in enumerate(((one, two) for one in "甲乙" for two in ("chitu", "feige")), 1)
    ]
    texts = [one.text for one in ranked(*people) if one.metric == "satisfaction_rate"]
    assert sorted(texts) == [f"{side}的满意率：2 位客服之间看不出差别，都并列第 1。" for side in ("抖店", "淘宝")]
    plots = funnel_plots(team(*people), ("satisfaction_rate",))
    assert sorted(one.text for one in plots) == [
        f"{side}的满意率合计 90.0%：2 位客服都在偶然波动的范围里。" for side in ("抖店", "淘宝")
    ]
    fair = fair_comparisons(team(*people), strata({1: {}}, ["售前"]))
    assert sorted(one.text.partition("：")[0] for one in fair) == ["抖店", "淘宝"]


def test_people_whose_rows_name_no_platform_stand_on_the_one_that_is_left() -> None:
    people = [
        person("甲", 1, source="sessions", satisfaction_rate=(90, 100)),
        person("乙", 2, source="feige", satisfaction_rate=(80, 100)),
    ]
    assert list(team_of(people).sides) == [None]
    both = team_of(people, None, (Platform.TAOBAO, Platform.DOUYIN))
    assert [one.side for one in both.members] == [Platform.DOUYIN, Platform.TAOBAO]


def test_shorter_is_better() -> None:
    made = ranked(person("快", 1, seconds=(10, 400)), person("慢", 2, seconds=(40, 400)))
    assert [one.agent for one in made[1].places] == ["快", "慢"]


def test_limits_by_hand() -> None:
    plot = funnel_plots(
        team(
            person("甲", 1, satisfaction_rate=(360, 400)), person("乙", 2, satisfaction_rate=(80, 100)),
            person("丙", 3, satisfaction_rate=(460, 500)), person("丁", 4, satisfaction_rate=(10, 10)),
        )
    )[0]  # fmt: skip
    assert plot.rate == pytest.approx(910 / 1010)
    dots = {one.agent: one for one in plot.agents}
    half = 3.090232306 * (plot.rate * (1 - plot.rate) / 100) ** 0.5
    assert dots["乙"].low_998 == pytest.approx(plot.rate - half)
    assert [dots[name].position for name in "甲乙丙丁"] == ["inside", "below_998", "inside", "too_few"]
    assert plot.outside == ("乙",)
    assert plot.text == "满意率合计 90.1%：乙（80.0%，80/100）明显低于合计。"
    assert dots["丁"].shrunk < 1
    assert [one.n for one in plot.limits] == sorted(one.n for one in plot.limits)


def test_chance_alone_puts_hardly_anybody_outside() -> None:
    chance = np.random.default_rng(6)
    outside = total = 0
    for _ in range(60):
        n = chance.integers(40, 600, 12)
        people = (
            person(str(at), at, satisfaction_rate=(float(chance.binomial(size, 0.9)), float(size)))
            for at, size in enumerate(n)
        )
        outside += len(funnel_plots(team(*people))[0].outside)
        total += len(n)
    assert outside / total < 0.01


def test_people_who_differ_widen_the_limits() -> None:
    chance = np.random.default_rng(1)
    people = [
        person(str(at), at, satisfaction_rate=(float(chance.binomial(1000, rate)), 1000.0))
        for at, rate in enumerate(chance.beta(30, 5, 30))
    ]
    plot = funnel_plots(team(*people))[0]
    assert plot.widened > 2
    assert sum(one.by_chance.endswith("_998") for one in plot.agents) > len(plot.outside)
    assert "放宽" in plot.text


def test_no_funnel_without_counts_and_no_words_about_one() -> None:
    assert funnel_plots(team()) == ()
    assert funnel_plots(team(person("甲", 1, seconds=(3, 40)))) == ()
    alone = funnel_plots(team(person("甲", 1, satisfaction_rate=(9, 90))))[0]
    assert "不作比较" in alone.text
    one_rating = funnel_plots(team(person("甲", 1, satisfaction_rate=(1, 1))))[0]
    assert "不作判断" in one_rating.text
    perfect = funnel_plots(team(*(person(str(at), at, satisfaction_rate=(60, 60)) for at in range(12))))[0]
    assert {one.position for one in perfect.agents} == {"inside"}


def test_equals_are_hardly_ever_parted_or_put_outside_on_a_whole_page() -> None:
    chance, parted, outside, fair, times = np.random.default_rng(4), 0, 0, 0, 150
    rates = {"satisfaction_rate": (0.93, 70), "review_rate": (0.3, 230), "resolution_rate": (0.85, 270)}
    for _ in range(times):
        people = [
            person(str(at), at, **{name: (float(chance.binomial(n, p)), n) for name, (p, n) in rates.items()})
            for at in range(1, 4)
        ]
        made = team_of(people, rankings=8)
        parted += any(place.place > 1 for name in rates for place in made.places(name).values())
        outside += any(plot.outside for plot in funnel_plots(made))
        counts = {at: {name: (float(chance.binomial(40, 0.93)), 40.0) for name in ("甲", "乙")} for at in range(1, 4)}
        judged = fair_comparisons(made, strata(counts, (NO_CATEGORY, "甲", "乙")))
        fair += any(one.verdict in {"above", "below"} for side in judged for one in side.agents)
    assert parted / times <= 0.05
    assert outside / times <= 0.05
    assert fair / times <= 0.08  # one rate alone takes all of its 5 %, and chance on top
