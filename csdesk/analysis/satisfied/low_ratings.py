"""Where low ratings lie: by what buyers asked about, most first, and how much of all the first few make up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.charts import format as written
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson
from csdesk.stats.multiple import adjusted, rates_p

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from csdesk.metrics.rows.chosen import ChosenRows

NO_CATEGORY = "未分类"
_SURE = 0.05
_VITAL = 0.8
"""The first categories that make up so much of all low ratings are named."""


@dataclass(frozen=True, slots=True)
class LowRatings:
    """A category: ``low`` ratings, their share of all low ones, that share with all before it, and its own rate.

    ``verdict`` of the rate against all other categories: above | below | no_clear_difference | too_few, judged among
    all of them (Benjamini–Hochberg).
    """

    category: str
    low: int
    share: float
    cumulative: float
    rated: int
    rate: float
    rate_low: float | None
    rate_high: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Tickets of a category, and how many of them are complaints (None where the files do not tell)."""

    category: str
    tickets: int
    share: float
    cumulative: float
    complaints: int | None


def low_ratings(sessions: ChosenRows, tickets: ChosenRows) -> Mapping[str, object]:
    """The answer ``reasons``: Pareto tables of low ratings by category, and of tickets by theirs."""
    found = _by_category(sessions)
    return {
        "low": sum(one.low for one in found), "rated": sum(one.rated for one in found),
        "categories": found, "tickets": by_ticket(tickets), "text": _text(found),
    }  # fmt: skip


def by_ticket(rows: ChosenRows) -> tuple[Counted, ...]:
    """Tickets by their category, most first."""
    if not rows.size:
        return ()
    codes, complaint = rows.codes("category"), rows.number("complaint")
    size = len(codes.texts) + 1
    counts = np.bincount(codes.code + 1, minlength=size)
    told = np.bincount(codes.code + 1, np.isfinite(complaint), size)
    bad = np.bincount(codes.code + 1, complaint == 1, size)
    names = [NO_CATEGORY, *(str(text) for text in codes.texts)]
    order = sorted((at for at in range(size) if counts[at]), key=lambda at: (-int(counts[at]), names[at]))
    running, found = 0, []
    for at in order:
        running += int(counts[at])
        complaints = int(bad[at]) if told[at] else None
        found.append(
            Counted(names[at], int(counts[at]), int(counts[at]) / rows.size, running / rows.size, complaints)
        )  # fmt: skip
    return tuple(found)


def _by_category(rows: ChosenRows) -> tuple[LowRatings, ...]:
    codes = rows.codes("category")
    names = [NO_CATEGORY, *(str(text) for text in codes.texts)]
    whole = rows.whole
    outcome = rows.table.kept("low ratings by category", lambda: _code(whole))[rows.rows]
    table = np.bincount(outcome, minlength=len(names) * 3).reshape(len(names), 3)
    low, rated = table[:, 2], table[:, 1] + table[:, 2]
    everything, all_rated = int(low.sum()), int(rated.sum())
    order = sorted((at for at in range(len(names)) if rated[at]), key=lambda at: (-int(low[at]), names[at]))
    verdicts = _verdicts([(int(low[at]), int(rated[at])) for at in order], (everything, all_rated))
    running, found = 0, []
    for at, verdict in zip(order, verdicts, strict=True):
        mine, n = int(low[at]), int(rated[at])
        running += mine
        interval = wilson(mine, n)
        found.append(
            LowRatings(
                names[at], mine, mine / everything if everything else 0.0,
                running / everything if everything else 0.0, n, mine / n,
                interval.low if interval else None, interval.high if interval else None, verdict,
            )
        )  # fmt: skip
    return tuple(found)


def _code(whole: ChosenRows) -> NDArray[np.int64]:
    """Category and outcome of every session as one number: not rated, not low, low."""
    low = whole.number("dissatisfied")
    outcome = np.where(np.isnan(low), 0, 1 + (low == 1))
    return np.asarray((whole.codes("category").code + 1) * 3 + outcome, dtype=np.int64)


def _verdicts(counts: Sequence[tuple[int, int]], whole: tuple[int, int]) -> list[str]:
    enough = [at for at, (_k, n) in enumerate(counts) if min(n, whole[1] - n) >= SMALL_SAMPLE]
    p_values = [rates_p(*counts[at], whole[0] - counts[at][0], whole[1] - counts[at][1]) or 0.0 for at in enough]
    found = ["too_few"] * len(counts)
    for at, p in zip(enough, adjusted(p_values), strict=True):
        k, n = counts[at]
        above = k * whole[1] > n * whole[0]
        found[at] = "no_clear_difference" if p > _SURE else "above" if above else "below"
    return found


def _text(found: Sequence[LowRatings]) -> str:
    everything = sum(one.low for one in found)
    if not found:
        return "还没有带评分的会话明细，不知道低分来自哪些问题。"
    if not everything:
        return f"{written.count(sum(one.rated for one in found))} 个评价里没有低分。"
    few = next(at for at, one in enumerate(found) if one.cumulative >= _VITAL) + 1
    named = "、".join(f"{one.category} {written.count(one.low)} 个" for one in found[:few])
    above = [one.category for one in found if one.verdict == "above"]
    said = f"低分 {written.count(everything)} 个，其中{named}，占 {written.percent(found[few - 1].cumulative)}。"
    if above:
        return f"{said}低分占比高于其他类别的：{'、'.join(above)}。"
    judged = sum(one.verdict != "too_few" for one in found)
    if judged:
        return f"{said}各类的低分占比看不出差别。"
    return said + ("" if len(found) < 2 else f"各类的评价不到 {SMALL_SAMPLE} 个，低分占比不比较。")
