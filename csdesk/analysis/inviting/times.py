"""When to ask: the hours in which invited buyers rate more often, and the days after which ratings come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from csdesk.analysis.inviting.cells import HOURS, InviteSlice
from csdesk.analysis.review_timing import INVITED, Split, Timing, TimingStep, best_day, timing
from csdesk.charts import format as written
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson
from csdesk.stats.multiple import adjusted, rates_p

_SURE = 0.05


@dataclass(frozen=True, slots=True)
class HourOfAsking:
    """Invitations of one hour: ``rated`` of ``n``, with the Wilson interval.

    ``others``: the rate of all other hours. ``verdict``: higher | lower | no_clear_difference | too_few, with
    ``p_adjusted`` over all hours that have enough (Benjamini–Hochberg).
    """

    hour: int
    n: int
    rated: int
    rate: float
    low: float | None
    high: float | None
    others: float | None
    p_adjusted: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class BestTime:
    """``hours_from``: invitations (when they were sent) | sessions (when they began).

    ``day``: the day after ``day_from`` (signed, paid, invited) on which most of those who still waited rated, where one
    stands out.
    """

    text: str
    hours_from: str
    by_hour: tuple[HourOfAsking, ...]
    best_hours: tuple[int, ...]
    day_from: str | None
    day: TimingStep | None


def best_time(hours: Sequence[InviteSlice], invitations: ChosenRows, timings: Sequence[Timing]) -> BestTime:
    """Out of invitations kept one by one where they tell who rated, else out of sessions."""
    source, counts = "invitations", _of_invitations(invitations)
    if not counts:
        source, counts = "sessions", [(int(one.key), one.rated, one.answered) for one in hours if one.answered]
    judged = _judged(counts)
    best = tuple(one.hour for one in judged if one.verdict == "higher")
    first = timings[0] if timings else None
    day = best_day(first.curve) if first is not None else None
    words = [_hour_words(judged, source), _day_words(first, day)]
    return BestTime("".join(words), source, judged, best, first.origin if first else None, day)


def timings_of(invitations: ChosenRows, orders: Timing | None) -> tuple[Timing, ...]:
    """The curves there are: from the invitation, and of orders from signing or payment."""
    codes = invitations.codes("channel")
    channels = Split("channel", "按邀评方式", codes.code, [str(text) for text in codes.texts])
    asked = timing(invitations, INVITED, (channels,) if len(codes.texts) > 1 else ())
    return tuple(one for one in (asked, orders) if one is not None)


def _of_invitations(rows: ChosenRows) -> list[tuple[int, int, int]]:
    """(hour, rated, all) of the hours; [] where it is not told who rated."""
    told = list(rows.shops_with("rated_at") | rows.shops_with("rating"))
    known = np.isin(rows.shop, told) & (rows.hour >= 0)
    if not known.any():
        return []
    rated = np.isfinite(rows.number("rated_at")) | np.isfinite(rows.number("rating"))
    sizes = np.bincount(rows.hour[known], minlength=HOURS)
    hits = np.bincount(rows.hour[known & rated], minlength=HOURS)
    return [(hour, int(hits[hour]), int(sizes[hour])) for hour in range(HOURS) if sizes[hour]]


def _judged(counts: Sequence[tuple[int, int, int]]) -> tuple[HourOfAsking, ...]:
    hits, size = sum(k for _hour, k, _n in counts), sum(n for _hour, _k, n in counts)
    enough = [one for one in counts if SMALL_SAMPLE <= one[2] <= size - SMALL_SAMPLE]
    p_values = [rates_p(k, n, hits - k, size - n) for _hour, k, n in enough]
    fair = dict(zip((one[0] for one in enough), adjusted([1.0 if p is None else p for p in p_values]), strict=True))
    found = []
    for hour, k, n in counts:
        interval, p = wilson(k, n), fair.get(hour)
        others = (hits - k) / (size - n) if size > n else None
        verdict = "too_few" if p is None else "no_clear_difference"
        if p is not None and others is not None and p <= _SURE:
            verdict = "higher" if k / n > others else "lower"
        found.append(
            HourOfAsking(
                hour, n, k, k / n, interval.low if interval else None, interval.high if interval else None, others, p,
                verdict,
            )
        )  # fmt: skip
    return tuple(found)


def _hour_words(judged: Sequence[HourOfAsking], source: str) -> str:
    compared = [one for one in judged if one.p_adjusted is not None]
    when = "发出的" if source == "invitations" else "开始的会话里"
    if len(compared) < 2:
        return f"够 {SMALL_SAMPLE} 次邀评的钟点不到两个，比不出哪个钟点好。" if judged else "还没有逐条的邀评数据。"
    size = sum(one.n for one in judged)
    better = sorted((one for one in compared if one.verdict == "higher"), key=lambda one: -one.rate)
    if not better:
        return f"各个钟点的评价率看不出差别（{size:,} 次邀评）。"
    named = "、".join(f"{one.hour} 点（{one.rated:,}/{one.n:,}，{written.percent(one.rate)}）" for one in better[:3])
    return f"{named}{when}邀评，评价率比其他钟点高，不像是偶然；各钟点的买家可能不同。"


def _day_words(first: Timing | None, day: TimingStep | None) -> str:
    if first is None:
        return ""
    if day is None and first.curve.rated < SMALL_SAMPLE:
        return (
            f"{first.title}，有评价的不到 {SMALL_SAMPLE} 个（{first.curve.rated}/{first.curve.n:,}），看不出哪一天多。"
        )
    if day is None:
        return f"{first.title}，看不出哪一天的评价特别多（n={first.curve.n:,}）。"
    when = "24 小时内" if day.day == 0 else f"第 {day.day + 1} 天"
    share = written.percent(day.hazard)
    return f"{first.title}，{when}写评价的最多：还没评价的 {day.waiting:,} 个里 {day.came:,} 个（{share}）。"
