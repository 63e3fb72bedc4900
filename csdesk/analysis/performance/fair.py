"""Fair comparison: everybody's satisfaction beside what his mixture of work would have brought anybody.

Indirect standardisation by category × shift, people against people of the same platform. Where the plain order misleads
it is said, with the counts; never why.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.performance.strata import Strata
from csdesk.analysis.performance.team import Member, Team
from csdesk.analysis.terms import title_of
from csdesk.charts import format as written
from csdesk.domain.platforms import Platform
from csdesk.stats.change import SMALL_SAMPLE, newcombe
from csdesk.stats.fairness import Standardised, standardise
from csdesk.stats.intervals import wilson
from csdesk.stats.multiple import discoveries

if TYPE_CHECKING:
    from csdesk.analysis.performance.team import Floats

METRICS = ("satisfaction_rate", "resolution_rate")
METHOD = (
    "同样的咨询（问题类别 × 时段）按全店各类的平均算出“应有”的个数，再和实际的个数比；"
    "多位客服一起看，已按多重比较修正（Benjamini–Hochberg）。"
)
_CERTAIN = {"above": "高于同样咨询的平均", "below": "低于同样咨询的平均"}
_MOST_PAIRS = 3
_COVERING = 0.8
"""Share of both people's ratings the categories they share must hold for a claim about "every category"."""


@dataclass(frozen=True, slots=True)
class Fair:
    """Somebody's plain and adjusted rate. ``ratio`` = observed / ``expected``, what the same work brings anybody.

    Verdicts: above | below | no_clear_difference | too_few; ``plain_verdict`` without, ``verdict`` with regard to the
    work. ``plain_rank``/``rank``: 1 = highest, among those with enough. ``shared``: part of the work others do too.
    ``text`` only where it is certain.
    """

    agent: str
    n: float
    observed: float
    expected: float
    ratio: float | None
    plain: float
    adjusted: float
    low: float
    high: float
    plain_verdict: str
    verdict: str
    plain_rank: int | None
    rank: int | None
    shared: float
    text: str


@dataclass(frozen=True, slots=True)
class Misleading:
    """A place where the plain order misleads. ``kind``: every_category (Simpson) | reversed | explained | hidden."""

    kind: str
    agents: tuple[str, ...]
    categories: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class FairComparison:
    """One rate of one side. ``status``: ok | no_rows (no sessions one by one) | no_data | alone."""

    metric: str
    title: str
    platform: str | None
    status: str
    by: tuple[str, ...]
    rate: float | None
    agents: tuple[Fair, ...]
    misleading: tuple[Misleading, ...]
    method: str
    text: str


def fair_comparisons(
    team: Team, strata: Strata | None, spreads: Mapping[str, float] | None = None
) -> tuple[FairComparison, ...]:
    """For each side its satisfaction, and its resolution where sessions have a verdict.

    ``spreads``: by metric, how many times more people's days vary than chance.
    """
    if strata is None:
        text = "要有会话明细（每次会话一行，带评分和咨询分类），才能按同样的咨询来比。"
        return (_nothing(METRICS[0], None, "no_rows", text),)
    if not team.members:
        return (_nothing(METRICS[0], None, "no_data", "没有可以比较的客服。"),)
    sides = [
        _side(
            metric, side, [team.members[at] for at in positions], strata,
            (spreads or {}).get(metric, 1.0),
        )
        for metric in METRICS for side, positions in team.sides.items()
    ]  # fmt: skip
    sizes = [one.sizes for one in sides]
    with_work = _verdicts([one.adjusted for one in sides], sizes)
    without = _verdicts([one.plain for one in sides], sizes)
    made = [
        _compared(one, strata, plain, verdicts) for one, plain, verdicts in zip(sides, without, with_work, strict=True)
    ]
    made = [
        replace(one, text=f"{side.side.short}：{one.text}") if side.side else one
        for side, one in zip(sides, made, strict=True)
    ]
    return tuple(one for one in made if one.status != "no_data" or one.metric == METRICS[0])


@dataclass(frozen=True, slots=True)
class _Side:
    """One rate of the people of one platform who have some of it: counts, adjusted for their work and plain."""

    metric: str
    side: Platform | None
    names: Sequence[str]
    k: Floats
    n: Floats
    adjusted: Sequence[Standardised | None]
    plain: Sequence[Standardised | None]

    @property
    def sizes(self) -> Sequence[float]:
        """How much of it everybody has."""
        found: list[float] = self.n.sum(axis=(1, 2)).tolist()
        return found


