"""KPI cards: a value written out, its change, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from csdesk.analysis.apart import platforms_differ, platforms_of, written_apart
from csdesk.analysis.certainty import together
from csdesk.analysis.comparison import compare
from csdesk.analysis.facts import Facts
from csdesk.analysis.frame import Change, Kpi, Tone
from csdesk.analysis.terms import direction_of, title_of, unit_of
from csdesk.charts import format as written
from csdesk.charts.build import number
from csdesk.domain.period import Period
from csdesk.domain.platforms import Platform
from csdesk.metrics.declaration import SESSIONS, Direction
from csdesk.metrics.model import MetricStatus, MetricValue, Unit
from csdesk.metrics.targets import gap_of
from csdesk.stats.change import NOTHING, SMALL_SAMPLE, Verdict, count_change, plain_change, rate_change
from csdesk.stats.change import Change as Difference
from csdesk.stats.intervals import Interval
from csdesk.stats.promoters import interval_change

ONLY_MEANS = "报表只有平均值，没有每一次的数，不判断变化是否可信"
_A_FEW_LONG_ONES = "少数特别长的等待就能带动平均值，是否真的变了看中位数"
_ROW_BY_ROW = {SESSIONS, "messages", "tickets"}
_SEVERAL = 2
_VARIES_LIKE = {"satisfaction_score": "satisfaction_rate"}
"""Numbers without numerators whose days vary as those of a rate do."""
_GROWS_WITH_DAYS = frozenset({"repurchase_rate"})
"""Rates that rise with the days looked at, however buyers behave: like sums, never held against fewer days."""
_STATUS = {MetricStatus.NO_DATA: "还没有数据", MetricStatus.NOT_SUMMABLE: "不可汇总"}


def kpis_of(facts: Facts, metrics: Sequence[str]) -> tuple[Kpi, ...]:
    """One card a metric, looked at together."""
    return together(facts, cards_of(facts, metrics))


def cards_of(facts: Facts, metrics: Sequence[str]) -> tuple[Kpi, ...]:
    """One card a metric, each for itself."""
    kpis = tuple(kpi_of(facts, metric) for metric in metrics)
    spans = compare(facts.request)
    return kpis if spans is None or not spans.warning else tuple(_remarked(kpi, spans.warning) for kpi in kpis)


def _remarked(kpi: Kpi, warning: str) -> Kpi:
    """What is not alike about the two spans, beside the change it may have a part in."""
    change = kpi.change
    if change is None or change.difference is None:
        return kpi
    return replace(kpi, change=replace(change, detail=f"{change.detail}；{warning}" if change.detail else warning))


def kpi_of(facts: Facts, metric: str) -> Kpi:
    """The card of one metric: value, change against the span before, line of the trend."""
    value = facts.total.get(metric) or absent(metric)
    before = facts.before.get(metric)
    change = None
    if facts.compared_period is not None:
        change = change_of(
            value, before, facts.request.compare.label,
            comparable=sums_comparable(value, before, facts), spread=_spread(facts, value, before),
            days=_days_of(value, before),
        )  # fmt: skip
    if change is not None and change.difference is not None and (odd := uneven(facts, metric)):
        change = replace(change, detail=uneven_words(odd, facts.request.compare.label))
    apart = platforms_differ(value)
    line = () if apart else facts.trend.line(metric)
    target = facts.request.targets.get(metric)
    return Kpi(
        metric,
        title_of(metric),
        written_apart(value) if apart else written.parts(number(value), value.unit),
        value,
        before,
        change,
        line if sum(y is not None for y in line) >= 2 else (),
        status_text(value, facts.request.selection.platform, len(facts.trend.open_days(metric))),
        None if target is None else gap_of(value, target),
    )


def _spread(facts: Facts, value: MetricValue, before: MetricValue | None) -> float:
    """How much days vary beyond chance, where there is something to be judged."""
    if number(value) is None or number(before) is None:
        return 1.0
    if value.unit is Unit.COUNT:
        return facts.spreads.of_count(value)
    alike = facts.total.get(_VARIES_LIKE.get(value.metric, value.metric))
    return facts.spreads.of_rate(alike)


def sums_comparable(value: MetricValue, before: MetricValue | None, facts: Facts) -> bool:
    """Whether two sums cover as many days each, as far as that is known.

    A count over 30 days against one over the 12 days that were imported would be a made-up rise. Whole
    months differ in length by nature: full ones are comparable.
    """
    if before is None or not value.covered or not before.covered:
        return True
    now_days, before_days = _days(value.covered), _days(before.covered)
    chosen, compared = facts.request.selection.period, facts.compared_period
    full = chosen is not None and compared is not None and (now_days, before_days) == (chosen.days, compared.days)
    return (now_days == before_days or full) and not uneven(facts, value.metric)


def uneven(facts: Facts, metric: str) -> dict[str, tuple[int, int]]:
    """The shops, or chosen persons, that have data of more days on one side than on the other: days now and before.

    A second shop whose files of last month are not imported would be a rise of all.
    """
    chosen, compared = facts.request.selection.period, facts.compared_period
    if chosen is None or compared is None:
        return {}
    full = chosen.days, compared.days
    shops, people = facts.shop_days.get(metric, {}), facts.people_days.get(metric, {})
    if len({*shops.values()}) < _SEVERAL:
        shops = {}  # all shops alike: what is uneven then is the whole
    return {who: sides for who, sides in (*shops.items(), *people.items()) if sides[0] != sides[1] and sides != full}


def uneven_words(shops: Mapping[str, tuple[int, int]], than: str) -> str:
    """``二号店这段有 20 天的数据，上期 14 天``."""
    return "；".join(f"{shop}这段有 {now} 天的数据，{than} {then} 天" for shop, (now, then) in shops.items())


def _days_of(value: MetricValue, before: MetricValue | None) -> tuple[int, int]:
    """Days both spans have, where they are known; (1, 1) where they are not."""
    if before is None or not value.covered or not before.covered:
        return 1, 1
    return _days(value.covered), _days(before.covered)


def _days(spans: Sequence[Period]) -> int:
    return len({day for span in spans for day in span})


def absent(metric: str) -> MetricValue:
    """The value of a metric the engine did not answer."""
    return MetricValue(metric, unit_of(metric), None, MetricStatus.NO_DATA)


def status_text(value: MetricValue, platform: Platform | None, open_days: int = 0) -> str:
    """Why there is no value, or what to keep in mind about it; empty for an ordinary one."""
    if value.status is not MetricStatus.OK:
        return _missing(value, platform)
    if value.small:
        return "样本不足，只供参考"
    return f"含 {open_days} 天未定" if open_days else ""


def _missing(value: MetricValue, platform: Platform | None) -> str:
    if value.status is MetricStatus.NOT_PROVIDED:
        known = {platform} if platform else platforms_of(value)
        return f"{known.pop().label}不提供" if len(known) == 1 else "导出里不提供"
    if value.status is MetricStatus.PROVISIONAL:
        return "未定" if number(value) is not None else "延迟统计，还没出数"
    if platforms_differ(value):
        return "各平台口径不同，不合计"
    return _STATUS[value.status]


def difference_of(
    value: MetricValue, before: MetricValue | None, spread: float = 1.0, stretch: float = 1.0
) -> Difference:
    """The change of a value by the rule of its unit; nothing where either side is missing.

    ``spread`` of a count or a rate and ``stretch`` of a count are what :mod:`csdesk.stats.change` takes.
    """
    now_number, before_number = number(value), number(before)
    if before is None or now_number is None or before_number is None:
        return NOTHING
    if value.unit is Unit.RATE:
        return _rate_difference(value, before, now_number, before_number, spread)
    intervals = _own_interval(value), _own_interval(before)
    if intervals[0] is not None and intervals[1] is not None:
        enough = not (value.small or before.small)
        return interval_change(
            now_number, intervals[0], before_number, intervals[1], enough=enough, spread=spread
        )  # fmt: skip
    if value.unit is Unit.COUNT:
        return count_change(now_number, before_number, dispersion=spread, stretch=stretch)
    return plain_change(now_number, before_number)


def _own_interval(value: MetricValue) -> Interval | None:
    return Interval(value.low, value.high) if value.low is not None and value.high is not None else None


def _rate_difference(
    value: MetricValue, before: MetricValue, now_number: float, before_number: float, spread: float
) -> Difference:
    counts = (value.numerator, value.denominator, before.numerator, before.denominator)
    k1, n1, k2, n2 = counts
    if k1 is None or n1 is None or k2 is None or n2 is None:
        return plain_change(now_number, before_number)
    made = rate_change(k1, n1, k2, n2, spread=spread)
    if made.verdict is not Verdict.NO_DATA and (value.small or before.small):
        return Difference(made.difference, made.low, made.high, Verdict.TOO_FEW, made.relative)
    return made


def change_of(
    value: MetricValue, before: MetricValue | None, than: str, *, comparable: bool = True, spread: float = 1.0,
    days: tuple[int, int] = (1, 1),
) -> Change:  # fmt: skip
    """The change as a card shows it. ``than`` names the span before (上期), ``spread`` how many times more the
    days of a count or a rate vary than chance.

    ``comparable`` False: the two spans do not have the same number of days with data, so sums
    cannot be compared (most rates and means can). ``days`` of both: counts of months of different lengths are judged by
    what a day brings.
    """
    made = difference_of(value, before, spread, days[0] / days[1])
    if made.difference is None:
        nothing = f"{than}没有数据" if number(value) is not None else ""
        return Change(None, None, None, str(made.verdict), "", nothing, Tone.NEUTRAL)
    text = _pill(value, made)
    sums = value.unit in {Unit.COUNT, Unit.YUAN}
    if not comparable and (sums or value.metric in _GROWS_WITH_DAYS):
        return Change(made.difference, None, None, str(Verdict.NO_DATA), "", f"和{than}的天数不同", Tone.NEUTRAL)
    if sums:
        note = f"{than} {written.rough_text(number(before), value.unit)}"
        aside = _by_the_day(value, before, days) if days[0] != days[1] else ""
        return Change(made.difference, made.low, made.high, str(made.verdict), text, note, Tone.NEUTRAL, aside)
    if made.low is None and made.verdict is Verdict.NO_CLEAR_CHANGE:
        note = f"{than} {written.text_of(number(before), value.unit)}"
        return Change(
            made.difference, None, None, str(made.verdict), text, note, Tone.NEUTRAL,
            _why_not_judged(value),
        )  # fmt: skip
    if _still_moving(value):
        note = f"近 {value.extra['open_days']:.0f} 天还会变，先不判断"
        return Change(made.difference, None, None, str(Verdict.NO_CLEAR_CHANGE), text, note, Tone.NEUTRAL)
    return judged_change(value, before, made, spread if value.unit is not Unit.COUNT else 1.0)


def _by_the_day(value: MetricValue, before: MetricValue | None, days: tuple[int, int]) -> str:
    sides = zip((value, before), days, strict=True)
    each = " 对 ".join(written.rough_text((number(side) or 0.0) / length, value.unit) for side, length in sides)
    judged = "，有没有变按每天的量判断" if value.unit is Unit.COUNT else ""
    return f"{days[0]} 天对 {days[1]} 天{judged}：平均每天 {each}"


def _still_moving(value: MetricValue) -> bool:
    """Whether a third or more of the days are so late that the number is not final: it would seem to fall."""
    days = sum(span.days for span in value.covered)
    return value.extra.get("open_days", 0.0) * 3 >= days > 0


def _why_not_judged(value: MetricValue) -> str:
    if not value.sources or not set(value.sources) <= _ROW_BY_ROW:
        return ONLY_MEANS
    return _A_FEW_LONG_ONES if value.unit is Unit.SECONDS and value.denominator is not None else ""


def judged_change(value: MetricValue, before: MetricValue | None, made: Difference, spread: float = 1.0) -> Change:
    """A change whose verdict is known, as a card shows it. ``spread``: what its interval was widened by."""
    return Change(
        made.difference, made.low, made.high, str(made.verdict), _pill(value, made), *_judged(value, made),
        detail=_sample_words(value, before, made, spread), spread=spread,
    )  # fmt: skip


def _sample_words(value: MetricValue, before: MetricValue | None, made: Difference, spread: float) -> str:
    """Samples of both sides, and the interval of the difference where it is a rate's."""
    samples = [written.count(one.n) for one in (value, before) if one is not None and one.n is not None]
    words = f"样本 {' 对 '.join(samples)}" if samples else ""
    if made.low is None or made.high is None or value.unit not in {Unit.RATE, Unit.SECONDS, Unit.SCORE}:
        return words
    if value.unit is Unit.SCORE:
        between = f"{written.signed_score(made.low)} 至 {written.signed_score(made.high)}"
    elif value.unit is Unit.SECONDS:
        between = f"{written.signed_duration(made.low)} 至 {written.signed_duration(made.high)}"
    else:
        between = written.points_between(made.low, made.high)
    words = f"{words}，差的 95% 区间 {between}"
    return f"{words}（各天高低不一，超出偶然，区间已放宽到 {math.sqrt(spread):.1f} 倍）" if spread > 1 else words


def _pill(value: MetricValue, made: Difference) -> str:
    if value.unit is Unit.RATE:
        return written.points(made.difference, short=True)
    if value.unit is Unit.SECONDS:
        return written.signed_duration(made.difference)
    if value.unit in {Unit.SCORE, Unit.RATIO}:
        return written.signed_score(made.difference)
    if made.relative is None or made.difference is None:
        return ""
    return written.relative(made.relative, 1)


def _judged(value: MetricValue, made: Difference) -> tuple[str, Tone]:
    if made.verdict is Verdict.TOO_FEW:
        return f"样本不足 {SMALL_SAMPLE}，不判断", Tone.NEUTRAL
    if made.verdict is Verdict.NO_CLEAR_CHANGE:
        return "看不出差别", Tone.NEUTRAL
    direction = direction_of(value.metric)
    if direction is Direction.NEITHER:
        return "变化可信", Tone.NEUTRAL
    better = (made.verdict is Verdict.UP) == (direction is Direction.HIGHER)
    return "变化可信", Tone.GOOD if better else Tone.BAD
