"""热门: categories that are asked about more of late than the shop's own past would let expect.

The last two weeks of the selection against the six before, the same weekdays only. Shares of days vary more than
chance alone; how much is measured on the days before, so that a shop whose mix always swings does not raise a word
every week (quasi-binomial). All categories are looked at together (Benjamini–Hochberg at 5 %).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from csdesk.analysis.frame import Engine, PageRequest
from csdesk.charts import format as written
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.stats.change import SMALL_SAMPLE, newcombe
from csdesk.stats.multiple import adjusted
from csdesk.stats.tails import as_normal

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from csdesk.metrics.rows.chosen import ChosenRows

    Floats = NDArray[np.float64]

RECENT, BASELINE = 14, 42
"""Days: the stretch looked at, and the one before it."""
_LEAST_DAYS = 14
"""Days with sessions that the baseline needs."""
_SURE = 0.05


@dataclass(frozen=True, slots=True)
class HotCategory:
    """A category whose share rose: counts of both stretches, the rise with its 95 % interval, and the sentence."""

    category: str
    sessions: int
    share: float
    usual_sessions: int
    usual_share: float
    difference: float
    low: float | None
    high: float | None
    p_adjusted: float
    text: str


@dataclass(frozen=True, slots=True)
class Hot:
    """``recent`` and ``baseline`` are spans; ``categories`` those that are certain, most first. ``text`` says so."""

    recent: tuple[date, date] | None
    baseline: tuple[date, date] | None
    categories: tuple[HotCategory, ...]
    text: str


def hot(engine: Engine, request: PageRequest, last: date | None) -> Hot:
    """What is hot at the end of the selection; ``last`` is its last day with data."""
    if last is None:
        return Hot(None, None, (), "没有带类别的会话。")
    chosen = request.selection.period
    days = min(RECENT, (last - chosen.first).days + 1) if chosen is not None else RECENT
    recent = Period(last - timedelta(days=max(days, 1) - 1), last)
    baseline = Period(recent.first - timedelta(days=BASELINE), recent.first - timedelta(days=1))
    rows = engine.table("session", request.selection.during(Period(baseline.first, recent.last)))
    spans = (recent.first, recent.last), (baseline.first, baseline.last)
    counted = _by_day(rows, recent, baseline)
    if counted is None:
        return Hot(*spans, (), f"之前 {BASELINE} 天的数据不够，看不出哪类问题变热。")
    names, now, before = counted
    found = _risen(names, now, before)
    if not found:
        return Hot(
            *spans, (), f"没有看得出变热的类别（近 {recent.days} 天 {written.count(now.sum())} 次有类别的会话）。"
        )
    events = "、".join(dict.fromkeys(event.name for event in request.events_in(recent)))
    aside = f"这段时间有 {events}。" if events else ""
    return Hot(*spans, found, "；".join(one.text for one in found) + "。" + aside)


def _by_day(rows: ChosenRows, recent: Period, baseline: Period) -> tuple[Sequence[str], Floats, Floats] | None:
    """Names of categories, sessions by category of the recent stretch, and by day × category of the one before."""
    codes = rows.codes("category")
    size = len(codes.texts)
    first = to_epoch_day(baseline.first)
    days = to_epoch_day(recent.last) - first + 1
    known = codes.code >= 0
    if not known.any():
        return None
    keys = (rows.day[known] - first) * size + codes.code[known]
    table = np.bincount(keys, minlength=days * size).reshape(days, size).astype(np.float64)
    now = table[BASELINE:].sum(axis=0)
    weekdays = {day.weekday() for day in recent}
    alike = [at for at in range(BASELINE) if from_epoch_day(first + at).weekday() in weekdays]
    before = table[alike]
    before = before[before.sum(axis=1) > 0]
    if len(before) < min(_LEAST_DAYS, len(alike)) or now.sum() < SMALL_SAMPLE or before.sum() < SMALL_SAMPLE:
        return None
    return [str(text) for text in codes.texts], now, before


def _risen(names: Sequence[str], now: Floats, before: Floats) -> tuple[HotCategory, ...]:
    whole, usual_whole = float(now.sum()), float(before.sum())
    usual = before.sum(axis=0)
    judged = np.flatnonzero((now >= SMALL_SAMPLE) | (usual >= SMALL_SAMPLE))
    if not len(judged):
        return ()
    spread = dispersion(before)[judged]
    pooled = (now + usual)[judged] / (whole + usual_whole)
    error = np.sqrt(spread * pooled * (1 - pooled) * (1 / whole + 1 / usual_whole))
    rise = (now / whole - usual / usual_whole)[judged]
    z = np.divide(rise, error, out=np.zeros_like(rise), where=error > 0)
    known = as_normal(z, np.full(z.shape, len(before) - 1.0))  # the dispersion is a guess from so many days
    p_values = [math.erfc(one / math.sqrt(2)) / 2 for one in known.tolist()]
    found = []
    for at, p, wide in zip(judged.tolist(), adjusted(p_values), spread.tolist(), strict=True):
        if p <= _SURE and now[at] >= SMALL_SAMPLE:
            found.append(_told(names[at], (float(now[at]), whole), (float(usual[at]), usual_whole), p, wide))
    return tuple(sorted(found, key=lambda one: -one.difference))


def dispersion(by_day: Floats) -> Floats:
    """How much more each category's share varies from day to day (down) than chance alone; at least 1.

    Pearson's χ² over the days, by its degrees of freedom; never less than that of all categories together, since one
    category has few days to show it.
    """
    sizes = by_day.sum(axis=1, keepdims=True)
    share = by_day.sum(axis=0) / sizes.sum()
    expected, variance = sizes * share, sizes * share * (1 - share)
    squares = np.divide((by_day - expected) ** 2, variance, out=np.zeros_like(by_day), where=variance > 0)
    own = squares.sum(axis=0) / max(len(by_day) - 1, 1)
    there = (variance > 0).any(axis=0)
    return np.asarray(np.maximum(own, max(1.0, float(own[there].mean()) if there.any() else 1.0)))


def _told(name: str, now: tuple[float, float], before: tuple[float, float], p: float, spread: float) -> HotCategory:
    (k1, n1), (k2, n2) = now, before
    interval = newcombe(k1 / spread, n1 / spread, k2 / spread, n2 / spread)
    text = (
        f"{name}问得多了：占 {written.percent(k1 / n1)}（{written.count(k1)} 次），"
        f"平常 {written.percent(k2 / n2)}（{written.count(k2)}/{written.count(n2)}）"
    )
    return HotCategory(
        name, round(k1), k1 / n1, round(k2), k2 / n2, k1 / n1 - k2 / n2,
        interval.low if interval else None, interval.high if interval else None, p, text,
    )  # fmt: skip
