"""三句话小结: at most three sentences about what is certain, each with the numbers it rests on.

Candidates are the changes of a page's numbers (looked at together: Benjamini–Hochberg at 5 %), what a certain change
is made up of (Kitagawa's parts, with the case that every group moves one way and the whole the other), and what needs
attention. They are ranked by how certain and how large they are. Where nothing is certain, that is the sentence.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from csdesk.analysis.certainty import has_moved, is_certain, stretch_of, z_of
from csdesk.analysis.comparison import compare
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Attention, Compare, Finding, Kpi, PageResult, Reasons, Run
from csdesk.analysis.reasons import REST, SMALL, group_counts
from csdesk.analysis.slices import Slice
from csdesk.analysis.terms import direction_of
from csdesk.charts import format as written
from csdesk.charts.build import number
from csdesk.domain.period import Period
from csdesk.metrics.declaration import Direction
from csdesk.metrics.model import MetricValue, Unit
from csdesk.stats.decomposition import Part

MOST = 3
_FULL_Z, _FULL_RATE, _FULL_RELATIVE = 6.0, 0.10, 0.5
"""From here on a change counts as fully certain, or fully large."""
_ATTENTION = {"target": 0.5, "unusual": 0.45, "drift": 0.4, "missing": 0.01}
_MOVES = {"unusual", "drift"}
"""Kinds of attention that tell of a change; the others stand beside the word that none is to be seen."""
_SPLITS = {"agent": "客服", "category": "类别", "shop": "店铺", "hour_band": "时段"}
_SAME = ("satisfaction_rate", "dissatisfaction_rate", "satisfaction_score"), ("received", "ratings_received")
"""Numbers that say the same: one sentence is enough, about the first of them."""
_LEAST_PART = 0.25
"""Share of a change that a group must make up to be named."""
_LEAST_BEYOND = 0.1
"""How much more than its share of all that must be."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """``kind``: change | reason | attention | nothing. ``evidence``: counts, intervals and spans, by name."""

    text: str
    kind: str
    metric: str | None
    evidence: Mapping[str, object]


Ranked = tuple[float, Sentence]
_MOST_GROUPS = 6
"""Groups whose counts are written out behind a finding, largest first."""


def summary(
    facts: Facts,
    kpis: Sequence[Kpi],
    reasons: Sequence[Reasons],
    slices: Sequence[Slice],
    attention: Sequence[Attention],
) -> tuple[Sentence, ...]:
    """The sentences of a page, most important first; at least one."""
    found: list[Ranked] = []
    for score, kpi in _certain(kpis, stretch_of(facts)):
        found.append((score, _change(facts, kpi)))
        reason = _reason(facts, kpi, [one for one in reasons if one.metric == kpi.metric], slices)
        if reason is not None:
            found.append((score * 0.99, reason))
    found += _looked_at(attention)
    if not any(one.kind == "change" or one.evidence.get("kind") in _MOVES for _score, one in found):
        found.append((1.0, _nothing(facts, kpis)))
    found.sort(key=lambda one: -one[0])
    return tuple(sentence for _score, sentence in found[:MOST])


def explained(
    facts: Facts, kpis: Sequence[Kpi], reasons: Sequence[Reasons], slices: Sequence[Slice]
) -> tuple[Finding, ...]:
    """What each certain change of a rate is made up of, with the counts of its groups; also where the sentences at the
    head of the page have no room for it.
    """
    found = []
    for kpi in kpis:
        mine = [one for one in reasons if one.metric == kpi.metric]
        if not mine or not is_certain(kpi):
            continue
        sentence = _reason(facts, kpi, mine, slices)
        if sentence is not None:
            found.append(Finding(sentence.text, _groups_in_words(sentence.evidence["groups"])))
    return tuple(found)


def _groups_in_words(groups: object) -> str:
    if not isinstance(groups, list):
        return ""
    largest = sorted(groups, key=lambda one: -one["denominator"])[:_MOST_GROUPS]
    sides = ("", "previous_")
    return "；".join(
        f"{one['key']} " + " 对 ".join(
            f"{written.count(one[f'{side}numerator'])}/{written.count(one[f'{side}denominator'])}" for side in sides
        )
        for one in largest
    )  # fmt: skip


def summary_runs(page: PageResult) -> tuple[Run, ...]:
    """The sentences of a page for its head."""
    found = page.answer("summary_sentences")
    return tuple(Run(one.text) for one in found if isinstance(one, Sentence)) if isinstance(found, tuple) else ()


def _certain(kpis: Sequence[Kpi], stretch: float) -> Iterator[tuple[float, Kpi]]:
    """The changes that stand out among all of the page's, each with its rank; of numbers that say the same only one."""
    scored = [
        (min(z, _FULL_Z) / _FULL_Z * _size(kpi), kpi)
        for kpi in kpis if is_certain(kpi) and (z := z_of(kpi, stretch)) is not None
    ]  # fmt: skip
    certain = {kpi.metric for _score, kpi in scored}
    for score, kpi in sorted(scored, key=lambda one: -one[0]):
        family = next((one for one in _SAME if kpi.metric in one), (kpi.metric,))
        if kpi.metric == next(metric for metric in family if metric in certain):
            yield score, kpi


