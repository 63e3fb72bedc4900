"""Changes slice by slice (agents, categories, hours), all of a page looked at together.

Among many slices some always move by chance. What is called up or down here keeps the share of false ones among them
at 5 % (Benjamini–Hochberg over everything a page lists); a slice below the sample limit on either side is not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from csdesk.analysis.facts import Facts
from csdesk.analysis.terms import title_of, unit_of
from csdesk.charts import format as written
from csdesk.metrics.model import By, MetricRow, MetricValue, Unit
from csdesk.stats.change import SMALL_SAMPLE, Verdict, newcombe
from csdesk.stats.multiple import adjusted, rates_p

FALSE_SHARE = 0.05
_SPLITS = {"agent": By.AGENT, "category": By.CATEGORY, "hour": By.HOUR, "product": By.PRODUCT, "shop": By.SHOP}
SPLITS = ("agent", "category", "shop", "hour")
"""Those a page lists, hours last."""
_UNSURE = "可能有变化，和别的放在一起看还不能确定"
_MOVED = {"up": "上升", "down": "下降", "no_clear_change": "看不出差别", "too_few": "样本不足，不判断"}
_ORDER = {"up": 0, "down": 0, "no_clear_change": 1, "too_few": 2}


@dataclass(frozen=True, slots=True)
class Slice:
    """A rate of one slice now against before: counts of both sides, difference with its 95 % interval (Newcombe,
    widened where days vary beyond chance: :mod:`csdesk.analysis.day_spread`).

    ``p`` is of equal rates, ``p_adjusted`` among all slices of the page; both None below the sample limit.
    ``verdict``: up | down | no_clear_change | too_few.
    """

    metric: str
    by: str
    key: str
    rate: float
    numerator: float
    denominator: float
    previous: float
    previous_numerator: float
    previous_denominator: float
    difference: float
    low: float | None
    high: float | None
    p: float | None
    p_adjusted: float | None
    verdict: str
    text: str


def slices_of(facts: Facts, metrics: Sequence[str], splits: Sequence[str]) -> tuple[Slice, ...]:
    """The changes of some rates by agent, category, … as far as both spans have them.

    Certain ones first, the largest first; nothing where nothing is compared.
    """
    if facts.compared_period is None:
        return ()
    found: list[Slice] = []
    for name in splits:
        by = _SPLITS[name]
        found += _pairs(facts, name, metrics, (facts.split(by, metrics), facts.split(by, metrics, before=True)))
    return judged(found, facts.request.compare.label)


def judged(found: Sequence[Slice], label: str = "上期") -> tuple[Slice, ...]:
    """Slices with the verdicts they have among each other, in the order they are to be read in."""
    tried = [at for at, one in enumerate(found) if one.p is not None]
    values = dict(zip(tried, adjusted([found[at].p or 0.0 for at in tried]), strict=True))
    made = []
    for at, one in enumerate(found):
        verdict = Verdict.TOO_FEW if at not in values else Verdict.NO_CLEAR_CHANGE
        if values.get(at, 1.0) <= FALSE_SHARE:
            verdict = Verdict.UP if one.difference > 0 else Verdict.DOWN
        told = replace(one, p_adjusted=values.get(at), verdict=str(verdict))
        made.append(replace(told, text=_text(told, label)))
    return tuple(sorted(made, key=lambda one: (_ORDER[one.verdict], -abs(one.difference), one.by, one.key)))


def compared(
    metric: str, by: str, key: str, now: tuple[float, float], before: tuple[float, float], *, small: float,
    spread: float = 1.0,
) -> Slice | None:  # fmt: skip
    """One slice, not yet judged; None where a side has no trials or its count is no part of them.

    ``spread``: how many times more its days vary than chance, as :func:`csdesk.stats.change.rate_change` takes it.
    """
    (k1, n1), (k2, n2) = now, before
    fewer = (k1 / spread, n1 / spread, k2 / spread, n2 / spread)
    interval = newcombe(*fewer)
    if interval is None:
        return None
    p = rates_p(*fewer) if min(n1, n2) >= small else None
    return Slice(
        metric, by, key, k1 / n1, k1, n1, k2 / n2, k2, n2, k1 / n1 - k2 / n2, interval.low, interval.high, p, None,
        str(Verdict.TOO_FEW), "",
    )  # fmt: skip


def _pairs(
    facts: Facts, name: str, metrics: Sequence[str], rows: tuple[Sequence[MetricRow], Sequence[MetricRow]]
) -> Iterator[Slice]:
    now, before = rows
    earlier = {_identity(row): row.values for row in before}
    for row in now:
        if row.kind != "person" or row.key is None:
            continue
        values = earlier.get(_identity(row), {})
        for metric in metrics:
            made = _pair(facts, metric, name, row, values) if unit_of(metric) is Unit.RATE else None
            if made is not None:
                yield made


def _pair(facts: Facts, metric: str, name: str, row: MetricRow, before: Mapping[str, MetricValue]) -> Slice | None:
    now, then = (_counts(one.get(metric)) for one in (row.values, before))
    if now is None or then is None:
        return None
    spread = 1.0
    if min(now[1], then[1]) >= SMALL_SAMPLE:
        spread = _spread(facts, metric, name, max(now[1], then[1]))
    return compared(metric, name, str(row.key), now, then, small=SMALL_SAMPLE, spread=spread)


def _spread(facts: Facts, metric: str, name: str, trials: float) -> float:
    """How much the days of a slice vary beyond chance: an agent's as agents' do, others' by what they hold of all."""
    if name == "agent":
        return facts.spreads.of_people(metric)
    whole = facts.total.get(metric)
    share = trials / whole.denominator if whole is not None and whole.denominator else 1.0
    return facts.spreads.of_part(whole, share)


def _counts(value: MetricValue | None) -> tuple[float, float] | None:
    if value is None or value.value is None or value.numerator is None or not value.denominator:
        return None
    return value.numerator, value.denominator


def _identity(row: MetricRow) -> str | int | None:
    return row.agent_id if row.agent_id is not None else row.key


def _text(one: Slice, label: str) -> str:
    key = f"{one.key} 点" if one.by == "hour" else one.key
    moved = _MOVED[one.verdict]
    if (
        one.verdict == Verdict.NO_CLEAR_CHANGE
        and one.low is not None
        and one.high is not None
        and not one.low <= 0 <= one.high
    ):
        moved = _UNSURE
    return (
        f"{key}：{title_of(one.metric)} {written.percent(one.rate)}"
        f"（{written.count(one.numerator)}/{written.count(one.denominator)}），{label} {written.percent(one.previous)}"
        f"（{written.count(one.previous_numerator)}/{written.count(one.previous_denominator)}），{moved}"
    )
