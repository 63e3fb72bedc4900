"""What is certain about people, as sentences of the page with the counts they rest on; nothing where nothing is."""

from __future__ import annotations

from collections.abc import Sequence

from csdesk.analysis.frame import Answer, Finding
from csdesk.analysis.performance.fair import FairComparison
from csdesk.analysis.performance.funnel_plot import Dot, FunnelPlot
from csdesk.charts import format as written
from csdesk.domain.platforms import Platform

_MOST = 4
_WORDS = {"below_998": "明显低于合计", "above_998": "明显高于合计"}


def people_findings(answers: Sequence[Answer]) -> tuple[Finding, ...]:
    """Where the plain order misleads, then who lies outside the limits of chance; the worst first."""
    by_id = {one.id: one.value for one in answers}
    fair, plots = by_id.get("fair_comparison"), by_id.get("funnel_plot")
    found: list[Finding] = []
    for comparison in fair if isinstance(fair, tuple) else ():
        found += _misleading(comparison)
    for plot in plots if isinstance(plots, tuple) else ():
        found += [
            _outside(plot, dot)
            for dot in sorted(plot.agents, key=lambda one: one.rate)
            if dot.agent in plot.outside and dot.position in _WORDS
        ]
    return tuple(found[:_MOST])


def _misleading(comparison: FairComparison) -> list[Finding]:
    """Pairs first; who is in one of them is not named again."""
    named: set[str] = set()
    found = []
    for case in comparison.misleading:
        if case.kind not in {"every_category", "reversed"} or named.issuperset(case.agents):
            continue
        named.update(case.agents)
        found.append(Finding(f"{'、'.join(case.agents)}的{comparison.title}直接比会误导", case.text))
    return found


def _outside(plot: FunnelPlot, dot: Dot) -> Finding:
    low, high = written.percent(dot.low_998), written.percent(dot.high_998)
    whole = f"{Platform(plot.platform).short}合计" if plot.platform else "合计"
    return Finding(
        f"{dot.agent}的{plot.title}{_WORDS[dot.position]}",
        f"{written.percent(dot.rate)}（{written.count(dot.numerator)}/{written.count(dot.denominator)}），"
        f"{whole} {written.percent(plot.rate)}（{written.count(plot.numerator)}/{written.count(plot.denominator)}），"
        f"这么多样本偶然的范围是 {low} 至 {high}",
    )
