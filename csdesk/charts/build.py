"""Builders of charts from metric values: trend, bars, grouped bars, funnel, levels.

Each gives a whole ``ChartSpec`` with the table of the same numbers. They know values and titles,
not pages; what is said about a chart (subtitle, marks, empty sentence) comes from the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from csdesk.charts import format as written
from csdesk.charts.spec import Cell, ChartSpec, Column, Format, Mark, Point, Series, TableSpec
from csdesk.metrics.model import MetricRow, MetricStatus, MetricValue, Unit

MOST_BARS = 20
_LEVEL_ROLES: Mapping[str, str] = {
    "很满意": "level1", "满意": "level2", "一般": "level3", "不满": "level4", "很不满": "level5",
    "好评": "good", "中评": "level3", "差评": "bad",
    "满意（三级）": "good", "一般（三级）": "level3", "不满意（三级）": "bad",
}  # fmt: skip

_GROWING = frozenset({Unit.COUNT, Unit.YUAN})
"""Units of what grows with the days, unless it is a mean."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A metric as a chart shows it. ``detail`` columns (n, interval, counts) go into the table too."""

    metric: str
    title: str
    unit: Unit = Unit.RATE
    role: str = "series1"

    @property
    def format(self) -> Format:
        """How its numbers are written."""
        return written.FORMAT_OF_UNIT[self.unit]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a trend: its label on the axis, its days, and the values there ({} = no data).

    ``whole`` False: the span begins or ends inside this week or month, so that what adds up is less for that alone.
    """

    label: str
    first: date
    last: date
    values: Mapping[str, MetricValue]
    whole: bool = True

    @property
    def days(self) -> int:
        """How many days of the span there are in it."""
        return (self.last - self.first).days + 1

    def comparable(self, metric: str) -> bool:
        """Whether its value stands beside those of other steps without a word."""
        value = self.values.get(metric)
        return self.whole or value is None or not (value.unit in _GROWING and value.denominator is None)


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """A step of a funnel. ``value`` None = not known; ``why`` then says so. ``note`` stands before it."""

    title: str
    value: float | None
    note: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A bar of a grouped chart: its name and the values of each series by key."""

    title: str
    values: Mapping[str, MetricValue]


def number(value: MetricValue | None) -> float | None:
    """The plain number of a value; None when there is none or it is a distribution."""
    if value is None or value.value is None or isinstance(value.value, dict):
        return None
    return float(value.value)


def is_provisional(value: MetricValue | None, *, any_day: bool = False) -> bool:
    """Whether the value is not settled yet; ``any_day``: or holds a single day that is not.

    A month's total is not drawn as open for its last three days.
    """
    if value is None:
        return False
    return value.status is MetricStatus.PROVISIONAL or (any_day and bool(value.provisional_days))


def hint(value: MetricValue) -> str:
    """The tooltip's detail beside the value: counts, interval, and whether it is small or still open."""
    parts = []
    if value.unit is Unit.RATE and value.numerator is not None and value.denominator is not None:
        parts.append(f"{written.count(value.numerator)} / {written.count(value.denominator)}")
    elif value.n is not None and value.unit is not Unit.COUNT:
        parts.append(f"样本 {written.count(value.n)}")
    if value.low is not None and value.high is not None:
        parts.append(f"95% 区间 {written.text_of(value.low, value.unit)} 至 {written.text_of(value.high, value.unit)}")
    parts += ["样本少，只供参考"] if value.small else []
    if is_provisional(value):
        parts.append("未定，可能还会变")
    elif value.provisional_days:
        parts.append(f"含 {len(value.provisional_days)} 天未定")
    return "  ".join(parts)


def point(value: MetricValue | None, *, with_n: bool = False, any_day: bool = False) -> Point:
    """A mark for a value; a gap when there is none. ``any_day`` as in :func:`is_provisional`."""
    y, unsettled = number(value), is_provisional(value, any_day=any_day)
    if value is None:
        return Point(None)
    if y is None:
        return Point(None, provisional=unsettled)
    note = f"n={written.count(value.n)}" if with_n and value.n is not None else ""
    return Point(
        y, value.low, value.high, value.n, value.small, unsettled,
        label=written.text_of(y, value.unit), hint=hint(value), note=note,
    )  # fmt: skip