def _size(kpi: Kpi) -> float:
    difference = abs(kpi.change.difference or 0.0) if kpi.change is not None else 0.0
    if kpi.value.unit is Unit.RATE:
        return min(difference / _FULL_RATE, 1.0)
    before = number(kpi.previous)
    return min(difference / abs(before) / _FULL_RELATIVE, 1.0) if before else 1.0


def _change(facts: Facts, kpi: Kpi) -> Sentence:
    change, unit = kpi.change, kpi.value.unit
    assert change is not None  # noqa: S101  (only judged ones come here; for the type checker)
    before, label = kpi.previous, facts.request.compare.label
    size = _amount(abs(change.difference or 0.0), unit)
    between = _between(change.low, change.high, unit)
    now, then = (
        _with_counts(one, *_counts(value))
        for one, value in ((kpi.text, kpi.value), (written.text_of(number(before), unit), before))
    )
    spans = compare(facts.request) if unit in {Unit.COUNT, Unit.YUAN} else None
    aside = f"；{spans.promotions}" if spans is not None and spans.promotions else ""
    text = f"{kpi.title}比{label}{_moved(kpi)} {size}：{now}对 {then.rstrip()}，差的 95% 区间 {between}{aside}。"
    evidence = {
        "metric": kpi.metric, "value": number(kpi.value), "numerator": kpi.value.numerator,
        "denominator": kpi.value.denominator, "n": kpi.value.n, "low": kpi.value.low, "high": kpi.value.high,
        "previous": number(before), "previous_numerator": before.numerator if before else None,
        "previous_denominator": before.denominator if before else None, "previous_n": before.n if before else None,
        "difference": change.difference, "difference_low": change.low, "difference_high": change.high,
        "verdict": change.verdict, **_spans(facts),
    }  # fmt: skip
    return Sentence(text, "change", kpi.metric, evidence)


def _reason(facts: Facts, kpi: Kpi, splits: Sequence[Reasons], slices: Sequence[Slice]) -> Sentence | None:
    """What a certain change is made up of: every group against the whole, else the group that makes up most of it."""
    against = [one for one in splits if _all_against(facts, one)]
    if against:
        return _paradox(facts, kpi, max(against, key=lambda one: len(one.parts)))
    sure = {(one.by, one.key) for one in slices if one.metric == kpi.metric and one.verdict in {"up", "down"}}
    named = [
        (part, split) for split in splits for part in split.parts
        if part.key not in {REST, SMALL} and _tells(facts, part, split, sure)
    ]  # fmt: skip
    if not named:
        return None
    part, split = max(named, key=lambda one: _beyond(facts, *one))
    return _largest(facts, kpi, part, split)


def _all_against(facts: Facts, split: Reasons) -> bool:
    """Whether every group that was there on both sides moved one way and the whole the other."""
    own = [part.rate for part in split.parts if part.rate]
    whole = split.difference
    if len(own) < 2 or whole == 0 or any(rate * whole >= 0 for rate in own) or split.mix * whole <= 0:
        return False
    now, before = group_counts(facts, split.metric, split.by)
    still = {part.key for part in split.parts if not part.rate}
    return not any(now.get(key, (0.0, 0.0))[1] and before.get(key, (0.0, 0.0))[1] for key in still)


def _tells(facts: Facts, part: Part, split: Reasons, sure: set[tuple[str, str]]) -> bool:
    """Whether a group makes up enough of the change, and by what is certain: its share, or a rate that moved.

    Where all groups moved alike, the largest one makes up most of it and explains nothing: it must make up more than
    its share of all.
    """
    own = part.mix + part.rate
    if own * split.difference <= 0 or abs(own) < _LEAST_PART * abs(split.difference):
        return False
    if _beyond(facts, part, split) < _LEAST_BEYOND:
        return False
    return abs(part.mix) > abs(part.rate) or (split.by, part.key) in sure


