"""Is everybody asked alike? How often buyers were invited after sessions that went well and after others like them.

Sessions are alike when they are of one category and were answered (or solved) alike; the differences within these
groups are pooled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from csdesk.charts import format as written
from csdesk.metrics.days import Ints
from csdesk.metrics.rows.chosen import ChosenRows
from csdesk.metrics.sums import Floats
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.intervals import wilson
from csdesk.stats.multiple import adjusted
from csdesk.stats.stratified import pooled_difference

FAST = 60.0
"""Seconds to the first answer up to which a session counts as answered quickly."""
_EDGES = (30.0, FAST, 180.0)
_BANDS = len(_EDGES) + 2  # and: not known
_SURE = 0.05
_SLIGHT = 0.02


@dataclass(frozen=True, slots=True)
class Side:
    """Sessions of one side: ``invited`` of ``n``, rate with its Wilson interval."""

    title: str
    invited: int
    n: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Leaning:
    """One look: ``first`` against ``second``, as they are and (``difference``, 95 % interval) among sessions alike.

    ``verdict``: more | less | no_clear_difference | too_few, with p adjusted over the looks (Benjamini–Hochberg).
    """

    by: str
    first: Side
    second: Side
    difference: float | None
    low: float | None
    high: float | None
    groups: int
    p_adjusted: float | None
    verdict: str
    text: str


@dataclass(frozen=True, slots=True)
class SelectiveInvites:
    """``status``: ok | not_provided (no session file says who was invited)."""

    status: str
    text: str
    looks: tuple[Leaning, ...] = ()


def selective_invites(sessions: ChosenRows) -> SelectiveInvites:
    """Whether invitations lean towards solved and towards quickly answered sessions; of those that people held.

    Robots invite nobody and answer at once: beside them everything people do would look like a leaning.
    """
    cube = _cube(sessions)
    if not cube.sum() and sessions.size and np.isin(sessions.agent, list(sessions.robots)).all():
        return SelectiveInvites("not_provided", "会话都是机器人接的，没有客服的邀评可看。")
    if not cube.sum():
        return SelectiveInvites("not_provided", "会话明细里没有“是否邀评”，看不出邀评有没有偏向。")
    solved = cube[:, :, 1:, :]  # category, band, solved, invited
    quick = np.stack(
        [cube[:, 2 : _BANDS - 1].sum(axis=1), cube[:, :2].sum(axis=1)], axis=2
    )  # category, solved, quick, …
    looks = [
        _look("resolved", ("已解决的会话", "没解决的会话"), "同类问题、响应快慢相近的会话里", solved),
        _look(
            "first_response", (f"首次响应 {FAST:g} 秒内的会话", "更慢的会话"), "同类问题、解决情况相同的会话里", quick
        ),
    ]
    judged = _judged([one for one in looks if one is not None])
    leaning = [one for one in judged if one.verdict in {"more", "less"}]
    if not judged:
        return SelectiveInvites("not_provided", _one_sided(cube))
    text = "".join(one.text for one in leaning) or "".join(one.text for one in judged)
    aside = "满意率说的主要是被邀请的会话，看的时候留意这一点。" if leaning else ""
    return SelectiveInvites("ok", text + aside, tuple(judged))


def _one_sided(cube: Ints) -> str:
    """Why there is nothing to hold against each other."""
    if not cube[:, : _BANDS - 1].sum() and not cube[:, :, 1:].sum():
        return "会话明细里没有“是否解决”和“首次响应”，看不出邀评有没有偏向。"
    n = written.count(int(cube.sum()))
    return f"{n} 次会话的解决情况、响应快慢都一样，没有另一边可比，看不出邀评有没有偏向。"


def _cube(sessions: ChosenRows) -> Ints:
    """Sessions that tell whether they were invited: category, band, solved (0 not known, no, yes), invited."""
    width = _BANDS * 6
    codes = sessions.codes("category")
    keys = sessions.table.kept("invite strata", lambda: _strata(sessions.whole))[sessions.rows]
    keys = keys[keys >= 0]
    height = len(codes.texts) + 1
    return np.bincount(keys, minlength=height * width).reshape(height, _BANDS, 3, 2)


def _strata(sessions: ChosenRows) -> Ints:
    invited, solved = sessions.number("invited"), sessions.number("resolved")
    answer = sessions.number("first_response")
    band = np.where(np.isnan(answer), _BANDS - 1, np.searchsorted(_EDGES, answer, side="left"))
    told = np.where(np.isnan(solved), 0, np.where(solved > 0, 2, 1))
    key = (((sessions.codes("category").code + 1) * _BANDS + band) * 3 + told) * 2 + (invited > 0)
    aside = np.isnan(invited) | np.isin(sessions.agent, list(sessions.robots))
    return np.where(aside, -1, key).astype(np.int64)


def _look(by: str, titles: tuple[str, str], alike: str, cube: Ints) -> Leaning | None:
    """The last axes of ``cube``: second and first side, not invited and invited; those before are strata."""
    flat = cube.reshape(-1, 2, 2).astype(np.float64)
    sizes, hits = flat.sum(axis=2), flat[:, :, 1]
    first, second = (_side(title, hits[:, at], sizes[:, at]) for title, at in ((titles[0], 1), (titles[1], 0)))
    if not first.n or not second.n:
        return None
    made = pooled_difference(hits[:, 1], sizes[:, 1], hits[:, 0], sizes[:, 0])
    if min(first.n, second.n) < SMALL_SAMPLE or made is None:
        return Leaning(by, first, second, None, None, None, 0, None, "too_few", alike)
    return Leaning(
        by, first, second, made.difference, made.low, made.high, made.strata, made.p, "no_clear_difference", alike
    )


def _side(title: str, hits: Floats, sizes: Floats) -> Side:
    k, n = int(hits.sum()), int(sizes.sum())
    interval = wilson(k, n)
    return Side(
        title, k, n, k / n if n else None, interval.low if interval else None, interval.high if interval else None
    )


def _judged(looks: list[Leaning]) -> list[Leaning]:
    tested = [one for one in looks if one.p_adjusted is not None]
    fair: Mapping[str, float] = dict(
        zip((one.by for one in tested), adjusted([one.p_adjusted or 0.0 for one in tested]), strict=True)
    )
    found = []
    for one in looks:
        p, difference = fair.get(one.by), one.difference
        verdict = one.verdict
        if p is not None and difference is not None and p <= _SURE:
            verdict = "more" if difference > 0 else "less"
        found.append(replace(one, p_adjusted=p, verdict=verdict, text=_words(one, verdict)))
    return found


def _words(one: Leaning, verdict: str) -> str:
    if verdict == "too_few" or one.difference is None:
        return f"{one.first.title}和{one.second.title}：样本不足 {SMALL_SAMPLE}，不比较。"
    sides = "，".join(
        f"{side.title}邀评率 {written.percent(side.rate)}（n={written.count(side.n)}）"
        for side in (one.first, one.second)
    )
    interval = f"95% 区间 {written.points_between(one.low, one.high)}"
    alone = one.low is not None and one.high is not None and not one.low <= 0 <= one.high
    if verdict == "no_clear_difference" and not alone:
        return f"{sides}；{one.text}看不出差别（{interval}）。"
    aside = "，差得很少" if abs(one.difference) < _SLIGHT else ""
    if verdict == "no_clear_difference":
        aside = "；两种看法放在一起，还不够确定"
    which = "高" if one.difference > 0 else "低"
    size = written.points(abs(one.difference)).lstrip("+")
    return f"{sides}；{one.text}，前者{which} {size}（{interval}）{aside}。"