def _side(metric: str, side: Platform | None, members: Sequence[Member], strata: Strata, spread: float) -> _Side:
    k, n = strata.of([one.agent_id for one in members], metric)
    names = [one.name for one in members]
    working = n.sum(axis=(1, 2)) > 0
    k, n, names = k[working], n[working], [name for name, there in zip(names, working, strict=True) if there]
    people = len(names)
    if people < 2:
        return _Side(metric, side, names, k, n, (), ())
    return _Side(
        metric, side, names, k, n, standardise(k.reshape(people, -1), n.reshape(people, -1), spread=spread),
        standardise(k.sum(axis=(1, 2))[:, None], n.sum(axis=(1, 2))[:, None], spread=spread),
    )  # fmt: skip


def _nothing(metric: str, platform: str | None, status: str, text: str) -> FairComparison:
    return FairComparison(metric, title_of(metric), platform, status, (), None, (), (), METHOD, text)


def _compared(side: _Side, strata: Strata, without: Sequence[str], with_work: Sequence[str]) -> FairComparison:
    title, names, platform = title_of(side.metric), side.names, str(side.side) if side.side else None
    if not names:
        text = f"会话明细里没有这些客服的{title}，不能按同样的咨询来比。"
        return _nothing(side.metric, platform, "no_data", text)
    if len(names) == 1:
        return _nothing(side.metric, platform, "alone", f"只有{names[0]}一位客服有{title}，没有人可比。")
    k, n = side.k, side.n
    agents = [
        _fair(name, one, size, verdicts)
        for name, one, size, verdicts in zip(
            names, side.adjusted, side.sizes, zip(without, with_work, strict=True), strict=True
        )
    ]
    misled = (*_pairs(k.sum(axis=2), n.sum(axis=2), strata.categories, agents), *_turned(agents, title))
    agents = _with_ranks(agents)
    by = tuple(
        word for word, axis in (("咨询分类", 1), ("时段", 2)) if (n.sum(axis=(0, 3 - axis)) > 0).sum() > 1
    )  # fmt: skip
    return FairComparison(
        side.metric, title, platform, "ok", by, float(k.sum() / n.sum()), tuple(agents), misled, METHOD,
        _words(agents, misled, by, title),
    )  # fmt: skip


def _fair(name: str, one: Standardised | None, n: float, verdicts: tuple[str, str]) -> Fair:
    plain, verdict = verdicts
    if one is None:  # nothing good is to be expected of such work: nobody ever had anything good of it
        interval = wilson(0.0, n)
        high = interval.high if interval else 1.0
        return Fair(name, n, 0.0, 0.0, None, 0.0, 0.0, 0.0, high, plain, verdict, None, None, 1.0, "")
    return Fair(
        name, one.n, one.observed, one.expected, one.observed / one.expected, one.observed / one.n, one.rate,
        one.interval.low, min(one.interval.high, 1.0), plain, verdict, None, None, one.shared,
        _line(name, one, verdict),
    )  # fmt: skip


def _verdicts(sides: Sequence[Sequence[Standardised | None]], sizes: Sequence[Sequence[float]]) -> list[list[str]]:
    """Told from the others for certain, all that is compared looked at together; small samples are not judged."""
    verdicts = [["too_few" if n < SMALL_SAMPLE else "no_clear_difference" for n in side] for side in sizes]
    big = [
        (at, row, one.z) for at, side in enumerate(sides) for row, one in enumerate(side)
        if one is not None and one.n >= SMALL_SAMPLE
    ]  # fmt: skip
    sure = discoveries([math.erfc(abs(z) / math.sqrt(2)) for _at, _row, z in big])
    for (at, row, z), certain in zip(big, sure, strict=True):
        verdicts[at][row] = ("above" if z > 0 else "below") if certain else "no_clear_difference"
    return verdicts


def _with_ranks(found: Sequence[Fair]) -> list[Fair]:
    big = [one for one in found if one.verdict != "too_few"]
    plain = {one.agent: at for at, one in enumerate(sorted(big, key=lambda one: (-one.plain, one.agent)), 1)}
    fair = {one.agent: at for at, one in enumerate(sorted(big, key=lambda one: (-one.adjusted, one.agent)), 1)}
    ranked = [replace(one, plain_rank=plain.get(one.agent), rank=fair.get(one.agent)) for one in found]
    return sorted(ranked, key=lambda one: (one.rank is None, one.rank or 0, one.agent))


def _line(name: str, one: Standardised, verdict: str) -> str:
    if verdict not in _CERTAIN:
        return ""
    counts = f"{written.count(one.observed)}/{written.count(one.n)}"
    high = written.percent(min(one.interval.high, 1.0))
    return (
        f"{name} 实际 {counts}，同样的咨询平均应有 {one.expected:.1f} 个；折算后 {written.percent(one.rate)}"
        f"（95% 区间 {written.percent(one.interval.low)} 至 {high}），{_CERTAIN[verdict]}"
    )


