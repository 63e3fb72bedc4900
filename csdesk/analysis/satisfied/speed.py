"""满意 beside 响应: rated sessions by how long the first answer took, compared within one kind of question.

Quick answers and simple questions go together; so the pooled difference compares only sessions of the same category.
It says what goes together, not what comes of what.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from csdesk.charts import format as written
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson
from csdesk.stats.stratified import Pooled, pooled_difference
from csdesk.stats.trend import spearman, trend_z

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from csdesk.metrics.rows.chosen import ChosenRows

    Floats = NDArray[np.float64]

EDGES = (0.0, 15.0, 30.0, 60.0, 180.0, 600.0)
"""Seconds at which the bins begin; the last is open."""
TITLES = ("不到 15 秒", "15–30 秒", "30–60 秒", "1–3 分钟", "3–10 分钟", "10 分钟以上")
_MOST_CATEGORIES = 8
_STARS = 5


@dataclass(frozen=True, slots=True)
class Bin:
    """Rated sessions whose first answer took so long: ``satisfied`` of ``n``, with the Wilson interval."""

    title: str
    n: int
    satisfied: int
    rate: float | None
    low: float | None
    high: float | None
    small: bool


def against_response(rows: ChosenRows, spread: float = 1.0) -> Mapping[str, object]:
    """The answer ``against_response``.

    ``bins`` of everything, ``categories`` the same for the commonest. ``rho``: Spearman's of seconds and stars over all
    (below 0: the longer the wait the lower). ``within``: satisfaction of answers quicker than ``cut`` less that of
    slower ones, within categories (Mantel–Haenszel), and the trend over the bins (Mantel). ``spread``: how many times
    more the days of the satisfaction vary than chance: slow days and bad days are often the same ones.
    """
    names, k, n, stars = _counted(rows)
    whole_k, whole_n = k.sum(axis=0), n.sum(axis=0)
    ranks = spearman(stars)
    cut = _cut(whole_n)
    pooled = pooled_difference(*_halves(k, n, cut), spread=spread) if cut is not None else None
    trend = trend_z(k, n, np.arange(len(EDGES), dtype=np.float64))
    order = [at for at in np.argsort(-n.sum(axis=1), kind="stable").tolist() if n[at].sum() and at > 0]
    total = int(whole_n.sum())
    return {
        "n": total,
        "bins": _bins(whole_k, whole_n),
        "categories": [{"category": names[at], "bins": _bins(k[at], n[at])} for at in order[:_MOST_CATEGORIES]],
        "rho": None if ranks is None else ranks[0],
        "rho_low": None if ranks is None else ranks[1].low,
        "rho_high": None if ranks is None else ranks[1].high,
        "within": {
            "cut": None if cut is None else EDGES[cut],
            "difference": pooled.difference if pooled else None,
            "low": pooled.low if pooled else None,
            "high": pooled.high if pooled else None,
            "strata": pooled.strata if pooled else 0,
            "trend_z": trend,
            "trend_p": None if trend is None else math.erfc(abs(trend) / math.sqrt(2)),
            "verdict": _verdict(pooled, total),
        },
        "text": _text(pooled, cut, total),
    }  # fmt: skip


def _counted(rows: ChosenRows) -> tuple[Sequence[str], Floats, Floats, Floats]:
    """Names of categories (none first), satisfied and rated by category × bin, and a table of seconds × stars."""
    names = ["未分类", *(str(text) for text in rows.codes("category").texts)]
    whole = rows.whole
    coded, marks, height = rows.table.kept("satisfaction by response", lambda: _codes(whole))
    bins = len(EDGES)
    table = np.bincount(coded[rows.rows] + 1, minlength=len(names) * bins * 2 + 1)[1:].reshape(len(names), bins, 2)
    stars = np.bincount(marks[rows.rows] + 1, minlength=height * _STARS + 1)[1:].reshape(height, _STARS)
    counts = table.astype(np.float64)
    return names, counts[..., 1], counts.sum(axis=2), stars[stars.sum(axis=1) > 0].astype(np.float64)


def _codes(whole: ChosenRows) -> tuple[NDArray[np.int32], NDArray[np.int32], int]:
    """Of every session (−1 = not rated, or no person answered): category, bin and outcome; seconds and stars."""
    satisfied, rating = whole.number("satisfied"), whole.number("rating")
    distinct, place = whole.ranks("person_first_response")
    known = np.isfinite(satisfied) & (place >= 0) & (rating >= 1) & (rating <= _STARS)
    at = np.append(np.searchsorted(EDGES, distinct, side="right") - 1, 0)[place]
    yes, mark = (np.where(known, one, 0).astype(np.int64) for one in (satisfied, rating - 1))
    cell = ((whole.codes("category").code + 1) * len(EDGES) + np.maximum(at, 0)) * 2 + yes
    return (
        np.where(known, cell, -1).astype(np.int32),
        np.where(known, place * _STARS + mark, -1).astype(np.int32),
        max(len(distinct), 1),
    )


def _bins(k: Floats, n: Floats) -> list[Bin]:
    found = []
    for title, good, size in zip(TITLES, k.tolist(), n.tolist(), strict=True):
        interval = wilson(good, size)
        found.append(
            Bin(
                title, int(size), int(good), good / size if size else None, interval.low if interval else None,
                interval.high if interval else None, size < SMALL_SAMPLE,
            )
        )  # fmt: skip
    return found


def _cut(n: Floats) -> int | None:
    """The bin before which as near as possible to half of all lie; None where all lie on one side of every edge."""
    whole = n.sum()
    below = np.cumsum(n)[:-1]
    if not whole or not ((below > 0) & (below < whole)).any():
        return None
    return int(np.argmin(np.where((below > 0) & (below < whole), np.abs(below / whole - 0.5), np.inf))) + 1


def _halves(k: Floats, n: Floats, cut: int) -> tuple[Floats, Floats, Floats, Floats]:
    quick = [side[:, :cut].sum(axis=1) for side in (k, n)]
    slow = [side[:, cut:].sum(axis=1) for side in (k, n)]
    return quick[0], quick[1], slow[0], slow[1]


def _verdict(pooled: Pooled | None, total: int) -> str:
    if pooled is None:
        return "no_data"
    if total < 2 * SMALL_SAMPLE:
        return "too_few"
    if pooled.low > 0:
        return "higher"
    return "lower" if pooled.high < 0 else "no_clear_difference"


def _text(pooled: Pooled | None, cut: int | None, total: int) -> str:
    verdict = _verdict(pooled, total)
    if pooled is None or cut is None:
        return "没有同时带首次响应和评分的会话，或快慢都一样，看不出满意和快慢的关系。"
    if verdict == "too_few":
        return f"样本不足（{written.count(total)} 个评价），看不出满意和快慢的关系。"
    seconds = written.duration(EDGES[cut])
    if verdict == "no_clear_difference":
        return f"同一类问题里比，{seconds}内首次响应和更慢的，满意率看不出差别（样本 n={written.count(total)}）。"
    size = written.points(abs(pooled.difference)).lstrip("+")
    word = f"高 {size}" if verdict == "higher" else f"低 {size}"
    return (
        f"同一类问题里比，{seconds}内首次响应的满意率比更慢的{word}"
        f"（95% 区间 {written.points_between(pooled.low, pooled.high)}，样本 n={written.count(total)}）。"
        "两者一起出现，不等于快慢造成的。"
    )
