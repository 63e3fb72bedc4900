"""交叉验证: the same metric of the same person and days, as two sources tell it.

Only like with like: the same agent (or the shop as a whole), the same first and last day, nothing provisional on
either side, session rows only where they cover all the days with the columns the metric needs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from csdesk.analysis.quality.frame import Compared, Difference
from csdesk.analysis.quality.odd import duration
from csdesk.domain.period import from_epoch_day
from csdesk.metrics.days import Bools, before, within
from csdesk.metrics.declaration import SESSIONS, MetricDefinition, source_title
from csdesk.metrics.definitions import DISTINCT, METRICS
from csdesk.metrics.model import Unit
from csdesk.metrics.pieces import UNWEIGHTED, WHOLE
from csdesk.metrics.sums import total
from csdesk.metrics.view import View

_UNITS = frozenset((Unit.COUNT, Unit.RATE, Unit.SECONDS, Unit.SCORE, Unit.RATIO, Unit.YUAN))
_TRUNCATED = 1.0
_ROUNDED = 0.51
_MOST_DECIMALS = 6
_SHARE_OF_MISTAKE = 1e-9

UNLIKE = frozenset(("avg_response_mean",))
"""Metrics session rows weigh otherwise than reports do (by session, by round): never held against each other."""

PEOPLE = frozenset(("received", "consulted"))
"""Counts of people in reports, where a buyer counts once a day, and of sessions in session rows."""
RATINGS = frozenset(("ratings_received", "satisfaction_rate", "dissatisfaction_rate", "satisfaction_score"))
"""赤兔 counts the ratings its cards brought in (its 参与率 is over cards shown); others also those given unasked."""
CARDS_ONLY = "chitu"
ROBOT = "robot"

Place = tuple[int, int, int]
"""Lane, first and last day (epoch days)."""


@dataclass(frozen=True, slots=True)
class _Told:
    """One side: the value, how far rounding may have moved it, what was counted, and when it was exported."""

    source: str
    value: float
    rounding: float
    label: str
    files: tuple[str, ...]


def compare(view: View) -> tuple[list[Difference], list[Compared]]:
    """Differences, the largest share first, and how many comparisons each pair of sources had."""
    differences: list[tuple[float, Difference]] = []
    tally: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    ratings = _told(view, METRICS["ratings_received"])
    for metric in DISTINCT:
        if metric.unit not in _UNITS or metric.id.endswith("_window"):
            continue
        told = _told(view, metric)
        for place, sides in told.items():
            for one, other in combinations(sides, 2):
                counts = tally[one.source, other.source]
                counts[0] += 1
                apart = abs(one.value - other.value)
                if apart <= one.rounding + other.rounding + _SHARE_OF_MISTAKE * max(abs(one.value), abs(other.value)):
                    counts[1] += 1
                    continue
                differences.append(
                    (
                        share_apart(one.value, other.value),
                        _difference(view, metric, place, (one, other), ratings.get(place, ())),
                    )
                )
    differences.sort(key=lambda item: -item[0])
    compared = [Compared(source_title(a), source_title(b), *counts) for (a, b), counts in sorted(tally.items())]
    return [difference for _, difference in differences], compared


def share_apart(one: float, other: float) -> float:
    """How far two different values are apart, as a share of the larger."""
    return abs(one - other) / max(abs(one), abs(other))


def _told(view: View, metric: MetricDefinition) -> dict[Place, list[_Told]]:
    """What each source says, by place; places with one source alone are left away."""
    columns = view.columns
    pieces = columns.pieces(metric)
    pieces.work_out(view.rows)
    rows = view.rows[np.isin(pieces.state[view.rows], (WHOLE, UNWEIGHTED)) & ~pieces.provisional[view.rows]]
    # Platforms leave out of some numbers what a machine did, and each leaves out something else.
    rows = rows[~_of_machines(view)[columns.lane[rows]]]
    found: dict[Place, dict[str, _Told]] = defaultdict(dict)
    digits = _digits(view, metric, rows.tolist())
    for row in rows.tolist():
        value, rounded = _value_of(view, metric, row)
        if value is None:
            continue
        source = columns.sources[columns.source[row]]
        kind = pieces.kinds[pieces.kind[row]]
        rounding = _rounding(metric.unit, digits.get(source, 0)) if rounded else 0.0
        files = view.file_names(frozenset(columns.batch_sets.things[pieces.batches[row]]))
        place = (int(columns.lane[row]), int(columns.first[row]), int(columns.last[row]))
        found[place][source] = _Told(source, value, rounding, kind.label, files)
    for place, told in _by_sessions(view, metric, list(found)):
        found[place][SESSIONS] = told
    return {
        place: sorted(sides.values(), key=lambda one: columns.sources.index(one.source))
        for place, sides in found.items()
        if len(sides) > 1
    }


def _of_machines(view: View) -> Bools:
    """By lane: whether it is a robot's."""
    kinds = view.columns.facts.kinds
    return np.array([kinds.get(agent) == ROBOT for _, agent in view.columns.lanes], dtype=np.bool_)


def _value_of(view: View, metric: MetricDefinition, row: int) -> tuple[float | None, bool]:
    """A report's value, and whether it is written out (rounded) rather than counted."""
    pieces = view.columns.pieces(metric)
    own = float(pieces.own[row])
    if not np.isnan(own):
        return own, True
    top, bottom = float(pieces.numerator[row]), float(pieces.denominator[row])
    if np.isnan(bottom):
        return top, not top.is_integer()
    return (top / bottom, False) if bottom > 0 else (None, False)