def trend_spec(
    chart_id: str,
    title: str,
    steps: Sequence[Step],
    drawn: Sequence[Drawn],
    *,
    subtitle: str = "",
    marks: Sequence[Mark] = (),
    empty: str = "",
    footnote: str = "",
) -> ChartSpec:
    """Lines over time, one a metric; a step without a value is a gap, provisional spans are marked.

    Metrics without a single value are left out; ``empty`` is kept only when none is left.
    """
    shown = [item for item in drawn if any(number(step.values.get(item.metric)) is not None for step in steps)]
    series = tuple(Series(item.metric, item.title, item.role, _points(item, steps)) for item in shown)
    open_steps = [any(mine.points[at].provisional for mine in series) for at in range(len(steps))]
    return ChartSpec(
        chart_id, title, "trend", subtitle,
        format=drawn[0].format,
        categories=tuple(step.label for step in steps),
        days=tuple(step.first for step in steps),
        series=series,
        marks=(*marks, *_open_marks(open_steps), *_cut_marks(steps, shown, open_steps)),
        y_range=_range_of(series, drawn[0].unit),
        footnote=footnote,
        empty="" if series else empty,
        table=step_table(steps, drawn, detail=True),
    )  # fmt: skip


def _points(item: Drawn, steps: Sequence[Step]) -> tuple[Point, ...]:
    """Marks of a line. The last week or month with data is open with any of its days, others when all is open."""
    values = [step.values.get(item.metric) for step in steps]
    last = max((at for at, value in enumerate(values) if number(value) is not None), default=-1)
    points = [
        point(value, any_day=at == last and step.first != step.last)
        for at, (step, value) in enumerate(zip(steps, values, strict=True))
    ]
    return tuple(
        one
        if one.y is None or step.comparable(item.metric)
        else replace(one, hint=f"{one.hint}  只有 {step.days} 天".strip())
        for one, step in zip(points, steps, strict=True)
    )


def _open_marks(open_steps: Sequence[bool]) -> list[Mark]:
    """One mark for each unbroken run of provisional steps."""
    marks: list[Mark] = []
    start: int | None = None
    for at, is_open in enumerate([*open_steps, False]):
        if is_open and start is None:
            start = at
        elif not is_open and start is not None:
            marks.append(Mark("provisional", "未定", start, at - 1))
            start = None
    return marks


def _cut_marks(steps: Sequence[Step], drawn: Sequence[Drawn], open_steps: Sequence[bool]) -> list[Mark]:
    """A mark for each step that is low only because it has few days; one that is open says enough."""
    return [
        Mark("provisional", f"只有 {step.days} 天", at, at)
        for at, step in enumerate(steps)
        if not open_steps[at] and not all(step.comparable(item.metric) for item in drawn)
    ]


def _range_of(series: Sequence[Series], unit: Unit) -> tuple[float, float] | None:
    """Counts, money and durations start at nothing; rates from nothing too unless all lie in the upper half."""
    heights = [top for mine in series for p in mine.points if p.y is not None for top in (p.y, p.high or p.y)]
    if not heights:
        return None
    top = max(heights)
    if unit is not Unit.RATE:
        return (0.0, top * 1.08 if top else 1.0)
    lowest = min(p.low if p.low is not None and not p.muted else p.y
                 for mine in series for p in mine.points if p.y is not None)  # fmt: skip
    floor = 0.0 if lowest < 0.6 else (_tenth_below(lowest) if lowest < 0.9 else 0.85)
    return (floor, min(1.0, _next_tenth(top)))


def _tenth_below(bottom: float) -> float:
    return int(bottom * 10 + 1e-9) / 10


def _next_tenth(top: float) -> float:
    return (int(top * 10 + 1e-9) + 1) / 10