def _pairs(k: Floats, n: Floats, categories: Sequence[str], agents: Sequence[Fair]) -> list[Misleading]:
    """Simpson: somebody lower in total for certain, yet higher in every category both have enough of.

    ``k``, ``n``: people × categories, in the order of ``agents``.
    """
    enough = n >= SMALL_SAMPLE
    rate = np.divide(k, n, out=np.full(n.shape, np.nan), where=n > 0)
    total_n = n.sum(axis=1)
    total = k.sum(axis=1) / total_n
    both = enough[:, None, :] & enough[None, :, :]
    higher = np.where(both, rate[:, None, :] > rate[None, :, :], True).all(axis=2)
    held = (np.where(both, n[:, None, :], 0).sum(axis=2) / total_n[:, None]) >= _COVERING
    odd = higher & (both.sum(axis=2) >= 2) & held & held.T & (total[:, None] < total[None, :])
    pairs = [(agents[one], agents[other], np.flatnonzero(both[one, other]).tolist(), rate[[one, other]])
             for one, other in zip(*(side.tolist() for side in np.nonzero(odd)), strict=True)]  # fmt: skip
    sure = [pair for pair in pairs if _lower(pair[0], pair[1])]
    sure.sort(key=lambda pair: pair[0].plain - pair[1].plain)
    return [_pair(a, b, [(categories[at], *rates[:, at].tolist()) for at in shared])
            for a, b, shared, rates in sure[:_MOST_PAIRS]]  # fmt: skip


def _lower(a: Fair, b: Fair) -> bool:
    interval = newcombe(a.observed, a.n, b.observed, b.n)
    return interval is not None and interval.high < 0


def _pair(a: Fair, b: Fair, shared: Sequence[tuple[str, float, float]]) -> Misleading:
    each = "、".join(
        f"{category}（{written.percent(one)} 对 {written.percent(other)}）" for category, one, other in shared[:3]
    )
    text = (
        f"{a.agent}合计 {written.percent(a.plain)}（{_counts(a)}），低于{b.agent}的 {written.percent(b.plain)}"
        f"（{_counts(b)}），可是在两人都接得多的每一类里都更高：{each}{'等' if len(shared) > 3 else ''}。"
        f"两人接的类别不一样，合计不能直接比；按同样的咨询折算，{a.agent} {written.percent(a.adjusted)}，"
        f"{b.agent} {written.percent(b.adjusted)}。"
    )
    return Misleading("every_category", (a.agent, b.agent), tuple(name for name, _one, _other in shared), text)


def _turned(agents: Sequence[Fair], title: str) -> list[Misleading]:
    """People whose verdict is another one when the work is regarded."""
    words = {"above": "高于平均", "below": "低于平均", "no_clear_difference": "和平均看不出差别"}
    found = []
    for one in agents:
        before, after = one.plain_verdict, one.verdict
        if before == after or "too_few" in {before, after}:
            continue
        kind = "hidden" if before == "no_clear_difference" else "reversed"
        kind = "explained" if after == "no_clear_difference" else kind
        text = (
            f"{one.agent}的{title} {written.percent(one.plain)}（{_counts(one)}），直接看{words[before]}；"
            f"按同样的咨询来比{words[after]}（应有 {one.expected:.1f} 个，实际 {written.count(one.observed)} 个）。"
        )
        found.append(Misleading(kind, (one.agent,), (), text))
    return found


def _counts(one: Fair) -> str:
    return f"{written.count(one.observed)}/{written.count(one.n)}"


def _words(agents: Sequence[Fair], misled: Sequence[Misleading], by: Sequence[str], title: str) -> str:
    if not by:
        return f"会话明细里没有可以区分的咨询分类和时段，折算后的{title}就是原来的。"
    above = [one.agent for one in agents if one.verdict == "above"]
    below = [one.agent for one in agents if one.verdict == "below"]
    judged = sum(one.verdict != "too_few" for one in agents)
    if not judged:
        return f"没有一位客服的样本满 {SMALL_SAMPLE}，不作比较。"
    if judged == 1:
        only = next(one.agent for one in agents if one.verdict != "too_few")
        return f"只有{only}的样本满 {SMALL_SAMPLE}，没有人可比。"
    said = [f"{'、'.join(names)}{words}" for names, words in ((above, "高于平均"), (below, "低于平均")) if names]
    text = f"按同样的{'、'.join(by)}来比，{judged} 位客服的{title}里，"
    text += f"{'，'.join(said)}。" if said else "看不出谁高谁低。"
    wrong = sum(case.kind in {"every_category", "reversed"} for case in misled)
    text += f"直接排名有 {wrong} 处会误导。" if wrong else ""
    return text + (f"有 {len(misled) - wrong} 位直接看和折算后的结论不同。" if len(misled) > wrong else "")