def _beyond(facts: Facts, part: Part, split: Reasons) -> float:
    """What a group makes up of the change, beyond its mean share of both spans."""
    shares = [_shares(side).get(part.key, 0.0) for side in group_counts(facts, split.metric, split.by)]
    return (part.mix + part.rate) / split.difference - sum(shares) / 2


def _paradox(facts: Facts, kpi: Kpi, split: Reasons) -> Sentence:
    now, before = group_counts(facts, kpi.metric, split.by)
    shares = _shares(now), _shares(before)
    whole = split.difference
    named = [part for part in split.parts if part.key not in {REST, SMALL} and part.mix * whole > 0]
    better = _better(kpi.metric, -whole)
    words = {True: ("变好", "变差"), False: ("变差", "变好"), None: ("变高", "变低") if whole < 0 else ("变低", "变高")}
    groups, total = words[better]
    pulled = ""
    if named:
        key = max(named, key=lambda part: part.mix * whole).key
        share, earlier = (side.get(key, 0.0) for side in shares)
        level = "较高" if _rate(now, before, key) > _rate_of_all(now, before) else "较低"
        pulled = (
            f"：{kpi.title}{level}的{key}占比从 {written.percent(earlier)} "
            f"{'升' if share > earlier else '降'}到 {written.percent(share)}"
        )
    both = "两段都有的" if any(not (now.get(key) and before.get(key)) for key in {*now, *before}) else ""
    text = (
        f"按{_SPLITS[split.by]}分开看，{both}每一组的{kpi.title}都{groups}，合计却{total}，差在各组的占比{pulled}"
        f"（占比的影响 {written.points(split.mix)}，各组自己的变化 {written.points(split.rate)}）。"
    )
    return Sentence(text, "reason", kpi.metric, _parts(facts, split, now, before))


def _largest(facts: Facts, kpi: Kpi, part: Part, split: Reasons) -> Sentence:
    now, before = group_counts(facts, kpi.metric, split.by)
    shares = _shares(now), _shares(before)
    share, earlier = (written.percent(side.get(part.key, 0.0)) for side in shares)
    sides = [
        f"{written.percent(k / n)}（{written.count(k)}/{written.count(n)}）" if n else ""
        for k, n in (now.get(part.key, (0.0, 0.0)), before.get(part.key, (0.0, 0.0)))
    ]
    if sides[0] and sides[1]:
        moved = f"{kpi.title}从 {sides[1]}变为 {sides[0]}，占比从 {earlier} 变为 {share}"
    elif sides[0]:
        moved = f"{facts.request.compare.label}没有这一部分，现在{kpi.title} {sides[0]}，占 {share}"
    else:
        moved = f"{facts.request.compare.label}{kpi.title} {sides[1]}，占 {earlier}，现在没有了"
    text = (
        f"{kpi.title}的变化 {written.points(split.difference)}里，{part.key}占 {written.points(part.mix + part.rate)}："
        f"{moved}。"
    )
    return Sentence(text, "reason", kpi.metric, {"key": part.key, **_parts(facts, split, now, before)})


def _parts(
    facts: Facts, split: Reasons, now: Mapping[str, tuple[float, float]], before: Mapping[str, tuple[float, float]]
) -> Mapping[str, object]:
    groups = [
        {"key": key, "numerator": now.get(key, (0.0, 0.0))[0], "denominator": now.get(key, (0.0, 0.0))[1],
         "previous_numerator": before.get(key, (0.0, 0.0))[0], "previous_denominator": before.get(key, (0.0, 0.0))[1]}
        for key in dict.fromkeys((*now, *before))
    ]  # fmt: skip
    return {
        "metric": split.metric, "by": split.by, "difference": split.difference, "mix": split.mix, "rate": split.rate,
        "groups": groups, **_spans(facts),
    }  # fmt: skip


def _looked_at(attention: Sequence[Attention]) -> Iterator[Ranked]:
    """What needs attention, of each kind the first: its sentence carries its counts."""
    told: set[str] = set()
    for one in attention:
        if one.kind in _ATTENTION and one.kind not in told:
            told.add(one.kind)
            text = one.text if one.text.endswith("。") else f"{one.text}。"
            evidence = {"kind": one.kind, "metric": one.metric, "key": one.key, "day": one.day}
            yield _ATTENTION[one.kind], Sentence(text, "attention", one.metric, evidence)


