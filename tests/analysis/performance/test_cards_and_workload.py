"""Agent cards and workload: changes among many, strong and weak categories, shares, what is not known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from csdesk.analysis.performance.cards import Card, agent_cards
from csdesk.analysis.performance.score import Scoring
from csdesk.analysis.performance.strata import Strata
from csdesk.analysis.performance.weights import Component
from csdesk.analysis.performance.workload import workload
from csdesk.metrics.model import MetricRow, MetricStatus, MetricValue, Unit
from csdesk.metrics.targets import Targets
from tests.analysis.performance.people import person, strata, team
from tests.row_tables import rows_made

SATISFACTION = (Component("satisfaction_rate", 1, 0.5, 1.0, False, "", "", 1),)


def cards(now: list[MetricRow], before: list[MetricRow], counted: Strata | None = None) -> dict[str, Card]:
    group = team(*now)
    scoring = Scoring(group, SATISFACTION, {}, Targets())
    return {one.agent: one for one in agent_cards(group, scoring, scoring.answer().agents, before, counted)}


def test_card_holds_measures_places_and_changes() -> None:
    now = [person("甲", 1, satisfaction_rate=(480, 500), seconds=(20, 500)), person("乙", 2, satisfaction_rate=(3, 4))]
    before = [person("甲", 1, satisfaction_rate=(400, 500)), person("乙", 2, satisfaction_rate=(4, 4))]
    found = cards(now, before)
    card, measure = found["甲"], found["甲"].measures[0]
    assert (card.place, card.tied, card.of, card.status) == (1, False, 1, "ranked")
    assert (measure.value, measure.n, measure.previous) == (0.96, 500, 0.8)
    assert measure.difference == pytest.approx(0.16)
    assert measure.verdict == "up"
    assert card.sentences[0] == "满意率上升 16.0 个百分点，现在 96.0%（样本 500），之前 80.0%（样本 500）"
    second = found["乙"].measures[0]
    assert (second.verdict, second.place, second.small) == ("too_few", None, True)
    assert found["乙"].status == "too_few"
    assert found["甲"].measures[1].previous is None
    assert found["甲"].measures[1].verdict == "no_data"


def test_no_change_is_claimed_where_nothing_changed() -> None:
    """Forty people whose rates stay: in few teams anybody's change stands out among all."""
    chance = np.random.default_rng(5)
    loud = 0
    for _ in range(40):
        now, before = (
            [person(str(at), at, satisfaction_rate=(float(chance.binomial(120, 0.9)), 120.0)) for at in range(1, 31)]
            for _side in range(2)
        )
        loud += any(card.measures[0].verdict in {"up", "down"} for card in cards(now, before).values())
    assert loud / 40 < 0.15


def test_strong_and_weak_categories_with_their_evidence() -> None:
    counted = strata(
        {
            1: {"售后": (60.0, 100.0), "售前": (99.0, 100.0), "物流": (4.0, 5.0)},
            2: {"售后": (170.0, 200.0), "售前": (180.0, 200.0), "物流": (90.0, 100.0)},
            3: {"售后": (172.0, 200.0), "售前": (178.0, 200.0), "未分类": (10.0, 90.0)},
        },
        ("未分类", "售后", "售前", "物流"),
    )
    found = cards([person(name, at, satisfaction_rate=(180, 200)) for at, name in enumerate("甲乙丙", 1)], [], counted)
    first = found["甲"]
    assert [one.category for one in first.weakest] == ["售后"]
    assert [one.category for one in first.strongest] == ["售前"]
    assert first.weakest[0].text == "售后：满意率 60.0%（60/100），其他人 85.5%（342/400），更低"
    assert first.weakest[0].others_rate == pytest.approx(342 / 400)
    assert {one.category for one in first.categories} == {"售后", "售前"}
    assert first.sentences[-1].startswith("弱项 售后")
    assert all(one.category != "未分类" for one in found["丙"].categories)
    nothing = cards([person("甲", 1, satisfaction_rate=(90, 100))], [])["甲"]
    assert nothing.sentences == ("没有一类咨询的评价满 30 个，看不出强弱",)


def count(metric: str, value: float, unit: Unit = Unit.COUNT) -> MetricValue:
    return MetricValue(metric, unit, value, MetricStatus.OK, value, variant="接待人数" if metric == "received" else "")


def with_work(row: MetricRow, received: float, **more: MetricValue) -> MetricRow:
    return replace(row, values={**row.values, "received": count("received", received), **more})


def test_workload_by_hand() -> None:
    rows = [
        with_work(person("甲", 1, conversion_rate=(20, 50)), 300, cs_sales=count("cs_sales", 123456, Unit.YUAN)),
        with_work(person("乙", 2), 100),
        with_work(person("店小蜜", 3, kind="robot"), 900),
    ]
    more = [MetricRow("甲", {"workload_messages": count("workload_messages", 4000)}, 1)]
    at = 20000 * 86400
    sessions = rows_made("session", [{"day": 20000, "at": at + hour * 3600} for hour in (9, 9, 21)])
    found = workload(rows, more, sessions)
    assert [one.agent for one in found.agents] == ["店小蜜", "甲", "乙"]
    assert [one.share for one in found.agents] == [None, 0.75, 0.25]
    assert (found.people, found.gini, found.busiest, found.busiest_share) == (2, 0.25, "甲", 0.75)
    assert (found.peak_hour, found.peak_share) == (9, pytest.approx(2 / 3))
    first = found.agents[1]
    assert (first.messages, first.tickets, first.per_hour) == (4000, None, None)
    assert (first.conversion, first.converted, first.inquiries, first.sales_fen) == (0.4, 20, 50, 123456)
    assert found.text == "甲接待最多（300，占 75.0%）；平均分的话每人 50.0%。一天里 9 点最忙，占会话的 66.7%。"


def test_no_work_at_all() -> None:
    found = workload([], [], rows_made("session", []))
    assert (found.people, found.gini, found.peak_hour, found.text) == (0, None, None, "没有分客服的接待量。")
    alone = workload([with_work(person("甲", 1), 3)], [], rows_made("session", []))
    assert (alone.gini, alone.busiest_share) == (None, 1)