def _digits(view: View, metric: MetricDefinition, rows: list[int]) -> dict[str, int]:
    """By source: decimals its values of the metric are written with; the most that occur, as 0.90 loses its zero."""
    found: dict[str, int] = {}
    for row in rows:
        value, rounded = _value_of(view, metric, row)
        if value is not None and rounded:
            source = view.columns.sources[view.columns.source[row]]
            text = repr(value)
            decimals = 0 if value.is_integer() or "e" in text else len(text.partition(".")[2])
            found[source] = max(found.get(source, 0), min(decimals, _MOST_DECIMALS))
    return found


def _rounding(unit: Unit, decimals: int) -> float:
    """Half a unit of the last digit; durations are cut off by some platforms, so a whole one."""
    if unit is Unit.COUNT:
        return 1.0
    if unit is Unit.RATE:
        decimals = max(decimals, 2)
    step: float = 10.0**-decimals
    return float(step * (_TRUNCATED if unit is Unit.SECONDS else _ROUNDED))


def _by_sessions(view: View, metric: MetricDefinition, places: list[Place]) -> Iterator[tuple[Place, _Told]]:
    """What the session rows give at those places they cover wholly; agents only."""
    rule = metric.sessions
    columns = view.columns
    if rule is None or rule.by_category or metric.id in UNLIKE or not places or not view.gives(rule):
        return
    covered = view.covered(rule.needs)
    table = np.array(places, dtype=np.int64)
    lane, first, last = table[:, 0], table[:, 1] - view.base, table[:, 2] - view.base
    whole = (within(before(covered), lane, first, last) == last - first + 1) & columns.is_agent[lane]
    at = np.flatnonzero(whole)
    if not len(at):
        return
    sums = columns.day_sums.between(lane[at], np.zeros_like(at), table[at, 1], table[at, 2])
    rounded = columns.day_sums.rounded(sums)
    bottoms = total(rule.bottom, rounded) if rule.bottom else None
    for number, place in enumerate(at.tolist()):
        lane_number = int(lane[place])
        platform = columns.facts.shops[columns.lanes[lane_number][0]].platform
        top = float(total(rule.tops.get(platform, rule.top), rounded[number]))
        if bottoms is not None:
            if bottoms[number] <= 0:
                continue
            top /= float(bottoms[number])
        yield places[place], _Told(SESSIONS, top, 0.0, rule.label, ())


def _difference(
    view: View, metric: MetricDefinition, place: Place, sides: tuple[_Told, _Told], ratings: Sequence[_Told]
) -> Difference:
    columns = view.columns
    one, other = sides
    known = _known_reason(metric, one, other, {told.source: told.value for told in ratings})
    shop, agent = columns.lanes[place[0]]
    first, last = from_epoch_day(place[1]).isoformat(), from_epoch_day(place[2]).isoformat()
    return Difference(
        metric=metric.id,
        name=metric.name,
        shop=columns.facts.shops[shop].name,
        who=columns.facts.names.get(agent, "全店") if agent else "全店",
        days=first if first == last else f"{first} 至 {last}",
        one_source=source_title(one.source),
        one=written(metric.unit, one.value),
        other_source=source_title(other.source),
        other=written(metric.unit, other.value),
        difference=written(metric.unit, other.value - one.value, signed=True),
        share=share_apart(one.value, other.value),
        reason=known or _reason(metric, one, other),
        explained=bool(known),
    )


def _known_reason(metric: MetricDefinition, one: _Told, other: _Told, ratings: Mapping[str, float]) -> str:
    """Why the definitions alone set the two apart in the way they are; empty where they do not."""
    sides = {one.source: one.value, other.source: other.value}
    if metric.id in PEOPLE and one.label != other.label and SESSIONS in sides:
        people = min(value for source, value in sides.items() if source != SESSIONS)
        return "人数按买家去重，会话数不去重，所以人数少一些是正常的。" if sides[SESSIONS] > people else ""
    if metric.id in RATINGS and CARDS_ONLY in sides and ratings.keys() >= sides.keys():
        others = min(ratings[source] for source in sides if source != CARDS_ONLY)
        if ratings[CARDS_ONLY] < others:
            return "赤兔只数邀评收回来的评价，买家自己去评的不在里面，所以个数少一些、比率不一样是正常的。"
    return ""


def _reason(metric: MetricDefinition, one: _Told, other: _Told) -> str:
    """The likeliest reasons, what is known before what is general."""
    reasons = []
    if metric.id in RATINGS and CARDS_ONLY in (one.source, other.source):
        reasons.append("赤兔只数邀评收回来的评价，另一边可能还有买家自己去评的")
    if one.label and other.label and one.label != other.label:
        reasons.append(
            f"算法写法不同：{source_title(one.source)}按“{one.label}”，{source_title(other.source)}按“{other.label}”"
        )
    if metric.delay_days:
        reasons.append(f"这个数 {metric.delay_days} 天内平台还会更新，两个文件导出的日子不同就会不一样")
    if SESSIONS in (one.source, other.source):
        reasons.append("会话明细可能没有导全（某个分组、某个时段）")
    if not reasons:
        reasons.append("两个文件导出的日子或勾选的客服、时段不同")
    return "；".join(reasons) + "。"


def written(unit: Unit, value: float, *, signed: bool = False) -> str:
    """As the pages write such a number; with a sign where it is a difference."""
    sign = ("+" if value > 0 else "−" if value < 0 else "") if signed else ""
    amount = abs(value) if signed else value
    if unit is Unit.RATE:
        return f"{sign}{amount * 100:.2f}{' 个百分点' if signed else '%'}"
    if unit is Unit.SECONDS:
        return sign + duration(round(amount, 2))
    if unit is Unit.YUAN:
        return f"{sign}¥{amount / 100:,.2f}"
    return f"{sign}{amount:,.0f}" if float(amount).is_integer() else f"{sign}{amount:,.2f}"