def bars_spec(
    chart_id: str,
    title: str,
    rows: Sequence[MetricRow],
    drawn: Drawn,
    *,
    key_title: str,
    counter: str = "位",
    low_first: bool = False,
    subtitle: str = "",
    marks: Sequence[Mark] = (),
    empty: str = "",
) -> ChartSpec:
    """Horizontal bars with intervals, best first; small samples grey and last.

    Rows without a value are in the table only. ``low_first`` for measures where less is better;
    ``counter`` is the measure word of a row. More than ``MOST_BARS`` rows: both ends are drawn.
    """
    ordered = ranked(rows, drawn.metric, low_first=low_first)
    with_value = [row for row in ordered if number(row.values.get(drawn.metric)) is not None]
    shown, left_out = _both_ends(with_value)
    notes = []
    if left_out:
        notes.append(f"只画两头各 {MOST_BARS // 2} 条，中间 {left_out} 条见表格。")
    if len(ordered) > len(with_value):
        notes.append(f"另有 {len(ordered) - len(with_value)} {counter}没有这项数据。")
    points = tuple(point(row.values.get(drawn.metric), with_n=drawn.unit is Unit.RATE) for row in shown)
    if drawn.unit is Unit.RATE and (sample := one_sample(points)) is not None:
        points = tuple(replace(each, n=None, note="") for each in points)
        notes.append(f"样本都是 {written.count(sample)}。")
    return ChartSpec(
        chart_id, title, "bars", subtitle,
        format=drawn.format,
        categories=tuple(str(row.key) for row in shown),
        series=(Series(drawn.metric, drawn.title, drawn.role, points),) if points else (),
        marks=tuple(marks),
        footnote="".join(notes) if points else "",
        empty="" if points else empty,
        table=row_table(ordered, (drawn,), key_title=key_title, detail=True, muted_by=drawn.metric),
    )  # fmt: skip


def one_sample(points: Sequence[Point]) -> float | None:
    """The sample all bars share (parts of one whole): told once, not behind every bar. None where they differ."""
    samples = {each.n for each in points}
    return samples.pop() if len(samples) == 1 and len(points) > 1 else None


def ranked(rows: Sequence[MetricRow], metric: str, *, low_first: bool = False) -> list[MetricRow]:
    """Rows by value, best first; then small samples, then rows without a value; ties by name."""

    def place(row: MetricRow) -> tuple[int, float, str]:
        value = row.values.get(metric)
        y = number(value)
        if value is None or y is None:
            return (2, 0.0, str(row.key))
        return (1 if value.small else 0, y if low_first else -y, str(row.key))

    return sorted(rows, key=place)


def _both_ends(rows: list[MetricRow]) -> tuple[list[MetricRow], int]:
    if len(rows) <= MOST_BARS:
        return rows, 0
    half = MOST_BARS // 2
    return rows[:half] + rows[-half:], len(rows) - 2 * half


def grouped_spec(
    chart_id: str,
    title: str,
    groups: Sequence[Group],
    drawn: Sequence[Drawn],
    *,
    key_title: str,
    subtitle: str = "",
    empty: str = "",
    footnote: str = "",
) -> ChartSpec:
    """Bars of several series side by side; ``Drawn.metric`` is the key into ``Group.values``."""
    series = tuple(
        Series(
            item.metric, item.title, item.role,
            tuple(point(group.values.get(item.metric), with_n=True) for group in groups),
        )
        for item in drawn
    )  # fmt: skip
    has_any = any(p.y is not None for mine in series for p in mine.points)
    rows = [MetricRow(group.title, dict(group.values)) for group in groups]
    return ChartSpec(
        chart_id, title, "grouped_bars", subtitle,
        format=drawn[0].format,
        categories=tuple(group.title for group in groups) if has_any else (),
        series=series if has_any else (),
        footnote=footnote,
        empty="" if has_any else empty,
        table=row_table(rows, drawn, key_title=key_title, detail=True),
    )  # fmt: skip


def funnel_spec(
    chart_id: str,
    title: str,
    steps: Sequence[FunnelStep],
    *,
    subtitle: str = "",
    footnote: str = "",
    empty: str = "",
) -> ChartSpec:
    """Steps of shrinking counts. A step that is not known stays a named gap, never 0."""
    base = steps[0].value if steps else None
    points = []
    rows: list[tuple[Cell, ...]] = []
    before: float | None = None
    for step in steps:
        share = step.value / base if step.value is not None and base else None
        passed = step.value / before if step.value is not None and before else None
        points.append(
            Point(
                step.value,
                n=step.value,
                label=written.count(step.value) if step.value is not None else step.why,
                note=written.percent(share) if share is not None else "",
                hint=step.why,
            )
        )
        rows.append((step.title, step.value, share, passed, step.why if step.value is None else step.note))
        before = step.value
    known = any(step.value for step in steps)
    return ChartSpec(
        chart_id, title, "funnel", subtitle,
        format=Format.COUNT,
        categories=tuple(step.title for step in steps) if known else (),
        series=(Series("count", "数量", "series1", tuple(points)),) if known else (),
        step_notes=tuple(step.note or step.why for step in steps[1:]) if known else (),
        footnote=footnote,
        empty="" if known else empty,
        table=TableSpec(
            (
                Column("step", "步骤"),
                Column("count", "数量", Format.COUNT),
                Column("share", "占第一步", Format.PERCENT, bar=True),
                Column("passed", "占上一步", Format.PERCENT),
                Column("note", "说明"),
            ),
            tuple(rows),
        ),
    )  # fmt: skip


