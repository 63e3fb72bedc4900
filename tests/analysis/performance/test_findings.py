"""Sentences about people carry their evidence, and are silent where nothing is certain."""

from __future__ import annotations

from csdesk.analysis.frame import Answer
from csdesk.analysis.performance.fair import fair_comparisons
from csdesk.analysis.performance.findings import people_findings
from csdesk.analysis.performance.funnel_plot import funnel_plots
from tests.analysis.performance.people import person, strata, team
from tests.analysis.performance.test_fair import KINDS, SIMPSON


def test_misleading_orders_and_people_outside_the_limits() -> None:
    group = team(
        person("客服1", 1, satisfaction_rate=(418, 500)), person("客服2", 2, satisfaction_rate=(442, 500)),
        person("客服3", 3, satisfaction_rate=(60, 100)),
    )  # fmt: skip
    answers = (
        Answer("funnel_plot", funnel_plots(group)),
        Answer("fair_comparison", fair_comparisons(group, strata(SIMPSON, KINDS))),
    )
    first, second = people_findings(answers)
    assert first.text == "客服1、客服2的满意率直接比会误导"
    assert "83.6%（418/500）" in first.evidence
    assert second.text == "客服3的满意率明显低于合计"
    assert second.evidence.startswith("60.0%（60/100），合计 83.6%（920/1,100），这么多样本偶然的范围是 72.2% 至 ")


def test_silent_where_nothing_is_certain() -> None:
    group = team(*(person(name, at, satisfaction_rate=(90, 100)) for at, name in enumerate("甲乙丙", 1)))
    assert people_findings((Answer("funnel_plot", funnel_plots(group)),)) == ()
    assert people_findings(()) == ()
