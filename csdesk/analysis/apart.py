"""Numbers that mean something else on each platform: shown side by side, never as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from csdesk.analysis.facts import Trend
from csdesk.analysis.terms import title_of, unit_of
from csdesk.charts import format as written
from csdesk.charts.build import Drawn, Step, number
from csdesk.charts.format import Part
from csdesk.charts.spec import ChartSpec
from csdesk.domain.platforms import Platform
from csdesk.metrics.model import MetricPart, MetricRow, MetricStatus, MetricValue, Unit
from csdesk.stats.intervals import wilson

_ROLES = ("series2", "series4", "series3", "series5")
_BAR_ROLES = ("series1", "series2", "series3", "series4", "series5")
_PLATFORM_OF_SOURCE = {"feige": Platform.DOUYIN, "chitu": Platform.TAOBAO, "sycm": Platform.TAOBAO}


def platforms_of(value: MetricValue) -> set[Platform]:
    """The platforms whose own reports the value was computed from."""
    return {_PLATFORM_OF_SOURCE[source] for source in value.sources if source in _PLATFORM_OF_SOURCE}


def platform_of(value: MetricValue | None) -> Platform | None:
    """The one platform a number comes from: by its reports, else by the rule it was counted with."""
    return None if value is None else _home(value.sources, value.variant)


@cache
def _home(sources: tuple[str, ...], variant: str) -> Platform | None:
    found = {_PLATFORM_OF_SOURCE[source] for source in sources if source in _PLATFORM_OF_SOURCE}
    found = found or {one for one in Platform if variant.startswith(f"{one.short}：")}
    return found.pop() if len(found) == 1 else None


def platforms_differ(value: MetricValue | None) -> bool:
    """Whether there is no one number because the platforms count differently."""
    return value is not None and value.status is MetricStatus.NOT_SUMMABLE and len(value.parts) > 1


def written_apart(value: MetricValue) -> tuple[Part, ...]:
    """``淘宝 41.9% · 抖店 36.9%``, in pieces; the platforms are the small ones."""
    pieces: list[Part] = []
    for at, (platform, one) in enumerate(_plain_parts(value)):
        pieces.append(Part(f"{' · ' if at else ''}{platform.short} ", unit=True))
        pieces.append(Part(written.text_of(number(_part_value(value, one)), value.unit)))
    return tuple(pieces)


def lines_apart(metric: str, value: MetricValue) -> tuple[Drawn, ...]:
    """One line a platform, to be drawn over :func:`steps_apart`."""
    return tuple(
        Drawn(_key(metric, platform), f"{platform.short}{title_of(metric)}", unit_of(metric), _ROLES[at % len(_ROLES)])
        for at, (platform, _one) in enumerate(_plain_parts(value))
    )


def steps_apart(trend: Trend, metrics: Sequence[str]) -> tuple[Step, ...]:
    """The trend's steps with the values of each platform besides, under the keys of :func:`lines_apart`."""
    return tuple(
        replace(step, values={**step.values, **{
            key: value for metric in metrics for key, value in _by_platform(metric, step.values.get(metric))
        }})
        for step in trend.steps
    )  # fmt: skip


def counted_apart(value: MetricValue | None) -> bool:
    """Whether a rate is put together of platforms that define it differently: people are compared within one only."""
    if value is None or value.unit is not Unit.RATE:
        return False
    return platforms_differ(value) or len({part.variant for part in value.parts if part.value is not None}) > 1


def homes_of(rows: Sequence[MetricRow], among: Sequence[Platform]) -> list[Platform | None]:
    """The platform of everybody as his numbers tell it; where they tell of all of ``among`` but one, the others are
    that one's: session rows do not name their platform.
    """
    found = [next((home for one in row.values.values() if (home := platform_of(one))), None) for row in rows]
    rest = [platform for platform in among if platform not in found]
    return [home or rest[0] for home in found] if len(rest) == 1 and None in found else found


def platforms_in(value: MetricValue | None) -> list[Platform]:
    """The platforms a number is put together of."""
    return [] if value is None else [Platform(part.key) for part in value.parts if part.value is not None]


def bars_apart(spec: ChartSpec, rows: Sequence[MetricRow], among: Sequence[Platform] = ()) -> ChartSpec:
    """The bars of agents platform by platform, each in its colour and named beside its sample."""
    if not spec.series:
        return spec
    series = spec.series[0]
    homes = dict(zip((str(row.key) for row in rows), homes_of(rows, among), strict=True))
    present = [platform for platform in Platform if platform in homes.values()]
    place: dict[Platform | None, int] = {platform: at for at, platform in enumerate(present)}
    order = sorted(range(len(spec.categories)), key=lambda at: place.get(homes.get(spec.categories[at]), len(place)))
    points = []
    for at in order:
        point, platform = series.points[at], homes.get(spec.categories[at])
        if platform is None:
            points.append(point)
            continue
        role = _BAR_ROLES[place[platform] % len(_BAR_ROLES)]
        points.append(replace(point, role=role, note=f"{point.note} {platform.short}".strip()))
    return replace(
        spec, categories=tuple(spec.categories[at] for at in order), series=(replace(series, points=tuple(points)),)
    )


def definitions_apart(value: MetricValue | None) -> str:
    """``淘宝：最终付款 / 询单；抖店：下单 / 询单``."""
    if value is None:
        return ""
    named = ((Platform(part.key).short, part.variant) for part in value.parts if part.variant)
    return "；".join(text if text.startswith(f"{short}：") else f"{short}：{text}" for short, text in named)


def _key(metric: str, platform: Platform) -> str:
    return f"{metric}@{platform}"


def _plain_parts(value: MetricValue) -> list[tuple[Platform, MetricPart]]:
    return [(Platform(part.key), part) for part in value.parts if not isinstance(part.value, dict)]


def _by_platform(metric: str, value: MetricValue | None) -> list[tuple[str, MetricValue]]:
    """The value's platforms; a step only one platform speaks for is that platform's."""
    if value is None:
        return []
    if platforms_differ(value):
        return [(_key(metric, platform), _part_value(value, one)) for platform, one in _plain_parts(value)]
    platform = platform_of(value)
    return [(_key(metric, platform), value)] if platform else []


def _part_value(whole: MetricValue, part: MetricPart) -> MetricValue:
    """A platform's share of the number as a number of its own."""
    top, bottom = part.numerator, part.denominator
    rate = whole.unit is Unit.RATE and top is not None and bottom is not None
    interval = wilson(top or 0.0, bottom or 0.0) if rate else None
    status = MetricStatus.NO_DATA if part.value is None else MetricStatus.OK
    return replace(
        whole, value=part.value, status=status, numerator=top, denominator=bottom, n=bottom, variant=part.variant,
        low=interval.low if interval else None, high=interval.high if interval else None, parts=(),
    )  # fmt: skip
