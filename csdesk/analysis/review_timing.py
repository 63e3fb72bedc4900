"""When do reviews come: the share of orders (or of invitations) that were rated so many days later, and which day most.

Kaplan–Meier by whole days: what is not rated yet counts for as long as it was watched, and is not dropped. One origin
(signing, payment, invitation) a curve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from csdesk.charts import format as written
from csdesk.metrics.days import Ints
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.rows.reduce import reduce
from csdesk.metrics.rows.rules import MedianWait
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson
from csdesk.stats.multiple import adjusted
from csdesk.stats.survival import Curve, counted_curve, counted_log_rank
from csdesk.store.kinds import DAY_SECONDS

DAYS = 60
"""So many days are told apart; what is rated later counts as not rated within them."""
MARKS = (1, 3, 7, 15, 30)
"""Days after the origin that are read out."""
_MOST_GROUPS = 6
_FEWEST_EVENTS = 5


@dataclass(frozen=True, slots=True)
class Origin:
    """What waits are measured from: the kind of rows, its measures of the wait and of whether it ended, and words."""

    id: str
    kind: str
    wait: str
    came: str
    title: str
    what: str


SIGNED = Origin("signed", "order_head", "review_wait", "review_came", "从确认收货算起", "订单")
PAID = Origin("paid", "order_head", "review_wait_paid", "review_came_paid", "从付款算起", "订单")
INVITED = Origin("invited", "invitation", "rating_wait", "rating_came", "从发出邀评算起", "邀评")


@dataclass(frozen=True, slots=True)
class TimingStep:
    """One day after the origin (0 = within 24 hours).

    ``rated`` is the share rated by its end, with its 95 % interval. ``waiting`` still waited when it began, ``came``
    were rated on it: ``hazard`` = came / waiting, with its Wilson interval.
    """

    day: int
    rated: float
    low: float | None
    high: float | None
    waiting: int
    came: int
    hazard: float
    hazard_low: float
    hazard_high: float
    small: bool


@dataclass(frozen=True, slots=True)
class TimingCurve:
    """``median_days`` None: less than half are rated as far as is known. ``key`` names a group, None = all.

    ``steps`` are the days on which anything came; ``by_day`` the share rated within 1, 3, 7, 15, 30 days (None: nobody
    was watched so long).
    """

    origin: str
    title: str
    key: str | None
    n: int
    rated: int
    censored: int
    median_days: float | None
    by_day: dict[int, float | None]
    steps: tuple[TimingStep, ...] = ()
    small: bool = False


@dataclass(frozen=True, slots=True)
class TimingGroups:
    """The curves of groups (``by``) and whether they can be told apart: p of the log-rank test.

    ``verdict``: differ | no_clear_difference | too_few. Only groups with enough rows are compared.
    """

    by: str
    curves: tuple[TimingCurve, ...]
    p: float | None
    p_adjusted: float | None
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class Timing:
    """All of it for one origin; ``text`` is the Chinese sentence."""

    origin: str
    title: str
    text: str
    curve: TimingCurve
    groups: tuple[TimingGroups, ...] = ()


NO_TIMING = Timing(
    "none",
    "",
    "还算不出多久写评价：要有订单，和带着订单编号的商品评价。",
    TimingCurve("none", "", None, 0, 0, 0, None, {}),
)
"""Where no order is known to wait for a review."""


@dataclass(frozen=True, slots=True)
class Split:
    """A way to group the rows: ``code`` of each (−1 = in none) into ``titles``."""

    by: str
    title: str
    code: Ints
    titles: Sequence[str]


def timing(rows: ChosenRows, origin: Origin, splits: Sequence[Split] = (), small: int = SMALL_SAMPLE) -> Timing | None:
    """The curve of the rows, and of each way to group them; None where no wait is known."""
    everything = np.zeros(rows.size, dtype=np.int64)
    leaving, ending = _by_day(rows, origin, everything, 1)
    if not leaving.sum():
        return None
    (median,) = _medians(rows, origin, everything, 1)
    made = _made(leaving[0], ending[0])
    curve = replace(_curve(origin, None, leaving[0], made, small), median_days=median, steps=_steps(made, small))
    compared = _told_apart([_groups(rows, origin, split, small) for split in splits])
    return Timing(origin.id, origin.title, _words(origin, curve), curve, tuple(compared))


def _by_day(rows: ChosenRows, origin: Origin, code: Ints, height: int) -> tuple[Ints, Ints]:
    """Histograms, groups down and days across: waits by the day they were last looked at, and those that ended."""
    key = rows.table.kept(f"days of {origin.wait}", lambda: _day_keys(rows.whole, origin))[rows.rows]
    width = 2 * (DAYS + 1)
    mine = (key >= 0) & (code >= 0)
    if not mine.all():
        key, code = key[mine], code[mine]
    table = np.bincount(code * width + key, minlength=height * width).reshape(height, DAYS + 1, 2)
    return table.sum(axis=2), table[:, :, 1]


def _day_keys(rows: ChosenRows, origin: Origin) -> Ints:
    """2 · day + whether it ended, −1 where nothing is known; later days are watched no longer."""
    wait, came = rows.number(origin.wait), rows.number(origin.came) == 1
    known = np.isfinite(wait)
    day = np.where(known, wait, 0.0).astype(np.int64) // DAY_SECONDS
    later = day >= DAYS
    return np.where(known, 2 * np.minimum(day, DAYS) + (came & ~later), -1)


def _medians(rows: ChosenRows, origin: Origin, code: Ints, height: int) -> list[float | None]:
    found = reduce(MedianWait(origin.wait, origin.came), rows, code, height).value
    if found is None:
        return [None] * height
    return [None if np.isnan(one) else float(one) / DAY_SECONDS for one in found]


def _made(leaving: Ints, ending: Ints) -> Curve:
    return counted_curve(np.arange(DAYS + 1), leaving, ending)


def _curve(origin: Origin, key: str | None, leaving: Ints, made: Curve, small: int) -> TimingCurve:
    n, rated = made.n, int(made.events.sum())
    waiting = n - (np.cumsum(leaving) - leaving)
    by_day = {mark: 1 - made.at(mark - 1) if waiting[mark - 1] else None for mark in MARKS}
    return TimingCurve(origin.id, origin.title, key, n, rated, n - rated, None, by_day, small=n < small)


def _steps(curve: Curve, small: int) -> tuple[TimingStep, ...]:
    found = []
    columns = (curve.times, curve.survival, curve.low, curve.high, curve.at_risk, curve.events)
    for time, survival, low, high, at_risk, events in zip(*(column.tolist() for column in columns), strict=True):
        hazard = wilson(events, at_risk)
        if hazard is None:
            continue
        floor, ceiling = (None, None) if np.isnan(low) else (1 - high, 1 - low)
        found.append(
            TimingStep(
                int(time), 1 - survival, floor, ceiling, at_risk, events, events / at_risk, hazard.low, hazard.high,
                at_risk < small,
            )
        )  # fmt: skip
    return tuple(found)


def _groups(rows: ChosenRows, origin: Origin, split: Split, small: int) -> TimingGroups:
    height = len(split.titles)
    leaving, ending = _by_day(rows, origin, split.code, height)
    sizes = leaving.sum(axis=1)
    biggest = [one for one in np.argsort(-sizes, kind="stable")[:_MOST_GROUPS].tolist() if sizes[one]]
    medians = _medians(rows, origin, split.code, height)
    curves = tuple(
        replace(
            _curve(origin, split.titles[one], leaving[one], _made(leaving[one], ending[one]), small),
            median_days=medians[one],
        )
        for one in biggest
    )
    enough = [one for one in biggest if sizes[one] >= small]
    p = None
    if len(enough) > 1 and ending[enough].sum() >= _FEWEST_EVENTS * len(enough):
        p = counted_log_rank(leaving[enough], ending[enough])
    return TimingGroups(split.by, curves, p, None, "too_few", split.title)


def _told_apart(groups: Sequence[TimingGroups]) -> list[TimingGroups]:
    """The verdicts of all splits looked at together (Benjamini–Hochberg)."""
    tested = [one for one in groups if one.p is not None]
    fair = dict(zip((one.by for one in tested), adjusted([one.p or 0.0 for one in tested]), strict=True))
    found = []
    for one in groups:
        p = fair.get(one.by)
        sample = "；".join(map(_group_words, one.curves))
        if p is None:
            found.append(replace(one, text=f"{one.text}：样本不足，不比较（{sample}）。" if sample else ""))
            continue
        differ = p <= 0.05
        words = "快慢不同，不像是偶然" if differ else "看不出差别"
        text = f"{one.text}：{words}（{sample}）。各组的买家本来就可能不同，快慢不等于谁的作用。"
        verdict = "differ" if differ else "no_clear_difference"
        found.append(replace(one, p_adjusted=p, verdict=verdict, text=text))
    return [one for one in found if one.curves]


def _group_words(curve: TimingCurve) -> str:
    week = curve.by_day.get(7)
    within = "" if week is None else f"，7 天内 {written.percent(week)} 有评价"
    return f"{curve.key} n={curve.n:,}{within}"


def _words(origin: Origin, curve: TimingCurve) -> str:
    sample = f"{curve.n:,} 个{origin.what}，{curve.rated:,} 个有评价"
    if curve.small:
        return f"{origin.title}：样本不足 {SMALL_SAMPLE}，只供参考（{sample}）。"
    if not curve.rated:
        how = "评价里要有订单编号，才对得上订单。" if origin.kind == "order_head" else ""
        return f"{origin.title}，到现在一个评价也没有（{curve.n:,} 个{origin.what}）。{how}"
    week = curve.by_day.get(7)
    parts = [] if week is None else [f"7 天内 {written.percent(week)} 有评价"]
    if curve.median_days is not None:
        parts.append(f"一半在 {curve.median_days:.1f} 天内有评价")
    else:
        parts.append("到现在有评价的还不到一半")
    return f"{origin.title}，{'，'.join(parts)}（{sample}）。"


def best_day(curve: TimingCurve, fewest: int = SMALL_SAMPLE) -> TimingStep | None:
    """The day after the origin on which most of those still waiting were rated, where it stands out from the next best.

    Only among days on which enough still waited; None where the two best cannot be told apart.
    """
    enough = sorted((step for step in curve.steps if step.waiting >= fewest), key=lambda step: -step.hazard)
    if not enough or curve.rated < fewest:
        return None
    if len(enough) > 1 and enough[0].hazard_low <= enough[1].hazard_high:
        return None
    return enough[0]