def _nothing(facts: Facts, kpis: Sequence[Kpi]) -> Sentence:
    """That nothing is certain, and why: nothing to compare with, too few, or no change to be seen."""
    samples = [(kpi, kpi.value.n) for kpi in kpis if kpi.value.n is not None and number(kpi.value) is not None]
    rated = [(kpi, n) for kpi, n in samples if kpi.value.unit is Unit.RATE]
    kpi, n = max(rated or samples, key=lambda one: one[1], default=(None, None))
    counts = f"样本 n={written.count(n)}" if n is not None else "没有样本"
    verdicts = {kpi.change.verdict for kpi in kpis if kpi.change is not None}
    evidence = {"metric": kpi.metric if kpi else None, "n": n, **_spans(facts)}
    alone = [kpi.title for kpi in kpis if has_moved(kpi)]
    if facts.compared_period is None and facts.request.compare is not Compare.NONE:
        text = f"看的是全部数据，没有更早的时间可以对比（{counts}）。"
    elif facts.compared_period is None:
        text = f"没有选对比的时间，看不出变化（{counts}）。"
    elif verdicts <= {"no_data"}:
        text = f"{facts.request.compare.label}没有可比的数据，看不出变化（{counts}）。"
    elif verdicts <= {"no_data", "too_few"}:
        text = f"样本不足，看不出变化（{counts}）。"
    elif alone:
        text = f"{'、'.join(alone)}单看像有变化，几项一起看还可能是碰巧，先不下结论（{counts}）。"
    else:
        text = f"这段时间没有看得出的变化（{counts}）。"
    return Sentence(text, "nothing", None, evidence)


def _spans(facts: Facts) -> Mapping[str, object]:
    return {"period": _days(facts.request.selection.period), "compared": _days(facts.compared_period)}


def _days(period: Period | None) -> tuple[object, object] | None:
    return (period.first, period.last) if period is not None else None


def _shares(groups: Mapping[str, tuple[float, float]]) -> Mapping[str, float]:
    whole = math.fsum(n for _k, n in groups.values())
    return {key: n / whole for key, (_k, n) in groups.items()} if whole else {}


def _rate(now: Mapping[str, tuple[float, float]], before: Mapping[str, tuple[float, float]], key: str) -> float:
    """The mean of both spans' rates of a group, as far as it was there."""
    rates = [side[key][0] / side[key][1] for side in (now, before) if key in side and side[key][1]]
    return sum(rates) / len(rates) if rates else 0.0


def _rate_of_all(now: Mapping[str, tuple[float, float]], before: Mapping[str, tuple[float, float]]) -> float:
    rates = [
        math.fsum(k for k, _n in side.values()) / math.fsum(n for _k, n in side.values()) for side in (now, before)
    ]
    return sum(rates) / 2


def _better(metric: str, moved: float) -> bool | None:
    """Whether a move is for the better; None for numbers of which neither way is."""
    direction = direction_of(metric)
    if direction is Direction.NEITHER:
        return None
    return (moved > 0) == (direction is Direction.HIGHER)


def _moved(kpi: Kpi) -> str:
    up = kpi.change is not None and kpi.change.verdict == "up"
    if kpi.value.unit is Unit.SECONDS:
        return "长" if up else "短"
    if kpi.value.unit is Unit.COUNT:
        return "多" if up else "少"
    return "高" if up else "低"


def _with_counts(text: str, top: float | None, bottom: float | None) -> str:
    return f"{text}（{written.count(top)}/{written.count(bottom)}）" if top is not None and bottom else f"{text} "


def _counts(value: MetricValue | None) -> tuple[float | None, float | None]:
    """Those of a rate; of other numbers they say nothing to the owner."""
    return (value.numerator, value.denominator) if value is not None and value.unit is Unit.RATE else (None, None)


def _amount(size: float, unit: Unit) -> str:
    return written.points(size).lstrip("+") if unit is Unit.RATE else written.text_of(size, unit)


def _between(low: float | None, high: float | None, unit: Unit) -> str:
    if unit is Unit.RATE:
        return written.points_between(low, high)
    return f"{_signed(low, unit)} 至 {_signed(high, unit)}"


def _signed(end: float | None, unit: Unit) -> str:
    if unit is Unit.SECONDS:
        return written.signed_duration(end)
    text = written.text_of(end, unit)
    return f"+{text}" if end is not None and end > 0 else text