def levels_spec(
    chart_id: str, title: str, value: MetricValue | None, *, subtitle: str = "", footnote: str = "", empty: str = "",
    key_title: str = "评价", counted: str = "个评价", roles: Mapping[str, str] = _LEVEL_ROLES,
) -> ChartSpec:  # fmt: skip
    """A distribution over ordered levels, in the order of the value, with counts beside the shares.

    ``counted`` is what is counted, with its measure word; ``roles`` colours the levels.
    """
    shares = value.value if value is not None and isinstance(value.value, dict) else {}
    counts = value.counts if value is not None else {}
    open_value, small = is_provisional(value), value is not None and value.small
    points = tuple(
        Point(
            share, n=counts.get(level), muted=small, provisional=open_value,
            label=written.percent(share),
            note=written.count(counts[level]) if level in counts else "",
            hint=f"{written.count(counts[level])} {counted}" if level in counts else "",
            role=roles.get(level, ""),
        )
        for level, share in shares.items()
    )  # fmt: skip
    return ChartSpec(
        chart_id, title, "levels", subtitle,
        categories=tuple(shares),
        series=(Series("share", "占比", "series1", points),) if points else (),
        footnote=footnote,
        empty="" if points else empty,
        table=TableSpec(
            (
                Column("level", key_title),
                Column("count", "个数", Format.COUNT),
                Column("share", "占比", Format.PERCENT, bar=True),
            ),
            tuple((level, counts.get(level), share) for level, share in shares.items()),
        ),
    )  # fmt: skip


def row_table(
    rows: Sequence[MetricRow],
    drawn: Sequence[Drawn],
    *,
    key_title: str,
    detail: bool = False,
    muted_by: str = "",
) -> TableSpec:
    """Rows × metrics; with ``detail`` also counts and interval; rows with a small sample of ``muted_by`` are grey."""
    body = tuple((str(row.key), *_cells(row.values, drawn, detail=detail)) for row in rows)
    muted = frozenset(
        at for at, row in enumerate(rows) if muted_by and (mine := row.values.get(muted_by)) is not None and mine.small
    )
    return TableSpec((Column("key", key_title), *_columns(drawn, detail=detail)), body, muted)


def step_table(steps: Sequence[Step], drawn: Sequence[Drawn], *, detail: bool = False) -> TableSpec:
    """Steps of a trend × metrics; a step of several days has its last day too."""
    spans = any(step.first != step.last for step in steps)
    body: list[tuple[Cell, ...]] = []
    for step in steps:
        days: tuple[Cell, ...] = (step.first, step.last) if spans else (step.first,)
        body.append((*days, *_cells(step.values, drawn, detail=detail)))
    first = Column("first", "开始" if spans else "日期", Format.DATE)
    columns = (first, Column("last", "结束", Format.DATE)) if spans else (first,)
    return TableSpec((*columns, *_columns(drawn, detail=detail)), tuple(body))


def _columns(drawn: Sequence[Drawn], *, detail: bool) -> tuple[Column, ...]:
    columns: list[Column] = []
    for item in drawn:
        columns.append(Column(item.metric, item.title, item.format, bar=item.unit is Unit.RATE))
        if not detail:
            continue
        if item.unit is Unit.RATE:
            columns += [
                Column(f"{item.metric}.numerator", f"{item.title} 分子", Format.COUNT),
                Column(f"{item.metric}.denominator", f"{item.title} 分母（n）", Format.COUNT),
                Column(f"{item.metric}.low", f"{item.title} 95%下限", item.format),
                Column(f"{item.metric}.high", f"{item.title} 95%上限", item.format),
            ]
        elif item.unit is not Unit.COUNT:
            columns.append(Column(f"{item.metric}.n", f"{item.title} 样本", Format.COUNT))
    return tuple(columns)


def _cells(values: Mapping[str, MetricValue], drawn: Sequence[Drawn], *, detail: bool) -> list[Cell]:
    cells: list[Cell] = []
    for item in drawn:
        value = values.get(item.metric)
        cells.append(number(value))
        if not detail:
            continue
        if item.unit is Unit.RATE:
            cells += [value.numerator, value.denominator, value.low, value.high] if value else [None] * 4
        elif item.unit is not Unit.COUNT:
            cells.append(value.n if value else None)
    return cells
