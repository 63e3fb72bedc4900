"""缺几个好评: how many good ratings a rate is from its target, at the month's end and in the rolling window.

A platform at a time, for each counts what is satisfied in its own way. Fractions are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Answer
from csdesk.analysis.month_end import MonthEnd, chance_words, days_left_words, month_end, month_of, whole
from csdesk.analysis.terms import title_of
from csdesk.charts import format as written
from csdesk.domain.period import Period, from_epoch_day, to_epoch_day
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import By, MetricValue
from csdesk.metrics.target_book import PlatformRule, assessment
from csdesk.metrics.targets import Target
from csdesk.metrics.targets import written as target_text
from csdesk.stats.change import SMALL_SAMPLE
from csdesk.stats.goals import Leaving, bad_allowed, good_missing, rolling

METRIC = "satisfaction_rate"
WINDOW = 30
"""Days of the rolling window where the platform published none."""
_LOOKED_AHEAD = 62
"""Days after a month in which files are looked for that show that it is over."""


@dataclass(frozen=True, slots=True)
class Rolling:
    """The window of ``span``: what it holds, and how it empties if no rating comes.

    ``moments``: today, then each day on which ratings leave; ``leaving``: (day rated, day it leaves, how many) of the
    bad ones. ``reached_on``: the first moment at which the target holds, None where it never does. ``by_day`` False:
    exports speak of several days at once, so that nobody knows when what leaves; then only today's state is there.
    """

    span: Period
    moments: tuple[Leaving, ...]
    leaving: tuple[tuple[date, date, int], ...]
    reached_on: date | None
    by_day: bool = True

    @property
    def now(self) -> Leaving:
        """The window as it is."""
        return self.moments[0]


def missing_good(facts: Facts, metric: str = METRIC) -> Answer:
    """The answer of a page: one entry a platform with its month and its window; no platform, no target: no entry."""
    last = last_day(facts, (metric,)) if facts.request.targets.names(metric) else None
    rows = [] if last is None else facts.over(Period(month_of(last).first, last), By.PLATFORM, (metric,))
    entries: list[Mapping[str, object]] = []
    for row in rows:
        platform = Platform(str(row.key)) if row.key is not None else facts.request.only_platform
        target = facts.request.targets.get(metric, platform)
        if target is not None and last is not None:
            of_it = _window(facts, target, last, platform, apart=len(rows) > 1)
            entries.append(_entry(month_state(row.values[metric], target, last), of_it, target, platform))
    return Answer("missing_good", {
        "metric": metric,
        "name": title_of(metric),
        "platforms": entries,
        "text": "" if entries else _why_nothing(facts, metric, last),
    })  # fmt: skip


def missing_good_by_agent(facts: Facts, metric: str = METRIC) -> Answer:
    """The same for everybody who is ranked, in the month alone: good and bad so far, good ones missing, room left."""
    last = last_day(facts, (metric,)) if facts.request.targets.names(metric) else None
    month = None if last is None else Period(month_of(last).first, last)
    rows = [] if month is None else _agents(facts, metric, month)
    return Answer("missing_good", {
        "metric": metric,
        "name": title_of(metric),
        "month": None if month is None else (month.first, month.last),
        "agents": rows,
        "text": "" if rows else _why_nothing(facts, metric, last),
    })  # fmt: skip


def last_day(facts: Facts, metrics: Iterable[str]) -> date | None:
    """The last day of the selection on which any of the metrics has data."""
    metrics = tuple(metrics)
    spans = [span for metric in metrics if metric in facts.total for span in facts.total[metric].covered]
    chosen = facts.request.selection.period
    last = max((span.last for span in spans), default=None)
    if last is None:
        return None
    last = last if chosen is None else min(last, chosen.last)
    return _month_over(facts, metrics, last)


def _month_over(facts: Facts, metrics: Sequence[str], last: date) -> date:
    """The end of the month where the selection holds it and files speak of later days: no rating of it is to come."""
    end, chosen = month_of(last).last, facts.request.selection.period
    if last == end or (chosen is not None and chosen.last < end):
        return last
    after = Period(end + timedelta(days=1), end + timedelta(days=_LOOKED_AHEAD))
    later = [row.values.get(metric) for row in facts.over(after, None, metrics) for metric in metrics]
    return end if any(value is not None and (value.covered or value.left_out) for value in later) else last


def _why_nothing(facts: Facts, metric: str, last: date | None) -> str:
    if not facts.request.targets.names(metric):
        return f"{title_of(metric)}没有设目标，不知道要到多少。"
    return f"还没有{title_of(metric)}的数据，算不出还缺几个好评。" if last is None else "这个月还没有评价。"


def window_of(
    days: Sequence[tuple[int, int, int]], target: Target, last: date, width: int, total: tuple[int, int] | None = None
) -> Rolling | None:
    """The rolling window ending ``last`` out of (epoch day, good, bad); None without any rating in it.

    ``total``: good and bad of the whole window, where more than the single days speaks for it.
    """
    today = to_epoch_day(last)
    span = Period(last - timedelta(days=width - 1), last)
    moments = rolling(days, today, target.exact, width)
    now = moments[0]
    if total is not None and total != (now.good, now.bad):
        state = Leaving(today, *total, good_missing(*total, target.exact))
        reached = last if state.missing == 0 else None
        return Rolling(span, (state,), (), reached, by_day=False) if sum(total) else None
    if not now.good + now.bad:
        return None
    inside = sorted(one for one in days if today - width < one[0] <= today)
    first = next((one.day for one in moments if one.missing == 0 and one.good + one.bad), None)
    return Rolling(
        span,
        tuple(moments),
        tuple((from_epoch_day(day), from_epoch_day(day + width), bad) for day, _good, bad in inside if bad),
        None if first is None else from_epoch_day(first),
    )


def _window(
    facts: Facts, target: Target, last: date, platform: Platform | None, *, apart: bool
) -> tuple[Rolling | None, PlatformRule | None]:
    """The rolling window of one platform, and the rule about it; ``apart``: the selection has others too."""
    rule = assessment(target.metric, platform, last) if platform else None
    width = rule.days if rule and rule.days else WINDOW
    span = Period(last - timedelta(days=width - 1), last)
    only, metrics = platform if apart else None, (target.metric,)
    (whole_span,) = facts.over(span, None, metrics, platform=only, bare=True)
    daily = facts.over(span, By.DAY, metrics, platform=only, bare=True)
    counts = _counts(whole_span.values[target.metric])
    days = [
        (to_epoch_day(date.fromisoformat(str(row.key))), *found)
        for row in daily
        if (found := _counts(row.values[target.metric])) is not None
    ]
    return window_of(days, target, last, width, counts), rule


def _entry(
    month: MonthEnd | None,
    window: tuple[Rolling | None, PlatformRule | None],
    target: Target,
    platform: Platform | None,
) -> Mapping[str, object]:
    rolls, rule = window
    said = {"source": rule.source if rule else f"平台没有公布，按 {WINDOW} 天算", "note": rule.note if rule else ""}
    return {
        "platform": None if platform is None else str(platform),
        "target": target.value,
        "source": target.source,
        "own": target.own,
        "month": None if month is None else _month_plain(month),
        "rolling": None if rolls is None else {**_window_plain(rolls), **said},
        "texts": [
            "这个月的评价没有单独的个数（一份导出管到别的月，或只有比率），算不出还缺几个。"
            if month is None
            else month_words(month, target),
            *([] if rolls is None else [window_words(rolls, target)]),
        ],
    }


def month_state(value: MetricValue, target: Target, last: date) -> MonthEnd | None:
    """The month out of its value so far; None where its counts are not known."""
    counts = _counts(value)
    if counts is None:
        return None
    days = len({day for span in value.covered for day in span})
    return month_end(target.exact, *counts, days=days, until=last, open_days=len(value.provisional_days))


def _counts(value: MetricValue) -> tuple[int, int] | None:
    """Good and bad; None where they are not known."""
    if value.numerator is None or value.denominator is None:
        return None
    good = whole(value.numerator)
    return good, whole(value.denominator) - good


def _agents(facts: Facts, metric: str, month: Period) -> list[Mapping[str, object]]:
    targets, total = facts.request.targets, facts.total.get(metric)
    platforms: Sequence[Platform | None] = (
        [Platform(part.key) for part in total.parts] if total is not None and total.parts else [None]
    )
    ranked = {row.key for row in facts.people}
    found: list[Mapping[str, object]] = []
    for platform in platforms:
        target = targets.get(metric, platform)
        if target is None:
            continue
        for row in facts.over(month, By.AGENT, (metric,), platform=platform, bare=True):
            counts = _counts(row.values[metric])
            if row.key in ranked and counts is not None and counts != (0, 0):
                found.append(_agent(str(row.key), target, *counts))
    return sorted(found, key=lambda one: str(one["agent"]))


def _agent(name: str, target: Target, good: int, bad: int) -> Mapping[str, object]:
    return {
        "agent": name,
        "target": target.value,
        "good": good,
        "bad": bad,
        "rate": good / (good + bad),
        "missing": good_missing(good, bad, target.exact),
        "bad_allowed": bad_allowed(good, bad, target.exact),
        "small": good + bad < SMALL_SAMPLE,
    }


# ---------------------------------------------------------------- words and plain values


_GOOD = {METRIC: ("满意", "不满意"), "positive_review_rate": ("好评", "中差评")}
"""What good and bad ones of a rate are called; others 达标, 没达标."""


def _counted(metric: str, good: int, bad: int) -> str:
    """``满意 172 个、不满意 12 个，满意率 93.5%``."""
    yes, no = _GOOD.get(metric, ("达标", "没达标"))
    rate = written.percent(good / (good + bad))
    return f"{yes} {written.count(good)} 个、{no} {written.count(bad)} 个，{title_of(metric)} {rate}"


def month_words(month: MonthEnd, target: Target) -> str:
    """The month in a sentence or two, with its counts and what is assumed."""
    aim = target_text(target)
    until = f"{written.day(month.month.first)} 至 {written.short_day(month.until)}"
    if month.chance is None:
        return f"{until} 还没有评价。"
    yes, no = _GOOD.get(target.metric, ("达标", "没达标"))
    text = f"{until} {_counted(target.metric, month.good, month.bad)}，目标 {aim}（{target.source}）："
    if month.missing is None:
        return f"{text}已经有{no}的，这个月到不了 {aim}。"
    if month.reached:
        text += f"已达到，{_room(month.bad_allowed, no)}。"
    else:
        text += f"还缺 {written.count(month.missing)} 个好评（之后个个{yes}才够）。"
    if month.open_days:
        text += f"其中 {month.open_days} 天的数未定。"
    if not month.days_left:
        return text
    text += f"按到现在每天 {month.pace:.1f} 个评价，{days_left_words(month)}"
    if month.good + month.bad < SMALL_SAMPLE:
        return f"{text}；评价不到 {SMALL_SAMPLE} 个，不估计月底的可能。"
    return f"{text}；{yes}的比例照旧的话，月底达到的可能{chance_words(month.chance)}。"


def _room(allowed: int, no: str) -> str:
    return f"还容得下 {written.count(allowed)} 个{no}" if allowed else f"再有 1 个{no}就掉下来"


def window_words(window: Rolling, target: Target) -> str:
    """The rolling window in a sentence or two."""
    now, aim = window.now, target_text(target)
    span = written.period_text(window.span.first, window.span.last)
    text = f"近 {window.span.days} 天（{span}）{_counted(target.metric, now.good, now.bad)}"
    if now.missing == 0:
        return f"{text}，达到 {aim}。"
    text += "。" if now.missing is None else f"，还缺 {written.count(now.missing)} 个好评。"
    if not window.by_day:
        return f"{text}有的导出一份管几天，看不出每个差评哪天移出；按天导出就能看到。"
    if window.reached_on is None:
        return f"{text}不再有新评价的话，靠旧评价移出到不了 {aim}。"
    return f"{text}不再有新评价的话，旧评价移出后 {window.reached_on} 达到 {aim}。"


def _month_plain(month: MonthEnd) -> Mapping[str, object]:
    return {
        "month": f"{month.month.first:%Y-%m}",
        "from": month.month.first,
        "to": month.until,
        "days_with_data": month.days,
        "days_left": month.days_left,
        "open_days": month.open_days,
        "good": month.good,
        "bad": month.bad,
        "rate": month.rate,
        "reached": month.reached,
        "missing": month.missing,
        "bad_allowed": month.bad_allowed,
        "pace": month.pace,
        "to_come": month.to_come,
        "chance": month.chance,
        "small": month.good + month.bad < SMALL_SAMPLE,
        "assumed": "剩下的天数每天的评价数、满意的比例都照本月到现在的样子",
    }


def _window_plain(window: Rolling) -> Mapping[str, object]:
    return {
        "window_days": window.span.days,
        "from": window.span.first,
        "to": window.span.last,
        "by_day": window.by_day,
        "good": window.now.good,
        "bad": window.now.bad,
        "rate": window.now.good / (window.now.good + window.now.bad),
        "reached": window.now.missing == 0,
        "missing": window.now.missing,
        "reached_on": window.reached_on,
        "leaving": [{"rated": rated, "leaves": leaves, "bad": bad} for rated, leaves, bad in window.leaving],
        "states": [
            {"day": from_epoch_day(one.day), "good": one.good, "bad": one.bad, "missing": one.missing}
            for one in window.moments
        ],
    }
