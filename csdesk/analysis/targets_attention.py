"""Targets in danger: the owner's own, with what came of the month so far and the chance that is left.

A default of the program is nobody's aim and raises nothing. Quiet below the sample limit, in a month that is over,
and while the target is more likely reached than not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Attention
from csdesk.analysis.missing_good import last_day
from csdesk.analysis.month_end import MonthEnd, chance_words, days_left_words, month_end, month_of, whole
from csdesk.analysis.terms import direction_of, title_of, unit_of
from csdesk.charts import format as written
from csdesk.charts.build import number
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.metrics.declaration import Direction
from csdesk.metrics.model import By, MetricValue, Unit
from csdesk.metrics.targets import Target
from csdesk.metrics.targets import written as target_text

DANGER = 0.5
"""A target is in danger while its chance is below this: more likely missed than reached."""
_DONE = {"satisfaction_rate": "满意", "positive_review_rate": "好评", "resolution_rate": "解决"}
_WEEK = 7
"""Days of the month with data before a mean is held against its target."""


def target_attention(facts: Facts, among: Sequence[str] | None = None) -> tuple[Attention, ...]:
    """One sentence for each of the owner's targets in danger at the end of the selection's last month.

    ``among``: only these metrics (None: all of them).
    """
    owners = (metric for metric in facts.request.targets.owners if among is None or metric in among)
    wanted = [metric for metric in owners if unit_of(metric) in {Unit.RATE, Unit.SECONDS}]
    last = last_day(facts, facts.total) if wanted else None
    if last is None or last == month_of(last).last:
        return ()
    rows = facts.over(Period(month_of(last).first, last), By.PLATFORM, wanted)
    found: list[Attention] = []
    for row in rows:
        platform = Platform(str(row.key)) if row.key is not None else None
        for metric in wanted:
            target = facts.request.targets.get(metric, platform)
            if target is not None and target.own:
                place = f"{platform.short}的" if platform and len(rows) > 1 else ""
                found += [
                    Attention("target", text, metric, day=last)
                    for text in _sentences(row.values[metric], target, last, place)
                ]
    return tuple(found)


def _sentences(value: MetricValue, target: Target, last: date, place: str) -> Iterator[str]:
    """The sentence about one target, if there is any."""
    days = len({day for span in value.covered for day in span})
    when = f"{last:%Y-%m} 到 {written.short_day(last)} {place}{title_of(target.metric)}"
    if value.small or not value.n:
        return
    if unit_of(target.metric) is Unit.SECONDS:
        mean = number(value)
        if mean is not None and days >= _WEEK and mean > target.value:
            yield when + _mean_words(target, mean, value.n, days, last)
    elif value.numerator is not None and value.denominator:
        lower = direction_of(target.metric) is Direction.LOWER
        hits, all_ = whole(value.numerator), whole(value.denominator)
        good, aim = (all_ - hits, 1 - target.exact) if lower else (hits, target.exact)
        month = month_end(aim, good, all_ - good, days=days, until=last)
        if month.chance is not None and month.chance < DANGER:
            counts = f"{written.percent(hits / all_)}（{written.count(hits)}/{written.count(all_)}）"
            yield f"{when} {counts}{_rate_words(target, month, lower=lower)}"


def _rate_words(target: Target, month: MonthEnd, *, lower: bool) -> str:
    text = f"，目标{'不超过 ' if lower else ' '}{target_text(target)}"
    if month.missing is None:
        return f"{text}，这个月到不了了。"
    if month.missing:
        done = "不出现" if lower else _DONE.get(target.metric, "做到")
        text += f"，之后连着 {written.count(month.missing)} 个都{done}才够"
    chance = chance_words(month.chance or 0.0)
    return f"{text}；{days_left_words(month)}，照现在的比例，月底达到的可能{chance}。"


def _mean_words(target: Target, mean: float, times: float, days: int, last: date) -> str:
    """The mean the rest of the month would need, at the pace so far; lower is better for every duration."""
    left = (month_of(last).last - last).days
    to_come = times / days * left
    needed = (target.value * (times + to_come) - mean * times) / to_come
    aim = written.duration(target.value)
    text = f"平均 {written.duration(mean)}（{written.count(times)} 次），目标 {aim}"
    if needed <= 0:
        return f"{text}，这个月到不了了。"
    return f"{text}；剩下 {left} 天平均要在 {written.duration(needed)} 以内才够。"
